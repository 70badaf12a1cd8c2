#include "rights.h"

#include "describe.h"
#include "must.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define uthash_fatal(message) abort()
#include <uthash.h>

/* Short chains: one is walked after every event. */
#undef HASH_BKT_CAPACITY_THRESH
#define HASH_BKT_CAPACITY_THRESH 4U

/* What one may see of another.  The key is "viewer\nseen": two bare JIDs for a subscription; for directed
 * presence the address it was sent to, and the full JID that sent it. */
struct right {
    bool allowed;
    bool ever;      /* it was allowed once */
    uint64_t began; /* the epoch after the one in which it last began; 0 for never */
    uint64_t ended; /* the epoch in which it last ended, counting only if `ever` */
    bool left;      /* unavailable was directed or asked for once */
    bool asked;     /* the viewer probed by itself once */
    bool refused;   /* an error came back */
    bool hidden;    /* unavailable was directed, and nothing broadcast since */
    UT_hash_handle hh;
    char key[];
};

struct roster_seen {
    uint64_t revision; /* UINT64_MAX for none */
    UT_hash_handle hh;
    char bare_jid[];
};

/* The greatest JID has 3071 bytes (RFC 7622, 3.1).  Nobody is found at a longer one, so nobody has rights by
 * it. */
enum { JID_SIZE = 3072, KEY = 2 * JID_SIZE };

static size_t bare_length(const char *jid)
{
    return strcspn(jid, "/");
}

/* NULL when one of the two is too long for a JID. */
static const char *make_key(char key[KEY], const char *viewer, size_t viewer_length, const char *seen,
                            size_t seen_length)
{
    if (viewer_length >= JID_SIZE || seen_length >= JID_SIZE)
        return NULL;
    (void)snprintf(key, KEY, "%.*s\n%.*s", (int)viewer_length, viewer, (int)seen_length, seen);
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
    struct right *right = NULL;
    if (key != NULL)
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

/* Of whom a right is. */
static const char *seen_by(const struct right *right)
{
    return strchr(right->key, '\n') + 1;
}

static void end(const struct rights *rights, struct right *right)
{
    right->allowed = false;
    right->ended = rights->epoch;
}

static void set(struct rights *rights, const char *key, bool allowed)
{
    struct right *right = allowed ? find_or_add(rights, key) : find(rights, key);
    if (right == NULL || right->allowed == allowed)
        return;
    right->ever = true;
    if (!allowed) {
        end(rights, right);
        return;
    }
    /* What begins again in the same breath has not ended. */
    if (right->began == 0 || right->ended != rights->epoch)
        right->began = rights->epoch + 1;
    right->allowed = true;
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

bool rights_know(const struct rights *rights, const char *jid)
{
    struct roster_seen *seen;
    HASH_FIND(hh, rights->rosters, jid, bare_length(jid), seen);
    return seen != NULL && seen->revision != UINT64_MAX;
}

static bool lets_see(const struct inspect_item *item)
{
    return strcmp(item->subscription, "from") == 0 || strcmp(item->subscription, "both") == 0;
}

/* Ends every right to see a JID: a bare one's are subscriptions, a full one's directed presence. */
static void end_all(struct rights *rights, const char *jid)
{
    for (struct right *right = rights->first; right != NULL; right = right->hh.next) {
        if (strcmp(seen_by(right), jid) != 0)
            continue;
        right->refused = false;
        if (right->allowed)
            end(rights, right);
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
    if (seen->revision == revision)
        return;
    seen->revision = revision;
    /* Those that there are begin again in the same breath. */
    end_all(rights, bare);
    char key[KEY];
    for (size_t i = 0; i < inspect_roster_size(view.roster); i++) {
        struct inspect_item item = inspect_roster_item(view.roster, i);
        if (lets_see(&item))
            set(rights, subscription_key(key, item.jid, bare), true);
    }
}

void rights_forget_roster(struct rights *rights, const char *account)
{
    seen_roster(rights, account)->revision = UINT64_MAX;
}

bool rights_may_see(const struct rights *rights, const char *contact, const char *viewer)
{
    char key[KEY];
    const struct right *right = find(rights, subscription_key(key, viewer, contact));
    return right != NULL && right->allowed;
}

/* ---- Directed presence ---- */

/* A client may write an address as it likes: what stands before the resource is the same in capitals.  (ASCII
 * ones only; the server knows more of Nodeprep and Nameprep.) */
static void fold(char *jid, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (jid[i] >= 'A' && jid[i] <= 'Z')
            jid[i] = (char)(jid[i] - 'A' + 'a');
}

void rights_direct(struct rights *rights, const char *from, const char *to, bool available)
{
    char key[KEY];
    if (directed_key(key, to, from) == NULL)
        return;
    fold(key, bare_length(to));
    struct right *right = find_or_add(rights, key);
    right->hidden = !available;
    if (!available)
        right->left = true;
    set(rights, key, available);
}

void rights_doubt(struct rights *rights, const char *from, const char *to)
{
    char key[KEY];
    rights_ask(rights, to, from);
    if (directed_key(key, to, from) == NULL)
        return;
    fold(key, bare_length(to));
    struct right *right = find_or_add(rights, key);
    right->hidden = right->left = right->refused = true;
    set(rights, key, true);
}

void rights_leave(struct rights *rights, const char *from)
{
    assert(strchr(from, '/') != NULL);
    end_all(rights, from);
}

void rights_refuse(struct rights *rights, const char *from, const char *by)
{
    char key[KEY];
    if (directed_key(key, by, from) == NULL)
        return;
    struct right *right = find_or_add(rights, key);
    right->refused = true;
    if (right->allowed)
        end(rights, right);
}

void rights_ask(struct rights *rights, const char *from, const char *by)
{
    char key[KEY];
    if (directed_key(key, by, from) == NULL)
        return;
    struct right *right = find_or_add(rights, key);
    right->left = true;
    right->asked = true;
}

bool rights_asked(const struct rights *rights, const char *from, const char *by)
{
    char key[KEY];
    const struct right *full = find(rights, directed_key(key, by, from));
    const struct right *bare = find(rights, make_key(key, by, strlen(by), from, bare_length(from)));
    return (full != NULL && full->asked) || (bare != NULL && bare->asked);
}

static const struct right *directed_at_full(const struct rights *rights, const char *from, const char *to)
{
    char key[KEY];
    return find(rights, directed_key(key, to, from));
}

/* What was directed at a bare JID is for all of the account's resources. */
static const struct right *directed_at_bare(const struct rights *rights, const char *from, const char *to)
{
    char key[KEY];
    return find(rights, make_key(key, to, bare_length(to), from, strlen(from)));
}

static bool is_allowed(const struct right *right)
{
    return right != NULL && right->allowed;
}

void rights_broadcast(struct rights *rights, const char *from)
{
    for (struct right *right = rights->first; right != NULL; right = right->hh.next)
        if (strcmp(seen_by(right), from) == 0)
            right->hidden = false;
}

static bool is_unseen(const struct right *right)
{
    return right != NULL && (right->refused || right->hidden);
}

bool rights_unseen(const struct rights *rights, const char *from, const char *by)
{
    return is_unseen(directed_at_full(rights, from, by)) || is_unseen(directed_at_bare(rights, from, by));
}

bool rights_directed(const struct rights *rights, const char *from, const char *to)
{
    return is_allowed(directed_at_full(rights, from, to)) || is_allowed(directed_at_bare(rights, from, to));
}

static bool left(const struct right *right)
{
    return right != NULL && right->left;
}

bool rights_took_leave(const struct rights *rights, const char *from, const char *to)
{
    return left(directed_at_full(rights, from, to)) || left(directed_at_bare(rights, from, to));
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
           counts(rights, directed_at_full(rights, from, to)) ||
           counts(rights, directed_at_bare(rights, from, to));
}

static bool ever(const struct right *right)
{
    return right != NULL && right->ever;
}

bool rights_ever(const struct rights *rights, const char *from, const char *to)
{
    char key[KEY];
    return same_account(from, to) || ever(find(rights, subscription_key(key, to, from))) ||
           ever(directed_at_full(rights, from, to)) || ever(directed_at_bare(rights, from, to));
}

bool rights_are_new(const struct rights *rights, const char *from, const char *to)
{
    char key[KEY];
    const struct right *right = find(rights, subscription_key(key, to, from));
    return right != NULL && right->began == rights->epoch + 1;
}

bool rights_ever_directed(const struct rights *rights, const char *from, const char *to)
{
    return ever(directed_at_full(rights, from, to)) || ever(directed_at_bare(rights, from, to));
}

/* Of the epochs only this matters: whether they are past. */
static void describe_right(struct description *description, const struct rights *rights,
                           const struct right *right)
{
    describe_named(description, "right", right->key);
    describe_word(description, right->allowed, "allowed");
    describe_word(description, right->ever, "ever");
    describe_word(description, right->began > 0, "began");
    describe_word(description, right->began == rights->epoch + 1, "just now");
    describe_word(description, right->ever && right->ended == rights->epoch, "ended just now");
    describe_word(description, right->left, "left");
    describe_word(description, right->asked, "asked");
    describe_word(description, right->refused, "refused");
    describe_word(description, right->hidden, "hidden");
}

void rights_describe(struct description *description, const struct rights *rights)
{
    for (const struct right *right = rights->first; right != NULL; right = right->hh.next)
        describe_right(description, rights, right);
    for (const struct roster_seen *seen = rights->rosters; seen != NULL; seen = seen->hh.next) {
        describe_named(description, "roster of", seen->bare_jid);
        describe_count(description, "read in version", seen->revision);
    }
}

void rights_quiet(struct rights *rights, rights_bound is_bound, const void *host)
{
    for (struct right *right = rights->first; right != NULL; right = right->hh.next) {
        const char *seen = seen_by(right);
        if (strchr(seen, '/') == NULL || is_bound(host, seen))
            continue;
        right->refused = false;
        if (right->allowed)
            end(rights, right);
    }
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
