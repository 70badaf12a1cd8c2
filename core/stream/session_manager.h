/*
 * session_manager.h - the life of a session, and the tables that it is in.
 *
 *      new  ->  c2s_unauthed  -- make_authenticated -->  c2s_unbound  -- bind_resource -->  c2s  -- destroy
 *
 * Where a session stands in the tables of sessions, hosts, bare JIDs and full JIDs changes here and nowhere
 * else, all in the same breath, so that they agree whenever anyone may look.
 */
#ifndef CORE_SESSION_MANAGER_H
#define CORE_SESSION_MANAGER_H

#include "session/conn.h"
#include "session/session.h"
#include "xml/stanza_error.h"

/* A session for a connection that was accepted, or NULL when there is no memory. */
struct session *session_manager_new(struct core *core, void *link, const struct conn_events *events);

/* The stream opened to a host, for the first time: the session's host is defined. */
void session_manager_open(struct session *session, struct host *host);

/* TLS begins: the session is as it was when it was new, but for its failed logins and the time that it has
 * left. */
void session_manager_forget(struct session *session);

/* The client has proved to be `username` (prepared): c2s_unbound.  False when there is no memory. */
bool session_manager_make_authenticated(struct session *session, const char *username);

/* Binds a resource (RFC 6120, 7.6, 7.7): `wanted` is prepared, or NULL for one of the server's making.  The
 * user's roster is loaded.  On success the session is a connected resource: its full JID, resource and roster
 * are set, together.  On failure it is as it was. */
struct stanza_error session_manager_bind_resource(struct session *session, struct user *user,
                                                  const char *wanted);

/* The connection of a session that may be resumed is gone, or is given up here: it stays as it is, without
 * one, until it is resumed or its time is over (XEP-0198). */
void session_manager_hibernate(struct session *session);

/* The connection of `newcomer`, authenticated as the same user and not bound, is the resumed session's from
 * now on. The newcomer is no more; nor is the connection that the session may still have had. */
void session_manager_resume(struct session *resumed, struct session *newcomer);

/* Ends a session: it becomes unavailable to whoever saw it (RFC 6121, 4.5.2), leaves every table, and its
 * connection is closed.  Not to be called while a table is being walked: session_disconnect is for that. */
void session_manager_destroy(struct session *session);

/* The connection is gone, or of no use any more: the session hibernates if it may be resumed, and else is
 * disconnected. */
void session_manager_lose_connection(struct session *session);

/* Destroys what is doomed, and parts sessions from connections that are lost.  Not to be called while a table
 * is being walked. */
void session_manager_end_doomed(struct core *core);

/* Forgets a negotiation that is under way: the session goes. */
void session_manager_end_login(struct session *session);

#endif
