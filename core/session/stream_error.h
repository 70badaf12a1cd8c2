/*
 * stream_error.h - ends streams with an error (RFC 6120, 4.9).
 */
#ifndef CORE_STREAM_ERROR_H
#define CORE_STREAM_ERROR_H

#include "session/session.h"
#include "xml/parser.h"

/* Ends the session with a stream error (4.9), preceded by the server's stream header if it was not sent
 * yet.  `text` is for people, or NULL.  A session that is about to be destroyed does not change. */
void stream_error(struct session *session, enum stream_error error, const char *text);

/* The same with an application-specific condition element (4.9.4): XML, or NULL. */
void stream_error_with(struct session *session, enum stream_error error, const char *application,
                       const char *text);

/* The same for a stream whose error is in the client's stream header, `header`. */
void stream_refuse(struct session *session, const struct element *header, enum stream_error error,
                   const char *text);

/* Sends a stream error on the connection of a session that continues without it.  The caller ends the
 * connection.  Does nothing for a session without a connection. */
void stream_end_connection(struct session *session, enum stream_error error, const char *text);

#endif
