/*
 * strangers.h - what a server lets strangers do: accounts that may not see the presence of another one.
 *
 * A stranger must not learn from answers who is there (RFC 6120, 13.10.2; RFC 6121, 8.5.3.1 and 11), and must not
 * be able to fill what others have to acknowledge (core/presence/broadcast.c).  Rosters are read from the disk in
 * the event in which something leaves: the server decides then, unless what leaves has waited to be written.
 */
#ifndef SIM_MODEL_STRANGERS_H
#define SIM_MODEL_STRANGERS_H

#include "model_private.h"

/* Notes in what leaves whether it is about a stranger, before it is judged (struct departure: reach,
 * absence, crowding). */
void strangers_departed(const struct connection *connection, struct departure *departure);

#endif
