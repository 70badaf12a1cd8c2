/*
 * datetime.h - times in the format of XMPP (XEP-0082): 2001-01-01T00:00:00Z.
 */
#ifndef CORE_DATETIME_H
#define CORE_DATETIME_H

#include <stdint.h>

enum { DATETIME_SIZE = sizeof "2001-01-01T00:00:00Z" };

/* Writes a time, rounded down to seconds.  `time` is in nanoseconds since 1970-01-01T00:00:00Z and before
 * the year 10000. */
void datetime_write(char out[DATETIME_SIZE], uint64_t time);

#endif
