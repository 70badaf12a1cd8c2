#include "account/blocklist.h"

#include <string.h>

static struct blocklist *list_new(const struct core_memory *memory, size_t most)
{
    struct blocklist *list =
        memory_new(memory, sizeof(struct blocklist) + most * (sizeof(char *) + sizeof(uint32_t)));
    if (list != NULL)
        list->hashes = (uint32_t *)(void *)(list->jids + most);
    return list;
}

/* FNV-1a. */
static uint32_t hash(const char *text, size_t length)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    return hash;
}

void blocklist_free(const struct core_memory *memory, struct blocklist *list)
{
    if (list == NULL)
        return;
    for (size_t i = 0; i < list->count; i++)
        memory_free(memory, list->jids[i]);
    memory_free(memory, list);
}

/* Adds a JID, for which there is room.  Without memory frees the list and returns NULL. */
static struct blocklist *add(const struct core_memory *memory, struct blocklist *list, const char *jid)
{
    enum { ENTRY = 32 }; /* with what the allocator needs for a block */
    char *copy = memory_copy_string(memory, jid);
    if (copy == NULL) {
        blocklist_free(memory, list);
        return NULL;
    }
    list->bytes += ENTRY + strlen(jid);
    list->hashes[list->count] = hash(jid, strlen(jid));
    list->jids[list->count++] = copy;
    return list;
}

struct blocklist *blocklist_read(const struct core_memory *memory, const struct core_store_entry *entries,
                                 size_t entry_count)
{
    struct blocklist *list = list_new(memory, entry_count);
    for (size_t i = 0; i < entry_count && list != NULL; i++)
        list = add(memory, list, entries[i].key);
    return list;
}

struct blocklist *blocklist_with(const struct core_memory *memory, const struct blocklist *list,
                                 const char *const *jids, size_t count)
{
    struct blocklist *more = list_new(memory, list->count + count);
    for (size_t i = 0; i < list->count && more != NULL; i++)
        more = add(memory, more, list->jids[i]);
    for (size_t i = 0; i < count && more != NULL; i++)
        if (!blocklist_has(more, jids[i]))
            more = add(memory, more, jids[i]);
    return more;
}

static bool is_among(const char *jid, const char *const *jids, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(jid, jids[i]) == 0)
            return true;
    return false;
}

struct blocklist *blocklist_without(const struct core_memory *memory, const struct blocklist *list,
                                    const char *const *jids, size_t count)
{
    struct blocklist *less = list_new(memory, list->count);
    for (size_t i = 0; i < list->count && less != NULL; i++)
        if (!is_among(list->jids[i], jids, count))
            less = add(memory, less, list->jids[i]);
    return less;
}

bool blocklist_has(const struct blocklist *list, const char *jid)
{
    uint32_t wanted = hash(jid, strlen(jid));
    for (size_t i = 0; i < list->count; i++)
        if (list->hashes[i] == wanted && strcmp(list->jids[i], jid) == 0)
            return true;
    return false;
}

/* "user@domain/resource" and "domain/resource" match only themselves, "user@domain" any of its resources,
 * "domain" every JID at the domain. */
static bool stands_for(const char *blocked, const char *jid)
{
    size_t length = strlen(blocked);
    size_t bare = strcspn(jid, "/");
    if (strcmp(blocked, jid) == 0)
        return true;
    if (memchr(blocked, '/', length) != NULL)
        return false;
    if (length == bare && memcmp(blocked, jid, bare) == 0)
        return true;
    const char *at = memchr(jid, '@', bare);
    if (at == NULL || memchr(blocked, '@', length) != NULL)
        return false;
    size_t domain = bare - (size_t)(at + 1 - jid);
    return length == domain && memcmp(blocked, at + 1, domain) == 0;
}

bool blocklist_blocks(const struct blocklist *list, const char *jid)
{
    if (list == NULL || list->count == 0)
        return false;
    const size_t bare = strcspn(jid, "/");
    const char *at = memchr(jid, '@', bare);
    const char *domain = at != NULL ? at + 1 : jid;
    const uint32_t full_hash = hash(jid, strlen(jid)), bare_hash = hash(jid, bare),
                   domain_hash = hash(domain, bare - (size_t)(domain - jid));
    for (size_t i = 0; i < list->count; i++) {
        const uint32_t blocked = list->hashes[i];
        if ((blocked == full_hash || blocked == bare_hash || blocked == domain_hash) &&
            stands_for(list->jids[i], jid))
            return true;
    }
    return false;
}
