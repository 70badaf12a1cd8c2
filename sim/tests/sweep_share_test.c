#include "../sweep/sweep_share.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct sweep_share share(const char *text)
{
    struct sweep_share parsed;
    if (!sweep_share_parse(text, &parsed))
        fail_msg("'%s' was not taken", text);
    return parsed;
}

static void assert_prints(const struct sweep_share *printed, const char *expected)
{
    char *text = sweep_share_print(printed);
    assert_string_equal(text, expected);
    free(text);
}

/* ---- How many ---- */

static void assert_seeds(const char *text, uint64_t seeds)
{
    struct sweep_share some = share(text);
    assert_true(sweep_share_seeds(&some) == seeds);
    sweep_share_free(&some);
}

static void parts_take_turns_a_hundred_seeds_each(void **state)
{
    (void)state;
    assert_seeds("seeds 7..7", 1);
    assert_seeds("seeds 0..18446744073709551614", UINT64_MAX);
    assert_seeds("seeds 0..349 parts 1 of 3", 150); /* 0 to 99, 300 to 349 */
    assert_seeds("seeds 0..349 parts 2 of 3", 100);
    assert_seeds("seeds 0..349 parts 1,3 of 3", 250);
    assert_seeds("seeds 0..99 parts 2 of 3", 0);
    assert_seeds("seeds 5..1004 parts 10 of 10", 100);
    assert_seeds("seeds 5..1104 parts 1 of 10", 200);
}

/* ---- As text ---- */

static void a_share_is_written_as_it_says(void **state)
{
    (void)state;
    struct sweep_share whole = sweep_share_new(0, 999, 1, 1), part = sweep_share_new(7, 7, 3, 8);
    assert_true(sweep_share_is_whole(&whole));
    assert_false(sweep_share_is_whole(&part));
    assert_prints(&whole, "seeds 0..999");
    assert_prints(&part, "seeds 7..7 parts 3 of 8");
    sweep_share_free(&whole);
    sweep_share_free(&part);
}

static void what_was_written_is_read_and_written_the_same(void **state)
{
    (void)state;
    static const char *const texts[] = { "seeds 0..0", "seeds 5..18446744073709551614",
                                         "seeds 0..999 parts 1 of 2", "seeds 0..999 parts 1,3,4 of 5",
                                         "seeds 0..999 parts 999999,1000000 of 1000000" };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct sweep_share parsed = share(texts[i]);
        assert_prints(&parsed, texts[i]);
        sweep_share_free(&parsed);
    }
}

static void a_share_that_is_none_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "seeds",
        "seeds 0",
        "seeds 0..",
        "seeds ..9",
        "seeds 9..0",
        "seeds -1..9",
        "seeds 0..9 ",
        "seeds 0..18446744073709551615",
        "seeds 0..9 parts",
        "seeds 0..9 parts 1",
        "seeds 0..9 parts  of 3",
        "seeds 0..9 parts 1 of",
        "seeds 0..9 parts 0 of 3",
        "seeds 0..9 parts 4 of 3",
        "seeds 0..9 parts 2,1 of 3",
        "seeds 0..9 parts 1,1 of 3",
        "seeds 0..9 parts 1,2, of 3",
        "seeds 0..9 parts 1, 2 of 3",
        "seeds 0..9 parts 1,2 of 3 ",
        "seeds 0..9 parts 1 of 1000001",
        "seeds 0..9 parts 1 of 1",
        "seeds 0..9 parts 1,2,3 of 3", /* the whole, which has no parts */
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct sweep_share parsed = { .shards = 9 };
        if (sweep_share_parse(wrong[i], &parsed))
            fail_msg("'%s' was taken", wrong[i]);
        assert_null(parsed.parts);
        assert_int_equal(parsed.shards, 0);
    }
}

/* ---- Two ---- */

static void parts_are_of_one_sweep_when_seeds_and_number_are_the_same(void **state)
{
    (void)state;
    static const struct {
        const char *one, *other;
        bool same;
    } cases[] = {
        { "seeds 0..9 parts 1 of 3", "seeds 0..9 parts 2 of 3", true },
        { "seeds 0..9 parts 1 of 3", "seeds 0..9 parts 1 of 3", true },
        { "seeds 0..9", "seeds 0..9 parts 1 of 3", true },
        { "seeds 0..9", "seeds 0..9", true },
        { "seeds 0..9 parts 1 of 3", "seeds 0..9 parts 2 of 4", false },
        { "seeds 0..9 parts 1 of 3", "seeds 0..8 parts 2 of 3", false },
        { "seeds 0..9 parts 1 of 3", "seeds 1..9 parts 2 of 3", false },
        { "seeds 0..9", "seeds 10..19", false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct sweep_share one = share(cases[i].one), other = share(cases[i].other);
        assert_int_equal(sweep_share_is_of_same_sweep(&one, &other), cases[i].same);
        assert_int_equal(sweep_share_is_of_same_sweep(&other, &one), cases[i].same);
        sweep_share_free(&one);
        sweep_share_free(&other);
    }
}

static void what_is_in_both_is_found(void **state)
{
    (void)state;
    static const struct {
        const char *one, *other;
        bool overlaps;
        uint64_t part;
    } cases[] = {
        { "seeds 0..9 parts 1 of 5", "seeds 0..9 parts 2 of 5", false, 0 },
        { "seeds 0..9 parts 1,4 of 5", "seeds 0..9 parts 2,3,5 of 5", false, 0 },
        { "seeds 0..9 parts 1 of 5", "seeds 0..9 parts 1 of 5", true, 1 },
        { "seeds 0..9 parts 1,3,4 of 5", "seeds 0..9 parts 2,4 of 5", true, 4 },
        { "seeds 0..9 parts 2,3,4 of 5", "seeds 0..9 parts 1,2,3 of 5", true, 2 },
        { "seeds 0..9", "seeds 0..9 parts 3 of 5", true, 0 },
        { "seeds 0..9", "seeds 0..9", true, 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct sweep_share one = share(cases[i].one), other = share(cases[i].other);
        uint64_t part = 99;
        assert_int_equal(sweep_share_overlaps(&one, &other, &part), cases[i].overlaps);
        assert_int_equal(part, cases[i].part);
        assert_int_equal(sweep_share_overlaps(&other, &one, &part), cases[i].overlaps);
        assert_int_equal(part, cases[i].part);
        sweep_share_free(&one);
        sweep_share_free(&other);
    }
}

/* ---- Joined ---- */

static void all_parts_together_are_the_whole(void **state)
{
    (void)state;
    struct sweep_share all = share("seeds 0..9 parts 3 of 4"), some = share("seeds 0..9 parts 2,4 of 4"),
                       last = share("seeds 0..9 parts 1 of 4");
    sweep_share_join(&all, &some);
    assert_prints(&all, "seeds 0..9 parts 2,3,4 of 4");
    sweep_share_join(&all, &last);
    assert_prints(&all, "seeds 0..9");
    assert_true(sweep_share_is_whole(&all));
    sweep_share_free(&all);
    sweep_share_free(&some);
    sweep_share_free(&last);
}

static void what_is_missing_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *share, *missing;
    } cases[] = {
        { "seeds 0..9 parts 1 of 2", "part 2 of 2 is missing" },
        { "seeds 0..9 parts 2,3 of 3", "part 1 of 3 is missing" },
        { "seeds 0..9 parts 1,3 of 5", "parts 2, 4, 5 of 5 are missing" },
        { "seeds 0..9 parts 3 of 11", "parts 1, 2, 4, 5, 6, 7, 8, 9, 10, 11 of 11 are missing" },
        { "seeds 0..9 parts 3 of 1000",
          "parts 1, 2, 4, 5, 6, 7, 8, 9, 10, 11 and 989 more of 1000 are missing" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct sweep_share some = share(cases[i].share);
        char *missing = sweep_share_missing(&some);
        assert_string_equal(missing, cases[i].missing);
        free(missing);
        sweep_share_free(&some);
    }
    struct sweep_share whole = share("seeds 0..9");
    assert_null(sweep_share_missing(&whole));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_take_turns_a_hundred_seeds_each),
        cmocka_unit_test(a_share_is_written_as_it_says),
        cmocka_unit_test(what_was_written_is_read_and_written_the_same),
        cmocka_unit_test(a_share_that_is_none_is_refused),
        cmocka_unit_test(parts_are_of_one_sweep_when_seeds_and_number_are_the_same),
        cmocka_unit_test(what_is_in_both_is_found),
        cmocka_unit_test(all_parts_together_are_the_whole),
        cmocka_unit_test(what_is_missing_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
