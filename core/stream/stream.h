/*
 * stream.h - the XML stream between a client and its server (RFC 6120, 4).
 *
 * Handles the events of the parser: answers a stream header with a header and features, passes each
 * top-level element to the module that handles it at this stage of the session, and ends streams, with or
 * without an error.
 *
 *      any type      -> tls.h             STARTTLS
 *      c2s_unauthed  -> authentication.h  elements of SASL
 *      c2s_unbound   -> bind.h            the iq that requests a resource
 *      c2s           -> router.h          stanzas
 *
 * A stanza that comes too early gets not-authorized, any other element unsupported-stanza-type.  The elements
 * of stream management go to their module in every type, those of client state indication after
 * authentication.
 */
#ifndef CORE_STREAM_H
#define CORE_STREAM_H

#include "session/conn.h"

/* The events of every client connection. */
extern const struct conn_events stream_events;

#endif
