#include "report_rig.h"

static void pretty_tells_each_scenario_on_a_line_below_its_folder(void **state)
{
    (void)state;
    char *text = report_three(REPORT_PRETTY);
    assert_int_equal(strncmp(text, "a\n  ok       Romeo comes in ", 28), 0);
    assert_holds(text, "a/a.scs  (41.3 µs, 5 min virtual)\n");
    assert_holds(text, "\n  FAILED   Romeo waits ");
    assert_holds(text, "a/b.scs  (2.50 s, 2.00 s virtual)\n");
    assert_holds(text, "\nc\n  skipped  Romeo goes ");
    assert_holds(text, "c/d.scs  (slow)\n");
    free(text);
}

static void pretty_explains_a_failure_in_full_below_its_line(void **state)
{
    (void)state;
    char *text = report_three(REPORT_PRETTY);
    assert_holds(text, "virtual)\n      a/b.scs:12: Romeo receives:\n\n        expected | got\n"
                       "      replay: rehearse run a/b.scs\nc\n");
    free(text);
}

static void pretty_ends_with_the_totals_and_then_the_counts(void **state)
{
    (void)state;
    char *text = report_three(REPORT_PRETTY);
    assert_ends(text, "\n\n2 scenarios in 2.50 s, 5 min 2 s virtual, 77 events, trace hash 0000000000000abc\n"
                      "1 passed, 1 failed, 1 skipped\n");
    free(text);
}

static void the_counts_name_the_skipped_only_when_there_are_some(void **state)
{
    (void)state;
    const struct report_case *const cases[] = { &passed };
    char *text = report_on(REPORT_PRETTY, cases, 1, &(struct report_totals){ .passed = 1 });
    assert_ends(text, "\n1 passed, 0 failed\n");
    free(text);
}

static void the_seed_is_printed_if_there_is_one(void **state)
{
    (void)state;
    const uint64_t seed = UINT64_MAX;
    const struct report_case *const cases[] = { &passed };
    const struct report_totals seeded = { .passed = 1, .seed = &seed };
    char *text = report_on(REPORT_PRETTY, cases, 1, &seeded);
    assert_holds(text, "1 scenario in 0 s, 0 s virtual, 0 events, trace hash 0000000000000000, "
                       "seed 18446744073709551615\n1 passed");
    free(text);
}

static void pretty_without_verbose_prints_only_failures(void **state)
{
    (void)state;
    char *text = report_three_with(REPORT_PRETTY, &(struct report_options){ 0 });
    assert_int_equal(strncmp(text, "a\n  FAILED   Romeo waits ", 25), 0);
    assert_null(strstr(text, "Romeo comes in"));
    assert_null(strstr(text, "Romeo goes"));
    assert_null(strstr(text, "\nc\n"));
    assert_ends(text, "\n1 passed, 1 failed, 1 skipped\n");
    free(text);
}

static void pretty_without_anything_to_tell_is_the_totals(void **state)
{
    (void)state;
    const struct report_case *const cases[] = { &passed };
    char *text = report_with(REPORT_PRETTY, &(struct report_options){ 0 }, cases, 1,
                             &(struct report_totals){ .passed = 1 });
    assert_string_equal(text, "1 scenario in 0 s, 0 s virtual, 0 events, trace hash 0000000000000000\n"
                              "1 passed, 0 failed\n");
    free(text);
}

static void pretty_lists_the_failures_once_more_above_the_totals(void **state)
{
    (void)state;
    const struct report_case row = { .path = "t.scs", .name = "t.scs#2", .title = "A row", .result = &bad };
    const struct report_case *const cases[] = { &failed, &row };
    char *text = report_on(REPORT_PRETTY, cases, 2, &(struct report_totals){ .failed = 2 });
    assert_holds(text, "\n\n2 failed:\n"
                       "  a/b.scs:12  Romeo waits: Romeo received another stanza than expected\n"
                       "  t.scs#2  t.scs:12  A row: Romeo received another stanza than expected\n"
                       "\n2 scenarios in ");
    free(text);
}

static void only_a_terminal_is_sent_control_characters(void **state)
{
    (void)state;
    char *plain = report_three(REPORT_PRETTY);
    assert_null(strchr(plain, '\033'));
    assert_null(strchr(plain, '\r'));
    free(plain);
}

static void a_terminal_is_shown_how_far_the_run_is(void **state)
{
    (void)state;
    char *shown = report_three_with(REPORT_PRETTY, &(struct report_options){ .terminal = true });
    assert_holds(shown, "\r\033[K[###############...............] 1/2, 0 failed, Romeo comes in\r\033[Ka\n"
                        "  FAILED   Romeo waits ");
    assert_holds(shown, "\r\033[K[##############################] 2/2, 1 failed, Romeo waits\r\033[K");
    assert_holds(shown, "] 2/2, 1 failed, Romeo goes\r\033[K\n1 failed:\n");
    assert_null(strstr(shown, "\033[1;31m"));
    assert_ends(shown, "\n1 passed, 1 failed, 1 skipped\n");
    free(shown);
}

static void a_terminal_gets_no_line_of_titles_that_is_longer_than_it_is_wide(void **state)
{
    (void)state;
    const struct report_options narrow = { .terminal = true, .verbose = true, .columns = 24 };
    char *shown = report_three_with(REPORT_PRETTY, &narrow);
    assert_holds(shown, "K2/2, 1 failed, Romeo w\xe2\x80\xa6\r");
    assert_holds(shown, "\n  ok       Romeo comes \xe2\x80\xa6\n");
    assert_holds(shown, "\033[K  FAILED   Romeo waits \xe2\x80\xa6\n");
    assert_holds(shown, "\n1 failed:\n  a/b.scs:12  Romeo rec\xe2\x80\xa6\n");
    assert_holds(shown, "\n      a/b.scs:12: Romeo receives:\n");
    free(shown);
}

static void names_stand_below_each_other_where_there_is_room(void **state)
{
    (void)state;
    char *wide =
        report_three_with(REPORT_PRETTY, &(struct report_options){ .verbose = true, .columns = 110 });
    assert_holds(wide, "  ok       Romeo comes in                                            a/a.scs");
    free(wide);
    char *narrow =
        report_three_with(REPORT_PRETTY, &(struct report_options){ .verbose = true, .columns = 80 });
    assert_holds(narrow, "  ok       Romeo comes in  a/a.scs  (41.3 µs, 5 min virtual)\n");
    free(narrow);
}

static void a_title_leaves_room_for_what_went_wrong(void **state)
{
    (void)state;
    const struct report_case long_one = { .path = "a/b.scs",
                                          .name = "a/b.scs",
                                          .title = "A title of forty-one characters and more",
                                          .result = &bad };
    const struct report_case row = { .path = "t.scs", .name = "t.scs#2", .title = "A row", .result = &bad };
    const struct report_case *const cases[] = { &long_one, &row };
    const struct report_totals two = { .failed = 2 };
    char *text = report_with(REPORT_PRETTY, &(struct report_options){ .columns = 60 }, cases, 2, &two);
    assert_holds(text,
                 "\n  a/b.scs:12  A title of forty-one \xe2\x80\xa6: Romeo received anothe\xe2\x80\xa6\n");
    assert_holds(text, "\n  t.scs#2 (line 12)  A row: Romeo received another stanza t\xe2\x80\xa6\n");
    free(text);
}

static void colours_are_shown_where_they_are_wanted(void **state)
{
    (void)state;
    const struct report_case *const cases[] = { &evil };
    const struct report_totals one = { .failed = 1 };
    char *text = report_with(REPORT_PRETTY, &(struct report_options){ .colour = true }, cases, 1, &one);
    assert_holds(text, "  \033[1;31mFAILED \033[0m  \\x1b[31mred\\x07\\xc2\\x9b ");
    assert_holds(text, "a/\\x1b]b.scs");
    assert_holds(text, "      \033[32mgreen\033[0m\\x1b[2J\ttab\n      next\n");
    assert_holds(text, "\033[1;31m1 failed:\033[0m\n");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pretty_tells_each_scenario_on_a_line_below_its_folder),
        cmocka_unit_test(pretty_explains_a_failure_in_full_below_its_line),
        cmocka_unit_test(pretty_ends_with_the_totals_and_then_the_counts),
        cmocka_unit_test(the_counts_name_the_skipped_only_when_there_are_some),
        cmocka_unit_test(the_seed_is_printed_if_there_is_one),
        cmocka_unit_test(pretty_without_verbose_prints_only_failures),
        cmocka_unit_test(pretty_without_anything_to_tell_is_the_totals),
        cmocka_unit_test(pretty_lists_the_failures_once_more_above_the_totals),
        cmocka_unit_test(a_terminal_is_shown_how_far_the_run_is),
        cmocka_unit_test(a_terminal_gets_no_line_of_titles_that_is_longer_than_it_is_wide),
        cmocka_unit_test(names_stand_below_each_other_where_there_is_room),
        cmocka_unit_test(a_title_leaves_room_for_what_went_wrong),
        cmocka_unit_test(colours_are_shown_where_they_are_wanted),
        cmocka_unit_test(only_a_terminal_is_sent_control_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
