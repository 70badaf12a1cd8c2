#include "rights.h"

#include "../must.h"
#include "../world/describe.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define uthash_fatal(message) abort()
#include <uthash.h>

/* Short chains: one is walked after every event. */
#undef HASH_BKT_CAPACITY_THRESH
#define HASH_BKT_CAPACITY_THRESH 4U

/* What one may see of another: an account, by a subscription, or whoever presence was directed at, by the
 * address that it was sent to. */
struct right {
    const struct seen *seen;
    bool allowed;
    bool ever;      /* it was allowed once */
    uint64_t began; /* the epoch after the one in which it last began; 0 for never */
    uint64_t ended; /* the epoch in which it last ended, counting only if `ever` */
    bool left;      /* unavailable was directed or asked for once */
    bool asked;     /* the viewer probed by itself once */
    bool refused;   /* by the server: it went to nobody */
    bool hidden;    /* unavailable was directed, and nothing broadcast since */
    UT_hash_handle hh;
    char viewer[];
};

/* Who is seen: an account by its bare JID, or who directed presence by his full one. */
struct seen {
    struct right *rights; /* hashed by their viewers */
    uint64_t revision;    /* of the account's roster, when it was read; UINT64_MAX for never */
    UT_hash_handle hh;
    char jid[];
};

/* The greatest JID has 3071 bytes (RFC 7622, 3.1).  Nobody is found at a longer one, so nobody has rights by
 * it. */
enum { JID_SIZE = 3072 };

static size_t bare_length(const char *jid)
{
    return strcspn(jid, "/");
}

static struct seen *find_seen(const struct rights *rights, const char *jid, size_t length)
{
    struct seen *seen = NULL;
    HASH_FIND(hh, rights->first, jid, length, seen);
    return seen;
}

static struct seen *find_or_add_seen(struct rights *rights, const char *jid, size_t length)
{
    struct seen *seen = find_seen(rights, jid, length);
    if (seen != NULL)
        return seen;
    seen = must(calloc(1, sizeof *seen + length + 1));
    seen->revision = UINT64_MAX;
    memcpy(seen->jid, jid, length);
    HASH_ADD(hh, rights->first, jid[0], length, seen);
    return seen;
}

static struct right *find(const struct rights *rights, const char *viewer, size_t viewer_length,
                          const char *jid, size_t length)
{
    struct right *right = NULL;
    const struct seen *seen = find_seen(rights, jid, length);
    if (seen != NULL)
        HASH_FIND(hh, seen->rights, viewer, viewer_length, right);
    return right;
}

static struct right *add(struct seen *seen, const char *viewer, size_t length)
{
    struct right *right = NULL;
    HASH_FIND(hh, seen->rights, viewer, length, right);
    if (right != NULL)
        return right;
    right = must(calloc(1, sizeof *right + length + 1));
    right->seen = seen;
    memcpy(right->viewer, viewer, length);
    HASH_ADD(hh, seen->rights, viewer[0], length, right);
    return right;
}

/* Between the accounts of two JIDs. */
static struct right *subscription(const struct rights *rights, const char *viewer, const char *contact)
{
    return find(rights, viewer, bare_length(viewer), contact, bare_length(contact));
}

static void end(const struct rights *rights, struct right *right)
{
    right->allowed = false;
    right->ended = rights->epoch;
}

static void set(const struct rights *rights, struct right *right, bool allowed)
{
    if (right->allowed == allowed)
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

bool rights_know(const struct rights *rights, const char *jid)
{
    const struct seen *seen = find_seen(rights, jid, bare_length(jid));
    return seen != NULL && seen->revision != UINT64_MAX;
}

static bool lets_see(const struct inspect_item *item)
{
    return strcmp(item->subscription, "from") == 0 || strcmp(item->subscription, "both") == 0;
}

/* Ends every right to see an account, which are subscriptions, or who directed presence. */
static void end_all(const struct rights *rights, const struct seen *seen)
{
    for (struct right *right = seen->rights; right != NULL; right = right->hh.next) {
        right->refused = false;
        if (right->allowed)
            end(rights, right);
    }
}

void rights_learn(struct rights *rights, const struct session_view *session)
{
    if (session->roster == NULL)
        return;
    struct seen *seen = find_or_add_seen(rights, session->full_jid, bare_length(session->full_jid));
    uint64_t revision = inspect_roster_revision(session->roster);
    if (seen->revision == revision)
        return;
    seen->revision = revision;
    /* Those that there are begin again in the same breath. */
    end_all(rights, seen);
    for (size_t i = 0; i < inspect_roster_size(session->roster); i++) {
        struct inspect_item item = inspect_roster_item(session->roster, i);
        if (lets_see(&item))
            set(rights, add(seen, item.jid, bare_length(item.jid)), true);
    }
}

void rights_forget_roster(struct rights *rights, const char *account)
{
    struct seen *seen = find_seen(rights, account, strlen(account));
    if (seen != NULL)
        seen->revision = UINT64_MAX;
}

bool rights_may_see(const struct rights *rights, const char *contact, const char *viewer)
{
    const struct right *right = subscription(rights, viewer, contact);
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

/* What becomes of presence that `from` directs at `to`; NULL when one of the two is too long for a JID. */
static struct right *directed(struct rights *rights, const char *from, const char *to)
{
    char viewer[JID_SIZE];
    size_t length = strlen(to);
    if (length >= JID_SIZE || strlen(from) >= JID_SIZE)
        return NULL;
    memcpy(viewer, to, length + 1);
    fold(viewer, bare_length(to));
    return add(find_or_add_seen(rights, from, strlen(from)), viewer, length);
}

void rights_direct(struct rights *rights, const char *from, const char *to, bool available)
{
    struct right *right = directed(rights, from, to);
    if (right == NULL)
        return;
    right->hidden = !available;
    if (!available)
        right->left = true;
    set(rights, right, available);
}

void rights_doubt(struct rights *rights, const char *from, const char *to)
{
    rights_ask(rights, to, from);
    struct right *right = directed(rights, from, to);
    if (right == NULL)
        return;
    right->hidden = right->left = right->refused = true;
    set(rights, right, true);
}

void rights_leave(struct rights *rights, const char *from)
{
    assert(strchr(from, '/') != NULL);
    const struct seen *seen = find_seen(rights, from, strlen(from));
    if (seen != NULL)
        end_all(rights, seen);
}

void rights_refuse(struct rights *rights, const char *from, const char *by)
{
    struct right *right = directed(rights, from, by);
    if (right == NULL)
        return;
    right->refused = true;
    if (right->allowed)
        end(rights, right);
}

void rights_ask(struct rights *rights, const char *from, const char *by)
{
    struct right *right = directed(rights, from, by);
    if (right != NULL)
        right->left = right->asked = true;
}

bool rights_asked(const struct rights *rights, const char *from, const char *by)
{
    const struct right *full = find(rights, by, strlen(by), from, strlen(from));
    const struct right *bare = find(rights, by, strlen(by), from, bare_length(from));
    return (full != NULL && full->asked) || (bare != NULL && bare->asked);
}

static const struct right *directed_at_full(const struct rights *rights, const char *from, const char *to)
{
    return find(rights, to, strlen(to), from, strlen(from));
}

/* What was directed at a bare JID is for all of the account's resources. */
static const struct right *directed_at_bare(const struct rights *rights, const char *from, const char *to)
{
    return find(rights, to, bare_length(to), from, strlen(from));
}

static bool is_allowed(const struct right *right)
{
    return right != NULL && right->allowed;
}

void rights_broadcast(struct rights *rights, const char *from)
{
    const struct seen *seen = find_seen(rights, from, strlen(from));
    for (struct right *right = seen != NULL ? seen->rights : NULL; right != NULL; right = right->hh.next)
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

static bool has_left(const struct right *right)
{
    return right != NULL && right->left;
}

bool rights_took_leave(const struct rights *rights, const char *from, const char *to)
{
    return has_left(directed_at_full(rights, from, to)) || has_left(directed_at_bare(rights, from, to));
}

/* ---- All of it ---- */

static bool same_account(const char *a, const char *b)
{
    size_t length = bare_length(a);
    return length == bare_length(b) && strncmp(a, b, length) == 0;
}

bool rights_allow(const struct rights *rights, const char *from, const char *to)
{
    return same_account(from, to) || counts(rights, subscription(rights, to, from)) ||
           counts(rights, directed_at_full(rights, from, to)) ||
           counts(rights, directed_at_bare(rights, from, to));
}

static bool ever(const struct right *right)
{
    return right != NULL && right->ever;
}

bool rights_ever(const struct rights *rights, const char *from, const char *to)
{
    return same_account(from, to) || ever(subscription(rights, to, from)) ||
           ever(directed_at_full(rights, from, to)) || ever(directed_at_bare(rights, from, to));
}

bool rights_are_new(const struct rights *rights, const char *from, const char *to)
{
    const struct right *right = subscription(rights, to, from);
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
    describe_named(description, "right of", right->viewer);
    describe_string(description, "to see", right->seen->jid);
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
    for (const struct seen *seen = rights->first; seen != NULL; seen = seen->hh.next) {
        for (const struct right *right = seen->rights; right != NULL; right = right->hh.next)
            describe_right(description, rights, right);
        describe_named(description, "roster of", seen->jid);
        describe_count(description, "read in version", seen->revision);
    }
}

void rights_quiet(struct rights *rights, rights_bound is_bound, const void *host)
{
    for (const struct seen *seen = rights->first; seen != NULL; seen = seen->hh.next)
        if (strchr(seen->jid, '/') != NULL && !is_bound(host, seen->jid))
            end_all(rights, seen);
    rights->epoch++;
}

static void free_seen(struct seen *seen)
{
    struct right *right = seen->rights;
    HASH_CLEAR(hh, seen->rights);
    while (right != NULL) {
        struct right *next = right->hh.next;
        free(right);
        right = next;
    }
    free(seen);
}

void rights_free(struct rights *rights)
{
    struct seen *seen = rights->first;
    HASH_CLEAR(hh, rights->first);
    while (seen != NULL) {
        struct seen *next = seen->hh.next;
        free_seen(seen);
        seen = next;
    }
}
