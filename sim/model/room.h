/*
 * room.h - whether there is room in a roster: for the items that its account sees, and for requests of strangers
 * that wait.
 *
 * The settings limit both, and each for itself (core.h): what strangers ask for takes no room from the user.  What
 * is stored is read from the disk, where it is in the moment in which the server decides: it changes one roster at
 * a time.
 */
#ifndef SIM_MODEL_ROOM_H
#define SIM_MODEL_ROOM_H

#include "model_private.h"

/* A request came in, as the newest of its session: notes how many bytes the item takes that it sets. */
void room_arrived(const struct connection *connection, const struct scanned *scanned);

/* Notes in an error that leaves whether a roster is full, as it says (struct departure: full). */
void room_departed(const struct connection *connection, struct departure *departure);

/* The server asks storage to save. */
void room_asked(const struct watched_server *server, const struct core_store_request *request);

#endif
