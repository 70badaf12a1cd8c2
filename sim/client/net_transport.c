#include "net_transport.h"

#include "../world/describe.h"
#include "../world/tls_middle.h"

#include <assert.h>
#include <inttypes.h>

/* ---- Towards the network: client, its end of TLS, man in the middle (if any), link ---- */

static size_t to_link(void *self, const char *bytes, size_t length)
{
    struct net_transport *transport = self;
    return transport->link != NULL ? link_write(transport->link, NET_CLIENT, bytes, length) : length;
}

static size_t write_records(void *self, const char *bytes, size_t length)
{
    struct net_transport *transport = self;
    if (transport->middle == NULL)
        return to_link(transport, bytes, length);
    tls_middle_from_client(transport->middle, bytes, length);
    return length;
}

static size_t write_bytes(void *self, const char *bytes, size_t length)
{
    struct net_transport *transport = self;
    return transport->tls != NULL ? tls_write(transport->tls, bytes, length)
                                  : write_records(transport, bytes, length);
}

/* ---- Towards the client ---- */

static size_t to_client(void *self, const char *bytes, size_t length)
{
    struct net_transport *transport = self;
    if (transport->link == NULL)
        return length;
    if (transport->tls != NULL)
        tls_bytes(transport->tls, bytes, length);
    else
        client_bytes(transport->client, bytes, length);
    return length;
}

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
    if (transport->middle != NULL)
        tls_middle_from_server(transport->middle, bytes, length);
    else
        (void)to_client(transport, bytes, length);
}

static void writable(void *who, struct link *link)
{
    (void)link;
    struct net_transport *transport = who;
    if (transport->middle != NULL)
        tls_middle_writable(transport->middle);
    if (transport->tls != NULL)
        tls_writable(transport->tls);
    client_writable(transport->client);
}

/* ---- The link ---- */

/* Forgets the link, which the caller ends. */
static struct link *let_go(struct net_transport *transport)
{
    struct link *link = transport->link;
    transport->links_left++;
    tls_free(transport->tls);
    tls_middle_free(transport->middle);
    transport->link = NULL;
    transport->tls = NULL;
    transport->middle = NULL;
    return link;
}

static void ended(void *who, struct link *link)
{
    (void)link;
    struct net_transport *transport = who;
    (void)let_go(transport);
    client_ended(transport->client);
}

/* Dials a link with the properties set for the next link, and resets them. */
static struct link *dial_next(struct net_transport *transport)
{
    const struct net_transport_next next = transport->next;
    const struct net_end end = { opened, bytes_came, writable, ended, transport };
    struct link *link = next.has_latency ? net_dial_over(transport->net, transport->name, end, next.latency)
                                         : net_dial(transport->net, transport->name, end);
    transport->next = (struct net_transport_next){ 0 };
    if (next.bandwidth > 0)
        link_set_bandwidth(link, next.bandwidth);
    for (int way = 0; way < LINK_WAYS; way++)
        if (next.breaks[way])
            link_break_after(link, (enum link_way)way, next.break_after[way]);
    if (next.stall > 0)
        link_stall_for(link, next.stall);
    return link;
}

static void dial(void *self, struct client *client)
{
    struct net_transport *transport = self;
    assert(transport->link == NULL);
    transport->client = client;
    transport->link = dial_next(transport);
    if (transport->largest_piece != 0)
        link_set_largest_piece(transport->link, transport->largest_piece);
    if (transport->has_middle)
        transport->middle = tls_middle_new(transport->choices, (struct tls_below){ transport, to_client },
                                           (struct tls_below){ transport, to_link });
    transport->has_middle = false;
}

static void close_link(void *self)
{
    struct net_transport *transport = self;
    link_close(let_go(transport), NET_CLIENT);
}

static void break_link(void *self)
{
    struct net_transport *transport = self;
    link_break(let_go(transport), NET_CLIENT);
}

/* ---- TLS ---- */

static void secured(void *self, const struct tls_channel *channel)
{
    struct net_transport *transport = self;
    client_secured(transport->client, channel->exporter, channel->server_end_point, TLS_BINDING);
}

static void plaintext_came(void *self, const char *bytes, size_t length)
{
    struct net_transport *transport = self;
    link_trace_plaintext(transport->link, NET_CLIENT, bytes, length);
    client_bytes(transport->client, bytes, length);
}

/* RFC 6120, 5.4.3.2: the connection is closed without further data. */
static void failed(void *self)
{
    struct net_transport *transport = self;
    close_link(transport);
    client_ended(transport->client);
}

static void start_tls(void *self)
{
    struct net_transport *transport = self;
    const struct tls_options options = { TLS_CLIENT, transport->certificate, transport->distrusts,
                                         transport->choices };
    assert(transport->link != NULL && transport->tls == NULL);
    transport->distrusts = false;
    transport->tls = tls_new(&options, (struct tls_below){ transport, write_records },
                             (struct tls_above){ transport, secured, plaintext_came, failed });
    link_set_opaque(transport->link, NET_CLIENT);
    tls_start(transport->tls);
}

struct transport net_transport_init(struct net_transport *transport, struct net *net, struct choices *choices,
                                    const char *name)
{
    *transport = (struct net_transport){ .net = net, .choices = choices, .name = name };
    return (struct transport){ transport, dial, write_bytes, close_link, break_link, start_tls };
}

void net_transport_free(struct net_transport *transport)
{
    (void)let_go(transport);
}

void net_transport_cut(struct net_transport *transport, size_t bytes)
{
    transport->largest_piece = bytes;
    if (transport->link != NULL)
        link_set_largest_piece(transport->link, bytes);
}

void net_transport_set_latency(struct net_transport *transport, sim_time latency)
{
    if (transport->link != NULL) {
        link_set_latency(transport->link, latency);
        return;
    }
    transport->next.has_latency = true;
    transport->next.latency = latency;
}

void net_transport_set_bandwidth(struct net_transport *transport, uint64_t bytes)
{
    if (transport->link != NULL)
        link_set_bandwidth(transport->link, bytes);
    else
        transport->next.bandwidth = bytes;
}

void net_transport_break_after(struct net_transport *transport, enum link_way way, uint64_t bytes)
{
    if (transport->link != NULL) {
        link_break_after(transport->link, way, bytes);
        return;
    }
    transport->next.breaks[way] = true;
    transport->next.break_after[way] = bytes;
}

void net_transport_stall_for(struct net_transport *transport, sim_time span)
{
    if (transport->link != NULL)
        link_stall_for(transport->link, span);
    else if (transport->next.stall < span)
        transport->next.stall = span;
}

void net_transport_half_close(struct net_transport *transport)
{
    if (transport->link != NULL)
        link_half_close(transport->link, NET_CLIENT);
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

unsigned net_transport_half_alive(const struct net_transport *transport)
{
    return transport->links_left > 0 ? net_half_alive(transport->net, transport->name) : 0;
}

unsigned net_transport_over(const struct net_transport *transport)
{
    return transport->links_left - net_transport_half_alive(transport);
}

static void describe_next(struct description *description, const struct net_transport_next *next)
{
    static const char *const ways[LINK_WAYS] = { [LINK_TO_CLIENT] = "breaks after bytes to the client",
                                                 [LINK_TO_SERVER] = "breaks after bytes to the server",
                                                 [LINK_EITHER_WAY] = "breaks after bytes" };
    bool is_unlike = next->has_latency || next->bandwidth > 0 || next->stall > 0;
    for (int way = 0; way < LINK_WAYS; way++)
        is_unlike = is_unlike || next->breaks[way];
    if (!is_unlike)
        return;
    describe_line(description, "the next link");
    if (next->has_latency)
        describe_property(description, "latency in nanoseconds %" PRIu64, next->latency);
    describe_count(description, "bytes a second", next->bandwidth);
    describe_count(description, "nanoseconds stalled", next->stall);
    for (int way = 0; way < LINK_WAYS; way++)
        if (next->breaks[way])
            describe_property(description, "%s %" PRIu64, ways[way], next->break_after[way]);
}

void net_transport_describe(struct description *description, const struct net_transport *transport)
{
    describe_line(description, "transport");
    describe_count(description, "link", transport->link != NULL ? link_place(transport->link) : 0);
    describe_count(description, "largest piece", transport->largest_piece);
    describe_count(description, "links ended", transport->links_left);
    describe_word(description, transport->distrusts, "the next handshake fails");
    describe_word(description, transport->has_middle, "a man in the middle on the next link");
    describe_in(description);
    describe_next(description, &transport->next);
    if (transport->tls != NULL)
        tls_describe(description, "TLS", transport->tls);
    if (transport->middle != NULL)
        tls_middle_describe(description, transport->middle);
    describe_out(description);
}
