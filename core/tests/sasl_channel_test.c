/* Tests of sasl.h with the results of a TLS handshake: -PLUS and EXTERNAL; and of ANONYMOUS. */
#include "sasl_fixture.h"

static const unsigned char exporter[] = { 0, 1, 2, 253, 254, 255 };
static const unsigned char end_point[] = { 7 };
static const char *const identities[] = { "romeo@localhost", "Juliet@LOCALHOST", "nurse@example.com" };

static const struct core_tls channel = {
    { exporter, sizeof exporter }, { end_point, sizeof end_point }, identities, 3
};

enum { PLUS = CORE_SCRAM_SHA_1_PLUS | CORE_SCRAM_SHA_256_PLUS };

static struct sasl *over_tls(unsigned mechanisms, const struct core_tls *tls)
{
    static struct sasl_server encrypted;
    encrypted = server;
    encrypted.mechanisms = mechanisms;
    encrypted.tls = tls;
    return sasl_new(&encrypted);
}

/* ---- SCRAM-*-PLUS (RFC 5802, 6) ---- */

static const struct type {
    const char *header;
    const unsigned char *data;
    size_t length;
} types[] = {
    { "p=tls-exporter,,", exporter, sizeof exporter },
    { "p=tls-server-end-point,,", end_point, sizeof end_point },
};

/* cbind-input (RFC 5802, 7), in base64. */
static const char *bound_to(const char *header, const unsigned char *data, size_t length)
{
    static char text[256];
    char input[128];
    snprintf(input, sizeof input, "%s", header);
    memcpy(input + strlen(header), data, length);
    snprintf(text, sizeof text, "%.200s", base64_of(input, strlen(header) + length));
    return text;
}

/* From the first message to the last step. */
static struct sasl_step negotiate(struct sasl *sasl, size_t which, const char *header, const char *input)
{
    char name[32], first[128];
    struct core_store_entry entries[] = { entry(which, "pencil") };
    snprintf(name, sizeof name, "%s-PLUS", hashes[which].mechanism);
    snprintf(first, sizeof first, "%sn=romeo,r=abc", header);
    assert_credentials(sasl, sasl_auth(sasl, name, base64(first)), "romeo");
    struct sasl_step step = sasl_credentials(sasl, CORE_STORED, entries, 1);
    assert_int_equal(step.outcome, SASL_CHALLENGE);
    struct client client = client_new(which, "n=romeo,r=abc", "pencil", step.text);
    client.channel_binding = input;
    return sasl_response(sasl, client_final(&client));
}

static void a_proof_bound_to_the_channel_succeeds(void **state)
{
    (void)state;
    for (size_t which = 0; which < 2; which++) {
        for (size_t i = 0; i < 2; i++) {
            struct sasl *sasl = over_tls(server.mechanisms | PLUS, &channel);
            const char *input = bound_to(types[i].header, types[i].data, types[i].length);
            assert_int_equal(negotiate(sasl, which, types[i].header, input).outcome, SASL_SUCCESS);
            sasl_free(sasl);
        }
    }
}

static void a_proof_bound_to_another_channel_is_not_authorized(void **state)
{
    (void)state;
    static const unsigned char other[] = { 0, 1, 2, 253, 254, 254 };
    const struct type wrong[] = {
        { "p=tls-exporter,,", other, sizeof other },
        { "p=tls-exporter,,", exporter, sizeof exporter - 1 },
        { "p=tls-exporter,,", end_point, sizeof end_point },
        { "p=tls-exporter,,", exporter, 0 },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct sasl *sasl = over_tls(server.mechanisms | PLUS, &channel);
        const char *input = bound_to(wrong[i].header, wrong[i].data, wrong[i].length);
        assert_failure(sasl, negotiate(sasl, 0, wrong[i].header, input), SASL_NOT_AUTHORIZED);
        sasl_free(sasl);
    }
}

/* The right data after the header of another type, or of none. */
static void the_header_is_bound_with_the_data(void **state)
{
    (void)state;
    static const char *const headers[] = { "p=tls-server-end-point,,", "n,,", "y,,", "" };
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        struct sasl *sasl = over_tls(server.mechanisms | PLUS, &channel);
        const char *input = bound_to(headers[i], exporter, sizeof exporter);
        assert_failure(sasl, negotiate(sasl, 1, "p=tls-exporter,,", input), SASL_NOT_AUTHORIZED);
        sasl_free(sasl);
    }
}

static void flag_and_mechanism_must_agree(void **state)
{
    (void)state;
    static const struct {
        const char *mechanism, *first;
        enum sasl_condition condition;
    } rows[] = {
        { "SCRAM-SHA-1-PLUS", "n,,n=romeo,r=abc", SASL_MALFORMED_REQUEST },
        { "SCRAM-SHA-1-PLUS", "y,,n=romeo,r=abc", SASL_MALFORMED_REQUEST },
        { "SCRAM-SHA-1", "p=tls-exporter,,n=romeo,r=abc", SASL_MALFORMED_REQUEST },
        { "SCRAM-SHA-1", "y,,n=romeo,r=abc", SASL_NOT_AUTHORIZED }, /* stripped of -PLUS on the way */
        { "SCRAM-SHA-256", "y,,n=romeo,r=abc", SASL_NOT_AUTHORIZED },
        { "SCRAM-SHA-1-PLUS", "p=tls-unique,,n=romeo,r=abc", SASL_NOT_AUTHORIZED },
        { "SCRAM-SHA-1-PLUS", "p=tls-export,,n=romeo,r=abc", SASL_NOT_AUTHORIZED },
        { "SCRAM-SHA-1-PLUS", "p=tls-exporter.,,n=romeo,r=abc", SASL_NOT_AUTHORIZED },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sasl *sasl = over_tls(server.mechanisms | PLUS, &channel);
        assert_failure(sasl, sasl_auth(sasl, rows[i].mechanism, base64(rows[i].first)), rows[i].condition);
        sasl_free(sasl);
    }
}

static void a_client_that_could_bind_is_no_downgrade_where_nothing_is_offered(void **state)
{
    (void)state;
    const struct core_tls *const tls[] = { NULL, &channel };
    for (size_t i = 0; i < 2; i++) {
        struct sasl *sasl = over_tls(server.mechanisms, tls[i]);
        assert_credentials(sasl, sasl_auth(sasl, "SCRAM-SHA-1", base64("y,,n=romeo,r=abc")), "romeo");
        sasl_free(sasl);
    }
}

static void a_type_without_data_is_none(void **state)
{
    (void)state;
    const struct core_tls half = { .server_end_point = { end_point, sizeof end_point } };
    struct sasl *sasl = over_tls(PLUS, &half);
    assert_failure(sasl, sasl_auth(sasl, "SCRAM-SHA-1-PLUS", base64("p=tls-exporter,,n=romeo,r=abc")),
                   SASL_NOT_AUTHORIZED);
    sasl_free(sasl);
}

/* ---- EXTERNAL (RFC 4422, appendix A; XEP-0178) ---- */

/* certificate_test has the other ways to name an account. */
static void a_certificate_names_its_addresses(void **state)
{
    (void)state;
    static const struct {
        size_t first, count; /* of the identities */
        const char *text;    /* the message before base64; NULL for "=" */
        const char *username;
    } rows[] = {
        { 0, 1, NULL, "romeo" },
        { 0, 3, "juliet@localhost", "juliet" },
        { 0, 3, NULL, NULL },
        { 0, 1, "juliet@localhost", NULL },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct core_tls tls = { .identities = identities + rows[i].first,
                                      .identity_count = rows[i].count };
        struct sasl *sasl = over_tls(CORE_EXTERNAL, &tls);
        struct sasl_step step =
            sasl_auth(sasl, "EXTERNAL", rows[i].text != NULL ? base64(rows[i].text) : "=");
        if (rows[i].username == NULL) {
            assert_failure(sasl, step, SASL_INVALID_AUTHZID);
        } else {
            assert_credentials(sasl, step, rows[i].username);
            step = sasl_credentials(sasl, CORE_STORED, NULL, 0);
            assert_int_equal(step.outcome, SASL_SUCCESS);
            assert_null(step.text);
        }
        sasl_free(sasl);
    }
}

/* RFC 6120, 6.4.2: without an initial response there is an empty challenge. */
static void external_may_send_its_identity_later(void **state)
{
    (void)state;
    const struct core_tls tls = { .identities = identities, .identity_count = 1 };
    struct sasl *sasl = over_tls(CORE_EXTERNAL, &tls);
    struct sasl_step step = sasl_auth(sasl, "EXTERNAL", NULL);
    assert_int_equal(step.outcome, SASL_CHALLENGE);
    assert_string_equal(step.text, "");
    assert_credentials(sasl, sasl_response(sasl, ""), "romeo");
    sasl_free(sasl);
}

static void a_certificate_needs_an_account_that_may_log_in(void **state)
{
    (void)state;
    static const struct core_store_entry disabled[] = { { "status", "disabled" } };
    const struct core_tls tls = { .identities = identities, .identity_count = 1 };
    struct sasl *sasl = over_tls(CORE_EXTERNAL, &tls);
    sasl_auth(sasl, "EXTERNAL", "=");
    assert_failure(sasl, sasl_credentials(sasl, CORE_NO_ACCOUNT, NULL, 0), SASL_NOT_AUTHORIZED);
    sasl_auth(sasl, "EXTERNAL", "=");
    assert_failure(sasl, sasl_credentials(sasl, CORE_STORE_FAILED, NULL, 0), SASL_TEMPORARY_AUTH_FAILURE);
    sasl_auth(sasl, "EXTERNAL", "=");
    assert_failure(sasl, sasl_credentials(sasl, CORE_STORED, disabled, 1), SASL_ACCOUNT_DISABLED);
    sasl_free(sasl);
}

/* ---- ANONYMOUS (RFC 4505) ---- */

static void an_anonymous_account_gets_a_name_at_once(void **state)
{
    (void)state;
    static const char *const texts[] = { NULL, "", "=", "c2lyaGM=" }; /* RFC 4505, 3: "sirhc" */
    char previous[64] = "";
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct sasl *sasl = over_tls(CORE_ANONYMOUS, NULL);
        struct sasl_step step = sasl_auth(sasl, "ANONYMOUS", texts[i]);
        assert_int_equal(step.outcome, SASL_SUCCESS);
        assert_null(step.text);
        assert_int_equal(strlen(sasl_username(sasl)), 24);
        assert_string_not_equal(sasl_username(sasl), previous);
        snprintf(previous, sizeof previous, "%s", sasl_username(sasl));
        sasl_free(sasl);
    }
}

static void anonymous_is_refused_among_accounts_and_other_mechanisms_on_anonymous_hosts(void **state)
{
    assert_failure(*state, sasl_auth(*state, "ANONYMOUS", "="), SASL_INVALID_MECHANISM);
    struct sasl *sasl = over_tls(CORE_ANONYMOUS, NULL);
    assert_failure(sasl, sasl_auth(sasl, "SCRAM-SHA-256", "="), SASL_INVALID_MECHANISM);
    assert_failure(sasl, sasl_auth(sasl, "PLAIN", "="), SASL_INVALID_MECHANISM);
    sasl_free(sasl);
}

/* ---- Encryption (RFC 6120, 6.5.4) ---- */

static void a_mechanism_may_need_encryption(void **state)
{
    (void)state;
    struct sasl_server clear = server;
    clear.mechanisms = CORE_SCRAM_SHA_1;
    clear.needs_encryption = CORE_PLAIN;
    struct sasl *sasl = sasl_new(&clear);
    assert_failure(sasl, sasl_auth(sasl, "PLAIN", "AHIAcA=="), SASL_ENCRYPTION_REQUIRED);
    assert_failure(sasl, sasl_auth(sasl, "SCRAM-SHA-256", "="), SASL_INVALID_MECHANISM);
    assert_failure(sasl, sasl_auth(sasl, "SCRAM-SHA-256-PLUS", "="), SASL_INVALID_MECHANISM);
    assert_failure(sasl, sasl_auth(sasl, "EXTERNAL", "="), SASL_INVALID_MECHANISM);
    sasl_free(sasl);
}

/* ---- Memory ---- */

static void memory_that_runs_out_is_a_temporary_failure(void **state)
{
    (void)state;
    const char *input = bound_to(types[0].header, exporter, sizeof exporter);
    bool done = false;
    for (size_t nth = 1; !done; nth++) {
        struct core_store_entry entries[] = { entry(0, "pencil") };
        struct sasl *sasl = over_tls(PLUS, &channel);
        allocations = 0;
        fail_at = nth;
        struct sasl_step step = sasl_auth(sasl, "SCRAM-SHA-1-PLUS", base64("p=tls-exporter,,n=romeo,r=abc"));
        if (step.outcome == SASL_CREDENTIALS)
            step = sasl_credentials(sasl, CORE_STORED, entries, 1);
        if (step.outcome == SASL_CHALLENGE) {
            struct client client = client_new(0, "n=romeo,r=abc", "pencil", step.text);
            client.channel_binding = input;
            step = sasl_response(sasl, client_final(&client));
        }
        done = step.outcome == SASL_SUCCESS;
        fail_at = 0;
        if (!done)
            assert_failure(sasl, step, SASL_TEMPORARY_AUTH_FAILURE);
        sasl_free(sasl);
    }
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_proof_bound_to_the_channel_succeeds),
        TEST(a_proof_bound_to_another_channel_is_not_authorized),
        TEST(the_header_is_bound_with_the_data),
        TEST(flag_and_mechanism_must_agree),
        TEST(a_client_that_could_bind_is_no_downgrade_where_nothing_is_offered),
        TEST(a_type_without_data_is_none),
        TEST(a_certificate_names_its_addresses),
        TEST(external_may_send_its_identity_later),
        TEST(a_certificate_needs_an_account_that_may_log_in),
        TEST(an_anonymous_account_gets_a_name_at_once),
        TEST(anonymous_is_refused_among_accounts_and_other_mechanisms_on_anonymous_hosts),
        TEST(a_mechanism_may_need_encryption),
        TEST(memory_that_runs_out_is_a_temporary_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
