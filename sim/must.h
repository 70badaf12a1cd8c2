/*
 * must.h - abort on a failed allocation.
 *
 * The simulator uses it for its own memory.  Memory of the code under test comes from world/heap.h instead,
 * where an allocation may fail.
 */
#ifndef SIM_MUST_H
#define SIM_MUST_H

#include <stdlib.h>

/* Returns `memory`; aborts when it is NULL. */
static inline void *must(void *memory)
{
    if (memory == NULL)
        abort();
    return memory;
}

#endif
