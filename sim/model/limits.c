#include "limits.h"

#include <stdio.h>

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
