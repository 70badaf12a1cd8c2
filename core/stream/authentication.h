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

#endif
