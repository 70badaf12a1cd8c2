#include "stream/keepalive.h"

#include "account/user.h"
#include "session/acks.h"
#include "session/conn.h"
#include "session/send.h"
#include "session/stream_error.h"
#include "session/timers.h"
#include "stream/session_manager.h"

/* iq.c ignores the answer, result or error. */
static void send_ping(struct session *session)
{
    struct core *core = session->core;
    struct buffer xml;
    buffer_init(&xml, core->memory);
    buffer_string(&xml, "<iq type='get' id='ping");
    buffer_number(&xml, ++session->user->last_id);
    buffer_string(&xml, "' from='");
    buffer_xml(&xml, session->host, strlen(session->host));
    buffer_string(&xml, "' to='");
    buffer_xml(&xml, session->full_jid, strlen(session->full_jid));
    buffer_string(&xml, "'><ping xmlns='" NS_PING "'/></iq>");
    if (xml.failed)
        session_disconnect(session);
    else
        session_send_written(session, xml.bytes, xml.length);
    buffer_free(&xml);
}

void keepalive_idle(struct session *session)
{
    if (session->managed != NULL) {
        acks_ask(session);
    } else if (session->core->settings.keepalive == CORE_KEEPALIVE_PING) {
        send_ping(session);
        timers_asked(session);
    } else {
        conn_send(session->conn, " ", 1);
        timers_heard(session);
    }
}

void keepalive_unanswered(struct session *session)
{
    stream_end_connection(session, STREAM_CONNECTION_TIMEOUT, "the client has sent nothing for too long");
    session_manager_lose_connection(session);
}
