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

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(a_roster_is_loaded_for_the_first_and_kept_until_the_last),
        RIG_TEST(two_accounts_do_not_wait_for_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
