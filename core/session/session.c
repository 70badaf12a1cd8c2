#include "session/session.h"

#include "account/user.h"
#include "session/client_state.h"
#include "session/conn.h"
#include "stream/session_manager.h"
#include "stream/stream_management.h"

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

bool session_is_of(const struct session *session, const char *jid)
{
    struct jid parts;
    return jid_parse_string(&parts, jid) && parts.local != NULL &&
           strcmp(parts.local, session->username) == 0 && strcmp(parts.domain, session->host) == 0;
}

void session_prefetch(const struct session *session)
{
    enum { SHORT_JID = 56 }; /* the bare JID stands behind the user */
    memory_prefetch(session->conn, sizeof *session->conn);
    memory_prefetch(session->user, sizeof *session->user + SHORT_JID);
    memory_prefetch(session->full_jid, 1);
    memory_prefetch(session->username, 1);
}

void session_write(struct session *session, const char *xml, size_t length, struct copies *copies)
{
    if (session->managed != NULL)
        stream_management_send(session, xml, length, copies);
    else
        conn_send(session->conn, xml, length);
}

static void put(struct session *session, const char *xml, size_t length, struct copies *copies)
{
    if (session->client_state == NULL || !client_state_holds_back(session, xml, length))
        session_write(session, xml, length, copies);
}

static void excuse(struct session *session, size_t length)
{
    if (session->managed != NULL)
        stream_management_excuse(session, length);
    if (session->conn != NULL)
        conn_excuse(session->conn, length);
}

static void send(struct session *session, const struct stanza *stanza, bool excused)
{
    enum { LINK = 64 }; /* whatever the host has there */
    if (session->doomed)
        return;
    if (session->conn != NULL)
        memory_prefetch(session->conn->link, LINK);
    struct buffer *out = &session->core->outgoing;
    assert(out->length == 0);
    element_write(out, stanza->root, NS_CLIENT);
    if (out->failed || stanza_failed(stanza)) {
        session_disconnect(session);
    } else {
        if (excused)
            excuse(session, out->length);
        put(session, out->bytes, out->length, NULL);
    }
    buffer_clear(out);
}

void session_send(struct session *session, const struct stanza *stanza)
{
    send(session, stanza, false);
}

void session_send_roster(struct session *session, const struct stanza *result)
{
    send(session, result, true);
}

void session_send_rendered(struct session *session, const struct rendered *rendered, const char *to)
{
    if (session->doomed)
        return;
    const struct buffer *xml = &rendered->xml;
    struct buffer *out = &session->core->outgoing;
    assert(out->length == 0);
    if (xml->failed) {
        session_disconnect(session);
        return;
    }
    buffer_append(out, xml->bytes, rendered->gap);
    buffer_append(out, " to='", 5);
    buffer_xml(out, to, strlen(to));
    buffer_append(out, "'", 1);
    buffer_append(out, xml->bytes + rendered->gap, xml->length - rendered->gap);
    if (out->failed)
        session_disconnect(session);
    else
        put(session, out->bytes, out->length, rendered->copies);
    buffer_clear(out);
}

void session_send_written(struct session *session, const char *xml, size_t length)
{
    if (!session->doomed)
        put(session, xml, length, NULL);
}

void session_lose_connection(struct session *session)
{
    if (session->conn == NULL)
        return;
    if (!session->doomed && stream_management_is_resumable(session))
        session_manager_hibernate(session);
    else
        session_disconnect(session);
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
