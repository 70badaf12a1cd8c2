#include "client_rig.h"

static void write_text(struct rig *rig, const char *text)
{
    client_write(rig->client, text, strlen(text));
}

/* ---- Connection and stream ---- */

static void a_new_client_is_away_and_knows_nothing(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    assert_state(rig, CLIENT_AWAY);
    assert_string_equal(client_name(rig->client), "Juliet");
    assert_null(client_full_jid(rig->client));
    assert_null(client_stream_header(rig->client));
    assert_null(client_features(rig->client));
    assert_int_equal(client_outcome(rig->client).state, OUTCOME_NONE);
    assert_inbox_empty(rig);
    rig_free(rig);
    client_free(NULL);
}

static void every_state_has_a_name_of_its_own(void **state)
{
    (void)state;
    assert_string_equal(client_state_name(CLIENT_AWAY), "away");
    assert_string_equal(client_state_name(CLIENT_ENDED), "ended");
    for (int a = CLIENT_AWAY; a <= CLIENT_ENDED; a++)
        for (int b = a + 1; b <= CLIENT_ENDED; b++)
            assert_string_not_equal(client_state_name((enum client_state)a),
                                    client_state_name((enum client_state)b));
}

/* RFC 6120, 4.2 and 4.3.2 */
static void a_stream_is_open_once_the_header_and_the_features_are_here(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    client_dial(rig->client);
    assert_state(rig, CLIENT_DIALLING);
    client_opened(rig->client);
    assert_state(rig, CLIENT_CONNECTED);
    struct client_header header = client_header_usual(rig->client);
    client_open_stream(rig->client, &header);
    assert_state(rig, CLIENT_OPENING);
    const struct xml *ours = said(rig, "stream", XML_NS_STREAMS);
    assert_string_equal(xml_get(ours, "to"), "example.com");
    assert_string_equal(xml_get(ours, "version"), "1.0");
    assert_null(xml_get(ours, "from"));
    assert_null(xml_get(ours, "xml:lang"));
    assert_null(xml_get(ours, "id"));

    hear(rig, HEADER);
    assert_state(rig, CLIENT_OPENING);
    assert_string_equal(xml_get(client_stream_header(rig->client), "id"), "s-1");
    hear(rig, MECHANISMS(PLAIN_OFFERED));
    assert_state(rig, CLIENT_OPEN);
    assert_non_null(xml_child(client_features(rig->client), "mechanisms", NS_SASL));
    assert_inbox_empty(rig);
    rig_free(rig);
}

static void a_header_carries_what_it_is_given_and_no_more(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    client_dial(rig->client);
    client_opened(rig->client);
    struct client_header header = {
        .from = "<'juliet'&\"@example.com>",
        .lang = "it",
        .id = "mine",
        .ns = "jabber:server",
        .streams_ns = XML_NS_STREAMS,
    };
    client_open_stream(rig->client, &header);
    send_text(rig, "<message/>");
    const struct xml *ours = said(rig, "stream", XML_NS_STREAMS);
    assert_string_equal(xml_get(ours, "from"), "<'juliet'&\"@example.com>");
    assert_string_equal(xml_get(ours, "xml:lang"), "it");
    assert_string_equal(xml_get(ours, "id"), "mine");
    assert_null(xml_get(ours, "to"));
    assert_null(xml_get(ours, "version"));
    said(rig, "message", "jabber:server");
    rig_free(rig);
}

static void a_header_written_raw_opens_a_stream_too(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    client_dial(rig->client);
    client_opened(rig->client);
    write_text(rig, "<stream:stream xmlns='jabber:client' xmlns:stream='" XML_NS_STREAMS "' version='1.0'>");
    assert_state(rig, CLIENT_CONNECTED);
    hear_features(rig, MECHANISMS(PLAIN_OFFERED));
    assert_state(rig, CLIENT_OPEN);
    rig_free(rig);
}

static void features_that_follow_no_header_are_for_the_inbox(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    open_stream(rig, MECHANISMS(PLAIN_OFFERED));
    hear(rig, BIND_OFFERED);
    take_element(rig, "features");
    assert_null(xml_child(client_features(rig->client), "bind", NS_BIND));
    rig_free(rig);
}

static void dialling_again_drops_the_connection_and_forgets_its_stream(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    open_stream(rig, MECHANISMS(PLAIN_OFFERED));
    client_dial(rig->client);
    assert_state(rig, CLIENT_DIALLING);
    assert_int_equal(rig->breaks, 1);
    assert_int_equal(rig->dials, 2);
    assert_null(client_stream_header(rig->client));
    assert_null(client_features(rig->client));
    rig_free(rig);
}

/* ---- Output ---- */

static void what_the_transport_does_not_take_follows_when_it_is_writable(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    open_stream(rig, MECHANISMS(PLAIN_OFFERED));
    rig->room = 5;
    write_text(rig, "<message/>");
    write_text(rig, "<presence/>");
    said_nothing(rig);
    for (int i = 0; i < 2; i++) {
        rig->room = 7;
        client_writable(rig->client);
    }
    said(rig, "message", XML_NS_CLIENT);
    said_nothing(rig);
    rig->room = 2;
    client_writable(rig->client);
    said(rig, "presence", XML_NS_CLIENT);

    unsigned writes = rig->writes;
    client_writable(rig->client);
    assert_int_equal(rig->writes, writes);
    rig->room = SIZE_MAX;
    write_text(rig, "<message/>");
    said(rig, "message", XML_NS_CLIENT);
    rig_free(rig);
}

static void what_is_written_while_dialling_goes_out_at_the_opening(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    client_dial(rig->client);
    struct client_header header = client_header_usual(rig->client);
    client_open_stream(rig->client, &header);
    write_text(rig, "<message/>");
    assert_int_equal(rig->writes, 0);
    client_opened(rig->client);
    assert_state(rig, CLIENT_OPENING);
    said(rig, "stream", XML_NS_STREAMS);
    said(rig, "message", XML_NS_CLIENT);
    rig_free(rig);
}

static void bytes_written_count_as_one_write(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    open_stream(rig, MECHANISMS(PLAIN_OFFERED));
    unsigned writes = rig->writes;
    write_text(rig, "<message/><message/>");
    assert_int_equal(rig->writes, writes + 1);
    client_write(rig->client, "", 0);
    assert_int_equal(rig->writes, writes + 1);
    rig_free(rig);
}

static void without_a_connection_nothing_is_written_and_nothing_happens(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    struct client_header header = client_header_usual(rig->client);
    client_open_stream(rig->client, &header);
    write_text(rig, "<message/>");
    send_text(rig, "<iq type='get'><query xmlns='" NS_ROSTER "'/></iq>");
    client_close_stream(rig->client);
    client_disconnect(rig->client);
    client_drop(rig->client);
    client_writable(rig->client);
    assert_state(rig, CLIENT_AWAY);
    assert_false(client_asked_roster(rig->client));
    assert_int_equal(rig->writes + rig->closes + rig->breaks, 0);
    client_dial(rig->client);
    client_opened(rig->client);
    assert_int_equal(rig->writes, 0);
    rig_free(rig);
}

static void an_iq_without_an_id_is_given_one(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    open_stream(rig, MECHANISMS(PLAIN_OFFERED));
    send_text(rig, "<iq type='get' to='example.com'><ping xmlns='urn:xmpp:ping'/></iq>");
    send_text(rig, "<iq type='get'/>");
    send_text(rig, "<iq type='get' id='mine'/>");
    send_text(rig, "<message to='romeo@example.net'/>");
    const struct xml *first = said(rig, "iq", XML_NS_CLIENT);
    assert_string_equal(xml_get(first, "to"), "example.com");
    assert_non_null(xml_child(first, "ping", "urn:xmpp:ping"));
    const struct xml *second = said(rig, "iq", XML_NS_CLIENT);
    assert_string_not_equal(xml_get(first, "id"), xml_get(second, "id"));
    assert_string_equal(xml_get(said(rig, "iq", XML_NS_CLIENT), "id"), "mine");
    assert_null(xml_get(said(rig, "message", XML_NS_CLIENT), "id"));
    rig_free(rig);
}

/* ---- Inbox ---- */

static void stanzas_lie_in_the_inbox_in_order_until_they_are_taken(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    log_in(rig);
    hear(rig, "<message/><presence/><iq type='get' id='1'/>");
    const struct received *presence = client_inbox(rig->client)->next;
    assert_string_equal(presence->element->name, "presence");
    client_take(rig->client, presence);
    client_take(rig->client, client_inbox(rig->client)->next);
    hear(rig, "<message type='chat'/>");
    take_element(rig, "message");
    assert_string_equal(xml_get(client_inbox(rig->client)->element, "type"), "chat");
    take_element(rig, "message");
    assert_inbox_empty(rig);
    said_nothing(rig);
    rig_free(rig);
}

struct observed {
    unsigned ended;
    enum received_kind how;
    unsigned received, sent, unclear;
    char latest[32];
    bool seen; /* whether Romeo was online when the observer got his presence */
    bool had_id;
};

static void observe_received(void *host, struct client *client, const struct xml *element)
{
    struct observed *observed = host;
    observed->received++;
    observed->seen = client_sees(client, "romeo@example.net/orchard");
    assert_true(strlen(element->name) < sizeof observed->latest);
    memcpy(observed->latest, element->name, strlen(element->name) + 1);
}

static void observe_sent(void *host, struct client *client, const struct xml *stanza)
{
    (void)client;
    struct observed *observed = host;
    observed->sent++;
    observed->had_id = xml_get(stanza, "id") != NULL;
}

static void observe_unclear(void *host, struct client *client)
{
    (void)client;
    struct observed *observed = host;
    observed->unclear++;
}

static void observe_ended(void *host, struct client *client, enum received_kind how)
{
    (void)client;
    struct observed *observed = host;
    observed->ended++;
    observed->how = how;
}

static void an_observer_gets_elements_before_the_view_changes(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    struct observed observed = { 0 };
    client_observe(rig->client, (struct client_observer){ &observed, observe_received, observe_sent,
                                                          observe_unclear, observe_ended });
    client_unclear(rig->client); /* it has no connection, and the bytes go nowhere */
    assert_int_equal(observed.unclear, 0);
    log_in(rig);
    /* Features, success, features, the answer to the bind request. */
    assert_int_equal(observed.received, 4);
    assert_int_equal(observed.sent, 0);
    hear(rig, "<presence from='romeo@example.net/orchard'/>");
    assert_int_equal(observed.received, 5);
    assert_string_equal(observed.latest, "presence");
    assert_false(observed.seen);
    assert_true(client_sees(rig->client, "romeo@example.net/orchard"));

    send_text(rig, "<iq type='get'/>");
    assert_int_equal(observed.sent, 1);
    assert_true(observed.had_id);
    client_unclear(rig->client);
    assert_int_equal(observed.unclear, 1);
    rig_free(rig);
}

static void each_of_two_observers_is_told_and_may_leave_out_functions(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    struct observed first = { 0 }, second = { 0 };
    client_observe(rig->client, (struct client_observer){ .host = &first, .received = observe_received });
    client_observe(rig->client, (struct client_observer){ .host = &second, .ended = observe_ended });
    log_in(rig);
    send_text(rig, "<presence/>");
    client_unclear(rig->client);
    assert_int_equal(second.ended, 0);
    hear(rig, "<message/>" STREAM_END);
    assert_int_equal(first.received, 5);
    assert_int_equal(first.ended, 0);
    assert_int_equal(second.received, 0);
    assert_int_equal(second.ended, 1);
    assert_int_equal(second.how, RECEIVED_STREAM_END);
    rig_free(rig);
}

/* ---- Ends ---- */

/* RFC 6120, 4.4 */
static void a_server_that_closes_its_stream_is_answered_and_left(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    log_in(rig);
    hear(rig, "<message/>" STREAM_END);
    assert_int_equal(rig->ends, 1);
    assert_int_equal(rig->closes, 1);
    assert_state(rig, CLIENT_ENDED);
    take_element(rig, "message");
    take_kind(rig, RECEIVED_STREAM_END);
    assert_inbox_empty(rig);
    rig_free(rig);
}

static void a_stream_error_is_in_the_inbox_before_the_end(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    log_in(rig);
    hear(rig, STREAM_ERROR("conflict") STREAM_END);
    take_element(rig, "error");
    take_kind(rig, RECEIVED_STREAM_END);
    assert_inbox_empty(rig);
    assert_done(rig);
    rig_free(rig);
}

static void a_client_that_closes_its_stream_waits_for_the_server(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    log_in(rig);
    client_close_stream(rig->client);
    client_close_stream(rig->client);
    assert_state(rig, CLIENT_CLOSING);
    assert_int_equal(rig->ends, 1);
    assert_int_equal(rig->closes, 0);
    hear(rig, "<message/>" STREAM_END);
    assert_state(rig, CLIENT_ENDED);
    assert_int_equal(rig->ends, 1);
    assert_int_equal(rig->closes, 1);
    take_element(rig, "message");
    take_kind(rig, RECEIVED_STREAM_END);
    assert_inbox_empty(rig);
    rig_free(rig);
}

static void nothing_takes_a_closing_client_back(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    client_dial(rig->client);
    client_opened(rig->client);
    struct client_header header = client_header_usual(rig->client);
    client_open_stream(rig->client, &header);
    client_close_stream(rig->client);
    hear_features(rig, MECHANISMS(PLAIN_OFFERED));
    assert_state(rig, CLIENT_CLOSING);
    hear(rig, STREAM_END);
    take_kind(rig, RECEIVED_STREAM_END);
    assert_state(rig, CLIENT_ENDED);

    client_login(rig->client);
    const struct xml *iq = log_in_to_binding(rig);
    client_close_stream(rig->client);
    hear_bound(rig, iq, FULL_JID);
    assert_state(rig, CLIENT_CLOSING);
    assert_done(rig);
    rig_free(rig);
}

static void a_connection_that_ends_is_in_the_inbox(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    log_in(rig);
    client_ended(rig->client);
    take_kind(rig, RECEIVED_CONNECTION_END);
    assert_inbox_empty(rig);
    assert_state(rig, CLIENT_ENDED);
    assert_int_equal(rig->closes + rig->breaks, 0);
    rig_free(rig);
}

static void input_after_the_end_of_a_stream_is_discarded(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    log_in(rig);
    hear(rig, STREAM_END "\n<message/>");
    take_kind(rig, RECEIVED_STREAM_END);
    assert_inbox_empty(rig);
    rig_free(rig);
}

static void dropping_is_rude_and_leaves_no_trace_in_the_inbox(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    log_in(rig);
    hear(rig, "<message/>");
    client_drop(rig->client);
    assert_int_equal(rig->breaks, 1);
    assert_int_equal(rig->ends, 0);
    assert_state(rig, CLIENT_AWAY);
    assert_null(client_full_jid(rig->client));
    take_element(rig, "message");
    assert_inbox_empty(rig);
    rig_free(rig);
}

static void what_is_not_xml_is_garbage_and_ends_the_connection(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    log_in(rig);
    hear(rig, "<message/></message>");
    take_element(rig, "message");
    const struct received *garbage = client_inbox(rig->client);
    assert_int_equal(garbage->kind, RECEIVED_GARBAGE);
    assert_non_null(garbage->problem);
    assert_int_equal(rig->breaks, 1);
    assert_state(rig, CLIENT_ENDED);
    rig_free(rig);
}

static void leaving_does_not_hide_garbage(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    log_in(rig);
    hear(rig, "<message/></message>");
    client_login(rig->client);
    hear_bound(rig, log_in_to_binding(rig), FULL_JID);
    client_disconnect(rig->client);
    hear(rig, STREAM_END);
    take_kind(rig, RECEIVED_GARBAGE);
    assert_inbox_empty(rig);
    rig_free(rig);
}

static void disconnecting_closes_the_stream_and_leaves_nothing_behind(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    log_in(rig);
    hear(rig, "<message/>");
    client_disconnect(rig->client);
    assert_state(rig, CLIENT_CLOSING);
    assert_int_equal(rig->ends, 1);
    hear(rig, "<presence from='romeo@example.net/orchard'/>" STREAM_END);
    assert_state(rig, CLIENT_AWAY);
    assert_int_equal(rig->closes, 1);
    assert_int_equal(rig->breaks, 0);
    assert_null(client_full_jid(rig->client));
    assert_inbox_empty(rig);

    log_in(rig);
    assert_string_equal(client_full_jid(rig->client), FULL_JID);
    assert_int_equal(rig->dials, 2);
    rig_free(rig);
}

static void disconnecting_from_a_server_that_only_hangs_up_ends_as_well(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    log_in(rig);
    client_close_stream(rig->client);
    client_disconnect(rig->client);
    assert_int_equal(rig->ends, 1);
    client_ended(rig->client);
    assert_state(rig, CLIENT_AWAY);
    assert_inbox_empty(rig);
    rig_free(rig);
}

static void disconnecting_without_a_stream_closes_the_connection(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    client_dial(rig->client);
    client_disconnect(rig->client);
    assert_state(rig, CLIENT_AWAY);
    assert_int_equal(rig->closes, 1);
    client_dial(rig->client);
    client_opened(rig->client);
    client_disconnect(rig->client);
    assert_state(rig, CLIENT_AWAY);
    assert_int_equal(rig->closes, 2);
    assert_int_equal(rig->writes, 0);
    rig_free(rig);
}

/* RFC 6120, 6.4.6: with success the old stream is over, and the new one begins with the client's header. */
static void between_success_and_restart_there_is_no_stream_to_close(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    open_stream(rig, MECHANISMS(PLAIN_OFFERED));
    client_authenticate(rig->client, NULL, NULL, NULL);
    hear_success(rig, SUCCESS);
    client_disconnect(rig->client);
    assert_state(rig, CLIENT_AWAY);
    assert_int_equal(rig->ends, 0);
    assert_int_equal(rig->closes, 1);
    rig_free(rig);
}

static void disconnecting_an_ended_client_keeps_what_it_received(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    log_in(rig);
    hear(rig, STREAM_ERROR("system-shutdown") STREAM_END);
    client_disconnect(rig->client);
    take_element(rig, "error");
    take_kind(rig, RECEIVED_STREAM_END);
    assert_int_equal(rig->closes, 1);
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_client_is_away_and_knows_nothing),
        cmocka_unit_test(every_state_has_a_name_of_its_own),
        cmocka_unit_test(a_stream_is_open_once_the_header_and_the_features_are_here),
        cmocka_unit_test(a_header_carries_what_it_is_given_and_no_more),
        cmocka_unit_test(a_header_written_raw_opens_a_stream_too),
        cmocka_unit_test(features_that_follow_no_header_are_for_the_inbox),
        cmocka_unit_test(dialling_again_drops_the_connection_and_forgets_its_stream),
        cmocka_unit_test(what_the_transport_does_not_take_follows_when_it_is_writable),
        cmocka_unit_test(what_is_written_while_dialling_goes_out_at_the_opening),
        cmocka_unit_test(bytes_written_count_as_one_write),
        cmocka_unit_test(without_a_connection_nothing_is_written_and_nothing_happens),
        cmocka_unit_test(an_iq_without_an_id_is_given_one),
        cmocka_unit_test(stanzas_lie_in_the_inbox_in_order_until_they_are_taken),
        cmocka_unit_test(an_observer_gets_elements_before_the_view_changes),
        cmocka_unit_test(each_of_two_observers_is_told_and_may_leave_out_functions),
        cmocka_unit_test(a_server_that_closes_its_stream_is_answered_and_left),
        cmocka_unit_test(a_stream_error_is_in_the_inbox_before_the_end),
        cmocka_unit_test(a_client_that_closes_its_stream_waits_for_the_server),
        cmocka_unit_test(nothing_takes_a_closing_client_back),
        cmocka_unit_test(a_connection_that_ends_is_in_the_inbox),
        cmocka_unit_test(input_after_the_end_of_a_stream_is_discarded),
        cmocka_unit_test(dropping_is_rude_and_leaves_no_trace_in_the_inbox),
        cmocka_unit_test(what_is_not_xml_is_garbage_and_ends_the_connection),
        cmocka_unit_test(leaving_does_not_hide_garbage),
        cmocka_unit_test(disconnecting_closes_the_stream_and_leaves_nothing_behind),
        cmocka_unit_test(disconnecting_from_a_server_that_only_hangs_up_ends_as_well),
        cmocka_unit_test(disconnecting_without_a_stream_closes_the_connection),
        cmocka_unit_test(between_success_and_restart_there_is_no_stream_to_close),
        cmocka_unit_test(disconnecting_an_ended_client_keeps_what_it_received),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
