#define _XOPEN_SOURCE 700 /* nftw */
#include "../tool/wanted.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "test_folder.h"

/* A table whose rows are on the lines 7 and 9, and a file without one. */
static struct scenario first = { .path = "t.scs", .row = 1, .rows = 2, .row_line = 7 };
static struct scenario second = { .path = "t.scs", .row = 2, .rows = 2, .row_line = 9 };
static struct scenario plain = { .path = "p.scs" };
static struct scenario *const table[] = { &first, &second };
static struct scenario *const alone[] = { &plain };

static void put(const char *path)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fclose(file);
}

static bool find(struct wanted *wanted, const char *path)
{
    char said[256] = "";
    FILE *errors = fmemopen(said, sizeof said, "w");
    assert_non_null(errors);
    *wanted = (struct wanted){ 0 };
    const bool found = wanted_find(wanted, &path, 1, errors);
    fclose(errors);
    return found;
}

/* Which of the table's rows a path wants, as bits. */
static unsigned rows_of(const char *path)
{
    struct wanted wanted;
    assert_true(find(&wanted, path));
    const unsigned rows = (wanted_has(&wanted, &first, table, 2) ? 1U : 0U) |
                          (wanted_has(&wanted, &second, table, 2) ? 2U : 0U);
    wanted_free(&wanted);
    return rows;
}

static void a_file_has_all_its_cases(void **state)
{
    (void)state;
    put("t.scs");
    put("p.scs");
    assert_int_equal(rows_of("t.scs"), 3);
    assert_int_equal(rows_of("p.scs"), 0);
}

static void a_number_names_a_row(void **state)
{
    (void)state;
    assert_int_equal(rows_of("t.scs#1"), 1);
    assert_int_equal(rows_of("t.scs#02"), 2);
}

static void a_line_names_the_row_that_is_on_it_or_all_of_the_file(void **state)
{
    (void)state;
    struct wanted wanted;
    assert_int_equal(rows_of("t.scs:7"), 1);
    assert_int_equal(rows_of("t.scs:9:"), 2);
    assert_int_equal(rows_of("t.scs:8"), 3);
    assert_int_equal(rows_of("t.scs:12"), 3);
    assert_true(find(&wanted, "p.scs:3"));
    assert_true(wanted_has(&wanted, &plain, alone, 1));
    assert_false(wanted_has(&wanted, &first, table, 2));
    wanted_free(&wanted);
}

static void a_file_that_is_called_like_a_part_is_that_file(void **state)
{
    (void)state;
    struct wanted wanted;
    put("t.scs#1");
    assert_true(find(&wanted, "t.scs#1"));
    assert_int_equal(wanted.part_count, 0);
    assert_string_equal(wanted.whole.names[0], "t.scs#1");
    wanted_free(&wanted);
    assert_int_equal(unlink("t.scs#1"), 0);
}

static void a_part_that_is_not_there_is_refused(void **state)
{
    (void)state;
    struct wanted wanted;
    FILE *errors = fopen("said", "wb");
    assert_non_null(errors);
    assert_true(find(&wanted, "t.scs#3"));
    assert_false(wanted_are_there(&wanted, "t.scs", 2, 12, errors));
    assert_true(wanted_are_there(&wanted, "t.scs", 3, 12, errors));
    assert_true(wanted_are_there(&wanted, "p.scs", 0, 1, errors));
    wanted_free(&wanted);
    assert_true(find(&wanted, "t.scs:13"));
    assert_false(wanted_are_there(&wanted, "t.scs", 2, 12, errors));
    wanted_free(&wanted);
    mkdir("folder", 0700);
    assert_false(find(&wanted, "folder#1"));
    wanted_free(&wanted);
    assert_false(find(&wanted, "t.scs#0"));
    wanted_free(&wanted);
    fclose(errors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_has_all_its_cases),
        cmocka_unit_test(a_number_names_a_row),
        cmocka_unit_test(a_line_names_the_row_that_is_on_it_or_all_of_the_file),
        cmocka_unit_test(a_file_that_is_called_like_a_part_is_that_file),
        cmocka_unit_test(a_part_that_is_not_there_is_refused),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
