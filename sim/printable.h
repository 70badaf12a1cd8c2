/*
 * printable.h - text of any origin, escaped for a terminal or a document.
 *
 * Titles, names, paths and stanzas may hold any bytes.  Control characters, format characters (see
 * printable_is_format) and bytes that are not UTF-8 are written as escapes.  All other characters are written
 * unchanged.
 */
#ifndef SIM_PRINTABLE_H
#define SIM_PRINTABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* The length in bytes of the UTF-8 character at `text`, if XML 1.0 allows it in a document (XML 1.0, 2.2). 0
 * when the bytes are not UTF-8 or the character is not allowed.  `text` ends with a NUL. */
size_t printable_character(const char *text);

/* The code point of a character; `length` is what printable_character returned for it. */
uint32_t printable_code_point(const char *text, size_t length);

/* Whether the character at `text` is a control character (ECMA-48, 5.2 and 5.3): C0, DEL, or C1, which is
 * U+0080 to U+009F. */
bool printable_is_control(const char *text);

/* Whether the character at `text` is invisible and changes how the text around it is shown: it sets the
 * direction of text (UAX #9), ends a line or paragraph, joins, separates, tags or annotates its neighbours,
 * or is a zero-width space.  Text with such characters can look like other text.  Variation selectors (U+FE00
 * to U+FE0F) do not count: their effect is visible. */
bool printable_is_format(const char *text);

/* Writes `length` bytes for one line of a terminal: a newline as \n, a tab as \t, every other control
 * character (C0, DEL, C1), the bytes of every format character, and every byte that is not UTF-8 as \xNN. */
void printable_write(FILE *out, const char *text, size_t length);

/* The same for a string. */
void printable_string(FILE *out, const char *text);

/* The same for a string of several lines: each newline ends one. */
void printable_lines(FILE *out, const char *text);

/* The same as a new string, which the caller frees. */
char *printable_copy(const char *text, size_t length);

#endif
