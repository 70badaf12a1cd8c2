/* Probes and their answers (RFC 6121, 4.3), and pre-approval (3.4), as far as storage and memory can fail. */
#include "presence/probe.h"
#include "rig.h"

static void to_from(void)
{
    rig_keep_item("romeo@localhost", "juliet@localhost", "to");
    rig_keep_item("juliet@localhost", "romeo@localhost", "from");
}

/* 4.3.2: of a full JID, that resource and no other. */
static void a_full_jid_is_answered_for_that_resource(void **state)
{
    (void)state;
    to_from();
    struct host_link *juliet = rig_online("juliet", "balcony"), *phone = rig_online("juliet", "phone");
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, "<presence type='probe' to='juliet@localhost/phone'/>");
    const char *text = rig_take(romeo);
    assert_int_equal(rig_count(text, "<presence "), 1);
    rig_assert_has(text, " from='juliet@localhost/phone'");
    rig_assert_lacks(text, "<delay ");
    rig_hangup(phone);
    rig_take(romeo);
    rig_say(romeo, "<presence type='probe' to='juliet@localhost/phone' id='probe'/>");
    text = rig_take(romeo);
    rig_assert_has(text, " type='unavailable'");
    rig_assert_has(text, " id='probe'");
    rig_assert_has(text, " from='juliet@localhost/phone'");
    assert_int_equal(rig_count(text, "<presence "), 1);
    rig_take(juliet);
}

/* 4.3.2: the account has a right to its own presence. */
static void an_account_may_probe_itself(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, "<presence type='probe' to='romeo@localhost'/>");
    const char *text = rig_take(romeo);
    rig_assert_lacks(text, "unsubscribed");
    rig_assert_has(text, " from='romeo@localhost/orchard'");
}

/* 4.6.6: presence without the contents of the directed one, and only until that is withdrawn. */
static void a_recipient_of_directed_presence_learns_that_the_resource_is_available(void **state)
{
    (void)state;
    struct host_link *juliet = rig_login("juliet", "balcony"), *romeo = rig_login("romeo", "orchard");
    rig_say(juliet, "<presence to='romeo@localhost/orchard'><show>chat</show></presence>");
    rig_take(romeo);
    rig_say(romeo, "<presence type='probe' to='juliet@localhost/balcony'/>");
    const char *text = rig_take(romeo);
    rig_assert_has(text, " from='juliet@localhost/balcony'");
    rig_assert_lacks(text, "type=");
    rig_assert_lacks(text, "<show>");
    rig_say(romeo, "<presence type='probe' to='juliet@localhost'/>");
    assert_string_equal(rig_take(romeo), "");
    rig_say(juliet, "<presence to='romeo@localhost/orchard' type='unavailable'/>");
    rig_take(romeo);
    rig_say(romeo, "<presence type='probe' to='juliet@localhost/balcony'/>");
    assert_string_equal(rig_take(romeo), "");
}

static void a_prober_that_has_left_is_not_answered(void **state)
{
    (void)state;
    to_from();
    struct host_link *juliet = rig_online("juliet", "balcony");
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_hangup(juliet);
    rig_take(romeo);
    rig.prompt = false;
    rig_say(romeo, "<presence type='probe' to='juliet@localhost/balcony'/>");
    rig_hangup(romeo);
    rig_answer_all();
    assert_int_equal(inspect_counts(rig.core).users_in_memory, 0);
}

/* XEP-0191, 3.3: he receives no presence of contacts that he has blocked meanwhile. */
static void a_prober_that_has_blocked_the_contact_meanwhile_is_not_answered(void **state)
{
    (void)state;
    to_from();
    struct host_link *juliet = rig_online("juliet", "balcony"), *romeo = rig_online("romeo", "orchard");
    rig.prompt = false;
    rig_say(juliet,
            "<iq type='set' id='s'><query xmlns='jabber:iq:roster'><item jid='nurse@localhost'/></query>"
            "</iq>");
    rig_say(
        romeo,
        "<presence type='probe' to='juliet@localhost/balcony'/>"
        "<iq type='set' id='b'><block xmlns='urn:xmpp:blocking'><item jid='juliet@localhost'/></block></iq>");
    assert_int_equal(rig_pending_count(), 2);
    rig_answer_with(rig.requests[rig.request_count - 1], CORE_STORED);
    rig_take(romeo);
    rig_answer_all();
    assert_string_equal(rig_take(romeo), "");
}

static void a_prober_that_has_left_is_not_answered_for_a_resource(void **state)
{
    (void)state;
    to_from();
    struct host_link *juliet = rig_online("juliet", "balcony"), *romeo = rig_online("romeo", "orchard");
    rig.prompt = false;
    rig_say(juliet,
            "<iq type='set' id='s'><query xmlns='jabber:iq:roster'><item jid='nurse@localhost'/></query>"
            "</iq>");
    rig_say(romeo, "<presence type='probe' to='juliet@localhost/balcony'/>");
    rig_hangup(romeo);
    rig_answer_all();
    assert_int_equal(inspect_counts(rig.core).users_in_memory, 1);
}

/* ---- Memory ---- */

static void live(void)
{
    struct host_link *juliet = rig_login("juliet", "balcony"), *romeo = rig_login("romeo", "orchard");
    rig_say(juliet, "<presence/><presence type='subscribed' to='romeo@localhost'/>");
    rig_say(romeo, "<iq type='get' id='r'><query xmlns='jabber:iq:roster' ver=''/></iq><presence/>");
    rig_say(romeo, "<presence type='subscribe' to='juliet@localhost'/>");
    rig_say(romeo, "<presence type='probe' to='juliet@localhost/balcony'/>");
    rig_say(romeo, "<presence type='error' to='juliet@localhost/balcony'/>");
    rig_say(juliet, "<presence to='romeo@localhost/orchard'/>");
    rig_say(romeo, "<presence type='probe' to='juliet@localhost/balcony'/>");
    rig_say(juliet, "<presence type='unsubscribed' to='romeo@localhost'/>");
    rig_say(juliet, "<presence type='unavailable'><status>gone</status></presence>");
    rig_say(romeo, "<presence type='probe' to='juliet@localhost'/>");
    rig_hangup(juliet);
    rig_hangup(romeo);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.tell_last_presence = true;
    size_t nth = 0, needed = 0;
    do {
        rig_begin_with(&settings);
        /* Logging in has a test of its own. */
        rig_keep_item("romeo@localhost", "juliet@localhost", "none");
        rig.memory.allocations = 0;
        rig.memory.fail_at = 0;
        struct host_link *bystander = rig_online("mercutio", "street");
        rig.memory.allocations = 0;
        rig.memory.fail_at = ++nth;
        live();
        needed = rig.memory.allocations;
        rig.memory.fail_at = 0;
        assert_non_null(bystander->conn);
        assert_string_equal(rig_take(bystander), "");
        rig_hangup(bystander);
        assert_int_equal(inspect_counts(rig.core).users_in_memory, 0);
        rig_end();
    } while (nth <= needed);
    assert_true(needed > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(a_full_jid_is_answered_for_that_resource),
        RIG_TEST(an_account_may_probe_itself),
        RIG_TEST(a_recipient_of_directed_presence_learns_that_the_resource_is_available),
        RIG_TEST(a_prober_that_has_left_is_not_answered),
        cmocka_unit_test(every_allocation_may_fail),
        RIG_TEST(a_prober_that_has_blocked_the_contact_meanwhile_is_not_answered),
        RIG_TEST(a_prober_that_has_left_is_not_answered_for_a_resource),
    };
    rig_use(&(struct rig_options){ .features = CORE_BLOCKING });
    return cmocka_run_group_tests(tests, NULL, NULL);
}
