/*
 * limits.h - what the settings of a server limit, for each account: the resources that are bound at once, and the messages
 * that are kept.
 *
 * Resources are counted where it is certain that they are bound: those that are connected, and whose stream the server
 * has not closed.  Messages are counted on the disk, whenever they have been saved.
 */
#ifndef SIM_MODEL_LIMITS_H
#define SIM_MODEL_LIMITS_H

#include "model_private.h"

/* A storage request was answered well. */
void limits_stored(struct watched_server *server, const struct core_store_request *request);

/* The event is over. */
void limits_event_over(struct watched_server *server);

#endif
