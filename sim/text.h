/*
 * text.h - a string that grows at its end.
 *
 * A zeroed struct text is empty.  The functions abort when memory runs out.
 */
#ifndef SIM_TEXT_H
#define SIM_TEXT_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct text {
    char *bytes; /* NULL before the first append; the final NUL is not in `length` */
    size_t length;
    size_t capacity;
};

/* Makes room for `more` bytes and a NUL. */
void text_reserve(struct text *text, size_t more);

/* Appends bytes.  Inline, because most calls append a few bytes of constant length. */
static inline void text_append(struct text *text, const char *bytes, size_t length)
{
    assert(bytes != NULL || length == 0);
    if (text->capacity - text->length <= length)
        text_reserve(text, length);
    assert(text->bytes != NULL);
    if (length > 0)
        memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
    text->bytes[text->length] = '\0';
}

static inline void text_string(struct text *text, const char *string)
{
    text_append(text, string, strlen(string));
}

/* Appends a number in decimal digits. */
void text_number(struct text *text, uint64_t number);

/* Appends a byte `times` times. */
void text_repeat(struct text *text, char byte, size_t times);

/* Returns the string, never NULL; the caller frees it.  The text is empty afterwards. */
char *text_take(struct text *text);

/* Frees the string.  The text is empty afterwards. */
void text_free(struct text *text);

/* The small letter of a capital one of ASCII; any other byte as it is. */
static inline char text_small(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c - 'A' + 'a');
    return c;
}

/* Reads a decimal number, digits only, of at most `most`.  Returns false for any other text. */
bool text_read_number(const char *text, uint64_t most, uint64_t *number);

#endif
