/*
 * utf8.h - whether bytes are text.
 */
#ifndef CORE_UTF8_H
#define CORE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Whether the bytes are UTF-8 by RFC 3629: nothing overlong, no surrogates, nothing above U+10FFFF.  A
 * NUL is refused too: no string of XMPP can hold one, and C would take it for the end. */
bool utf8_valid(const char *bytes, size_t length);

/* Whether the bytes are the beginning of one character, which more bytes can complete. */
bool utf8_is_begun(const char *bytes, size_t length);

#endif
