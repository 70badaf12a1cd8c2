/*
 * bench_world.h - a whole simulation with many people in it: world, network, disk, core, clients, trace and
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

/* With the given number of people and their accounts, none of them logged in. `sink` receives the trace; NULL
 * for none. */
void bench_init(struct bench_world *bench, size_t count, trace_sink sink, void *sink_host);

/* With as many people at most, of whom all but the first are the same at different resources. */
void bench_init_resources(struct bench_world *bench, size_t count, trace_sink sink, void *sink_host);
void bench_free(struct bench_world *bench);

/* Lets the clients from `first` on log in and bind, `at_once` of them at the same time. */
void bench_log_in(struct bench_world *bench, size_t first, size_t count, size_t at_once);

/* Runs until nothing is under way.  Fails where that does not come, or a check was violated. */
void bench_settle(struct bench_world *bench);

/* A stanza from XML; xml_free'd by the caller. */
struct xml *bench_stanza(const char *text);

/* A client sends initial presence. */
void bench_become_available(struct bench_world *bench, struct bench_client *user);

/* A client sends some chat messages in sequence. */
void bench_say(struct bench_world *bench, struct bench_client *user, const char *to, size_t count);

/* Takes the next stanza out of a client's inbox, which must be of that name, from that JID. */
void bench_take(struct bench_client *user, const char *name, const char *from);

/* Takes the one stanza out of a client's inbox that must be there: of that name, from that JID; or so
 * many of them. */
void bench_expect(struct bench_client *user, const char *name, const char *from);
void bench_expect_all(struct bench_client *user, const char *name, const char *from, size_t count);

/* Throws away what is in a client's inbox. */
void bench_forget_inbox(struct bench_client *user);

#endif
