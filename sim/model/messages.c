#include "messages.h"

#include "account_facts.h"
#include "rights.h"

#include "../must.h"

#include <stdlib.h>

static void judge(const struct watched_server *server, enum judgement judgement)
{
    (void)model_judge(server->model, QUESTION_OF_MESSAGES, judgement);
}

/* It is over, with that judgement.  That of one which sessions hold was told when it left to them. */
static void end(const struct watched_server *server, struct message *message, enum judgement judgement)
{
    if (!message->is_over && message->holders == 0)
        judge(server, judgement);
    message_over(message);
}

/* ---- What comes in ---- */

static bool is_followed(const struct connection *connection, const struct stanza_head *head)
{
    const bool has_type =
        head->type.bytes == NULL || span_is(head->type, "chat") || span_is(head->type, "normal");
    return has_type && connection->session->full_jid != NULL && head->id.length > 0 &&
           head->from.bytes == NULL;
}

/* XEP-0160, 3 and XEP-0334, 4.4. */
static bool may_be_kept(const struct scanned *scanned)
{
    struct element found;
    return element_find(scanned->inside, "body", &found, NULL) &&
           !element_find(scanned->inside, "no-store", &found, NULL);
}

/* The hint is a child of the message, and declares its own namespace. */
static bool must_not_be_kept(const struct scanned *scanned)
{
    struct element child;
    struct span rest = scanned->inside;
    while (element_find(rest, NULL, &child, &rest))
        if (span_is_local_name(child.tag.name, "no-store") && tag_declares(&child.tag, "urn:xmpp:hints"))
            return true;
    return false;
}

/* The length of the start tag. */
static size_t tag_length(const struct scanned *scanned)
{
    const struct span attributes = scanned->tag.attributes;
    return (size_t)(attributes.bytes + attributes.length - scanned->tag.begin) + 1;
}

/* Without an addressee it is for the sender's own account (RFC 6120, 10.3.1). */
static struct address addressee_of(const struct connection *connection, const struct stanza_head *head)
{
    if (head->to.bytes != NULL)
        return address_split(head->to);
    const char *own = connection->session->full_jid;
    return address_split((struct span){ own, strcspn(own, "/") });
}

void messages_arrived(struct connection *connection, const struct scanned *scanned)
{
    const struct stanza_head *head = &scanned->head;
    struct watched_server *server = connection->server;
    if (!is_followed(connection, head))
        return;
    const struct address to = addressee_of(connection, head);
    struct account_facts *account = account_find(&server->accounts, account_hash(&to));
    if (account == NULL || !address_is_plain(to.resource))
        return;
    const struct message_name name = { connection->session->jid_hash, id_of(head->id) };
    struct message *message = message_came(&account->messages, name);
    if (message == NULL) {
        judge(server, NOT_JUDGED);
        return;
    }
    message->resource = to.resource.bytes != NULL ? span_hash(to.resource) : 0;
    message->from_conn = connection->number;
    message->place = server->came;
    message->time = model_now(server);
    message->is_chat = span_is(head->type, "chat");
    message->may_be_kept = may_be_kept(scanned);
    message->must_not_be_kept = must_not_be_kept(scanned);
    message->from = must(strdup(connection->session->full_jid));
    message->tag = must(strndup(scanned->tag.begin, tag_length(scanned)));
    account_list(&server->accounts, account);
}

/* ---- What leaves ---- */

const struct message *messages_refused(const struct connection *connection, const struct departure *departure)
{
    return message_find(&connection->server->accounts.messages,
                        (struct message_name){ connection->session->jid_hash, departure->id_hash });
}

struct message *messages_departed(struct connection *connection, const struct departure *departure)
{
    struct watched_server *server = connection->server;
    const bool is_error = span_is(departure->type, "error");
    if (departure->kind != STANZA_MESSAGE || departure->from.bytes == NULL || !departure->is_named)
        return NULL;
    const uint64_t sender = is_error ? connection->session->jid_hash : span_hash(departure->from);
    struct message *message =
        message_find(&server->accounts.messages, (struct message_name){ sender, departure->id_hash });
    if (message == NULL)
        return NULL;
    if (is_error || !connection->session->is_managed) {
        end(server, message, HOLDS);
        return NULL;
    }
    judge(server, HOLDS);
    return message;
}

/* ---- Doubts ---- */

/* It may have been dropped or refused.  That is known if it leaves. */
static void doubt(struct message *message)
{
    message->is_doubtful = message->may_be_refused = true;
    message->is_kept = false;
}

void messages_doubt_account(const struct account_facts *account, bool also_kept)
{
    for (struct message *message = account->messages.first; message != NULL; message = message->next)
        if (also_kept || !message->is_kept)
            doubt(message);
}

void messages_doubt(const struct watched_server *server, bool also_kept)
{
    for (const struct account_facts *account = server->accounts.listed; account != NULL;
         account = account->next_listed)
        messages_doubt_account(account, also_kept);
}

void messages_of_account_may_be_refused(const struct account_facts *account)
{
    for (struct message *message = account->messages.first; message != NULL; message = message->next)
        message->may_be_refused = true;
}

void messages_may_be_refused(const struct watched_server *server)
{
    for (const struct account_facts *account = server->accounts.listed; account != NULL;
         account = account->next_listed)
        messages_of_account_may_be_refused(account);
}

/* ---- Quiescence ---- */

static bool is_for(const struct message *message, const struct session_facts *session)
{
    const struct address own = address_split((struct span){ session->full_jid, session->jid_length });
    return own.resource.bytes != NULL && span_hash(own.resource) == message->resource;
}

/* The session that it is addressed to, and that was there when it came in; or NULL. */
static const struct session_facts *addressed(const struct account_facts *account,
                                             const struct message *message)
{
    for (size_t i = 0; message->resource != 0 && i < account->session_count; i++)
        if (is_for(message, account->sessions[i]) && account->sessions[i]->named < message->place)
            return account->sessions[i];
    return NULL;
}

static bool is_writable(const struct session_facts *session)
{
    return session->connection != NULL && !session->connection->is_blocked;
}

/* Whether a session may have it, although it did not leave: that hibernates, or waits to be written.  What is kept is
 * given to one that takes messages. */
static bool may_have(const struct session_facts *session, const struct message *message)
{
    return !is_writable(session) && (!message->is_kept || session_facts_may_take(session));
}

static bool some_may_have(const struct account_facts *account, const struct message *message)
{
    size_t i = 0;
    while (i < account->session_count && !may_have(account->sessions[i], message))
        i++;
    return i < account->session_count;
}

/* What is done and neither left nor was refused is kept, unless a session had it that has ended or may: then it comes in
 * again, and may be refused, which nobody sees. */
void messages_interrupted(const struct connection *connection)
{
    const struct watched_server *server = connection->server;
    for (const struct account_facts *account = server->accounts.listed; account != NULL;
         account = account->next_listed)
        for (struct message *message = account->messages.first; message != NULL; message = message->next)
            if (message->from_conn == connection->number && message->place > server->done)
                doubt(message);
            else if (message->from_conn == connection->number && !connection->is_blocked)
                message->is_unrefused =
                    !message->was_held && !message->may_be_refused && !some_may_have(account, message);
}

/* What was kept was on its way to a session.  It leaves to another one in its turn, behind what that was given meanwhile.
 * If that may be managed, it may have been removed from storage, and comes in again when the session ends: then it may go to
 * one that is cut off as well. */
static void give_back(const struct connection *connection, struct message *message)
{
    const struct account_facts *account = connection->session->account;
    if (connection->session->is_managed || connection->asks_to_manage) {
        message->was_held = true;
        doubt(message);
    }
    for (size_t i = 0; i < account->session_count; i++)
        if (order_last(&account->sessions[i]->kept, message->name.sender) > 0)
            order_left(&account->sessions[i]->kept, message->name.sender, 0);
}

void messages_cut_off(const struct connection *connection)
{
    const struct session_facts *session = connection->session;
    if (!connection->is_blocked || session->account == NULL)
        return;
    messages_doubt_account(session->account, false);
    if (!session_facts_may_take(session))
        return;
    for (struct message *message = session->account->messages.first; message != NULL; message = message->next)
        if (message->is_kept)
            give_back(connection, message);
}

/* Whether what is kept may wait until it acknowledges what it has: a server need not send it faster than
 * it is read. */
static bool is_paced(const struct session_facts *session)
{
    return session->is_managed && session->unacked.first < session->unacked.end;
}

/* The same of an account: what is kept is given to one resource, and the others may get it only when that is gone. */
static bool is_one_paced(const struct account_facts *account)
{
    size_t i = 0;
    while (i < account->session_count &&
           !(is_paced(account->sessions[i]) && session_facts_may_take(account->sessions[i])))
        i++;
    return i < account->session_count;
}

/* A session to which it must have left, if it was not refused; or NULL. */
static const struct session_facts *taker(const struct account_facts *account, const struct message *message)
{
    const struct session_facts *session = addressed(account, message);
    if (session != NULL)
        return is_writable(session) ? session : NULL;
    if (is_one_paced(account))
        return NULL;
    for (size_t i = 0; i < account->session_count; i++) {
        session = account->sessions[i];
        if (is_writable(session) && (message->resource == 0 || message->is_chat) &&
            message->place > session->lacks &&
            session_facts_possible(session, FACT_PRESENCE) == PRESENCE_NOT_NEGATIVE)
            return session;
    }
    return NULL;
}

/* Whether it would have been seen that it is refused. */
static bool is_told(const struct watched_server *server, const struct message *message)
{
    const struct connection *from = connection_of(server, message->from_conn);
    return message->is_unrefused || (from != NULL && !from->is_blocked);
}

static void violated(const struct watched_server *server, const struct message *message,
                     const struct session_facts *session)
{
    struct text why = { 0 };
    judge(server, VIOLATED);
    text_string(&why, "it has left to no resource and was not refused, and ");
    text_string(&why, session->full_jid);
    text_string(&why, " takes messages: ");
    text_string(&why, message->tag);
    text_string(&why, " from ");
    text_string(&why, message->from);
    text_string(&why, "; it came in ");
    append_moment(&why, message->time);
    text_string(&why, message->is_kept ? ", was kept, and the presence of the resource came in "
                                       : ", and the presence of the resource ");
    append_moment(&why, session->presence_time);
    model_violate(server->model, QUESTION_OF_MESSAGES, why.bytes);
    text_free(&why);
}

/* Nothing takes it.  It is kept for certain, if a refusal would have been seen. */
static void without_taker(const struct watched_server *server, struct message *message)
{
    if (!is_told(server, message))
        end(server, message, NOT_JUDGED);
    else if (!message->may_be_kept || (message->resource != 0 && !message->is_chat))
        end(server, message, MAY_HOLD);
    else
        message->is_kept = true;
}

/* Whether its sender may have blocked the account that the session is of: then it is refused (XEP-0191, 3.3). */
static bool may_be_blocked_by_sender(const struct watched_server *server, const struct message *message,
                                     const struct session_facts *session)
{
    const struct address sender = address_split((struct span){ message->from, strlen(message->from) });
    const struct address receiver = address_split(session_facts_jid(session));
    return rights_may_block(server, &sender, &receiver);
}

static void with_taker(const struct watched_server *server, struct message *message,
                       const struct session_facts *session)
{
    const bool must_leave = message->is_kept || (is_told(server, message) && message->may_be_kept) ||
                            (session->is_steady && !message->may_be_refused &&
                             !may_be_blocked_by_sender(server, message, session));
    if (must_leave)
        violated(server, message, session);
    else
        end(server, message, NOT_JUDGED);
}

static void ask(const struct watched_server *server, const struct account_facts *account,
                struct message *message)
{
    const struct span from = { message->from, strlen(message->from) };
    const struct address sender = address_split(from);
    if (message->is_doubtful || account_may_block(account, &sender)) {
        end(server, message, message->is_doubtful || account->has_other_blocks ? NOT_JUDGED : HOLDS);
        return;
    }
    if (some_may_have(account, message))
        return;
    const struct session_facts *session = taker(account, message);
    if (session != NULL)
        with_taker(server, message, session);
    else if (!message->is_kept)
        without_taker(server, message);
}

void messages_quiet(struct watched_server *server)
{
    struct account_facts **at = &server->accounts.listed;
    while (*at != NULL && !server->model->violated) {
        struct account_facts *account = *at;
        for (struct message *message = account->messages.first; message != NULL; message = message->next)
            if (!message->is_over && message->holders == 0 && !server->model->violated)
                ask(server, account, message);
        message_list_sweep(&account->messages);
        account->is_listed = account->messages.first != NULL;
        if (account->is_listed)
            at = &account->next_listed;
        else
            *at = account->next_listed;
    }
}
