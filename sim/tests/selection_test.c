#include "../tool/selection.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ## slow, ## status: stable and draft, ## rfc: 6121 4.2.2 */
static struct tag rfc = { .name = "rfc", .value = "6121 4.2.2" };
static struct tag status = { .next = &rfc, .name = "status", .value = "stable" };
static struct tag slow = { .next = &status, .name = "slow", .value = "" };
static const struct scenario tagged = { .tags = &slow };
static const struct scenario untagged = { .tags = NULL };

static bool runs(const char *only, const char *skip, const struct scenario *scenario)
{
    struct selection selection = { 0 };
    if (only != NULL)
        assert_true(selection_add(&selection.only, only));
    if (skip != NULL)
        assert_true(selection_add(&selection.skip, skip));
    bool run = selection_skips(&selection, scenario) == NULL;
    selection_free(&selection);
    return run;
}

static void without_lists_everything_is_run(void **state)
{
    (void)state;
    assert_true(runs(NULL, NULL, &tagged));
    assert_true(runs(NULL, NULL, &untagged));
}

static void a_tag_matches_by_its_name(void **state)
{
    (void)state;
    assert_true(runs("slow", NULL, &tagged));
    assert_true(runs("status", NULL, &tagged));
    assert_false(runs("slo", NULL, &tagged));
    assert_false(runs("slower", NULL, &tagged));
    assert_false(runs("stable", NULL, &tagged));
    assert_false(runs("slow", NULL, &untagged));
}

static void a_tag_matches_by_its_name_and_value(void **state)
{
    (void)state;
    assert_true(runs("status: stable", NULL, &tagged));
    assert_true(runs("status:stable", NULL, &tagged));
    assert_true(runs("rfc: 6121 4.2.2", NULL, &tagged));
    assert_false(runs("rfc: 6121", NULL, &tagged));
    assert_false(runs("status: stab", NULL, &tagged));
    assert_false(runs("status: stables", NULL, &tagged));
    assert_false(runs("status: ", NULL, &tagged));
    assert_false(runs("slow: stable", NULL, &tagged));
}

static void one_word_of_a_list_is_enough(void **state)
{
    (void)state;
    assert_true(runs("other,slow", NULL, &tagged));
    assert_true(runs(" other , status: stable , third", NULL, &tagged));
    assert_false(runs("other,another", NULL, &tagged));
    assert_false(runs("other,", NULL, &tagged));
}

static void what_is_skipped_is_skipped_even_when_selected(void **state)
{
    (void)state;
    assert_false(runs("slow", "status", &tagged));
    assert_false(runs(NULL, "status: stable", &tagged));
    assert_true(runs(NULL, "status: draft", &tagged));
    assert_true(runs(NULL, "slow", &untagged));
}

static void lists_given_twice_add_up(void **state)
{
    (void)state;
    struct selection selection = { 0 };
    assert_true(selection_add(&selection.only, "other"));
    assert_non_null(selection_skips(&selection, &tagged));
    assert_true(selection_add(&selection.only, "slow"));
    assert_null(selection_skips(&selection, &tagged));
    selection_free(&selection);
    assert_null(selection.only);
}

static void a_list_without_a_word_is_refused(void **state)
{
    (void)state;
    char *list = NULL;
    assert_false(selection_add(&list, ""));
    assert_false(selection_add(&list, " , "));
    assert_null(list);
}

/* ---- Levels ---- */

static bool runs_at(const char *levels, enum scenario_level level)
{
    const struct scenario scenario = { .level = level };
    struct selection selection = { 0 };
    assert_null(selection_take_level(&selection, levels));
    const bool run = selection_skips(&selection, &scenario) == NULL;
    selection_free(&selection);
    return run;
}

static void a_level_selects_its_scenarios(void **state)
{
    (void)state;
    for (enum scenario_level level = LEVEL_MUST; level < LEVEL_COUNT; level++) {
        assert_int_equal(runs_at("must", level), level == LEVEL_MUST);
        assert_int_equal(runs_at("should", level), level == LEVEL_SHOULD);
        assert_int_equal(runs_at("may", level), level == LEVEL_MAY);
        assert_int_equal(runs_at("ours", level), level == LEVEL_OURS);
        assert_int_equal(runs_at("must, may", level), level == LEVEL_MUST || level == LEVEL_MAY);
        assert_true(runs_at("must,should,may,ours", level));
    }
}

static void a_scenario_without_a_level_is_ours(void **state)
{
    (void)state;
    assert_true(runs_at("ours", LEVEL_UNSTATED));
    assert_false(runs_at("must,should,may", LEVEL_UNSTATED));
}

static void an_unknown_level_is_refused_and_selects_nothing(void **state)
{
    (void)state;
    struct selection selection = { 0 };
    assert_string_equal(selection_take_level(&selection, "shall"),
                        "must, should, may or ours, or several with commas");
    assert_non_null(selection_take_level(&selection, ""));
    assert_non_null(selection_take_level(&selection, "must,"));
    assert_non_null(selection_take_level(&selection, "must,shall"));
    assert_int_equal(selection.levels, 0);
    assert_null(selection_take_level(&selection, "must"));
    assert_null(selection_take_level(&selection, "may"));
    assert_int_equal(selection.levels, 1U << LEVEL_MUST | 1U << LEVEL_MAY);
    selection_free(&selection);
    assert_int_equal(selection.levels, 0);
}

/* ---- Selections applied to a suite ---- */

static char said[256];

/* How many of the two scenarios are left, -1 for a refusal. */
static int applied(const char *only, const char *skip, const char *title)
{
    struct scenario one = { .path = "one.scs", .name = "one.scs", .title = "Romeo waits", .tags = &slow };
    struct scenario two = { .path = "two.scs", .name = "two.scs", .title = "Juliet waits" };
    struct selection selection = { 0 };
    struct suite suite = { 0 };
    suite.scenarios = calloc(2, sizeof(struct scenario *));
    assert_non_null(suite.scenarios);
    suite.count = 2;
    for (size_t i = 0; i < 2; i++) {
        suite.scenarios[i] = calloc(1, sizeof(struct scenario));
        assert_non_null(suite.scenarios[i]);
        *suite.scenarios[i] = i == 0 ? one : two;
        suite.scenarios[i]->users = 1;
    }
    if (only != NULL)
        assert_null(selection_take_only(&selection, only));
    if (skip != NULL)
        assert_null(selection_take_skip(&selection, skip));
    if (title != NULL)
        assert_null(selection_take_title(&selection, title));
    memset(said, 0, sizeof said);
    FILE *errors = fmemopen(said, sizeof said, "w");
    assert_non_null(errors);
    const int left = selection_apply(&selection, &suite, errors) ? (int)suite.count : -1;
    fclose(errors);
    suite_free(&suite);
    selection_free(&selection);
    return left;
}

static void what_the_title_leaves_out_is_taken_out_and_what_the_tags_do_is_skipped(void **state)
{
    (void)state;
    assert_int_equal(applied(NULL, NULL, "ROMEO"), 1);
    assert_int_equal(applied("slow", NULL, NULL), 2);
    assert_int_equal(applied(NULL, "slow", "waits"), 2);
    assert_string_equal(said, "");
}

static void an_unknown_tag_is_reported_with_a_suggestion(void **state)
{
    (void)state;
    assert_int_equal(applied("slow,stats", NULL, NULL), 2);
    assert_string_equal(said, "rehearse: no scenario has the tag stats; did you mean status?\n");
    assert_int_equal(applied(NULL, "status: stabel", NULL), 2);
    assert_string_equal(said,
                        "rehearse: no scenario has the tag status: stabel; did you mean status: stable?\n");
    assert_int_equal(applied("slwo", NULL, NULL), -1);
    assert_string_equal(said, "rehearse: no scenario has the tag slwo; did you mean slow?\n");
}

static void nothing_left_is_refused(void **state)
{
    (void)state;
    assert_int_equal(applied("slow", "status", NULL), -1);
    assert_string_equal(
        said, "rehearse: nothing is left to run: --only-tags and --skip-tags exclude 2 of 2 cases\n");
    assert_int_equal(applied(NULL, "slow", "romeo"), -1);
    assert_string_equal(said, "rehearse: nothing is left to run: --skip-tags excludes 1 of 1 cases\n");
    assert_int_equal(applied(NULL, "slow,other", "romeo"), -1);
    assert_string_equal(said, "rehearse: no scenario has the tag other\n"
                              "rehearse: nothing is left to run: --skip-tags excludes 1 of 1 cases\n");
    assert_int_equal(applied(NULL, NULL, "romeo wayts"), -1);
    assert_string_equal(said, "rehearse: no title or path has \"romeo wayts\"; the nearest:\n"
                              "  Romeo waits  one.scs\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_lists_everything_is_run),
        cmocka_unit_test(a_tag_matches_by_its_name),
        cmocka_unit_test(a_tag_matches_by_its_name_and_value),
        cmocka_unit_test(one_word_of_a_list_is_enough),
        cmocka_unit_test(what_is_skipped_is_skipped_even_when_selected),
        cmocka_unit_test(lists_given_twice_add_up),
        cmocka_unit_test(a_list_without_a_word_is_refused),
        cmocka_unit_test(a_level_selects_its_scenarios),
        cmocka_unit_test(a_scenario_without_a_level_is_ours),
        cmocka_unit_test(an_unknown_level_is_refused_and_selects_nothing),
        cmocka_unit_test(what_the_title_leaves_out_is_taken_out_and_what_the_tags_do_is_skipped),
        cmocka_unit_test(an_unknown_tag_is_reported_with_a_suggestion),
        cmocka_unit_test(nothing_left_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
