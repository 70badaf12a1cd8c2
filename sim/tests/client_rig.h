/*
 * client_rig.h - a client on a transport without a network, and a server that the test plays.
 *
 * `hear` passes bytes from the server.  The client's output is parsed as by a server, and taken by `said`.
 */
#ifndef SIM_TESTS_CLIENT_RIG_H
#define SIM_TESTS_CLIENT_RIG_H

#include "../client/client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NS_SASL   "urn:ietf:params:xml:ns:xmpp-sasl"
#define NS_BIND   "urn:ietf:params:xml:ns:xmpp-bind"
#define NS_ROSTER "jabber:iq:roster"

#define HEADER                                                                                               \
    "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "                                             \
    "xmlns:stream='http://etherx.jabber.org/streams' from='example.com' id='s-1' version='1.0'>"
#define MECHANISMS(offered)                                                                                  \
    "<stream:features><mechanisms xmlns='" NS_SASL "'>" offered "</mechanisms></stream:features>"
#define PLAIN_OFFERED        "<mechanism>PLAIN</mechanism>"
#define BIND_OFFERED         "<stream:features><bind xmlns='" NS_BIND "'/></stream:features>"
#define SUCCESS              "<success xmlns='" NS_SASL "'/>"
#define FAILURE(condition)   "<failure xmlns='" NS_SASL "'>" condition "</failure>"
#define CHALLENGE(challenge) "<challenge xmlns='" NS_SASL "'>" challenge "</challenge>"
#define STREAM_END           "</stream:stream>"
#define STREAM_ERROR(condition)                                                                              \
    "<stream:error><" condition " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
#define FULL_JID "juliet@example.com/balcony"

enum { SAID_MOST = 32 };

struct rig {
    struct client_identity identity;
    struct client *client;
    size_t piece; /* bytes of the server's that arrive at once; 0 is all */
    size_t room;  /* bytes of the client's that the transport takes before it is full */
    unsigned dials, closes, breaks, writes, handshakes;
    struct xml_stream *server;
    struct xml *said[SAID_MOST]; /* headers and elements */
    size_t said_count, taken_count;
    unsigned ends; /* of streams that the client closed */
    const char *problem;
};

static inline void rig_said(void *who, struct xml *element)
{
    struct rig *rig = who;
    assert_true(rig->said_count < SAID_MOST);
    rig->said[rig->said_count++] = element;
}

static inline void rig_said_end(void *who)
{
    struct rig *rig = who;
    rig->ends++;
}

static inline void rig_said_garbage(void *who, const char *why)
{
    struct rig *rig = who;
    rig->problem = why;
}

static inline void rig_dial(void *self, struct client *client)
{
    struct rig *rig = self;
    assert_true(rig->client == NULL || rig->client == client);
    rig->dials++;
    xml_stream_free(rig->server);
    rig->server =
        xml_stream_new((struct xml_events){ rig_said, rig_said, rig_said_end, rig_said_garbage, rig });
}

static inline size_t rig_write(void *self, const char *bytes, size_t length)
{
    struct rig *rig = self;
    size_t taken = length < rig->room ? length : rig->room;
    rig->writes++;
    rig->room -= taken;
    xml_stream_feed(rig->server, bytes, taken);
    return taken;
}

static inline void rig_close(void *self)
{
    struct rig *rig = self;
    rig->closes++;
}

static inline void rig_break_off(void *self)
{
    struct rig *rig = self;
    rig->breaks++;
}

static inline void rig_start_tls(void *self)
{
    struct rig *rig = self;
    rig->handshakes++;
}

static inline struct rig *rig_new(void)
{
    struct rig *rig = calloc(1, sizeof *rig);
    assert_non_null(rig);
    rig->identity = (struct client_identity){
        .name = "Juliet",
        .local = "juliet",
        .domain = "example.com",
        .resource = "balcony",
        .password = "r0m30myr0m30",
    };
    rig->room = SIZE_MAX;
    struct transport transport = { rig, rig_dial, rig_write, rig_close, rig_break_off, rig_start_tls };
    rig->client = client_new(&rig->identity, transport);
    return rig;
}

static inline void rig_free(struct rig *rig)
{
    assert_null(rig->problem);
    client_free(rig->client);
    xml_stream_free(rig->server);
    for (size_t i = 0; i < rig->said_count; i++)
        xml_free(rig->said[i]);
    free(rig);
}

/* The server sends. */
static inline void hear(struct rig *rig, const char *text)
{
    size_t length = strlen(text);
    size_t piece = rig->piece == 0 ? length : rig->piece;
    for (size_t at = 0; at < length; at += piece)
        client_bytes(rig->client, text + at, length - at < piece ? length - at : piece);
}

/* The next element or header that the client sent: borrowed for the life of the rig. */
static inline const struct xml *said(struct rig *rig, const char *name, const char *ns)
{
    assert_true(rig->taken_count < rig->said_count);
    const struct xml *element = rig->said[rig->taken_count++];
    assert_string_equal(element->name, name);
    assert_string_equal(element->ns, ns);
    return element;
}

static inline void said_nothing(const struct rig *rig)
{
    assert_int_equal(rig->taken_count, rig->said_count);
}

static inline void assert_text(const struct xml *element, const char *text)
{
    char buffer[1024];
    assert_non_null(element);
    assert_string_equal(xml_text(element, buffer, sizeof buffer), text);
}

static inline void assert_state(const struct rig *rig, enum client_state state)
{
    assert_string_equal(client_state_name(client_state(rig->client)), client_state_name(state));
}

static inline void assert_done(const struct rig *rig)
{
    assert_int_equal(client_outcome(rig->client).state, OUTCOME_DONE);
}

static inline void assert_refused(const struct rig *rig, const char *condition, const char *during)
{
    struct client_outcome outcome = client_outcome(rig->client);
    assert_int_equal(outcome.state, OUTCOME_REFUSED);
    assert_string_equal(outcome.condition, condition);
    assert_string_equal(outcome.during, during);
}

/* Takes the first thing in the inbox, which is an element of that name. */
static inline void take_element(struct rig *rig, const char *name)
{
    const struct received *received = client_inbox(rig->client);
    assert_non_null(received);
    assert_int_equal(received->kind, RECEIVED_ELEMENT);
    assert_string_equal(received->element->name, name);
    client_take(rig->client, received);
}

static inline void take_kind(struct rig *rig, enum received_kind kind)
{
    const struct received *received = client_inbox(rig->client);
    assert_non_null(received);
    assert_int_equal(received->kind, kind);
    assert_null(received->element);
    client_take(rig->client, received);
}

static inline void assert_inbox_empty(const struct rig *rig)
{
    assert_null(client_inbox(rig->client));
}

/* The server's part of the first stream, up to its features, and of a new one after success. */
static inline void hear_features(struct rig *rig, const char *features)
{
    said(rig, "stream", XML_NS_STREAMS);
    hear(rig, HEADER);
    hear(rig, features);
}

static inline void hear_success(struct rig *rig, const char *success)
{
    xml_stream_restart(rig->server);
    hear(rig, success);
}

/* From a login just begun to the bind request, which is returned. */
static inline const struct xml *log_in_to_binding(struct rig *rig)
{
    client_opened(rig->client);
    hear_features(rig, MECHANISMS(PLAIN_OFFERED));
    said(rig, "auth", NS_SASL);
    hear_success(rig, SUCCESS);
    hear_features(rig, BIND_OFFERED);
    return said(rig, "iq", XML_NS_CLIENT);
}

static inline void hear_bound(struct rig *rig, const struct xml *iq, const char *full_jid)
{
    hear(rig, "<iq type='result' id='");
    hear(rig, xml_get(iq, "id"));
    hear(rig, "'><bind xmlns='" NS_BIND "'><jid>");
    hear(rig, full_jid);
    hear(rig, "</jid></bind></iq>");
}

static inline void log_in(struct rig *rig)
{
    client_login(rig->client);
    hear_bound(rig, log_in_to_binding(rig), FULL_JID);
    assert_done(rig);
    assert_inbox_empty(rig);
}

/* A connection with a stream of its own, not authenticated. */
static inline void open_stream(struct rig *rig, const char *features)
{
    client_dial(rig->client);
    client_opened(rig->client);
    struct client_header header = client_header_usual(rig->client);
    client_open_stream(rig->client, &header);
    hear_features(rig, features);
}

/* Sends the stanza that the text is. */
static inline void send_text(struct rig *rig, const char *text)
{
    const char *problem;
    int line;
    struct xml *stanza = xml_fragment(text, strlen(text), &problem, &line);
    assert_non_null(stanza);
    client_send(rig->client, stanza);
    xml_free(stanza);
}

#endif
