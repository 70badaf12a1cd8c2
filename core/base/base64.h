/*
 * base64.h - base64 as SASL wants it: RFC 4648, 4, with nothing let pass (RFC 6120, 6.4).
 */
#ifndef CORE_BASE64_H
#define CORE_BASE64_H

#include "base/memory.h"

/* The most bytes that `length` characters can stand for. */
#define BASE64_BYTES(length) ((length) / 4 * 3)

/* The characters that `length` bytes become. */
#define BASE64_LENGTH(length) (((length) + 2) / 3 * 4)

/* Decodes into `out`, which has room for BASE64_BYTES(length).  Returns false when there is white space or
 * any other foreign character, padding that is missing or misplaced, or leftover bits that are not zero;
 * `out` is undefined then. */
bool base64_decode(unsigned char *out, size_t *out_length, const char *text, size_t length);

/* Appends bytes in base64. */
void base64_append(struct buffer *buffer, const void *bytes, size_t length);

#endif
