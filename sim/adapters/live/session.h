/*
 * session.h - a session of the adapter itself on the server under test, to provide what scenarios begin with.
 *
 * Each call sends, waits for the answer, and returns; none takes longer than some seconds.  STARTTLS is used where it
 * is offered.  What the server sends beside the answers is read and dropped.
 */
#ifndef LIVE_SESSION_H
#define LIVE_SESSION_H

#include "../../xml/xml.h"
#include "tcp.h"

struct session;

/* Opens a stream to a domain.  Returns NULL, with a sentence in `why`, when there is no stream with features. */
struct session *session_open(const struct tcp_address *address, const char *domain, char why[256]);

/* Closes the stream if it is open, waits for the server's end of it, and frees the session.  NULL has no effect. */
void session_close(struct session *session);

/* The last <stream:features/>; borrowed.  Before a login it offers mechanisms. */
const struct xml *session_features(const struct session *session);

/* Whether a mechanism is offered. */
bool session_offers(const struct session *session, const char *mechanism);

/* Logs in with a mechanism that both have, PLAIN if possible, and binds a resource.  Returns false, with a sentence. */
bool session_login(struct session *session, const char *user, const char *password, char why[256]);

/* Sends an IQ request with a payload: to the server where `to` is NULL, without an address where it is empty.  Returns the
 * answer, which the caller frees;
 * NULL when none comes. */
struct xml *session_ask(struct session *session, const char *type, const char *to, const char *payload);

/* The same; returns whether the answer is a result, else with a sentence in `why`. */
bool session_do(struct session *session, const char *type, const char *to, const char *payload,
                char why[256]);

/* Sends a stanza. */
void session_send(struct session *session, const char *stanza);

#endif
