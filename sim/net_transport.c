#include "net_transport.h"

#include <assert.h>

/* ---- From the network to the client ---- */

static void opened(void *who, struct link *link)
{
    (void)link;
    struct net_transport *transport = who;
    client_opened(transport->client);
}

static void bytes_came(void *who, struct link *link, const char *bytes, size_t length)
{
    (void)link;
    struct net_transport *transport = who;
    client_bytes(transport->client, bytes, length);
}

static void writable(void *who, struct link *link)
{
    (void)link;
    struct net_transport *transport = who;
    client_writable(transport->client);
}

static void ended(void *who, struct link *link)
{
    (void)link;
    struct net_transport *transport = who;
    transport->link = NULL;
    client_ended(transport->client);
}

/* ---- From the client to the network ---- */

static void dial(void *self, struct client *client)
{
    struct net_transport *transport = self;
    assert(transport->link == NULL);
    transport->client = client;
    transport->link = net_dial(transport->net, transport->name,
                               (struct net_end){ opened, bytes_came, writable, ended, transport });
    if (transport->largest_piece != 0)
        link_set_largest_piece(transport->link, transport->largest_piece);
}

static size_t write_bytes(void *self, const char *bytes, size_t length)
{
    struct net_transport *transport = self;
    return link_write(transport->link, NET_CLIENT, bytes, length);
}

static void close_link(void *self)
{
    struct net_transport *transport = self;
    struct link *link = transport->link;
    transport->link = NULL;
    link_close(link, NET_CLIENT);
}

static void break_link(void *self)
{
    struct net_transport *transport = self;
    struct link *link = transport->link;
    transport->link = NULL;
    link_break(link, NET_CLIENT);
}

struct transport net_transport_init(struct net_transport *transport, struct net *net, const char *name)
{
    *transport = (struct net_transport){ .net = net, .name = name };
    return (struct transport){ transport, dial, write_bytes, close_link, break_link };
}

void net_transport_cut(struct net_transport *transport, size_t bytes)
{
    transport->largest_piece = bytes;
    if (transport->link != NULL)
        link_set_largest_piece(transport->link, bytes);
}

void net_transport_fail(struct net_transport *transport)
{
    if (transport->link != NULL)
        link_fail(transport->link);
}

void net_transport_stall(struct net_transport *transport, enum net_side side, bool stalled)
{
    if (transport->link != NULL)
        link_stall(transport->link, side, stalled);
}

bool net_transport_flows(const struct net_transport *transport)
{
    const struct link *link = transport->link;
    return link == NULL || (!link_is_stalled(link, NET_CLIENT) && !link_is_stalled(link, NET_SERVER));
}
