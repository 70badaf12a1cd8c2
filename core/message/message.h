/*
 * message.h - message stanzas (RFC 6121, 5 and 8.5).
 */
#ifndef CORE_MESSAGE_H
#define CORE_MESSAGE_H

#include "base/jid.h"
#include "session/session.h"

/* Handles a message from a client, whose `from` is set; takes it.  Without `to` it is for the client's own
 * account (RFC 6120, 10.3.1). */
void message_receive(struct session *session, struct stanza *message, const struct jid *to);

/* Handles a message from a remote server to a local address; takes it. */
void message_arrived(struct core *core, struct stanza *message, const struct jid *to);
/* Routes a message that was on its way to a resource that is gone, as if it were addressed without that
 * resource; takes it. */
void message_route(struct core *core, struct stanza *message);

#endif
