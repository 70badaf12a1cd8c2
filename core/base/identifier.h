/*
 * identifier.h - identifiers that are hard to guess: random bytes in hexadecimal.
 */
#ifndef CORE_IDENTIFIER_H
#define CORE_IDENTIFIER_H

#include "core.h"

enum { IDENTIFIER_MAX = 16 }; /* bytes */

/* Draws `bytes` random bytes, at most IDENTIFIER_MAX, from the port `random` of `host` and writes them as
 * twice as many hexadecimal digits and a NUL. */
void identifier_make(char *out, size_t bytes, void (*random)(void *host, void *bytes, size_t length),
                     void *host);

#endif
