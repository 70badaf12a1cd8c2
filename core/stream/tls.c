#include "stream/tls.h"

#include "session/channel.h"
#include "session/conn.h"
#include "session/send.h"
#include "stream/session_manager.h"

#include <assert.h>
#include <string.h>

bool tls_is_there(const struct session *session)
{
    return session->conn != NULL && session->conn->security == CONN_SECURED;
}

bool tls_is_offered(const struct session *session)
{
    return session->core->settings.tls != CORE_TLS_NONE && session->type == SESSION_C2S_UNAUTHED &&
           session->conn->security == CONN_CLEAR;
}

bool tls_is_owed(const struct session *session)
{
    return session->core->settings.tls == CORE_TLS_REQUIRED && !tls_is_there(session);
}

void tls_write_feature(const struct session *session, struct buffer *out)
{
    if (session->core->settings.tls == CORE_TLS_REQUIRED)
        buffer_string(out, "<starttls xmlns='" NS_TLS "'><required/></starttls>");
    else
        buffer_string(out, "<starttls xmlns='" NS_TLS "'/>");
}

/* ---- The negotiation ---- */

static void proceed(struct session *session)
{
    static const char answer[] = "<proceed xmlns='" NS_TLS "'/>";
    session_send_written(session, answer, sizeof answer - 1);
    session_manager_forget(session);
    if (!session->doomed)
        conn_start_tls(session->conn);
}

/* RFC 6120, 5.4.2.2: the stream ends. */
static void refuse(struct session *session)
{
    static const char answer[] = "<failure xmlns='" NS_TLS "'/></stream:stream>";
    session_send_written(session, answer, sizeof answer - 1);
    session_disconnect(session);
}

void tls_receive(struct session *session, struct stanza *element)
{
    bool asked = tls_is_offered(session) && strcmp(element->root->name, "starttls") == 0;
    stanza_free(element);
    if (asked)
        proceed(session);
    else
        refuse(session);
}

/* ---- After the handshake ---- */

bool tls_secured(struct session *session, const struct core_tls *tls)
{
    assert(tls_is_there(session) && session->tls == NULL);
    if (!tls_binds(tls) && tls->identity_count == 0)
        return true;
    session->tls = channel_copy(session->core->memory, tls);
    return session->tls != NULL;
}

bool tls_binds(const struct core_tls *tls)
{
    return tls != NULL && tls->exporter.length + tls->server_end_point.length > 0;
}
