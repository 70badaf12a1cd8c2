/*
 * password.h - passwords as SCRAM and PLAIN want them: prepared by SASLprep (RFC 4013).
 */
#ifndef CORE_PASSWORD_H
#define CORE_PASSWORD_H

#include <stdbool.h>

enum { PASSWORD_MAX = 1023 }; /* bytes; RFC 4616, 2, asks for 255 at the least */

/* Prepares a password into `out`, which has room for PASSWORD_MAX + 1 bytes and is the caller's to wipe.
 * Returns false when it is empty, too long, or refused by the profile. */
bool password_prepare(char *out, const char *password);

#endif
