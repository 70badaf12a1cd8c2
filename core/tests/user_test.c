/* Accounts in memory: their rosters are loaded once, and the work on each is done in order (user.h). */
#include "rig.h"

#define SET(name)                                                                                            \
    "<iq type='set' id='" name "'><query xmlns='jabber:iq:roster'><item jid='a@b' name='" name               \
    "'/></query></iq>"

static void a_roster_is_loaded_for_the_first_and_kept_until_the_last(void **state)
{
    (void)state;
    struct host_link *first = rig_login("romeo", "1");
    size_t requests = rig.request_count;
    struct host_link *second = rig_login("romeo", "2");
    assert_int_equal(rig.request_count, requests + 1); /* the account's credentials only */
    assert_ptr_equal(session_look(rig_session(first)).roster, session_look(rig_session(second)).roster);
    rig_hangup(first);
    rig_hangup(second);
    assert_int_equal(inspect_counts(rig.core).users_in_memory, 0);
    rig_login("romeo", "1");
    assert_int_equal(rig.request_count, requests + 3);
}

static void two_accounts_do_not_wait_for_each_other(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard"), *juliet = rig_online("juliet", "balcony");
    rig.prompt = false;
    rig_say(romeo, SET("romeo"));
    rig_say(juliet, SET("juliet"));
    assert_int_equal(rig_pending_count(), 2);
    rig_answer_with(rig.requests[rig.request_count - 1], CORE_STORED);
    rig_assert_has(rig_take(juliet), " type='result'");
    assert_string_equal(rig_take(romeo), "");
    rig_answer();
    rig_assert_has(rig_take(romeo), " type='result'");
}

static void work_behind_one_that_failed_is_done(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "1"), *other = rig_online("romeo", "2");
    rig_take(romeo);
    rig.prompt = false;
    rig_say(romeo, SET("first"));
    rig_say(other, SET("second"));
    rig_fail();
    rig_assert_stanza_error(romeo, "cancel", "internal-server-error");
    rig_answer();
    rig_assert_has(rig_take(other), " name='second'");
    rig_assert_has(rig_take(romeo), " name='second'");
}

/* Two stanzas wait for the roster of one who is offline; it is loaded once, and when it is not to be had,
 * both senders are told. */
static void all_that_wait_for_a_roster_hear_that_it_is_not_to_be_had(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard"), *mercutio = rig_online("mercutio", "street");
    rig.prompt = false;
    rig_say(romeo, "<presence type='subscribe' to='juliet@localhost'/>");
    rig_say(mercutio, "<presence type='subscribe' to='juliet@localhost'/>");
    rig_answer();
    rig_answer();
    rig_take(romeo);
    rig_take(mercutio);
    assert_int_equal(rig_pending_count(), 1);
    rig_fail();
    rig_assert_stanza_error(romeo, "cancel", "internal-server-error");
    rig_assert_stanza_error(mercutio, "cancel", "internal-server-error");
    assert_int_equal(inspect_counts(rig.core).users_in_memory, 2);
    assert_null(rig_pending());
}

/* Two ask each other at once: neither waits for the other for ever, and both are asked. */
static void two_who_ask_each_other_at_once_do_not_block(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard"), *juliet = rig_online("juliet", "balcony");
    rig.prompt = false;
    rig_say(romeo, "<presence type='subscribe' to='juliet@localhost'/>");
    rig_say(juliet, "<presence type='subscribe' to='romeo@localhost'/>");
    rig_answer_all();
    assert_false(session_look(rig_session(romeo)).waiting);
    assert_false(session_look(rig_session(juliet)).waiting);
    struct host_link *links[] = { romeo, juliet };
    for (size_t i = 0; i < 2; i++) {
        struct inspect_item item = inspect_roster_item(session_look(rig_session(links[i])).roster, 0);
        assert_true(item.ask);
        assert_true(item.pending_in);
        assert_false(item.hidden);
        rig_assert_has(rig_take(links[i]), " type='subscribe'");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(a_roster_is_loaded_for_the_first_and_kept_until_the_last),
        RIG_TEST(two_accounts_do_not_wait_for_each_other),
        RIG_TEST(work_behind_one_that_failed_is_done),
        RIG_TEST(all_that_wait_for_a_roster_hear_that_it_is_not_to_be_had),
        RIG_TEST(two_who_ask_each_other_at_once_do_not_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
