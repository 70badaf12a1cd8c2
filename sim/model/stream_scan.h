/*
 * stream_scan.h - finds the elements of one direction of an XMPP stream in its bytes (RFC 6120, 4).
 *
 * It is given the plaintext in pieces of any size, and returns what is complete, one at a time, in the call in which
 * the last byte of it came.  An element that is whole in one piece is not copied, and nearly always read in one pass.
 *
 *      SCANNED_HEADER    <stream:stream ...>: the first tag, and again wherever a stream is restarted
 *      SCANNED_ELEMENT   an element of the first level: a stanza, or an element of the negotiation
 *      SCANNED_END       </stream:stream>
 *      SCANNED_LOST      what is not well-formed, as far as tags.h sees it, or forbidden.  Everything behind it is
 *                        ignored, until stream_scan_free
 */
#ifndef SIM_MODEL_STREAM_SCAN_H
#define SIM_MODEL_STREAM_SCAN_H

#include "../text.h"
#include "tags.h"

enum scanned_kind { SCANNED_NOTHING, SCANNED_HEADER, SCANNED_ELEMENT, SCANNED_END, SCANNED_LOST };

struct scanned {
    enum scanned_kind kind;
    struct tag tag;     /* the start tag */
    struct span inside; /* of SCANNED_ELEMENT: between its tags */
    /* The same: */
    struct stanza_head head; /* the attributes of its tag */
    struct span child;       /* the name of its first child, with its prefix; absent when it has none */
    bool is_delayed;         /* it has a child <delay/> (XEP-0203) */
};

/* Zeroed is a new one. */
struct stream_scan {
    struct text kept;  /* the beginning of what is not complete */
    struct span bytes; /* what is looked at: a piece, or `kept` */
    size_t begin;      /* in it: where what is not complete begins */
    size_t tag;        /* where its last tag begins */
    size_t at;         /* how much has been looked at: every byte once, or twice where an element is cut */
    enum { SCAN_TEXT, SCAN_MARKUP, SCAN_TAG, SCAN_VALUE, SCAN_CDATA, SCAN_DECLARATION } state;
    char quote;   /* of a value; '>' at the end of a tag */
    size_t depth; /* how many elements are open, with the stream */
    size_t first; /* where the start tag of the element ends */
    bool is_over; /* the end came, or something was lost */
};

/* Gives it a piece, which must stay as it is until stream_scan_next returns SCANNED_NOTHING. */
void stream_scan_feed(struct stream_scan *scan, const char *bytes, size_t length);

/* What is complete next.  Its spans are valid until the next call. */
struct scanned stream_scan_next(struct stream_scan *scan);

/* Reads the tag of the first child, which an element has. */
bool scanned_read_child(const struct scanned *scanned, struct tag *tag);

/* Whether the first child of an element has a name, without its prefix; reads the child's tag. */
static inline bool scanned_child(const struct scanned *scanned, const char *local_name, struct tag *tag)
{
    return span_is_local_name(scanned->child, local_name) && scanned_read_child(scanned, tag);
}

/* Forgets everything: the next byte is the first of a stream. */
void stream_scan_free(struct stream_scan *scan);

#endif
