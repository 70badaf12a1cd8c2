/*
 * describe.h - everything that a world holds, as text: for a person who looks at it, and to tell whether two
 * worlds are in the same state.
 *
 * Each room writes its own part (net_describe, disk_describe, client_describe, ...); the core's is
 * core/inspect.h's.  A line names a thing; its properties follow behind ": " with ", " between, and what
 * belongs to it stands in the lines below, two blanks further in.  What is 0, false or not there is left out.
 * Strings stand between backticks, escaped as in the core's part; what is encrypted is told by its length and
 * a hash.  There is nothing of addresses, hash order or real time in it, and times are told from now.
 *
 * Two worlds of one scenario with equal descriptions, at the same step, behave equally from here on when they
 * are given the same choices: but for identifiers, nonces, salts and keys to come, for the date and how long
 * a server is up, and for what is due at the same time, of which the first in the queue may be another: it
 * may happen in every order anyway.  What only the checks remember, what the scenario captured and the trace
 * are not described; whoever tells states apart adds what matters of them (stage_state.c).
 */
#ifndef SIM_DESCRIBE_H
#define SIM_DESCRIBE_H

#include "world.h"

struct client;
struct federation;
struct net_transport;
struct server;
struct xml;

struct described_client {
    const struct client *client;
    const struct net_transport *transport;
};

/* Whose state it is. */
struct scene {
    const struct world *world;
    struct server *const *servers;
    size_t server_count;
    const struct federation *federation; /* NULL for none */
    const struct described_client *clients;
    size_t client_count;
};

/* The caller frees. */
char *describe(const struct scene *scene);

/* The same, and behind it what `more` describes, hashed. */
struct description;
struct state {
    uint64_t high, low;
};
struct state describe_state(const struct scene *scene,
                            void (*more)(struct description *description, const void *host),
                            const void *host);

/* ---- For the rooms: a description while it is being written ---- */

/* Begins a line: a few words, or "what `name`". */
__attribute__((format(printf, 2, 3))) void describe_line(struct description *description, const char *format,
                                                         ...);
void describe_named(struct description *description, const char *what, const char *name);

/* What follows belongs to the line at hand; and no longer. */
void describe_in(struct description *description);
void describe_out(struct description *description);

/* A property of the line at hand; of the others than the first, nothing where it is false, 0 or NULL. */
__attribute__((format(printf, 2, 3))) void describe_property(struct description *description,
                                                             const char *format, ...);
void describe_word(struct description *description, bool is, const char *word);
void describe_count(struct description *description, const char *name, uint64_t count);
void describe_string(struct description *description, const char *name, const char *value);
void describe_bytes(struct description *description, const char *name, const char *bytes, size_t length);
void describe_secret(struct description *description, const char *name, const char *bytes, size_t length);
void describe_xml(struct description *description, const char *name, const struct xml *element);
void describe_time(struct description *description, const char *name, sim_time at);

/* What comes in no order that means anything: the lines from here to the end of it, none of which has lines
 * that belong to it, are put into one. */
size_t describe_begin_set(struct description *description);
void describe_end_set(struct description *description, size_t begun);

#endif
