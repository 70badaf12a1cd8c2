#include "message/message.h"

#include "account/user.h"
#include "account/work.h"
#include "base/description.h"
#include "delivery/carbons.h"
#include "delivery/reply.h"
#include "delivery/s2s_out.h"
#include "message/offline.h"
#include "session/send.h"
#include "session/tables.h"
#include "session/unacked.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

/* ---- RFC 6121, 8.5, as a table ---- */

enum message_type { NORMAL, CHAT, GROUPCHAT, HEADLINE, ERROR, TYPES };

/* The recipient of a message. */
enum recipient {
    BARE_NO_ACCOUNT, /* 8.5.1 */
    BARE_NOBODY,     /* 8.5.2.2: no available resource */
    BARE_NEGATIVE,   /* 8.5.2.1: only resources with a negative priority */
    BARE_SOMEBODY,   /* 8.5.2.1: at least one resource with a priority that is not negative */
    FULL_NO_ACCOUNT, /* 8.5.1 */
    FULL_NOBODY,     /* 8.5.3.2: no such resource; the others as above */
    FULL_NEGATIVE,
    FULL_SOMEBODY,
    FULL_MATCH, /* 8.5.3.1: the resource is connected */
    RECIPIENTS
};

enum action {
    TO_IT,   /* to the addressed resource */
    TO_BEST, /* to the best, or to all, resources with a priority that is not negative, by settings.delivery
              */
    TO_ALL,  /* to all resources with a priority that is not negative */
    STORED,  /* kept until a resource is available; UNKEPT or REFUSED if it may not be kept */
    UNKEPT,  /* refused if the sender may see that no resource is available, else dropped; not in the table */
    REFUSED, /* service-unavailable */
    IGNORED,
};

static const enum action actions[RECIPIENTS][TYPES] = {
    /*                     normal    chat      groupchat  headline  error */
    [BARE_NO_ACCOUNT] = { REFUSED, REFUSED, REFUSED, IGNORED, IGNORED },
    [BARE_NOBODY] = { STORED, STORED, REFUSED, IGNORED, IGNORED },
    [BARE_NEGATIVE] = { STORED, STORED, REFUSED, IGNORED, IGNORED },
    [BARE_SOMEBODY] = { TO_BEST, TO_BEST, REFUSED, TO_ALL, IGNORED },
    [FULL_NO_ACCOUNT] = { REFUSED, REFUSED, REFUSED, IGNORED, IGNORED },
    [FULL_NOBODY] = { REFUSED, STORED, REFUSED, IGNORED, IGNORED },
    [FULL_NEGATIVE] = { REFUSED, STORED, REFUSED, IGNORED, IGNORED },
    [FULL_SOMEBODY] = { REFUSED, TO_BEST, REFUSED, IGNORED, IGNORED },
    [FULL_MATCH] = { TO_IT, TO_IT, TO_IT, TO_IT, TO_IT },
};

/* A type that is not defined counts as normal (RFC 6121, 5.2.2). */
static enum message_type type_of(const struct element *message)
{
    static const char *const names[TYPES] = { "normal", "chat", "groupchat", "headline", "error" };
    const char *type = element_get(message, "type");
    for (int i = 0; type != NULL && i < TYPES; i++)
        if (strcmp(type, names[i]) == 0)
            return (enum message_type)i;
    return NORMAL;
}

/* ---- Available resources ---- */

/* Where a message goes.  `user` is NULL for an account that is not in memory: it has no available resource,
 * and may not exist. */
struct destination {
    struct user *user;
    struct session *match;
    enum action action;
};

/* The highest priority of the resources that take messages; INT_MIN when there are none. */
static int best_priority(const struct user *user)
{
    int best = INT_MIN;
    for (const struct session *s = user->resources; s != NULL; s = s->user_next)
        if (session_takes_messages(s) && s->priority > best)
            best = s->priority;
    return best;
}

static bool is_anybody_available(const struct user *user)
{
    for (const struct session *s = user->resources; s != NULL; s = s->user_next)
        if (session_is_live(s) && session_is_available(s))
            return true;
    return false;
}

static enum recipient recipient_of(const struct user *user, bool is_full)
{
    if (user != NULL && best_priority(user) != INT_MIN)
        return is_full ? FULL_SOMEBODY : BARE_SOMEBODY;
    if (user != NULL && is_anybody_available(user))
        return is_full ? FULL_NEGATIVE : BARE_NEGATIVE;
    return is_full ? FULL_NOBODY : BARE_NOBODY;
}

/* Whether the sender may have to stay without an answer.  An error would say that no resource is available,
 * which not every sender may know (RFC 6121, 11).  A server that keeps no messages must answer (8.5.2.2.1).
 */
static bool is_hushed(const struct core *core, const struct stanza *message)
{
    return !core->settings.tell_strangers && (core->settings.features & CORE_OFFLINE) != 0 &&
           !offline_is_storable(core, message);
}

/* `to` is the addressed full JID, or NULL for the account itself. */
static struct destination find_destination(struct core *core, const struct stanza *message, struct user *user,
                                           const char *to)
{
    struct session *match = user != NULL && to != NULL ? user_resource(user, to) : NULL;
    if (match != NULL)
        session_prefetch(match);
    enum recipient recipient = match != NULL ? FULL_MATCH : recipient_of(user, to != NULL);
    enum action action = actions[recipient][type_of(message->root)];
    if (action == TO_BEST && offline_is_delivering(user) && offline_is_storable(core, message))
        action = STORED; /* after the messages that were kept before it */
    else if (action == STORED && !offline_is_storable(core, message))
        action = is_hushed(core, message) ? UNKEPT : REFUSED;
    return (struct destination){ user, match, action };
}

/* ---- Actions ---- */

static void refuse(struct core *core, const struct stanza *message)
{
    reply_error(core, message, (struct stanza_error){ "cancel", "service-unavailable", NULL });
}

/* When several resources receive one message, and some of them acknowledge stanzas, they share a record of
 * the copies.  Without memory for it each copy counts as the only one, and the message may be delivered
 * twice. */
static struct copies *share(const struct user *user, int least_priority)
{
    size_t recipients = 0, managed = 0;
    for (const struct session *s = user->resources; s != NULL; s = s->user_next) {
        if (!session_takes_messages(s) || s->priority < least_priority)
            continue;
        recipients++;
        managed += s->managed != NULL;
    }
    struct copies *copies = recipients > 1 && managed > 0 ? copies_new(user->core) : NULL;
    if (copies != NULL)
        copies->delivered = managed < recipients;
    return copies;
}

/* Delivers a message.  Its `to` does not change (RFC 6120, 8.1.1.1): the bare JID, or that of a resource
 * that is gone.  If the message cannot be written, its sender receives an error. */
static void deliver(struct user *user, const struct stanza *message, int least_priority)
{
    const char *to = element_get(message->root, "to");
    struct rendered rendered;
    rendered_init(&rendered, user->core->memory);
    rendered_write(&rendered, message->root);
    rendered.copies = share(user, least_priority);
    if (rendered.xml.failed)
        reply_error(user->core, message, (struct stanza_error){ "wait", "resource-constraint", NULL });
    for (struct session *s = user->resources; s != NULL && !rendered.xml.failed; s = s->user_next)
        if (session_takes_messages(s) && s->priority >= least_priority)
            session_send_rendered(s, &rendered, to);
    if (!rendered.xml.failed)
        carbons_received(user, message, (struct delivery){ NULL, least_priority });
    copies_release(user->core, rendered.copies);
    rendered_free(&rendered);
}

static void act(struct core *core, const struct stanza *message, struct destination destination)
{
    struct user *user = destination.user;
    switch (destination.action) {
    case TO_IT:
        assert(destination.match != NULL);
        session_send(destination.match, message);
        carbons_received(destination.match->user, message, (struct delivery){ destination.match, INT_MAX });
        break;
    case TO_BEST:
        assert(user != NULL); /* messages are delivered only to accounts with resources */
        deliver(user, message, core->settings.delivery == CORE_DELIVER_ALL ? 0 : best_priority(user));
        break;
    case TO_ALL:
        assert(user != NULL);
        deliver(user, message, 0);
        break;
    case UNKEPT:
        assert(user != NULL && user->roster != NULL);
        if (user_is_seen_by(user, element_get(message->root, "from")))
            refuse(core, message);
        break;
    case REFUSED:
        refuse(core, message);
        break;
    case STORED: /* done by work on the recipient */
    case IGNORED:
        break;
    }
}

/* ---- Messages that wait: until the recipient's block list is known, until earlier messages are delivered,
 * until they are saved ---- */

static const char *full_address(const struct stanza *message)
{
    const char *to = element_get(message->root, "to");
    return to != NULL && strchr(to, '/') != NULL ? to : NULL;
}

static void begin(struct user *user, struct user_work *work)
{
    struct destination destination =
        find_destination(user->core, work->stanza, user, full_address(work->stanza));
    if (destination.action == STORED) {
        offline_keep(user, work);
        return;
    }
    act(user->core, work->stanza, destination);
    work_finish(user, work);
}

/* No resource has received the message; those with carbons enabled get a copy at once (XEP-0280, 7). */
static void saved(struct user *user, struct user_work *work)
{
    offline_kept(user);
    carbons_received(user, work->stanza, (struct delivery){ NULL, INT_MAX });
}

static void failed(struct user *user, struct user_work *work, enum user_failure why)
{
    struct core *core = user->core;
    enum recipient nobody = full_address(work->stanza) != NULL ? FULL_NO_ACCOUNT : BARE_NO_ACCOUNT;
    bool is_refused = actions[nobody][type_of(work->stanza->root)] == REFUSED;
    if (why == USER_BLOCKED && work->subject.origin == OFFLINE_DELAYED)
        return; /* dropped: see message_route */
    if (why == USER_BLOCKED)
        reply_unavailable(core, work->stanza);
    else if (why != USER_NO_ACCOUNT)
        reply_error(core, work->stanza, work_error(why, "the message could not be kept"));
    else if (is_refused)
        refuse(core, work->stanza);
}

static void describe(struct description *description, const union work_subject *subject)
{
    description_word(description, subject->origin == OFFLINE_DELAYED, "delayed");
}

static const struct user_work_kind carrying = { .name = "deliver a message",
                                                .needs = USER_BLOCKLIST,
                                                .from_outside = true,
                                                .carries_messages = true,
                                                .begin = begin,
                                                .loaded = offline_index_loaded,
                                                .saved = saved,
                                                .failed = failed,
                                                .describe = describe };

/* For a message that is never kept, and may be dropped: whether its sender may learn that depends on the
 * roster. */
static const struct user_work_kind carrying_unkept = { .name = "deliver a message that may not be kept",
                                                       .needs = USER_ROSTER | USER_BLOCKLIST,
                                                       .from_outside = true,
                                                       .carries_messages = true,
                                                       .begin = begin,
                                                       .failed = failed,
                                                       .describe = describe };

/* A message that is refused or dropped in any case does not wait for the block list. */
static bool has_to_wait(const struct core *core, const struct stanza *message, struct destination destination)
{
    const struct user *user = destination.user;
    bool blocking = (core->settings.features & CORE_BLOCKING) != 0;
    if (destination.action == STORED || (user != NULL && work_carries_messages(user)))
        return true;
    if (destination.action == UNKEPT)
        return user == NULL || user->roster == NULL;
    return blocking && (user == NULL || user->blocklist == NULL) && destination.action == IGNORED &&
           type_of(message->root) == HEADLINE;
}

/* ---- Receiving ---- */

/* An account, its user when it is in memory, and the addressed full JID, or NULL for the account itself. */
struct address {
    const char *username, *host;
    struct user *user;
    const char *full_jid;
};

/* Routes a message, and takes it.  `session` is its sender's, or NULL for a message that was on its way
 * before or is from a remote server. */
static void route(struct core *core, struct session *session, struct stanza *message,
                  const struct address *address, enum offline_origin origin)
{
    struct user *user = address->user;
    struct destination destination = find_destination(core, message, user, address->full_jid);
    if (!has_to_wait(core, message, destination)) {
        act(core, message, destination);
        stanza_free(message);
        return;
    }
    const struct user_work_kind *kind = is_hushed(core, message) ? &carrying_unkept : &carrying;
    if (user == NULL)
        user = user_get(core, address->username, address->host);
    if (user == NULL)
        stanza_free(message);
    bool begun = user != NULL &&
                 work_begin(user, kind, session, message, NULL, (union work_subject){ .origin = origin });
    if (!begun && session != NULL)
        session_disconnect(session); /* the client would take the message for sent */
}

/* The account of `to`, which is local. */
static struct address address_of(const struct core *core, const struct jid *to)
{
    return (struct address){ to->local, host_find(core, to->domain)->name, user_find(core, to->bare),
                             to->resource != NULL ? to->full : NULL };
}

static void route_to(struct core *core, struct session *session, struct stanza *message, const struct jid *to,
                     enum offline_origin origin)
{
    if (!host_is_local(core, to)) {
        s2s_send(core, message);
        stanza_free(message);
    } else if (to->local == NULL) {
        refuse(core, message); /* the server itself accepts no messages */
        stanza_free(message);
    } else {
        struct address address = address_of(core, to);
        route(core, session, message, &address, origin);
    }
}

/* Whether the recipient has blocked the sender of a message that was accepted before.  Such a message is
 * dropped: an error would reveal when the recipient's session ended. */
static bool is_unwanted(const struct core *core, const struct stanza *message, const struct jid *to)
{
    const struct user *user = user_find(core, to->bare);
    return user != NULL && sender_is_blocked(user, message->root);
}

void message_route(struct core *core, struct stanza *message)
{
    struct jid to;
    if (jid_parse_string(&to, element_get(message->root, "to")) && !is_unwanted(core, message, &to))
        route_to(core, NULL, message, &to, OFFLINE_DELAYED);
    else
        stanza_free(message);
}

void message_receive(struct session *session, struct stanza *message, const struct jid *to)
{
    struct core *core = session->core;
    carbons_sent(session, message, to);
    if (to != NULL) {
        route_to(core, session, message, to, OFFLINE_NEW);
        return;
    }
    /* Without `to` the message is for the account (RFC 6120, 10.3.1); `to` is added because it may be kept.
     */
    struct address own = { session->username, session->host, session->user, NULL };
    element_set(message, message->root, "to", session->user->bare_jid);
    if (!stanza_failed(message)) {
        route(core, session, message, &own, OFFLINE_NEW);
        return;
    }
    stanza_free(message);
    session_disconnect(session);
}

void message_arrived(struct core *core, struct stanza *message, const struct jid *to)
{
    route_to(core, NULL, message, to, OFFLINE_NEW);
}
