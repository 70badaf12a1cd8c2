#include "../sweep/plot.h"

#include "../client/scram.h"
#include "../language/scenario.h"
#include "../player/needs.h"
#include "../player/player.h"
#include "../world/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SEEDS = 300, MANY_SEEDS = 2000 };

static char *write_seed(const struct plot_options *options, uint64_t seed, struct plot_counts *counts)
{
    struct choices choices;
    choices_init(&choices, CHOICE_SEEDED, seed);
    return plot_write(options, &choices, counts);
}

static struct scenario *parse(const char *text)
{
    struct complaints complaints = { 0 };
    struct scenario *scenario = scenario_parse("plot.scs", text, strlen(text), NULL, NULL, &complaints);
    for (size_t i = 0; i < complaints.count && i < COMPLAINTS_MAX; i++)
        print_error("%s\nplot.scs:%d: %s\n", text, complaints.list[i].line, complaints.list[i].message);
    assert_non_null(scenario);
    return scenario;
}

static struct plot_options with(unsigned cast, unsigned steps, unsigned faults)
{
    return (struct plot_options){ .cast = cast, .steps = steps, .faults = faults };
}

static uint64_t count_all(const struct plot_counts *counts)
{
    uint64_t count = 0;
    for (size_t i = 0; i < PLOT_ACTIONS_MOST; i++)
        count += counts->actions[i];
    return count;
}

static void the_same_seed_writes_the_same_plot(void **state)
{
    (void)state;
    const struct plot_options options = with(5, 60, PLOT_ALL);
    for (uint64_t seed = 0; seed < 20; seed++) {
        char *one = write_seed(&options, seed, NULL);
        char *same = write_seed(&options, seed, NULL);
        char *other = write_seed(&options, seed + 1, NULL);
        assert_string_equal(one, same);
        assert_string_not_equal(one, other);
        free(one);
        free(same);
        free(other);
    }
}

static void every_plot_is_a_scenario_of_checks_only(void **state)
{
    (void)state;
    static const unsigned faults[] = { 0, PLOT_NETWORK, PLOT_DISK, PLOT_MEMORY, PLOT_CLOCK, PLOT_ALL };
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        const struct plot_options options = with(1 + (unsigned)seed % 12, 50, faults[seed % 6]);
        char *text = write_seed(&options, seed, NULL);
        struct scenario *scenario = parse(text);
        assert_true(scenario->checks_only);
        assert_false(scenario->strict);
        scenario_free(scenario);
        free(text);
    }
}

static void a_plot_has_the_cast_and_the_steps_that_were_asked_for(void **state)
{
    (void)state;
    static const struct {
        unsigned cast, steps;
    } sizes[] = { { 1, 1 }, { 1, 200 }, { 2, 1 }, { 7, 7 }, { 7, 8 }, { 40, 3 }, { 200, 500 } };
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        const struct plot_options options = with(sizes[i].cast, sizes[i].steps, PLOT_ALL);
        for (uint64_t seed = 0; seed < 10; seed++) {
            struct plot_counts counts = { 0 };
            struct scenario *scenario = plot_of_seed(&options, seed, &counts);
            assert_int_equal(scenario->cast_count, sizes[i].cast);
            assert_int_equal(count_all(&counts), sizes[i].steps);
            scenario_free(scenario);
        }
    }
}

static void the_largest_cast_still_makes_a_plot(void **state)
{
    (void)state;
    const struct plot_options options = with(PLOT_CAST_MOST, 10, PLOT_ALL);
    struct scenario *scenario = plot_of_seed(&options, 0, NULL);
    assert_int_equal(scenario->cast_count, PLOT_CAST_MOST);
    scenario_free(scenario);
}

static void every_action_is_in_some_plot(void **state)
{
    (void)state;
    struct plot_options options = plot_options_default();
    options.faults = PLOT_ALL;
    struct plot_counts counts = { 0 };
    const char *name;
    for (uint64_t seed = 0; seed < MANY_SEEDS; seed++)
        free(write_seed(&options, seed, &counts));
    assert_int_equal(count_all(&counts), MANY_SEEDS * options.steps);
    for (size_t i = 0; (name = plot_action_name(i)) != NULL; i++)
        if (counts.actions[i] < 10)
            fail_msg("of %d plots too few have the action '%s'", MANY_SEEDS, name);
}

/* Which themes a plot has, as bits, from the comments in its head. */
static unsigned themes_of(const char *text)
{
    unsigned themes = 0;
    const char *name;
    for (size_t i = 0; (name = plot_theme_name(i)) != NULL; i++) {
        char line[80];
        (void)snprintf(line, sizeof line, "\n# It is about %s.\n", name);
        themes |= strstr(text, line) != NULL ? 1U << i : 0;
    }
    return themes;
}

static unsigned count_bits(unsigned bits)
{
    unsigned count = 0;
    for (; bits != 0; bits &= bits - 1)
        count++;
    return count;
}

/* Each alone, and in most plots few at once. */
static void every_theme_has_plots_of_its_own(void **state)
{
    (void)state;
    const struct plot_options options = plot_options_default();
    unsigned alone = 0, few = 0, all = 0;
    size_t count = 0;
    while (plot_theme_name(count) != NULL)
        count++;
    for (uint64_t seed = 0; seed < MANY_SEEDS; seed++) {
        char *text = write_seed(&options, seed, NULL);
        const unsigned themes = themes_of(text), number = count_bits(themes);
        assert_in_range(number, 1, count);
        alone |= number == 1 ? themes : 0;
        few += number <= 3;
        all += number == count;
        free(text);
    }
    assert_int_equal(count_bits(alone), count);
    assert_in_range(few, MANY_SEEDS / 4 * 3, MANY_SEEDS - 1);
    assert_int_equal(few + all, MANY_SEEDS);
}

/* Actions of a theme are in no plot without it; the wordings are those of scenarios/README.md and the XEPs. */
static void what_belongs_to_a_theme_is_in_no_other_plot(void **state)
{
    (void)state;
    static const struct {
        const char *theme, *wording;
    } rows[] = {
        { "client states", "urn:xmpp:csi:0" },
        { "two servers", " receives from " },
        { "block lists", "<unblock " },
        { "resumptions", " resumes" },
    };
    const struct plot_options options = plot_options_default();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char line[80];
        bool found = false;
        (void)snprintf(line, sizeof line, "# It is about %s.\n", rows[i].theme);
        for (uint64_t seed = 0; seed < SEEDS; seed++) {
            char *text = write_seed(&options, seed, NULL);
            const bool has = strstr(text, rows[i].wording) != NULL;
            found = found || has;
            if (has && strstr(text, line) == NULL)
                fail_msg("the plot of seed %d is not about %s", (int)seed, rows[i].theme);
            free(text);
        }
        assert_true(found);
    }
}

static void without_faults_nothing_goes_wrong(void **state)
{
    (void)state;
    struct plot_options options = plot_options_default();
    struct plot_counts counts = { 0 };
    assert_int_equal(options.faults, 0);
    for (uint64_t seed = 0; seed < SEEDS; seed++)
        free(write_seed(&options, seed, &counts));
    for (size_t i = 0; plot_action_name(i) != NULL; i++)
        assert_true(counts.actions[i] == 0 || !plot_action_is_fault(i));
}

/* The wordings of each kind of faults in scenarios/README.md. */
static void assert_only(unsigned faults, const char *wanted, const char *const *unwanted, size_t count)
{
    const struct plot_options options = with(4, 50, faults);
    bool found = false;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        char *text = write_seed(&options, seed, NULL);
        found = found || strstr(text, wanted) != NULL;
        for (size_t i = 0; i < count; i++)
            assert_null(strstr(text, unwanted[i]));
        free(text);
    }
    assert_true(found);
}

static void only_the_faults_that_were_asked_for_are_planned(void **state)
{
    (void)state;
    static const char *const links[] = { "'s link ", "half-closes", "stops reading", "The servers are" };
    static const char *const disks[] = { "The next load fails", "The next save fails", "Loads take",
                                         "Saves take" };
    assert_only(PLOT_NETWORK, "'s link breaks", disks, 4);
    assert_only(PLOT_DISK, "The next save fails", links, 4);
    assert_only(PLOT_NETWORK | PLOT_DISK, "'s link breaks", NULL, 0);
    assert_only(PLOT_NETWORK | PLOT_DISK, "The next save fails", NULL, 0);
}

/* Guests have no account: neither a roster nor a block list names them, and only variables say who they are. */
static void anonymous_clients_have_no_account(void **state)
{
    (void)state;
    const struct plot_options options = plot_options_default();
    unsigned found = 0;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        char *text = write_seed(&options, seed, NULL);
        struct scenario *scenario = parse(text);
        bool has_guests = false;
        for (size_t i = 0; i < scenario->cast_count; i++)
            has_guests = has_guests || scenario->cast[i].local == NULL;
        assert_true(has_guests == (strstr(text, "\tanonymous: guests.lit\n") != NULL));
        found += has_guests;
        scenario_free(scenario);
        free(text);
    }
    assert_in_range(found, 10, SEEDS / 2);
}

/* Stanzas may ask anybody for these, also where no action of the plot is about them. */
static bool may_be_asked_for(unsigned capability)
{
    static const enum capability asked[] = { CAPABILITY_CARBONS, CAPABILITY_BLOCKING, CAPABILITY_SM };
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++)
        if (asked[i] == (enum capability)capability)
            return true;
    return false;
}

/* What actions need is left out of plots for a server without it, and counted; nothing else needs it. */
static void what_the_server_lacks_is_left_out(void **state)
{
    (void)state;
    const struct capabilities all = CAPABILITIES_ALL;
    uint64_t needed = 0;
    for (size_t i = 0; plot_action_name(i) != NULL; i++)
        needed |= CAPABILITY_BIT(plot_action_needs(i));
    for (unsigned lacking = CAPABILITY_NONE + 1; lacking < CAPABILITY_COUNT; lacking++) {
        const struct server_kind kind = { .name = "lacking", .has = { all.bits & ~CAPABILITY_BIT(lacking) } };
        struct plot_options options = with(4, 40, PLOT_ALL);
        struct plot_counts counts = { 0 };
        if ((needed & CAPABILITY_BIT(lacking)) == 0)
            continue;
        options.kind = &kind;
        for (uint64_t seed = 0; seed < SEEDS; seed++) {
            char *text = write_seed(&options, seed, &counts);
            struct scenario *scenario = parse(text);
            assert_true(may_be_asked_for(lacking) ||
                        !capabilities_have(scenario_needs(scenario), (enum capability)lacking));
            scenario_free(scenario);
            free(text);
        }
        assert_in_range(counts.left_out[lacking], 1, SEEDS * 40);
        for (size_t i = 0; plot_action_name(i) != NULL; i++)
            assert_true(counts.actions[i] == 0 || plot_action_needs(i) != (enum capability)lacking);
    }
}

/* At most so many kinds of faults in most plots, and all in some. */
static void few_kinds_of_faults_meet_in_one_plot(void **state)
{
    (void)state;
    static const char *const signs[][4] = {
        { "'s link ", " half-closes ", " stops reading", "The servers are" },
        { "The next load", "The next save", "s take ", " crashes" },
        { " allocation ", NULL },
        { "The clock jumps", NULL },
    };
    const struct plot_options options = with(4, 50, PLOT_ALL);
    unsigned numbers[5] = { 0 };
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        char *text = write_seed(&options, seed, NULL);
        unsigned number = 0;
        for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
            bool has = false;
            for (size_t k = 0; k < 4 && signs[i][k] != NULL; k++)
                has = has || strstr(text, signs[i][k]) != NULL;
            number += has;
        }
        numbers[number]++;
        free(text);
    }
    assert_in_range(numbers[0], SEEDS / 10, SEEDS / 2);
    assert_in_range(numbers[1] + numbers[2], SEEDS / 2, SEEDS);
    assert_in_range(numbers[3] + numbers[4], 1, SEEDS / 4);
}

static void counts_are_added_to_those_that_are_there(void **state)
{
    (void)state;
    const struct plot_options options = plot_options_default();
    struct plot_counts one = { 0 }, two = { 0 }, both = { 0 };
    free(write_seed(&options, 1, &one));
    free(write_seed(&options, 2, &two));
    free(write_seed(&options, 1, &both));
    free(write_seed(&options, 2, &both));
    for (size_t i = 0; i < PLOT_ACTIONS_MOST; i++)
        assert_int_equal(both.actions[i], one.actions[i] + two.actions[i]);
}

/* All that is drawn is drawn from CHOICE_PLOT: so a plot's recording is the plot. */
static void a_plot_that_was_recorded_is_written_again(void **state)
{
    (void)state;
    const struct plot_options options = with(4, 50, PLOT_ALL);
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct recording recording = { 0 };
        struct choices choices;
        choices_init(&choices, CHOICE_SEEDED, seed);
        choices_record(&choices, &recording);
        char *first = plot_write(&options, &choices, NULL);
        for (size_t i = 0; i < recording.count; i++)
            assert_int_equal(recording.list[i].concern, CHOICE_PLOT);
        choices_replay(&choices, seed, &recording);
        char *again = plot_write(&options, &choices, NULL);
        assert_string_equal(again, first);
        assert_false(choices.drifted);
        free(first);
        free(again);
        recording_free(&recording);
    }
}

/* Bytes of the test; when they are used up the plot still ends. */
static void any_bytes_make_a_plot(void **state)
{
    (void)state;
    const struct plot_options options = with(4, 50, PLOT_ALL);
    unsigned char bytes[512] = { 0 };
    uint32_t drawn = 7;
    for (size_t length = 0; length <= sizeof bytes; length += 16) {
        for (size_t i = 0; i < length; i++) {
            drawn = drawn * 1664525 + 1013904223;
            bytes[i] = (unsigned char)(drawn >> 24);
        }
        struct choices choices;
        struct plot_counts counts = { 0 };
        choices_read(&choices, 0, bytes, length);
        char *text = plot_write(&options, &choices, &counts);
        scenario_free(parse(text));
        assert_int_equal(count_all(&counts), options.steps);
        free(text);
    }
}

static void actions_have_names_of_their_own(void **state)
{
    (void)state;
    const char *name;
    size_t count = 0;
    for (; (name = plot_action_name(count)) != NULL; count++)
        for (size_t i = 0; i < count; i++)
            assert_string_not_equal(name, plot_action_name(i));
    assert_in_range(count, 1, PLOT_ACTIONS_MOST);
}

/* Otherwise it would be unknown whether it ever happened. */
static void of_every_fault_it_is_counted_what_came_of_it(void **state)
{
    (void)state;
    const char *planned;
    for (size_t i = 0; (planned = plot_action_name(i)) != NULL; i++) {
        const char *counted;
        size_t k = 0;
        while ((counted = player_fault_name(k)) != NULL && strcmp(counted, planned) != 0)
            k++;
        if (plot_action_is_fault(i) && counted == NULL)
            fail_msg("player_tally.c counts no '%s'", planned);
    }
}

/* The server has cast, rosters and resources before the first step. */
static void small_and_large_casts_can_be_run(void **state)
{
    (void)state;
    static const unsigned casts[] = { 1, 200 };
    for (size_t i = 0; i < 2; i++) {
        const struct plot_options options = with(casts[i], 100, 0);
        struct scenario *scenario = plot_of_seed(&options, 1, NULL);
        struct player_result result;
        player_run(scenario, &(struct player_options){ .policy = CHOICE_SEEDED, .seed = 1 }, &result);
        if (!result.passed)
            print_error("%s", result.explanation);
        assert_true(result.passed);
        assert_true(result.events > 0);
        player_result_free(&result);
        scenario_free(scenario);
    }
}

static struct player_result run_bytes(const struct plot_run *plot)
{
    struct player_options options = { .policy = CHOICE_FUZZED,
                                      .bytes = plot->bytes,
                                      .byte_count = plot->byte_count };
    struct player_result result;
    player_run(plot->scenario, &options, &result);
    return result;
}

/* The first bytes are the plot's, as plot_write reads them; the run takes the next ones. */
static void bytes_make_a_plot_and_its_run(void **state)
{
    (void)state;
    const struct plot_options options = with(3, 16, PLOT_ALL);
    unsigned char bytes[2000];
    struct choices choices;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i * 41 + i / 7);
    choices_read(&choices, 0, bytes, sizeof bytes);
    char *text = plot_write(&options, &choices, NULL);
    struct plot_run plot = plot_of_bytes(&options, "some bytes", bytes, sizeof bytes, NULL);
    assert_string_equal(plot.text, text);
    assert_string_equal(plot.scenario->path, "some bytes");
    assert_int_equal(plot.byte_count, choices.bytes.left);
    assert_ptr_equal(plot.bytes, choices.bytes.next);
    struct player_result result = run_bytes(&plot);
    assert_true(result.passed);
    assert_in_range(result.bytes_taken, 1, plot.byte_count);
    player_result_free(&result);
    plot_run_free(&plot);
    free(text);
}

/* What a process keeps from run to run, fragments, parsers and keys, changes no run. */
static void a_run_after_all_is_forgotten_is_the_same(void **state)
{
    (void)state;
    const struct plot_options options = with(3, 30, PLOT_ALL);
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct player_options as = { .policy = CHOICE_SEEDED, .seed = seed };
        struct player_result results[3];
        for (size_t i = 0; i < 3; i++) {
            struct scenario *scenario = plot_of_seed(&options, seed, NULL);
            player_run(scenario, &as, &results[i]);
            scenario_free(scenario);
            if (i == 1) {
                scram_forget();
                xml_forget();
            }
        }
        assert_true(results[0].trace_hash == results[1].trace_hash);
        assert_true(results[0].trace_hash == results[2].trace_hash);
        for (size_t i = 0; i < 3; i++)
            player_result_free(&results[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_writes_the_same_plot),
        cmocka_unit_test(every_plot_is_a_scenario_of_checks_only),
        cmocka_unit_test(a_plot_has_the_cast_and_the_steps_that_were_asked_for),
        cmocka_unit_test(the_largest_cast_still_makes_a_plot),
        cmocka_unit_test(every_action_is_in_some_plot),
        cmocka_unit_test(every_theme_has_plots_of_its_own),
        cmocka_unit_test(what_belongs_to_a_theme_is_in_no_other_plot),
        cmocka_unit_test(without_faults_nothing_goes_wrong),
        cmocka_unit_test(only_the_faults_that_were_asked_for_are_planned),
        cmocka_unit_test(anonymous_clients_have_no_account),
        cmocka_unit_test(what_the_server_lacks_is_left_out),
        cmocka_unit_test(few_kinds_of_faults_meet_in_one_plot),
        cmocka_unit_test(counts_are_added_to_those_that_are_there),
        cmocka_unit_test(a_plot_that_was_recorded_is_written_again),
        cmocka_unit_test(any_bytes_make_a_plot),
        cmocka_unit_test(bytes_make_a_plot_and_its_run),
        cmocka_unit_test(a_run_after_all_is_forgotten_is_the_same),
        cmocka_unit_test(actions_have_names_of_their_own),
        cmocka_unit_test(of_every_fault_it_is_counted_what_came_of_it),
        cmocka_unit_test(small_and_large_casts_can_be_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
