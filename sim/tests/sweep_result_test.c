#include "../sweep/sweep_result.h"

#include "../kinds/server_kinds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_prints(const struct sweep_result *result, const char *expected)
{
    char *text = sweep_print(result);
    assert_string_equal(text, expected);
    free(text);
}

/* ---- Faults by name ---- */

static void assert_faults(unsigned faults, const char *text)
{
    unsigned parsed = ~0u;
    char *printed = sweep_faults_print(faults);
    assert_string_equal(printed, text);
    assert_true(sweep_faults_parse(text, &parsed));
    assert_int_equal(parsed, faults);
    free(printed);
}

static void faults_are_named_and_read_again(void **state)
{
    (void)state;
    assert_faults(0, "none");
    assert_faults(PLOT_NETWORK, "network");
    assert_faults(PLOT_NETWORK | PLOT_DISK, "network,disk");
    assert_faults(PLOT_DISK | PLOT_MEMORY | PLOT_CLOCK, "disk,memory,clock");
    assert_faults(PLOT_ALL, "all");
}

static void faults_are_taken_in_any_order_and_more_than_once(void **state)
{
    (void)state;
    unsigned faults;
    assert_true(sweep_faults_parse("disk,network,disk", &faults));
    assert_int_equal(faults, PLOT_NETWORK | PLOT_DISK);
    assert_true(sweep_faults_parse("none,clock", &faults));
    assert_int_equal(faults, PLOT_CLOCK);
    assert_true(sweep_faults_parse("memory,all", &faults));
    assert_int_equal(faults, PLOT_ALL);
}

static void faults_that_there_are_not_are_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = { "",    ",",    "disk,", ",disk", "disk,,network", "disks",
                                         "dis", "Disk", "disk ", " disk", "disk network",  "network;disk" };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        unsigned faults;
        if (sweep_faults_parse(wrong[i], &faults))
            fail_msg("'%s' was taken", wrong[i]);
    }
}

/* ---- Tallies ---- */

static void names_are_counted_once_each_in_their_order(void **state)
{
    (void)state;
    struct sweep_result result = { 0 };
    sweep_count(&result.actions, "writes", 2);
    sweep_count(&result.actions, "connects", 1);
    sweep_count(&result.actions, "asks", 0);
    sweep_count(&result.actions, "writes", 5);
    sweep_count(&result.actions, "probes", 4);
    assert_int_equal(result.actions.count, 3);
    assert_string_equal(result.actions.list[0].name, "connects");
    assert_string_equal(result.actions.list[1].name, "probes");
    assert_string_equal(result.actions.list[2].name, "writes");
    assert_int_equal(sweep_counted(&result.actions, "writes"), 7);
    assert_int_equal(sweep_counted(&result.actions, "probes"), 4);
    assert_int_equal(sweep_counted(&result.actions, "asks"), 0);
    assert_int_equal(sweep_counted(&result.actions, "zebras"), 0);
    sweep_result_free(&result);
}

/* ---- Failures ---- */

static void failures_of_one_check_are_one_cause(void **state)
{
    (void)state;
    struct sweep_result result = { 0 };
    sweep_fail(&result, 9, "tables-agree", "nine");
    sweep_fail(&result, 4, "tables-agree", "four");
    sweep_fail(&result, 7, "tables-agree", "seven");
    const struct sweep_failure *failure = result.failures;
    assert_int_equal(result.failed, 3);
    assert_string_equal(failure->cause, "tables-agree");
    assert_int_equal(failure->count, 3);
    assert_int_equal(failure->seed, 4); /* the lowest, and what became of it */
    assert_string_equal(failure->summary, "four");
    assert_null(failure->next);
    sweep_result_free(&result);
}

static void causes_come_by_their_lowest_seeds(void **state)
{
    (void)state;
    struct sweep_result result = { 0 };
    sweep_fail(&result, 5, "b", "of b");
    sweep_fail(&result, 6, "c", "of c");
    sweep_fail(&result, 7, "a", "of a");
    sweep_fail(&result, 2, "c", "of c again");
    const struct sweep_failure *failure = result.failures;
    assert_string_equal(failure->cause, "c");
    assert_int_equal(failure->count, 2);
    assert_string_equal(failure->next->cause, "b");
    assert_string_equal(failure->next->next->cause, "a");
    assert_null(failure->next->next->next);
    sweep_result_free(&result);
}

/* Without a check the sentence is the cause, but for what differs from run to run: numbers, and words with an
 * address or a quotation in them. */
static void sentences_that_differ_in_names_and_numbers_are_one_cause(void **state)
{
    (void)state;
    struct sweep_result result = { 0 };
    sweep_fail(&result, 1, NULL, "the server still has 3 sessions of romeo@montague.lit in memory");
    sweep_fail(&result, 2, NULL, "the server still has 12 sessions of juliet@capulet.lit in memory");
    sweep_fail(&result, 3, NULL, "the process was killed by signal 11");
    assert_int_equal(result.failed, 3);
    assert_int_equal(result.failures->count, 2);
    assert_string_equal(result.failures->cause, "the server still has ... sessions of ... in memory");
    assert_string_equal(result.failures->summary,
                        "the server still has 3 sessions of romeo@montague.lit in memory");
    assert_string_equal(result.failures->next->cause, "the process was killed by signal ...");
    sweep_result_free(&result);
}

static void crashes_have_different_causes_and_time_limits_have_one(void **state)
{
    (void)state;
    struct sweep_result result = { 0 };
    sweep_fail(&result, 1, NULL, "crash: Assertion `s->state == 1' failed (core/foo.c:12)");
    sweep_fail(&result, 2, NULL, "crash: Assertion `s->state == 1' failed (core/foo.c:13)");
    sweep_fail(&result, 3, NULL, "time limit: not over after 60 s");
    sweep_fail(&result, 4, NULL, "time limit: not over after 2 s");
    sweep_fail(&result, 5, NULL, "crash: Assertion `s->state == 1' failed (core/foo.c:12)");
    assert_string_equal(result.failures->cause, "crash: Assertion `s->state == 1' failed (core/foo.c:12)");
    assert_int_equal(result.failures->count, 2);
    assert_int_equal(result.failures->next->count, 1);
    assert_string_equal(result.failures->next->next->cause, "time limit");
    assert_int_equal(result.failures->next->next->count, 2);
    assert_null(result.failures->next->next->next);
    sweep_result_free(&result);
}

static void a_failure_keeps_the_first_line(void **state)
{
    (void)state;
    struct sweep_result result = { 0 };
    sweep_fail(&result, 1, NULL, "all of this\nand none of that");
    assert_string_equal(result.failures->summary, "all of this");
    assert_string_equal(result.failures->cause, "all of this");
    sweep_result_free(&result);
}

/* ---- As text ---- */

/* Seeds that the server is not capable of, and the server. */
static void what_is_skipped_and_the_server_are_read_again(void **state)
{
    (void)state;
    static const char text[] = "rehearse sweep 4\n"
                               "plots cast 4 steps 24 faults network,disk server core:outside\n"
                               "seeds 0..9\n"
                               "played 10 failed 0 events 7 trace 0123456789abcdef\n"
                               "skipped 2 crash\n"
                               "skipped 1 memory\n"
                               "leftout 31 csi\n";
    struct sweep_result result;
    int line = 0;
    assert_true(sweep_parse(text, &result, &line));
    assert_ptr_equal(result.options.kind, &server_core_outside);
    assert_int_equal(sweep_counted(&result.skipped, "crash"), 2);
    struct sweep_result joined = { .options = result.options };
    sweep_join(&joined, &result);
    sweep_join(&joined, &result);
    assert_int_equal(sweep_counted(&joined.skipped, "memory"), 2);
    assert_int_equal(sweep_counted(&joined.left_out, "csi"), 62);
    sweep_result_free(&joined);
    assert_prints(&result, text);
    sweep_result_free(&result);
}

static void an_unknown_server_is_malformed(void **state)
{
    (void)state;
    static const char text[] = "rehearse sweep 4\nplots cast 4 steps 24 faults all server moon\n";
    struct sweep_result result;
    int line = 0;
    assert_false(sweep_parse(text, &result, &line));
    assert_int_equal(line, 2);
}

/* The example of sweep_result.h, but for the order of its names. */
static const char example[] = "rehearse sweep 4\n"
                              "plots cast 4 steps 50 faults all\n"
                              "seeds 0..2999 parts 1 of 3\n"
                              "played 900 failed 3 events 812345 trace 0123456789abcdef\n"
                              "unplayed 2700..2799 part 1 of 3\n"
                              "action 17 connects\n"
                              "action 5 writes much\n"
                              "fault 3 a link breaks\n"
                              "fired 2 a link breaks\n"
                              "check 81234 tables-agree\n"
                              "failure 2 seed 41 cause everybody-is-seen\n"
                              "\tRomeo, at 2.000000000: romeo@montague.lit sees nobody\n"
                              "failure 1 seed 57 cause the server still has ... sessions\n"
                              "\tthe server still has 2 sessions\n";

static struct sweep_result make_example(void)
{
    struct sweep_result result = { .options = { .cast = 4, .steps = 50, .faults = PLOT_ALL },
                                   .share = sweep_share_new(0, 2999, 1, 3),
                                   .runs = 900,
                                   .events = 812345,
                                   .trace_sum = UINT64_C(0x0123456789abcdef) };
    assert_true(sweep_gaps_parse("unplayed 2700..2799 part 1 of 3", &result.share, &result.gaps));
    sweep_count(&result.actions, "connects", 17);
    sweep_count(&result.actions, "writes much", 5);
    sweep_count(&result.faults, "a link breaks", 3);
    sweep_count(&result.fired, "a link breaks", 2);
    sweep_count(&result.checks, "tables-agree", 81234);
    sweep_fail(&result, 57, NULL, "the server still has 2 sessions");
    sweep_fail(&result, 900, "everybody-is-seen", "Juliet sees nobody");
    sweep_fail(&result, 41, "everybody-is-seen", "Romeo, at 2.000000000: romeo@montague.lit sees nobody");
    return result;
}

static void a_result_is_written_as_it_says(void **state)
{
    (void)state;
    struct sweep_result result = make_example();
    assert_prints(&result, example);
    sweep_result_free(&result);
}

static void what_was_written_is_read_and_written_the_same(void **state)
{
    (void)state;
    struct sweep_result result;
    int line = 0;
    assert_true(sweep_parse(example, &result, &line));
    assert_int_equal(result.options.cast, 4);
    assert_int_equal(result.options.steps, 50);
    assert_int_equal(result.options.faults, PLOT_ALL);
    assert_int_equal(result.share.last, 2999);
    assert_int_equal(result.share.shards, 3);
    assert_int_equal(result.runs, 900);
    assert_int_equal(sweep_gaps_seeds(&result.gaps), 100);
    assert_int_equal(result.failed, 3);
    assert_int_equal(result.events, 812345);
    assert_true(result.trace_sum == UINT64_C(0x0123456789abcdef));
    assert_int_equal(sweep_counted(&result.actions, "writes much"), 5);
    assert_int_equal(sweep_counted(&result.fired, "a link breaks"), 2);
    assert_prints(&result, example);
    sweep_result_free(&result);
}

static void the_largest_numbers_are_read_again(void **state)
{
    (void)state;
    struct sweep_result result = { .options = { .cast = PLOT_CAST_MOST, .steps = PLOT_STEPS_MOST },
                                   .share = sweep_share_new(0, UINT64_MAX - 1, 1, 1),
                                   .runs = UINT64_MAX,
                                   .events = UINT64_MAX,
                                   .trace_sum = UINT64_MAX },
                        parsed;
    int line = 0;
    sweep_fail(&result, UINT64_MAX, "x", "y");
    char *text = sweep_print(&result);
    assert_true(sweep_parse(text, &parsed, &line));
    assert_prints(&parsed, text);
    free(text);
    sweep_result_free(&result);
    sweep_result_free(&parsed);
}

/* ---- Malformed ---- */

#define PLOTS  "rehearse sweep 4\nplots cast 4 steps 50 faults all\n"
#define SEEDS  "seeds 0..9\n"
#define HEAD   PLOTS SEEDS "played 10 failed 1 events 9 trace 0f\n"
#define FAILED "failure 1 seed 2 cause x\n\ty\n"

static void assert_refused(const char *text, int expected)
{
    struct sweep_result result = { .runs = 1 };
    int line = 0;
    if (sweep_parse(text, &result, &line))
        fail_msg("this was taken:\n%s", text);
    if (line != expected)
        fail_msg("line %d was named, not %d, of:\n%s", line, expected, text);
    assert_int_equal(result.runs, 0);
    assert_null(result.failures);
    assert_null(result.actions.list);
}

static void the_smallest_result_is_read(void **state)
{
    (void)state;
    struct sweep_result result;
    int line = 0;
    assert_true(sweep_parse(HEAD FAILED, &result, &line));
    sweep_result_free(&result);
    assert_true(sweep_parse(HEAD "action 1 x\n" FAILED "check 1 x", &result, &line));
    sweep_result_free(&result);
}

static void the_head_must_be_whole(void **state)
{
    (void)state;
    assert_refused("", 1);
    assert_refused("\n", 1);
    assert_refused("rehearse sweep 1\n", 1); /* did not say of which seeds it was */
    assert_refused("rehearse sweep 2\n", 1); /* did not say which of them were played */
    assert_refused("rehearse sweep 4", 2);
    assert_refused("rehearse sweep 4\nplots cast 0 steps 50 faults all\n", 2);
    assert_refused("rehearse sweep 4\nplots cast -4 steps 50 faults all\n", 2);
    assert_refused("rehearse sweep 4\nplots cast 10001 steps 50 faults all\n", 2);
    assert_refused("rehearse sweep 4\nplots cast 4 steps 0 faults all\n", 2);
    assert_refused("rehearse sweep 4\nplots cast 4 steps 50 faults\n", 2);
    assert_refused("rehearse sweep 4\nplots cast 4 steps 50 faults fire\n", 2);
    assert_refused("rehearse sweep 4\nplots cast 4 faults all\n", 2);
    assert_refused(PLOTS, 3);
    assert_refused(PLOTS "played 1 failed 0 events 0 trace 0\n", 3);
    assert_refused(PLOTS "seeds 9..0\n", 3);
    assert_refused(PLOTS SEEDS, 4);
    assert_refused(PLOTS SEEDS "played 1\n", 4);
    assert_refused(PLOTS SEEDS "played 1 failed 2 events 0 trace 0\n", 4);
    assert_refused(PLOTS SEEDS "played 1 failed 0 events 0 trace g\n", 4);
    assert_refused(PLOTS SEEDS "played 1 failed 0 events 0 trace 0 \n", 4);
    assert_refused(PLOTS SEEDS "played 18446744073709551616 failed 0 events 0 trace 0\n", 4);
}

static void a_line_that_is_none_is_named(void **state)
{
    (void)state;
    assert_refused(HEAD FAILED "\n", 7);
    assert_refused(HEAD FAILED "rumour 3 x\n", 7);
    assert_refused(HEAD FAILED "action\n", 7);
    assert_refused(HEAD FAILED "action x\n", 7);
    assert_refused(HEAD FAILED "action 3\n", 7);
    assert_refused(HEAD FAILED "action 3 \n", 7);
    assert_refused(HEAD FAILED "action 0 x\n", 7);
    assert_refused(HEAD FAILED "action -3 x\n", 7);
    assert_refused(HEAD FAILED "action fault 3 x\n", 7);
    assert_refused(HEAD FAILED "check 18446744073709551616 x\n", 7);
    assert_refused(HEAD FAILED " fired 3 x\n", 7);
    assert_refused(HEAD "action 1 x\nfailure 1 seed x cause y\n\tz\n", 6);
    assert_refused(HEAD "failure 1 cause y\n\tz\n", 5);
    assert_refused(HEAD "failure 1 seed 2 cause \n\tz\n", 5);
    assert_refused(HEAD "failure 0 seed 2 cause y\n\tz\n", 5);
    assert_refused(HEAD "failure 2 seed 2 cause y\n\tz\n", 5); /* more than failed at all */
    assert_refused(HEAD "failure 1 seed 2 cause y\nz\n", 6);
    assert_refused(HEAD "failure 1 seed 2 cause y\n", 5);
}

/* So a file that was cut off is seen to be. */
static void failures_that_are_missing_are_missed(void **state)
{
    (void)state;
    assert_refused(HEAD, 5);
    assert_refused(HEAD "action 1 x\n", 6);
    assert_refused(HEAD FAILED FAILED, 7 + 1 + 1);
}

/* Seeds are either played or said not to be. */
static void seeds_that_are_not_accounted_for_are_missed(void **state)
{
    (void)state;
    assert_refused(PLOTS SEEDS "played 9 failed 0 events 9 trace 0f\n", 5);
    assert_refused(PLOTS SEEDS "played 11 failed 0 events 9 trace 0f\n", 5);
    assert_refused(PLOTS SEEDS "played 9 failed 0 events 9 trace 0f\nunplayed 3..4\n", 6);
    assert_refused(PLOTS SEEDS "played 9 failed 0 events 9 trace 0f\nunplayed 3..10\n", 5);
    assert_refused(PLOTS "seeds 0..9 parts 2 of 3\nplayed 10 failed 0 events 9 trace 0f\n", 5);
    struct sweep_result result;
    int line = 0;
    assert_true(
        sweep_parse(PLOTS SEEDS "played 9 failed 0 events 9 trace 0f\nunplayed 3..3\n", &result, &line));
    assert_int_equal(sweep_gaps_seeds(&result.gaps), 1);
    sweep_result_free(&result);
}

/* ---- Joining ---- */

/* A part of a sweep that the test makes up, another for each number. */
static struct sweep_result make_part(uint64_t part)
{
    static const char *const names[] = { "a", "b", "c", "d", "e" };
    struct sweep_result result = { .options = plot_options_default(),
                                   .runs = 100 + part,
                                   .events = 7 * part,
                                   .trace_sum = UINT64_MAX / (part + 1) };
    for (uint64_t i = 0; i < 5; i++) {
        const uint64_t drawn = (part * 31 + i * 17) % 11;
        sweep_count(&result.actions, names[(i + part) % 5], drawn);
        sweep_count(&result.faults, names[i], drawn / 3);
        sweep_count(&result.fired, names[i], drawn / 5);
        sweep_count(&result.checks, names[4 - i], 1000 * drawn);
        if (drawn > 4)
            sweep_fail(&result, 100 * part + drawn, names[(i * part) % 5], names[i]);
    }
    return result;
}

static char *joined(const unsigned *parts, size_t count)
{
    struct sweep_result all = { .options = plot_options_default() };
    for (size_t i = 0; i < count; i++) {
        struct sweep_result part = make_part(parts[i]);
        sweep_join(&all, &part);
        sweep_result_free(&part);
    }
    char *text = sweep_print(&all);
    sweep_result_free(&all);
    return text;
}

static void parts_may_be_joined_in_any_order(void **state)
{
    (void)state;
    static const unsigned orders[][4] = {
        { 1, 2, 3, 4 }, { 4, 3, 2, 1 }, { 2, 4, 1, 3 }, { 3, 1, 4, 2 }, { 1, 3, 2, 4 }
    };
    char *expected = joined(orders[0], 4);
    for (size_t i = 1; i < sizeof orders / sizeof orders[0]; i++) {
        char *got = joined(orders[i], 4);
        assert_string_equal(got, expected);
        free(got);
    }
    free(expected);
}

/* (1 + 2) + (3 + 4) is 1 + 2 + 3 + 4. */
static void joined_parts_may_be_joined(void **state)
{
    (void)state;
    struct sweep_result halves[2], part;
    for (uint64_t i = 0; i < 2; i++) {
        halves[i] = make_part(2 * i + 1);
        part = make_part(2 * i + 2);
        sweep_join(&halves[i], &part);
        sweep_result_free(&part);
    }
    sweep_join(&halves[0], &halves[1]);
    char *expected = joined((const unsigned[]){ 1, 2, 3, 4 }, 4);
    assert_prints(&halves[0], expected);
    free(expected);
    sweep_result_free(&halves[0]);
    sweep_result_free(&halves[1]);
}

static void to_join_adds_and_keeps_the_lowest_seed_of_a_cause(void **state)
{
    (void)state;
    struct sweep_result one = make_example(), other = { .runs = 10, .events = 5, .trace_sum = 1 };
    sweep_count(&other.actions, "asks", 2);
    sweep_count(&other.actions, "connects", 3);
    sweep_count(&other.fired, "a link breaks", 1);
    sweep_fail(&other, 3, "everybody-is-seen", "the third");
    sweep_join(&one, &other);
    assert_int_equal(one.runs, 910);
    assert_int_equal(one.failed, 4);
    assert_int_equal(one.events, 812350);
    assert_true(one.trace_sum == UINT64_C(0x0123456789abcdf0));
    assert_int_equal(sweep_counted(&one.actions, "asks"), 2);
    assert_int_equal(sweep_counted(&one.actions, "connects"), 20);
    assert_int_equal(sweep_counted(&one.fired, "a link breaks"), 3);
    assert_int_equal(one.failures->seed, 3);
    assert_int_equal(one.failures->count, 3);
    assert_string_equal(one.failures->summary, "the third");
    sweep_result_free(&one);
    sweep_result_free(&other);
}

static void nothing_joined_changes_nothing(void **state)
{
    (void)state;
    struct sweep_result result = make_example(), nothing = { 0 };
    sweep_join(&result, &nothing);
    assert_prints(&result, example);
    sweep_result_free(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_skipped_and_the_server_are_read_again),
        cmocka_unit_test(an_unknown_server_is_malformed),
        cmocka_unit_test(faults_are_named_and_read_again),
        cmocka_unit_test(faults_are_taken_in_any_order_and_more_than_once),
        cmocka_unit_test(faults_that_there_are_not_are_refused),
        cmocka_unit_test(names_are_counted_once_each_in_their_order),
        cmocka_unit_test(failures_of_one_check_are_one_cause),
        cmocka_unit_test(causes_come_by_their_lowest_seeds),
        cmocka_unit_test(sentences_that_differ_in_names_and_numbers_are_one_cause),
        cmocka_unit_test(crashes_have_different_causes_and_time_limits_have_one),
        cmocka_unit_test(a_failure_keeps_the_first_line),
        cmocka_unit_test(a_result_is_written_as_it_says),
        cmocka_unit_test(what_was_written_is_read_and_written_the_same),
        cmocka_unit_test(the_largest_numbers_are_read_again),
        cmocka_unit_test(the_smallest_result_is_read),
        cmocka_unit_test(the_head_must_be_whole),
        cmocka_unit_test(a_line_that_is_none_is_named),
        cmocka_unit_test(failures_that_are_missing_are_missed),
        cmocka_unit_test(seeds_that_are_not_accounted_for_are_missed),
        cmocka_unit_test(parts_may_be_joined_in_any_order),
        cmocka_unit_test(joined_parts_may_be_joined),
        cmocka_unit_test(to_join_adds_and_keeps_the_lowest_seed_of_a_cause),
        cmocka_unit_test(nothing_joined_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
