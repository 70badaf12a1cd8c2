/*
 * memory.h - memory from the port: blocks, arenas, and buffers that grow.
 *
 * Out of memory is an ordinary answer here.  A block that cannot be had is NULL.  An arena or a buffer
 * that could not grow remembers it (`failed`) and takes every later call as one that did nothing, so that
 * whoever builds something asks once, at the end, and not after each line.
 *
 * What clients send may be a secret, and what the core makes of it.  So arenas and buffers overwrite what
 * they held, always: before a block goes back to the port, when they move to a larger one, and where a buffer
 * drops a part.  Other blocks are given back as they are; one that holds a secret is wiped by its owner.
 */
#ifndef CORE_MEMORY_H
#define CORE_MEMORY_H

#include "core.h"

#include <assert.h>
#include <string.h>

/* Has the processor fetch what will be needed soon, so that it is there by then: a session that was quiet for
 * long is in no cache.  NULL, and what is not there any more, does no harm. */
static inline void memory_prefetch(const void *block, size_t size)
{
    enum { CACHE_LINE = 64 };
    for (size_t at = 0; block != NULL && at < size; at += CACHE_LINE)
        __builtin_prefetch((const char *)block + at);
}

/* A zeroed block, or NULL. */
void *memory_new(const struct core_memory *memory, size_t size);

/* A copy of `length` bytes and a final NUL, or NULL. */
char *memory_copy(const struct core_memory *memory, const char *bytes, size_t length);

/* A copy of a string, or NULL; also NULL for NULL. */
char *memory_copy_string(const struct core_memory *memory, const char *string);

/* Overwrites bytes in a way that the compiler keeps, although they are not read any more. */
void memory_wipe(void *bytes, size_t length);

/* Gives a block back as it is; NULL is nothing. */
void memory_free(const struct core_memory *memory, void *block);

/* ---- Arena: memory that is given back all at once ---- */

struct arena_chunk;
struct arena {
    const struct core_memory *memory;
    struct arena_chunk *chunks; /* the newest first */
    size_t size;                /* of all of them */
    bool failed;
};

void arena_init(struct arena *arena, const struct core_memory *memory);
void arena_free(struct arena *arena);

/* Room for `size` bytes, aligned for any type, not zeroed; NULL once the arena has failed. */
void *arena_alloc(struct arena *arena, size_t size);

/* A copy of `length` bytes and a final NUL; NULL once the arena has failed. */
char *arena_copy(struct arena *arena, const char *bytes, size_t length);

/* Makes `string`, which is of this arena and `length` bytes long, longer by `more_length` bytes, and returns
 * where it is now; NULL once the arena has failed.  Growing the newest string piece by piece takes time and
 * room in proportion to what it becomes. */
char *arena_extend(struct arena *arena, char *string, size_t length, const char *more, size_t more_length);

/* ---- Buffer: bytes that grow at the end ---- */

struct buffer {
    const struct core_memory *memory;
    char *bytes; /* NULL while nothing was ever appended; not terminated */
    size_t length;
    size_t capacity;
    bool failed;
};

void buffer_init(struct buffer *buffer, const struct core_memory *memory);
void buffer_free(struct buffer *buffer);

/* Forgets the content, keeps the room, and clears `failed`. */
void buffer_clear(struct buffer *buffer);

/* Drops what stands behind the first `length` bytes. */
void buffer_cut(struct buffer *buffer, size_t length);

/* Makes room for `length` bytes more; false when there is none to be had. */
bool buffer_reserve(struct buffer *buffer, size_t length);

/* These two are here for the compiler: most of what is written is a few bytes whose number it knows. */
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

/* Appends the value of an attribute that stands in apostrophes, or character data, with those characters
 * escaped that would not be kept (XML 1.0, 2.4 and 3.3.3; a carriage return: 2.11). */
void buffer_xml(struct buffer *buffer, const char *value, size_t length);
void buffer_xml_text(struct buffer *buffer, const char *text, size_t length);

/* Drops the first `length` bytes. */
void buffer_consume(struct buffer *buffer, size_t length);

#endif
