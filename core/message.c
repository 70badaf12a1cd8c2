#include "message.h"

#include "remote.h"
#include "router.h"
#include "stream_management.h"
#include "user.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

enum message_type { NORMAL, CHAT, GROUPCHAT, HEADLINE, ERROR, TYPES };

/* What happens to a message that has no session of its own to go to. */
enum action {
    DELIVER_BEST_OR_ALL, /* as the setting has it, among the resources that are not negative */
    DELIVER_ALL,         /* to all that are not negative */
    TO_BARE,             /* as though it had been for the bare JID */
    REFUSE,              /* service-unavailable */
    IGNORE,
};

/* RFC 6121, 8.5.2.1.1: the bare JID of an account with resources that are available and not negative. */
static const enum action to_bare[TYPES] = { [NORMAL] = DELIVER_BEST_OR_ALL,
                                            [CHAT] = DELIVER_BEST_OR_ALL,
                                            [GROUPCHAT] = REFUSE,
                                            [HEADLINE] = DELIVER_ALL,
                                            [ERROR] = IGNORE };

/* 8.5.2.2.1: of one without; and 8.5.1: of one that does not exist. */
static const enum action to_nobody[TYPES] = {
    [NORMAL] = REFUSE, [CHAT] = REFUSE, [GROUPCHAT] = REFUSE, [HEADLINE] = IGNORE, [ERROR] = IGNORE
};

/* 8.5.3.2.1: a full JID that nobody holds. */
static const enum action to_absent_resource[TYPES] = {
    [NORMAL] = REFUSE, [CHAT] = TO_BARE, [GROUPCHAT] = REFUSE, [HEADLINE] = IGNORE, [ERROR] = IGNORE
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

static void refuse(struct core *core, const struct stanza *message)
{
    router_bounce(core, message, (struct stanza_error){ "cancel", "service-unavailable", NULL });
}

static bool is_willing(const struct session *session)
{
    return user_session_is_live(session) && session_is_available(session) && session->priority >= 0;
}

/* The highest priority among the resources that take messages; INT_MIN when there are none, or no user. */
static int best_priority(const struct user *user)
{
    int best = INT_MIN;
    for (const struct session *s = user != NULL ? user->resources : NULL; s != NULL; s = s->user_next)
        if (is_willing(s) && s->priority > best)
            best = s->priority;
    return best;
}

/* Where several get the same message, and some of them acknowledge what they get, they know of each other.
 * Without memory for that each counts as the only one, and it may arrive twice. */
static struct copies *share(const struct user *user, int least_priority)
{
    size_t recipients = 0, managed = 0;
    for (const struct session *s = user->resources; s != NULL; s = s->user_next) {
        if (!is_willing(s) || s->priority < least_priority)
            continue;
        recipients++;
        managed += s->managed != NULL;
    }
    struct copies *copies = recipients > 1 && managed > 0 ? copies_new(user->core) : NULL;
    if (copies != NULL)
        copies->delivered = managed < recipients;
    return copies;
}

/* The address stays bare (8.5.2.1.1).  A message that could not be written is the sender's loss, and he is
 * told. */
static void deliver(struct user *user, const struct stanza *message, int least_priority)
{
    assert(user != NULL); /* only an account with resources is delivered to */
    struct rendered rendered;
    rendered_init(&rendered, user->core->memory);
    rendered_write(&rendered, message->root);
    rendered.copies = share(user, least_priority);
    if (rendered.xml.failed)
        router_bounce(user->core, message, (struct stanza_error){ "wait", "resource-constraint", NULL });
    for (struct session *s = user->resources; s != NULL && !rendered.xml.failed; s = s->user_next)
        if (is_willing(s) && s->priority >= least_priority)
            session_send_rendered(s, &rendered, user->bare_jid);
    copies_release(user->core, rendered.copies);
    rendered_free(&rendered);
}

static void act(struct core *core, const struct stanza *message, enum action action, struct user *user);

static void route_to_bare(struct core *core, const struct stanza *message, const char *bare_jid)
{
    struct user *user = user_find(core, bare_jid);
    bool anybody = best_priority(user) != INT_MIN;
    const enum action *actions = anybody ? to_bare : to_nobody;
    act(core, message, actions[type_of(message->root)], user);
}

static void act(struct core *core, const struct stanza *message, enum action action, struct user *user)
{
    switch (action) {
    case DELIVER_BEST_OR_ALL:
        deliver(user, message, core->settings.delivery == CORE_DELIVER_ALL ? 0 : best_priority(user));
        break;
    case DELIVER_ALL:
        deliver(user, message, 0);
        break;
    case REFUSE:
        refuse(core, message);
        break;
    case TO_BARE:
    case IGNORE:
        break;
    }
}

static void route_to_full(struct core *core, const struct stanza *message, const struct jid *to)
{
    struct session *session = router_find(core, to->full);
    if (session != NULL) {
        session_send(session, message);
        return;
    }
    enum action action = to_absent_resource[type_of(message->root)];
    if (action == TO_BARE)
        route_to_bare(core, message, to->bare);
    else
        act(core, message, action, NULL);
}

static void route(struct core *core, const struct stanza *message, const struct jid *to)
{
    if (!router_is_local(core, to))
        remote_send(core, message);
    else if (to->local == NULL)
        refuse(core, message); /* nobody reads the server's own mail */
    else if (to->resource != NULL)
        route_to_full(core, message, to);
    else
        route_to_bare(core, message, to->bare);
}

void message_route(struct core *core, struct stanza *message)
{
    struct jid to;
    const char *recipient = element_get(message->root, "to");
    if (recipient != NULL && jid_parse_string(&to, recipient))
        route(core, message, &to);
    stanza_free(message);
}

void message_receive(struct session *session, struct stanza *message, const struct jid *to)
{
    struct core *core = session->core;
    if (to != NULL)
        route(core, message, to);
    else
        route_to_bare(core, message, session->user->bare_jid);
    stanza_free(message);
}

void message_arrived(struct core *core, struct stanza *message, const struct jid *to)
{
    route(core, message, to);
    stanza_free(message);
}
