/*
 * identifier.h - identifiers that are hard to guess: random bytes in hexadecimal.
 */
#ifndef CORE_IDENTIFIER_H
#define CORE_IDENTIFIER_H

#include "core.h"

enum { IDENTIFIER_MAX = 16 }; /* bytes */

/* Writes `bytes` bytes from the port core_ports.random of `host` as twice as many digits, and a NUL. */
void identifier_make(char *out, size_t bytes, void (*random)(void *host, void *bytes, size_t length),
                     void *host);

#endif
