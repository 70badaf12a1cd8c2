/* A client that sends without waiting for answers. */
#include "client_rig.h"

#define NS_SM   "urn:xmpp:sm:3"
#define ENABLED "<enabled xmlns='" NS_SM "' id='s1' resume='true'/>"

static void assert_outcome(const struct rig *rig, size_t action, int state)
{
    assert_int_equal(client_outcome_of(rig->client, action).state, state);
}

static void assert_refused_as(const struct rig *rig, size_t action, const char *condition, const char *during)
{
    struct client_outcome outcome = client_outcome_of(rig->client, action);
    assert_int_equal(outcome.state, OUTCOME_REFUSED);
    assert_string_equal(outcome.condition, condition);
    assert_string_equal(outcome.during, during);
}

/* Everything up to a first stanza; the rig's server is a new stream after <auth/>. */
static void pipeline_login(struct rig *rig)
{
    struct client_header header = client_header_usual(rig->client);
    open_stream(rig, MECHANISMS(PLAIN_OFFERED));
    rig->writes = 0;
    client_cork(rig->client);
    client_authenticate(rig->client, "PLAIN", NULL, NULL);
    client_open_stream(rig->client, &header);
    client_bind(rig->client, "balcony");
    send_text(rig, "<presence/>");
    assert_int_equal(rig->writes, 0);
    assert_int_equal(client_actions(rig->client), 2);
}

/* What the rig's server has read of the one write: it stops at the second header, which is another stream. */
static void uncork(struct rig *rig)
{
    client_uncork(rig->client);
    assert_int_equal(rig->writes, 1);
    said(rig, "auth", NS_SASL);
    rig->problem = NULL;
}

static void it_is_written_in_one_piece(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    pipeline_login(rig);
    uncork(rig);
    rig_free(rig);
}

static void answers_complete_the_actions_in_order(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    pipeline_login(rig);
    uncork(rig);
    assert_outcome(rig, 0, OUTCOME_PENDING);
    assert_outcome(rig, 1, OUTCOME_PENDING);
    hear(rig, SUCCESS);
    assert_outcome(rig, 0, OUTCOME_DONE);
    assert_outcome(rig, 1, OUTCOME_PENDING);
    assert_state(rig, CLIENT_AUTHENTICATED);
    hear(rig, HEADER BIND_OFFERED);
    assert_state(rig, CLIENT_OPEN);
    hear(rig, "<iq type='result' id='bind-1'><bind xmlns='" NS_BIND "'><jid>" FULL_JID "</jid></bind></iq>");
    assert_outcome(rig, 1, OUTCOME_DONE);
    assert_state(rig, CLIENT_BOUND);
    assert_string_equal(client_full_jid(rig->client), FULL_JID);
    assert_inbox_empty(rig);
    rig_free(rig);
}

static void a_failure_is_that_of_the_first_and_a_stream_error_that_of_the_rest(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    pipeline_login(rig);
    uncork(rig);
    hear(rig, FAILURE("<not-authorized/>"));
    assert_refused_as(rig, 0, "not-authorized", "authentication");
    assert_outcome(rig, 1, OUTCOME_PENDING);
    hear(rig, STREAM_ERROR("not-well-formed"));
    assert_refused_as(rig, 0, "not-authorized", "authentication");
    assert_refused_as(rig, 1, "not-well-formed", "the stream");
    rig_free(rig);
}

static void the_end_of_the_connection_ends_them_all(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    pipeline_login(rig);
    uncork(rig);
    client_ended(rig->client);
    assert_int_equal(client_outcome_of(rig->client, 0).state, OUTCOME_REFUSED);
    assert_int_equal(client_outcome_of(rig->client, 1).state, OUTCOME_REFUSED);
    assert_string_equal(client_outcome_of(rig->client, 1).condition, "connection-ended");
    rig_free(rig);
}

static void two_of_a_kind_are_told_apart_by_their_order(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    log_in(rig);
    client_cork(rig->client);
    client_manage(rig->client);
    client_manage(rig->client);
    client_uncork(rig->client);
    said(rig, "enable", NS_SM);
    said(rig, "enable", NS_SM);
    hear(rig, ENABLED "<failed xmlns='" NS_SM "'><unexpected-request "
                      "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>");
    assert_outcome(rig, 0, OUTCOME_DONE);
    assert_refused_as(rig, 1, "unexpected-request", "stream management");
    rig_free(rig);
}

#define BIND_RESULT(number)                                                                                  \
    "<iq type='result' id='bind-" number "'><bind xmlns='" NS_BIND "'><jid>" FULL_JID "</jid></bind></iq>"

static void each_request_to_bind_has_its_answer(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    pipeline_login(rig);
    client_bind(rig->client, "again");
    uncork(rig);
    hear(rig, SUCCESS HEADER BIND_OFFERED BIND_RESULT("1"));
    assert_outcome(rig, 1, OUTCOME_DONE);
    assert_outcome(rig, 2, OUTCOME_PENDING);
    hear(rig, "<iq type='error' id='bind-2'><error type='cancel'><not-allowed "
              "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
    assert_refused_as(rig, 2, "not-allowed", "binding");
    assert_inbox_empty(rig);
    hear(rig, BIND_RESULT("2")); /* it has been answered */
    take_element(rig, "iq");
    rig_free(rig);
}

/* A request that is not pipelined is the only one that waits. */
static void of_two_separate_requests_to_bind_the_latter_waits(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    open_stream(rig, BIND_OFFERED);
    client_bind(rig->client, "one");
    client_bind(rig->client, "two");
    hear(rig, BIND_RESULT("1"));
    take_element(rig, "iq");
    hear(rig, BIND_RESULT("2"));
    assert_done(rig);
    assert_inbox_empty(rig);
    rig_free(rig);
}

/* XEP-0198, 3: it is for the session that was bound before it. */
static void stream_management_may_be_asked_for_behind_binding(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    pipeline_login(rig);
    client_manage(rig->client);
    send_text(rig, "<message/>");
    uncork(rig);
    hear(rig, SUCCESS HEADER BIND_OFFERED BIND_RESULT("1") ENABLED);
    assert_outcome(rig, 2, OUTCOME_DONE);
    assert_true(client_counts(rig->client).managed);
    assert_int_equal(client_counts(rig->client).sent, 1); /* what was sent behind it */
    rig_free(rig);
}

static void the_next_action_forgets_them(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    pipeline_login(rig);
    uncork(rig);
    client_authenticate(rig->client, "PLAIN", NULL, NULL);
    assert_int_equal(client_actions(rig->client), 1);
    rig_free(rig);
}

static void what_is_corked_is_lost_with_the_connection(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    pipeline_login(rig);
    client_drop(rig->client);
    client_uncork(rig->client);
    assert_int_equal(rig->writes, 0);
    rig_free(rig);
}

static void a_full_transport_takes_the_rest_later(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    log_in(rig);
    client_cork(rig->client);
    send_text(rig, "<message id='a'/>");
    send_text(rig, "<message id='b'/>");
    rig->room = 5;
    client_uncork(rig->client);
    said_nothing(rig);
    rig->room = SIZE_MAX;
    client_writable(rig->client);
    assert_string_equal(xml_get(said(rig, "message", XML_NS_CLIENT), "id"), "a");
    assert_string_equal(xml_get(said(rig, "message", XML_NS_CLIENT), "id"), "b");
    rig_free(rig);
}

/* ---- Resumption ---- */

static void log_in_again(struct rig *rig)
{
    client_dial(rig->client);
    client_opened(rig->client);
    struct client_header header = client_header_usual(rig->client);
    client_open_stream(rig->client, &header);
    hear_features(rig, MECHANISMS(PLAIN_OFFERED));
    client_authenticate(rig->client, NULL, NULL, NULL);
    said(rig, "auth", NS_SASL);
    hear_success(rig, SUCCESS);
    client_open_stream(rig->client, &header);
    hear_features(rig, BIND_OFFERED);
}

static void manage_and_lose(struct rig *rig)
{
    log_in(rig);
    client_manage(rig->client);
    said(rig, "enable", NS_SM);
    hear(rig, ENABLED);
    client_ended(rig->client);
    take_kind(rig, RECEIVED_CONNECTION_END);
}

/* XEP-0198, 5 and 4: the stanza behind <resume/> counts. */
static void a_stanza_is_sent_behind_a_request_to_resume(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    manage_and_lose(rig);
    log_in_again(rig);
    client_cork(rig->client);
    client_resume(rig->client);
    send_text(rig, "<message id='m1'/>");
    client_uncork(rig->client);
    assert_string_equal(xml_get(said(rig, "resume", NS_SM), "previd"), "s1");
    said(rig, "message", XML_NS_CLIENT);
    hear(rig, "<resumed xmlns='" NS_SM "' previd='s1' h='0'/>");
    assert_outcome(rig, 0, OUTCOME_DONE);
    assert_state(rig, CLIENT_BOUND);
    assert_int_equal(client_counts(rig->client).sent, 1);
    said_nothing(rig);
    rig_free(rig);
}

/* It goes on by itself only when it is not pipelined. */
static void a_pipelined_resumption_is_not_driven(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    manage_and_lose(rig);
    client_dial(rig->client);
    client_opened(rig->client);
    struct client_header header = client_header_usual(rig->client);
    client_open_stream(rig->client, &header);
    hear_features(rig, MECHANISMS(PLAIN_OFFERED));
    client_cork(rig->client);
    client_authenticate(rig->client, NULL, NULL, NULL);
    client_open_stream(rig->client, &header);
    client_resume(rig->client);
    client_uncork(rig->client);
    const unsigned writes = rig->writes;
    rig->problem = NULL;
    hear(rig, SUCCESS HEADER BIND_OFFERED);
    assert_int_equal(rig->writes, writes);
    hear(rig, "<resumed xmlns='" NS_SM "' previd='s1' h='0'/>");
    assert_outcome(rig, 0, OUTCOME_DONE);
    assert_outcome(rig, 1, OUTCOME_DONE);
    rig_free(rig);
}

/* A client that binds instead gives up the session that it could resume. */
static void a_new_session_takes_the_place_of_one_to_resume(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    manage_and_lose(rig);
    log_in_again(rig);
    client_cork(rig->client);
    client_bind(rig->client, "garden");
    client_manage(rig->client);
    client_uncork(rig->client);
    said(rig, "iq", XML_NS_CLIENT);
    said(rig, "enable", NS_SM);
    hear(rig, BIND_RESULT("2") "<enabled xmlns='" NS_SM "' id='s2' resume='true'/>");
    assert_outcome(rig, 0, OUTCOME_DONE);
    assert_outcome(rig, 1, OUTCOME_DONE);
    client_ended(rig->client);
    take_kind(rig, RECEIVED_CONNECTION_END);
    log_in_again(rig);
    client_resume(rig->client);
    assert_string_equal(xml_get(said(rig, "resume", NS_SM), "previd"), "s2");
    rig_free(rig);
}

/* The new session counts what was sent behind <enable/>, and nothing else. */
static void behind_a_refused_resumption_another_session_is_managed(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    manage_and_lose(rig);
    log_in_again(rig);
    client_cork(rig->client);
    client_resume(rig->client);
    send_text(rig, "<message id='m1'/>");
    client_bind(rig->client, "garden");
    client_manage(rig->client);
    send_text(rig, "<message id='m2'/>");
    client_uncork(rig->client);
    said(rig, "resume", NS_SM);
    said(rig, "message", XML_NS_CLIENT);
    said(rig, "iq", XML_NS_CLIENT);
    said(rig, "enable", NS_SM);
    said(rig, "message", XML_NS_CLIENT);
    hear(rig,
         "<failed xmlns='" NS_SM "'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>");
    assert_refused_as(rig, 0, "item-not-found", "resumption");
    hear(rig, BIND_RESULT("2") "<enabled xmlns='" NS_SM "' id='s2' resume='true'/>");
    assert_outcome(rig, 1, OUTCOME_DONE);
    assert_outcome(rig, 2, OUTCOME_DONE);
    assert_true(client_counts(rig->client).managed);
    assert_int_equal(client_counts(rig->client).sent, 1);
    client_ended(rig->client);
    take_kind(rig, RECEIVED_CONNECTION_END);
    log_in_again(rig);
    client_resume(rig->client);
    said(rig, "resume", NS_SM);
    hear(rig, "<resumed xmlns='" NS_SM "' previd='s2' h='0'/>");
    assert_string_equal(xml_get(said(rig, "message", XML_NS_CLIENT), "id"), "m2"); /* sent again */
    said_nothing(rig);
    rig_free(rig);
}

/* A request to resume on a session that goes on is refused, and changes nothing. */
static void a_session_outlives_a_refused_request_to_resume(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    log_in(rig);
    client_manage(rig->client);
    said(rig, "enable", NS_SM);
    hear(rig, ENABLED);
    send_text(rig, "<iq type='get' id='r'><query xmlns='" NS_ROSTER "'/></iq>");
    client_cork(rig->client);
    client_resume(rig->client);
    client_uncork(rig->client);
    hear(rig, "<failed xmlns='" NS_SM
              "'><unexpected-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>");
    assert_refused_as(rig, 0, "unexpected-request", "resumption");
    assert_state(rig, CLIENT_BOUND);
    assert_true(client_counts(rig->client).managed);
    assert_true(client_asked_roster(rig->client));
    rig_free(rig);
}

static void a_second_exchange_goes_on_when_the_first_has_failed(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    open_stream(rig, MECHANISMS(PLAIN_OFFERED));
    client_cork(rig->client);
    client_authenticate(rig->client, NULL, NULL, "wrong");
    client_authenticate(rig->client, NULL, NULL, NULL);
    client_uncork(rig->client);
    said(rig, "auth", NS_SASL);
    said(rig, "auth", NS_SASL);
    hear(rig, FAILURE("<not-authorized/>"));
    assert_refused_as(rig, 0, "not-authorized", "authentication");
    assert_outcome(rig, 1, OUTCOME_PENDING);
    hear_success(rig, SUCCESS);
    assert_outcome(rig, 1, OUTCOME_DONE);
    assert_inbox_empty(rig);
    rig_free(rig);
}

static void there_must_be_a_connection_and_a_session_to_resume(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    client_cork(rig->client);
    client_resume(rig->client);
    assert_refused_as(rig, 0, "nothing-to-resume", "resumption");
    client_uncork(rig->client);
    manage_and_lose(rig);
    client_cork(rig->client);
    client_resume(rig->client);
    assert_refused_as(rig, 0, "connection-ended", "resumption");
    client_uncork(rig->client);
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_written_in_one_piece),
        cmocka_unit_test(answers_complete_the_actions_in_order),
        cmocka_unit_test(a_failure_is_that_of_the_first_and_a_stream_error_that_of_the_rest),
        cmocka_unit_test(the_end_of_the_connection_ends_them_all),
        cmocka_unit_test(two_of_a_kind_are_told_apart_by_their_order),
        cmocka_unit_test(each_request_to_bind_has_its_answer),
        cmocka_unit_test(of_two_separate_requests_to_bind_the_latter_waits),
        cmocka_unit_test(stream_management_may_be_asked_for_behind_binding),
        cmocka_unit_test(the_next_action_forgets_them),
        cmocka_unit_test(what_is_corked_is_lost_with_the_connection),
        cmocka_unit_test(a_full_transport_takes_the_rest_later),
        cmocka_unit_test(a_stanza_is_sent_behind_a_request_to_resume),
        cmocka_unit_test(a_pipelined_resumption_is_not_driven),
        cmocka_unit_test(a_new_session_takes_the_place_of_one_to_resume),
        cmocka_unit_test(behind_a_refused_resumption_another_session_is_managed),
        cmocka_unit_test(a_session_outlives_a_refused_request_to_resume),
        cmocka_unit_test(a_second_exchange_goes_on_when_the_first_has_failed),
        cmocka_unit_test(there_must_be_a_connection_and_a_session_to_resume),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
