#include "../verbs/trace_compare.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void compare_as(const char *one, const char *other, bool exactly, enum trace_likeness likeness,
                       const char *expected)
{
    char *text = NULL;
    size_t size = 0;
    struct text a = { 0 };
    struct text b = { 0 };
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    text_string(&a, one);
    text_string(&b, other);
    assert_int_equal(trace_compare(out, &a, &b, exactly), likeness);
    fclose(out);
    assert_string_equal(text, expected);
    free(text);
    text_free(&a);
    text_free(&b);
}

static void differ(const char *one, const char *other, const char *expected)
{
    compare_as(one, other, false, TRACES_DIFFERENT, expected);
}

static void the_same_is_nothing_to_tell(void **state)
{
    (void)state;
    struct text none = { 0 };
    compare_as("", "", false, TRACES_SAME, "");
    compare_as("1 a\n2 b\n", "1 a\n2 b\n", false, TRACES_SAME, "");
    compare_as("1 a\n2 b\n", "1 a\n2 b\n", true, TRACES_SAME, "");
    assert_int_equal(trace_compare(stdout, &none, &none, false), TRACES_SAME);
}

static void lines_of_only_one_trace_are_printed_with_context(void **state)
{
    (void)state;
    differ("0.1 a\n0.2 b\n0.3 c\n0.4 d\n0.5 e\n0.6 f\n0.7 g\n0.8 h\n",
           "0.1 a\n0.2 b\n0.3 c\n0.4 d\n0.6 f\n0.7 g\n0.8 h\n",
           "the runs diverge at line 5 of the first, at 0.5 s, and line 5 of the second, at 0.6 s:\n\n"
           "      2     2  0.2 b\n"
           "      3     3  0.3 c\n"
           "      4     4  0.4 d\n"
           "-     5        0.5 e\n"
           "      6     5  0.6 f\n"
           "      7     6  0.7 g\n"
           "      8     7  0.8 h\n");
    differ("1 x\n2 a\n", "1 x\n2 y\n2 a\n",
           "the runs diverge at line 2 of the first, at 2 s, and line 2 of the second, at 2 s:\n\n"
           "      1     1  1 x\n"
           "+           2  2 y\n"
           "      2     3  2 a\n");
}

static void one_that_ends_earlier_parts_there(void **state)
{
    (void)state;
    differ("1 a\n", "1 a\n2 b\n",
           "the runs diverge at the end of the first, after line 1, and line 2 of the second, at 2 s:\n\n"
           "      1     1  1 a\n"
           "+           2  2 b\n");
    differ("1 a\n", "",
           "the runs diverge at line 1 of the first, at 1 s, and the end of the second, after line 0:\n\n"
           "-     1        1 a\n");
}

/* Places that are near to each other are told together, others with a gap. */
static void several_places_are_printed(void **state)
{
    (void)state;
    differ("1 A\n1 a\n1 b\n1 B\n1 c\n1 d\n1 e\n1 f\n1 g\n1 h\n1 i\n1 C\n",
           "1 a\n1 b\n1 X\n1 c\n1 d\n1 e\n1 f\n1 g\n1 h\n1 i\n1 Y\n",
           "the runs diverge at line 1 of the first, at 1 s, and line 1 of the second, at 1 s:\n\n"
           "-     1        1 A\n"
           "      2     1  1 a\n"
           "      3     2  1 b\n"
           "-     4        1 B\n"
           "+           3  1 X\n"
           "      5     4  1 c\n"
           "      6     5  1 d\n"
           "      7     6  1 e\n"
           "  ...\n"
           "      9     8  1 g\n"
           "     10     9  1 h\n"
           "     11    10  1 i\n"
           "-    12        1 C\n"
           "+          11  1 Y\n");
}

static void at_most_a_few_lines_of_a_place_are_printed(void **state)
{
    (void)state;
    struct text one = { 0 };
    struct text expected = { 0 };
    for (int i = 0; i < 10; i++)
        text_string(&one, "1 a\n");
    text_string(
        &expected,
        "the runs diverge at line 1 of the first, at 1 s, and the end of the second, after line 0:\n\n");
    for (int i = 1; i <= 8; i++) {
        char line[40];
        (void)snprintf(line, sizeof line, "- %5d        1 a\n", i);
        text_string(&expected, line);
    }
    text_string(&expected, "-              (2 more lines)\n");
    differ(one.bytes, "", expected.bytes);
    text_free(&one);
    text_free(&expected);
}

static void at_most_a_few_places_are_printed(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size = 0;
    struct text one = { 0 };
    struct text other = { 0 };
    for (const char *c = "abcdefghijkl"; *c != '\0'; c++) {
        const char line[] = { '1', ' ', *c, '\n', '\0' };
        text_string(&one, line);
        text_string(&one, "1 more\n");
        text_string(&other, line);
    }
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    assert_int_equal(trace_compare(out, &one, &other, false), TRACES_DIFFERENT);
    fclose(out);
    assert_non_null(strstr(text, "-    20        1 more\n  ...\nand they differ in 2 more places\n"));
    assert_null(strstr(text, "1 k"));
    free(text);
    text_free(&one);
    text_free(&other);
}

/* Stream identifiers, nonces and what is encoded: 16 letters with a digit among them. */
static void times_and_what_is_drawn_at_random_make_no_difference(void **state)
{
    (void)state;
    compare_as("0.1 a\n0.2 id='0123456789abcdef'/>\n", "0.1 a\n0.3 id='c59e74a8a69faf56d54f1e'/>\n", false,
               TRACES_ALIKE,
               "the runs differ only in times or random identifiers, first at line 2 of the "
               "first, at 0.2 s, and line 2 of the second, at 0.3 s; --times shows these differences\n");
    differ("1 id='0123456789abcde'\n", "1 id='0123456789abcdf'\n",
           "the runs diverge at line 1 of the first, at 1 s, and line 1 of the second, at 1 s:\n\n"
           "-     1        1 id='0123456789abcde'\n"
           "+           1  1 id='0123456789abcdf'\n");
    differ("1 antidisestablishmentarian\n", "1 antidisestablishmentarians\n",
           "the runs diverge at line 1 of the first, at 1 s, and line 1 of the second, at 1 s:\n\n"
           "-     1        1 antidisestablishmentarian\n"
           "+           1  1 antidisestablishmentarians\n");
}

static void they_do_where_lines_are_compared_exactly(void **state)
{
    (void)state;
    compare_as("0.1 a\n", "0.2 a\n", true, TRACES_DIFFERENT,
               "the runs diverge at line 1 of the first, at 0.1 s, and line 1 of the second, at 0.2 s:\n\n"
               "-     1        0.1 a\n"
               "+           1  0.2 a\n");
}

/* Writes a row as "1 1=a|b": the numbers, whether the lines are similar, and the lines. */
static void write_row(void *host, const struct trace_row *row)
{
    fprintf(host, "%zu %zu%c%.*s|%.*s\n", row->numbers[0], row->numbers[1], row->similar ? '=' : '/',
            (int)row->lengths[0], row->lines[0] != NULL ? row->lines[0] : "", (int)row->lengths[1],
            row->lines[1] != NULL ? row->lines[1] : "");
}

static void aligned(const char *one, const char *other, const char *expected)
{
    char *text = NULL;
    size_t size = 0;
    struct text a = { 0 };
    struct text b = { 0 };
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    text_string(&a, one);
    text_string(&b, other);
    trace_align(&a, &b, false, write_row, out);
    fclose(out);
    assert_string_equal(text, expected);
    free(text);
    text_free(&a);
    text_free(&b);
}

static void similar_lines_stand_beside_each_other(void **state)
{
    (void)state;
    aligned("1 a\n2 b\n", "3 a\n4 b\n", "1 1=1 a|3 a\n2 2=2 b|4 b\n");
    aligned("1 a\n2 x\n3 c\n", "1 a\n3 c\n", "1 1=1 a|1 a\n2 0/2 x|\n3 2=3 c|3 c\n");
    aligned("1 a\n3 c\n", "1 a\n2 x\n3 c\n4 d\n", "1 1=1 a|1 a\n0 2/|2 x\n2 3=3 c|3 c\n0 4/|4 d\n");
}

static void lines_that_differ_in_one_place_stand_beside_each_other(void **state)
{
    (void)state;
    aligned("1 a\n2 x\n2 y\n3 c\n", "1 a\n2 z\n3 c\n", "1 1=1 a|1 a\n2 2/2 x|2 z\n3 0/2 y|\n4 3=3 c|3 c\n");
}

static void without_lines_there_are_no_rows(void **state)
{
    (void)state;
    aligned("", "", "");
    aligned("", "1 a\n", "0 1/|1 a\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_is_nothing_to_tell),
        cmocka_unit_test(lines_of_only_one_trace_are_printed_with_context),
        cmocka_unit_test(one_that_ends_earlier_parts_there),
        cmocka_unit_test(several_places_are_printed),
        cmocka_unit_test(at_most_a_few_lines_of_a_place_are_printed),
        cmocka_unit_test(at_most_a_few_places_are_printed),
        cmocka_unit_test(times_and_what_is_drawn_at_random_make_no_difference),
        cmocka_unit_test(they_do_where_lines_are_compared_exactly),
        cmocka_unit_test(similar_lines_stand_beside_each_other),
        cmocka_unit_test(lines_that_differ_in_one_place_stand_beside_each_other),
        cmocka_unit_test(without_lines_there_are_no_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
