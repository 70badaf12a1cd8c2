/*
 * sasl.h - the server's side of one SASL negotiation (RFC 6120, 6; RFC 4616; RFC 5802; RFC 7677; EXTERNAL:
 * RFC 4422, appendix A, and XEP-0178; ANONYMOUS: RFC 4505).
 *
 * A negotiation knows nothing of streams or sessions.  It is given what the client sent, still in base64,
 * and answers with the step to take:
 *
 *      sasl_auth / sasl_response  ->  SASL_CHALLENGE    send <challenge/> with the text
 *                                     SASL_SUCCESS      send <success/> with the text, if any
 *                                     SASL_FAILURE      send <failure/> with the condition; start anew
 *                                     SASL_CREDENTIALS  load the account of sasl_username, then go on
 *                                                       with sasl_credentials
 *
 * An account that does not exist is not told apart from a wrong password: for SCRAM it gets a salt of its
 * own, the same each time (`secret` sees to that), and fails at the end.  Keys and proofs are compared in
 * constant time.
 */
#ifndef CORE_SASL_H
#define CORE_SASL_H

#include "core.h"

struct sasl;

/* RFC 6120, 6.5, in its order; without mechanism-too-weak, which no client gets (see sasl_auth). */
enum sasl_condition {
    SASL_ABORTED,
    SASL_ACCOUNT_DISABLED,
    SASL_CREDENTIALS_EXPIRED,
    SASL_ENCRYPTION_REQUIRED,
    SASL_INCORRECT_ENCODING,
    SASL_INVALID_AUTHZID,
    SASL_INVALID_MECHANISM,
    SASL_MALFORMED_REQUEST,
    SASL_NOT_AUTHORIZED,
    SASL_TEMPORARY_AUTH_FAILURE,
};

/* The name of the condition's element; static. */
const char *sasl_condition_name(enum sasl_condition condition);

enum sasl_outcome { SASL_CHALLENGE, SASL_SUCCESS, SASL_FAILURE, SASL_CREDENTIALS };

struct sasl_step {
    enum sasl_outcome outcome;
    const char *text;              /* base64, owned by the negotiation until the next call; NULL is none */
    enum sasl_condition condition; /* SASL_FAILURE only */
};

/* What a negotiation is made with; all of it borrowed for as long as it lasts. */
struct sasl_server {
    const struct core_memory *memory;
    void (*random)(void *host, void *bytes, size_t length);
    void *random_host;
    const char *domain;          /* the host of the stream */
    unsigned mechanisms;         /* those offered: bits of enum core_mechanism */
    unsigned needs_encryption;   /* those that would be, were the stream encrypted */
    bool full;                   /* ANONYMOUS: no guest more is let in */
    const struct core_tls *tls;  /* what a handshake left behind, or NULL */
    unsigned iterations;         /* shown for an account that there is none of, */
    size_t salt_bytes;           /* with so long a salt */
    const unsigned char *secret; /* CORE_SECRET bytes */
};

/* The name of a mechanism as the registry has it, or NULL when `mechanism` is not a single known bit. */
const char *sasl_mechanism_name(enum core_mechanism mechanism);

/* Returns NULL when there is no memory. */
struct sasl *sasl_new(const struct sasl_server *server);
void sasl_free(struct sasl *sasl); /* overwrites what was secret; NULL is nothing */

/* <auth mechanism='...'>text</auth>.  `text` is NULL or empty without an initial response, "=" for an
 * empty one (RFC 6120, 6.4.2).  A mechanism that would be offered on an encrypted stream requires
 * encryption; any other that is not offered is invalid. */
struct sasl_step sasl_auth(struct sasl *sasl, const char *mechanism, const char *text);

/* <response>text</response>; out of turn it is malformed. */
struct sasl_step sasl_response(struct sasl *sasl, const char *text);

/* <abort/>: the negotiation fails with `aborted`. */
struct sasl_step sasl_abort(struct sasl *sasl);

/* The answer to SASL_CREDENTIALS: the entries of the account's CORE_STORE_ACCOUNT. */
struct sasl_step sasl_credentials(struct sasl *sasl, enum core_store_status status,
                                  const struct core_store_entry *entries, size_t entry_count);

/* Whether <auth/> was taken, and the negotiation has not come to its end since. */
bool sasl_is_under_way(const struct sasl *sasl);

/* The keys that the negotiation began with are no longer those of the account, or the account is gone: no
 * proof of them is taken any more. */
void sasl_outdate(struct sasl *sasl);

/* Who was, when the negotiation failed last; NULL when it did not come so far. */
const char *sasl_failed_username(const struct sasl *sasl);

/* Who is authenticating, prepared by Nodeprep: from SASL_CREDENTIALS on (ANONYMOUS: SASL_SUCCESS), NULL
 * before. */
const char *sasl_username(const struct sasl *sasl);

/* For a look (description.h). */
struct description;
void sasl_describe(struct description *description, const struct sasl *sasl);

#endif
