#include "presence_model.h"

#include "durability.h"

#include "../model/sides.h"
#include "../must.h"
#include "../text.h"
#include "../world/describe.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define uthash_fatal(message) abort()
#include <uthash.h>

/* Short hash chains: one is searched after every event. */
#undef HASH_BKT_CAPACITY_THRESH
#define HASH_BKT_CAPACITY_THRESH 4U

/* A right to see presence: of an account, by a subscription; or of a client, at the address to which it
 * directed presence. */
struct right {
    const struct seen *seen;
    bool allowed;
    bool ever;      /* it was allowed at some time */
    uint64_t began; /* the epoch after the one in which it last began; 0 for never */
    uint64_t ended; /* the epoch in which it last ended, counting only if `ever` */
    bool left;      /* unavailable presence was directed, or the viewer probed */
    bool asked;     /* the viewer has probed */
    bool refused;   /* by the server: it reached no client */
    bool hidden;    /* unavailable presence was directed, without a broadcast since */
    uint64_t gone;  /* the epoch after the one in which the viewer was told that all resources have left */
    UT_hash_handle hh;
    char viewer[];
};

/* The seen entity: an account by its bare JID, or a client that directed presence by its full JID. */
struct seen {
    struct right *model; /* rights, hashed by viewer */
    uint64_t revision;   /* of the account's roster, when last read; UINT64_MAX for never */
    UT_hash_handle hh;
    char jid[];
};

/* The longest JID has 3071 bytes (RFC 7622, 3.1).  No session has a longer one, so a longer one gives no
 * rights. */
enum { JID_SIZE = 3072 };

static size_t bare_length(const char *jid)
{
    return strcspn(jid, "/");
}

static struct seen *find_seen(const struct presence_model *model, const char *jid, size_t length)
{
    struct seen *seen = NULL;
    HASH_FIND(hh, model->first, jid, length, seen);
    return seen;
}

static struct seen *find_or_add_seen(struct presence_model *model, const char *jid, size_t length)
{
    struct seen *seen = find_seen(model, jid, length);
    if (seen != NULL)
        return seen;
    seen = must(calloc(1, sizeof *seen + length + 1));
    seen->revision = UINT64_MAX;
    memcpy(seen->jid, jid, length);
    HASH_ADD(hh, model->first, jid[0], length, seen);
    return seen;
}

static struct right *find(const struct presence_model *model, const char *viewer, size_t viewer_length,
                          const char *jid, size_t length)
{
    struct right *right = NULL;
    const struct seen *seen = find_seen(model, jid, length);
    if (seen != NULL)
        HASH_FIND(hh, seen->model, viewer, viewer_length, right);
    return right;
}

static struct right *add(struct seen *seen, const char *viewer, size_t length)
{
    struct right *right = NULL;
    HASH_FIND(hh, seen->model, viewer, length, right);
    if (right != NULL)
        return right;
    right = must(calloc(1, sizeof *right + length + 1));
    right->seen = seen;
    memcpy(right->viewer, viewer, length);
    HASH_ADD(hh, seen->model, viewer[0], length, right);
    return right;
}

/* The right between the accounts of two JIDs. */
static struct right *subscription(const struct presence_model *model, const char *viewer, const char *contact)
{
    return find(model, viewer, bare_length(viewer), contact, bare_length(contact));
}

static void end(const struct presence_model *model, struct right *right)
{
    right->allowed = false;
    right->ended = model->epoch;
}

static void set(const struct presence_model *model, struct right *right, bool allowed)
{
    if (right->allowed == allowed)
        return;
    right->ever = true;
    if (!allowed) {
        end(model, right);
        return;
    }
    /* A right that begins again in the same event has not ended. */
    if (right->began == 0 || right->ended != model->epoch)
        right->began = model->epoch + 1;
    right->allowed = true;
}

static bool counts(const struct presence_model *model, const struct right *right)
{
    if (right == NULL)
        return false;
    return right->allowed || (right->ever && right->ended == model->epoch);
}

/* ---- Subscriptions ---- */

bool presence_model_know(const struct presence_model *model, const char *jid)
{
    const struct seen *seen = find_seen(model, jid, bare_length(jid));
    return seen != NULL && seen->revision != UINT64_MAX;
}

static bool lets_see(const struct inspect_item *item)
{
    return strcmp(item->subscription, "from") == 0 || strcmp(item->subscription, "both") == 0;
}

/* Ends every right to see an account or a client. */
static void end_all(const struct presence_model *model, const struct seen *seen)
{
    for (struct right *right = seen->model; right != NULL; right = right->hh.next) {
        right->refused = false;
        if (right->allowed)
            end(model, right);
    }
}

void presence_model_learn(struct presence_model *model, const struct session_view *session)
{
    if (session->roster == NULL)
        return;
    struct seen *seen = find_or_add_seen(model, session->full_jid, bare_length(session->full_jid));
    uint64_t revision = inspect_roster_revision(session->roster);
    if (seen->revision == revision)
        return;
    seen->revision = revision;
    /* The current subscriptions begin again in the same event. */
    end_all(model, seen);
    for (size_t i = 0; i < inspect_roster_size(session->roster); i++) {
        struct inspect_item item = inspect_roster_item(session->roster, i);
        if (lets_see(&item))
            set(model, add(seen, item.jid, bare_length(item.jid)), true);
    }
}

void presence_model_learn_stored(struct presence_model *model, const char *account, const struct disk *disk)
{
    struct account_name name;
    if (!account_name(&name, account))
        return;
    struct seen *seen = find_or_add_seen(model, account, strlen(account));
    seen->revision = UINT64_MAX;
    end_all(model, seen);
    for (size_t i = disk_count(disk, name.local, name.domain, CORE_STORE_ROSTER); i-- > 0;) {
        const struct core_store_entry item = disk_entry(disk, name.local, name.domain, CORE_STORE_ROSTER, i);
        if (*item.key != '\0' && side_has_from(side_of_item(item.value).state))
            set(model, add(seen, item.key, strlen(item.key)), true);
    }
}

bool presence_model_may_see(const struct presence_model *model, const char *contact, const char *viewer)
{
    const struct right *right = subscription(model, viewer, contact);
    return right != NULL && right->allowed;
}

/* ---- Directed presence ---- */

/* A client may write an address in any case; the part before the resource is compared in lower case. (ASCII
 * only; the server implements all of Nodeprep and Nameprep.) */
static const char *folded(char out[JID_SIZE], const char *jid)
{
    const size_t bare = bare_length(jid);
    memcpy(out, jid, strlen(jid) + 1);
    for (size_t i = 0; i < bare; i++)
        out[i] = text_small(out[i]);
    return out;
}

/* The right for presence that `from` directs to `to`; NULL when one of the two is too long for a JID. */
static struct right *directed(struct presence_model *model, const char *from, const char *to)
{
    char seen[JID_SIZE], viewer[JID_SIZE];
    if (strlen(to) >= JID_SIZE || strlen(from) >= JID_SIZE)
        return NULL;
    (void)folded(seen, from);
    return add(find_or_add_seen(model, seen, strlen(seen)), folded(viewer, to), strlen(to));
}

void presence_model_direct(struct presence_model *model, const char *from, const char *to, bool available)
{
    struct right *right = directed(model, from, to);
    if (right == NULL)
        return;
    right->hidden = !available;
    if (!available)
        right->left = true;
    set(model, right, available);
}

void presence_model_doubt(struct presence_model *model, const char *from, const char *to)
{
    presence_model_ask(model, to, from);
    struct right *right = directed(model, from, to);
    if (right == NULL)
        return;
    right->hidden = right->left = right->refused = true;
    set(model, right, true);
}

void presence_model_leave(struct presence_model *model, const char *from)
{
    assert(strchr(from, '/') != NULL);
    const struct seen *seen = find_seen(model, from, strlen(from));
    if (seen != NULL)
        end_all(model, seen);
}

void presence_model_refuse(struct presence_model *model, const char *from, const char *by)
{
    struct right *right = directed(model, from, by);
    if (right == NULL)
        return;
    right->refused = true;
    if (right->allowed)
        end(model, right);
}

void presence_model_ask(struct presence_model *model, const char *from, const char *by)
{
    struct right *right = directed(model, from, by);
    if (right != NULL)
        right->left = right->asked = true;
}

bool presence_model_asked(const struct presence_model *model, const char *from, const char *by)
{
    const struct right *full = find(model, by, strlen(by), from, strlen(from));
    const struct right *bare = find(model, by, strlen(by), from, bare_length(from));
    return (full != NULL && full->asked) || (bare != NULL && bare->asked);
}

void presence_model_gone(struct presence_model *model, const char *from, const char *by)
{
    struct right *right = directed(model, from, by);
    if (right != NULL)
        right->gone = model->epoch + 1;
}

bool presence_model_is_gone(const struct presence_model *model, const char *from, const char *by)
{
    const struct right *right = find(model, by, strlen(by), from, strlen(from));
    return right != NULL && right->gone == model->epoch + 1;
}

void presence_model_told(struct presence_model *model, const char *from, const char *by)
{
    struct right *right = find(model, by, strlen(by), from, strlen(from));
    if (right != NULL)
        right->gone = 0;
}

static const struct right *directed_at_full(const struct presence_model *model, const char *from,
                                            const char *to)
{
    return find(model, to, strlen(to), from, strlen(from));
}

/* Presence directed to a bare JID is for all resources of the account. */
static const struct right *directed_at_bare(const struct presence_model *model, const char *from,
                                            const char *to)
{
    return find(model, to, bare_length(to), from, strlen(from));
}

static bool is_allowed(const struct right *right)
{
    return right != NULL && right->allowed;
}

void presence_model_broadcast(struct presence_model *model, const char *from)
{
    const struct seen *seen = find_seen(model, from, strlen(from));
    for (struct right *right = seen != NULL ? seen->model : NULL; right != NULL; right = right->hh.next)
        right->hidden = false;
}

static bool is_unseen(const struct right *right)
{
    return right != NULL && (right->refused || right->hidden);
}

bool presence_model_unseen(const struct presence_model *model, const char *from, const char *by)
{
    return is_unseen(directed_at_full(model, from, by)) || is_unseen(directed_at_bare(model, from, by));
}

bool presence_model_directed(const struct presence_model *model, const char *from, const char *to)
{
    return is_allowed(directed_at_full(model, from, to)) || is_allowed(directed_at_bare(model, from, to));
}

static bool has_left(const struct right *right)
{
    return right != NULL && right->left;
}

bool presence_model_took_leave(const struct presence_model *model, const char *from, const char *to)
{
    return has_left(directed_at_full(model, from, to)) || has_left(directed_at_bare(model, from, to));
}

/* ---- All of it ---- */

static bool same_account(const char *a, const char *b)
{
    size_t length = bare_length(a);
    return length == bare_length(b) && strncmp(a, b, length) == 0;
}

bool presence_model_allow(const struct presence_model *model, const char *from, const char *to)
{
    const size_t account = bare_length(from), viewer = bare_length(to);
    return (account == viewer && memcmp(from, to, account) == 0) ||
           counts(model, find(model, to, viewer, from, account)) ||
           counts(model, directed_at_full(model, from, to)) ||
           counts(model, directed_at_bare(model, from, to));
}

static bool ever(const struct right *right)
{
    return right != NULL && right->ever;
}

bool presence_model_ever(const struct presence_model *model, const char *from, const char *to)
{
    return same_account(from, to) || ever(subscription(model, to, from)) ||
           ever(directed_at_full(model, from, to)) || ever(directed_at_bare(model, from, to));
}

bool presence_model_are_new(const struct presence_model *model, const char *from, const char *to)
{
    const struct right *right = subscription(model, to, from);
    return right != NULL && right->began == model->epoch + 1;
}

bool presence_model_ever_directed(const struct presence_model *model, const char *from, const char *to)
{
    return ever(directed_at_full(model, from, to)) || ever(directed_at_bare(model, from, to));
}

/* Only whether the epochs are past matters. */
static void describe_right(struct description *description, const struct presence_model *model,
                           const struct right *right)
{
    describe_named(description, "right of", right->viewer);
    describe_string(description, "to see", right->seen->jid);
    describe_word(description, right->allowed, "allowed");
    describe_word(description, right->ever, "ever");
    describe_word(description, right->began > 0, "began");
    describe_word(description, right->began == model->epoch + 1, "just now");
    describe_word(description, right->ever && right->ended == model->epoch, "ended just now");
    describe_word(description, right->left, "left");
    describe_word(description, right->asked, "asked");
    describe_word(description, right->refused, "refused");
    describe_word(description, right->hidden, "hidden");
    describe_word(description, right->gone == model->epoch + 1, "gone just now");
}

void presence_model_describe(struct description *description, const struct presence_model *model)
{
    for (const struct seen *seen = model->first; seen != NULL; seen = seen->hh.next) {
        for (const struct right *right = seen->model; right != NULL; right = right->hh.next)
            describe_right(description, model, right);
        describe_named(description, "roster of", seen->jid);
        describe_count(description, "read in version", seen->revision);
    }
}

void presence_model_quiet(struct presence_model *model, presence_model_bound is_bound, const void *host)
{
    for (const struct seen *seen = model->first; seen != NULL; seen = seen->hh.next)
        if (strchr(seen->jid, '/') != NULL && !is_bound(host, seen->jid))
            end_all(model, seen);
    model->epoch++;
}

static void free_seen(struct seen *seen)
{
    struct right *right = seen->model;
    HASH_CLEAR(hh, seen->model);
    while (right != NULL) {
        struct right *next = right->hh.next;
        free(right);
        right = next;
    }
    free(seen);
}

void presence_model_free(struct presence_model *model)
{
    struct seen *seen = model->first;
    HASH_CLEAR(hh, model->first);
    while (seen != NULL) {
        struct seen *next = seen->hh.next;
        free_seen(seen);
        seen = next;
    }
}
