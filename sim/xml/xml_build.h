/*
 * xml_build.h - how a tree of elements comes to be, piece by piece.
 *
 * A tree lives in a chain of chunks.  The first chunk begins with the root, so that the root alone leads to
 * all of them, and xml_free walks the chunks, not the tree.  They are filled from front to back.
 */
#ifndef SIM_XML_BUILD_H
#define SIM_XML_BUILD_H

#include "xml.h"

/* Between the namespace, the local name and the prefix in the names that the parser gives: UTF-8 never
 * contains this byte. */
#define XML_SEPARATOR 0xFF

/* A tree under construction.  Zeroed is none. */
struct builder {
    struct chunk *first;
    char *free; /* in the newest chunk */
    char *end;
    size_t chunk_size;
    struct node *open; /* the innermost open element */
    int depth;         /* how many are open */
    struct xml *run;   /* the run of text to which the next piece belongs, or NULL */
    size_t run_length;
};

/* Opens an element inside the innermost open one, or the root.  `attributes` are names and values in turn,
 * then NULL. */
void build_start(struct builder *builder, const char *triplet, const char **attributes, int line);

/* Text in the innermost open element, which there must be.  Pieces that follow each other become one. */
void build_text(struct builder *builder, const char *bytes, size_t length, int line);

/* Closes the innermost open element.  Returns the tree if that was its root, else NULL. */
struct xml *build_end(struct builder *builder);

/* The root of what is under construction, or NULL. */
const struct xml *build_root(const struct builder *builder);

/* Drops what is under construction, if anything. */
void builder_free(struct builder *builder);

/* Frees an element and those that hang on it by `next`, each a tree of its own. */
void xml_free_siblings(struct xml *first);

/* What xml_fragment does, without remembering. */
struct xml *fragment_read(const char *text, size_t length, const char **problem, int *line);

#endif
