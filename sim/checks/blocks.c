#include "blocks.h"

#include "../must.h"
#include "../world/describe.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define uthash_fatal(message) abort()
#include <uthash.h>

/* The key is "owner\njid", the owner bare. */
struct block {
    bool now;
    bool seen;      /* in the list that is being read */
    uint64_t since; /* the epoch in which the block began */
    size_t owner_length;
    UT_hash_handle hh;
    char key[];
};

enum { KEY = 6200 };

static size_t bare_length(const char *jid)
{
    return strcspn(jid, "/");
}

static const char *blocked_jid(const struct block *block)
{
    return block->key + block->owner_length + 1;
}

static bool is_of(const struct block *block, const char *owner, size_t length)
{
    return block->owner_length == length && memcmp(block->key, owner, length) == 0;
}

/* ---- Reading lists ---- */

static struct block *find_or_add(struct blocks *blocks, const char *owner, const char *jid)
{
    char key[KEY];
    size_t length = bare_length(owner);
    assert(length + strlen(jid) + 2 <= sizeof key);
    memcpy(key, owner, length);
    key[length] = '\n';
    memcpy(key + length + 1, jid, strlen(jid) + 1);
    struct block *block;
    HASH_FIND_STR(blocks->first, key, block);
    if (block != NULL)
        return block;
    size_t size = strlen(key) + 1;
    block = must(calloc(1, sizeof *block + size));
    memcpy(block->key, key, size);
    block->owner_length = length;
    HASH_ADD_STR(blocks->first, key, block);
    return block;
}

void blocks_learn(struct blocks *blocks, const struct core *core, const struct session *session)
{
    const size_t count = inspect_session_blocked(session);
    if (blocks->first == NULL && count == 0)
        return;
    struct session_view view = session_look(session);
    if (view.full_jid == NULL)
        return;
    char bare[KEY];
    size_t length = bare_length(view.full_jid);
    memcpy(bare, view.full_jid, length);
    bare[length] = '\0';
    for (size_t i = 0; i < count; i++)
        find_or_add(blocks, bare, inspect_blocked(core, bare, i))->seen = true;
    for (struct block *block = blocks->first; block != NULL; block = block->hh.next) {
        if (!is_of(block, bare, length))
            continue;
        if (block->seen && !block->now)
            block->since = blocks->epoch;
        block->now = block->seen;
        block->seen = false;
    }
}

void blocks_reread(struct blocks *blocks, blocks_still is_still, const void *host)
{
    for (struct block *block = blocks->first; block != NULL; block = block->hh.next) {
        char owner[KEY];
        memcpy(owner, block->key, block->owner_length);
        owner[block->owner_length] = '\0';
        block->now = block->now && is_still(host, owner, blocked_jid(block));
    }
}

void blocks_quiet(struct blocks *blocks)
{
    blocks->epoch++;
}

void blocks_describe(struct description *description, const struct blocks *blocks)
{
    for (const struct block *block = blocks->first; block != NULL; block = block->hh.next) {
        describe_named(description, "block", block->key);
        describe_word(description, block->now, "now");
        describe_word(description, block->since < blocks->epoch, "settled");
    }
}

void blocks_free(struct blocks *blocks)
{
    struct block *block = blocks->first;
    HASH_CLEAR(hh, blocks->first);
    while (block != NULL) {
        struct block *next = block->hh.next;
        free(block);
        block = next;
    }
}

/* ---- Matching ---- */

/* XEP-0191, 6: the JID itself; if the blocked JID has no resource, any resource of it; if it is a domain, any
 * JID there. */
static bool matches(const char *blocked, const char *jid)
{
    if (strcmp(blocked, jid) == 0)
        return true;
    if (strchr(blocked, '/') != NULL)
        return false;
    size_t length = strlen(blocked);
    size_t bare = bare_length(jid);
    size_t at = strcspn(jid, "@");
    if (bare == length && strncmp(blocked, jid, length) == 0)
        return true;
    return at < bare && strchr(blocked, '@') == NULL && bare - at - 1 == length &&
           strncmp(jid + at + 1, blocked, length) == 0;
}

enum when { NOW, SETTLED, EVER };

static bool counts(const struct blocks *blocks, const struct block *block, enum when when)
{
    return when == EVER || (block->now && (when == NOW || block->since < blocks->epoch));
}

static bool is_blocked(const struct blocks *blocks, const char *owner, const char *jid, enum when when)
{
    if (blocks->first == NULL)
        return false;
    size_t length = bare_length(owner);
    if (length == bare_length(jid) && strncmp(owner, jid, length) == 0)
        return false;
    for (const struct block *block = blocks->first; block != NULL; block = block->hh.next)
        if (is_of(block, owner, length) && counts(blocks, block, when) && matches(blocked_jid(block), jid))
            return true;
    return false;
}

bool blocks_now(const struct blocks *blocks, const char *owner, const char *jid)
{
    return is_blocked(blocks, owner, jid, NOW);
}

bool blocks_settled(const struct blocks *blocks, const char *owner, const char *jid)
{
    return is_blocked(blocks, owner, jid, SETTLED);
}

bool blocks_ever(const struct blocks *blocks, const char *owner, const char *jid)
{
    return is_blocked(blocks, owner, jid, EVER);
}
