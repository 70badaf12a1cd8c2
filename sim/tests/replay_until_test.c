#include "../verbs/replay_until.h"
#include "player_rig.h"

static void is_moment(const char *text, enum player_until what, uint64_t number)
{
    struct replay_until until;
    assert_true(replay_until_parse(&until, text));
    assert_int_equal(until.moment.what, what);
    assert_true(until.moment.number == number);
}

static void is_none(const char *text)
{
    struct replay_until until;
    assert_false(replay_until_parse(&until, text));
}

static void a_number_alone_is_a_line_of_the_trace(void **state)
{
    (void)state;
    is_moment("45", PLAYER_UNTIL_LINE, 45);
    is_moment("18446744073709551615", PLAYER_UNTIL_LINE, UINT64_MAX);
    is_none("0");
    is_none("18446744073709551616");
    is_none("-1");
    is_none("");
}

static void a_point_or_a_unit_makes_it_a_time(void **state)
{
    (void)state;
    is_moment("0.031000000", PLAYER_UNTIL_TIME, 31 * SIM_MILLISECOND);
    is_moment("0.0", PLAYER_UNTIL_TIME, 0);
    is_moment("12.5", PLAYER_UNTIL_TIME, 12500 * SIM_MILLISECOND);
    is_moment("0.000000001", PLAYER_UNTIL_TIME, 1);
    is_moment("31ms", PLAYER_UNTIL_TIME, 31 * SIM_MILLISECOND);
    is_moment("0.5ms", PLAYER_UNTIL_TIME, 500 * SIM_MICROSECOND);
    is_moment("0s", PLAYER_UNTIL_TIME, 0);
    is_moment("5s", PLAYER_UNTIL_TIME, 5 * SIM_SECOND);
    is_moment("1.5m", PLAYER_UNTIL_TIME, 90 * SIM_SECOND);
    is_moment("2h", PLAYER_UNTIL_TIME, 7200 * SIM_SECOND);
}

static void a_malformed_time_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = { "5.",
                                         ".5",
                                         "5 s",
                                         "5d",
                                         "s",
                                         "5ss",
                                         "1.2.3",
                                         "ms",
                                         "0x5s",
                                         "-5s",
                                         "5.s",
                                         "99999999999999h",
                                         "1234567890123456s" };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        is_none(texts[i]);
}

static void a_colon_makes_it_a_step(void **state)
{
    (void)state;
    struct replay_until until;
    is_moment(":33", PLAYER_UNTIL_STEP, 33);
    is_moment("a:b.scs:12", PLAYER_UNTIL_STEP, 12);
    assert_true(replay_until_parse(&until, "x.scs:1") && strcmp(until.file, "x.scs:1") == 0);
    assert_true(replay_until_parse(&until, ":1") && until.file == NULL);
    is_none(":");
    is_none(":0");
    is_none("x.scs:");
    is_none("x.scs:a");
    is_none(":2147483648");
}

#define STEPS                                                                                                \
    CAST "Romeo connects\nRomeo sends:\n\t<presence/>\nAt the same time:\n\tRomeo disconnects\n\tJuliet "    \
         "connects\n"

static void fits(const char *text, const char *complaint)
{
    char *said = NULL;
    size_t size = 0;
    struct replay_until until;
    struct scenario *scenario = read_scenario(STEPS);
    FILE *errors = open_memstream(&said, &size);
    assert_non_null(errors);
    assert_true(replay_until_parse(&until, text));
    assert_true(replay_until_fits(&until, scenario, errors) == (*complaint == '\0'));
    fclose(errors);
    assert_string_equal(said, complaint);
    free(said);
    scenario_free(scenario);
}

/* The steps begin in the lines 8, 9, 11, 12 and 13. */
static void a_step_must_begin_in_the_line(void **state)
{
    (void)state;
    fits("1000", "");
    fits("1000s", "");
    fits(":8", "");
    fits("test.scs:11", "");
    fits(":13", "");
    fits(":1", "rehearse replay: no step begins in line 1 of test.scs\n");
    fits(":10", "rehearse replay: no step begins in line 10 of test.scs; the last before it is in line 9\n");
    fits(":99", "rehearse replay: no step begins in line 99 of test.scs; the last before it is in line 13\n");
    fits("est.scs:8", "rehearse replay: --until names est.scs, and test.scs is run\n");
    fits("other.scs:8", "rehearse replay: --until names other.scs, and test.scs is run\n");
}

static void tells(const char *text, struct player_result result, const char *expected)
{
    char *said = NULL;
    size_t size = 0;
    struct replay_until until = { .file = NULL };
    FILE *out = open_memstream(&said, &size);
    assert_non_null(out);
    assert_true(text == NULL || replay_until_parse(&until, text));
    replay_until_tell(out, &until, &result);
    fclose(out);
    assert_string_equal(said, expected);
    free(said);
}

static void a_moment_not_reached_is_reported_with_the_last_one_reached(void **state)
{
    (void)state;
    struct player_result ended = {
        .passed = true, .lines = 49, .virtual_time = 32 * SIM_MILLISECOND, .begun = 12
    };
    struct player_result failed = ended;
    struct player_result stopped = ended;
    struct player_result empty = { .passed = false };
    failed.passed = false;
    stopped.halted = true;
    tells("50", ended,
          "the run ended before line 50 of its trace: the last is line 49, and its time 0.032000000 s\n");
    tells("50", failed,
          "the run failed before line 50 of its trace: the last is line 49, and its time 0.032000000 s\n");
    tells("5s", ended,
          "the run ended before 5.000000000 s: the last is line 49, and its time 0.032000000 s\n");
    tells(":13", ended,
          "the run ended before the step in line 13 began: the last that began is in line 12\n");
    tells(":13", empty, "the run failed before the step in line 13 began: none did\n");
    tells("40", stopped, "");
    tells(NULL, ended, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_alone_is_a_line_of_the_trace),
        cmocka_unit_test(a_point_or_a_unit_makes_it_a_time),
        cmocka_unit_test(a_malformed_time_is_refused),
        cmocka_unit_test(a_colon_makes_it_a_step),
        cmocka_unit_test(a_step_must_begin_in_the_line),
        cmocka_unit_test(a_moment_not_reached_is_reported_with_the_last_one_reached),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
