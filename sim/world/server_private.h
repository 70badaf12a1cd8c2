/*
 * server_private.h - the internals of a server, shared by its files.
 *
 *      server.c            start, provisioning, crash, restart; storage, time, other servers
 *      server_inputs.c     what the kind is told, now or when it no longer waits for storage
 *      server_wires.c      connections: from the network to the kind, with the server's end of TLS between
 *      server_ports.c      the ports that a kind is started with
 *      server_describe.c   the description
 */
#ifndef SIM_SERVER_PRIVATE_H
#define SIM_SERVER_PRIVATE_H

#include "../text.h"
#include "costs.h"
#include "server.h"
#include "tls.h"

/* A connection.  It is kept after the connection has ended, so that output on an ended connection is detected
 * at any later time. */
struct wire {
    struct server *server;
    struct link *link;          /* NULL once the connection has ended on the server's side */
    bool is_ending;             /* it has ended, and the kind has not been told yet */
    void *conn;                 /* the kind's handle; NULL before it has one, and after the end */
    struct tls *tls;            /* NULL before the server starts it */
    struct tls_channel channel; /* once it is secured; the certificate is owned */
    uint32_t number;            /* in border records */
    uint64_t mark;              /* the checks' */
    struct costs_recipient written;
    char last_byte; /* passed to the kind; see costs_elements */
    size_t run;     /* in what was passed; see costs_names */
    bool touched;
    struct wire *next, *prev; /* of the server's wires, or of those that ended */
};

struct server {
    struct world *world;
    const struct server_kind *kind;
    void *self;
    struct net *net;
    struct disk *disk;             /* NULL without that capability */
    struct federation *federation; /* NULL when it is alone */
    const char *name;              /* in the trace */
    struct core_settings settings;
    int64_t clock_offset; /* how far its clock is ahead of the world's */
    sim_time started;     /* the last time */
    bool has_shut_down;
    struct server_faults faults;
    uint64_t heap_failures;   /* heap_failures when the server was created */
    enum disk_writes writes;  /* how the next planned crash decides writes */
    uint64_t writes_to_crash; /* crash at the last of so many; 0 for none */
    sim_time crash_at;        /* crash at that time; SERVER_NEVER_CRASHES for none */
    unsigned crash_events;    /* crash events under way, replaced ones included */
    struct border_watcher watcher;
    uint32_t conns; /* how many there were */
    struct wire *wires;
    struct wire *ended;
    struct input *inputs, **last_input; /* that wait with the kind, the oldest first */
    struct wire **touched;
    size_t touched_count, touched_capacity;
    uint64_t sent_after_close, sent_while_securing;
    struct costs costs; /* of the kind, since it was started */
    struct server_failure failure;
    struct server_refusal refusal; /* of what was provided */
    struct text stored_for; /* the bare JID of the account whose storage answered in this event, or empty */
};

/* ---- The border ---- */

/* Tells the watcher what passes. */
static inline void server_record(const struct server *server, const struct border_record *record)
{
    if (server->watcher.record != NULL)
        server->watcher.record(server->watcher.host, record);
}

/* Tells it what happens to a connection, with bytes or without. */
void wire_record(const struct wire *wire, enum border_kind kind, const char *bytes, size_t length);

/* ---- Inputs ---- */

/* Something that the kind is told.  `take` tells it; what it needs of the rest is set. */
struct input {
    struct input *next;
    void (*take)(struct server *server, const struct input *input);
    struct wire *wire;
    const char *bytes;
    size_t length;
    const char *domain;
    enum core_route_failure why;
};

/* Takes an input at once, or, while the kind waits for storage, keeps a copy of it. */
void server_input(struct server *server, const struct input *input);

/* The kind waits no longer: takes what was kept, as long as it does not wait again. */
void server_take_inputs(struct server *server);

/* The kind is gone: forgets what was kept. */
void server_forget_inputs(struct server *server);

/* Whether the kind waits for storage. */
bool server_waits(const struct server *server);

/* ---- Wires ---- */

/* The callbacks for the network. */
struct net_end server_net_end(struct server *server);

/* Records that the current event concerns the connection. */
void wire_touch(struct wire *wire);

/* Starts TLS at the server end of an open connection. */
void wire_start_tls(struct wire *wire);

/* Marks the connection as ended on the server's side. */
void wire_end(struct wire *wire);

/* The connection, for inspection; NULL when it has ended, or the kind does not support inspection. */
const struct conn *wire_look(const struct wire *wire);

/* Frees a list of connections. */
void wires_free(struct wire *first);

/* ---- Ports ---- */

/* The ports that the kind is started with; they refer to the server. */
struct server_ports server_ports(struct server *server);

/* The time of its clock, as ports.time_of_day returns it. */
uint64_t server_clock(const struct server *server);

/* ---- Crashes ---- */

static const sim_time SERVER_NEVER_CRASHES = UINT64_MAX;

/* Counts a write that begins; the server crashes when it is the planned one. */
void server_begins_write(struct server *server);

#endif
