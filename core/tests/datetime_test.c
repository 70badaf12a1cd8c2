#include "base/datetime.h"
#include "rig.h"

/* Seconds since 1970 as POSIX counts them, written by XEP-0082, 3.1. */
static void moments_are_written_by_xep_0082(void **state)
{
    (void)state;
    static const struct {
        uint64_t seconds;
        const char *text;
    } moments[] = {
        { 0, "1970-01-01T00:00:00Z" },
        { 86399, "1970-01-01T23:59:59Z" },
        { 86400, "1970-01-02T00:00:00Z" },
        { 31535999, "1970-12-31T23:59:59Z" },
        { 31536000, "1971-01-01T00:00:00Z" },
        { 68169600, "1972-02-29T00:00:00Z" },
        { 68256000, "1972-03-01T00:00:00Z" },
        { 951782400, "2000-02-29T00:00:00Z" }, /* a leap year, by 400 */
        { 978307200, "2001-01-01T00:00:00Z" },
        { 1000000000, "2001-09-09T01:46:40Z" },
        { 4107542399, "2100-02-28T23:59:59Z" }, /* none, by 100 */
        { 4107542400, "2100-03-01T00:00:00Z" },
    };
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        char out[DATETIME_SIZE];
        datetime_write(out, moments[i].seconds * 1000000000);
        assert_string_equal(out, moments[i].text);
        datetime_write(out, moments[i].seconds * 1000000000 + 999999999);
        assert_string_equal(out, moments[i].text);
    }
}

static void the_last_moment_fits(void **state)
{
    (void)state;
    char out[DATETIME_SIZE];
    datetime_write(out, UINT64_MAX); /* 2^64 ns */
    assert_string_equal(out, "2554-07-21T23:34:33Z");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moments_are_written_by_xep_0082),
        cmocka_unit_test(the_last_moment_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
