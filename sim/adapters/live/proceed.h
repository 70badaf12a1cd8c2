/*
 * proceed.h - finds the <proceed/> with which a server begins TLS (RFC 6120, 5.4.2.3), in what it sends.
 *
 * It is an element of the namespace of STARTTLS directly below the stream; the same text within another element, a
 * comment, an attribute or character data is none.  The stream may come in pieces of any size.  What is not
 * well-formed is no reason to stop: who reads the stream finds that out.
 */
#ifndef LIVE_PROCEED_H
#define LIVE_PROCEED_H

#include <stdbool.h>
#include <stddef.h>

enum { PROCEED_TAG_MOST = 512 };

struct proceed {
    char tag[PROCEED_TAG_MOST]; /* the beginning of what stands after '<' */
    size_t length;              /* of that */
    char last[2];               /* the last two characters, of the tag or of what is no element */
    unsigned depth;             /* of open elements; the stream is one */
    char quote;                 /* within an attribute's value, else NUL */
    bool in_tag;
    bool is_opening; /* the last tag was of <proceed>, not an empty one: its end is awaited */
};

/* A zeroed one is at the beginning of a stream.  Returns how many of the bytes there are up to the end of the
 * <proceed/>; 0 when it does not end in them. */
size_t proceed_find(struct proceed *proceed, const char *bytes, size_t length);

#endif
