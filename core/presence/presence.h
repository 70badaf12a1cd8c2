/*
 * presence.h - who is available, and who is told (RFC 6121, 4).
 */
#ifndef CORE_PRESENCE_H
#define CORE_PRESENCE_H

#include "base/jid.h"
#include "session/session.h"

/* A presence stanza from a client, stamped; takes it. */
void presence_receive(struct session *session, struct stanza *presence, const struct jid *to);

/* The session goes while it is available: everybody who saw it is told so (4.5.2). */
void presence_end(struct session *session);

/* A presence stanza from another server, for somebody here; takes it. */
void presence_arrived(struct core *core, struct stanza *presence, const struct jid *to);

#endif
