#include "base/memory.h"

#include <assert.h>
#include <stdalign.h>
#include <string.h>

void *memory_new(const struct core_memory *memory, size_t size)
{
    assert(size > 0);
    void *block = memory->alloc(size);
    if (block != NULL)
        memset(block, 0, size);
    return block;
}

char *memory_copy(const struct core_memory *memory, const char *bytes, size_t length)
{
    char *copy = memory->alloc(length + 1);
    if (copy == NULL)
        return NULL;
    if (length > 0)
        memcpy(copy, bytes, length);
    copy[length] = '\0';
    return copy;
}

char *memory_copy_string(const struct core_memory *memory, const char *string)
{
    return string == NULL ? NULL : memory_copy(memory, string, strlen(string));
}

void memory_free(const struct core_memory *memory, void *block)
{
    if (block != NULL)
        memory->free(block);
}

void memory_wipe(void *bytes, size_t length)
{
    if (length == 0)
        return;
    memset(bytes, 0, length);
    __asm__ volatile("" : : "r"(bytes) : "memory"); /* the compiler must not remove the memset */
}

/* ---- Arena ---- */

struct arena_chunk {
    struct arena_chunk *older;
    size_t used;
    size_t size;
    alignas(max_align_t) char bytes[];
};

/* One chunk holds a stanza of usual size, and with its header takes a kilobyte.  Sizes are rounded up to
 * GRAIN, which suits any type, instead of the machine's own alignment: so chunks fill up at the same point
 * on all machines with the same size of pointer. */
enum { CHUNK = 928, GRAIN = 16 };
static_assert(alignof(max_align_t) <= GRAIN, "what an arena gives is aligned for any type");

void arena_init(struct arena *arena, const struct core_memory *memory)
{
    *arena = (struct arena){ .memory = memory };
}

void arena_free(struct arena *arena)
{
    struct arena_chunk *chunk = arena->chunks;
    while (chunk != NULL) {
        struct arena_chunk *older = chunk->older;
        memory_wipe(chunk->bytes, chunk->used);
        arena->memory->free(chunk);
        chunk = older;
    }
    arena->chunks = NULL;
}

static struct arena_chunk *arena_grow(struct arena *arena, size_t size)
{
    size_t room = size > CHUNK ? size : CHUNK;
    struct arena_chunk *chunk = arena->memory->alloc(sizeof *chunk + room);
    if (chunk == NULL) {
        arena->failed = true;
        return NULL;
    }
    chunk->older = arena->chunks;
    chunk->used = 0;
    chunk->size = room;
    arena->chunks = chunk;
    return chunk;
}

static size_t rounded_up(size_t size)
{
    return (size + GRAIN - 1) / GRAIN * GRAIN;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    if (arena->failed)
        return NULL;
    size_t rounded = rounded_up(size);
    struct arena_chunk *chunk = arena->chunks;
    if (chunk == NULL || chunk->size - chunk->used < rounded)
        chunk = arena_grow(arena, rounded);
    if (chunk == NULL)
        return NULL;
    void *room = chunk->bytes + chunk->used;
    chunk->used += rounded;
    arena->asked += rounded;
    return room;
}

char *arena_copy(struct arena *arena, const char *bytes, size_t length)
{
    char *copy = arena_alloc(arena, length + 1);
    if (copy == NULL)
        return NULL;
    if (length > 0)
        memcpy(copy, bytes, length);
    copy[length] = '\0';
    return copy;
}

/* How many bytes are usable from `string` on when it is the arena's newest allocation; 0 otherwise. */
static size_t room_from(const struct arena *arena, const char *string, size_t size)
{
    const struct arena_chunk *chunk = arena->chunks;
    if (string + rounded_up(size) != chunk->bytes + chunk->used)
        return 0;
    return chunk->size - (size_t)(string - chunk->bytes);
}

/* Moves a string to an allocation that has room for twice its size. */
static char *move(struct arena *arena, const char *string, size_t length, size_t size)
{
    char *moved = arena_alloc(arena, 2 * size);
    if (moved == NULL)
        return NULL;
    memcpy(moved, string, length);
    return moved;
}

char *arena_extend(struct arena *arena, char *string, size_t length, const char *more, size_t more_length)
{
    size_t size = length + more_length + 1;
    if (arena->failed)
        return NULL;
    const size_t asked = arena->asked - rounded_up(length + 1) + rounded_up(size);
    if (room_from(arena, string, length + 1) < size)
        string = move(arena, string, length, size);
    if (string == NULL)
        return NULL;
    struct arena_chunk *chunk = arena->chunks;
    chunk->used = (size_t)(string - chunk->bytes) + rounded_up(size);
    arena->asked = asked;
    memcpy(string + length, more, more_length);
    string[size - 1] = '\0';
    return string;
}

/* ---- Buffer ---- */

void buffer_init(struct buffer *buffer, const struct core_memory *memory)
{
    *buffer = (struct buffer){ .memory = memory };
}

/* The bytes after `length` never hold old content: dropped bytes are overwritten at once. */
void buffer_cut(struct buffer *buffer, size_t length)
{
    assert(length <= buffer->length);
    if (length < buffer->length)
        memory_wipe(buffer->bytes + length, buffer->length - length);
    buffer->length = length;
}

void buffer_free(struct buffer *buffer)
{
    buffer_cut(buffer, 0);
    memory_free(buffer->memory, buffer->bytes);
    buffer_init(buffer, buffer->memory);
}

void buffer_clear(struct buffer *buffer)
{
    buffer_cut(buffer, 0);
    buffer->failed = false;
}

/* Not with realloc, which would free the old block without overwriting it. */
static bool move_buffer(struct buffer *buffer, size_t capacity)
{
    struct buffer old = *buffer;
    char *bytes = buffer->memory->alloc(capacity);
    if (bytes == NULL)
        return false;
    if (old.length > 0)
        memcpy(bytes, old.bytes, old.length);
    buffer->bytes = bytes;
    buffer->capacity = capacity;
    buffer_free(&old);
    return true;
}

bool buffer_reserve(struct buffer *buffer, size_t length)
{
    if (buffer->failed)
        return false;
    if (buffer->capacity - buffer->length >= length)
        return true;
    size_t capacity = buffer->capacity == 0 ? 256 : buffer->capacity;
    while (capacity - buffer->length < length)
        capacity *= 2;
    buffer->failed = !move_buffer(buffer, capacity);
    return !buffer->failed;
}

void buffer_number(struct buffer *buffer, uint64_t number)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    buffer_append(buffer, digits + at, sizeof digits - at);
}

/* Sets the high bit of each byte that is zero, and possibly of bytes above such a byte. */
static uint64_t zeros(uint64_t eight)
{
    const uint64_t each = UINT64_C(0x0101010101010101);
    return (eight - each) & ~eight & each * 0x80;
}

static uint64_t eight_at(const char *text)
{
    uint64_t eight;
    memcpy(&eight, text, sizeof eight);
    return eight;
}

/* ---- XML: values of attributes ---- */

/* The escape of a character in an attribute value, or NULL when it needs none.  Tabs and line ends are
 * escaped because XML replaces them in attribute values (XML 1.0, 3.3.3). */
static const char *escape_of(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '\'':
        return "&apos;";
    case '\t':
        return "&#9;";
    case '\n':
        return "&#10;";
    case '\r':
        return "&#13;";
    default:
        return NULL;
    }
}

/* Whether one of eight characters may need an escape: a control character, a less-than sign, an ampersand
 * or an apostrophe; the last two differ in one bit. */
static bool value_may_want_escape(const char *text)
{
    const uint64_t each = UINT64_C(0x0101010101010101);
    uint64_t eight = eight_at(text);
    return (zeros(eight & each * 0xE0) | zeros((eight & each * 0xFE) ^ each * '&') |
            zeros(eight ^ each * '<')) != 0;
}

void buffer_xml(struct buffer *buffer, const char *value, size_t length)
{
    size_t plain = 0; /* start of the run of characters that need no escape */
    for (size_t i = 0; i < length; i++) {
        while (length - i > sizeof(uint64_t) && !value_may_want_escape(value + i))
            i += sizeof(uint64_t);
        if ((unsigned char)value[i] > '<')
            continue;
        const char *escape = escape_of(value[i]);
        if (escape == NULL)
            continue;
        buffer_append(buffer, value + plain, i - plain);
        buffer_string(buffer, escape);
        plain = i + 1;
    }
    buffer_append(buffer, value + plain, length - plain);
}

/* ---- XML: character data ---- */

/* Whether one of eight characters may need an escape: less-than and greater-than signs, which differ in one
 * bit, the ampersand, and the carriage return, which XML reads as a line feed (2.11). */
static bool text_may_want_escape(const char *text)
{
    const uint64_t each = UINT64_C(0x0101010101010101);
    uint64_t eight = eight_at(text);
    return (zeros(eight ^ each * '\r') | zeros(eight ^ each * '&') |
            zeros((eight & each * 0xFD) ^ each * '<')) != 0;
}

/* "]]>" ends a CDATA section and may not appear otherwise (2.4). */
static bool ends_in_brackets(const struct buffer *buffer)
{
    return buffer->length >= 2 && memcmp(buffer->bytes + buffer->length - 2, "]]", 2) == 0;
}

/* The buffer must end with the text before the character. */
static const char *text_escape_of(const struct buffer *buffer, char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return ends_in_brackets(buffer) ? "&gt;" : NULL;
    default:
        return "&#13;";
    }
}

static bool is_markup(char c)
{
    return c == '&' || c == '<' || c == '>' || c == '\r';
}

void buffer_xml_text(struct buffer *buffer, const char *text, size_t length)
{
    size_t plain = 0;
    for (size_t i = 0; i < length; i++) {
        while (length - i > sizeof(uint64_t) && !text_may_want_escape(text + i))
            i += sizeof(uint64_t);
        if (!is_markup(text[i]))
            continue;
        buffer_append(buffer, text + plain, i - plain);
        plain = i;
        const char *escape = text_escape_of(buffer, text[i]);
        if (escape == NULL)
            continue;
        buffer_string(buffer, escape);
        plain = i + 1;
    }
    buffer_append(buffer, text + plain, length - plain);
}

/* ---- Dropping from the front ---- */

void buffer_consume(struct buffer *buffer, size_t length)
{
    assert(length <= buffer->length);
    size_t rest = buffer->length - length;
    if (rest > 0 && length > 0)
        memmove(buffer->bytes, buffer->bytes + length, rest);
    buffer_cut(buffer, rest);
}
