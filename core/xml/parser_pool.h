/*
 * parser_pool.h - expat parsers that no stream needs at the moment.
 *
 * Between two stanzas, the only state of a stream in its expat parser is the set of namespaces that the
 * header declared.  Nearly every client declares the same two: jabber:client as the default and NS_STREAMS
 * as "stream".  Such a header is called usual.  A parser that has read a usual header, and is between two
 * stanzas, can serve any stream with a usual header.  So such a stream returns its parser to the pool after
 * each stanza, and takes one when bytes arrive.  An idle session holds no parser, which would be two thirds
 * of its memory, and a busy core uses one that is in the processor's caches.  A stream with any other
 * header keeps its parser until that is too old; the next parser reads the same header before the next
 * stanza.
 *
 * When a stream ends, its parser also goes to the pool.  It is reset for the next new stream.
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
    uint64_t fed; /* bytes it has parsed */
    bool usual;   /* it is between two stanzas after a usual header; otherwise it must be reset */
};

enum { PARSERS_KEPT = 8 };

/* The age of a parser, in bytes parsed, at which it is freed: expat keeps every name of an element or
 * attribute that it has seen, and room for the largest tag. */
enum { PARSER_LIFE = 256 * 1024 };

struct parser_pool {
    const struct core_memory *memory; /* memory of the parsers; borrowed */
    unsigned long hash_salt;
    struct pooled_parser parsers[PARSERS_KEPT];
    size_t count;
};

void parser_pool_init(struct parser_pool *pool, const struct core_memory *memory, unsigned long hash_salt);

/* Takes the parser of that kind that was returned last, or the oldest of the other kind; `expat` is NULL
 * when the pool is empty.  The caller owns the parser. */
struct pooled_parser parser_pool_take(struct parser_pool *pool, bool usual);

/* Returns a parser to the pool, which frees it when it holds enough or the parser is too old. */
void parser_pool_give(struct parser_pool *pool, struct pooled_parser parser);

void parser_pool_empty(struct parser_pool *pool);

#endif
