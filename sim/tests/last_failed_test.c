#define _XOPEN_SOURCE 700 /* nftw */
#include "../tool/last_failed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "test_folder.h"

static const struct scenario one = { .path = "one.scs", .name = "one.scs" };
static const struct scenario two = { .path = "two.scs", .name = "two.scs" };

static void put_scenario(const char *path)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs("# A scenario\n[Client] Romeo\n\tjid: romeo@localhost\n---\nRomeo connects\n", file);
    fclose(file);
}

static void keep(const struct scenario *scenario, bool passed)
{
    struct last_failed last = { .failed = { 0 } };
    last_failed_note(&last, scenario, passed);
    last_failed_keep(&last);
    last_failed_free(&last);
}

/* How many cases are loaded, -1 without a record; the first is `first`. */
static int loaded(const char *first)
{
    struct last_failed last = { .failed = { 0 } };
    struct suite suite = { 0 };
    FILE *errors = fopen("said", "wb");
    assert_non_null(errors);
    const bool good = last_failed_load(&last, &suite, NULL, 0, errors);
    const int count = good ? (int)suite.count : -1;
    if (count > 0)
        assert_string_equal(suite.scenarios[0]->name, first);
    if (good)
        last_failed_keep(&last);
    last_failed_free(&last);
    suite_free(&suite);
    fclose(errors);
    return count;
}

static int begin(void **state)
{
    const int entered = enter_folder(state);
    setenv("XDG_STATE_HOME", *state, 1);
    put_scenario("one.scs");
    put_scenario("two.scs");
    return entered;
}

static void what_was_never_run_has_no_record(void **state)
{
    (void)state;
    assert_int_equal(loaded(""), -1);
    keep(&one, true);
    assert_int_equal(loaded(""), 0);
}

static void a_failure_stays_until_it_passes(void **state)
{
    (void)state;
    keep(&one, false);
    keep(&two, false);
    assert_int_equal(loaded("one.scs"), 2);
    keep(&one, true);
    assert_int_equal(loaded("two.scs"), 1);
    keep(&two, true);
    assert_int_equal(loaded(""), 0);
}

static void a_case_that_no_longer_exists_is_forgotten(void **state)
{
    (void)state;
    keep(&one, false);
    assert_int_equal(rename("one.scs", "elsewhere"), 0);
    assert_int_equal(loaded(""), 0);
    assert_int_equal(rename("elsewhere", "one.scs"), 0);
    assert_int_equal(loaded(""), 0);
}

static void each_folder_has_a_record_of_its_own(void **state)
{
    keep(&one, false);
    mkdir("other", 0700);
    assert_int_equal(chdir("other"), 0);
    assert_int_equal(loaded(""), -1);
    assert_int_equal(chdir(*state), 0);
    assert_int_equal(loaded("one.scs"), 1);
}

static void what_is_given_open_is_not_kept(void **state)
{
    (void)state;
    keep(&one, true);
    keep(&(struct scenario){ .path = "-", .name = "-" }, false);
    keep(&(struct scenario){ .path = "/dev/fd/63", .name = "/dev/fd/63" }, false);
    assert_int_equal(loaded(""), 0);
}

static void a_record_is_of_one_folder_and_complete(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length, names;
        bool good;
    } records[] = {
        { "/a\0two\0one\0", 11, 2, true }, { "/a\0", 3, 0, true }, { "/a\0one", 6, 0, false },
        { "/b\0one\0", 7, 0, false },      { "", 0, 0, false },    { "\0", 1, 0, false },
        { "/a\0one\0one\0", 11, 1, true },
    };
    for (size_t i = 0; i < sizeof records / sizeof records[0]; i++) {
        struct file_list names = { 0 };
        assert_true(last_failed_parse(records[i].bytes, records[i].length, "/a", &names) == records[i].good);
        assert_int_equal(names.count, records[i].names);
        assert_true(names.count == 0 || files_have(&names, "one"));
        files_free(&names);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_never_run_has_no_record),
        cmocka_unit_test(a_failure_stays_until_it_passes),
        cmocka_unit_test(a_case_that_no_longer_exists_is_forgotten),
        cmocka_unit_test(each_folder_has_a_record_of_its_own),
        cmocka_unit_test(what_is_given_open_is_not_kept),
        cmocka_unit_test(a_record_is_of_one_folder_and_complete),
    };
    return cmocka_run_group_tests(tests, begin, leave_folder);
}
