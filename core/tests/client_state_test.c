/* XEP-0352; the scenarios of scenarios/client-state have most of it. */
#include "rig.h"

#define INACTIVE "<inactive xmlns='urn:xmpp:csi:0'/>"
#define ACTIVE   "<active xmlns='urn:xmpp:csi:0'/>"

static void an_inactive_session_holds_memory_only_while_it_is(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    struct host_link *juliet = rig_online("juliet", "balcony");
    rig_say(juliet, "<presence to='romeo@localhost/orchard'/>");
    rig_say(romeo, INACTIVE ACTIVE); /* the parser keeps the names that it has seen */
    size_t before = rig.memory.live;
    rig_say(romeo, INACTIVE);
    assert_true(session_look(rig_session(romeo)).inactive);
    rig_say(juliet, "<presence to='romeo@localhost/orchard'/>");
    assert_true(rig.memory.live > before);
    rig_say(romeo, ACTIVE);
    assert_false(session_look(rig_session(romeo)).inactive);
    assert_int_equal(rig.memory.live, before);
}

/* Senders with a common prefix are different; one with a quote in its name is one sender. */
static void the_latest_of_each_sender_is_held(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    struct host_link *one = rig_online("juliet", "b");
    struct host_link *other = rig_online("juliet", "b&apos;s &lt;x&gt;");
    rig_say(romeo, INACTIVE);
    for (int i = 0; i < 3; i++) {
        rig_say(one, "<presence to='romeo@localhost/orchard'><show>away</show></presence>");
        rig_say(other, "<presence to='romeo@localhost/orchard'><show>xa</show></presence>");
    }
    rig_say(one, "<presence type='unavailable' to='romeo@localhost/orchard'/>");
    rig_take(romeo);
    rig_say(romeo, ACTIVE);
    const char *text = rig_take(romeo);
    assert_int_equal(rig_count(text, "<presence "), 2);
    assert_int_equal(rig_count(text, "<show>xa</show>"), 1);
    assert_true(strstr(text, "<show>xa</show>") < strstr(text, "type='unavailable'"));
}

static void held_presence_is_freed_with_the_session(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    struct host_link *juliet = rig_online("juliet", "balcony");
    rig_say(romeo, INACTIVE);
    rig_say(juliet, "<presence to='romeo@localhost/orchard'/>");
    rig_hangup(romeo);
    assert_int_equal(inspect_counts(rig.core).sessions, 1);
}

/* However few they are. */
static void held_presence_has_a_limit_in_bytes(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.limits.held_presence_bytes = 3000;
    rig_begin_with(&settings);
    struct host_link *romeo = rig_online("romeo", "orchard");
    struct host_link *one = rig_online("juliet", "one"), *other = rig_online("juliet", "other");
    const char *large =
        rig_filled("<presence to='romeo@localhost/orchard'><status>", 'x', 1800, "</status></presence>");
    rig_say(romeo, INACTIVE);
    for (int i = 0; i < 5; i++)
        rig_say(one, large); /* the latest alone is held */
    assert_string_equal(rig_take(romeo), "");
    rig_say(other, large);
    assert_int_equal(rig_count(rig_take(romeo), "<presence "), 2);
    rig_say(other, large);
    assert_string_equal(rig_take(romeo), "");
    rig_end();
}

/* RFC 6121, 4.5.3: an unavailable client receives no more presence, so what it has received must be up to
 * date by then. */
static void held_presence_is_sent_before_the_session_is_unavailable(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    struct host_link *juliet = rig_online("juliet", "balcony");
    rig_say(romeo, "<presence/>" INACTIVE);
    rig_say(juliet, "<presence to='romeo@localhost/orchard'/>");
    rig_take(romeo);
    rig_say(romeo, "<presence type='unavailable'/>");
    const char *text = rig_take(romeo);
    assert_int_equal(rig_count(text, "<presence "), 2);
    assert_true(strstr(text, "from='juliet@localhost/balcony'") < strstr(text, "type='unavailable'"));
    assert_true(session_look(rig_session(romeo)).inactive);
    rig_say(romeo, ACTIVE);
    assert_string_equal(rig_take(romeo), "");
}

static void without_memory_presence_does_not_wait(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    struct host_link *juliet = rig_online("juliet", "balcony");
    rig_say(juliet, "<presence to='romeo@localhost/orchard'/>");
    rig_say(romeo, INACTIVE);
    rig_take(romeo);
    rig.memory.allocations = 0;
    rig_say(juliet, "<presence to='romeo@localhost/orchard'/>");
    size_t needed = rig.memory.allocations;
    for (size_t nth = 1; nth <= needed; nth++) {
        rig_take(romeo);
        rig.memory.allocations = 0;
        rig.memory.fail_at = nth;
        rig_say(juliet, "<presence to='romeo@localhost/orchard'/>");
        rig.memory.fail_at = 0;
        /* What cannot be held is sent; if it cannot be sent either, the session is closed. */
        assert_true(romeo->closed || juliet->closed || rig_count(rig_take(romeo), "<presence") <= 1);
        if (juliet->closed)
            juliet = rig_online("juliet", "balcony");
        if (romeo->closed)
            romeo = rig_online("romeo", "orchard");
        rig_say(romeo, INACTIVE);
    }
}

static void an_unknown_state_is_none(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, "<asleep xmlns='urn:xmpp:csi:0'/>");
    rig_assert_stream_error(romeo, "unsupported-stanza-type");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(an_inactive_session_holds_memory_only_while_it_is),
        RIG_TEST(the_latest_of_each_sender_is_held),
        RIG_TEST(held_presence_is_freed_with_the_session),
        cmocka_unit_test(held_presence_has_a_limit_in_bytes),
        RIG_TEST(held_presence_is_sent_before_the_session_is_unavailable),
        RIG_TEST(without_memory_presence_does_not_wait),
        RIG_TEST(an_unknown_state_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
