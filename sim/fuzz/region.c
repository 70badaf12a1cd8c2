/* For MAP_ANONYMOUS and MAP_NORESERVE. */
#define _DEFAULT_SOURCE

#include "region.h"

#include "../must.h"
#include "fuzz.h"

#include <stdalign.h>
#include <string.h>
#include <sys/mman.h>

/* clang and gcc name their sanitizer in two ways. */
#ifdef __SANITIZE_ADDRESS__
#define HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ASAN 1
#endif
#endif

enum { ALIGNMENT = alignof(max_align_t), GAP = 16 };
static const size_t region_size = (size_t)512 * 1024 * 1024;

struct region {
    char *bytes;
    size_t used, most; /* `most` since it was set back */
    char *saved;       /* the first `saved_length` bytes, and what the sanitizer knows of them */
    char *saved_shadow;
    size_t saved_length;
};

/* The header of a block. */
struct block {
    alignas(max_align_t) size_t size;
};

static struct region *used;

/* ---- What the sanitizer knows ---- */

#ifdef HAS_ASAN
#include <sanitizer/asan_interface.h>

/* A byte of it stands for eight of memory, at a fixed distance: asan_mapping.h of the sanitizer. */
enum { SHADOW_SCALE = 3 };

static char *shadow_of(const char *bytes)
{
    size_t scale, offset;
    __asan_get_shadow_mapping(&scale, &offset);
    return (char *)(((uintptr_t)bytes >> scale) + offset); /* NOLINT(performance-no-int-to-ptr) */
}

static void forbid(const void *bytes, size_t length)
{
    __asan_poison_memory_region(bytes, length);
}

static void allow(const void *bytes, size_t length)
{
    __asan_unpoison_memory_region(bytes, length);
}

__attribute__((no_sanitize("address"))) static void copy_words(char *to, const char *from, size_t length)
{
    uint64_t *words = (uint64_t *)(void *)to;
    const uint64_t *others = (const uint64_t *)(const void *)from;
    for (size_t i = 0; i < length / sizeof *words; i++)
        words[i] = others[i];
}

static void save_shadow(struct region *region)
{
    const size_t length = region->saved_length >> SHADOW_SCALE;
    region->saved_shadow = must(realloc(region->saved_shadow, length + 1));
    copy_words(region->saved_shadow, shadow_of(region->bytes), length);
}

static void restore_shadow(const struct region *region)
{
    copy_words(shadow_of(region->bytes), region->saved_shadow, region->saved_length >> SHADOW_SCALE);
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

static void save_shadow(struct region *region)
{
    region->saved_shadow = NULL;
}

static void restore_shadow(const struct region *region)
{
    (void)region;
}
#endif

/* ---- Blocks ---- */

/* Takes a block behind all others. */
static void *take(struct region *region, size_t size)
{
    const size_t rounded = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    const size_t all = sizeof(struct block) + rounded + GAP;
    if (size > region_size || all > region_size - region->used)
        fuzz_fail("the core has allocated %zu bytes since it was set back", region->used);
    struct block *block = (struct block *)(void *)(region->bytes + region->used);
    region->used += all;
    if (region->used > region->most)
        region->most = region->used;
    allow(block, sizeof *block);
    block->size = size;
    forbid(block, sizeof *block);
    allow(block + 1, size);
    return block + 1;
}

static size_t size_of(const void *bytes)
{
    const struct block *block = (const struct block *)bytes - 1;
    allow(block, sizeof *block);
    const size_t size = block->size;
    forbid(block, sizeof *block);
    return size;
}

static void *region_alloc(size_t size)
{
    return take(used, size);
}

static void region_free(void *bytes)
{
    if (bytes != NULL)
        forbid(bytes, size_of(bytes));
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

/* Copying needs access to all of it for a moment. */
__attribute__((no_sanitize("address"))) static void copy(char *to, const char *from, size_t length)
{
    uint64_t *words = (uint64_t *)(void *)to;
    const uint64_t *others = (const uint64_t *)(const void *)from;
    for (size_t i = 0; i < length / sizeof *words; i++)
        words[i] = others[i];
}

void region_save(struct region *region)
{
    enum { WORDS = 64 };
    region->used = (region->used + WORDS - 1) / WORDS * WORDS;
    region->saved_length = region->most = region->used;
    region->saved = must(realloc(region->saved, region->used + 1));
    copy(region->saved, region->bytes, region->used);
    save_shadow(region);
}

void region_restore(struct region *region)
{
    copy(region->bytes, region->saved, region->saved_length);
    restore_shadow(region);
    forbid(region->bytes + region->saved_length, region->most - region->saved_length);
    region->used = region->most = region->saved_length;
}
