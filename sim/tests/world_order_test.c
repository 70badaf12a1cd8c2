/* Worlds of any order, whose choices are all walked. */
#include "../world/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PAGE = 4096 };
static const uint64_t ENOUGH = 1000;

/* One walk: all runs that there are, each as a word with a letter for what happened, a blank between them. */
struct walk {
    struct recording path;
    struct world *world;
    unsigned runs;
    char page[PAGE];
    size_t asked; /* how often it came to crossroads */
    size_t stops; /* at which of these a run is to end; 0 for none */
    char then;    /* happens after 'a' did */
    sim_time due; /* of the timer */
};

static void write_letter(struct walk *walk, char letter)
{
    const size_t length = strlen(walk->page);
    assert_true(length + 1 < sizeof walk->page);
    walk->page[length] = letter;
}

/* Something that happens, and leaves its letter. */
struct letter {
    struct walk *walk;
    char letter;
};

static void happen(void *subject)
{
    const struct letter *letter = subject;
    write_letter(letter->walk, letter->letter);
}

static void happen_and_more(void *subject)
{
    static struct letter more;
    const struct letter *letter = subject;
    happen(subject);
    more = (struct letter){ letter->walk, letter->walk->then };
    world_event(letter->walk->world, world_now(letter->walk->world), happen, &more);
}

static void happen_and_next(void *subject)
{
    static struct letter next;
    const struct letter *letter = subject;
    happen(subject);
    next = (struct letter){ letter->walk, letter->walk->then };
    world_next(letter->walk->world, happen, &next);
}

static bool goes_on(void *host)
{
    struct walk *walk = host;
    walk->asked++;
    return walk->stops == 0 || walk->asked != walk->stops;
}

static sim_time timer_due(void *subject)
{
    return ((const struct walk *)subject)->due;
}

static void timer_fires(void *subject)
{
    struct walk *walk = subject;
    write_letter(walk, 'T');
    walk->due = UINT64_MAX;
}

/* Everything is created again for each run. */
static void each_run(struct walk *walk, void (*run)(struct walk *walk))
{
    memset(walk->page, 0, sizeof walk->page);
    do {
        walk->world = world_new(CHOICE_SCRIPTED, 0, NULL);
        choices_walk(world_choices(walk->world), 0, &walk->path, 1u << CHOICE_TIES);
        world_set_any_order(walk->world);
        world_ask_at_crossroads(walk->world, goes_on, walk);
        world_timer(walk->world, (struct world_timer){ timer_due, timer_fires, walk });
        if (walk->runs++ > 0)
            write_letter(walk, ' ');
        run(walk);
        world_free(walk->world);
    } while (choice_path_next(&walk->path));
    recording_free(&walk->path);
}

/* Three events, said to be seconds apart. */
static void run_three(struct walk *walk)
{
    static struct letter letters[3];
    for (size_t i = 0; i < 3; i++) {
        letters[i] = (struct letter){ walk, (char)('a' + i) };
        world_event(walk->world, i * SIM_SECOND, happen, &letters[i]);
    }
    assert_true(world_is_any_order(walk->world));
    assert_true(world_settle(walk->world, ENOUGH));
    assert_int_equal(world_now(walk->world), 0);
}

static void what_is_under_way_happens_in_every_order_and_takes_no_time(void **state)
{
    (void)state;
    struct walk walk = { .due = UINT64_MAX };
    each_run(&walk, run_three);
    assert_string_equal(walk.page, "abc acb bac bca cab cba");
    assert_int_equal(walk.runs, 6);
}

static void run_more(struct walk *walk)
{
    static struct letter letters[2];
    walk->then = 'c';
    letters[0] = (struct letter){ walk, 'a' };
    letters[1] = (struct letter){ walk, 'b' };
    world_event(walk->world, 0, happen_and_more, &letters[0]);
    world_event(walk->world, 0, happen, &letters[1]);
    assert_true(world_settle(walk->world, ENOUGH));
}

static void what_comes_of_an_event_comes_after_it_and_else_in_any_order(void **state)
{
    (void)state;
    struct walk walk = { .due = UINT64_MAX };
    each_run(&walk, run_more);
    assert_string_equal(walk.page, "abc acb bac");
}

static void run_next(struct walk *walk)
{
    static struct letter letters[3];
    walk->then = 'c';
    for (size_t i = 0; i < 2; i++)
        letters[i] = (struct letter){ walk, (char)('a' + i) };
    world_event(walk->world, 0, happen_and_next, &letters[0]);
    world_event(walk->world, 0, happen, &letters[1]);
    assert_true(world_settle(walk->world, ENOUGH));
}

static void what_is_next_comes_before_all_that_is_under_way(void **state)
{
    (void)state;
    struct walk walk = { .due = UINT64_MAX };
    each_run(&walk, run_next);
    assert_string_equal(walk.page, "acb bac");
}

static void two_that_are_next_come_in_the_order_of_scheduling(void **state)
{
    (void)state;
    struct walk walk = { 0 };
    struct letter letters[2] = { { &walk, 'a' }, { &walk, 'b' } };
    struct world *world = world_new(CHOICE_SCRIPTED, 0, NULL);
    world_next(world, happen, &letters[0]);
    world_next(world, happen, &letters[1]);
    assert_int_equal(world_pending(world), 2);
    assert_true(world_pass(world, 0, ENOUGH));
    assert_string_equal(walk.page, "ab");
    world_free(world);
}

static void set_off(struct walk *walk)
{
    static struct letter letter;
    letter = (struct letter){ walk, 'a' };
    walk->due = 3 * SIM_SECOND;
    world_event(walk->world, 0, happen, &letter);
}

static void run_pass(struct walk *walk)
{
    set_off(walk);
    assert_true(world_pass(walk->world, 5 * SIM_SECOND, ENOUGH));
    assert_int_equal(world_now(walk->world), 5 * SIM_SECOND);
}

/* Time passes when nothing is under way. */
static void time_that_passes_waits_for_what_is_under_way(void **state)
{
    (void)state;
    struct walk walk = { 0 };
    each_run(&walk, run_pass);
    assert_string_equal(walk.page, "aT");
}

static void run_race(struct walk *walk)
{
    set_off(walk);
    assert_true(world_race(walk->world, 5 * SIM_SECOND, ENOUGH));
    assert_int_equal(world_now(walk->world), 5 * SIM_SECOND);
    assert_int_equal(world_pending(walk->world), 0);
}

/* The last time it happens when the time is over. */
static void time_that_races_fires_timers_before_and_after_each_event(void **state)
{
    (void)state;
    struct walk walk = { 0 };
    each_run(&walk, run_race);
    assert_string_equal(walk.page, "aT Ta Ta");
}

static void run_short_race(struct walk *walk)
{
    set_off(walk);
    assert_true(world_race(walk->world, 2 * SIM_SECOND, ENOUGH));
}

static void a_timer_that_is_due_later_does_not_race(void **state)
{
    (void)state;
    struct walk walk = { 0 };
    each_run(&walk, run_short_race);
    assert_string_equal(walk.page, "a a");
}

static void elsewhere_a_race_is_no_more_than_time_that_passes(void **state)
{
    (void)state;
    struct walk walk = { .world = world_new(CHOICE_SCRIPTED, 0, NULL), .due = 3 };
    struct letter letter = { &walk, 'a' };
    world_timer(walk.world, (struct world_timer){ timer_due, timer_fires, &walk });
    world_event(walk.world, 4, happen, &letter);
    assert_false(world_is_any_order(walk.world));
    assert_int_equal(world_after(walk.world, 7), 7);
    assert_true(world_race(walk.world, 5, ENOUGH));
    assert_string_equal(walk.page, "Ta");
    world_free(walk.world);
}

static void a_race_that_goes_on_for_ever_is_noticed(void **state)
{
    (void)state;
    struct walk walk = { .world = world_new(CHOICE_SCRIPTED, 0, NULL) };
    struct letter letters[2] = { { &walk, 'a' }, { &walk, 'b' } };
    world_set_any_order(walk.world);
    world_event(walk.world, 0, happen, &letters[0]);
    world_event(walk.world, 0, happen, &letters[1]);
    assert_false(world_race(walk.world, 5, 1));
    world_free(walk.world);
}

/* The first of three events is a choice of three, the second one of two. */
static void a_run_may_end_at_any_crossroads(void **state)
{
    (void)state;
    struct walk walk = { .due = UINT64_MAX, .stops = 2 };
    walk.world = world_new(CHOICE_SCRIPTED, 0, NULL);
    world_set_any_order(walk.world);
    world_ask_at_crossroads(walk.world, goes_on, &walk);
    run_three(&walk);
    assert_string_equal(walk.page, "a");
    assert_int_equal(walk.asked, 2);
    assert_true(world_is_halted(walk.world));
    assert_false(world_step(walk.world));
    assert_int_equal(world_pending(walk.world), 2);
    world_free(walk.world);
}

static void a_race_may_end_at_crossroads_too(void **state)
{
    (void)state;
    struct walk walk = { .stops = 1, .world = world_new(CHOICE_SCRIPTED, 0, NULL) };
    world_set_any_order(walk.world);
    world_ask_at_crossroads(walk.world, goes_on, &walk);
    set_off(&walk);
    assert_true(world_race(walk.world, 5 * SIM_SECOND, ENOUGH));
    assert_string_equal(walk.page, "");
    assert_true(world_is_halted(walk.world));
    world_free(walk.world);
}

/* The draws of a client in two worlds, in which two others have drawn more or less before. */
static void a_stream_does_not_depend_on_other_clients(void **state)
{
    (void)state;
    char drawn[2][3][16];
    for (int i = 0; i < 2; i++) {
        struct world *world = world_new(CHOICE_SCRIPTED, 7, NULL);
        char others[8];
        world_set_any_order(world);
        choice_entropy(world_choices(world), others, sizeof others);
        for (int k = 0; k < 3; k++) {
            world_concerns(world, i == 0 ? "Juliet" : "Nurse");
            choice_entropy(world_choices(world), others, i == 0 ? 8 : 3);
            world_concerns(world, "Romeo");
            choice_entropy(world_choices(world), drawn[i][k], sizeof drawn[i][k]);
        }
        world_free(world);
    }
    assert_memory_equal(drawn[0], drawn[1], sizeof drawn[0]);
    assert_memory_not_equal(drawn[0][0], drawn[0][1], sizeof drawn[0][0]);
}

static void elsewhere_all_draw_from_one_stream(void **state)
{
    (void)state;
    struct world *world = world_new(CHOICE_SEEDED, 7, NULL);
    struct choices choices;
    char drawn[16], expected[16];
    choices_init(&choices, CHOICE_SEEDED, 7);
    choice_entropy(&choices, expected, sizeof expected);
    world_concerns(world, "Romeo");
    choice_entropy(world_choices(world), drawn, sizeof drawn);
    assert_memory_equal(drawn, expected, sizeof drawn);
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_under_way_happens_in_every_order_and_takes_no_time),
        cmocka_unit_test(what_comes_of_an_event_comes_after_it_and_else_in_any_order),
        cmocka_unit_test(what_is_next_comes_before_all_that_is_under_way),
        cmocka_unit_test(two_that_are_next_come_in_the_order_of_scheduling),
        cmocka_unit_test(time_that_passes_waits_for_what_is_under_way),
        cmocka_unit_test(time_that_races_fires_timers_before_and_after_each_event),
        cmocka_unit_test(a_timer_that_is_due_later_does_not_race),
        cmocka_unit_test(elsewhere_a_race_is_no_more_than_time_that_passes),
        cmocka_unit_test(a_race_that_goes_on_for_ever_is_noticed),
        cmocka_unit_test(a_run_may_end_at_any_crossroads),
        cmocka_unit_test(a_race_may_end_at_crossroads_too),
        cmocka_unit_test(a_stream_does_not_depend_on_other_clients),
        cmocka_unit_test(elsewhere_all_draw_from_one_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
