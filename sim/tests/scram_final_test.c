/*
 * The client's last message in SCRAM and its variants, on the exchange of RFC 5802, 5.  The base64 here is that of the
 * texts beside it.
 */
#include "../client/scram_final.h"

#include "../client/scram.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <nettle/base64.h>
#include <nettle/hmac.h>
#include <nettle/sha1.h>

#define CLIENT_NONCE "fyko+d2lbbFgONRv9qkxdawL"
#define SERVER_NONCE "3rfcNHYJY1ZVvWVs7j"
#define NONCE        CLIENT_NONCE SERVER_NONCE
#define FIRST_BARE   "n=user,r=" CLIENT_NONCE
#define SERVER_FIRST "r=" NONCE ",s=QSXCR+Q6sek8bf92,i=4096"
#define PROOF        "v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="
#define RIGHT        "c=biws,r=" NONCE /* "n,," */

/* The StoredKey of that account: H(HMAC(SaltedPassword, "Client Key")). */
#define STORED_KEY "6dlGYMOdZcOPutkcNY8U2g7vK9Y="

enum { SIZE = SHA1_DIGEST_SIZE };

static size_t unbase64(const char *coded, char *bytes, size_t size)
{
    struct base64_decode_ctx context;
    base64_decode_init(&context);
    size_t length;
    assert_true(BASE64_DECODE_LENGTH(strlen(coded)) < size);
    assert_true(base64_decode_update(&context, &length, (uint8_t *)bytes, strlen(coded), coded));
    assert_true(base64_decode_final(&context));
    bytes[length] = '\0';
    return length;
}

static const char *base64(const char *text)
{
    static char coded[1024];
    assert_true(BASE64_ENCODE_RAW_LENGTH(strlen(text)) < sizeof coded);
    base64_encode_raw(coded, strlen(text), (const uint8_t *)text);
    coded[BASE64_ENCODE_RAW_LENGTH(strlen(text))] = '\0';
    return coded;
}

/* ---- What is sent ---- */

/* In `whole`, "PROOF" stands for the right proof over what is covered. */
struct sent {
    const char *variant, *covered, *whole;
};

/* For a client without channel binding, whose GS2 header is "n,,". */
static const struct sent unbound[] = {
    { "another flag in the GS2 header", "c=eSws,r=" NONCE, "c=eSws,r=" NONCE ",p=PROOF" }, /* y,, */
    { "an authorization identity in the GS2 header", "c=bixhPWVzY2FsdXMs,r=" NONCE,
      "c=bixhPWVzY2FsdXMs,r=" NONCE ",p=PROOF" }, /* n,a=escalus, */
    { "another channel binding type", "c=cD10bHMtdW5pcXVlLCw=,r=" NONCE,
      "c=cD10bHMtdW5pcXVlLCw=,r=" NONCE ",p=PROOF" }, /* p=tls-unique,, */
    { "other channel binding data", "c=biwsYSBjaGFubmVsIHRoYXQgaXMgbm90IHRoZXJl,r=" NONCE,
      "c=biwsYSBjaGFubmVsIHRoYXQgaXMgbm90IHRoZXJl,r=" NONCE ",p=PROOF" }, /* n,,a channel that is not there */
    { "no channel binding data", RIGHT, RIGHT ",p=PROOF" },
    { "a channel binding that is not base64", "c=*,r=" NONCE, "c=*,r=" NONCE ",p=PROOF" },
    { "an empty channel binding", "c=,r=" NONCE, "c=,r=" NONCE ",p=PROOF" },
    { "no channel binding", "r=" NONCE, "r=" NONCE ",p=PROOF" },
    { "another nonce", "c=biws,r=" CLIENT_NONCE "ArfcNHYJY1ZVvWVs7j",
      "c=biws,r=" CLIENT_NONCE "ArfcNHYJY1ZVvWVs7j,p=PROOF" },
    { "its own nonce alone", "c=biws,r=" CLIENT_NONCE, "c=biws,r=" CLIENT_NONCE ",p=PROOF" },
    { "the server's nonce alone", "c=biws,r=" SERVER_NONCE, "c=biws,r=" SERVER_NONCE ",p=PROOF" },
    { "something before the nonce", "c=biws,r=x" NONCE, "c=biws,r=x" NONCE ",p=PROOF" },
    { "something behind the nonce", "c=biws,r=" NONCE "x", "c=biws,r=" NONCE "x,p=PROOF" },
    { "an empty nonce", "c=biws,r=", "c=biws,r=,p=PROOF" },
    { "no nonce", "c=biws", "c=biws,p=PROOF" },
    { "two nonces", RIGHT ",r=" NONCE, RIGHT ",r=" NONCE ",p=PROOF" },
    { "the nonce first", "r=" NONCE ",c=biws", "r=" NONCE ",c=biws,p=PROOF" },
    { "the proof first", RIGHT, "p=PROOF," RIGHT },
    { "the proof before the nonce", RIGHT, "c=biws,p=PROOF,r=" NONCE },
    { "an optional extension", RIGHT ",x=rose", RIGHT ",x=rose,p=PROOF" },
    { "two optional extensions", RIGHT ",y=rose,X=name", RIGHT ",y=rose,X=name,p=PROOF" },
    { "a mandatory extension", RIGHT ",m=rose", RIGHT ",m=rose,p=PROOF" },
    { "an extension before the nonce", "c=biws,x=rose,r=" NONCE, "c=biws,x=rose,r=" NONCE ",p=PROOF" },
    { "an extension before everything", "x=rose," RIGHT, "x=rose," RIGHT ",p=PROOF" },
    { "an extension without a value", RIGHT ",x=", RIGHT ",x=,p=PROOF" },
    { "an extension behind the proof", RIGHT, RIGHT ",p=PROOF,x=rose" },
    { "another proof", RIGHT, RIGHT ",p=vkX8v3Bz2T0CJGbJQyF0X+HI4Ts=" },
    { "half of the proof", RIGHT, RIGHT ",p=v0X8v3Bz2T0CJA==" },
    { "a longer proof", RIGHT, RIGHT ",p=v0X8v3Bz2T0CJGbJQyF0X+HI4TsA" },
    { "a proof that is not base64", RIGHT, RIGHT ",p=*" },
    { "an empty proof", RIGHT, RIGHT ",p=" },
    { "no proof", RIGHT, RIGHT },
    { "two proofs", RIGHT, RIGHT ",p=PROOF,p=PROOF" },
    { "a comma at the end", RIGHT, RIGHT ",p=PROOF," },
};

/* For one that binds to the channel "ABCD". */
static const struct sent bound[] = {
    { "another flag in the GS2 header", "c=biws,r=" NONCE, NULL }, /* n,, */
    { "an authorization identity in the GS2 header", "c=cD10bHMtZXhwb3J0ZXIsYT1lc2NhbHVzLEFCQ0Q=,r=" NONCE,
      NULL }, /* p=tls-exporter,a=escalus,ABCD */
    { "another channel binding type", "c=cD10bHMtdW5pcXVlLCxBQkNE,r=" NONCE, NULL }, /* p=tls-unique,,ABCD */
    { "other channel binding data", "c=cD10bHMtZXhwb3J0ZXIsLEBCQ0Q=,r=" NONCE,
      NULL },                                                                   /* p=tls-exporter,,@BCD */
    { "no channel binding data", "c=cD10bHMtZXhwb3J0ZXIsLA==,r=" NONCE, NULL }, /* p=tls-exporter,, */
    { "another nonce", "c=cD10bHMtZXhwb3J0ZXIsLEFCQ0Q=,r=" CLIENT_NONCE "ArfcNHYJY1ZVvWVs7j",
      NULL }, /* p=tls-exporter,,ABCD */
};

/* Replaces each "PROOF" by the proof. */
static void put_proof_in(char *out, size_t size, const char *whole, const char *proof)
{
    size_t length = 0;
    while (*whole != '\0') {
        const bool here = strncmp(whole, "PROOF", strlen("PROOF")) == 0;
        length += (size_t)snprintf(out + length, size - length, "%.*s", here ? (int)strlen(proof) : 1,
                                   here ? proof : whole);
        assert_true(length < size);
        whole += here ? strlen("PROOF") : 1;
    }
    out[length] = '\0';
}

/* Whether the proof shows the key to the covered text (RFC 5802, 3): ClientKey is the proof XOR
 * HMAC(StoredKey, AuthMessage), and its hash is the StoredKey. */
static bool proves(const char *covered, const uint8_t proof[SIZE])
{
    char stored[64], message[1024];
    uint8_t key[SIZE], hash[SIZE];
    assert_int_equal(unbase64(STORED_KEY, stored, sizeof stored), SIZE);
    (void)snprintf(message, sizeof message, FIRST_BARE "," SERVER_FIRST ",%s", covered);
    struct hmac_sha1_ctx mac;
    hmac_sha1_set_key(&mac, SIZE, (const uint8_t *)stored);
    hmac_sha1_update(&mac, strlen(message), (const uint8_t *)message);
    hmac_sha1_digest(&mac, SIZE, key);
    for (size_t i = 0; i < SIZE; i++)
        key[i] ^= proof[i];
    struct sha1_ctx context;
    sha1_init(&context);
    sha1_update(&context, SIZE, key);
    sha1_digest(&context, SIZE, hash);
    return memcmp(hash, stored, SIZE) == 0;
}

/* The message of a client that was challenged as in the RFC, decoded. */
static void speak(const struct scram_variant *variant, char *message, size_t size)
{
    struct sasl_client *sasl = sasl_client_new("SCRAM-SHA-1", "user", "pencil", CLIENT_NONCE);
    assert_true(sasl_client_vary(sasl, variant));
    const char *response = sasl_client_respond(sasl, base64(SERVER_FIRST));
    assert_non_null(response);
    (void)unbase64(response, message, size);
    sasl_client_free(sasl);
}

/* The proof in a message: of all variants that have one, in the first p=. */
static void read_proof(const char *message, char coded[64], uint8_t proof[SIZE])
{
    const char *at = strncmp(message, "p=", 2) == 0 ? message : strstr(message, ",p=") + 1;
    char bytes[64];
    (void)snprintf(coded, 64, "%.*s", (int)strcspn(at + 2, ","), at + 2);
    assert_int_equal(unbase64(coded, bytes, sizeof bytes), SIZE);
    memcpy(proof, bytes, SIZE);
}

static void each_variant_differs_in_its_one_thing(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof unbound / sizeof unbound[0]; i++) {
        const struct sent *sent = &unbound[i];
        char message[512], expected[512], coded[64] = PROOF;
        uint8_t proof[SIZE];
        speak(scram_variant_named(sent->variant), message, sizeof message);
        if (strstr(sent->whole, "PROOF") != NULL) {
            read_proof(message, coded, proof);
            assert_true(proves(sent->covered, proof));
        }
        put_proof_in(expected, sizeof expected, sent->whole, coded);
        assert_string_equal(message, expected);
    }
}

/* What is covered as in the RFC has the proof of the RFC. */
static void the_right_message_has_the_proof_of_the_rfc(void **state)
{
    (void)state;
    char message[512];
    speak(NULL, message, sizeof message);
    assert_string_equal(message, RIGHT ",p=" PROOF);
    speak(scram_variant_named("the proof first"), message, sizeof message);
    assert_string_equal(message, "p=" PROOF "," RIGHT);
}

static void each_variant_is_tested_and_known_by_its_name(void **state)
{
    (void)state;
    size_t count = 0;
    const struct scram_variant *variant;
    for (; (variant = scram_variant_at(count)) != NULL; count++) {
        assert_true(count < sizeof unbound / sizeof unbound[0]);
        assert_string_equal(variant->name, unbound[count].variant);
        assert_ptr_equal(scram_variant_named(variant->name), variant);
    }
    assert_int_equal(count, sizeof unbound / sizeof unbound[0]);
    assert_null(scram_variant_named("another"));
    assert_null(scram_variant_named(""));
}

static void a_bound_client_changes_what_it_is_bound_to(void **state)
{
    (void)state;
    const struct scram_final_parts parts = { .gs2_header = "p=tls-exporter,,",
                                             .channel = (const unsigned char *)"ABCD",
                                             .channel_length = 4,
                                             .own_nonce = CLIENT_NONCE,
                                             .nonce = NONCE };
    for (size_t i = 0; i < sizeof bound / sizeof bound[0]; i++) {
        char *covered = scram_final_covered(scram_variant_named(bound[i].variant), &parts);
        assert_string_equal(covered, bound[i].covered);
        free(covered);
    }
}

/* Another nonce is another one even when the server's begins with the letter that is put there. */
static void another_nonce_is_never_the_same(void **state)
{
    (void)state;
    const struct scram_final_parts parts = { .gs2_header = "n,,", .own_nonce = "c", .nonce = "cAB" };
    char *covered = scram_final_covered(scram_variant_named("another nonce"), &parts);
    assert_string_equal(covered, "c=biws,r=cBB");
    free(covered);
}

/* ---- Where there is no such message ---- */

static void only_scram_has_a_last_message(void **state)
{
    (void)state;
    const struct scram_variant *variant = scram_variant_named("another nonce");
    struct sasl_client *plain = sasl_client_new("PLAIN", "user", "pencil", "n");
    assert_false(sasl_client_vary(plain, variant));
    sasl_client_free(plain);
    struct sasl_client *scram = sasl_client_new("SCRAM-SHA-1", "user", "pencil", CLIENT_NONCE);
    assert_non_null(sasl_client_respond(scram, base64(SERVER_FIRST)));
    assert_false(sasl_client_vary(scram, variant)); /* it has been sent */
    sasl_client_free(scram);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_variant_differs_in_its_one_thing),
        cmocka_unit_test(the_right_message_has_the_proof_of_the_rfc),
        cmocka_unit_test(each_variant_is_tested_and_known_by_its_name),
        cmocka_unit_test(a_bound_client_changes_what_it_is_bound_to),
        cmocka_unit_test(another_nonce_is_never_the_same),
        cmocka_unit_test(only_scram_has_a_last_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
