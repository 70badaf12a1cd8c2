/*
 * parser_pool.h - expat parsers that no stream needs at the moment.
 *
 * Between two stanzas all that a parser knows of its stream is which namespaces the header declared.  Nearly
 * every client declares the same two, jabber:client as the default and NS_STREAMS as "stream".  Where it is
 * those, any parser that stands between two stanzas will do: a stream hands its own in after each stanza and
 * is lent one when bytes come.  So an idle session costs no parser, which was two thirds of it, and a busy
 * core works with one that is in the processor's caches.
 */
#ifndef CORE_PARSER_POOL_H
#define CORE_PARSER_POOL_H

#include <expat.h>
#include <stddef.h>
#include <stdint.h>

/* A parser, and how many bytes it was ever given. */
struct pooled_parser {
    XML_Parser expat;
    uint64_t fed;
};

enum { PARSERS_KEPT = 8 };

/* Zeroed is empty. */
struct parser_pool {
    struct pooled_parser parsers[PARSERS_KEPT];
    size_t count;
};

/* Takes out the one that was handed in last; `expat` is NULL when there is none. */
struct pooled_parser parser_pool_take(struct parser_pool *pool);

/* Keeps it, or frees it where enough are kept. */
void parser_pool_give(struct parser_pool *pool, struct pooled_parser parser);

void parser_pool_empty(struct parser_pool *pool);

#endif
