#include "session/send.h"

#include "session/acks.h"
#include "session/client_state.h"
#include "session/conn.h"

#include <assert.h>
#include <string.h>

static void put(struct session *session, const char *xml, size_t length, struct copies *copies)
{
    if (session->client_state == NULL || !client_state_hold(session, xml, length))
        session_write(session, xml, length, copies);
}

static void excuse_nothing(struct session *session, size_t length)
{
    (void)session;
    (void)length;
}

static void excuse_unsent(struct session *session, size_t length)
{
    if (session->conn != NULL)
        conn_excuse(session->conn, length);
}

static void excuse_unsent_and_unacknowledged(struct session *session, size_t length)
{
    if (session->managed != NULL)
        acks_excuse(session, length);
    excuse_unsent(session, length);
}

static void send(struct session *session, const struct stanza *stanza,
                 void (*excuse)(struct session *session, size_t length))
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
        excuse(session, out->length);
        put(session, out->bytes, out->length, NULL);
    }
    buffer_clear(out);
}

void session_send(struct session *session, const struct stanza *stanza)
{
    send(session, stanza, excuse_nothing);
}

void session_send_roster(struct session *session, const struct stanza *result)
{
    send(session, result, excuse_unsent_and_unacknowledged);
}

void session_send_stored(struct session *session, const struct stanza *message)
{
    send(session, message, excuse_unsent);
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
