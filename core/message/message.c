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

/* Whom a message is for. */
enum recipient {
    BARE_NO_ACCOUNT, /* 8.5.1 */
    BARE_NOBODY,     /* 8.5.2.2: no resource is available */
    BARE_NEGATIVE,   /* 8.5.2.1: those that are have a negative priority */
    BARE_SOMEBODY,   /* 8.5.2.1: at least one's priority is not negative */
    FULL_NO_ACCOUNT, /* 8.5.1 */
    FULL_NOBODY,     /* 8.5.3.2: no such resource, and of the others as above */
    FULL_NEGATIVE,
    FULL_SOMEBODY,
    FULL_MATCH, /* 8.5.3.1: the resource is connected */
    RECIPIENTS
};

enum action {
    TO_IT,   /* delivered to that very resource */
    TO_BEST, /* as the setting has it: to the best, or to all, of those that are not negative */
    TO_ALL,  /* to all that are not negative */
    STORED,  /* kept until somebody is there; refused where that cannot be, UNKEPT where it may not */
    UNKEPT,  /* refused to who may see that nobody is there, dropped for others; found in no row */
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

/* ---- Who is there ---- */

/* Where a message goes.  `user` may be NULL, for somebody who is not in memory: nobody is there then, and
 * whether there is such an account is not known. */
struct destination {
    struct user *user;
    struct session *match;
    enum action action;
};

/* The highest priority among the resources that take messages; INT_MIN when there are none. */
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

/* Where nobody is there an error says so, and the presence of an account is not to be told to everybody (RFC
 * 6121, 11).  A server that keeps nothing has no choice (8.5.2.2.1). */
static bool is_hushed(const struct core *core, const struct stanza *message)
{
    return !core->settings.tell_strangers && (core->settings.features & CORE_OFFLINE) != 0 &&
           !offline_is_storable(core, message);
}

/* `to` is the full JID of the user's that is addressed, or NULL for the account itself. */
static struct destination find_destination(struct core *core, const struct stanza *message, struct user *user,
                                           const char *to)
{
    struct session *match = user != NULL && to != NULL ? user_resource(user, to) : NULL;
    if (match != NULL)
        session_prefetch(match);
    enum recipient recipient = match != NULL ? FULL_MATCH : recipient_of(user, to != NULL);
    enum action action = actions[recipient][type_of(message->root)];
    if (action == TO_BEST && offline_is_delivering(user) && offline_is_storable(core, message))
        action = STORED; /* behind what was kept before it */
    else if (action == STORED && !offline_is_storable(core, message))
        action = is_hushed(core, message) ? UNKEPT : REFUSED;
    return (struct destination){ user, match, action };
}

/* ---- What is done ---- */

static void refuse(struct core *core, const struct stanza *message)
{
    reply_error(core, message, (struct stanza_error){ "cancel", "service-unavailable", NULL });
}

/* Where several get the same message, and some of them acknowledge what they get, they know of each other.
 * Without memory for that each counts as the only one, and it may arrive twice. */
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

/* The address stays what it is (RFC 6120, 8.1.1.1): bare, or that of a resource which is gone.  The sender of
 * a message that could not be written is told. */
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
        assert(user != NULL); /* only an account with resources is delivered to */
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
    case STORED: /* is work on the recipient */
    case IGNORED:
        break;
    }
}

/* ---- Messages that have to wait: until it is known whom the recipient has blocked, until what came before
 * them is delivered, until they are stored ---- */

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

/* Nobody has been delivered it: a resource that wants copies sees it at once (XEP-0280, 7). */
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
        return; /* see message_route */
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

/* The same for one that is never kept, and may have to be dropped: whether its sender may know is in the
 * roster. */
static const struct user_work_kind carrying_unkept = { .name = "deliver a message that may not be kept",
                                                       .needs = USER_ROSTER | USER_BLOCKLIST,
                                                       .from_outside = true,
                                                       .carries_messages = true,
                                                       .begin = begin,
                                                       .failed = failed,
                                                       .describe = describe };

/* A message that is refused or dropped whatever the block list says need not wait for it. */
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

/* An account, the user when it is in memory, and the full JID that is addressed, or NULL for the account. */
struct address {
    const char *username, *host;
    struct user *user;
    const char *full_jid;
};

/* Takes the message.  The session it is from is NULL when it was on its way already, or is from another
 * server. */
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
        session_disconnect(session); /* it would think that the message had gone somewhere */
}

/* `to` is of a local account. */
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
        refuse(core, message); /* nobody reads the server's own mail */
        stanza_free(message);
    } else {
        struct address address = address_of(core, to);
        route(core, session, message, &address, origin);
    }
}

/* Whether the sender has been blocked since.  What was accepted from it and is not to be delivered any more
 * is dropped: an error would tell it when the user's session ended. */
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
    /* Without an address it is for the account (RFC 6120, 10.3.1), also once it has been kept. */
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
