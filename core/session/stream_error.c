#include "session/stream_error.h"

#include "session/conn.h"
#include "session/stream_header.h"

#include <string.h>

static const char *const error_names[] = {
    [STREAM_BAD_FORMAT] = "bad-format",
    [STREAM_CONFLICT] = "conflict",
    [STREAM_CONNECTION_TIMEOUT] = "connection-timeout",
    [STREAM_HOST_UNKNOWN] = "host-unknown",
    [STREAM_IMPROPER_ADDRESSING] = "improper-addressing",
    [STREAM_INTERNAL_SERVER_ERROR] = "internal-server-error",
    [STREAM_INVALID_FROM] = "invalid-from",
    [STREAM_INVALID_NAMESPACE] = "invalid-namespace",
    [STREAM_INVALID_XML] = "invalid-xml",
    [STREAM_NOT_AUTHORIZED] = "not-authorized",
    [STREAM_NOT_WELL_FORMED] = "not-well-formed",
    [STREAM_POLICY_VIOLATION] = "policy-violation",
    [STREAM_RESET] = "reset",
    [STREAM_RESOURCE_CONSTRAINT] = "resource-constraint",
    [STREAM_RESTRICTED_XML] = "restricted-xml",
    [STREAM_SYSTEM_SHUTDOWN] = "system-shutdown",
    [STREAM_UNDEFINED_CONDITION] = "undefined-condition",
    [STREAM_UNSUPPORTED_ENCODING] = "unsupported-encoding",
    [STREAM_UNSUPPORTED_STANZA_TYPE] = "unsupported-stanza-type",
    [STREAM_UNSUPPORTED_VERSION] = "unsupported-version",
};

/* The contents of a stream error: the condition, an application-specific element or NULL, a text or NULL. */
struct end {
    enum stream_error error;
    const char *application;
    const char *text;
};

static void write_error(struct buffer *out, struct end end)
{
    buffer_string(out, "<stream:error><");
    buffer_string(out, error_names[end.error]);
    buffer_string(out, " xmlns='" NS_STREAM_ERRORS "'/>");
    if (end.text != NULL) {
        buffer_string(out, "<text xmlns='" NS_STREAM_ERRORS "' xml:lang='en'>");
        buffer_xml_text(out, end.text, strlen(end.text));
        buffer_string(out, "</text>");
    }
    if (end.application != NULL)
        buffer_string(out, end.application);
    buffer_string(out, "</stream:error></stream:stream>");
}

/* Uses its own buffer, because core->outgoing may be in use.  `header` is the client's, or NULL; the
 * server's header is sent first if it was not sent yet (4.9.1.2). */
static void send_error(struct session *session, const struct element *header, struct end end)
{
    struct buffer out;
    buffer_init(&out, session->core->memory);
    if (!session->header_sent)
        stream_header_write(session, &out, header);
    write_error(&out, end);
    if (!out.failed)
        conn_send(session->conn, out.bytes, out.length);
    buffer_free(&out);
}

static void end_stream(struct session *session, const struct element *header, struct end end)
{
    if (session->doomed)
        return;
    if (session->conn != NULL)
        send_error(session, header, end);
    session_disconnect(session);
}

void stream_error_with(struct session *session, enum stream_error error, const char *application,
                       const char *text)
{
    end_stream(session, NULL, (struct end){ error, application, text });
}

void stream_error(struct session *session, enum stream_error error, const char *text)
{
    end_stream(session, NULL, (struct end){ error, NULL, text });
}

void stream_refuse(struct session *session, const struct element *header, enum stream_error error,
                   const char *text)
{
    end_stream(session, header, (struct end){ error, NULL, text });
}

void stream_end_connection(struct session *session, enum stream_error error, const char *text)
{
    if (session->conn != NULL && !session->doomed)
        send_error(session, NULL, (struct end){ error, NULL, text });
}
