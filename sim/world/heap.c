#include "heap.h"

#include "../sanitizer.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The header of each block, padded to the maximum alignment. */
struct header {
    _Alignas(max_align_t) size_t size;
};

static const struct core_memory c_library = { malloc, realloc, free };
static const struct core_memory *under = &c_library;

static struct heap_use use;
static size_t peak; /* of its bytes */
static uint64_t allocations, failures;
static uint64_t failing; /* the number of the allocation that fails; 0 for none */

/* Counts an allocation, and says whether it is the one that fails. */
static bool fails(void)
{
    allocations++;
    if (allocations != failing)
        return false;
    failures++;
    return true;
}

static void note_peak(void)
{
    if (use.bytes > peak)
        peak = use.bytes;
}

/* Whether the size of a block with its header does not overflow. */
static bool is_countable(size_t size)
{
    return size <= SIZE_MAX - sizeof(struct header);
}

static void *heap_alloc(size_t size)
{
    struct header *block = is_countable(size) && !fails() ? under->alloc(sizeof *block + size) : NULL;
    if (block == NULL)
        return NULL;
    block->size = size;
    use.bytes += size;
    use.blocks++;
    note_peak();
    return block + 1;
}

#ifdef HAS_ASAN
/* The sanitizer reports a reader of a freed block. */
static void overwrite_beginning(void *memory, size_t size)
{
    (void)memory;
    (void)size;
}
#else
/* Volatile, so that the compiler keeps stores to a block that is then freed. */
static void *(*volatile const overwrite)(void *, int, size_t) = memset;

/* The beginning of a freed block, which usually has the important fields, is overwritten: a later reader
 * finds neither a valid pointer nor a true flag. */
static void overwrite_beginning(void *memory, size_t size)
{
    enum { GONE = 0xDB, BEGINNING = 128 };
    overwrite(memory, GONE, size < BEGINNING ? size : BEGINNING);
}
#endif

static void heap_free(void *memory)
{
    if (memory == NULL)
        return;
    struct header *block = (struct header *)memory - 1;
    use.bytes -= block->size;
    use.blocks--;
    overwrite_beginning(memory, block->size);
    under->free(block);
}

static void *heap_realloc(void *memory, size_t size)
{
    if (memory == NULL)
        return heap_alloc(size);
    struct header *block = (struct header *)memory - 1;
    size_t old = block->size;
    if (size > old && fails())
        return NULL;
    struct header *moved = is_countable(size) ? under->realloc(block, sizeof *block + size) : NULL;
    if (moved == NULL)
        return NULL;
    moved->size = size;
    use.bytes = use.bytes - old + size;
    note_peak();
    return moved + 1;
}

void heap_under(const struct core_memory *memory)
{
    under = memory != NULL ? memory : &c_library;
}

struct core_memory heap_memory(void)
{
    return (struct core_memory){ heap_alloc, heap_realloc, heap_free };
}

void heap_fail_after(uint64_t nth)
{
    failing = nth > 0 ? allocations + nth : 0;
}

uint64_t heap_failure_in(void)
{
    return failing > allocations ? failing - allocations : 0;
}

uint64_t heap_allocations(void)
{
    return allocations;
}

uint64_t heap_failures(void)
{
    return failures;
}

struct heap_use heap_use(void)
{
    return use;
}

size_t heap_peak(void)
{
    return peak;
}

void heap_forget_peak(void)
{
    peak = use.bytes;
}
