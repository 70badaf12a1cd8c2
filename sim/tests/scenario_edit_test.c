#include "../language/scenario_edit.h"

#include "../language/scenario_print.h"
#include "../stage/stage.h"
#include "../tool/suite.h"
#include "scenario_reading.h"
#include "scenario_same.h"

static void assert_prints(const struct scenario *scenario, const char *expected)
{
    char *printed = scenario_print(scenario);
    assert_string_equal(printed, expected);
    free(printed);
}

/* Prints it and reads it back, which is what a shrinker does in the end. */
static void assert_can_be_read(const struct scenario *scenario)
{
    char *printed = scenario_print(scenario);
    struct scenario *again = parse(printed);
    assert_same_steps(scenario->steps, again->steps);
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

/* ---- Making ---- */

static void a_scenario_is_made_and_played_without_a_file(void **state)
{
    (void)state;
    struct scenario *scenario = scenario_new("made.scs");
    scenario_set_title(scenario, "Made");
    scenario_add_tag(scenario, "strict", "");
    scenario_add_tag(scenario, "seed", "7");
    int romeo = scenario_add_character(
        scenario,
        &(struct character){ .name = "Romeo", .jid = "romeo@localhost", .resource = "o", .password = "x" });
    int juliet = scenario_add_character(scenario,
                                        &(struct character){ .name = "Juliet", .jid = "juliet@capulet.lit" });
    assert_int_equal(romeo, 0);
    assert_int_equal(juliet, 1);
    scenario_append_step(scenario, &scenario->steps, &(struct step){ .verb = STEP_CONNECTS, .actor = romeo });
    struct step *sends = scenario_append_step(scenario, &scenario->steps,
                                              &(struct step){ .verb = STEP_SENDS, .actor = romeo });
    assert_true(scenario_add_stanzas(sends, "<presence/>"));
    struct step *receives = scenario_append_step(scenario, &scenario->steps,
                                                 &(struct step){ .verb = STEP_RECEIVES, .actor = romeo });
    assert_true(scenario_add_stanzas(receives, "<presence from=\"${Romeo's full JID}\"/>"));
    assert_prints(scenario, "# Made\n## strict\n## seed: 7\n\n"
                            "[Client] Romeo\n\tjid: romeo@localhost/o\n\tpassword: x\n\n"
                            "[Client] Juliet\n\tjid: juliet@capulet.lit\n\n---------\n\n"
                            "Romeo connects\n\nRomeo sends:\n\t<presence/>\n\n"
                            "Romeo receives:\n\t<presence from=\"${Romeo's full JID}\"/>\n");
    assert_string_equal(scenario->steps->source, "Romeo connects");
    struct stage_result result;
    stage_play(scenario, &(struct stage_options){ .policy = CHOICE_SCRIPTED }, &result);
    assert_true(result.passed);
    stage_result_free(&result);
    assert_can_be_read(scenario);
    scenario_free(scenario);
}

static void accounts_rosters_and_block_lists_are_added(void **state)
{
    (void)state;
    struct scenario *scenario = scenario_new("made.scs");
    scenario_add_host(scenario, "b.lit");
    scenario_add_host(scenario, "b.lit");
    scenario_add_character(scenario,
                           &(struct character){ .name = "Romeo", .jid = "romeo@a.lit", .password = "x" });
    scenario_add_account(scenario, &(struct account){ .jid = "romeo@a.lit", .status = "disabled" });
    scenario_add_account(scenario, &(struct account){ .jid = "nurse@c.lit", .password = "y" });
    struct roster_line item = {
        .jid = "nurse@c.lit", .subscription = "to", .groups = { "g" }, .group_count = 1
    };
    scenario_add_roster_line(scenario, "romeo@a.lit", &item);
    item.jid = "tybalt@c.lit";
    scenario_add_roster_line(scenario, "romeo@a.lit", &item);
    scenario_add_blocked(scenario, "nurse@c.lit", "tybalt@c.lit");
    scenario_add_blocked(scenario, "nurse@c.lit", "evil.lit");
    scenario_append_step(scenario, &scenario->steps, &(struct step){ .verb = STEP_CONNECTS });
    assert_prints(scenario, "[Server]\n\thost: b.lit\n\n"
                            "[Client] Romeo\n\tjid: romeo@a.lit\n\tpassword: x\n\taccount: disabled\n\n"
                            "[Account] nurse@c.lit\n\tpassword: y\n\n"
                            "[Roster] romeo@a.lit\n\tnurse@c.lit: to, group \"g\"\n"
                            "\ttybalt@c.lit: to, group \"g\"\n\n"
                            "[Blocklist] nurse@c.lit\n\ttybalt@c.lit\n\tevil.lit\n\n---------\n\n"
                            "Romeo connects\n");
    assert_can_be_read(scenario);
    scenario_free(scenario);
}

static void what_is_handed_in_is_copied(void **state)
{
    (void)state;
    char name[] = "Romeo", jid[] = "romeo@localhost", text[] = "a\0b";
    struct scenario *scenario = scenario_new("made.scs");
    scenario_add_character(scenario, &(struct character){ .name = name, .jid = jid });
    struct step inner = { .verb = STEP_SENDS_RAW, .text = text, .length = 3 };
    scenario_append_step(scenario, &scenario->steps,
                         &(struct step){ .verb = STEP_AT_THE_SAME_TIME, .actor = -1, .steps = &inner });
    name[0] = jid[0] = text[0] = 'X';
    assert_prints(scenario, "[Client] Romeo\n\tjid: romeo@localhost\n\n---------\n\n"
                            "at the same time:\n\tRomeo sends raw \"a\\x00b\"\n");
    assert_string_equal(scenario->steps->source, "at the same time:");
    assert_string_equal(scenario->steps->steps->source, "Romeo sends raw \"a\\x00b\"");
    scenario_free(scenario);
}

static void stanzas_that_are_not_well_formed_are_not_added(void **state)
{
    (void)state;
    struct scenario *scenario = parse_below_head("---\nRomeo sends:\n\t<a/>\n");
    assert_false(scenario_add_stanzas(scenario->steps, "<b>"));
    assert_false(scenario_add_stanzas(scenario->steps, ""));
    assert_null(scenario->steps->stanzas->next);
    assert_true(scenario_add_stanzas(scenario->steps, "<b/><c/>"));
    assert_string_equal(scenario->steps->stanzas->next->next->name, "c");
    scenario_free(scenario);
}

static void a_step_is_put_in_anywhere(void **state)
{
    (void)state;
    struct scenario *scenario =
        parse_below_head("---\nRomeo connects\nat the same time:\n\tRomeo disconnects\n");
    const struct step step = { .verb = STEP_CONNECTS, .actor = 1 };
    scenario_insert_step(scenario, &scenario->steps, &step);
    scenario_insert_step(scenario, &scenario->steps->next->next->steps, &step);
    scenario_append_step(scenario, &scenario->steps->next->next->steps, &step);
    char *printed = scenario_print(scenario);
    assert_non_null(strstr(printed, "\n\nJuliet connects\nRomeo connects\n\nat the same time:\n"
                                    "\tJuliet connects\n\tRomeo disconnects\n\tJuliet connects\n"));
    free(printed);
    scenario_free(scenario);
}

/* ---- Copying ---- */

static void assert_same_sources(const struct step *a, const struct step *b)
{
    for (; a != NULL; a = a->next, b = b->next) {
        assert_string_equal(a->source, b->source);
        assert_int_equal(a->line, b->line);
        assert_int_equal(a->stanza_line, b->stanza_line);
        for (const struct xml *x = a->stanzas, *y = b->stanzas; x != NULL; x = x->next, y = y->next) {
            assert_int_equal(x->line, y->line);
            assert_same_element(x, y, true);
        }
        assert_same_sources(a->steps, b->steps);
    }
}

static void a_copy_of_every_scenario_is_the_same_and_plays_the_same(void **state)
{
    (void)state;
    static const char *const paths[] = { "scenarios" };
    struct suite suite;
    assert_true(suite_load(&suite, paths, 1, stderr));
    for (size_t i = 0; i < suite.count; i++) {
        struct stage_result first, second;
        struct stage_options options = { .policy = CHOICE_SEEDED, .seed = 2 };
        struct scenario *copy = scenario_copy(suite.scenarios[i]);
        assert_same_scenario(suite.scenarios[i], copy);
        assert_same_sources(suite.scenarios[i]->steps, copy->steps);
        assert_string_equal(suite.scenarios[i]->name, copy->name);
        stage_play(suite.scenarios[i], &options, &first);
        scenario_free(suite.scenarios[i]);
        suite.scenarios[i] = NULL;
        stage_play(copy, &options, &second);
        assert_true(first.trace_hash == second.trace_hash && first.passed == second.passed);
        stage_result_free(&first);
        stage_result_free(&second);
        scenario_free(copy);
    }
    suite_free(&suite);
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

static void the_name_of_who_left_becomes_the_address(void **state)
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

static void an_account_goes_with_the_last_who_has_it(void **state)
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

static void an_account_may_be_nobodys_from_the_start(void **state)
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
        cmocka_unit_test(a_scenario_is_made_and_played_without_a_file),
        cmocka_unit_test(accounts_rosters_and_block_lists_are_added),
        cmocka_unit_test(what_is_handed_in_is_copied),
        cmocka_unit_test(stanzas_that_are_not_well_formed_are_not_added),
        cmocka_unit_test(a_step_is_put_in_anywhere),
        cmocka_unit_test(a_copy_of_every_scenario_is_the_same_and_plays_the_same),
        cmocka_unit_test(a_step_is_removed_wherever_it_is),
        cmocka_unit_test(the_block_goes_with_its_last_step),
        cmocka_unit_test(a_character_leaves_with_its_steps),
        cmocka_unit_test(the_name_of_who_left_becomes_the_address),
        cmocka_unit_test(an_account_goes_with_the_last_who_has_it),
        cmocka_unit_test(an_account_may_be_nobodys_from_the_start),
        cmocka_unit_test(every_setting_goes_back_to_the_usual),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
