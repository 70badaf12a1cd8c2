#define _XOPEN_SOURCE 700 /* nftw */
#include "../tool/watch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "test_folder.h"

static struct watch *watch;

static void put(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* Waits; there is something to wait for. */
static struct changes heard(void)
{
    struct changes changes;
    assert_true(watch_wait(watch, &changes));
    return changes;
}

static int begin(void **state)
{
    const int entered = enter_folder(state);
    watch = watch_new(stderr);
    mkdir("f", 0700);
    mkdir("f/deep", 0700);
    mkdir("f/.hidden", 0700);
    watch_below(watch, "f/");
    return watch != NULL ? entered : -1;
}

static int end(void **state)
{
    watch_free(watch);
    return leave_folder(state);
}

static void a_file_that_is_saved_is_named_as_its_folder_was(void **state)
{
    (void)state;
    put("f/.hidden/x.scs", "unheard");
    put("f/deep/a.scs", "one");
    struct changes changes = heard();
    assert_int_equal(changes.names.count, 1);
    assert_string_equal(changes.names.names[0], "f/deep/a.scs");
    assert_true(files_have(&changes.saved, "f/deep/a.scs"));
    changes_free(&changes);
}

static void what_is_renamed_was_there_and_is_here(void **state)
{
    (void)state;
    put("f/new", "one");
    assert_int_equal(rename("f/new", "f/a.scs"), 0);
    struct changes changes = heard();
    assert_true(files_have(&changes.names, "f/new"));
    assert_true(files_have(&changes.saved, "f/a.scs"));
    changes_free(&changes);
}

static void what_is_removed_is_named_but_not_saved(void **state)
{
    (void)state;
    assert_int_equal(unlink("f/a.scs"), 0);
    struct changes changes = heard();
    assert_true(files_have(&changes.names, "f/a.scs"));
    assert_false(files_have(&changes.saved, "f/a.scs"));
    changes_free(&changes);
}

static void a_file_that_is_only_begun_is_not_named(void **state)
{
    (void)state;
    FILE *begun = fopen("f/begun.scs", "wb");
    assert_non_null(begun);
    put("f/other.scs", "one");
    struct changes changes = heard();
    assert_int_equal(changes.names.count, 1);
    assert_string_equal(changes.names.names[0], "f/other.scs");
    changes_free(&changes);
    fclose(begun);
    changes = heard();
    assert_string_equal(changes.names.names[0], "f/begun.scs");
    changes_free(&changes);
}

static void a_new_folder_is_reported_and_can_be_watched(void **state)
{
    (void)state;
    mkdir("f/later", 0700);
    struct changes changes = heard();
    assert_true(files_have(&changes.names, "f/later"));
    changes_free(&changes);
    watch_below(watch, "f");
    put("f/later/a.scs", "one");
    changes = heard();
    assert_true(files_have(&changes.saved, "f/later/a.scs"));
    changes_free(&changes);
}

static void one_folder_may_have_several_names(void **state)
{
    (void)state;
    watch_beside(watch, "here.scs");
    watch_beside(watch, "./here.scs");
    watch_beside(watch, "nowhere/here.scs");
    put("here.scs", "one");
    struct changes changes = heard();
    assert_int_equal(changes.names.count, 2);
    assert_true(files_have(&changes.names, "here.scs"));
    assert_true(files_have(&changes.names, "./here.scs"));
    changes_free(&changes);
}

static void a_folder_that_is_gone_is_no_longer_watched(void **state)
{
    (void)state;
    assert_int_equal(unlink("f/deep/a.scs"), 0);
    assert_int_equal(rmdir("f/deep"), 0);
    put("f/last.scs", "one");
    struct changes changes = heard();
    assert_true(files_have(&changes.names, "f/deep/a.scs"));
    assert_true(files_have(&changes.saved, "f/last.scs"));
    changes_free(&changes);
    assert_int_equal(mkdir("f/deep", 0700), 0);
    put("f/deep/b.scs", "one"); /* what has its name is another folder */
    put("f/last.scs", "two");
    changes = heard();
    assert_false(files_have(&changes.names, "f/deep/b.scs"));
    changes_free(&changes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_that_is_saved_is_named_as_its_folder_was),
        cmocka_unit_test(what_is_renamed_was_there_and_is_here),
        cmocka_unit_test(what_is_removed_is_named_but_not_saved),
        cmocka_unit_test(a_file_that_is_only_begun_is_not_named),
        cmocka_unit_test(a_new_folder_is_reported_and_can_be_watched),
        cmocka_unit_test(one_folder_may_have_several_names),
        cmocka_unit_test(a_folder_that_is_gone_is_no_longer_watched),
    };
#ifdef __linux__
    return cmocka_run_group_tests(tests, begin, end);
#else
    (void)tests;
    return 0;
#endif
}
