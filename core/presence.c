#include "presence.h"

#include "activity.h"
#include "datetime.h"
#include "probe.h"
#include "remote.h"
#include "router.h"
#include "subscription.h"
#include "user.h"

#include <assert.h>
#include <string.h>

/* ---- Lists of entities ---- */

static struct directed **find_entity(struct directed **list, const char *jid)
{
    while (*list != NULL && strcmp((*list)->jid, jid) != 0)
        list = &(*list)->next;
    return list;
}

static void remove_entity(const struct session *session, struct directed **at)
{
    struct directed *gone = *at;
    if (gone == NULL)
        return;
    *at = gone->next;
    memory_free(session->core->memory, gone);
}

static struct stanza_error add_entity(const struct session *session, struct directed **list, const char *jid)
{
    size_t count = 0;
    for (; *list != NULL; list = &(*list)->next, count++)
        if (strcmp((*list)->jid, jid) == 0)
            return STANZA_OK;
    if (count >= session->core->settings.limits.directed)
        return (struct stanza_error){ "wait", "resource-constraint", "too many entities were sent presence" };
    size_t size = strlen(jid) + 1;
    struct directed *entity = memory_new(session->core->memory, sizeof *entity + size);
    if (entity == NULL)
        return (struct stanza_error){ "wait", "resource-constraint", NULL };
    memcpy(entity->jid, jid, size);
    *list = entity;
    return STANZA_OK;
}

/* ---- Sending to one, sending to many ---- */

/* Sends from somebody at our host `from` to an address: a full JID is one session, a bare one all available
 * resources (8.5.2.1.2); another server knows itself what it does with either. */
static void send_to_address(struct core *core, const char *from, const struct rendered *presence,
                            const char *to)
{
    if (remote_has(core, to)) {
        remote_send_rendered(core, presence, from, to);
        return;
    }
    struct session *one = router_find(core, to);
    if (one != NULL) {
        session_send_rendered(one, presence, to);
        return;
    }
    struct user *user = user_find(core, to);
    if (user == NULL)
        return;
    for (struct session *s = user->resources; s != NULL; s = s->user_next)
        if (user_session_is_live(s) && session_is_available(s))
            session_send_rendered(s, presence, to);
}

/* To the user's own available resources, the sender's among them (4.2.2, 4.4.2, 4.5.2). */
static void send_to_own(struct user *user, const struct rendered *presence)
{
    for (struct session *s = user->resources; s != NULL; s = s->user_next)
        if (user_session_is_live(s) && session_is_available(s))
            session_send_rendered(s, presence, s->full_jid);
}

/* What a session broadcasts, to one account: to its available resources but those from which an error came
 * back (4.4.2, 4.5.2); another server knows itself which those are. */
static void send_to_account(struct session *session, const struct rendered *presence, const char *bare_jid)
{
    if (remote_has(session->core, bare_jid)) {
        remote_send_rendered(session->core, presence, session->host, bare_jid);
        return;
    }
    struct user *user = user_find(session->core, bare_jid);
    for (struct session *s = user != NULL ? user->resources : NULL; s != NULL; s = s->user_next)
        if (user_session_is_live(s) && session_is_available(s) &&
            *find_entity(&session->refusers, s->full_jid) == NULL)
            session_send_rendered(s, presence, bare_jid);
}

static void send_to_subscribers(struct session *session, const struct rendered *presence)
{
    const struct roster *roster = session->roster;
    for (size_t i = 0; i < roster->count; i++)
        if (roster->items[i]->state.from)
            send_to_account(session, presence, roster->items[i]->jid);
}

/* ---- The session's presence ---- */

static void forget_presence(struct session *session)
{
    if (session->presence != NULL)
        rendered_free(session->presence);
    memory_free(session->core->memory, session->presence);
    session->presence = NULL;
    session->priority = 0;
}

/* Keeps a presence as it is sent to those who ask later: with the time at which it was sent (XEP-0203). */
static bool keep_presence(struct session *session, struct stanza *presence)
{
    struct core *core = session->core;
    struct rendered *kept = memory_new(core->memory, sizeof *kept);
    if (kept == NULL)
        return false;
    char stamp[DATETIME_SIZE];
    datetime_write(stamp, core->ports.now(core->ports.host));
    struct element *delay = element_add(presence, presence->root, "delay", NS_DELAY);
    element_set(presence, delay, "from", session->host);
    element_set(presence, delay, "stamp", stamp);
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

/* The priority that a presence gives: 0 without one or with one that is no number, and never beyond what a
 * byte holds (4.7.2.3). */
static int read_priority(struct stanza *presence)
{
    const struct element *element = element_child(presence->root, "priority", NS_CLIENT);
    const char *text = element != NULL ? element_text(presence, element) : NULL;
    if (text == NULL)
        return 0;
    bool negative = *text == '-';
    if (*text == '-' || *text == '+')
        text++;
    if (*text == '\0' || text[strspn(text, "0123456789")] != '\0')
        return 0;
    int value = 0;
    for (; *text != '\0' && value <= 128; text++)
        value = value * 10 + (*text - '0');
    if (negative)
        return value > 128 ? -128 : -value;
    return value > 127 ? 127 : value;
}

/* ---- Becoming available ---- */

static void probe_contacts(struct session *session)
{
    const struct roster *roster = session->roster;
    for (size_t i = 0; i < roster->count; i++) {
        struct jid contact;
        if (roster->items[i]->state.to && jid_parse_string(&contact, roster->items[i]->jid))
            probe_send(session->core, session->full_jid, &contact);
    }
}

/* What the other available resources last said (4.2.2 and 4.3 applied to one's own account). */
static void show_own_resources(struct session *session)
{
    for (struct session *s = session->user->resources; s != NULL; s = s->user_next)
        if (s != session && user_session_is_live(s) && session_is_available(s))
            session_send_rendered(session, s->presence, session->full_jid);
}

/* Requests that wait for an answer are delivered again with each initial presence (3.1.3). */
static void deliver_requests(struct session *session)
{
    const struct roster *roster = session->roster;
    for (size_t i = 0; i < roster->count; i++) {
        const char *request = roster->items[i]->request;
        if (request != NULL)
            session_send_written(session, request, strlen(request));
    }
}

static void become_available(struct session *session, struct stanza *presence)
{
    struct rendered rendered;
    rendered_init(&rendered, session->core->memory);
    rendered_write(&rendered, presence->root);
    bool initial = !session_is_available(session);
    int priority = read_priority(presence);
    if (!rendered.xml.failed && keep_presence(session, presence)) {
        session->priority = priority;
        send_to_own(session->user, &rendered);
        send_to_subscribers(session, &rendered);
    } else {
        session_disconnect(session);
        initial = false;
    }
    rendered_free(&rendered);
    if (!initial)
        return;
    show_own_resources(session);
    deliver_requests(session);
    probe_contacts(session);
}

/* ---- Directed presence (4.6) ---- */

/* Whether the address is somebody who hears what this session broadcasts: a subscriber, or the account
 * itself, and available. */
static bool hears_broadcast(const struct session *session, const struct jid *to)
{
    const struct session *one = router_find(session->core, to->full);
    if (!session_is_available(session) || (one != NULL && !session_is_available(one)))
        return false;
    const struct roster_item *item = roster_find(session->roster, to->bare);
    return (item != NULL && item->state.from) || strcmp(to->bare, session->user->bare_jid) == 0;
}

/* Those who were sent directed presence and do not hear the broadcast are told as well. */
static void withdraw_directed(struct session *session, const struct rendered *unavailable)
{
    while (session->directed != NULL) {
        struct jid to;
        bool valid = jid_parse_string(&to, session->directed->jid);
        if (valid && !hears_broadcast(session, &to) && to.resource == NULL)
            send_to_account(session, unavailable, to.bare);
        else if (valid && !hears_broadcast(session, &to))
            send_to_address(session->core, session->host, unavailable, to.full);
        remove_entity(session, &session->directed);
    }
}

static void direct(struct session *session, struct stanza *presence, const struct jid *to)
{
    struct stanza_error error = STANZA_OK;
    bool available = element_get(presence->root, "type") == NULL;
    if (available)
        error = add_entity(session, &session->directed, to->full);
    else
        remove_entity(session, find_entity(&session->directed, to->full));
    if (error.condition == NULL) {
        presence_route(session->core, presence, to);
        return;
    }
    router_bounce(session->core, presence, error);
    stanza_free(presence);
}

/* ---- Becoming unavailable ---- */

/* What a session knows of others ends with its presence. */
static void end_presence(struct session *session)
{
    forget_presence(session);
    while (session->refusers != NULL)
        remove_entity(session, &session->refusers);
}

static void announce_unavailable(struct session *session, struct stanza *presence)
{
    struct rendered rendered;
    rendered_init(&rendered, session->core->memory);
    rendered_write(&rendered, presence->root);
    if (session_is_available(session)) {
        send_to_own(session->user, &rendered);
        send_to_subscribers(session, &rendered);
        activity_note(session, presence);
    }
    withdraw_directed(session, &rendered);
    rendered_free(&rendered);
    end_presence(session);
}

void presence_end(struct session *session)
{
    struct stanza *presence = stanza_new(session->core->memory, "presence", NS_CLIENT);
    if (presence != NULL) {
        element_set(presence, presence->root, "type", "unavailable");
        element_set(presence, presence->root, "from", session->full_jid);
        if (!stanza_failed(presence))
            announce_unavailable(session, presence);
    }
    stanza_free(presence);
    end_presence(session);
}

/* ---- To one contact ---- */

bool presence_show(struct user *user, const char *to)
{
    bool any = false;
    for (struct session *s = user != NULL ? user->resources : NULL; s != NULL; s = s->user_next) {
        if (!user_session_is_live(s) || !session_is_available(s))
            continue;
        send_to_address(user->core, user->host, s->presence, to);
        any = true;
    }
    return any;
}

/* Of an account that the session sent directed presence: whether the entity is of it. */
static bool is_of_account(const struct directed *entity, const char *bare_jid)
{
    size_t length = strlen(bare_jid);
    return strncmp(entity->jid, bare_jid, length) == 0 &&
           (entity->jid[length] == '\0' || entity->jid[length] == '/');
}

/* What the session directed at resources of the contact is withdrawn with the rest: at those that the
 * broadcast did not reach, one by one. */
static void withdraw_directed_from(struct session *session, const struct rendered *unavailable,
                                   const struct jid *contact)
{
    for (struct directed **at = &session->directed; *at != NULL;) {
        if (!is_of_account(*at, contact->bare)) {
            at = &(*at)->next;
            continue;
        }
        struct session *one = router_find(session->core, (*at)->jid);
        if (one != NULL && !(session_is_available(session) && session_is_available(one)))
            session_send_rendered(one, unavailable, (*at)->jid);
        remove_entity(session, at);
    }
}

static void withdraw(struct session *session, const struct jid *contact)
{
    struct stanza *presence = stanza_new(session->core->memory, "presence", NS_CLIENT);
    if (presence == NULL)
        return;
    element_set(presence, presence->root, "type", "unavailable");
    element_set(presence, presence->root, "from", session->full_jid);
    struct rendered rendered;
    rendered_init(&rendered, session->core->memory);
    if (!stanza_failed(presence)) {
        rendered_write(&rendered, presence->root);
        if (session_is_available(session))
            send_to_account(session, &rendered, contact->bare);
        withdraw_directed_from(session, &rendered, contact);
    }
    rendered_free(&rendered);
    stanza_free(presence);
}

void presence_withdraw(struct user *user, const struct jid *contact)
{
    for (struct session *s = user->resources; s != NULL; s = s->user_next)
        if (session_is_available(s))
            withdraw(s, contact);
}

/* ---- Receiving and routing ---- */

void presence_route(struct core *core, struct stanza *presence, const struct jid *to)
{
    if (!router_is_local(core, to)) {
        remote_send(core, presence);
        stanza_free(presence);
        return;
    }
    struct rendered rendered;
    rendered_init(&rendered, core->memory);
    rendered_write(&rendered, presence->root);
    send_to_address(core, NULL, &rendered, to->full);
    rendered_free(&rendered);
    stanza_free(presence);
}

/* Presence without a recipient: the session's own. */
static void broadcast(struct session *session, struct stanza *presence)
{
    if (element_get(presence->root, "type") == NULL)
        become_available(session, presence);
    else
        announce_unavailable(session, presence);
    stanza_free(presence);
}

static void refuse(struct session *session, struct stanza *presence)
{
    router_bounce(session->core, presence, (struct stanza_error){ "modify", "bad-request", NULL });
    stanza_free(presence);
}

/* Who answered presence with an error is sent no more of it while it lasts (4.4.2, 4.5.2).  When there are
 * more of them than can be kept, the others are sent it still. */
static void note_refusal(const struct session *refuser, const struct jid *to)
{
    struct session *refused = router_find(refuser->core, to->full);
    if (refused == NULL || refused == refuser)
        return;
    (void)add_entity(refused, &refused->refusers, refuser->full_jid);
    remove_entity(refused, find_entity(&refused->directed, refuser->full_jid));
}

/* What has neither no type nor "unavailable": for somebody, all of it. */
static void receive_typed(struct session *session, struct stanza *presence, const char *type,
                          const struct jid *to)
{
    if (subscription_stanza_of(type) != SUBSCRIPTION_STANZAS) {
        subscription_receive(session, presence, to);
        return;
    }
    /* An error is for whoever asked, and no account ever did (8.5.2.1.2). */
    if (strcmp(type, "error") == 0 && to->resource != NULL) {
        note_refusal(session, to);
        presence_route(session->core, presence, to);
        return;
    }
    if (strcmp(type, "probe") == 0)
        probe_send(session->core, session->full_jid, to);
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

/* What is neither a notification, an error nor about a subscription: a probe, or unknown. */
static void answer_arrived(struct core *core, struct stanza *presence, const char *type, const struct jid *to)
{
    if (strcmp(type, "probe") == 0)
        probe_send(core, element_get(presence->root, "from"), to);
    else
        router_bounce(core, presence, (struct stanza_error){ "modify", "bad-request", NULL });
    stanza_free(presence);
}

void presence_arrived(struct core *core, struct stanza *presence, const struct jid *to)
{
    const char *type = element_get(presence->root, "type");
    if (type == NULL || strcmp(type, "unavailable") == 0 || strcmp(type, "error") == 0)
        presence_route(core, presence, to);
    else if (subscription_stanza_of(type) != SUBSCRIPTION_STANZAS)
        subscription_arrived(core, presence, to);
    else
        answer_arrived(core, presence, type, to);
}
