/*
 * stream_error.h - the end of a stream with an error (RFC 6120, 4.9).
 */
#ifndef CORE_STREAM_ERROR_H
#define CORE_STREAM_ERROR_H

#include "session/session.h"
#include "xml/parser.h"

/* Ends the session with a stream error (4.9), after our header when the client has not seen it yet.  `text`
 * is for people, or NULL. */
void stream_error(struct session *session, enum stream_error error, const char *text);

/* The same, with an element of the application's own beside the condition (4.9.4): XML, or NULL. */
void stream_error_with(struct session *session, enum stream_error error, const char *application,
                       const char *text);

/* The same for a stream whose header from the client is what is wrong. */
void stream_refuse(struct session *session, const struct element *header, enum stream_error error,
                   const char *text);

/* Says the same to a client whose session goes on without this connection.  What becomes of both is the
 * caller's.  A session without a connection is told nothing. */
void stream_end_connection(struct session *session, enum stream_error error, const char *text);

#endif
