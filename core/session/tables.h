/*
 * tables.h - look-ups in what a core holds (core_state.h).
 */
#ifndef CORE_TABLES_H
#define CORE_TABLES_H

#include "base/jid.h"
#include "session/core_state.h"

/* The host of that prepared name, or NULL when this core does not serve it. */
struct host *host_find(const struct core *core, const char *name);

/* The bound session with that full JID that may be sent something, or NULL. */
struct session *session_find(const struct core *core, const char *full_jid);

/* Whether a JID's domain is one of ours. */
bool host_is_local(const struct core *core, const struct jid *jid);

#endif
