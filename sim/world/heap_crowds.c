/* Apart from heap.c, because it depends on the C library, and only measurements need it. */

/* For madvise and sbrk. */
#define _DEFAULT_SOURCE

#include "heap.h"

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* Makes the C library extend the data segment in one large step; pages are allocated when first used. */
void heap_expect_crowds(void)
{
    enum { STEP = 1 << 30, LARGE_PAGE = 2 << 20, LARGEST = 32 << 20, BLOCK = 100000 };
    if (mallopt(M_TOP_PAD, STEP) == 0 || mallopt(M_TRIM_THRESHOLD, STEP) == 0 ||
        mallopt(M_MMAP_THRESHOLD, LARGEST) == 0)
        return;
    char *before = sbrk(0);
    /* The second block does not fit into the existing space.  Volatile, so that the compiler keeps both
     * allocations. */
    void *volatile blocks[2] = { malloc(BLOCK), malloc(BLOCK) };
    free(blocks[0]);
    free(blocks[1]);
    char *first = before + (LARGE_PAGE - (uintptr_t)before % LARGE_PAGE);
    char *after = sbrk(0);
    if (first < after)
        (void)madvise(first, (size_t)(after - first), MADV_HUGEPAGE);
}
