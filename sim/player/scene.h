/*
 * scene.h - the description of a whole world: servers, network, federation and clients.
 *
 * Two worlds of one scenario, at the same step, with equal descriptions behave equally from here on when they
 * make the same choices.  Exceptions: new identifiers, nonces, salts and keys; the date and the uptime of a
 * server; and which of several events due at the same time is first in the queue, since any order of them is
 * possible.  The memory of the checks, the variables of the scenario and the trace are not described;
 * player_state.c adds the parts of them that matter to a state.
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

/* The objects of a world; all are borrowed. */
struct scene {
    const struct world *world;
    struct server *const *servers;
    size_t server_count;
    const struct federation *federation; /* NULL for none */
    const struct described_client *clients;
    size_t client_count;
};

/* Returns the description; the caller frees it. */
char *scene_describe(const struct scene *scene);

/* The hash of the description, followed by what `more` adds. */
struct state scene_state(const struct scene *scene,
                         void (*more)(struct description *description, const void *host), const void *host);

#endif
