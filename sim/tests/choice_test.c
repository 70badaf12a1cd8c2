#include "../choice.h"

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
        cmocka_unit_test(the_same_seed_gives_the_same_answers),
        cmocka_unit_test(neighbouring_seeds_and_concerns_give_different_streams),
        cmocka_unit_test(every_answer_is_below_the_number_asked_for_and_each_comes),
        cmocka_unit_test(the_answers_to_one_concern_do_not_move_those_to_another),
        cmocka_unit_test(one_possibility_is_no_decision),
        cmocka_unit_test(the_generator_is_splitmix64),
        cmocka_unit_test(entropy_depends_on_the_seed_even_when_scripted),
        cmocka_unit_test(a_decision_is_new_when_no_run_has_come_to_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
