#include "../sweep/guided.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { EDGES = 6 };

static struct guided *begin(uint64_t seed)
{
    struct guided *guided = calloc(1, guided_size());
    assert_non_null(guided);
    guided_begin(guided, seed);
    return guided;
}

/* The current input reached edge `edge` so many times, and took `taken` bytes. */
static bool learn(struct guided *guided, size_t edge, uint8_t times, size_t taken)
{
    uint8_t counters[EDGES] = { 0 };
    counters[edge] = times;
    return guided_learn(guided, &(struct guided_run){ counters, EDGES, taken / 2, taken, true });
}

static void what_is_new_is_an_edge_or_a_class_of_times(void **state)
{
    (void)state;
    static const struct {
        uint8_t edge, times;
        bool is_new;
    } runs[] = {
        { 0, 1, true },   { 0, 1, false },  { 1, 1, true },    { 0, 2, true },   { 0, 3, true },
        { 0, 4, true },   { 0, 7, false },  { 0, 8, true },    { 0, 15, false }, { 0, 16, true },
        { 0, 31, false }, { 0, 32, true },  { 0, 127, false }, { 0, 128, true }, { 0, 255, false },
        { 1, 0, false },  { 5, 200, true },
    };
    struct guided *guided = begin(1);
    for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++) {
        guided_next(guided);
        assert_true(learn(guided, runs[i].edge, runs[i].times, 10) == runs[i].is_new);
    }
    assert_int_equal(guided_edges(guided), 3);
    assert_int_equal(guided_features(guided), 10); /* eight of the first, one of each other */
    assert_int_equal(guided_count(guided), 10);
    free(guided);
}

static void of_an_input_the_bytes_that_were_taken_are_kept(void **state)
{
    (void)state;
    struct guided *guided = begin(2);
    unsigned char copy[100];
    size_t length;
    guided_next(guided);
    const unsigned char *input = guided_input(guided, &length);
    assert_true(length >= sizeof copy && length <= GUIDED_LONGEST);
    memcpy(copy, input, sizeof copy);
    assert_true(learn(guided, 0, 1, sizeof copy));
    guided_next(guided);
    const unsigned char *kept = guided_kept(guided, 0, &length);
    assert_int_equal(length, sizeof copy);
    assert_memory_equal(kept, copy, sizeof copy);
    free(guided);
}

static void what_is_not_to_be_kept_is_known_all_the_same(void **state)
{
    (void)state;
    static const uint8_t counters[1] = { 1 };
    struct guided *guided = begin(3);
    guided_next(guided);
    assert_true(guided_learn(guided, &(struct guided_run){ counters, 1, 5, 10, false }));
    assert_int_equal(guided_count(guided), 0);
    guided_next(guided);
    assert_false(learn(guided, 0, 1, 10));
    free(guided);
}

static void the_same_seed_gives_the_same_inputs(void **state)
{
    (void)state;
    struct guided *one = begin(4), *same = begin(4), *other = begin(5);
    bool differs = false;
    for (size_t i = 0; i < 500; i++) {
        size_t length, same_length, other_length;
        guided_next(one);
        guided_next(same);
        guided_next(other);
        const unsigned char *input = guided_input(one, &length);
        assert_memory_equal(input, guided_input(same, &same_length), length);
        assert_int_equal(length, same_length);
        const unsigned char *others = guided_input(other, &other_length);
        differs = differs || length != other_length || memcmp(input, others, length) != 0;
        assert_true(learn(one, i % EDGES, (uint8_t)i, i) == learn(same, i % EDGES, (uint8_t)i, i));
    }
    assert_true(differs);
    free(one);
    free(same);
    free(other);
}

/* Whether so many of the first bytes are those of the kept input. */
static size_t common(const struct guided *guided)
{
    size_t length, kept_length, count = 0;
    const unsigned char *input = guided_input(guided, &length);
    const unsigned char *kept = guided_kept(guided, 0, &kept_length);
    while (count < length && count < kept_length && input[count] == kept[count])
        count++;
    return count;
}

/* Of random bytes, ten at the front are never those of another input by chance. */
static void later_inputs_are_mostly_variations_of_kept_ones(void **state)
{
    (void)state;
    enum { INPUTS = 1000, TAKEN = 400 };
    struct guided *guided = begin(6);
    size_t variations = 0, copies = 0;
    guided_next(guided);
    assert_true(learn(guided, 0, 1, TAKEN));
    for (size_t i = 0; i < INPUTS; i++) {
        guided_next(guided);
        variations += common(guided) >= 10;
        copies += common(guided) == TAKEN;
    }
    assert_in_range(variations, INPUTS / 2, INPUTS * 3 / 4);
    assert_in_range(copies, 0, INPUTS / 10);
    free(guided);
}

/* Lengths stay in bounds whatever was taken, nothing at all included. */
static void inputs_of_any_length_are_varied(void **state)
{
    (void)state;
    struct guided *guided = begin(7);
    for (size_t i = 0; i < 20000; i++) {
        static const size_t taken[] = { 0, 1, 2, 17, GUIDED_LONGEST - 1, GUIDED_LONGEST, SIZE_MAX };
        size_t length;
        guided_next(guided);
        (void)guided_input(guided, &length);
        assert_in_range(length, 0, GUIDED_LONGEST);
        (void)learn(guided, i % EDGES, (uint8_t)(i / EDGES), taken[i % (sizeof taken / sizeof taken[0])]);
    }
    for (size_t i = 0; i < guided_count(guided); i++) {
        size_t length;
        (void)guided_kept(guided, i, &length);
        assert_in_range(length, 0, GUIDED_LONGEST);
    }
    free(guided);
}

/* 32 megabytes hold four thousand of the longest inputs. */
static void without_room_inputs_are_known_and_not_kept(void **state)
{
    (void)state;
    enum { MANY = 10000 };
    struct guided *guided = begin(8);
    static uint8_t counters[MANY];
    guided_next(guided);
    for (size_t i = 0; i < MANY; i++) {
        counters[i] = 1;
        assert_true(guided_learn(guided, &(struct guided_run){ counters, MANY, 8, GUIDED_LONGEST, true }));
        counters[i] = 0;
    }
    assert_int_equal(guided_edges(guided), MANY);
    assert_in_range(guided_count(guided), 1000, GUIDED_KEPT_MOST);
    guided_next(guided);
    free(guided);
}

/* What a guide is for: a secret of bytes that are reached one after the other, which chance never finds. */
static void a_chain_of_bytes_is_found(void **state)
{
    (void)state;
    static const unsigned char secret[EDGES] = { 'r', 'e', 'h', 'e', 'a', 'r' };
    struct guided *guided = begin(9);
    size_t runs = 0;
    while (guided_edges(guided) < EDGES && runs++ < 200000) {
        uint8_t counters[EDGES] = { 0 };
        size_t length, deep = 0;
        guided_next(guided);
        const unsigned char *input = guided_input(guided, &length);
        while (deep < EDGES && deep < length && input[deep] == secret[deep])
            counters[deep++] = 1;
        (void)guided_learn(guided, &(struct guided_run){ counters, EDGES, EDGES, EDGES, true });
    }
    assert_int_equal(guided_edges(guided), EDGES);
    free(guided);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_new_is_an_edge_or_a_class_of_times),
        cmocka_unit_test(of_an_input_the_bytes_that_were_taken_are_kept),
        cmocka_unit_test(what_is_not_to_be_kept_is_known_all_the_same),
        cmocka_unit_test(the_same_seed_gives_the_same_inputs),
        cmocka_unit_test(later_inputs_are_mostly_variations_of_kept_ones),
        cmocka_unit_test(inputs_of_any_length_are_varied),
        cmocka_unit_test(without_room_inputs_are_known_and_not_kept),
        cmocka_unit_test(a_chain_of_bytes_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
