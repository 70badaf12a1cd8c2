/*
 * xml.h - XML elements as the simulator uses them: received by clients, or written in scenarios.
 *
 * It shares no code with the core's stanzas on purpose, so that a mistake in one does not hide a mistake in
 * the other.  Names are resolved: an element has a local name and a namespace.  An attribute keeps its name
 * as written ("xml:lang", "scansion:strict", "id"); namespace declarations are not attributes.
 *
 * An element and everything in it is one tree with one owner, freed by xml_free on its root.  The functions
 * abort when memory runs out.
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
    const char *name; /* with its prefix, if any */
    const char *ns;   /* the namespace of the prefix, "" without one */
    const char *value;
};

/* An element, or a run of text: `text` is not NULL for a run of text, and the other strings and lists are
 * then NULL. */
struct xml {
    struct xml *next; /* the following sibling */
    const char *name;
    const char *ns; /* "" when there is none */
    const char *text;
    struct xml_attribute *attributes; /* in the order in which they were written */
    struct xml *children;
    int line; /* of a fragment: the line where the element begins, from 1; of a stream: 0 */
};

/* Frees a tree by its root.  NULL has no effect. */
void xml_free(struct xml *root);

/* Copies an element as a new tree, without its siblings; line numbers are kept. */
struct xml *xml_copy(const struct xml *element);

/* The value of an attribute, or NULL; borrowed from the element. */
const char *xml_get(const struct xml *element, const char *attribute);

/* The first child element with a name and a namespace; NULL matches any. */
struct xml *xml_child(const struct xml *element, const char *name, const char *ns);
struct xml *xml_first_element(const struct xml *element);
struct xml *xml_next_element(const struct xml *element);

/* Whether an element has that name and namespace. */
bool xml_is(const struct xml *element, const char *name, const char *ns);

/* Writes the character data directly in the element to `out` of `size` bytes, cut where necessary, and
 * returns `out`. */
const char *xml_text(const struct xml *element, char *out, size_t size);

/* The element as text; its namespace is declared where it differs from `ns`, the namespace of its context.
 * xml_print returns one line. xml_pretty returns one line per element for a reader, indented by two spaces
 * per level, each line with its end, the scansion prefix not declared.  The caller frees the text. */
char *xml_print(const struct xml *element, const char *ns);
char *xml_pretty(const struct xml *element, const char *ns);

/* The text, escaped for attribute values and character data alike.  The caller frees it. */
char *xml_escape(const char *text);

/* ---- A stream of XML, in pieces of any size ----
 *
 * Parsers are shared in the process: a stream that is between two elements lends its parser to other streams.
 * This does not affect what a stream reports. */

struct xml_stream;

/* The events of a stream.  An element passed to a callback belongs to the callback. */
struct xml_events {
    void (*header)(void *who, struct xml *header);   /* <stream:stream>, with its attributes, no children */
    void (*element)(void *who, struct xml *element); /* one level below */
    void (*end)(void *who);                          /* </stream:stream> */
    void (*broken)(void *who, const char *why); /* not well-formed, or forbidden by RFC 6120, 11.1, or deeper
                                                   than 1000 elements; the last callback */
    void *who;
};

struct xml_stream *xml_stream_new(struct xml_events events);
void xml_stream_free(struct xml_stream *stream);

/* Feeds bytes.  A callback may call xml_stream_restart, never xml_stream_free. */
void xml_stream_feed(struct xml_stream *stream, const char *bytes, size_t length);

/* The bytes after the current element are a new stream; outside of a callback, the next bytes are. */
void xml_stream_restart(struct xml_stream *stream);

/* The same, from inside a callback, and the rest of the bytes being fed is discarded. */
void xml_stream_discard(struct xml_stream *stream);

/* Describes the state of the stream and the incomplete element. */
struct description;
void xml_stream_describe(struct description *description, const struct xml_stream *stream);

/* ---- A fragment: the contents of a block in a scenario ---- */

/* Parses sibling elements, in the namespace jabber:client, with the prefixes `stream`, `xml` and `scansion`
 * declared.  Returns the first of the siblings, linked by `next`; each is freed separately.  Returns NULL
 * when there is none; *problem is then NULL.  On malformed XML returns NULL, sets *problem to a static string
 * and *line to the line, from 1.
 *
 * Results for short texts are cached in the process.  The function is pure, so a run does not depend on
 * earlier runs. */
struct xml *xml_fragment(const char *text, size_t length, const char **problem, int *line);

/* Forgets the cached results and frees the parsers that are kept for the next fragment and the next stream. */
void xml_forget(void);

/* Explains why xml_fragment refused a text with `problem`: which tag closes which, or which is never closed,
 * else the message of the parser, with lines and columns of a file in which `lines_before` lines precede the
 * text.  Sets *line to the line of the file.  The caller frees the explanation. */
char *xml_fragment_mistake(const char *text, size_t length, const char *problem, int lines_before, int *line);

#endif
