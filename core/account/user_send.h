/*
 * user_send.h - sends to several sessions of an account, above all roster pushes (RFC 6121, 2.1.6).
 */
#ifndef CORE_USER_SEND_H
#define CORE_USER_SEND_H

#include "account/user.h"

/* Send a stanza to the available, or the interested, sessions of a user.  A `to` in the stanza stays as it
 * is (RFC 6121, 8.5.2.1.1); without one each session receives it with its full JID. */
void user_send_to_available(struct user *user, const struct stanza *stanza);
void user_send_to_interested(struct user *user, const struct stanza *stanza);

/* Sends a roster push (RFC 6121, 2.1.6) with the roster's version (2.6.3) to every interested resource: the
 * item, or for NULL the removal of `removed_jid`.  Without memory the interested resources are
 * disconnected. */
void user_push(struct user *user, const struct roster_item *item, const char *removed_jid);

#endif
