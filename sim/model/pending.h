/*
 * pending.h - when requests for a subscription leave: RFC 6121, 3.1.3.
 *
 * A request leaves to the available resources of its receiver when it comes in, and again to each resource that becomes
 * available, until it is answered; it leaves to a resource once each time, and at no other time.  Which requests wait is
 * read from the roster on the disk.  A resource is followed from an initial presence that certainly was one.
 *
 * What must have left is asked at quiescence of resources that take what is written and have acknowledged what they got.
 * Not asked for are requests of senders that the account may have blocked: they leave with a later initial presence.
 */
#ifndef SIM_MODEL_PENDING_H
#define SIM_MODEL_PENDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct watched_server;
struct connection;
struct departure;
struct account_facts;
struct session_facts;

/* What a session was sent since it became available.  Zeroed is that of one that has not. */
enum { PENDING_MOST = 16 };
struct pending {
    uint64_t senders[PENDING_MOST]; /* of requests that left, as hashes of their bare JIDs */
    size_t count;
    bool has_more; /* than these */
    bool is_due;   /* the requests that wait may leave: it may have become available, and not got all */
    bool is_known; /* it has become available for certain, and nothing is unknown since */
    bool had_new;  /* one may have left because it was new: it may leave as one that waits, too */
    bool is_to_be_asked;
};

/* Why a request leaves: it is none; it is due; it may be; or not, since there is no reason, or it has left already. */
enum request { REQUEST_NONE, REQUEST_DUE, REQUEST_POSSIBLE, REQUEST_WITHOUT_REASON, REQUEST_AGAIN };

/* Available presence without `to` came in, before the facts of the session say so. */
void pending_presence_arrived(struct session_facts *session);

/* A new request waits for an account: its available resources must be sent it. */
void pending_came(struct watched_server *server, const struct account_facts *account);

/* A request leaves, and is noted. */
enum request pending_departs(const struct connection *connection, const struct departure *departure);

/* What came in on a session may be done or not. */
void pending_doubt(struct session_facts *session);

/* Storage owes no answer: what was due has left.  The world is quiescent. */
void pending_done(const struct connection *connection);
void pending_quiet(const struct connection *connection);

#endif
