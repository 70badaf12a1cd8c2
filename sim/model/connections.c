#include "model_private.h"

#include "../must.h"

#include <stdlib.h>
#include <string.h>

#include "limits.h"
#include "messages.h"
#include "rights.h"

static void begin_session(struct connection *connection)
{
    connection->session = session_facts_new();
    connection->session->connection = connection;
}

void begin_again(struct connection *connection)
{
    if (connection->session->full_jid != NULL)
        return;
    session_facts_free(connection->session);
    begin_session(connection);
}

static void end_session(struct watched_server *server, struct session_facts *session)
{
    if (session->account != NULL)
        loads_session_ended(server, session->account->jid);
    account_ended(session);
    session_facts_free(session);
}

/* Numbers are never used again, so the table has room for as many as there were. */
static void put_by_number(struct watched_server *server, struct connection *connection)
{
    const uint32_t number = connection->number, had = server->numbers;
    if (number >= had) {
        server->numbers = number < 16 ? 32 : number * 2;
        server->by_number = must(realloc(server->by_number, server->numbers * sizeof(struct connection *)));
        for (uint32_t i = had; i < server->numbers; i++)
            server->by_number[i] = NULL;
    }
    server->by_number[number] = connection;
}

void open_connection(struct watched_server *server, uint32_t number)
{
    struct connection *connection = must(calloc(1, sizeof *connection));
    connection->number = number;
    connection->server = server;
    begin_session(connection);
    origins_provided(server);
    connection->next = server->connections;
    if (connection->next != NULL)
        connection->next->previous = connection;
    server->connections = connection;
    put_by_number(server, connection);
}

static void take_off(const struct connection *connection)
{
    struct watched_server *server = connection->server;
    if (connection->previous != NULL)
        connection->previous->next = connection->next;
    else
        server->connections = connection->next;
    if (connection->next != NULL)
        connection->next->previous = connection->previous;
    server->by_number[connection->number] = NULL;
}

/* Whether it can be resumed, or may: the answer that says so may not have been written. */
static bool may_hibernate(const struct connection *connection)
{
    const struct session_facts *session = connection->session;
    const bool may_have_been_granted =
        connection->asks_to_resume && connection->is_blocked && session->full_jid != NULL;
    return !connection->has_said_goodbye && (session->resumption_id != NULL || may_have_been_granted);
}

/* A session that can be resumed stays. */
void close_connection(struct connection *connection)
{
    struct watched_server *server = connection->server;
    struct session_facts *session = connection->session;
    struct account_facts *account = session->account;
    server->has_ended = true;
    stop_binding(connection);
    copies_forget_session(server, session);
    if (session->must_end != NULL)
        (void)model_judge(server->model, QUESTION_OF_ENDS, HOLDS);
    messages_interrupted(connection);
    subscriptions_interrupted(connection);
    if (server->came != server->done)
        origins_presence_doubted(server, session);
    messages_cut_off(connection);
    if (may_hibernate(connection)) {
        struct hibernating *hibernating = must(malloc(sizeof *hibernating));
        session_facts_blur(session);
        pending_doubt(session);
        session->connection = NULL;
        session->must_end = NULL;
        *hibernating = (struct hibernating){ session, server->hibernating };
        server->hibernating = hibernating;
    } else {
        if (!connection->asks_to_manage || connection->has_said_goodbye) {
            sights_left(server, session);
            activities_ended(server, session);
        }
        end_session(server, session);
    }
    if (account != NULL)
        limits_connection_over(account);
    lists_remove(connection);
    take_off(connection);
    stream_scan_free(&connection->in);
    stream_scan_free(&connection->out);
    login_free(&connection->login);
    stream_header_free(&connection->in_header);
    stream_header_free(&connection->out_header);
    free(connection->resumes);
    free(connection);
}

static void forget_hibernating(struct watched_server *server)
{
    while (server->hibernating != NULL) {
        struct hibernating *next = server->hibernating->next;
        end_session(server, server->hibernating->session);
        free(server->hibernating);
        server->hibernating = next;
    }
}

static void doubt(struct session_facts *session, const char *full_jid)
{
    const size_t bare = strcspn(full_jid, "/");
    if (session->full_jid != NULL && strncmp(session->full_jid, full_jid, bare + 1) == 0)
        session->is_unsure = true;
}

void doubt_account(struct watched_server *server, const char *full_jid)
{
    for (struct connection *connection = server->connections; connection != NULL;
         connection = connection->next)
        doubt(connection->session, full_jid);
    for (struct hibernating *hibernating = server->hibernating; hibernating != NULL;
         hibernating = hibernating->next)
        doubt(hibernating->session, full_jid);
}

static bool is_of(const struct connection *connection, const struct account_facts *account)
{
    return connection->session->account == account ||
           (connection->account == account->jid && connection->session->full_jid == NULL);
}

void outdate_others(struct watched_server *server, const struct connection *but)
{
    const struct account_facts *account = but->session->account;
    if (account == NULL)
        return;
    but->session->has_other_keys = true;
    for (struct connection *connection = server->connections; connection != NULL;
         connection = connection->next)
        if (connection != but && is_of(connection, account)) {
            connection->session->is_outdated = true;
            list_add(connection, LIST_ACTIVE);
        }
    for (struct hibernating *hibernating = server->hibernating; hibernating != NULL;
         hibernating = hibernating->next)
        if (hibernating->session->account == account)
            hibernating->session->is_outdated = true;
}

/* After a crash nothing is left of any session. */
void forget_all(struct watched_server *server)
{
    struct connection *connection = server->connections;
    while (connection != NULL) {
        struct connection *next = connection->next;
        close_connection(connection);
        connection = next;
    }
    forget_hibernating(server);
    server->requests = 0;
}

/* ---- Resumption ---- */

static bool has_id(const struct session_facts *session, const char *id)
{
    return session->resumption_id != NULL && strcmp(session->resumption_id, id) == 0;
}

static struct connection *connection_with(const struct watched_server *server, const char *id)
{
    struct connection *connection = server->connections;
    while (connection != NULL && !has_id(connection->session, id))
        connection = connection->next;
    return connection;
}

const struct session_facts *find_resumable(const struct watched_server *server, const char *id)
{
    const struct hibernating *hibernating = server->hibernating;
    while (hibernating != NULL && !has_id(hibernating->session, id))
        hibernating = hibernating->next;
    if (hibernating != NULL)
        return hibernating->session;
    const struct connection *connection = connection_with(server, id);
    return connection != NULL ? connection->session : NULL;
}

struct session_facts *take_resumable(struct watched_server *server, const char *id)
{
    struct hibernating **at = &server->hibernating;
    while (*at != NULL && !has_id((*at)->session, id))
        at = &(*at)->next;
    if (*at != NULL) {
        struct hibernating *found = *at;
        struct session_facts *session = found->session;
        *at = found->next;
        free(found);
        return session;
    }
    struct connection *connection = connection_with(server, id);
    if (connection == NULL)
        return NULL;
    struct session_facts *session = connection->session;
    session_facts_blur(session);
    pending_doubt(session);
    begin_session(connection);
    return session;
}

/* ---- Names ---- */

/* What it held came in again when it ended, in whatever state the account was then; and it may have held what never
 * left. */
static void end_some_time_ago(struct watched_server *server, struct session_facts *session)
{
    const struct unacked_queue *unacked = &session->unacked;
    for (size_t i = unacked->first; i < unacked->end; i++)
        if (unacked->stanzas[i].message != NULL)
            unacked->stanzas[i].message->may_be_refused = true;
    if (session->account != NULL)
        messages_of_account_may_be_refused(session->account);
    end_session(server, session);
}

/* No two sessions have one name: one that hibernates has ended. */
static void end_hibernating(struct watched_server *server, const char *full_jid)
{
    struct hibernating **at = &server->hibernating;
    while (*at != NULL &&
           ((*at)->session->full_jid == NULL || strcmp((*at)->session->full_jid, full_jid) != 0))
        at = &(*at)->next;
    if (*at == NULL)
        return;
    struct hibernating *ended = *at;
    *at = ended->next;
    end_some_time_ago(server, ended->session);
    free(ended);
}

/* What an account blocks when it is first seen was provided for it. */
void learn_blocked(const struct watched_server *server, struct account_facts *account, const char *full_jid)
{
    const struct disk *disk = server->disk;
    char *local = must(strndup(full_jid, strcspn(full_jid, "/")));
    char *domain = local + strcspn(local, "@");
    account->is_provided = true;
    *domain++ = '\0';
    if (disk != NULL && disk_count(disk, local, domain, CORE_STORE_ACCOUNT) > 0) {
        account_blocks_none(account);
        account->has_other_blocks = !rights_stored_blocks_are_known(server, local, domain);
        for (size_t i = 0;
             rights_can_block(server) && i < disk_count(disk, local, domain, CORE_STORE_BLOCKLIST); i++)
            account_blocks(account, disk_entry(disk, local, domain, CORE_STORE_BLOCKLIST, i).key);
    }
    free(local);
}

void name_session(struct watched_server *server, struct session_facts *session)
{
    session->named = server->came;
    sights_came(server, session);
    end_hibernating(server, session->full_jid);
    struct account_facts *account = account_named(&server->accounts, session);
    server->bound = account;
    if (account != NULL && !account->is_provided)
        learn_blocked(server, account, session->full_jid);
}
