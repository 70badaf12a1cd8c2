/*
 * must.h - memory of the tool's own, which aborts when there is none: it is the test, not the tested.
 */
#ifndef SIM_MUST_H
#define SIM_MUST_H

#include <stdlib.h>

static inline void *must(void *memory)
{
    if (memory == NULL)
        abort();
    return memory;
}

#endif
