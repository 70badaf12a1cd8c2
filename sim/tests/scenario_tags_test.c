#include "scenario_reading.h"

/* What stands below a tag that is alone in line 1. */
static struct scenario *parse_tagged(const char *tag, struct complaints *complaints)
{
    char text[512];
    const int length = snprintf(text, sizeof text, "%s\n%sRomeo connects\n", tag, cast);
    assert_in_range(length, 1, sizeof text - 1);
    return parse_bytes(text, (size_t)length, complaints);
}

static void assert_tag(const char *tag, const char *name, const char *value)
{
    struct complaints complaints;
    struct scenario *scenario = parse_tagged(tag, &complaints);
    print_complaints(&complaints);
    assert_non_null(scenario);
    assert_string_equal(scenario_tag(scenario, name), value);
    scenario_free(scenario);
}

static void assert_complaint(const char *tag, const char *message)
{
    struct complaints complaints;
    assert_null(parse_tagged(tag, &complaints));
    assert_int_equal(complaints.count, 1);
    assert_int_equal(complaints.list[0].line, 1);
    if (strstr(complaints.list[0].message, message) == NULL)
        fail_msg("%s: '%s' does not say '%s'", tag, complaints.list[0].message, message);
}

static void a_scenario_is_of_checks_only_when_its_tag_says_so(void **state)
{
    (void)state;
    struct complaints complaints;
    struct scenario *scenario = parse_tagged("## checks only", &complaints);
    assert_true(scenario->checks_only);
    assert_false(scenario->strict);
    scenario_free(scenario);
    scenario = parse_tagged("## checks", &complaints);
    assert_false(scenario->checks_only);
    scenario_free(scenario);
}

static void a_bare_tag_takes_no_value(void **state)
{
    (void)state;
    assert_complaint("## checks only: yes",
                     "the tag \"checks only\" has the value \"yes\"; expected no value");
    assert_complaint("## strict: yes", "the tag \"strict\" has the value \"yes\"; expected no value");
}

static void a_seed_is_a_number_of_64_bits(void **state)
{
    (void)state;
    assert_tag("## seed: 0", "seed", "0");
    assert_tag("## seed: 41", "seed", "41");
    assert_tag("## seed: 18446744073709551615", "seed", "18446744073709551615");
}

static void a_malformed_seed_is_complained_about(void **state)
{
    (void)state;
    assert_complaint("## seed", "the tag \"seed\" has the value \"\"; expected a number such as 41");
    assert_complaint("## seed:", "expected a number");
    assert_complaint("## seed: -1", "the tag \"seed\" has the value \"-1\"");
    assert_complaint("## seed: 4 2", "expected a number");
    assert_complaint("## seed: 0x10", "expected a number");
    assert_complaint("## seed: 18446744073709551616", "expected a number");
    assert_complaint("## seed: full_jid", "the tag \"seed\" has the value \"full_jid\"");
}

static void choices_are_decisions_or_none(void **state)
{
    (void)state;
    assert_tag("## choices: none", "choices", "none");
    assert_tag("## choices: 3:steps 1/2", "choices", "3:steps 1/2");
    assert_tag("## choices: 17:pieces 3/8 18:pieces 41/112 40:ties 1/2", "choices",
               "17:pieces 3/8 18:pieces 41/112 40:ties 1/2");
}

static void a_malformed_recording_is_complained_about(void **state)
{
    (void)state;
    assert_complaint("## choices", "the tag \"choices\" has the value \"\"; expected \"none\", or decisions");
    assert_complaint("## choices: all", "the tag \"choices\" has the value \"all\"");
    assert_complaint("## choices: 3:steps 2/2", "such as \"17:pieces 3/8 40:ties 1/2\"");
    assert_complaint("## choices: 3:luck 1/2", "the tag \"choices\"");
    assert_complaint("## choices: 3:steps 1/2 2:steps 1/2", "the tag \"choices\"");
}

/* The level of what stands below the tag. */
static enum scenario_level level_of(const char *tag)
{
    struct complaints complaints;
    struct scenario *scenario = parse_tagged(tag, &complaints);
    assert_non_null(scenario);
    const enum scenario_level level = scenario->level;
    scenario_free(scenario);
    return level;
}

static void a_level_is_one_of_four(void **state)
{
    (void)state;
    assert_int_equal(level_of("## level: must"), LEVEL_MUST);
    assert_int_equal(level_of("## level: should"), LEVEL_SHOULD);
    assert_int_equal(level_of("## level:   may"), LEVEL_MAY);
    assert_int_equal(level_of("## level: ours"), LEVEL_OURS);
    assert_int_equal(level_of("## levels: must"), LEVEL_UNSTATED);
    assert_tag("## level: must", "level", "must");
}

static void an_unknown_level_is_complained_about(void **state)
{
    (void)state;
    assert_complaint("## level: shall",
                     "the tag \"level\" has the value \"shall\"; expected must, should, may or ours");
    assert_complaint("## level", "the tag \"level\" has the value \"\"; expected must, should, may or ours");
    assert_complaint("## level: Must", "the tag \"level\" has the value \"Must\"");
    assert_complaint("## level: must, may", "the tag \"level\" has the value \"must, may\"");
    assert_complaint("## level: mus", "expected must, should, may or ours");
    assert_complaint("## level: ours too", "expected must, should, may or ours");
}

static void a_second_level_is_complained_about(void **state)
{
    (void)state;
    struct complaints complaints;
    assert_null(parse_tagged("## level: must\n## slow\n## level: must", &complaints));
    assert_int_equal(complaints.count, 1);
    assert_int_equal(complaints.list[0].line, 3);
    assert_string_equal(complaints.list[0].message, "the tag \"level\" is repeated; it is \"must\" already");
}

static void a_level_has_a_name(void **state)
{
    (void)state;
    assert_int_equal(scenario_level_named("must", 4), LEVEL_MUST);
    assert_int_equal(scenario_level_named("mustard", 4), LEVEL_MUST);
    assert_int_equal(scenario_level_named("must", 3), LEVEL_UNSTATED);
    assert_int_equal(scenario_level_named("", 0), LEVEL_UNSTATED);
    assert_string_equal(scenario_level_name(LEVEL_MUST), "must");
    assert_string_equal(scenario_level_name(LEVEL_OURS), "ours");
    assert_null(scenario_level_name(LEVEL_UNSTATED));
}

static void other_tags_take_any_value(void **state)
{
    (void)state;
    assert_tag("## seeds: many", "seeds", "many");
    assert_tag("## session: full_jid", "session", "full_jid");
    assert_tag("## choice", "choice", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scenario_is_of_checks_only_when_its_tag_says_so),
        cmocka_unit_test(a_bare_tag_takes_no_value),
        cmocka_unit_test(a_seed_is_a_number_of_64_bits),
        cmocka_unit_test(a_malformed_seed_is_complained_about),
        cmocka_unit_test(choices_are_decisions_or_none),
        cmocka_unit_test(a_malformed_recording_is_complained_about),
        cmocka_unit_test(a_level_is_one_of_four),
        cmocka_unit_test(an_unknown_level_is_complained_about),
        cmocka_unit_test(a_second_level_is_complained_about),
        cmocka_unit_test(a_level_has_a_name),
        cmocka_unit_test(other_tags_take_any_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
