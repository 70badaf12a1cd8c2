/*
 * copies.h - what a client sends is copied to the other resources of its account that want copies (XEP-0280, 8).
 *
 * Followed are chat messages to other accounts that nothing exempts from being copied (6.1), whatever becomes of
 * them: also one that is refused is copied, or the other resources would learn from that who blocks the account
 * (XEP-0191, 3.3).  A copy is due to each resource that wants copies for certain, until it has left; it must have
 * when the world is quiescent.
 */
#ifndef SIM_MODEL_COPIES_H
#define SIM_MODEL_COPIES_H

#include "message.h"

#include <stddef.h>

struct account_facts;
struct connection;
struct departure;
struct scanned;
struct session_facts;
struct watched_server;

enum { COPIES_MOST = 64 };

/* The copies that are due, in no order; zeroed is none.  Beyond the most none is followed. */
struct copies_due {
    struct copy_due {
        struct message_name name;
        const struct session_facts *from, *to; /* borrowed */
        uint64_t time;                         /* at which it came in */
    } due[COPIES_MOST];
    size_t count;
};

/* A message came in; a copy leaves. */
void copies_arrived(const struct connection *connection, const struct scanned *scanned);
void copies_departed(const struct connection *connection, const struct departure *departure);

/* No copy is due any more: from or to a session, whose wish is open or that is over; of an account, which
 * blocks somebody; any, because memory ran out. */
void copies_forget_session(struct watched_server *server, const struct session_facts *session);
void copies_forget_account(struct watched_server *server, const struct account_facts *account);
void copies_forget(struct watched_server *server);

/* The world is quiescent, and storage owes no answer. */
void copies_quiet(struct watched_server *server);

#endif
