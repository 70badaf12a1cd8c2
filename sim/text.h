/*
 * text.h - a string that grows at its end.
 *
 * Zeroed is empty.  The simulator aborts when memory runs out.
 */
#ifndef SIM_TEXT_H
#define SIM_TEXT_H

#include <stddef.h>

struct text {
    char *bytes; /* NULL while nothing was ever appended; else ends with a NUL that `length` does not count */
    size_t length;
    size_t capacity;
};

void text_append(struct text *text, const char *bytes, size_t length);
void text_string(struct text *text, const char *string);
void text_repeat(struct text *text, char byte, size_t times);

/* The string, never NULL; the caller frees.  The text is empty again. */
char *text_take(struct text *text);

void text_free(struct text *text);

#endif
