/*
 * stream_header.h - our side of a stream's opening (RFC 6120, 4.7).
 */
#ifndef CORE_STREAM_HEADER_H
#define CORE_STREAM_HEADER_H

#include "session/session.h"

/* Writes the response header to the client's, which is NULL if none came that could be read.  A client that
 * says who it is is told so, by its bare JID (4.7.2); what is no JID is not repeated. */
void stream_header_write(struct session *session, struct buffer *out, const struct element *header);

/* After success of SASL: the client opens a new stream on the same connection (4.3.3). */
void stream_restart(struct session *session);

#endif
