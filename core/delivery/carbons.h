/*
 * carbons.h - copies of an account's conversations for its other resources: XEP-0280.
 *
 * A resource asks for them, for its session.  What another resource sends is copied to it as <sent/>, what
 * another receives as <received/>, always from the account's own bare JID.  A copy is written once for all
 * that get it.  A message between two resources of one account is copied once, as received.
 */
#ifndef CORE_CARBONS_H
#define CORE_CARBONS_H

#include "base/jid.h"
#include "session/session.h"

struct user;

/* Which of an account's resources were delivered a message. */
struct delivery {
    const struct session *one; /* this one; or NULL and */
    int least_priority;        /* all that take messages, of at least this priority; INT_MAX is none */
};

/* A session has sent a message, which was let pass: the account's other resources see it (8).  `to` is NULL
 * for the account itself. */
void carbons_sent(struct session *session, const struct stanza *message, const struct jid *to);

/* An account has received a message: those of its resources that did not get it see it as well (7). */
void carbons_received(struct user *user, const struct stanza *message, struct delivery delivery);

/* The server answers a message with an error, for the session that sent it: the account's other resources,
 * which saw the message, see that (6.1). */
void carbons_bounced(struct core *core, const struct stanza *message, const struct stanza *error);

/* What a message is a copy of; NULL when it is none.  Only the account itself, which is this server, makes
 * copies (11): in anybody else's message the same elements mean nothing. */
const struct element *carbons_copied(const struct element *message);

/* The same of the sender of a stanza that was accepted before: it may have been blocked since.  A copy
 * (carbons.h) is from who sent the message. */
bool sender_is_blocked(const struct user *user, const struct element *stanza);

#endif
