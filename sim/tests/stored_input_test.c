#define _XOPEN_SOURCE 700

#include "../shrink/stored_input.h"

#include "../shrink/shrink_input.h"
#include "test_folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>

#include <cmocka.h>

#define COMES "[Client] Romeo\n\tjid: romeo@localhost\n---\nRomeo connects\n"

static void make_file(const char *path)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
}

static int make_files(void **state)
{
    if (enter_folder(state) != 0)
        return -1;
    assert_int_equal(mkdir("kept", 0700), 0);
    assert_int_equal(mkdir("kept/inputs", 0700), 0);
    assert_int_equal(mkdir("kept/inputs/jid", 0700), 0);
    make_file("kept/a.scs");
    make_file("kept/notes");
    make_file("kept/.hidden.scs");
    make_file("kept/inputs/README");
    make_file("kept/inputs/jid/one");
    make_file("kept/inputs/jid/one.txt");
    make_file("kept/inputs/jid/.hidden");
    return 0;
}

static void the_folder_names_the_target(void **state)
{
    (void)state;
    char *target = stored_input_target("kept/inputs/../inputs/jid/one");
    assert_string_equal(target, "jid");
    free(target);
    assert_null(stored_input_target("kept/inputs/jid/one.txt"));
    assert_null(stored_input_target("kept/inputs/jid/.hidden"));
    assert_null(stored_input_target("kept/inputs/jid"));
    assert_null(stored_input_target("kept/inputs/README"));
    assert_null(stored_input_target("kept/a.scs"));
    assert_null(stored_input_target("nowhere/inputs/jid/one"));
}

static void a_folder_has_inputs_and_scenarios(void **state)
{
    (void)state;
    struct file_list inputs = { 0 };
    struct file_list scenarios = { 0 };
    assert_true(stored_inputs_find(&inputs, &scenarios, "kept/", stderr));
    assert_int_equal(inputs.count, 1);
    assert_string_equal(inputs.names[0], "kept/inputs/jid/one");
    assert_int_equal(scenarios.count, 1);
    assert_string_equal(scenarios.names[0], "kept/a.scs");
    files_free(&inputs);
    files_free(&scenarios);
}

static void the_tool_runs_plots_and_texts(void **state)
{
    (void)state;
    assert_true(stored_input_is_run_here("plot"));
    assert_true(stored_input_is_run_here("run"));
    assert_false(stored_input_is_run_here("jid"));
}

static void load(struct stored_input *input, const char *target, const char *bytes)
{
    stored_input_load(input, target, "name", (const unsigned char *)bytes, strlen(bytes));
}

static void a_text_has_its_choices_behind_a_separator(void **state)
{
    (void)state;
    struct stored_input input;
    load(&input, "run", COMES);
    assert_int_equal(input.options.policy, CHOICE_SCRIPTED);
    assert_true(input.options.checks_only);
    assert_int_equal(input.options.most_events, STORED_EVENTS_MOST);
    assert_int_equal(input.options.most_iterations, STORED_ITERATIONS_MOST);
    stored_input_free(&input);
    load(&input, "run", COMES "\036abc");
    assert_non_null(input.scenario);
    assert_int_equal(input.options.policy, CHOICE_FUZZED);
    assert_int_equal(input.options.byte_count, 3);
    assert_memory_equal(input.options.bytes, "abc", 3);
    stored_input_free(&input);
    load(&input, "run", "no scenario");
    assert_null(input.scenario);
    stored_input_free(&input);
}

static void of_a_text_only_the_checks_are_judged(void **state)
{
    (void)state;
    struct stored_input text;
    struct stored_input plot;
    load(&text, "run", COMES);
    load(&plot, "plot", "some bytes");
    const struct player_result passed = { .passed = true, .events = 9 };
    const struct player_result step = { .line = 4, .events = 9 };
    const struct player_result check = { .line = 4, .events = 9, .check = "everybody-is-seen" };
    const struct player_result end = { .events = 9 };
    const struct player_result drifted = { .events = 9, .drifted = true };
    assert_false(stored_input_fails(&text, &passed));
    assert_false(stored_input_fails(&text, &step));
    assert_true(stored_input_fails(&text, &check));
    assert_true(stored_input_fails(&text, &end));
    assert_false(stored_input_fails(&text, &drifted));
    assert_false(stored_input_fails(&plot, &passed));
    assert_true(stored_input_fails(&plot, &step));
    stored_input_free(&text);
    stored_input_free(&plot);
}

/* The choices that the bytes make are recorded, so the scenario runs in the same way without them. */
static void a_stored_plot_becomes_a_scenario_with_its_choices(void **state)
{
    (void)state;
    struct stored_input stored;
    struct shrink_input input;
    struct player_result first;
    struct player_result second;
    load(&stored, "plot", "\x2C\xF1z9\x88#~0\x17w,\xD2g\x90\x41\xFFk7\x03\xB8\xEA\x55m.\x6E\x21\xC4\xC4@1");
    struct player_options options = stored.options;
    player_run(stored.scenario, &options, &first);
    shrink_input_of_stored(&input, &stored);
    assert_null(stored.scenario);
    assert_string_equal(input.what, "plot");
    assert_int_equal(input.chance.policy, CHOICE_RECORDED);
    options = (struct player_options){ .policy = CHOICE_RECORDED, .recording = &input.chance.recording };
    player_run(input.scenario, &options, &second);
    assert_int_equal(first.trace_hash, second.trace_hash);
    player_result_free(&first);
    player_result_free(&second);
    shrink_input_free(&input);
}

static void a_stored_text_becomes_one_of_which_the_checks_are_judged(void **state)
{
    (void)state;
    struct stored_input stored;
    struct shrink_input input;
    load(&stored, "run", "## seed: 9\n" COMES "\036\1\2\3");
    shrink_input_of_stored(&input, &stored);
    assert_string_equal(input.what, "scenario");
    assert_non_null(scenario_tag(input.scenario, "checks only"));
    assert_null(scenario_tag(input.scenario, "seed"));
    shrink_input_free(&input);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_folder_names_the_target),
        cmocka_unit_test(a_folder_has_inputs_and_scenarios),
        cmocka_unit_test(the_tool_runs_plots_and_texts),
        cmocka_unit_test(a_text_has_its_choices_behind_a_separator),
        cmocka_unit_test(of_a_text_only_the_checks_are_judged),
        cmocka_unit_test(a_stored_plot_becomes_a_scenario_with_its_choices),
        cmocka_unit_test(a_stored_text_becomes_one_of_which_the_checks_are_judged),
    };
    return cmocka_run_group_tests(tests, make_files, leave_folder);
}
