/*
 * sasl.h - the server side of one SASL negotiation (RFC 6120, 6; RFC 4616; RFC 5802; RFC 7677; EXTERNAL:
 * RFC 4422, appendix A, and XEP-0178; ANONYMOUS: RFC 4505).
 *
 * A negotiation does not depend on streams or sessions.  The caller passes what the client sent, still in
 * base64, and receives the next step:
 *
 *      sasl_auth / sasl_response  ->  SASL_CHALLENGE    send <challenge/> with the text
 *                                     SASL_SUCCESS      send <success/> with the text, if any
 *                                     SASL_FAILURE      send <failure/> with the condition; the negotiation
 *                                                       is over
 *                                     SASL_CREDENTIALS  load the account of sasl_username, then call
 *                                                       sasl_credentials
 *
 * An account that does not exist looks like a wrong password.  With SCRAM it gets its own salt, the same
 * each time, derived from `secret`, and the negotiation fails at the end.  Keys and proofs are compared in
 * constant time.
 */
#ifndef CORE_SASL_H
#define CORE_SASL_H

#include "core.h"

struct sasl;

/* The conditions of RFC 6120, 6.5, in its order; without mechanism-too-weak, which is never sent (see
 * sasl_auth). */
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
    const char *text;              /* base64, or NULL; owned by the negotiation, valid until the next call */
    enum sasl_condition condition; /* SASL_FAILURE only */
};

/* The parameters of a negotiation; everything is borrowed for its life. */
struct sasl_server {
    const struct core_memory *memory;
    void (*random)(void *host, void *bytes, size_t length);
    void *random_host;
    const char *domain;          /* the host of the stream */
    unsigned mechanisms;         /* offered on this stream: bits of enum core_mechanism */
    unsigned needs_encryption;   /* would be offered if the stream were encrypted */
    bool full;                   /* ANONYMOUS: the host has as many anonymous accounts as it may have */
    const struct core_tls *tls;  /* results of the TLS handshake, or NULL */
    unsigned iterations;         /* shown for a name without an account */
    size_t salt_bytes;           /* of the salt shown for such a name */
    const unsigned char *secret; /* CORE_SECRET bytes */
};

/* The registered name of a mechanism; NULL when `mechanism` is not a single known bit.  Static. */
const char *sasl_mechanism_name(enum core_mechanism mechanism);

/* Makes a negotiation, to be freed with sasl_free; NULL when there is no memory. */
struct sasl *sasl_new(const struct sasl_server *server);
void sasl_free(struct sasl *sasl); /* overwrites its secrets; NULL is a no-op */

/* <auth mechanism='...'>text</auth>.  `text` is NULL or empty without an initial response, "=" for an empty
 * one (RFC 6120, 6.4.2).  A mechanism that is offered only on encrypted streams fails with
 * encryption-required; any other that is not offered fails with invalid-mechanism. */
struct sasl_step sasl_auth(struct sasl *sasl, const char *mechanism, const char *text);

/* <response>text</response>.  A response out of turn fails with malformed-request. */
struct sasl_step sasl_response(struct sasl *sasl, const char *text);

/* <abort/>: the negotiation fails with `aborted`. */
struct sasl_step sasl_abort(struct sasl *sasl);

/* Answers SASL_CREDENTIALS: the entries of the account's CORE_STORE_ACCOUNT, borrowed for the call. */
struct sasl_step sasl_credentials(struct sasl *sasl, enum core_store_status status,
                                  const struct core_store_entry *entries, size_t entry_count);

/* Whether a negotiation has begun with <auth/> and has not ended. */
bool sasl_is_under_way(const struct sasl *sasl);

/* The keys that the negotiation uses are outdated: the account has new ones, or is removed.  From now on no
 * proof of the old ones is accepted. */
void sasl_outdate(struct sasl *sasl);

/* The username of the last failed negotiation; NULL when the failure came before the username. */
const char *sasl_failed_username(const struct sasl *sasl);

/* The username, prepared by Nodeprep: from SASL_CREDENTIALS on (ANONYMOUS: from SASL_SUCCESS on); NULL
 * before. */
const char *sasl_username(const struct sasl *sasl);

/* Writes a description (description.h). */
struct description;
void sasl_describe(struct description *description, const struct sasl *sasl);

#endif
