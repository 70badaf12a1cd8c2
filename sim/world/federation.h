/*
 * federation.h - the wires between the servers of a world.
 *
 * A server joins with the domains that it serves.  What it routes to a domain of another's arrives there some
 * time later, in the order in which it was sent; who sent it is vouched for.  What is for a domain that
 * nobody serves comes back (CORE_NO_SERVER), as does what is sent while the servers are parted
 * (CORE_SERVER_TIMEOUT): one crossing later, so that no scenario has to wait for it.  What was under way when
 * they parted still arrives.
 *
 * A server may be down.  What gets there then comes back from there as after a timeout.  What it sent before
 * still arrives; what would come back to it is lost.
 *
 * Stanzas travel as core.h has them; no stream between servers is simulated.
 */
#ifndef SIM_FEDERATION_H
#define SIM_FEDERATION_H

#include "world.h"

#include "core.h"

struct federation;

/* Whom a server's side of it tells. */
struct federation_end {
    void (*arrived)(void *who, const char *from_domain, const char *stanza, size_t length);
    void (*unroutable)(void *who, const char *stanza, size_t length, enum core_route_failure why);
    void *who; /* also what it is known by */
};

struct federation *federation_new(struct world *world);
void federation_free(struct federation *federation); /* after the world's last event; NULL is nothing */

/* Name and domains are borrowed.  Nobody else may serve one of them. */
void federation_join(struct federation *federation, const char *name, const char *const *domains,
                     size_t domain_count, struct federation_end end);

/* A server routes a stanza. */
void federation_send(struct federation *federation, const void *who, const char *from_domain,
                     const char *to_domain, const char *stanza, size_t length);

/* The outside world, where no server of this one is, sends something to the server of a domain, as though
 * `from_domain` were who it is.  False when nobody serves that domain. */
bool federation_inject(struct federation *federation, const char *from_domain, const char *to_domain,
                       const char *bytes, size_t length);

/* Parts all servers from one another, or joins them again. */
void federation_part(struct federation *federation, bool parted);

/* A server goes down, or is there again; what it knew of the others, and they of it, is lost either way. */
void federation_down(struct federation *federation, const void *who, bool down);

/* Whether something that one of two servers sent to the other did not arrive, ever, or one of them has been
 * down. */
bool federation_lost(const struct federation *federation, const void *who, const void *other);

/* How many stanzas found their two servers parted. */
uint64_t federation_lost_count(const struct federation *federation);

/* Who is parted, and what is under way. */
struct description;
void federation_describe(struct description *description, const struct federation *federation);

#endif
