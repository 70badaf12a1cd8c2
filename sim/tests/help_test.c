#include "../tool/help.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void assert_text(const char *text, unsigned columns, const char *expected)
{
    char *said = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&said, &length);
    assert_non_null(out);
    help_text(out, text, columns);
    fclose(out);
    assert_string_equal(said, expected);
    free(said);
}

static void assert_item(const char *term, unsigned columns, const char *expected)
{
    char *said = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&said, &length);
    assert_non_null(out);
    help_item(out, term, "runs one two three", 10, columns);
    fclose(out);
    assert_string_equal(said, expected);
    free(said);
}

static void lines_that_follow_each_other_are_one_paragraph(void **state)
{
    (void)state;
    assert_text("one two\nthree\n\nfour\n", 80, "one two three\n\nfour\n");
    assert_text("one two\nthree\n", 7, "one two\nthree\n");
    assert_text("", 80, "");
}

static void a_line_is_as_wide_as_the_columns_at_the_most(void **state)
{
    (void)state;
    assert_text("one two three four\n", 13, "one two three\nfour\n");
    assert_text("one two three four\n", 12, "one two\nthree four\n");
    assert_text("one incomprehensibilities four\n", 10, "one\nincomprehensibilities\nfour\n");
}

static void a_sentence_keeps_its_blanks(void **state)
{
    (void)state;
    assert_text("One.  Two.\nThree:\nfour\nfive.\n", 80, "One.  Two.  Three:  four five.\n");
    assert_text("One.  Two.\n", 9, "One.\nTwo.\n");
}

static void an_explanation_follows_its_term(void **state)
{
    (void)state;
    assert_text("These:\n  A\tone two three four five\n  B\tsix\nEnd\n", 46,
                "These:\n"
                "  A                   one two three four five\n"
                "  B                   six\n"
                "End\n");
    assert_item("run", 80, "  run     runs one two three\n");
    assert_item("run", 34, "  run     runs one two three\n");
    assert_item("run-all-of-it", 80, "  run-all-of-it\n          runs one two three\n");
}

static void an_explanation_is_below_its_term_in_few_columns(void **state)
{
    (void)state;
    assert_item("run", 33, "  run\n      runs one two three\n");
    assert_item("run", 20, "  run\n      runs one two\n      three\n");
}

static void what_goes_to_no_terminal_has_80_columns(void **state)
{
    (void)state;
    unsetenv("COLUMNS");
    FILE *out = tmpfile();
    assert_int_equal(help_columns(out), 80);
    setenv("COLUMNS", "60", 1);
    assert_int_equal(help_columns(out), 60);
    fclose(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_that_follow_each_other_are_one_paragraph),
        cmocka_unit_test(a_line_is_as_wide_as_the_columns_at_the_most),
        cmocka_unit_test(a_sentence_keeps_its_blanks),
        cmocka_unit_test(an_explanation_follows_its_term),
        cmocka_unit_test(an_explanation_is_below_its_term_in_few_columns),
        cmocka_unit_test(what_goes_to_no_terminal_has_80_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
