#include "../language/scenario_edit.h"

#include "../language/scenario_print.h"
#include "../language/scenario_same.h"
#include "scenario_reading.h"

static void assert_prints(const struct scenario *scenario, const char *expected)
{
    char *printed = scenario_print(scenario);
    assert_string_equal(printed, expected);
    free(printed);
}

/* Prints it and parses it again, as a shrinker does. */
static void assert_can_be_read(const struct scenario *scenario)
{
    char *printed = scenario_print(scenario);
    struct scenario *again = parse(printed);
    assert_true(scenario_same_steps(scenario->steps, again->steps));
    free(printed);
    scenario_free(again);
}

static const char head[] = "[Client] Romeo\n"
                           "\tjid: romeo@localhost/orchard\n"
                           "\n"
                           "[Client] Juliet\n"
                           "\tjid: juliet@localhost\n"
                           "\n"
                           "[Client] Nurse\n"
                           "\tjid: nurse@capulet.lit\n"
                           "\n";

static struct scenario *parse_below_head(const char *rest)
{
    char text[2000];
    int length = snprintf(text, sizeof text, "%s%s", head, rest);
    assert_true(length > 0 && (size_t)length < sizeof text);
    return parse(text);
}

/* ---- The head ---- */

static void a_title_and_tags_are_given(void **state)
{
    (void)state;
    char value[] = "some words";
    struct scenario *scenario = parse_below_head("---\nRomeo connects\n");
    scenario_set_title(scenario, "A title");
    scenario_add_tag(scenario, "strict", "");
    scenario_add_tag(scenario, "checks only", "");
    scenario_add_tag(scenario, "fails", value);
    scenario_add_tag(scenario, "seed", "7");
    value[0] = 'X'; /* arguments are copied */
    assert_true(scenario->strict && scenario->checks_only);
    assert_string_equal(scenario->fails, "some words");
    assert_string_equal(scenario->heading, "A title");
    char *printed = scenario_print(scenario);
    assert_non_null(strstr(
        printed, "# A title\n## strict\n## checks only\n## fails: some words\n## seed: 7\n\n[Client]"));
    free(printed);
    assert_can_be_read(scenario);
    scenario_free(scenario);
}

static void a_tag_is_taken_off_wherever_it_is(void **state)
{
    (void)state;
    struct scenario *scenario = parse("## seed: 7\n## rfc: 6121 8\n## rfc: 6121 9\n## slow\n## rfc: 6121 10\n"
                                      "[Client] Romeo\n\tjid: romeo@localhost\n---\nRomeo connects\n");
    scenario_drop_tag(scenario, "rfc");
    scenario_drop_tag(scenario, "never there");
    char *printed = scenario_print(scenario);
    assert_memory_equal(printed, "## seed: 7\n## slow\n\n", 20);
    scenario_drop_tag(scenario, "seed");
    scenario_drop_tag(scenario, "slow");
    assert_null(scenario->tags);
    free(printed);
    scenario_free(scenario);
}

static void a_string_is_kept(void **state)
{
    (void)state;
    char name[] = "Hist!";
    struct scenario *scenario = parse_below_head("---\nRomeo connects\n");
    const char *kept = scenario_keep(scenario, name);
    name[0] = 'X';
    assert_string_equal(kept, "Hist!");
    scenario_free(scenario);
}

static void an_account_loses_its_roster_and_its_block_list(void **state)
{
    (void)state;
    struct scenario *scenario =
        parse_below_head("[Roster] juliet@localhost\n\tromeo@localhost: both\n"
                         "[Roster] romeo@localhost\n\tjuliet@localhost: both\n"
                         "[Blocklist] romeo@localhost\n\ttybalt@localhost\n---\nRomeo connects\n");
    scenario_forget_lists(scenario, "romeo@localhost");
    scenario_forget_lists(scenario, "nurse@capulet.lit");
    assert_string_equal(scenario->rosters->jid, "juliet@localhost");
    assert_null(scenario->rosters->next);
    assert_null(scenario->blocklists);
    scenario_free(scenario);
}

/* ---- Taking away ---- */

static void a_step_is_removed_wherever_it_is(void **state)
{
    (void)state;
    struct scenario *scenario = parse_below_head(
        "---\nRomeo connects\nat the same time:\n\tRomeo sends:\n\t\t<a/>\n\tJuliet connects\n"
        "Romeo disconnects\n");
    struct step *outer = scenario->steps->next;
    scenario_remove_step(scenario, outer->steps);
    assert_int_equal(outer->steps->verb, STEP_CONNECTS);
    assert_null(outer->steps->next);
    scenario_remove_step(scenario, scenario->steps);
    assert_ptr_equal(scenario->steps, outer);
    scenario_remove_step(scenario, outer->next);
    assert_null(outer->next);
    assert_can_be_read(scenario);
    scenario_free(scenario);
}

static void steps_at_the_same_time_take_turns(void **state)
{
    (void)state;
    struct scenario *scenario =
        parse_below_head("---\nat the same time:\n\tRomeo sends:\n\t\t<a/>\n\tJuliet connects\n"
                         "Romeo disconnects\nat the same time:\n\tJuliet disconnects\n");
    scenario_take_turns(scenario);
    const struct step *step = scenario->steps;
    const enum step_verb verbs[] = { STEP_SENDS, STEP_CONNECTS, STEP_DISCONNECTS, STEP_DISCONNECTS };
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++, step = step->next)
        assert_int_equal(step->verb, verbs[i]);
    assert_null(step);
    assert_can_be_read(scenario);
    scenario_take_turns(scenario);
    scenario_free(scenario);
}

static void the_block_goes_with_its_last_step(void **state)
{
    (void)state;
    struct scenario *scenario =
        parse_below_head("---\nat the same time:\n\tRomeo sends:\n\t\t<a/>\nJuliet connects\n");
    scenario_remove_step(scenario, scenario->steps->steps);
    assert_int_equal(scenario->steps->verb, STEP_CONNECTS);
    assert_null(scenario->steps->next);
    scenario_free(scenario);
}

static void a_character_leaves_with_its_steps(void **state)
{
    (void)state;
    struct scenario *scenario =
        parse_below_head("---\n"
                         "Romeo connects\nJuliet connects\nNurse connects\n"
                         "at the same time:\n\tJuliet sends:\n\t\t<a/>\n"
                         "at the same time:\n\tJuliet disconnects\n\tNurse disconnects\n"
                         "5 minutes pass\n");
    scenario_remove_character(scenario, 1);
    assert_prints(scenario, "[Client] Romeo\n\tjid: romeo@localhost/orchard\n\n"
                            "[Client] Nurse\n\tjid: nurse@capulet.lit\n\n---------\n\n"
                            "Romeo connects\nNurse connects\n\n"
                            "at the same time:\n\tNurse disconnects\n\n5 minutes pass\n");
    assert_can_be_read(scenario);
    scenario_free(scenario);
}

static void a_pipeline_leaves_with_its_character_and_stays_with_another(void **state)
{
    (void)state;
    struct scenario *scenario = parse_below_head("---\nJuliet pipelines:\n\tJuliet binds\n"
                                                 "Nurse pipelines:\n\tNurse binds\n\tNurse sends:\n"
                                                 "\t\t<a to=\"${Juliet's JID}\"/>\n");
    scenario_remove_character(scenario, 1);
    assert_prints(scenario, "[Client] Romeo\n\tjid: romeo@localhost/orchard\n\n"
                            "[Client] Nurse\n\tjid: nurse@capulet.lit\n\n---------\n\n"
                            "Nurse pipelines:\n\tNurse binds\n\n\tNurse sends:\n"
                            "\t\t<a to=\"juliet@localhost\"/>\n");
    assert_can_be_read(scenario);
    scenario_free(scenario);
}

static void the_name_of_a_removed_character_becomes_the_address(void **state)
{
    (void)state;
    struct scenario *scenario = parse_below_head("---\n"
                                                 "Nurse sends:\n"
                                                 "\t<a to=\"${Romeo's full JID}\" b=\"${Nurse's JID}\">"
                                                 "<c>x${Romeo's JID}${Juliet's full JID}</c></a>\n"
                                                 "Nurse sends raw \"${Romeo's JID} ${Nurse's JID}\\x01\"\n"
                                                 "Nurse opens a stream with:\n\tfrom: ${Juliet's JID}\n");
    scenario_remove_character(scenario, 1);
    scenario_remove_character(scenario, 0);
    assert_prints(scenario, "[Server]\n\thost: localhost\n\n"
                            "[Client] Nurse\n\tjid: nurse@capulet.lit\n\n---------\n\n"
                            "Nurse sends:\n"
                            "\t<a to=\"romeo@localhost/orchard\" b=\"${Nurse's JID}\">"
                            "<c>xromeo@localhostjuliet@localhost</c></a>\n\n"
                            "Nurse sends raw \"romeo@localhost ${Nurse's JID}\\x01\"\n\n"
                            "Nurse opens a stream with:\n\tfrom: juliet@localhost\n");
    assert_can_be_read(scenario);
    scenario_free(scenario);
}

static void an_account_is_removed_with_its_last_character(void **state)
{
    (void)state;
    struct scenario *scenario =
        parse("[Client] Romeo\n\tjid: romeo@localhost\n\taccount: disabled\n"
              "[Client] Romeo's phone\n\tjid: romeo@localhost/phone\n"
              "[Client] Juliet\n\tjid: juliet@localhost\n"
              "[Roster] juliet@localhost\n\tromeo@localhost: both\n"
              "[Roster] romeo@localhost\n\tjuliet@localhost: both\n"
              "[Blocklist] romeo@localhost\n\ttybalt@localhost\n---\nJuliet connects\n");
    scenario_remove_character(scenario, 0);
    assert_non_null(scenario->accounts);
    assert_non_null(scenario->blocklists);
    scenario_remove_character(scenario, 0);
    assert_int_equal(scenario->steps->actor, 0);
    assert_prints(scenario,
                  "[Client] Juliet\n\tjid: juliet@localhost\n\n"
                  "[Roster] juliet@localhost\n\tromeo@localhost: both\n\n---------\n\nJuliet connects\n");
    scenario_free(scenario);
}

static void an_account_may_have_no_character_from_the_start(void **state)
{
    (void)state;
    struct scenario *scenario =
        parse("[Client] Romeo\n\tjid: romeo@localhost\n"
              "[Client] Juliet\n\tjid: juliet@localhost\n"
              "[Account] nurse@localhost\n"
              "[Roster] nurse@localhost\n\tjuliet@localhost: both\n---\nJuliet connects\n");
    scenario_remove_character(scenario, 0);
    assert_string_equal(scenario->accounts->jid, "nurse@localhost");
    assert_string_equal(scenario->rosters->jid, "nurse@localhost");
    assert_can_be_read(scenario);
    scenario_free(scenario);
}

static void every_setting_goes_back_to_the_usual(void **state)
{
    (void)state;
    struct scenario *scenario =
        parse("[Server]\n\thost: a.lit\n\tconflict: random\n\tfeatures: none\n\tresume time: 1 hour\n"
              "\tresources: 3\n\ttell last presence: yes\n---\n5 minutes pass\n");
    size_t unusual = 0;
    for (size_t i = 0; i < scenario_setting_count(); i++) {
        unusual += !scenario_setting_is_usual(i, &scenario->settings);
        scenario_setting_reset(i, &scenario->settings);
        assert_true(scenario_setting_is_usual(i, &scenario->settings));
    }
    assert_int_equal(unusual, 5);
    assert_prints(scenario, "[Server]\n\thost: a.lit\n\n---------\n\n5 minutes pass\n");
    scenario_free(scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_title_and_tags_are_given),
        cmocka_unit_test(a_tag_is_taken_off_wherever_it_is),
        cmocka_unit_test(a_string_is_kept),
        cmocka_unit_test(an_account_loses_its_roster_and_its_block_list),
        cmocka_unit_test(a_step_is_removed_wherever_it_is),
        cmocka_unit_test(steps_at_the_same_time_take_turns),
        cmocka_unit_test(the_block_goes_with_its_last_step),
        cmocka_unit_test(a_character_leaves_with_its_steps),
        cmocka_unit_test(a_pipeline_leaves_with_its_character_and_stays_with_another),
        cmocka_unit_test(the_name_of_a_removed_character_becomes_the_address),
        cmocka_unit_test(an_account_is_removed_with_its_last_character),
        cmocka_unit_test(an_account_may_have_no_character_from_the_start),
        cmocka_unit_test(every_setting_goes_back_to_the_usual),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
