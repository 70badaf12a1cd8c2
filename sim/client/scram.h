/*
 * scram.h - the client's side of SASL, and the salted keys of accounts.
 *
 * It shares no code with the core.  Key derivation is slow by design (PBKDF2, 4096 rounds), so results are
 * cached in the process.  Derivation is a pure function, so a run does not depend on earlier runs.
 */
#ifndef SIM_SCRAM_H
#define SIM_SCRAM_H

#include <stdbool.h>
#include <stddef.h>

/* A negotiation, the client's side. */
struct sasl_client;

/* The channel binding of a SCRAM negotiation (RFC 5802, 6). */
struct sasl_binding {
    char flag;        /* gs2-cbind-flag: 'n', 'y' or 'p' */
    const char *type; /* for 'p' only, as the data */
    const unsigned char *data;
    size_t length;
};

/* For PLAIN, SCRAM-SHA-1, SCRAM-SHA-256, the latter two with -PLUS where the flag is 'p', EXTERNAL (`user` is
 * the authorization identity, or empty) and ANONYMOUS (`user` is the trace information, or empty); NULL for a
 * mechanism it does not know.  `nonce` is text without commas, unique to this negotiation. */
struct sasl_client *sasl_client_bound(const char *mechanism, const char *user, const char *password,
                                      const char *nonce, const struct sasl_binding *binding);

/* The same without channel binding, for a client that does not support it ('n'). */
struct sasl_client *sasl_client_new(const char *mechanism, const char *user, const char *password,
                                    const char *nonce);
void sasl_client_free(struct sasl_client *sasl);

/* The initial response in base64, "=" for an empty one; borrowed until the next call. */
const char *sasl_client_initial(struct sasl_client *sasl);

/* The same message will be the response to an empty challenge, for an <auth/> without an initial response. */
void sasl_client_wait_for_challenge(struct sasl_client *sasl);

/* The last message of SCRAM will be this variant (scram_final.h).  Returns false, without effect, when the mechanism
 * has no such message or it has been sent. */
struct scram_variant;
bool sasl_client_vary(struct sasl_client *sasl, const struct scram_variant *variant);

/* The response to a challenge in base64; NULL when the challenge is not what the RFC lets a server send. */
const char *sasl_client_respond(struct sasl_client *sasl, const char *challenge);

/* Whether a <success/> is valid: for SCRAM, the server signature in `text` (base64) is right. */
bool sasl_client_accept(struct sasl_client *sasl, const char *text);

struct description;
void sasl_client_describe(struct description *description, const struct sasl_client *sasl);

/* The supported mechanisms, strongest first; ends with NULL. */
extern const char *const sasl_client_mechanisms[];

/* The salted keys of a password in the form of RFC 5803 without the scheme, for SCRAM-SHA-1 or
 * SCRAM-SHA-256, as CORE_STORE_ACCOUNT wants them.  `salt` is any text.  The caller frees. */
char *scram_secret(const char *mechanism, const char *password, const char *salt, unsigned iterations);

/* Whether the keys belong to a password, with the salt that they contain. */
bool scram_is_secret_of(const char *secret, const char *mechanism, const char *password);

/* Whether a proof in base64 is right: that of a client that knows the password of these keys, over an AuthMessage
 * (RFC 5802, 3). */
bool scram_is_proof_of(const char *secret, const char *mechanism, const char *auth_message,
                       const char *proof);

/* Decodes base64, which may not have white space in it (RFC 6120, 6.4.2), and appends a NUL; NULL when it is none.  The
 * caller frees. */
char *sasl_decode(const char *text, size_t *length);

/* scram_derivations: the number of derivations computed in this process. scram_forget: empties the cache.
 * For tests and for the benchmark that measures derivations separately. */
unsigned scram_derivations(void);
void scram_forget(void);

#endif
