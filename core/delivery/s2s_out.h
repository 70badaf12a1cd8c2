/*
 * s2s_out.h - sends stanzas to the domains of remote servers (RFC 6120, 10.4).  The host connects to the
 * remote server (ports.route).
 */
#ifndef CORE_S2S_OUT_H
#define CORE_S2S_OUT_H

#include "base/jid.h"
#include "session/core_state.h"
#include "xml/stanza.h"

/* Whether the domain of a prepared JID is remote: none of the core's hosts. */
bool s2s_has(const struct core *core, const char *jid);

/* Sends a stanza, which has both addresses, to the domain of its `to`.  The stanza stays the caller's.
 * Without ports.route its sender receives an error at once. */
void s2s_send(struct core *core, const struct stanza *stanza);

/* The same for presence that is already written once for many recipients, from an address at the core's
 * host `from` to the address `to`.  Without ports.route it is dropped. */
void s2s_send_rendered(struct core *core, const struct rendered *rendered, const char *from, const char *to);

/* Answers a stanza of a local sender with the error that it was not delivered.  The stanza stays the
 * caller's. */
void s2s_give_back(struct core *core, const struct stanza *stanza, enum core_route_failure why);

#endif
