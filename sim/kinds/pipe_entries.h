/*
 * pipe_entries.h - entries of a store in the payload of a message.
 *
 * Each entry is the length of its key, the key, the length of its value, and the value; a length is 32 bits,
 * little-endian, and 0xFFFFFFFF stands for no value.  Neither contains a NUL.
 */
#ifndef SIM_PIPE_ENTRIES_H
#define SIM_PIPE_ENTRIES_H

#include "../text.h"

#include "core.h"

/* Appends entries to a payload. */
void pipe_entries_write(struct text *out, const struct core_store_entry *entries, size_t count);

/* Entries that were read, each string with a NUL.  Zeroed is empty. */
struct pipe_entries {
    struct core_store_entry *list;
    size_t count;
    char *strings;
};

/* Reads a payload.  Returns false, with nothing to free, when it is malformed. */
bool pipe_entries_read(struct pipe_entries *entries, const char *payload, size_t length);
void pipe_entries_free(struct pipe_entries *entries);

#endif
