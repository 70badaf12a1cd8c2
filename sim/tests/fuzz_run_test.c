#define _XOPEN_SOURCE 700

#include "../shrink/fuzz_run.h"

#include "../world/world.h"
#include "test_folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>

#include <cmocka.h>

/* A program of the shell; its $1 is the input. */
static void write_program(const char *text)
{
    FILE *file = fopen("target", "w");
    assert_non_null(file);
    fprintf(file, "#!/bin/sh\n%s\n", text);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod("target", 0700), 0);
}

static enum fuzz_end run(const char *program, const char *input, struct fuzz_failure *failure)
{
    struct fuzz_run run = { .program = "./target", .limit = 5 * SIM_SECOND };
    write_program(program);
    const enum fuzz_end end = fuzz_run(&run, (const unsigned char *)input, strlen(input), failure);
    assert_int_equal(run.runs, 1);
    return end;
}

static void fails_with(const char *program, const char *cause, const char *sentence)
{
    struct fuzz_failure failure;
    assert_int_equal(run(program, "", &failure), FUZZ_FAILED);
    assert_string_equal(failure.cause, cause);
    if (sentence == NULL)
        assert_null(failure.sentence);
    else
        assert_string_equal(failure.sentence, sentence);
    fuzz_failure_free(&failure);
}

static void is_refused_with(const char *program, const char *cause)
{
    struct fuzz_failure failure;
    assert_int_equal(run(program, "", &failure), FUZZ_REFUSED);
    assert_string_equal(failure.cause, cause);
    fuzz_failure_free(&failure);
}

static void the_program_gets_the_bytes_in_a_file_that_is_gone_afterwards(void **state)
{
    (void)state;
    struct fuzz_failure failure;
    const char *program = "echo \"$1\" >name; printf 'one\\ntwo' | cmp - \"$1\"";
    assert_int_equal(run(program, "one\ntwo", &failure), FUZZ_PASSED);
    assert_null(failure.cause);
    fuzz_failure_free(&failure);
    assert_int_equal(run(program, "one\nTwo", &failure), FUZZ_FAILED);
    fuzz_failure_free(&failure);
    assert_int_equal(run("test ! -e \"$(cat name)\" && test ! -s \"$1\"", "", &failure), FUZZ_PASSED);
    fuzz_failure_free(&failure);
}

static void the_cause_is_what_was_found(void **state)
{
    (void)state;
    fails_with("echo \"x: core/a.c:3: f: Assertion \\`b != NULL' failed.\" >&2; kill -ABRT $$",
               "crash: Assertion `b != NULL' failed (core/a.c:3)", NULL);
    fails_with("echo 'SUMMARY: AddressSanitizer: heap-buffer-overflow core/a.c:3 in f'; exit 77",
               "crash: AddressSanitizer: heap-buffer-overflow core/a.c:3 in f", NULL);
    fails_with("echo 'fuzz_check: sim/fuzz/jid.c:44: a becomes b: c'; echo 'FAILED x: signal 6'; exit 1",
               "crash: fuzz_check (sim/fuzz/jid.c:44)", "a becomes b: c");
}

static void the_cause_is_else_how_the_program_ended(void **state)
{
    (void)state;
    fails_with("kill -SEGV $$", "crash: Segmentation fault", NULL);
    fails_with("echo \"FAILED $1: signal 11\"; exit 1", "crash: Segmentation fault", NULL);
    fails_with("echo \"FAILED $1: exit status 3\"; exit 1", "crash: exit status 3", NULL);
    fails_with("echo \"FAILED $1: it took more than 7 s\"; exit 1", "time limit: it took more than 7 s",
               NULL);
    fails_with("exit 3", "crash: its process exited with status 3 before the end of the run", NULL);
}

static void what_takes_too_long_fails(void **state)
{
    (void)state;
    struct fuzz_run run = { .program = "./target", .limit = SIM_SECOND / 2 };
    struct fuzz_failure failure;
    write_program("exec sleep 60");
    assert_int_equal(fuzz_run(&run, (const unsigned char *)"", 0, &failure), FUZZ_FAILED);
    assert_string_equal(failure.cause, "time limit: not over after 0.5 s");
    fuzz_failure_free(&failure);
}

static void of_what_cannot_be_run_nothing_is_known(void **state)
{
    (void)state;
    struct fuzz_run run = { .program = "./nothing", .limit = SIM_SECOND };
    struct fuzz_failure failure;
    is_refused_with("echo 'what is that?' >&2; exit 2", "what is that?");
    is_refused_with("exit 2", "it exits with status 2");
    assert_int_equal(fuzz_run(&run, (const unsigned char *)"", 0, &failure), FUZZ_REFUSED);
    assert_string_equal(failure.cause, "cannot run ./nothing: No such file or directory");
    fuzz_failure_free(&failure);
    setenv("TMPDIR", "nowhere", 1);
    is_refused_with("exit 1", "cannot write a temporary file: No such file or directory");
    unsetenv("TMPDIR");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_program_gets_the_bytes_in_a_file_that_is_gone_afterwards),
        cmocka_unit_test(the_cause_is_what_was_found),
        cmocka_unit_test(the_cause_is_else_how_the_program_ended),
        cmocka_unit_test(what_takes_too_long_fails),
        cmocka_unit_test(of_what_cannot_be_run_nothing_is_known),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
