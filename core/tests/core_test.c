/* A core's own life, its clock, and its end (core.h). */
#include "rig.h"

enum { SECOND = 1000000000 };

static void a_core_needs_hosts_that_are_hosts(void **state)
{
    (void)state;
    static const char *const bad[] = { "localhost", "exa mple.com" };
    static const char *const good[] = { "LocalHost", "localhost", "example.com" };
    struct core_settings settings = rig_settings();
    settings.hosts = bad;
    settings.host_count = 2;
    size_t live = rig.memory.live;
    assert_null(core_new(&rig.ports, &settings));
    assert_int_equal(rig.memory.live, live);
    settings.hosts = good;
    settings.host_count = 3;
    struct core *core = core_new(&rig.ports, &settings);
    assert_int_equal(inspect_counts(core).hosts, 2); /* prepared, they are two */
    core_free(core);
    assert_int_equal(rig.memory.live, live);
    core_free(NULL);
}

static void an_anonymous_host_is_a_host_and_may_be_named_twice(void **state)
{
    (void)state;
    static const char *const names[] = { "guests.example", "Guests.Example", "exa mple.com" };
    struct core_settings settings = rig_settings();
    settings.anonymous_hosts = names;
    settings.anonymous_host_count = 2;
    struct core *core = core_new(&rig.ports, &settings);
    assert_int_equal(inspect_counts(core).hosts, 1);
    core_free(core);
    settings.anonymous_host_count = 3;
    assert_null(core_new(&rig.ports, &settings));
}

/* ---- Time ---- */

/* RFC 6120, 4.9.3.4. */
static void logging_in_must_not_take_longer_than_the_limit(void **state)
{
    (void)state;
    uint64_t patience = rig.settings.limits.login_time, start = rig.now;
    assert_int_equal(core_deadline(rig.core), UINT64_MAX);
    struct host_link *first = rig_accept();
    assert_int_equal(core_deadline(rig.core), start + patience);
    rig.now += SECOND;
    struct host_link *second = rig_authenticated("romeo");
    rig.now += SECOND;
    struct host_link *third = rig_login("juliet", "balcony");
    assert_int_equal(core_deadline(rig.core), start + patience);
    rig.now = start + patience - 1;
    core_tick(rig.core);
    assert_false(first->closed);
    rig.now = start + patience;
    core_tick(rig.core);
    rig_assert_stream_error(first, "connection-timeout");
    assert_int_equal(core_deadline(rig.core), start + patience + SECOND);
    assert_false(second->closed);
    rig.now = UINT64_MAX - 1;
    core_tick(rig.core);
    rig_assert_stream_error(second, "connection-timeout");
    assert_int_equal(core_deadline(rig.core), UINT64_MAX);
    core_tick(rig.core);
    assert_false(third->closed);
}

static void several_may_run_out_of_time_at_once(void **state)
{
    (void)state;
    struct host_link *links[] = { rig_accept(), rig_accept(), rig_accept() };
    rig_say(links[1], RIG_HEADER);
    rig.prompt = false;
    rig_auth(links[1], "romeo"); /* and waits for its account */
    rig_hangup(links[0]);
    rig.now += rig.settings.limits.login_time;
    core_tick(rig.core);
    rig_assert_stream_error(links[1], "connection-timeout");
    rig_assert_stream_error(links[2], "connection-timeout");
    rig_answer(); /* no session is left to receive it */
    assert_int_equal(inspect_counts(rig.core).sessions, 0);
    assert_int_equal(core_deadline(rig.core), UINT64_MAX);
}

static int no_login_time(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.limits.login_time = 0;
    rig_begin_with(&settings);
    return 0;
}

static void without_a_limit_logging_in_may_take_for_ever(void **state)
{
    (void)state;
    struct host_link *link = rig_accept();
    assert_int_equal(core_deadline(rig.core), UINT64_MAX);
    rig.now = UINT64_MAX - 1;
    core_tick(rig.core);
    assert_false(link->closed);
}

/* ---- The end ---- */

/* core.h: "without a word on any connection".  The rig looks for leaks at the end of each test. */
static void a_core_goes_without_a_word_whatever_is_under_way(void **state)
{
    (void)state;
    rig_keep_item("romeo@localhost", "juliet@localhost", "both");
    rig_keep_item("juliet@localhost", "romeo@localhost", "both");
    rig_accept();
    struct host_link *opened = rig_accept(), *romeo = rig_online("romeo", "orchard");
    rig_say(opened, RIG_HEADER);
    struct host_link *juliet = rig_online("juliet", "balcony"), *unbound = rig_authenticated("mercutio");
    struct host_link *partial = rig_login("romeo", "garden");
    rig_say(romeo, "<presence to='mercutio@localhost'/>");
    rig_say(partial, "<message><body>hal");
    juliet->window = 0;
    rig_say(romeo, "<message to='juliet@localhost'/>");
    rig.prompt = false;
    rig_say(unbound,
            "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq><presence/>");
    rig_auth(opened, "benvolio");
    rig_say(romeo,
            "<iq type='set' id='s'><query xmlns='jabber:iq:roster'><item jid='a@b'/></query></iq><a/>");
    rig_say(juliet, "<presence type='unsubscribed' to='romeo@localhost'/>");
    assert_int_equal(inspect_counts(rig.core).storage_requests, 4);
    size_t sent = 0, after = 0;
    for (size_t i = 0; i < rig.link_count; i++)
        sent += rig.links[i]->length;
    core_free(rig.core);
    rig.core = NULL;
    for (size_t i = 0; i < rig.link_count; i++) {
        after += rig.links[i]->length;
        assert_false(rig.links[i]->closed);
    }
    assert_int_equal(after, sent);
}

static void a_hangup_during_any_request_does_not_affect_others(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard"), *juliet = rig_online("juliet", "balcony");
    struct host_link *opened = rig_accept();
    rig_say(opened, RIG_HEADER);
    rig.prompt = false;
    rig_auth(opened, "mercutio");
    rig_say(romeo, "<presence type='subscribe' to='juliet@localhost'/>");
    rig_hangup(opened);
    rig_hangup(romeo);
    rig_answer_all();
    assert_false(juliet->closed);
    struct inspect_counts counts = inspect_counts(rig.core);
    assert_int_equal(counts.sessions, 1);
    assert_int_equal(counts.users_in_memory, 1);
    assert_int_equal(counts.storage_requests, 0);
    assert_int_equal(counts.host_sessions, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(a_core_needs_hosts_that_are_hosts),
        RIG_TEST(logging_in_must_not_take_longer_than_the_limit),
        RIG_TEST(several_may_run_out_of_time_at_once),
        RIG_TEST_FROM(without_a_limit_logging_in_may_take_for_ever, no_login_time),
        RIG_TEST(a_core_goes_without_a_word_whatever_is_under_way),
        RIG_TEST(a_hangup_during_any_request_does_not_affect_others),
        RIG_TEST(an_anonymous_host_is_a_host_and_may_be_named_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
