#include "parser_pool.h"

/* Expat keeps every name of an element or attribute that it has ever seen, so none is kept for ever. */
enum { BYTES_A_LIFE = 256 * 1024 };

struct pooled_parser parser_pool_take(struct parser_pool *pool)
{
    if (pool->count == 0)
        return (struct pooled_parser){ 0 };
    return pool->parsers[--pool->count];
}

void parser_pool_give(struct parser_pool *pool, struct pooled_parser parser)
{
    if (pool->count < PARSERS_KEPT && parser.fed < BYTES_A_LIFE)
        pool->parsers[pool->count++] = parser;
    else
        XML_ParserFree(parser.expat);
}

void parser_pool_empty(struct parser_pool *pool)
{
    while (pool->count > 0)
        XML_ParserFree(pool->parsers[--pool->count].expat);
}
