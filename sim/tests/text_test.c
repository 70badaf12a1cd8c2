#include "../text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void an_empty_text_has_no_bytes(void **state)
{
    (void)state;
    struct text text = { 0 };
    assert_null(text.bytes);
    assert_int_equal(text.length, 0);
    text_free(&text);
}

static void strings_follow_each_other(void **state)
{
    (void)state;
    struct text text = { 0 };
    text_string(&text, "wherefore ");
    text_string(&text, "");
    text_string(&text, "art thou");
    assert_string_equal(text.bytes, "wherefore art thou");
    assert_int_equal(text.length, 18);
    text_free(&text);
}

static void bytes_may_hold_a_nul_and_need_not_end_with_one(void **state)
{
    (void)state;
    struct text text = { 0 };
    const char bytes[] = { 'a', '\0', 'b' };
    text_append(&text, bytes, sizeof bytes);
    assert_int_equal(text.length, 3);
    assert_memory_equal(text.bytes, "a\0b", 4);
    text_free(&text);
}

static void no_bytes_at_all_may_be_null(void **state)
{
    (void)state;
    struct text text = { 0 };
    text_append(&text, NULL, 0);
    assert_string_equal(text.bytes, "");
    text_free(&text);
}

/* Whatever the capacity grows by, no byte is lost and the NUL has its place. */
static void it_grows_a_byte_at_a_time(void **state)
{
    (void)state;
    struct text text = { 0 };
    for (size_t i = 0; i < 5000; i++) {
        const char byte = (char)('a' + i % 26);
        text_append(&text, &byte, 1);
        assert_true(text.capacity > text.length);
        assert_int_equal(text.bytes[text.length], '\0');
    }
    assert_int_equal(text.length, 5000);
    for (size_t i = 0; i < text.length; i++)
        assert_int_equal(text.bytes[i], 'a' + i % 26);
    text_free(&text);
}

static void it_grows_by_more_than_it_has(void **state)
{
    (void)state;
    struct text text = { 0 };
    text_string(&text, "x");
    text_repeat(&text, 'y', 100000);
    assert_int_equal(text.length, 100001);
    assert_int_equal(text.bytes[0], 'x');
    assert_int_equal(text.bytes[100000], 'y');
    assert_int_equal(text.bytes[100001], '\0');
    text_free(&text);
}

static void a_number_is_written_in_decimal_digits(void **state)
{
    (void)state;
    struct text text = { 0 };
    text_number(&text, 0);
    text_string(&text, ", ");
    text_number(&text, 1595);
    text_string(&text, ", ");
    text_number(&text, UINT64_MAX);
    assert_string_equal(text.bytes, "0, 1595, 18446744073709551615");
    text_free(&text);
}

static void repeating_no_times_adds_nothing(void **state)
{
    (void)state;
    struct text text = { 0 };
    text_repeat(&text, 'y', 0);
    assert_int_equal(text.length, 0);
    assert_string_equal(text.bytes, "");
    text_free(&text);
}

static void what_is_taken_is_the_takers_and_the_text_is_empty_again(void **state)
{
    (void)state;
    struct text text = { 0 };
    text_string(&text, "a rose");
    char *taken = text_take(&text);
    assert_string_equal(taken, "a rose");
    assert_null(text.bytes);
    assert_int_equal(text.length, 0);
    assert_int_equal(text.capacity, 0);
    text_string(&text, "by any other name");
    assert_string_equal(taken, "a rose");
    assert_string_equal(text.bytes, "by any other name");
    free(taken);
    text_free(&text);
}

static void what_is_taken_of_nothing_is_an_empty_string(void **state)
{
    (void)state;
    struct text text = { 0 };
    char *taken = text_take(&text);
    assert_string_equal(taken, "");
    free(taken);
}

static void a_text_that_was_freed_may_be_used_again(void **state)
{
    (void)state;
    struct text text = { 0 };
    text_string(&text, "banished");
    text_free(&text);
    assert_null(text.bytes);
    assert_int_equal(text.length, 0);
    text_string(&text, "back");
    assert_string_equal(text.bytes, "back");
    text_free(&text);
    text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_text_has_no_bytes),
        cmocka_unit_test(strings_follow_each_other),
        cmocka_unit_test(bytes_may_hold_a_nul_and_need_not_end_with_one),
        cmocka_unit_test(no_bytes_at_all_may_be_null),
        cmocka_unit_test(it_grows_a_byte_at_a_time),
        cmocka_unit_test(it_grows_by_more_than_it_has),
        cmocka_unit_test(a_number_is_written_in_decimal_digits),
        cmocka_unit_test(repeating_no_times_adds_nothing),
        cmocka_unit_test(what_is_taken_is_the_takers_and_the_text_is_empty_again),
        cmocka_unit_test(what_is_taken_of_nothing_is_an_empty_string),
        cmocka_unit_test(a_text_that_was_freed_may_be_used_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
