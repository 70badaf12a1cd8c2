/*
 * broadcast.h - who is sent a presence: one address, an account, all who are subscribed (RFC 6121, 4).
 *
 * Whom blocking keeps from seeing it is never sent it.  Of what a session broadcasts those are spared who
 * answered it with an error (4.4.2).
 */
#ifndef CORE_BROADCAST_H
#define CORE_BROADCAST_H

#include "base/jid.h"
#include "session/session.h"

/* Whose presence it is: the user, NULL when not in memory, the address it is from, and our host that it is
 * of, NULL when it is from another server. */
struct origin {
    const struct user *user;
    const char *jid;
    const char *host;
};

struct origin broadcast_origin(const struct session *session);

/* To an address: here a full JID is one session, a bare one all available resources (8.5.2.1.2). */
void broadcast_to_address(struct core *core, struct origin from, const struct rendered *presence,
                          const char *to);

/* To the user's own available resources, the sender's among them (4.2.2, 4.4.2, 4.5.2). */
void broadcast_to_own(struct user *user, const struct rendered *presence);

/* What a session broadcasts, to one account: to its available resources but those from which an error came
 * back (4.4.2, 4.5.2).  At another server that is all of them, unless the account itself has sent one. */
void broadcast_to_account(struct session *session, const struct rendered *presence, const char *bare_jid);

/* The same to each account that is subscribed. */
void broadcast_to_subscribers(struct session *session, const struct rendered *presence);

/* Whether the address is somebody who hears what this session broadcasts: a subscriber, or the account
 * itself, and available.  Of a resource elsewhere nobody here knows whether it is; to be told twice does it
 * no harm. */
bool broadcast_hears(const struct session *session, const struct jid *to);

#endif
