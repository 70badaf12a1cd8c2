#include "entries.h"

#include "../must.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define uthash_fatal(message) abort()
#include <uthash.h>

/* Up to this number a linear search is faster than hashing. */
enum { FEW = 32 };

struct place {
    size_t index;
    UT_hash_handle hh; /* by the entry's key */
};

static char *copy_string(const char *string)
{
    const size_t size = strlen(string) + 1;
    return memcpy(must(malloc(size)), string, size);
}

/* ---- Places ---- */

static void add_place(struct entries *entries, size_t index)
{
    const char *key = entries->list[index].key;
    struct place *place = must(calloc(1, sizeof *place));
    place->index = index;
    HASH_ADD_KEYPTR(hh, entries->places, key, strlen(key), place);
}

/* Adds all entries to the table, once there are more than a few. */
static void place_last(struct entries *entries)
{
    if (entries->places != NULL)
        add_place(entries, entries->count - 1);
    else if (entries->count > FEW)
        for (size_t i = 0; i < entries->count; i++)
            add_place(entries, i);
}

/* The entries after it move up. */
static void remove_place(struct entries *entries, const struct core_store_entry *entry)
{
    struct place *gone;
    HASH_FIND_STR(entries->places, entry->key, gone);
    if (gone == NULL)
        return;
    for (struct place *place = gone->hh.next; place != NULL; place = place->hh.next)
        place->index--;
    HASH_DEL(entries->places, gone);
    free(gone);
}

static void free_places(struct entries *entries)
{
    struct place *place = entries->places;
    HASH_CLEAR(hh, entries->places);
    while (place != NULL) {
        struct place *following = place->hh.next;
        free(place);
        place = following;
    }
}

/* ---- Entries ---- */

struct core_store_entry *entries_find(const struct entries *entries, const char *key)
{
    if (entries->places != NULL) {
        const struct place *place;
        HASH_FIND_STR(entries->places, key, place);
        return place != NULL ? &entries->list[place->index] : NULL;
    }
    for (size_t i = 0; i < entries->count; i++) {
        if (strcmp(entries->list[i].key, key) == 0)
            return &entries->list[i];
    }
    return NULL;
}

/* The pointers are const for readers; the strings belong to the list. */
static void free_string(const char *string)
{
    free((char *)string);
}

void entries_add(struct entries *entries, const char *key, const char *value)
{
    if (entries->count == entries->capacity) {
        entries->capacity = entries->capacity == 0 ? 4 : entries->capacity * 2;
        entries->list = must(realloc(entries->list, entries->capacity * sizeof *entries->list));
    }
    assert(entries->list != NULL);
    struct core_store_entry *added = &entries->list[entries->count++];
    added->key = copy_string(key);
    added->value = value != NULL ? copy_string(value) : NULL;
    place_last(entries);
}

static void entries_remove(struct entries *entries, struct core_store_entry *entry)
{
    remove_place(entries, entry);
    free_string(entry->key);
    free_string(entry->value);
    const size_t index = (size_t)(entry - entries->list);
    entries->count--;
    memmove(entry, entry + 1, (entries->count - index) * sizeof *entry);
}

void entries_put(struct entries *entries, const char *key, const char *value)
{
    struct core_store_entry *there = entries_find(entries, key);
    if (there != NULL && value == NULL) {
        entries_remove(entries, there);
    } else if (there != NULL) {
        free_string(there->value);
        there->value = copy_string(value);
    } else if (value != NULL) {
        entries_add(entries, key, value);
    }
}

void entries_free(struct entries *entries)
{
    free_places(entries);
    for (size_t i = 0; i < entries->count; i++) {
        free_string(entries->list[i].key);
        free_string(entries->list[i].value);
    }
    free(entries->list);
    *entries = (struct entries){ 0 };
}

/* ---- Pieces ---- */

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct core_store_entry *)a)->key, ((const struct core_store_entry *)b)->key);
}

struct core_store_entry *entries_piece(const struct entries *entries, const struct core_store_piece *piece,
                                       size_t *count)
{
    struct core_store_entry *found = must(malloc((entries->count + 1) * sizeof *found));
    size_t behind = 0, bytes = 0;
    for (size_t i = 0; i < entries->count; i++)
        if (strcmp(entries->list[i].key, piece->from) >= 0)
            found[behind++] = entries->list[i];
    qsort(found, behind, sizeof *found, by_key);
    size_t wanted = 0;
    for (; wanted < behind && wanted < piece->most && bytes < piece->bytes; wanted++)
        bytes += strlen(found[wanted].key) + strlen(found[wanted].value);
    *count = wanted;
    return found;
}

const char *entries_greatest(const struct entries *entries)
{
    const char *greatest = "";
    for (size_t i = 0; i < entries->count; i++)
        if (strcmp(entries->list[i].key, greatest) > 0)
            greatest = entries->list[i].key;
    return greatest;
}
