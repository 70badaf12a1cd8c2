/*
 * certificate.h - who a client's certificate says it is (XEP-0178).
 *
 * The host has found the certificate valid; what counts here is which of its addresses are of the host that
 * the stream was opened to.
 */
#ifndef CORE_CERTIFICATE_H
#define CORE_CERTIFICATE_H

#include "base/jid.h"

/* Whether one of its addresses is of that domain; NULL has none. */
bool certificate_is_of(const struct core_tls *tls, const char *domain);

/* Who the client is: its one address of the domain, or (length > 0) the one that it names, a bare JID.  The
 * localpart goes into `username`, which has room for JID_PART_MAX + 1 bytes.  False when it is nobody, or may
 * be several. */
bool certificate_choose(const struct core_tls *tls, const char *domain, const char *authzid, size_t length,
                        char *username);

#endif
