/*
 * s2s_in.h - stanzas to and from the domains that other servers serve (RFC 6120, 8.1 and 10.4).
 *
 *      room -> s2s_send -> ports.route            core_arrived    -> s2s_arrived -> room
 *      s2s_returned <- core_unroutable            (the sender's domain vouched for by the host)
 *
 * How the other server is found and spoken to is the host's affair.
 */
#ifndef CORE_S2S_IN_H
#define CORE_S2S_IN_H

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

/* Behind core_arrived and core_unroutable. */
void s2s_arrived(struct core *core, const char *from_domain, const char *xml, size_t length);
void s2s_returned(struct core *core, const char *xml, size_t length, enum core_route_failure why);

#endif
