/*
 * guest.h - the accounts of an anonymous host (RFC 4505; XEP-0175): each is there for as long as the session
 * that logged in as it.
 *
 * A guest has no stores.  storage.c answers in the host's place: it is an account with nothing in it, and
 * what is saved for it lives in memory only (guest_keeps).
 */
#ifndef CORE_GUEST_H
#define CORE_GUEST_H

#include "tables.h"

/* A host that nobody has logged in to. */
void guest_init(const struct core *core, struct host *host);

/* Whether nobody has an account on the host but guests. */
bool guest_host(const struct core *core, const char *host);

/* Makes a name that is hard to guess: GUEST_NAME characters and a NUL. */
enum { GUEST_NAME = 24 };
void guest_make_name(void (*random)(void *host, void *bytes, size_t length), void *random_host, char *name);

/* Whether an anonymous host has as many guests as it may. */
bool guest_host_is_full(const struct core *core, const char *host);

/* A guest comes; false when there is no memory.  It goes with its session. */
bool guest_enter(struct core *core, const char *host, const char *username);
void guest_leave(struct core *core, const char *host, const char *username);
bool guest_exists(const struct core *core, const char *host, const char *username);

/* Whether users hold all of a store in memory while a session lasts, so that nothing is lost when it is not
 * saved. */
bool guest_keeps(enum core_store store);

/* When the core goes. */
void guest_free_all(struct core *core, struct host *host);

#endif
