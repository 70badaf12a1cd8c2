/*
 * server_private.h - a server in a world from the inside: what its parts share.
 *
 *      server.c            its life: started, crashed, started again; storage, time, other servers
 *      server_wires.c      its connections: from the network to the kind, and its end of TLS between them
 *      server_ports.c      what the kind may ask for, once it is started
 *      server_describe.c   all of it in words
 */
#ifndef SIM_SERVER_PRIVATE_H
#define SIM_SERVER_PRIVATE_H

#include "../text.h"
#include "costs.h"
#include "server.h"

struct tls;

/* What the server names a connection by.  It is kept when the connection has ended, so that a server which
 * speaks on it all the same is found out, whenever it does. */
struct wire {
    struct server *server;
    struct link *link; /* NULL once the connection has ended on the server's side */
    void *conn;        /* the kind's handle; NULL before it has one, and after the end */
    struct tls *tls;   /* NULL before the server starts it */
    uint64_t mark;     /* the checks' */
    struct costs_recipient written;
    char last_byte; /* that the kind was told; see costs_elements */
    bool touched;
    struct wire *next, *prev; /* of the server's wires, or of those that ended */
};

struct server {
    struct world *world;
    const struct server_kind *kind;
    void *self;
    struct net *net;
    struct disk *disk;
    struct federation *federation; /* NULL when it is alone */
    const char *name;              /* in the trace */
    struct core_settings settings;
    int64_t clock_offset; /* how far its clock is ahead of the world's */
    sim_time started;     /* the last time */
    bool has_shut_down;
    struct server_faults faults;
    uint64_t heap_failures;   /* that there had been before */
    enum disk_writes writes;  /* at the crash that is to come: */
    uint64_t writes_to_crash; /* at the last of so many; 0 for none */
    sim_time crash_at;        /* at that time; SERVER_NEVER_CRASHES for none */
    unsigned crash_events;    /* that are under way, those included that have been overruled */
    struct wire *wires;
    struct wire *ended;
    struct wire **touched;
    size_t touched_count, touched_capacity;
    uint64_t sent_after_close, sent_while_securing;
    struct costs costs;     /* of the kind, since it was started */
    struct text stored_for; /* the bare JID of the account whose storage answered in this event, or empty */
};

/* ---- Wires ---- */

/* What the network tells about connections. */
struct net_end server_net_end(struct server *server);

/* The event at hand concerns the connection. */
void wire_touch(struct wire *wire);

/* Starts TLS at the server's end of a connection that stands. */
void wire_start_tls(struct wire *wire);

/* The connection has ended on the server's side. */
void wire_end(struct wire *wire);

/* A look at the connection; NULL when it has ended, or where the kind lets nobody look. */
const struct conn *wire_look(const struct wire *wire);

void wires_free(struct wire *first);

/* ---- Ports ---- */

struct core_ports server_ports(struct server *server);

/* What its clock says, as ports.now has it. */
uint64_t server_clock(const struct server *server);

/* ---- Its life ---- */

static const sim_time SERVER_NEVER_CRASHES = UINT64_MAX;

/* A write is under way: perhaps it is the one to crash at. */
void server_begins_write(struct server *server);

#endif
