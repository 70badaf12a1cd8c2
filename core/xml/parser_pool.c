#include "xml/parser_pool.h"

void parser_pool_init(struct parser_pool *pool, const struct core_memory *memory, unsigned long hash_salt)
{
    *pool = (struct parser_pool){ .memory = memory, .hash_salt = hash_salt };
}

struct pooled_parser parser_pool_take(struct parser_pool *pool, bool usual)
{
    if (pool->count == 0)
        return (struct pooled_parser){ 0 };
    size_t i = --pool->count;
    struct pooled_parser last = pool->parsers[i];
    while (i > 0 && pool->parsers[i].usual != usual)
        i--;
    struct pooled_parser taken = pool->parsers[i];
    pool->parsers[i] = last;
    return taken;
}

void parser_pool_give(struct parser_pool *pool, struct pooled_parser parser)
{
    if (pool->count < PARSERS_KEPT && parser.fed < PARSER_LIFE)
        pool->parsers[pool->count++] = parser;
    else
        XML_ParserFree(parser.expat);
}

void parser_pool_empty(struct parser_pool *pool)
{
    while (pool->count > 0)
        XML_ParserFree(pool->parsers[--pool->count].expat);
}
