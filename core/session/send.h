/*
 * send.h - the method send: a stanza on its way out to a client.
 *
 * It passes what the client agreed to:
 *
 *      session_send -> [client_state.h: presence may be held back]
 *                   -> [acks.h: counted, and kept until it is acknowledged] -> conn_send
 */
#ifndef CORE_SEND_H
#define CORE_SEND_H

#include "session/session.h"

/* Sends a stanza, which stays the caller's.  A session that is about to be destroyed, or whose connection is
 * lost and cannot be resumed, is sent nothing.  Without memory the session is disconnected. */
void session_send(struct session *session, const struct stanza *stanza);

/* The same for a roster, which its owner can get however large it is: as many bytes more may wait for the
 * client, until it has read all there is (conn_excuse, acks_excuse).  A second one before that has no room of
 * its own. */
void session_send_roster(struct session *session, const struct stanza *result);

/* The same for a stanza that was rendered once for several recipients; `to` becomes that attribute. */
void session_send_rendered(struct session *session, const struct rendered *rendered, const char *to);

/* The same for XML that is complete as it is. */
void session_send_written(struct session *session, const char *xml, size_t length);

#endif
