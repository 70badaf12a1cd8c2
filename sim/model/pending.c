#include "pending.h"

#include "model_private.h"
#include "rights.h"

#include <stdlib.h>
#include <string.h>

void pending_presence_arrived(struct session_facts *session)
{
    const uint8_t presence = session_facts_possible(session, FACT_PRESENCE);
    if ((presence & PRESENCE_NONE) == 0)
        return;
    session->pending = (struct pending){ .is_due = true,
                                         .is_known = presence == PRESENCE_NONE,
                                         .is_to_be_asked = presence == PRESENCE_NONE };
}

void pending_came(struct watched_server *server, const struct account_facts *account)
{
    for (size_t i = 0; i < account->session_count; i++) {
        struct session_facts *session = account->sessions[i];
        struct connection *connection =
            session->connection != NULL ? connection_of(server, session->connection->number) : NULL;
        if (connection == NULL || !session->pending.is_known)
            continue;
        session->pending.is_to_be_asked = true;
        list_add(connection, LIST_ACTIVE);
    }
}

void pending_doubt(struct session_facts *session)
{
    session->pending.is_known = false;
    session->pending.is_due = true;
}

/* ---- What leaves ---- */

static bool has_left(const struct pending *pending, uint64_t sender)
{
    for (size_t i = 0; i < pending->count; i++)
        if (pending->senders[i] == sender)
            return true;
    return false;
}

static void note(struct pending *pending, uint64_t sender)
{
    if (has_left(pending, sender))
        return;
    if (pending->count == PENDING_MOST)
        pending->has_more = true;
    else
        pending->senders[pending->count++] = sender;
}

enum request pending_departs(const struct connection *connection, const struct departure *departure)
{
    struct session_facts *session = departure->session;
    struct pending *pending = &session->pending;
    if (departure->kind != STANZA_PRESENCE || !span_is(departure->type, "subscribe") ||
        !departure->is_named || departure->again != AGAIN_NOTHING)
        return REQUEST_NONE;
    const uint64_t sender = span_hash(departure->from);
    const bool is_again = has_left(pending, sender), is_due = pending->is_due;
    note(pending, sender);
    if (connection->has_backlog || session->has_returned || departure->is_struck || pending->has_more)
        return REQUEST_POSSIBLE;
    const enum alike is_new =
        subscriptions_asked_for(connection->server, departure->from, session_facts_jid(session));
    pending->had_new = pending->had_new || is_new != ALIKE_NO;
    if ((is_due || is_new == ALIKE_YES) && !is_again)
        return REQUEST_DUE;
    if (is_new != ALIKE_NO)
        return REQUEST_POSSIBLE;
    if (!is_due)
        return REQUEST_WITHOUT_REASON;
    return pending->is_known && !pending->had_new ? REQUEST_AGAIN : REQUEST_POSSIBLE;
}

/* ---- What must have left ---- */

/* Whether what a session is owed may wait: a server need not send it faster than it is read. */
static bool may_wait(const struct connection *connection)
{
    const struct session_facts *session = connection->session;
    return connection->is_blocked || session->is_managed;
}

void pending_done(const struct connection *connection)
{
    if (!may_wait(connection))
        connection->session->pending.is_due = false;
}

static void ask(const struct connection *connection, const struct core_store_entry *entry)
{
    const struct session_facts *session = connection->session;
    const struct watched_server *server = connection->server;
    const struct span sender = { entry->key, strlen(entry->key) };
    const struct address account = address_split(session_facts_jid(session)), from = address_split(sender);
    if (!side_has_pending_in(side_of_item(entry->value).state))
        return;
    const bool is_judged = address_is_plain(from.local) && !rights_may_block(server, &account, &from);
    const enum judgement judgement = !is_judged                                       ? NOT_JUDGED
                                     : has_left(&session->pending, span_hash(sender)) ? HOLDS
                                                                                      : VIOLATED;
    if (!model_judge(server->model, QUESTION_OF_REQUESTS, judgement))
        return;
    struct text why = { 0 };
    text_string(&why, "the request of ");
    text_string(&why, entry->key);
    text_string(&why, " waits, and did not leave to ");
    text_string(&why, session->full_jid);
    text_string(&why, ", which is available");
    model_violate(server->model, QUESTION_OF_REQUESTS, why.bytes);
    text_free(&why);
}

static bool is_to_be_asked(const struct connection *connection)
{
    const struct session_facts *session = connection->session;
    const struct pending *pending = &session->pending;
    return pending->is_to_be_asked && pending->is_known && !pending->has_more && session->full_jid != NULL &&
           !connection->is_blocked && !session->has_ended && !session->is_unsure &&
           session->unacked.first == session->unacked.end && session_facts_is_available(session);
}

void pending_quiet(const struct connection *connection)
{
    const struct watched_server *server = connection->server;
    struct pending *pending = &connection->session->pending;
    const bool is = is_to_be_asked(connection);
    char user[1024], host[1024];
    const struct address account = address_split(session_facts_jid(connection->session));
    pending->is_to_be_asked = false;
    if (!is || server->disk == NULL || !address_read_part(account.local, user, sizeof user) ||
        !address_read_part(account.domain, host, sizeof host))
        return;
    const size_t count = disk_count(server->disk, user, host, CORE_STORE_ROSTER);
    for (size_t i = 0; i < count && !server->model->violated; i++) {
        const struct core_store_entry entry = disk_entry(server->disk, user, host, CORE_STORE_ROSTER, i);
        ask(connection, &entry);
    }
}
