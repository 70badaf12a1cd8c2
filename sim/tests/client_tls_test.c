/* Tests of a simulated client's STARTTLS and channel binding. */
#include "client_rig.h"

#define NS_TLS "urn:ietf:params:xml:ns:xmpp-tls"
#define TLS_OFFERED                                                                                          \
    "<stream:features><starttls xmlns='" NS_TLS "'/><mechanisms xmlns='" NS_SASL "'>" PLAIN_OFFERED          \
    "</mechanisms></stream:features>"
#define PROCEED "<proceed xmlns='" NS_TLS "'/>"
#define BINDING_OFFERED                                                                                      \
    "<stream:features><sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'>"                                     \
    "<channel-binding type='tls-unique'/><channel-binding type='tls-server-end-point'/>"                     \
    "<channel-binding type='tls-exporter'/></sasl-channel-binding><mechanisms xmlns='" NS_SASL "'>"          \
    "<mechanism>PLAIN</mechanism><mechanism>SCRAM-SHA-1</mechanism>"                                         \
    "<mechanism>SCRAM-SHA-1-PLUS</mechanism><mechanism>EXTERNAL</mechanism></mechanisms></stream:features>"

static void secure(struct rig *rig)
{
    static const unsigned char exporter[CLIENT_CHANNEL] = { 1 }, end_point[CLIENT_CHANNEL] = { 2 };
    xml_stream_restart(rig->server);
    client_secured(rig->client, exporter, end_point, CLIENT_CHANNEL);
}

/* Up to the first stream over TLS, and its features. */
static void log_in_over_tls(struct rig *rig, const char *features)
{
    client_login(rig->client);
    client_opened(rig->client);
    hear_features(rig, TLS_OFFERED);
    said(rig, "starttls", NS_TLS);
    said_nothing(rig);
    hear(rig, PROCEED);
    assert_int_equal(rig->handshakes, 1);
    secure(rig);
    hear_features(rig, features);
}

static void a_login_takes_the_tls_that_is_offered(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    log_in_over_tls(rig, MECHANISMS(PLAIN_OFFERED));
    assert_true(client_is_secured(rig->client));
    said(rig, "auth", NS_SASL);
    assert_inbox_empty(rig);
    rig_free(rig);
}

static void a_client_that_never_takes_it_goes_on_in_the_clear(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    rig->identity.tls = CLIENT_TLS_NEVER;
    client_login(rig->client);
    client_opened(rig->client);
    hear_features(rig, TLS_OFFERED);
    said(rig, "auth", NS_SASL);
    assert_false(client_is_secured(rig->client));
    rig_free(rig);
}

static void a_client_that_insists_stops_without_it(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    rig->identity.tls = CLIENT_TLS_ALWAYS;
    client_login(rig->client);
    client_opened(rig->client);
    hear_features(rig, MECHANISMS(PLAIN_OFFERED));
    said_nothing(rig);
    assert_refused(rig, "tls-not-offered", "starting TLS");
    rig_free(rig);
}

/* RFC 6120, 5.4.3.3; the bug had a mirror image in clients. */
static void input_in_the_clear_after_proceed_is_discarded(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    open_stream(rig, TLS_OFFERED);
    client_start_tls(rig->client);
    said(rig, "starttls", NS_TLS);
    hear(rig, PROCEED HEADER "<stream:features/></stream:stream></oh>");
    assert_int_equal(rig->handshakes, 1);
    assert_inbox_empty(rig);
    secure(rig);
    assert_done(rig);
    assert_state(rig, CLIENT_CONNECTED);
    assert_null(client_features(rig->client));
    rig_free(rig);
}

static void a_failure_is_a_refusal(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    open_stream(rig, TLS_OFFERED);
    client_start_tls(rig->client);
    said(rig, "starttls", NS_TLS);
    hear(rig, "<failure xmlns='" NS_TLS "'/>" STREAM_END);
    assert_refused(rig, "failure", "starting TLS");
    assert_int_equal(rig->handshakes, 0);
    take_kind(rig, RECEIVED_STREAM_END);
    rig_free(rig);
}

static void a_handshake_that_fails_is_a_refusal(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    open_stream(rig, TLS_OFFERED);
    client_start_tls(rig->client);
    said(rig, "starttls", NS_TLS);
    hear(rig, PROCEED);
    client_ended(rig->client);
    assert_refused(rig, "connection-ended", "starting TLS");
    assert_false(client_is_secured(rig->client));
    take_kind(rig, RECEIVED_CONNECTION_END);
    rig_free(rig);
}

/* XEP-0440, 4: tls-exporter is preferred; base64 of "p=tls-exporter,,n=juliet,r=nonce-1" and its like. */
static void a_client_binds_to_the_best_type_or_to_a_given_one(void **state)
{
    (void)state;
    static const struct {
        const char *binding, *mechanism, *first;
    } rows[] = {
        { NULL, "SCRAM-SHA-1-PLUS", "cD10bHMtZXhwb3J0ZXIsLG49anVsaWV0LHI9bm9uY2UtMQ==" },
        { "tls-server-end-point", "SCRAM-SHA-1-PLUS",
          "cD10bHMtc2VydmVyLWVuZC1wb2ludCwsbj1qdWxpZXQscj1ub25jZS0x" },
        { "none", "SCRAM-SHA-1", "biwsbj1qdWxpZXQscj1ub25jZS0x" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct rig *rig = rig_new();
        rig->identity.binding = rows[i].binding;
        log_in_over_tls(rig, BINDING_OFFERED);
        const struct xml *auth = said(rig, "auth", NS_SASL);
        assert_string_equal(xml_get(auth, "mechanism"), rows[i].mechanism);
        assert_text(auth, rows[i].first);
        rig_free(rig);
    }
}

/* RFC 5802, 6: base64 of "y,,n=juliet,r=nonce-1". */
static void a_client_that_is_offered_nothing_to_bind_with_says_so(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    log_in_over_tls(rig, MECHANISMS("<mechanism>SCRAM-SHA-1</mechanism>"));
    assert_text(said(rig, "auth", NS_SASL), "eSwsbj1qdWxpZXQscj1ub25jZS0x");
    rig_free(rig);
}

/* XEP-0178, 2: "=" for the one address; base64 of "juliet@example.com" for one of several. */
static void a_client_with_a_certificate_uses_it(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        { "juliet@example.com", "=" },
        { "juliet@example.com, juliet@localhost", "anVsaWV0QGV4YW1wbGUuY29t" },
    };
    for (size_t i = 0; i < 2; i++) {
        struct rig *rig = rig_new();
        rig->identity.certificate = rows[i][0];
        log_in_over_tls(rig, BINDING_OFFERED);
        const struct xml *auth = said(rig, "auth", NS_SASL);
        assert_string_equal(xml_get(auth, "mechanism"), "EXTERNAL");
        assert_text(auth, rows[i][1]);
        rig_free(rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_login_takes_the_tls_that_is_offered),
        cmocka_unit_test(a_client_that_never_takes_it_goes_on_in_the_clear),
        cmocka_unit_test(a_client_that_insists_stops_without_it),
        cmocka_unit_test(input_in_the_clear_after_proceed_is_discarded),
        cmocka_unit_test(a_failure_is_a_refusal),
        cmocka_unit_test(a_handshake_that_fails_is_a_refusal),
        cmocka_unit_test(a_client_binds_to_the_best_type_or_to_a_given_one),
        cmocka_unit_test(a_client_that_is_offered_nothing_to_bind_with_says_so),
        cmocka_unit_test(a_client_with_a_certificate_uses_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
