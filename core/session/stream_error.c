#include "session/stream_error.h"

#include "session/conn.h"
#include "session/stream_header.h"

#include <string.h>

static const char *const error_names[] = {
    [STREAM_BAD_FORMAT] = "bad-format",
    [STREAM_BAD_NAMESPACE_PREFIX] = "bad-namespace-prefix",
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

static void write_error(struct buffer *out, enum stream_error error, const char *application,
                        const char *text)
{
    buffer_string(out, "<stream:error><");
    buffer_string(out, error_names[error]);
    buffer_string(out, " xmlns='" NS_STREAM_ERRORS "'/>");
    if (text != NULL) {
        buffer_string(out, "<text xmlns='" NS_STREAM_ERRORS "' xml:lang='en'>");
        buffer_xml_text(out, text, strlen(text));
        buffer_string(out, "</text>");
    }
    if (application != NULL)
        buffer_string(out, application);
    buffer_string(out, "</stream:error></stream:stream>");
}

/* In a buffer of its own: it may be that something else is just on its way out. */
static void send_error(struct session *session, enum stream_error error, const char *application,
                       const char *text)
{
    struct buffer out;
    buffer_init(&out, session->core->memory);
    if (!session->header_sent)
        stream_header_write(session, &out, NULL);
    write_error(&out, error, application, text);
    if (!out.failed)
        conn_send(session->conn, out.bytes, out.length);
    buffer_free(&out);
}

void stream_error_with(struct session *session, enum stream_error error, const char *application,
                       const char *text)
{
    if (session->doomed)
        return;
    if (session->conn != NULL)
        send_error(session, error, application, text);
    session_disconnect(session);
}

void stream_error(struct session *session, enum stream_error error, const char *text)
{
    stream_error_with(session, error, NULL, text);
}

void stream_end_connection(struct session *session, enum stream_error error, const char *text)
{
    if (session->conn != NULL && !session->doomed)
        send_error(session, error, NULL, text);
}
