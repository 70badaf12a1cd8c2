/*
 * prefetch.h - what will be needed soon is fetched meanwhile.
 *
 * In a world with very many sessions whoever an event concerns was quiet for long, and is in no cache of the
 * processor's.  Where it is known a little early, the wait for memory passes beside other work.
 */
#ifndef SIM_PREFETCH_H
#define SIM_PREFETCH_H

#include <stddef.h>

/* NULL does no harm. */
static inline void prefetch(const void *block, size_t size)
{
    enum { CACHE_LINE = 64 };
    for (size_t at = 0; block != NULL && at < size; at += CACHE_LINE)
        __builtin_prefetch((const char *)block + at);
}

#endif
