/*
 * tables.h - look-ups in the tables of a core (core_state.h).
 */
#ifndef CORE_TABLES_H
#define CORE_TABLES_H

#include "base/jid.h"
#include "session/core_state.h"

/* The host with that prepared name, or NULL when this core does not serve it. */
struct host *host_find(const struct core *core, const char *name);

/* The bound session with that full JID, or NULL; also NULL when it is about to be destroyed. */
struct session *session_find(const struct core *core, const char *full_jid);

/* Whether the domain of a JID is one of the core's hosts. */
bool host_is_local(const struct core *core, const struct jid *jid);

#endif
