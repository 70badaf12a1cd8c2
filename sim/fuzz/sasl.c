/*
 * SASL negotiations without a stream.
 *
 * The first byte chooses what the server offers, the second what storage has; the rest are steps: a byte that chooses
 * one, and a text up to a line feed.  A text is sent as it is, or in base64, so that what is inside of it is found.
 *
 * What must hold is in core/sasl/sasl.h: what is sent is base64; a success needs the right password, a certificate or
 * ANONYMOUS; after it the username is one that Nodeprep does not change; whatever happens, all memory is freed.
 */
#include "fuzz.h"

#include "base/jid.h"
#include "sasl/sasl.h"

#include "../../core/tests/host.h"
#include "../world/heap.h"

#include <nettle/base64.h>
#include <nettle/hmac.h>
#include <nettle/pbkdf2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct fuzz_target fuzz_target = {
    .name = "sasl",
    .what = "steps of a SASL negotiation: mechanisms, responses in base64 or not, answers of storage",
    .longest = 2048,
    .seconds = 10,
    .megabytes = 512,
    .dictionary = "sasl.dict",
};

static const unsigned char secret[CORE_SECRET] = "a secret of the server";
static struct core_memory memory;

static void random_bytes(void *host, void *bytes, size_t length)
{
    unsigned char *next = host;
    for (size_t i = 0; i < length; i++)
        ((unsigned char *)bytes)[i] = (*next)++;
}

static bool is_base64(const char *text)
{
    struct base64_decode_ctx context;
    uint8_t out[4096];
    size_t length = sizeof out;
    base64_decode_init(&context);
    if (BASE64_DECODE_LENGTH(strlen(text)) > sizeof out)
        return true; /* too long for this check */
    return base64_decode_update(&context, &length, out, strlen(text), text) && base64_decode_final(&context);
}

struct run {
    struct fuzz_input input;
    struct sasl *sasl;
    enum sasl_outcome last; /* of the last step */
    const char *mechanism;
    uint8_t storage;
    bool asked; /* storage, so a step waits for it */
};

static void check_step(struct run *run, struct sasl_step step)
{
    char prepared[JID_PART_MAX + 1];
    const char *username = sasl_username(run->sasl);
    run->asked = step.outcome == SASL_CREDENTIALS;
    fuzz_check(step.text == NULL || is_base64(step.text), "what is sent is not base64: %s", step.text);
    if (step.outcome == SASL_FAILURE)
        fuzz_check(sasl_condition_name(step.condition) != NULL, "a failure has no condition");
    if (step.outcome == SASL_FAILURE || step.outcome == SASL_SUCCESS)
        fuzz_check(!sasl_is_under_way(run->sasl), "a negotiation that has ended is under way");
    if (step.outcome != SASL_SUCCESS && step.outcome != SASL_CREDENTIALS)
        return;
    fuzz_check(username != NULL, "there is no username");
    fuzz_check(jid_prepare_local(prepared, username, strlen(username)) && strcmp(prepared, username) == 0,
               "the username is not prepared: %s", username);
    fuzz_check(step.outcome != SASL_SUCCESS || run->storage % 4 == 0 ||
                   strcmp(run->mechanism, "ANONYMOUS") == 0,
               "%s has logged in without an account", username);
}

/* The text of a step: as it is, in base64, or NULL. */
static char *text_of(struct run *run, uint8_t form)
{
    size_t length;
    const char *bytes = fuzz_until(&run->input, '\n', &length);
    char *text = calloc(1, BASE64_ENCODE_RAW_LENGTH(length) + length + 1);
    if (text == NULL)
        abort();
    if (form % 2 == 0)
        base64_encode_raw(text, length, (const uint8_t *)bytes);
    else if (length > 0)
        memcpy(text, bytes, length);
    return text;
}

static const char password[] = "pencil", salt[] = "salty";
enum { ITERATIONS = 3, ENTRY = 160 };

/* The form of core.h, from SaltedPassword, ClientKey, StoredKey and ServerKey (RFC 5802, 3). */
static void write_entry(char *entry, const uint8_t *stored, const uint8_t *server, size_t length)
{
    char texts[3][BASE64_ENCODE_RAW_LENGTH(SHA256_DIGEST_SIZE) + 1] = { "" };
    base64_encode_raw(texts[0], sizeof salt - 1, (const uint8_t *)salt);
    base64_encode_raw(texts[1], length, stored);
    base64_encode_raw(texts[2], length, server);
    snprintf(entry, ENTRY, "%d:%s$%s:%s", ITERATIONS, texts[0], texts[1], texts[2]);
}

static const char *entry_sha1(void)
{
    static char entry[ENTRY];
    uint8_t salted[SHA1_DIGEST_SIZE], client[SHA1_DIGEST_SIZE], stored[SHA1_DIGEST_SIZE],
        server[SHA1_DIGEST_SIZE];
    struct sha1_ctx context;
    if (entry[0] != '\0')
        return entry;
    pbkdf2_hmac_sha1(sizeof password - 1, (const uint8_t *)password, ITERATIONS, sizeof salt - 1,
                     (const uint8_t *)salt, sizeof salted, salted);
    host_hmac(salted, "Client Key", client);
    host_hmac(salted, "Server Key", server);
    sha1_init(&context);
    sha1_update(&context, sizeof client, client);
    sha1_digest(&context, sizeof stored, stored);
    write_entry(entry, stored, server, sizeof stored);
    return entry;
}

static void hmac_256(const uint8_t *key, const char *text, uint8_t *digest)
{
    struct hmac_sha256_ctx context;
    hmac_sha256_set_key(&context, SHA256_DIGEST_SIZE, key);
    hmac_sha256_update(&context, strlen(text), (const uint8_t *)text);
    hmac_sha256_digest(&context, SHA256_DIGEST_SIZE, digest);
}

static const char *entry_sha256(void)
{
    static char entry[ENTRY];
    uint8_t salted[SHA256_DIGEST_SIZE], client[SHA256_DIGEST_SIZE], stored[SHA256_DIGEST_SIZE],
        server[SHA256_DIGEST_SIZE];
    struct sha256_ctx context;
    if (entry[0] != '\0')
        return entry;
    pbkdf2_hmac_sha256(sizeof password - 1, (const uint8_t *)password, ITERATIONS, sizeof salt - 1,
                       (const uint8_t *)salt, sizeof salted, salted);
    hmac_256(salted, "Client Key", client);
    hmac_256(salted, "Server Key", server);
    sha256_init(&context);
    sha256_update(&context, sizeof client, client);
    sha256_digest(&context, sizeof stored, stored);
    write_entry(entry, stored, server, sizeof stored);
    return entry;
}

/* An account, a disabled one, none, or a failure. */
static void answer(struct run *run)
{
    static const enum core_store_status status[] = { CORE_STORED, CORE_STORED, CORE_NO_ACCOUNT,
                                                     CORE_STORE_FAILED };
    static const size_t counts[] = { 2, 3, 0, 0 };
    const struct core_store_entry entries[] = { { "SCRAM-SHA-1", entry_sha1() },
                                                { "SCRAM-SHA-256", entry_sha256() },
                                                { "status", "disabled" } };
    const uint8_t kind = run->storage % 4;
    run->asked = false;
    check_step(run, sasl_credentials(run->sasl, status[kind], entries, counts[kind]));
}

/* Only what a stream would do: a step when none waits for storage, and the answer when one does. */
static void step(struct run *run)
{
    static const char *const mechanisms[] = {
        "PLAIN",    "SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS",
        "EXTERNAL", "ANONYMOUS",   "NONE"
    };
    const uint8_t choice = fuzz_byte(&run->input);
    char *text = text_of(run, choice / 64);
    if (run->asked && choice % 8 == 7)
        sasl_outdate(run->sasl);
    if (run->asked) {
        answer(run);
    } else if (choice % 4 == 3) {
        check_step(run, sasl_abort(run->sasl));
    } else if (sasl_is_under_way(run->sasl)) {
        check_step(run, sasl_response(run->sasl, text));
    } else {
        run->mechanism = mechanisms[choice / 4 % 8];
        check_step(run, sasl_auth(run->sasl, run->mechanism, text));
    }
    free(text);
}

static void run_all(struct run *run, uint8_t offers)
{
    static const char *const identities[] = { "romeo@localhost", "juliet@localhost", "romeo@example.com" };
    unsigned char chance = 0;
    const struct core_tls tls = {
        .exporter = { (const unsigned char *)"exporter", 8 },
        .server_end_point = { (const unsigned char *)"certificate", 11 },
        .identities = identities,
        .identity_count = offers % 4,
    };
    const struct sasl_server server = {
        .memory = &memory,
        .random = random_bytes,
        .random_host = &chance,
        .domain = "localhost",
        .mechanisms = offers >= 192 ? CORE_SCRAM_SHA_1 | CORE_SCRAM_SHA_256 : 127u,
        .needs_encryption = offers >= 192 ? CORE_PLAIN : 0,
        .full = offers % 8 == 7,
        .tls = offers >= 64 ? &tls : NULL,
        .iterations = 3,
        .salt_bytes = 16,
        .secret = secret,
    };
    run->sasl = sasl_new(&server);
    fuzz_check(run->sasl != NULL, "there is no negotiation");
    while (run->input.left > 0)
        step(run);
    sasl_free(run->sasl);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct run run = { .input = { bytes, size }, .mechanism = "" };
    const uint8_t offers = fuzz_byte(&run.input);
    run.storage = fuzz_byte(&run.input);
    memory = heap_memory();
    const size_t blocks = heap_use().blocks;
    run_all(&run, offers);
    fuzz_check(heap_use().blocks == blocks, "a negotiation has not freed %zu blocks",
               heap_use().blocks - blocks);
    return 0;
}
