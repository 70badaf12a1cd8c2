#include "../language/scenario_parser.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void a_name_means_what_it_was_added_with(void **state)
{
    (void)state;
    int one = 1, other = 2;
    struct names names = { 0 };
    assert_null(names_get(&names, slice_of("Romeo")));
    assert_null(names_add(&names, slice_of("Romeo"), &one));
    assert_null(names_add(&names, slice_of("Romeo's phone"), &other));
    assert_ptr_equal(names_get(&names, slice_of("Romeo")), &one);
    assert_ptr_equal(names_get(&names, slice_of("Romeo's phone")), &other);
    assert_null(names_get(&names, slice_of("Rome")));
    assert_int_equal(names.longest, strlen("Romeo's phone"));
    names_free(&names);
}

static void the_first_meaning_of_a_name_stays(void **state)
{
    (void)state;
    int one = 1, other = 2;
    struct names names = { 0 };
    assert_null(names_add(&names, slice_of(""), &one));
    assert_ptr_equal(names_add(&names, slice_of(""), &other), &one);
    assert_ptr_equal(names_get(&names, slice_of("")), &one);
    names_free(&names);
}

static void names_that_were_freed_are_empty(void **state)
{
    (void)state;
    int one = 1;
    struct names names = { 0 };
    assert_null(names_add(&names, slice_of("Romeo"), &one));
    names_free(&names);
    assert_null(names_get(&names, slice_of("Romeo")));
    assert_int_equal(names.longest, 0);
    names_free(&names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_means_what_it_was_added_with),
        cmocka_unit_test(the_first_meaning_of_a_name_stays),
        cmocka_unit_test(names_that_were_freed_are_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
