#include "limits.h"

#include <stdio.h>
#include <string.h>

static void judge(const struct watched_server *server, size_t question, size_t count, size_t limit,
                  const char *of)
{
    char detail[600];
    if (!model_judge(server->model, question, count <= limit ? HOLDS : VIOLATED))
        return;
    snprintf(detail, sizeof detail, "%s has %lu, and may have %lu", of, (unsigned long)count,
             (unsigned long)limit);
    model_violate(server->model, question, detail);
}

void limits_stored(struct watched_server *server, const struct core_store_request *request)
{
    char of[512];
    if (request->op != CORE_SAVE || request->store != CORE_STORE_OFFLINE)
        return;
    const size_t count = disk_count(server->disk, request->username, request->host, CORE_STORE_OFFLINE);
    snprintf(of, sizeof of, "%s@%s", request->username, request->host);
    judge(server, QUESTION_OF_KEPT, count, server->settings->limits.offline_messages, of);
}

/* What the server writes to a connection that takes no more may be the end of its stream. */
static bool is_bound(const struct session_facts *session)
{
    return session->connection != NULL && !session->connection->is_blocked && !session->has_ended;
}

void limits_event_over(struct watched_server *server)
{
    const struct account_facts *account = server->bound;
    size_t count = 0;
    server->bound = NULL;
    if (account == NULL || account->session_count == 0)
        return;
    for (size_t i = 0; i < account->session_count; i++)
        count += is_bound(account->sessions[i]);
    judge(server, QUESTION_OF_RESOURCES, count, server->settings->limits.resources,
          account->sessions[account->session_count - 1]->full_jid);
}

/* ---- Passwords ---- */

/* The core begins a new time with an attempt that may fail, so what it allows may fall into two of its times. */
void limits_password_set(const struct connection *connection)
{
    enum { TIMES = 2 };
    struct watched_server *server = connection->server;
    struct account_facts *account = connection->session->account;
    const struct core_limits *limits = &server->settings->limits;
    const uint64_t now = world_now(server->model->world), jumps = server_faults(server->server).jumps;
    if (account == NULL)
        return;
    const bool is_over = limits->password_time > 0 && now - account->passwords_since >= limits->password_time;
    if (account->passwords == 0 || is_over || account->passwords_jumps != jumps) {
        account->passwords = 0;
        account->passwords_since = now;
        account->passwords_jumps = jumps;
    }
    judge(server, QUESTION_OF_PASSWORDS, ++account->passwords, TIMES * limits->passwords,
          connection->session->full_jid);
}

/* The count is kept as long as the account has a session (core.h); one that hibernates may be over. */
void limits_connection_over(struct account_facts *account)
{
    size_t i = 0;
    while (i < account->session_count && account->sessions[i]->connection == NULL)
        i++;
    if (i == account->session_count)
        account->passwords = 0;
}

/* ---- Anonymous users ---- */

/* The anonymous host that a stream is opened to, from 1; 0 where it is none. */
static size_t host_of_anonymous(const struct connection *connection)
{
    const struct core_settings *settings = connection->server->settings;
    const struct text *attributes = &connection->in_header.attributes;
    const struct tag opened = { .attributes = { attributes->bytes, attributes->length } };
    char host[256];
    if (!address_read_part(address_split(tag_attribute(&opened, "to")).domain, host, sizeof host))
        return 0;
    for (size_t i = 0; i < settings->anonymous_host_count; i++)
        if (strcmp(settings->anonymous_hosts[i], host) == 0)
            return i + 1;
    return 0;
}

/* What a server writes to a connection that takes no more may be the end of its stream, and one that
 * hibernates may be over: neither counts. */
void limits_logged_in(struct connection *connection)
{
    const struct watched_server *server = connection->server;
    size_t count = 0;
    connection->anonymous_host = host_of_anonymous(connection);
    if (connection->anonymous_host == 0)
        return;
    for (const struct connection *other = server->connections; other != NULL; other = other->next)
        count += other->anonymous_host == connection->anonymous_host && !other->is_blocked &&
                 !other->session->has_ended;
    judge(server, QUESTION_OF_ANONYMOUS, count, server->settings->limits.anonymous_accounts,
          server->settings->anonymous_hosts[connection->anonymous_host - 1]);
}
