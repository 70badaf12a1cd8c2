/*
 * sights.h - who was told that a resource is available, and must be told when it is no more: RFC 6121, 4.5.2, 4.6.3.
 *
 * A *sight* is a resource as others were told of it: the sessions to which its available presence left, and nothing
 * newer.  When the resource has sent unavailable presence, or its session has ended and cannot be resumed, it is over.
 * At the next quiescence none of these sessions may be left that is available, sees the presence of the account by its
 * roster, and takes what is written.  Not judged are sessions that may hold presence back (XEP-0352), accounts one of
 * which may have blocked the other, and all, where an allocation has failed.
 */
#ifndef SIM_MODEL_SIGHTS_H
#define SIM_MODEL_SIGHTS_H

#include "session_facts.h"

#include <uthash.h>

struct watched_server;
struct connection;
struct departure;

/* The sights of a server; zeroed is none. */
struct sights {
    struct sight *first; /* by the full JID */
    struct sight *over;  /* those that may be over since the last quiescence */
};

/* Nothing is left of them, after a crash. */
void sights_forget(struct sights *sights);

/* A hash of who was told of whom, and of what is over. */
uint64_t sights_sum(const struct sights *sights);

/* Presence leaves. */
void sights_departed(const struct connection *connection, const struct departure *departure);

/* A resource has sent unavailable presence without `to`, or its session ends; it has sent available presence, or a new
 * session has its name. */
void sights_left(struct watched_server *server, const struct session_facts *session);
void sights_came(struct watched_server *server, const struct session_facts *session);

/* Nothing is known of what is over: an allocation has failed. */
void sights_doubt(struct watched_server *server);

/* The world is quiescent, and storage owes no answer. */
void sights_quiet(struct watched_server *server);

#endif
