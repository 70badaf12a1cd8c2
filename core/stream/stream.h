/*
 * stream.h - the XML stream between a client and its server (RFC 6120, 4).
 *
 * The parser tells what came (stream_opened, stream_stanza, stream_closed); this room answers headers with
 * headers and features, hands each top-level element to the room that it belongs to by how far the session
 * has come, and ends streams, politely or with an error.
 *
 *      STARTTLS      -> tls.h                  whatever the type
 *      c2s_unauthed  -> authentication.h       elements of SASL
 *      c2s_unbound   -> bind.h                 the iq that asks for a resource
 *      c2s           -> router.h               stanzas
 *
 * A stanza that comes too early gets not-authorized, any other element unsupported-stanza-type.
 *
 * Stream management and client state indication have elements of their own at that level, which their rooms
 * take whenever they come.
 */
#ifndef CORE_STREAM_H
#define CORE_STREAM_H

#include "session/conn.h"

/* What every connection of a client has for its events. */
extern const struct conn_events stream_events;

#endif
