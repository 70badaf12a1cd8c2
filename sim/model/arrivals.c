#include "ends.h"
#include "messages.h"
#include "room.h"

#include "../must.h"

#include <stdlib.h>
#include <string.h>

bool is_ordered(enum stanza_kind kind, struct span type)
{
    if (kind == STANZA_IQ)
        return span_is(type, "get") || span_is(type, "set");
    return kind == STANZA_MESSAGE && !span_is(type, "error");
}

/* ---- Presence ---- */

/* The priority of presence as a value of the fact: without one it is 0 (RFC 6121, 4.7.2.3); what is not a number of
 * a byte may be refused or taken for anything. */
static uint8_t priority_of(const struct scanned *scanned)
{
    struct element priority;
    char text[8];
    if (!element_find(scanned->inside, "priority", &priority, NULL))
        return PRESENCE_NOT_NEGATIVE;
    if (!span_resolve(priority.inside, text, sizeof text))
        return PRESENCE_ANY;
    char *end;
    const long value = strtol(text, &end, 10);
    if (end == text || *end != '\0' || value < -128 || value > 127)
        return PRESENCE_ANY;
    return value < 0 ? PRESENCE_NEGATIVE : PRESENCE_NOT_NEGATIVE;
}

static void leave_arrived(const struct connection *connection)
{
    sights_left(connection->server, connection->session);
    activities_left(connection->server, connection->session);
    connection->session->came_again = connection->server->came;
}

/* Available presence is broadcast; so is unavailable presence, but of a resource that is available (RFC 6121, 4.5.2). */
static void broadcast_arrived(const struct connection *connection, bool is_available)
{
    const struct session_facts *session = connection->session;
    const unsigned possible = session_facts_possible(session, FACT_PRESENCE);
    if (is_available || (possible & PRESENCE_NONE) == 0)
        origins_presence_arrived(connection);
    else if (possible != PRESENCE_NONE)
        origins_presence_doubted(connection->server, session);
}

static void presence_arrived(struct connection *connection, const struct scanned *scanned)
{
    const struct stanza_head *head = &scanned->head;
    struct session_facts *session = connection->session;
    if (head->type.bytes == NULL)
        sights_came(connection->server, session);
    if (head->to.bytes != NULL) {
        if (head->type.bytes == NULL)
            session_facts_directs(session, directed_to_of(head->to));
        subscriptions_arrived(connection, scanned);
        return;
    }
    session->presence_time = model_now(connection->server);
    if (head->type.bytes == NULL || span_is(head->type, "unavailable"))
        broadcast_arrived(connection, head->type.bytes == NULL);
    if (span_is(head->type, "unavailable"))
        leave_arrived(connection);
    if (head->type.bytes == NULL)
        pending_presence_arrived(session);
    if (head->type.bytes == NULL)
        session_facts_set(session, FACT_PRESENCE, priority_of(scanned));
    else if (span_is(head->type, "unavailable"))
        session_facts_set(session, FACT_PRESENCE, PRESENCE_NONE);
}

/* ---- Requests ---- */

/* What a request asks for. */
static enum session_wish wish_to_know(const struct scanned *scanned)
{
    struct tag tag;
    if (!scanned_child(scanned, "query", &tag))
        return WISH_NOTHING;
    if (tag_declares(&tag, "jabber:iq:roster"))
        return WISH_ROSTER;
    if (tag_attribute(&tag, "node").bytes != NULL)
        return WISH_NOTHING;
    if (tag_declares(&tag, "http://jabber.org/protocol/disco#info"))
        return WISH_INFO;
    return tag_declares(&tag, "http://jabber.org/protocol/disco#items") ? WISH_ITEMS : WISH_NOTHING;
}

/* What a request changes of the session that makes it. */
static enum session_wish wish_of(struct span type, const struct scanned *scanned)
{
    static const char carbons[] = "urn:xmpp:carbons:2";
    struct element found;
    struct tag tag;
    if (span_is(type, "get"))
        return wish_to_know(scanned);
    if (!span_is(type, "set"))
        return WISH_NOTHING;
    if (scanned_child(scanned, "query", &tag) && tag_declares(&tag, "jabber:iq:register"))
        return element_find(scanned->inside, "remove", &found, NULL) ? WISH_NO_ACCOUNT : WISH_OTHER_KEYS;
    if (scanned_child(scanned, "enable", &tag) && tag_declares(&tag, carbons))
        return WISH_CARBONS;
    return scanned_child(scanned, "disable", &tag) && tag_declares(&tag, carbons) ? WISH_NO_CARBONS
                                                                                  : WISH_NOTHING;
}

/* A request that blocks JIDs (XEP-0191, 3.3). */
static void block_arrived(const struct connection *connection, struct span items)
{
    const struct session_facts *session = connection->session;
    struct element item;
    char jid[3072];
    if (session->full_jid != NULL)
        doubt_account(connection->server, session->full_jid);
    copies_forget_account(connection->server, session->account);
    while (session->account != NULL && element_find(items, "item", &item, &items))
        if (span_resolve(tag_attribute(&item.tag, "jid"), jid, sizeof jid))
            account_blocks(session->account, jid);
}

/* The account is removed, with what was kept for it (XEP-0077, 3.2). */
static void removal_arrived(struct connection *connection, struct span query)
{
    struct account_facts *account = connection->session->account;
    struct element found;
    if (account == NULL || !element_find(query, "remove", &found, NULL))
        return;
    subscriptions_account_removal_arrived(connection);
    messages_doubt_account(account, true);
    account->is_known = false;
}

/* A request that removes an item of the roster (RFC 6121, 2.5.1). */
static void roster_arrived(struct connection *connection, struct span query)
{
    struct element item;
    if (element_find(query, "item", &item, NULL) &&
        span_is(tag_attribute(&item.tag, "subscription"), "remove"))
        subscriptions_removal_arrived(connection, tag_attribute(&item.tag, "jid"));
}

static void set_arrived(struct connection *connection, const struct scanned *scanned)
{
    struct element child;
    struct tag tag;
    const bool is_block = scanned_child(scanned, "block", &tag) && tag_declares(&tag, "urn:xmpp:blocking");
    struct account_facts *account = connection->session->account;
    if (account != NULL && (is_block || scanned_child(scanned, "unblock", &tag)))
        account->has_other_blocks = true;
    if (connection->session->full_jid == NULL && scanned_child(scanned, "bind", &tag))
        loads_bind_arrived(connection);
    const bool is_query = scanned_child(scanned, "query", &tag);
    if ((!is_block && !is_query) || !element_find(scanned->inside, NULL, &child, NULL))
        return;
    if (is_block)
        block_arrived(connection, child.inside);
    else if (tag_declares(&tag, "jabber:iq:register"))
        removal_arrived(connection, child.inside);
    else if (tag_declares(&tag, "jabber:iq:roster"))
        roster_arrived(connection, child.inside);
}

/* Whether a request is for the sender's own account, which its server answers (RFC 6120, 10.3.3). */
static bool is_for_itself(const struct session_facts *session, const struct stanza_head *head)
{
    if (session->full_jid == NULL || head->from.bytes != NULL ||
        (!span_is(head->type, "get") && !span_is(head->type, "set")))
        return false;
    const struct likeness to = address_liken(head->to, session_facts_jid(session));
    return head->to.bytes == NULL || (to.account == ALIKE_YES && !to.has_resource);
}

static void iq_arrived(struct connection *connection, const struct scanned *scanned)
{
    const struct stanza_head *head = &scanned->head;
    struct session_facts *session = connection->session;
    if (span_is(head->type, "result") || span_is(head->type, "error"))
        return;
    const enum session_wish wish = wish_of(head->type, scanned);
    session_facts_asks(session, id_of(head->id), wish);
    if (wish == WISH_CARBONS || wish == WISH_NO_CARBONS)
        copies_forget_session(connection->server, session);
    room_arrived(connection, scanned);
    if (is_for_itself(session, head))
        session_facts_must_be_answered(session);
    if (span_is(head->type, "set"))
        set_arrived(connection, scanned);
}

/* ---- Stream management ---- */

/* What came in before it counts on if the session is managed itself: then the request fails. */
static void resume_arrived(struct connection *connection, const struct tag *tag)
{
    char id[RESUMPTION_ID_SIZE];
    if (!span_resolve(tag_attribute(tag, "previd"), id, sizeof id))
        return;
    free(connection->resumes);
    connection->resumes = must(strdup(id));
    connection->resumed_to = tag_number(tag, "h");
    if (connection->session->is_managed || connection->asks_to_manage)
        return;
    connection->session->came = 0;
    connection->session->acks.end = connection->session->acks.first;
}

static void element_arrived(struct connection *connection, const struct scanned *scanned)
{
    const struct tag *tag = &scanned->tag;
    struct session_facts *session = connection->session;
    if (span_is(tag->name, "resume"))
        resume_arrived(connection, tag);
    else if (span_is(tag->name, "enable") && !session->is_managed) {
        connection->asks_to_manage = true;
        connection->asks_to_resume = tag_is_true(tag, "resume");
        session->came = session->handled = 0;
        session->acks.end = session->acks.first;
    } else if (span_is(tag->name, "a") && session->is_managed) {
        (void)unacked_acknowledged(&session->unacked, tag_number(tag, "h"));
    } else if (span_is(tag->name, "inactive")) {
        session->may_hold = true;
    } else if (span_is(tag->name, "active")) {
        session->may_hold = false;
    } else if (span_is(tag->name, "r") &&
               (session->is_managed || connection->asks_to_manage || connection->resumes != NULL)) {
        ack_places_add(&session->acks, session->came);
    }
}

void arrived(struct connection *connection, const struct scanned *scanned)
{
    struct session_facts *session = connection->session;
    connection->has_said_goodbye = scanned->kind == SCANNED_END;
    if (connection->has_said_goodbye)
        activities_ended(connection->server, session);
    if (scanned->kind == SCANNED_HEADER)
        stream_header_keep(&connection->in_header, &scanned->tag);
    if (scanned->kind != SCANNED_ELEMENT)
        return;
    ends_arrived(connection, scanned);
    const enum stanza_kind kind = stanza_kind_of(scanned);
    if (kind == NO_STANZA) {
        element_arrived(connection, scanned);
        login_arrived(&connection->login, scanned);
        return;
    }
    const struct stanza_head *head = &scanned->head;
    session->came++;
    connection->server->came++;
    origins_arrived(connection, scanned);
    if (is_ordered(kind, head->type) && session->full_jid != NULL)
        order_came(&connection->server->order, session->jid_hash, id_of(head->id));
    if (kind == STANZA_PRESENCE)
        presence_arrived(connection, scanned);
    else if (kind == STANZA_IQ)
        iq_arrived(connection, scanned);
    else {
        messages_arrived(connection, scanned);
        copies_arrived(connection, scanned);
    }
    if (session->has_open)
        list_add(connection, LIST_OPEN);
}
