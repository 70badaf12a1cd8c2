#include "../shrink/finding.h"

#include "../shrink/deviations.h"
#include "reproduction_rig.h"

static const struct finding of_a_scenario = { .what = "scenario" };

static void the_file_names_the_check_and_fails_when_it_is_run(void **state)
{
    (void)state;
    struct reproduction reproduction = { .kind = &liar_open };
    struct scenario *scenario = read_scenario(COMES_IN);
    lie = loses_presence;
    assert_true(reproduction_begin(&reproduction, scenario));
    char *file = finding_write(scenario, &(struct finding){ .what = "plot" }, &reproduction);
    static const char expected[] = "# A plot that fails everybody-is-seen\n## checks only\n"
                                   "# The check everybody-is-seen does not hold: Juliet does not see "
                                   "juliet@localhost/balcony online, although it\n# is. The";
    assert_memory_equal(file, expected, sizeof expected - 1);
    assert_null(strstr(file, "Seen"));
    assert_int_equal(finding_lines(file), 4);
    assert_true(finding_fails("test.scs", file, &reproduction));
    lie = (struct lie){ .to = 0 };
    assert_false(finding_fails("test.scs", file, &reproduction));
    assert_false(finding_fails("test.scs", "no scenario", &reproduction));
    free(file);
    scenario_free(scenario);
    reproduction_free(&reproduction);
}

static void the_file_says_where_it_comes_from(void **state)
{
    (void)state;
    struct reproduction reproduction = { .kind = &liar_open };
    const struct finding finding = { "plot", "a sweep", "found by seed 17" };
    struct scenario *scenario = read_scenario(COMES_IN);
    lie = loses_presence;
    assert_true(reproduction_begin(&reproduction, scenario));
    char *file = finding_write(scenario, &finding, &reproduction);
    static const char expected[] =
        "# A plot that fails everybody-is-seen\n## checks only\n## found by: a sweep\n"
        "# Found by seed 17: the check everybody-is-seen does not hold: Juliet";
    assert_memory_equal(file, expected, sizeof expected - 1);
    char *again = finding_write(scenario, &finding, &reproduction);
    assert_string_equal(again, file); /* the tag is there once */
    lie = (struct lie){ .to = 0 };
    free(again);
    free(file);
    scenario_free(scenario);
    reproduction_free(&reproduction);
}

static void a_failed_step_is_told_in_the_comment_behind_the_origin(void **state)
{
    (void)state;
    struct reproduction reproduction = { .chance = { .policy = CHOICE_SCRIPTED } };
    struct scenario *scenario = read_scenario(CAST "Romeo is connected\n");
    assert_true(reproduction_begin(&reproduction, scenario));
    char *file = finding_write(scenario, &(struct finding){ "scenario", NULL, "found here" }, &reproduction);
    assert_non_null(strstr(file, "\n# Found here: "));
    assert_non_null(strstr(strstr(file, "\n# Found here: "), reproduction.summary));
    char *without = finding_write(scenario, &of_a_scenario, &reproduction);
    assert_null(strstr(without + 1, "\n# "));
    free(without);
    free(file);
    scenario_free(scenario);
    reproduction_free(&reproduction);
}

static void the_file_says_how_chance_must_fall(void **state)
{
    (void)state;
    struct reproduction reproduction = { .chance = { .policy = CHOICE_SEEDED, .seed = find_seed(RACE) } };
    struct scenario *scenario = read_scenario(RACE);
    assert_true(reproduction_begin(&reproduction, scenario));
    char *seeded = finding_write(scenario, &of_a_scenario, &reproduction);
    assert_non_null(strstr(seeded, "\n## seed: "));
    assert_true(finding_fails("test.scs", seeded, &reproduction));
    scenario_free(scenario);
    scenario = read_scenario(RACE);
    deviations_find(&reproduction, scenario);
    char *recorded = finding_write(scenario, &of_a_scenario, &reproduction);
    assert_non_null(strstr(recorded, "\n## choices: "));
    assert_true(finding_fails("test.scs", recorded, &reproduction));
    free(seeded);
    free(recorded);
    scenario_free(scenario);
    reproduction_free(&reproduction);
}

static void lines_of_steps_are_those_below_the_rule_that_say_something(void **state)
{
    (void)state;
    assert_int_equal(finding_lines(""), 0);
    assert_int_equal(finding_lines("[Client] A\n\tjid: a@b\n"), 0);
    assert_int_equal(finding_lines("[Client] A\n--\n---\nA connects\n\n\t \nA sends:\n\t<presence/>"), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_file_names_the_check_and_fails_when_it_is_run),
        cmocka_unit_test(the_file_says_where_it_comes_from),
        cmocka_unit_test(a_failed_step_is_told_in_the_comment_behind_the_origin),
        cmocka_unit_test(the_file_says_how_chance_must_fall),
        cmocka_unit_test(lines_of_steps_are_those_below_the_rule_that_say_something),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
