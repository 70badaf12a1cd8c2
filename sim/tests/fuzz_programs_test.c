#define _XOPEN_SOURCE 700

#include "../verbs/fuzz_programs.h"

#include "test_folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>

#include <cmocka.h>

static void make_file(const char *path, mode_t mode)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, mode), 0);
}

/* Targets jid and stream, of which the second has no plain program. */
static int make_programs(void **state)
{
    static const char *const folders[] = { "fuzz", "fuzz/libfuzzer", "asan", "asan/fuzz" };
    if (enter_folder(state) != 0)
        return -1;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        assert_int_equal(mkdir(folders[i], 0700), 0);
    make_file("rehearse", 0700);
    make_file("fuzz/jid", 0700);
    make_file("fuzz/jid.o", 0700);
    make_file("fuzz/notes", 0600);
    make_file("fuzz/libfuzzer/jid", 0700);
    make_file("asan/fuzz/stream", 0700);
    return 0;
}

static void programs_are_beside_the_tool(void **state)
{
    char *folder = fuzz_programs_folder("./rehearse");
    char *real = realpath(*state, NULL);
    assert_string_equal(folder, real);
    free(real);
    free(folder);
    folder = fuzz_programs_folder("./nothing");
    assert_string_equal(folder, "build");
    free(folder);
}

static void a_target_has_a_program_or_is_run_by_the_tool(void **state)
{
    (void)state;
    static const char *const expected[] = { "jid", "plot", "run", "stream" };
    struct file_list targets = { 0 };
    fuzz_targets_find(&targets, ".");
    assert_int_equal(targets.count, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < targets.count; i++)
        assert_string_equal(targets.names[i], expected[i]);
    files_free(&targets);
}

static void the_quickest_program_is_the_first(void **state)
{
    (void)state;
    struct file_list programs = { 0 };
    fuzz_programs_find(&programs, ".", "jid");
    fuzz_programs_find(&programs, ".", "stream");
    fuzz_programs_find(&programs, ".", "notes");
    assert_int_equal(programs.count, 3);
    assert_string_equal(programs.names[0], "./fuzz/jid");
    assert_string_equal(programs.names[1], "./fuzz/libfuzzer/jid");
    assert_string_equal(programs.names[2], "./asan/fuzz/stream");
    files_free(&programs);
}

static void a_path_says_which_target_it_is_for(void **state)
{
    (void)state;
    char jid[] = "jid";
    char run[] = "run";
    char *names[] = { jid, run };
    const struct file_list targets = { names, 2, 2 };
    assert_string_equal(fuzz_target_of_path(&targets, "findings/jid/crash-0123"), "jid");
    assert_string_equal(fuzz_target_of_path(&targets, "run/jid/default/crashes/id:000"), "jid");
    assert_string_equal(fuzz_target_of_path(&targets, "/jid/crash-0123"), "jid");
    assert_string_equal(fuzz_target_of_path(&targets, "jid/run-crash-0123"), "run");
    assert_string_equal(fuzz_target_of_path(&targets, "run.0123"), "run");
    assert_null(fuzz_target_of_path(&targets, "run"));
    assert_null(fuzz_target_of_path(&targets, "runs/crash-0123"));
    assert_null(fuzz_target_of_path(&targets, "crash-jid"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(programs_are_beside_the_tool),
        cmocka_unit_test(a_target_has_a_program_or_is_run_by_the_tool),
        cmocka_unit_test(the_quickest_program_is_the_first),
        cmocka_unit_test(a_path_says_which_target_it_is_for),
    };
    return cmocka_run_group_tests(tests, make_programs, leave_folder);
}
