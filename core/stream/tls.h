/*
 * tls.h - STARTTLS on a stream (RFC 6120, 5), and the results of the handshake.
 *
 *      <starttls/>  ->  <proceed/>, ports.start_tls  ->  core_secured     a new stream begins
 *                                                    ->  core_hangup      the handshake failed
 *                   ->  <failure/>, end of the stream                     STARTTLS is not offered
 *
 * With <proceed/> everything is forgotten that the client sent unencrypted; bytes after <starttls/> are
 * discarded (5.4.3.3).
 */
#ifndef CORE_TLS_H
#define CORE_TLS_H

#include "session/session.h"

/* Whether the stream is encrypted. */
bool tls_is_there(const struct session *session);

/* Whether STARTTLS is a feature of the stream: before authentication, and once (5.3.4). */
bool tls_is_offered(const struct session *session);

/* Whether TLS is required and the stream is not encrypted: then there is no other feature (5.3.1). */
bool tls_is_owed(const struct session *session);

/* Writes the feature <starttls/>. */
void tls_write_feature(const struct session *session, struct buffer *out);

/* Handles an element in the namespace of STARTTLS from any session; takes it. */
void tls_receive(struct session *session, struct stanza *element);

/* The handshake is complete: copies its results, if any, to session->tls.  Returns false when there is no
 * memory. */
bool tls_secured(struct session *session, const struct core_tls *tls);

/* Whether there is channel binding data for SASL. */
bool tls_binds(const struct core_tls *tls); /* false for NULL */

#endif
