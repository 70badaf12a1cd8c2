/*
 * send.h - the method send: sends stanzas to a client.
 *
 * A stanza passes the extensions that the client has enabled:
 *
 *      session_send -> [client_state.h: presence may be held back]
 *                   -> [acks.h: counted, and kept until it is acknowledged] -> conn_send
 */
#ifndef CORE_SEND_H
#define CORE_SEND_H

#include "session/session.h"

/* Sends a stanza, which stays the caller's.  Does nothing for a session that is about to be destroyed, or
 * whose connection is lost and which cannot be resumed.  Without memory the session is disconnected. */
void session_send(struct session *session, const struct stanza *stanza);

/* The same for a roster, which its owner can receive however large it is: as many bytes more may be unsent
 * and unacknowledged until the client has read all of it (conn_excuse, acks_excuse). */
void session_send_roster(struct session *session, const struct stanza *result);

/* The same for an offline message: as many bytes more may be unsent, or it would break every connection over
 * which it is sent, and never be delivered (conn_excuse). */
void session_send_stored(struct session *session, const struct stanza *message);

/* The same for a stanza that was written once for several recipients; `to` is inserted as its attribute. */
void session_send_rendered(struct session *session, const struct rendered *rendered, const char *to);

/* The same for complete XML. */
void session_send_written(struct session *session, const char *xml, size_t length);

#endif
