/*
 * probe.h - presence probes, which request the presence of contacts, and their answers (RFC 6121, 4.3).
 */
#ifndef CORE_PROBE_H
#define CORE_PROBE_H

#include "base/jid.h"
#include "session/session.h"

/* Sends a probe on behalf of `prober` to a contact, bare or full.  A remote contact is sent a stanza.  A
 * local one is answered for, to `prober`, as soon as the contact's roster is loaded.  The answer has `id`,
 * which may be NULL, unless it is the contact's own presence (4.3.2.1):
 *
 *      the prober's account may not see the contact   unsubscribed, from the contact's bare JID
 *      it may, or is the same account; bare JID       the presence of each available resource, or unavailable
 *                                                     from the bare JID
 *      the same; full JID                             that the resource is available, or unavailable, without
 *                                                     further content
 *      a request of the prober's account is pending   no answer
 *      the account does not exist                     unsubscribed
 *      its roster cannot be loaded                    no answer
 *
 * Returns false when there is no memory. */
bool probe_send(struct core *core, const char *prober, const struct jid *contact, const char *id);

/* The same for a session and a contact in its roster: for the whole account where the contact is remote
 * (4.3.1), so that all its available resources see the answer.  Without memory the session is disconnected,
 * because it would take the contact for unavailable. */
void probe_contact(struct session *session, const char *contact);

#endif
