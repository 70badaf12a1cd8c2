/*
 * parser_pool.h - expat parsers that no stream needs at the moment.
 *
 * Between two stanzas all that a parser knows of its stream is which namespaces the header declared.  Nearly
 * every client declares the same two, jabber:client as the default and NS_STREAMS as "stream".  Where it is
 * those, any parser that stands between two stanzas will do: a stream hands its own in after each stanza and
 * is lent one when bytes come.  So an idle session costs no parser, which was two thirds of it, and a busy
 * core works with one that is in the processor's caches.
 *
 * Where a header declares other namespaces its stream keeps its parser, until that is too old: then the next
 * one reads the same header before the next stanza.
 *
 * A parser whose stream is over is kept as well, for the next stream that begins: it forgets what it knew.
 */
#ifndef CORE_PARSER_POOL_H
#define CORE_PARSER_POOL_H

#include "base/memory.h"

#include <expat.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pooled_parser {
    XML_Parser expat;
    uint64_t fed; /* how many bytes it was given */
    bool usual;   /* it stands between two stanzas behind the usual header; else it must be reset */
};

enum { PARSERS_KEPT = 8 };

/* Bytes.  Expat keeps every name of an element or attribute that it has ever seen, and the room for the
 * largest tag, so none is kept for ever. */
enum { PARSER_LIFE = 256 * 1024 };

struct parser_pool {
    const struct core_memory *memory; /* of the parsers; borrowed */
    unsigned long hash_salt;
    struct pooled_parser parsers[PARSERS_KEPT];
    size_t count;
};

void parser_pool_init(struct parser_pool *pool, const struct core_memory *memory, unsigned long hash_salt);

/* Takes out the one of that kind that was handed in last, or else the oldest of the other kind; `expat` is
 * NULL when there is none. */
struct pooled_parser parser_pool_take(struct parser_pool *pool, bool usual);

/* Keeps it, or frees it where enough are kept. */
void parser_pool_give(struct parser_pool *pool, struct pooled_parser parser);

void parser_pool_empty(struct parser_pool *pool);

#endif
