#include "stream.h"

#include "authentication.h"
#include "bind.h"
#include "client_state.h"
#include "conn.h"
#include "jid.h"
#include "language.h"
#include "router.h"
#include "session_manager.h"
#include "stream_management.h"
#include "tls.h"

#include <assert.h>
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

/* ---- Our header ---- */

/* Identifiers must be hard to guess (4.7.3): sixteen random bytes in hexadecimal. */
static void write_stream_id(struct core *core, struct buffer *out)
{
    unsigned char bytes[16];
    core->ports.random(core->ports.host, bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++) {
        buffer_append(out, &"0123456789abcdef"[bytes[i] >> 4], 1);
        buffer_append(out, &"0123456789abcdef"[bytes[i] & 15], 1);
    }
}

static void write_attribute(struct buffer *out, const char *name, const char *value)
{
    buffer_string(out, name);
    buffer_string(out, "='");
    buffer_xml(out, value, strlen(value));
    buffer_string(out, "' ");
}

/* The lower of the client's version and ours, without leading zeros; none where the client says none (4.7.5).
 * What is no version cannot be compared. */
static void write_version(struct buffer *out, const char *version)
{
    static const char digits[] = "0123456789";
    if (version == NULL)
        return;
    const char *minor = version + strspn(version, "0");
    bool is_lower = minor > version && *minor == '.' && minor[1] != '\0';
    size_t length = is_lower ? strspn(minor + 1, digits) : 0;
    is_lower = is_lower && minor[1 + length] == '\0';
    if (!is_lower) {
        write_attribute(out, "version", "1.0");
        return;
    }
    size_t zeros = strspn(minor + 1, "0");
    const char *rest = minor + 1 + (zeros < length ? zeros : length - 1);
    buffer_string(out, "version='0.");
    buffer_string(out, rest);
    buffer_string(out, "' ");
}

/* The response header (4.7) to the client's, which is NULL if there is none yet.  A client that says who it
 * is is told so, by its bare JID; what is no JID is not repeated. */
static void write_header(struct session *session, struct buffer *out, const struct element *header)
{
    struct jid jid;
    const char *to = header != NULL ? element_get(header, "from") : NULL;
    struct core *core = session->core;
    const struct host *own = map_first(&core->hosts);
    const char *from = session->host != NULL ? session->host : own->name;
    buffer_string(out, "<?xml version='1.0'?><stream:stream ");
    write_attribute(out, "from", from);
    if (to != NULL && jid_parse_string(&jid, to))
        write_attribute(out, "to", jid.bare);
    buffer_string(out, "id='");
    write_stream_id(core, out);
    buffer_string(out, "' ");
    write_version(out, header != NULL ? element_get(header, "version") : "1.0");
    buffer_string(out, "xml:lang='en' xmlns='" NS_CLIENT "' xmlns:stream='" NS_STREAMS "'>");
    session->header_sent = true;
}

static void write_session_features(const struct session *session, struct buffer *out)
{
    const struct core_settings *settings = &session->core->settings;
    buffer_string(out, "<bind xmlns='" NS_BIND "'/><ver xmlns='" NS_ROSTER_VER
                       "'/><sub xmlns='" NS_PRE_APPROVAL "'/>");
    if (settings->stream_management)
        buffer_string(out, "<sm xmlns='" NS_SM "'/>");
    if (settings->client_state)
        buffer_string(out, "<csi xmlns='" NS_CSI "'/>");
}

static void write_features(const struct session *session, struct buffer *out)
{
    buffer_string(out, "<stream:features>");
    if (tls_is_offered(session))
        tls_write_feature(session, out);
    if (session->type == SESSION_C2S_UNAUTHED)
        authentication_write_features(session, out);
    else
        write_session_features(session, out);
    buffer_string(out, "</stream:features>");
}

/* Sends what is in the core's outgoing buffer. */
static void flush(struct session *session)
{
    struct buffer *out = &session->core->outgoing;
    if (out->failed)
        session_disconnect(session);
    else
        conn_send(session->conn, out->bytes, out->length);
    buffer_clear(out);
}

/* ---- Our errors ---- */

/* What a stream ends with: the condition, an element of the application's own or NULL, a text or NULL. */
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

/* In a buffer of its own: it may be that something else is just on its way out.  `header` is the client's, if
 * it is what the error is about; then ours was not sent yet (4.9.1.2). */
static void send_error(struct session *session, const struct element *header, struct end end)
{
    struct buffer out;
    buffer_init(&out, session->core->memory);
    if (!session->header_sent)
        write_header(session, &out, header);
    write_error(&out, end);
    if (!out.failed)
        conn_send(session->conn, out.bytes, out.length);
    buffer_free(&out);
}

/* ---- The client's header ---- */

struct refusal {
    bool refused;
    enum stream_error error;
    const char *text;
};

static struct refusal refuse(enum stream_error error, const char *text)
{
    return (struct refusal){ true, error, text };
}

/* "1.0" and whatever is above it speak what is here (4.7.5); no version at all is 0.9. */
static bool is_version_served(const char *version)
{
    if (version == NULL || version[0] < '0' || version[0] > '9')
        return false;
    size_t digits = strspn(version, "0123456789");
    if (version[digits] != '.')
        return false;
    return strspn(version, "0") < digits;
}

/* A content namespace need not be declared: then each stanza says its own (4.8.2). */
static struct refusal check_namespaces(const struct element *header, const char *content_ns)
{
    if (strcmp(header->ns, NS_STREAMS) != 0)
        return refuse(STREAM_INVALID_NAMESPACE, "the stream element must be in " NS_STREAMS);
    if (strcmp(header->name, "stream") != 0)
        return refuse(STREAM_BAD_FORMAT, "the outermost element must be <stream:stream>");
    if (content_ns == NULL)
        return refuse(STREAM_INVALID_NAMESPACE, "the content namespace must be " NS_CLIENT);
    return (struct refusal){ 0 };
}

static struct refusal set_host(struct session *session, const char *to)
{
    if (to == NULL)
        return refuse(STREAM_IMPROPER_ADDRESSING, "the stream header has no 'to'");
    char name[JID_PART_MAX + 1];
    struct host *host = NULL;
    if (jid_prepare_domain(name, to, strlen(to)))
        host = core_host(session->core, name);
    if (host == NULL)
        return refuse(STREAM_HOST_UNKNOWN, "this host is not served here");
    if (session->host == NULL) {
        session_manager_open(session, host);
        return (struct refusal){ 0 };
    }
    if (session->host == host->name)
        return (struct refusal){ 0 };
    return refuse(STREAM_NOT_AUTHORIZED, "the 'to' must stay the same when the stream is restarted");
}

/* Who the client says it is, once it is known who it is (4.9.3.9); before that nothing follows from it. */
static struct refusal check_from(const struct session *session, const char *from)
{
    if (session->type == SESSION_C2S_UNAUTHED || from == NULL || session_is_of(session, from))
        return (struct refusal){ 0 };
    return refuse(STREAM_INVALID_FROM, "'from' must be the address of this account");
}

/* What is no language tag is as if it had not been said. */
static struct refusal set_language(struct session *session, const char *lang)
{
    memory_free(session->core->memory, session->lang);
    if (lang != NULL && !language_is_tag(lang))
        lang = NULL;
    session->lang = memory_copy_string(session->core->memory, lang);
    if (lang != NULL && session->lang == NULL)
        return refuse(STREAM_RESOURCE_CONSTRAINT, NULL);
    return (struct refusal){ 0 };
}

/* Before TLS anybody may have put it there (6.4.6). */
static struct refusal remember_from(struct session *session, const char *from)
{
    if (session->type != SESSION_C2S_UNAUTHED || !tls_is_there(session))
        return (struct refusal){ 0 };
    memory_free(session->core->memory, session->claimed);
    session->claimed = memory_copy_string(session->core->memory, from);
    if (from != NULL && session->claimed == NULL)
        return refuse(STREAM_RESOURCE_CONSTRAINT, NULL);
    return (struct refusal){ 0 };
}

static struct refusal accept_header(struct session *session, const struct element *header,
                                    const char *content_ns)
{
    struct refusal refusal = check_namespaces(header, content_ns);
    if (!refusal.refused && !is_version_served(element_get(header, "version")))
        refusal = refuse(STREAM_UNSUPPORTED_VERSION, "version 1.0 is spoken here");
    if (!refusal.refused)
        refusal = set_host(session, element_get(header, "to"));
    if (!refusal.refused)
        refusal = check_from(session, element_get(header, "from"));
    if (!refusal.refused)
        refusal = remember_from(session, element_get(header, "from"));
    if (!refusal.refused)
        refusal = set_language(session, element_get(header, "xml:lang"));
    return refusal;
}

void stream_opened(struct session *session, const struct element *header, const char *content_ns)
{
    struct refusal refusal = accept_header(session, header, content_ns);
    if (refusal.refused) {
        send_error(session, header, (struct end){ refusal.error, NULL, refusal.text });
        session_disconnect(session);
        return;
    }
    session->notopen = false;
    write_header(session, &session->core->outgoing, header);
    write_features(session, &session->core->outgoing);
    flush(session);
}

void stream_restart(struct session *session)
{
    session->notopen = true;
    session->header_sent = false;
    parser_restart(&session->conn->parser);
}

/* ---- Elements ---- */

static bool is_named_as_stanza(const struct element *element)
{
    return strcmp(element->name, "message") == 0 || strcmp(element->name, "presence") == 0 ||
           strcmp(element->name, "iq") == 0;
}

static bool is_stanza(const struct element *element)
{
    return strcmp(element->ns, NS_CLIENT) == 0 && is_named_as_stanza(element);
}

/* As between servers, for one: a content namespace that is not served here (4.8.3). */
static bool is_stanza_of_others(const struct element *element)
{
    return *element->ns != '\0' && strcmp(element->ns, NS_CLIENT) != 0 && is_named_as_stanza(element);
}

/* Those of the stream itself, which a client may send before any stanza (6.4, 7). */
static bool is_negotiation(const struct element *element)
{
    return strcmp(element->ns, NS_SASL) == 0;
}

static bool is_client_state(const struct session *session, const struct element *element)
{
    return session->core->settings.client_state && session->type != SESSION_C2S_UNAUTHED &&
           strcmp(element->ns, NS_CSI) == 0;
}

void stream_stanza(struct session *session, struct stanza *stanza)
{
    const struct element *root = stanza->root;
    session_prefetch(session);
    if (strcmp(root->ns, NS_TLS) == 0) {
        tls_receive(session, stanza);
        return;
    }
    if (session->type == SESSION_C2S_UNAUTHED && is_negotiation(root)) {
        authentication_receive(session, stanza);
        return;
    }
    if (session->type == SESSION_C2S_UNBOUND && bind_is_request(root)) {
        bind_receive(session, stanza);
        return;
    }
    if (session->type == SESSION_C2S && is_stanza(root)) {
        stream_management_count(session);
        router_receive(session, stanza);
        return;
    }
    if (session->core->settings.stream_management && strcmp(root->ns, NS_SM) == 0)
        stream_management_receive(session, stanza);
    else if (is_client_state(session, root))
        client_state_receive(session, stanza);
    else if (is_stanza(root))
        stream_error(session, STREAM_NOT_AUTHORIZED, "log in and bind a resource first");
    else if (element_is(root, "error", NS_STREAMS))
        stream_closed(session); /* the client is at the end, whatever was wrong (4.9.1.1) */
    else if (is_stanza_of_others(root))
        stream_error(session, STREAM_INVALID_NAMESPACE, "stanzas must be in " NS_CLIENT);
    else
        stream_error(session, STREAM_UNSUPPORTED_STANZA_TYPE, NULL);
    stanza_free(stanza);
}

/* ---- The end ---- */

void stream_closed(struct session *session)
{
    assert(!session->doomed); /* or its parser would have been stopped */
    static const char end[] = "</stream:stream>";
    stream_management_say_goodbye(session);
    if (session->conn != NULL)
        conn_send(session->conn, end, sizeof end - 1);
    session_disconnect(session);
}

void stream_error_with(struct session *session, enum stream_error error, const char *application,
                       const char *text)
{
    if (session->doomed)
        return;
    if (session->conn != NULL)
        send_error(session, NULL, (struct end){ error, application, text });
    session_disconnect(session);
}

void stream_error(struct session *session, enum stream_error error, const char *text)
{
    stream_error_with(session, error, NULL, text);
}

void stream_end_connection(struct session *session, enum stream_error error, const char *text)
{
    if (session->conn != NULL && !session->doomed)
        send_error(session, NULL, (struct end){ error, NULL, text });
}
