/*
 * scram.h - the client's side of SASL, and the salted keys that an account is made with.
 *
 * It shares no code with the core's side.  Deriving a key from a password is slow by design (PBKDF2, 4096
 * rounds), so derivations are remembered for the life of the process: a pure function, so a run does not
 * depend on what ran before it.
 */
#ifndef SIM_SCRAM_H
#define SIM_SCRAM_H

#include <stdbool.h>
#include <stddef.h>

/* One negotiation from the client's side. */
struct sasl_client;

/* What a negotiation by SCRAM is bound to (RFC 5802, 6). */
struct sasl_binding {
    char flag;        /* gs2-cbind-flag: 'n', 'y' or 'p' */
    const char *type; /* of 'p' only, as the data are */
    const unsigned char *data;
    size_t length;
};

/* For PLAIN, SCRAM-SHA-1, SCRAM-SHA-256, the latter two with -PLUS where the flag is 'p', EXTERNAL (`user` is
 * the authorization identity, or empty) and ANONYMOUS (`user` is the trace information, or empty); NULL for a
 * mechanism it does not know.  `nonce` is text without commas, unique to this negotiation. */
struct sasl_client *sasl_client_bound(const char *mechanism, const char *user, const char *password,
                                      const char *nonce, const struct sasl_binding *binding);

/* The same, bound to nothing, by a client that cannot ('n'). */
struct sasl_client *sasl_client_new(const char *mechanism, const char *user, const char *password,
                                    const char *nonce);
void sasl_client_free(struct sasl_client *sasl);

/* The initial response in base64, "=" for one that is empty; owned by the negotiation until the next call. */
const char *sasl_client_initial(struct sasl_client *sasl);

/* The response to a challenge in base64; NULL when the challenge is not what the RFC lets a server send. */
const char *sasl_client_respond(struct sasl_client *sasl, const char *challenge);

/* Whether a success is one: for SCRAM, the server's signature in `text` (base64) is right. */
bool sasl_client_accept(struct sasl_client *sasl, const char *text);

struct description;
void sasl_client_describe(struct description *description, const struct sasl_client *sasl);

/* The names of the mechanisms it knows, the strongest first; ended by NULL. */
extern const char *const sasl_client_mechanisms[];

/* The salted keys of a password in the form of RFC 5803 without the scheme, for SCRAM-SHA-1 or
 * SCRAM-SHA-256, as CORE_STORE_ACCOUNT wants them.  `salt` is any text.  The caller frees. */
char *scram_secret(const char *mechanism, const char *password, const char *salt, unsigned iterations);

/* Whether such keys, of whatever salt, are those of that password. */
bool scram_is_secret_of(const char *secret, const char *mechanism, const char *password);

/* How many derivations were really made so far in this process, and remembered ones forgotten: for tests
 * and for the benchmark that counts them apart. */
unsigned scram_derivations(void);
void scram_forget(void);

#endif
