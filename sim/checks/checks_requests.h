/*
 * checks_requests.h - the iq requests of clients, and their answers.
 *
 * A request is kept with its client under its id, until its connection has ended and the client makes a
 * request on another.  The row requests_are_answered (checks_rows.h) checks them.
 */
#ifndef SIM_CHECKS_REQUESTS_H
#define SIM_CHECKS_REQUESTS_H

#include "checks_look.h"

/* Called for every stanza that a client sends, and for every stanza that it receives. */
void requests_sent(struct watched *watched, const struct xml *stanza);
void requests_received(struct watched *watched, const struct xml *stanza);

/* Frees all requests of a client. */
void requests_free(struct watched *watched);

/* Describes the requests of a client. */
struct description;
void requests_describe(struct description *description, const struct watched *watched);

#endif
