#include "model_private.h"

static bool has_name(const struct session_facts *session, const char *full_jid)
{
    return session->full_jid != NULL && strcmp(session->full_jid, full_jid) == 0;
}

/* Of several of that name, one that has not ended; NULL for none. */
static const struct session_facts *session_called(const struct watched_server *server, const char *full_jid)
{
    for (const struct connection *c = server->connections; c != NULL; c = c->next)
        if (has_name(c->session, full_jid) && !c->session->has_ended)
            return c->session;
    for (const struct hibernating *h = server->hibernating; h != NULL; h = h->next)
        if (has_name(h->session, full_jid))
            return h->session;
    return NULL;
}

static bool may_be(const struct session_facts *session, enum session_fact fact, unsigned value)
{
    return ((unsigned)(session->settled[fact] | session->open[fact]) & value) != 0;
}

static size_t count_messages(const struct account_facts *account, bool kept)
{
    size_t count = 0;
    if (account == NULL)
        return 0;
    for (const struct message *message = account->messages.first; message != NULL; message = message->next)
        count += !message->is_over && message->is_kept == kept;
    return count;
}

bool model_look(const struct model *model, const struct server *server, const char *full_jid,
                struct model_view *view)
{
    const struct session_facts *session = NULL;
    for (size_t i = 0; i < model->server_count && session == NULL; i++)
        if (model->servers[i]->server == server)
            session = session_called(model->servers[i], full_jid);
    if (session == NULL)
        return false;
    *view = (struct model_view){
        .presence = { may_be(session, FACT_PRESENCE, PRESENCE_NONE),
                      may_be(session, FACT_PRESENCE, PRESENCE_NEGATIVE),
                      may_be(session, FACT_PRESENCE, PRESENCE_NOT_NEGATIVE) },
        .interested = { may_be(session, FACT_INTERESTED, FACT_NO),
                        may_be(session, FACT_INTERESTED, FACT_YES) },
        .carbons = { may_be(session, FACT_CARBONS, FACT_NO), may_be(session, FACT_CARBONS, FACT_YES) },
        .unanswered = session->requests.end - session->requests.first,
        .kept = count_messages(session->account, true),
        .under_way = count_messages(session->account, false),
        .must_end = session->must_end,
    };
    return true;
}
