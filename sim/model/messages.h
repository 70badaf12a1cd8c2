/*
 * messages.h - asks of each message to an account of the same server what became of it: question "messages-arrive".
 *
 * RFC 6121, 8.5, of a message of type chat or normal, or without a type:
 *
 *      a resource that it is for takes messages                    it leaves to one
 *      there is none; chat, or addressed to a bare JID             it is refused, or kept for the next resource
 *      there is none; another type, addressed to a full JID        it is refused, or ignored
 *
 * A refusal is seen, unless the sender has gone before the message was done.  So a message that was neither delivered nor
 * refused is kept for certain, if its sender was there; and when a resource takes messages it must leave.  A message that no session has
 * acknowledged when the last one that had it ends is treated as if it came in again (XEP-0198, 5).
 *
 * Not followed are: messages without an id, with `from`, or whose addressee is compared only after a preparation; those
 * to an account of which no session is known yet.  A message whose end may no longer be seen, because its connection, memory
 * or storage has failed, is in doubt: if it leaves it is judged, and otherwise at the next quiescence counted as not judged.
 */
#ifndef SIM_MODEL_MESSAGES_H
#define SIM_MODEL_MESSAGES_H

#include "model_private.h"

/* A message came in. */
void messages_arrived(struct connection *connection, const struct scanned *scanned);

/* A message leaves.  Returns the message that it is, where that is not over because the session may not get it. */
struct message *messages_departed(struct connection *connection, const struct departure *departure);

/* The message that an error refuses, which leaves to its sender; NULL when none of that id is followed. */
const struct message *messages_refused(const struct connection *connection,
                                       const struct departure *departure);

/* The connection is over: what came in on it and is not done may not be. */
void messages_interrupted(const struct connection *connection);

/* The connection is over, and has not taken all: what left on it last may not have, and what is kept may have been on its
 * way to it. */
void messages_cut_off(const struct connection *connection);

/* What is not kept may be lost: of an account; or of all of them, and then also what is kept if `also_kept`. */
void messages_doubt_account(const struct account_facts *account, bool also_kept);
void messages_doubt(const struct watched_server *server, bool also_kept);

/* What is not kept may be refused, or have been: of an account, of which a session ended that may have
 * held some; or of all of them, because storage has failed. */
void messages_of_account_may_be_refused(const struct account_facts *account);
void messages_may_be_refused(const struct watched_server *server);

/* The world is quiescent, and storage owes no answer. */
void messages_quiet(struct watched_server *server);

#endif
