#include "client_private.h"

#include <assert.h>

/* ---- The end of one ---- */

void client_stop_authenticating(struct client *client)
{
    client->authenticating = false;
    client->holds = false;
    xml_free(client->challenge);
    client->challenge = NULL;
    sasl_client_free(client->sasl);
    client->sasl = NULL;
}

void client_abandon_exchange(struct client *client)
{
    const char *during = client_during_the_stream;
    if (client->state == CLIENT_SECURING)
        during = client_during_tls;
    else if (client->authenticating)
        during = client_during_authentication;
    else if (client->bind_waits > 0)
        during = client_during_binding;
    client_refused_all(client, "connection-ended", during);
    client_stop_authenticating(client);
    client->starting_tls = false;
    client->bind_waits = 0;
}

void client_release_stream(struct client *client)
{
    if (client->feeding)
        return;
    xml_stream_free(client->stream);
    client->stream = NULL;
}

void client_unconnected(struct client *client, enum client_state state)
{
    client_abandon_exchange(client);
    client->endings += client->connection != UNCONNECTED;
    client_managed_unconnected(client);
    client->connection = UNCONNECTED;
    client->state = state;
    text_free(&client->unsent);
    client_release_stream(client);
}

void client_drop(struct client *client)
{
    if (client->connection == UNCONNECTED)
        return;
    client->transport.break_off(client->transport.self);
    client_unconnected(client, CLIENT_AWAY);
    client_forget_full_jid(client);
}

void client_forget_session(struct client *client)
{
    client_forget_full_jid(client);
    xml_free(client->header);
    xml_free(client->features);
    client->header = NULL;
    client->features = NULL;
    client->features_due = false;
    client->authenticated = false;
    client->secured = false;
    client->leaving = false;
    client->since_dial = (struct client_broadcasts){ 0 };
    if (client_managed_may_resume(client))
        return;
    client->was_inactive = false;
    client_begin_another_session(client);
}

/* ---- The beginning ---- */

/* A client has one connection at a time: the existing one is dropped. */
void client_dial(struct client *client)
{
    assert(!client->feeding);
    client_drop(client);
    client_forget_session(client);
    client->stream = xml_stream_new(client->events);
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
    client_enter(client, CLIENT_OPENING);
    struct text text = { 0 };
    text_string(&text, "<?xml version='1.0'?><stream:stream");
    client_append_attribute(&text, "xmlns", header->ns);
    client_append_attribute(&text, "xmlns:stream", header->streams_ns);
    client_append_attribute(&text, "to", header->to);
    client_append_attribute(&text, "from", header->from);
    client_append_attribute(&text, "version", header->version);
    client_append_attribute(&text, "xml:lang", header->lang);
    client_append_attribute(&text, "id", header->id);
    text_string(&text, ">");
    client_write_text(client, &text);
}
