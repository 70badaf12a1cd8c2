/* For MAP_ANONYMOUS and MAP_NORESERVE. */
#define _DEFAULT_SOURCE

#include "region.h"

#include "../must.h"
#include "../sanitizer.h"
#include "fuzz.h"

#include <stdalign.h>
#include <string.h>
#include <sys/mman.h>

enum { ALIGNMENT = alignof(max_align_t), GAP = 16 };
static const size_t region_size = (size_t)512 * 1024 * 1024;

/* Blocks follow each other.  The header of a block: its size, and whether it was freed. */
struct block {
    alignas(max_align_t) size_t size;
    bool is_free;
};

/* Bytes of the region that are kept: blocks without a free one between them. */
struct span {
    size_t begin, length;
};

struct region {
    char *bytes;
    size_t used, most; /* `most` since it was set back */
    size_t saved_length;
    struct span *spans; /* of the first `saved_length` bytes */
    size_t span_count;
    char *saved;   /* their bytes */
    size_t *freed; /* where those of them begin that were freed since */
    size_t freed_count, freed_size;
};

static struct region *used;

/* Headers and gaps are accessed here although they are forbidden. */
#define UNCHECKED __attribute__((no_sanitize("address")))

UNCHECKED static void copy(char *to, const char *from, size_t length)
{
    uint64_t *words = (uint64_t *)(void *)to;
    const uint64_t *others = (const uint64_t *)(const void *)from;
    for (size_t i = 0; i < length / sizeof *words; i++)
        words[i] = others[i];
}

/* ---- What the sanitizer knows ---- */

enum { SHADOW_SCALE = 3, SHADOWED = 1 << SHADOW_SCALE };

#ifdef HAS_ASAN
#include <sanitizer/asan_interface.h>

/* A byte of it, the shadow, stands for SHADOWED of memory, at a fixed distance: asan_mapping.h of the sanitizer.  It is
 * 0 where all eight may be accessed, the number of those that may, or the magic number of memory that a program has
 * forbidden.  It is written here, and not by the sanitizer, because every block is. */
enum { FORBIDDEN = 0xF7 };

static char *shadow_of(const void *bytes)
{
    static size_t scale, offset;
    if (offset == 0)
        __asan_get_shadow_mapping(&scale, &offset);
    return (char *)(((uintptr_t)bytes >> SHADOW_SCALE) + offset); /* NOLINT(performance-no-int-to-ptr) */
}

/* Both begin at a multiple of eight bytes. */
UNCHECKED static void forbid(const void *bytes, size_t length)
{
    unsigned char *shadow = (unsigned char *)shadow_of(bytes);
    for (size_t i = 0; i < (length + SHADOWED - 1) / SHADOWED; i++)
        shadow[i] = FORBIDDEN;
}

UNCHECKED static void allow(const void *bytes, size_t length)
{
    unsigned char *shadow = (unsigned char *)shadow_of(bytes);
    for (size_t i = 0; i < length / SHADOWED; i++)
        shadow[i] = 0;
    if (length % SHADOWED != 0)
        shadow[length / SHADOWED] = (unsigned char)(length % SHADOWED);
}
#else
static void forbid(const void *bytes, size_t length)
{
    (void)bytes;
    (void)length;
}

static void allow(const void *bytes, size_t length)
{
    (void)bytes;
    (void)length;
}
#endif

/* ---- Blocks ---- */

/* The bytes that a block takes: header, content, gap. */
static size_t all_of(size_t size)
{
    return sizeof(struct block) + (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT + GAP;
}

/* Takes a block behind all others. */
UNCHECKED static void *take(struct region *region, size_t size)
{
    if (size > region_size / 2 || all_of(size) > region_size - region->used)
        fuzz_fail("the core has allocated %zu bytes since it was set back", region->used);
    struct block *block = (struct block *)(void *)(region->bytes + region->used);
    const size_t all = all_of(size);
    region->used += all;
    if (region->used > region->most)
        region->most = region->used;
    *block = (struct block){ .size = size };
    forbid(block, sizeof *block);
    allow(block + 1, size);
    const size_t end = sizeof *block + (size + SHADOWED - 1) / SHADOWED * SHADOWED;
    forbid((char *)block + end, all - end);
    return block + 1;
}

UNCHECKED static size_t size_of(const void *bytes)
{
    return ((const struct block *)bytes - 1)->size;
}

static void *region_alloc(size_t size)
{
    return take(used, size);
}

/* If the block will be set back, then so will what the sanitizer knows of it. */
static void note_freed(struct region *region, size_t begin)
{
    if (begin >= region->saved_length)
        return;
    if (region->freed_count == region->freed_size) {
        region->freed_size = 2 * region->freed_size + 64;
        region->freed = must(realloc(region->freed, region->freed_size * sizeof *region->freed));
    }
    region->freed[region->freed_count++] = begin;
}

UNCHECKED static void region_free(void *bytes)
{
    if (bytes == NULL)
        return;
    struct block *block = (struct block *)bytes - 1;
    block->is_free = true;
    forbid(bytes, block->size);
    note_freed(used, (size_t)((char *)block - used->bytes));
}

static void *region_realloc(void *bytes, size_t size)
{
    void *moved = take(used, size);
    if (bytes == NULL)
        return moved;
    const size_t before = size_of(bytes);
    memcpy(moved, bytes, before < size ? before : size);
    region_free(bytes);
    return moved;
}

const struct core_memory region_memory = { region_alloc, region_realloc, region_free };

/* ---- The region ---- */

struct region *region_new(void)
{
    struct region *region = must(calloc(1, sizeof *region));
    region->bytes =
        mmap(NULL, region_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (region->bytes == MAP_FAILED)
        abort();
    return region;
}

void region_use(struct region *region)
{
    used = region;
}

/* Adds bytes to the spans that are kept. */
static void keep(struct region *region, size_t begin, size_t length)
{
    struct span *last = region->span_count > 0 ? &region->spans[region->span_count - 1] : NULL;
    if (last != NULL && last->begin + last->length == begin) {
        last->length += length;
        return;
    }
    region->spans = must(realloc(region->spans, (region->span_count + 1) * sizeof *region->spans));
    region->spans[region->span_count++] = (struct span){ begin, length };
}

/* All blocks that are in use.  Returns how many bytes these are. */
UNCHECKED static size_t find_spans(struct region *region)
{
    size_t kept = 0;
    region->span_count = 0;
    for (size_t at = 0; at < region->used;) {
        const struct block *block = (const struct block *)(const void *)(region->bytes + at);
        const size_t all = all_of(block->size);
        if (!block->is_free) {
            keep(region, at, all);
            kept += all;
        }
        at += all;
    }
    return kept;
}

void region_save(struct region *region)
{
    region->saved = must(realloc(region->saved, find_spans(region) + 1));
    size_t at = 0;
    for (size_t i = 0; i < region->span_count; at += region->spans[i].length, i++)
        copy(region->saved + at, region->bytes + region->spans[i].begin, region->spans[i].length);
    region->saved_length = region->most = region->used;
    region->freed_count = 0;
}

UNCHECKED void region_restore(struct region *region)
{
    size_t at = 0;
    for (size_t i = 0; i < region->span_count; at += region->spans[i].length, i++)
        copy(region->bytes + region->spans[i].begin, region->saved + at, region->spans[i].length);
    for (size_t i = 0; i < region->freed_count; i++) {
        const struct block *block = (const struct block *)(const void *)(region->bytes + region->freed[i]);
        allow(block + 1, block->size);
    }
    region->freed_count = 0;
    forbid(region->bytes + region->saved_length, region->most - region->saved_length);
    region->used = region->most = region->saved_length;
}
