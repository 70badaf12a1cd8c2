#include "model_private.h"

#include "../must.h"

#include <stdlib.h>
#include <string.h>

enum stanza_kind stanza_kind_of(const struct scanned *scanned)
{
    const struct span name = tag_local_name(&scanned->tag);
    if (span_is(name, "message"))
        return STANZA_MESSAGE;
    if (span_is(name, "presence"))
        return STANZA_PRESENCE;
    return span_is(name, "iq") ? STANZA_IQ : NO_STANZA;
}

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

static void presence_arrived(struct session_facts *session, const struct scanned *scanned,
                             const struct stanza_head *head)
{
    if (head->to.bytes != NULL)
        return;
    if (head->type.bytes == NULL)
        session_facts_set(session, FACT_PRESENCE, priority_of(scanned));
    else if (span_is(head->type, "unavailable"))
        session_facts_set(session, FACT_PRESENCE, PRESENCE_NONE);
}

/* ---- Requests ---- */

/* What a request changes of the session that makes it. */
static enum session_wish wish_of(struct span type, const struct scanned *scanned)
{
    struct element child;
    if (!element_find(scanned->inside, NULL, &child, NULL))
        return WISH_NOTHING;
    const struct span name = tag_local_name(&child.tag);
    if (span_is(type, "get") && span_is(name, "query") && tag_declares(&child.tag, "jabber:iq:roster"))
        return WISH_ROSTER;
    if (span_is(type, "set") && tag_declares(&child.tag, "urn:xmpp:carbons:2")) {
        if (span_is(name, "enable"))
            return WISH_CARBONS;
        if (span_is(name, "disable"))
            return WISH_NO_CARBONS;
    }
    return WISH_NOTHING;
}

/* Whether a request blocks a JID (XEP-0191, 3.3). */
static bool blocks(const struct scanned *scanned)
{
    struct element child;
    return element_find(scanned->inside, NULL, &child, NULL) &&
           span_is(tag_local_name(&child.tag), "block") && tag_declares(&child.tag, "urn:xmpp:blocking");
}

static void iq_arrived(struct connection *connection, const struct scanned *scanned,
                       const struct stanza_head *head)
{
    struct session_facts *session = connection->session;
    if (span_is(head->type, "result") || span_is(head->type, "error"))
        return;
    session_facts_asks(session, id_of(head->id), wish_of(head->type, scanned));
    if (blocks(scanned) && session->full_jid != NULL)
        doubt_account(connection->server, session->full_jid);
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
        session->came = session->handled = 0;
        session->acks.end = session->acks.first;
    } else if (span_is(tag->name, "a") && session->is_managed) {
        (void)unacked_acknowledged(&session->unacked, tag_number(tag, "h"));
    } else if (span_is(tag->name, "r") &&
               (session->is_managed || connection->asks_to_manage || connection->resumes != NULL)) {
        ack_places_add(&session->acks, session->came);
    }
}

void arrived(struct connection *connection, const struct scanned *scanned)
{
    struct session_facts *session = connection->session;
    if (scanned->kind != SCANNED_ELEMENT)
        return;
    const enum stanza_kind kind = stanza_kind_of(scanned);
    if (kind == NO_STANZA) {
        element_arrived(connection, scanned);
        return;
    }
    const struct stanza_head head = tag_stanza_head(&scanned->tag);
    session->came++;
    if (is_ordered(kind, head.type) && session->full_jid != NULL)
        order_came(&connection->server->order, jid_hash(session->full_jid), id_of(head.id));
    if (kind == STANZA_PRESENCE)
        presence_arrived(session, scanned, &head);
    else if (kind == STANZA_IQ)
        iq_arrived(connection, scanned, &head);
    if (session->has_open)
        list_add(connection, LIST_OPEN);
}
