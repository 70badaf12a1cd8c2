#include "stream/stream.h"

#include "base/jid.h"
#include "base/language.h"
#include "routing/router.h"
#include "session/acks.h"
#include "session/client_state.h"
#include "session/stream_error.h"
#include "session/stream_header.h"
#include "session/tables.h"
#include "stream/authentication.h"
#include "stream/bind.h"
#include "stream/session_manager.h"
#include "stream/stream_management.h"
#include "stream/tls.h"

#include <assert.h>
#include <string.h>

/* ---- The server's header ---- */

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

/* Sends the contents of core->outgoing. */
static void flush(struct session *session)
{
    struct buffer *out = &session->core->outgoing;
    if (out->failed)
        session_disconnect(session);
    else
        conn_send(session->conn, out->bytes, out->length);
    buffer_clear(out);
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

/* Versions from "1.0" on are served (4.7.5); no version means 0.9. */
static bool is_version_served(const char *version)
{
    if (version == NULL || version[0] < '0' || version[0] > '9')
        return false;
    size_t digits = strspn(version, "0123456789");
    if (version[digits] != '.')
        return false;
    return strspn(version, "0") < digits;
}

/* The content namespace need not be declared: then each stanza declares its own (4.8.2). */
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
        host = host_find(session->core, name);
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

/* Checks the client's `from` after authentication (4.9.3.9). */
static struct refusal check_from(const struct session *session, const char *from)
{
    if (session->type == SESSION_C2S_UNAUTHED || from == NULL || session_is_of(session, from))
        return (struct refusal){ 0 };
    return refuse(STREAM_INVALID_FROM, "'from' must be the address of this account");
}

/* Ignores a language that is not a language tag. */
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

/* Stores the client's `from` on an encrypted stream only; on any other it may be forged (6.4.6). */
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
        refusal = refuse(STREAM_UNSUPPORTED_VERSION, "only version 1.0 is supported");
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

static void opened(struct session *session, const struct element *header, const char *content_ns)
{
    struct refusal refusal = accept_header(session, header, content_ns);
    if (refusal.refused) {
        stream_refuse(session, header, refusal.error, refusal.text);
        return;
    }
    session->notopen = false;
    stream_header_write(session, &session->core->outgoing, header);
    write_features(session, &session->core->outgoing);
    flush(session);
}

/* ---- The end ---- */

/* Answers </stream:stream> with the server's, and ends the session (4.4). */
static void closed(struct session *session)
{
    assert(!session->doomed); /* the parser of a doomed session is stopped */
    static const char end[] = "</stream:stream>";
    stream_management_say_goodbye(session);
    if (session->conn != NULL)
        conn_send(session->conn, end, sizeof end - 1);
    session_disconnect(session);
}

/* ---- Elements ---- */

static bool is_stanza(const struct element *element)
{
    return strcmp(element->ns, NS_CLIENT) == 0 && stanza_kind(element) != STANZA_NONE;
}

/* A stanza in a content namespace that is not served here (4.8.3), such as that between servers. */
static bool is_stanza_of_others(const struct element *element)
{
    return *element->ns != '\0' && strcmp(element->ns, NS_CLIENT) != 0 && stanza_kind(element) != STANZA_NONE;
}

/* Elements of stream negotiation that a client may send before any stanza (6.4). */
static bool is_negotiation(const struct element *element)
{
    return strcmp(element->ns, NS_SASL) == 0;
}

static bool is_client_state(const struct session *session, const struct element *element)
{
    return session->core->settings.client_state && session->type != SESSION_C2S_UNAUTHED &&
           strcmp(element->ns, NS_CSI) == 0;
}

static void receive_client_state(struct session *session, const struct stanza *element)
{
    const char *name = element->root->name;
    if (strcmp(name, "active") == 0)
        client_state_wake(session);
    else if (strcmp(name, "inactive") != 0)
        stream_error(session, STREAM_UNSUPPORTED_STANZA_TYPE, NULL);
    else
        client_state_sleep(session);
}

static void receive(struct session *session, struct stanza *stanza)
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
        acks_count(session);
        router_receive(session, stanza);
        return;
    }
    if (session->core->settings.stream_management && strcmp(root->ns, NS_SM) == 0)
        stream_management_receive(session, stanza);
    else if (is_client_state(session, root))
        receive_client_state(session, stanza);
    else if (is_stanza(root))
        stream_error(session, STREAM_NOT_AUTHORIZED, "log in and bind a resource first");
    else if (element_is(root, "error", NS_STREAMS))
        closed(session); /* the client has ended the stream because of an error (4.9.1.1) */
    else if (is_stanza_of_others(root))
        stream_error(session, STREAM_INVALID_NAMESPACE, "stanzas must be in " NS_CLIENT);
    else
        stream_error(session, STREAM_UNSUPPORTED_STANZA_TYPE, NULL);
    stanza_free(stanza);
}

/* ---- Events of connections ---- */

static void on_header(void *host, struct stanza *header, const char *content_ns)
{
    struct conn *conn = host;
    opened(conn->session, header->root, content_ns);
    stanza_free(header);
    session_manager_end_doomed(conn->core);
}

static void on_stanza(void *host, struct stanza *stanza)
{
    struct conn *conn = host;
    struct core *core = conn->core;
    receive(conn->session, stanza);
    session_manager_end_doomed(core);
}

static void on_end(void *host)
{
    struct conn *conn = host;
    closed(conn->session);
    session_manager_end_doomed(conn->core);
}

static void on_failed(void *host, enum stream_error error, const char *text)
{
    struct conn *conn = host;
    stream_error(conn->session, error, text);
    session_manager_end_doomed(conn->core);
}

static void on_writable(struct session *session)
{
    if (session->managed != NULL)
        acks_send_again(session);
}

const struct conn_events stream_events = {
    .parser = { on_header, on_stanza, on_end, on_failed },
    .lost = session_manager_lose_connection,
    .writable = on_writable,
};
