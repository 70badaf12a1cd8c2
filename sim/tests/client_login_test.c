#include "../client/scram.h"
#include "client_rig.h"

#include <nettle/base64.h>
#include <nettle/hmac.h>
#include <nettle/sha1.h>
#include <stdio.h>

/* ---- A login ---- */

/* RFC 4616, 2: NUL, the name, NUL, the password. */
static void assert_plain(const struct xml *auth, const char *name, const char *password)
{
    char message[128], coded[256] = "";
    int length = snprintf(message, sizeof message, "%c%s%c%s", '\0', name, '\0', password);
    base64_encode_raw(coded, (size_t)length, (const uint8_t *)message);
    assert_string_equal(xml_get(auth, "mechanism"), "PLAIN");
    assert_text(auth, coded);
}

static void log_in_watching_every_state(struct rig *rig)
{
    client_login(rig->client);
    assert_state(rig, CLIENT_DIALLING);
    client_opened(rig->client);
    assert_state(rig, CLIENT_OPENING);
    hear_features(rig, MECHANISMS(PLAIN_OFFERED));
    assert_state(rig, CLIENT_AUTHENTICATING);
    assert_plain(said(rig, "auth", NS_SASL), "juliet", "r0m30myr0m30");
    hear_success(rig, SUCCESS);
    assert_state(rig, CLIENT_OPENING);
    hear_features(rig, BIND_OFFERED);
    assert_state(rig, CLIENT_BINDING);
    const struct xml *iq = said(rig, "iq", XML_NS_CLIENT);
    assert_string_equal(xml_get(iq, "type"), "set");
    assert_text(xml_child(xml_child(iq, "bind", NS_BIND), "resource", NS_BIND), "balcony");
    assert_int_equal(client_outcome(rig->client).state, OUTCOME_PENDING);
    assert_null(client_full_jid(rig->client));
    hear_bound(rig, iq, FULL_JID);
    assert_state(rig, CLIENT_BOUND);
    assert_done(rig);
    assert_string_equal(client_full_jid(rig->client), FULL_JID);
    assert_inbox_empty(rig);
    said_nothing(rig);
}

static void a_login_dials_opens_authenticates_restarts_and_binds(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    log_in_watching_every_state(rig);
    rig_free(rig);
}

static void a_login_succeeds_in_pieces_of_any_size(void **state)
{
    (void)state;
    for (size_t piece = 1; piece < 8; piece++) {
        struct rig *rig = rig_new();
        rig->piece = piece;
        log_in_watching_every_state(rig);
        hear(rig, "<message/><presence/>" STREAM_END);
        take_element(rig, "message");
        take_element(rig, "presence");
        take_kind(rig, RECEIVED_STREAM_END);
        rig_free(rig);
    }
}

static void a_login_goes_on_from_a_connection(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    client_dial(rig->client);
    client_opened(rig->client);
    client_login(rig->client);
    hear_features(rig, MECHANISMS(PLAIN_OFFERED));
    said(rig, "auth", NS_SASL);
    assert_int_equal(rig->dials, 1);
    rig_free(rig);
}

static void a_login_goes_on_from_an_open_stream(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    open_stream(rig, MECHANISMS(PLAIN_OFFERED));
    client_login(rig->client);
    said(rig, "auth", NS_SASL);
    said_nothing(rig);
    rig_free(rig);
}

static void a_login_goes_on_from_success_and_from_a_restarted_stream(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    open_stream(rig, MECHANISMS(PLAIN_OFFERED));
    client_authenticate(rig->client, NULL, NULL, NULL);
    said(rig, "auth", NS_SASL);
    hear_success(rig, SUCCESS);
    assert_state(rig, CLIENT_AUTHENTICATED);
    assert_done(rig);
    said_nothing(rig);

    struct client_header header = client_header_usual(rig->client);
    client_open_stream(rig->client, &header);
    hear_features(rig, BIND_OFFERED);
    assert_state(rig, CLIENT_OPEN);
    client_login(rig->client);
    hear_bound(rig, said(rig, "iq", XML_NS_CLIENT), FULL_JID);
    assert_done(rig);
    client_login(rig->client);
    assert_done(rig);
    said_nothing(rig);
    rig_free(rig);

    rig = rig_new();
    open_stream(rig, MECHANISMS(PLAIN_OFFERED));
    client_authenticate(rig->client, NULL, NULL, NULL);
    said(rig, "auth", NS_SASL);
    hear_success(rig, SUCCESS);
    client_login(rig->client);
    said(rig, "stream", XML_NS_STREAMS);
    rig_free(rig);
}

static void a_login_joins_an_exchange_that_is_under_way(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    open_stream(rig, MECHANISMS(PLAIN_OFFERED));
    client_authenticate(rig->client, NULL, NULL, NULL);
    said(rig, "auth", NS_SASL);
    client_login(rig->client);
    said_nothing(rig);
    hear_success(rig, SUCCESS);
    hear_features(rig, BIND_OFFERED);
    hear_bound(rig, said(rig, "iq", XML_NS_CLIENT), FULL_JID);
    assert_done(rig);
    rig_free(rig);
}

static void a_client_that_was_ended_logs_in_on_a_new_connection(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    log_in(rig);
    client_ended(rig->client);
    take_kind(rig, RECEIVED_CONNECTION_END);
    log_in(rig);
    assert_int_equal(rig->dials, 2);
    rig_free(rig);
}

static void all_of_it_may_be_sent_at_once(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    struct client_header header = client_header_usual(rig->client);
    client_dial(rig->client);
    client_open_stream(rig->client, &header);
    client_authenticate(rig->client, "PLAIN", NULL, NULL);
    client_opened(rig->client);
    hear_features(rig, MECHANISMS(PLAIN_OFFERED));
    assert_state(rig, CLIENT_AUTHENTICATING);
    said(rig, "auth", NS_SASL);
    xml_stream_restart(rig->server);
    client_open_stream(rig->client, &header);
    client_bind(rig->client, NULL);
    said(rig, "stream", XML_NS_STREAMS);
    const struct xml *iq = said(rig, "iq", XML_NS_CLIENT);
    hear(rig, SUCCESS HEADER BIND_OFFERED);
    assert_int_equal(client_outcome(rig->client).state, OUTCOME_PENDING);
    hear_bound(rig, iq, FULL_JID);
    assert_state(rig, CLIENT_BOUND);
    assert_done(rig);
    assert_inbox_empty(rig);
    rig_free(rig);
}

/* ---- Mechanisms ---- */

static const char *mechanism_chosen(const char *offered)
{
    static char chosen[32];
    struct rig *rig = rig_new();
    open_stream(rig, offered);
    client_login(rig->client);
    const char *mechanism = xml_get(said(rig, "auth", NS_SASL), "mechanism");
    assert_true(strlen(mechanism) < sizeof chosen);
    memcpy(chosen, mechanism, strlen(mechanism) + 1);
    rig_free(rig);
    return chosen;
}

static void the_strongest_mechanism_offered_is_taken(void **state)
{
    (void)state;
    assert_string_equal(mechanism_chosen(MECHANISMS("<mechanism>PLAIN</mechanism>"
                                                    "<mechanism>SCRAM-SHA-1</mechanism>"
                                                    "<mechanism>SCRAM-SHA-256</mechanism>")),
                        "SCRAM-SHA-256");
    assert_string_equal(mechanism_chosen(MECHANISMS("<mechanism>DIGEST-MD5</mechanism>"
                                                    "<mechanism>PLAIN</mechanism>"
                                                    "<mechanism>SCRAM-SHA-1</mechanism>")),
                        "SCRAM-SHA-1");
    assert_string_equal(mechanism_chosen(MECHANISMS("<mechanism>PLAIN</mechanism>")), "PLAIN");
}

static void a_mechanism_that_is_named_goes_before_what_is_offered(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    rig->identity.mechanism = "PLAIN";
    open_stream(rig, MECHANISMS("<mechanism>SCRAM-SHA-1</mechanism>"));
    client_login(rig->client);
    assert_string_equal(xml_get(said(rig, "auth", NS_SASL), "mechanism"), "PLAIN");
    client_authenticate(rig->client, "SCRAM-SHA-256", NULL, NULL);
    assert_string_equal(xml_get(said(rig, "auth", NS_SASL), "mechanism"), "SCRAM-SHA-256");
    rig_free(rig);
}

static void without_a_mechanism_in_common_a_login_is_refused(void **state)
{
    (void)state;
    static const char *const offers[] = {
        MECHANISMS("<mechanism>DIGEST-MD5</mechanism><mechanism>EXTERNAL</mechanism>"),
        MECHANISMS(""),
        "<stream:features/>",
    };
    for (size_t i = 0; i < sizeof offers / sizeof *offers; i++) {
        struct rig *rig = rig_new();
        open_stream(rig, offers[i]);
        client_login(rig->client);
        assert_refused(rig, "mechanism-not-offered", "authentication");
        assert_state(rig, CLIENT_OPEN);
        said_nothing(rig);
        rig_free(rig);
    }
}

static void a_mechanism_that_the_client_does_not_know_is_for_the_server_to_refuse(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    open_stream(rig, MECHANISMS(PLAIN_OFFERED));
    client_authenticate(rig->client, "X-'LUTE'", NULL, NULL);
    const struct xml *auth = said(rig, "auth", NS_SASL);
    assert_string_equal(xml_get(auth, "mechanism"), "X-'LUTE'");
    assert_text(auth, "");
    hear(rig, FAILURE("<invalid-mechanism/>"));
    assert_refused(rig, "invalid-mechanism", "authentication");
    assert_inbox_empty(rig);
    rig_free(rig);
}

static void a_success_of_an_unknown_mechanism_is_taken_at_its_word(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    open_stream(rig, MECHANISMS(PLAIN_OFFERED));
    client_authenticate(rig->client, "X-LUTE", NULL, NULL);
    hear_success(rig, SUCCESS);
    assert_done(rig);
    assert_state(rig, CLIENT_AUTHENTICATED);
    rig_free(rig);
}

static void before_the_features_are_here_no_mechanism_is_offered(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    client_dial(rig->client);
    client_opened(rig->client);
    client_authenticate(rig->client, NULL, NULL, NULL);
    assert_refused(rig, "mechanism-not-offered", "authentication");
    assert_int_equal(rig->writes, 0);
    rig_free(rig);
}

static void credentials_may_differ_from_the_identity(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    open_stream(rig, MECHANISMS(PLAIN_OFFERED));
    client_authenticate(rig->client, NULL, "nurse", "wrong");
    assert_plain(said(rig, "auth", NS_SASL), "nurse", "wrong");
    rig_free(rig);
}

/* ---- SCRAM, with the server's side made from the keys of an account ---- */

static void unbase64(const char *coded, size_t coded_length, char *bytes, size_t size)
{
    struct base64_decode_ctx context;
    size_t length;
    base64_decode_init(&context);
    assert_true(BASE64_DECODE_LENGTH(coded_length) < size);
    assert_true(base64_decode_update(&context, &length, (uint8_t *)bytes, coded_length, coded));
    bytes[length] = '\0';
}

/* The decoded text of an element. */
static void decode_text(const struct xml *element, char *out, size_t size)
{
    char coded[512];
    xml_text(element, coded, sizeof coded);
    unbase64(coded, strlen(coded), out, size);
}

static void hear_coded(struct rig *rig, const char *name, const char *text)
{
    char coded[512] = "", element[1024];
    base64_encode_raw(coded, strlen(text), (const uint8_t *)text);
    snprintf(element, sizeof element, "<%s xmlns='" NS_SASL "'>%s</%s>", name, coded, name);
    hear(rig, element);
}

/* server-final-message: the server's signature under the account's ServerKey (RFC 5802, 3). */
static void sign(const char *password, const char *auth_message, char *server_final)
{
    char server_key[64];
    char *secret = scram_secret("SCRAM-SHA-1", password, "salt", 2);
    unbase64(strrchr(secret, ':') + 1, 28, server_key, sizeof server_key);
    free(secret);
    struct hmac_sha1_ctx mac;
    uint8_t signature[SHA1_DIGEST_SIZE];
    hmac_sha1_set_key(&mac, SHA1_DIGEST_SIZE, (const uint8_t *)server_key);
    hmac_sha1_update(&mac, strlen(auth_message), (const uint8_t *)auth_message);
    hmac_sha1_digest(&mac, sizeof signature, signature);
    memcpy(server_final, "v=", 2);
    base64_encode_raw(server_final + 2, sizeof signature, signature);
    server_final[2 + BASE64_ENCODE_RAW_LENGTH(sizeof signature)] = '\0';
}

/* Challenges a client that logs in, and reads its proof; the required contents of <success/> are stored in
 * `server_final`. */
static void challenge_by_scram(struct rig *rig, char *server_final)
{
    static const char head[] = "n,,n=juliet,r=";
    char client_first[128], server_first[256], client_final[256], auth_message[1024];
    open_stream(rig, MECHANISMS("<mechanism>SCRAM-SHA-1</mechanism>"));
    client_login(rig->client);
    decode_text(said(rig, "auth", NS_SASL), client_first, sizeof client_first);
    assert_memory_equal(client_first, head, strlen(head));
    /* "salt" is c2FsdA== in base64. */
    snprintf(server_first, sizeof server_first, "r=%sserver,s=c2FsdA==,i=2", client_first + strlen(head));
    hear_coded(rig, "challenge", server_first);
    decode_text(said(rig, "response", NS_SASL), client_final, sizeof client_final);
    *strstr(client_final, ",p=") = '\0';
    snprintf(auth_message, sizeof auth_message, "%s,%s,%s", client_first + strlen("n,,"), server_first,
             client_final);
    sign(rig->identity.password, auth_message, server_final);
}

static void a_login_by_scram_is_done_when_the_server_signs(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    char server_final[64];
    challenge_by_scram(rig, server_final);
    xml_stream_restart(rig->server);
    hear_coded(rig, "success", server_final);
    hear_features(rig, BIND_OFFERED);
    hear_bound(rig, said(rig, "iq", XML_NS_CLIENT), FULL_JID);
    assert_done(rig);
    assert_inbox_empty(rig);
    rig_free(rig);
}

static void a_server_that_does_not_sign_is_broken_off(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    char server_final[64];
    challenge_by_scram(rig, server_final);
    hear_coded(rig, "success", "v=AAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    assert_refused(rig, "unproven-success", "authentication");
    assert_state(rig, CLIENT_ENDED);
    assert_int_equal(rig->breaks, 1);
    said_nothing(rig);
    rig_free(rig);
}

static void input_after_an_invalid_success_is_discarded(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    open_stream(rig, MECHANISMS("<mechanism>SCRAM-SHA-1</mechanism>"));
    client_authenticate(rig->client, NULL, NULL, NULL);
    hear(rig, SUCCESS "<message/>" STREAM_END);
    assert_refused(rig, "unproven-success", "authentication");
    assert_inbox_empty(rig);
    rig_free(rig);
}

static void a_challenge_that_makes_no_sense_is_aborted(void **state)
{
    (void)state;
    static const char *const mechanisms[] = { "PLAIN", "SCRAM-SHA-1", "X-LUTE" };
    for (size_t i = 0; i < sizeof mechanisms / sizeof *mechanisms; i++) {
        struct rig *rig = rig_new();
        open_stream(rig, MECHANISMS(PLAIN_OFFERED));
        client_authenticate(rig->client, mechanisms[i], NULL, NULL);
        said(rig, "auth", NS_SASL);
        hear(rig, CHALLENGE("cj1hLHM9YixpPTE="));
        said(rig, "abort", NS_SASL);
        assert_state(rig, CLIENT_AUTHENTICATING);
        hear(rig, FAILURE("<aborted/>"));
        assert_refused(rig, "aborted", "authentication");
        assert_state(rig, CLIENT_OPEN);
        rig_free(rig);
    }
}

static void two_negotiations_never_share_a_nonce(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    open_stream(rig, MECHANISMS("<mechanism>SCRAM-SHA-1</mechanism>"));
    char first[512], second[512];
    client_authenticate(rig->client, NULL, NULL, NULL);
    decode_text(said(rig, "auth", NS_SASL), first, sizeof first);
    hear(rig, FAILURE("<not-authorized/>"));
    client_authenticate(rig->client, NULL, NULL, NULL);
    decode_text(said(rig, "auth", NS_SASL), second, sizeof second);
    assert_string_not_equal(first, second);
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_login_dials_opens_authenticates_restarts_and_binds),
        cmocka_unit_test(a_login_succeeds_in_pieces_of_any_size),
        cmocka_unit_test(a_login_goes_on_from_a_connection),
        cmocka_unit_test(a_login_goes_on_from_an_open_stream),
        cmocka_unit_test(a_login_goes_on_from_success_and_from_a_restarted_stream),
        cmocka_unit_test(a_login_joins_an_exchange_that_is_under_way),
        cmocka_unit_test(a_client_that_was_ended_logs_in_on_a_new_connection),
        cmocka_unit_test(all_of_it_may_be_sent_at_once),
        cmocka_unit_test(the_strongest_mechanism_offered_is_taken),
        cmocka_unit_test(a_mechanism_that_is_named_goes_before_what_is_offered),
        cmocka_unit_test(without_a_mechanism_in_common_a_login_is_refused),
        cmocka_unit_test(a_mechanism_that_the_client_does_not_know_is_for_the_server_to_refuse),
        cmocka_unit_test(a_success_of_an_unknown_mechanism_is_taken_at_its_word),
        cmocka_unit_test(before_the_features_are_here_no_mechanism_is_offered),
        cmocka_unit_test(credentials_may_differ_from_the_identity),
        cmocka_unit_test(a_login_by_scram_is_done_when_the_server_signs),
        cmocka_unit_test(a_server_that_does_not_sign_is_broken_off),
        cmocka_unit_test(input_after_an_invalid_success_is_discarded),
        cmocka_unit_test(a_challenge_that_makes_no_sense_is_aborted),
        cmocka_unit_test(two_negotiations_never_share_a_nonce),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
