/*
 * password.h - prepares passwords for SCRAM and PLAIN with SASLprep (RFC 4013).
 */
#ifndef CORE_PASSWORD_H
#define CORE_PASSWORD_H

#include <stdbool.h>

enum { PASSWORD_MAX = 1023 }; /* bytes; RFC 4616, 2, requires at least 255 */

/* A stored password may not contain code points that are unassigned in the profile's Unicode 3.2, because a
 * later profile may map them differently; a password that is compared may (RFC 4013, 2.5). */
enum password_use { PASSWORD_STORED, PASSWORD_QUERY };

/* Prepares a password into `out`, which has room for PASSWORD_MAX + 1 bytes; the caller wipes it.  Returns
 * false when the password is empty, too long, or refused by the profile. */
bool password_prepare(char *out, const char *password, enum password_use use);

#endif
