/* Timers: timeouts, keepalives, and the orderly ends of sessions. */
#include "rig.h"

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

/* A timer set when the clock was ahead waits longer; timers set afterwards do not wait for it. */
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
