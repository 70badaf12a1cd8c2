#include "session.h"

#include "../../client/scram.h"
#include "../../kinds/pipe_wire.h"
#include "../../must.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#define NS_SASL "urn:ietf:params:xml:ns:xmpp-sasl"
#define NS_TLS  "urn:ietf:params:xml:ns:xmpp-tls"
#define NS_BIND "urn:ietf:params:xml:ns:xmpp-bind"

enum { ANSWER_MS = 5000 };

struct session {
    struct tcp tcp;
    struct xml_stream *stream;
    struct xml *received; /* not looked at yet, the first one first */
    struct xml *features;
    char domain[256];
    unsigned asked; /* identifiers so far */
    bool has_ended;
};

/* ---- Reading ---- */

static void on_header(void *who, struct xml *header)
{
    (void)who;
    xml_free(header);
}

static void on_element(void *who, struct xml *element)
{
    struct session *session = who;
    struct xml **at = &session->received;
    while (*at != NULL)
        at = &(*at)->next;
    *at = element;
    if (xml_is(element, "success", NS_SASL) || xml_is(element, "proceed", NS_TLS))
        xml_stream_restart(session->stream);
}

static void on_end(void *who)
{
    struct session *session = who;
    session->has_ended = true;
}

static void on_broken(void *who, const char *why)
{
    (void)why;
    on_end(who);
}

static struct xml *take_first(struct session *session)
{
    struct xml *first = session->received;
    session->received = first->next;
    first->next = NULL;
    return first;
}

/* Reads what is there, or waits for more until then.  Returns false when the time or the stream is over. */
static bool read_more(struct session *session, uint64_t until)
{
    struct text in = { 0 };
    const uint64_t now = pipe_wire_now();
    if (session->has_ended || session->tcp.is_over || now >= until)
        return false;
    (void)tcp_flush(&session->tcp);
    if (!tcp_read(&session->tcp, &in) && !session->tcp.is_over) {
        const short events = (short)(POLLIN | (session->tcp.out.length > 0 ? POLLOUT : 0));
        struct pollfd poller = { .fd = session->tcp.fd, .events = events };
        (void)poll(&poller, 1, (int)((until - now) / 1000000) + 1);
        (void)tcp_read(&session->tcp, &in);
    }
    xml_stream_feed(session->stream, in.bytes != NULL ? in.bytes : "", in.length);
    text_free(&in);
    return true;
}

static uint64_t patience(void)
{
    return pipe_wire_now() + ANSWER_MS * UINT64_C(1000000);
}

/* The next element; NULL when none comes in time. */
static struct xml *next_element(struct session *session, uint64_t until)
{
    while (session->received == NULL)
        if (!read_more(session, until))
            return NULL;
    return take_first(session);
}

/* The next element of a namespace; others are dropped. */
static struct xml *await_of(struct session *session, const char *ns)
{
    const uint64_t until = patience();
    struct xml *element = next_element(session, until);
    while (element != NULL && strcmp(element->ns, ns) != 0 && strcmp(element->ns, XML_NS_STREAMS) != 0) {
        xml_free(element);
        element = next_element(session, until);
    }
    return element;
}

/* ---- Streams ---- */

void session_send(struct session *session, const char *stanza)
{
    tcp_write(&session->tcp, stanza, strlen(stanza));
}

/* Opens a stream, and reads its features. */
static bool open_stream(struct session *session, char why[256])
{
    char *domain = xml_escape(session->domain);
    struct text header = { 0 };
    text_string(&header, "<?xml version='1.0'?><stream:stream xmlns='jabber:client' version='1.0' "
                         "xmlns:stream='http://etherx.jabber.org/streams' to='");
    text_string(&header, domain);
    text_string(&header, "'>");
    session_send(session, header.bytes);
    text_free(&header);
    free(domain);
    xml_free(session->features);
    session->features = await_of(session, XML_NS_STREAMS);
    if (session->features != NULL && strcmp(session->features->name, "features") == 0)
        return true;
    const struct xml *condition = session->features != NULL ? xml_first_element(session->features) : NULL;
    (void)snprintf(why, 256, "the server opens no stream for %.100s: %.100s", session->domain,
                   condition != NULL ? condition->name : "no answer");
    return false;
}

static bool secure(struct session *session, char why[256])
{
    session_send(session, "<starttls xmlns='" NS_TLS "'/>");
    struct xml *answer = await_of(session, NS_TLS);
    const bool proceeds = answer != NULL && strcmp(answer->name, "proceed") == 0;
    xml_free(answer);
    if (!proceeds || !tcp_start_tls(&session->tcp, session->domain)) {
        (void)snprintf(why, 256, "STARTTLS failed");
        return false;
    }
    return open_stream(session, why);
}

struct session *session_open(const struct tcp_address *address, const char *domain, char why[256])
{
    struct session *session = must(calloc(1, sizeof *session));
    (void)snprintf(session->domain, sizeof session->domain, "%s", domain);
    session->stream =
        xml_stream_new((struct xml_events){ on_header, on_element, on_end, on_broken, session });
    bool is_open = tcp_open(&session->tcp, address);
    if (!is_open)
        (void)snprintf(why, 256, "nothing listens there");
    is_open = is_open && open_stream(session, why);
    if (is_open && xml_child(session->features, "starttls", NS_TLS) != NULL)
        is_open = secure(session, why);
    if (is_open)
        return session;
    session_close(session);
    return NULL;
}

void session_close(struct session *session)
{
    if (session == NULL)
        return;
    if (session->tcp.fd >= 0 && !session->has_ended) {
        session_send(session, "</stream:stream>");
        const uint64_t until = pipe_wire_now() + UINT64_C(500000000);
        while (read_more(session, until))
            continue;
    }
    while (session->received != NULL)
        xml_free(take_first(session));
    tcp_close(&session->tcp);
    xml_stream_free(session->stream);
    xml_free(session->features);
    free(session);
}

const struct xml *session_features(const struct session *session)
{
    return session->features;
}

/* ---- Login ---- */

bool session_offers(const struct session *session, const char *mechanism)
{
    char name[64];
    const struct xml *list = xml_child(session->features, "mechanisms", NS_SASL);
    const struct xml *offered = list != NULL ? xml_first_element(list) : NULL;
    while (offered != NULL && strcmp(xml_text(offered, name, sizeof name), mechanism) != 0)
        offered = xml_next_element(offered);
    return offered != NULL;
}

static const char *usable(const struct session *session)
{
    static const char *const known[] = { "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-1", NULL };
    const char *const *mechanism = known;
    while (*mechanism != NULL && !session_offers(session, *mechanism))
        mechanism++;
    return *mechanism;
}

static void send_sasl(struct session *session, const char *element, const char *mechanism, const char *text)
{
    struct text stanza = { 0 };
    text_string(&stanza, "<");
    text_string(&stanza, element);
    text_string(&stanza, " xmlns='" NS_SASL "'");
    if (mechanism != NULL) {
        text_string(&stanza, " mechanism='");
        text_string(&stanza, mechanism);
        text_string(&stanza, "'");
    }
    text_string(&stanza, ">");
    text_string(&stanza, text);
    text_string(&stanza, "</");
    text_string(&stanza, element);
    text_string(&stanza, ">");
    session_send(session, stanza.bytes);
    text_free(&stanza);
}

/* Returns whether the server lets it in. */
static bool exchange(struct session *session, struct sasl_client *sasl, const char *mechanism)
{
    char text[4096];
    send_sasl(session, "auth", mechanism, sasl_client_initial(sasl));
    for (;;) {
        struct xml *element = await_of(session, NS_SASL);
        const bool is_challenge = element != NULL && strcmp(element->name, "challenge") == 0;
        const bool succeeded = element != NULL && strcmp(element->name, "success") == 0;
        const char *response = NULL;
        if (is_challenge)
            response = sasl_client_respond(sasl, xml_text(element, text, sizeof text));
        xml_free(element);
        if (response == NULL)
            return succeeded;
        send_sasl(session, "response", NULL, response);
    }
}

static bool authenticate(struct session *session, const char *user, const char *password, char why[256])
{
    const char *mechanism = usable(session);
    if (mechanism == NULL) {
        (void)snprintf(why, 256, "the server offers neither PLAIN nor SCRAM");
        return false;
    }
    struct sasl_client *sasl = sasl_client_new(mechanism, user, password, "rehearsal");
    const bool succeeded = sasl != NULL && exchange(session, sasl, mechanism);
    sasl_client_free(sasl);
    if (!succeeded)
        (void)snprintf(why, 256, "%.100s cannot log in with %s", user, mechanism);
    return succeeded;
}

bool session_login(struct session *session, const char *user, const char *password, char why[256])
{
    return authenticate(session, user, password, why) && open_stream(session, why) &&
           session_do(session, "set", "", "<bind xmlns='" NS_BIND "'><resource>rehearsal</resource></bind>",
                      why);
}

/* ---- Requests ---- */

static void send_request(struct session *session, const char *id, const char *type, const char *to,
                         const char *payload)
{
    struct text stanza = { 0 };
    text_string(&stanza, "<iq id='");
    text_string(&stanza, id);
    text_string(&stanza, "' type='");
    text_string(&stanza, type);
    if (to == NULL || to[0] != '\0') {
        char *address = xml_escape(to != NULL ? to : session->domain);
        text_string(&stanza, "' to='");
        text_string(&stanza, address);
        free(address);
    }
    text_string(&stanza, "'>");
    text_string(&stanza, payload);
    text_string(&stanza, "</iq>");
    session_send(session, stanza.bytes);
    text_free(&stanza);
}

struct xml *session_ask(struct session *session, const char *type, const char *to, const char *payload)
{
    char id[32];
    const uint64_t until = patience();
    (void)snprintf(id, sizeof id, "rehearsal-%u", ++session->asked);
    send_request(session, id, type, to, payload);
    for (;;) {
        struct xml *element = next_element(session, until);
        if (element == NULL)
            return NULL;
        const char *its = xml_get(element, "id");
        const char *sort = xml_get(element, "type");
        if (strcmp(element->name, "iq") == 0 && its != NULL && strcmp(its, id) == 0 && sort != NULL &&
            (strcmp(sort, "result") == 0 || strcmp(sort, "error") == 0))
            return element;
        xml_free(element);
    }
}

bool session_do(struct session *session, const char *type, const char *to, const char *payload, char why[256])
{
    struct xml *answer = session_ask(session, type, to, payload);
    const bool succeeded = answer != NULL && strcmp(xml_get(answer, "type"), "result") == 0;
    const struct xml *error = answer != NULL ? xml_child(answer, "error", NULL) : NULL;
    const struct xml *condition = error != NULL ? xml_first_element(error) : NULL;
    if (!succeeded)
        (void)snprintf(why, 256, "%.60s... is answered with %.60s", payload,
                       condition != NULL ? condition->name : "nothing");
    xml_free(answer);
    return succeeded;
}
