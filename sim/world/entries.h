/*
 * entries.h - the contents of one store of an account: keys and values, in the order in which the keys were
 * first saved.
 *
 * Only the disk uses it.  A zeroed struct entries is empty.  Keys and values are copied.
 */
#ifndef SIM_ENTRIES_H
#define SIM_ENTRIES_H

#include "core.h"

struct entries {
    struct core_store_entry *list;
    size_t count, capacity;
    struct place *places; /* of the keys, once there are many */
};

/* Finds an entry by its key; NULL when there is none.  Valid until the next change. */
struct core_store_entry *entries_find(const struct entries *entries, const char *key);

/* Appends an entry, without a check whether the key exists.  The value may be NULL. */
void entries_add(struct entries *entries, const char *key, const char *value);

/* Sets the value of a key, or removes the key when the value is NULL. */
void entries_put(struct entries *entries, const char *key, const char *value);
void entries_free(struct entries *entries);

/* A piece of a store as core.h defines it.  The caller frees the array; its entries point into the list. */
struct core_store_entry *entries_piece(const struct entries *entries, const struct core_store_piece *piece,
                                       size_t *count);

/* The greatest of the keys, as strcmp compares; "" where there are none. */
const char *entries_greatest(const struct entries *entries);

#endif
