#include "router.h"

#include "blocking.h"
#include "carbons.h"
#include "iq.h"
#include "message.h"
#include "presence.h"
#include "remote.h"
#include "stream.h"
#include "user.h"

#include <string.h>

struct session *router_find(const struct core *core, const char *full_jid)
{
    struct session *session = map_find_string(&core->full_jids, full_jid);
    return session != NULL && user_session_is_live(session) ? session : NULL;
}

bool router_is_local(const struct core *core, const struct jid *jid)
{
    return core_host(core, jid->domain) != NULL;
}

void router_reply(struct core *core, const struct stanza *stanza, struct stanza *answer)
{
    const char *from = element_get(stanza->root, "from");
    struct session *sender = from != NULL ? router_find(core, from) : NULL;
    if (sender != NULL && answer != NULL)
        session_send(sender, answer);
    else if (sender != NULL)
        session_disconnect(sender);
    else if (answer != NULL && from != NULL && remote_has(core, from))
        remote_send(core, answer);
    stanza_free(answer);
}

static bool may_be_answered(const struct element *stanza)
{
    const char *type = element_get(stanza, "type");
    if (type == NULL)
        return true;
    if (strcmp(type, "error") == 0)
        return false;
    return strcmp(stanza->name, "iq") != 0 || strcmp(type, "result") != 0;
}

void router_bounce(struct core *core, const struct stanza *stanza, struct stanza_error error)
{
    if (!may_be_answered(stanza->root))
        return;
    struct stanza *answer = stanza_error_reply(core->memory, stanza, error);
    if (answer != NULL)
        carbons_bounced(core, stanza, answer);
    router_reply(core, stanza, answer);
}

void router_bounce_with(struct core *core, const struct stanza *stanza, struct stanza_error error,
                        const char *condition, const char *ns)
{
    if (!may_be_answered(stanza->root))
        return;
    struct stanza *answer = stanza_error_reply(core->memory, stanza, error);
    if (answer != NULL)
        element_add(answer, element_child(answer->root, "error", NS_CLIENT), condition, ns);
    router_reply(core, stanza, answer);
}

void router_confirm(struct core *core, const struct stanza *iq)
{
    router_reply(core, iq, stanza_result(core->memory, iq));
}

/* A client may leave `from` out, or name itself (RFC 6120, 8.1.2.1). */
static bool is_own_address(const struct session *session, const char *from)
{
    struct jid jid;
    if (strcmp(from, session->full_jid) == 0)
        return true;
    if (!jid_parse_string(&jid, from) || strcmp(jid.bare, session->user->bare_jid) != 0)
        return false;
    return jid.resource == NULL || strcmp(jid.resource, session->resource) == 0;
}

static void stamp(struct session *session, struct stanza *stanza)
{
    element_set(stanza, stanza->root, "from", session->full_jid);
    /* The default language of the client's stream goes with what it says (RFC 6120, 8.1.5). */
    if (session->lang != NULL && element_get(stanza->root, "xml:lang") == NULL)
        element_set(stanza, stanza->root, "xml:lang", session->lang);
}

/* Reads `to` into *jid and writes it back as it was prepared.  False when it is no JID. */
static bool read_recipient(struct stanza *stanza, struct jid *jid)
{
    const char *to = element_get(stanza->root, "to");
    if (!jid_parse_string(jid, to))
        return false;
    if (strcmp(to, jid->full) != 0)
        element_set(stanza, stanza->root, "to", jid->full);
    return true;
}

/* What the sender's other resources see of a message that was refused is what they see of one that nobody
 * took: it was sent, and came back. */
static void refuse_inbound(struct session *session, const struct stanza *stanza, const struct jid *to)
{
    if (stanza->root->name[0] == 'm')
        carbons_sent(session, stanza, to);
    blocking_refuse_inbound(session->core, stanza);
}

/* Whether blocking stands between the session and whom it addresses; then the stanza is answered.  Presence
 * is refused on the way out alone: whom it concerns further in, only the rooms of presence know. */
static bool is_blocked(struct session *session, const struct stanza *stanza, const struct jid *to)
{
    if (blocking_forbids(session->user, to->full)) {
        blocking_refuse_outbound(session->core, stanza);
        return true;
    }
    const struct user *recipient = user_find(session->core, to->bare);
    if (recipient != NULL)
        memory_prefetch(recipient->resources, sizeof *recipient->resources);
    bool is_presence = stanza->root->name[0] == 'p';
    if (is_presence || recipient == NULL || !blocking_forbids(recipient, session->full_jid))
        return false;
    if (stanza->root->name[0] == 'i' && iq_is_answered_alike(session->core, stanza->root, to))
        return false;
    refuse_inbound(session, stanza, to);
    return true;
}

static void dispatch(struct session *session, struct stanza *stanza, const struct jid *to)
{
    switch (stanza->root->name[0]) {
    case 'm':
        message_receive(session, stanza, to);
        break;
    case 'i':
        iq_receive(session, stanza, to);
        break;
    default:
        presence_receive(session, stanza, to);
        break;
    }
}

void router_receive(struct session *session, struct stanza *stanza)
{
    const char *from = element_get(stanza->root, "from");
    if (from != NULL && !is_own_address(session, from)) {
        stream_error(session, STREAM_INVALID_FROM, "'from' must be the address of this session");
        stanza_free(stanza);
        return;
    }
    stamp(session, stanza);
    struct jid to;
    bool has_recipient = element_get(stanza->root, "to") != NULL;
    bool is_valid = !has_recipient || read_recipient(stanza, &to);
    if (stanza_failed(stanza)) {
        session_disconnect(session);
        stanza_free(stanza);
    } else if (!is_valid) {
        element_set(stanza, stanza->root, "to", NULL); /* what is no JID cannot be whom the error is from */
        router_bounce(session->core, stanza,
                      (struct stanza_error){ "modify", "jid-malformed", "'to' is not a JID" });
        stanza_free(stanza);
    } else if (has_recipient && is_blocked(session, stanza, &to)) {
        stanza_free(stanza);
    } else {
        dispatch(session, stanza, has_recipient ? &to : NULL);
    }
}
