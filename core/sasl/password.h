/*
 * password.h - passwords as SCRAM and PLAIN want them: prepared by SASLprep (RFC 4013).
 */
#ifndef CORE_PASSWORD_H
#define CORE_PASSWORD_H

#include <stdbool.h>

enum { PASSWORD_MAX = 1023 }; /* bytes; RFC 4616, 2, asks for 255 at the least */

/* One that is to be stored may have no code points that the profile's Unicode, 3.2, does not know, for what a
 * later one makes of them is not known; one that is compared with what is stored may (RFC 4013, 2.5). */
enum password_use { PASSWORD_STORED, PASSWORD_QUERY };

/* Prepares a password into `out`, which has room for PASSWORD_MAX + 1 bytes and is the caller's to wipe.
 * Returns false when it is empty, too long, or refused by the profile. */
bool password_prepare(char *out, const char *password, enum password_use use);

#endif
