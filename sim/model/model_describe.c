#include "model_private.h"

#include "../world/describe.h"

#include <inttypes.h>

static void describe_facts(struct description *description, const struct session_facts *session)
{
    static const char *const names[FACTS] = { "presence", "interested", "carbons" };
    for (int fact = 0; fact < FACTS; fact++) {
        describe_property(description, "%s %u %u %u", names[fact], session->settled[fact],
                          session->open[fact], session->last[fact]);
        describe_count(description, "asked", session->asked[fact]);
    }
    describe_word(description, session->is_steady, "steady");
    describe_word(description, session->lacks > 0, "may lack what is kept");
    describe_word(description, session->is_outdated, "outdated");
    describe_word(description, session->has_ended, "ended");
    describe_string(description, "must end", session->must_end);
    for (size_t i = 0; i < session->directed_count; i++)
        describe_property(description, "directed to %016" PRIx64 " %016" PRIx64, session->directed[i].account,
                          session->directed[i].resource);
    describe_word(description, session->has_directed_more, "and to more");
}

static void describe_management(struct description *description, const struct session_facts *session)
{
    const struct unacked_queue *unacked = &session->unacked;
    describe_word(description, session->was_resumed, "resumed");
    describe_word(description, session->is_unsure, "unsure");
    describe_word(description, session->may_lose_answers, "of answers too");
    describe_count(description, "came", session->came);
    describe_count(description, "handled", session->handled);
    describe_count(description, "acknowledged", unacked->acknowledged);
    describe_count(description, "to leave again", unacked->end - unacked->next);
    for (size_t i = session->acks.first; i < session->acks.end; i++)
        describe_property(description, "asked for %" PRIu32, session->acks.counts[i]);
    for (size_t i = unacked->first; i < unacked->end; i++)
        describe_property(description, unacked->stanzas[i].is_answer ? "answer %016" PRIx64 : "%016" PRIx64,
                          unacked->stanzas[i].hash);
}

/* What it was told of others, and is owed. */
static void describe_told(struct description *description, const struct session_facts *session)
{
    const struct pending *pending = &session->pending;
    describe_word(description, session->may_hold, "may hold presence back");
    describe_count(description, "presences that are open", session->presences);
    describe_word(description, session->has_left, "left");
    describe_word(description, pending->is_due, "requests are due");
    describe_word(description, pending->is_known, "and known");
    describe_word(description, pending->is_to_be_asked, "and asked for");
    describe_word(description, pending->has_more, "and more");
    describe_word(description, pending->had_new, "one was new");
    for (size_t i = 0; i < pending->count; i++)
        describe_property(description, "was asked by %016" PRIx64, pending->senders[i]);
    for (size_t i = 0; i < LEAVES_TOLD; i++)
        if (session->leaves.told[i].times > 0)
            describe_property(description, "told of %016" PRIx64 " %" PRIu32, session->leaves.told[i].leave,
                              session->leaves.told[i].times);
}

static void describe_session(struct description *description, const struct session_facts *session)
{
    describe_string(description, "session", session->full_jid);
    describe_facts(description, session);
    describe_told(description, session);
    session_facts_describe_requests(description, session);
    if (session->is_managed)
        describe_management(description, session);
}

static void describe_scan(struct description *description, const char *name, const struct stream_scan *scan)
{
    if (scan->kept.length > 0)
        describe_bytes(description, name, scan->kept.bytes, scan->kept.length);
}

/* The place of an element among those that are not answered, counted from 1; 0 when it is answered. */
static size_t unanswered(const struct login *login, size_t element)
{
    return element > login->answered ? element - login->answered : 0;
}

static void describe_login(struct description *description, const struct login *login)
{
    for (size_t i = 0; i < login->count; i++) {
        const struct exchange *exchange = &login->exchanges[i];
        describe_string(description, "exchange", exchange->mechanism);
        if (exchange->first != NULL)
            describe_bytes(description, "first", exchange->first, exchange->first_length);
        describe_string(description, "challenge", exchange->challenge);
        describe_string(description, "last", exchange->last);
        describe_count(description, "begun", unanswered(login, exchange->begun));
        describe_count(description, "said", unanswered(login, exchange->said));
    }
    describe_count(description, "unanswered", unanswered(login, login->came));
    describe_word(description, login->has_more, "and more");
}

static void describe_connection(struct description *description, const struct connection *connection)
{
    describe_line(description, "connection");
    describe_word(description, connection->is_blocked, "blocked");
    describe_word(description, connection->is_in, "in");
    describe_word(description, connection->is_secured, "secured");
    describe_word(description, connection->starts_tls, "starts TLS");
    describe_count(description, "anonymous host", connection->anonymous_host);
    describe_word(description, connection->binds, "binds");
    describe_word(description, connection->gets_stored, "must load");
    describe_word(description, connection->asks_to_manage, "asks to manage");
    describe_word(description, connection->asks_to_resume, "asks to resume");
    describe_string(description, "resumes", connection->resumes);
    describe_count(description, "from", connection->resumed_to);
    describe_login(description, &connection->login);
    describe_scan(description, "came in part", &connection->in);
    describe_scan(description, "left in part", &connection->out);
    describe_session(description, connection->session);
}

static void describe_message(struct description *description, const struct watched_server *server,
                             const struct message *message)
{
    const struct connection *from = connection_of(server, message->from_conn);
    describe_string(description, "message", message->tag);
    describe_string(description, "from", message->from);
    describe_word(description, from != NULL && !from->is_blocked, "refusal seen");
    describe_word(description, message->place <= server->done, "done");
    describe_word(description, message->is_kept, "kept");
    describe_word(description, message->may_be_refused, "may be refused");
    describe_word(description, message->is_unrefused, "was not refused");
    describe_word(description, message->is_doubtful, "in doubt");
    describe_count(description, "holders", message->holders);
}

static void describe_blocked(struct description *description, const struct watched_server *server)
{
    for (const struct account_facts *account = server->accounts.first; account != NULL;
         account = account->hh.next) {
        if (account->has_other_blocks)
            describe_line(description, "%016" PRIx64 " changes whom it blocks", account->jid);
        for (size_t i = 0; i < account->blocked_count; i++)
            describe_line(description, "%016" PRIx64 " may block %s", account->jid, account->blocked[i]);
    }
}

static void describe_passwords(struct description *description, const struct watched_server *server)
{
    for (const struct account_facts *account = server->accounts.first; account != NULL;
         account = account->hh.next)
        if (account->passwords > 0)
            describe_line(description, "%016" PRIx64 " has set %zu passwords", account->jid,
                          account->passwords);
}

static void describe_copies(struct description *description, const struct watched_server *server)
{
    for (size_t i = 0; i < server->copies.count; i++) {
        const struct copy_due *due = &server->copies.due[i];
        describe_line(description, "a copy is due");
        describe_property(description, "%016" PRIx64 " %016" PRIx64, due->name.sender, due->name.id);
        describe_string(description, "to", due->to->full_jid);
    }
}

/* In their order; when they were is left out, as all times are. */
static void describe_loads(struct description *description, const struct watched_server *server)
{
    const struct loads *loads = &server->loads;
    for (uint64_t i = 1; i <= LOADS_MOST; i++) {
        const struct load *load = &loads->last[(loads->count + i) % LOADS_MOST];
        if (load->account != 0)
            describe_line(description, "loaded %016" PRIx64 " %d%s", load->account, load->store,
                          load->is_doubtful ? ", doubtful" : "");
    }
    for (size_t i = 0; i < loads->failed_count && i < LOADS_FAILED_MOST; i++)
        describe_line(description, "could not be loaded: %016" PRIx64, loads->failed[i]);
    describe_word(description, loads->failed_count > LOADS_FAILED_MOST, "and more");
    describe_word(description, server->was_idle, "idle");
    describe_word(description, server->is_shaken, "shaken");
    describe_word(description, server->is_ending, "ending");
}

/* What is over says nothing any more. */
static void describe_messages(struct description *description, const struct watched_server *server)
{
    for (const struct account_facts *account = server->accounts.listed; account != NULL;
         account = account->next_listed)
        for (const struct message *message = account->messages.first; message != NULL;
             message = message->next)
            if (!message->is_over)
                describe_message(description, server, message);
}

/* The order of what came in is left out: its numbers would make each state one of its own. */
void model_describe(struct description *description, const struct model *model)
{
    describe_line(description, "model");
    describe_in(description);
    for (size_t i = 0; i < model->server_count; i++) {
        const struct watched_server *server = model->servers[i];
        const size_t begun = describe_begin_set(description);
        for (const struct connection *c = server->connections; c != NULL; c = c->next)
            describe_connection(description, c);
        for (const struct hibernating *h = server->hibernating; h != NULL; h = h->next) {
            describe_line(description, "hibernating");
            describe_session(description, h->session);
        }
        describe_line(description, "came in %016" PRIx64, server->origins.sum);
        describe_word(description, server->origins.has_forgotten, "and more");
        describe_line(description, "sights %016" PRIx64, sights_sum(&server->sights));
        describe_line(description, "activities %016" PRIx64, activities_sum(&server->activities));
        subscriptions_describe(description, &server->subscriptions);
        roster_saves_describe(description, &server->roster_saves);
        describe_blocked(description, server);
        describe_messages(description, server);
        describe_passwords(description, server);
        describe_copies(description, server);
        describe_loads(description, server);
        describe_end_set(description, begun);
    }
    describe_out(description);
}
