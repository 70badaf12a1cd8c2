#include "../player/verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct player_result failure(const char *summary, const char *explanation)
{
    return (struct player_result){ .line = 7,
                                   .check = "one",
                                   .trace_hash = 42,
                                   .summary = strdup(summary),
                                   .explanation = strdup(explanation) };
}

static void discard(struct player_result *result)
{
    free(result->summary);
    free(result->explanation);
}

static void without_the_tag_a_result_stays(void **state)
{
    (void)state;
    const struct scenario scenario = { .fails = NULL };
    struct player_result passed = { .passed = true };
    verdict_apply(&scenario, &passed);
    assert_true(passed.passed);
    struct player_result failed = failure("no stanza came", "no stanza came\n");
    verdict_apply(&scenario, &failed);
    assert_false(failed.passed);
    assert_string_equal(failed.summary, "no stanza came");
    discard(&failed);
}

static void the_failure_that_was_expected_is_a_pass(void **state)
{
    (void)state;
    const struct scenario scenario = { .fails = "stanza came" };
    struct player_result in_summary = failure("no stanza came", "");
    verdict_apply(&scenario, &in_summary);
    assert_true(in_summary.passed);
    assert_null(in_summary.summary);
    assert_null(in_summary.explanation);
    assert_null(in_summary.check);
    assert_int_equal(in_summary.line, 0);
    assert_int_equal(in_summary.trace_hash, 42);

    struct player_result in_explanation = failure("failed", "line 7\nno stanza came\n");
    verdict_apply(&scenario, &in_explanation);
    assert_true(in_explanation.passed);
}

static void a_line_that_was_wrapped_says_the_same(void **state)
{
    (void)state;
    const struct scenario scenario = { .fails = "no stanza  came" };
    struct player_result wrapped = failure("failed", "line 7\nno no\n    stanza\n    came\n");
    verdict_apply(&scenario, &wrapped);
    assert_true(wrapped.passed);

    struct player_result cut = failure("failed", "no stan\nza came");
    verdict_apply(&scenario, &cut);
    assert_false(cut.passed);
    discard(&cut);
}

static void another_failure_fails_and_keeps_its_explanation(void **state)
{
    (void)state;
    const struct scenario scenario = { .fails = "the moon" };
    struct player_result result = failure("no stanza came", "line 7\nno stanza came\n");
    verdict_apply(&scenario, &result);
    assert_false(result.passed);
    assert_string_equal(result.summary,
                        "failed, but the failure does not contain \"the moon\", which its tag requires");
    assert_non_null(strstr(result.explanation, result.summary));
    assert_non_null(strstr(result.explanation, "line 7\nno stanza came\n"));
    assert_int_equal(result.line, 7);
    discard(&result);
}

static void a_pass_fails(void **state)
{
    (void)state;
    const struct scenario scenario = { .fails = "the moon" };
    struct player_result result = { .passed = true };
    verdict_apply(&scenario, &result);
    assert_false(result.passed);
    assert_string_equal(result.summary, "passed, but its tag says that it must fail with \"the moon\"");
    assert_string_equal(result.explanation, "passed, but its tag says that it must fail with \"the moon\"\n");
    discard(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_the_tag_a_result_stays),
        cmocka_unit_test(the_failure_that_was_expected_is_a_pass),
        cmocka_unit_test(a_line_that_was_wrapped_says_the_same),
        cmocka_unit_test(another_failure_fails_and_keeps_its_explanation),
        cmocka_unit_test(a_pass_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
