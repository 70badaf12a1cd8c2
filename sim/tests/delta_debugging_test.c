#include "../shrink/delta_debugging.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A list of numbers that is reduced while a rule holds of it. */
struct numbers {
    int list[200];
    size_t count;
    bool (*rule)(const struct numbers *numbers);
    size_t tries;
};

static size_t count(void *host)
{
    return ((struct numbers *)host)->count;
}

static bool without(void *host, const struct pieces *pieces)
{
    struct numbers *numbers = host;
    struct numbers fewer = { .rule = numbers->rule };
    numbers->tries++;
    assert_true(pieces->first < pieces->end && pieces->end <= numbers->count);
    assert_true(pieces->also == PIECE_NONE || pieces->also < numbers->count);
    for (size_t i = 0; i < numbers->count; i++)
        if (!pieces_have(pieces, i))
            fewer.list[fewer.count++] = numbers->list[i];
    if (!fewer.rule(&fewer))
        return false;
    fewer.tries = numbers->tries;
    *numbers = fewer;
    return true;
}

static struct numbers upto(int count, bool (*rule)(const struct numbers *numbers))
{
    struct numbers numbers = { .rule = rule };
    for (int i = 0; i < count; i++)
        numbers.list[numbers.count++] = i;
    return numbers;
}

static bool has(const struct numbers *numbers, int wanted)
{
    for (size_t i = 0; i < numbers->count; i++)
        if (numbers->list[i] == wanted)
            return true;
    return false;
}

static bool reduces(struct numbers *numbers)
{
    return delta_debug(&(struct delta_debugging){ count, without, numbers });
}

static bool any(const struct numbers *numbers)
{
    (void)numbers;
    return true;
}

static bool all_of_ten(const struct numbers *numbers)
{
    return numbers->count == 10;
}

static bool needs_three_and_ninety(const struct numbers *numbers)
{
    return has(numbers, 3) && has(numbers, 90);
}

/* 2 and 6 come and go together, as do 1 and 9; 4 is needed. */
static bool in_pairs(const struct numbers *numbers)
{
    return has(numbers, 2) == has(numbers, 6) && has(numbers, 1) == has(numbers, 9) && has(numbers, 4);
}

static void what_is_not_needed_goes(void **state)
{
    (void)state;
    struct numbers numbers = upto(100, needs_three_and_ninety);
    assert_true(reduces(&numbers));
    assert_int_equal(numbers.count, 2);
    assert_int_equal(numbers.list[0], 3);
    assert_int_equal(numbers.list[1], 90);
    assert_true(numbers.tries < 100); /* one by one it would take more */
    assert_false(reduces(&numbers));
}

static void all_goes_at_once_where_it_can(void **state)
{
    (void)state;
    struct numbers numbers = upto(200, any);
    assert_true(reduces(&numbers));
    assert_int_equal(numbers.count, 0);
    assert_int_equal(numbers.tries, 1);
}

static void nothing_goes_where_all_is_needed(void **state)
{
    (void)state;
    struct numbers numbers = upto(10, all_of_ten);
    assert_false(reduces(&numbers));
    assert_int_equal(numbers.count, 10);
}

static void an_empty_list_is_not_tried(void **state)
{
    (void)state;
    struct numbers numbers = upto(0, any);
    assert_false(reduces(&numbers));
    assert_int_equal(numbers.tries, 0);
}

static void what_can_only_go_together_goes(void **state)
{
    (void)state;
    struct numbers numbers = upto(10, in_pairs);
    assert_true(reduces(&numbers));
    assert_int_equal(numbers.count, 1);
    assert_int_equal(numbers.list[0], 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_needed_goes),          cmocka_unit_test(all_goes_at_once_where_it_can),
        cmocka_unit_test(nothing_goes_where_all_is_needed), cmocka_unit_test(an_empty_list_is_not_tried),
        cmocka_unit_test(what_can_only_go_together_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
