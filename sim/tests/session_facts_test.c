/* What is possible of a session. */
#include "../model/session_facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static int set_up(void **state)
{
    *state = session_facts_new();
    return 0;
}

static int tear_down(void **state)
{
    session_facts_free(*state);
    return 0;
}

static void an_operation_is_possible_until_it_is_done(void **state)
{
    struct session_facts *session = *state;
    assert_int_equal(session_facts_possible(session, FACT_PRESENCE), PRESENCE_NONE);
    session_facts_set(session, FACT_PRESENCE, PRESENCE_NEGATIVE);
    session_facts_set(session, FACT_PRESENCE, PRESENCE_NOT_NEGATIVE);
    assert_int_equal(session_facts_possible(session, FACT_PRESENCE), PRESENCE_ANY);
    session_facts_settle(session, false);
    assert_int_equal(session_facts_possible(session, FACT_PRESENCE), PRESENCE_NOT_NEGATIVE);
    assert_int_equal(session_facts_possible(session, FACT_CARBONS), FACT_NO);
}

static void what_was_interrupted_stays_possible(void **state)
{
    struct session_facts *session = *state;
    session_facts_set(session, FACT_PRESENCE, PRESENCE_NOT_NEGATIVE);
    session_facts_blur(session);
    session_facts_settle(session, false);
    assert_int_equal(session_facts_possible(session, FACT_PRESENCE), PRESENCE_NONE | PRESENCE_NOT_NEGATIVE);
    session_facts_set(session, FACT_PRESENCE, PRESENCE_NONE);
    session_facts_settle(session, false);
    assert_int_equal(session_facts_possible(session, FACT_PRESENCE), PRESENCE_NONE);
}

/* What waits to be written was right when it was. */
static void a_blocked_connection_keeps_older_values(void **state)
{
    struct session_facts *session = *state;
    session_facts_set(session, FACT_PRESENCE, PRESENCE_NOT_NEGATIVE);
    session_facts_settle(session, false);
    session_facts_set(session, FACT_PRESENCE, PRESENCE_NONE);
    session_facts_settle(session, true);
    assert_int_equal(session_facts_possible(session, FACT_PRESENCE), PRESENCE_NONE | PRESENCE_NOT_NEGATIVE);
    session_facts_settle(session, false);
    assert_int_equal(session_facts_possible(session, FACT_PRESENCE), PRESENCE_NONE);
}

static void a_request_has_its_effect_when_it_is_granted(void **state)
{
    struct session_facts *session = *state;
    session_facts_asks(session, 1, WISH_ROSTER);
    session_facts_asks(session, 2, WISH_CARBONS);
    assert_int_equal(session_facts_possible(session, FACT_INTERESTED), FACT_ANY);
    session_facts_settle(session, false);
    assert_int_equal(session_facts_possible(session, FACT_INTERESTED), FACT_ANY);
    assert_true(session_facts_answered(session, 1, true));
    assert_true(session_facts_answered(session, 2, false));
    session_facts_settle(session, false);
    assert_int_equal(session_facts_possible(session, FACT_INTERESTED), FACT_YES);
    assert_int_equal(session_facts_possible(session, FACT_CARBONS), FACT_NO);
}

static void each_request_has_one_answer(void **state)
{
    struct session_facts *session = *state;
    assert_false(session_facts_answered(session, 1, true));
    session_facts_asks(session, 1, WISH_CARBONS);
    session_facts_asks(session, 1, WISH_NO_CARBONS);
    assert_true(session_facts_answered(session, 1, true) && session_facts_has_asked(session, 1));
    assert_true(session_facts_answered(session, 1, true));
    assert_false(session_facts_has_asked(session, 1) || session_facts_answered(session, 1, true));
    session_facts_settle(session, false);
    assert_int_equal(session_facts_possible(session, FACT_CARBONS), FACT_NO);
}

static void what_came_behind_a_resumption_belongs_to_the_session(void **state)
{
    struct session_facts *session = *state, *fresh = session_facts_new();
    session->came = 7;
    session_facts_asks(fresh, 3, WISH_ROSTER);
    session_facts_set(fresh, FACT_PRESENCE, PRESENCE_NEGATIVE);
    ack_places_add(&fresh->acks, 1);
    fresh->came = 2;
    session_facts_join(session, fresh);
    session_facts_free(fresh);
    assert_int_equal(session->came, 9);
    assert_int_equal(session->acks.counts[session->acks.first], 8);
    assert_true(session_facts_has_asked(session, 3));
    assert_int_equal(session_facts_possible(session, FACT_PRESENCE), PRESENCE_NONE | PRESENCE_NEGATIVE);
}

static void the_unacknowledged(void **state)
{
    struct unacked_queue *queue = &((struct session_facts *)*state)->unacked;
    for (uint64_t i = 0; i < 100; i++)
        unacked_left(queue, i, NULL);
    assert_true(unacked_acknowledged(queue, 97));
    assert_false(unacked_acknowledged(queue, 101));
    assert_false(unacked_acknowledged(queue, 96));
    assert_int_equal(queue->next, queue->end);
    unacked_again(queue);
    assert_int_equal(queue->end - queue->next, 3);
    assert_int_equal(queue->stanzas[queue->next].hash, 97);
    queue->next++;
    assert_true(unacked_acknowledged(queue, 100));
    assert_int_equal(queue->next, queue->end);
}

static void some_of_it_may_have_been_dropped(void **state)
{
    struct unacked_queue *queue = &((struct session_facts *)*state)->unacked;
    for (uint64_t i = 0; i < 5; i++)
        unacked_left(queue, i, NULL);
    assert_true(unacked_acknowledged(queue, 1));
    unacked_again(queue);
    unacked_dropped(queue, 3);
    assert_int_equal(queue->stanzas[queue->next].hash, 3);
    assert_int_equal(queue->end - queue->next, 2);
    unacked_dropped(queue, 9);
    assert_int_equal(queue->next, queue->end);
}

/* XEP-0198, 4: the number is reset from 2^32-1 to 0. */
static void counts_begin_again_at_zero(void **state)
{
    struct unacked_queue *queue = &((struct session_facts *)*state)->unacked;
    queue->acknowledged = UINT32_MAX;
    unacked_left(queue, 1, NULL);
    unacked_left(queue, 2, NULL);
    assert_true(unacked_acknowledged(queue, 1));
    assert_int_equal(queue->end - queue->first, 0);
}

static void answers_of_the_server_are_found(void **state)
{
    struct unacked_queue *queue = &((struct session_facts *)*state)->unacked;
    for (uint64_t i = 1; i <= 3; i++)
        unacked_left(queue, i, NULL);
    unacked_again(queue);
    assert_false(unacked_answers_before(queue, 9));
    queue->stanzas[queue->first + 1].is_answer = true;
    assert_false(unacked_answers_before(queue, 1));
    assert_false(unacked_answers_before(queue, 2));
    assert_true(unacked_answers_before(queue, 3));
    assert_true(unacked_answers_before(queue, 9));
    queue->next = queue->end;
    assert_false(unacked_answers_before(queue, 9));
}

static void direct(struct session_facts *session, uint64_t account, uint64_t resource)
{
    session_facts_directs(session, (struct directed_to){ account, resource });
}

static bool has_directed(const struct session_facts *session, uint64_t account, uint64_t resource)
{
    return session_facts_has_directed_to(session, (struct directed_to){ account, resource });
}

/* Beyond the most, and of an account that is not known, it may be anybody. */
static void whom_presence_was_directed_to(void **state)
{
    struct session_facts *session = *state;
    assert_false(session_facts_has_directed(session, 1));
    direct(session, 1, RESOURCE_NONE);
    direct(session, 1, RESOURCE_NONE);
    assert_int_equal(session->directed_count, 1);
    assert_true(session_facts_has_directed(session, 1));
    assert_false(session_facts_has_directed(session, 2));
    assert_true(session_facts_has_directed(session, 0));
    for (uint64_t i = 2; i <= DIRECTED_MOST; i++)
        direct(session, i, RESOURCE_NONE);
    assert_true(session_facts_has_directed(session, DIRECTED_MOST));
    assert_false(session_facts_has_directed(session, DIRECTED_MOST + 1));
    direct(session, DIRECTED_MOST, RESOURCE_NONE);
    assert_false(session_facts_has_directed(session, DIRECTED_MOST + 1));
    direct(session, DIRECTED_MOST + 1, RESOURCE_NONE);
    assert_true(session_facts_has_directed(session, DIRECTED_MOST + 2));
    assert_true(has_directed(session, DIRECTED_MOST + 2, 7));
}

static void to_which_address_presence_was_directed(void **state)
{
    struct session_facts *session = *state;
    direct(session, 1, RESOURCE_NONE);
    direct(session, 2, 7);
    assert_true(session_facts_has_directed(session, 2));
    assert_true(has_directed(session, 1, RESOURCE_NONE));
    assert_false(has_directed(session, 1, 7));
    assert_false(has_directed(session, 1, RESOURCE_UNKNOWN));
    assert_true(has_directed(session, 2, 7));
    assert_true(has_directed(session, 2, RESOURCE_UNKNOWN));
    assert_false(has_directed(session, 2, 8));
    assert_false(has_directed(session, 2, RESOURCE_NONE));
    direct(session, 2, RESOURCE_UNKNOWN);
    assert_true(has_directed(session, 2, 8));
    assert_false(has_directed(session, 2, RESOURCE_NONE));
    direct(session, 0, 9);
    assert_true(has_directed(session, 1, 9));
    assert_false(has_directed(session, 1, 7));
}

static void what_a_request_weighs(void **state)
{
    struct session_facts *session = *state;
    session_facts_asks(session, 1, WISH_NOTHING);
    session_facts_asks(session, 2, WISH_NOTHING);
    session_facts_weighs(session, (struct weight){ 100, 20 });
    assert_int_equal(session_facts_weight(session, 1).whole, 0);
    assert_int_equal(session_facts_weight(session, 2).whole, 100);
    assert_int_equal(session_facts_weight(session, 2).more, 20);
    assert_int_equal(session_facts_weight(session, 3).whole, 0);
    assert_true(session_facts_answered(session, 2, false));
    assert_int_equal(session_facts_weight(session, 2).whole, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_operation_is_possible_until_it_is_done, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_interrupted_stays_possible, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_blocked_connection_keeps_older_values, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_request_has_its_effect_when_it_is_granted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_request_has_one_answer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_came_behind_a_resumption_belongs_to_the_session, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_unacknowledged, set_up, tear_down),
        cmocka_unit_test_setup_teardown(some_of_it_may_have_been_dropped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(counts_begin_again_at_zero, set_up, tear_down),
        cmocka_unit_test_setup_teardown(answers_of_the_server_are_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(whom_presence_was_directed_to, set_up, tear_down),
        cmocka_unit_test_setup_teardown(to_which_address_presence_was_directed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_a_request_weighs, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
