/* XEP-0198, as one client and the core see it; the scenarios of scenarios/stream-management have the rest. */
#include "managed_rig.h"

static void a_session_hibernates_and_is_resumed(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    struct host_link *juliet = rig_online("juliet", "balcony");
    const char *id = enable(romeo);
    rig_hangup(romeo);
    struct session_view view = look("romeo@localhost/orchard");
    assert_null(view.conn);
    assert_true(view.hibernating && view.managed && view.interested);
    assert_non_null(view.presence);

    rig_say(juliet, TO_ROMEO("1") TO_ROMEO("2"));
    assert_int_equal(look("romeo@localhost/orchard").unacked, 2);
    struct host_link *again = rig_authenticated("romeo");
    size_t sessions = inspect_counts(rig.core).sessions;
    resume(again, id, 0);
    /* The new session has been merged into the resumed one. */
    assert_int_equal(inspect_counts(rig.core).sessions, sessions - 1);
    assert_ptr_equal(rig_session(again), inspect_full_jid(rig.core, "romeo@localhost/orchard"));
    const char *text = rig_take(again);
    rig_assert_has(text, "<resumed " SM " h='0'");
    assert_true(strstr(text, "id='1'") < strstr(text, "id='2'"));
    assert_int_equal(rig_count(text, "<r " SM "/>"), 1);
    rig_say(again, "<a " SM " h='2'/>");
    assert_int_equal(look("romeo@localhost/orchard").unacked, 0);
}

static void a_polite_close_ends_a_session_that_could_be_resumed(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    enable(romeo);
    rig_say(romeo, "</stream:stream>");
    rig_assert_has(rig_take(romeo), "<a " SM " h='0'/></stream:stream>");
    assert_int_equal(inspect_counts(rig.core).sessions, 0);
}

static void a_stream_error_ends_a_session_that_could_be_resumed(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    enable(romeo);
    rig_say(romeo, "<<");
    rig_assert_stream_error(romeo, "not-well-formed");
    assert_int_equal(inspect_counts(rig.core).sessions, 0);
}

/* An <a/> (4): unsignedInt, modulo 2^32. */
static void counts_that_are_none_are_invalid(void **state)
{
    (void)state;
    static const char *const none[] = { "",        "h=''",           "h='x'",          "h='-1'",
                                        "h='1 2'", "h='4294967296'", "h='99999999999'" };
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        char xml[80];
        struct host_link *romeo = rig_login("romeo", "orchard");
        enable(romeo);
        snprintf(xml, sizeof xml, "<a " SM " %s/>", none[i]);
        rig_say(romeo, xml);
        rig_assert_stream_error(romeo, "invalid-xml");
    }
}

/* "The value of 'h' ... SHALL be reset": a count just below zero was acknowledged long ago. */
static void a_count_below_the_last_one_is_ignored(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    enable(romeo);
    rig_say(romeo, "<a " SM " h='4294967295'/>");
    assert_false(romeo->closed);
    rig_say(romeo, "<a " SM " h='1'/>");
    rig_assert_stream_error(romeo, "undefined-condition");
}

static void the_time_to_resume_is_that_of_the_settings(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    enable(romeo);
    rig_hangup(romeo);
    assert_int_equal(core_deadline(rig.core), rig.now + 10 * RIG_MINUTE);
    pass(10 * RIG_MINUTE - 1);
    assert_true(look("romeo@localhost/orchard").hibernating);
    pass(1);
    assert_int_equal(inspect_counts(rig.core).sessions, 0);
    assert_int_equal(inspect_counts(rig.core).users_in_memory, 0);
    assert_true(core_deadline(rig.core) == UINT64_MAX);
}

/* While the session waits for storage, input on the new connection waits as well. */
static void a_session_that_waits_is_resumed_waiting(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    const char *id = enable(romeo);
    struct host_link *again = rig_authenticated("romeo");
    rig.prompt = false;
    rig_say(romeo, "<iq type='set' id='set'><query xmlns='jabber:iq:roster'>"
                   "<item jid='juliet@localhost'/></query></iq>");
    rig_hangup(romeo);
    resume(again, id, 0);
    rig_say(again, "<iq type='get' id='after'><ping xmlns='urn:xmpp:ping'/></iq>");
    rig_assert_has(rig_take(again), "<resumed ");
    assert_true(session_look(rig_session(again)).waiting);
    rig_answer_all();
    const char *text = rig_take(again);
    rig_assert_has(text, "id='set'");
    rig_assert_has(text, "id='after'");
    assert_true(strstr(text, "id='set'") < strstr(text, "id='after'"));
}

/* core.h: "Ends a core and all that is in it without a word on any connection." */
static void freeing_a_core_drops_hibernating_sessions(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    struct host_link *juliet = rig_online("juliet", "balcony");
    enable(romeo);
    enable(juliet);
    rig_hangup(romeo);
    rig_say(juliet, TO_ROMEO("kept"));
    size_t before = juliet->length;
    core_free(rig.core);
    rig.core = NULL;
    assert_int_equal(juliet->length, before);
    assert_int_equal(rig.memory.live, 0);
}

/* ---- Other requests of a client ---- */

/* A boolean of XML Schema is "true" or "1" (XEP-0198, 13). */
static void resumption_is_asked_for_with_a_boolean(void **state)
{
    static const struct {
        const char *resume;
        bool granted;
    } rows[] = { { "true", true }, { "1", true }, { "false", false }, { "0", false }, { "yes", false } };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char xml[80];
        struct host_link *romeo = rig_login("romeo", "orchard");
        snprintf(xml, sizeof xml, "<enable " SM " resume='%s'/>", rows[i].resume);
        rig_say(romeo, xml);
        assert_int_equal(rig_count(rig_take(romeo), " resume='true'"), rows[i].granted);
        rig_hangup(romeo);
    }
}

/* 5: both are required. */
static void a_resumption_without_its_name_or_its_count_is_a_bad_request(void **state)
{
    static const char *const rows[] = { "<resume " SM " h='0'/>", "<resume " SM " previd='x'/>",
                                        "<resume " SM " previd='x' h='none'/>" };
    (void)state;
    struct host_link *romeo = rig_authenticated("romeo");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rig_say(romeo, rows[i]);
        rig_assert_has(rig_take(romeo), "<failed " SM "><bad-request ");
    }
}

static void the_session_that_is_named_is_resumed_and_no_other(void **state)
{
    (void)state;
    struct host_link *garden = rig_login("romeo", "garden"), *street = rig_login("romeo", "street");
    struct host_link *orchard = rig_login("romeo", "orchard");
    rig_say(garden, "<enable " SM "/>"); /* cannot be resumed */
    enable(street);
    const char *id = enable(orchard);
    rig_hangup(orchard);
    struct host_link *again = rig_authenticated("romeo");
    resume(again, id, 0);
    rig_assert_has(rig_take(again), "<resumed ");
    assert_string_equal(session_look(rig_session(again)).resource, "orchard");
    assert_non_null(street->conn);
}

/* One session with every allocation failing once; the rest is freed without a leak. */
static void live(void)
{
    struct host_link *romeo = rig_online("romeo", "orchard");
    struct host_link *juliet = rig_online("juliet", "balcony");
    struct host_link *phone = rig_online("juliet", "phone");
    rig_say(juliet, "<enable " SM " resume='true'/><inactive xmlns='urn:xmpp:csi:0'/>");
    rig_say(phone, "<enable " SM "/>");
    rig_say(romeo, "<presence to='juliet@localhost/balcony'/>"
                   "<message to='juliet@localhost' type='chat'><body>all</body></message>"
                   "<message to='juliet@localhost/balcony'><body>one</body></message>"
                   "<iq type='get' id='v' to='juliet@localhost/balcony'><q xmlns='urn:q'/></iq>");
    if (juliet->conn != NULL)
        rig_hangup(juliet);
    rig_say(romeo, "<presence to='juliet@localhost/balcony'/>");
    if (phone->conn != NULL)
        rig_hangup(phone);
    pass(11 * RIG_MINUTE);
    core_shutdown(rig.core);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    rig_begin();
    live();
    size_t needed = rig.memory.allocations;
    rig_end();
    for (size_t nth = 1; nth <= needed; nth++) {
        rig_begin();
        rig.memory.fail_at = nth;
        /* After a failure during the login there is no session to continue with. */
        struct host_link *probe = rig_accept();
        bool accepted = probe->conn != NULL;
        rig.memory.fail_at = accepted ? rig.memory.allocations + nth : 0;
        if (accepted)
            live();
        rig.memory.fail_at = 0;
        rig_end();
    }
}

/* 5: a server without resumption says so, and the client may still bind. */
static void where_nothing_may_be_resumed_resumption_is_not_implemented(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.resume_time = 0;
    rig_begin_with(&settings);
    struct host_link *romeo = rig_accept();
    rig_say(romeo, RIG_HEADER);
    rig_auth(romeo, "romeo");
    rig_say(romeo, RIG_HEADER);
    rig_take(romeo);
    resume(romeo, "none", 0);
    rig_assert_has(rig_take(romeo), "<failed " SM "><feature-not-implemented ");
    rig_bind(romeo, "orchard");
    assert_string_equal(session_look(rig_session(romeo)).full_jid, "romeo@localhost/orchard");
    rig_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(a_session_hibernates_and_is_resumed),
        RIG_TEST(a_polite_close_ends_a_session_that_could_be_resumed),
        RIG_TEST(a_stream_error_ends_a_session_that_could_be_resumed),
        RIG_TEST(counts_that_are_none_are_invalid),
        RIG_TEST(a_count_below_the_last_one_is_ignored),
        RIG_TEST(the_time_to_resume_is_that_of_the_settings),
        RIG_TEST(a_session_that_waits_is_resumed_waiting),
        RIG_TEST(freeing_a_core_drops_hibernating_sessions),
        RIG_TEST(resumption_is_asked_for_with_a_boolean),
        RIG_TEST(a_resumption_without_its_name_or_its_count_is_a_bad_request),
        RIG_TEST(the_session_that_is_named_is_resumed_and_no_other),
        cmocka_unit_test(where_nothing_may_be_resumed_resumption_is_not_implemented),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
