/*
 * iq.h - iq stanzas: requests and answers (RFC 6120, 8.2.3; RFC 6121, 8.5).
 *
 * An iq to a full JID is delivered to that resource.  An iq to an account or to the server is answered
 * here, by the handler of its payload.  A few iqs to resources also have a handler.
 */
#ifndef CORE_IQ_H
#define CORE_IQ_H

#include "base/jid.h"
#include "session/session.h"

/* Handles an iq from a client, whose `from` is set; takes it.  Without `to` it is for the client's own
 * account. */
void iq_receive(struct session *session, struct stanza *iq, const struct jid *to);

/* Handles an iq from a remote server to a local address; takes it. */
void iq_arrived(struct core *core, struct stanza *iq, const struct jid *to);

/* Whether an iq to another account is answered the same way for every account, existing or not: then a
 * block must not change the answer either. */
bool iq_is_answered_alike(const struct core *core, const struct element *iq, const struct jid *to);

#endif
