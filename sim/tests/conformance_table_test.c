#define _XOPEN_SOURCE 700 /* for test_folder.h */
#include "../verbs/conformance_report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "test_folder.h"

#include <sys/stat.h>

/* Three scenarios: of the clauses 4.9.1, 4.9.10 and, in the second row of a table, 5. */
static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

#define FEATURES                                                                                             \
    "# a comment\n6120\terrors\tMUST\tMUST\t4.9\tSend errors.\n6120\tone\tN/A\tMAY\t4.9.1\tSend one.\n"

static void write_all(const char *features, const char *evidence)
{
    static const char steps[] = "[Client] Romeo\n\tjid: romeo@localhost\n---\nRomeo connects\n";
    char text[256];
    (void)mkdir("s", 0777);
    (void)mkdir("t", 0777);
    (void)snprintf(text, sizeof text, "# A\n## rfc: 6120 4.9.1\n%s", steps);
    write_file("s/a.scs", text);
    (void)snprintf(text, sizeof text, "# B\n## rfc: 6120 4.9.10\n%s", steps);
    write_file("s/b.scs", text);
    write_file("s/c.scs", "# C\n## rfc: ${clause}\n[Client] Romeo\n\tjid: romeo@localhost\n"
                          "[Table]\n\tclause\n\t6121 4.9\n\t6120 5\n---\nRomeo connects\n");
    write_file("t/features.tsv", features);
    write_file("t/evidence.tsv", evidence);
}

/* The four cases: a, b, c#1, c#2. */
enum { CASES = 4 };

struct tables {
    struct conformance conformance;
    struct suite suite;
};

static struct tables match(const char *features, const char *evidence)
{
    static const char *const folder = "s";
    struct tables tables = { 0 };
    write_all(features, evidence);
    assert_true(conformance_read(&tables.conformance, "t", stderr));
    assert_true(suite_load(&tables.suite, &folder, 1, stderr));
    assert_int_equal(tables.suite.count, CASES);
    assert_true(conformance_match(&tables.conformance, &tables.suite, "s/", stderr));
    return tables;
}

static void free_tables(struct tables *tables)
{
    conformance_free(&tables->conformance);
    suite_free(&tables->suite);
}

/* `shown` has a letter for each case: '1' for one that shows the feature. */
static void assert_shown(const struct tables *tables, size_t feature, const char *shown)
{
    for (size_t i = 0; i < CASES; i++)
        assert_int_equal(tables->conformance.features[feature].shown_by[i], shown[i] == '1');
}

static void a_feature_without_evidence_is_shown_by_its_section_and_those_below(void **state)
{
    (void)state;
    struct tables tables = match(FEATURES, "# nothing\n");
    assert_shown(&tables, 0, "1100");
    assert_shown(&tables, 1, "1000"); /* 4.9.10 is not below 4.9.1 */
    free_tables(&tables);
}

static void evidence_replaces_the_section(void **state)
{
    (void)state;
    struct tables tables =
        match(FEATURES, "errors\tclause\t6120 5\none\tscenario\tb.scs\none\tscenario\tc.scs#1\n");
    assert_shown(&tables, 0, "0001");
    assert_shown(&tables, 1, "0110");
    free_tables(&tables);
}

static void a_file_with_a_table_is_all_of_its_rows(void **state)
{
    (void)state;
    struct tables tables = match(FEATURES, "one\tscenario\tc.scs\n");
    assert_shown(&tables, 1, "0011");
    free_tables(&tables);
}

static void a_feature_with_a_reason_has_no_evidence(void **state)
{
    (void)state;
    struct tables tables = match(FEATURES "6120\tclients\tMUST\tN/A\t4.9\tBe a client.\n",
                                 "errors\tnot applicable\tbecause\none\tnothing\tthat\n");
    static const enum case_outcome outcomes[CASES] = { CASE_PASSED, CASE_PASSED, CASE_PASSED, CASE_PASSED };
    const struct feature *features = tables.conformance.features;
    for (size_t i = 0; i < 3; i++)
        assert_shown(&tables, i, "0000");
    assert_int_equal(conformance_judge(&features[0], outcomes, CASES), VERDICT_NOT_APPLICABLE);
    assert_int_equal(conformance_judge(&features[1], outcomes, CASES), VERDICT_NOT_SHOWN);
    assert_int_equal(conformance_judge(&features[2], outcomes, CASES), VERDICT_NOT_APPLICABLE);
    assert_string_equal(features[0].reason, "because");
    assert_string_equal(features[1].reason, "that");
    assert_string_equal(features[2].reason, "a feature of clients");
    free_tables(&tables);
}

static void a_feature_fails_when_one_of_its_cases_does(void **state)
{
    (void)state;
    struct tables tables = match(FEATURES, "");
    static const enum case_outcome outcomes[CASES] = { CASE_PASSED, CASE_FAILED, CASE_FAILED, CASE_FAILED };
    assert_int_equal(conformance_judge(&tables.conformance.features[0], outcomes, CASES), VERDICT_FAILED);
    assert_int_equal(conformance_judge(&tables.conformance.features[1], outcomes, CASES), VERDICT_SUPPORTED);
    free_tables(&tables);
}

static void a_case_that_was_not_run_shows_nothing(void **state)
{
    (void)state;
    struct tables tables = match(FEATURES, "");
    static const enum case_outcome none[CASES] = { CASE_NOT_RUN };
    static const enum case_outcome some[CASES] = { CASE_PASSED, CASE_NOT_RUN, CASE_NOT_RUN, CASE_NOT_RUN };
    assert_int_equal(conformance_judge(&tables.conformance.features[0], none, CASES), VERDICT_NOT_SHOWN);
    assert_int_equal(conformance_judge(&tables.conformance.features[0], some, CASES), VERDICT_SUPPORTED);
    free_tables(&tables);
}

static void each_verdict_has_a_name(void **state)
{
    (void)state;
    assert_string_equal(verdict_name(VERDICT_SUPPORTED), "supported");
    assert_string_equal(verdict_name(VERDICT_FAILED), "failed");
    assert_string_equal(verdict_name(VERDICT_NOT_SHOWN), "not shown");
    assert_string_equal(verdict_name(VERDICT_NOT_APPLICABLE), "not applicable");
}

/* ---- Errors ---- */

static void assert_complaint(const char *features, const char *evidence, const char *expected)
{
    static const char *const folder = "s";
    struct conformance conformance;
    struct suite suite = { 0 };
    char said[512] = "";
    FILE *errors = fmemopen(said, sizeof said, "w");
    assert_non_null(errors);
    write_all(features, evidence);
    const bool good = conformance_read(&conformance, "t", errors) && suite_load(&suite, &folder, 1, errors) &&
                      conformance_match(&conformance, &suite, "s", errors);
    fclose(errors);
    conformance_free(&conformance);
    suite_free(&suite);
    assert_false(good);
    assert_string_equal(said, expected);
}

static void mistakes_in_the_tables_are_named_with_their_line(void **state)
{
    (void)state;
    assert_complaint(
        "6120\ta\tMUST\tMUST\t4\n", "",
        "t/features.tsv:1: this line has another number of columns; expected as many as the first "
        "lines say\n");
    assert_complaint("6120\ta\tMUST\tMUST\t\tb\n", "",
                     "t/features.tsv:1: this line has an empty column; expected tabs between columns\n");
    assert_complaint("# x\n\n6120\ta\tMUST\tmust\t4\tb\n", "",
                     "t/features.tsv:3: expected MUST, SHOULD, MAY or N/A, got must\n");
    assert_complaint("6120\ta\tMUST\tMUST\t4\tb\033\n", "",
                     "t/features.tsv:1: this line has a control character; expected text\n");
    assert_complaint(FEATURES "6121\tone\tMUST\tMUST\t4\tb\n", "",
                     "t/features.tsv:4: there are two features of the name one\n");
    assert_complaint(FEATURES, "two\tscenario\ta.scs\n", "t/evidence.tsv:1: there is no feature two\n");
    assert_complaint(
        FEATURES, "one\tscenarios\ta.scs\n",
        "t/evidence.tsv:1: expected clause, scenario, not applicable or nothing, got scenarios\n");
    assert_complaint(FEATURES, "one\tnothing\tx\none\tscenario\ta.scs\n",
                     "t/evidence.tsv:2: nothing shows this feature, which has a reason: one\n");
}

static void evidence_that_is_not_there_is_an_error(void **state)
{
    (void)state;
    assert_complaint(FEATURES, "one\tscenario\tz.scs\n",
                     "evidence.tsv:1: one: there is no scenario s/z.scs\n");
    assert_complaint(FEATURES, "one\tscenario\tc.scs#3\n",
                     "evidence.tsv:1: one: there is no scenario s/c.scs#3\n");
    assert_complaint(FEATURES, "one\tclause\t6120 4.90\n",
                     "evidence.tsv:1: one: there is no scenario with the tag rfc: 6120 4.90\n");
}

static void tables_that_cannot_be_read_are_an_error(void **state)
{
    (void)state;
    struct conformance conformance;
    char said[256] = "";
    FILE *errors = fmemopen(said, sizeof said, "w");
    assert_false(conformance_read(&conformance, "nowhere", errors));
    fclose(errors);
    conformance_free(&conformance);
    assert_non_null(strstr(said, "cannot read nowhere/features.tsv"));
}

/* ---- The report ---- */

static void the_report_has_each_feature_and_the_counts(void **state)
{
    (void)state;
    struct tables tables = match(FEATURES, "one\tnothing\tthat\n");
    static const enum case_outcome outcomes[CASES] = { CASE_PASSED, CASE_FAILED };
    char *summaries[CASES] = { NULL, "expected peace" };
    const struct conformance_results results = { &tables.conformance, &tables.suite, NULL, outcomes,
                                                 summaries };
    char said[1024] = "";
    FILE *out = fmemopen(said, sizeof said, "w");
    conformance_print(out, &results, 80, true);
    fclose(out);
    assert_string_equal(said, "RFC 6120\n"
                              "  errors                              failed, 2 cases\n"
                              "      4.9, server MUST: Send errors.\n"
                              "      failed: s/b.scs: expected peace\n"
                              "      s/a.scs\n"
                              "      s/b.scs\n"
                              "  one                                 not shown\n"
                              "      4.9.1, server MAY: Send one.\n"
                              "      Missing: that\n"
                              "\n"
                              "0 supported, 1 failed, 1 not shown, 0 not applicable\n");
    free_tables(&tables);
}

static void the_report_in_json_has_an_object_a_line(void **state)
{
    (void)state;
    struct tables tables = match("6120\ta\tN/A\tMUST\t5\tSay \"a\".\n", "");
    static const enum case_outcome outcomes[CASES] = { CASE_FAILED, CASE_FAILED, CASE_FAILED, CASE_PASSED };
    char *summaries[CASES] = { NULL };
    const struct conformance_results results = { &tables.conformance, &tables.suite, NULL, outcomes,
                                                 summaries };
    char said[1024] = "";
    FILE *out = fmemopen(said, sizeof said, "w");
    conformance_print_json(out, &results);
    fclose(out);
    assert_string_equal(
        said,
        "{\"type\":\"feature\",\"rfc\":\"6120\",\"feature\":\"a\",\"section\":\"5\",\"client\":null,"
        "\"server\":\"MUST\",\"description\":\"Say \\\"a\\\".\",\"verdict\":\"supported\",\"reason\":null,"
        "\"cases\":[{\"passed\":true,\"name\":\"s/c.scs#2\",\"title\":\"C: 6120 5\",\"summary\":null}]}\n"
        "{\"type\":\"totals\",\"supported\":1,\"failed\":0,\"not_shown\":0,\"not_applicable\":0}\n");
    free_tables(&tables);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_feature_without_evidence_is_shown_by_its_section_and_those_below),
        cmocka_unit_test(evidence_replaces_the_section),
        cmocka_unit_test(a_file_with_a_table_is_all_of_its_rows),
        cmocka_unit_test(a_feature_with_a_reason_has_no_evidence),
        cmocka_unit_test(a_feature_fails_when_one_of_its_cases_does),
        cmocka_unit_test(a_case_that_was_not_run_shows_nothing),
        cmocka_unit_test(each_verdict_has_a_name),
        cmocka_unit_test(mistakes_in_the_tables_are_named_with_their_line),
        cmocka_unit_test(evidence_that_is_not_there_is_an_error),
        cmocka_unit_test(tables_that_cannot_be_read_are_an_error),
        cmocka_unit_test(the_report_has_each_feature_and_the_counts),
        cmocka_unit_test(the_report_in_json_has_an_object_a_line),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
