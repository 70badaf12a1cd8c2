/* Whether the client of a bound session is still there (RFC 6120, 4.6; XEP-0199; XEP-0198). */
#include "stream/keepalive.h"

#include "inside.h"

static void a_ping_is_sent_and_awaited(void **state)
{
    (void)state;
    rig_begin_keepalive(CORE_KEEPALIVE_PING, 10 * RIG_MINUTE, RIG_MINUTE);
    struct host_link *romeo = rig_login("romeo", "or&apos;chard");
    rig_pass(10 * RIG_MINUTE);
    rig_assert_has(rig_take(romeo),
                   "<iq type='get' id='ping1' from='localhost' to='romeo@localhost/or&apos;chard'>"
                   "<ping xmlns='urn:xmpp:ping'/></iq>");
    rig_say(romeo, "<iq type='result' id='ping1' to='localhost'/>");
    rig_pass(RIG_MINUTE);
    assert_false(romeo->closed);
    assert_string_equal(rig_take(romeo), "");
    rig_pass(9 * RIG_MINUTE);
    rig_assert_has(rig_take(romeo), "ping2");
    rig_pass(RIG_MINUTE);
    rig_assert_stream_error(romeo, "connection-timeout");
    assert_int_equal(inspect_counts(rig.core).sessions, 0);
    rig_end();
}

/* Otherwise each client could count the activity of the server for all clients. */
static void pings_are_numbered_by_account(void **state)
{
    (void)state;
    rig_begin_keepalive(CORE_KEEPALIVE_PING, 10 * RIG_MINUTE, RIG_MINUTE);
    struct host_link *romeo = rig_login("romeo", "orchard"), *juliet = rig_login("juliet", "balcony");
    rig_pass(10 * RIG_MINUTE);
    rig_assert_has(rig_take(romeo), " id='ping1'");
    rig_assert_has(rig_take(juliet), " id='ping1'");
    rig_end();
}

static void a_ping_may_be_awaited_for_ever(void **state)
{
    (void)state;
    rig_begin_keepalive(CORE_KEEPALIVE_PING, 10 * RIG_MINUTE, 0);
    struct host_link *romeo = rig_login("romeo", "orchard");
    for (int i = 0; i < 5; i++)
        rig_pass(10 * RIG_MINUTE);
    assert_int_equal(rig_count(rig_take(romeo), "<ping "), 5);
    assert_false(romeo->closed);
    rig_end();
}

static void white_space_is_one_blank_each_time(void **state)
{
    (void)state;
    rig_begin_keepalive(CORE_KEEPALIVE_WHITESPACE, 10 * RIG_MINUTE, RIG_MINUTE);
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig_pass(10 * RIG_MINUTE);
    rig_pass(10 * RIG_MINUTE);
    assert_string_equal(rig_take(romeo), "  ");
    rig_end();
}

static void nothing_is_due_without_a_keepalive(void **state)
{
    (void)state;
    rig_begin_keepalive(CORE_KEEPALIVE_NONE, 10 * RIG_MINUTE, RIG_MINUTE);
    struct host_link *romeo = rig_login("romeo", "orchard");
    assert_true(core_deadline(rig.core) == UINT64_MAX);
    rig_pass(100 * RIG_MINUTE);
    assert_string_equal(rig_take(romeo), "");
    rig_end();
}

/* With stream management <r/> is the keepalive; silence then ends the session or makes it hibernate. */
static void an_ack_is_asked_for_instead(void **state)
{
    (void)state;
    rig_begin_keepalive(CORE_KEEPALIVE_WHITESPACE, 10 * RIG_MINUTE, RIG_MINUTE);
    struct host_link *romeo = rig_login("romeo", "orchard");
    struct host_link *juliet = rig_login("juliet", "balcony");
    rig_say(romeo, "<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
    rig_say(juliet, "<enable xmlns='urn:xmpp:sm:3'/>");
    rig_take(romeo);
    rig_take(juliet);
    rig_pass(10 * RIG_MINUTE);
    assert_string_equal(rig_take(romeo), "<r xmlns='urn:xmpp:sm:3'/>");
    assert_string_equal(rig_take(juliet), "<r xmlns='urn:xmpp:sm:3'/>");
    rig_pass(RIG_MINUTE);
    rig_assert_stream_error(romeo, "connection-timeout");
    rig_assert_stream_error(juliet, "connection-timeout");
    assert_true(session_look(inspect_full_jid(rig.core, "romeo@localhost/orchard")).hibernating);
    assert_null(inspect_full_jid(rig.core, "juliet@localhost/balcony"));
    rig_end();
}

/* A keepalive that does not fit any more costs the connection. */
static void a_keepalive_may_be_the_last_straw(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.limits.output_bytes = 3;
    rig_begin_with(&settings);
    struct host_link *romeo = rig_login("romeo", "orchard");
    romeo->window = 0;
    for (int i = 0; i < 3; i++)
        rig_pass(14 * RIG_MINUTE);
    assert_false(romeo->closed);
    rig_pass(14 * RIG_MINUTE);
    assert_true(romeo->closed);
    assert_int_equal(inspect_counts(rig.core).sessions, 0);
    rig_end();
}

/* XEP-0199, 4.1: an error is an answer as well; so is any other byte (RFC 6120, 4.6.1). */
static void any_byte_is_an_answer(void **state)
{
    (void)state;
    static const char *const answers[] = { "<iq type='error' id='ping1' to='localhost'/>", "<message/>",
                                           " " };
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        rig_begin_keepalive(CORE_KEEPALIVE_PING, 10 * RIG_MINUTE, RIG_MINUTE);
        struct host_link *romeo = rig_login("romeo", "orchard");
        rig_pass(10 * RIG_MINUTE);
        rig_assert_has(rig_take(romeo), "<ping ");
        rig_say(romeo, answers[i]);
        rig_pass(RIG_MINUTE);
        assert_false(romeo->closed);
        rig_end();
    }
}

/* RFC 6120, 4.9.3.4; XEP-0198, 5: only the connection is gone. */
static void a_session_without_an_answer_loses_its_connection(void **state)
{
    (void)state;
    rig_begin_keepalive(CORE_KEEPALIVE_NONE, 0, 0);
    struct host_link *romeo = rig_login("romeo", "orchard"), *juliet = rig_login("juliet", "balcony");
    rig_say(romeo, "<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
    keepalive_unanswered(inside_session(romeo));
    keepalive_unanswered(inside_session(juliet));
    inside_settle();
    rig_assert_stream_error(romeo, "connection-timeout");
    rig_assert_stream_error(juliet, "connection-timeout");
    assert_null(inside_bound("romeo@localhost/orchard")->conn);
    assert_null(inspect_full_jid(rig.core, "juliet@localhost/balcony"));
    rig_end();
}

/* core.h: at most the session that needed the memory is closed. */
static void a_ping_for_which_there_is_no_memory_ends_its_session(void **state)
{
    (void)state;
    rig_begin_keepalive(CORE_KEEPALIVE_PING, 10 * RIG_MINUTE, RIG_MINUTE);
    struct host_link *romeo = rig_login("romeo", "orchard"), *juliet = rig_login("juliet", "balcony");
    rig.memory.fail_at = rig.memory.allocations + 1;
    rig_pass(10 * RIG_MINUTE);
    assert_true(romeo->closed);
    rig_assert_has(rig_take(juliet), "<ping ");
    rig_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ping_is_sent_and_awaited),
        cmocka_unit_test(pings_are_numbered_by_account),
        cmocka_unit_test(a_ping_may_be_awaited_for_ever),
        cmocka_unit_test(white_space_is_one_blank_each_time),
        cmocka_unit_test(nothing_is_due_without_a_keepalive),
        cmocka_unit_test(an_ack_is_asked_for_instead),
        cmocka_unit_test(a_keepalive_may_be_the_last_straw),
        cmocka_unit_test(any_byte_is_an_answer),
        cmocka_unit_test(a_session_without_an_answer_loses_its_connection),
        cmocka_unit_test(a_ping_for_which_there_is_no_memory_ends_its_session),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
