/*
 * map.h - a hash table with byte strings as keys, iterated in the order of insertion.
 *
 * An entry is any structure with a `struct map_node` in it.  The caller owns the entry and its key.  While
 * the entry is in the map, both must stay where they are, and the key must not change:
 *
 *      struct user { ...; struct map_node node; char bare_jid[]; };
 *
 *      map_init(&users, memory, &secret, offsetof(struct user, node));
 *      if (!map_add(&users, user, user->bare_jid, strlen(user->bare_jid)))
 *          ...                                 there is no memory, and the map is unchanged
 *      user = map_find_string(&users, "romeo@localhost");
 *      map_remove(&users, user);
 *
 * The map's own memory comes from the port and is freed with the last entry, so an empty map owns nothing.
 * Finding an entry takes the same time for any number of entries.  No order depends on addresses or chance.
 */
#ifndef CORE_MAP_H
#define CORE_MAP_H

#include "base/memory.h"

#include <uthash.h>

struct map_node {
    UT_hash_handle hh;
};

/* The hash of a key depends on this secret: a client that does not know it cannot choose keys that collide.
 */
struct map_secret {
    uint64_t first, second;
};

struct map {
    const struct core_memory *memory;
    const struct map_secret *secret;
    struct map_node *first;
    size_t offset; /* offset of the node in an entry, in bytes */
};

/* Initialises an empty map.  `memory` and `secret` are borrowed for the life of the map. */
void map_init(struct map *map, const struct core_memory *memory, const struct map_secret *secret,
              size_t offset);

/* Adds an entry after all others.  The map must not contain the key, and the entry must not be in any map.
 * Returns false, with the map unchanged, when there is no memory. */
bool map_add(struct map *map, void *entry, const void *key, size_t length);

/* Removes an entry that is in the map. */
void map_remove(struct map *map, void *entry);

/* The entry with a key; NULL when there is none. */
void *map_find(const struct map *map, const void *key, size_t length);
void *map_find_string(const struct map *map, const char *key);

/* Prefetches the memory that a look-up of an entry reads.  The entry is or was in the map. */
void map_prefetch(const struct map *map, const void *entry);

size_t map_count(const struct map *map);

/* The first entry, and the one after `entry`; NULL after the last.  A loop may remove the current entry
 * after it has fetched the next. */
void *map_first(const struct map *map);
void *map_next(const struct map *map, const void *entry);

#endif
