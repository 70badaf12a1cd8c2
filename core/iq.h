/*
 * iq.h - requests and their answers (RFC 6120, 8.2.3; RFC 6121, 8.5).
 *
 * An iq for a full JID goes to that resource.  One for an account or for the server itself is answered here,
 * by the handler that its payload names.
 */
#ifndef CORE_IQ_H
#define CORE_IQ_H

#include "jid.h"
#include "session.h"

/* An iq from a client, stamped; takes it.  Without a recipient it is for the client's own account. */
void iq_receive(struct session *session, struct stanza *iq, const struct jid *to);

/* An iq from another server, for somebody here; takes it. */
void iq_arrived(struct core *core, struct stanza *iq, const struct jid *to);

#endif
