#include "../shrink/deviations.h"

#include "recurrence_rig.h"

static void a_race_comes_down_to_one_choice(void **state)
{
    (void)state;
    struct recurrence recurrence = { .chance = { .policy = CHOICE_SEEDED, .seed = find_seed(RACE) } };
    struct scenario *scenario = read_scenario(RACE);
    assert_true(recurrence_begin(&recurrence, scenario));
    deviations_find(&recurrence, scenario);
    assert_int_equal(recurrence.chance.policy, CHOICE_RECORDED);
    assert_int_equal(deviations_count(&recurrence.chance.recording), 1);
    char *line = recording_print(&recurrence.chance.recording);
    assert_non_null(strstr(line, ":steps 1/2"));
    free(line);
    scenario_free(scenario);
    recurrence_free(&recurrence);
}

/* Romeo's message comes before Juliet's unless chance has it otherwise; what fails is that it was both times.
 */
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
    struct recurrence recurrence = { .chance = { .policy = CHOICE_SEEDED, .seed = find_seed(TWO_RACES) } };
    struct scenario *scenario = read_scenario(TWO_RACES);
    assert_true(recurrence_begin(&recurrence, scenario));
    deviations_find(&recurrence, scenario);
    assert_int_equal(recurrence.chance.policy, CHOICE_RECORDED);
    assert_int_equal(deviations_count(&recurrence.chance.recording), 2);
    assert_true(recurrence_in(&recurrence, scenario));
    scenario_free(scenario);
    recurrence_free(&recurrence);
}

/* Three races, lost one by one, take three choices at the least. */
#define THREE_RACES                                                                                          \
    CAST "Romeo connects\nJuliet connects\n" WHO_IS_FIRST("x") WHO_IS_FIRST("y") WHO_IS_FIRST(               \
        "z") "Romeo sends:\n\t<message to='romeo@localhost/orchard'><body>${x} ${y} ${z}</body></message>\n" \
             "Romeo has not received:\n\t<message><body>two two two</body></message>\n"

static void of_a_seed_the_choices_stay_that_matter(void **state)
{
    (void)state;
    struct recurrence recurrence = { .chance = { .policy = CHOICE_SEEDED, .seed = find_seed(THREE_RACES) } };
    struct scenario *scenario = read_scenario(THREE_RACES);
    assert_true(recurrence_begin(&recurrence, scenario));
    deviations_find(&recurrence, scenario);
    assert_int_equal(recurrence.chance.policy, CHOICE_RECORDED);
    assert_in_range(deviations_count(&recurrence.chance.recording), 3, DEVIATIONS_MOST);
    assert_true(recurrence_in(&recurrence, scenario));
    scenario_free(scenario);
    recurrence_free(&recurrence);
}

static void the_quiet_world_needs_no_choices(void **state)
{
    (void)state;
    struct recurrence recurrence = { .kind = &liar_open };
    struct scenario *scenario = read_scenario(COMES_IN);
    lie = loses_presence;
    assert_true(recurrence_begin(&recurrence, scenario));
    uint64_t plays = recurrence.plays;
    deviations_find(&recurrence, scenario);
    assert_int_equal(recurrence.chance.policy, CHOICE_SCRIPTED);
    assert_int_equal(recurrence.plays, plays);
    scenario_free(scenario);
    recurrence_free(&recurrence);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_race_comes_down_to_one_choice),
        cmocka_unit_test(two_choices_are_found_where_one_is_not_enough),
        cmocka_unit_test(of_a_seed_the_choices_stay_that_matter),
        cmocka_unit_test(the_quiet_world_needs_no_choices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
