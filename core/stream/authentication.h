/*
 * authentication.h - SASL on a stream: passes the client's elements to the negotiation, and sends its steps
 * (RFC 6120, 6.4).
 */
#ifndef CORE_AUTHENTICATION_H
#define CORE_AUTHENTICATION_H

#include "session/session.h"

/* Writes the features: the mechanisms that the session may use, and their channel binding types (XEP-0440).
 * Writes nothing while required TLS is missing, or without mechanisms. */
void authentication_write_features(const struct session *session, struct buffer *out);

/* Handles an element in the namespace of SASL from an unauthenticated session; takes it. */
void authentication_receive(struct session *session, struct stanza *element);

#endif
