/*
 * s2s_in.h - stanzas from the domains of remote servers (RFC 6120, 8.1).
 *
 * The host guarantees the sender's domain.  A stanza with a `from` at another domain, or with a `to` that
 * is not local, is dropped.
 */
#ifndef CORE_S2S_IN_H
#define CORE_S2S_IN_H

#include "base/jid.h"
#include "session/core_state.h"
#include "xml/stanza.h"

/* Handle the events of core_arrived and core_unroutable. */
void s2s_arrived(struct core *core, const char *from_domain, const char *xml, size_t length);
void s2s_returned(struct core *core, const char *xml, size_t length, enum core_route_failure why);

#endif
