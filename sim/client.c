#include "client.h"

#include "client_view.h"
#include "scram.h"
#include "text.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NS_SASL        "urn:ietf:params:xml:ns:xmpp-sasl"
#define NS_BIND        "urn:ietf:params:xml:ns:xmpp-bind"
#define XML_STREAM_END "</stream:stream>"

static const char during_authentication[] = "authentication";
static const char during_binding[] = "binding";
static const char during_the_stream[] = "the stream";

/* More than a JID of the greatest length (RFC 7622, 3.1), and than any message of a SASL mechanism here. */
enum { TEXT_MOST = 4096 };

/* What client_outcome tells about, while it is pending. */
enum goal { GOAL_NONE, GOAL_AUTHENTICATION, GOAL_BINDING, GOAL_LOGIN };

struct client {
    const struct client_identity *identity;
    struct transport transport;
    struct client_observer observer;

    enum client_state state;
    enum { UNCONNECTED, CONNECTING, CONNECTED } connection;
    bool feeding;       /* the stream is being fed, so it cannot be freed */
    bool features_due;  /* a header came, its features did not yet */
    bool authenticated; /* on this connection */
    bool leaving;       /* client_disconnect waits for the server's end of the stream */
    struct xml_stream *stream;
    struct xml *header, *features;
    struct text unsent; /* what the transport did not take yet */

    enum goal goal;
    struct client_outcome outcome;
    char *condition;          /* that of the outcome */
    bool authenticating;      /* an exchange of our own is under way */
    struct sasl_client *sasl; /* its negotiation; NULL for a mechanism that only the server may know */
    char bind_id[16];         /* of the iq under way; empty when there is none */
    char *full_jid;
    unsigned nonces, binds, stanzas; /* how many were made: what makes each unlike the others */

    struct received *inbox, **inbox_tail;
    struct client_view view;
};

static void *owned(void *memory)
{
    if (memory == NULL)
        abort();
    return memory;
}

static char *copy(const char *text)
{
    return owned(strdup(text));
}

/* ---- Output ---- */

void client_write(struct client *client, const char *bytes, size_t length)
{
    if (client->connection == UNCONNECTED || length == 0)
        return;
    size_t taken = 0;
    if (client->connection == CONNECTED && client->unsent.length == 0)
        taken = client->transport.write(client->transport.self, bytes, length);
    assert(taken <= length);
    if (taken < length)
        text_append(&client->unsent, bytes + taken, length - taken);
}

static void flush(struct client *client)
{
    struct text *unsent = &client->unsent;
    if (client->connection != CONNECTED || unsent->length == 0)
        return;
    size_t taken = client->transport.write(client->transport.self, unsent->bytes, unsent->length);
    assert(taken <= unsent->length);
    if (taken == unsent->length) {
        text_free(unsent);
        return;
    }
    unsent->length -= taken;
    memmove(unsent->bytes, unsent->bytes + taken, unsent->length + 1);
}

static void write_string(struct client *client, const char *string)
{
    client_write(client, string, strlen(string));
}

static void write_text(struct client *client, struct text *text)
{
    client_write(client, text->bytes, text->length);
    text_free(text);
}

static void append_escaped(struct text *text, const char *string)
{
    char *escaped = xml_escape(string);
    text_string(text, escaped);
    free(escaped);
}

static void append_attribute(struct text *text, const char *name, const char *value)
{
    if (value == NULL)
        return;
    text_string(text, " ");
    text_string(text, name);
    text_string(text, "='");
    append_escaped(text, value);
    text_string(text, "'");
}

/* ---- Inbox ---- */

static void receive(struct client *client, struct received what)
{
    struct received *received = owned(malloc(sizeof *received));
    *received = what;
    received->next = NULL;
    *client->inbox_tail = received;
    client->inbox_tail = &received->next;
}

const struct received *client_inbox(const struct client *client)
{
    return client->inbox;
}

void client_take(struct client *client, const struct received *received)
{
    struct received **at = &client->inbox;
    while (*at != received) {
        assert(*at != NULL);
        at = &(*at)->next;
    }
    struct received *taken = *at;
    *at = taken->next;
    if (client->inbox_tail == &taken->next)
        client->inbox_tail = at;
    xml_free(taken->element);
    free(taken);
}

/* Empties the inbox, but for what is a failure whatever the scenario says. */
static void inbox_clear(struct client *client)
{
    const struct received *received = client->inbox;
    while (received != NULL) {
        const struct received *following = received->next;
        if (received->kind != RECEIVED_GARBAGE)
            client_take(client, received);
        received = following;
    }
}

/* ---- Outcomes ---- */

static void pursue(struct client *client, enum goal goal)
{
    client->goal = goal;
    client->outcome = (struct client_outcome){ .state = OUTCOME_PENDING };
}

static void reached(struct client *client, enum goal goal)
{
    if (client->goal != goal)
        return;
    client->goal = GOAL_NONE;
    client->outcome = (struct client_outcome){ .state = OUTCOME_DONE };
}

static void refused(struct client *client, const char *condition, const char *during)
{
    if (client->goal == GOAL_NONE)
        return;
    client->goal = GOAL_NONE;
    free(client->condition);
    client->condition = copy(condition);
    client->outcome = (struct client_outcome){ OUTCOME_REFUSED, client->condition, during };
}

struct client_outcome client_outcome(const struct client *client)
{
    return client->outcome;
}

/* The defined condition of an error or a failure: its first element, as no <text/> stands before it. */
static const char *condition_of(const struct xml *error)
{
    const struct xml *condition = error == NULL ? NULL : xml_first_element(error);
    return condition == NULL ? "undefined-condition" : condition->name;
}

/* ---- States ---- */

const char *client_state_name(enum client_state state)
{
    static const char *const names[] = {
        [CLIENT_AWAY] = "away",
        [CLIENT_DIALLING] = "dialling",
        [CLIENT_CONNECTED] = "connected",
        [CLIENT_OPENING] = "opening",
        [CLIENT_OPEN] = "open",
        [CLIENT_AUTHENTICATING] = "authenticating",
        [CLIENT_AUTHENTICATED] = "authenticated",
        [CLIENT_BINDING] = "binding",
        [CLIENT_BOUND] = "bound",
        [CLIENT_CLOSING] = "closing",
        [CLIENT_ENDED] = "ended",
    };
    assert(state <= CLIENT_ENDED);
    return names[state];
}

/* Once we closed our stream, nothing that still comes takes us anywhere else. */
static void enter(struct client *client, enum client_state state)
{
    if (client->state != CLIENT_CLOSING)
        client->state = state;
}

static const char *what_was_under_way(const struct client *client)
{
    if (client->authenticating)
        return during_authentication;
    return client->bind_id[0] != '\0' ? during_binding : during_the_stream;
}

static void stop_authenticating(struct client *client)
{
    client->authenticating = false;
    sasl_client_free(client->sasl);
    client->sasl = NULL;
}

static void release_stream(struct client *client)
{
    if (client->feeding)
        return;
    xml_stream_free(client->stream);
    client->stream = NULL;
}

/* The connection is no more, whoever ended it. */
static void unconnected(struct client *client, enum client_state state)
{
    refused(client, "connection-ended", what_was_under_way(client));
    stop_authenticating(client);
    client->bind_id[0] = '\0';
    client->connection = UNCONNECTED;
    client->state = state;
    text_free(&client->unsent);
    release_stream(client);
}

static void forget_full_jid(struct client *client)
{
    free(client->full_jid);
    client->full_jid = NULL;
}

/* The end of client_disconnect. */
static void left(struct client *client)
{
    unconnected(client, CLIENT_AWAY);
    forget_full_jid(client);
    inbox_clear(client);
}

/* ---- Getting in ---- */

static bool is_offered(const struct client *client, const char *mechanism)
{
    const struct xml *mechanisms =
        client->features == NULL ? NULL : xml_child(client->features, "mechanisms", NS_SASL);
    if (mechanisms == NULL)
        return false;
    char name[TEXT_MOST];
    for (const struct xml *offered = xml_first_element(mechanisms); offered != NULL;
         offered = xml_next_element(offered))
        if (xml_is(offered, "mechanism", NS_SASL) &&
            strcmp(xml_text(offered, name, sizeof name), mechanism) == 0)
            return true;
    return false;
}

static const char *best_mechanism(const struct client *client)
{
    const char *const *mechanism = sasl_client_mechanisms;
    while (*mechanism != NULL && !is_offered(client, *mechanism))
        mechanism++;
    return *mechanism;
}

/* <auth/>, with the initial response where the mechanism is one that we know. */
static void send_auth(struct client *client, const char *mechanism)
{
    struct text auth = { 0 };
    text_string(&auth, "<auth xmlns='" NS_SASL "'");
    append_attribute(&auth, "mechanism", mechanism);
    text_string(&auth, ">");
    if (client->sasl != NULL)
        text_string(&auth, sasl_client_initial(client->sasl));
    text_string(&auth, "</auth>");
    write_text(client, &auth);
}

static void begin_authentication(struct client *client, const char *mechanism, const char *user,
                                 const char *password)
{
    const struct client_identity *identity = client->identity;
    if (mechanism == NULL)
        mechanism = identity->mechanism != NULL ? identity->mechanism : best_mechanism(client);
    if (mechanism == NULL) {
        refused(client, "mechanism-not-offered", during_authentication);
        return;
    }
    char nonce[24];
    snprintf(nonce, sizeof nonce, "nonce-%u", ++client->nonces);
    sasl_client_free(client->sasl);
    client->sasl = sasl_client_new(mechanism, user != NULL ? user : identity->local,
                                   password != NULL ? password : identity->password, nonce);
    client->authenticating = true;
    enter(client, CLIENT_AUTHENTICATING);
    send_auth(client, mechanism);
}

static void begin_binding(struct client *client, const char *resource)
{
    snprintf(client->bind_id, sizeof client->bind_id, "bind-%u", ++client->binds);
    enter(client, CLIENT_BINDING);
    struct text iq = { 0 };
    text_string(&iq, "<iq type='set'");
    append_attribute(&iq, "id", client->bind_id);
    text_string(&iq, "><bind xmlns='" NS_BIND "'>");
    if (resource != NULL) {
        text_string(&iq, "<resource>");
        append_escaped(&iq, resource);
        text_string(&iq, "</resource>");
    }
    text_string(&iq, "</bind></iq>");
    write_text(client, &iq);
}

static void go_on_from_features(struct client *client)
{
    if (!client->authenticated)
        begin_authentication(client, NULL, NULL, NULL);
    else if (client->features != NULL && xml_child(client->features, "bind", NS_BIND) != NULL)
        begin_binding(client, client->identity->resource);
    else
        refused(client, "bind-not-offered", during_binding);
}

/* The next step of client_login, where there is one that need not wait. */
static void go_on_with_login(struct client *client)
{
    if (client->goal != GOAL_LOGIN)
        return;
    struct client_header header = client_header_usual(client);
    switch (client->state) {
    case CLIENT_AWAY:
    case CLIENT_ENDED:
        client_dial(client);
        return;
    case CLIENT_CONNECTED:
    case CLIENT_AUTHENTICATED:
        client_open_stream(client, &header);
        return;
    case CLIENT_OPEN:
        go_on_from_features(client);
        return;
    case CLIENT_BOUND:
        reached(client, GOAL_LOGIN);
        return;
    default:
        return;
    }
}

/* ---- What the server sends ---- */

static void challenged(struct client *client, const struct xml *challenge)
{
    char text[TEXT_MOST];
    xml_text(challenge, text, sizeof text);
    const char *response = client->sasl == NULL ? NULL : sasl_client_respond(client->sasl, text);
    if (response == NULL) {
        write_string(client, "<abort xmlns='" NS_SASL "'/>");
        return;
    }
    struct text answer = { 0 };
    text_string(&answer, "<response xmlns='" NS_SASL "'>");
    text_string(&answer, response);
    text_string(&answer, "</response>");
    write_text(client, &answer);
}

/* A server that cannot prove that it knows the password is none to talk to (RFC 5802, 3). */
static bool is_proven(struct client *client, const struct xml *success)
{
    char text[TEXT_MOST];
    if (client->sasl == NULL || sasl_client_accept(client->sasl, xml_text(success, text, sizeof text)))
        return true;
    refused(client, "unproven-success", during_authentication);
    client->transport.break_off(client->transport.self);
    unconnected(client, CLIENT_ENDED);
    return false;
}

static void succeeded(struct client *client, const struct xml *success)
{
    if (client->authenticating && !is_proven(client, success))
        return;
    stop_authenticating(client);
    client->authenticated = true;
    xml_stream_restart(client->stream);
    enter(client, CLIENT_AUTHENTICATED);
    reached(client, GOAL_AUTHENTICATION);
    go_on_with_login(client);
}

static void failed(struct client *client, const struct xml *failure)
{
    stop_authenticating(client);
    enter(client, CLIENT_OPEN);
    refused(client, condition_of(failure), during_authentication);
}

/* Returns whether it was a part of our own exchange. */
static bool sasl_came(struct client *client, const struct xml *element)
{
    bool ours = client->authenticating;
    if (strcmp(element->name, "success") == 0)
        succeeded(client, element);
    else if (ours && strcmp(element->name, "challenge") == 0)
        challenged(client, element);
    else if (ours && strcmp(element->name, "failure") == 0)
        failed(client, element);
    else
        return false;
    return ours;
}

static void bound(struct client *client, const struct xml *iq)
{
    const struct xml *bind = xml_child(iq, "bind", NS_BIND);
    const struct xml *jid = bind == NULL ? NULL : xml_child(bind, "jid", NS_BIND);
    if (jid == NULL) {
        enter(client, CLIENT_OPEN);
        refused(client, "undefined-condition", during_binding);
        return;
    }
    char text[TEXT_MOST];
    forget_full_jid(client);
    client->full_jid = copy(xml_text(jid, text, sizeof text));
    enter(client, CLIENT_BOUND);
    reached(client, GOAL_BINDING);
    reached(client, GOAL_LOGIN);
}

/* Returns whether the iq is the answer to client_bind. */
static bool bind_answered(struct client *client, const struct xml *iq, const char *type)
{
    const char *id = xml_get(iq, "id");
    if (client->bind_id[0] == '\0' || id == NULL || strcmp(id, client->bind_id) != 0)
        return false;
    bool is_error = strcmp(type, "error") == 0;
    if (!is_error && strcmp(type, "result") != 0)
        return false;
    client->bind_id[0] = '\0';
    if (!is_error) {
        bound(client, iq);
        return true;
    }
    enter(client, client->full_jid != NULL ? CLIENT_BOUND : CLIENT_OPEN);
    refused(client, condition_of(xml_child(iq, "error", NULL)), during_binding);
    return true;
}

/* Whether a stanza comes from our own account (RFC 6121, 2.1.6): from nobody, our bare or our full JID. */
static bool is_own_account(const struct client *client, const char *from)
{
    if (from == NULL)
        return true;
    if (client->full_jid != NULL) {
        size_t bare = strcspn(client->full_jid, "/");
        return strcmp(from, client->full_jid) == 0 ||
               (strlen(from) == bare && strncmp(from, client->full_jid, bare) == 0);
    }
    size_t local = strlen(client->identity->local);
    return strncmp(from, client->identity->local, local) == 0 && from[local] == '@' &&
           strcmp(from + local + 1, client->identity->domain) == 0;
}

static void acknowledge_push(struct client *client, const struct xml *push)
{
    struct text result = { 0 };
    text_string(&result, "<iq type='result'");
    append_attribute(&result, "id", xml_get(push, "id"));
    text_string(&result, "/>");
    write_text(client, &result);
}

static bool iq_came(struct client *client, const struct xml *iq)
{
    const char *type = xml_get(iq, "type");
    if (type == NULL)
        return false;
    if (bind_answered(client, iq, type))
        return true;
    const struct xml *query = xml_child(iq, "query", XML_NS_ROSTER);
    if (query == NULL || !is_own_account(client, xml_get(iq, "from")))
        return false;
    if (strcmp(type, "result") == 0)
        client_view_roster_result(&client->view, query);
    if (strcmp(type, "set") == 0) {
        client_view_roster_push(&client->view, query);
        acknowledge_push(client, iq);
    }
    return false;
}

/* Does what a client does about an element by itself; returns whether nobody else needs to see it. */
static bool act(struct client *client, const struct xml *element)
{
    if (strcmp(element->ns, XML_NS_CLIENT) == 0) {
        if (strcmp(element->name, "presence") == 0)
            client_view_presence(&client->view, element);
        return strcmp(element->name, "iq") == 0 && iq_came(client, element);
    }
    if (strcmp(element->ns, NS_SASL) == 0)
        return sasl_came(client, element);
    if (xml_is(element, "error", XML_NS_STREAMS))
        refused(client, condition_of(element), during_the_stream);
    return false;
}

/* ---- The stream ---- */

static void stream_opened(void *who, struct xml *header)
{
    struct client *client = who;
    if (client->connection == UNCONNECTED) {
        xml_free(header);
        return;
    }
    xml_free(client->header);
    client->header = header;
    client->features_due = true;
    if (client->state == CLIENT_CONNECTED || client->state == CLIENT_AUTHENTICATED)
        enter(client, CLIENT_OPENING);
}

static void features_came(struct client *client, struct xml *features)
{
    client->features_due = false;
    xml_free(client->features);
    client->features = features;
    if (client->state == CLIENT_OPENING)
        enter(client, CLIENT_OPEN);
    go_on_with_login(client);
}

static void element_came(void *who, struct xml *element)
{
    struct client *client = who;
    if (client->connection == UNCONNECTED) {
        xml_free(element);
        return;
    }
    if (client->observer.received != NULL)
        client->observer.received(client->observer.host, client, element);
    if (client->features_due && xml_is(element, "features", XML_NS_STREAMS))
        features_came(client, element);
    else if (act(client, element))
        xml_free(element);
    else
        receive(client, (struct received){ .kind = RECEIVED_ELEMENT, .element = element });
}

/* The server closed its stream: we close ours, unless we did, and the connection (RFC 6120, 4.4). */
static void stream_ended(void *who)
{
    struct client *client = who;
    if (client->connection == UNCONNECTED)
        return;
    if (client->state != CLIENT_CLOSING)
        write_string(client, XML_STREAM_END);
    client->transport.close(client->transport.self);
    if (client->leaving) {
        left(client);
        return;
    }
    receive(client, (struct received){ .kind = RECEIVED_STREAM_END });
    unconnected(client, CLIENT_ENDED);
}

static void stream_broken(void *who, const char *why)
{
    struct client *client = who;
    if (client->connection == UNCONNECTED)
        return;
    receive(client, (struct received){ .kind = RECEIVED_GARBAGE, .problem = why });
    refused(client, "not-well-formed", during_the_stream);
    client->transport.break_off(client->transport.self);
    unconnected(client, CLIENT_ENDED);
}

/* ---- From the transport ---- */

void client_opened(struct client *client)
{
    assert(client->connection == CONNECTING);
    client->connection = CONNECTED;
    if (client->state == CLIENT_DIALLING)
        enter(client, CLIENT_CONNECTED);
    flush(client);
    go_on_with_login(client);
}

void client_bytes(struct client *client, const char *bytes, size_t length)
{
    assert(client->connection == CONNECTED && !client->feeding);
    client->feeding = true;
    xml_stream_feed(client->stream, bytes, length);
    client->feeding = false;
    if (client->connection == UNCONNECTED)
        release_stream(client);
}

void client_writable(struct client *client)
{
    flush(client);
}

void client_ended(struct client *client)
{
    assert(client->connection != UNCONNECTED);
    if (client->leaving) {
        left(client);
        return;
    }
    receive(client, (struct received){ .kind = RECEIVED_CONNECTION_END });
    unconnected(client, CLIENT_ENDED);
}

/* ---- Directing it ---- */

static void forget_session(struct client *client)
{
    forget_full_jid(client);
    xml_free(client->header);
    xml_free(client->features);
    client->header = NULL;
    client->features = NULL;
    client->features_due = false;
    client->authenticated = false;
    client->leaving = false;
    client_view_clear(&client->view);
}

struct client *client_new(const struct client_identity *identity, struct transport transport)
{
    struct client *client = owned(calloc(1, sizeof *client));
    client->identity = identity;
    client->transport = transport;
    client->inbox_tail = &client->inbox;
    return client;
}

void client_free(struct client *client)
{
    if (client == NULL)
        return;
    assert(!client->feeding);
    forget_session(client);
    stop_authenticating(client);
    release_stream(client);
    text_free(&client->unsent);
    free(client->condition);
    while (client->inbox != NULL)
        client_take(client, client->inbox);
    free(client);
}

/* A client has one connection at a time: the one that it has is dropped. */
void client_dial(struct client *client)
{
    assert(!client->feeding);
    client_drop(client);
    forget_session(client);
    client->stream = xml_stream_new(
        (struct xml_events){ stream_opened, element_came, stream_ended, stream_broken, client });
    client->connection = CONNECTING;
    client->state = CLIENT_DIALLING;
    client->transport.dial(client->transport.self, client);
}

struct client_header client_header_usual(const struct client *client)
{
    return (struct client_header){
        .to = client->identity->domain,
        .version = "1.0",
        .ns = XML_NS_CLIENT,
        .streams_ns = XML_NS_STREAMS,
    };
}

void client_open_stream(struct client *client, const struct client_header *header)
{
    if (client->connection == UNCONNECTED)
        return;
    enter(client, CLIENT_OPENING);
    struct text text = { 0 };
    text_string(&text, "<?xml version='1.0'?><stream:stream");
    append_attribute(&text, "xmlns", header->ns);
    append_attribute(&text, "xmlns:stream", header->streams_ns);
    append_attribute(&text, "to", header->to);
    append_attribute(&text, "from", header->from);
    append_attribute(&text, "version", header->version);
    append_attribute(&text, "xml:lang", header->lang);
    append_attribute(&text, "id", header->id);
    text_string(&text, ">");
    write_text(client, &text);
}

void client_authenticate(struct client *client, const char *mechanism, const char *user, const char *password)
{
    pursue(client, GOAL_AUTHENTICATION);
    if (client->connection == UNCONNECTED)
        refused(client, "connection-ended", during_authentication);
    else
        begin_authentication(client, mechanism, user, password);
}

void client_bind(struct client *client, const char *resource)
{
    pursue(client, GOAL_BINDING);
    if (client->connection == UNCONNECTED)
        refused(client, "connection-ended", during_binding);
    else
        begin_binding(client, resource);
}

void client_login(struct client *client)
{
    pursue(client, GOAL_LOGIN);
    go_on_with_login(client);
}

void client_close_stream(struct client *client)
{
    if (client->connection == UNCONNECTED || client->state == CLIENT_CLOSING)
        return;
    write_string(client, XML_STREAM_END);
    enter(client, CLIENT_CLOSING);
}

void client_drop(struct client *client)
{
    if (client->connection == UNCONNECTED)
        return;
    client->transport.break_off(client->transport.self);
    unconnected(client, CLIENT_AWAY);
    forget_full_jid(client);
}

/* Between a success and our next header the old stream is over and the new one not begun (RFC 6120, 6.4.6).
 */
static bool has_stream(const struct client *client)
{
    return client->state >= CLIENT_OPENING && client->state <= CLIENT_CLOSING &&
           client->state != CLIENT_AUTHENTICATED;
}

void client_disconnect(struct client *client)
{
    if (client->connection == UNCONNECTED)
        return;
    if (has_stream(client)) {
        client_close_stream(client);
        client->leaving = true;
        return;
    }
    client->transport.close(client->transport.self);
    left(client);
}

/* Whether a stanza asks for the roster. */
static bool asks_roster(const struct xml *stanza)
{
    const char *type = xml_get(stanza, "type");
    return type != NULL && strcmp(type, "get") == 0 && xml_child(stanza, "query", XML_NS_ROSTER) != NULL;
}

void client_send(struct client *client, const struct xml *stanza)
{
    if (client->connection == UNCONNECTED)
        return;
    char id[16];
    struct xml_attribute id_attribute = { stanza->attributes, "id", "", id };
    struct xml sent = *stanza;
    sent.next = NULL;
    if (strcmp(stanza->name, "iq") == 0) {
        if (xml_get(stanza, "id") == NULL) {
            snprintf(id, sizeof id, "s%u", ++client->stanzas);
            sent.attributes = &id_attribute;
        }
        client->view.asked = client->view.asked || asks_roster(stanza);
    }
    if (client->observer.sent != NULL)
        client->observer.sent(client->observer.host, client, &sent);
    char *printed = xml_print(&sent, XML_NS_CLIENT);
    write_string(client, printed);
    free(printed);
}

void client_observe(struct client *client, struct client_observer observer)
{
    client->observer = observer;
}

/* ---- What is known of it ---- */

const char *client_name(const struct client *client)
{
    return client->identity->name;
}

enum client_state client_state(const struct client *client)
{
    return client->state;
}

const char *client_full_jid(const struct client *client)
{
    return client->full_jid;
}

const struct xml *client_stream_header(const struct client *client)
{
    return client->header;
}

const struct xml *client_features(const struct client *client)
{
    return client->features;
}

bool client_has_roster(const struct client *client)
{
    return client->view.has_roster;
}

bool client_asked_roster(const struct client *client)
{
    return client->view.asked;
}

const struct client_contact *client_roster(const struct client *client)
{
    return client->view.roster;
}

const struct client_online *client_online(const struct client *client)
{
    return client->view.online;
}

bool client_sees(const struct client *client, const char *full_jid)
{
    return client_view_sees(&client->view, full_jid);
}
