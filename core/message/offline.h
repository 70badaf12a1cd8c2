/*
 * offline.h - messages that wait for their recipient: XEP-0160 and RFC 6121, 8.5.2.2.
 *
 * A message is accepted when it is in storage; its sender's next stanza waits for that.  Keeping and
 * delivering are work on the recipient (user.h), done in the order in which it came, and while there is any,
 * other messages for the account become work behind it: so they all arrive in order.
 *
 *      message.c -> offline_keep -> [ load the index ] -> [ save ] -> offline_kept
 *      presence of a resource that takes messages -> offline_deliver -+-> [ load a piece ] -> session_send
 *                                                                     |                            |
 *                                          while there is more and room +------ [ remove it ] <-----+
 *
 * Never more than one piece is in memory, and to keep a message none is: how many there are and what the last
 * key is, storage says (CORE_COUNT).  All are for one resource, the taker: the last that became available.
 *
 * What was handed to a session is removed once its link has taken it all, and is no other's until then: when
 * the link breaks or the server dies in between, or cannot remove it, it comes once more; it is never lost.
 * When that session goes, or the taker does, the best of the others is the taker.  A client that does not
 * read as fast as it is sent is given the rest once it has read (core_writable); until then messages for the
 * account are kept behind that rest.
 */
#ifndef CORE_OFFLINE_H
#define CORE_OFFLINE_H

#include "account/user.h"

/* Of what a piece is made at the most: entries; and bytes, but for the last entry. */
enum { OFFLINE_PIECE = 32, OFFLINE_PIECE_BYTES = 64 * 1024 };

/* Whether a message is one that is kept (XEP-0160, 3; XEP-0334, 4), as far as its content says. */
bool offline_is_storable(const struct core *core, const struct stanza *message);

/* From the station `begin` of work on the recipient: saves work->stanza, or refuses it because there are too
 * many; offline_index_loaded is the work's station `loaded`, and offline_kept belongs into `saved`. */
void offline_keep(struct user *user, struct user_work *work);
void offline_index_loaded(struct user *user, struct user_work *work, const struct core_store_entry *entries,
                          size_t entry_count);
void offline_kept(struct user *user);

/* A resource takes messages: gives it what was kept, unless that is known to be nothing. */
void offline_deliver(struct session *session);

/* The session takes messages, and will be given what was kept before long: until then new ones belong behind
 * that. */
void offline_claim(struct session *session);

/* The session's client has read what it was sent. */
void offline_go_on(struct session *session);

/* Whether what was kept is on its way to a session, so that new messages belong behind it. */
bool offline_is_delivering(const struct user *user);

/* The session takes no messages any more. */
void offline_stand_back(const struct session *session);

/* The session leaves its user. */
void offline_leave(const struct session *session);

#endif
