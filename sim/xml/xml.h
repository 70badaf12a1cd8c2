/*
 * xml.h - XML elements as the simulator's own side sees them: what clients receive, what scenarios write.
 *
 * It shares nothing with the core's stanzas, on purpose: a mistake in one does not hide a mistake in the
 * other.  Names are resolved: an element has a local name and a namespace.  An attribute keeps its name as
 * written ("xml:lang", "scansion:strict", "id"); declarations of namespaces are not attributes.
 *
 * An element and all that is in it is one tree with one owner, freed by xml_free on its root.  The simulator
 * aborts when memory runs out: it is the test, not the tested.
 */
#ifndef SIM_XML_H
#define SIM_XML_H

#include <stdbool.h>
#include <stddef.h>

#define XML_NS_CLIENT   "jabber:client"
#define XML_NS_STREAMS  "http://etherx.jabber.org/streams"
#define XML_NS_SCANSION "https://matthewwild.co.uk/projects/scansion"

struct xml_attribute {
    struct xml_attribute *next;
    const char *name; /* with its prefix where it has one */
    const char *ns;   /* what the prefix stands for, "" without one */
    const char *value;
};

/* An element, or a run of text between elements: then `text` is not NULL and all else is. */
struct xml {
    struct xml *next; /* the following sibling */
    const char *name;
    const char *ns; /* "" when there is none */
    const char *text;
    struct xml_attribute *attributes; /* in the order in which they were written */
    struct xml *children;
    int line; /* of a fragment: where it began, the text's first line being 1; of a stream: 0 */
};

void xml_free(struct xml *root);

/* A tree of its own, with the same lines; what follows the element is not copied. */
struct xml *xml_copy(const struct xml *element);

/* The value, or NULL. */
const char *xml_get(const struct xml *element, const char *attribute);

/* The first child element of that name and namespace; NULL for either is any. */
struct xml *xml_child(const struct xml *element, const char *name, const char *ns);
struct xml *xml_first_element(const struct xml *element);
struct xml *xml_next_element(const struct xml *element);

bool xml_is(const struct xml *element, const char *name, const char *ns);

/* The text directly in the element, pieces joined, in `out` of `size` bytes, cut where it must be. */
const char *xml_text(const struct xml *element, char *out, size_t size);

/* The element as text, its namespace declared where it differs from `ns` (that of what surrounds it).
 * xml_print gives one line; xml_pretty one line an element, indented by two spaces a level, for people:
 * each line with its end, the scansion prefix not declared.  The caller frees. */
char *xml_print(const struct xml *element, const char *ns);
char *xml_pretty(const struct xml *element, const char *ns);

/* The text escaped so that it can stand in an attribute's value and in character data alike.  The caller
 * frees. */
char *xml_escape(const char *text);

/* ---- A stream of XML, in pieces of any size ----
 * The parsers of streams that are between two elements are the process's: they are lent to whichever stream
 * gets bytes next.  What a stream reports does not depend on that. */

struct xml_stream;

/* What comes out of a stream.  An element belongs to whoever is told. */
struct xml_events {
    void (*header)(void *who, struct xml *header);   /* <stream:stream>, with its attributes, no children */
    void (*element)(void *who, struct xml *element); /* one level below */
    void (*end)(void *who);                          /* </stream:stream> */
    void (*broken)(void *who, const char *why);      /* not well-formed, or what RFC 6120, 11.1 forbids, or
                                                        deeper than 1000 elements; nothing more comes */
    void *who;
};

struct xml_stream *xml_stream_new(struct xml_events events);
void xml_stream_free(struct xml_stream *stream);

/* Feeds bytes.  A callback may call xml_stream_restart, never xml_stream_free. */
void xml_stream_feed(struct xml_stream *stream, const char *bytes, size_t length);

/* What comes after the element in hand is a new stream; outside of a callback, whatever comes next. */
void xml_stream_restart(struct xml_stream *stream);

/* The same, from inside a callback, and the rest of what is being fed is thrown away. */
void xml_stream_discard(struct xml_stream *stream);

/* How far it has come, and what of an element is there. */
struct description;
void xml_stream_describe(struct description *description, const struct xml_stream *stream);

/* ---- A fragment: what stands in a scenario's block ---- */

/* Parses elements that stand side by side, in the namespace jabber:client, with the prefixes `stream`,
 * `xml` and `scansion` declared.  Returns the first of the siblings (each to be freed by itself; they hang
 * together by `next`), NULL when there is none; *problem is NULL.  On malformed XML returns NULL, *problem
 * says what is wrong (a static string) and *line where, the text's first line being 1.
 *
 * Short ones are remembered for the life of the process: a pure function, so a run does not depend on what
 * ran before it. */
struct xml *xml_fragment(const char *text, size_t length, const char **problem, int *line);

/* Says of a text that xml_fragment refused, for `problem`, what is wrong with it and what was expected: which
 * tag closes which, or what is never closed, else the parser's words, with lines and columns of the file in
 * which `lines_before` stand before the text.  *line is the file's line in which it is.  The caller frees. */
char *xml_fragment_mistake(const char *text, size_t length, const char *problem, int lines_before, int *line);

#endif
