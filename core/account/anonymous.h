/*
 * anonymous.h - the accounts of an anonymous host (RFC 4505; XEP-0175).  Each exists as long as the session
 * that logged in to it.
 *
 * An anonymous account has no stores at the host.  storage.c answers instead: the account exists with empty
 * stores, and what is saved for it is kept in memory only (anonymous_keeps).
 */
#ifndef CORE_ANONYMOUS_H
#define CORE_ANONYMOUS_H

#include "session/core_state.h"

/* Initialises the accounts of a host: there are none. */
void anonymous_init(const struct core *core, struct host *host);

/* Whether all accounts of the host are anonymous. */
bool anonymous_host(const struct core *core, const char *host);

/* Whether an anonymous host has as many accounts as limits.anonymous_accounts allows. */
bool anonymous_host_is_full(const struct core *core, const char *host);

/* anonymous_enter adds an account; false when there is no memory.  anonymous_leave removes it, when its
 * session ends.  anonymous_exists says whether it is there. */
bool anonymous_enter(struct core *core, const char *host, const char *username);
void anonymous_leave(struct core *core, const char *host, const char *username);
bool anonymous_exists(const struct core *core, const char *host, const char *username);

/* Whether a user holds the whole store in memory while it has a session, so that nothing is lost without
 * saving. */
bool anonymous_keeps(enum core_store store);

/* Removes all accounts of a host, when the core is freed. */
void anonymous_free_all(struct core *core, struct host *host);

#endif
