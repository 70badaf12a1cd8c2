/*
 * presence.h - presence stanzas: who is available, and who learns it (RFC 6121, 4).
 */
#ifndef CORE_PRESENCE_H
#define CORE_PRESENCE_H

#include "base/jid.h"
#include "session/session.h"

/* Handles a presence stanza from a client, whose `from` is set; takes it. */
void presence_receive(struct session *session, struct stanza *presence, const struct jid *to);

/* An available session ends: sends unavailable presence to all recipients of its presence (4.5.2). */
void presence_end(struct session *session);

/* Handles a presence stanza from a remote server to a local address; takes it. */
void presence_arrived(struct core *core, struct stanza *presence, const struct jid *to);

#endif
