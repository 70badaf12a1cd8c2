/*
 * scram.h - the parts of SCRAM: the salted keys, the proof, and the client's two messages (RFC 5802; RFC
 * 7677).
 *
 * Names in comments are those of RFC 5802, 3 and 7.  Nothing here allocates; messages are split into spans
 * that point into them.
 */
#ifndef CORE_SCRAM_H
#define CORE_SCRAM_H

#include "base/memory.h"

enum {
    SCRAM_DIGEST_MAX = 32, /* of SHA-256 */
    SCRAM_SALT_MAX = 192,  /* bytes of a stored salt */
    SCRAM_ITERATIONS_MAX = CORE_ITERATIONS,
};

/* ---- Keys ---- */

struct scram_hash; /* a hash function */

struct scram_keys {
    const struct scram_hash *hash;
    unsigned iterations;
    size_t salt_length;
    unsigned char salt[SCRAM_SALT_MAX];
    unsigned char stored_key[SCRAM_DIGEST_MAX];
    unsigned char server_key[SCRAM_DIGEST_MAX];
};

/* Reads "<iterations>:<salt>$<StoredKey>:<ServerKey>" (RFC 5803, 3).  Returns false, with *keys undefined,
 * for anything else and for NULL. */
bool scram_keys_read(struct scram_keys *keys, enum core_mechanism mechanism, const char *stored);

/* Derives the keys of a password that is prepared by SASLprep.  Takes time in proportion to the iterations.
 */
void scram_keys_make(struct scram_keys *keys, enum core_mechanism mechanism, const char *password,
                     size_t length, const unsigned char *salt, size_t salt_length, unsigned iterations);

/* Appends the keys in the form that scram_keys_read reads. */
void scram_keys_write(struct buffer *out, const struct scram_keys *keys);

/* Parameters of the keys that are faked for names without an account, like those of real accounts, and a
 * secret. */
struct scram_model {
    const unsigned char *secret;
    size_t secret_length;
    size_t salt_length; /* at most SCRAM_DIGEST_MAX */
    unsigned iterations;
};

/* Makes fake keys for a name without an account.  Only their salt and iterations are ever shown.  The salt
 * depends only on the secret, the mechanism, the username and the domain, so that asking twice reveals
 * nothing, and it cannot be predicted without the secret.  No password matches the keys. */
void scram_keys_fake(struct scram_keys *keys, enum core_mechanism mechanism, const struct scram_model *model,
                     const char *username, const char *domain);

/* Whether a password, prepared by SASLprep, matches the keys.  Takes time in proportion to the iterations. */
bool scram_keys_fit(const struct scram_keys *keys, const char *password, size_t length);

/* The length in bytes of a ClientProof and of a ServerSignature. */
size_t scram_proof_length(const struct scram_keys *keys);

/* Whether the proof (scram_proof_length bytes) shows that the client knows the ClientKey. */
bool scram_proof_valid(const struct scram_keys *keys, const char *auth_message, size_t length,
                       const unsigned char *proof);

/* Writes the ServerSignature (scram_proof_length bytes). */
void scram_sign(const struct scram_keys *keys, const char *auth_message, size_t length,
                unsigned char *signature);

/* ---- Messages ---- */

/* Bytes inside a message, borrowed from it; `bytes` is NULL when the field is absent. */
struct scram_span {
    const char *bytes;
    size_t length;
};

struct scram_client_first {
    struct scram_span gs2_header; /* including its last comma */
    char binding_flag;            /* gs2-cbind-flag: 'n', 'y' or 'p' */
    struct scram_span binding;    /* cb-name; only with 'p' */
    struct scram_span authzid;    /* a saslname */
    struct scram_span bare;       /* client-first-message-bare */
    struct scram_span username;   /* a saslname */
    struct scram_span nonce;
};

struct scram_client_final {
    struct scram_span without_proof;   /* client-final-message-without-proof */
    struct scram_span channel_binding; /* base64 */
    struct scram_span nonce;
    struct scram_span proof; /* base64 */
};

/* Parse a message.  Return false when the message does not match the grammar of RFC 5802, 7, or has a
 * mandatory extension: none is supported. */
bool scram_read_first(struct scram_client_first *first, const char *message, size_t length);
bool scram_read_final(struct scram_client_final *last, const char *message, size_t length);

/* Decodes =2C and =3D in a saslname that scram_read_first found.  Returns false when the result is longer
 * than `room` bytes. */
bool scram_decode_name(char *out, size_t room, size_t *length, struct scram_span saslname);

#endif
