/*
 * checks.h - invariants that must hold in every scenario: a table of named checks.
 *
 * Each row has a name, a sentence that states the invariant, the source of the sentence, and a function.
 * Rows are checked on these occasions:
 *
 *      on a session    after every event, for each session that the event concerned; for all at quiescence
 *      on an event     after every event, for the server as seen from outside
 *      on the tables   at quiescence
 *      on the disk     at quiescence, also while the server is down
 *      on a client     at quiescence, for each client: its view against the state of the server
 *      on receipt      when a client receives an element, before its view changes
 *      on memory       once, after the server has stopped
 *
 * The first violation is kept, with its row, its time and the object it concerns.  A row names the capability that
 * it needs of the server; without it the row is not checked.
 */
#ifndef SIM_CHECKS_H
#define SIM_CHECKS_H

#include "../client/client.h"
#include "../world/server.h"

struct check_violation {
    const char *name;     /* of the row; static */
    const char *sentence; /* the invariant; static */
    const char *source;   /* of the sentence; static */
    char detail[600];     /* what was found, and on which object */
    sim_time time;
    uint64_t line; /* the last line of the trace at that time */
};

struct checks;

/* Creates the checks of a world, and watches it.  World and servers are borrowed. */
struct checks *checks_new(struct world *world, struct server *server);
void checks_add_server(struct checks *checks, struct server *server); /* another */
void checks_free(struct checks *checks);

/* Adds a client.  Its observer is set to that of the checks.  `transport` identifies its session; both are
 * borrowed. */
struct net_transport;
void checks_add_client(struct checks *checks, struct client *client, const struct net_transport *transport);

/* The world is quiescent: runs the checks of that occasion. (The checks of events run by themselves, as the
 * watcher of the world.) */
void checks_quiet(struct checks *checks);

/* After the servers have stopped: checks that memory in use is what it was `before` they started. */
struct heap_use;
void checks_memory(struct checks *checks, const struct heap_use *before);

/* Describes the memory of the checks, so that states of the world that differ in it are distinguished. */
struct description;
void checks_describe_memory(struct description *description, const struct checks *checks);

/* What the model holds possible of the session of a full JID on a server (model.h). */
struct model_view;
bool checks_possible(const struct checks *checks, const struct server *server, const char *full_jid,
                     struct model_view *view);

/* The first violation, or NULL. */
const struct check_violation *checks_violation(const struct checks *checks);

/* How often a row of the table was checked: each time that its occasion came, until the first violation.  Of the rows of
 * the model (model.h) also how often several possibilities were left, and how often it could not judge. */
struct check_counts {
    uint64_t asked, several, not_judged;
};
struct check_counts checks_asked(const struct checks *checks, size_t index);

/* How many rows are not checked for a server that has only these capabilities. */
size_t checks_unasked(struct capabilities has);

/* Row `index` of the table, for documentation and tests; the questions of the model are the last rows.  Returns false
 * when there is none. */
bool checks_describe(size_t index, const char **name, const char **sentence, const char **source);

#endif
