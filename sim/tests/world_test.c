#include "../world/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 4096 };
static const uint64_t ENOUGH = 1000000;

/* The events in order, as numbers. */
struct diary {
    struct world *world;
    unsigned written[MOST];
    sim_time times[MOST];
    size_t count;
};

/* An event that writes its number, and may schedule another one. */
struct note {
    struct diary *diary;
    unsigned number;
    struct note *then; /* scheduled when this one happens */
    sim_time after;
};

static void happen(void *subject)
{
    struct note *note = subject;
    struct diary *diary = note->diary;
    assert_true(diary->count < MOST);
    diary->times[diary->count] = world_now(diary->world);
    diary->written[diary->count++] = note->number;
    if (note->then != NULL)
        world_event(diary->world, world_now(diary->world) + note->after, happen, note->then);
}

static struct diary *begin(enum choice_policy policy, uint64_t seed)
{
    struct diary *diary = calloc(1, sizeof *diary);
    assert_non_null(diary);
    diary->world = world_new(policy, seed, NULL);
    return diary;
}

static void end(struct diary *diary)
{
    world_free(diary->world);
    free(diary);
}

static void events_run_in_the_order_of_their_times(void **state)
{
    (void)state;
    static struct note notes[1000];
    struct diary *diary = begin(CHOICE_SCRIPTED, 1);
    for (unsigned i = 0; i < 1000; i++) {
        notes[i] = (struct note){ .diary = diary, .number = i * 379 % 1000 };
        world_event(diary->world, notes[i].number * SIM_SECOND, happen, &notes[i]);
    }
    assert_true(world_settle(diary->world, 1000));
    assert_int_equal(diary->count, 1000);
    assert_int_equal(world_events(diary->world), 1000);
    for (unsigned i = 0; i < 1000; i++) {
        assert_int_equal(diary->written[i], i);
        assert_true(diary->times[i] == i * SIM_SECOND);
    }
    end(diary);
}

static void scripted_ties_run_in_the_order_of_scheduling(void **state)
{
    (void)state;
    static struct note notes[1000];
    struct diary *diary = begin(CHOICE_SCRIPTED, 1);
    for (unsigned i = 0; i < 1000; i++) {
        notes[i] = (struct note){ .diary = diary, .number = i };
        world_event(diary->world, 5, happen, &notes[i]);
    }
    assert_true(world_settle(diary->world, ENOUGH));
    for (unsigned i = 0; i < 1000; i++)
        assert_int_equal(diary->written[i], i);
    /* With only one event left there is no choice. */
    assert_int_equal(world_choices(diary->world)->asked, 999);
    end(diary);
}

static void one_event_at_a_time_is_no_choice(void **state)
{
    (void)state;
    struct diary *diary = begin(CHOICE_SEEDED, 1);
    struct note note = { .diary = diary, .then = &note, .after = 0 };
    world_event(diary->world, 3, happen, &note);
    assert_false(world_settle(diary->world, 100));
    assert_int_equal(diary->count, 100);
    assert_int_equal(world_choices(diary->world)->asked, 0);
    end(diary);
}

static void every_order_of_a_tie_is_reached_under_some_seed(void **state)
{
    (void)state;
    bool seen[256] = { false };
    unsigned orders = 0;
    for (uint64_t seed = 0; seed < 500; seed++) {
        struct diary *diary = begin(CHOICE_SEEDED, seed);
        struct note notes[4];
        for (unsigned i = 0; i < 4; i++) {
            notes[i] = (struct note){ .diary = diary, .number = i };
            world_event(diary->world, 9, happen, &notes[i]);
        }
        assert_true(world_settle(diary->world, 4));
        unsigned order = 0;
        for (unsigned i = 0; i < 4; i++)
            order = order * 4 + diary->written[i];
        orders += !seen[order];
        seen[order] = true;
        end(diary);
    }
    assert_int_equal(orders, 24); /* 4! */
}

static void an_event_scheduled_for_now_joins_the_tie(void **state)
{
    (void)state;
    bool before = false, after = false;
    for (uint64_t seed = 0; seed < 100; seed++) {
        struct diary *diary = begin(CHOICE_SEEDED, seed);
        struct note joins = { .diary = diary, .number = 3 };
        struct note first = { .diary = diary, .number = 1, .then = &joins };
        struct note second = { .diary = diary, .number = 2 };
        world_event(diary->world, 9, happen, &first);
        world_event(diary->world, 9, happen, &second);
        assert_true(world_settle(diary->world, 3));
        if (diary->written[0] == 1) {
            before |= diary->written[1] == 3;
            after |= diary->written[2] == 3;
        }
        end(diary);
    }
    assert_true(before && after);

    struct diary *diary = begin(CHOICE_SCRIPTED, 0);
    struct note joins = { .diary = diary, .number = 3 };
    struct note first = { .diary = diary, .number = 1, .then = &joins };
    struct note second = { .diary = diary, .number = 2 };
    world_event(diary->world, 9, happen, &first);
    world_event(diary->world, 9, happen, &second);
    assert_true(world_settle(diary->world, 3));
    assert_int_equal(diary->written[1], 2);
    assert_int_equal(diary->written[2], 3);
    end(diary);
}

/* Chains of events over few distinct times, so that ties are large and keep growing while they run. */
static void no_event_is_lost_and_time_never_runs_back(void **state)
{
    (void)state;
    enum { CHAINS = 300, LINKS = 10, NOTES = CHAINS * LINKS };
    static struct note notes[NOTES];
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct diary *diary = begin(CHOICE_SEEDED, seed);
        struct choices dice;
        choices_init(&dice, CHOICE_SEEDED, seed);
        for (unsigned i = 0; i < NOTES; i++) {
            notes[i] = (struct note){ .diary = diary, .number = i, .after = choose(&dice, CHOICE_STEPS, 3) };
            if (i % LINKS < LINKS - 1)
                notes[i].then = &notes[i + 1];
        }
        for (size_t i = 0; i < NOTES; i += LINKS)
            world_event(diary->world, i % 4, happen, &notes[i]);
        assert_true(world_settle(diary->world, NOTES));
        assert_int_equal(diary->count, NOTES);
        static unsigned happened[NOTES];
        memset(happened, 0, sizeof happened);
        for (size_t i = 0; i < diary->count; i++) {
            assert_int_equal(++happened[diary->written[i]], 1);
            assert_true(i == 0 || diary->times[i] >= diary->times[i - 1]);
        }
        end(diary);
    }
}

static void settling_stops_at_the_bound_and_goes_on_from_there(void **state)
{
    (void)state;
    struct diary *diary = begin(CHOICE_SCRIPTED, 1);
    struct note notes[5];
    for (unsigned i = 0; i < 5; i++) {
        notes[i] = (struct note){ .diary = diary, .number = i };
        world_event(diary->world, i / 2, happen, &notes[i]);
    }
    assert_false(world_settle(diary->world, 0));
    assert_false(world_settle(diary->world, 3));
    assert_int_equal(diary->count, 3);
    assert_true(world_settle(diary->world, 2));
    assert_int_equal(diary->count, 5);
    assert_true(world_settle(diary->world, 0));
    assert_false(world_step(diary->world));
    end(diary);
}

/* A timer that is due every `period` for a number of times. */
struct alarm {
    struct note note;
    sim_time due, period;
    unsigned left;
};

static sim_time alarm_due(void *subject)
{
    const struct alarm *alarm = subject;
    return alarm->left > 0 ? alarm->due : UINT64_MAX;
}

static void alarm_fire(void *subject)
{
    struct alarm *alarm = subject;
    happen(&alarm->note);
    alarm->due += alarm->period;
    alarm->left--;
}

static void set_alarm(struct diary *diary, struct alarm *alarm)
{
    alarm->note.diary = diary;
    world_timer(diary->world, (struct world_timer){ alarm_due, alarm_fire, alarm });
}

static void settling_fires_no_timer_even_past_its_time(void **state)
{
    (void)state;
    struct diary *diary = begin(CHOICE_SCRIPTED, 1);
    struct alarm alarm = { .note = { .number = 7 }, .due = 5, .period = 5, .left = 1 };
    set_alarm(diary, &alarm);
    struct note late = { .diary = diary, .number = 1 };
    world_event(diary->world, 100, happen, &late);
    assert_true(world_settle(diary->world, ENOUGH));
    assert_true(world_now(diary->world) == 100);
    assert_int_equal(diary->count, 1);

    assert_true(world_pass(diary->world, 0, ENOUGH));
    assert_int_equal(diary->count, 2);
    assert_int_equal(diary->written[1], 7);
    assert_true(diary->times[1] == 100);
    end(diary);
}

static void passing_time_runs_events_and_timers_in_the_order_of_their_times(void **state)
{
    (void)state;
    struct diary *diary = begin(CHOICE_SCRIPTED, 1);
    struct alarm slow = { .note = { .number = 100 }, .due = 20, .period = 20, .left = 9 };
    struct alarm fast = { .note = { .number = 200 }, .due = 15, .period = 15, .left = 9 };
    set_alarm(diary, &slow);
    set_alarm(diary, &fast);
    struct note third = { .diary = diary, .number = 3 };
    struct note second = { .diary = diary, .number = 2, .then = &third, .after = 30 };
    struct note first = { .diary = diary, .number = 1, .then = &second, .after = 10 };
    world_event(diary->world, 20, happen, &first);
    assert_true(world_pass(diary->world, 60, ENOUGH));

    const struct {
        unsigned number;
        sim_time time;
    } expected[] = { { 200, 15 }, { 1, 20 },   { 100, 20 }, { 2, 30 },   { 200, 30 },
                     { 100, 40 }, { 200, 45 }, { 3, 60 },   { 100, 60 }, { 200, 60 } };
    assert_int_equal(diary->count, sizeof expected / sizeof expected[0]);
    for (size_t i = 0; i < diary->count; i++) {
        assert_int_equal(diary->written[i], expected[i].number);
        assert_true(diary->times[i] == expected[i].time);
    }
    assert_true(world_now(diary->world) == 60);
    end(diary);
}

static void time_passes_exactly_and_then_the_world_settles(void **state)
{
    (void)state;
    struct diary *diary = begin(CHOICE_SCRIPTED, 1);
    assert_true(world_pass(diary->world, 5 * SIM_SECOND, 0));
    assert_true(world_now(diary->world) == 5 * SIM_SECOND);
    struct alarm alarm = { .due = 6 * SIM_SECOND, .period = SIM_SECOND, .left = 100 };
    set_alarm(diary, &alarm);
    struct note after = { .diary = diary, .number = 1 };
    world_event(diary->world, 8 * SIM_SECOND, happen, &after);
    assert_true(world_pass(diary->world, SIM_SECOND, ENOUGH));
    assert_int_equal(diary->count, 2);
    assert_true(diary->times[1] == 8 * SIM_SECOND);
    assert_int_equal(alarm.left, 99);
    end(diary);
}

static void a_timer_that_is_always_due_is_noticed(void **state)
{
    (void)state;
    struct diary *diary = begin(CHOICE_SCRIPTED, 1);
    struct alarm alarm = { .due = 1, .period = 0, .left = MOST };
    set_alarm(diary, &alarm);
    assert_false(world_pass(diary->world, 10, 50));
    assert_int_equal(diary->count, 50);
    assert_int_equal(world_events(diary->world), 0);
    end(diary);
}

static void watch(void *host)
{
    struct diary *diary = host;
    diary->times[diary->count] = world_now(diary->world);
    diary->written[diary->count++] = 1000;
}

static void the_watcher_looks_after_each_event_and_each_timer(void **state)
{
    (void)state;
    struct diary *diary = begin(CHOICE_SCRIPTED, 1);
    world_watch(diary->world, watch, diary);
    struct alarm alarm = { .note = { .number = 2 }, .due = 5, .period = 5, .left = 1 };
    set_alarm(diary, &alarm);
    struct note note = { .diary = diary, .number = 1 };
    world_event(diary->world, 3, happen, &note);
    assert_true(world_pass(diary->world, 10, ENOUGH));
    assert_int_equal(diary->count, 4);
    assert_int_equal(diary->written[1], 1000);
    assert_int_equal(diary->written[2], 2);
    assert_int_equal(diary->written[3], 1000);
    end(diary);
}

static void onlook(void *host)
{
    struct diary *diary = host;
    diary->written[diary->count++] = 2000;
}

static void an_onlooker_is_called_after_the_watcher(void **state)
{
    (void)state;
    struct diary *diary = begin(CHOICE_SCRIPTED, 1);
    world_look_on(diary->world, onlook, diary);
    world_watch(diary->world, watch, diary);
    struct note note = { .diary = diary, .number = 1 };
    world_event(diary->world, 3, happen, &note);
    assert_true(world_settle(diary->world, ENOUGH));
    assert_int_equal(diary->count, 3);
    assert_int_equal(diary->written[1], 1000);
    assert_int_equal(diary->written[2], 2000);
    world_look_on(diary->world, NULL, NULL);
    world_event(diary->world, 3, happen, &note);
    assert_true(world_settle(diary->world, ENOUGH));
    assert_int_equal(diary->count, 5);
    end(diary);
}

static void events_left_are_forgotten_with_the_world(void **state)
{
    (void)state;
    struct diary *diary = begin(CHOICE_SCRIPTED, 1);
    struct note note = { .diary = diary };
    for (int i = 0; i < 100; i++)
        world_event(diary->world, 1, happen, &note);
    assert_true(world_step(diary->world));
    assert_int_equal(diary->count, 1);
    end(diary);
    world_free(NULL);
}

static sim_time due_at_once(void *subject)
{
    (void)subject;
    return 0;
}

static void fire_in_vain(void *subject)
{
    (void)subject;
    fail_msg("a timer fired in a world that had stopped");
}

/* The caller that waits learns that the world is done; pending events stay pending. */
static void a_world_halts_after_the_given_event(void **state)
{
    (void)state;
    struct diary *diary = begin(CHOICE_SCRIPTED, 1);
    struct note note = { .diary = diary };
    for (sim_time at = 1; at <= 10; at++)
        world_event(diary->world, at, happen, &note);
    world_halt_after(diary->world, 4);
    assert_false(world_is_halted(diary->world));
    assert_true(world_settle(diary->world, ENOUGH));
    assert_true(world_is_halted(diary->world));
    assert_int_equal(diary->count, 4);
    assert_int_equal(world_pending(diary->world), 6);
    assert_int_equal(world_now(diary->world), 4);
    world_timer(diary->world, (struct world_timer){ due_at_once, fire_in_vain, NULL });
    assert_false(world_step(diary->world));
    assert_true(world_pass(diary->world, 100, ENOUGH));
    assert_int_equal(world_now(diary->world), 4);
    assert_int_equal(diary->count, 4);
    end(diary);
}

static void a_world_stops_while_time_passes(void **state)
{
    (void)state;
    struct diary *diary = begin(CHOICE_SCRIPTED, 1);
    struct note note = { .diary = diary };
    for (sim_time at = 1; at <= 10; at++)
        world_event(diary->world, at, happen, &note);
    world_halt_after(diary->world, 7);
    assert_true(world_pass(diary->world, 100, ENOUGH));
    assert_int_equal(diary->count, 7);
    assert_int_equal(world_now(diary->world), 7);
    world_halt_after(diary->world, 0);
    assert_true(world_settle(diary->world, ENOUGH));
    assert_int_equal(diary->count, 10);
    end(diary);
}

static sim_time due_each_time(void *subject)
{
    const struct diary *diary = subject;
    return world_now(diary->world) + 1;
}

static void fire_for_nothing(void *subject)
{
    (void)subject;
}

static void a_world_stops_after_so_many_events_and_timers(void **state)
{
    (void)state;
    struct diary *diary = begin(CHOICE_SCRIPTED, 1);
    struct note note = { .diary = diary };
    for (sim_time at = 1; at <= 10; at++)
        world_event(diary->world, at, happen, &note);
    world_timer(diary->world, (struct world_timer){ due_each_time, fire_for_nothing, diary });
    world_halt_after_work(diary->world, 13);
    /* At equal times an event precedes a timer, which is then due a nanosecond later: ten events, three timers. */
    assert_true(world_pass(diary->world, 100, ENOUGH));
    assert_true(world_is_halted(diary->world));
    assert_int_equal(diary->count, 10);
    assert_int_equal(world_now(diary->world), 13);
    world_halt_after_work(diary->world, 0);
    assert_false(world_is_halted(diary->world));
    end(diary);
}

static volatile sig_atomic_t raised;

static void happen_and_raise(void *subject)
{
    happen(subject);
    raised = 1;
}

static void a_world_stops_after_the_event_in_which_its_flag_is_raised(void **state)
{
    (void)state;
    struct diary *diary = begin(CHOICE_SCRIPTED, 1);
    struct note note = { .diary = diary };
    raised = 0;
    world_halt_when(diary->world, &raised);
    world_event(diary->world, 1, happen, &note);
    world_event(diary->world, 2, happen_and_raise, &note);
    world_event(diary->world, 3, happen, &note);
    assert_true(world_pass(diary->world, 100, ENOUGH));
    assert_true(world_is_halted(diary->world));
    assert_int_equal(diary->count, 2);
    assert_int_equal(world_now(diary->world), 2);
    raised = 0;
    assert_true(world_settle(diary->world, ENOUGH));
    assert_int_equal(diary->count, 2);
    end(diary);
}

static void write_and_happen(void *subject)
{
    struct note *note = subject;
    happen(subject);
    for (int i = 0; i < 3; i++)
        trace_line(world_trace(note->diary->world), 0, "w", "x", NULL, 0);
}

/* Three lines an event; the fifth is the second event's. */
static void a_world_stops_after_the_event_that_writes_a_line(void **state)
{
    (void)state;
    struct trace *trace = trace_new(NULL, NULL);
    struct diary diary = { .world = world_new(CHOICE_SCRIPTED, 1, trace) };
    struct note note = { .diary = &diary };
    for (sim_time at = 1; at <= 10; at++)
        world_event(diary.world, at, write_and_happen, &note);
    world_halt_at_line(diary.world, 5);
    assert_true(world_settle(diary.world, ENOUGH));
    assert_true(world_is_halted(diary.world));
    assert_int_equal(diary.count, 2);
    assert_int_equal(trace_count(trace), 6);
    world_free(diary.world);
    trace_free(trace);
}

/* Two events are due at the time itself, one right behind it. */
static void a_world_stops_before_the_clock_goes_beyond_a_time(void **state)
{
    (void)state;
    static const sim_time times[] = { 3, 5, 5, 6 };
    struct diary *diary = begin(CHOICE_SCRIPTED, 1);
    struct note note = { .diary = diary };
    for (size_t i = 0; i < 4; i++)
        world_event(diary->world, times[i], happen, &note);
    world_halt_at_time(diary->world, 5);
    assert_true(world_settle(diary->world, ENOUGH));
    assert_true(world_is_halted(diary->world));
    assert_int_equal(diary->count, 3);
    assert_int_equal(world_now(diary->world), 5);
    assert_int_equal(world_pending(diary->world), 1);
    end(diary);
}

static sim_time due_at_ten(void *subject)
{
    (void)subject;
    return 10;
}

/* Neither a timer nor the end of what passes takes the clock beyond it. */
static void a_world_stops_at_a_time_that_passes(void **state)
{
    (void)state;
    for (int any_order = 0; any_order < 2; any_order++) {
        struct diary *diary = begin(CHOICE_SCRIPTED, 1);
        if (any_order)
            world_set_any_order(diary->world);
        world_halt_at_time(diary->world, 7);
        assert_true(world_race(diary->world, 6, ENOUGH));
        assert_false(world_is_halted(diary->world));
        world_timer(diary->world, (struct world_timer){ due_at_ten, fire_in_vain, NULL });
        assert_true(world_race(diary->world, 100, ENOUGH));
        assert_true(world_is_halted(diary->world));
        assert_int_equal(world_now(diary->world), 7);
        end(diary);
    }
    struct diary *diary = begin(CHOICE_SCRIPTED, 1);
    world_halt_at_time(diary->world, 7);
    assert_true(world_pass(diary->world, 100, ENOUGH));
    assert_true(world_is_halted(diary->world));
    assert_int_equal(world_now(diary->world), 7);
    end(diary);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_run_in_the_order_of_their_times),
        cmocka_unit_test(scripted_ties_run_in_the_order_of_scheduling),
        cmocka_unit_test(one_event_at_a_time_is_no_choice),
        cmocka_unit_test(every_order_of_a_tie_is_reached_under_some_seed),
        cmocka_unit_test(an_event_scheduled_for_now_joins_the_tie),
        cmocka_unit_test(no_event_is_lost_and_time_never_runs_back),
        cmocka_unit_test(settling_stops_at_the_bound_and_goes_on_from_there),
        cmocka_unit_test(settling_fires_no_timer_even_past_its_time),
        cmocka_unit_test(passing_time_runs_events_and_timers_in_the_order_of_their_times),
        cmocka_unit_test(time_passes_exactly_and_then_the_world_settles),
        cmocka_unit_test(a_timer_that_is_always_due_is_noticed),
        cmocka_unit_test(the_watcher_looks_after_each_event_and_each_timer),
        cmocka_unit_test(an_onlooker_is_called_after_the_watcher),
        cmocka_unit_test(events_left_are_forgotten_with_the_world),
        cmocka_unit_test(a_world_halts_after_the_given_event),
        cmocka_unit_test(a_world_stops_while_time_passes),
        cmocka_unit_test(a_world_stops_after_so_many_events_and_timers),
        cmocka_unit_test(a_world_stops_after_the_event_in_which_its_flag_is_raised),
        cmocka_unit_test(a_world_stops_after_the_event_that_writes_a_line),
        cmocka_unit_test(a_world_stops_before_the_clock_goes_beyond_a_time),
        cmocka_unit_test(a_world_stops_at_a_time_that_passes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
