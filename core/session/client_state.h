/*
 * client_state.h - XEP-0352: a client that nobody looks at is spared what can wait.
 *
 * While the client is inactive the presence of others is held back, available and unavailable, the latest of
 * each sender.  Anything else goes out at once, and before it what is held, in the order in which it came; so
 * does what is held when the client is active again, when there is too much of it (limits.held_presence
 * and held_presence_bytes),
 * when the account's block list changes, and when the session loses its connection and hibernates.  That it
 * left itself is confirmed at once.  Messages without a body go out at once too, where Prosody's
 * mod_csi_simple lets them wait.
 */
#ifndef CORE_CLIENT_STATE_H
#define CORE_CLIENT_STATE_H

#include "session/session.h"

/* The client counts as inactive.  Without memory for that it stays active, which costs only traffic. */
void client_state_sleep(struct session *session);

/* Whether a stanza waits.  If it does not, what waited has gone out. */
bool client_state_hold(struct session *session, const char *xml, size_t length);

/* What is held goes out; the client is as active as it was. */
void client_state_flush(struct session *session);

/* The client counts as active: what is held goes out. */
void client_state_wake(struct session *session);

/* Frees it with what is held; the session goes. */
void client_state_free(struct session *session);

/* For a look (description.h), while the client is inactive. */
struct description;
void client_state_describe(struct description *description, const struct session *session);

#endif
