/*
 * map.h - entries found by the bytes of a key, and walked in the order in which they were added.
 *
 * An entry is any structure with a `struct map_node` in it; it belongs to whoever made it, and so does its
 * key, which must stay where it is, as it is, while the entry is in the map:
 *
 *      struct user { ...; struct map_node node; char bare_jid[]; };
 *
 *      map_init(&users, memory, &secret, offsetof(struct user, node));
 *      if (!map_add(&users, user, user->bare_jid, strlen(user->bare_jid)))
 *          ...                                 there is no memory, and the map is as it was
 *      user = map_find_string(&users, "romeo@localhost");
 *      map_remove(&users, user);
 *
 * What a map needs for itself comes from the port and goes back with the last entry, so an empty map owns
 * nothing.  Finding takes the same time however many entries there are.  No order depends on
 * addresses or chance.
 */
#ifndef CORE_MAP_H
#define CORE_MAP_H

#include "base/memory.h"

#include <uthash.h>

struct map_node {
    UT_hash_handle hh;
};

/* What the place of a key in a table depends on besides the key: who does not know it cannot make keys
 * that all fall into one place. */
struct map_secret {
    uint64_t first, second;
};

struct map {
    const struct core_memory *memory;
    const struct map_secret *secret;
    struct map_node *first;
    size_t offset; /* of the node in an entry */
};

/* The secret is borrowed for the life of the map. */
void map_init(struct map *map, const struct core_memory *memory, const struct map_secret *secret,
              size_t offset);

/* Adds an entry behind all others.  No entry of the map may have that key, nor this one be in a map.  False,
 * with nothing changed, when there is no memory. */
bool map_add(struct map *map, void *entry, const void *key, size_t length);

/* Takes out an entry that is in the map. */
void map_remove(struct map *map, void *entry);

/* The entry of a key; NULL when there is none. */
void *map_find(const struct map *map, const void *key, size_t length);
void *map_find_string(const struct map *map, const char *key);

/* Has fetched what finding an entry will need, one that is or was in the map. */
void map_prefetch(const struct map *map, const void *entry);

size_t map_count(const struct map *map);

/* All entries, the oldest first; NULL behind the last.  The one at hand may be removed once its successor is
 * known. */
void *map_first(const struct map *map);
void *map_next(const struct map *map, const void *entry);

#endif
