/*
 * announce.h - sends presence to one address or one contact; broadcast.h sends it to all subscribers.
 */
#ifndef CORE_ANNOUNCE_H
#define CORE_ANNOUNCE_H

#include "base/jid.h"
#include "session/session.h"

/* Sends the presence of each of a user's available resources to a local JID, full or bare.  Returns false
 * when there is none; `user` may be NULL for an account that is not in memory. */
bool announce_available(struct user *user, const char *to);

/* Sends unavailable presence from each of a user's available resources to one contact, also where a
 * resource has sent the contact directed presence. */
void announce_unavailable(struct user *user, const struct jid *contact);

/* Delivers presence, available, unavailable or an error, to the address `to` (RFC 6121, 8.5); takes it. */
void announce_route(struct core *core, struct stanza *presence, const struct jid *to);

#endif
