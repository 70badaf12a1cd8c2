#include "copies.h"

#include "model_private.h"

/* ---- What came in ---- */

/* XEP-0280, 6.1; XEP-0334, 4.3. */
static bool is_private(const struct scanned *scanned)
{
    struct element child;
    struct span rest = scanned->inside;
    while (element_find(rest, NULL, &child, &rest))
        if (span_is_local_name(child.tag.name, "private") || span_is_local_name(child.tag.name, "no-copy"))
            return true;
    return false;
}

/* A valid address of another account, that the sender does not block: to that nothing is sent. */
static bool is_for_another(const struct session_facts *session, struct span jid)
{
    const struct address to = address_split(jid);
    const struct span own = session_facts_jid(session);
    return account_hash(&to) != 0 && to.domain.length > 0 && address_is_plain(to.resource) &&
           (to.resource.bytes == NULL || to.resource.length > 0) &&
           address_liken(jid, own).account == ALIKE_NO && !account_may_block(session->account, &to);
}

static bool is_followed(const struct connection *connection, const struct scanned *scanned)
{
    const struct session_facts *session = connection->session;
    const struct stanza_head *head = &scanned->head;
    return session->account != NULL && session->account->session_count > 1 && session->must_end == NULL &&
           (connection->server->settings->features & CORE_CARBONS) != 0 && head->from.bytes == NULL &&
           head->id.length > 0 && span_is(head->type, "chat") && is_for_another(session, head->to) &&
           !is_private(scanned);
}

static bool wants_copies(const struct session_facts *session)
{
    return session->connection != NULL && !session->connection->is_blocked && !session->has_ended &&
           session_facts_possible(session, FACT_CARBONS) == FACT_YES;
}

void copies_arrived(const struct connection *connection, const struct scanned *scanned)
{
    const struct session_facts *session = connection->session;
    struct copies_due *copies = &connection->server->copies;
    if (!is_followed(connection, scanned))
        return;
    for (size_t i = 0; i < session->account->session_count; i++) {
        const struct session_facts *other = session->account->sessions[i];
        if (other == session || !wants_copies(other) || copies->count == COPIES_MOST)
            continue;
        copies->due[copies->count++] =
            (struct copy_due){ .name = { session->jid_hash, id_of(scanned->head.id) },
                               .from = session,
                               .to = other,
                               .time = model_now(connection->server) };
    }
}

/* ---- What leaves ---- */

static void take_off(struct copies_due *copies, size_t index)
{
    copies->due[index] = copies->due[--copies->count];
}

static bool read_name(const struct departure *departure, struct message_name *name)
{
    struct element sent, forwarded, message;
    if (!element_find(departure->scanned->inside, "sent", &sent, NULL) ||
        !element_find(sent.inside, "forwarded", &forwarded, NULL) ||
        !element_find(forwarded.inside, "message", &message, NULL))
        return false;
    const struct stanza_head head = tag_stanza_head(&message.tag);
    *name = (struct message_name){ span_hash(head.from), id_of(head.id) };
    return true;
}

void copies_departed(const struct connection *connection, const struct departure *departure)
{
    struct copies_due *copies = &connection->server->copies;
    struct message_name name;
    if (departure->copy != COPY_OF_SENT || copies->count == 0 || !read_name(departure, &name))
        return;
    for (size_t i = 0; i < copies->count; i++) {
        const struct copy_due *due = &copies->due[i];
        if (due->to != departure->session || due->name.sender != name.sender || due->name.id != name.id)
            continue;
        (void)model_judge(connection->server->model, QUESTION_OF_COPIES, HOLDS);
        take_off(copies, i);
        return;
    }
}

/* ---- Doubts ---- */

void copies_forget_session(struct watched_server *server, const struct session_facts *session)
{
    struct copies_due *copies = &server->copies;
    for (size_t i = copies->count; i-- > 0;)
        if (copies->due[i].from == session || copies->due[i].to == session)
            take_off(copies, i);
}

void copies_forget_account(struct watched_server *server, const struct account_facts *account)
{
    struct copies_due *copies = &server->copies;
    for (size_t i = copies->count; i-- > 0;)
        if (copies->due[i].from->account == account)
            take_off(copies, i);
}

void copies_forget(struct watched_server *server)
{
    server->copies.count = 0;
}

/* ---- Quiescence ---- */

static void violated(const struct watched_server *server, const struct copy_due *due)
{
    struct text why = { 0 };
    text_string(&why, "no copy has left to ");
    text_string(&why, due->to->full_jid);
    text_string(&why, " of a message that came in from ");
    text_string(&why, due->from->full_jid);
    text_string(&why, " ");
    append_moment(&why, due->time);
    model_violate(server->model, QUESTION_OF_COPIES, why.bytes);
    text_free(&why);
}

/* What a server writes to a connection that takes no more is not seen, and a stream that has ended is owed
 * nothing. */
void copies_quiet(struct watched_server *server)
{
    struct copies_due *copies = &server->copies;
    for (size_t i = 0; i < copies->count && !server->model->violated; i++) {
        const struct copy_due *due = &copies->due[i];
        if (!wants_copies(due->to) || due->from->has_ended)
            continue;
        (void)model_judge(server->model, QUESTION_OF_COPIES, VIOLATED);
        violated(server, due);
    }
    copies->count = 0;
}
