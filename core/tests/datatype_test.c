#include "base/datatype.h"
#include "rig.h"

static void integers_are_read_without_the_space_around_them(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t value;
    } good[] = {
        { "0", 0 },
        { " -5 ", -5 },
        { "\n\t+7\r\n", 7 },
        { "-0", 0 },
        { "000000000000000000000000000012", 12 },
        { "4294967295", 4294967295 },
        { "9223372036854775807", INT64_MAX },
        { "9223372036854775808", INT64_MAX },
        { "-9223372036854775808", INT64_MIN },
        { "-99999999999999999999", INT64_MIN },
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        int64_t value = -1;
        assert_true(datatype_integer(&value, good[i].text));
        assert_true(value == good[i].value);
    }
    static const char *const bad[] = { NULL, "", " ", "-", "+", "1 2", "1.5", "--1", "high", "1\v" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int64_t value = 3;
        assert_false(datatype_integer(&value, bad[i]));
        assert_true(value == 3);
    }
}

static void booleans_have_two_words_for_true(void **state)
{
    (void)state;
    assert_true(datatype_true("true"));
    assert_true(datatype_true(" 1\n"));
    assert_false(datatype_true(NULL));
    assert_false(datatype_true(""));
    assert_false(datatype_true("True"));
    assert_false(datatype_true("0"));
    assert_false(datatype_true("11"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_are_read_without_the_space_around_them),
        cmocka_unit_test(booleans_have_two_words_for_true),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
