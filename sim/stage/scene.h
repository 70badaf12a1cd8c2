/*
 * scene.h - everything that a world holds, described: its servers, what is between them, and its clients.
 *
 * Two worlds of one scenario with equal descriptions, at the same step, behave equally from here on when they
 * are given the same choices: but for identifiers, nonces, salts and keys to come, for the date and how long
 * a server is up, and for what is due at the same time, of which the first in the queue may be another: it
 * may happen in every order anyway.  What only the checks remember, what the scenario captured and the trace
 * are not described; whoever tells states apart adds what matters of them (stage_state.c).
 */
#ifndef SIM_SCENE_H
#define SIM_SCENE_H

#include "../client/client.h"
#include "../client/net_transport.h"
#include "../world/describe.h"
#include "../world/federation.h"
#include "../world/server.h"
#include "../world/states.h"

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
char *scene_describe(const struct scene *scene);

/* The same, and behind it what `more` describes, hashed. */
struct state scene_state(const struct scene *scene,
                         void (*more)(struct description *description, const void *host), const void *host);

#endif
