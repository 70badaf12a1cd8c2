/* Messages that are followed, and who holds them. */
#include "../model/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct followed {
    struct message_table table;
    struct message_list list;
};

static int set_up(void **state)
{
    static struct followed followed;
    followed = (struct followed){ .list = { .table = &followed.table } };
    *state = &followed;
    return 0;
}

static int tear_down(void **state)
{
    struct followed *followed = *state;
    for (struct message *message = followed->list.first; message != NULL; message = message->next)
        message_over(message);
    message_list_sweep(&followed->list);
    assert_null(followed->list.first);
    assert_null(followed->table.first);
    return 0;
}

static const struct message_name one = { 1, 1 }, other = { 1, 2 };

static void a_message_is_found_until_it_is_over(void **state)
{
    struct followed *followed = *state;
    assert_null(message_find(&followed->table, one));
    struct message *message = message_came(&followed->list, one);
    assert_non_null(message_came(&followed->list, other));
    assert_ptr_equal(message_find(&followed->table, one), message);
    message_over(message);
    message_over(message);
    assert_null(message_find(&followed->table, one));
    message_list_sweep(&followed->list);
    assert_ptr_equal(followed->list.first, message_find(&followed->table, other));
    assert_null(followed->list.first->next);
}

static void of_two_with_one_name_neither_is_followed(void **state)
{
    struct followed *followed = *state;
    struct message *message = message_came(&followed->list, one);
    assert_null(message_came(&followed->list, one));
    assert_true(message->is_over);
    assert_null(message_find(&followed->table, one));
    assert_non_null(message_came(&followed->list, one));
}

static void what_the_last_holder_lets_go_is_open_again(void **state)
{
    struct followed *followed = *state;
    struct message *message = message_came(&followed->list, one);
    message->is_kept = true;
    message_hold(message);
    message_hold(message);
    message_let_go(message);
    assert_int_equal(message->holders, 1);
    message_let_go(message);
    assert_true(!message->is_kept && !message->is_over);
    assert_int_equal(message->holders, 0);
}

static void what_is_acknowledged_is_over(void **state)
{
    struct followed *followed = *state;
    struct message *message = message_came(&followed->list, one);
    message_hold(message);
    message_hold(message);
    message_acknowledged(message);
    assert_true(message->is_over);
    message_list_sweep(&followed->list); /* the other session still names it */
    assert_ptr_equal(followed->list.first, message);
    message_let_go(message);
    message_list_sweep(&followed->list);
    assert_null(followed->list.first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_message_is_found_until_it_is_over, set_up, tear_down),
        cmocka_unit_test_setup_teardown(of_two_with_one_name_neither_is_followed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_the_last_holder_lets_go_is_open_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_acknowledged_is_over, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
