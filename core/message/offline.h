/*
 * offline.h - offline messages, which wait in storage for their recipient: XEP-0160 and RFC 6121, 8.5.2.2.
 *
 * A message is accepted when it is saved; the sender's next stanza waits for that.  Keeping and delivering
 * are work on the recipient (user.h), done in the order in which it was queued.  While there is any, other
 * messages to the account are queued behind it as work, so that all arrive in order.
 *
 *      message.c -> offline_keep -> [ load the index ] -> [ save ] -> offline_kept
 *      presence of a resource that takes messages -> offline_deliver -+-> [ load a piece ] -> session_send
 *                                                                     |                            |
 *                                          while there is more and room +------ [ remove it ] <-----+
 *
 * At most one piece is in memory, and none to keep a message: storage tells the number of messages and the
 * last key (CORE_COUNT).  All messages go to one resource, the taker: the last that became available.
 *
 * A piece that was sent to a session is removed from storage once its link has taken all of it, and is sent
 * to no other session before.  When the link breaks or the server dies before, or the piece cannot be
 * removed, it is sent again; no message is lost.  When the taker ends, or the session that was sent a
 * piece, the best other resource becomes the taker.  A client that reads slowly receives the rest after it
 * has read (core_writable); until then new messages to the account are kept behind that rest.  A message of
 * any size goes out (session_send_stored): if it broke the connection, those before it would be delivered
 * again with each login, and it never.
 */
#ifndef CORE_OFFLINE_H
#define CORE_OFFLINE_H

#include "account/user.h"

/* The size of a piece: at most this many entries; and this many bytes, which its last entry may exceed. */
enum { OFFLINE_PIECE = 32, OFFLINE_PIECE_BYTES = 64 * 1024 };

/* Whether a message may be kept, by its contents (XEP-0160, 3; XEP-0334, 4). */
bool offline_is_storable(const struct core *core, const struct stanza *message);

/* Called from `begin` of work on the recipient: saves work->stanza, or refuses it when there are too many.
 * The work's `loaded` must be offline_index_loaded, and its `saved` must call offline_kept. */
void offline_keep(struct user *user, struct user_work *work);
void offline_index_loaded(struct user *user, struct user_work *work, const struct core_store_entry *entries,
                          size_t entry_count);
void offline_kept(struct user *user);

/* The session takes messages now: sends it the offline messages, unless there are known to be none. */
void offline_deliver(struct session *session);

/* The session takes messages and will receive the offline messages soon: until then new messages are kept
 * after them. */
void offline_claim(struct session *session);

/* The session's client has read what it was sent: continues. */
void offline_go_on(struct session *session);

/* Whether offline messages are being sent to a session, so that new messages must be kept after them. */
bool offline_is_delivering(const struct user *user);

/* The session takes no messages any more. */
void offline_stand_back(const struct session *session);

/* The session is removed from its user. */
void offline_leave(const struct session *session);

#endif
