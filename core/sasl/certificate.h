/*
 * certificate.h - the XMPP addresses in a client's certificate (XEP-0178).  The host has validated the
 * certificate; these functions select addresses at the host of the stream.
 */
#ifndef CORE_CERTIFICATE_H
#define CORE_CERTIFICATE_H

#include "base/jid.h"

/* Whether one of the addresses is at that domain; false for NULL. */
bool certificate_is_of(const struct core_tls *tls, const char *domain);

/* Chooses the client's address: the only one at the domain, or (length > 0) the one that `authzid` names, a
 * bare JID.  Writes the localpart into `username`, which has room for JID_PART_MAX + 1 bytes.  Returns
 * false when no address matches, or when several could. */
bool certificate_choose(const struct core_tls *tls, const char *domain, const char *authzid, size_t length,
                        char *username);

#endif
