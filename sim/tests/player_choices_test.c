#include "player_rig.h"

/* Many choices: which client is first, where bytes are cut, durations. */
#define BUSY                                                                                                 \
    FRIENDS CAST "At the same time:\n\tRomeo connects\n\tJuliet connects\n"                                  \
                 "At the same time:\n\tRomeo sends:\n\t\t<presence/>\n\tJuliet sends:\n\t\t<presence/>\n"    \
                 "Romeo is available\nJuliet is available\n"

static uint64_t hash_of(const char *text, const struct player_options *options)
{
    struct player_result result = run_as(text, options);
    if (!result.passed)
        print_error("%s", result.explanation);
    assert_true(result.passed);
    const uint64_t hash = result.trace_hash;
    player_result_free(&result);
    return hash;
}

static uint64_t hash_of_seed(const char *text, uint64_t seed)
{
    return hash_of(text, &(struct player_options){ .policy = CHOICE_SEEDED, .seed = seed });
}

/* Runs under a seed, and records the decisions. */
static uint64_t record(const char *text, uint64_t seed, struct recording *recording)
{
    *recording = (struct recording){ 0 };
    const uint64_t hash =
        hash_of(text, &(struct player_options){ .policy = CHOICE_SEEDED, .seed = seed, .record = recording });
    assert_in_range(recording->count, 20, 100000);
    return hash;
}

static uint64_t replay(const char *text, uint64_t seed, struct recording *recording)
{
    return hash_of(
        text, &(struct player_options){ .policy = CHOICE_RECORDED, .seed = seed, .recording = recording });
}

/* ---- The tags ---- */

/* The text of BUSY below tags; the caller frees. */
static char *tagged(const char *tags)
{
    const size_t size = strlen(tags) + sizeof BUSY;
    char *text = malloc(size);
    assert_non_null(text);
    (void)snprintf(text, size, "%s%s", tags, BUSY);
    return text;
}

static void the_tag_seed_runs_as_the_option_does(void **state)
{
    (void)state;
    char *text = tagged("## seed: 41\n");
    assert_true(hash_of(text, &loosely) == hash_of_seed(BUSY, 41));
    assert_true(hash_of(text, &loosely) != hash_of(BUSY, &loosely));
    free(text);
}

static void the_command_line_has_the_last_word_on_the_seed(void **state)
{
    (void)state;
    char *text = tagged("## seed: 41\n");
    assert_true(hash_of_seed(text, 7) == hash_of_seed(BUSY, 7));
    free(text);
}

static char *choices_tag(uint64_t seed, const struct recording *recording)
{
    char *line = recording_print(recording);
    const size_t size = strlen(line) + 100;
    char *tags = malloc(size);
    assert_non_null(tags);
    (void)snprintf(tags, size, "## seed: %u\n## choices: %s\n", (unsigned)seed, line);
    char *text = tagged(tags);
    free(tags);
    free(line);
    return text;
}

/* The seed determines identifiers, which are no decisions. */
static void the_tag_choices_repeats_the_recorded_run(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 6; seed++) {
        struct recording recording;
        const uint64_t hash = record(BUSY, seed, &recording);
        char *text = choices_tag(seed, &recording);
        assert_true(hash_of(text, &loosely) == hash);
        free(text);
        recording_free(&recording);
    }
}

static void no_choices_are_the_default_schedule(void **state)
{
    (void)state;
    char *text = tagged("## choices: none\n");
    assert_true(hash_of(text, &loosely) == hash_of(BUSY, &loosely));
    free(text);
}

static void a_tag_that_drifts_fails_the_scenario(void **state)
{
    (void)state;
    char *text = tagged("## choices: 0:steps 1/9\n");
    fails(text, 0,
          "decision 0 was about steps among 9 when it was recorded, and is now about steps among 2: this is "
          "another run");
    free(text);
}

/* ---- Checks only ---- */

static void with_checks_only_nothing_has_to_come(void **state)
{
    (void)state;
    static const char steps[] = CAST "Romeo connects\nRomeo receives:\n\t<message/>\nJuliet is available\n"
                                     "Romeo's link breaks\nRomeo is connected\n";
    char text[1024];
    struct player_result result = run_as(steps, &loosely);
    assert_false(result.passed);
    player_result_free(&result);
    (void)snprintf(text, sizeof text, "## checks only\n%s", steps);
    passes(text);
    passes_strictly(text);
}

static void with_checks_only_a_disconnected_client_sends_nothing(void **state)
{
    (void)state;
    static const char steps[] = CAST "Romeo sends:\n\t<presence/>\n";
    char text[1024];
    struct player_result result = run_as(steps, &loosely);
    assert_false(result.passed);
    player_result_free(&result);
    (void)snprintf(text, sizeof text, "## checks only\n%s", steps);
    passes(text);
}

/* ---- Recorded ---- */

static void a_recorded_run_is_repeated(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 10; seed++) {
        struct recording recording;
        const uint64_t hash = record(BUSY, seed, &recording);
        assert_true(replay(BUSY, seed, &recording) == hash);
        recording_free(&recording);
    }
}

static void a_recording_as_text_is_run_as_well(void **state)
{
    (void)state;
    struct recording recording, parsed;
    const uint64_t hash = record(BUSY, 3, &recording);
    char *line = recording_print(&recording);
    assert_true(recording_parse(line, &parsed));
    assert_true(replay(BUSY, 3, &parsed) == hash);
    free(line);
    recording_free(&recording);
    recording_free(&parsed);
}

static void a_replay_can_be_recorded(void **state)
{
    (void)state;
    struct recording recording, again = { 0 };
    const uint64_t hash = record(BUSY, 5, &recording);
    assert_true(hash_of(BUSY, &(struct player_options){ .policy = CHOICE_RECORDED,
                                                        .seed = 5,
                                                        .recording = &recording,
                                                        .record = &again }) == hash);
    char *one = recording_print(&recording), *other = recording_print(&again);
    assert_string_equal(one, other);
    free(one);
    free(other);
    recording_free(&recording);
    recording_free(&again);
}

/* Without the first decisions the run differs; the failure names the decision. */
static void a_drifting_recording_says_at_which_decision(void **state)
{
    (void)state;
    struct recording recording;
    (void)record(BUSY, 2, &recording);
    struct choice *changed = &recording.list[10];
    char expected[200];
    (void)snprintf(expected, sizeof expected,
                   "decision 10 was about plot among 77 when it was recorded, and is now about %s among %u: "
                   "this is another run",
                   choice_concern_name(changed->concern), (unsigned)changed->possibilities);
    *changed = (struct choice){ CHOICE_PLOT, 77, 5 };
    fails_as(BUSY, &(struct player_options){ .policy = CHOICE_RECORDED, .seed = 2, .recording = &recording },
             0, expected);
    recording_free(&recording);
}

static void a_recording_of_another_scenario_drifts(void **state)
{
    (void)state;
    struct recording recording;
    (void)record(CAST "Romeo connects\nJuliet connects\n", 2, &recording);
    struct player_result result = run_as(
        BUSY, &(struct player_options){ .policy = CHOICE_RECORDED, .seed = 2, .recording = &recording });
    assert_false(result.passed);
    assert_true(result.drifted);
    assert_non_null(strstr(result.summary, "this is another run"));
    player_result_free(&result);
    recording_free(&recording);
}

/* ---- Fuzzed ---- */

static void no_bytes_are_the_default_schedule(void **state)
{
    (void)state;
    assert_true(hash_of(BUSY, &(struct player_options){ .policy = CHOICE_FUZZED }) ==
                hash_of(BUSY, &loosely));
}

static void a_fuzzed_run_is_the_same_each_time_and_can_be_replayed(void **state)
{
    (void)state;
    unsigned char bytes[100];
    for (size_t round = 1; round < 6; round++) {
        struct recording recording = { 0 };
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = (unsigned char)((i + round) * (i + 3 * round) * 37 >> 2);
        const struct player_options options = { .policy = CHOICE_FUZZED,
                                                .seed = 9,
                                                .bytes = bytes,
                                                .byte_count = sizeof bytes,
                                                .record = &recording };
        const uint64_t hash = hash_of(BUSY, &options);
        assert_true(replay(BUSY, 9, &recording) == hash);
        assert_true(hash != hash_of(BUSY, &loosely));
        recording_free(&recording);
        assert_true(hash_of(BUSY, &options) == hash);
        recording_free(&recording);
    }
}

/* ---- Exhaustive ---- */

static void every_order_of_the_steps_is_walked(void **state)
{
    (void)state;
    static const char three[] = "[Client] A\n\tjid: a@localhost\n[Client] B\n\tjid: b@localhost\n"
                                "[Client] C\n\tjid: c@localhost\n---\n"
                                "At the same time:\n\tA connects\n\tB connects\n\tC connects\n";
    struct recording path = { 0 };
    uint64_t hashes[6];
    size_t runs = 0;
    do {
        assert_in_range(runs, 0, 5);
        hashes[runs++] = hash_of(three, &(struct player_options){ .policy = CHOICE_EXHAUSTIVE,
                                                                  .recording = &path,
                                                                  .walked = 1u << CHOICE_STEPS });
    } while (choice_path_next(&path));
    assert_int_equal(runs, 6); /* 3! */
    for (size_t i = 0; i < runs; i++)
        for (size_t k = 0; k < i; k++)
            assert_true(hashes[i] != hashes[k]);
    recording_free(&path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tag_seed_runs_as_the_option_does),
        cmocka_unit_test(the_command_line_has_the_last_word_on_the_seed),
        cmocka_unit_test(the_tag_choices_repeats_the_recorded_run),
        cmocka_unit_test(no_choices_are_the_default_schedule),
        cmocka_unit_test(a_tag_that_drifts_fails_the_scenario),
        cmocka_unit_test(with_checks_only_nothing_has_to_come),
        cmocka_unit_test(with_checks_only_a_disconnected_client_sends_nothing),
        cmocka_unit_test(a_recorded_run_is_repeated),
        cmocka_unit_test(a_recording_as_text_is_run_as_well),
        cmocka_unit_test(a_replay_can_be_recorded),
        cmocka_unit_test(a_drifting_recording_says_at_which_decision),
        cmocka_unit_test(a_recording_of_another_scenario_drifts),
        cmocka_unit_test(no_bytes_are_the_default_schedule),
        cmocka_unit_test(a_fuzzed_run_is_the_same_each_time_and_can_be_replayed),
        cmocka_unit_test(every_order_of_the_steps_is_walked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
