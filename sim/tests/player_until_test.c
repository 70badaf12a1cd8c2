#define _GNU_SOURCE /* memmem */
/* Scenarios that are stopped in the middle, and scenarios that say how they were run. */
#include "../text.h"
#include "player_rig.h"

static void keep_last(void *host, uint64_t number, const char *line, size_t length)
{
    struct text *last = host;
    (void)number;
    last->length = 0;
    text_append(last, line, length);
}

static struct player_result run_to(const char *text, enum player_until what, uint64_t number)
{
    return run_as(text, &(struct player_options){ .policy = CHOICE_SCRIPTED, .until = { what, number } });
}

static struct player_result run_until(const char *text, uint64_t events)
{
    return run_to(text, PLAYER_UNTIL_EVENT, events);
}

static void what_follows_is_not_judged(void **state)
{
    (void)state;
    static const char text[] = CAST "Romeo connects\nRomeo is not connected\n";
    struct player_result result = run_until(text, 10);
    assert_true(result.passed && result.halted);
    assert_int_equal(result.events, 10);
    assert_non_null(result.description);
    player_result_free(&result);
}

/* The steps are at an end by then: everybody is leaving. */
static void the_last_act_is_stopped_too(void **state)
{
    (void)state;
    static const char text[] = CAST "Romeo connects\nJuliet connects\n";
    struct player_result whole = run_as(text, &loosely);
    struct player_result result = run_until(text, whole.events - 1);
    assert_true(result.passed && result.halted);
    assert_int_equal(result.events, whole.events - 1);
    player_result_free(&result);
    player_result_free(&whole);
}

static void bytes_sent_in_pieces_are_stopped_too(void **state)
{
    (void)state;
    static const char text[] = CAST "Romeo opens a connection\nRomeo sends raw in pieces of 1:\n"
                                    "\t<stream:stream to='localhost' version='1.0'>\n";
    struct player_result result = run_until(text, 5);
    assert_true(result.passed && result.halted);
    assert_int_equal(result.events, 5);
    player_result_free(&result);
}

static void a_failure_before_it_is_one_and_is_described(void **state)
{
    (void)state;
    struct player_result result = run_until(CAST "Romeo connects\nRomeo is not connected\n", 1000000);
    assert_false(result.passed || result.halted);
    assert_int_equal(result.line, FIRST_STEP + 1);
    assert_non_null(strstr(result.description, "session 1: c2s, full JID `romeo@localhost/orchard`"));
    player_result_free(&result);
}

static void a_run_that_ends_before_it_is_described_at_its_end(void **state)
{
    (void)state;
    struct player_result result = run_until(CAST "Romeo connects\n", 1000000);
    assert_true(result.passed && !result.halted);
    assert_null(strstr(result.description, "session 1"));
    assert_non_null(strstr(result.description, "client `Romeo`: away"));
    player_result_free(&result);
}

/* Line 3 is what arrives at the server, in an event that writes that line alone; line 6 is a step. */
static void a_run_is_stopped_at_a_line_of_its_trace(void **state)
{
    (void)state;
    static const char text[] = CAST "Romeo opens a connection\n1 second passes\nJuliet connects\n";
    struct player_result result = run_to(text, PLAYER_UNTIL_LINE, 3);
    assert_true(result.passed && result.halted);
    assert_int_equal(result.lines, 3);
    assert_int_equal(result.virtual_time, 1000000);
    player_result_free(&result);
    result = run_to(text, PLAYER_UNTIL_LINE, 6);
    assert_true(result.passed && result.halted);
    assert_int_equal(result.lines, 6);
    assert_int_equal(result.begun, FIRST_STEP + 2);
    assert_non_null(strstr(result.description, "client `Juliet`: away"));
    player_result_free(&result);
}

/* Whatever line it is, the number of the last that there is then stops it at the same moment. */
static void the_number_of_the_last_line_is_the_same_moment(void **state)
{
    (void)state;
    static const char text[] = CAST "Romeo connects\nJuliet connects\n";
    struct player_result whole = run_as(text, &loosely);
    assert_true(whole.lines > 40);
    for (uint64_t line = 1; line <= whole.lines; line++) {
        struct player_result one = run_to(text, PLAYER_UNTIL_LINE, line);
        assert_true(one.halted && one.lines >= line && one.lines <= whole.lines);
        struct player_result other = run_to(text, PLAYER_UNTIL_LINE, one.lines);
        assert_true(one.trace_hash == other.trace_hash && one.events == other.events);
        assert_string_equal(one.description, other.description);
        player_result_free(&one);
        player_result_free(&other);
    }
    player_result_free(&whole);
}

static void a_run_is_stopped_at_a_time(void **state)
{
    (void)state;
    static const char text[] = CAST "Romeo opens a connection\n1 second passes\nJuliet connects\n";
    const struct {
        uint64_t time, lines;
    } cases[] = { { 0, 2 }, { 1000000, 3 }, { 1999999, 3 }, { 2000000, 5 }, { 500000000, 5 } };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct player_result result = run_to(text, PLAYER_UNTIL_TIME, cases[i].time);
        assert_true(result.passed && result.halted);
        assert_int_equal(result.virtual_time, cases[i].time);
        assert_int_equal(result.lines, cases[i].lines);
        player_result_free(&result);
    }
    struct player_result result = run_to(text, PLAYER_UNTIL_TIME, 100 * SIM_SECOND);
    assert_true(result.passed && !result.halted);
    player_result_free(&result);
}

static void a_run_is_stopped_as_a_step_begins(void **state)
{
    (void)state;
    static const char text[] = CAST "Romeo opens a connection\n"
                                    "At the same time:\n"
                                    "\tJuliet opens a connection\n"
                                    "\tRomeo disconnects\n"
                                    "Juliet opens a stream\n";
    static const char *const last[] = { "Romeo opens", NULL, "Juliet opens a c", "Romeo dis",
                                        "Juliet opens a s" };
    for (int step = 0; step < 5; step++) {
        struct text trace = { 0 };
        struct player_options options = { .until = { PLAYER_UNTIL_STEP, (uint64_t)(FIRST_STEP + step) },
                                          .trace = keep_last,
                                          .trace_host = &trace };
        struct player_result result = run_as(text, &options);
        assert_true(result.passed && result.halted);
        assert_int_equal(result.begun, FIRST_STEP + step);
        if (last[step] != NULL)
            assert_non_null(strstr(trace.bytes, last[step]));
        assert_true((strstr(trace.bytes, " step ") != NULL) == (last[step] != NULL));
        text_free(&trace);
        player_result_free(&result);
    }
}

static void a_step_that_never_comes_stops_nothing(void **state)
{
    (void)state;
    struct player_result result = run_to(CAST "Romeo connects\nRomeo is not connected\nJuliet connects\n",
                                         PLAYER_UNTIL_STEP, FIRST_STEP + 2);
    assert_false(result.passed || result.halted);
    assert_int_equal(result.begun, FIRST_STEP + 1);
    assert_non_null(result.description);
    player_result_free(&result);
}

static void there_is_no_description_unless_requested(void **state)
{
    (void)state;
    struct player_result result = run_as(CAST "Romeo connects\n", &loosely);
    assert_null(result.description);
    assert_false(result.halted);
    player_result_free(&result);
}

/* A step more, and the world is asked something else: at the first decision of the second connection. */
static void a_recording_of_another_run_says_where_it_is_another(void **state)
{
    (void)state;
    struct recording record = { 0 };
    struct player_options options = { .policy = CHOICE_SEEDED, .seed = 5, .record = &record };
    struct player_result first = run_as(CAST "Romeo connects\nJuliet connects\n", &options);
    options = (struct player_options){ .policy = CHOICE_RECORDED, .seed = 5, .recording = &record };
    struct player_result same = run_as(CAST "Romeo connects\nJuliet connects\n", &options);
    assert_true(same.passed && same.events == first.events);
    struct player_result other =
        run_as(CAST "Romeo opens a connection\nJuliet opens a connection\nRomeo connects\n", &options);
    assert_false(other.passed);
    assert_non_null(strstr(other.summary, "decision "));
    assert_non_null(strstr(other.summary, "when it was recorded, and is now about "));
    player_result_free(&first);
    player_result_free(&same);
    player_result_free(&other);
    recording_free(&record);
}

/* That the first row was run so is said of the first alone: the second is as ever. */
static void tags_of_a_run_may_be_about_one_row(void **state)
{
    (void)state;
    static const char format[] = "## row: %s\n## seed: 9\n[Table]\n\tx\n\ta\n\tb\n" CAST "Romeo connects\n";
    char text[1024];
    (void)snprintf(text, sizeof text, format, "1");
    struct player_result tagged = run_as(text, &loosely);
    (void)snprintf(text, sizeof text, format, "2");
    struct player_result plain = run_as(text, &loosely);
    struct player_result seeded =
        run_as(text, &(struct player_options){ .policy = CHOICE_SEEDED, .seed = 9 });
    assert_true(tagged.passed && plain.passed && seeded.passed);
    assert_true(tagged.trace_hash == seeded.trace_hash);
    assert_true(tagged.trace_hash != plain.trace_hash);
    player_result_free(&tagged);
    player_result_free(&plain);
    player_result_free(&seeded);
}

/* Timers count as well: here a keepalive is due all the time. */
static void a_bound_on_events_halts_a_run(void **state)
{
    (void)state;
    static const char text[] =
        "[Server]\n\thost: localhost\n\tkeepalive: whitespace\n\tidle time: 1 second\n" CAST
        "Romeo connects\n1 day passes\n";
    struct player_options options = { .policy = CHOICE_SCRIPTED, .most_events = 500 };
    struct player_result result = run_as(text, &options);
    assert_true(result.passed && result.halted);
    assert_in_range(result.events, 1, 499);
    assert_null(result.description);
    player_result_free(&result);
    options.most_events = 100000000;
    result = run_as(text, &options);
    assert_true(result.passed && !result.halted);
    assert_true(result.events > 500);
    player_result_free(&result);
}

/* The server's first message names the iterations (RFC 5802, 5.1); i= is behind the salt. */
static void keep_challenge(void *host, uint64_t number, const char *line, size_t length)
{
    (void)number;
    if (memmem(line, length, "<challenge", strlen("<challenge")) != NULL)
        text_append(host, line, length);
}

static void a_bound_on_iterations_is_for_all_keys(void **state)
{
    (void)state;
    static const char text[] = "[Server]\n\thost: localhost\n\titerations: 50000\n" CAST "Romeo connects\n";
    struct text few = { 0 }, many = { 0 };
    struct player_options options = { .policy = CHOICE_SCRIPTED,
                                      .trace = keep_challenge,
                                      .trace_host = &many };
    struct player_result result = run_as(text, &options);
    assert_true(result.passed);
    player_result_free(&result);
    options.most_iterations = 3;
    options.trace_host = &few;
    result = run_as(text, &options);
    assert_true(result.passed);
    player_result_free(&result);
    /* "i=50000" and "i=3" at the end of the same message, in base64 */
    assert_non_null(few.bytes);
    assert_non_null(many.bytes);
    assert_true(few.length < many.length);
    text_free(&few);
    text_free(&many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_follows_is_not_judged),
        cmocka_unit_test(the_last_act_is_stopped_too),
        cmocka_unit_test(bytes_sent_in_pieces_are_stopped_too),
        cmocka_unit_test(a_failure_before_it_is_one_and_is_described),
        cmocka_unit_test(a_run_that_ends_before_it_is_described_at_its_end),
        cmocka_unit_test(a_run_is_stopped_at_a_line_of_its_trace),
        cmocka_unit_test(the_number_of_the_last_line_is_the_same_moment),
        cmocka_unit_test(a_run_is_stopped_at_a_time),
        cmocka_unit_test(a_run_is_stopped_as_a_step_begins),
        cmocka_unit_test(a_step_that_never_comes_stops_nothing),
        cmocka_unit_test(there_is_no_description_unless_requested),
        cmocka_unit_test(a_recording_of_another_run_says_where_it_is_another),
        cmocka_unit_test(a_bound_on_events_halts_a_run),
        cmocka_unit_test(a_bound_on_iterations_is_for_all_keys),
        cmocka_unit_test(tags_of_a_run_may_be_about_one_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
