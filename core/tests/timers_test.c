/* Timers: timeouts, keepalives, and the orderly ends of sessions. */
#include "rig.h"

#include "stream/session_manager.h"

static void the_first_deadline_is_the_one(void **state)
{
    (void)state;
    rig_begin_keepalive(CORE_KEEPALIVE_PING, 10 * RIG_MINUTE, RIG_MINUTE);
    assert_true(core_deadline(rig.core) == UINT64_MAX);
    struct host_link *romeo = rig_login("romeo", "orchard");
    assert_true(core_deadline(rig.core) == rig.now + 10 * RIG_MINUTE);
    rig_accept();
    assert_true(core_deadline(rig.core) == rig.now + 5 * RIG_MINUTE);
    rig_pass(4 * RIG_MINUTE);
    rig_say(romeo, " ");
    assert_true(core_deadline(rig.core) == rig.now + RIG_MINUTE);
    rig_pass(RIG_MINUTE);
    assert_true(core_deadline(rig.core) == rig.now + 9 * RIG_MINUTE);
    rig_end();
}

/* A timer set when the clock was ahead waits longer; timers set afterwards do not wait for it. */
static void a_clock_set_back_delays_only_earlier_timers(void **state)
{
    (void)state;
    rig_begin_keepalive(CORE_KEEPALIVE_NONE, 0, 0);
    struct host_link *first = rig_accept();
    rig.now -= 2 * RIG_MINUTE;
    struct host_link *second = rig_accept();
    rig.now += RIG_MINUTE;
    struct host_link *third = rig_accept();
    assert_true(core_deadline(rig.core) == rig.now + 4 * RIG_MINUTE);
    rig_pass(4 * RIG_MINUTE);
    assert_true(second->closed && !first->closed && !third->closed);
    rig_pass(RIG_MINUTE);
    assert_true(third->closed && !first->closed);
    rig_pass(RIG_MINUTE);
    assert_true(first->closed);
    assert_true(core_deadline(rig.core) == UINT64_MAX);
    rig_end();
}

static void a_clock_that_jumps_ahead_fires_each_timer_once(void **state)
{
    (void)state;
    rig_begin_keepalive(CORE_KEEPALIVE_PING, 10 * RIG_MINUTE, RIG_MINUTE);
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig_pass(RIG_MINUTE * 60 * 24 * 1000);
    assert_int_equal(rig_count(rig_take(romeo), "<ping "), 1);
    assert_true(core_deadline(rig.core) == rig.now + RIG_MINUTE);
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

/* Storage still answers the pending request, which has no effect. */
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
        cmocka_unit_test(a_core_that_is_shut_down_accepts_no_connection),
        cmocka_unit_test(storage_answers_after_a_shutdown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
