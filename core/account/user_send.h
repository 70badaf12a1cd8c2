/*
 * user_send.h - what is sent to several of an account's sessions, roster pushes above all (RFC 6121, 2.1.6).
 */
#ifndef CORE_USER_SEND_H
#define CORE_USER_SEND_H

#include "account/user.h"

/* Sends a stanza to the available, or the interested, of a user's sessions.  Its `to` stays (RFC 6121,
 * 8.5.2.1.1); where it has none, each session is sent it under its own full JID. */
void user_send_to_available(struct user *user, const struct stanza *stanza);
void user_send_to_interested(struct user *user, const struct stanza *stanza);

/* Sends a roster push (RFC 6121, 2.1.6), with the roster's version (2.6.3), to every interested resource: the
 * item, or when it is NULL the removal of `removed_jid`.  Without memory they are disconnected. */
void user_push(struct user *user, const struct roster_item *item, const char *removed_jid);

#endif
