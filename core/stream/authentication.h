/*
 * authentication.h - SASL on a stream: what the client sends goes to the negotiation, its steps go back
 * (RFC 6120, 6.4).
 */
#ifndef CORE_AUTHENTICATION_H
#define CORE_AUTHENTICATION_H

#include "session/session.h"

/* The mechanisms that the session may use, and what they may be bound to (XEP-0440), as features; nothing
 * while TLS is owed, or where there is no mechanism. */
void authentication_write_features(const struct session *session, struct buffer *out);

/* An element in the namespace of SASL, from a session that is not authenticated; takes it. */
void authentication_receive(struct session *session, struct stanza *element);

/* An account has other keys from now on, or is gone.  A negotiation for it that waits for the account loads
 * it again; one that has shown the client a challenge will fail. */
void authentication_outdate(struct session *session, const char *username, const char *host);

/* Forgets a negotiation that is under way: the session goes. */
void authentication_end(struct session *session);

#endif
