/*
 * bench_world.h - a complete simulation with many clients: world, network, disk, core, clients, trace and
 * checks.
 *
 * The world uses the default schedule (the scripted policy).  The trace is hashed and the checks run after
 * each event, as in `rehearse run`.
 */
#ifndef SIM_BENCH_BENCH_WORLD_H
#define SIM_BENCH_BENCH_WORLD_H

#include "bench_clients.h"

#include "../client/client.h"
#include "../client/net_transport.h"
#include "../kinds/server_kinds.h"
#include "../world/server.h"

struct bench_client {
    struct person person;
    struct client_identity identity;
    struct net_transport transport;
    struct client *client;
};

struct bench_world {
    struct trace *trace;
    struct world *world;
    struct server *server;
    struct checks *checks;
    struct bench_client *users;
    size_t count;
};

/* Creates a world with `count` clients and their accounts, none logged in. `sink` receives the trace; NULL
 * for none. */
void bench_init(struct bench_world *bench, size_t count, trace_sink sink, void *sink_host);

/* The same, except that all clients but the first are resources of one account. */
void bench_init_resources(struct bench_world *bench, size_t count, trace_sink sink, void *sink_host);
void bench_free(struct bench_world *bench);

/* Logs in and binds the clients from `first` on, `at_once` at the same time. */
void bench_log_in(struct bench_world *bench, size_t first, size_t count, size_t at_once);

/* Runs until quiescence.  Fails if it is not reached, or if a check was violated. */
void bench_settle(struct bench_world *bench);

/* Parses a stanza; the caller frees it with xml_free. */
struct xml *bench_stanza(const char *text);

/* A client sends initial presence. */
void bench_become_available(struct bench_world *bench, struct bench_client *user);

/* A client sends some chat messages in sequence. */
void bench_say(struct bench_world *bench, struct bench_client *user, const char *to, size_t count);

/* Removes the next stanza from a client's inbox; it must have that name and sender. */
void bench_take(struct bench_client *user, const char *name, const char *from);

/* Removes the only stanza, or `count` stanzas, from a client's inbox; they must have that name and sender,
 * and the inbox must then be empty. */
void bench_expect(struct bench_client *user, const char *name, const char *from);
void bench_expect_all(struct bench_client *user, const char *name, const char *from, size_t count);

/* Empties a client's inbox. */
void bench_forget_inbox(struct bench_client *user);

#endif
