#include "../verbs/compare_report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SAME  "0.1 step Romeo sends:\n0.2 Juliet receives <message/>\n"
#define LATER "0.1 step Romeo sends:\n0.9 Juliet receives <message/>\n"
#define OTHER "0.1 step Romeo sends:\n0.2 Juliet receives <presence/>\n"

static const struct server_kind a = { .name = "a" }, b = { .name = "b" }, c = { .name = "c" };
static const struct server_list servers = { .kinds = { &a, &b, &c }, .count = 3 };

static struct several_result passed(char *answers)
{
    return (struct several_result){ .verdict = RESULT_PASSED, .answers = answers };
}

static struct several_result failed(char *cause, const char *check, char *answers)
{
    return (struct several_result){
        .verdict = RESULT_FAILED, .cause = cause, .check = check, .summary = cause, .answers = answers
    };
}

static struct several_result skipped(void)
{
    static char none[] = "";
    return (struct several_result){ .verdict = RESULT_SKIPPED, .skipped = "tls", .answers = none };
}

static char same[] = SAME, later[] = LATER, other[] = OTHER, one_cause[] = "it is late",
            other_cause[] = "it is early";

static void they_agree(struct several_result one, struct several_result two, struct several_result three,
                       enum agreement expected)
{
    const struct several_result results[] = { one, two, three };
    assert_int_equal(compare_results(&servers, results), expected);
}

static void times_are_no_difference_and_answers_are(void **state)
{
    (void)state;
    they_agree(passed(same), passed(later), passed(same), ALL_AGREE);
    they_agree(passed(same), passed(same), passed(other), SOME_PART);
    they_agree(passed(same), passed(other), passed(same), SOME_PART);
}

static void results_are_differences(void **state)
{
    (void)state;
    they_agree(passed(same), failed(one_cause, NULL, same), passed(same), SOME_PART);
    they_agree(failed(one_cause, NULL, same), failed(one_cause, NULL, same), failed(one_cause, NULL, same),
               ALL_AGREE);
    they_agree(failed(one_cause, NULL, same), failed(one_cause, NULL, same), failed(other_cause, NULL, same),
               SOME_PART);
}

static void a_server_that_was_skipped_is_left_out(void **state)
{
    (void)state;
    they_agree(skipped(), passed(same), passed(same), ALL_AGREE);
    they_agree(passed(same), skipped(), passed(other), SOME_PART);
    they_agree(passed(same), skipped(), skipped(), TOO_FEW);
    they_agree(skipped(), skipped(), skipped(), TOO_FEW);
}

static void print_commands(FILE *out, void *host, const struct several_result *results)
{
    assert_non_null(results);
    fprintf(out, "%s\n", (const char *)host);
}

static void reports(const struct several_result *results, const char *title, const char *expected)
{
    static char command[] = "again";
    char *said = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&said, &size);
    compare_report(out, &(struct compared_case){ .name = "x.scs",
                                                 .title = title,
                                                 .servers = &servers,
                                                 .results = results,
                                                 .print_commands = print_commands,
                                                 .host = command });
    fclose(out);
    assert_string_equal(said, expected);
    free(said);
}

static void each_result_and_each_parting_is_shown(void **state)
{
    (void)state;
    const struct several_result two[] = { passed(same), skipped(), failed(one_cause, "in-time", other) };
    reports(two, "It comes",
            "answers part: x.scs: It comes\n"
            "  a: passed\n"
            "  b: skipped, lacks tls\n"
            "  c: failed, objected to by the check in-time: it is late\n"
            "\n- a\n+ c\n"
            "the runs diverge at line 2 of the first, at 0.2 s, and line 2 of the second, at 0.2 s:\n\n"
            "      1     1  0.1 step Romeo sends:\n"
            "-     2        0.2 Juliet receives <message/>\n"
            "+           2  0.2 Juliet receives <presence/>\n"
            "again\n\n");
}

static char long_one[] = SAME "0.3 step Juliet sends:\n0.4 Romeo receives <iq/>\n";

static void what_follows_a_failure_is_no_difference(void **state)
{
    (void)state;
    const struct several_result shorter[] = { passed(long_one), failed(one_cause, NULL, same), skipped() };
    reports(shorter, NULL,
            "answers part: x.scs\n"
            "  a: passed\n"
            "  b: failed: it is late\n"
            "  c: skipped, lacks tls\n"
            "\n- a\n+ b\n"
            "clients received the same up to there\n"
            "again\n\n");
    they_agree(failed(one_cause, NULL, long_one), failed(one_cause, NULL, same), skipped(), ALL_AGREE);
    they_agree(passed(long_one), passed(same), skipped(), SOME_PART);
}

static void servers_that_part_alike_are_shown_once(void **state)
{
    (void)state;
    const struct several_result alike[] = { passed(same), failed(one_cause, NULL, same),
                                            failed(one_cause, NULL, later) };
    reports(alike, NULL,
            "answers part: x.scs\n"
            "  a: passed\n"
            "  b: failed: it is late\n"
            "  c: failed: it is late\n"
            "\n- a\n+ b\n"
            "clients received the same up to there\n"
            "c agrees with b\n"
            "again\n\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_no_difference_and_answers_are),
        cmocka_unit_test(results_are_differences),
        cmocka_unit_test(a_server_that_was_skipped_is_left_out),
        cmocka_unit_test(each_result_and_each_parting_is_shown),
        cmocka_unit_test(what_follows_a_failure_is_no_difference),
        cmocka_unit_test(servers_that_part_alike_are_shown_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
