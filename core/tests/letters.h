/*
 * letters.h - numbered messages that are stored for juliet@localhost, and clients that read them slowly.
 *
 * A letter is a stored message with the body "letter N." followed by a text.
 */
#ifndef CORE_TESTS_LETTERS_H
#define CORE_TESTS_LETTERS_H

#include "rig.h"

#define JULIET "juliet@localhost"

/* The number of stored messages. */
size_t letters_kept(void);

/* The key of a message (core.h, CORE_STORE_OFFLINE).  Valid until the next call. */
const char *letters_key(int number);

/* Keeps so many letters, the first with the number 1, each with a text of `size` times "x". */
void letters_keep(int count, size_t size);

/* Every letter from the first to the last was sent, in order, and no other. */
void letters_assert(const char *said, int first, int last);

/* Begins the rig with a limit of 4000 bytes for the output of a client (limits.output_bytes). */
void letters_begin_slow(void);

/* A resource of Juliet that becomes available and takes only 100 bytes of its output. */
struct host_link *letters_slow(const char *resource);

#endif
