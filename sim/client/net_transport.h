/*
 * net_transport.h - the simulated wire as what carries a client's bytes.
 */
#ifndef SIM_NET_TRANSPORT_H
#define SIM_NET_TRANSPORT_H

#include "../world/net.h"
#include "../world/tls.h"
#include "client.h"

/* What is said of a link before it is dialled.  Zeroed it is a link like every other. */
struct net_transport_next {
    bool has_latency;
    sim_time latency;
    uint64_t bandwidth; /* 0 is no bound */
    bool breaks[LINK_WAYS];
    uint64_t break_after[LINK_WAYS];
    sim_time stall;
};

/* One client's way to the server: at most one link at a time.  It lives as long as the client does, and in
 * one place. */
struct net_transport {
    struct net *net;
    const char *name;
    struct client *client;
    struct link *link;    /* NULL while there is none */
    size_t largest_piece; /* for the link there is and those that come; 0 is no bound */
    struct choices *choices;
    struct tls *tls;           /* the client's end of an encrypted channel; NULL before there is one */
    struct tls_middle *middle; /* somebody between the client and the link, or NULL */
    const char *certificate;   /* that the client shows: bare JIDs with ", " between, or NULL */
    bool distrusts;            /* the next handshake fails */
    bool has_middle;           /* on the next link there is somebody in the middle */
    struct net_transport_next next;
    unsigned links_left; /* that are over for the client, whoever ended them */
};

/* The transport to make the client with; `name` is the client's, `choices` are the world's. */
struct transport net_transport_init(struct net_transport *transport, struct net *net, struct choices *choices,
                                    const char *name);

/* Ends what there may be left of it. */
void net_transport_free(struct net_transport *transport);

/* From now on bytes arrive at most `bytes` at a time, whichever way they go. */
void net_transport_cut(struct net_transport *transport, size_t bytes);

/* How the link there is will be from here on, or, without one, the next: see net.h. */
void net_transport_set_latency(struct net_transport *transport, sim_time latency);
void net_transport_set_bandwidth(struct net_transport *transport, uint64_t bytes);
void net_transport_break_after(struct net_transport *transport, enum link_way way, uint64_t bytes);
void net_transport_stall_for(struct net_transport *transport, sim_time span);

/* What may happen to the link there is; without one, nothing. */
void net_transport_half_close(struct net_transport *transport);
void net_transport_fail(struct net_transport *transport);
void net_transport_stall(struct net_transport *transport, enum net_side side, bool stalled);

/* Whether the link lets everything through, both ways. */
bool net_transport_flows(const struct net_transport *transport);

/* Of the links that are over for the client: how many the server takes for alive, and how many it does not.
 */
unsigned net_transport_half_alive(const struct net_transport *transport);
unsigned net_transport_over(const struct net_transport *transport);
struct description;
void net_transport_describe(struct description *description, const struct net_transport *transport);

#endif
