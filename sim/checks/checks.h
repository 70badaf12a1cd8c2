/*
 * checks.h - what must hold whatever a scenario says: a table of named invariants.
 *
 * Each row has a name, the sentence it comes from, and a function.  They run at seven occasions:
 *
 *      on a session    after every event, on each session that the event concerned; on all when it is quiet
 *      on an event     after every event, on the server as it looks from outside
 *      on the tables   whenever the world falls quiet
 *      on the disk     the same, and while the server is down as well
 *      on a client     whenever the world falls quiet, on each client: its view against the server's truth
 *      on what came    when a client receives an element, before its view changes
 *      on memory       once, when the server has stopped
 *
 * The first violation is kept; it says which row, when, and who.  Those on sessions, on the tables and on
 * clients need a server that lets itself be looked into.
 */
#ifndef SIM_CHECKS_H
#define SIM_CHECKS_H

#include "../client/client.h"
#include "../world/server.h"

struct check_violation {
    const char *name;     /* of the row; static */
    const char *sentence; /* that it comes from; static */
    const char *source;   /* where that stands; static */
    char detail[400];     /* what was found, and on whom */
    sim_time time;
    uint64_t line; /* of the trace: the last that there was by then */
};

struct checks;

struct checks *checks_new(struct world *world, struct server *server);
void checks_add_server(struct checks *checks, struct server *server); /* another */
void checks_free(struct checks *checks);

/* Another client to watch; its observer is the checks' from now on.  `transport` tells which session is its.
 */
struct net_transport;
void checks_add_client(struct checks *checks, struct client *client, const struct net_transport *transport);

/* The world is quiet.  (That an event is over the world tells by itself.) */
void checks_quiet(struct checks *checks);

/* After the server stopped: whether it gave back all the memory that it had taken, which was `before` when it
 * started. */
struct heap_use;
void checks_memory(struct checks *checks, const struct heap_use *before);

/* All that they remember, so that of two worlds in the same state the checks, too, may judge alike. */
struct description;
void checks_describe_memory(struct description *description, const struct checks *checks);

/* The first violation, or NULL. */
const struct check_violation *checks_violation(const struct checks *checks);

/* How often a row of the table below was asked: as often as its occasion came until the first violation. */
uint64_t checks_asked(const struct checks *checks, size_t index);

/* The table, for documentation and tests: row `index`, false when there is none. */
bool checks_describe(size_t index, const char **name, const char **sentence, const char **source);

#endif
