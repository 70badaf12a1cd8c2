/*
 * hall.h - a whole simulation with many people in it: world, network, disk, core, clients, trace and checks.
 *
 * The world is the quiet one of the scripted policy.  The trace is hashed and the checks run after each
 * event, as in `rehearse run`.
 */
#ifndef SIM_BENCH_HALL_H
#define SIM_BENCH_HALL_H

#include "people.h"

#include "../client/client.h"
#include "../client/net_transport.h"
#include "../world/server.h"

struct guest {
    struct person person;
    struct client_identity identity;
    struct net_transport transport;
    struct client *client;
};

struct hall {
    struct trace *trace;
    struct world *world;
    struct server *server;
    struct checks *checks;
    struct guest *guests;
    size_t count;
};

/* With as many people, their accounts made, nobody logged in.  `sink` sees the trace; NULL for nobody. */
void hall_init(struct hall *hall, size_t count, trace_sink sink, void *sink_host);

/* With as many people at most, of whom all but the first are the same at different resources. */
void hall_init_resources(struct hall *hall, size_t count, trace_sink sink, void *sink_host);
void hall_free(struct hall *hall);

/* Lets the guests from `first` on log in and bind, `at_once` of them at the same time. */
void hall_log_in(struct hall *hall, size_t first, size_t count, size_t at_once);

/* Runs until nothing is under way.  Fails where that does not come, or a check was violated. */
void hall_settle(struct hall *hall);

/* A stanza from XML; xml_free'd by the caller. */
struct xml *hall_stanza(const char *text);

/* A guest sends initial presence. */
void hall_become_available(struct hall *hall, struct guest *guest);

/* A guest sends some chat messages, one behind the other. */
void hall_say(struct hall *hall, struct guest *guest, const char *to, size_t count);

/* Takes the next stanza out of a guest's inbox, which must be of that name, from that JID. */
void hall_take(struct guest *guest, const char *name, const char *from);

/* Takes the one stanza out of a guest's inbox that must be there: of that name, from that JID; or so
 * many of them. */
void hall_expect(struct guest *guest, const char *name, const char *from);
void hall_expect_all(struct guest *guest, const char *name, const char *from, size_t count);

/* Throws away what is in a guest's inbox. */
void hall_forget_inbox(struct guest *guest);

#endif
