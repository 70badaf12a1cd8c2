/*
 * client_state.h - client state indication (XEP-0352): an inactive client receives less traffic.
 *
 * While the client is inactive, the presence of others, available and unavailable, is held back; only the
 * latest from each sender is kept.  Any other stanza is sent at once, after all held presence, in the order
 * in which it was received.  Held presence is also sent when the client becomes active, when there is too
 * much of it (limits.held_presence and held_presence_bytes), when the account's block list changes, and
 * when the session loses its connection and hibernates.  The confirmation of the client's own unavailable
 * presence is not held.  Messages without a body are sent at once too, unlike in Prosody's mod_csi_simple.
 */
#ifndef CORE_CLIENT_STATE_H
#define CORE_CLIENT_STATE_H

#include "session/session.h"

/* Marks the client as inactive.  Without memory it stays active, which only costs traffic. */
void client_state_sleep(struct session *session);

/* Holds a stanza back if it can wait.  Returns false if it cannot; held presence has then been sent, and
 * the caller sends the stanza. */
bool client_state_hold(struct session *session, const char *xml, size_t length);

/* Sends held presence; the client stays inactive. */
void client_state_flush(struct session *session);

/* Marks the client as active and sends held presence. */
void client_state_wake(struct session *session);

/* Frees the state and held presence, when the session is destroyed. */
void client_state_free(struct session *session);

/* Describes held presence (description.h), while the client is inactive. */
struct description;
void client_state_describe(struct description *description, const struct session *session);

#endif
