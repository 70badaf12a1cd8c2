/* Time: who waits for what, keepalives, and the orderly ends of sessions. */
#include "rig.h"

#include "account/credentials.h"
#include "stream/session_manager.h"

#define SECOND (UINT64_C(1000) * 1000 * 1000)
#define MINUTE (60 * SECOND)

static void begin_with(enum core_keepalive keepalive, uint64_t idle_time, uint64_t ping_time)
{
    struct core_settings settings = rig_settings();
    settings.keepalive = keepalive;
    settings.idle_time = idle_time;
    settings.ping_time = ping_time;
    rig_begin_with(&settings);
}

static void pass(uint64_t span)
{
    rig.now += span;
    core_tick(rig.core);
}

static void the_first_deadline_is_the_one(void **state)
{
    (void)state;
    begin_with(CORE_KEEPALIVE_PING, 10 * MINUTE, MINUTE);
    assert_true(core_deadline(rig.core) == UINT64_MAX);
    struct host_link *romeo = rig_login("romeo", "orchard");
    assert_true(core_deadline(rig.core) == rig.now + 10 * MINUTE);
    rig_accept();
    assert_true(core_deadline(rig.core) == rig.now + 5 * MINUTE);
    pass(4 * MINUTE);
    rig_say(romeo, " ");
    assert_true(core_deadline(rig.core) == rig.now + MINUTE);
    pass(MINUTE);
    assert_true(core_deadline(rig.core) == rig.now + 9 * MINUTE);
    rig_end();
}

/* What was set in the clock's future waits longer; what is set afterwards does not wait behind it. */
static void a_clock_set_back_delays_only_earlier_timers(void **state)
{
    (void)state;
    begin_with(CORE_KEEPALIVE_NONE, 0, 0);
    struct host_link *first = rig_accept();
    rig.now -= 2 * MINUTE;
    struct host_link *second = rig_accept();
    rig.now += MINUTE;
    struct host_link *third = rig_accept();
    assert_true(core_deadline(rig.core) == rig.now + 4 * MINUTE);
    pass(4 * MINUTE);
    assert_true(second->closed && !first->closed && !third->closed);
    pass(MINUTE);
    assert_true(third->closed && !first->closed);
    pass(MINUTE);
    assert_true(first->closed);
    assert_true(core_deadline(rig.core) == UINT64_MAX);
    rig_end();
}

static void a_clock_that_jumps_ahead_fires_each_timer_once(void **state)
{
    (void)state;
    begin_with(CORE_KEEPALIVE_PING, 10 * MINUTE, MINUTE);
    struct host_link *romeo = rig_login("romeo", "orchard");
    pass(MINUTE * 60 * 24 * 1000);
    assert_int_equal(rig_count(rig_take(romeo), "<ping "), 1);
    assert_true(core_deadline(rig.core) == rig.now + MINUTE);
    rig_end();
}

static void a_ping_is_sent_and_awaited(void **state)
{
    (void)state;
    begin_with(CORE_KEEPALIVE_PING, 10 * MINUTE, MINUTE);
    struct host_link *romeo = rig_login("romeo", "or&apos;chard");
    pass(10 * MINUTE);
    rig_assert_has(rig_take(romeo),
                   "<iq type='get' id='ping1' from='localhost' to='romeo@localhost/or&apos;chard'>"
                   "<ping xmlns='urn:xmpp:ping'/></iq>");
    rig_say(romeo, "<iq type='result' id='ping1' to='localhost'/>");
    pass(MINUTE);
    assert_false(romeo->closed);
    assert_string_equal(rig_take(romeo), "");
    pass(9 * MINUTE);
    rig_assert_has(rig_take(romeo), "ping2");
    pass(MINUTE);
    rig_assert_stream_error(romeo, "connection-timeout");
    assert_int_equal(inspect_counts(rig.core).sessions, 0);
    rig_end();
}

/* Else each could count what the server does for all of them. */
static void pings_are_numbered_by_account(void **state)
{
    (void)state;
    begin_with(CORE_KEEPALIVE_PING, 10 * MINUTE, MINUTE);
    struct host_link *romeo = rig_login("romeo", "orchard"), *juliet = rig_login("juliet", "balcony");
    pass(10 * MINUTE);
    rig_assert_has(rig_take(romeo), " id='ping1'");
    rig_assert_has(rig_take(juliet), " id='ping1'");
    rig_end();
}

static void a_ping_may_be_awaited_for_ever(void **state)
{
    (void)state;
    begin_with(CORE_KEEPALIVE_PING, 10 * MINUTE, 0);
    struct host_link *romeo = rig_login("romeo", "orchard");
    for (int i = 0; i < 5; i++)
        pass(10 * MINUTE);
    assert_int_equal(rig_count(rig_take(romeo), "<ping "), 5);
    assert_false(romeo->closed);
    rig_end();
}

static void white_space_is_one_blank_each_time(void **state)
{
    (void)state;
    begin_with(CORE_KEEPALIVE_WHITESPACE, 10 * MINUTE, MINUTE);
    struct host_link *romeo = rig_login("romeo", "orchard");
    pass(10 * MINUTE);
    pass(10 * MINUTE);
    assert_string_equal(rig_take(romeo), "  ");
    rig_end();
}

static void nothing_is_due_without_a_keepalive(void **state)
{
    (void)state;
    begin_with(CORE_KEEPALIVE_NONE, 10 * MINUTE, MINUTE);
    struct host_link *romeo = rig_login("romeo", "orchard");
    assert_true(core_deadline(rig.core) == UINT64_MAX);
    pass(100 * MINUTE);
    assert_string_equal(rig_take(romeo), "");
    rig_end();
}

/* Stream management's <r/> stands for the keepalive; silence then ends or hibernates the session. */
static void an_ack_is_asked_for_instead(void **state)
{
    (void)state;
    begin_with(CORE_KEEPALIVE_WHITESPACE, 10 * MINUTE, MINUTE);
    struct host_link *romeo = rig_login("romeo", "orchard");
    struct host_link *juliet = rig_login("juliet", "balcony");
    rig_say(romeo, "<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
    rig_say(juliet, "<enable xmlns='urn:xmpp:sm:3'/>");
    rig_take(romeo);
    rig_take(juliet);
    pass(10 * MINUTE);
    assert_string_equal(rig_take(romeo), "<r xmlns='urn:xmpp:sm:3'/>");
    assert_string_equal(rig_take(juliet), "<r xmlns='urn:xmpp:sm:3'/>");
    pass(MINUTE);
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
    romeo->room = 0;
    for (int i = 0; i < 3; i++)
        pass(14 * MINUTE);
    assert_false(romeo->closed);
    pass(14 * MINUTE);
    assert_true(romeo->closed);
    assert_int_equal(inspect_counts(rig.core).sessions, 0);
    rig_end();
}

/* RFC 6120, 4.9.3.16: reset, to all of an account's sessions but the one that asked for it. */
static void all_sessions_of_an_account_end_but_one(void **state)
{
    (void)state;
    rig_begin();
    struct host_link *asker = rig_login("romeo", "orchard");
    struct host_link *other = rig_login("romeo", "street");
    struct host_link *unbound = rig_authenticated("romeo");
    struct host_link *away = rig_login("romeo", "mantua");
    struct host_link *juliet = rig_login("juliet", "romeo");
    rig_say(away, "<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
    rig_hangup(away);
    credentials_changed(rig.core, "romeo", "localhost", rig_session(asker), STREAM_RESET, NULL);
    rig_say(juliet, " "); /* any call brings it to its end */
    rig_assert_stream_error(other, "reset");
    rig_assert_stream_error(unbound, "reset");
    assert_false(asker->closed);
    assert_false(juliet->closed);
    assert_null(inspect_full_jid(rig.core, "romeo@localhost/mantua"));
    assert_int_equal(inspect_counts(rig.core).sessions, 2);
    rig_end();
}

static void a_core_that_is_shut_down_accepts_no_connection(void **state)
{
    (void)state;
    rig_begin();
    struct host_link *romeo = rig_online("romeo", "orchard");
    struct host_link *unopened = rig_accept();
    core_shutdown(rig.core);
    rig_assert_stream_error(romeo, "system-shutdown");
    rig_assert_has(unopened->sent, "<?xml version='1.0'?><stream:stream ");
    rig_assert_stream_error(unopened, "system-shutdown");
    assert_null(rig_accept()->conn);
    assert_int_equal(inspect_counts(rig.core).sessions, 0);
    assert_true(core_deadline(rig.core) == UINT64_MAX);
    core_shutdown(rig.core);
    rig_end();
}

/* What was begun is still answered by the storage, and does nothing. */
static void storage_answers_after_a_shutdown(void **state)
{
    (void)state;
    rig_begin();
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig.prompt = false;
    rig_say(romeo, "<iq type='set' id='set'><query xmlns='jabber:iq:roster'>"
                   "<item jid='juliet@localhost'/></query></iq>");
    core_shutdown(rig.core);
    rig_answer_all();
    assert_non_null(rig_kept_find(CORE_STORE_ROSTER, "romeo@localhost", "juliet@localhost"));
    assert_int_equal(inspect_counts(rig.core).users_in_memory, 0);
    rig_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_deadline_is_the_one),
        cmocka_unit_test(a_clock_set_back_delays_only_earlier_timers),
        cmocka_unit_test(a_clock_that_jumps_ahead_fires_each_timer_once),
        cmocka_unit_test(a_ping_is_sent_and_awaited),
        cmocka_unit_test(pings_are_numbered_by_account),
        cmocka_unit_test(a_ping_may_be_awaited_for_ever),
        cmocka_unit_test(white_space_is_one_blank_each_time),
        cmocka_unit_test(nothing_is_due_without_a_keepalive),
        cmocka_unit_test(an_ack_is_asked_for_instead),
        cmocka_unit_test(a_keepalive_may_be_the_last_straw),
        cmocka_unit_test(all_sessions_of_an_account_end_but_one),
        cmocka_unit_test(a_core_that_is_shut_down_accepts_no_connection),
        cmocka_unit_test(storage_answers_after_a_shutdown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
