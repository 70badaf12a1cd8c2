/*
 * presence.h - who is available, and who is told (RFC 6121, 4).
 */
#ifndef CORE_PRESENCE_H
#define CORE_PRESENCE_H

#include "base/jid.h"
#include "session/session.h"

/* A presence stanza from a client, stamped; takes it. */
void presence_receive(struct session *session, struct stanza *presence, const struct jid *to);

/* Delivers presence, available, unavailable or an error, to whom it is for (8.5); takes it. */
void presence_route(struct core *core, struct stanza *presence, const struct jid *to);

/* The session goes while it is available: everybody who saw it is told so (4.5.2). */
void presence_end(struct session *session);

/* Sends the presence of each of a user's available resources to a local JID, full or bare.  False when there
 * is none to be sent; `user` may be NULL: nobody is there. */
bool presence_show(struct user *user, const char *to);

/* Sends `unavailable` from each of a user's available resources to one contact, and to nobody else: also what
 * they directed at him is withdrawn. */
void presence_withdraw(struct user *user, const struct jid *contact);

/* A user's block list has changed from `before`: those who saw the user and are blocked now see him go, those
 * who are no longer and may see him do. */
struct blocklist;
void presence_blocked(struct user *user, const struct blocklist *before);

/* A presence stanza from another server, for somebody here; takes it. */
void presence_arrived(struct core *core, struct stanza *presence, const struct jid *to);

#endif
