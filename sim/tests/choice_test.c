#include "../world/choice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void the_scripted_policy_always_takes_the_first(void **state)
{
    (void)state;
    struct choices choices;
    choices_init(&choices, CHOICE_SCRIPTED, 7);
    for (uint32_t n = 1; n < 1000; n++)
        assert_int_equal(choose(&choices, CHOICE_TIES, n), 0);
}

static void the_same_seed_gives_the_same_answers(void **state)
{
    (void)state;
    struct choices one, other;
    choices_init(&one, CHOICE_SEEDED, 42);
    choices_init(&other, CHOICE_SEEDED, 42);
    for (uint32_t n = 1; n < 1000; n++)
        assert_int_equal(choose(&one, CHOICE_DISK, n), choose(&other, CHOICE_DISK, n));
}

static void neighbouring_seeds_and_concerns_give_different_streams(void **state)
{
    (void)state;
    struct choices one, other;
    choices_init(&one, CHOICE_SEEDED, 1);
    choices_init(&other, CHOICE_SEEDED, 2);
    uint64_t states[2 * CHOICE_CONCERNS + 2] = { one.entropy, other.entropy };
    size_t count = 2;
    for (size_t i = 0; i < CHOICE_CONCERNS; i++) {
        states[count++] = one.streams[i];
        states[count++] = other.streams[i];
    }
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < i; k++)
            assert_true(states[i] != states[k]);
    }
}

static void every_answer_is_below_the_number_asked_for_and_each_comes(void **state)
{
    (void)state;
    struct choices choices;
    choices_init(&choices, CHOICE_SEEDED, 3);
    for (uint32_t n = 1; n <= 20; n++) {
        unsigned seen = 0;
        for (int i = 0; i < 1000; i++) {
            const uint32_t answer = choose(&choices, CHOICE_PIECES, n);
            assert_true(answer < n);
            seen |= 1u << answer;
        }
        assert_int_equal(seen, (1u << n) - 1);
    }
    assert_true(choose(&choices, CHOICE_PIECES, UINT32_MAX) < UINT32_MAX);
}

static void the_answers_to_one_concern_do_not_move_those_to_another(void **state)
{
    (void)state;
    struct choices quiet, busy;
    choices_init(&quiet, CHOICE_SEEDED, 9);
    choices_init(&busy, CHOICE_SEEDED, 9);
    char nonce[16];
    for (int i = 0; i < 100; i++) {
        choose(&busy, CHOICE_LATENCY, 8);
        choice_entropy(&busy, nonce, sizeof nonce);
        assert_int_equal(choose(&quiet, CHOICE_DISK, 1000), choose(&busy, CHOICE_DISK, 1000));
    }
}

static void one_possibility_is_no_decision(void **state)
{
    (void)state;
    struct choices choices;
    choices_init(&choices, CHOICE_SEEDED, 5);
    const struct choices before = choices;
    assert_int_equal(choose(&choices, CHOICE_TIES, 1), 0);
    assert_memory_equal(&choices, &before, sizeof before);
    choose(&choices, CHOICE_TIES, 2);
    choose(&choices, CHOICE_DISK, 3);
    assert_int_equal(choices.asked, 2);
}

/* SplitMix64 from state 0 begins with these three numbers: the widely published vectors, for instance in the
 * tests of java.util.SplittableRandom's ports and of xoshiro's seeding. */
static void the_generator_is_splitmix64(void **state)
{
    (void)state;
    const uint64_t expected[] = { UINT64_C(0xe220a8397b1dcdaf), UINT64_C(0x6e789e6aa1b965f4),
                                  UINT64_C(0x06c45d188009454f) };
    struct choices choices = { .policy = CHOICE_SEEDED };
    uint8_t bytes[24];
    choice_entropy(&choices, bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        assert_int_equal(bytes[i], (uint8_t)(expected[i / 8] >> (8 * (i % 8))));
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(choose(&choices, CHOICE_TIES, 1u << 16), expected[i] >> 48);
}

static void entropy_depends_on_the_seed_even_when_scripted(void **state)
{
    (void)state;
    struct choices one, same, other;
    choices_init(&one, CHOICE_SCRIPTED, 1);
    choices_init(&same, CHOICE_SCRIPTED, 1);
    choices_init(&other, CHOICE_SCRIPTED, 2);
    char a[13], b[13], c[13];
    choice_entropy(&one, a, sizeof a);
    choice_entropy(&same, b, sizeof b);
    choice_entropy(&other, c, sizeof c);
    assert_memory_equal(a, b, sizeof a);
    assert_memory_not_equal(a, c, sizeof a);
}

/* ---- Recorded ---- */

/* Questions of several concerns, some of which leave no choice; their answers are put into `answers`. */
enum { QUESTIONS = 200 };
static void ask_all(struct choices *choices, uint32_t *answers)
{
    for (uint32_t i = 0; i < QUESTIONS; i++)
        answers[i] = choose(choices, (enum choice_concern)(i % CHOICE_CONCERNS), 1 + i % 7);
}

static void what_was_recorded_is_answered_again(void **state)
{
    (void)state;
    struct recording recording = { 0 };
    struct choices choices;
    uint32_t first[QUESTIONS], again[QUESTIONS];
    choices_init(&choices, CHOICE_SEEDED, 11);
    choices_record(&choices, &recording);
    ask_all(&choices, first);
    assert_int_equal(recording.count, choices.asked);
    choices_replay(&choices, 11, &recording);
    ask_all(&choices, again);
    assert_memory_equal(again, first, sizeof first);
    assert_false(choices.drifted);
    recording_free(&recording);
}

static void a_replay_is_recorded_as_it_was(void **state)
{
    (void)state;
    struct recording recording = { 0 }, copy = { 0 };
    struct choices choices;
    uint32_t answers[QUESTIONS];
    choices_init(&choices, CHOICE_SEEDED, 12);
    choices_record(&choices, &recording);
    ask_all(&choices, answers);
    choices_replay(&choices, 12, &recording);
    choices_record(&choices, &copy);
    ask_all(&choices, answers);
    assert_int_equal(copy.count, recording.count);
    for (size_t i = 0; i < copy.count; i++) {
        assert_int_equal(copy.list[i].concern, recording.list[i].concern);
        assert_int_equal(copy.list[i].possibilities, recording.list[i].possibilities);
        assert_int_equal(copy.list[i].answer, recording.list[i].answer);
    }
    recording_free(&recording);
    recording_free(&copy);
}

static void after_the_end_of_a_recording_every_answer_is_the_first(void **state)
{
    (void)state;
    struct choice kept[] = { { CHOICE_TIES, 4, 3 } };
    const struct recording recording = { kept, 1, 1 };
    struct choices choices;
    choices_replay(&choices, 0, &recording);
    assert_int_equal(choose(&choices, CHOICE_TIES, 4), 3);
    assert_int_equal(choose(&choices, CHOICE_TIES, 4), 0);
    assert_int_equal(choose(&choices, CHOICE_DISK, 9), 0);
    assert_false(choices.drifted);
}

static void what_a_recording_left_out_is_the_first_of_however_many(void **state)
{
    (void)state;
    struct choice kept[] = { { CHOICE_TIES, 0, 0 }, { CHOICE_TIES, 0, 0 }, { CHOICE_DISK, 8, 5 } };
    const struct recording recording = { kept, 3, 3 };
    struct choices choices;
    choices_replay(&choices, 0, &recording);
    assert_int_equal(choose(&choices, CHOICE_PIECES, 100), 0);
    assert_int_equal(choose(&choices, CHOICE_STEPS, 2), 0);
    assert_int_equal(choose(&choices, CHOICE_DISK, 8), 5);
    assert_false(choices.drifted);
}

/* From the decision at which it drifted on a recording says nothing any more: all that follows is the first,
 * even where it would fit again. */
static void assert_drifts(enum choice_concern concern, uint32_t possibilities)
{
    struct choice kept[] = { { CHOICE_TIES, 4, 3 }, { CHOICE_DISK, 8, 5 }, { CHOICE_DISK, 8, 6 } };
    const struct recording recording = { kept, 3, 3 };
    struct choices choices;
    choices_replay(&choices, 0, &recording);
    assert_int_equal(choose(&choices, CHOICE_TIES, 4), 3);
    assert_int_equal(choose(&choices, concern, possibilities), 0);
    assert_int_equal(choose(&choices, CHOICE_DISK, 8), 0);
    assert_int_equal(choose(&choices, CHOICE_LATENCY, 2), 0);
    assert_true(choices.drifted);
    assert_int_equal(choices.drift_at, 1);
    assert_int_equal(choices.drift.concern, concern);
    assert_int_equal(choices.drift.possibilities, possibilities);
}

static void a_recording_drifts_when_another_concern_asks(void **state)
{
    (void)state;
    assert_drifts(CHOICE_LATENCY, 8);
}

static void a_recording_drifts_when_there_are_other_possibilities(void **state)
{
    (void)state;
    assert_drifts(CHOICE_DISK, 7);
    assert_drifts(CHOICE_DISK, 9);
}

/* ---- Exhaustive ---- */

/* A tree of choices whose later questions depend on the earlier answers: 0 leads to two leaves, 1 to three,
 * and 2 is a leaf.  Returns the number of the leaf. */
static unsigned walk_uneven_tree(struct choices *choices)
{
    switch (choose(choices, CHOICE_TIES, 3)) {
    case 0:
        return choose(choices, CHOICE_STEPS, 2);
    case 1:
        return 2 + choose(choices, CHOICE_TIES, 3);
    default:
        return 5;
    }
}

static void every_leaf_of_a_tree_is_visited_once_and_in_order(void **state)
{
    (void)state;
    struct recording path = { 0 };
    struct choices choices;
    unsigned leaves = 0;
    do {
        choices_walk(&choices, 0, &path, 1u << CHOICE_TIES | 1u << CHOICE_STEPS);
        assert_int_equal(walk_uneven_tree(&choices), leaves);
        leaves++;
    } while (choice_path_next(&path));
    assert_int_equal(leaves, 6);
    assert_int_equal(path.count, 0);
    recording_free(&path);
}

static void concerns_that_are_not_walked_get_the_first(void **state)
{
    (void)state;
    struct recording path = { 0 };
    struct choices choices;
    unsigned runs = 0;
    do {
        choices_walk(&choices, 0, &path, 1u << CHOICE_TIES);
        assert_int_equal(choose(&choices, CHOICE_LATENCY, 8), 0);
        assert_int_equal(choose(&choices, CHOICE_TIES, 2), runs / 2);
        assert_int_equal(choose(&choices, CHOICE_STEPS, 5), 0);
        assert_int_equal(choose(&choices, CHOICE_TIES, 2), runs % 2);
        runs++;
    } while (choice_path_next(&path));
    assert_int_equal(runs, 4);
    recording_free(&path);
}

static void a_tree_without_choices_is_one_leaf(void **state)
{
    (void)state;
    struct recording path = { 0 };
    struct choices choices;
    choices_walk(&choices, 0, &path, 1u << CHOICE_TIES);
    assert_int_equal(choose(&choices, CHOICE_TIES, 1), 0);
    assert_int_equal(choose(&choices, CHOICE_DISK, 8), 0);
    assert_false(choice_path_next(&path));
    recording_free(&path);
}

/* The path to a leaf is a recording, which leads there again. */
static void a_path_replays_its_leaf(void **state)
{
    (void)state;
    struct recording path = { 0 };
    struct choices choices, replayed;
    unsigned leaves = 0;
    do {
        choices_walk(&choices, 0, &path, 1u << CHOICE_TIES | 1u << CHOICE_STEPS);
        const unsigned leaf = walk_uneven_tree(&choices);
        choices_replay(&replayed, 0, &path);
        assert_int_equal(walk_uneven_tree(&replayed), leaf);
        assert_false(replayed.drifted);
        leaves++;
    } while (choice_path_next(&path));
    assert_int_equal(leaves, 6);
    recording_free(&path);
}

/* ---- Fuzzed ---- */

static void bytes_are_answers_modulo_the_possibilities(void **state)
{
    (void)state;
    const unsigned char bytes[] = { 5, 255, 0x01, 0x02, 9 };
    struct choices choices;
    choices_read(&choices, 0, bytes, sizeof bytes);
    assert_int_equal(choose(&choices, CHOICE_TIES, 8), 5);
    assert_int_equal(choose(&choices, CHOICE_DISK, 256), 255);
    assert_int_equal(choose(&choices, CHOICE_DISK, 1), 0); /* takes no byte */
    assert_int_equal(choose(&choices, CHOICE_PIECES, 257), 0x0102 % 257);
    assert_int_equal(choose(&choices, CHOICE_STEPS, 4), 9 % 4);
}

static void bytes_that_are_used_up_give_the_first(void **state)
{
    (void)state;
    const unsigned char bytes[] = { 1, 2 };
    struct choices choices;
    choices_read(&choices, 0, bytes, sizeof bytes);
    assert_int_equal(choose(&choices, CHOICE_TIES, 10), 1);
    assert_int_equal(choose(&choices, CHOICE_TIES, 100000), 2); /* three were wanted, one was there */
    for (uint32_t n = 1; n < 300; n++)
        assert_int_equal(choose(&choices, CHOICE_TIES, n), 0);
    choices_read(&choices, 0, NULL, 0);
    assert_int_equal(choose(&choices, CHOICE_PLOT, UINT32_MAX), 0);
}

static void what_bytes_gave_is_recorded_and_replays(void **state)
{
    (void)state;
    unsigned char bytes[90];
    struct recording recording = { 0 };
    struct choices choices;
    uint32_t first[QUESTIONS], again[QUESTIONS];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i * 89);
    choices_read(&choices, 3, bytes, sizeof bytes);
    choices_record(&choices, &recording);
    ask_all(&choices, first);
    choices_replay(&choices, 3, &recording);
    ask_all(&choices, again);
    assert_memory_equal(again, first, sizeof first);
    recording_free(&recording);
}

/* Whatever is asked, the identifiers of a run are its seed's. */
static void every_policy_has_the_entropy_of_its_seed(void **state)
{
    (void)state;
    struct recording none = { 0 };
    struct choices seeded, others[3];
    char expected[16], got[16];
    choices_init(&seeded, CHOICE_SEEDED, 77);
    choices_replay(&others[0], 77, &none);
    choices_walk(&others[1], 77, &none, 0);
    choices_read(&others[2], 77, NULL, 0);
    choice_entropy(&seeded, expected, sizeof expected);
    for (size_t i = 0; i < 3; i++) {
        choice_entropy(&others[i], got, sizeof got);
        assert_memory_equal(got, expected, sizeof got);
    }
}

/* Only the walked concerns are on the path, and the others get 0. */
static void a_decision_is_new_when_no_run_has_come_to_it(void **state)
{
    (void)state;
    struct recording path = { 0 };
    struct choices choices;
    choices_walk(&choices, 0, &path, 1u << CHOICE_TIES);
    assert_true(choice_is_new(&choices));
    assert_int_equal(choose(&choices, CHOICE_TIES, 2), 0);
    assert_true(choice_is_new(&choices));
    assert_int_equal(choose(&choices, CHOICE_DISK, 8), 0);
    assert_true(choice_path_next(&path));
    choices_walk(&choices, 0, &path, 1u << CHOICE_TIES);
    assert_false(choice_is_new(&choices));
    assert_int_equal(choose(&choices, CHOICE_TIES, 2), 1);
    assert_true(choice_is_new(&choices));
    assert_false(choice_path_next(&path));
    recording_free(&path);
    choices_init(&choices, CHOICE_SEEDED, 1);
    assert_false(choice_is_new(&choices));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_scripted_policy_always_takes_the_first),
        cmocka_unit_test(a_decision_is_new_when_no_run_has_come_to_it),
        cmocka_unit_test(the_same_seed_gives_the_same_answers),
        cmocka_unit_test(neighbouring_seeds_and_concerns_give_different_streams),
        cmocka_unit_test(every_answer_is_below_the_number_asked_for_and_each_comes),
        cmocka_unit_test(the_answers_to_one_concern_do_not_move_those_to_another),
        cmocka_unit_test(one_possibility_is_no_decision),
        cmocka_unit_test(the_generator_is_splitmix64),
        cmocka_unit_test(entropy_depends_on_the_seed_even_when_scripted),
        cmocka_unit_test(what_was_recorded_is_answered_again),
        cmocka_unit_test(a_replay_is_recorded_as_it_was),
        cmocka_unit_test(after_the_end_of_a_recording_every_answer_is_the_first),
        cmocka_unit_test(what_a_recording_left_out_is_the_first_of_however_many),
        cmocka_unit_test(a_recording_drifts_when_another_concern_asks),
        cmocka_unit_test(a_recording_drifts_when_there_are_other_possibilities),
        cmocka_unit_test(every_leaf_of_a_tree_is_visited_once_and_in_order),
        cmocka_unit_test(concerns_that_are_not_walked_get_the_first),
        cmocka_unit_test(a_tree_without_choices_is_one_leaf),
        cmocka_unit_test(a_path_replays_its_leaf),
        cmocka_unit_test(bytes_are_answers_modulo_the_possibilities),
        cmocka_unit_test(bytes_that_are_used_up_give_the_first),
        cmocka_unit_test(what_bytes_gave_is_recorded_and_replays),
        cmocka_unit_test(every_policy_has_the_entropy_of_its_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
