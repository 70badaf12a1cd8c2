/*
 * federation.h - the connections between the servers of a world.
 *
 * A server joins with the domains that it serves.  A stanza that it routes to a domain of another server
 * arrives there later, in the order of sending, and its sending domain is authenticated.  A stanza for a
 * domain that no server serves is returned with CORE_NO_SERVER; a stanza sent while the servers are
 * disconnected from each other, with CORE_SERVER_TIMEOUT.  It is returned after one crossing, so that no
 * scenario has to wait for a timeout.  Stanzas under way when the servers are disconnected still arrive.
 *
 * A server may be down.  A stanza that reaches it then is returned as after a timeout.  Stanzas that it sent
 * before still arrive; stanzas that would be returned to it are lost.
 *
 * Stanzas travel in the form of core.h; streams between servers are not simulated.
 */
#ifndef SIM_FEDERATION_H
#define SIM_FEDERATION_H

#include "world.h"

#include "core.h"

struct federation;

/* The callbacks of a server.  All strings are borrowed for the call. */
struct federation_end {
    void (*arrived)(void *who, const char *from_domain, const char *stanza, size_t length);
    void (*unroutable)(void *who, const char *stanza, size_t length, enum core_route_failure why);
    void *who; /* also identifies the server in the functions below */
};

/* Is told of each stanza that a server routes, also of one that will be returned; all is borrowed for the call. */
struct federation_watcher {
    void *host;
    void (*routed)(void *host, const void *who, const char *to_domain, const char *stanza, size_t length);
};

/* Creates a federation without servers.  The world is borrowed. */
struct federation *federation_new(struct world *world);

/* After the last event of the world.  NULL has no effect. */
void federation_free(struct federation *federation);

/* Sets the watcher; there is none at first. */
void federation_watch(struct federation *federation, struct federation_watcher watcher);

/* Adds a server.  The name and the domains are borrowed.  No domain may belong to two servers. */
void federation_join(struct federation *federation, const char *name, const char *const *domains,
                     size_t domain_count, struct federation_end end);

/* A server routes a stanza to a domain.  The bytes are copied. */
void federation_send(struct federation *federation, const void *who, const char *from_domain,
                     const char *to_domain, const char *stanza, size_t length);

/* Sends a stanza to the server of a domain, as from a server outside this world that has `from_domain`.
 * Returns false when no server serves `to_domain`. */
bool federation_inject(struct federation *federation, const char *from_domain, const char *to_domain,
                       const char *bytes, size_t length);

/* Disconnects all servers from one another, or connects them again. */
void federation_part(struct federation *federation, bool parted);

/* A server goes down, or is up again.  Either way the state of its connections to other servers is lost at
 * both ends. */
void federation_down(struct federation *federation, const void *who, bool down);

/* Whether the member `who` serves the domain. */
bool federation_serves(const struct federation *federation, const void *who, const char *domain);

/* Whether any stanza between two servers has not arrived, or one of the two has been down, since the world
 * began. */
bool federation_lost(const struct federation *federation, const void *who, const void *other);

/* How many stanzas were sent while the servers were disconnected. */
uint64_t federation_lost_count(const struct federation *federation);

/* Describes the servers, their connections, and the stanzas under way. */
struct description;
void federation_describe(struct description *description, const struct federation *federation);

#endif
