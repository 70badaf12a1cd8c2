#include "routing/router.h"

#include "account/user.h"
#include "delivery/carbons.h"
#include "delivery/reply.h"
#include "iq/iq.h"
#include "message/message.h"
#include "presence/presence.h"
#include "session/stream_error.h"
#include "xml/parser.h"

#include <assert.h>
#include <string.h>

/* A client may omit `from`, or set it to its own address (RFC 6120, 8.1.2.1). */
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
    /* Stanzas get the default language of the client's stream (RFC 6120, 8.1.5). */
    if (session->lang != NULL && element_get(stanza->root, "xml:lang") == NULL)
        element_set(stanza, stanza->root, "xml:lang", session->lang);
}

/* Parses `to` into *jid and replaces it by its prepared form.  Returns false when it is not a JID. */
static bool read_recipient(struct stanza *stanza, struct jid *jid)
{
    const char *to = element_get(stanza->root, "to");
    if (!jid_parse_string(jid, to))
        return false;
    if (strcmp(to, jid->full) != 0)
        element_set(stanza, stanza->root, "to", jid->full);
    return true;
}

/* The sender's other resources see a refused message like an undeliverable one: as sent, and answered with
 * an error. */
static void refuse_inbound(struct session *session, const struct stanza *stanza, const struct jid *to)
{
    if (stanza_kind(stanza->root) == STANZA_MESSAGE)
        carbons_sent(session, stanza, to);
    reply_unavailable(session->core, stanza);
}

/* Whether blocking applies between the session and the recipient; if so, the stanza is answered.  Of
 * presence only the outbound direction is checked here; the presence folder checks the inbound direction
 * for each recipient. */
static bool is_blocked(struct session *session, const struct stanza *stanza, const struct jid *to)
{
    if (user_blocks(session->user, to->full)) {
        reply_blocked(session->core, stanza);
        return true;
    }
    const struct user *recipient = user_find(session->core, to->bare);
    if (recipient != NULL)
        memory_prefetch(recipient->resources, sizeof *recipient->resources);
    enum stanza_kind kind = stanza_kind(stanza->root);
    if (kind == STANZA_PRESENCE || recipient == NULL || !user_blocks(recipient, session->full_jid))
        return false;
    if (kind == STANZA_IQ && iq_is_answered_alike(session->core, stanza->root, to))
        return false;
    refuse_inbound(session, stanza, to);
    return true;
}

static void dispatch(struct session *session, struct stanza *stanza, const struct jid *to)
{
    switch (stanza_kind(stanza->root)) {
    case STANZA_MESSAGE:
        message_receive(session, stanza, to);
        break;
    case STANZA_PRESENCE:
        presence_receive(session, stanza, to);
        break;
    case STANZA_IQ:
        iq_receive(session, stanza, to);
        break;
    case STANZA_NONE:
        assert(false); /* stream.c passes only stanzas */
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
        element_set(stanza, stanza->root, "to", NULL); /* or it would be the error's `from` */
        reply_error(session->core, stanza,
                    (struct stanza_error){ "modify", "jid-malformed", "'to' is not a JID" });
        stanza_free(stanza);
    } else if (has_recipient && is_blocked(session, stanza, &to)) {
        stanza_free(stanza);
    } else {
        dispatch(session, stanza, has_recipient ? &to : NULL);
    }
}
