/*
 * tag_scan.h - what a tag will cost expat, known before expat sees it.
 *
 * Expat reports a tag when all of it is there.  By then it has copied the namespace of each attribute that
 * has a prefix, so that a tag of a quarter of a megabyte, half of it one namespace, the other half
 * attributes, takes more than a gigabyte (RFC 6120, 13.12).  So the bytes are gone over first: how long the
 * namespaces are that are declared, in this stanza and in the header, and how many attributes with a prefix
 * the tag at hand has.
 *
 * Of what is not well-formed, or not allowed in a stream, nothing is found out here: expat stops at it.
 */
#ifndef CORE_TAG_SCAN_H
#define CORE_TAG_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The copies of namespaces that a tag may cause, in bytes: a multiple of the bytes of the stanza so far, and
 * a constant, so that as many attributes as a default limit allows may have a namespace of 24 kB. */
enum { TAG_COPIES = 8, TAG_COPIES_MORE = 3 * 512 * 1024 };

/* Where the bytes break off: all zero before the stream header, and with `depth` 1 behind it. */
struct tag_scan {
    enum {
        SCAN_TEXT,        /* outside of tags */
        SCAN_OPENED,      /* behind '<' */
        SCAN_TAG,         /* in a start tag, outside of its values */
        SCAN_VALUE,       /* in one of these */
        SCAN_END_TAG,     /* behind "</" */
        SCAN_MARKUP,      /* behind "<!" */
        SCAN_CDATA,       /* in a section */
        SCAN_INSTRUCTION, /* behind "<?" */
    } state;
    char quote;         /* that ends the value */
    char last;          /* byte of the tag, outside of values */
    bool has_colon;     /* the name that was last */
    bool is_over;       /* that name: a blank or its value came */
    size_t name_length; /* of it */
    size_t matched;     /* of that name, how much is "xmlns"; of "[CDATA["; of "]]" */
    size_t value_length;
    size_t prefixed; /* attributes of the tag at hand that have a prefix */
    size_t longest,
        outer; /* namespaces that are declared in the stanza or header at hand, and in the header */
    uint64_t depth;
    uint64_t read; /* bytes of the stanza or header at hand */
    bool costly;   /* the tag costs too much: it is not gone on with */
};

/* Whether any tag is affordable that there may be in so many bytes, which begin between two stanzas.  At the
 * worst a half is a namespace, and a half are attributes of seven bytes; or all of it is these, where the
 * header declares a long one.  Nearly all stanzas are so short, and what is around the tags then need not be
 * known. */
bool tag_scan_is_needless(const struct tag_scan *scan, size_t length);

/* How many of the bytes may be given to expat: all of them, or those in front of the one with which the tag
 * costs too much. */
size_t tag_scan(struct tag_scan *scan, const char *bytes, size_t length);

#endif
