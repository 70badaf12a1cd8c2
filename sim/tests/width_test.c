#include "../tool/width.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void expect(const char *text, size_t columns, const char *written)
{
    char said[128] = "";
    FILE *out = fmemopen(said, sizeof said, "w");
    assert_non_null(out);
    width_write(out, text, columns);
    fclose(out);
    assert_string_equal(said, written);
    if (columns > 0)
        assert_true(width_of(said) <= columns);
}

static void characters_are_counted_and_not_bytes(void **state)
{
    (void)state;
    assert_int_equal(width_of(""), 0);
    assert_int_equal(width_of("Romeo"), 5);
    assert_int_equal(width_of("caf\xc3\xa9 \xe2\x82\xac"), 6);
    assert_int_equal(width_of("e\xcc\x81"), 1);
    assert_int_equal(width_of("\xe6\x97\xa5\xe6\x9c\xac"), 4);
    assert_int_equal(width_of("\xf0\x9f\x98\x80"), 2);
    assert_int_equal(width_of("\xff"), 1);
}

static void what_fits_is_not_cut(void **state)
{
    (void)state;
    expect("Romeo", 5, "Romeo");
    expect("Romeo", 6, "Romeo");
    expect("Romeo", 0, "Romeo");
    expect("", 1, "");
}

static void what_does_not_fit_ends_with_an_ellipsis(void **state)
{
    (void)state;
    expect("Romeo", 4, "Rom\xe2\x80\xa6");
    expect("Romeo", 1, "\xe2\x80\xa6");
    expect("caf\xc3\xa9s", 4, "caf\xe2\x80\xa6");
}

static void a_wide_character_is_not_cut_in_half(void **state)
{
    (void)state;
    expect("\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", 5, "\xe6\x97\xa5\xe6\x9c\xac\xe2\x80\xa6");
    expect("\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", 4, "\xe6\x97\xa5\xe2\x80\xa6");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_are_counted_and_not_bytes),
        cmocka_unit_test(what_fits_is_not_cut),
        cmocka_unit_test(what_does_not_fit_ends_with_an_ellipsis),
        cmocka_unit_test(a_wide_character_is_not_cut_in_half),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
