/* The cases that a server fails as expected. */
#include "../tool/expectations.h"

#include "../must.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static char path[] = "/tmp/expectations-XXXXXX";

static void write_file(const char *text)
{
    FILE *file = must(fopen(path, "w"));
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static struct expectations *read_file(const char *text)
{
    write_file(text);
    struct expectations *expectations = expectations_load(path, stderr);
    assert_non_null(expectations);
    return expectations;
}

/* The message for a file that cannot be read, without its path. */
static void is_refused(const char *text, const char *message)
{
    char *said = NULL;
    size_t length = 0;
    FILE *errors = must(open_memstream(&said, &length));
    write_file(text);
    assert_null(expectations_load(path, errors));
    assert_int_equal(fclose(errors), 0);
    assert_non_null(strstr(said, message));
    free(said);
}

static struct player_result failed(const char *summary)
{
    return (struct player_result){ .summary = must(strdup(summary)),
                                   .explanation = must(strdup("in full\n")) };
}

#define LINES                                                                                                \
    "# what it does otherwise\n"                                                                             \
    "b.scs#2 | got 'modify' | must: RFC 6121, 2.5.3 | choice: another type\n"                                \
    "\n"                                                                                                     \
    "a.scs | nothing came | should: XEP-0191, 3.3 | bug: it is silent"

static void a_failure_with_the_words_passes(void **state)
{
    (void)state;
    struct expectations *expectations = read_file(LINES);
    struct player_result result = failed("expected 'cancel', got\n 'modify'");
    assert_int_equal(expectations_apply(expectations, "b.scs#2", &result), EXPECTATION_MET);
    assert_true(result.passed);
    assert_null(result.summary);
    player_result_free(&result);
    assert_string_equal(expectations_path(expectations), path);
    expectations_free(expectations);
}

static void a_pass_fails(void **state)
{
    (void)state;
    struct expectations *expectations = read_file(LINES);
    struct player_result result = { .passed = true };
    assert_int_equal(expectations_apply(expectations, "a.scs", &result), EXPECTATION_PASSED);
    assert_false(result.passed);
    assert_string_equal(result.summary, "passed, but is expected to fail with \"nothing came\" "
                                        "(should: XEP-0191, 3.3; bug: it is silent)");
    player_result_free(&result);
    expectations_free(expectations);
}

static void another_failure_stays_one(void **state)
{
    (void)state;
    struct expectations *expectations = read_file(LINES);
    struct player_result result = failed("the server died");
    assert_int_equal(expectations_apply(expectations, "a.scs", &result), EXPECTATION_OTHERWISE);
    assert_false(result.passed);
    assert_non_null(strstr(result.summary, "failed, but is expected to fail with \"nothing came\""));
    assert_non_null(strstr(result.explanation, "in full"));
    player_result_free(&result);
    expectations_free(expectations);
}

static void what_is_not_listed_or_skipped_is_unchanged(void **state)
{
    (void)state;
    struct expectations *expectations = read_file(LINES);
    struct player_result result = failed("nothing came");
    assert_int_equal(expectations_apply(expectations, "b.scs", &result), EXPECTATION_NONE);
    assert_int_equal(expectations_apply(NULL, "a.scs", &result), EXPECTATION_NONE);
    assert_string_equal(result.summary, "nothing came");
    player_result_free(&result);
    struct player_result skipped = { .passed = true, .skipped = "disk" };
    assert_int_equal(expectations_apply(expectations, "a.scs", &skipped), EXPECTATION_NONE);
    assert_true(skipped.passed);
    expectations_free(expectations);
    expectations = read_file("# none\n");
    skipped.skipped[0] = '\0';
    assert_int_equal(expectations_apply(expectations, "a.scs", &skipped), EXPECTATION_NONE);
    expectations_free(expectations);
    expectations_free(NULL);
}

static void malformed_files_are_refused(void **state)
{
    (void)state;
    is_refused("# none\na.scs | words | must\n", ":2: expected CASE | WORDS | LEVEL | REASON");
    is_refused("a.scs |  | must | why\n", ":1: expected CASE");
    is_refused(" | words | must | why\n", ":1: expected CASE");
    is_refused("a.scs | words | must | why\na.scs | words | must | why\n", "a.scs stands there twice");
    FILE *errors = must(fopen("/dev/null", "w"));
    assert_null(expectations_load("/tmp/there is no such file", errors));
    assert_int_equal(fclose(errors), 0);
}

static void a_server_without_a_file_expects_nothing(void **state)
{
    (void)state;
    const char *const names[] = { NULL, "nothing-0.0", "../../etc/passwd" };
    struct expectations *expectations;
    assert_true(expectations_of(NULL, &expectations, stderr));
    assert_null(expectations);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct server_kind kind = { .software = names[i] };
        assert_true(expectations_of(&kind, &expectations, stderr));
        assert_null(expectations);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failure_with_the_words_passes),
        cmocka_unit_test(a_pass_fails),
        cmocka_unit_test(another_failure_stays_one),
        cmocka_unit_test(what_is_not_listed_or_skipped_is_unchanged),
        cmocka_unit_test(malformed_files_are_refused),
        cmocka_unit_test(a_server_without_a_file_expects_nothing),
    };
    const int file = mkstemp(path);
    if (file < 0 || close(file) != 0)
        return EXIT_FAILURE;
    const int failures = cmocka_run_group_tests(tests, NULL, NULL);
    (void)unlink(path);
    return failures;
}
