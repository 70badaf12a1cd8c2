#include "../shrink/finding.h"

#include "../shrink/deviations.h"
#include "reproduction_rig.h"

static void the_file_names_the_check_and_fails_when_it_is_run(void **state)
{
    (void)state;
    struct reproduction reproduction = { .kind = &liar_open };
    struct scenario *scenario = read_scenario(COMES_IN);
    lie = loses_presence;
    assert_true(reproduction_begin(&reproduction, scenario));
    char *file = finding_write(scenario, "plot", &reproduction);
    static const char expected[] = "# A plot that fails everybody-is-seen\n## checks only\n"
                                   "# The check everybody-is-seen does not hold: Juliet does not see "
                                   "juliet@localhost/balcony online, although it\n# is. It";
    assert_memory_equal(file, expected, sizeof expected - 1);
    assert_null(strstr(file, "of the trace"));
    assert_int_equal(finding_lines(file), 4);
    assert_true(finding_fails("test.scs", file, &reproduction));
    lie = (struct lie){ .to = 0 };
    assert_false(finding_fails("test.scs", file, &reproduction));
    assert_false(finding_fails("test.scs", "no scenario", &reproduction));
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
    char *seeded = finding_write(scenario, "scenario", &reproduction);
    assert_non_null(strstr(seeded, "\n## seed: "));
    assert_true(finding_fails("test.scs", seeded, &reproduction));
    scenario_free(scenario);
    scenario = read_scenario(RACE);
    deviations_find(&reproduction, scenario);
    char *recorded = finding_write(scenario, "scenario", &reproduction);
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
        cmocka_unit_test(the_file_says_how_chance_must_fall),
        cmocka_unit_test(lines_of_steps_are_those_below_the_rule_that_say_something),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
