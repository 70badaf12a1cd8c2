/*
 * blocklist.h - the JIDs that an account has blocked, in memory (XEP-0191).
 *
 * A list is a value that does not change: a change makes another list, which takes the old one's place once
 * it is durable.  Stored, each JID is a key of its own; the value says the same as XML.
 */
#ifndef CORE_BLOCKLIST_H
#define CORE_BLOCKLIST_H

#include "base/jid.h"
#include "base/memory.h"

struct blocklist {
    size_t count;
    size_t bytes;     /* about what they take in memory, the same number on every machine */
    uint32_t *hashes; /* of the JIDs, behind them: to look at those alone that may be meant */
    char *jids[];     /* prepared, in the order in which they were blocked; each its own block of memory */
};

/* Of the keys that storage gave back.  NULL when there is no memory. */
struct blocklist *blocklist_read(const struct core_memory *memory, const struct core_store_entry *entries,
                                 size_t entry_count);
void blocklist_free(const struct core_memory *memory, struct blocklist *list); /* NULL is nothing */

/* The list with some JIDs more, those that are in it already left out; NULL when there is no memory. */
struct blocklist *blocklist_with(const struct core_memory *memory, const struct blocklist *list,
                                 const char *const *jids, size_t count);

/* The list without some JIDs; NULL when there is no memory. */
struct blocklist *blocklist_without(const struct core_memory *memory, const struct blocklist *list,
                                    const char *const *jids, size_t count);

/* Whether the very JID is in the list. */
bool blocklist_has(const struct blocklist *list, const char *jid);

/* Whether a prepared JID is blocked, itself or by a JID that stands for more (XEP-0191, 6).  NULL blocks
 * nobody. */
bool blocklist_blocks(const struct blocklist *list, const char *jid);

#endif
