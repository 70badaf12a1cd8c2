#include "../tool/run_reports.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *complaint(char *said, size_t size, struct report_wishes *wishes)
{
    FILE *errors = fmemopen(said, size, "w");
    assert_non_null(errors);
    bool good = report_wishes_settle(wishes, errors);
    fclose(errors);
    return good ? NULL : said;
}

#define SETTLE(wishes) complaint((char[256]){ 0 }, 256, wishes)

static void a_format_may_have_a_file(void **state)
{
    (void)state;
    struct report_wishes wishes = { 0 };
    assert_null(report_wishes_add(&wishes, "tap"));
    assert_null(report_wishes_add(&wishes, "junit:a:b.xml"));
    assert_null(report_wishes_add(&wishes, "json:-"));
    assert_int_equal(wishes.count, 3);
    assert_int_equal(wishes.list[0].format, REPORT_TAP);
    assert_null(wishes.list[0].path);
    assert_int_equal(wishes.list[1].format, REPORT_JUNIT);
    assert_string_equal(wishes.list[1].path, "a:b.xml");
    assert_int_equal(wishes.list[2].format, REPORT_JSON);
    assert_null(wishes.list[2].path);
}

static void a_format_that_is_none_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = { "", ":", "ta", "tapp", "TAP", "tap ", "yaml:x" };
    struct report_wishes wishes = { 0 };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_non_null(report_wishes_add(&wishes, wrong[i]));
    assert_string_equal(report_wishes_add(&wishes, "tap:"), "a file after the colon");
    assert_int_equal(wishes.count, 0);
}

static void without_a_format_it_is_one_for_a_person(void **state)
{
    (void)state;
    struct report_wishes wishes = { 0 };
    assert_null(SETTLE(&wishes));
    assert_int_equal(wishes.count, 1);
    assert_int_equal(wishes.list[0].format, REPORT_PRETTY);
    assert_null(wishes.list[0].path);
}

/* A page beside it changes nothing for the person; what goes to standard output itself does. */
static void a_report_beside_leaves_that_for_a_person(void **state)
{
    (void)state;
    struct report_wishes wishes = { .output = "out" };
    assert_null(report_wishes_add_beside(&wishes, REPORT_HTML, "page"));
    assert_null(SETTLE(&wishes));
    assert_int_equal(wishes.count, 2);
    assert_int_equal(wishes.list[0].format, REPORT_HTML);
    assert_string_equal(wishes.list[0].path, "page");
    assert_int_equal(wishes.list[1].format, REPORT_PRETTY);
    assert_string_equal(wishes.list[1].path, "out");
    struct report_wishes standard = { 0 };
    assert_null(report_wishes_add_beside(&standard, REPORT_EVENTS, "-"));
    assert_null(SETTLE(&standard));
    assert_int_equal(standard.count, 1);
    struct report_wishes with_format = { 0 };
    assert_null(report_wishes_add_beside(&with_format, REPORT_HTML, "page"));
    assert_null(report_wishes_add(&with_format, "tap"));
    assert_null(SETTLE(&with_format));
    assert_int_equal(with_format.count, 2);
    assert_string_equal(report_wishes_add_beside(&standard, REPORT_EVENTS, ""),
                        "a file, or - for standard output");
}

static void reports_beside_are_bounded(void **state)
{
    (void)state;
    struct report_wishes wishes = { 0 };
    for (int i = 0; i < REPORTS_MOST; i++)
        assert_null(report_wishes_add_beside(&wishes, REPORT_HTML, "page"));
    assert_string_equal(report_wishes_add_beside(&wishes, REPORT_HTML, "page"), "at most 16 reports");
    assert_null(SETTLE(&wishes));
    assert_int_equal(wishes.count, REPORTS_MOST);
}

static void the_output_is_the_file_of_the_format_without_one(void **state)
{
    (void)state;
    struct report_wishes wishes = { .output = "out" };
    assert_null(report_wishes_add(&wishes, "tap:t"));
    assert_null(report_wishes_add(&wishes, "json"));
    assert_null(SETTLE(&wishes));
    assert_string_equal(wishes.list[0].path, "t");
    assert_string_equal(wishes.list[1].path, "out");
    struct report_wishes standard = { .output = "-" };
    assert_null(SETTLE(&standard));
    assert_null(standard.list[0].path);
}

static void an_output_without_a_report_is_refused(void **state)
{
    (void)state;
    struct report_wishes wishes = { .output = "out" };
    assert_null(report_wishes_add(&wishes, "tap:t"));
    assert_non_null(strstr(SETTLE(&wishes), "--output has no report to write"));
}

static void two_reports_in_one_place_are_refused(void **state)
{
    (void)state;
    struct report_wishes wishes = { 0 };
    assert_null(report_wishes_add(&wishes, "tap"));
    assert_null(report_wishes_add(&wishes, "junit:x"));
    assert_null(report_wishes_add(&wishes, "json"));
    assert_null(report_wishes_add(&wishes, "github"));
    assert_string_equal(
        SETTLE(&wishes),
        "rehearse run: --format tap and --format json both write to standard output: give one a "
        "file, as in --format json:FILE\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_format_may_have_a_file),
        cmocka_unit_test(a_format_that_is_none_is_refused),
        cmocka_unit_test(without_a_format_it_is_one_for_a_person),
        cmocka_unit_test(a_report_beside_leaves_that_for_a_person),
        cmocka_unit_test(reports_beside_are_bounded),
        cmocka_unit_test(the_output_is_the_file_of_the_format_without_one),
        cmocka_unit_test(an_output_without_a_report_is_refused),
        cmocka_unit_test(two_reports_in_one_place_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
