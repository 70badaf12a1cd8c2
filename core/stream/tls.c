#include "stream/tls.h"

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

/* RFC 6120, 5.4.2.2: the stream ends with the negotiation. */
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

/* ---- What the handshake left behind ---- */

static size_t size_of(const struct core_tls *tls)
{
    size_t size = sizeof *tls + tls->exporter.length + tls->server_end_point.length;
    for (size_t i = 0; i < tls->identity_count; i++)
        size += sizeof(char *) + strlen(tls->identities[i]) + 1;
    return size;
}

static struct core_tls_bytes copy_bytes(unsigned char **room, struct core_tls_bytes bytes)
{
    if (bytes.length == 0)
        return (struct core_tls_bytes){ NULL, 0 };
    memcpy(*room, bytes.bytes, bytes.length);
    bytes.bytes = *room;
    *room += bytes.length;
    return bytes;
}

/* Everything in one block: the identities' pointers first, for they want to be aligned. */
static struct core_tls *copy_of(const struct core_memory *memory, const struct core_tls *tls)
{
    struct core_tls *copy = memory_new(memory, size_of(tls));
    if (copy == NULL)
        return NULL;
    const char **identities = (const char **)(copy + 1);
    unsigned char *room = (unsigned char *)(identities + tls->identity_count);
    copy->exporter = copy_bytes(&room, tls->exporter);
    copy->server_end_point = copy_bytes(&room, tls->server_end_point);
    copy->identities = identities;
    copy->identity_count = tls->identity_count;
    for (size_t i = 0; i < tls->identity_count; i++) {
        size_t size = strlen(tls->identities[i]) + 1;
        identities[i] = memcpy(room, tls->identities[i], size);
        room += size;
    }
    return copy;
}

bool tls_secured(struct session *session, const struct core_tls *tls)
{
    assert(tls_is_there(session) && session->tls == NULL);
    if (!tls_binds(tls) && tls->identity_count == 0)
        return true;
    session->tls = copy_of(session->core->memory, tls);
    return session->tls != NULL;
}

void tls_forget(const struct core_memory *memory, struct core_tls *tls)
{
    if (tls == NULL)
        return;
    memory_wipe(tls, size_of(tls));
    memory_free(memory, tls);
}

bool tls_binds(const struct core_tls *tls)
{
    return tls != NULL && tls->exporter.length + tls->server_end_point.length > 0;
}
