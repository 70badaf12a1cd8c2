#include "../shrink/deviations.h"

#include "../../core/tests/shallow.h"
#include "reproduction_rig.h"

static void a_race_comes_down_to_one_choice(void **state)
{
    (void)state;
    struct reproduction reproduction = { .chance = { .policy = CHOICE_SEEDED, .seed = find_seed(RACE) } };
    struct scenario *scenario = read_scenario(RACE);
    assert_true(reproduction_begin(&reproduction, scenario));
    deviations_find(&reproduction, scenario);
    assert_int_equal(reproduction.chance.policy, CHOICE_RECORDED);
    assert_int_equal(deviations_count(&reproduction.chance.recording), 1);
    char *line = recording_print(&reproduction.chance.recording);
    assert_non_null(strstr(line, ":steps 1/2"));
    free(line);
    scenario_free(scenario);
    reproduction_free(&reproduction);
}

/* Romeo's message precedes Juliet's in the default schedule; it fails if that happens both times. */
#define WHO_IS_FIRST(x)                                                                                      \
    "At the same time:\n\t" SENDS("Romeo", "juliet@localhost/balcony", "one") "\t" SENDS(                    \
        "Juliet", "juliet@localhost/balcony",                                                                \
        "two") "Juliet receives:\n\t<message><body>{scansion:capture:" x                                     \
               "}</body></message>\n\t<message/>\n"
#define TWO_RACES                                                                                            \
    CAST "Romeo connects\nJuliet connects\n" WHO_IS_FIRST("x") WHO_IS_FIRST(                                 \
        "y") "Romeo sends:\n\t<message to='romeo@localhost/orchard'><body>${x} ${y}</body></message>\n"      \
             "Romeo has not received:\n\t<message><body>two two</body></message>\n"

static void two_choices_are_found_where_one_is_not_enough(void **state)
{
    (void)state;
    LONG_TEST();
    struct reproduction reproduction = { .chance = { .policy = CHOICE_SEEDED,
                                                     .seed = find_seed(TWO_RACES) } };
    struct scenario *scenario = read_scenario(TWO_RACES);
    assert_true(reproduction_begin(&reproduction, scenario));
    deviations_find(&reproduction, scenario);
    assert_int_equal(reproduction.chance.policy, CHOICE_RECORDED);
    assert_int_equal(deviations_count(&reproduction.chance.recording), 2);
    assert_true(reproduction_in(&reproduction, scenario));
    scenario_free(scenario);
    reproduction_free(&reproduction);
}

/* Three races, lost one by one, take three choices at the least. */
#define THREE_RACES                                                                                          \
    CAST "Romeo connects\nJuliet connects\n" WHO_IS_FIRST("x") WHO_IS_FIRST("y") WHO_IS_FIRST(               \
        "z") "Romeo sends:\n\t<message to='romeo@localhost/orchard'><body>${x} ${y} ${z}</body></message>\n" \
             "Romeo has not received:\n\t<message><body>two two two</body></message>\n"

static void of_a_seed_the_choices_stay_that_matter(void **state)
{
    (void)state;
    LONG_TEST();
    struct reproduction reproduction = { .chance = { .policy = CHOICE_SEEDED,
                                                     .seed = find_seed(THREE_RACES) } };
    struct scenario *scenario = read_scenario(THREE_RACES);
    assert_true(reproduction_begin(&reproduction, scenario));
    deviations_find(&reproduction, scenario);
    assert_int_equal(reproduction.chance.policy, CHOICE_RECORDED);
    assert_in_range(deviations_count(&reproduction.chance.recording), 3, DEVIATIONS_MOST);
    assert_true(reproduction_in(&reproduction, scenario));
    scenario_free(scenario);
    reproduction_free(&reproduction);
}

static void the_default_schedule_needs_no_choices(void **state)
{
    (void)state;
    struct reproduction reproduction = { .kind = &liar_open };
    struct scenario *scenario = read_scenario(COMES_IN);
    lie = loses_presence;
    assert_true(reproduction_begin(&reproduction, scenario));
    uint64_t runs = reproduction.runs;
    deviations_find(&reproduction, scenario);
    assert_int_equal(reproduction.chance.policy, CHOICE_SCRIPTED);
    assert_int_equal(reproduction.runs, runs);
    scenario_free(scenario);
    reproduction_free(&reproduction);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_race_comes_down_to_one_choice),
        cmocka_unit_test(two_choices_are_found_where_one_is_not_enough),
        cmocka_unit_test(of_a_seed_the_choices_stay_that_matter),
        cmocka_unit_test(the_default_schedule_needs_no_choices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
