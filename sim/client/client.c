#include "../must.h"
#include "../prefetch.h"
#include "client_private.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STREAM_END "</stream:stream>"

/* ---- Observers ---- */

static const struct client_observer *observers_end(const struct client *client)
{
    return client->observers + client->observer_count;
}

static void tell_received(struct client *client, const struct xml *element)
{
    for (const struct client_observer *o = client->observers; o < observers_end(client); o++)
        if (o->received != NULL)
            o->received(o->host, client, element);
}

static void tell_ended(struct client *client, enum received_kind how)
{
    for (const struct client_observer *o = client->observers; o < observers_end(client); o++)
        if (o->ended != NULL)
            o->ended(o->host, client, how);
}

/* ---- Inbox ---- */

static void receive(struct client *client, struct received what)
{
    struct received *received = must(malloc(sizeof *received));
    *received = what;
    received->next = NULL;
    received->number = ++client->received;
    *client->inbox_tail = received;
    client->inbox_tail = &received->next;
    if (client->fresh == NULL)
        client->fresh = received;
    if (what.kind == RECEIVED_GARBAGE && client->garbage == NULL)
        client->garbage = received;
    if (what.kind != RECEIVED_ELEMENT)
        tell_ended(client, what.kind);
}

uint64_t client_received(const struct client *client)
{
    return client->received;
}

size_t client_inbox_size(const struct client *client)
{
    size_t size = 0;
    for (const struct received *r = client_inbox(client); r != NULL; r = r->next)
        size++;
    return size;
}

const struct received *client_inbox(const struct client *client)
{
    return client->inbox;
}

const struct received *client_fresh(const struct client *client)
{
    return client->fresh;
}

void client_look(struct client *client)
{
    client->fresh = NULL;
}

const struct received *client_garbage(const struct client *client)
{
    return client->garbage;
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
    if (client->fresh == taken)
        client->fresh = taken->next;
    if (client->garbage == taken)
        client->garbage = NULL;
    if (client->inbox_tail == &taken->next)
        client->inbox_tail = at;
    xml_free(taken->element);
    free(taken);
}

/* Empties the inbox, except garbage, which is a failure in every scenario. */
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

/* Completes client_disconnect. */
static void finish_leaving(struct client *client)
{
    client_unconnected(client, CLIENT_AWAY);
    client_forget_full_jid(client);
    inbox_clear(client);
}

/* ---- What the server sends ---- */

/* Whether a stanza comes from the client's own account (RFC 6121, 2.1.6): without `from`, or from its bare or
 * full JID. */
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
    client_append_attribute(&result, "id", xml_get(push, "id"));
    text_string(&result, "/>");
    client_write_stanza(client, &result);
}

/* Answers a ping of the server (XEP-0199, 4.1); pings of other entities are for the scenario. */
static bool ping_came(struct client *client, const struct xml *iq)
{
    const char *from = xml_get(iq, "from");
    if (client->mute || xml_child(iq, "ping", XML_NS_PING) == NULL || from == NULL ||
        strcmp(from, client->identity->domain) != 0)
        return false;
    struct text result = { 0 };
    text_string(&result, "<iq type='result'");
    client_append_attribute(&result, "id", xml_get(iq, "id"));
    client_append_attribute(&result, "to", from);
    text_string(&result, "/>");
    client_write_stanza(client, &result);
    return true;
}

static bool iq_came(struct client *client, const struct xml *iq)
{
    const char *type = xml_get(iq, "type");
    if (type == NULL)
        return false;
    if (client_bind_answered(client, iq, type))
        return true;
    if (strcmp(type, "get") == 0 && ping_came(client, iq))
        return true;
    const struct xml *query = xml_child(iq, "query", XML_NS_ROSTER);
    if (strcmp(type, "result") == 0 && xml_first_element(iq) == NULL)
        client_view_roster_unchanged(&client->view, xml_get(iq, "id"));
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

/* An unavailable client receives no more presence, so its list of online contacts is cleared (RFC 6121,
 * 4.5.2).  Unavailable presence directed to an address of its own has no effect. */
static void presence_came(struct client *client, const struct xml *presence)
{
    const char *from = xml_get(presence, "from");
    const char *type = xml_get(presence, "type");
    client_view_presence(&client->view, presence);
    if (client->broadcasts.leaves == 0 || from == NULL || type == NULL || client->full_jid == NULL ||
        strcmp(type, "unavailable") != 0 || strcmp(from, client->full_jid) != 0)
        return;
    client->broadcasts.leaves--;
    client_view_forget_online(&client->view);
}

/* Handles an element as a client does automatically; returns whether it is consumed. */
static bool act(struct client *client, const struct xml *element)
{
    if (strcmp(element->ns, XML_NS_CLIENT) == 0) {
        if (strcmp(element->name, "presence") == 0)
            presence_came(client, element);
        return strcmp(element->name, "iq") == 0 && iq_came(client, element);
    }
    if (strcmp(element->ns, XML_NS_SM) == 0)
        return client_managed_came(client, element);
    if (strcmp(element->ns, XML_NS_SASL) == 0)
        return client_sasl_came(client, element);
    if (strcmp(element->ns, XML_NS_TLS) == 0)
        return client_tls_came(client, element);
    if (xml_is(element, "error", XML_NS_STREAMS))
        client_refused_all(client, client_condition_of(element), client_during_the_stream);
    return false;
}

/* ---- The stream ---- */

static void stream_opened(void *who, struct xml *header)
{
    struct client *client = who;
    xml_free(client->header);
    client->header = header;
    client->features_due = true;
    if (client->state == CLIENT_CONNECTED || client->state == CLIENT_AUTHENTICATED)
        client_enter(client, CLIENT_OPENING);
}

static void features_came(struct client *client, struct xml *features)
{
    client->features_due = false;
    xml_free(client->features);
    client->features = features;
    if (client->state == CLIENT_OPENING)
        client_enter(client, CLIENT_OPEN);
    client_go_on_with_login(client);
}

static void element_came(void *who, struct xml *element)
{
    struct client *client = who;
    if (client->connection == UNCONNECTED) {
        xml_free(element);
        return;
    }
    tell_received(client, element);
    client_managed_count_received(client, element);
    if (client->features_due && xml_is(element, "features", XML_NS_STREAMS))
        features_came(client, element);
    else if (act(client, element))
        xml_free(element);
    else
        receive(client, (struct received){ .kind = RECEIVED_ELEMENT, .element = element });
}

/* The server closed its stream: the client closes its own, if still open, and the connection (RFC 6120, 4.4).
 */
static void stream_ended(void *who)
{
    struct client *client = who;
    if (client->connection == UNCONNECTED)
        return;
    if (client->state != CLIENT_CLOSING)
        client_write_string(client, STREAM_END);
    client->transport.close(client->transport.self);
    if (client->leaving) {
        finish_leaving(client);
        return;
    }
    receive(client, (struct received){ .kind = RECEIVED_STREAM_END });
    client_unconnected(client, CLIENT_ENDED);
}

static void stream_broken(void *who, const char *why)
{
    struct client *client = who;
    if (client->connection == UNCONNECTED)
        return;
    receive(client, (struct received){ .kind = RECEIVED_GARBAGE, .problem = why });
    client_refused_all(client, "not-well-formed", client_during_the_stream);
    client->transport.break_off(client->transport.self);
    client_unconnected(client, CLIENT_ENDED);
}

/* ---- From the transport ---- */

void client_opened(struct client *client)
{
    assert(client->connection == CONNECTING);
    client->connection = CONNECTED;
    if (client->state == CLIENT_DIALLING)
        client_enter(client, CLIENT_CONNECTED);
    client_flush(client);
    client_go_on_with_login(client);
}

void client_bytes(struct client *client, const char *bytes, size_t length)
{
    prefetch(client, sizeof *client);
    assert(client->connection == CONNECTED && !client->feeding);
    client->feeding = true;
    xml_stream_feed(client->stream, bytes, length);
    client->feeding = false;
    if (client->connection == UNCONNECTED)
        client_release_stream(client);
}

void client_writable(struct client *client)
{
    client_flush(client);
}

void client_secured(struct client *client, const unsigned char *exporter,
                    const unsigned char *server_end_point, size_t length)
{
    assert(client->connection == CONNECTED && length == CLIENT_CHANNEL);
    client->secured = true;
    client->starting_tls = false;
    memcpy(client->exporter, exporter, length);
    memcpy(client->server_end_point, server_end_point, length);
    xml_free(client->features);
    client->features = NULL;
    client_enter(client, CLIENT_CONNECTED);
    client_flush(client);
    client_tls_reached(client);
}

void client_ended(struct client *client)
{
    assert(client->connection != UNCONNECTED);
    if (client->leaving) {
        finish_leaving(client);
        return;
    }
    receive(client, (struct received){ .kind = RECEIVED_CONNECTION_END });
    client_unconnected(client, CLIENT_ENDED);
}

/* ---- Directing it ---- */

struct client *client_new(const struct client_identity *identity, struct transport transport)
{
    struct client *client = must(calloc(1, sizeof *client));
    client->identity = identity;
    client->transport = transport;
    client->inbox_tail = &client->inbox;
    client->managed.tail = &client->managed.first;
    client->events = (struct xml_events){ stream_opened, element_came, stream_ended, stream_broken, client };
    return client;
}

void client_free(struct client *client)
{
    if (client == NULL)
        return;
    assert(!client->feeding);
    client_managed_forget(client);
    client_forget_session(client);
    client_abandon_exchange(client);
    client_view_free(&client->view);
    client_release_stream(client);
    text_free(&client->unsent);
    client_forget_actions(client);
    free(client->actions);
    while (client->inbox != NULL)
        client_take(client, client->inbox);
    free(client);
}

void client_close_stream(struct client *client)
{
    if (client->connection == UNCONNECTED || client->state == CLIENT_CLOSING)
        return;
    client_write_string(client, STREAM_END);
    client_enter(client, CLIENT_CLOSING);
}

/* Between <success/> and the next stream header, the old stream is over and the new one has not begun (RFC
 * 6120, 6.4.6). */
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
    finish_leaving(client);
}

/* Whether a stanza requests the roster of the client's account.  A request to a resource is delivered to that
 * resource, and one that has not exactly one child element is refused (RFC 6120, 8.2.3). */
static bool asks_roster(const struct client *client, const struct xml *stanza)
{
    const char *type = xml_get(stanza, "type"), *to = xml_get(stanza, "to");
    const struct xml *payload = xml_first_element(stanza);
    return is_own_account(client, to) && (to == NULL || strchr(to, '/') == NULL) && type != NULL &&
           strcmp(type, "get") == 0 && xml_is(payload, "query", XML_NS_ROSTER) &&
           xml_next_element(payload) == NULL;
}

static void note_broadcast(struct client_broadcasts *broadcasts, const char *type)
{
    if (type == NULL) {
        broadcasts->is_available = true;
    } else if (strcmp(type, "unavailable") == 0) {
        broadcasts->leaves += broadcasts->is_available;
        broadcasts->is_available = false;
    }
}

static void note_presence(struct client *client, const struct xml *stanza)
{
    if (strcmp(stanza->name, "presence") != 0 || xml_get(stanza, "to") != NULL)
        return;
    note_broadcast(&client->broadcasts, xml_get(stanza, "type"));
    note_broadcast(&client->since_dial, xml_get(stanza, "type"));
}

void client_sent(struct client *client, const struct xml *stanza)
{
    if (client->connection == UNCONNECTED)
        return;
    note_presence(client, stanza);
    if (client->full_jid != NULL && strcmp(stanza->name, "iq") == 0 && asks_roster(client, stanza))
        client_view_roster_get(&client->view, xml_get(stanza, "id"),
                               xml_get(xml_child(stanza, "query", XML_NS_ROSTER), "ver"));
    for (const struct client_observer *o = client->observers; o < observers_end(client); o++)
        if (o->sent != NULL)
            o->sent(o->host, client, stanza);
}

void client_unclear(struct client *client)
{
    if (client->connection == UNCONNECTED)
        return;
    for (const struct client_observer *o = client->observers; o < observers_end(client); o++)
        if (o->unclear != NULL)
            o->unclear(o->host, client);
}

void client_send(struct client *client, const struct xml *stanza)
{
    if (client->connection == UNCONNECTED)
        return;
    prefetch(client, sizeof *client);
    prefetch(client->transport.self, 1);
    char id[16];
    struct xml_attribute id_attribute = { stanza->attributes, "id", "", id };
    struct xml sent = *stanza;
    sent.next = NULL;
    if (strcmp(stanza->name, "iq") == 0 && xml_get(stanza, "id") == NULL) {
        snprintf(id, sizeof id, "s%u", ++client->stanzas);
        sent.attributes = &id_attribute;
    }
    client_sent(client, &sent);
    char *printed = xml_print(&sent, XML_NS_CLIENT);
    const size_t length = strlen(printed);
    struct text text = { printed, length, length + 1 };
    if (strcmp(stanza->ns, XML_NS_CLIENT) == 0) {
        client_write_stanza(client, &text);
        return;
    }
    client->was_inactive = client->was_inactive || xml_is(stanza, "inactive", XML_NS_CSI);
    client_managed_sent(client, stanza);
    client_write_text(client, &text);
}

void client_observe(struct client *client, struct client_observer observer)
{
    assert(client->observer_count < CLIENT_OBSERVERS_MOST);
    client->observers[client->observer_count++] = observer;
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

unsigned client_endings(const struct client *client)
{
    return client->endings;
}

void client_account(const struct client *client, char *out, size_t size)
{
    (void)snprintf(out, size, "%s@%s", client->identity->local, client->identity->domain);
    for (; *out != '\0'; out++)
        if (*out >= 'A' && *out <= 'Z')
            *out = (char)(*out - 'A' + 'a');
}

bool client_is_secured(const struct client *client)
{
    return client->secured && client->connection == CONNECTED;
}

bool client_was_inactive(const struct client *client)
{
    return client->was_inactive;
}

const struct xml *client_stream_header(const struct client *client)
{
    return client->header;
}

const struct xml *client_features(const struct client *client)
{
    return client->features;
}
