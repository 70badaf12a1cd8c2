/*
 * conn.h - a client's connection: bytes in, through the parser, to the session; bytes out to the port.
 *
 * Incoming bytes are parsed as they come.  Outgoing bytes go straight to ports.send; what it does not take
 * waits in `unsent`, within limits.output_bytes: a client that does not read loses its connection.
 */
#ifndef CORE_CONN_H
#define CORE_CONN_H

#include "parser.h"
#include "tables.h"

/* How far a connection has come with TLS. */
enum conn_security {
    CONN_CLEAR,
    CONN_PROCEEDING, /* <proceed/> is not all sent */
    CONN_SECURING,   /* the handshake is under way */
    CONN_SECURED,
};

struct conn {
    struct core *core;
    void *link; /* the host's; NULL once the connection is closed or gone */
    struct session *session;
    struct parser parser;
    struct buffer unsent;
    enum conn_security security;
    struct conn *ended_next;
};

/* Returns NULL when there is no memory. */
struct conn *conn_new(struct core *core, void *link, struct session *session);

void conn_receive(struct conn *conn, const char *bytes, size_t length);
void conn_send(struct conn *conn, const char *bytes, size_t length);
void conn_writable(struct conn *conn);

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
