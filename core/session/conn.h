/*
 * conn.h - a client's connection: bytes in, through the parser, to the session; bytes out to the port.
 *
 * Incoming bytes are parsed as they arrive.  Outgoing bytes go straight to ports.send.  What it does not
 * take is kept in `unsent`, up to limits.output_bytes: a client that does not read loses its connection.  One
 * roster is excepted, or one offline message (conn_excuse).
 *
 * Such a lost connection is marked first, like a session that must end (core_state.h): nothing more is
 * parsed or sent on it.  Its session is separated from it after the current stanza, at the latest at the
 * end of the call.  So code that sends never loses the session or the connection that it works on.
 */
#ifndef CORE_CONN_H
#define CORE_CONN_H

#include "session/core_state.h"
#include "xml/parser.h"

/* The state of TLS on a connection. */
enum conn_security {
    CONN_CLEAR,
    CONN_PROCEEDING, /* <proceed/> is not sent completely */
    CONN_SECURING,   /* the handshake is under way */
    CONN_SECURED,
};

/* The events of a connection: those of its parser, with the connection as their host, and two of its own. */
struct conn_events {
    struct parser_events parser;
    void (*lost)(struct session *session);     /* the connection is lost; called by conn_end_lost */
    void (*writable)(struct session *session); /* the port has taken everything */
};

struct conn {
    struct core *core;
    void *link; /* the host's; NULL once the connection is closed or gone */
    struct session *session;
    const struct conn_events *events;
    struct parser parser;
    struct buffer unsent;
    size_t taken;   /* bytes of `unsent` that the port has taken */
    size_t excused; /* bytes that may be unsent beyond limits.output_bytes, until nothing is unsent */
    enum conn_security security;
    bool lost; /* in core->lost */
    struct conn *lost_next, *ended_next;
};

/* Makes a connection, to be ended with conn_end; NULL when there is no memory.  The events are borrowed for
 * its life. */
struct conn *conn_new(struct core *core, void *link, struct session *session,
                      const struct conn_events *events);

void conn_receive(struct conn *conn, const char *bytes, size_t length);
void conn_send(struct conn *conn, const char *bytes, size_t length);
void conn_writable(struct conn *conn);

/* Lets `length` bytes, which are sent next, be unsent beyond limits.output_bytes, until nothing is unsent. Of
 * two calls before that, the larger length counts. */
void conn_excuse(struct conn *conn, size_t length);

/* The number of bytes that the port has not taken yet. */
size_t conn_unsent(const struct conn *conn);

/* Calls the event `lost` of each lost connection that still has a session. */
void conn_end_lost(struct core *core);

/* Begins TLS after everything unsent is taken.  Until conn_secured, what the client sends is discarded, and
 * nothing is sent to it. */
void conn_start_tls(struct conn *conn);
void conn_secured(struct conn *conn);

/* Separates the connection from its session and closes it: nothing more is parsed or sent on it, and
 * ports.close is called unless the connection is already gone.  It is freed at the end of the call. */
void conn_end(struct conn *conn);

/* Frees the connections that conn_end has ended. */
void conn_free_ended(struct core *core);

/* Frees a connection at once, when the core is freed or the connection was never used. */
void conn_free(struct conn *conn);

#endif
