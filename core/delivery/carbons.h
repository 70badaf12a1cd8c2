/*
 * carbons.h - copies of an account's conversations for its other resources: XEP-0280.
 *
 * A resource enables carbons for its session.  It then receives copies of what the account's other
 * resources send, as <sent/>, and of what they receive, as <received/>, always from the account's bare JID.
 * A copy is written once for all resources that get it.  A message between two resources of one account is
 * copied once, as received.
 */
#ifndef CORE_CARBONS_H
#define CORE_CARBONS_H

#include "base/jid.h"
#include "session/session.h"

struct user;

/* Which of an account's resources a message was delivered to. */
struct delivery {
    const struct session *one; /* this one; or NULL, and */
    int least_priority;        /* all that take messages, with at least this priority; INT_MAX: none */
};

/* A session has sent a message, which was accepted: sends copies to the account's other resources (8).
 * `to` is NULL for the account itself. */
void carbons_sent(struct session *session, const struct stanza *message, const struct jid *to);

/* An account has received a message: sends copies to those of its resources that did not get it (7). */
void carbons_received(struct user *user, const struct stanza *message, struct delivery delivery);

/* The server has answered a session's message with an error: sends copies of the error to the account's
 * other resources, which have seen the message (6.1). */
void carbons_bounced(struct core *core, const struct stanza *message, const struct stanza *error);

/* The message that a message is a copy of; NULL when it is not a copy.  Only the account itself, which is
 * this server, makes copies (11); in a message from any other sender the same elements have no meaning. */
const struct element *carbons_copied(const struct element *message);

/* Whether the user has blocked the sender of a stanza that was accepted before.  The sender of a copy
 * (carbons.h) is that of the message in it. */
bool sender_is_blocked(const struct user *user, const struct element *stanza);

#endif
