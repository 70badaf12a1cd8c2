/*
 * s2s_in.h - stanzas from the domains that other servers serve (RFC 6120, 8.1).
 *
 * The host vouches for the sender's domain.  A stanza that is not proper is dropped: one that speaks for
 * another domain, or is for an address that is not served here.
 */
#ifndef CORE_S2S_IN_H
#define CORE_S2S_IN_H

#include "base/jid.h"
#include "session/core_state.h"
#include "xml/stanza.h"

/* What core_arrived and core_unroutable were told. */
void s2s_arrived(struct core *core, const char *from_domain, const char *xml, size_t length);
void s2s_returned(struct core *core, const char *xml, size_t length, enum core_route_failure why);

#endif
