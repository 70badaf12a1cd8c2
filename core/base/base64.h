/*
 * base64.h - strict base64 for SASL: RFC 4648, 4, without any tolerance (RFC 6120, 6.4).
 */
#ifndef CORE_BASE64_H
#define CORE_BASE64_H

#include "base/memory.h"

/* The most bytes that `length` characters can encode. */
#define BASE64_BYTES(length) ((length) / 4 * 3)

/* The number of characters that encode `length` bytes. */
#define BASE64_LENGTH(length) (((length) + 2) / 3 * 4)

/* Decodes into `out`, which has room for BASE64_BYTES(length) bytes.  Returns false, with `out` undefined,
 * when the text contains white space or any other foreign character, when padding is missing or misplaced,
 * or when unused bits are not zero. */
bool base64_decode(unsigned char *out, size_t *out_length, const char *text, size_t length);

/* Appends bytes to the buffer, encoded in base64. */
void base64_append(struct buffer *buffer, const void *bytes, size_t length);

#endif
