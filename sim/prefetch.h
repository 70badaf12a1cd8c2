/*
 * prefetch.h - hints to the processor's cache.
 *
 * With very many sessions, the data of the session that an event concerns is usually in no cache.  A caller
 * that knows the address early prefetches the data, and does other work while it is loaded.
 */
#ifndef SIM_PREFETCH_H
#define SIM_PREFETCH_H

#include <stddef.h>

/* Prefetches `size` bytes at `block`.  A NULL block has no effect. */
static inline void prefetch(const void *block, size_t size)
{
    enum { CACHE_LINE = 64 };
    for (size_t at = 0; block != NULL && at < size; at += CACHE_LINE)
        __builtin_prefetch((const char *)block + at);
}

#endif
