/*
 * json.h - writes the members of a JSON object (RFC 8259).
 *
 * Each function writes a comma, the name and the value: an object begins with a member that its writer prints itself.
 * Control characters, and characters that change how the text around them is shown (printable.h), are written as \u
 * escapes.
 */
#ifndef SIM_TOOL_JSON_H
#define SIM_TOOL_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Writes `,"name":`. */
void json_key(FILE *out, const char *name);

/* Writes a string with its quotes, or null for NULL.  Each byte that is not UTF-8 becomes U+FFFD, because a text must be
 * UTF-8 (RFC 8259, 8.1). */
void json_quote(FILE *out, const char *text);
void json_string(FILE *out, const char *name, const char *text);

/* Writes any bytes as a string from which they can be read back: a backslash is written as two, and each byte that is
 * not part of a character that XML allows (XML 1.0, 2.2) as a backslash, "x" and two hexadecimal digits.  NULL is
 * null. */
void json_bytes(FILE *out, const char *name, const char *bytes, size_t length);

/* A number above 2^53, which some readers round (RFC 8259, 6), is written as a string of digits. */
void json_number(FILE *out, const char *name, uint64_t number);
void json_bool(FILE *out, const char *name, bool value);

#endif
