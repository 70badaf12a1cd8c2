/*
 * checks_requests.h - what a client asked for by an iq, and what came of it.
 *
 * Each request is kept with its client under its id, until the connection that it was made on has ended and
 * the client asks for something on another.  The row requests_are_answered (checks_rows.h) looks through
 * them.
 */
#ifndef SIM_CHECKS_REQUESTS_H
#define SIM_CHECKS_REQUESTS_H

#include "checks_look.h"

/* A client sends, a client has received: any stanza. */
void requests_sent(struct watched *watched, const struct xml *stanza);
void requests_received(struct watched *watched, const struct xml *stanza);

/* All that it asked for is forgotten. */
void requests_free(struct watched *watched);

/* What it remembers, as text. */
struct description;
void requests_describe(struct description *description, const struct watched *watched);

#endif
