#include "stream/authentication.h"

#include "account/anonymous.h"
#include "account/storage.h"
#include "sasl/certificate.h"
#include "session/send.h"
#include "session/stream_error.h"
#include "session/stream_header.h"
#include "stream/session_manager.h"
#include "stream/tls.h"

#include <assert.h>
#include <string.h>

/* ---- Mechanisms ---- */

/* The mechanisms for which the session has what they require. */
static unsigned mechanisms_of(const struct session *session)
{
    const struct core_settings *settings = &session->core->settings;
    const unsigned plus = CORE_SCRAM_SHA_1_PLUS | CORE_SCRAM_SHA_256_PLUS;
    if (anonymous_host(session->core, session->host))
        return CORE_ANONYMOUS;
    unsigned mechanisms = settings->mechanisms & ~(unsigned)CORE_ANONYMOUS;
    if (!tls_is_there(session) && !settings->plain_without_tls)
        mechanisms &= ~(unsigned)CORE_PLAIN;
    if (!tls_binds(session->tls))
        mechanisms &= ~plus;
    if (!certificate_is_of(session->tls, session->host))
        mechanisms &= ~(unsigned)CORE_EXTERNAL;
    return mechanisms;
}

/* The mechanisms that the session could use if its stream were encrypted. */
static unsigned withheld_from(const struct session *session)
{
    const struct core_settings *settings = &session->core->settings;
    bool open = settings->plain_without_tls || tls_is_there(session);
    return open || anonymous_host(session->core, session->host) ? 0 : settings->mechanisms & CORE_PLAIN;
}

static void write_binding_type(struct buffer *out, const char *type)
{
    buffer_string(out, "<channel-binding type='");
    buffer_string(out, type);
    buffer_string(out, "'/>");
}

static void write_binding_types(const struct core_tls *tls, struct buffer *out)
{
    buffer_string(out, "<sasl-channel-binding xmlns='" NS_SASL_CB "'>");
    if (tls->exporter.length > 0)
        write_binding_type(out, "tls-exporter");
    if (tls->server_end_point.length > 0)
        write_binding_type(out, "tls-server-end-point");
    buffer_string(out, "</sasl-channel-binding>");
}

static void write_mechanisms(unsigned mechanisms, struct buffer *out)
{
    static const enum core_mechanism by_preference[] = {
        CORE_EXTERNAL, CORE_SCRAM_SHA_256_PLUS, CORE_SCRAM_SHA_1_PLUS, CORE_SCRAM_SHA_256, CORE_SCRAM_SHA_1,
        CORE_PLAIN,    CORE_ANONYMOUS,
    };
    buffer_string(out, "<mechanisms xmlns='" NS_SASL "'>");
    for (size_t i = 0; i < sizeof by_preference / sizeof by_preference[0]; i++) {
        if (!(mechanisms & by_preference[i]))
            continue;
        buffer_string(out, "<mechanism>");
        buffer_string(out, sasl_mechanism_name(by_preference[i]));
        buffer_string(out, "</mechanism>");
    }
    buffer_string(out, "</mechanisms>");
}

void authentication_write_features(const struct session *session, struct buffer *out)
{
    if (tls_is_owed(session))
        return;
    unsigned mechanisms = mechanisms_of(session);
    if (mechanisms & (CORE_SCRAM_SHA_1_PLUS | CORE_SCRAM_SHA_256_PLUS))
        write_binding_types(session->tls, out);
    if (mechanisms != 0)
        write_mechanisms(mechanisms, out);
}

/* ---- Sending steps ---- */

static void send_element(struct session *session, const char *name, const char *text, const char *condition)
{
    struct stanza *element = stanza_new(session->core->memory, name, NS_SASL);
    if (element == NULL) {
        session_disconnect(session);
        return;
    }
    if (condition != NULL)
        element_add(element, element->root, condition, NS_SASL);
    if (text != NULL)
        element_add_text(element, element->root, text, strlen(text));
    session_send(session, element);
    stanza_free(element);
}

/* Whether the authenticated account is the `from` of the header of an encrypted stream (6.4.6).  A client
 * cannot know the name of an anonymous account in advance. */
static bool is_as_claimed(const struct session *session, const char *username)
{
    struct jid jid;
    if (session->claimed == NULL || anonymous_host(session->core, session->host))
        return true;
    return jid_parse_string(&jid, session->claimed) && jid.local != NULL &&
           strcmp(jid.local, username) == 0 && strcmp(jid.domain, session->host) == 0;
}

static void succeed(struct session *session, const char *text)
{
    if (!is_as_claimed(session, sasl_username(session->sasl))) {
        stream_error(session, STREAM_INVALID_FROM, "'from' was the address of another account");
        return;
    }
    if (!session_manager_make_authenticated(session, sasl_username(session->sasl))) {
        session_disconnect(session);
        return;
    }
    memory_free(session->core->memory, session->claimed);
    session->claimed = NULL;
    send_element(session, "success", text, NULL);
    session_manager_end_login(session);
    stream_restart(session);
}

static void tell_host(const struct session *session, enum sasl_condition condition)
{
    const struct core_ports *ports = &session->core->ports;
    if (ports->login_failed != NULL && session->conn->link != NULL)
        ports->login_failed(ports->host, session->conn->link,
                            session->sasl != NULL ? sasl_failed_username(session->sasl) : NULL, session->host,
                            sasl_condition_name(condition));
}

/* Counts a failed login.  Returns whether the client may try again; else its stream ends (6.4.5). */
static bool may_try_again(struct session *session)
{
    if (++session->failed_logins < session->core->settings.limits.login_tries)
        return true;
    stream_error(session, STREAM_POLICY_VIOLATION, "too many failed logins");
    return false;
}

static void fail(struct session *session, enum sasl_condition condition)
{
    tell_host(session, condition);
    send_element(session, "failure", NULL, sasl_condition_name(condition));
    session_manager_end_login(session);
    (void)may_try_again(session);
}

static void on_account(void *subject, enum core_store_status status, const struct core_store_entry *entries,
                       size_t entry_count);

static void take_step(struct session *session, struct sasl_step step);

static void load_account(struct session *session)
{
    const char *username = sasl_username(session->sasl);
    session->loading_account =
        storage_load(session->core, CORE_STORE_ACCOUNT, username, session->host, on_account, session);
    if (session->loading_account != NULL)
        session_wait(session);
    else
        take_step(session, sasl_credentials(session->sasl, CORE_STORE_FAILED, NULL, 0));
}

static void take_step(struct session *session, struct sasl_step step)
{
    switch (step.outcome) {
    case SASL_CHALLENGE:
        send_element(session, "challenge", step.text, NULL);
        break;
    case SASL_SUCCESS:
        succeed(session, step.text);
        break;
    case SASL_FAILURE:
        fail(session, step.condition);
        break;
    case SASL_CREDENTIALS:
        load_account(session);
        break;
    }
}

static void on_account(void *subject, enum core_store_status status, const struct core_store_entry *entries,
                       size_t entry_count)
{
    struct session *session = subject;
    session->loading_account = NULL;
    take_step(session, sasl_credentials(session->sasl, status, entries, entry_count));
    session_resume(session);
}

/* ---- Elements from the client ---- */

/* Makes a negotiation when there is none. */
static bool begin(struct session *session)
{
    if (session->sasl != NULL)
        return true;
    struct core *core = session->core;
    const struct sasl_server server = {
        .memory = core->memory,
        .random = core->ports.random,
        .random_host = core->ports.host,
        .domain = session->host,
        .mechanisms = mechanisms_of(session),
        .needs_encryption = withheld_from(session),
        .full = anonymous_host_is_full(core, session->host),
        .tls = session->tls,
        .iterations = (unsigned)core->settings.iterations,
        .salt_bytes = core->settings.salt_bytes,
        .secret = core->secret,
    };
    session->sasl = sasl_new(&server);
    return session->sasl != NULL;
}

static struct sasl_step next_step(struct session *session, const struct element *element, const char *text)
{
    if (strcmp(element->name, "auth") == 0) {
        const char *mechanism = element_get(element, "mechanism");
        return sasl_auth(session->sasl, mechanism != NULL ? mechanism : "", text);
    }
    if (strcmp(element->name, "response") == 0)
        return sasl_response(session->sasl, text);
    return sasl_abort(session->sasl);
}

/* A client that sends <auth/> again abandons its negotiation (6.4.2), which counts as a failed login. */
static bool gives_up(const struct session *session, const struct element *element)
{
    return strcmp(element->name, "auth") == 0 && sasl_is_under_way(session->sasl);
}

/* The condition for an element before the required TLS: no negotiation has begun that could be continued or
 * aborted. */
static enum sasl_condition condition_before_tls(const char *name)
{
    if (strcmp(name, "auth") == 0)
        return SASL_ENCRYPTION_REQUIRED;
    return strcmp(name, "abort") == 0 ? SASL_ABORTED : SASL_MALFORMED_REQUEST;
}

static bool is_known(const char *name)
{
    return strcmp(name, "auth") == 0 || strcmp(name, "response") == 0 || strcmp(name, "abort") == 0;
}

void authentication_receive(struct session *session, struct stanza *element)
{
    assert(session->type == SESSION_C2S_UNAUTHED && session->loading_account == NULL);
    if (!is_known(element->root->name)) {
        stream_error(session, STREAM_UNSUPPORTED_STANZA_TYPE, NULL);
    } else if (tls_is_owed(session)) {
        fail(session, condition_before_tls(element->root->name));
    } else {
        const char *text = element_text(element, element->root);
        if (text == NULL || !begin(session))
            session_disconnect(session);
        else if (!gives_up(session, element->root) || may_try_again(session))
            take_step(session, next_step(session, element->root, text));
    }
    stanza_free(element);
}
