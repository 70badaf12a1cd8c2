#include "sasl/scram.h"

#include "base/base64.h"

#include <assert.h>
#include <nettle/hmac.h>
#include <nettle/memops.h>
#include <nettle/pbkdf2.h>
#include <string.h>

/* ---- Hash functions -------------------------------------------------------------------------------- */

struct scram_hash {
    enum core_mechanism mechanism;
    const struct nettle_hash *hash;
    void (*pbkdf2)(size_t key_length, const uint8_t *key, unsigned iterations, size_t salt_length,
                   const uint8_t *salt, size_t length, uint8_t *out);
};

static const struct scram_hash hashes[] = {
    { CORE_SCRAM_SHA_1, &nettle_sha1, pbkdf2_hmac_sha1 },
    { CORE_SCRAM_SHA_256, &nettle_sha256, pbkdf2_hmac_sha256 },
};

union hash_context {
    struct sha1_ctx sha1;
    struct sha256_ctx sha256;
};

static const struct scram_hash *find_hash(enum core_mechanism mechanism)
{
    size_t i = 0;
    while (i < sizeof hashes / sizeof *hashes && hashes[i].mechanism != mechanism)
        i++;
    assert(i < sizeof hashes / sizeof *hashes);
    return &hashes[i];
}

/* HMAC(key, text), the key being as long as the digest. */
static void hmac(const struct scram_hash *hash, const unsigned char *key, const char *text, size_t length,
                 unsigned char *digest)
{
    union hash_context outer, inner, state;
    size_t size = hash->hash->digest_size;
    hmac_set_key(&outer, &inner, &state, hash->hash, size, key);
    hmac_update(&state, hash->hash, length, (const uint8_t *)text);
    hmac_digest(&outer, &inner, &state, hash->hash, size, digest);
    memory_wipe(&outer, sizeof outer);
    memory_wipe(&inner, sizeof inner);
    memory_wipe(&state, sizeof state);
}

/* H(key), the key being as long as the digest. */
static void hash_key(const struct scram_hash *hash, const unsigned char *key, unsigned char *digest)
{
    union hash_context context;
    size_t size = hash->hash->digest_size;
    hash->hash->init(&context);
    hash->hash->update(&context, size, key);
    hash->hash->digest(&context, size, digest);
    memory_wipe(&context, sizeof context);
}

/* ---- Keys ------------------------------------------------------------------------------------------ */

/* A decimal number from 1 to the limit, without leading zeros, up to `end`. */
static bool read_iterations(unsigned *iterations, const char *text, const char *end)
{
    if (text == end || *text == '0')
        return false;
    unsigned value = 0;
    for (; text < end; text++) {
        if (*text < '0' || *text > '9')
            return false;
        value = value * 10 + (unsigned)(*text - '0');
        if (value > SCRAM_ITERATIONS_MAX)
            return false;
    }
    *iterations = value;
    return true;
}

static bool read_base64(unsigned char *out, size_t room, size_t *length, const char *text, const char *end)
{
    size_t text_length = (size_t)(end - text);
    if (text_length == 0 || BASE64_BYTES(text_length) > room)
        return false;
    return base64_decode(out, length, text, text_length);
}

static bool read_key(unsigned char *key, size_t size, const char *text, const char *end)
{
    unsigned char bytes[SCRAM_DIGEST_MAX + 2]; /* padding may leave two of the last three bytes unused */
    size_t length;
    bool read = read_base64(bytes, sizeof bytes, &length, text, end) && length == size;
    if (read)
        memcpy(key, bytes, size);
    memory_wipe(bytes, sizeof bytes);
    return read;
}

bool scram_keys_read(struct scram_keys *keys, enum core_mechanism mechanism, const char *stored)
{
    keys->hash = find_hash(mechanism);
    if (stored == NULL)
        return false;
    const char *colon = strchr(stored, ':');
    const char *dollar = colon != NULL ? strchr(colon, '$') : NULL;
    const char *second = dollar != NULL ? strchr(dollar, ':') : NULL;
    if (second == NULL)
        return false;
    size_t size = scram_proof_length(keys);
    return read_iterations(&keys->iterations, stored, colon) &&
           read_base64(keys->salt, sizeof keys->salt, &keys->salt_length, colon + 1, dollar) &&
           read_key(keys->stored_key, size, dollar + 1, second) &&
           read_key(keys->server_key, size, second + 1, second + strlen(second));
}

void scram_keys_fake(struct scram_keys *keys, enum core_mechanism mechanism, const struct scram_model *model,
                     const char *username, const char *domain)
{
    assert(model->salt_length > 0 && model->salt_length <= SCRAM_DIGEST_MAX);
    const char *name = mechanism == CORE_SCRAM_SHA_1 ? "SCRAM-SHA-1|" : "SCRAM-SHA-256|";
    memset(keys, 0, sizeof *keys);
    keys->hash = find_hash(mechanism);
    keys->iterations = model->iterations;
    keys->salt_length = model->salt_length;

    struct hmac_sha256_ctx context;
    hmac_sha256_set_key(&context, model->secret_length, model->secret);
    hmac_sha256_update(&context, strlen(name), (const uint8_t *)name);
    hmac_sha256_update(&context, strlen(username), (const uint8_t *)username);
    hmac_sha256_update(&context, 1, (const uint8_t *)"|");
    hmac_sha256_update(&context, strlen(domain), (const uint8_t *)domain);
    hmac_sha256_digest(&context, model->salt_length, keys->salt);
    memory_wipe(&context, sizeof context);
}

/* SaltedPassword := Hi(password, salt, i) */
static void salt_password(const struct scram_keys *keys, const char *password, size_t length,
                          unsigned char *salted)
{
    keys->hash->pbkdf2(length, (const uint8_t *)password, keys->iterations, keys->salt_length, keys->salt,
                       scram_proof_length(keys), salted);
}

/* StoredKey := H(HMAC(SaltedPassword, "Client Key")) */
static void derive_stored_key(const struct scram_keys *keys, const unsigned char *salted,
                              unsigned char *stored_key)
{
    unsigned char client_key[SCRAM_DIGEST_MAX];
    hmac(keys->hash, salted, "Client Key", strlen("Client Key"), client_key);
    hash_key(keys->hash, client_key, stored_key);
    memory_wipe(client_key, sizeof client_key);
}

bool scram_keys_fit(const struct scram_keys *keys, const char *password, size_t length)
{
    unsigned char salted[SCRAM_DIGEST_MAX], stored_key[SCRAM_DIGEST_MAX];
    salt_password(keys, password, length, salted);
    derive_stored_key(keys, salted, stored_key);
    bool fit = memeql_sec(stored_key, keys->stored_key, scram_proof_length(keys)) != 0;
    memory_wipe(salted, sizeof salted);
    memory_wipe(stored_key, sizeof stored_key);
    return fit;
}

void scram_keys_make(struct scram_keys *keys, enum core_mechanism mechanism, const char *password,
                     size_t length, const unsigned char *salt, size_t salt_length, unsigned iterations)
{
    assert(salt_length > 0 && salt_length <= SCRAM_SALT_MAX);
    assert(iterations > 0 && iterations <= SCRAM_ITERATIONS_MAX);
    *keys = (struct scram_keys){ .hash = find_hash(mechanism),
                                 .iterations = iterations,
                                 .salt_length = salt_length };
    memcpy(keys->salt, salt, salt_length);
    unsigned char salted[SCRAM_DIGEST_MAX];
    salt_password(keys, password, length, salted);
    derive_stored_key(keys, salted, keys->stored_key);
    hmac(keys->hash, salted, "Server Key", strlen("Server Key"), keys->server_key);
    memory_wipe(salted, sizeof salted);
}

void scram_keys_write(struct buffer *out, const struct scram_keys *keys)
{
    size_t size = scram_proof_length(keys);
    buffer_number(out, keys->iterations);
    buffer_string(out, ":");
    base64_append(out, keys->salt, keys->salt_length);
    buffer_string(out, "$");
    base64_append(out, keys->stored_key, size);
    buffer_string(out, ":");
    base64_append(out, keys->server_key, size);
}

size_t scram_proof_length(const struct scram_keys *keys)
{
    assert(keys->hash->hash->digest_size <= SCRAM_DIGEST_MAX);
    return keys->hash->hash->digest_size;
}

/* RFC 5802, 3: ClientKey = ClientProof XOR ClientSignature, and its hash is the StoredKey. */
bool scram_proof_valid(const struct scram_keys *keys, const char *auth_message, size_t length,
                       const unsigned char *proof)
{
    unsigned char client_key[SCRAM_DIGEST_MAX], stored_key[SCRAM_DIGEST_MAX];
    size_t size = scram_proof_length(keys);
    hmac(keys->hash, keys->stored_key, auth_message, length, client_key);
    for (size_t i = 0; i < size; i++)
        client_key[i] ^= proof[i];
    hash_key(keys->hash, client_key, stored_key);
    bool valid = memeql_sec(stored_key, keys->stored_key, size) != 0;
    memory_wipe(client_key, sizeof client_key);
    memory_wipe(stored_key, sizeof stored_key);
    return valid;
}

void scram_sign(const struct scram_keys *keys, const char *auth_message, size_t length,
                unsigned char *signature)
{
    hmac(keys->hash, keys->server_key, auth_message, length, signature);
}
