/*
 * tag_scan.h - which bytes of a stream expat may be given.
 *
 * Expat reports a tag, a comment, an instruction or a declaration when all of it is there.  That is too late:
 *
 *  - By then it has copied the namespace of each attribute of a tag that has a prefix, so that a tag of a
 *    quarter of a megabyte, half of it one namespace, the other half attributes, takes more than a gigabyte
 *    (RFC 6120, 13.12).
 *  - What XMPP does not allow (RFC 6120, 11.1) may contain other mistakes, and may never end.  Expat would scan
 *    it again with each piece.
 *
 * So the bytes are gone over first: how long the namespaces are that are declared, in this stanza and in the
 * header, and how many attributes with a prefix the tag at hand has; how long something is that is no tag; and
 * what stands before the header.  What is found does not depend on the pieces in which the bytes come.
 *
 * Of what is not well-formed elsewhere nothing is found out here: expat stops at it.
 */
#ifndef CORE_TAG_SCAN_H
#define CORE_TAG_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The copies of namespaces that a tag may cause, in bytes: a multiple of the bytes of the stanza so far, and
 * a constant, so that as many attributes as a default limit allows may have a namespace of 24 kB. */
enum { TAG_COPIES = 8, TAG_COPIES_MORE = 3 * 512 * 1024 };

/* The bytes that the XML declaration may have.  One with all that XML 1.0, 2.8, allows has less than 60.  What is
 * not allowed is waited for as long, because expat tells what it is when it has ended. */
enum { MARKUP_MOST = 256 };

/* Why no more bytes may be given to expat.  All but the second are found with the last byte that is given, and
 * hold unless expat has found a mistake there. */
enum tag_verdict {
    TAG_IS_ALLOWED,
    TAG_IS_COSTLY,     /* the byte that is not given is one too many: see TAG_COPIES */
    TAG_IS_RESTRICTED, /* a comment, an instruction or a document type, which has not ended: see MARKUP_MOST */
    TAG_IS_TOO_LONG,   /* the XML declaration */
    TAG_IS_MALFORMED,  /* before the header: text, or "<!" and nothing that is known */
};

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
        SCAN_RESTRICTED,  /* in what is not allowed: nothing comes after it */
        SCAN_DECLARATION, /* behind "<?", before the header */
    } state;
    enum tag_verdict verdict;
    char quote;         /* that ends the value */
    char last;          /* byte of the tag, outside of values */
    bool has_colon;     /* the name that was last */
    bool is_over;       /* that name: a blank or its value came */
    size_t name_length; /* of it */
    size_t matched;     /* of that name, how much is "xmlns"; of "--", "[CDATA[" and the like; of "]]", "?" */
    size_t length;      /* of the value, or of what is no tag */
    size_t prefixed;    /* attributes of the tag at hand that have a prefix */
    size_t longest,
        outer; /* namespaces that are declared in the stanza or header at hand, and in the header */
    uint64_t depth;
    uint64_t read; /* bytes of the stanza or header at hand */
};

/* Whether bytes that begin between two stanzas need not be gone over: they have nothing long but tags, and any tag
 * is affordable that there may be in so many bytes.  At the worst a half is a namespace, and a half are
 * attributes of seven bytes; or all of it is these, where the header declares a long one.  Nearly all stanzas
 * are so short, and what is around the tags then need not be known. */
bool tag_scan_is_needless(const struct tag_scan *scan, const char *bytes, size_t length);

/* How many of the bytes may be given to expat: all of them, or those up to the one with which the verdict is
 * that something is not allowed. */
size_t tag_scan(struct tag_scan *scan, const char *bytes, size_t length);

#endif
