/*
 * iq.h - requests and their answers (RFC 6120, 8.2.3; RFC 6121, 8.5).
 *
 * An iq for a full JID goes to that resource.  One for an account or for the server itself is answered here,
 * by the handler that its payload names; a few that are for resources pass through one as well.
 */
#ifndef CORE_IQ_H
#define CORE_IQ_H

#include "base/jid.h"
#include "session/session.h"

/* An iq from a client, stamped; takes it.  Without a recipient it is for the client's own account. */
void iq_receive(struct session *session, struct stanza *iq, const struct jid *to);

/* An iq from another server, for somebody here; takes it. */
void iq_arrived(struct core *core, struct stanza *iq, const struct jid *to);

/* Whether an iq to somebody else's account is answered as it is to any, also where there is none: then a
 * block does not show in the answer either. */
bool iq_is_answered_alike(const struct core *core, const struct element *iq, const struct jid *to);

#endif
