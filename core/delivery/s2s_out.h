/*
 * s2s_out.h - stanzas to the domains that other servers serve (RFC 6120, 10.4).
 *
 * How the other server is found and spoken to is the host's affair (ports.route).
 */
#ifndef CORE_S2S_OUT_H
#define CORE_S2S_OUT_H

#include "base/jid.h"
#include "session/core_state.h"
#include "xml/stanza.h"

/* Whether the domain of an address, a prepared JID, is none of ours. */
bool s2s_has(const struct core *core, const char *jid);

/* Sends a stanza, which has both addresses, to the domain that its `to` names.  The stanza stays the
 * caller's.  Where there is no way out, its sender is told at once. */
void s2s_send(struct core *core, const struct stanza *stanza);

/* The same for a broadcast that was written already, from somebody at our host `from` to the address `to`.
 * Where there is no way out nobody is told. */
void s2s_send_rendered(struct core *core, const struct rendered *rendered, const char *from, const char *to);

/* Tells the sender of a stanza, one of ours, that it did not arrive; the stanza stays the caller's. */
void s2s_give_back(struct core *core, const struct stanza *stanza, enum core_route_failure why);

#endif
