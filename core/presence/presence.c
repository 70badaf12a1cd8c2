#include "presence/presence.h"

#include "account/user.h"
#include "base/datatype.h"
#include "delivery/reply.h"
#include "message/offline.h"
#include "presence/activity.h"
#include "presence/announce.h"
#include "presence/broadcast.h"
#include "presence/directed.h"
#include "presence/owed.h"
#include "presence/probe.h"
#include "presence/subscription.h"
#include "presence/unavailable.h"

#include <assert.h>
#include <string.h>

/* ---- The presence of the session ---- */

static void forget_presence(struct session *session)
{
    if (session->presence != NULL)
        rendered_free(session->presence);
    memory_free(session->core->memory, session->presence);
    session->presence = NULL;
    session->priority = 0;
}

/* Keeps a presence as it is sent to later recipients: with the time at which it was sent (XEP-0203). */
static bool keep_presence(struct session *session, struct stanza *presence)
{
    struct core *core = session->core;
    struct rendered *kept = memory_new(core->memory, sizeof *kept);
    if (kept == NULL)
        return false;
    stanza_add_delay(presence, session->host, core->ports.now(core->ports.host));
    rendered_init(kept, core->memory);
    if (!stanza_failed(presence))
        rendered_write(kept, presence->root);
    if (stanza_failed(presence) || kept->xml.failed) {
        rendered_free(kept);
        memory_free(core->memory, kept);
        return false;
    }
    forget_presence(session);
    session->presence = kept;
    return true;
}

/* The priority of a presence: 0 without one or with one that is not a number; limited to the range of a
 * byte (4.7.2.3). */
static int read_priority(struct stanza *presence)
{
    const struct element *element = element_child(presence->root, "priority", NS_CLIENT);
    int64_t value = 0;
    (void)datatype_integer(&value, element != NULL ? element_text(presence, element) : NULL);
    if (value < INT8_MIN)
        return INT8_MIN;
    return value > INT8_MAX ? INT8_MAX : (int)value;
}

/* ---- Becoming available ---- */

static void become_available(struct session *session, struct stanza *presence)
{
    struct rendered rendered;
    rendered_init(&rendered, session->core->memory);
    rendered_write(&rendered, presence->root);
    bool initial = !session_is_available(session);
    int priority = read_priority(presence);
    if (!rendered.xml.failed && keep_presence(session, presence)) {
        session->priority = priority;
        broadcast_to_own(session->user, &rendered);
        broadcast_to_subscribers(session, &rendered);
    } else {
        session_disconnect(session);
        initial = false;
    }
    rendered_free(&rendered);
    if (initial)
        owed_begin(session);
    else if (!session_takes_messages(session))
        offline_stand_back(session);
    else if (session->owed.stage == OWED_NOTHING)
        offline_deliver(session);
}

/* ---- Directed presence (4.6) ---- */

/* Sends unavailable presence to recipients of directed presence that the broadcast does not reach. */
static void withdraw_directed(struct session *session, const struct rendered *unavailable)
{
    while (session->directed != NULL) {
        struct jid to;
        directed_jid(session->directed, &to);
        bool is_told = !session->directed->unheard && !broadcast_hears(session, &to);
        if (is_told && to.resource == NULL)
            broadcast_to_account(session, unavailable, to.bare);
        else if (is_told)
            broadcast_to_address(session->core, broadcast_origin(session), unavailable, to.full);
        directed_remove(session, &session->directed);
    }
}

/* Whether an account has blocked the session.  The session does not learn that: what it sends is recorded
 * as if it had been delivered. */
static bool is_kept_from(const struct session *session, const struct jid *to)
{
    const struct user *user = user_find(session->core, to->bare);
    return user != NULL && user_blocks(user, session->full_jid);
}

/* Whether the session's presence reaches nobody at an address: it is blocked, or a stranger to those who
 * are far behind. */
static bool is_not_heard(const struct session *session, const struct jid *to)
{
    return is_kept_from(session, to) || !broadcast_is_welcome(session->core, session->full_jid, to->full);
}

static void direct(struct session *session, struct stanza *presence, const struct jid *to)
{
    struct stanza_error error = STANZA_OK;
    bool available = element_get(presence->root, "type") == NULL;
    const struct directed *known = *directed_find(session, to->full);
    bool was_heard = known != NULL && !known->unheard;
    if (available)
        error = directed_add(session, to->full);
    else
        directed_remove(session, directed_find(session, to->full));
    if (error.condition == NULL) {
        struct directed *entity = *directed_find(session, to->full);
        if (entity != NULL)
            entity->unheard = was_heard ? is_kept_from(session, to) : is_not_heard(session, to);
        announce_route(session->core, presence, to);
        return;
    }
    reply_error(session->core, presence, error);
    stanza_free(presence);
}

/* ---- Becoming unavailable ---- */

/* `presence` is saved as the last activity; it may be NULL. */
static void announce(struct session *session, const struct rendered *unavailable, struct stanza *presence)
{
    if (session_is_available(session)) {
        broadcast_to_own(session->user, unavailable);
        broadcast_to_subscribers(session, unavailable);
        if (presence != NULL)
            activity_note(session, presence);
    }
    withdraw_directed(session, unavailable);
    forget_presence(session);
    owed_end(session);
}

static void leave(struct session *session, struct stanza *presence)
{
    struct rendered rendered;
    rendered_init(&rendered, session->core->memory);
    rendered_write(&rendered, presence->root);
    announce(session, &rendered, presence);
    rendered_free(&rendered);
    offline_stand_back(session);
}

/* Without memory the last activity is not saved. */
void presence_end(struct session *session)
{
    struct core *core = session->core;
    struct unavailable unavailable;
    unavailable_write(&unavailable, session);
    struct stanza *noted = activity_is_noted(core) ? stanza_new(core->memory, "presence", NS_CLIENT) : NULL;
    announce(session, &unavailable.presence, noted);
    stanza_free(noted);
}

/* ---- Receiving and routing ---- */

/* Presence without `to`: the session's own. */
static void broadcast(struct session *session, struct stanza *presence)
{
    if (element_get(presence->root, "type") == NULL)
        become_available(session, presence);
    else
        leave(session, presence);
    stanza_free(presence);
}

static void refuse(struct session *session, struct stanza *presence)
{
    reply_error(session->core, presence, (struct stanza_error){ "modify", "bad-request", NULL });
    stanza_free(presence);
}

/* Presence of any other type than none and "unavailable": it must have a `to`. */
static void receive_typed(struct session *session, struct stanza *presence, const char *type,
                          const struct jid *to)
{
    if (subscription_stanza_of(type) != SUBSCRIPTION_STANZAS) {
        subscription_receive(session, presence, to);
        return;
    }
    /* An account sends subscription requests, so an error may be for the account: its available resources
     * receive it (RFC 6120, 10.5.3.2). */
    if (strcmp(type, "error") == 0) {
        announce_route(session->core, presence, to);
        return;
    }
    const struct user *probed = user_find(session->core, to->bare);
    if (strcmp(type, "probe") == 0 && (probed == NULL || !user_is_busy(probed)))
        probe_send(session->core, session->full_jid, to, element_get(presence->root, "id"));
    stanza_free(presence);
}

static bool is_known_type(const char *type)
{
    return subscription_stanza_of(type) != SUBSCRIPTION_STANZAS || strcmp(type, "probe") == 0 ||
           strcmp(type, "error") == 0;
}

void presence_receive(struct session *session, struct stanza *presence, const struct jid *to)
{
    const char *type = element_get(presence->root, "type");
    bool is_notification = type == NULL || strcmp(type, "unavailable") == 0;
    if (is_notification && to == NULL)
        broadcast(session, presence);
    else if (is_notification)
        direct(session, presence, to);
    else if (to != NULL && is_known_type(type))
        receive_typed(session, presence, type, to);
    else
        refuse(session, presence);
}

/* Presence that is neither a notification, an error nor a subscription stanza: a probe, or of unknown type.
 */
static void answer_arrived(struct core *core, struct stanza *presence, const char *type, const struct jid *to)
{
    if (strcmp(type, "probe") == 0)
        probe_send(core, element_get(presence->root, "from"), to, element_get(presence->root, "id"));
    else
        reply_error(core, presence, (struct stanza_error){ "modify", "bad-request", NULL });
    stanza_free(presence);
}

void presence_arrived(struct core *core, struct stanza *presence, const struct jid *to)
{
    const char *type = element_get(presence->root, "type");
    bool is_error = type != NULL && strcmp(type, "error") == 0;
    if (type == NULL || strcmp(type, "unavailable") == 0 || is_error)
        announce_route(core, presence, to);
    else if (subscription_stanza_of(type) != SUBSCRIPTION_STANZAS)
        subscription_arrived(core, presence, to);
    else
        answer_arrived(core, presence, type, to);
}
