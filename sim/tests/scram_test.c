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

static const char *base64(const char *text)
{
    static char coded[1024];
    size_t length = strlen(text);
    assert_true(BASE64_ENCODE_RAW_LENGTH(length) < sizeof coded);
    base64_encode_raw(coded, length, (const uint8_t *)text);
    coded[BASE64_ENCODE_RAW_LENGTH(length)] = '\0';
    return coded;
}

static size_t unbase64(const char *coded, size_t coded_length, char *bytes, size_t size)
{
    struct base64_decode_ctx context;
    base64_decode_init(&context);
    size_t length;
    assert_true(BASE64_DECODE_LENGTH(coded_length) < size);
    assert_true(base64_decode_update(&context, &length, (uint8_t *)bytes, coded_length, coded));
    assert_true(base64_decode_final(&context));
    bytes[length] = '\0';
    return length;
}

static void assert_stands_for(const char *coded, const char *text)
{
    char bytes[1024];
    assert_non_null(coded);
    assert_int_equal(unbase64(coded, strlen(coded), bytes, sizeof bytes), strlen(text));
    assert_string_equal(bytes, text);
}

/* RFC 5802, 5 */
#define SHA1_NONCE        "fyko+d2lbbFgONRv9qkxdawL"
#define SHA1_JOINT        SHA1_NONCE "3rfcNHYJY1ZVvWVs7j"
#define SHA1_SALT         "QSXCR+Q6sek8bf92"
#define SHA1_SERVER_FIRST "r=" SHA1_JOINT ",s=" SHA1_SALT ",i=4096"
#define SHA1_PROOF        "v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="
#define SHA1_SIGNATURE    "rmF9pqV8S7suAoZWja4dJRkFsKQ="

/* RFC 7677, 3 */
#define SHA256_NONCE "rOprNGfwEbeRWgbNEkqO"
#define SHA256_JOINT SHA256_NONCE "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"

static struct sasl_client *sha1_client(void)
{
    return sasl_client_new("SCRAM-SHA-1", "user", "pencil", SHA1_NONCE);
}

/* Past the challenge of RFC 5802, 5. */
static struct sasl_client *sha1_client_proven(void)
{
    struct sasl_client *sasl = sha1_client();
    assert_non_null(sasl_client_respond(sasl, base64(SHA1_SERVER_FIRST)));
    return sasl;
}

static void assert_challenge_refused(const char *server_first)
{
    struct sasl_client *sasl = sha1_client();
    assert_null(sasl_client_respond(sasl, base64(server_first)));
    assert_false(sasl_client_accept(sasl, base64("v=" SHA1_SIGNATURE)));
    sasl_client_free(sasl);
}

static void assert_success_refused(const char *text)
{
    struct sasl_client *sasl = sha1_client_proven();
    assert_false(sasl_client_accept(sasl, text));
    sasl_client_free(sasl);
}

static void scram_sha_1_speaks_as_in_rfc_5802_section_5(void **state)
{
    (void)state;
    struct sasl_client *sasl = sha1_client();
    assert_stands_for(sasl_client_initial(sasl), "n,,n=user,r=" SHA1_NONCE);
    assert_stands_for(sasl_client_respond(sasl, base64(SHA1_SERVER_FIRST)),
                      "c=biws,r=" SHA1_JOINT ",p=" SHA1_PROOF);
    assert_true(sasl_client_accept(sasl, base64("v=" SHA1_SIGNATURE)));
    sasl_client_free(sasl);
}

static void scram_sha_256_speaks_as_in_rfc_7677_section_3(void **state)
{
    (void)state;
    struct sasl_client *sasl = sasl_client_new("SCRAM-SHA-256", "user", "pencil", SHA256_NONCE);
    assert_stands_for(sasl_client_initial(sasl), "n,,n=user,r=" SHA256_NONCE);
    const char *challenge = base64("r=" SHA256_JOINT ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
    assert_stands_for(sasl_client_respond(sasl, challenge),
                      "c=biws,r=" SHA256_JOINT ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
    assert_true(sasl_client_accept(sasl, base64("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")));
    sasl_client_free(sasl);
}

/* RFC 4616, 4, the first example without its authorization identity. */
static void plain_sends_the_name_and_the_password_between_nuls(void **state)
{
    (void)state;
    struct sasl_client *sasl = sasl_client_new("PLAIN", "tim", "tanstaaftanstaaf", "unused");
    const char *initial = sasl_client_initial(sasl);
    char bytes[64];
    assert_int_equal(unbase64(initial, strlen(initial), bytes, sizeof bytes), 1 + 3 + 1 + 16);
    assert_memory_equal(bytes, "\0tim\0tanstaaftanstaaf", 1 + 3 + 1 + 16);
    assert_true(sasl_client_accept(sasl, NULL));
    sasl_client_free(sasl);
}

static void plain_is_never_challenged_and_gets_no_data_with_success(void **state)
{
    (void)state;
    struct sasl_client *sasl = sasl_client_new("PLAIN", "tim", "tanstaaftanstaaf", "unused");
    assert_true(sasl_client_accept(sasl, ""));
    assert_false(sasl_client_accept(sasl, base64("v=" SHA1_SIGNATURE)));
    assert_null(sasl_client_respond(sasl, ""));
    assert_false(sasl_client_accept(sasl, ""));
    sasl_client_free(sasl);
}

static void an_unknown_mechanism_is_none(void **state)
{
    (void)state;
    assert_null(sasl_client_new("DIGEST-MD5", "user", "pencil", "n"));
    assert_null(sasl_client_new("SCRAM-SHA-1-PLUS", "user", "pencil", "n"));
    assert_null(sasl_client_new("", "user", "pencil", "n"));
    sasl_client_free(NULL);
}

static void every_mechanism_listed_is_known_and_the_strongest_is_first(void **state)
{
    (void)state;
    static const char *const expected[] = {
        "EXTERNAL", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-1",
        "PLAIN",    "ANONYMOUS",
    };
    const unsigned char data[] = { 1 };
    for (size_t i = 0; i < 7; i++) {
        assert_string_equal(sasl_client_mechanisms[i], expected[i]);
        bool plus = strstr(expected[i], "-PLUS") != NULL;
        const struct sasl_binding binding = { plus ? 'p' : 'n', "tls-exporter", data, sizeof data };
        struct sasl_client *sasl = sasl_client_bound(expected[i], "user", "pencil", "n", &binding);
        assert_non_null(sasl);
        sasl_client_free(sasl);
    }
    assert_null(sasl_client_mechanisms[7]);
}

/* RFC 5802, 6 and 7: the header names the type, and cbind-input is the header and the data. */
static void a_bound_client_sends_header_and_data(void **state)
{
    (void)state;
    static const unsigned char data[] = { 0, 1, 2 };
    const struct sasl_binding binding = { 'p', "tls-exporter", data, sizeof data };
    struct sasl_client *sasl = sasl_client_bound("SCRAM-SHA-1-PLUS", "user", "pencil", "n", &binding);
    assert_stands_for(sasl_client_initial(sasl), "p=tls-exporter,,n=user,r=n");
    /* "r=nx,s=c2FsdA==,i=1" */
    const char *response = sasl_client_respond(sasl, "cj1ueCxzPWMyRnNkQT09LGk9MQ==");
    assert_non_null(response);
    /* "c=", then base64 of "p=tls-exporter,," and the bytes 0, 1 and 2, which is
     * cD10bHMtZXhwb3J0ZXIsLAABAg==. */
    assert_int_equal(strncmp(response, "Yz1jRDEwYkhNdFpYaHdiM0owWlhJc0xBQUJBZz09", 40), 0);
    sasl_client_free(sasl);
}

static void a_client_that_could_bind_says_so(void **state)
{
    (void)state;
    const struct sasl_binding binding = { .flag = 'y' };
    struct sasl_client *sasl = sasl_client_bound("SCRAM-SHA-1", "user", "pencil", "n", &binding);
    assert_stands_for(sasl_client_initial(sasl), "y,,n=user,r=n");
    sasl_client_free(sasl);
    assert_null(sasl_client_bound("SCRAM-SHA-1-PLUS", "user", "pencil", "n", &binding));
}

/* RFC 4422, appendix A; RFC 4505, 2; RFC 6120, 6.4.2: "=" is an empty response. */
static void mechanisms_of_one_message_send_what_there_is(void **state)
{
    (void)state;
    static const char *const mechanisms[] = { "EXTERNAL", "ANONYMOUS" };
    for (size_t i = 0; i < 2; i++) {
        struct sasl_client *sasl = sasl_client_new(mechanisms[i], "", "", "n");
        assert_string_equal(sasl_client_initial(sasl), "=");
        assert_true(sasl_client_accept(sasl, ""));
        sasl_client_free(sasl);
        sasl = sasl_client_new(mechanisms[i], "romeo@localhost", "", "n");
        assert_stands_for(sasl_client_initial(sasl), "romeo@localhost");
        sasl_client_free(sasl);
    }
}

/* RFC 5802, 5.1 */
static void commas_and_equals_signs_in_a_name_are_escaped(void **state)
{
    (void)state;
    struct sasl_client *sasl = sasl_client_new("SCRAM-SHA-1", "a=b,c", "pencil", "n");
    assert_stands_for(sasl_client_initial(sasl), "n,,n=a=3Db=2Cc,r=n");
    sasl_client_free(sasl);
}

/* RFC 4013, 3: I SOFT HYPHEN X is IX, and the feminine ordinal indicator is a. */
static void names_and_passwords_are_prepared_with_saslprep(void **state)
{
    (void)state;
    struct sasl_client *sasl = sasl_client_new("SCRAM-SHA-1", "I\xC2\xADX", "pencil", "n");
    assert_stands_for(sasl_client_initial(sasl), "n,,n=IX,r=n");
    sasl_client_free(sasl);

    char *written = scram_secret("SCRAM-SHA-1", "\xC2\xAA", "salt", 1);
    char *prepared = scram_secret("SCRAM-SHA-1", "a", "salt", 1);
    assert_string_equal(written, prepared);
    free(written);
    free(prepared);
}

/* RFC 4013, 3: U+0007 is prohibited. */
static void what_saslprep_prohibits_is_sent_as_it_is(void **state)
{
    (void)state;
    struct sasl_client *sasl = sasl_client_new("SCRAM-SHA-1", "\x07", "pencil", "n");
    assert_stands_for(sasl_client_initial(sasl), "n,,n=\x07,r=n");
    sasl_client_free(sasl);
}

static void a_nonce_that_does_not_begin_with_ours_is_refused(void **state)
{
    (void)state;
    assert_challenge_refused("r=fyko+d2lbbFgONRv9qkxdawX3rfcNHYJY1ZVvWVs7j,s=" SHA1_SALT ",i=4096");
    assert_challenge_refused("r=3rfc,s=" SHA1_SALT ",i=4096");
    assert_challenge_refused("r=,s=" SHA1_SALT ",i=4096");
}

static void a_nonce_that_adds_nothing_or_the_unprintable_to_ours_is_refused(void **state)
{
    (void)state;
    assert_challenge_refused("r=" SHA1_NONCE ",s=" SHA1_SALT ",i=4096");
    assert_challenge_refused("r=" SHA1_NONCE " 3rfc,s=" SHA1_SALT ",i=4096");
    assert_challenge_refused("r=" SHA1_NONCE "\x7F,s=" SHA1_SALT ",i=4096");
}

/* RFC 5802, 7: posit-number; 9: a hostile server may ask for too much. */
static void an_absurd_iteration_count_is_refused(void **state)
{
    (void)state;
    static const char *const counts[] = {
        "", "0", "04096", "-1", "+1", "4096x", "4e3", " 1", "1000001", "4294967296", "99999999999999999999",
    };
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        char challenge[256];
        snprintf(challenge, sizeof challenge, "r=" SHA1_JOINT ",s=" SHA1_SALT ",i=%s", counts[i]);
        assert_challenge_refused(challenge);
    }
}

static void a_challenge_out_of_its_grammar_is_refused(void **state)
{
    (void)state;
    assert_challenge_refused("");
    assert_challenge_refused("r=" SHA1_JOINT);
    assert_challenge_refused("r=" SHA1_JOINT ",s=" SHA1_SALT);
    assert_challenge_refused("r=" SHA1_JOINT ",i=4096,s=" SHA1_SALT);
    assert_challenge_refused("s=" SHA1_SALT ",r=" SHA1_JOINT ",i=4096");
    assert_challenge_refused("r=" SHA1_JOINT ",s=not base64,i=4096");
    assert_challenge_refused("r=" SHA1_JOINT ",s=QQ=,i=4096");
    assert_challenge_refused("e=other-error");
}

/* RFC 5802, 5.1: an extension that is mandatory and unknown fails; others are ignored. */
static void a_mandatory_extension_is_refused_and_any_other_ignored(void **state)
{
    (void)state;
    assert_challenge_refused("m=new," SHA1_SERVER_FIRST);
    struct sasl_client *sasl = sha1_client();
    assert_non_null(sasl_client_respond(sasl, base64(SHA1_SERVER_FIRST ",x=new")));
    sasl_client_free(sasl);
}

static void a_challenge_that_is_not_base64_is_refused(void **state)
{
    (void)state;
    static const char *const challenges[] = { "=", "cg=", "cj1m*", "r=fyko", "cj0 x", "cj0x\n" };
    for (size_t i = 0; i < sizeof challenges / sizeof *challenges; i++) {
        struct sasl_client *sasl = sha1_client();
        assert_null(sasl_client_respond(sasl, challenges[i]));
        sasl_client_free(sasl);
    }
}

static void a_challenge_with_a_nul_in_it_is_refused(void **state)
{
    (void)state;
    static const char text[] = SHA1_SERVER_FIRST "\0";
    char coded[256] = "";
    base64_encode_raw(coded, sizeof text, (const uint8_t *)text);
    struct sasl_client *sasl = sha1_client();
    assert_null(sasl_client_respond(sasl, coded));
    sasl_client_free(sasl);
}

static void a_second_challenge_is_refused_and_the_success_after_it(void **state)
{
    (void)state;
    struct sasl_client *sasl = sha1_client_proven();
    assert_null(sasl_client_respond(sasl, base64("v=" SHA1_SIGNATURE)));
    assert_false(sasl_client_accept(sasl, base64("v=" SHA1_SIGNATURE)));
    sasl_client_free(sasl);
}

static void a_success_before_the_challenge_is_refused(void **state)
{
    (void)state;
    struct sasl_client *sasl = sha1_client();
    assert_false(sasl_client_accept(sasl, base64("v=" SHA1_SIGNATURE)));
    sasl_client_free(sasl);
}

static void a_wrong_signature_of_the_server_is_refused(void **state)
{
    (void)state;
    assert_success_refused(base64("v=rmF9pqV8S7suAoZWja4dJRkFsKR="));
    assert_success_refused(base64("v=rmF9pqV8S7suAoZWja4dJRkFsKA="));
    assert_success_refused(base64("v=rmF9pqV8S7suAoZWja4dJRkF"));
    assert_success_refused(base64("v="));
    assert_success_refused(base64("v=rmF9*"));
    assert_success_refused(base64("e=invalid-proof"));
    assert_success_refused("v=" SHA1_SIGNATURE);
    assert_success_refused("=");
    assert_success_refused("");
    assert_success_refused(NULL);
}

/* The keys are right when they make the proof and the signature of RFC 5802, 5: the client's key is the
 * proof without the client's signature, and the stored key is its hash. */
static void a_secret_has_the_form_of_rfc_5803_and_the_keys_of_rfc_5802(void **state)
{
    (void)state;
    static const char auth_message[] = "n=user,r=" SHA1_NONCE "," SHA1_SERVER_FIRST ",c=biws,r=" SHA1_JOINT;
    static const char head[] = "4096:" SHA1_SALT "$";
    char *secret =
        scram_secret("SCRAM-SHA-1", "pencil", "\x41\x25\xC2\x47\xE4\x3A\xB1\xE9\x3C\x6D\xFF\x76", 4096);
    assert_memory_equal(secret, head, strlen(head));
    assert_int_equal(strlen(secret), strlen(head) + 28 + 1 + 28);
    assert_int_equal(secret[strlen(head) + 28], ':');

    char stored[64], server[64], proof[64], signature[64];
    assert_int_equal(unbase64(secret + strlen(head), 28, stored, sizeof stored), SHA1_DIGEST_SIZE);
    assert_int_equal(unbase64(secret + strlen(head) + 29, 28, server, sizeof server), SHA1_DIGEST_SIZE);
    unbase64(SHA1_PROOF, 28, proof, sizeof proof);
    unbase64(SHA1_SIGNATURE, 28, signature, sizeof signature);

    uint8_t key[SHA1_DIGEST_SIZE], digest[SHA1_DIGEST_SIZE];
    struct hmac_sha1_ctx mac;
    hmac_sha1_set_key(&mac, SHA1_DIGEST_SIZE, (const uint8_t *)stored);
    hmac_sha1_update(&mac, strlen(auth_message), (const uint8_t *)auth_message);
    hmac_sha1_digest(&mac, sizeof key, key);
    for (size_t i = 0; i < sizeof key; i++)
        key[i] = (uint8_t)(key[i] ^ (uint8_t)proof[i]);
    struct sha1_ctx hash;
    sha1_init(&hash);
    sha1_update(&hash, sizeof key, key);
    sha1_digest(&hash, sizeof digest, digest);
    assert_memory_equal(digest, stored, sizeof digest);

    hmac_sha1_set_key(&mac, SHA1_DIGEST_SIZE, (const uint8_t *)server);
    hmac_sha1_update(&mac, strlen(auth_message), (const uint8_t *)auth_message);
    hmac_sha1_digest(&mac, sizeof digest, digest);
    assert_memory_equal(digest, signature, sizeof digest);
    free(secret);
}

static void a_secret_of_scram_sha_256_has_keys_of_32_bytes(void **state)
{
    (void)state;
    char *secret = scram_secret("SCRAM-SHA-256", "pencil", "salt", 2);
    static const char head[] = "2:c2FsdA==$";
    assert_memory_equal(secret, head, strlen(head));
    assert_int_equal(strlen(secret), strlen(head) + 44 + 1 + 44);
    free(secret);
}

static void a_derivation_is_made_once_until_it_is_forgotten(void **state)
{
    (void)state;
    scram_forget();
    unsigned before = scram_derivations();
    free(scram_secret("SCRAM-SHA-1", "pencil", "salt", 8));
    free(scram_secret("SCRAM-SHA-1", "pencil", "salt", 8));
    assert_int_equal(scram_derivations(), before + 1);

    free(scram_secret("SCRAM-SHA-256", "pencil", "salt", 8));
    free(scram_secret("SCRAM-SHA-1", "pencil", "salt", 9));
    free(scram_secret("SCRAM-SHA-1", "pencil", "other", 8));
    free(scram_secret("SCRAM-SHA-1", "pencils", "salt", 8));
    assert_int_equal(scram_derivations(), before + 5);

    scram_forget();
    free(scram_secret("SCRAM-SHA-1", "pencil", "salt", 8));
    assert_int_equal(scram_derivations(), before + 6);
}

static void an_account_and_its_client_share_one_derivation(void **state)
{
    (void)state;
    scram_forget();
    unsigned before = scram_derivations();
    free(scram_secret("SCRAM-SHA-1", "pencil", "\x41\x25\xC2\x47\xE4\x3A\xB1\xE9\x3C\x6D\xFF\x76", 4096));
    sasl_client_free(sha1_client_proven());
    assert_int_equal(scram_derivations(), before + 1);
}

static void the_memory_of_derivations_is_bounded_and_starts_over(void **state)
{
    (void)state;
    scram_forget();
    unsigned before = scram_derivations();
    char salt[32];
    for (unsigned i = 0; i < 4096; i++) {
        snprintf(salt, sizeof salt, "%u", i);
        free(scram_secret("SCRAM-SHA-1", "pencil", salt, 1));
    }
    free(scram_secret("SCRAM-SHA-1", "pencil", "0", 1));
    assert_int_equal(scram_derivations(), before + 4096);
    free(scram_secret("SCRAM-SHA-1", "pencil", "one more", 1));
    free(scram_secret("SCRAM-SHA-1", "pencil", "0", 1));
    assert_int_equal(scram_derivations(), before + 4098);
}

static int forget(void **state)
{
    (void)state;
    scram_forget();
    return 0;
}

/* RFC 5802, 5: the example's keys, whose salt is not text. */
static void keys_are_known_as_those_of_their_password(void **state)
{
    (void)state;
    static const char rfc[] =
        "4096:QSXCR+Q6sek8bf92$6dlGYMOdZcOPutkcNY8U2g7vK9Y=:D+CSWLOshSulAsxiupA+qs2/fTE=";
    assert_true(scram_is_secret_of(rfc, "SCRAM-SHA-1", "pencil"));
    assert_false(scram_is_secret_of(rfc, "SCRAM-SHA-1", "Pencil"));
    char *secret = scram_secret("SCRAM-SHA-256", "secret", "salt", 4096);
    assert_true(scram_is_secret_of(secret, "SCRAM-SHA-256", "secret"));
    assert_false(scram_is_secret_of(secret, "SCRAM-SHA-1", "secret"));
    free(secret);
}

static void malformed_keys_belong_to_no_password(void **state)
{
    (void)state;
    static const char *const secrets[] = { "",
                                           ":",
                                           "4096",
                                           "4096:",
                                           "4096:$",
                                           "0:c2FsdA==$a:b",
                                           "4096:!$a:b",
                                           "4096:c2FsdA==",
                                           "9999999999:c2FsdA==$a:b" };
    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++)
        assert_false(scram_is_secret_of(secrets[i], "SCRAM-SHA-1", "pencil"));
}

/* The exchange of RFC 5802, 5. */
static void a_proof_is_that_of_a_password(void **state)
{
    (void)state;
    static const char message[] =
        "n=user,r=fyko+d2lbbFgONRv9qkxdawL,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,"
        "i=4096,c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j";
    static const char proof[] = "v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=";
    char *secret =
        scram_secret("SCRAM-SHA-1", "pencil", "\x41\x25\xC2\x47\xE4\x3A\xB1\xE9\x3C\x6D\xFF\x76", 4096);
    assert_true(scram_is_proof_of(secret, "SCRAM-SHA-1", message, proof));
    assert_false(scram_is_proof_of(secret, "SCRAM-SHA-1", message + 1, proof));
    assert_false(scram_is_proof_of(secret, "SCRAM-SHA-1", message, "v0X8v3Bz2T0CJGbJQyF0X+HI4T8="));
    assert_false(scram_is_proof_of(secret, "SCRAM-SHA-1", message, "v0X8"));
    assert_false(scram_is_proof_of(secret, "SCRAM-SHA-1", message, "*"));
    assert_false(scram_is_proof_of("4096", "SCRAM-SHA-1", message, proof));
    assert_false(scram_is_proof_of("4096:c2FsdA==$*:*", "SCRAM-SHA-1", message, proof));
    free(secret);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scram_sha_1_speaks_as_in_rfc_5802_section_5),
        cmocka_unit_test(scram_sha_256_speaks_as_in_rfc_7677_section_3),
        cmocka_unit_test(plain_sends_the_name_and_the_password_between_nuls),
        cmocka_unit_test(plain_is_never_challenged_and_gets_no_data_with_success),
        cmocka_unit_test(an_unknown_mechanism_is_none),
        cmocka_unit_test(every_mechanism_listed_is_known_and_the_strongest_is_first),
        cmocka_unit_test(a_bound_client_sends_header_and_data),
        cmocka_unit_test(a_client_that_could_bind_says_so),
        cmocka_unit_test(mechanisms_of_one_message_send_what_there_is),
        cmocka_unit_test(commas_and_equals_signs_in_a_name_are_escaped),
        cmocka_unit_test(names_and_passwords_are_prepared_with_saslprep),
        cmocka_unit_test(what_saslprep_prohibits_is_sent_as_it_is),
        cmocka_unit_test(a_nonce_that_does_not_begin_with_ours_is_refused),
        cmocka_unit_test(a_nonce_that_adds_nothing_or_the_unprintable_to_ours_is_refused),
        cmocka_unit_test(an_absurd_iteration_count_is_refused),
        cmocka_unit_test(a_challenge_out_of_its_grammar_is_refused),
        cmocka_unit_test(a_mandatory_extension_is_refused_and_any_other_ignored),
        cmocka_unit_test(a_challenge_that_is_not_base64_is_refused),
        cmocka_unit_test(a_challenge_with_a_nul_in_it_is_refused),
        cmocka_unit_test(a_second_challenge_is_refused_and_the_success_after_it),
        cmocka_unit_test(a_success_before_the_challenge_is_refused),
        cmocka_unit_test(a_wrong_signature_of_the_server_is_refused),
        cmocka_unit_test(a_secret_has_the_form_of_rfc_5803_and_the_keys_of_rfc_5802),
        cmocka_unit_test(a_secret_of_scram_sha_256_has_keys_of_32_bytes),
        cmocka_unit_test(a_derivation_is_made_once_until_it_is_forgotten),
        cmocka_unit_test(an_account_and_its_client_share_one_derivation),
        cmocka_unit_test(the_memory_of_derivations_is_bounded_and_starts_over),
        cmocka_unit_test(keys_are_known_as_those_of_their_password),
        cmocka_unit_test(malformed_keys_belong_to_no_password),
        cmocka_unit_test(a_proof_is_that_of_a_password),
    };
    return cmocka_run_group_tests(tests, NULL, forget);
}
