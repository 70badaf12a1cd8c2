#include "../tool/progress.h"
#include "../world/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_line(char *line, const char *expected)
{
    assert_string_equal(line, expected);
    free(line);
}

static void a_line_has_a_bar_a_total_what_is_left_and_a_note(void **state)
{
    (void)state;
    assert_line(progress_line(250, 1000, 4 * SIM_SECOND, 0, "3 failed", 0),
                "[#######.......................] 250/1000, 12 s left, 3 failed");
    assert_line(progress_line(1000, 1000, 4 * SIM_SECOND, 0, "", 0),
                "[##############################] 1000/1000");
}

static void nothing_is_estimated_before_there_is_a_pace(void **state)
{
    (void)state;
    assert_line(progress_line(0, 2, 9 * SIM_SECOND, 0, "", 0), "[..............................] 0/2");
    assert_line(progress_line(1, 2, SIM_SECOND / 2, 0, "", 0), "[###############...............] 1/2");
}

static void the_remaining_time_is_printed_in_two_units(void **state)
{
    (void)state;
    assert_line(progress_line(1, 2, 83 * SIM_SECOND, 0, "", 0),
                "[###############...............] 1/2, 1 min 23 s left");
    assert_line(progress_line(1, 2, 3725 * SIM_SECOND, 0, "", 0),
                "[###############...............] 1/2, 1 h 2 min left");
}

static void the_end_that_is_known_comes_first_where_it_is_earlier(void **state)
{
    (void)state;
    assert_line(progress_line(1, 101, 10 * SIM_SECOND, 50 * SIM_SECOND, "", 0),
                "[..............................] 1/101, 50 s left");
    assert_line(progress_line(1, 2, 10 * SIM_SECOND, 50 * SIM_SECOND, "", 0),
                "[###############...............] 1/2, 10 s left");
}

static void without_a_total_there_is_no_bar(void **state)
{
    (void)state;
    assert_line(progress_line(5, 0, 10 * SIM_SECOND, 30 * SIM_SECOND, "7 steps", 0), "30 s left, 7 steps");
    assert_line(progress_line(5, 0, 10 * SIM_SECOND, 0, "7 steps", 0), "7 steps");
}

static void a_line_is_narrower_than_the_terminal(void **state)
{
    (void)state;
    assert_line(progress_line(1, 2, 0, 0, "a note that is cut", 60),
                "[###############...............] 1/2, a note that is cut");
    assert_line(progress_line(1, 2, 0, 0, "a longer note that is cut", 60),
                "[###############...............] 1/2, a longer note that i\xe2\x80\xa6");
    assert_line(progress_line(0, 0, 0, 0, "J\xc3\xbcrgen", 4), "J\xc3\xbc\xe2\x80\xa6");
    assert_line(progress_line(0, 0, 0, 0, "\xe6\x97\xa5\xe6\x9c\xac", 4), "\xe6\x97\xa5\xe2\x80\xa6");
    assert_line(progress_line(0, 0, 0, 0, "a note", 1), "");
}

static void a_narrow_terminal_has_room_for_the_numbers_alone(void **state)
{
    (void)state;
    assert_line(progress_line(1, 2, 0, 0, "a note", 59), "1/2, a note");
}

static void one_that_draws_each_update_is_drawn_at_once_and_erased(void **state)
{
    (void)state;
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    struct progress_bar bar = progress_begin_on(out, true, 20);
    progress_update(&bar, 1, 2, "one");
    progress_update(&bar, 2, 2, "two");
    progress_erase(&bar);
    progress_erase(&bar);
    fclose(out);
    assert_string_equal(text, "\r\033[K1/2, one\r\033[K2/2, two\r\033[K");
    free(text);
}

static void where_no_person_watches_nothing_is_written(void **state)
{
    (void)state;
    FILE *out = tmpfile();
    struct progress_bar bar = progress_begin(out, 0);
    bar.drawn_at = 0;
    progress_update(&bar, 1, 2, "");
    progress_erase(&bar);
    assert_int_equal(ftell(out), 0);
    fclose(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_has_a_bar_a_total_what_is_left_and_a_note),
        cmocka_unit_test(nothing_is_estimated_before_there_is_a_pace),
        cmocka_unit_test(the_remaining_time_is_printed_in_two_units),
        cmocka_unit_test(the_end_that_is_known_comes_first_where_it_is_earlier),
        cmocka_unit_test(without_a_total_there_is_no_bar),
        cmocka_unit_test(a_line_is_narrower_than_the_terminal),
        cmocka_unit_test(a_narrow_terminal_has_room_for_the_numbers_alone),
        cmocka_unit_test(one_that_draws_each_update_is_drawn_at_once_and_erased),
        cmocka_unit_test(where_no_person_watches_nothing_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
