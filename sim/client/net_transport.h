/*
 * net_transport.h - a simulated link as the transport of a client.
 */
#ifndef SIM_NET_TRANSPORT_H
#define SIM_NET_TRANSPORT_H

#include "../world/net.h"
#include "../world/tls.h"
#include "client.h"

/* The properties of the next link, set before it is dialled.  Zeroed for the defaults. */
struct net_transport_next {
    bool has_latency;
    sim_time latency;
    uint64_t bandwidth; /* 0 is no bound */
    bool breaks[LINK_WAYS];
    uint64_t break_after[LINK_WAYS];
    sim_time stall;
};

/* The transport of one client: at most one link at a time.  It lives as long as the client, and must not be
 * moved. */
struct net_transport {
    struct net *net;
    const char *name;
    struct client *client;
    struct link *link;    /* NULL while there is none */
    size_t largest_piece; /* for the current and later links; 0 is no bound */
    struct choices *choices;
    struct tls *tls;           /* the client's end of TLS; NULL before it starts */
    struct tls_middle *middle; /* a man in the middle, or NULL */
    const char *certificate;   /* bare JIDs in the client certificate, separated by ", "; NULL for none */
    bool distrusts;            /* the next handshake fails */
    bool has_middle;           /* the next link has a man in the middle */
    struct net_transport_next next;
    unsigned links_left; /* links that are over for the client, ended by either side */
};

/* Initialises the transport and returns the interface for client_new.  `name` is the client's; `choices` are
 * the world's; both are borrowed. */
struct transport net_transport_init(struct net_transport *transport, struct net *net, struct choices *choices,
                                    const char *name);

/* Frees the TLS state and forgets the link, if any. */
void net_transport_free(struct net_transport *transport);

/* Delivers at most `bytes` bytes at once from now on, in both directions. */
void net_transport_cut(struct net_transport *transport, size_t bytes);

/* Set properties of the current link, or of the next when there is none: see net.h. */
void net_transport_set_latency(struct net_transport *transport, sim_time latency);
void net_transport_set_bandwidth(struct net_transport *transport, uint64_t bytes);
void net_transport_break_after(struct net_transport *transport, enum link_way way, uint64_t bytes);
void net_transport_stall_for(struct net_transport *transport, sim_time span);

/* Faults of the current link; no effect when there is none. */
void net_transport_half_close(struct net_transport *transport);
void net_transport_fail(struct net_transport *transport);
void net_transport_stall(struct net_transport *transport, enum net_side side, bool stalled);

/* Whether the link is not stalled in either direction. */
bool net_transport_flows(const struct net_transport *transport);

/* Of the links that are over for the client: the number that the server still considers open, and the number
 * that are over for the server too. */
unsigned net_transport_half_alive(const struct net_transport *transport);
unsigned net_transport_over(const struct net_transport *transport);
struct description;
void net_transport_describe(struct description *description, const struct net_transport *transport);

#endif
