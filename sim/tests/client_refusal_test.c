#include "client_rig.h"

#include <stdio.h>

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

/* Begins a login and stops it in a phase; returns the name of the phase. */
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

/* ---- Single actions ---- */

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

static void binding_by_hand_is_for_the_inbox_and_names_the_client(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    open_stream(rig, MECHANISMS(PLAIN_OFFERED));
    send_text(rig, "<iq type='set' id='hand'><bind xmlns='" NS_BIND "'/></iq>");
    hear_bound(rig, said(rig, "iq", XML_NS_CLIENT), FULL_JID);
    take_element(rig, "iq");
    assert_string_equal(client_full_jid(rig->client), FULL_JID);
    assert_state(rig, CLIENT_BOUND);
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
        cmocka_unit_test(binding_by_hand_is_for_the_inbox_and_names_the_client),
        cmocka_unit_test(elements_of_sasl_that_answer_nothing_are_for_the_inbox),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
