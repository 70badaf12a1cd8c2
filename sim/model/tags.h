/*
 * tags.h - reads the tags of an element in its bytes, without a parser.
 *
 * A reader goes over the tags of well-formed XML from the front.  It copies nothing and resolves nothing: names keep
 * their prefixes, values keep their references.  What it cannot read ends it, as `broken`; it accepts some texts that
 * are not well-formed, because a real parser judges these.
 *
 * The restrictions of RFC 6120, 11.1 hold: comments, processing instructions and document types are broken, but for
 * the XML declaration, which is skipped.
 */
#ifndef SIM_MODEL_TAGS_H
#define SIM_MODEL_TAGS_H

#include "../text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Bytes of somebody else's; `bytes` is NULL for what is absent. */
struct span {
    const char *bytes;
    size_t length;
};

/* Whether a span is there and consists of this string, without references.  Inline, because nearly all strings are
 * constant. */
static inline bool span_is(struct span span, const char *string)
{
    const size_t length = strlen(string);
    return span.bytes != NULL && span.length == length && memcmp(span.bytes, string, length) == 0;
}

/* Whether two spans are both absent, or of the same bytes. */
bool span_equal(struct span one, struct span other);

/* Copies the value of an attribute or character data with its references resolved (XML 1.0, 4.1 and 4.6; a reference
 * that is none stays as it is) into `out` of `size` bytes, with a NUL.  Returns false, with an empty string, when it
 * is absent or longer. */
bool span_resolve(struct span span, char *out, size_t size);

/* Appends what a parser reports of character data, or of the value of an attribute if `is_value`: with its references
 * resolved, without the marks of CDATA sections, with each line end as a line feed (XML 1.0, 2.11), and in a value with
 * each white space as a space (3.3.3), but for references to it. */
void span_parse(struct span span, bool is_value, struct text *out);

/* A hash of the value of an attribute, resolved: the same however it was written.  0 when it is absent. */
uint64_t span_hash(struct span span);

enum tag_kind { TAG_OPENS, TAG_EMPTY, TAG_CLOSES };

struct tag {
    enum tag_kind kind;
    struct span name;       /* with its prefix */
    struct span attributes; /* all of them, from behind the name to the end of the tag */
    struct span
        text; /* the character data before the tag, since the last one; with CDATA sections as written */
    const char *begin; /* of the tag, its '<' */
};

/* What has been read so far of some bytes. */
struct tag_reader {
    const char *at, *end;
    bool broken;
};

/* Behind the name that begins here: before the first byte that is not in names as they usually are. */
const char *tag_behind_name(const char *at, const char *end);

/* The '>' that ends a tag, past the quoted values; NULL when it is not there yet. */
const char *tag_end(const char *at, const char *end);

/* The next tag.  Returns false when there is no whole one left, or what follows is broken. */
bool tag_next(struct tag_reader *reader, struct tag *tag);

/* The name without its prefix. */
struct span tag_local_name(const struct tag *tag);

/* Whether a name is this one without its prefix.  Inline, as span_is. */
static inline bool span_is_local_name(struct span name, const char *string)
{
    const size_t length = strlen(string);
    if (name.length <= length)
        return span_is(name, string);
    const size_t prefix = name.length - length;
    return name.bytes[prefix - 1] == ':' && memcmp(name.bytes + prefix, string, length) == 0 &&
           memchr(name.bytes, ':', prefix - 1) == NULL;
}

/* Takes the next attribute off the front of those of a tag: its name as written, and its value.  Returns false after the
 * last one. */
bool tag_take_attribute(struct span *left, struct span *name, struct span *value);

/* The value of an attribute by its name as written ("to", "xml:lang"), or absent. */
struct span tag_attribute(const struct tag *tag, const char *name);

/* The value of an attribute that is a number in decimal digits, modulo 2^32 (XEP-0198, 4); 0 when there is none. */
uint32_t tag_number(const struct tag *tag, const char *name);

/* Whether an attribute is a Boolean that is true. */
bool tag_is_true(const struct tag *tag, const char *name);

/* Whether a tag declares a namespace, as its default or for its own prefix. */
bool tag_declares(const struct tag *tag, const char *ns);

/* The attributes that every stanza may have (RFC 6120, 8.1), in one pass. */
struct stanza_head {
    struct span to, from, type, id;
};
struct stanza_head tag_stanza_head(const struct tag *tag);

/* The tag with which some bytes begin, and these attributes, in one pass: as tag_next and tag_stanza_head find them.
 * Returns what is behind it; NULL when it is not whole, closes an element, or is written in an unusual way. */
const char *tag_read_usual(const char *begin, const char *end, struct tag *tag, struct stanza_head *head);

/* ---- The elements in an element ---- */

/* An element: its own tag, and what is between that and its end tag. */
struct element {
    struct tag tag;
    struct span inside; /* empty for an empty element */
};

/* The first element in the bytes of an element or of what is inside one, by its local name; NULL matches any.  With
 * `*after` the first behind it; `*after` is set to what is behind the found one.  Returns false if there is none. */
bool element_find(struct span bytes, const char *local_name, struct element *found, struct span *after);

#endif
