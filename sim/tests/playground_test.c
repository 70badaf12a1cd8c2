#include "../../core/tests/shallow.h"
#include "../playground/playground.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HEAD                                                                                                 \
    "# A scenario\n\n[Client] Romeo\n\tjid: romeo@localhost/orchard\n\tpassword: secret\n\n---------\n\n"

static char *run(const char *text, const char *seed)
{
    return playground_run(text, seed, 1, 0, false, false);
}

/* Whether the lines have all of these texts, in their order. */
static void assert_has(const char *lines, const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *found = strstr(lines, texts[i]);
        if (found == NULL)
            fail_msg("no %s in: %s", texts[i], lines);
        else
            lines = found + strlen(texts[i]);
    }
}
#define HAS(lines, ...)                                                                                      \
    assert_has(lines, (const char *const[]){ __VA_ARGS__ },                                                  \
               sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

static void hash_of(const char *lines, char hash[17])
{
    const char *found = strstr(lines, "\"trace_hash\":\"");
    assert_non_null(found);
    snprintf(hash, 17, "%s", found != NULL ? found + strlen("\"trace_hash\":\"") : "");
}

static void a_run_is_told_as_the_events_of_a_report(void **state)
{
    char *lines = run(HEAD "Romeo connects\n", "");
    (void)state;
    HAS(lines, "{\"type\":\"playground\",\"row\":1,\"rows\":0,\"halted\":false,\"explored\":null}\n",
        "{\"type\":\"run\"", "\"seed\":null", "\"events_format\":1", "{\"type\":\"source\"",
        "{\"type\":\"scenario\",\"case\":1", "\"text\":\"Romeo connects\"", "{\"type\":\"case\"",
        "\"status\":\"passed\"", "\"replay\":\"build/rehearse run scenario.scs\"", "{\"type\":\"totals\"",
        "\"passed\":1,\"failed\":0");
    free(lines);
}

static void a_failure_is_an_event_and_a_result(void **state)
{
    char *lines = run(HEAD "Romeo connects\n\nRomeo receives:\n\t<message/>\n", "");
    (void)state;
    HAS(lines, "{\"type\":\"failure\"", "\"line\":11", "\"status\":\"failed\"", "\"passed\":0,\"failed\":1");
    free(lines);
}

static void an_error_is_told_with_its_line_and_nothing_is_run(void **state)
{
    char *lines = run(HEAD "Romeo connects\nRomeo conects\n\nRomeo sneds:\n", "");
    (void)state;
    HAS(lines, "{\"type\":\"complaint\",\"line\":10,\"message\":\"", "conects", "\"}\n",
        "{\"type\":\"complaint\",\"line\":12,\"message\":\"");
    assert_null(strstr(lines, "\"type\":\"run\""));
    free(lines);
}

static void a_file_that_is_named_cannot_be_read(void **state)
{
    char *lines = run("# A scenario\n\n[Roster] romeo@localhost\n\tfrom: /etc/passwd\n\n---------\n\n", "");
    (void)state;
    HAS(lines, "{\"type\":\"complaint\",\"line\":4,\"message\":\"");
    free(lines);
}

static void a_seed_decides_the_run(void **state)
{
    static const char *const seeds[] = { "", "7", "8", "18446744073709551615" };
    char hashes[4][17], again[17];
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        char *lines = run(HEAD "Romeo connects\n", seeds[i]);
        hash_of(lines, hashes[i]);
        free(lines);
        lines = run(HEAD "Romeo connects\n", seeds[i]);
        hash_of(lines, again);
        assert_string_equal(again, hashes[i]);
        free(lines);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(hashes[i], hashes[k]);
    }
}

static void an_allocation_may_fail(void **state)
{
    char *whole = run(HEAD "Romeo connects\n", "");
    char *failing = playground_run(HEAD "Romeo connects\n", "", 1, 1, false, false);
    char one[17], other[17];
    (void)state;
    hash_of(whole, one);
    hash_of(failing, other);
    assert_string_not_equal(one, other);
    HAS(failing, "--fail-allocation 1 scenario.scs", "\"passed\":1");
    free(whole);
    free(failing);
}

static void strict_wants_every_stanza_expected(void **state)
{
    static const char text[] = HEAD "Romeo connects\n\nRomeo sends:\n\t<presence/>\n";
    char *loose = run(text, "");
    char *strict = playground_run(text, "", 1, 0, true, false);
    (void)state;
    HAS(loose, "\"status\":\"passed\"");
    HAS(strict, "\"status\":\"failed\"", "run --strict scenario.scs");
    free(loose);
    free(strict);
}

static void a_row_of_a_table_is_run(void **state)
{
    static const char text[] =
        "# A scenario of ${what}\n\n[Client] Romeo\n\tjid: romeo@localhost/orchard\n"
        "\tpassword: secret\n\n[Table]\n\twhat\n\tone\n\ttwo\n\n---------\n\nRomeo connects\n";
    static const struct {
        uint32_t row;
        const char *head, *title;
    } rows[] = { { 1, "\"row\":1,\"rows\":2", "A scenario of one" },
                 { 2, "\"row\":2,\"rows\":2", "A scenario of two" },
                 { 9, "\"row\":2,\"rows\":2", "A scenario of two" } };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *lines = playground_run(text, "", rows[i].row, 0, false, false);
        HAS(lines, rows[i].head, rows[i].title);
        free(lines);
    }
}

static void every_order_is_explored(void **state)
{
    static const char text[] =
        HEAD "Romeo connects\n\nAt the same time:\n\tRomeo sends:\n\t\t<presence/>\n\t1 minute passes\n";
    char *lines = playground_run(text, "", 1, 0, false, true);
    (void)state;
    HAS(lines, "\"explored\":{\"end\":\"finished\",\"runs\":", "\"choices\":null", "\"status\":\"passed\"");
    assert_null(strstr(lines, "\"runs\":1,"));
    free(lines);
}

static void the_order_that_fails_is_shown(void **state)
{
    static const char text[] =
        "# A scenario\n\n[Client] Romeo\n\tjid: romeo@localhost/orchard\n\tpassword: secret\n\n"
        "[Client] Juliet\n\tjid: juliet@localhost/balcony\n\tpassword: secret\n\n---------\n\n"
        "Romeo connects\nJuliet connects\n\nAt the same time:\n"
        "\tRomeo sends:\n\t\t<message to=\"juliet@localhost/balcony\" id=\"m1\"><body/></message>\n"
        "\tJuliet drops the connection\n\nRomeo receives: nothing\n";
    char *lines = playground_run(text, "", 1, 0, false, true);
    (void)state;
    HAS(lines, "\"explored\":{\"end\":\"failed\"", "\"choices\":\"", "{\"type\":\"failure\"",
        "\"status\":\"failed\"");
    HAS(lines, "\"replay\":\"build/rehearse explore scenario.scs\"");
    free(lines);
}

static void a_run_is_cut_at_the_bound_of_its_work(void **state)
{
    struct {
        char *text;
        size_t length;
    } own = { 0 };
    (void)state;
    LONG_TEST();
    FILE *out = open_memstream(&own.text, &own.length);
    assert_non_null(out);
    fputs(HEAD "Romeo connects\n", out);
    for (int i = 0; i < 60; i++) {
        fputs("\nRomeo sends raw in pieces of 1:\n\t<message to=\"romeo@localhost\"><body>", out);
        for (int k = 0; k < 2000; k++)
            fputc('x', out);
        fputs("</body></message>\n", out);
    }
    fclose(out);
    char *lines = run(own.text, "");
    HAS(lines, "\"type\":\"playground\"", "\"halted\":true");
    free(lines);
    free(own.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_is_told_as_the_events_of_a_report),
        cmocka_unit_test(a_failure_is_an_event_and_a_result),
        cmocka_unit_test(an_error_is_told_with_its_line_and_nothing_is_run),
        cmocka_unit_test(a_file_that_is_named_cannot_be_read),
        cmocka_unit_test(a_seed_decides_the_run),
        cmocka_unit_test(an_allocation_may_fail),
        cmocka_unit_test(strict_wants_every_stanza_expected),
        cmocka_unit_test(a_row_of_a_table_is_run),
        cmocka_unit_test(every_order_is_explored),
        cmocka_unit_test(the_order_that_fails_is_shown),
        cmocka_unit_test(a_run_is_cut_at_the_bound_of_its_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
