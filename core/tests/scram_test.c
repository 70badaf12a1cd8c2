#include "sasl/scram.h"

#include "base/base64.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* The examples of RFC 5802, 5 and RFC 7677, 3, user "user" with password "pencil".  The RFCs show no keys;
 * their proofs and signatures verify these. */
static const struct example {
    enum core_mechanism mechanism;
    const char *stored;
    const char *client_first;
    const char *server_first;
    const char *client_final;
    const char *verifier;
} examples[] = {
    { CORE_SCRAM_SHA_1, "4096:QSXCR+Q6sek8bf92$6dlGYMOdZcOPutkcNY8U2g7vK9Y=:D+CSWLOshSulAsxiupA+qs2/fTE=",
      "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
      "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
      "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
      "rmF9pqV8S7suAoZWja4dJRkFsKQ=" },
    { CORE_SCRAM_SHA_256,
      "4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:"
      "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
      "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
      "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
      "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
      "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
      "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=" },
};
enum { EXAMPLES = sizeof examples / sizeof *examples, MESSAGE = 512 };

/* Writes the AuthMessage of an example, returns its length, and decodes its proof. */
static size_t make_auth_message(const struct example *example, char *auth_message, unsigned char *proof)
{
    struct scram_client_first first;
    struct scram_client_final last;
    size_t length;
    assert_true(scram_read_first(&first, example->client_first, strlen(example->client_first)));
    assert_true(scram_read_final(&last, example->client_final, strlen(example->client_final)));
    assert_true(base64_decode(proof, &length, last.proof.bytes, last.proof.length));
    snprintf(auth_message, MESSAGE, "%.*s,%s,%.*s", (int)first.bare.length, first.bare.bytes,
             example->server_first, (int)last.without_proof.length, last.without_proof.bytes);
    return strlen(auth_message);
}

static void the_examples_of_the_rfcs_prove_and_are_signed(void **state)
{
    (void)state;
    for (size_t i = 0; i < EXAMPLES; i++) {
        struct scram_keys keys;
        char message[MESSAGE];
        unsigned char proof[64], signature[SCRAM_DIGEST_MAX], expected[64];
        size_t expected_length, length = make_auth_message(&examples[i], message, proof);
        assert_true(scram_keys_read(&keys, examples[i].mechanism, examples[i].stored));
        assert_int_equal(keys.iterations, 4096);
        assert_true(scram_proof_valid(&keys, message, length, proof));
        scram_sign(&keys, message, length, signature);
        assert_true(
            base64_decode(expected, &expected_length, examples[i].verifier, strlen(examples[i].verifier)));
        assert_int_equal(expected_length, scram_proof_length(&keys));
        assert_memory_equal(signature, expected, expected_length);
    }
}

static void a_proof_with_any_bit_turned_is_not_valid(void **state)
{
    (void)state;
    for (size_t i = 0; i < EXAMPLES; i++) {
        struct scram_keys keys;
        char message[MESSAGE];
        unsigned char proof[64];
        size_t length = make_auth_message(&examples[i], message, proof);
        assert_true(scram_keys_read(&keys, examples[i].mechanism, examples[i].stored));
        for (size_t bit = 0; bit < scram_proof_length(&keys) * 8; bit++) {
            proof[bit / 8] ^= (unsigned char)(1U << bit % 8);
            assert_false(scram_proof_valid(&keys, message, length, proof));
            proof[bit / 8] ^= (unsigned char)(1U << bit % 8);
        }
        message[0] ^= 1;
        assert_false(scram_proof_valid(&keys, message, length, proof));
    }
}

static void keys_fit_their_password_and_no_other(void **state)
{
    (void)state;
    for (size_t i = 0; i < EXAMPLES; i++) {
        struct scram_keys keys;
        assert_true(scram_keys_read(&keys, examples[i].mechanism, examples[i].stored));
        assert_true(scram_keys_fit(&keys, "pencil", 6));
        assert_false(scram_keys_fit(&keys, "pencil ", 7));
        assert_false(scram_keys_fit(&keys, "Pencil", 6));
        assert_false(scram_keys_fit(&keys, "penci", 5));
    }
}

#define SALT   "QSXCR+Q6sek8bf92"
#define STORED "6dlGYMOdZcOPutkcNY8U2g7vK9Y="
#define SERVER "D+CSWLOshSulAsxiupA+qs2/fTE="

static void stored_keys_that_are_malformed_are_not_read(void **state)
{
    (void)state;
    static const char *const malformed[] = {
        "",
        "4096",
        "4096:" SALT,
        "4096:" SALT "$" STORED,
        SALT "$" STORED ":" SERVER,
        "4096" SALT "$" STORED ":" SERVER,
        "4096:" SALT ":" STORED "$" SERVER,
        ":" SALT "$" STORED ":" SERVER,
        "0:" SALT "$" STORED ":" SERVER,
        "04096:" SALT "$" STORED ":" SERVER,
        "-1:" SALT "$" STORED ":" SERVER,
        " 1:" SALT "$" STORED ":" SERVER,
        "1x:" SALT "$" STORED ":" SERVER,
        "2000001:" SALT "$" STORED ":" SERVER,
        "4294967297:" SALT "$" STORED ":" SERVER,
        "18446744073709551617:" SALT "$" STORED ":" SERVER,
        "4096:$" STORED ":" SERVER,
        "4096:" SALT "=$" STORED ":" SERVER,
        "4096:" SALT "$:" SERVER,
        "4096:" SALT "$" STORED ":",
        "4096:" SALT "$QSXC:" SERVER,
        "4096:" SALT "$" STORED ":QSXC",
        "4096:" SALT "$" STORED ":" SERVER " ",
        "4096:" SALT "$" STORED ":" SERVER ":",
        "4096:" SALT "$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:" SERVER, /* a key of SHA-256 */
        "{SCRAM-SHA-1}4096:" SALT "$" STORED ":" SERVER,
    };
    struct scram_keys keys;
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++)
        assert_false(scram_keys_read(&keys, CORE_SCRAM_SHA_1, malformed[i]));
    assert_false(scram_keys_read(&keys, CORE_SCRAM_SHA_1, NULL));
    assert_false(scram_keys_read(&keys, CORE_SCRAM_SHA_256, examples[0].stored));
}

static void iterations_are_read_up_to_their_limit(void **state)
{
    (void)state;
    struct scram_keys keys;
    assert_true(scram_keys_read(&keys, CORE_SCRAM_SHA_1, "1:" SALT "$" STORED ":" SERVER));
    assert_int_equal(keys.iterations, 1);
    assert_true(scram_keys_read(&keys, CORE_SCRAM_SHA_1, "2000000:" SALT "$" STORED ":" SERVER));
    assert_int_equal(keys.iterations, CORE_ITERATIONS);
}

/* Stored keys whose salt has `groups` groups of three bytes. */
static bool read_with_salt(struct scram_keys *keys, size_t groups)
{
    char salt[400], stored[512];
    memset(salt, 'A', sizeof salt);
    snprintf(stored, sizeof stored, "1:%.*s$" STORED ":" SERVER, (int)groups * 4, salt);
    return scram_keys_read(keys, CORE_SCRAM_SHA_1, stored);
}

static void a_salt_is_read_up_to_its_limit(void **state)
{
    (void)state;
    struct scram_keys keys;
    assert_true(read_with_salt(&keys, SCRAM_SALT_MAX / 3));
    assert_int_equal(keys.salt_length, SCRAM_SALT_MAX);
    assert_false(read_with_salt(&keys, SCRAM_SALT_MAX / 3 + 1));
}

static void fake_keys_are_the_same_each_time_and_match_no_password(void **state)
{
    (void)state;
    const unsigned char secret[4] = { 1, 2, 3, 4 };
    struct scram_keys a, b;
    const struct scram_model model = { secret, 4, 24, 4096 };
    scram_keys_fake(&a, CORE_SCRAM_SHA_1, &model, "romeo", "localhost");
    scram_keys_fake(&b, CORE_SCRAM_SHA_1, &model, "romeo", "localhost");
    assert_int_equal(a.iterations, 4096);
    assert_int_equal(a.salt_length, 24);
    assert_memory_equal(a.salt, b.salt, 24);
    assert_false(scram_keys_fit(&a, "", 0));
}

static void fake_salts_differ_with_everything_they_are_made_of(void **state)
{
    (void)state;
    static const struct {
        enum core_mechanism mechanism;
        unsigned char secret[2];
        const char *username, *domain;
    } made_of[] = {
        { CORE_SCRAM_SHA_1, { 1, 2 }, "romeo", "localhost" },
        { CORE_SCRAM_SHA_256, { 1, 2 }, "romeo", "localhost" },
        { CORE_SCRAM_SHA_1, { 1, 3 }, "romeo", "localhost" },
        { CORE_SCRAM_SHA_1, { 1, 2 }, "juliet", "localhost" },
        { CORE_SCRAM_SHA_1, { 1, 2 }, "romeo", "example.com" },
        { CORE_SCRAM_SHA_1, { 1, 2 }, "romeol", "ocalhost" },
    };
    enum { COUNT = sizeof made_of / sizeof *made_of };
    struct scram_keys keys[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        const struct scram_model model = { made_of[i].secret, 2, 16, 4096 };
        scram_keys_fake(&keys[i], made_of[i].mechanism, &model, made_of[i].username, made_of[i].domain);
        for (size_t j = 0; j < i; j++)
            assert_memory_not_equal(keys[i].salt, keys[j].salt, 16);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_examples_of_the_rfcs_prove_and_are_signed),
        cmocka_unit_test(a_proof_with_any_bit_turned_is_not_valid),
        cmocka_unit_test(keys_fit_their_password_and_no_other),
        cmocka_unit_test(stored_keys_that_are_malformed_are_not_read),
        cmocka_unit_test(iterations_are_read_up_to_their_limit),
        cmocka_unit_test(a_salt_is_read_up_to_its_limit),
        cmocka_unit_test(fake_keys_are_the_same_each_time_and_match_no_password),
        cmocka_unit_test(fake_salts_differ_with_everything_they_are_made_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
