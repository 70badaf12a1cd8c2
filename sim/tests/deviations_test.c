#include "../deviations.h"

#include "recurrence_rig.h"

static void a_race_comes_down_to_one_choice(void **state)
{
    (void)state;
    struct recurrence recurrence = { .chance = { .policy = CHOICE_SEEDED, .seed = find_seed() } };
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
        cmocka_unit_test(the_quiet_world_needs_no_choices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
