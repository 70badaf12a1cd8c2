#define _XOPEN_SOURCE 700 /* nftw */
#include "../tool/files.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "test_folder.h"

static void put(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static char said[512];

static bool find(struct file_list *list, const char *path)
{
    memset(said, 0, sizeof said);
    FILE *errors = fmemopen(said, sizeof said, "w");
    assert_non_null(errors);
    bool found = files_find(list, path, errors);
    fclose(errors);
    return found;
}

static void files_stand_by_folder_and_then_by_name_bytewise(void **state)
{
    (void)state;
    static const char *const expected[] = { "r/Z.scs",   "r/a.scs",    "r/b.scs",     "r/\xc3\xa9.scs",
                                            "r/a/1.scs", "r/a/10.scs", "r/a/b/c.scs", "r/ab/x.scs" };
    mkdir("r", 0700);
    mkdir("r/ab", 0700);
    mkdir("r/a", 0700);
    mkdir("r/a/b", 0700);
    for (size_t i = sizeof expected / sizeof *expected; i > 0; i--)
        put(expected[i - 1], "");
    struct file_list list = { 0 };
    assert_true(find(&list, "r/"));
    files_sort(&list);
    assert_int_equal(list.count, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < list.count; i++)
        assert_string_equal(list.names[i], expected[i]);
    files_free(&list);
    assert_int_equal(list.count, 0);
}

static void only_scenarios_are_found_below_a_folder(void **state)
{
    (void)state;
    mkdir("f", 0700);
    mkdir("f/.git", 0700);
    mkdir("f/folder.scs", 0700);
    put("f/yes.scs", "");
    put("f/.hidden.scs", "");
    put("f/.scs", "");
    put("f/no.txt", "");
    put("f/no.scs.orig", "");
    put("f/.git/no.scs", "");
    struct file_list list = { 0 };
    assert_true(find(&list, "f"));
    assert_int_equal(list.count, 1);
    assert_string_equal(list.names[0], "f/yes.scs");
    files_free(&list);
}

static void a_file_that_is_named_is_taken_whatever_it_is_called(void **state)
{
    (void)state;
    put("plain.txt", "");
    struct file_list list = { 0 };
    assert_true(find(&list, "plain.txt"));
    assert_string_equal(list.names[0], "plain.txt");
    files_free(&list);
}

static void a_file_that_is_named_twice_is_there_once(void **state)
{
    (void)state;
    mkdir("t", 0700);
    put("t/b.scs", "");
    put("t/a.scs", "");
    struct file_list list = { 0 };
    assert_true(find(&list, "t/b.scs"));
    assert_true(find(&list, "t"));
    assert_true(find(&list, "t//"));
    files_sort(&list);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.names[0], "t/a.scs");
    assert_string_equal(list.names[1], "t/b.scs");
    files_free(&list);
    files_sort(&list);
    assert_int_equal(list.count, 0);
}

static void what_is_missing_is_named_with_the_reason(void **state)
{
    (void)state;
    struct file_list list = { 0 };
    assert_false(find(&list, "nowhere"));
    assert_string_equal(said, "rehearse: cannot read nowhere: No such file or directory\n");
    put("file", "");
    assert_false(find(&list, "file/x.scs"));
    assert_string_equal(said, "rehearse: cannot read file/x.scs: Not a directory\n");
    files_free(&list);
}

static void a_folder_without_scenarios_is_named(void **state)
{
    (void)state;
    struct file_list list = { 0 };
    mkdir("e", 0700);
    mkdir("e/deeper", 0700);
    assert_false(find(&list, "e"));
    assert_string_equal(said, "rehearse: e: no scenario (*.scs) in this folder\n");
    files_free(&list);
}

static void links_lead_to_files_but_not_to_folders(void **state)
{
    (void)state;
    struct file_list list = { 0 };
    mkdir("l", 0700);
    put("target", "");
    assert_int_equal(symlink("../target", "l/link.scs"), 0);
    assert_int_equal(symlink("..", "l/up"), 0);
    assert_int_equal(symlink("..", "l/up.scs"), 0);
    assert_true(find(&list, "l"));
    assert_int_equal(list.count, 1);
    assert_string_equal(list.names[0], "l/link.scs");
    files_free(&list);
    assert_int_equal(symlink("nowhere", "l/dangling.scs"), 0);
    assert_false(find(&list, "l"));
    assert_string_equal(said, "rehearse: cannot read l/dangling.scs: No such file or directory\n");
    files_free(&list);
}

static void a_file_is_read_whole(void **state)
{
    (void)state;
    static char large[100001];
    size_t length = 0;
    memset(large, 'x', sizeof large - 1);
    static const size_t sizes[] = { 0, 1, 16382, 16383, 16384, 32767, 100000 };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        put("sized", large + sizeof large - 1 - sizes[i]);
        char *text = file_read("sized", &length);
        assert_non_null(text);
        assert_int_equal(length, sizes[i]);
        assert_int_equal(strlen(text), sizes[i]);
        free(text);
    }
}

static void what_cannot_be_read_says_why(void **state)
{
    (void)state;
    assert_null(file_read("nowhere", NULL));
    assert_int_equal(errno, ENOENT);
    mkdir("d", 0700);
    assert_null(file_read("d", NULL));
    assert_int_equal(errno, EISDIR);
}

static void a_file_that_is_not_regular_is_neither_found_nor_waited_for(void **state)
{
    (void)state;
    struct file_list list = { 0 };
    assert_int_equal(mkfifo("pipe.scs", 0600), 0);
    assert_false(find(&list, "pipe.scs"));
    assert_string_equal(said, "rehearse: pipe.scs is not a regular file\n");
    mkdir("piped", 0700);
    assert_int_equal(mkfifo("piped/p.scs", 0600), 0);
    assert_false(find(&list, "piped"));
    assert_string_equal(said, "rehearse: piped/p.scs is not a regular file\n");
    assert_int_equal(list.count, 0);
    assert_null(file_read("pipe.scs", NULL));
    assert_int_equal(errno, ENOTSUP);
    files_free(&list);
}

static void a_name_is_found_in_a_list_that_is_in_order(void **state)
{
    (void)state;
    struct file_list list = { 0 };
    assert_false(files_have(&list, "a/b"));
    files_add(&list, strdup("b"));
    files_add(&list, strdup("a/b"));
    files_add(&list, strdup("a"));
    files_sort(&list);
    assert_true(files_have(&list, "a/b"));
    assert_true(files_have(&list, "b"));
    assert_false(files_have(&list, "c"));
    files_free(&list);
}

static void a_folder_is_the_path_before_the_last_slash(void **state)
{
    (void)state;
    assert_int_equal(file_folder("a.scs"), 0);
    assert_int_equal(file_folder("a/b.scs"), 1);
    assert_int_equal(file_folder("a/b/c.scs"), 3);
    assert_int_equal(file_folder("/c.scs"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_stand_by_folder_and_then_by_name_bytewise),
        cmocka_unit_test(only_scenarios_are_found_below_a_folder),
        cmocka_unit_test(a_file_that_is_named_is_taken_whatever_it_is_called),
        cmocka_unit_test(a_file_that_is_named_twice_is_there_once),
        cmocka_unit_test(what_is_missing_is_named_with_the_reason),
        cmocka_unit_test(a_folder_without_scenarios_is_named),
        cmocka_unit_test(links_lead_to_files_but_not_to_folders),
        cmocka_unit_test(a_file_is_read_whole),
        cmocka_unit_test(what_cannot_be_read_says_why),
        cmocka_unit_test(a_file_that_is_not_regular_is_neither_found_nor_waited_for),
        cmocka_unit_test(a_name_is_found_in_a_list_that_is_in_order),
        cmocka_unit_test(a_folder_is_the_path_before_the_last_slash),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
