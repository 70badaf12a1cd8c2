#include "fates.h"

#include "../must.h"
#include "../text.h"
#include "../world/describe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define uthash_fatal(message) abort()
#include <uthash.h>

enum { GOT_MAX = 8 };

struct fate {
    char *from, *address;      /* full or bare JIDs */
    char *sender, *to;         /* bare JIDs */
    unsigned sent_endings;     /* ended connections of the sender, when the message was last under way */
    unsigned received_endings; /* ended connections of the recipient, then */
    bool ambiguous;            /* its id was used again, or a client answered it with an error of its own */
    bool refused;              /* by the server */
    bool kept;                 /* now */
    bool was_kept;
    bool was_held;         /* on its way to a client that could not acknowledge it */
    bool sent_to_be_held;  /* there was such a client when it was sent */
    bool twice;            /* delivered twice to the same client */
    bool haunted;          /* it may be lost with a connection whose client is gone */
    bool unsure;           /* delivered to a client that acknowledges, whose account then had... */
    unsigned endings_then; /* ...so many connections that ended */
    const struct client *got[GOT_MAX]; /* the clients that received it */
    size_t got_count;
    bool is_open; /* in the list of open fates */
    struct fate *next_open;
    UT_hash_handle hh;
    char key[];
};

/* Returns the key; the caller frees it. */
static char *make_key(const char *from, const char *id)
{
    struct text key = { 0 };
    text_string(&key, from);
    text_string(&key, "\n");
    text_string(&key, id);
    return text_take(&key);
}

static struct fate *find(const struct fates *fates, const char *from, const char *id)
{
    struct fate *fate = NULL;
    if (fates->first == NULL || from == NULL || id == NULL)
        return NULL;
    char *key = make_key(from, id);
    HASH_FIND_STR(fates->first, key, fate);
    free(key);
    return fate;
}

/* A copy of a JID, with its account prepared as far as ASCII goes (RFC 7622, 3.2 and 3.3). */
static char *copy_prepared(const char *jid)
{
    char *copy = must(strdup(jid));
    size_t bare = strcspn(copy, "/");
    for (size_t i = 0; i < bare; i++)
        copy[i] = text_small(copy[i]);
    if (bare > 0 && copy[bare - 1] == '.')
        memmove(copy + bare - 1, copy + bare, strlen(copy + bare) + 1);
    return copy;
}

static char *copy_bare(const char *jid)
{
    return must(strndup(jid, strcspn(jid, "/")));
}

/* ---- Open fates ----
 *
 * There may be tens of thousands of messages.  A message that was delivered or bounced, and was correct at
 * quiescence, stays correct until a stanza with its key arrives, storage changes, or `stirs` grows.  Only the
 * other messages are open, and checked at each quiescence. */

static void open_fate(struct fates *fates, struct fate *fate)
{
    if (fate->is_open)
        return;
    fate->is_open = true;
    fate->next_open = fates->open;
    fates->open = fate;
}

static void open_all(struct fates *fates)
{
    for (struct fate *fate = fates->first; fate != NULL; fate = fate->hh.next)
        open_fate(fates, fate);
}

/* Keeps the messages open that neither side has received. */
static void close_settled(struct fates *fates)
{
    struct fate **at = &fates->open;
    while (*at != NULL) {
        struct fate *fate = *at;
        fate->is_open = fate->got_count == 0 && !fate->refused;
        if (fate->is_open)
            at = &fate->next_open;
        else
            *at = fate->next_open;
    }
}

/* Whether a message, or its bounce, may have been lost on the side of the sender.  A stored message is
 * bounced only when the recipient comes online, to any client of the sender then online. */
static bool is_lost_to_sender(const struct fates *fates, const struct fate *fate, const char *from,
                              bool ended)
{
    if (!fate->was_kept)
        return ended;
    return fates->present(fates->host, fate->to) && (ended || !fates->present(fates->host, from));
}

/* Whether a connection that the message may have been lost with has ended since the last call. */
static bool has_ended(const struct fates *fates, struct fate *fate, fates_endings endings)
{
    unsigned sent = endings(fates->host, fate->sender);
    unsigned received = endings(fates->host, fate->to);
    bool ended = received != fate->received_endings ||
                 is_lost_to_sender(fates, fate, fate->sender, sent != fate->sent_endings);
    fate->sent_endings = sent;
    fate->received_endings = received;
    return ended;
}

/* Whether it is under way to either side. */
static bool is_held(const struct fates *fates, const struct fate *fate)
{
    return fates->held(fates->host, fate->sender) || fates->held(fates->host, fate->to);
}

static void add(struct fates *fates, const char *from, const char *to, const char *id)
{
    char *key = make_key(from, id);
    size_t size = strlen(key) + 1;
    struct fate *fate = must(calloc(1, sizeof *fate + size));
    memcpy(fate->key, key, size);
    free(key);
    fate->from = must(strdup(from));
    fate->sender = copy_bare(from);
    fate->address = copy_prepared(to != NULL ? to : from);
    fate->to = copy_bare(fate->address);
    fate->sent_to_be_held = is_held(fates, fate);
    /* A connection may have ended without its server knowing yet. */
    (void)has_ended(fates, fate, fates->endings_before);
    HASH_ADD_STR(fates->first, key, fate);
    open_fate(fates, fate);
}

static bool is_type(const struct xml *stanza, const char *type)
{
    const char *actual = xml_get(stanza, "type");
    return actual != NULL && strcmp(actual, type) == 0;
}

/* Messages without a body may be stored or not. */
static bool may_be_dropped(const struct fates *fates, const struct xml *message)
{
    const char *to = xml_get(message, "to");
    bool is_kept = xml_child(message, "body", XML_NS_CLIENT) != NULL &&
                   xml_child(message, "no-store", "urn:xmpp:hints") == NULL;
    return !is_kept && to != NULL && fates->hushed(fates->host, to);
}

void fates_sent(struct fates *fates, const struct client *client, const struct xml *stanza)
{
    const char *from = client_full_jid(client);
    const char *id = xml_get(stanza, "id");
    if (!xml_is(stanza, "message", XML_NS_CLIENT) || id == NULL || from == NULL ||
        is_type(stanza, "headline") || may_be_dropped(fates, stanza))
        return;
    bool is_error = is_type(stanza, "error");
    struct fate *fate = is_error ? find(fates, xml_get(stanza, "to"), id) : find(fates, from, id);
    if (fate != NULL)
        fate->ambiguous = true;
    else if (!is_error)
        add(fates, from, xml_get(stanza, "to"), id);
}

/* A client that received it and whose connection ended may not have acknowledged it; it is then delivered to
 * another (XEP-0198, 5). */
static bool is_unsure(const struct fates *fates, const struct fate *fate)
{
    return fate->unsure && fates->endings(fates->host, fate->to) != fate->endings_then;
}

void fates_received(struct fates *fates, const struct client *client, const struct xml *stanza)
{
    if (!xml_is(stanza, "message", XML_NS_CLIENT))
        return;
    const char *id = xml_get(stanza, "id");
    bool is_error = is_type(stanza, "error");
    struct fate *fate = find(fates, is_error ? client_full_jid(client) : xml_get(stanza, "from"), id);
    if (fate == NULL)
        return;
    open_fate(fates, fate);
    if (is_error) {
        fate->refused = true;
        return;
    }
    for (size_t i = 0; i < fate->got_count; i++)
        fate->twice = fate->twice || fate->got[i] == client;
    if (fate->got_count < GOT_MAX)
        fate->got[fate->got_count++] = client;
    if (client_counts(client).managed) {
        fate->was_held = fate->was_held || is_unsure(fates, fate);
        fate->unsure = true;
        fate->endings_then = fates->endings(fates->host, fate->to);
    }
}

/* ---- At quiescence ---- */

static void note_kept(void *host, const struct core_store_entry *entry)
{
    const struct fates *fates = host;
    const char *problem;
    int line;
    struct xml *stanza = xml_fragment(entry->value, strlen(entry->value), &problem, &line);
    struct fate *fate = stanza != NULL ? find(fates, xml_get(stanza, "from"), xml_get(stanza, "id")) : NULL;
    if (fate != NULL)
        fate->kept = fate->was_kept = true;
    xml_free(stanza);
}

/* Describes what is wrong with a message; NULL when it is correct.  Double delivery is excused when a save
 * failed, since a delivered message could then not be removed from storage, and for a client that could never
 * acknowledge, for any reason, including memory. */
static const char *what_is_wrong(const struct fate *fate, bool saves_failed, bool forgotten)
{
    bool delivered = fate->got_count > 0;
    if (fate->ambiguous)
        return NULL;
    if (!delivered && !fate->kept && !fate->refused)
        return "was not delivered, not stored and not bounced";
    if (fate->was_held || forgotten)
        return NULL;
    if (fate->refused && delivered && !(fate->was_kept && saves_failed))
        return "was delivered and bounced";
    if (saves_failed)
        return NULL;
    if (fate->refused && fate->kept)
        return "was bounced and stored";
    if (delivered && fate->kept)
        return "was delivered and is still stored";
    if (fate->was_kept && fate->got_count > 1)
        return "was stored, and delivered more than once";
    return fate->twice ? "was delivered to the same client twice" : NULL;
}

/* Whether a message, or its bounce, may have been lost with a connection or between two servers. */
static bool is_forgiven(const struct fates *fates, struct fate *fate)
{
    if (fate->got_count > 0 || fate->refused)
        return false; /* and it never can be lost */
    bool ended = has_ended(fates, fate, fates->endings);
    bool held = fate->was_held || fate->sent_to_be_held;
    bool lost = ended || fate->haunted || fates->apart(fates->host, fate->from, fate->address) ||
                (held && fates->forgotten(fates->host)) ||
                (!fate->was_kept && fates->lost(fates->host, fate->from, fate->to));
    return lost && !fate->kept;
}

/* Marks the stored messages.  A message sent since storage last changed is not stored.  Returns false when
 * storage has not changed. */
static bool learn_kept(struct fates *fates, struct disk *const *disks, size_t disk_count)
{
    uint64_t changes = 1;
    for (size_t i = 0; i < disk_count; i++)
        changes += disk_changes(disks[i], CORE_STORE_OFFLINE);
    if (fates->first == NULL || fates->asked == changes)
        return false;
    fates->asked = changes;
    for (struct fate *fate = fates->first; fate != NULL; fate = fate->hh.next)
        fate->kept = false;
    for (size_t i = 0; i < disk_count; i++)
        disk_visit_all(disks[i], CORE_STORE_OFFLINE, note_kept, fates);
    return true;
}

/* Updates all open messages at quiescence. */
struct circumstances {
    bool saves_failed, forgotten;
};

/* Describes what is wrong with a message now; NULL when it is correct. */
static const char *look_at(const struct fates *fates, struct fate *fate, const struct circumstances *now)
{
    const bool arrived = fate->got_count > 0 || fate->kept || fate->refused;
    const bool held = !(arrived && fate->was_held) && is_held(fates, fate);
    fate->haunted = fate->haunted || fates->haunted(fates->host, fate->to);
    fate->was_held = fate->was_held || held || is_unsure(fates, fate);
    if (held && !arrived)
        return NULL;
    fate->ambiguous = is_forgiven(fates, fate) || fate->ambiguous;
    return what_is_wrong(fate, now->saves_failed, now->forgotten);
}

/* Of several incorrect messages, the one sent first is reported. */
static bool tell_first_wrong(const struct fates *fates, const struct circumstances *now, char *detail,
                             size_t size)
{
    struct fate *fate = fates->first;
    const char *wrong = NULL;
    while (fate != NULL && (wrong = look_at(fates, fate, now)) == NULL)
        fate = fate->hh.next;
    if (fate != NULL)
        (void)snprintf(detail, size, "the message %s from %s to %s %s", fate->key + strlen(fate->from) + 1,
                       fate->from, fate->to, wrong);
    return fate == NULL;
}

bool fates_quiet(struct fates *fates, struct disk *const *disks, size_t disk_count, char *detail, size_t size)
{
    bool good = true;
    struct circumstances now = { .forgotten = fates->forgotten(fates->host) };
    const uint64_t stirs = fates->stirs(fates->host);
    if (learn_kept(fates, disks, disk_count) || stirs != fates->stirred)
        open_all(fates);
    fates->stirred = stirs;
    for (size_t i = 0; i < disk_count; i++)
        now.saves_failed = now.saves_failed || disk_failed_saves(disks[i]) > 0;
    for (struct fate *fate = fates->open; fate != NULL && good; fate = fate->next_open)
        good = look_at(fates, fate, &now) == NULL;
    if (!good)
        return tell_first_wrong(fates, &now, detail, size);
    close_settled(fates);
    return true;
}

/* ---- Described ---- */

static void describe_fate(struct description *description, const struct fate *fate)
{
    const struct {
        bool is;
        const char *word;
    } flags[] = {
        { fate->ambiguous, "ambiguous" }, { fate->refused, "refused" },
        { fate->kept, "kept" },           { fate->was_kept, "was kept" },
        { fate->was_held, "was held" },   { fate->sent_to_be_held, "sent to be held" },
        { fate->twice, "twice" },         { fate->haunted, "haunted" },
        { fate->unsure, "unsure" },
    };
    describe_named(description, "message", fate->key);
    describe_string(description, "to", fate->address);
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        describe_word(description, flags[i].is, flags[i].word);
    describe_count(description, "connections of the sender ended", fate->sent_endings);
    describe_count(description, "connections of the recipient ended", fate->received_endings);
    describe_count(description, "connections ended at delivery", fate->endings_then);
    for (size_t i = 0; i < fate->got_count; i++)
        describe_string(description, "delivered to", client_name(fate->got[i]));
}

void fates_describe(struct description *description, const struct fates *fates)
{
    for (const struct fate *fate = fates->first; fate != NULL; fate = fate->hh.next)
        describe_fate(description, fate);
}

static void fate_free(struct fate *fate)
{
    free(fate->from);
    free(fate->address);
    free(fate->sender);
    free(fate->to);
    free(fate);
}

void fates_free(struct fates *fates)
{
    struct fate *fate = fates->first;
    HASH_CLEAR(hh, fates->first);
    while (fate != NULL) {
        struct fate *next = fate->hh.next;
        fate_free(fate);
        fate = next;
    }
}
