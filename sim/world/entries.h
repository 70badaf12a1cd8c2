/*
 * entries.h - what one store of an account holds: keys and their values, in the order in which the keys came.
 *
 * Only the disk has them.  Zeroed is empty; keys and values are copies of its own.
 */
#ifndef SIM_ENTRIES_H
#define SIM_ENTRIES_H

#include "core.h"

struct entries {
    struct core_store_entry *list;
    size_t count, capacity;
    struct place *places; /* of the keys, once there are many */
};

/* NULL when there is none of that key; until the next change. */
struct core_store_entry *entries_find(const struct entries *entries, const char *key);

/* Adds an entry behind the others, and does not look for one of that key.  The value may be NULL. */
void entries_add(struct entries *entries, const char *key, const char *value);

/* Puts a value at a key, or removes the key where the value is NULL. */
void entries_put(struct entries *entries, const char *key, const char *value);
void entries_free(struct entries *entries);

/* A piece of a store as core.h has it: entries that are those of the list, in an array that the caller
 * frees. */
struct core_store_entry *entries_piece(const struct entries *entries, const struct core_store_piece *piece,
                                       size_t *count);

/* The greatest of the keys, as strcmp compares; "" where there are none. */
const char *entries_greatest(const struct entries *entries);

#endif
