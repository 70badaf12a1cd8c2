#include "sasl_fixture.h"

/* ---- Names ---- */

static void conditions_have_the_names_of_rfc_6120(void **state)
{
    (void)state;
    static const char *const names[] = { "aborted",
                                         "account-disabled",
                                         "credentials-expired",
                                         "encryption-required",
                                         "incorrect-encoding",
                                         "invalid-authzid",
                                         "invalid-mechanism",
                                         "malformed-request",
                                         "not-authorized",
                                         "temporary-auth-failure" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_string_equal(sasl_condition_name((enum sasl_condition)i), names[i]);
}

static void mechanisms_have_the_names_of_the_registry(void **state)
{
    (void)state;
    assert_string_equal(sasl_mechanism_name(CORE_PLAIN), "PLAIN");
    assert_string_equal(sasl_mechanism_name(CORE_SCRAM_SHA_1), "SCRAM-SHA-1");
    assert_string_equal(sasl_mechanism_name(CORE_SCRAM_SHA_256), "SCRAM-SHA-256");
    assert_null(sasl_mechanism_name((enum core_mechanism)0));
    assert_null(sasl_mechanism_name((enum core_mechanism)3));
    assert_string_equal(sasl_mechanism_name(CORE_SCRAM_SHA_1_PLUS), "SCRAM-SHA-1-PLUS");
    assert_string_equal(sasl_mechanism_name(CORE_SCRAM_SHA_256_PLUS), "SCRAM-SHA-256-PLUS");
    assert_string_equal(sasl_mechanism_name(CORE_EXTERNAL), "EXTERNAL");
    assert_string_equal(sasl_mechanism_name(CORE_ANONYMOUS), "ANONYMOUS");
    assert_null(sasl_mechanism_name((enum core_mechanism)128));
}

/* ---- PLAIN ---- */

/* RFC 4616, 4, the first example. */
static void plain_with_the_password_succeeds(void **state)
{
    for (size_t which = 0; which < 2; which++) {
        struct core_store_entry entries[] = { { "other", "" }, entry(which, "tanstaaftanstaaf") };
        forbidden = "tanstaaf";
        assert_credentials(*state, plain(*state, "", "tim", "tanstaaftanstaaf"), "tim");
        struct sasl_step step = sasl_credentials(*state, CORE_STORED, entries, 2);
        assert_int_equal(step.outcome, SASL_SUCCESS);
        assert_null(step.text);
        assert_string_equal(sasl_username(*state), "tim");
    }
}

/* RFC 4616, 4, the second example: Kurt may not act for Ursel here. */
static void plain_for_someone_else_is_an_invalid_authzid(void **state)
{
    forbidden = "xipj3plmq";
    assert_failure(*state, plain(*state, "Ursel", "Kurt", "xipj3plmq"), SASL_INVALID_AUTHZID);
}

static void an_authzid_is_the_bare_jid_of_the_account(void **state)
{
    static const char *const others[] = {
        "romeo", "localhost",       "juliet@localhost", "romeo@example.com", "romeo@", "romeo@localhost/a",
        "@",     "r omeo@localhost"
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_failure(*state, plain(*state, others[i], "romeo", "pencil"), SASL_INVALID_AUTHZID);
    assert_credentials(*state, plain(*state, "Romeo@LOCALHOST", "roMeo", "pencil"), "romeo");
}

static void an_authzid_holds_for_scram_as_well(void **state)
{
    struct sasl_step step = sasl_auth(*state, "SCRAM-SHA-1", base64("n,a=juliet@localhost,n=romeo,r=abc"));
    assert_failure(*state, step, SASL_INVALID_AUTHZID);
    step = sasl_auth(*state, "SCRAM-SHA-1", base64("n,a=ro=3Dmeo@localhost,n=ro=3Dmeo,r=abc"));
    assert_credentials(*state, step, "ro=meo");
}

static void plain_with_another_password_is_not_authorized(void **state)
{
    static const char *const others[] = { "pencil2", "penci", "Pencil", " pencil", "pencil\u0301" };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct core_store_entry entries[] = { entry(1, "pencil") };
        assert_credentials(*state, plain(*state, "", "romeo", others[i]), "romeo");
        assert_failure(*state, sasl_credentials(*state, CORE_STORED, entries, 1), SASL_NOT_AUTHORIZED);
    }
}

/* RFC 4013, 3; password_test has the other examples. */
static void a_password_is_prepared_by_saslprep(void **state)
{
    struct core_store_entry entries[] = { entry(1, "IX") };
    assert_credentials(*state, plain(*state, "", "romeo", "I\u00ADX"), "romeo");
    assert_int_equal(sasl_credentials(*state, CORE_STORED, entries, 1).outcome, SASL_SUCCESS);
}

static void a_password_that_saslprep_refuses_is_not_authorized(void **state)
{
    struct core_store_entry entries[] = { entry(1, "pencil\x7F") };
    assert_credentials(*state, plain(*state, "", "romeo", "pencil\x7F"), "romeo");
    assert_failure(*state, sasl_credentials(*state, CORE_STORED, entries, 1), SASL_NOT_AUTHORIZED);
}

/* RFC 4616, 2. */
static void plain_without_three_fields_of_text_is_malformed(void **state)
{
    static const struct {
        size_t length;
        const char *bytes;
    } malformed[] = {
        { 5, "romeo" },
        { 6, "\0romeo" },
        { 8, "\0\0pencil" },
        { 7, "\0romeo\0" },
        { 14, "\0romeo\0pen\0cil" },
        { 14, "\0romeo\0pencil\0" },
        { 8, "\0rom\xFFo\0p" },
        { 10, "\0romeo\0p\xC0\x80" },
        { 14, "\xFF\0romeo\0pencil" },
        { 1, "\0" },
        { 2, "\0\0" },
    };
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        struct sasl_step step =
            sasl_auth(*state, "PLAIN", base64_of(malformed[i].bytes, malformed[i].length));
        assert_failure(*state, step, SASL_MALFORMED_REQUEST);
    }
}

static void a_name_that_nodeprep_refuses_is_not_authorized(void **state)
{
    char name[1025];
    memset(name, 'x', sizeof name);
    name[1024] = '\0';
    assert_failure(*state, plain(*state, "", name, "pencil"), SASL_NOT_AUTHORIZED);
    assert_failure(*state, plain(*state, "", "ro meo", "pencil"), SASL_NOT_AUTHORIZED);
    struct sasl_step step = sasl_auth(*state, "SCRAM-SHA-1", base64("n,,n=romeo@localhost,r=abc"));
    assert_failure(*state, step, SASL_NOT_AUTHORIZED);
}

static void names_too_long_to_be_decoded_are_refused(void **state)
{
    char name[3201], message[4000];
    memset(name, 'x', sizeof name);
    name[3200] = '\0';
    snprintf(message, sizeof message, "n,,n=%s,r=abc", name);
    assert_failure(*state, sasl_auth(*state, "SCRAM-SHA-1", base64(message)), SASL_NOT_AUTHORIZED);
    snprintf(message, sizeof message, "n,a=%s,n=romeo,r=abc", name);
    assert_failure(*state, sasl_auth(*state, "SCRAM-SHA-1", base64(message)), SASL_INVALID_AUTHZID);
}

/* ---- SCRAM ---- */

static void scram_with_the_password_succeeds_and_is_signed(void **state)
{
    for (size_t which = 0; which < 2; which++) {
        struct sasl_step step = scram_start(*state, which, "pencil");
        assert_int_equal(step.outcome, SASL_CHALLENGE);
        struct client client = client_new(which, "n=romeo,r=abc", "pencil", step.text);
        step = sasl_response(*state, client_final(&client));
        assert_int_equal(step.outcome, SASL_SUCCESS);
        assert_string_equal(decoded(step.text), client.verifier);
        assert_string_equal(sasl_username(*state), "romeo");
    }
}

static void a_challenge_has_nonce_salt_and_iterations(void **state)
{
    struct sasl_step step = scram_start(*state, 0, "pencil");
    /* The random port counts from 0 to 17. */
    assert_string_equal(decoded(step.text), "r=abcAAECAwQFBgcICQoLDA0ODxAR,s=" SALT ",i=3");
}

static void scram_with_another_password_is_not_authorized(void **state)
{
    for (size_t which = 0; which < 2; which++) {
        struct sasl_step step = scram_start(*state, which, "pencil");
        struct client client = client_new(which, "n=romeo,r=abc", "crayon", step.text);
        assert_failure(*state, sasl_response(*state, client_final(&client)), SASL_NOT_AUTHORIZED);
    }
}

static void the_header_is_bound_into_the_proof(void **state)
{
    const char *message = "y,a=romeo@localhost,n=romeo,r=abc";
    for (int right = 0; right < 2; right++) {
        struct core_store_entry entries[] = { entry(0, "pencil") };
        assert_credentials(*state, sasl_auth(*state, "SCRAM-SHA-1", base64(message)), "romeo");
        struct sasl_step step = sasl_credentials(*state, CORE_STORED, entries, 1);
        struct client client = client_new(0, "n=romeo,r=abc", "pencil", step.text);
        if (right)
            client.channel_binding = "eSxhPXJvbWVvQGxvY2FsaG9zdCw="; /* "y,a=romeo@localhost," */
        step = sasl_response(*state, client_final(&client));
        assert_int_equal(step.outcome, right ? SASL_SUCCESS : SASL_FAILURE);
        assert_int_equal(step.condition, right ? 0 : SASL_NOT_AUTHORIZED);
    }
}

static void a_nonce_other_than_the_whole_is_not_authorized(void **state)
{
    static const char *const others[] = { "abc", "abcAAECAwQFBgcICQoLDA0ODxA", "abcAAECAwQFBgcICQoLDA0ODxAR1",
                                          "xbcAAECAwQFBgcICQoLDA0ODxAR" };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        counter = 0;
        struct sasl_step step = scram_start(*state, 0, "pencil");
        struct client client = client_new(0, "n=romeo,r=abc", "pencil", step.text);
        snprintf(client.nonce, sizeof client.nonce, "%s", others[i]);
        assert_failure(*state, sasl_response(*state, client_final(&client)), SASL_NOT_AUTHORIZED);
    }
}

static void malformed_scram_messages_are_reported(void **state)
{
    assert_failure(*state, sasl_auth(*state, "SCRAM-SHA-1", base64("p=tls-unique,,n=romeo,r=abc")),
                   SASL_MALFORMED_REQUEST);
    assert_failure(*state, sasl_auth(*state, "SCRAM-SHA-1", base64("n,,m=x,n=romeo,r=abc")),
                   SASL_MALFORMED_REQUEST);
    static const char *const malformed[] = { "", "c=biws,r=abc", "c=biws,r=abc,p=!!!!",
                                             "c=biws,r=abc,p=AAA" };
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        scram_start(*state, 0, "pencil");
        assert_failure(*state, sasl_response(*state, base64(malformed[i])), SASL_MALFORMED_REQUEST);
    }
}

static void a_proof_of_another_length_is_not_authorized(void **state)
{
    static const char *const proofs[] = { "AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                                          "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" };
    for (size_t i = 0; i < sizeof proofs / sizeof *proofs; i++) {
        char final[512];
        struct sasl_step step = scram_start(*state, 0, "pencil");
        struct client client = client_new(0, "n=romeo,r=abc", "pencil", step.text);
        snprintf(final, sizeof final, "c=biws,r=%s,p=%s", client.nonce, proofs[i]);
        assert_failure(*state, sasl_response(*state, base64(final)), SASL_NOT_AUTHORIZED);
    }
}

/* ---- Accounts ---- */

enum { CHALLENGE = 512 };

/* The exchange for an unknown account, up to its end.  `challenge` gets salt and iterations. */
static void assert_fake(struct sasl *sasl, size_t which, enum core_store_status status,
                        const struct core_store_entry *entries, size_t count, char *challenge)
{
    assert_credentials(sasl, sasl_auth(sasl, hashes[which].mechanism, base64("n,,n=romeo,r=abc")), "romeo");
    struct sasl_step step = sasl_credentials(sasl, status, entries, count);
    assert_int_equal(step.outcome, SASL_CHALLENGE);
    struct client client = client_new(which, "n=romeo,r=abc", "pencil", step.text);
    snprintf(challenge, CHALLENGE, "%s", strstr(client.server_first, ",s="));
    assert_failure(sasl, sasl_response(sasl, client_final(&client)), SASL_NOT_AUTHORIZED);
}

static void an_unknown_account_looks_like_a_wrong_password(void **state)
{
    char first[CHALLENGE], second[CHALLENGE];
    for (size_t which = 0; which < 2; which++) {
        assert_fake(*state, which, CORE_NO_ACCOUNT, NULL, 0, first);
        assert_fake(*state, which, CORE_NO_ACCOUNT, NULL, 0, second);
        assert_string_equal(first, second); /* the salt is the same each time */
        assert_non_null(strstr(first, ",i=4096"));
    }
    assert_credentials(*state, plain(*state, "", "romeo", "pencil"), "romeo");
    assert_failure(*state, sasl_credentials(*state, CORE_NO_ACCOUNT, NULL, 0), SASL_NOT_AUTHORIZED);
}

static void an_account_without_the_keys_is_as_one_unknown(void **state)
{
    char unknown[CHALLENGE], without[CHALLENGE], malformed[CHALLENGE];
    const struct core_store_entry entries[] = { entry(1, "pencil"), { "SCRAM-SHA-1", "4096:nonsense" } };
    assert_fake(*state, 0, CORE_NO_ACCOUNT, NULL, 0, unknown);
    assert_fake(*state, 0, CORE_STORED, entries, 1, without);
    assert_fake(*state, 0, CORE_STORED, entries, 2, malformed);
    assert_string_equal(unknown, without);
    assert_string_equal(unknown, malformed);
    assert_credentials(*state, plain(*state, "", "romeo", "pencil"), "romeo");
    assert_failure(*state, sasl_credentials(*state, CORE_STORED, entries + 1, 1), SASL_NOT_AUTHORIZED);
}

static void plain_prefers_the_keys_of_sha_256(void **state)
{
    const struct core_store_entry entries[] = { entry(0, "crayon"),
                                                entry(1, "pencil"),
                                                { "SCRAM-SHA-256", "" } };
    const struct core_store_entry unreadable[] = { entries[2], entries[0] };
    assert_credentials(*state, plain(*state, "", "romeo", "pencil"), "romeo");
    assert_int_equal(sasl_credentials(*state, CORE_STORED, entries, 2).outcome, SASL_SUCCESS);
    assert_credentials(*state, plain(*state, "", "romeo", "crayon"), "romeo");
    assert_failure(*state, sasl_credentials(*state, CORE_STORED, entries, 2), SASL_NOT_AUTHORIZED);
    assert_credentials(*state, plain(*state, "", "romeo", "crayon"), "romeo");
    assert_int_equal(sasl_credentials(*state, CORE_STORED, unreadable, 2).outcome, SASL_SUCCESS);
}

static void storage_that_fails_is_a_temporary_failure(void **state)
{
    assert_credentials(*state, plain(*state, "", "romeo", "pencil"), "romeo");
    assert_failure(*state, sasl_credentials(*state, CORE_STORE_FAILED, NULL, 0), SASL_TEMPORARY_AUTH_FAILURE);
}

/* RFC 6120, 6.5.2 and 6.5.3; an unknown status bars the account too. */
static void a_barred_account_is_reported_only_after_the_right_password(void **state)
{
    static const struct {
        const char *status;
        enum sasl_condition condition;
    } barred[] = {
        { "disabled", SASL_ACCOUNT_DISABLED },
        { "expired", SASL_CREDENTIALS_EXPIRED },
        { "unheard-of", SASL_ACCOUNT_DISABLED },
    };
    for (size_t i = 0; i < sizeof barred / sizeof *barred; i++) {
        const struct core_store_entry entries[] = { { "status", barred[i].status }, entry(0, "pencil") };
        assert_credentials(*state, plain(*state, "", "romeo", "pencil"), "romeo");
        assert_failure(*state, sasl_credentials(*state, CORE_STORED, entries, 2), barred[i].condition);
        assert_credentials(*state, plain(*state, "", "romeo", "crayon"), "romeo");
        assert_failure(*state, sasl_credentials(*state, CORE_STORED, entries, 2), SASL_NOT_AUTHORIZED);
        for (int right = 0; right < 2; right++) {
            sasl_auth(*state, "SCRAM-SHA-1", base64("n,,n=romeo,r=abc"));
            struct sasl_step step = sasl_credentials(*state, CORE_STORED, entries, 2);
            assert_int_equal(step.outcome, SASL_CHALLENGE);
            struct client client = client_new(0, "n=romeo,r=abc", right ? "pencil" : "crayon", step.text);
            step = sasl_response(*state, client_final(&client));
            assert_failure(*state, step, right ? barred[i].condition : SASL_NOT_AUTHORIZED);
        }
    }
}

/* ---- The order of things ---- */

static void mechanisms_that_are_not_offered_are_invalid(void **state)
{
    struct sasl_server strict = server;
    strict.mechanisms = CORE_SCRAM_SHA_256;
    struct sasl *sasl = sasl_new(&strict);
    assert_failure(sasl, sasl_auth(sasl, "PLAIN", "AHIAcA=="), SASL_INVALID_MECHANISM);
    assert_failure(sasl, sasl_auth(sasl, "SCRAM-SHA-1", NULL), SASL_INVALID_MECHANISM);
    assert_int_equal(sasl_auth(sasl, "SCRAM-SHA-256", NULL).outcome, SASL_CHALLENGE);
    sasl_free(sasl);
    static const char *const invalid[] = { "", "plain", "PLAIN ", "ANONYMOUS", "SCRAM-SHA-1-PLUS", NULL };
    for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++)
        assert_failure(*state, sasl_auth(*state, invalid[i], NULL), SASL_INVALID_MECHANISM);
}

/* RFC 6120, 6.4.2. */
static void without_an_initial_response_the_challenge_is_empty(void **state)
{
    const struct core_store_entry entries[] = { entry(0, "pencil") };
    static const char *const absent[] = { NULL, "" };
    for (size_t i = 0; i < 2; i++) {
        struct sasl_step step = sasl_auth(*state, "PLAIN", absent[i]);
        assert_int_equal(step.outcome, SASL_CHALLENGE);
        assert_string_equal(step.text, "");
        step = sasl_response(*state, base64_of("\0romeo\0pencil", 13));
        assert_credentials(*state, step, "romeo");
        assert_int_equal(sasl_credentials(*state, CORE_STORED, entries, 1).outcome, SASL_SUCCESS);
    }
}

static void an_empty_message_is_malformed(void **state)
{
    assert_failure(*state, sasl_auth(*state, "PLAIN", "="), SASL_MALFORMED_REQUEST);
    assert_failure(*state, sasl_auth(*state, "SCRAM-SHA-1", "="), SASL_MALFORMED_REQUEST);
    sasl_auth(*state, "PLAIN", NULL);
    assert_failure(*state, sasl_response(*state, ""), SASL_MALFORMED_REQUEST);
    sasl_auth(*state, "SCRAM-SHA-1", NULL);
    assert_failure(*state, sasl_response(*state, NULL), SASL_MALFORMED_REQUEST);
}

static void text_that_is_not_base64_is_incorrect_encoding(void **state)
{
    static const char *const wrong[] = { "AHIAcA", "AHIA cA==", "AHIAcA==\n", "AHIAcA=",
                                         "====",   "AHI-",      "AHIAcB==" };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_failure(*state, sasl_auth(*state, "PLAIN", wrong[i]), SASL_INCORRECT_ENCODING);
        sasl_auth(*state, "PLAIN", NULL);
        assert_failure(*state, sasl_response(*state, wrong[i]), SASL_INCORRECT_ENCODING);
        scram_start(*state, 0, "pencil");
        assert_failure(*state, sasl_response(*state, wrong[i]), SASL_INCORRECT_ENCODING);
    }
    sasl_auth(*state, "PLAIN", NULL);
    assert_failure(*state, sasl_response(*state, "="), SASL_INCORRECT_ENCODING);
}

static void what_was_decoded_before_the_error_is_overwritten_too(void **state)
{
    char text[64];
    snprintf(text, sizeof text, "%.40s!!!!", base64_of("\0romeo\0pencilpencil", 19));
    forbidden = "pencil";
    assert_failure(*state, sasl_auth(*state, "PLAIN", text), SASL_INCORRECT_ENCODING);
}

static void an_element_out_of_turn_is_malformed(void **state)
{
    assert_failure(*state, sasl_response(*state, "AHIAcA=="), SASL_MALFORMED_REQUEST);
    assert_credentials(*state, plain(*state, "", "romeo", "pencil"), "romeo");
    assert_failure(*state, sasl_response(*state, "AHIAcA=="), SASL_MALFORMED_REQUEST);
}

/* RFC 6120, 6.4.2: another <auth/> discards the handshake that has not completed. */
static void another_auth_begins_another_handshake(void **state)
{
    assert_false(sasl_is_under_way(*state));
    sasl_auth(*state, "PLAIN", NULL);
    assert_true(sasl_is_under_way(*state));
    assert_credentials(*state, plain(*state, "", "romeo", "pencil"), "romeo");
    assert_failure(*state, sasl_credentials(*state, CORE_STORE_FAILED, NULL, 0), SASL_TEMPORARY_AUTH_FAILURE);
    assert_false(sasl_is_under_way(*state));
    struct sasl_step step = scram_start(*state, 1, "pencil");
    struct client client = client_new(1, "n=romeo,r=abc", "pencil", step.text);
    sasl_auth(*state, "PLAIN", NULL); /* and the proof does not belong to that one */
    assert_failure(*state, sasl_response(*state, client_final(&client)), SASL_MALFORMED_REQUEST);
}

static void the_right_proof_of_keys_that_were_replaced_is_not_authorized(void **state)
{
    for (size_t which = 0; which < 2; which++) {
        struct sasl_step step = scram_start(*state, which, "pencil");
        struct client client = client_new(which, "n=romeo,r=abc", "pencil", step.text);
        sasl_outdate(*state);
        assert_failure(*state, sasl_response(*state, client_final(&client)), SASL_NOT_AUTHORIZED);
    }
}

static void an_abort_fails_at_every_point(void **state)
{
    assert_failure(*state, sasl_abort(*state), SASL_ABORTED);
    sasl_auth(*state, "PLAIN", NULL);
    assert_failure(*state, sasl_abort(*state), SASL_ABORTED);
    plain(*state, "", "romeo", "pencil");
    assert_failure(*state, sasl_abort(*state), SASL_ABORTED);
    scram_start(*state, 0, "pencil");
    assert_failure(*state, sasl_abort(*state), SASL_ABORTED);
    plain_with_the_password_succeeds(state);
}

static void a_negotiation_given_up_leaves_no_secret(void **state)
{
    forbidden = "pencil";
    plain(*state, "", "romeo", "pencil");
    sasl_free(*state);
    *state = NULL;
    assert_int_equal(live, 0);
}

/* ---- Memory ---- */

/* Everything once, with the given allocation failing.  Returns whether it came to an end. */
static bool negotiate(size_t failing)
{
    const struct core_store_entry entries[] = { entry(1, "pencil") };
    char nonce[200], bare[256], first[260]; /* long enough for every buffer to grow */
    memset(nonce, 'x', sizeof nonce);
    snprintf(bare, sizeof bare, "n=romeo,r=%.200s", nonce);
    snprintf(first, sizeof first, "n,,%s", bare);
    allocations = 0;
    fail_at = failing;
    struct sasl *sasl = sasl_new(&server);
    if (sasl == NULL)
        return false;
    struct sasl_step step = sasl_auth(sasl, "SCRAM-SHA-256", base64(first));
    if (step.outcome == SASL_CREDENTIALS)
        step = sasl_credentials(sasl, CORE_STORED, entries, 1);
    if (step.outcome == SASL_CHALLENGE) {
        struct client client = client_new(1, bare, "pencil", step.text);
        step = sasl_response(sasl, client_final(&client));
    }
    if (step.outcome == SASL_SUCCESS)
        step = plain(sasl, "", "romeo", "pencil");
    if (step.outcome == SASL_CREDENTIALS)
        step = sasl_credentials(sasl, CORE_STORED, entries, 1);
    if (step.outcome != SASL_SUCCESS)
        assert_failure(sasl, step, SASL_TEMPORARY_AUTH_FAILURE);
    sasl_free(sasl);
    return step.outcome == SASL_SUCCESS;
}

static void every_allocation_that_fails_is_a_temporary_failure(void **state)
{
    size_t before = live, failing = 1;
    forbidden = "pencil";
    while (!negotiate(failing)) {
        assert_true(allocations >= failing);
        assert_int_equal(live, before);
        failing++;
    }
    assert_true(failing > 5);
    assert_true(allocations < failing); /* all were tried */
    fail_at = 0;
    (void)state;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_have_the_names_of_rfc_6120),
        cmocka_unit_test(mechanisms_have_the_names_of_the_registry),
        TEST(plain_with_the_password_succeeds),
        TEST(plain_for_someone_else_is_an_invalid_authzid),
        TEST(an_authzid_is_the_bare_jid_of_the_account),
        TEST(an_authzid_holds_for_scram_as_well),
        TEST(plain_with_another_password_is_not_authorized),
        TEST(a_password_is_prepared_by_saslprep),
        TEST(a_password_that_saslprep_refuses_is_not_authorized),
        TEST(plain_without_three_fields_of_text_is_malformed),
        TEST(a_name_that_nodeprep_refuses_is_not_authorized),
        TEST(names_too_long_to_be_decoded_are_refused),
        TEST(scram_with_the_password_succeeds_and_is_signed),
        TEST(a_challenge_has_nonce_salt_and_iterations),
        TEST(scram_with_another_password_is_not_authorized),
        TEST(the_header_is_bound_into_the_proof),
        TEST(a_nonce_other_than_the_whole_is_not_authorized),
        TEST(malformed_scram_messages_are_reported),
        TEST(a_proof_of_another_length_is_not_authorized),
        TEST(an_unknown_account_looks_like_a_wrong_password),
        TEST(an_account_without_the_keys_is_as_one_unknown),
        TEST(plain_prefers_the_keys_of_sha_256),
        TEST(storage_that_fails_is_a_temporary_failure),
        TEST(a_barred_account_is_reported_only_after_the_right_password),
        TEST(mechanisms_that_are_not_offered_are_invalid),
        TEST(without_an_initial_response_the_challenge_is_empty),
        TEST(an_empty_message_is_malformed),
        TEST(text_that_is_not_base64_is_incorrect_encoding),
        TEST(what_was_decoded_before_the_error_is_overwritten_too),
        TEST(an_element_out_of_turn_is_malformed),
        TEST(another_auth_begins_another_handshake),
        TEST(the_right_proof_of_keys_that_were_replaced_is_not_authorized),
        TEST(an_abort_fails_at_every_point),
        TEST(a_negotiation_given_up_leaves_no_secret),
        TEST(every_allocation_that_fails_is_a_temporary_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
