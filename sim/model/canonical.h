/*
 * canonical.h - what a stanza says, apart from how it is written and who it is from and to: a hash, made from the bytes.
 *
 * It is the same for a stanza that came in and for the same one that leaves: in whatever order the attributes are, with
 * whatever prefixes, references and sections it is written.  Namespaces are resolved (Namespaces in XML 1.0), those of
 * the stream included (RFC 6120, 4.8).  Left out are `to` and `from`; the delays that servers add (XEP-0203), which are
 * those from a domain; and the language of the stanza, which stands beside it.
 */
#ifndef SIM_MODEL_CANONICAL_H
#define SIM_MODEL_CANONICAL_H

#include "tags.h"

enum { HEADER_DECLARATIONS = 6 };

/* A prefix that stands for a namespace, by its hash; an empty one is the default. */
struct declared {
    struct span prefix;
    uint64_t ns;
};

/* What a stream's header says of all that follows it.  It is read when the first stanza needs it.  Zeroed says
 * nothing. */
struct stream_header {
    struct text attributes; /* of the tag */
    bool is_read;           /* the rest is known */
    struct declared declared[HEADER_DECLARATIONS];
    size_t count;
    bool has_more;       /* declarations than are kept: nothing of the stream is readable */
    struct span lang;    /* absent when there is none */
    uint64_t lang_hash;  /* 0 when there is none */
    struct span account; /* an address in whose name the server delays; absent where none is meant */
};

/* Keeps what a header says, instead of what an earlier one said. */
void stream_header_keep(struct stream_header *header, const struct tag *tag);

/* Reads what was kept, unless it is read. */
void stream_header_read(struct stream_header *header);

/* The header of stanzas that come on no stream: their namespace is that of clients. */
struct stream_header stream_header_none(void);
void stream_header_free(struct stream_header *header);

struct canonical {
    bool is_readable; /* false: too deep, or with too many declarations, so nothing else is known */
    uint64_t content; /* of its type, its id, its other attributes, and what is in it */
    uint64_t lang;    /* a hash of its xml:lang; 0 when it has none */
};

/* The most elements around a stanza that is inside of another one. */
enum { OUTER_MOST = 3 };

/* Of a stanza by its start tag and what is inside, on a stream with that header.  `outer` are the start tags of the
 * elements that it is inside of, if any, from the outermost. */
struct canonical canonical_of(struct stream_header *header, const struct tag *outer, size_t outer_count,
                              const struct tag *tag, struct span inside);

/* Whether the domain of a server has added a delay, as a child of the stanza (XEP-0203). */
bool canonical_is_delayed(struct span inside);

/* The same, or one in the name of an account. */
bool canonical_is_delayed_for(struct span inside, struct span account);

/* Joins two hashes; the order matters. */
static inline uint64_t hash_join(uint64_t hash, uint64_t other)
{
    hash = ((hash << 23 | hash >> 41) ^ other) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 29;
}

#endif
