#include "../scram.h"
#include "client_rig.h"

#include <nettle/base64.h>
#include <nettle/hmac.h>
#include <nettle/sha1.h>
#include <stdio.h>

#define FAILURE(condition)   "<failure xmlns='" NS_SASL "'>" condition "</failure>"
#define CHALLENGE(challenge) "<challenge xmlns='" NS_SASL "'>" challenge "</challenge>"

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

/* Challenges a client that logs in, and lets it prove itself; what the success has to carry is put into
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

static void what_comes_behind_a_success_that_is_none_is_not_heard(void **state)
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

/* ---- Refusals ---- */

static void a_failure_refuses_and_another_try_may_follow_on_the_stream(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    open_stream(rig, MECHANISMS(PLAIN_OFFERED));
    client_login(rig->client);
    said(rig, "auth", NS_SASL);
    hear(rig, FAILURE("<not-authorized/><text>Who's there?</text>"));
    assert_refused(rig, "not-authorized", "authentication");
    assert_state(rig, CLIENT_OPEN);
    assert_inbox_empty(rig);
    client_authenticate(rig->client, NULL, NULL, "better");
    assert_int_equal(client_outcome(rig->client).state, OUTCOME_PENDING);
    said(rig, "auth", NS_SASL);
    hear_success(rig, SUCCESS);
    assert_done(rig);
    rig_free(rig);
}

static void a_failure_without_a_condition_is_refused_with_an_undefined_one(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    open_stream(rig, MECHANISMS(PLAIN_OFFERED));
    client_authenticate(rig->client, NULL, NULL, NULL);
    hear(rig, FAILURE(""));
    assert_refused(rig, "undefined-condition", "authentication");
    rig_free(rig);
}

static void a_stream_without_binding_refuses_a_login(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    open_stream(rig, MECHANISMS(PLAIN_OFFERED));
    client_login(rig->client);
    said(rig, "auth", NS_SASL);
    hear_success(rig, SUCCESS);
    hear_features(rig, "<stream:features/>");
    assert_refused(rig, "bind-not-offered", "binding");
    assert_state(rig, CLIENT_OPEN);
    rig_free(rig);
}

static void hear_bind_error(struct rig *rig, const struct xml *iq, const char *condition)
{
    char error[512];
    snprintf(error, sizeof error,
             "<iq type='error' id='%s'><bind xmlns='" NS_BIND "'/><error type='cancel'>"
             "<%s xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
             xml_get(iq, "id"), condition);
    hear(rig, error);
}

/* RFC 6120, 7.7.2.2 */
static void a_bind_that_is_refused_may_be_tried_again(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    client_login(rig->client);
    const struct xml *first = log_in_to_binding(rig);
    hear_bind_error(rig, first, "conflict");
    assert_refused(rig, "conflict", "binding");
    assert_state(rig, CLIENT_OPEN);
    assert_inbox_empty(rig);

    client_bind(rig->client, "<orchard> & \"tomb\"");
    const struct xml *second = said(rig, "iq", XML_NS_CLIENT);
    assert_string_not_equal(xml_get(first, "id"), xml_get(second, "id"));
    assert_text(xml_child(xml_child(second, "bind", NS_BIND), "resource", NS_BIND), "<orchard> & \"tomb\"");
    hear_bound(rig, second, "juliet@example.com/tomb");
    assert_done(rig);
    assert_string_equal(client_full_jid(rig->client), "juliet@example.com/tomb");
    rig_free(rig);
}

static void a_bound_client_that_is_refused_another_resource_stays_bound(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    log_in(rig);
    client_bind(rig->client, NULL);
    const struct xml *iq = said(rig, "iq", XML_NS_CLIENT);
    assert_null(xml_first_element(xml_child(iq, "bind", NS_BIND)));
    hear_bind_error(rig, iq, "not-allowed");
    assert_refused(rig, "not-allowed", "binding");
    assert_state(rig, CLIENT_BOUND);
    assert_string_equal(client_full_jid(rig->client), FULL_JID);
    rig_free(rig);
}

static void a_bind_result_without_a_jid_binds_nothing(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    client_login(rig->client);
    const struct xml *iq = log_in_to_binding(rig);
    hear_bound(rig, iq, "");
    assert_refused(rig, "undefined-condition", "binding");
    assert_null(client_full_jid(rig->client));
    client_bind(rig->client, NULL);
    hear(rig, "<iq type='result' id='");
    hear(rig, xml_get(said(rig, "iq", XML_NS_CLIENT), "id"));
    hear(rig, "'/>");
    assert_refused(rig, "undefined-condition", "binding");
    assert_state(rig, CLIENT_OPEN);
    rig_free(rig);
}

static void only_the_answer_to_the_bind_request_is_consumed(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    client_login(rig->client);
    const struct xml *iq = log_in_to_binding(rig);
    hear(rig, "<message/><iq type='result' id='other'/><iq type='result'/><iq/>");
    char request[64];
    snprintf(request, sizeof request, "<iq type='get' id='%s'/>", xml_get(iq, "id"));
    hear(rig, request);
    assert_state(rig, CLIENT_BINDING);
    take_element(rig, "message");
    for (int i = 0; i < 4; i++)
        take_element(rig, "iq");
    hear_bound(rig, iq, FULL_JID);
    assert_done(rig);
    hear_bound(rig, iq, "juliet@example.com/late");
    take_element(rig, "iq");
    assert_string_equal(client_full_jid(rig->client), FULL_JID);
    rig_free(rig);
}

static void without_a_connection_exchanges_are_refused(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    client_authenticate(rig->client, NULL, NULL, NULL);
    assert_refused(rig, "connection-ended", "authentication");
    client_bind(rig->client, NULL);
    assert_refused(rig, "connection-ended", "binding");
    assert_int_equal(rig->writes, 0);
    rig_free(rig);
}

/* ---- A server that ends it, in each phase of a login ---- */

/* Begins a login and stops it in a phase; returns the name of what is under way there. */
static const char *log_in_to_phase(struct rig *rig, int phase)
{
    client_login(rig->client);
    if (phase == 3) {
        log_in_to_binding(rig);
        return "binding";
    }
    client_opened(rig->client);
    if (phase == 0)
        return "the stream";
    hear_features(rig, MECHANISMS(PLAIN_OFFERED));
    if (phase == 1)
        return "authentication";
    hear_success(rig, SUCCESS);
    return "the stream";
}

static void a_connection_that_ends_refuses_the_login_in_any_phase(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    client_login(rig->client);
    client_ended(rig->client);
    assert_refused(rig, "connection-ended", "the stream");
    rig_free(rig);
    for (int phase = 0; phase < 4; phase++) {
        rig = rig_new();
        const char *during = log_in_to_phase(rig, phase);
        client_ended(rig->client);
        assert_refused(rig, "connection-ended", during);
        assert_state(rig, CLIENT_ENDED);
        take_kind(rig, RECEIVED_CONNECTION_END);
        assert_inbox_empty(rig);
        rig_free(rig);
    }
}

static void a_stream_that_ends_refuses_the_login_in_any_phase(void **state)
{
    (void)state;
    for (int phase = 0; phase < 4; phase++) {
        struct rig *rig = rig_new();
        const char *during = log_in_to_phase(rig, phase);
        if (phase % 2 == 0)
            hear(rig, HEADER);
        hear(rig, STREAM_END);
        assert_refused(rig, "connection-ended", during);
        assert_int_equal(rig->closes, 1);
        take_kind(rig, RECEIVED_STREAM_END);
        assert_inbox_empty(rig);
        rig_free(rig);
    }
}

static void a_stream_error_refuses_the_login_in_any_phase(void **state)
{
    (void)state;
    for (int phase = 0; phase < 4; phase++) {
        struct rig *rig = rig_new();
        log_in_to_phase(rig, phase);
        if (phase % 2 == 0)
            hear(rig, HEADER);
        hear(rig, STREAM_ERROR("policy-violation") STREAM_END);
        assert_refused(rig, "policy-violation", "the stream");
        take_element(rig, "error");
        take_kind(rig, RECEIVED_STREAM_END);
        assert_inbox_empty(rig);
        rig_free(rig);
    }
}

static void garbage_refuses_the_login_in_any_phase(void **state)
{
    (void)state;
    for (int phase = 0; phase < 4; phase++) {
        struct rig *rig = rig_new();
        log_in_to_phase(rig, phase);
        hear(rig, "<&>");
        assert_refused(rig, "not-well-formed", "the stream");
        assert_int_equal(client_inbox(rig->client)->kind, RECEIVED_GARBAGE);
        rig_free(rig);
    }
}

static void leaving_refuses_what_is_under_way(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    client_login(rig->client);
    client_disconnect(rig->client);
    assert_refused(rig, "connection-ended", "the stream");
    client_login(rig->client);
    log_in_to_binding(rig);
    client_drop(rig->client);
    assert_refused(rig, "connection-ended", "binding");
    rig_free(rig);
}

/* ---- What a director does by hand ---- */

static void an_exchange_by_hand_is_for_the_inbox(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    open_stream(rig, MECHANISMS(PLAIN_OFFERED));
    send_text(rig, "<auth xmlns='" NS_SASL "' mechanism='SCRAM-SHA-1'>biwsbj1hLHI9Yg==</auth>");
    assert_state(rig, CLIENT_OPEN);
    said(rig, "auth", NS_SASL);
    hear(rig, CHALLENGE("cj1i"));
    take_element(rig, "challenge");
    said_nothing(rig);
    hear(rig, FAILURE("<not-authorized/>"));
    take_element(rig, "failure");
    assert_state(rig, CLIENT_OPEN);
    hear_success(rig, SUCCESS);
    take_element(rig, "success");
    assert_state(rig, CLIENT_AUTHENTICATED);
    assert_int_equal(client_outcome(rig->client).state, OUTCOME_NONE);
    client_login(rig->client);
    hear_features(rig, BIND_OFFERED);
    said(rig, "iq", XML_NS_CLIENT);
    rig_free(rig);
}

static void binding_by_hand_is_for_the_inbox_and_binds_nothing(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    open_stream(rig, MECHANISMS(PLAIN_OFFERED));
    send_text(rig, "<iq type='set' id='hand'><bind xmlns='" NS_BIND "'/></iq>");
    hear_bound(rig, said(rig, "iq", XML_NS_CLIENT), FULL_JID);
    take_element(rig, "iq");
    assert_null(client_full_jid(rig->client));
    assert_state(rig, CLIENT_OPEN);
    rig_free(rig);
}

static void elements_of_sasl_that_answer_nothing_are_for_the_inbox(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    open_stream(rig, MECHANISMS(PLAIN_OFFERED));
    client_authenticate(rig->client, NULL, NULL, NULL);
    hear(rig, "<mechanisms xmlns='" NS_SASL "'/>");
    take_element(rig, "mechanisms");
    assert_state(rig, CLIENT_AUTHENTICATING);
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
        cmocka_unit_test(what_comes_behind_a_success_that_is_none_is_not_heard),
        cmocka_unit_test(a_challenge_that_makes_no_sense_is_aborted),
        cmocka_unit_test(two_negotiations_never_share_a_nonce),
        cmocka_unit_test(a_failure_refuses_and_another_try_may_follow_on_the_stream),
        cmocka_unit_test(a_failure_without_a_condition_is_refused_with_an_undefined_one),
        cmocka_unit_test(a_stream_without_binding_refuses_a_login),
        cmocka_unit_test(a_bind_that_is_refused_may_be_tried_again),
        cmocka_unit_test(a_bound_client_that_is_refused_another_resource_stays_bound),
        cmocka_unit_test(a_bind_result_without_a_jid_binds_nothing),
        cmocka_unit_test(only_the_answer_to_the_bind_request_is_consumed),
        cmocka_unit_test(without_a_connection_exchanges_are_refused),
        cmocka_unit_test(a_connection_that_ends_refuses_the_login_in_any_phase),
        cmocka_unit_test(a_stream_that_ends_refuses_the_login_in_any_phase),
        cmocka_unit_test(a_stream_error_refuses_the_login_in_any_phase),
        cmocka_unit_test(garbage_refuses_the_login_in_any_phase),
        cmocka_unit_test(leaving_refuses_what_is_under_way),
        cmocka_unit_test(an_exchange_by_hand_is_for_the_inbox),
        cmocka_unit_test(binding_by_hand_is_for_the_inbox_and_binds_nothing),
        cmocka_unit_test(elements_of_sasl_that_answer_nothing_are_for_the_inbox),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
