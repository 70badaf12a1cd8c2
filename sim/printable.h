/*
 * printable.h - text of any origin, written so that a terminal or a document takes it as text.
 *
 * Titles, names, paths and stanzas may hold any bytes.  What a terminal would obey, what has no shape of its
 * own but changes how the text around it is shown, and what is not UTF-8, becomes an escape; everything else
 * stays as it is.
 */
#ifndef SIM_PRINTABLE_H
#define SIM_PRINTABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* The length of the UTF-8 character at `text`, if it is one that may stand in an XML 1.0 document (XML 1.0,
 * 2.2); 0 when the bytes are not UTF-8 or the character may not.  `text` ends with a NUL. */
size_t printable_character(const char *text);

/* The code point of a character of so many bytes, as printable_character counts them. */
uint32_t printable_code_point(const char *text, size_t length);

/* Whether the character at `text` is one that a terminal obeys (ECMA-48, 5.2 and 5.3): C0, DEL, or C1, which
 * are U+0080 to U+009F. */
bool printable_is_control(const char *text);

/* Whether the character at `text` is one that a reader does not see, but what it does: it turns the direction
 * of the text (UAX #9), ends a line or a paragraph, joins, parts, tags or annotates what is beside it, or is
 * a blank that takes no room.  Two texts that differ only in these look alike, and one with them may look
 * like another.  Selectors of variants are none, U+FE00 to U+FE0F: what they belong to is seen. */
bool printable_is_format(const char *text);

/* Writes `length` bytes for one line of a terminal: a newline as \n, a tab as \t, every other control
 * character (C0, DEL, C1), the bytes of every format character, and every byte that is not UTF-8 as \xNN. */
void printable_write(FILE *out, const char *text, size_t length);

/* The same for a string. */
void printable_string(FILE *out, const char *text);

/* The same for a string of several lines: each newline ends one. */
void printable_lines(FILE *out, const char *text);

/* The same as a string of malloc's. */
char *printable_copy(const char *text, size_t length);

#endif
