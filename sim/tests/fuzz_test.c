/* fuzz.h: how an input is read, and how a target says that something does not hold. */
#include "../fuzz/fuzz.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static struct fuzz_input input_of(const char *bytes)
{
    return (struct fuzz_input){ (const uint8_t *)bytes, strlen(bytes) };
}

static void decisions_are_taken_from_the_front(void **state)
{
    (void)state;
    struct fuzz_input input = input_of("\x07\x09rest");
    assert_int_equal(fuzz_byte(&input), 7);
    assert_int_equal(fuzz_below(&input, 4), 1);
    assert_int_equal(input.left, 4);
}

static void behind_the_last_byte_each_decision_is_0(void **state)
{
    (void)state;
    struct fuzz_input input = input_of("");
    assert_int_equal(fuzz_byte(&input), 0);
    assert_int_equal(fuzz_below(&input, 60000), 0);
    assert_int_equal(input.left, 0);
}

static void a_large_number_takes_two_bytes(void **state)
{
    (void)state;
    struct fuzz_input input = input_of("\x01\x02\x03");
    assert_true(fuzz_below(&input, 1000) < 1000);
    assert_int_equal(input.left, 1);
}

static void a_text_ends_before_its_end_or_with_the_input(void **state)
{
    (void)state;
    struct fuzz_input input = input_of("one\x1etwo");
    size_t length;
    assert_memory_equal(fuzz_until(&input, 0x1e, &length), "one", 3);
    assert_int_equal(length, 3);
    assert_memory_equal(fuzz_until(&input, 0x1e, &length), "two", 3);
    assert_int_equal(length, 3);
    assert_int_equal(input.left, 0);
}

/* The process aborts, without a core file, and its last word is the sentence. */
static void what_does_not_hold_is_said_before_the_process_aborts(void **state)
{
    (void)state;
    FILE *said = tmpfile();
    char line[200] = "";
    int status;
    assert_non_null(said);
    fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        const struct rlimit none = { 0, 0 };
        (void)setrlimit(RLIMIT_CORE, &none);
        (void)signal(SIGABRT, SIG_DFL); /* cmocka's is for this process */
        (void)dup2(fileno(said), STDERR_FILENO);
        fuzz_check(1 + 1 == 3, "%d is not %d", 2, 3);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
    rewind(said);
    assert_non_null(fgets(line, sizeof line, said));
    assert_memory_equal(line, "fuzz_check: sim/tests/fuzz_test.c:", 34);
    assert_non_null(strstr(line, ": 2 is not 3\n"));
    (void)fclose(said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decisions_are_taken_from_the_front),
        cmocka_unit_test(behind_the_last_byte_each_decision_is_0),
        cmocka_unit_test(a_large_number_takes_two_bytes),
        cmocka_unit_test(a_text_ends_before_its_end_or_with_the_input),
        cmocka_unit_test(what_does_not_hold_is_said_before_the_process_aborts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
