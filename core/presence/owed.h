/*
 * owed.h - sends a client what it receives after its initial presence, no faster than the client reads it.
 *
 * This is, in order (RFC 6121, 4.2.2 and 3.1.3; XEP-0160): the presence of the account's other resources,
 * the pending subscription requests, the presence of the contacts, and the offline messages.  Its size
 * depends on others, each of whom is within its limits.  So the session has a position in that list, and
 * continues only while it is not congested:
 *
 *      become available -> owed_begin -> owed_go_on -+-> all was sent
 *                                           ^        |
 *          core_writable, <a/>, <resume/>  -+--------+-> too much is unsent, or not acknowledged
 *
 * So it exceeds a quarter of output_bytes, unacked_bytes and unacked by at most one stanza.  What happens
 * meanwhile (a contact's presence, a new request) is sent at once, as usual; it may then be sent twice.
 */
#ifndef CORE_OWED_H
#define CORE_OWED_H

#include "session/session.h"

/* Begins when the session becomes available (owed_begin); ends when it is no longer available (owed_end). */
void owed_begin(struct session *session);
void owed_end(struct session *session);

/* Continues while there is room. */
void owed_go_on(struct session *session);

#endif
