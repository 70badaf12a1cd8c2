/*
 * limits.h - what the settings of a server limit: for each account the resources that are bound at once, the
 * messages that are kept and the passwords that are set in a time; for each anonymous host its users.
 *
 * Resources and users are counted where it is certain that they are there: those that are connected, and whose
 * stream the server has not closed.  Messages are counted on the disk, whenever they have been saved.
 */
#ifndef SIM_MODEL_LIMITS_H
#define SIM_MODEL_LIMITS_H

#include "model_private.h"

/* A storage request was answered well. */
void limits_stored(struct watched_server *server, const struct core_store_request *request);

/* The event is over. */
void limits_event_over(struct watched_server *server);

/* A change of the password was confirmed on a connection; and a connection of an account is over. */
void limits_password_set(const struct connection *connection);
void limits_connection_over(struct account_facts *account);

/* A client has logged in. */
void limits_logged_in(struct connection *connection);

#endif
