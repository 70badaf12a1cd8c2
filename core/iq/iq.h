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

/* Passes an iq on to the resource that its `to` names; takes it. */
void iq_deliver(struct core *core, struct stanza *iq);

/* Whether an iq to somebody else's account is answered as it is to any, also where there is none: then a
 * block does not show in the answer either. */
bool iq_is_answered_alike(const struct core *core, const struct element *iq, const struct jid *to);

/* Begins work on the account that an iq is for, or without a recipient on the client's own; takes the iq. The
 * client waits for it; nobody does where the session is a stranger's, which has no user.  An iq that cannot
 * be kept costs the client its stream. */
struct user_work_kind;
void iq_begin_work(struct session *session, struct stanza *iq, const struct user_work_kind *kind, int detail);

#endif
