/*
 * message.h - messages (RFC 6121, 5 and 8.5).
 */
#ifndef CORE_MESSAGE_H
#define CORE_MESSAGE_H

#include "base/jid.h"
#include "session/session.h"

/* A message from a client, stamped; takes it.  Without a recipient it is for the client's own account
 * (RFC 6120, 10.3.1). */
void message_receive(struct session *session, struct stanza *message, const struct jid *to);

/* A message from another server, for somebody here; takes it. */
void message_arrived(struct core *core, struct stanza *message, const struct jid *to);
/* A message that was on its way to a resource which has gone: it goes where it would without that resource;
 * takes it. */
void message_route(struct core *core, struct stanza *message);

#endif
