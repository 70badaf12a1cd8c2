#include "scram.h"

#include "../must.h"
#include "../text.h"
#include "../world/describe.h"
#include "scram_final.h"

#include <assert.h>
#include <nettle/base64.h>
#include <nettle/hmac.h>
#include <nettle/memops.h>
#include <nettle/memxor.h>
#include <nettle/pbkdf2.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <stringprep.h>
#include <uthash.h>

enum {
    DIGEST_MOST = SHA256_DIGEST_SIZE,
    DERIVATIONS_KEPT = 4096,
    /* An upper bound: a hostile server could request many iterations (RFC 5802, 9). */
    ITERATIONS_MOST = 1000000,
};

const char *const sasl_client_mechanisms[] = {
    "EXTERNAL",         "SCRAM-SHA-256-PLUS",
    "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256",
    "SCRAM-SHA-1",      "PLAIN",
    "ANONYMOUS",        NULL,
};

/* Concatenates strings, up to NULL; the caller frees the result. */
static char *join(const char *const *strings)
{
    struct text text = { 0 };
    for (; *strings != NULL; strings++)
        text_string(&text, *strings);
    return text_take(&text);
}
#define JOIN(...) join((const char *const[]){ __VA_ARGS__, NULL })

static char *copy(const char *bytes, size_t length)
{
    char *text = must(malloc(length + 1));
    memcpy(text, bytes, length);
    text[length] = '\0';
    return text;
}

static char *encode(const void *bytes, size_t length)
{
    char *text = must(malloc(BASE64_ENCODE_RAW_LENGTH(length) + 1));
    base64_encode_raw(text, length, bytes);
    text[BASE64_ENCODE_RAW_LENGTH(length)] = '\0';
    return text;
}

/* Nettle would skip white space. */
char *sasl_decode(const char *text, size_t *length)
{
    size_t coded = strlen(text);
    if (strcspn(text, " \t\r\n\v\f") != coded)
        return NULL;
    struct base64_decode_ctx context;
    base64_decode_init(&context);
    char *bytes = must(malloc(BASE64_DECODE_LENGTH(coded) + 1));
    if (!base64_decode_update(&context, length, (uint8_t *)bytes, coded, text) ||
        !base64_decode_final(&context)) {
        free(bytes);
        return NULL;
    }
    bytes[*length] = '\0';
    return bytes;
}

/* ---- The hashes behind SCRAM ---- */

static void sha1(size_t length, const uint8_t *bytes, uint8_t *digest)
{
    struct sha1_ctx context;
    sha1_init(&context);
    sha1_update(&context, length, bytes);
    sha1_digest(&context, SHA1_DIGEST_SIZE, digest);
}

static void sha256(size_t length, const uint8_t *bytes, uint8_t *digest)
{
    struct sha256_ctx context;
    sha256_init(&context);
    sha256_update(&context, length, bytes);
    sha256_digest(&context, SHA256_DIGEST_SIZE, digest);
}

static void mac_sha1(size_t key_length, const uint8_t *key, const char *text, uint8_t *digest)
{
    struct hmac_sha1_ctx context;
    hmac_sha1_set_key(&context, key_length, key);
    hmac_sha1_update(&context, strlen(text), (const uint8_t *)text);
    hmac_sha1_digest(&context, SHA1_DIGEST_SIZE, digest);
}

static void mac_sha256(size_t key_length, const uint8_t *key, const char *text, uint8_t *digest)
{
    struct hmac_sha256_ctx context;
    hmac_sha256_set_key(&context, key_length, key);
    hmac_sha256_update(&context, strlen(text), (const uint8_t *)text);
    hmac_sha256_digest(&context, SHA256_DIGEST_SIZE, digest);
}

/* H, HMAC and Hi of RFC 5802, 2.2, for one hash. */
struct scram_hash {
    const char *mechanism;
    size_t size;
    void (*hash)(size_t length, const uint8_t *bytes, uint8_t *digest);
    void (*mac)(size_t key_length, const uint8_t *key, const char *text, uint8_t *digest);
    void (*derive)(size_t password_length, const uint8_t *password, unsigned iterations, size_t salt_length,
                   const uint8_t *salt, size_t length, uint8_t *key);
};

static const struct scram_hash scram_hashes[] = {
    { "SCRAM-SHA-1", SHA1_DIGEST_SIZE, sha1, mac_sha1, pbkdf2_hmac_sha1 },
    { "SCRAM-SHA-256", SHA256_DIGEST_SIZE, sha256, mac_sha256, pbkdf2_hmac_sha256 },
};

/* Finds the hash by the first `length` bytes of the name of a mechanism. */
static const struct scram_hash *scram_hash_named(const char *mechanism, size_t length)
{
    for (size_t i = 0; i < sizeof scram_hashes / sizeof *scram_hashes; i++)
        if (strncmp(scram_hashes[i].mechanism, mechanism, length) == 0 &&
            scram_hashes[i].mechanism[length] == '\0')
            return &scram_hashes[i];
    return NULL;
}

static const struct scram_hash *scram_hash_of(const char *mechanism)
{
    return scram_hash_named(mechanism, strlen(mechanism));
}

/* ---- Derivations ---- */

/* Prepares text with SASLprep; the caller frees the result.  Text that cannot be prepared is unchanged: the
 * server must refuse it. */
static char *saslprep(const char *text)
{
    const char *c = text;
    while (*c >= ' ' && *c <= '~')
        c++;
    char *prepared = NULL;
    if (*c == '\0' || stringprep_profile(text, &prepared, "SASLprep", 0) != STRINGPREP_OK)
        return copy(text, strlen(text));
    return prepared;
}

/* ClientKey, StoredKey and ServerKey (RFC 5802, 3). */
struct scram_keys {
    uint8_t client[DIGEST_MOST], stored[DIGEST_MOST], server[DIGEST_MOST];
};

struct derivation {
    UT_hash_handle hh;
    struct scram_keys keys;
    char *secret; /* as the server stores it */
    char key[];   /* "MECHANISM,ITERATIONS,LENGTH,SALT,PASSWORD", the length being the salt's */
};

static struct derivation *derivations;
static unsigned derivations_made;

static char *write_secret(const struct scram_hash *hash, const struct scram_keys *keys, const uint8_t *salt,
                          size_t salt_length, unsigned iterations)
{
    struct text secret = { 0 };
    char *coded_salt = encode(salt, salt_length);
    char *stored_key = encode(keys->stored, hash->size);
    char *server_key = encode(keys->server, hash->size);
    text_number(&secret, iterations);
    const char *const rest[] = { ":", coded_salt, "$", stored_key, ":", server_key };
    for (size_t i = 0; i < sizeof rest / sizeof *rest; i++)
        text_string(&secret, rest[i]);
    free(coded_salt);
    free(stored_key);
    free(server_key);
    return text_take(&secret);
}

static struct derivation *derive(const struct scram_hash *hash, const char *password, const uint8_t *salt,
                                 size_t salt_length, unsigned iterations, const struct text *key)
{
    struct derivation *derivation = must(calloc(1, sizeof *derivation + key->length));
    memcpy(derivation->key, key->bytes, key->length);
    char *prepared = saslprep(password);
    uint8_t salted[DIGEST_MOST]; /* SaltedPassword */
    hash->derive(strlen(prepared), (const uint8_t *)prepared, iterations, salt_length, salt, hash->size,
                 salted);
    free(prepared);
    struct scram_keys *keys = &derivation->keys;
    hash->mac(hash->size, salted, "Client Key", keys->client);
    hash->hash(hash->size, keys->client, keys->stored);
    hash->mac(hash->size, salted, "Server Key", keys->server);
    derivation->secret = write_secret(hash, keys, salt, salt_length, iterations);
    derivations_made++;
    return derivation;
}

/* The keys of a password, cached; valid until the next call. */
static const struct derivation *derivation_of(const struct scram_hash *hash, const char *password,
                                              const uint8_t *salt, size_t salt_length, unsigned iterations)
{
    struct text key = { 0 };
    text_string(&key, hash->mechanism);
    text_string(&key, ",");
    text_number(&key, iterations);
    text_string(&key, ",");
    text_number(&key, salt_length);
    text_string(&key, ",");
    text_append(&key, (const char *)salt, salt_length);
    text_string(&key, ",");
    text_string(&key, password);
    struct derivation *derivation = NULL;
    HASH_FIND(hh, derivations, key.bytes, key.length, derivation);
    if (derivation == NULL) {
        if (HASH_COUNT(derivations) == DERIVATIONS_KEPT)
            scram_forget();
        derivation = derive(hash, password, salt, salt_length, iterations, &key);
        HASH_ADD(hh, derivations, key[0], key.length, derivation);
    }
    text_free(&key);
    return derivation;
}

unsigned scram_derivations(void)
{
    return derivations_made;
}

void scram_forget(void)
{
    struct derivation *derivation = derivations;
    HASH_CLEAR(hh, derivations);
    while (derivation != NULL) {
        struct derivation *following = derivation->hh.next;
        free(derivation->secret);
        free(derivation);
        derivation = following;
    }
}

char *scram_secret(const char *mechanism, const char *password, const char *salt, unsigned iterations)
{
    const struct scram_hash *hash = scram_hash_of(mechanism);
    assert(hash != NULL && iterations > 0);
    const char *secret =
        derivation_of(hash, password, (const uint8_t *)salt, strlen(salt), iterations)->secret;
    return copy(secret, strlen(secret));
}

/* only the server key is compared, which is sufficient */
bool scram_is_secret_of(const char *secret, const char *mechanism, const char *password)
{
    const struct scram_hash *hash = scram_hash_of(mechanism);
    assert(hash != NULL);
    char *end;
    const unsigned long iterations = strtoul(secret, &end, 10);
    size_t coded = *end == ':' ? strcspn(end + 1, "$") : 0;
    if (coded == 0 || iterations == 0 || iterations > ITERATIONS_MOST)
        return false;
    char *coded_salt = copy(end + 1, coded);
    size_t length;
    char *salt = sasl_decode(coded_salt, &length);
    free(coded_salt);
    if (salt == NULL)
        return false;
    const struct scram_keys *keys =
        &derivation_of(hash, password, (const uint8_t *)salt, length, (unsigned)iterations)->keys;
    char *server_key = encode(keys->server, hash->size);
    const char *last = strrchr(secret, ':') + 1;
    bool same = strcmp(last, server_key) == 0;
    free(server_key);
    free(salt);
    return same;
}

/* ClientKey is the proof with ClientSignature taken off, and StoredKey its hash. */
bool scram_is_proof_of(const char *secret, const char *mechanism, const char *auth_message, const char *proof)
{
    const struct scram_hash *hash = scram_hash_of(mechanism);
    assert(hash != NULL);
    uint8_t signature[DIGEST_MOST], found[DIGEST_MOST];
    size_t stored_length = 0, proof_length = 0;
    const char *begin = strchr(secret, '$');
    char *coded = begin != NULL ? copy(begin + 1, strcspn(begin + 1, ":")) : NULL;
    char *stored = coded != NULL ? sasl_decode(coded, &stored_length) : NULL;
    char *key = sasl_decode(proof, &proof_length);
    bool is_right =
        stored != NULL && key != NULL && stored_length == hash->size && proof_length == hash->size;
    if (is_right) {
        hash->mac(hash->size, (const uint8_t *)stored, auth_message, signature);
        memxor(key, signature, hash->size);
        hash->hash(hash->size, (const uint8_t *)key, found);
        is_right = memcmp(found, stored, hash->size) == 0;
    }
    free(coded);
    free(stored);
    free(key);
    return is_right;
}

/* ---- A negotiation ---- */

struct sasl_client {
    const struct scram_hash *hash; /* NULL for a mechanism of one message */
    enum { BEFORE_CHALLENGE, BEFORE_SUCCESS, BROKEN } state;
    bool is_initial_due; /* it answers the first challenge, which is empty */
    bool is_optional;    /* a server need not wait for the first message (XEP-0175) */
    char *message;       /* the last message of the client, in base64 */
    /* SCRAM only: */
    char *password, *nonce;
    char *first_bare; /* client-first-message-bare */
    char *gs2_header;
    const unsigned char *channel; /* the channel binding; borrowed */
    size_t channel_length;
    const struct scram_variant *variant; /* of client-final-message; NULL for the right one */
    uint8_t server_signature[DIGEST_MOST];
};

/* authzid NUL authcid NUL passwd, the first empty (RFC 4616, 2) */
static char *plain_message(const char *user, const char *password)
{
    struct text message = { 0 };
    text_append(&message, "", 1);
    text_append(&message, user, strlen(user) + 1);
    text_string(&message, password);
    char *coded = encode(message.bytes, message.length);
    text_free(&message);
    return coded;
}

/* A user name as a saslname: "=" and "," are written as "=3D" and "=2C" (RFC 5802, 5.1). */
static char *saslname(const char *user)
{
    char *prepared = saslprep(user);
    char *name = must(malloc(3 * strlen(prepared) + 1));
    char *end = name;
    for (const char *c = prepared; *c != '\0'; c++) {
        if (*c != '=' && *c != ',') {
            *end++ = *c;
            continue;
        }
        *end++ = '=';
        *end++ = *c == '=' ? '3' : '2';
        *end++ = *c == '=' ? 'D' : 'C';
    }
    *end = '\0';
    free(prepared);
    return name;
}

static void scram_begin(struct sasl_client *sasl, const char *user, const char *password, const char *nonce)
{
    assert(nonce[0] != '\0' && strchr(nonce, ',') == NULL);
    sasl->password = copy(password, strlen(password));
    sasl->nonce = copy(nonce, strlen(nonce));
    char *name = saslname(user);
    sasl->first_bare = JOIN("n=", name, ",r=", nonce);
    char *first = JOIN(sasl->gs2_header, sasl->first_bare);
    sasl->message = encode(first, strlen(first));
    free(name);
    free(first);
}

/* Mechanisms with one message, which is `user`, or "=" when that is empty (RFC 6120, 6.4.2). */
static char *bare_message(const char *user)
{
    return user[0] == '\0' ? copy("=", 1) : encode(user, strlen(user));
}

/* The message of a mechanism with only one; NULL for any other. */
static char *only_message(const char *mechanism, const char *user, const char *password)
{
    if (strcmp(mechanism, "PLAIN") == 0)
        return plain_message(user, password);
    if (strcmp(mechanism, "EXTERNAL") == 0 || strcmp(mechanism, "ANONYMOUS") == 0)
        return bare_message(user);
    return NULL;
}

/* The hash of a SCRAM mechanism; -PLUS is allowed with channel binding only, and required then. */
static const struct scram_hash *hash_bound(const char *mechanism, const struct sasl_binding *binding)
{
    size_t length = strlen(mechanism);
    bool plus = length > 5 && strcmp(mechanism + length - 5, "-PLUS") == 0;
    if (plus != (binding->flag == 'p'))
        return NULL;
    return scram_hash_named(mechanism, plus ? length - 5 : length);
}

struct sasl_client *sasl_client_bound(const char *mechanism, const char *user, const char *password,
                                      const char *nonce, const struct sasl_binding *binding)
{
    const struct scram_hash *hash = hash_bound(mechanism, binding);
    char *message = hash == NULL ? only_message(mechanism, user, password) : NULL;
    if (hash == NULL && message == NULL)
        return NULL;
    struct sasl_client *sasl = must(calloc(1, sizeof *sasl));
    sasl->hash = hash;
    sasl->message = message;
    sasl->is_optional = strcmp(mechanism, "ANONYMOUS") == 0;
    sasl->state = BEFORE_SUCCESS;
    if (hash == NULL)
        return sasl;
    bool bound = binding->flag == 'p';
    sasl->state = BEFORE_CHALLENGE;
    const char flag[] = { binding->flag, '\0' };
    sasl->gs2_header = bound ? JOIN("p=", binding->type, ",,") : JOIN(flag, ",,");
    sasl->channel = binding->data;
    sasl->channel_length = bound ? binding->length : 0;
    scram_begin(sasl, user, password, nonce);
    return sasl;
}

struct sasl_client *sasl_client_new(const char *mechanism, const char *user, const char *password,
                                    const char *nonce)
{
    return sasl_client_bound(mechanism, user, password, nonce, &(struct sasl_binding){ .flag = 'n' });
}

void sasl_client_free(struct sasl_client *sasl)
{
    if (sasl == NULL)
        return;
    free(sasl->message);
    free(sasl->password);
    free(sasl->nonce);
    free(sasl->first_bare);
    free(sasl->gs2_header);
    free(sasl);
}

const char *sasl_client_initial(struct sasl_client *sasl)
{
    return sasl->message;
}

/* The value of the attribute that `rest` begins with, terminated there; NULL when it is another attribute. */
static char *cut_attribute(char **rest, char name)
{
    char *value = *rest;
    if (value[0] != name || value[1] != '=')
        return NULL;
    value += 2;
    *rest = value + strcspn(value, ",");
    if (**rest == ',')
        *(*rest)++ = '\0';
    return value;
}

/* posit-number (RFC 5802, 7); 0 when the text is not one, or above the bound. */
static unsigned read_iterations(const char *text)
{
    unsigned iterations = 0;
    for (const char *c = text; *c != '\0'; c++) {
        if (*c < '0' || *c > '9' || text[0] == '0')
            return 0;
        iterations = 10 * iterations + (unsigned)(*c - '0');
        if (iterations > ITERATIONS_MOST)
            return 0;
    }
    return iterations;
}

/* Whether a nonce is that of the client, followed by at least one printable character of the server (RFC
 * 5802, 5.1 and 7). */
static bool nonce_is_joint(const char *nonce, const char *ours)
{
    size_t length = strlen(ours);
    if (strncmp(nonce, ours, length) != 0 || nonce[length] == '\0')
        return false;
    for (const char *c = nonce; *c != '\0'; c++)
        if (*c < '!' || *c > '~')
            return false;
    return true;
}

struct server_first {
    char *nonce;
    char *salt; /* decoded; to be freed */
    size_t salt_length;
    unsigned iterations;
};

/* Parses server-first-message, in place.  A mandatory extension comes first (RFC 5802, 5.1), so it is refused
 * because it is not the nonce. */
static bool read_server_first(char *text, const char *our_nonce, struct server_first *first)
{
    char *rest = text;
    first->nonce = cut_attribute(&rest, 'r');
    char *salt = first->nonce == NULL ? NULL : cut_attribute(&rest, 's');
    char *iterations = salt == NULL ? NULL : cut_attribute(&rest, 'i');
    if (iterations == NULL || !nonce_is_joint(first->nonce, our_nonce))
        return false;
    first->iterations = read_iterations(iterations);
    if (first->iterations == 0)
        return false;
    first->salt = sasl_decode(salt, &first->salt_length);
    return first->salt != NULL;
}

/* Answers server-first-message with client-final-message (RFC 5802, 3), and computes the expected server
 * signature. */
static void scram_prove(struct sasl_client *sasl, const struct server_first *first, const char *server_first)
{
    const struct scram_hash *hash = sasl->hash;
    const struct scram_keys *keys = &derivation_of(hash, sasl->password, (const uint8_t *)first->salt,
                                                   first->salt_length, first->iterations)
                                         ->keys;
    struct scram_final_parts parts = {
        .gs2_header = sasl->gs2_header,
        .channel = sasl->channel,
        .channel_length = sasl->channel_length,
        .own_nonce = sasl->nonce,
        .nonce = first->nonce,
    };
    char *covered = scram_final_covered(sasl->variant, &parts);
    char *auth_message = JOIN(sasl->first_bare, ",", server_first, ",", covered);
    uint8_t proof[DIGEST_MOST];
    hash->mac(hash->size, keys->stored, auth_message, proof);
    for (size_t i = 0; i < hash->size; i++)
        proof[i] ^= keys->client[i];
    hash->mac(hash->size, keys->server, auth_message, sasl->server_signature);

    parts.covered = covered;
    parts.proof = proof;
    parts.proof_length = hash->size;
    char *final = scram_final_whole(sasl->variant, &parts);
    free(sasl->message);
    sasl->message = encode(final, strlen(final));
    free(covered);
    free(auth_message);
    free(final);
}

/* What would be an initial response of "=" is empty as a response: only there must it be told from none (RFC 6120,
 * 6.4.2). */
static const char *respond_initially(struct sasl_client *sasl, const char *challenge)
{
    sasl->is_initial_due = false;
    if (challenge[0] != '\0') {
        sasl->state = BROKEN;
        return NULL;
    }
    return strcmp(sasl->message, "=") == 0 ? "" : sasl->message;
}

void sasl_client_wait_for_challenge(struct sasl_client *sasl)
{
    sasl->is_initial_due = true;
}

bool sasl_client_vary(struct sasl_client *sasl, const struct scram_variant *variant)
{
    const bool possible = sasl->hash != NULL && sasl->state == BEFORE_CHALLENGE;
    if (possible)
        sasl->variant = variant;
    return possible;
}

const char *sasl_client_respond(struct sasl_client *sasl, const char *challenge)
{
    if (sasl->is_initial_due)
        return respond_initially(sasl, challenge);
    bool expected = sasl->state == BEFORE_CHALLENGE;
    sasl->state = BROKEN;
    size_t length;
    char *server_first = expected ? sasl_decode(challenge, &length) : NULL;
    if (server_first == NULL)
        return NULL;
    char *text = copy(server_first, length);
    struct server_first first;
    bool understood = strlen(server_first) == length && read_server_first(text, sasl->nonce, &first);
    if (understood) {
        scram_prove(sasl, &first, server_first);
        sasl->state = BEFORE_SUCCESS;
        free(first.salt);
    }
    free(text);
    free(server_first);
    return understood ? sasl->message : NULL;
}

/* Whether server-final-message has the expected signature. */
static bool is_signed(const struct sasl_client *sasl, char *server_final)
{
    char *rest = server_final;
    const char *verifier = cut_attribute(&rest, 'v');
    if (verifier == NULL)
        return false;
    size_t length;
    char *signature = sasl_decode(verifier, &length);
    if (signature == NULL)
        return false;
    bool right = length == sasl->hash->size && memeql_sec(signature, sasl->server_signature, length);
    free(signature);
    return right;
}

bool sasl_client_accept(struct sasl_client *sasl, const char *text)
{
    if (sasl->state != BEFORE_SUCCESS || (sasl->is_initial_due && !sasl->is_optional))
        return false;
    bool empty = text == NULL || text[0] == '\0';
    if (sasl->hash == NULL)
        return empty;
    size_t length;
    char *server_final = empty ? NULL : sasl_decode(text, &length);
    bool accepted = server_final != NULL && strlen(server_final) == length && is_signed(sasl, server_final);
    free(server_final);
    return accepted;
}

/* ---- Described ---- */

void sasl_client_describe(struct description *description, const struct sasl_client *sasl)
{
    static const char *const states[] = { [BEFORE_CHALLENGE] = "waits for a challenge",
                                          [BEFORE_SUCCESS] = "waits for success",
                                          [BROKEN] = "broken" };
    describe_line(description, "negotiation");
    describe_word(description, true, states[sasl->state]);
    describe_word(description, sasl->is_initial_due, "has not sent its first message");
    describe_string(description, "last message with", sasl->variant != NULL ? sasl->variant->name : NULL);
    describe_string(description, "sent", sasl->message);
    describe_string(description, "password", sasl->password);
    describe_string(description, "nonce", sasl->nonce);
    describe_string(description, "first message", sasl->first_bare);
    describe_string(description, "GS2 header", sasl->gs2_header);
    if (sasl->hash != NULL && sasl->state == BEFORE_SUCCESS)
        describe_secret(description, "the server's signature", (const char *)sasl->server_signature,
                        sizeof sasl->server_signature);
}
