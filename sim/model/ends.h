/*
 * ends.h - what a client may not send: its stream must have ended when the world is quiescent.
 *
 * A server that does not end the stream has taken what it must refuse: a stanza in the name of somebody else (RFC 6120,
 * 8.1.2.1 and 4.9.3.9), or more before the login than the settings allow (4.9.3.14).  What came in the clear behind
 * <starttls/> never came in (5.4.3.3).  A server that lacks "invalid-from" may override the sender instead (8.1.2.1), and
 * one that lacks "limits:unauthenticated-bytes" has another limit.
 */
#ifndef SIM_MODEL_ENDS_H
#define SIM_MODEL_ENDS_H

#include "stream_scan.h"

struct connection;

/* An element came in on a connection: notes why the stream must end, if it must. */
void ends_arrived(struct connection *connection, const struct scanned *scanned);

#endif
