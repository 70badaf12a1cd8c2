#include "../sweep/sweep_gaps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_prints(const struct sweep_gaps *gaps, const char *expected)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    sweep_gaps_print(out, gaps);
    fclose(out);
    assert_string_equal(text, expected);
    free(text);
}

/* The gaps of a sweep or of one part, of which nothing was played. */
static struct sweep_gaps all_of(uint64_t first, uint64_t last, uint64_t shard, uint64_t shards)
{
    struct sweep_share share = sweep_share_new(first, last, shard, shards);
    const struct sweep_gaps gaps = sweep_gaps_all(&share);
    sweep_share_free(&share);
    return gaps;
}

/* Reads the lines, each ended, of a share; NULL means that all were taken, else the line that was not. */
static const char *read_lines(const char *const *lines, const char *share_text, struct sweep_gaps *gaps)
{
    struct sweep_share share;
    size_t i = 0;
    *gaps = (struct sweep_gaps){ 0 };
    assert_true(sweep_share_parse(share_text, &share));
    while (lines[i] != NULL && sweep_gaps_parse(lines[i], &share, gaps))
        i++;
    sweep_share_free(&share);
    return lines[i];
}

/* ---- What is played ---- */

static void a_sweep_that_has_not_begun_is_one_gap(void **state)
{
    (void)state;
    struct sweep_gaps gaps = all_of(7, 349, 1, 1);
    assert_prints(&gaps, "unplayed 7..349\n");
    assert_int_equal(sweep_gaps_seeds(&gaps), 343);
    sweep_gaps_free(&gaps);
    gaps = all_of(0, 349, 1, 3);
    assert_prints(&gaps, "unplayed 0..349 part 1 of 3\n");
    assert_int_equal(sweep_gaps_seeds(&gaps), 150); /* 0 to 99, 300 to 349 */
    sweep_gaps_free(&gaps);
    gaps = all_of(0, 349, 2, 3);
    assert_prints(&gaps, "unplayed 100..199 part 2 of 3\n");
    sweep_gaps_free(&gaps);
    gaps = all_of(0, 99, 2, 3); /* a part without seeds */
    assert_prints(&gaps, "");
    assert_int_equal(sweep_gaps_seeds(&gaps), 0);
    sweep_gaps_free(&gaps);
}

static void what_is_played_at_either_end_makes_a_gap_smaller(void **state)
{
    (void)state;
    struct sweep_gaps gaps = all_of(0, 699, 1, 3);
    sweep_gaps_close(&gaps, 0, 29);
    assert_prints(&gaps, "unplayed 30..699 part 1 of 3\n");
    sweep_gaps_close(&gaps, 30, 99); /* the next seed of the part is in its next block */
    assert_prints(&gaps, "unplayed 300..699 part 1 of 3\n");
    sweep_gaps_close(&gaps, 600, 699);
    assert_prints(&gaps, "unplayed 300..399 part 1 of 3\n");
    assert_int_equal(sweep_gaps_seeds(&gaps), 100);
    sweep_gaps_close(&gaps, 300, 399);
    assert_prints(&gaps, "");
    sweep_gaps_free(&gaps);
}

static void what_is_played_amid_a_gap_divides_it(void **state)
{
    (void)state;
    struct sweep_gaps gaps = all_of(50, 1049, 1, 1);
    sweep_gaps_close(&gaps, 250, 349);
    sweep_gaps_close(&gaps, 700, 700);
    assert_prints(&gaps, "unplayed 50..249\nunplayed 350..699\nunplayed 701..1049\n");
    assert_int_equal(sweep_gaps_seeds(&gaps), 1000 - 101);
    sweep_gaps_free(&gaps);
}

static void the_highest_seeds_are_played_too(void **state)
{
    (void)state;
    struct sweep_gaps gaps = all_of(UINT64_MAX - 3, UINT64_MAX - 1, 1, 1);
    sweep_gaps_close(&gaps, UINT64_MAX - 2, UINT64_MAX - 1);
    assert_prints(&gaps, "unplayed 18446744073709551612..18446744073709551612\n");
    sweep_gaps_free(&gaps);
}

/* ---- Parts together ---- */

static void gaps_of_parts_are_joined_by_part_and_seed_in_any_order(void **state)
{
    (void)state;
    struct sweep_gaps first = all_of(0, 999, 1, 3), third = all_of(0, 999, 3, 3), all = { 0 }, other = { 0 };
    sweep_gaps_close(&first, 300, 399);
    sweep_gaps_close(&third, 200, 299);
    sweep_gaps_join(&all, &third);
    sweep_gaps_join(&all, &first);
    sweep_gaps_join(&other, &first);
    sweep_gaps_join(&other, &third);
    static const char expected[] = "unplayed 0..99 part 1 of 3\nunplayed 600..999 part 1 of 3\n"
                                   "unplayed 500..899 part 3 of 3\n";
    assert_prints(&all, expected);
    assert_prints(&other, expected);
    sweep_gaps_free(&first);
    sweep_gaps_free(&third);
    sweep_gaps_free(&all);
    sweep_gaps_free(&other);
}

static void a_part_without_gaps_adds_none(void **state)
{
    (void)state;
    const struct sweep_gaps none = { 0 };
    struct sweep_gaps gaps = { 0 }, part = all_of(0, 9, 1, 2);
    sweep_gaps_join(&gaps, &none);
    assert_prints(&gaps, "");
    sweep_gaps_join(&gaps, &part);
    sweep_gaps_join(&gaps, &none);
    assert_prints(&gaps, "unplayed 0..9 part 1 of 2\n");
    sweep_gaps_free(&gaps);
    sweep_gaps_free(&part);
}

/* ---- As text ---- */

static void what_was_written_is_read_and_written_the_same(void **state)
{
    (void)state;
    static const struct {
        const char *share, *lines[4], *text;
        uint64_t seeds;
    } cases[] = {
        { "seeds 0..99", { "unplayed 40..99" }, "unplayed 40..99\n", 60 },
        { "seeds 5..18446744073709551614",
          { "unplayed 5..5", "unplayed 7..18446744073709551614" },
          "unplayed 5..5\nunplayed 7..18446744073709551614\n",
          UINT64_MAX - 6 },
        { "seeds 0..699 parts 1 of 3",
          { "unplayed 30..699 part 1 of 3" },
          "unplayed 30..699 part 1 of 3\n",
          270 },
        { "seeds 0..699 parts 1,3 of 3",
          { "unplayed 0..99 part 1 of 3", "unplayed 600..600 part 1 of 3", "unplayed 200..299 part 3 of 3" },
          "unplayed 0..99 part 1 of 3\nunplayed 600..600 part 1 of 3\nunplayed 200..299 part 3 of 3\n",
          201 },
        { "seeds 0..699", { "unplayed 100..199 part 2 of 3" }, "unplayed 100..199 part 2 of 3\n", 100 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct sweep_gaps gaps;
        assert_null(read_lines(cases[i].lines, cases[i].share, &gaps));
        assert_true(sweep_gaps_seeds(&gaps) == cases[i].seeds);
        assert_prints(&gaps, cases[i].text);
        sweep_gaps_free(&gaps);
    }
}

static void a_line_that_is_none_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *share, *lines[3];
    } cases[] = {
        { "seeds 0..99", { "" } },
        { "seeds 0..99", { "unplayed" } },
        { "seeds 0..99", { "unplayed 5" } },
        { "seeds 0..99", { "unplayed 5.." } },
        { "seeds 0..99", { "unplayed ..5" } },
        { "seeds 0..99", { "unplayed 5..4" } },
        { "seeds 0..99", { "unplayed 5..7 " } },
        { "seeds 0..99", { "unplayed 5..7 part" } },
        { "seeds 0..99", { "unplayed 5..7 part 1 of 1" } }, /* of no parts */
        { "seeds 0..99", { "unplayed 5..7 part 0 of 2" } },
        { "seeds 0..99", { "unplayed 5..7 part 3 of 2" } },
        { "seeds 0..99", { "unplayed 5..7 part 1 of 1000001" } },
        { "seeds 0..99", { "unplayed 5..7 part 1 of 2 " } },
        { "seeds 0..99", { "unplayed 5..100" } },
        { "seeds 6..99", { "unplayed 5..7" } },
        { "seeds 0..99 parts 1 of 2", { "unplayed 5..7" } },
        { "seeds 0..99 parts 1 of 2", { "unplayed 5..7 part 1 of 3" } },
        { "seeds 0..299 parts 2 of 3", { "unplayed 5..7 part 1 of 3" } }, /* another part */
        { "seeds 0..299 parts 2 of 3", { "unplayed 5..7 part 2 of 3" } }, /* not its seeds */
        { "seeds 0..299 parts 2 of 3", { "unplayed 150..200 part 2 of 3" } },
        { "seeds 0..99", { "unplayed 5..7", "unplayed 7..9" } },
        { "seeds 0..99", { "unplayed 5..7", "unplayed 8..9" } }, /* would be one */
        { "seeds 0..99", { "unplayed 5..7", "unplayed 1..2" } },
        { "seeds 0..699 parts 1 of 3", { "unplayed 0..99 part 1 of 3", "unplayed 300..399 part 1 of 3" } },
        { "seeds 0..699", { "unplayed 100..199 part 2 of 3", "unplayed 0..99 part 1 of 3" } },
        { "seeds 0..699", { "unplayed 0..99 part 1 of 3", "unplayed 100..199 part 2 of 4" } },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct sweep_gaps gaps;
        const size_t last = cases[i].lines[1] != NULL;
        const char *refused = read_lines(cases[i].lines, cases[i].share, &gaps);
        if (refused != cases[i].lines[last])
            fail_msg("not refused: '%s' of '%s'", cases[i].lines[last], cases[i].share);
        assert_int_equal(gaps.count, last); /* as they were */
        sweep_gaps_free(&gaps);
    }
}

static void what_is_missing_is_named(void **state)
{
    (void)state;
    struct sweep_gaps gaps = { 0 }, whole = all_of(0, 4999, 1, 1), part = all_of(0, 699, 2, 3);
    assert_null(sweep_gaps_missing(&gaps));
    char *missing = sweep_gaps_missing(&whole);
    assert_string_equal(missing, "seeds 0..4999 are missing");
    free(missing);
    sweep_gaps_close(&part, 100, 129);
    missing = sweep_gaps_missing(&part);
    assert_string_equal(missing, "seeds 130..499 of part 2 of 3 are missing");
    free(missing);
    for (uint64_t seed = 10; seed < 1200; seed += 100)
        sweep_gaps_close(&whole, seed, seed);
    missing = sweep_gaps_missing(&whole);
    assert_string_equal(missing,
                        "seeds 0..9, 11..109, 111..209, 211..309, 311..409, 411..509, 511..609, 611..709, "
                        "711..809, 811..909 and 3 more ranges are missing");
    free(missing);
    sweep_gaps_free(&whole);
    sweep_gaps_free(&part);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sweep_that_has_not_begun_is_one_gap),
        cmocka_unit_test(what_is_played_at_either_end_makes_a_gap_smaller),
        cmocka_unit_test(what_is_played_amid_a_gap_divides_it),
        cmocka_unit_test(the_highest_seeds_are_played_too),
        cmocka_unit_test(gaps_of_parts_are_joined_by_part_and_seed_in_any_order),
        cmocka_unit_test(a_part_without_gaps_adds_none),
        cmocka_unit_test(what_was_written_is_read_and_written_the_same),
        cmocka_unit_test(a_line_that_is_none_is_refused),
        cmocka_unit_test(what_is_missing_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
