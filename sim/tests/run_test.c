#define _XOPEN_SOURCE 700 /* nftw */
#include "../verbs/run.h"

#include "../tool/files.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#include <cmocka.h>

#include "test_folder.h"

static void put_scenario(const char *path, const char *steps)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fprintf(file,
            "# A scenario\n\n[Client] Romeo\n\tjid: romeo@localhost\n\tpassword: secret\n\n---------\n\n%s\n",
            steps);
    fclose(file);
}

/* The report goes to a file, the trace to another. */
static int run(char **arguments, int count)
{
    return run_verb.act("rehearse", count, arguments);
}

#define RUN(...) run((char *[]){ __VA_ARGS__ }, (int)(sizeof((char *[]){ __VA_ARGS__ }) / sizeof(char *)))

static char *told_hash(char text[17])
{
    char *report = file_read("report", NULL);
    assert_non_null(report);
    const char *found = strstr(report, "trace hash ");
    assert_non_null(found);
    snprintf(text, 17, "%s", found + strlen("trace hash "));
    free(report);
    return text;
}

/* Takes the number off each line, which must be that of the line. */
static size_t take_numbers_off(char *trace)
{
    char *out = trace;
    const char *in = trace;
    for (unsigned long number = 1; *in != '\0'; number++) {
        char *behind;
        assert_true(strtoul(in, &behind, 10) == number && memcmp(behind, "  ", 2) == 0);
        const size_t length = strcspn(behind + 2, "\n") + 1;
        memmove(out, behind + 2, length);
        out += length;
        in = behind + 2 + length;
    }
    return (size_t)(out - trace);
}

/* trace.h: the hash is over the lines, without their numbers. */
static void the_hash_of_one_scenario_is_that_of_its_trace_file(void **state)
{
    (void)state;
    char told[17];
    char own[17];
    size_t length = 0;
    put_scenario("one.scs", "Romeo connects");
    assert_int_equal(RUN("--trace", "trace", "--output=report", "--seed", "3", "one.scs"), STATUS_HELD);
    char *trace = file_read("trace", &length);
    assert_non_null(trace);
    assert_true(length > 0);
    length = take_numbers_off(trace);
    snprintf(own, sizeof own, "%016" PRIx64, (uint64_t)XXH3_64bits(trace, length));
    free(trace);
    assert_string_equal(told_hash(told), own);
}

/* Of two scenarios it is the hash of both hashes, each as eight bytes, the lowest first. */
static void the_hash_of_two_scenarios_is_over_both(void **state)
{
    (void)state;
    char hashes[3][17];
    char own[17];
    unsigned char bytes[16];
    put_scenario("one.scs", "Romeo connects");
    put_scenario("two.scs", "Romeo connects\n\nRomeo disconnects");
    assert_int_equal(RUN("--output", "report", "one.scs"), STATUS_HELD);
    told_hash(hashes[0]);
    assert_int_equal(RUN("--output", "report", "two.scs"), STATUS_HELD);
    told_hash(hashes[1]);
    for (size_t i = 0; i < 16; i++)
        bytes[i] = (unsigned char)(strtoull(hashes[i / 8], NULL, 16) >> (8 * (i % 8)));
    snprintf(own, sizeof own, "%016" PRIx64, (uint64_t)XXH3_64bits(bytes, sizeof bytes));
    static const char *const jobs[] = { "1", "2" };
    for (size_t i = 0; i < 2; i++) {
        char *number = strdup(jobs[i]);
        assert_int_equal(RUN("--jobs", number, "--output", "report", "two.scs", "one.scs"), STATUS_HELD);
        assert_string_equal(told_hash(hashes[2]), own);
        free(number);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_hash_of_one_scenario_is_that_of_its_trace_file),
        cmocka_unit_test(the_hash_of_two_scenarios_is_over_both),
    };
    unsetenv("HOME"); /* failures are not stored */
    unsetenv("XDG_STATE_HOME");
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
