/*
 * quarantine.h - an allocator that keeps freed blocks as they were, and searches blocks for secrets.
 *
 * A realloc always moves the block, and the old one is kept like one that was freed.  A secret is found when
 * SECRET_WINDOW consecutive bytes of it are found.
 */
#ifndef CORE_TESTS_QUARANTINE_H
#define CORE_TESTS_QUARANTINE_H

#include "core.h"

enum { SECRET_WINDOW = 6 };

/* For rig_options.under. */
extern const struct core_memory quarantine_memory;

/* Returns the freed blocks to the C library. */
void quarantine_empty(void);

/* Searches for a secret from now on.  `name` describes it and is borrowed; the bytes are copied, at least
 * SECRET_WINDOW and at most 256. */
void quarantine_add(const char *name, const void *bytes, size_t length);

/* Does not search any more for the secret that was added last, or for any. */
void quarantine_drop_secret(void);
void quarantine_forget_secrets(void);

/* The name of the first secret that is found in some bytes, or NULL. */
const char *quarantine_secret_in(const void *where, size_t size);

/* The same for the blocks that are freed, or for those that are in use. */
const char *quarantine_find(bool freed);

#endif
