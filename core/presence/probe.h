/*
 * probe.h - presence probes: what somebody who becomes available asks of his contacts' servers, and their
 * answers (RFC 6121, 4.3).
 */
#ifndef CORE_PROBE_H
#define CORE_PROBE_H

#include "base/jid.h"
#include "session/session.h"

/* A probe on behalf of a JID, to a contact, bare or full.  It goes to the contact's server where that is
 * another; else it is answered, to that JID and when the contact's roster is at hand.  The answer has the
 * probe's id, which may be NULL, unless it is presence of the contact's (4.3.2.1):
 *
 *      the prober's account may not see the contact's       unsubscribed, from the contact's bare JID
 *      it may, or is the same account; for a bare JID       the presence of each available resource, or
 *                                                           unavailable from the bare JID
 *                                      for a full JID       that the resource is available, or unavailable,
 *                                                           and nothing else it said
 *      a request of the prober's account waits              nothing
 *      there is no such account                             unsubscribed
 *      its roster cannot be loaded                          nothing
 *
 * False when there is no memory to ask.
 */
bool probe_send(struct core *core, const char *prober, const struct jid *contact, const char *id);

/* The same for a session, to a contact in its roster: on behalf of its account where the contact is at
 * another server (4.3.1), so that all its available resources see the answer.  A session that there is no
 * memory to ask for would believe that he is not there, so it goes. */
void probe_contact(struct session *session, const char *contact);

#endif
