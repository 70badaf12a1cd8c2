/*
 * anonymous.h - the accounts of an anonymous host (RFC 4505; XEP-0175): each is there for as long as the
 * session that logged in as it.
 *
 * A guest has no stores.  storage.c answers in the host's place: it is an account with nothing in it, and
 * what is saved for it lives in memory only (anonymous_keeps).
 */
#ifndef CORE_ANONYMOUS_H
#define CORE_ANONYMOUS_H

#include "session/core_state.h"

/* A host that nobody has logged in to. */
void anonymous_init(const struct core *core, struct host *host);

/* Whether nobody has an account on the host but guests. */
bool anonymous_host(const struct core *core, const char *host);

/* Whether an anonymous host has as many guests as it may. */
bool anonymous_host_is_full(const struct core *core, const char *host);

/* A guest comes; false when there is no memory.  It goes with its session. */
bool anonymous_enter(struct core *core, const char *host, const char *username);
void anonymous_leave(struct core *core, const char *host, const char *username);
bool anonymous_exists(const struct core *core, const char *host, const char *username);

/* Whether users hold all of a store in memory while a session lasts, so that nothing is lost when it is not
 * saved. */
bool anonymous_keeps(enum core_store store);

/* When the core goes. */
void anonymous_free_all(struct core *core, struct host *host);

#endif
