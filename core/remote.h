/*
 * remote.h - stanzas to and from the domains that other servers serve (RFC 6120, 8.1 and 10.4).
 *
 *      room -> remote_send -> ports.route            core_arrived    -> remote_arrived -> room
 *      remote_returned <- core_unroutable            (the sender's domain vouched for by the host)
 *
 * How the other server is found and spoken to is the host's affair.
 */
#ifndef CORE_REMOTE_H
#define CORE_REMOTE_H

#include "jid.h"
#include "stanza.h"
#include "tables.h"

/* Whether the domain of an address, a prepared JID, is none of ours. */
bool remote_has(const struct core *core, const char *jid);

/* Sends a stanza, which has both addresses, to the domain that its `to` names.  The stanza stays the
 * caller's.  Where there is no way out, its sender is told at once. */
void remote_send(struct core *core, const struct stanza *stanza);

/* The same for a broadcast that was written already, from somebody at our host `from` to the address `to`.
 * Where there is no way out nobody is told. */
void remote_send_rendered(struct core *core, const struct rendered *rendered, const char *from,
                          const char *to);

/* Behind core_arrived and core_unroutable. */
void remote_arrived(struct core *core, const char *from_domain, const char *xml, size_t length);
void remote_returned(struct core *core, const char *xml, size_t length, enum core_route_failure why);

#endif
