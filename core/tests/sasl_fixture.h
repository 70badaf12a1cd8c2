/*
 * sasl_fixture.h - the fixture of SASL's tests: counting memory, a server with two kinds of keys, and a
 * client, which shares only nettle with the core.
 */
#ifndef CORE_TESTS_SASL_FIXTURE_H
#define CORE_TESTS_SASL_FIXTURE_H

#include "sasl/sasl.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nettle/base64.h>
#include <nettle/hmac.h>
#include <nettle/pbkdf2.h>

#include <cmocka.h>

/* ---- Memory that counts, fails once, and searches freed blocks ---- */

static size_t live, allocations, fail_at;
static const char *forbidden; /* no freed block contains this */

struct block {
    size_t size;
    size_t padding;
};

static bool fails(void)
{
    return ++allocations == fail_at;
}

static void *memory_alloc(size_t size)
{
    if (fails())
        return NULL;
    struct block *block = malloc(sizeof *block + size);
    assert_non_null(block);
    block->size = size;
    live++;
    return block + 1;
}

static void memory_release(void *pointer)
{
    if (pointer == NULL)
        return;
    struct block *block = (struct block *)pointer - 1;
    size_t length = forbidden != NULL ? strlen(forbidden) : 0;
    for (size_t i = 0; length > 0 && i + length <= block->size; i++)
        assert_memory_not_equal((char *)pointer + i, forbidden, length);
    live--;
    free(block);
}

static void *memory_resize(void *pointer, size_t size)
{
    void *grown = memory_alloc(size);
    if (grown == NULL || pointer == NULL)
        return grown;
    size_t old = ((struct block *)pointer - 1)->size;
    memcpy(grown, pointer, old < size ? old : size);
    memory_release(pointer);
    return grown;
}

static const struct core_memory memory = { memory_alloc, memory_resize, memory_release };

/* ---- A server ---- */

static void count_up(void *host, void *bytes, size_t length)
{
    unsigned char *next = host;
    for (size_t i = 0; i < length; i++)
        ((unsigned char *)bytes)[i] = (*next)++;
}

static unsigned char counter;

static const struct sasl_server server = {
    .memory = &memory,
    .random = count_up,
    .random_host = &counter,
    .domain = "localhost",
    .mechanisms = CORE_PLAIN | CORE_SCRAM_SHA_1 | CORE_SCRAM_SHA_256,
    .iterations = 4096,
    .salt_bytes = 16,
    .secret = (const unsigned char *)"0123456789abcdef0123456789abcdef",
};

static int set_up(void **state)
{
    live = allocations = fail_at = 0;
    counter = 0;
    forbidden = NULL;
    *state = sasl_new(&server);
    return *state == NULL;
}

static int tear_down(void **state)
{
    sasl_free(*state);
    assert_int_equal(live, 0);
    return 0;
}

/* ---- A client ---- */

static const char *base64_of(const void *bytes, size_t length)
{
    static char text[8192];
    assert_true(BASE64_ENCODE_RAW_LENGTH(length) < sizeof text);
    base64_encode_raw(text, length, bytes);
    text[BASE64_ENCODE_RAW_LENGTH(length)] = '\0';
    return text;
}

static const char *base64(const char *string)
{
    return base64_of(string, strlen(string));
}

static const char *decoded(const char *text)
{
    static char bytes[8192];
    struct base64_decode_ctx context;
    size_t length;
    assert_non_null(text);
    base64_decode_init(&context);
    assert_true(base64_decode_update(&context, &length, (uint8_t *)bytes, strlen(text), text));
    assert_true(base64_decode_final(&context));
    bytes[length] = '\0';
    return bytes;
}

static const struct hash {
    const char *mechanism;
    const struct nettle_hash *nettle;
    void (*pbkdf2)(size_t, const uint8_t *, unsigned, size_t, const uint8_t *, size_t, uint8_t *);
} hashes[] = {
    { "SCRAM-SHA-1", &nettle_sha1, pbkdf2_hmac_sha1 },
    { "SCRAM-SHA-256", &nettle_sha256, pbkdf2_hmac_sha256 },
};

static void hmac(const struct hash *hash, const uint8_t *key, const char *text, uint8_t *digest)
{
    struct sha256_ctx outer, inner, context; /* the larger one */
    hmac_set_key(&outer, &inner, &context, hash->nettle, hash->nettle->digest_size, key);
    hash->nettle->update(&context, strlen(text), (const uint8_t *)text);
    hmac_digest(&outer, &inner, &context, hash->nettle, hash->nettle->digest_size, digest);
}

struct derived {
    uint8_t client_key[32], stored_key[32], server_key[32];
};

/* RFC 5802, 3. */
static struct derived derive(const struct hash *hash, const char *password, const char *salt,
                             unsigned iterations)
{
    struct derived keys;
    uint8_t salted[32];
    struct sha256_ctx context;
    size_t size = hash->nettle->digest_size;
    const char *bytes = decoded(salt);
    hash->pbkdf2(strlen(password), (const uint8_t *)password, iterations, strlen(bytes),
                 (const uint8_t *)bytes, size, salted);
    hmac(hash, salted, "Client Key", keys.client_key);
    hmac(hash, salted, "Server Key", keys.server_key);
    hash->nettle->init(&context);
    hash->nettle->update(&context, size, keys.client_key);
    hash->nettle->digest(&context, size, keys.stored_key);
    return keys;
}

#define SALT "c2FsdHk=" /* "salty" */
enum { ITERATIONS = 3 };

/* The entry of an account with the password. */
static struct core_store_entry entry(size_t which, const char *password)
{
    static char values[2][256];
    const struct hash *hash = &hashes[which];
    struct derived keys = derive(hash, password, SALT, ITERATIONS);
    int used = snprintf(values[which], sizeof *values, "%d:%s$%s", ITERATIONS, SALT,
                        base64_of(keys.stored_key, hash->nettle->digest_size));
    snprintf(values[which] + used, sizeof *values - (size_t)used, ":%s",
             base64_of(keys.server_key, hash->nettle->digest_size));
    return (struct core_store_entry){ hash->mechanism, values[which] };
}

/* The client's side of SCRAM after the server's challenge.  Its messages and its expectations follow RFC
 * 5802, 3; the fields may be changed in between. */
struct client {
    const struct hash *hash;
    const char *bare;
    const char *password;
    const char *channel_binding;
    char server_first[512];
    char nonce[256];
    char without_proof[1024];
    char verifier[128];
    char final[2048];
};

static struct client client_new(size_t which, const char *bare, const char *password, const char *challenge)
{
    struct client client = {
        .hash = &hashes[which], .bare = bare, .password = password, .channel_binding = "biws"
    };
    snprintf(client.server_first, sizeof client.server_first, "%s", decoded(challenge));
    assert_int_equal(sscanf(client.server_first, "r=%255[^,]", client.nonce), 1);
    return client;
}

static const char *client_final(struct client *client)
{
    char salt[256], message[4096], count[16];
    uint8_t proof[32], signature[32];
    size_t size = client->hash->nettle->digest_size;
    assert_int_equal(sscanf(strstr(client->server_first, ",s="), ",s=%255[^,],i=%15s", salt, count), 2);
    struct derived keys = derive(client->hash, client->password, salt, (unsigned)strtoul(count, NULL, 10));
    snprintf(client->without_proof, sizeof client->without_proof, "c=%s,r=%s", client->channel_binding,
             client->nonce);
    snprintf(message, sizeof message, "%s,%s,%s", client->bare, client->server_first, client->without_proof);
    hmac(client->hash, keys.stored_key, message, proof);
    for (size_t i = 0; i < size; i++)
        proof[i] ^= keys.client_key[i];
    hmac(client->hash, keys.server_key, message, signature);
    snprintf(client->verifier, sizeof client->verifier, "v=%.64s", base64_of(signature, size));
    snprintf(client->final, sizeof client->final, "%s,p=%.64s", client->without_proof,
             base64_of(proof, size));
    return base64(client->final);
}

/* ---- Expectations of a step ---- */

static void assert_failure(struct sasl *sasl, struct sasl_step step, enum sasl_condition condition)
{
    assert_int_equal(step.outcome, SASL_FAILURE);
    assert_string_equal(sasl_condition_name(step.condition), sasl_condition_name(condition));
    assert_null(step.text);
    assert_null(sasl_username(sasl));
}

static void assert_credentials(struct sasl *sasl, struct sasl_step step, const char *username)
{
    assert_int_equal(step.outcome, SASL_CREDENTIALS);
    assert_null(step.text);
    assert_string_equal(sasl_username(sasl), username);
}

static inline struct sasl_step plain(struct sasl *sasl, const char *authzid, const char *authcid,
                                     const char *password)
{
    char message[4096];
    int length = snprintf(message, sizeof message, "%s%c%s%c%s", authzid, 0, authcid, 0, password);
    return sasl_auth(sasl, "PLAIN", base64_of(message, (size_t)length));
}

/* From the initial response to the challenge. */
static inline struct sasl_step scram_start(struct sasl *sasl, size_t which, const char *password)
{
    struct core_store_entry entries[] = { entry(which, password) };
    struct sasl_step step = sasl_auth(sasl, hashes[which].mechanism, base64("n,,n=romeo,r=abc"));
    assert_credentials(sasl, step, "romeo");
    return sasl_credentials(sasl, CORE_STORED, entries, 1);
}

#endif
