#include "../verbs/trace_compare.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void compare(const char *one, const char *other, const char *expected)
{
    char *text = NULL;
    size_t size = 0;
    struct text a = { 0 };
    struct text b = { 0 };
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    text_string(&a, one);
    text_string(&b, other);
    assert_true(trace_compare(out, &a, &b) == (*expected == '\0'));
    fclose(out);
    assert_string_equal(text, expected);
    free(text);
    text_free(&a);
    text_free(&b);
}

static void the_same_is_nothing_to_tell(void **state)
{
    (void)state;
    struct text none = { 0 };
    compare("", "", "");
    compare("a\nb\n", "a\nb\n", "");
    assert_true(trace_compare(stdout, &none, &none));
}

static void the_first_line_that_differs_is_told_with_those_before_it(void **state)
{
    (void)state;
    compare("1\n2\n3\n4\n5\na\n", "1\n2\n3\n4\n5\nb\n",
            "the runs part at line 6 of the trace:\n\n  2\n  3\n  4\n  5\n- a\n+ b\n");
    compare("x\na\n", "x\nab\n", "the runs part at line 2 of the trace:\n\n  x\n- a\n+ ab\n");
    compare("a\nx\n", "b\nx\n", "the runs part at line 1 of the trace:\n\n- a\n- x\n+ b\n+ x\n");
}

static void one_that_ends_earlier_differs_there(void **state)
{
    (void)state;
    compare("1\n", "1\n2\n", "the runs part at line 2 of the trace:\n\n  1\n- (it ends here)\n+ 2\n");
    compare("1\n", "", "the runs part at line 1 of the trace:\n\n- 1\n+ (it ends here)\n");
}

static void no_more_than_a_few_lines_are_told(void **state)
{
    (void)state;
    compare("1\n2\n3\n4\n5\n6\n7\n8\n", "x\n",
            "the runs part at line 1 of the trace:\n\n- 1\n- 2\n- 3\n- 4\n- 5\n- 6\n+ x\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_is_nothing_to_tell),
        cmocka_unit_test(the_first_line_that_differs_is_told_with_those_before_it),
        cmocka_unit_test(one_that_ends_earlier_differs_there),
        cmocka_unit_test(no_more_than_a_few_lines_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
