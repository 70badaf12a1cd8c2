#include "session/session.h"

#include "base/description.h"
#include "base/jid.h"
#include "session/acks.h"
#include "session/conn.h"
#include "xml/parser.h"

#include <assert.h>
#include <string.h>
#include <utlist.h>

bool session_is_connected(const struct session *session)
{
    return session->full_jid != NULL;
}

bool session_is_available(const struct session *session)
{
    return session->presence != NULL;
}

bool session_is_interested(const struct session *session)
{
    return session->interested;
}

bool session_is_live(const struct session *session)
{
    return session_is_connected(session) && !session->doomed;
}

bool session_takes_messages(const struct session *session)
{
    return session_is_live(session) && session_is_available(session) && session->priority >= 0;
}

bool session_is_of(const struct session *session, const char *jid)
{
    struct jid parts;
    return jid_parse_string(&parts, jid) && parts.local != NULL &&
           strcmp(parts.local, session->username) == 0 && strcmp(parts.domain, session->host) == 0;
}

void session_prefetch(const struct session *session)
{
    enum { USER = 256 }; /* bytes, about those of a struct user, whose folder comes after this one */
    memory_prefetch(session->conn, sizeof *session->conn);
    memory_prefetch(session->user, USER);
    memory_prefetch(session->full_jid, 1);
    memory_prefetch(session->username, 1);
}

void session_disconnect(struct session *session)
{
    if (session->doomed)
        return;
    session->doomed = true;
    session->doomed_next = session->core->doomed;
    session->core->doomed = session;
    if (session->conn != NULL)
        parser_stop(&session->conn->parser);
}

void session_wait(struct session *session)
{
    session->waiting = true;
    if (session->conn != NULL)
        parser_pause(&session->conn->parser);
}

void session_resume(struct session *session)
{
    assert(session->type != SESSION_DESTROYED);
    if (session->runnable)
        return;
    session->runnable = true;
    session->runnable_next = NULL;
    LL_APPEND2(session->core->runnable, session, runnable_next);
}

bool session_is_resumable(const struct session *session)
{
    return session->managed != NULL && session->managed->resumable && !session->core->shut_down;
}

void session_describe_place(struct description *description, const char *name, const struct session *session)
{
    uint64_t number = session != NULL;
    if (session != NULL)
        for (const struct session *s = description->core->sessions; s != session; s = s->next)
            number++;
    description_count(description, name, number);
}
