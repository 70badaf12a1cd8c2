/*
 * stream.h - the XML stream between a client and its server (RFC 6120, 4).
 *
 * The parser tells what came (stream_opened, stream_stanza, stream_closed); this room answers headers with
 * headers and features, hands each top-level element to the room that it belongs to by how far the session
 * has come, and ends streams, politely or with an error.
 *
 *      STARTTLS      -> tls.h                  whatever the type
 *      c2s_unauthed  -> authentication.h       elements of SASL
 *      c2s_unbound   -> bind.h                 the iq that asks for a resource
 *      c2s           -> router.h               stanzas
 *
 * A stanza that comes too early gets not-authorized, any other element unsupported-stanza-type.
 *
 * Stream management and client state indication have elements of their own at that level, which their rooms
 * take whenever they come.
 */
#ifndef CORE_STREAM_H
#define CORE_STREAM_H

#include "session/session.h"
#include "xml/parser.h"

/* The client's stream header. */
void stream_opened(struct session *session, const struct element *header, const char *content_ns);

/* A top-level element; it becomes the stream's. */
void stream_stanza(struct session *session, struct stanza *stanza);

/* </stream:stream>: answered with our own, and the session ends (4.4). */
void stream_closed(struct session *session);

/* Ends the session with a stream error (4.9), after our header when the client has not seen it yet.  `text`
 * is for people, or NULL. */
void stream_error(struct session *session, enum stream_error error, const char *text);

/* The same, with an element of the application's own beside the condition (4.9.4): XML, or NULL. */
void stream_error_with(struct session *session, enum stream_error error, const char *application,
                       const char *text);

/* Says the same to a client whose session goes on without this connection.  What becomes of both is the
 * caller's.  A session without a connection is told nothing. */
void stream_end_connection(struct session *session, enum stream_error error, const char *text);

/* After success of SASL: the client opens a new stream on the same connection (4.3.3). */
void stream_restart(struct session *session);

#endif
