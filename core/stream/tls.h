/*
 * tls.h - STARTTLS on a stream (RFC 6120, 5), and what the handshake left behind.
 *
 *      <starttls/>  ->  <proceed/>, ports.start_tls  ->  core_secured     the stream begins anew
 *                                                    ->  core_hangup      there is none
 *                   ->  <failure/>, the end                               where it is not offered
 *
 * From <proceed/> on all is forgotten that the client said in the clear, and what it said behind <starttls/>
 * was never heard (5.4.3.3).
 */
#ifndef CORE_TLS_H
#define CORE_TLS_H

#include "session/session.h"

/* Whether the stream is encrypted. */
bool tls_is_there(const struct session *session);

/* Whether STARTTLS is a feature of the stream: before authentication, and once (5.3.4). */
bool tls_is_offered(const struct session *session);

/* Whether it must be there and is not: then there is no other feature (5.3.1). */
bool tls_is_owed(const struct session *session);

/* <starttls/>, as a feature. */
void tls_write_feature(const struct session *session, struct buffer *out);

/* An element in the namespace of STARTTLS, from any session; takes it. */
void tls_receive(struct session *session, struct stanza *element);

/* The handshake is complete: keeps a copy of what it left behind in session->tls, where there is anything.
 * False when there is no memory. */
bool tls_secured(struct session *session, const struct core_tls *tls);

/* Whether SASL can be bound to the channel. */
bool tls_binds(const struct core_tls *tls); /* NULL does not */

#endif
