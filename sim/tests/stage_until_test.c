/* Scenarios that are stopped in the middle, and scenarios that say how they were played. */
#include "stage_rig.h"

static struct stage_result play_until(const char *text, uint64_t until)
{
    return play_as(text, &(struct stage_options){ .policy = CHOICE_SCRIPTED, .until = until });
}

static void what_follows_is_not_judged(void **state)
{
    (void)state;
    static const char text[] = CAST "Romeo connects\nRomeo is not connected\n";
    struct stage_result result = play_until(text, 10);
    assert_true(result.passed && result.halted);
    assert_int_equal(result.events, 10);
    assert_non_null(result.description);
    stage_result_free(&result);
}

/* The steps are at an end by then: everybody is leaving. */
static void the_last_act_is_stopped_too(void **state)
{
    (void)state;
    static const char text[] = CAST "Romeo connects\nJuliet connects\n";
    struct stage_result whole = play_as(text, &loosely);
    struct stage_result result = play_until(text, whole.events - 1);
    assert_true(result.passed && result.halted);
    assert_int_equal(result.events, whole.events - 1);
    stage_result_free(&result);
    stage_result_free(&whole);
}

static void bytes_sent_in_pieces_are_stopped_too(void **state)
{
    (void)state;
    static const char text[] = CAST "Romeo opens a connection\nRomeo sends raw in pieces of 1:\n"
                                    "\t<stream:stream to='localhost' version='1.0'>\n";
    struct stage_result result = play_until(text, 5);
    assert_true(result.passed && result.halted);
    assert_int_equal(result.events, 5);
    stage_result_free(&result);
}

static void a_failure_before_it_is_one_and_is_described(void **state)
{
    (void)state;
    struct stage_result result = play_until(CAST "Romeo connects\nRomeo is not connected\n", 1000000);
    assert_false(result.passed || result.halted);
    assert_int_equal(result.line, FIRST_STEP + 1);
    assert_non_null(strstr(result.description, "session 1: c2s, full JID `romeo@localhost/orchard`"));
    stage_result_free(&result);
}

static void a_run_that_ends_before_it_is_described_at_its_end(void **state)
{
    (void)state;
    struct stage_result result = play_until(CAST "Romeo connects\n", 1000000);
    assert_true(result.passed && !result.halted);
    assert_null(strstr(result.description, "session 1"));
    assert_non_null(strstr(result.description, "client `Romeo`: away"));
    stage_result_free(&result);
}

static void nobody_who_does_not_ask_is_told(void **state)
{
    (void)state;
    struct stage_result result = play_as(CAST "Romeo connects\n", &loosely);
    assert_null(result.description);
    assert_false(result.halted);
    stage_result_free(&result);
}

/* A step more, and the world is asked something else: at the first decision of the second connection. */
static void a_recording_of_another_run_says_where_it_is_another(void **state)
{
    (void)state;
    struct recording record = { 0 };
    struct stage_options options = { .policy = CHOICE_SEEDED, .seed = 5, .record = &record };
    struct stage_result first = play_as(CAST "Romeo connects\nJuliet connects\n", &options);
    options = (struct stage_options){ .policy = CHOICE_RECORDED, .seed = 5, .recording = &record };
    struct stage_result same = play_as(CAST "Romeo connects\nJuliet connects\n", &options);
    assert_true(same.passed && same.events == first.events);
    struct stage_result other =
        play_as(CAST "Romeo opens a connection\nJuliet opens a connection\nRomeo connects\n", &options);
    assert_false(other.passed);
    assert_non_null(strstr(other.summary, "decision "));
    assert_non_null(strstr(other.summary, "when it was recorded, and is now about "));
    stage_result_free(&first);
    stage_result_free(&same);
    stage_result_free(&other);
    recording_free(&record);
}

/* That the first row was played so is said of the first alone: the second is as ever. */
static void tags_of_a_run_may_be_about_one_row(void **state)
{
    (void)state;
    static const char format[] = "## row: %s\n## seed: 9\n[Table]\n\tx\n\ta\n\tb\n" CAST "Romeo connects\n";
    char text[1024];
    (void)snprintf(text, sizeof text, format, "1");
    struct stage_result tagged = play_as(text, &loosely);
    (void)snprintf(text, sizeof text, format, "2");
    struct stage_result plain = play_as(text, &loosely);
    struct stage_result seeded = play_as(text, &(struct stage_options){ .policy = CHOICE_SEEDED, .seed = 9 });
    assert_true(tagged.passed && plain.passed && seeded.passed);
    assert_true(tagged.trace_hash == seeded.trace_hash);
    assert_true(tagged.trace_hash != plain.trace_hash);
    stage_result_free(&tagged);
    stage_result_free(&plain);
    stage_result_free(&seeded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_follows_is_not_judged),
        cmocka_unit_test(the_last_act_is_stopped_too),
        cmocka_unit_test(bytes_sent_in_pieces_are_stopped_too),
        cmocka_unit_test(a_failure_before_it_is_one_and_is_described),
        cmocka_unit_test(a_run_that_ends_before_it_is_described_at_its_end),
        cmocka_unit_test(nobody_who_does_not_ask_is_told),
        cmocka_unit_test(a_recording_of_another_run_says_where_it_is_another),
        cmocka_unit_test(tags_of_a_run_may_be_about_one_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
