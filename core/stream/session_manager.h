/*
 * session_manager.h - the life of a session, and its entries in the tables.
 *
 *      new -> c2s_unauthed -- make_authenticated --> c2s_unbound -- bind_resource --> c2s -- destroy
 *
 * Only these functions change the entries of a session in the tables of sessions, hosts, bare JIDs and full
 * JIDs.  Each changes all tables together, so that they are consistent between two calls.
 */
#ifndef CORE_SESSION_MANAGER_H
#define CORE_SESSION_MANAGER_H

#include "session/conn.h"
#include "session/session.h"
#include "xml/stanza_error.h"

/* Makes a session for an accepted connection, to be ended with session_manager_destroy; NULL when there is
 * no memory. */
struct session *session_manager_new(struct core *core, void *link, const struct conn_events *events);

/* The client has opened its first stream: sets the session's host. */
void session_manager_open(struct session *session, struct host *host);

/* TLS begins: resets the session to its initial state, except its failed logins and its login timer. */
void session_manager_forget(struct session *session);

/* The client has authenticated as `username` (prepared): the session is c2s_unbound.  Returns false when
 * there is no memory. */
bool session_manager_make_authenticated(struct session *session, const char *username);

/* Binds a resource (RFC 6120, 7.6, 7.7): `wanted` is prepared, or NULL for one that the server generates.
 * The user's roster must be loaded.  On success the session is a connected resource: its full JID, resource
 * and roster are set.  On failure the session does not change. */
struct stanza_error session_manager_bind_resource(struct session *session, struct user *user,
                                                  const char *wanted);

/* Separates a session that can be resumed from its connection, which is closed.  The session stays as it
 * is, without a connection, until it is resumed or its time is over (XEP-0198). */
void session_manager_hibernate(struct session *session);

/* Moves the connection of `newcomer`, authenticated as the same user and not bound, to the resumed session.
 * Destroys the newcomer, and closes the connection that the resumed session may still have. */
void session_manager_resume(struct session *resumed, struct session *newcomer);

/* Ends a session: sends unavailable presence to all who saw it (RFC 6121, 4.5.2), removes it from every
 * table, and closes its connection.  Must not be called during a loop over a table; use session_disconnect
 * there. */
void session_manager_destroy(struct session *session);

/* The connection is gone or unusable: the session hibernates if it can be resumed, and is otherwise
 * disconnected. */
void session_manager_lose_connection(struct session *session);

/* Destroys doomed sessions, and separates sessions from lost connections.  Must not be called during a loop
 * over a table. */
void session_manager_end_doomed(struct core *core);

/* Frees the session's SASL negotiation, and cancels its load of the account. */
void session_manager_end_login(struct session *session);

#endif
