/* uthash allocates through the port.  Without memory it does not add the entry, and sets hh.tbl to NULL.
 * Its macros need a variable `map` in scope. */
#define HASH_NONFATAL_OOM        1
#define uthash_malloc(size)      map->memory->alloc(size)
#define uthash_free(block, size) map->memory->free(block)
#include "base/map.h"

#include <assert.h>
#include <string.h>

/* Tables grow while their chains are short: with very many sessions each step along a chain misses every
 * cache. */
#undef HASH_BKT_CAPACITY_THRESH
#define HASH_BKT_CAPACITY_THRESH 4U

static struct map_node *node_of(const struct map *map, const void *entry)
{
    return (struct map_node *)(void *)((char *)entry + map->offset);
}

static void *entry_of(const struct map *map, const struct map_node *node)
{
    return node != NULL ? (char *)node - map->offset : NULL;
}

/* Compilers turn this into one load on little-endian machines. */
static uint64_t word_at(const unsigned char *at)
{
    return (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 | (uint64_t)at[3] << 24 |
           (uint64_t)at[4] << 32 | (uint64_t)at[5] << 40 | (uint64_t)at[6] << 48 | (uint64_t)at[7] << 56;
}

static inline uint64_t turned(uint64_t word, unsigned bits)
{
    return word << bits | word >> (64 - bits);
}

static inline void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[2] += v[3];
    v[1] = turned(v[1], 13) ^ v[0];
    v[3] = turned(v[3], 16) ^ v[2];
    v[0] = turned(v[0], 32) + v[3];
    v[2] += v[1];
    v[1] = turned(v[1], 17) ^ v[2];
    v[3] = turned(v[3], 21) ^ v[0];
    v[2] = turned(v[2], 32);
}

static inline void take_word(uint64_t v[4], uint64_t word)
{
    v[3] ^= word;
    sip_round(v);
    v[0] ^= word;
}

/* The remaining bytes of a key, fewer than eight.  Of a longer key they are read together with the bytes
 * before them. */
static inline uint64_t rest_at(const unsigned char *at, size_t left, size_t length)
{
    uint64_t rest = 0;
    if (left > 0 && length >= sizeof rest)
        return word_at(at + left - sizeof rest) >> 8 * (sizeof rest - left);
    for (size_t i = 0; i < left; i++)
        rest |= (uint64_t)at[i] << 8 * i;
    return rest;
}

/* SipHash-1-3 (Aumasson and Bernstein).  No iteration order depends on it, but when a table grows does, and
 * so the sequence of allocations.  With one secret it is the same on every machine. */
static unsigned hash(const struct map_secret *secret, const void *key, size_t length)
{
    uint64_t v[4] = { secret->first ^ UINT64_C(0x736f6d6570736575),
                      secret->second ^ UINT64_C(0x646f72616e646f6d),
                      secret->first ^ UINT64_C(0x6c7967656e657261),
                      secret->second ^ UINT64_C(0x7465646279746573) };
    const unsigned char *at = key;
    size_t left = length;
    for (; left >= sizeof(uint64_t); at += sizeof(uint64_t), left -= sizeof(uint64_t))
        take_word(v, word_at(at));
    take_word(v, (uint64_t)length << 56 | rest_at(at, left, length));
    v[2] ^= 0xFF;
    sip_round(v);
    sip_round(v);
    sip_round(v);
    return (unsigned)(v[0] ^ v[1] ^ v[2] ^ v[3]);
}

void map_init(struct map *map, const struct core_memory *memory, const struct map_secret *secret,
              size_t offset)
{
    *map = (struct map){ .memory = memory, .secret = secret, .offset = offset };
}

bool map_add(struct map *map, void *entry, const void *key, size_t length)
{
    assert(map_find(map, key, length) == NULL);
    struct map_node *node = node_of(map, entry);
    HASH_ADD_KEYPTR_BYHASHVALUE(hh, map->first, key, length, hash(map->secret, key, length), node);
    return node->hh.tbl != NULL;
}

void map_remove(struct map *map, void *entry)
{
    struct map_node *node = node_of(map, entry);
    assert(map_find(map, node->hh.key, node->hh.keylen) == entry);
    HASH_DEL(map->first, node);
}

void *map_find(const struct map *map, const void *key, size_t length)
{
    struct map_node *node;
    HASH_FIND_BYHASHVALUE(hh, map->first, key, length, hash(map->secret, key, length), node);
    return entry_of(map, node);
}

void *map_find_string(const struct map *map, const char *key)
{
    return map_find(map, key, strlen(key));
}

void map_prefetch(const struct map *map, const void *entry)
{
    if (map->first == NULL)
        return;
    const struct UT_hash_table *table = map->first->hh.tbl;
    unsigned bucket;
    HASH_TO_BKT(node_of(map, entry)->hh.hashv, table->num_buckets, bucket);
    memory_prefetch(&table->buckets[bucket], 1);
}

size_t map_count(const struct map *map)
{
    return HASH_COUNT(map->first);
}

void *map_first(const struct map *map)
{
    return entry_of(map, map->first);
}

void *map_next(const struct map *map, const void *entry)
{
    return entry_of(map, node_of(map, entry)->hh.next);
}
