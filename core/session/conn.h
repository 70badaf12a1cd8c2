/*
 * conn.h - a client's connection: bytes in, through the parser, to the session; bytes out to the port.
 *
 * Incoming bytes are parsed as they come.  Outgoing bytes go straight to ports.send; what it does not take
 * waits in `unsent`, within limits.output_bytes: a client that does not read loses its connection.  Its own
 * roster is no reason to (conn_excuse).
 *
 * A connection that is lost so is marked, as a session that must end is (core_state.h): nothing more is
 * parsed or sent on it, and its session parts with it after the stanza at hand, at the latest at the end of
 * the call. So nobody who sends loses a session or its connection over it.
 */
#ifndef CORE_CONN_H
#define CORE_CONN_H

#include "session/core_state.h"
#include "xml/parser.h"

/* How far a connection has come with TLS. */
enum conn_security {
    CONN_CLEAR,
    CONN_PROCEEDING, /* <proceed/> is not all sent */
    CONN_SECURING,   /* the handshake is under way */
    CONN_SECURED,
};

/* What a connection tells: those of the parser with the connection as their host, and two of its own. */
struct conn_events {
    struct parser_events parser;
    void (*lost)(struct session *session);     /* called by conn_end_lost */
    void (*writable)(struct session *session); /* all that was sent is on its way */
};

struct conn {
    struct core *core;
    void *link; /* the host's; NULL once the connection is closed or gone */
    struct session *session;
    const struct conn_events *events;
    struct parser parser;
    struct buffer unsent;
    size_t taken;   /* of the bytes in `unsent`, by the port */
    size_t excused; /* so many more than limits.output_bytes may wait, until none does */
    enum conn_security security;
    bool lost; /* in core->lost */
    struct conn *lost_next, *ended_next;
};

/* Returns NULL when there is no memory.  The events live as long as the connection. */
struct conn *conn_new(struct core *core, void *link, struct session *session,
                      const struct conn_events *events);

void conn_receive(struct conn *conn, const char *bytes, size_t length);
void conn_send(struct conn *conn, const char *bytes, size_t length);
void conn_writable(struct conn *conn);

/* So many bytes, which are sent next, may wait beside limits.output_bytes, until nothing waits.  A second
 * time before that the more of both counts, not their sum. */
void conn_excuse(struct conn *conn, size_t length);

/* How many bytes the port has not taken yet. */
size_t conn_unsent(const struct conn *conn);

/* The sessions of the connections that are lost part with them. */
void conn_end_lost(struct core *core);

/* Begins TLS once what was sent is on its way.  What the client sent until conn_secured is thrown away, and
 * it is sent nothing. */
void conn_start_tls(struct conn *conn);
void conn_secured(struct conn *conn);

/* Parts with the session and closes the connection: nothing more is parsed or sent on it, and the port hears
 * of it, unless the connection is gone already.  It is freed at the end of the call. */
void conn_end(struct conn *conn);

/* Frees the connections that have ended. */
void conn_free_ended(struct core *core);

/* Frees one at once: when the core itself goes. */
void conn_free(struct conn *conn);

#endif
