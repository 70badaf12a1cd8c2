#include "quarantine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- Blocks ---- */

struct block {
    struct block *next;
    size_t size;
    bool freed;
    _Alignas(max_align_t) unsigned char bytes[];
};

static struct block *blocks;

static struct block *block_of(void *bytes)
{
    return (struct block *)((unsigned char *)bytes - offsetof(struct block, bytes));
}

static void *block_malloc(size_t size)
{
    struct block *block = malloc(sizeof *block + size);
    assert_non_null(block);
    block->next = blocks;
    block->size = size;
    block->freed = false;
    blocks = block;
    return block->bytes;
}

static void block_free(void *bytes)
{
    if (bytes == NULL)
        return;
    assert_false(block_of(bytes)->freed);
    block_of(bytes)->freed = true;
}

static void *block_realloc(void *bytes, size_t size)
{
    unsigned char *moved = block_malloc(size);
    memset(moved, 0xA5, size);
    if (bytes == NULL)
        return moved;
    size_t old = block_of(bytes)->size;
    memcpy(moved, bytes, old < size ? old : size);
    block_free(bytes);
    return moved;
}

void quarantine_empty(void)
{
    struct block **at = &blocks;
    while (*at != NULL) {
        struct block *block = *at;
        if (!block->freed) {
            at = &block->next;
            continue;
        }
        *at = block->next;
        free(block);
    }
}

const struct core_memory quarantine_memory = { block_malloc, block_realloc, block_free };

/* ---- Secrets ---- */

enum { SECRETS = 64, SECRET_MAX = 256 };

struct secret {
    const char *name; /* its kind */
    unsigned char bytes[SECRET_MAX];
    size_t length;
};

static struct secret secrets[SECRETS];
static size_t secret_count;
static bool begins[65536]; /* the first two bytes of each window */

void quarantine_drop_secret(void)
{
    assert_true(secret_count > 0);
    secret_count--;
}

void quarantine_forget_secrets(void)
{
    secret_count = 0;
    memset(begins, 0, sizeof begins);
}

void quarantine_add(const char *name, const void *bytes, size_t length)
{
    assert_in_range(length, SECRET_WINDOW, SECRET_MAX);
    assert_true(secret_count < SECRETS);
    struct secret *secret = &secrets[secret_count++];
    secret->name = name;
    secret->length = length;
    memcpy(secret->bytes, bytes, length);
    for (size_t i = 0; i + SECRET_WINDOW <= length; i++)
        begins[secret->bytes[i] << 8 | secret->bytes[i + 1]] = true;
}

static const char *secret_at(const unsigned char *bytes)
{
    for (size_t s = 0; s < secret_count; s++) {
        const struct secret *secret = &secrets[s];
        for (size_t i = 0; i + SECRET_WINDOW <= secret->length; i++)
            if (memcmp(secret->bytes + i, bytes, SECRET_WINDOW) == 0)
                return secret->name;
    }
    return NULL;
}

const char *quarantine_secret_in(const void *where, size_t size)
{
    const unsigned char *bytes = where;
    for (size_t i = 0; i + SECRET_WINDOW <= size; i++) {
        const char *found = begins[bytes[i] << 8 | bytes[i + 1]] ? secret_at(bytes + i) : NULL;
        if (found != NULL)
            return found;
    }
    return NULL;
}

const char *quarantine_find(bool freed)
{
    const char *found = NULL;
    for (struct block *block = blocks; block != NULL && found == NULL; block = block->next)
        if (block->freed == freed)
            found = quarantine_secret_in(block->bytes, block->size);
    return found;
}
