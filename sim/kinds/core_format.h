/*
 * core_format.h - what exists before the first step, as entries of the stores of our core (core.h).
 */
#ifndef SIM_CORE_FORMAT_H
#define SIM_CORE_FORMAT_H

#include "../world/server.h"

/* Where the entries go: as ports.put of server.h. */
typedef void (*core_format_put)(void *host, const char *username, const char *domain, enum core_store store,
                                const char *key, const char *value);

/* Writes the entries of an account, a contact or a blocked address.  The keys of a password have so many
 * iterations, and the username as their salt. */
void core_format_provide(const struct provision *provision, unsigned iterations, core_format_put put,
                         void *host);

#endif
