#include "fates.h"

#include "../world/describe.h"

#include <stdio.h>
#include <string.h>

/* ---- Open bundles ----
 *
 * There may be tens of thousands of messages.  Messages that were delivered or bounced, and were correct at
 * quiescence, stay correct until a stanza with their key arrives, storage changes, or `stirs` grows.  Only the
 * other bundles are open, and checked at each quiescence. */

static void open_bundle(struct fates *fates, struct bundle *bundle)
{
    if (bundle->is_open)
        return;
    bundle->is_open = true;
    bundle->next_open = fates->open;
    fates->open = bundle;
}

static void open_all(struct fates *fates)
{
    for (struct bundle *bundle = fates->bundles.first; bundle != NULL; bundle = bundle->next)
        open_bundle(fates, bundle);
}

static unsigned errors_at_most(const struct bundle *bundle)
{
    return bundle->refused + bundle->maybe_refused;
}

static unsigned above(unsigned number, unsigned other)
{
    return number > other ? number - other : 0;
}

/* Whether neither side has received one of its messages; it may be stored. */
static bool is_under_way(const struct bundle *bundle)
{
    unsigned under_way = 0;
    for (const struct fate *fate = bundle->fates; fate != NULL; fate = fate->next)
        under_way += fate->excused ? 0 : above(fate->sent, fate->delivered);
    return under_way > errors_at_most(bundle);
}

static void close_settled(struct fates *fates)
{
    struct bundle **at = &fates->open;
    while (*at != NULL) {
        struct bundle *bundle = *at;
        bundle->is_open = is_under_way(bundle);
        if (bundle->is_open)
            at = &bundle->next_open;
        else
            *at = bundle->next_open;
    }
}

/* ---- Connections that ended ---- */

struct ended {
    bool sender, recipient;
};

/* Whose connections have ended since the last call. */
static struct ended learn_ended(const struct fates *fates, struct bundle *bundle, fates_endings endings)
{
    const unsigned sent = endings(fates->host, bundle->sender);
    const unsigned received = endings(fates->host, bundle->to);
    const struct ended ended = { sent != bundle->sent_endings, received != bundle->received_endings };
    bundle->sent_endings = sent;
    bundle->received_endings = received;
    return ended;
}

/* Whether a message, or its bounce, may have been lost on the side of the sender.  A stored message is
 * bounced only when the recipient comes online, to any client of the sender then online. */
static bool is_lost_to_sender(const struct fates *fates, const struct bundle *bundle, const struct fate *fate,
                              bool ended)
{
    if (fate->most_kept == 0)
        return ended;
    return fates->present(fates->host, bundle->to) && (ended || !fates->present(fates->host, bundle->sender));
}

/* Whether it is under way to either side. */
static bool is_held(const struct fates *fates, const struct bundle *bundle)
{
    return fates->held(fates->host, bundle->sender) || fates->held(fates->host, bundle->to);
}

/* ---- What clients send ---- */

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
    return is_type(message, "headline") || (!is_kept && to != NULL && fates->hushed(fates->host, to));
}

static void message_sent(struct fates *fates, const char *from, const struct xml *stanza)
{
    struct bundle *bundle = bundles_get(&fates->bundles, from, stanza);
    struct fate *fate = bundle_fate(bundle, stanza);
    const bool is_droppable = may_be_dropped(fates, stanza) || bundles_is_unclear(&fates->bundles, from);
    if (!is_under_way(bundle)) /* a connection may have ended without its server knowing yet */
        (void)learn_ended(fates, bundle, fates->endings_before);
    fate->sent += !is_droppable;
    fate->droppable += is_droppable;
    fate->sent_to_be_held = fate->sent_to_be_held || is_held(fates, bundle);
    open_bundle(fates, bundle);
}

void fates_sent(struct fates *fates, const struct client *client, const struct xml *stanza)
{
    const char *from = client_full_jid(client);
    if (!xml_is(stanza, "message", XML_NS_CLIENT) || xml_get(stanza, "id") == NULL || from == NULL)
        return;
    if (is_type(stanza, "error"))
        bundles_error_sent(&fates->bundles, from, stanza);
    else
        message_sent(fates, from, stanza);
}

/* ---- What clients receive ---- */

/* A client that received it and whose connection ended may not have acknowledged it; it is then delivered to
 * another (XEP-0198, 5). */
static bool is_unsure(const struct fates *fates, const struct bundle *bundle, const struct fate *fate)
{
    return fate->unsure && fates->endings(fates->host, bundle->to) != fate->endings_then;
}

static void count_delivery(struct fate *fate, const struct client *client)
{
    size_t i = 0;
    while (i < fate->got_count && fate->got[i].client != client)
        i++;
    fate->delivered++;
    if (i == GOT_MAX)
        return;
    fate->got[i].client = client;
    fate->got[i].times++;
    if (i == fate->got_count)
        fate->got_count++;
}

static void delivered(struct fates *fates, const struct client *client, const struct xml *stanza)
{
    struct bundle *bundle = NULL;
    struct fate *fate = bundles_passed_on(&fates->bundles, stanza, &bundle);
    if (fate == NULL)
        return;
    open_bundle(fates, bundle);
    count_delivery(fate, client);
    if (client_counts(client).managed) {
        fate->was_held = fate->was_held || is_unsure(fates, bundle, fate);
        fate->unsure = true;
        fate->endings_then = fates->endings(fates->host, bundle->to);
    }
}

/* Whether an error may have been received before, on another connection, which managed its stream: then it leaves
 * again, to the same JID (XEP-0198, 4). */
static bool may_be_again(const struct bundle *bundle, const struct client *client)
{
    return bundle->told.managed &&
           (bundle->told.client != client || bundle->told.connection != client_endings(client));
}

static void note_told(struct bundle *bundle, const struct client *client)
{
    bundle->told.client = client;
    bundle->told.connection = client_endings(client);
    bundle->told.managed = client_counts(client).managed;
}

/* An error about a malformed address comes from no address, and may be about any of several (RFC 6120, 8.3.1). */
static void refused(struct fates *fates, const struct client *client, const struct xml *stanza)
{
    const char *by = xml_get(stanza, "from"), *to = client_full_jid(client);
    struct bundle *first = bundles_find(&fates->bundles, to, xml_get(stanza, "id"));
    if (first == NULL)
        return;
    struct bundle *bundle = by != NULL ? bundle_to(first, by) : NULL;
    const bool is_doubtful = bundles_error_received(&fates->bundles, to, stanza) ||
                             (by != NULL && bundles_is_unclear(&fates->bundles, by)) ||
                             (bundle != NULL && may_be_again(bundle, client));
    if (bundle != NULL) {
        open_bundle(fates, bundle);
        note_told(bundle, client);
        bundle->refused += !is_doubtful;
        bundle->maybe_refused += is_doubtful;
        return;
    }
    for (bundle = is_doubtful ? NULL : first; bundle != NULL; bundle = bundle->other) {
        open_bundle(fates, bundle);
        bundle->maybe_refused++;
    }
}

void fates_received(struct fates *fates, const struct client *client, const struct xml *stanza)
{
    if (!xml_is(stanza, "message", XML_NS_CLIENT))
        return;
    if (is_type(stanza, "error"))
        refused(fates, client, stanza);
    else
        delivered(fates, client, stanza);
}

void fates_unclear(struct fates *fates, const struct client *client)
{
    const char *from = client_full_jid(client);
    if (from != NULL)
        bundles_lose_sight(&fates->bundles, from);
}

/* ---- At quiescence ---- */

static void note_kept(void *host, const struct core_store_entry *entry)
{
    const struct fates *fates = host;
    const char *problem;
    int line;
    struct bundle *bundle = NULL;
    struct xml *stanza = xml_fragment(entry->value, strlen(entry->value), &problem, &line);
    struct fate *fate = stanza != NULL ? bundles_passed_on(&fates->bundles, stanza, &bundle) : NULL;
    if (fate != NULL && ++fate->kept > fate->most_kept)
        fate->most_kept = fate->kept;
    xml_free(stanza);
}

static unsigned in_all(const struct fate *fate)
{
    return fate->sent + fate->droppable;
}

/* How many at least were delivered, as no client receives one twice, or are stored. */
static unsigned at_least_passed_on(const struct fate *fate)
{
    unsigned most = 0;
    for (size_t i = 0; i < fate->got_count; i++)
        most = fate->got[i].times > most ? fate->got[i].times : most;
    return most + fate->kept;
}

/* Whether a message has no fate. */
static bool is_missing(const struct bundle *bundle)
{
    unsigned missing = 0;
    for (const struct fate *fate = bundle->fates; fate != NULL; fate = fate->next)
        missing += fate->excused ? 0 : above(fate->sent, fate->delivered + fate->kept);
    return missing > errors_at_most(bundle);
}

/* Whether there are more errors than messages that were neither delivered nor are stored.  No more is known
 * where a message went to a client that could not acknowledge it. */
static bool is_refused_too_often(const struct bundle *bundle)
{
    unsigned refusable = 0;
    for (const struct fate *fate = bundle->fates; fate != NULL; fate = fate->next) {
        if (fate->excused || fate->was_held)
            return false;
        refusable += above(in_all(fate), at_least_passed_on(fate));
    }
    return bundle->refused > refusable;
}

/* Double delivery is excused when a save failed, since a delivered message could then not be removed from
 * storage. */
static const char *what_is_wrong_with_errors(const struct bundle *bundle, bool saves_failed)
{
    bool is_delivered = false, is_kept = false, was_kept = false;
    if (!is_refused_too_often(bundle))
        return NULL;
    for (const struct fate *fate = bundle->fates; fate != NULL; fate = fate->next) {
        is_delivered = is_delivered || fate->delivered > 0;
        is_kept = is_kept || fate->kept > 0;
        was_kept = was_kept || fate->most_kept > 0;
    }
    if (is_delivered)
        return was_kept && saves_failed ? NULL : "was delivered and bounced";
    if (saves_failed)
        return NULL;
    return is_kept ? "was bounced and stored" : "was bounced twice";
}

static const char *what_is_wrong_with_deliveries(const struct fate *fate)
{
    if (fate->excused || fate->was_held)
        return NULL;
    if (fate->kept > in_all(fate))
        return "was stored twice";
    if (at_least_passed_on(fate) > in_all(fate))
        return fate->kept > 0 ? "was delivered and is still stored"
                              : "was delivered to the same client twice";
    if (fate->most_kept >= in_all(fate) && fate->delivered > in_all(fate))
        return "was stored, and delivered more than once";
    return NULL;
}

/* What is the same for all messages. */
struct circumstances {
    bool saves_failed, forgotten;
};

/* Describes what is wrong with a message; NULL when all are correct.  Two fates are excused for a client that
 * could never acknowledge, for any reason, including memory. */
static const char *what_is_wrong(const struct bundle *bundle, const struct circumstances *now)
{
    if (is_missing(bundle))
        return "was not delivered, not stored and not bounced";
    if (now->forgotten)
        return NULL;
    const char *wrong = what_is_wrong_with_errors(bundle, now->saves_failed);
    if (wrong != NULL || now->saves_failed)
        return wrong;
    for (const struct fate *fate = bundle->fates; fate != NULL && wrong == NULL; fate = fate->next)
        wrong = what_is_wrong_with_deliveries(fate);
    return wrong;
}

/* Whether a message, or its bounce, may have been lost with a connection or between two servers. */
static bool may_be_lost(const struct fates *fates, const struct bundle *bundle, const struct fate *fate,
                        struct ended ended)
{
    const bool held = fate->was_held || fate->sent_to_be_held;
    return ended.recipient || is_lost_to_sender(fates, bundle, fate, ended.sender) || bundle->haunted ||
           fates->apart(fates->host, bundle->from, bundle->address) ||
           (held && fates->forgotten(fates->host)) ||
           (fate->most_kept == 0 && fates->lost(fates->host, bundle->from, bundle->to));
}

/* What was delivered or refused can never be lost. */
static void excuse_lost(const struct fates *fates, struct bundle *bundle)
{
    if (!is_under_way(bundle))
        return;
    const struct ended ended = learn_ended(fates, bundle, fates->endings);
    if (!is_missing(bundle))
        return;
    for (struct fate *fate = bundle->fates; fate != NULL; fate = fate->next)
        if (fate->sent > fate->delivered + fate->kept && may_be_lost(fates, bundle, fate, ended))
            fate->excused = true;
}

/* Counts the stored messages.  A message sent since storage last changed is not stored.  Returns false when
 * storage has not changed. */
static bool learn_kept(struct fates *fates, struct disk *const *disks, size_t disk_count)
{
    uint64_t changes = 1;
    for (size_t i = 0; i < disk_count; i++)
        changes += disk_changes(disks[i], CORE_STORE_OFFLINE);
    if (fates->bundles.first == NULL || fates->asked == changes)
        return false;
    fates->asked = changes;
    for (struct bundle *bundle = fates->bundles.first; bundle != NULL; bundle = bundle->next)
        for (struct fate *fate = bundle->fates; fate != NULL; fate = fate->next)
            fate->kept = 0;
    for (size_t i = 0; i < disk_count; i++)
        disk_visit_all(disks[i], CORE_STORE_OFFLINE, note_kept, fates);
    return true;
}

static bool were_all_held(const struct bundle *bundle)
{
    const struct fate *fate = bundle->fates;
    while (fate != NULL && fate->was_held)
        fate = fate->next;
    return fate == NULL;
}

/* Describes what is wrong with a message of a bundle now; NULL when all are correct. */
static const char *look_at(const struct fates *fates, struct bundle *bundle, const struct circumstances *now)
{
    const bool missing = is_missing(bundle);
    const bool held = (missing || !were_all_held(bundle)) && is_held(fates, bundle);
    bundle->haunted = bundle->haunted || fates->haunted(fates->host, bundle->to);
    for (struct fate *fate = bundle->fates; fate != NULL; fate = fate->next)
        fate->was_held = fate->was_held || held || is_unsure(fates, bundle, fate);
    if (held && missing)
        return NULL;
    excuse_lost(fates, bundle);
    const char *wrong = what_is_wrong(bundle, now);
    if (wrong == NULL || is_missing(bundle) || !bundles_is_unclear(&fates->bundles, bundle->from))
        return wrong;
    return NULL; /* more may have been sent than is known */
}

/* Of several incorrect messages, the one sent first is reported. */
static bool tell_first_wrong(const struct fates *fates, const struct circumstances *now, char *detail,
                             size_t size)
{
    struct bundle *bundle = fates->bundles.first;
    const char *wrong = NULL;
    while (bundle != NULL && (wrong = look_at(fates, bundle, now)) == NULL)
        bundle = bundle->next;
    if (bundle != NULL)
        (void)snprintf(detail, size, "the message %s from %s to %s %s",
                       bundle->key + strlen(bundle->from) + 1, bundle->from, bundle->to, wrong);
    return bundle == NULL;
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
    for (struct bundle *bundle = fates->open; bundle != NULL && good; bundle = bundle->next_open)
        good = look_at(fates, bundle, &now) == NULL;
    if (!good)
        return tell_first_wrong(fates, &now, detail, size);
    close_settled(fates);
    return true;
}

/* ---- Described ---- */

static void describe_bundle(struct description *description, const struct bundle *bundle)
{
    describe_named(description, "messages", bundle->key);
    describe_string(description, "to", bundle->address);
    describe_word(description, bundle->haunted, "haunted");
    describe_count(description, "errors", bundle->refused);
    describe_count(description, "errors, perhaps", bundle->maybe_refused);
    describe_string(description, "errors to",
                    bundle->told.client != NULL ? client_name(bundle->told.client) : NULL);
    describe_count(description, "on connection", bundle->told.connection);
    describe_word(description, bundle->told.managed, "which may come again");
    describe_count(description, "connections of the sender ended", bundle->sent_endings);
    describe_count(description, "connections of the recipient ended", bundle->received_endings);
}

static void describe_fate(struct description *description, const struct bundle *bundle,
                          const struct fate *fate)
{
    describe_named(description, "message", bundle->key);
    describe_string(description, "to", bundle->address);
    describe_count(description, "content", fate->content);
    describe_count(description, "sent", fate->sent);
    describe_count(description, "sent, perhaps dropped", fate->droppable);
    describe_count(description, "kept", fate->kept);
    describe_count(description, "most kept", fate->most_kept);
    describe_count(description, "delivered", fate->delivered);
    describe_word(description, fate->excused, "excused");
    describe_word(description, fate->was_held, "was held");
    describe_word(description, fate->sent_to_be_held, "sent to be held");
    describe_word(description, fate->unsure, "unsure");
    describe_count(description, "connections ended at delivery", fate->endings_then);
    for (size_t i = 0; i < fate->got_count; i++) {
        describe_string(description, "delivered to", client_name(fate->got[i].client));
        describe_count(description, "times", fate->got[i].times);
    }
}

static void describe_error(struct description *description, const struct client_error *error)
{
    describe_named(description, "error of a client", error->key);
    describe_string(description, "to", error->to);
    describe_count(description, "content", error->content);
    describe_count(description, "sent", error->sent);
    describe_count(description, "received", error->received);
}

void fates_describe(struct description *description, const struct fates *fates)
{
    for (const struct bundle *bundle = fates->bundles.first; bundle != NULL; bundle = bundle->next) {
        describe_bundle(description, bundle);
        for (const struct fate *fate = bundle->fates; fate != NULL; fate = fate->next)
            describe_fate(description, bundle, fate);
    }
    for (const struct unclear *unclear = fates->bundles.unclear; unclear != NULL; unclear = unclear->next)
        describe_named(description, "messages not known of", unclear->jid);
    for (const struct client_error *first = fates->bundles.errors; first != NULL; first = first->hh.next)
        for (const struct client_error *error = first; error != NULL; error = error->other)
            describe_error(description, error);
}

void fates_free(struct fates *fates)
{
    bundles_free(&fates->bundles);
}
