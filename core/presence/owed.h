/*
 * owed.h - what the server owes a client at its initial presence, handed out as the client's link takes it.
 *
 * That is, in this order (RFC 6121, 4.2.2 and 3.1.3; XEP-0160): what the account's other resources last said,
 * the subscription requests that wait for an answer, the presence of the contacts, and the messages that were
 * kept. How much it comes to is up to others, and each of them keeps his limits.  So the session has a place
 * in that list, and goes on from there only while it is not congested:
 *
 *      become available -> owed_begin -> owed_go_on -+-> all of it was handed out
 *                                         ^          |
 *         core_writable, <a/>, <resume/> -+----------+-> too much is not sent, or not acknowledged
 *
 * So it passes output_bytes, unacked_bytes and unacked by no more than one stanza over a quarter of them.
 * What happens meanwhile (a contact's presence, a new request) is told at once, as ever; it may then be told
 * twice.
 */
#ifndef CORE_OWED_H
#define CORE_OWED_H

#include "session/session.h"

/* The session became available, or is no longer: then it is owed nothing. */
void owed_begin(struct session *session);
void owed_end(struct session *session);

/* Hands out what there is room for. */
void owed_go_on(struct session *session);

#endif
