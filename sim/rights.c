#include "rights.h"

#include "must.h"

#include <assert.h>
#include <string.h>

#include <uthash.h>

/* What one may see of another.  The key is "viewer\nseen": two bare JIDs for a subscription; for directed
 * presence the address it was sent to, and the full JID that sent it. */
struct right {
    bool allowed;
    bool ever;      /* it was allowed once */
    uint64_t ended; /* the epoch in which it last ended, counting only if `ever` */
    uint64_t left;  /* the epoch after the one in which unavailable was directed; 0 for never */
    UT_hash_handle hh;
    char key[];
};

struct roster_seen {
    const struct roster *roster; /* compared only: a roster that was loaded anew counts anew */
    uint64_t revision;
    UT_hash_handle hh;
    char bare_jid[];
};

enum { JID_SIZE = 3072, KEY = 2 * JID_SIZE };

static size_t bare_length(const char *jid)
{
    return strcspn(jid, "/");
}

static const char *make_key(char key[KEY], const char *viewer, size_t viewer_length, const char *seen,
                            size_t seen_length)
{
    assert(viewer_length + seen_length + 2 <= KEY);
    memcpy(key, viewer, viewer_length);
    key[viewer_length] = '\n';
    memcpy(key + viewer_length + 1, seen, seen_length);
    key[viewer_length + 1 + seen_length] = '\0';
    return key;
}

static const char *subscription_key(char key[KEY], const char *viewer, const char *contact)
{
    return make_key(key, viewer, bare_length(viewer), contact, bare_length(contact));
}

static const char *directed_key(char key[KEY], const char *to, const char *from)
{
    return make_key(key, to, strlen(to), from, strlen(from));
}

static struct right *find(const struct rights *rights, const char *key)
{
    struct right *right;
    HASH_FIND_STR(rights->first, key, right);
    return right;
}

static struct right *find_or_add(struct rights *rights, const char *key)
{
    struct right *right = find(rights, key);
    if (right != NULL)
        return right;
    size_t size = strlen(key) + 1;
    right = must(calloc(1, sizeof *right + size));
    memcpy(right->key, key, size);
    HASH_ADD_STR(rights->first, key, right);
    return right;
}

static void set(struct rights *rights, const char *key, bool allowed)
{
    struct right *right = allowed ? find_or_add(rights, key) : find(rights, key);
    if (right == NULL || right->allowed == allowed)
        return;
    right->allowed = allowed;
    right->ever = true;
    if (!allowed)
        right->ended = rights->epoch;
}

static bool counts(const struct rights *rights, const struct right *right)
{
    if (right == NULL)
        return false;
    return right->allowed || (right->ever && right->ended == rights->epoch);
}

/* ---- Subscriptions ---- */

static struct roster_seen *seen_roster(struct rights *rights, const char *bare_jid)
{
    struct roster_seen *seen;
    HASH_FIND_STR(rights->rosters, bare_jid, seen);
    if (seen != NULL)
        return seen;
    size_t size = strlen(bare_jid) + 1;
    seen = must(calloc(1, sizeof *seen + size));
    seen->revision = UINT64_MAX;
    memcpy(seen->bare_jid, bare_jid, size);
    HASH_ADD_STR(rights->rosters, bare_jid, seen);
    return seen;
}

static bool lets_see(const struct inspect_item *item)
{
    return strcmp(item->subscription, "from") == 0 || strcmp(item->subscription, "both") == 0;
}

/* Ends every subscription to an account, before those that there are begin again in the same breath. */
static void end_all(struct rights *rights, const char *contact)
{
    size_t length = strlen(contact);
    for (struct right *right = rights->first; right != NULL; right = right->hh.next) {
        const char *seen = strchr(right->key, '\n') + 1;
        if (strncmp(seen, contact, length) == 0 && seen[length] == '\0' && right->allowed) {
            right->allowed = false;
            right->ended = rights->epoch;
        }
    }
}

void rights_learn(struct rights *rights, const struct session *session)
{
    struct session_view view = session_look(session);
    if (view.roster == NULL)
        return;
    char bare[JID_SIZE];
    size_t length = bare_length(view.full_jid);
    assert(length < sizeof bare);
    memcpy(bare, view.full_jid, length);
    bare[length] = '\0';
    struct roster_seen *seen = seen_roster(rights, bare);
    uint64_t revision = inspect_roster_revision(view.roster);
    if (seen->revision == revision && seen->roster == view.roster)
        return;
    seen->revision = revision;
    seen->roster = view.roster;
    end_all(rights, bare);
    char key[KEY];
    for (size_t i = 0; i < inspect_roster_size(view.roster); i++) {
        struct inspect_item item = inspect_roster_item(view.roster, i);
        if (lets_see(&item))
            set(rights, subscription_key(key, item.jid, bare), true);
    }
}

bool rights_may_see(const struct rights *rights, const char *contact, const char *viewer)
{
    char key[KEY];
    const struct right *right = find(rights, subscription_key(key, viewer, contact));
    return right != NULL && right->allowed;
}

/* ---- Directed presence ---- */

void rights_direct(struct rights *rights, const char *from, const char *to, bool available)
{
    char key[KEY];
    directed_key(key, to, from);
    if (!available)
        find_or_add(rights, key)->left = rights->epoch + 1;
    set(rights, key, available);
}

/* What was directed at a bare JID is for all of the account's resources. */
static const struct right *directed_right(const struct rights *rights, const char *from, const char *to)
{
    char key[KEY];
    const struct right *right = find(rights, directed_key(key, to, from));
    if (right != NULL)
        return right;
    return find(rights, make_key(key, to, bare_length(to), from, strlen(from)));
}

bool rights_directed(const struct rights *rights, const char *from, const char *to)
{
    const struct right *right = directed_right(rights, from, to);
    return right != NULL && right->allowed;
}

bool rights_took_leave(const struct rights *rights, const char *from, const char *to)
{
    const struct right *right = directed_right(rights, from, to);
    return right != NULL && right->left == rights->epoch + 1;
}

/* ---- All of it ---- */

static bool same_account(const char *a, const char *b)
{
    size_t length = bare_length(a);
    return length == bare_length(b) && strncmp(a, b, length) == 0;
}

bool rights_allow(const struct rights *rights, const char *from, const char *to)
{
    char key[KEY];
    return same_account(from, to) || counts(rights, find(rights, subscription_key(key, to, from))) ||
           counts(rights, directed_right(rights, from, to));
}

static bool ever(const struct right *right)
{
    return right != NULL && right->ever;
}

bool rights_ever(const struct rights *rights, const char *from, const char *to)
{
    char key[KEY];
    return same_account(from, to) || ever(find(rights, subscription_key(key, to, from))) ||
           ever(directed_right(rights, from, to));
}

void rights_quiet(struct rights *rights)
{
    rights->epoch++;
}

static void free_rights(struct rights *rights)
{
    struct right *right = rights->first;
    HASH_CLEAR(hh, rights->first);
    while (right != NULL) {
        struct right *next = right->hh.next;
        free(right);
        right = next;
    }
}

void rights_free(struct rights *rights)
{
    free_rights(rights);
    struct roster_seen *seen = rights->rosters;
    HASH_CLEAR(hh, rights->rosters);
    while (seen != NULL) {
        struct roster_seen *next = seen->hh.next;
        free(seen);
        seen = next;
    }
}
