/*
 * xml_build.h - construction of a tree of elements, piece by piece.
 *
 * A tree is allocated in a chain of chunks, filled from front to back.  The first chunk begins with the root,
 * so that the root leads to all chunks; xml_free walks the chunks, not the tree.
 */
#ifndef SIM_XML_BUILD_H
#define SIM_XML_BUILD_H

#include "xml.h"

/* Separates namespace, local name and prefix in the names from the parser: UTF-8 never contains this byte. */
#define XML_SEPARATOR 0xFF

/* A tree under construction; zeroed for none. */
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

/* Opens an element inside the innermost open one, or as the root.  `attributes` alternates names and values,
 * and ends with NULL. */
void build_start(struct builder *builder, const char *triplet, const char **attributes, int line);

/* Adds text to the innermost open element, which must exist.  Consecutive pieces are joined. */
void build_text(struct builder *builder, const char *bytes, size_t length, int line);

/* Closes the innermost open element.  Returns the complete tree if that was the root, which the caller frees;
 * else NULL. */
struct xml *build_end(struct builder *builder);

/* The root of the tree under construction, or NULL. */
const struct xml *build_root(const struct builder *builder);

/* Frees the tree under construction, if any. */
void builder_free(struct builder *builder);

/* Frees an element and its siblings by `next`, each a tree of its own. */
void xml_free_siblings(struct xml *first);

/* xml_fragment without its cache. */
struct xml *fragment_read(const char *text, size_t length, const char **problem, int *line);

/* Frees the parsers that fragment_read and streams keep. */
void fragment_forget(void);

#endif
