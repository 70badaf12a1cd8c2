#include "../../core/tests/shallow.h"
#include "../language/scenario_format.h"

#include "../language/scenario_same.h"
#include "../must.h"
#include "../tool/suite.h"
#include "scenario_reading.h"

static struct scenario_formatted format(const char *text)
{
    struct scenario *scenario = parse(text);
    struct scenario_formatted formatted = scenario_format(scenario, text);
    scenario_free(scenario);
    assert_true((formatted.text == NULL) == (formatted.why != NULL));
    return formatted;
}

/* What is formatted once stays as it is. */
static void assert_formatted(const char *text, const char *expected)
{
    struct scenario_formatted once = format(text);
    if (once.text == NULL)
        fail_msg("line %d: %s", once.line, once.why);
    assert_string_equal(once.text, expected);
    struct scenario_formatted twice = format(once.text);
    assert_non_null(twice.text);
    assert_string_equal(twice.text, once.text);
    free(once.text);
    free(twice.text);
}

static void assert_refused(const char *text, int line, const char *why)
{
    struct scenario_formatted formatted = format(text);
    assert_null(formatted.text);
    assert_int_equal(formatted.line, line);
    assert_non_null(strstr(formatted.why, why));
}

#define ROMEO "[Client] Romeo\n\tjid: romeo@localhost\n"

static void comments_stay_before_the_line_that_follows_them(void **state)
{
    (void)state;
    assert_formatted("# Title\n"
                     "# More words.\n"
                     "## strict\n"
                     "# Before the section, twice\n"
                     "// as Scansion does\n"
                     "[Client] Romeo\n"
                     "  # the address\n"
                     "  jid:   romeo@localhost\n"
                     "# Before the rule\n"
                     "-----\n"
                     "# Before the step  \r\n"
                     "Romeo   connects\n"
                     "\n\n\n"
                     "-- Apart\n"
                     "\n\n"
                     "Romeo disconnects\n"
                     "# At the end\n",
                     "# Title\n"
                     "# More words.\n"
                     "## strict\n"
                     "\n"
                     "# Before the section, twice\n"
                     "// as Scansion does\n"
                     "[Client] Romeo\n"
                     "\t# the address\n"
                     "\tjid: romeo@localhost\n"
                     "\n"
                     "# Before the rule\n"
                     "---------\n"
                     "\n"
                     "# Before the step\n"
                     "Romeo connects\n"
                     "\n"
                     "-- Apart\n"
                     "\n"
                     "Romeo disconnects\n"
                     "# At the end\n");
}

static void comments_move_with_what_is_printed_in_another_order(void **state)
{
    (void)state;
    assert_formatted("# Title\n"
                     "[Roster] romeo@localhost\n"
                     "\t# a friend\n"
                     "\tjuliet@localhost:  both\n"
                     "# the one who connects\n" ROMEO "---\nRomeo connects\n",
                     "# Title\n"
                     "\n"
                     "# the one who connects\n" ROMEO "\n"
                     "[Roster] romeo@localhost\n"
                     "\t# a friend\n"
                     "\tjuliet@localhost: both\n"
                     "\n---------\n\nRomeo connects\n");
}

static void equal_properties_are_told_apart_by_their_order(void **state)
{
    (void)state;
    assert_formatted("# Title\n"
                     "[Server]\n"
                     "\t# the first\n"
                     "\thost: a.example\n"
                     "\t# the second\n"
                     "\thost: b.example\n" ROMEO "---\nRomeo connects\n",
                     "# Title\n"
                     "\n"
                     "[Server]\n"
                     "\t# the first\n"
                     "\thost: a.example\n"
                     "\t# the second\n"
                     "\thost: b.example\n"
                     "\n" ROMEO "\n---------\n\nRomeo connects\n");
}

static void comments_inside_of_expected_stanzas_stay_before_their_element(void **state)
{
    (void)state;
    assert_formatted(ROMEO "---\n"
                           "Romeo receives:\n"
                           "# the first\n"
                           "\t<message id='1'/>\n"
                           "# the second\n"
                           "\t<message id='2'/>\n",
                     ROMEO "\n---------\n\n"
                           "Romeo receives:\n"
                           "# the first\n"
                           "\t<message id=\"1\"/>\n"
                           "# the second\n"
                           "\t<message id=\"2\"/>\n");
}

static void comments_of_nested_steps_are_indented_with_them(void **state)
{
    (void)state;
    assert_formatted(ROMEO "---\n"
                           "At the same time:\n"
                           "    # inside\n"
                           "    Romeo connects\n"
                           "    # the other\n"
                           "    5 minutes pass\n"
                           "# outside\n"
                           "Romeo disconnects\n",
                     ROMEO "\n---------\n\n"
                           "at the same time:\n"
                           "\t# inside\n"
                           "\tRomeo connects\n"
                           "\t# the other\n"
                           "\t5 minutes pass\n"
                           "\n"
                           "# outside\n"
                           "Romeo disconnects\n");
}

static void a_hash_in_raw_text_is_no_comment(void **state)
{
    (void)state;
    struct scenario_formatted formatted = format(ROMEO "---\nRomeo sends raw:\n\t# <a/>\n\t# \"b\"\n");
    assert_non_null(formatted.text);
    assert_non_null(strstr(formatted.text, "Romeo sends raw:\n\t# <a/>\n\t# \"b\"\n"));
    free(formatted.text);
}

static void a_rule_between_steps_is_left_out(void **state)
{
    (void)state;
    assert_formatted(ROMEO "---\nRomeo connects\n# kept\n-----\nRomeo disconnects\n",
                     ROMEO "\n---------\n\nRomeo connects\n# kept\n\nRomeo disconnects\n");
}

static void what_would_lose_something_is_refused(void **state)
{
    (void)state;
    assert_refused(ROMEO "[Table]\n\tn\n\t1\n---\n${n} minutes pass\n", 0, "table");
    assert_refused(ROMEO "\tconnect_host: 127.0.0.1\n---\nRomeo connects\n", 3, "property");
    assert_refused(ROMEO "---\nRomeo sends raw:\n\t<a>\n# lost\n\t</a>\n", 6, "this comment");
    assert_refused(ROMEO "---\nRomeo receives:\n\t<message>\n\t\t<body>a</body>\n# lost\n\t</message>\n", 7,
                   "this comment");
    assert_refused("# Title\n# lost\n[Server]\n\thost: localhost\n" ROMEO "---\nRomeo connects\n", 2,
                   "this comment");
    assert_refused(ROMEO "---\nRomeo receives:\n\t<!-- lost -->\n\t<message/>\n", 5, "comment of XML");
}

/* White space between the elements of a stanza is sent. */
static void a_comment_that_would_change_what_is_sent_is_refused(void **state)
{
    (void)state;
    assert_refused(ROMEO "---\nRomeo sends:\n\t<message>\n# lost\n\t\t<body>a</body>\n\t</message>\n", 0,
                   "cannot be kept");
}

/* Each time it would add an empty line to the white space in the message, where matching ignores it. */
static void a_comment_among_text_and_elements_is_refused(void **state)
{
    (void)state;
    assert_refused(ROMEO "---\nRomeo receives:\n\t<message>\n\t\ttext\n\t\t<body>a</body>\n\n# lost\n"
                         "\t\t<subject>b</subject>\n\t</message>\n",
                   0, "cannot be kept");
}

/* ---- Every scenario that there is ---- */

static size_t count_comments(const char *text)
{
    size_t count = 0;
    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += strspn(line, "\n \t");
        count += line[0] == '#' || strncmp(line, "//", 2) == 0 || strncmp(line, "-- ", 3) == 0;
    }
    return count;
}

static void the_scenarios_keep_their_comments_and_their_meaning(void **state)
{
    (void)state;
    LONG_TEST();
    static const char *const paths[] = { "scenarios", "fixtures/regressions" };
    struct suite suite;
    size_t formatted_count = 0;
    assert_true(suite_load(&suite, paths, 2, stderr));
    for (size_t i = 0; i < suite.count; i++) {
        const struct scenario *scenario = suite.scenarios[i];
        struct scenario_formatted formatted = scenario_format(scenario, suite_text(&suite, scenario));
        assert_true((formatted.text == NULL) == (scenario->rows > 0));
        if (formatted.text == NULL)
            continue;
        formatted_count++;
        assert_int_equal(count_comments(formatted.text), count_comments(suite_text(&suite, scenario)));
        struct complaints complaints;
        struct scenario *again =
            scenario_parse(scenario->path, formatted.text, strlen(formatted.text), NULL, NULL, &complaints);
        assert_non_null(again);
        assert_true(scenario_same(scenario, again));
        struct scenario_formatted twice = scenario_format(again, formatted.text);
        assert_non_null(twice.text);
        assert_string_equal(twice.text, formatted.text);
        free(twice.text);
        free(formatted.text);
        scenario_free(again);
    }
    assert_true(formatted_count > 500);
    suite_free(&suite);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comments_stay_before_the_line_that_follows_them),
        cmocka_unit_test(comments_move_with_what_is_printed_in_another_order),
        cmocka_unit_test(equal_properties_are_told_apart_by_their_order),
        cmocka_unit_test(comments_inside_of_expected_stanzas_stay_before_their_element),
        cmocka_unit_test(comments_of_nested_steps_are_indented_with_them),
        cmocka_unit_test(a_hash_in_raw_text_is_no_comment),
        cmocka_unit_test(a_rule_between_steps_is_left_out),
        cmocka_unit_test(what_would_lose_something_is_refused),
        cmocka_unit_test(a_comment_that_would_change_what_is_sent_is_refused),
        cmocka_unit_test(a_comment_among_text_and_elements_is_refused),
        cmocka_unit_test(the_scenarios_keep_their_comments_and_their_meaning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
