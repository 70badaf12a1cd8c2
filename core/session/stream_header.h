/*
 * stream_header.h - the server's stream header (RFC 6120, 4.7).
 */
#ifndef CORE_STREAM_HEADER_H
#define CORE_STREAM_HEADER_H

#include "session/session.h"

/* Writes the response to the client's stream header, which is NULL when no readable one was received.  Its
 * `to` is the bare JID that the client's `from` names (4.7.2), if that is a JID. */
void stream_header_write(struct session *session, struct buffer *out, const struct element *header);

/* Restarts the stream after SASL success: the client opens a new one on the same connection (4.3.3). */
void stream_restart(struct session *session);

#endif
