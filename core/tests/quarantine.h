/*
 * quarantine.h - an allocator that keeps what is given back to it, as it is, and finds secrets in it.
 *
 * A realloc always moves, and the old block is kept like one that was freed.  A secret is found when
 * SECRET_WINDOW bytes of it stand somewhere in a row.  Included before rig.h, whose memory it becomes.
 */
#ifndef CORE_TESTS_QUARANTINE_H
#define CORE_TESTS_QUARANTINE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- Blocks ---- */

struct quarantine_block {
    struct quarantine_block *next;
    size_t size;
    bool freed;
    _Alignas(max_align_t) unsigned char bytes[];
};

static struct quarantine_block *quarantine_blocks;

static inline struct quarantine_block *quarantine_of(void *bytes)
{
    return (struct quarantine_block *)((unsigned char *)bytes - offsetof(struct quarantine_block, bytes));
}

static inline void *quarantine_malloc(size_t size)
{
    struct quarantine_block *block = malloc(sizeof *block + size);
    assert_non_null(block);
    block->next = quarantine_blocks;
    block->size = size;
    block->freed = false;
    quarantine_blocks = block;
    return block->bytes;
}

static inline void quarantine_free(void *bytes)
{
    if (bytes == NULL)
        return;
    assert_false(quarantine_of(bytes)->freed);
    quarantine_of(bytes)->freed = true;
}

static inline void *quarantine_realloc(void *bytes, size_t size)
{
    unsigned char *moved = quarantine_malloc(size);
    memset(moved, 0xA5, size);
    if (bytes == NULL)
        return moved;
    size_t old = quarantine_of(bytes)->size;
    memcpy(moved, bytes, old < size ? old : size);
    quarantine_free(bytes);
    return moved;
}

/* Gives back all that nobody uses any more. */
static inline void quarantine_empty(void)
{
    struct quarantine_block **at = &quarantine_blocks;
    while (*at != NULL) {
        struct quarantine_block *block = *at;
        if (!block->freed) {
            at = &block->next;
            continue;
        }
        *at = block->next;
        free(block);
    }
}

#define RIG_MALLOC  quarantine_malloc
#define RIG_REALLOC quarantine_realloc
#define RIG_FREE    quarantine_free

/* ---- Secrets ---- */

enum { SECRET_WINDOW = 6, SECRETS = 64, SECRET_MAX = 256 };

struct quarantine_secret {
    const char *name; /* what it is */
    unsigned char bytes[SECRET_MAX];
    size_t length;
};

static struct quarantine_secret quarantine_secrets[SECRETS];
static size_t quarantine_secret_count;
static bool quarantine_begins[65536]; /* the first two bytes of each window */

static inline void quarantine_forget_secrets(void)
{
    quarantine_secret_count = 0;
    memset(quarantine_begins, 0, sizeof quarantine_begins);
}

/* From now on it is looked for. */
static inline void quarantine_add(const char *name, const void *bytes, size_t length)
{
    assert_in_range(length, SECRET_WINDOW, SECRET_MAX);
    assert_true(quarantine_secret_count < SECRETS);
    struct quarantine_secret *secret = &quarantine_secrets[quarantine_secret_count++];
    secret->name = name;
    secret->length = length;
    memcpy(secret->bytes, bytes, length);
    for (size_t i = 0; i + SECRET_WINDOW <= length; i++)
        quarantine_begins[secret->bytes[i] << 8 | secret->bytes[i + 1]] = true;
}

static inline const char *quarantine_secret_at(const unsigned char *bytes)
{
    for (size_t s = 0; s < quarantine_secret_count; s++) {
        const struct quarantine_secret *secret = &quarantine_secrets[s];
        for (size_t i = 0; i + SECRET_WINDOW <= secret->length; i++)
            if (memcmp(secret->bytes + i, bytes, SECRET_WINDOW) == 0)
                return secret->name;
    }
    return NULL;
}

/* The first secret in some bytes, or NULL. */
static inline const char *quarantine_secret_in(const void *where, size_t size)
{
    const unsigned char *bytes = where;
    for (size_t i = 0; i + SECRET_WINDOW <= size; i++) {
        const char *found =
            quarantine_begins[bytes[i] << 8 | bytes[i + 1]] ? quarantine_secret_at(bytes + i) : NULL;
        if (found != NULL)
            return found;
    }
    return NULL;
}

/* The first in a block that was given back, or in one that is in use. */
static inline const char *quarantine_find(bool freed)
{
    const char *found = NULL;
    for (struct quarantine_block *block = quarantine_blocks; block != NULL && found == NULL;
         block = block->next)
        if (block->freed == freed)
            found = quarantine_secret_in(block->bytes, block->size);
    return found;
}

#endif
