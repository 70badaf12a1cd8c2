/*
 * blocklist.h - the JIDs that an account has blocked, in memory (XEP-0191).
 *
 * A list never changes.  A change makes a new list, which replaces the old one once it is saved.  In
 * storage each JID is a key, and its value is the same as XML.
 */
#ifndef CORE_BLOCKLIST_H
#define CORE_BLOCKLIST_H

#include "base/jid.h"
#include "base/memory.h"

struct blocklist {
    size_t count;
    size_t bytes;     /* approximate memory of the list; the same number on every machine */
    uint32_t *hashes; /* of the JIDs, stored after them: most JIDs are compared by hash only */
    char *jids[];     /* prepared, in the order in which they were blocked; each is a block of memory */
};

/* Makes a list of the keys in storage, to be freed with blocklist_free; NULL when there is no memory. */
struct blocklist *blocklist_read(const struct core_memory *memory, const struct core_store_entry *entries,
                                 size_t entry_count);
void blocklist_free(const struct core_memory *memory, struct blocklist *list); /* NULL is a no-op */

/* Makes a list with further JIDs, ignoring those already in it; NULL when there is no memory. */
struct blocklist *blocklist_with(const struct core_memory *memory, const struct blocklist *list,
                                 const char *const *jids, size_t count);

/* Makes a list without some JIDs; NULL when there is no memory. */
struct blocklist *blocklist_without(const struct core_memory *memory, const struct blocklist *list,
                                    const char *const *jids, size_t count);

/* Whether this JID itself is in the list. */
bool blocklist_has(const struct blocklist *list, const char *jid);

/* Whether a prepared JID is blocked, by itself or by a JID that covers it (XEP-0191, 6).  A NULL list
 * blocks nothing. */
bool blocklist_blocks(const struct blocklist *list, const char *jid);

#endif
