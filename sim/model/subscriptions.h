/*
 * subscriptions.h - asks of each subscription stanza what it made of the rosters of both accounts: RFC 6121, 3 and
 * Appendix A.
 *
 * A stanza that comes in is a *change*, open until storage owes no answer, because then it is done.  What both sides
 * were when it came in is read from the disk, and the tables of sides.h say what they must be in the end: of an account
 * of another server only which stanzas must have been routed there.  The removal of a roster item (2.5.2) or of an
 * account (XEP-0077, 3.2) is a change as well; it sends up to two stanzas.
 *
 *      nothing else was open between the two accounts         exactly that
 *      the sender was sent an error                            that, or nothing
 *      a request, and its sender has probed the receiver       that, or the request is cancelled (4.3.2)
 *      another change between them was open; a connection    not judged
 *        ended; storage or memory failed; whom one of
 *        them blocks has changed or is not known; a
 *        roster may be full
 *
 * What one account sends to another that it blocks, or that blocks it, goes no further (XEP-0191, 3.3).  Where several stanzas are open the order is not followed; but each
 * save of an item is asked for itself (roster_saves.h).
 */
#ifndef SIM_MODEL_SUBSCRIPTIONS_H
#define SIM_MODEL_SUBSCRIPTIONS_H

#include "address.h"
#include "probes.h"
#include "sides.h"
#include "stream_scan.h"

struct watched_server;
struct connection;
struct departure;
struct account_facts;
struct border_record;
struct description;
struct change;

/* The changes of a server that are open.  Zeroed is none. */
enum { CHANGES_OPEN_MOST = 64 };
struct subscriptions {
    struct change *changes; /* an array of `count` */
    size_t count, capacity;
    struct probes probes;
    bool is_full; /* more changes than these are open */
};

void subscriptions_free(struct subscriptions *subscriptions);

/* Describes what is open, as lines. */
void subscriptions_describe(struct description *description, const struct subscriptions *subscriptions);

/* A presence came in on a connection; a request that removes a roster item, or the account. */
void subscriptions_arrived(struct connection *connection, const struct scanned *scanned);
void subscriptions_removal_arrived(struct connection *connection, struct span contact);
void subscriptions_account_removal_arrived(struct connection *connection);

/* A stanza came from another server, or is routed to one. */
void subscriptions_arrived_from_server(struct watched_server *server, const struct border_record *record);
void subscriptions_routed(struct watched_server *server, const struct border_record *record);

/* A stanza leaves to a client. */
void subscriptions_departed(const struct connection *connection, const struct departure *departure);

/* Whether a request of an account to another one is open: ALIKE_YES for one that is new for certain; ALIKE_UNKNOWN also
 * where stanzas between the two are not followed.  Both addresses may have resources. */
enum alike subscriptions_asked_for(const struct watched_server *server, struct span from, struct span to);

/* What is open may be done or not: all of it; what came in on a connection, which is over. */
void subscriptions_doubt(const struct watched_server *server);
void subscriptions_interrupted(const struct connection *connection);

/* The server has crashed. */
void subscriptions_forget(struct watched_server *server);

/* Storage owes no answer.  Calls `asked` for each account of which sessions are known, and for which a new request
 * waits. */
typedef void (*subscriptions_asked)(struct watched_server *server, const struct account_facts *account);
void subscriptions_done(struct watched_server *server, subscriptions_asked asked);

#endif
