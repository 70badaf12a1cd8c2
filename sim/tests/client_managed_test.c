/* Stream management on the client's side (XEP-0198). */
#include "client_rig.h"

#define SM      "urn:xmpp:sm:3"
#define ENABLED "<enabled xmlns='" SM "' id='some-id' resume='true'/>"

/* Enabled, and nothing sent or received since. */
static struct rig *rig_managed(void)
{
    struct rig *rig = rig_new();
    log_in(rig);
    client_manage(rig->client);
    const struct xml *enable = said(rig, "enable", SM);
    assert_string_equal(xml_get(enable, "resume"), "true");
    hear(rig, ENABLED);
    assert_done(rig);
    assert_inbox_empty(rig);
    return rig;
}

/* From a resumption just begun to the request, which is returned. */
static const struct xml *log_in_to_resumption(struct rig *rig)
{
    client_opened(rig->client);
    hear_features(rig, MECHANISMS(PLAIN_OFFERED));
    said(rig, "auth", NS_SASL);
    hear_success(rig, SUCCESS);
    hear_features(rig, BIND_OFFERED);
    return said(rig, "resume", SM);
}

static void come_back(struct rig *rig)
{
    client_drop(rig->client);
    client_resume(rig->client);
    log_in_to_resumption(rig);
    hear(rig, "<resumed xmlns='" SM "' previd='some-id' h='0'/>");
}

static void stanzas_are_counted_from_the_enabling_on(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    log_in(rig);
    assert_false(client_counts(rig->client).managed);
    send_text(rig, "<presence/>");
    said(rig, "presence", XML_NS_CLIENT);
    client_manage(rig->client);
    said(rig, "enable", SM);
    send_text(rig, "<message to='a@b'/>");
    said(rig, "message", XML_NS_CLIENT);
    hear(rig, "<presence from='a@b/c'/>" ENABLED "<message from='a@b/c'/><iq type='result' id='1'/>"
              "<other xmlns='urn:example'/>");
    struct client_counts counts = client_counts(rig->client);
    assert_true(counts.managed && counts.exact && !counts.resumed);
    assert_int_equal(counts.received, 2);
    assert_int_equal(counts.sent, 1);
    rig_free(rig);
}

static void the_servers_requests_are_answered_and_not_in_the_inbox(void **state)
{
    (void)state;
    struct rig *rig = rig_managed();
    hear(rig, "<message from='a@b/c'/><r xmlns='" SM "'/>");
    assert_string_equal(xml_get(said(rig, "a", SM), "h"), "1");
    take_element(rig, "message");
    assert_inbox_empty(rig);
    hear(rig, "<iq type='get' id='p' from='example.com'><ping xmlns='urn:xmpp:ping'/></iq>");
    const struct xml *pong = said(rig, "iq", XML_NS_CLIENT);
    assert_string_equal(xml_get(pong, "id"), "p");
    assert_string_equal(xml_get(pong, "type"), "result");
    assert_int_equal(client_counts(rig->client).sent, 1);
    assert_inbox_empty(rig);
    rig_free(rig);
}

static void a_mute_client_leaves_requests_to_the_director(void **state)
{
    (void)state;
    struct rig *rig = rig_managed();
    client_answer(rig->client, false);
    hear(rig,
         "<r xmlns='" SM "'/><iq type='get' id='p' from='example.com'><ping xmlns='urn:xmpp:ping'/></iq>");
    said_nothing(rig);
    take_element(rig, "r");
    take_element(rig, "iq");
    client_acknowledge(rig->client, NULL);
    assert_string_equal(xml_get(said(rig, "a", SM), "h"), "1");
    const uint32_t other = 4294967295U;
    client_acknowledge(rig->client, &other);
    assert_string_equal(xml_get(said(rig, "a", SM), "h"), "4294967295");
    rig_free(rig);
}

static void enabling_may_be_refused(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    log_in(rig);
    client_manage(rig->client);
    said(rig, "enable", SM);
    hear(rig,
         "<failed xmlns='" SM "'><unexpected-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>");
    assert_refused(rig, "unexpected-request", "stream management");
    assert_false(client_counts(rig->client).managed);
    client_resume(rig->client);
    assert_refused(rig, "nothing-to-resume", "resumption");
    rig_free(rig);
}

static void a_session_is_resumed_and_what_was_not_handled_is_sent_again(void **state)
{
    (void)state;
    struct rig *rig = rig_managed();
    hear(rig, "<message from='a@b/c'/>");
    take_element(rig, "message");
    send_text(rig, "<message id='1'/>");
    send_text(rig, "<message id='2'/>");
    send_text(rig, "<message id='3'/>");
    for (int i = 0; i < 3; i++)
        said(rig, "message", XML_NS_CLIENT);
    hear(rig, "<a xmlns='" SM "' h='1'/>");
    take_element(rig, "a");
    client_ended(rig->client);
    take_kind(rig, RECEIVED_CONNECTION_END);

    client_resume(rig->client);
    const struct xml *resume = log_in_to_resumption(rig);
    assert_string_equal(xml_get(resume, "previd"), "some-id");
    assert_string_equal(xml_get(resume, "h"), "1");
    hear(rig, "<resumed xmlns='" SM "' previd='some-id' h='2'/>");
    assert_done(rig);
    assert_state(rig, CLIENT_BOUND);
    assert_string_equal(client_full_jid(rig->client), FULL_JID);
    assert_string_equal(xml_get(said(rig, "message", XML_NS_CLIENT), "id"), "3");
    said_nothing(rig);
    struct client_counts counts = client_counts(rig->client);
    assert_true(counts.resumed);
    assert_int_equal(counts.sent, 3);
    assert_int_equal(counts.received, 1);
    assert_inbox_empty(rig);
    rig_free(rig);
}

/* XEP-0198, 4: what an <a/> counts is not sent again, whether it came or not. */
static void what_was_acknowledged_before_it_came_is_forgone(void **state)
{
    (void)state;
    static const uint32_t none = UINT32_MAX, more = 3;
    struct rig *rig = rig_managed();
    hear(rig, "<message from='a@b/c'/><message from='a@b/c'/>");
    client_acknowledge(rig->client, NULL);
    said(rig, "a", SM);
    client_acknowledge(rig->client, &none);
    said(rig, "a", SM);
    come_back(rig);
    assert_int_equal(client_counts(rig->client).forgone, 0);
    client_acknowledge(rig->client, &more);
    said(rig, "a", SM);
    assert_int_equal(client_counts(rig->client).forgone, 0); /* it may still come */
    come_back(rig);
    assert_int_equal(client_counts(rig->client).forgone, 1);
    hear(rig, "<message from='a@b/c'/>");
    send_text(rig, "<a xmlns='" SM "' h='9'/>");
    said(rig, "a", SM);
    come_back(rig);
    assert_int_equal(client_counts(rig->client).received, 3);
    assert_int_equal(client_counts(rig->client).forgone, 6);
    come_back(rig);
    assert_int_equal(client_counts(rig->client).forgone, 6);
    rig_free(rig);
}

static void the_view_outlives_the_connection_of_a_session_that_is_resumed(void **state)
{
    (void)state;
    struct rig *rig = rig_managed();
    hear(rig, "<presence from='romeo@example.com/orchard'/>");
    client_drop(rig->client);
    client_resume(rig->client);
    log_in_to_resumption(rig);
    hear(rig, "<resumed xmlns='" SM "' previd='some-id' h='0'/>");
    assert_true(client_sees(rig->client, "romeo@example.com/orchard"));
    rig_free(rig);
}

static void a_session_that_is_not_resumed_is_forgotten(void **state)
{
    (void)state;
    struct rig *rig = rig_managed();
    hear(rig, "<presence from='romeo@example.com/orchard'/>");
    client_resume(rig->client); /* over the connection that there still is */
    assert_int_equal(rig->breaks, 1);
    log_in_to_resumption(rig);
    hear(rig,
         "<failed xmlns='" SM "'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>");
    assert_refused(rig, "item-not-found", "resumption");
    assert_state(rig, CLIENT_OPEN);
    assert_false(client_sees(rig->client, "romeo@example.com/orchard"));
    client_bind(rig->client, "balcony");
    hear_bound(rig, said(rig, "iq", XML_NS_CLIENT), FULL_JID);
    assert_done(rig);
    rig_free(rig);
}

/* Available presence of the session that is given up is none of the next one, of which unavailable presence therefore is
 * not returned (RFC 6121, 4.5.2); what is directed to an own address is. */
static void what_the_session_before_broadcast_is_forgotten(void **state)
{
    (void)state;
    struct rig *rig = rig_managed();
    send_text(rig, "<presence/>");
    said(rig, "presence", XML_NS_CLIENT);
    client_drop(rig->client);
    log_in(rig);
    send_text(rig, "<presence type='unavailable'/>");
    send_text(rig, "<presence/>");
    hear(rig,
         "<presence from='romeo@example.com/orchard'/><presence type='unavailable' from='" FULL_JID "'/>");
    assert_true(client_sees(rig->client, "romeo@example.com/orchard"));
    send_text(rig, "<presence type='unavailable'/>");
    hear(rig, "<presence type='unavailable' from='" FULL_JID "'/>");
    assert_false(client_sees(rig->client, "romeo@example.com/orchard"));
    rig_free(rig);
}

static void the_count_is_inexact_after_raw_bytes(void **state)
{
    (void)state;
    struct rig *rig = rig_managed();
    client_write(rig->client, " ", 1);
    assert_false(client_counts(rig->client).exact);
    rig_free(rig);
}

static void unexpected_input_is_left_in_the_inbox(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    log_in(rig);
    hear(rig, ENABLED "<resumed xmlns='" SM "' previd='x' h='0'/><failed xmlns='" SM "'/>"
                      "<r xmlns='" SM "'/><a xmlns='" SM "' h='1'/><other xmlns='" SM "'/>");
    static const char *const names[] = { "enabled", "resumed", "failed", "r", "a", "other" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        take_element(rig, names[i]);
    said_nothing(rig);
    assert_false(client_counts(rig->client).managed);
    rig_free(rig);
}

static void inactivity_is_remembered_for_the_session(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    log_in(rig);
    assert_false(client_was_inactive(rig->client));
    send_text(rig, "<inactive xmlns='urn:xmpp:csi:0'/>");
    send_text(rig, "<active xmlns='urn:xmpp:csi:0'/>");
    assert_true(client_was_inactive(rig->client));
    client_dial(rig->client);
    assert_false(client_was_inactive(rig->client));
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stanzas_are_counted_from_the_enabling_on),
        cmocka_unit_test(the_servers_requests_are_answered_and_not_in_the_inbox),
        cmocka_unit_test(a_mute_client_leaves_requests_to_the_director),
        cmocka_unit_test(enabling_may_be_refused),
        cmocka_unit_test(a_session_is_resumed_and_what_was_not_handled_is_sent_again),
        cmocka_unit_test(what_was_acknowledged_before_it_came_is_forgone),
        cmocka_unit_test(the_view_outlives_the_connection_of_a_session_that_is_resumed),
        cmocka_unit_test(a_session_that_is_not_resumed_is_forgotten),
        cmocka_unit_test(what_the_session_before_broadcast_is_forgotten),
        cmocka_unit_test(the_count_is_inexact_after_raw_bytes),
        cmocka_unit_test(unexpected_input_is_left_in_the_inbox),
        cmocka_unit_test(inactivity_is_remembered_for_the_session),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
