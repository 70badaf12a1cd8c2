#include "../text.h"
#include "../tool/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* --- a verb to parse for --- */

struct settings {
    uint64_t count;
    int loud;
};

static const char *take_count(void *settings, const char *value)
{
    return text_read_number(value, 9, &((struct settings *)settings)->count) ? NULL : "a number up to 9";
}

static const char *take_loud(void *settings, const char *value)
{
    assert_null(value);
    ((struct settings *)settings)->loud++;
    return NULL;
}

static const struct option options[] = {
    { "count", "N", "how many", take_count },
    { "loud", NULL, "with noise", take_loud },
    { "jobs", "N", "at once", take_count },
    { "verbose", NULL, "at length", take_loud },
};

static const struct verb verb = {
    .name = "run",
    .arguments = "[OPTION...]",
    .summary = "Runs.",
    .about = "At length.\n",
    .options = options,
    .option_count = 4,
};

struct outcome {
    bool good;
    struct settings settings;
    const char *operands[8];
    size_t operand_count;
    char said[256];
};

static struct outcome parse(int count, char **arguments)
{
    struct outcome outcome = { 0 };
    FILE *errors = fmemopen(outcome.said, sizeof outcome.said, "w");
    assert_non_null(errors);
    outcome.good = options_parse(&verb, &outcome.settings, count, arguments, outcome.operands,
                                 &outcome.operand_count, errors);
    fclose(errors);
    return outcome;
}

#define PARSE(...) parse((int)(sizeof((char *[]){ __VA_ARGS__ }) / sizeof(char *)), (char *[]){ __VA_ARGS__ })

static void a_value_follows_as_an_argument_or_after_an_equals_sign(void **state)
{
    (void)state;
    struct outcome outcome = PARSE("--count", "3");
    assert_true(outcome.good);
    assert_int_equal(outcome.settings.count, 3);
    outcome = PARSE("--count=4");
    assert_true(outcome.good);
    assert_int_equal(outcome.settings.count, 4);
}

static void operands_stand_anywhere_and_keep_their_order(void **state)
{
    (void)state;
    struct outcome outcome = PARSE("one", "--loud", "two", "--count", "1", "-");
    assert_true(outcome.good);
    assert_int_equal(outcome.settings.loud, 1);
    assert_int_equal(outcome.operand_count, 3);
    assert_string_equal(outcome.operands[0], "one");
    assert_string_equal(outcome.operands[1], "two");
    assert_string_equal(outcome.operands[2], "-");
}

static void two_dashes_end_the_options(void **state)
{
    (void)state;
    struct outcome outcome = PARSE("--", "--loud", "--");
    assert_true(outcome.good);
    assert_int_equal(outcome.settings.loud, 0);
    assert_int_equal(outcome.operand_count, 2);
    assert_string_equal(outcome.operands[0], "--loud");
}

static void the_last_of_two_values_counts(void **state)
{
    (void)state;
    assert_int_equal(PARSE("--count", "1", "--count", "2").settings.count, 2);
}

static void an_unknown_option_is_refused_with_the_likeliest(void **state)
{
    (void)state;
    struct outcome outcome = PARSE("--cuont=3");
    assert_false(outcome.good);
    assert_string_equal(outcome.said, "rehearse run: unknown option --cuont; did you mean --count?\n");
    outcome = PARSE("--zzz");
    assert_false(outcome.good);
    assert_string_equal(outcome.said, "rehearse run: unknown option --zzz; `rehearse help run` lists them\n");
    assert_false(PARSE("-l").good);
    assert_false(PARSE("--lou").good);
}

static void a_short_option_is_an_option_of_the_verb(void **state)
{
    (void)state;
    struct outcome outcome = PARSE("-v", "-j", "3", "one");
    assert_true(outcome.good);
    assert_int_equal(outcome.settings.count, 3);
    assert_int_equal(outcome.settings.loud, 1);
    assert_int_equal(outcome.operand_count, 1);
    assert_string_equal(PARSE("-k", "x").said,
                        "rehearse run: unknown option -k; `rehearse help run` lists them\n");
    assert_string_equal(PARSE("-vv").said,
                        "rehearse run: unknown option -vv; `rehearse help run` lists them\n");
    assert_string_equal(PARSE("-j").said, "rehearse run: --jobs needs a value: --jobs N\n");
}

static void a_missing_value_is_refused(void **state)
{
    (void)state;
    struct outcome outcome = PARSE("--count");
    assert_false(outcome.good);
    assert_string_equal(outcome.said, "rehearse run: --count needs a value: --count N\n");
}

static void a_value_for_a_switch_is_refused(void **state)
{
    (void)state;
    struct outcome outcome = PARSE("--loud=1");
    assert_false(outcome.good);
    assert_string_equal(outcome.said, "rehearse run: --loud takes no value\n");
}

static void a_wrong_value_is_refused_with_what_was_expected(void **state)
{
    (void)state;
    struct outcome outcome = PARSE("--count", "10");
    assert_false(outcome.good);
    assert_string_equal(outcome.said, "rehearse run: --count: expected a number up to 9, got '10'\n");
}

static void a_number_is_digits_alone_up_to_its_limit(void **state)
{
    (void)state;
    uint64_t number = 0;
    assert_true(text_read_number("0", 0, &number));
    assert_int_equal(number, 0);
    assert_true(text_read_number("18446744073709551615", UINT64_MAX, &number));
    assert_true(number == UINT64_MAX);
    assert_false(text_read_number("18446744073709551616", UINT64_MAX, &number));
    assert_false(text_read_number("99999999999999999999", UINT64_MAX, &number));
    assert_false(text_read_number("8", 7, &number));
    static const char *const wrong[] = { "", " 1", "1 ", "+1", "-1", "0x1", "1.0", "one" };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(text_read_number(wrong[i], UINT64_MAX, &number));
}

/* Distances after Levenshtein: run and ran 1, rnu 2; seed and sed 1; seed and need 1. */
static void a_span_is_a_number_and_a_unit(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t milliseconds;
    } good[] = {
        { "90", 90000 },   { "200ms", 200 },  { "1s", 1000 },
        { "10m", 600000 }, { "2h", 7200000 }, { "999999h", 3599996400000 },
    };
    static const char *const bad[] = { "",    "0",    "0s",      "s",    "10d", "10 m",
                                       "-1s", "1.5s", "1000000", "10mm", "0ms", "10sm" };
    uint64_t span = 0;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(options_span(good[i].text, &span));
        assert_int_equal(span, good[i].milliseconds * 1000000);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(options_span(bad[i], &span));
}

static void the_likeliest_name_is_the_nearest(void **state)
{
    (void)state;
    static const char *const names[] = { "run", "lint", "seed", "need" };
    assert_string_equal(options_likeliest("ran", 3, names, 4), "run");
    assert_string_equal(options_likeliest("rnu", 3, names, 4), "run");
    assert_string_equal(options_likeliest("line=4", 4, names, 4), "lint");
    assert_string_equal(options_likeliest("sed", 3, names, 4), "seed");
    assert_string_equal(options_likeliest("weed", 4, names, 4), "seed");
    assert_null(options_likeliest("replay", 6, names, 4));
    assert_null(options_likeliest("r", 1, names, 4));
    assert_null(options_likeliest("", 0, names, 4));
}

static void a_very_long_word_is_like_nothing(void **state)
{
    (void)state;
    static const char *const names[] = { "run" };
    char word[1000];
    memset(word, 'r', sizeof word);
    assert_null(options_likeliest(word, sizeof word, names, 1));
}

static void help_lists_every_option_and_its_value(void **state)
{
    (void)state;
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    options_help(&verb, out, 80);
    fclose(out);
    assert_non_null(strstr(text, "rehearse run [OPTION...]\nRuns.\n\nAt length.\n\nOptions:\n"));
    assert_non_null(strstr(text, "  --count N"));
    assert_non_null(strstr(text, "  -j, --jobs N"));
    assert_non_null(strstr(text, "with noise"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_follows_as_an_argument_or_after_an_equals_sign),
        cmocka_unit_test(operands_stand_anywhere_and_keep_their_order),
        cmocka_unit_test(two_dashes_end_the_options),
        cmocka_unit_test(the_last_of_two_values_counts),
        cmocka_unit_test(an_unknown_option_is_refused_with_the_likeliest),
        cmocka_unit_test(a_short_option_is_an_option_of_the_verb),
        cmocka_unit_test(a_missing_value_is_refused),
        cmocka_unit_test(a_value_for_a_switch_is_refused),
        cmocka_unit_test(a_wrong_value_is_refused_with_what_was_expected),
        cmocka_unit_test(a_number_is_digits_alone_up_to_its_limit),
        cmocka_unit_test(a_span_is_a_number_and_a_unit),
        cmocka_unit_test(the_likeliest_name_is_the_nearest),
        cmocka_unit_test(a_very_long_word_is_like_nothing),
        cmocka_unit_test(help_lists_every_option_and_its_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
