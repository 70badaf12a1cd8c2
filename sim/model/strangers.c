#include "strangers.h"

#include "messages.h"
#include "rights.h"

/* What leaves was written in this event, so it was decided upon what is stored now. */
static bool is_fresh(const struct connection *connection, const struct departure *departure)
{
    return !connection->has_backlog && departure->again == AGAIN_NOTHING && !departure->session->was_resumed;
}

static bool is_of_another_account(const struct departure *departure)
{
    return departure->is_named && departure->from.bytes != NULL &&
           address_liken(departure->from, session_facts_jid(departure->session)).account == ALIKE_NO;
}

/* A right that is in doubt because what leaves may have waited. */
static enum right doubted(const struct connection *connection, const struct departure *departure,
                          enum right right)
{
    return right == RIGHT_MISSING && !is_fresh(connection, departure) ? RIGHT_UNKNOWN : right;
}

/* ---- Requests to resources (RFC 6121, 8.5.3.1) ---- */

/* A server asks its own clients whether they are still there (XEP-0199). */
static bool is_own_server(const struct address *sender, const struct session_facts *session)
{
    const struct address own = address_split(session_facts_jid(session));
    const struct address host = { .domain = own.domain };
    return address_same(sender, &host) != ALIKE_NO;
}

static enum right reach_of(const struct connection *connection, const struct departure *departure)
{
    const struct watched_server *server = connection->server;
    const struct session_facts *session = departure->session;
    const bool is_request = span_is(departure->type, "get") || span_is(departure->type, "set");
    if (!is_request || server->settings->iq_from_strangers || !is_of_another_account(departure))
        return RIGHT_NONE;
    const struct address sender = address_split(departure->from);
    if (is_own_server(&sender, session))
        return RIGHT_NONE;
    if (session_facts_has_directed(session, account_hash(&sender)))
        return RIGHT_POSSIBLE;
    const enum right right = rights_in_roster(server, session_facts_jid(session), departure->from, "from");
    return doubted(connection, departure, right);
}

/* ---- Refusals that say that nobody is there (RFC 6121, 8.5.2.2.1) ---- */

static bool says_unavailable(const struct departure *departure)
{
    struct element error, condition;
    return element_find(departure->scanned->inside, "error", &error, NULL) &&
           element_find(error.inside, "service-unavailable", &condition, NULL);
}

/* The sender of a message may have been refused for another reason: it is blocked, or addressed a resource. */
static bool is_refused_for_absence(const struct message *message, const struct session_facts *session)
{
    const struct address sender = address_split(session_facts_jid(session));
    return message != NULL && message->must_not_be_kept && !message->may_be_refused &&
           (message->resource == 0 || message->is_chat) &&
           !account_may_block(message->list->account, &sender);
}

static enum right absence_of(const struct connection *connection, const struct departure *departure)
{
    const struct core_settings *settings = connection->server->settings;
    const struct session_facts *session = departure->session;
    if (!span_is(departure->type, "error") || settings->tell_strangers ||
        (settings->features & CORE_OFFLINE) == 0 || !is_of_another_account(departure) ||
        !says_unavailable(departure))
        return RIGHT_NONE;
    const struct message *message = messages_refused(connection, departure);
    if (!is_refused_for_absence(message, session))
        return RIGHT_NONE;
    const enum right right =
        rights_in_roster(connection->server, departure->from, session_facts_jid(session), "from");
    return doubted(connection, departure, right);
}

/* ---- Presence to who is behind with acknowledgements ---- */

/* Presence of contacts that only one of the two rosters has is not followed. */
static enum right crowding_of(const struct connection *connection, const struct departure *departure)
{
    enum { HALF = 2 };
    const struct watched_server *server = connection->server;
    const struct session_facts *session = departure->session;
    const struct unacked_queue *unacked = &session->unacked;
    if (departure->type.bytes != NULL || !session->is_managed ||
        unacked->end - unacked->first <= server->settings->limits.unacked / HALF ||
        !is_of_another_account(departure))
        return RIGHT_NONE;
    const enum right theirs = rights_in_roster(server, departure->from, session_facts_jid(session), "from");
    if (theirs != RIGHT_MISSING)
        return theirs;
    const enum right own = rights_in_roster(server, session_facts_jid(session), departure->from, "to");
    if (session->may_hold)
        return own == RIGHT_MISSING ? RIGHT_UNKNOWN : own; /* it came in when less was not acknowledged */
    return doubted(connection, departure, own);
}

void strangers_departed(const struct connection *connection, struct departure *departure)
{
    if (departure->kind == STANZA_IQ)
        departure->reach = reach_of(connection, departure);
    else if (departure->kind == STANZA_MESSAGE)
        departure->absence = absence_of(connection, departure);
    else if (departure->kind == STANZA_PRESENCE)
        departure->crowding = crowding_of(connection, departure);
}
