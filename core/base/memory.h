/*
 * memory.h - memory from the port: blocks, arenas and growing buffers.
 *
 * Running out of memory is an ordinary result.  A function that returns a new block returns NULL then.  An
 * arena or a buffer that cannot grow sets its flag `failed`, and every later call on it does nothing.  So
 * code that builds something checks once, at the end, and not after each step.
 *
 * Arenas and buffers may hold secrets, because they hold what clients send and what the core derives from
 * it.  They overwrite their bytes always: before a block is freed, when they move to a larger block, and
 * where a buffer drops a part.  Other blocks are freed as they are; the owner of a secret wipes it first.
 */
#ifndef CORE_MEMORY_H
#define CORE_MEMORY_H

#include "core.h"

#include <assert.h>
#include <string.h>

/* Prefetches memory into the processor's cache: the data of a session that was quiet for long is not there.
 * NULL and a block that is already freed are harmless. */
static inline void memory_prefetch(const void *block, size_t size)
{
    enum { CACHE_LINE = 64 };
    for (size_t at = 0; block != NULL && at < size; at += CACHE_LINE)
        __builtin_prefetch((const char *)block + at);
}

/* Allocates a zeroed block; NULL when there is no memory.  To be freed with memory_free, like the next two.
 */
void *memory_new(const struct core_memory *memory, size_t size);

/* Copies `length` bytes and adds a NUL; NULL when there is no memory. */
char *memory_copy(const struct core_memory *memory, const char *bytes, size_t length);

/* Copies a string; NULL when there is no memory, and for NULL. */
char *memory_copy_string(const struct core_memory *memory, const char *string);

/* Overwrites bytes that are not read again, in a way that the compiler does not remove. */
void memory_wipe(void *bytes, size_t length);

/* Frees a block without overwriting it; NULL is a no-op. */
void memory_free(const struct core_memory *memory, void *block);

/* ---- Arena: memory that is freed as a whole ---- */

struct arena_chunk;
struct arena {
    const struct core_memory *memory;
    struct arena_chunk *chunks; /* the newest first */
    size_t asked;               /* bytes: what was allocated and copied, a string at its present length */
    bool failed;
};

void arena_init(struct arena *arena, const struct core_memory *memory);
void arena_free(struct arena *arena);

/* Allocates `size` bytes, aligned for any type, not zeroed; NULL once the arena has failed. */
void *arena_alloc(struct arena *arena, size_t size);

/* Copies `length` bytes and adds a NUL; NULL once the arena has failed. */
char *arena_copy(struct arena *arena, const char *bytes, size_t length);

/* Appends bytes to `string`, which is in this arena and `length` bytes long, and returns its new address;
 * NULL once the arena has failed.  Growing the newest string piece by piece takes time and memory in
 * proportion to its final length. */
char *arena_extend(struct arena *arena, char *string, size_t length, const char *more, size_t more_length);

/* ---- Buffer: bytes that grow at the end ---- */

struct buffer {
    const struct core_memory *memory;
    char *bytes; /* NULL before the first append; not terminated */
    size_t length;
    size_t capacity;
    bool failed;
};

void buffer_init(struct buffer *buffer, const struct core_memory *memory);
void buffer_free(struct buffer *buffer);

/* Empties the buffer, keeps its block, and clears `failed`. */
void buffer_clear(struct buffer *buffer);

/* Shortens the buffer to its first `length` bytes. */
void buffer_cut(struct buffer *buffer, size_t length);

/* Makes room for `length` more bytes; false when there is no memory. */
bool buffer_reserve(struct buffer *buffer, size_t length);

/* Inline, because most calls append a few bytes whose number the compiler knows. */
static inline void buffer_append(struct buffer *buffer, const char *bytes, size_t length)
{
    if (length == 0 || buffer->failed)
        return;
    if (buffer->capacity - buffer->length < length && !buffer_reserve(buffer, length))
        return;
    assert(buffer->bytes != NULL);
    memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
}

static inline void buffer_string(struct buffer *buffer, const char *string)
{
    buffer_append(buffer, string, strlen(string));
}

void buffer_number(struct buffer *buffer, uint64_t number); /* in decimal */

/* Append the value of an attribute in apostrophes, or character data.  Characters that XML would not
 * preserve are escaped (XML 1.0, 2.4 and 3.3.3; a carriage return: 2.11). */
void buffer_xml(struct buffer *buffer, const char *value, size_t length);
void buffer_xml_text(struct buffer *buffer, const char *text, size_t length);

/* Drops the first `length` bytes. */
void buffer_consume(struct buffer *buffer, size_t length);

#endif
