/*
 * offer.h - takes out of a server's stream features what would hide a session from the recorder.
 *
 * STARTTLS (RFC 6120, 5.4.1) would encrypt it.  The mechanisms whose name ends in -PLUS (RFC 5802, 4) bind to the
 * TLS channel, of which the client and the server have none, or not the same one.
 */
#ifndef SIM_RECORD_OFFER_H
#define SIM_RECORD_OFFER_H

#include "../text.h"

struct offer {
    bool tls;          /* STARTTLS was offered */
    bool tls_required; /* and the server requires it (RFC 6120, 5.3.1) */
    bool plus;         /* a mechanism with channel binding was offered */
    size_t mechanisms; /* how many others there are */
};

/* Appends the features, whole and well-formed, without what is hidden; every other byte is as it was. */
struct offer offer_pass(const char *bytes, size_t length, struct text *out);

#endif
