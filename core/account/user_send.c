#include "account/user_send.h"

#include "session/send.h"

static bool is_live_available(const struct session *session)
{
    return session_is_live(session) && session_is_available(session);
}

static bool is_live_interested(const struct session *session)
{
    return session_is_live(session) && session_is_interested(session);
}

/* Sends a stanza to those of a user's sessions for which `wants` is true.  A `to` in the stanza stays as it
 * is (RFC 6121, 8.5.2.1.1); without one each session receives it with its full JID. */
static void send_to(struct user *user, const struct stanza *stanza, bool (*wants)(const struct session *))
{
    struct rendered rendered;
    rendered_init(&rendered, user->core->memory);
    rendered_write(&rendered, stanza->root);
    const char *to = element_get(stanza->root, "to");
    for (struct session *s = user->resources; s != NULL; s = s->user_next)
        if (wants(s))
            session_send_rendered(s, &rendered, to != NULL ? to : s->full_jid);
    rendered_free(&rendered);
}

void user_send_to_available(struct user *user, const struct stanza *stanza)
{
    send_to(user, stanza, is_live_available);
}

void user_send_to_interested(struct user *user, const struct stanza *stanza)
{
    send_to(user, stanza, is_live_interested);
}

static void add_push_item(struct stanza *push, const struct roster *roster, const struct roster_item *item,
                          const char *removed_jid)
{
    char version[ROSTER_VERSION_SIZE];
    struct element *query = element_add(push, push->root, "query", NS_ROSTER);
    element_set(push, query, "ver", roster_version(version, roster));
    if (item != NULL) {
        roster_add_item(push, query, item);
        return;
    }
    struct element *removed = element_add(push, query, "item", NS_ROSTER);
    element_set(push, removed, "jid", removed_jid);
    element_set(push, removed, "subscription", "remove");
}

/* A client that misses a push has a wrong roster; after a new login it requests the roster again. */
static void disconnect_interested(struct user *user)
{
    for (struct session *s = user->resources; s != NULL; s = s->user_next)
        if (is_live_interested(s))
            session_disconnect(s);
}

void user_push(struct user *user, const struct roster_item *item, const char *removed_jid)
{
    struct core *core = user->core;
    struct buffer id;
    buffer_init(&id, core->memory);
    buffer_string(&id, "push");
    buffer_number(&id, ++user->last_id);
    buffer_append(&id, "", 1);
    struct stanza *push = stanza_new(core->memory, "iq", NS_CLIENT);
    if (push != NULL && !id.failed) {
        element_set(push, push->root, "type", "set");
        element_set(push, push->root, "id", id.bytes);
        add_push_item(push, user->roster, item, removed_jid);
    }
    if (push != NULL && !id.failed && !stanza_failed(push))
        user_send_to_interested(user, push);
    else
        disconnect_interested(user);
    buffer_free(&id);
    stanza_free(push);
}
