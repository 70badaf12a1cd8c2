#include "../tool/report_writer.h"

#include <expat.h>

#include "report_rig.h"
#include "utf8.h"

/* --- TAP --- */

static void tap_has_a_plan_and_a_line_for_each_scenario(void **state)
{
    (void)state;
    char *text = report_three(REPORT_TAP);
    assert_int_equal(
        strncmp(text, "TAP version 13\n1..3\nok 1 - Romeo comes in (a/a.scs)\nnot ok 2 - Romeo waits",
                strlen("TAP version 13\n1..3\nok 1 - Romeo comes in (a/a.scs)\nnot ok 2 - Romeo waits")),
        0);
    assert_holds(text, "\nok 3 - Romeo goes (c/d.scs) # SKIP slow\n");
    assert_ends(text, "\n# 1 passed, 1 failed, 1 skipped\n");
    free(text);
}

static void tap_explains_a_failure_in_a_yaml_block(void **state)
{
    (void)state;
    char *text = report_three(REPORT_TAP);
    assert_holds(text, "(a/b.scs)\n"
                       "  ---\n"
                       "  message: \"Romeo received another stanza than expected\"\n"
                       "  severity: fail\n"
                       "  file: \"a/b.scs\"\n"
                       "  line: 12\n"
                       "  check: \"roster-push\"\n"
                       "  explanation: |\n"
                       "    a/b.scs:12: Romeo receives:\n"
                       "    \n"
                       "      expected | got\n"
                       "    replay: rehearse run a/b.scs\n"
                       "  ...\n"
                       "ok 3");
    free(text);
}

/* A '#' in a description would begin a directive, so it is escaped. */
static void tap_escapes_what_would_end_a_description(void **state)
{
    (void)state;
    char *report = report_failure(REPORT_TAP, "a # TODO \\ b\tc", "x");
    assert_holds(report, "\nnot ok 1 - a \\# TODO \\\\ b c (x.scs)\n");
    free(report);
}

/* A YAML document holds no control characters but tab and line ends (YAML 1.2, 5.1). */
static void tap_escapes_what_yaml_cannot_hold(void **state)
{
    (void)state;
    static const char text[] = "a\033[1J \"q\" \\ \xff\r\nnext";
    char *report = report_failure(REPORT_TAP, "t", text);
    assert_holds(report, "  message: \"a\\x1b[1J \\\"q\\\" \\\\ \\xff\\x0d\\nnext\"\n");
    assert_holds(report, "  explanation: |\n    a\\x1b[1J \"q\" \\ \\xff\\x0d\n    next\n  ...\n");
    free(report);
}

/* How far a block is indented is seen by its first line (YAML 1.2, 8.1.1.1). */
static void tap_quotes_a_text_whose_first_line_is_indented(void **state)
{
    (void)state;
    char *report = report_failure(REPORT_TAP, "t", "  a\nb\n");
    assert_holds(report, "  explanation: \"  a\\nb\\n\"\n  ...\n");
    free(report);
}

/* TAP 14, "Subtests". */
static void tap_has_the_rows_of_a_table_as_a_subtest(void **state)
{
    (void)state;
    const struct report_case rows[] = {
        { .path = "t.scs", .name = "t.scs#1", .title = "one", .result = &good },
        { .path = "t.scs", .name = "t.scs#2", .title = "two", .result = &bad },
        { .path = "u.scs", .name = "u.scs#1", .title = "one", .skipped = "slow" },
    };
    const struct report_case *const cases[] = { &rows[0], &rows[1], &rows[2], &passed };
    char *text =
        report_on(REPORT_TAP, cases, 4, &(struct report_totals){ .passed = 2, .failed = 1, .skipped = 1 });
    assert_holds(text,
                 "\n# Subtest: t.scs\n    ok 1 - one (t.scs\\#1)\n    not ok 2 - two (t.scs\\#2)\n      ---\n"
                 "      message: \"");
    assert_holds(text,
                 "\n      explanation: |\n        a/b.scs:12: Romeo receives:\n        \n          expected");
    assert_holds(
        text,
        "\n      ...\n    1..2\nnot ok 1 - t.scs\n# Subtest: u.scs\n    ok 1 - one (u.scs\\#1) # SKIP slow\n"
        "    1..1\nok 2 - u.scs # SKIP all rows\nok 3 - Romeo comes in (a/a.scs)\n");
    free(text);
}

/* --- JUnit XML, read back by a parser that is not ours --- */

struct seen {
    size_t suites, cases, failures, skipped;
    char names[8][128];
    char message[256], text[512];
    bool in_failure;
};

static const char *attribute(const XML_Char **attributes, const char *name)
{
    for (; *attributes != NULL; attributes += 2)
        if (strcmp(attributes[0], name) == 0)
            return attributes[1];
    fail_msg("no attribute %s", name);
    return "";
}

static void start(void *user, const XML_Char *name, const XML_Char **attributes)
{
    struct seen *seen = user;
    if (strcmp(name, "testsuite") == 0)
        seen->suites++;
    if (strcmp(name, "skipped") == 0)
        seen->skipped++;
    if (strcmp(name, "testcase") == 0 && seen->cases < 8)
        snprintf(seen->names[seen->cases++], sizeof seen->names[0], "%s", attribute(attributes, "name"));
    if (strcmp(name, "failure") == 0) {
        seen->failures++;
        seen->in_failure = true;
        snprintf(seen->message, sizeof seen->message, "%s", attribute(attributes, "message"));
    }
}

static void end(void *user, const XML_Char *name)
{
    struct seen *seen = user;
    if (strcmp(name, "failure") == 0)
        seen->in_failure = false;
}

static void characters(void *user, const XML_Char *text, int length)
{
    struct seen *seen = user;
    size_t filled = strlen(seen->text);
    if (seen->in_failure)
        snprintf(seen->text + filled, sizeof seen->text - filled, "%.*s", length, text);
}

static struct seen read_back(const char *text)
{
    struct seen seen = { 0 };
    XML_Parser parser = XML_ParserCreate(NULL);
    XML_SetUserData(parser, &seen);
    XML_SetElementHandler(parser, start, end);
    XML_SetCharacterDataHandler(parser, characters);
    if (XML_Parse(parser, text, (int)strlen(text), 1) != XML_STATUS_OK)
        fail_msg("%s in %s", XML_ErrorString(XML_GetErrorCode(parser)), text);
    XML_ParserFree(parser);
    return seen;
}

static void junit_is_well_formed_with_a_suite_a_folder(void **state)
{
    (void)state;
    char *text = report_three(REPORT_JUNIT);
    struct seen seen = read_back(text);
    assert_int_equal(seen.suites, 2);
    assert_int_equal(seen.cases, 3);
    assert_int_equal(seen.failures, 1);
    assert_int_equal(seen.skipped, 1);
    assert_string_equal(seen.names[1], "Romeo waits");
    assert_string_equal(seen.message, summary);
    assert_string_equal(seen.text, explanation);
    free(text);
}

static void junit_counts_and_times_in_seconds(void **state)
{
    (void)state;
    char *text = report_three(REPORT_JUNIT);
    assert_holds(text, "<testsuites name=\"rehearse\" tests=\"3\" failures=\"1\" errors=\"0\" "
                       "time=\"2.500\">");
    assert_holds(text, "<testsuite name=\"a\" tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\" "
                       "time=\"2.500\">");
    assert_holds(text, "<testsuite name=\"c\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"1\" "
                       "time=\"0.000\">");
    assert_holds(text, "<testcase name=\"Romeo comes in\" classname=\"a/a\" time=\"0.000\">");
    assert_holds(text, "<testcase name=\"Romeo waits\" classname=\"a/b\" time=\"2.500\">");
    assert_holds(text, "type=\"roster-push\"");
    free(text);
}

/* XML 1.0, 2.2: of the control characters only tab, line feed and carriage return may stand in a document. */
static void junit_escapes_what_xml_cannot_hold(void **state)
{
    (void)state;
    static const char hostile[] = "<a b='c'>&\"]]>\x01\x1b\x7f\t\r\n\xc3\xa9\xff\xed\xa0\x80\xef\xbf\xbe";
    char *text = report_failure(REPORT_JUNIT, "<t a=\"\n\">&", hostile);
    struct seen seen = read_back(text);
    assert_string_equal(seen.names[0], "<t a=\"\n\">&");
    static const char expected[] =
        "<a b='c'>&\"]]>\\x01\\x1b\x7f\t\r\n\xc3\xa9\\xff\\xed\\xa0\\x80\\xef\\xbf\\xbe";
    assert_string_equal(seen.message, expected);
    assert_string_equal(seen.text, expected);
    free(text);
}

static void junit_without_a_scenario_is_well_formed(void **state)
{
    (void)state;
    char *text = report_on(REPORT_JUNIT, NULL, 0, &(struct report_totals){ 0 });
    assert_int_equal(read_back(text).suites, 0);
    free(text);
}

static void junit_names_the_class_after_the_file_and_the_row(void **state)
{
    (void)state;
    static const char *const names[][2] = { { "a/t.scs#2", "a/t#2" },
                                            { "a/t.txt", "a/t.txt" },
                                            { "c#3", "c#3" } };
    for (size_t i = 0; i < 3; i++) {
        char class[64];
        const struct report_case one = {
            .path = "a/t.scs", .name = names[i][0], .title = "t", .result = &good
        };
        const struct report_case *const cases[] = { &one };
        char *text = report_on(REPORT_JUNIT, cases, 1, &(struct report_totals){ .passed = 1 });
        snprintf(class, sizeof class, " classname=\"%s\" ", names[i][1]);
        assert_holds(text, class);
        free(text);
    }
}

/* --- JSON Lines; a parser that is not ours reads it in tool_reports.sh --- */

static void json_has_an_object_for_the_run_each_case_and_the_totals(void **state)
{
    (void)state;
    char *text = report_three(REPORT_JSON);
    assert_string_equal(
        text,
        "{\"type\":\"run\",\"format\":1,\"seed\":null,\"cases\":3}\n"
        "{\"type\":\"case\",\"path\":\"a/a.scs\",\"name\":\"a/a.scs\",\"title\":\"Romeo comes "
        "in\",\"status\":\"passed\","
        "\"reason\":null,\"real_ns\":41300,\"virtual_ns\":300000000000,\"events\":0,\"trace_hash\":"
        "\"0000000000000000\","
        "\"line\":null,\"check\":null,\"summary\":null,\"explanation\":null,\"replay\":null}\n"
        "{\"type\":\"case\",\"path\":\"a/b.scs\",\"name\":\"a/b.scs\",\"title\":\"Romeo "
        "waits\",\"status\":\"failed\","
        "\"reason\":null,\"real_ns\":2500000000,\"virtual_ns\":2000000000,\"events\":0,\"trace_hash\":"
        "\"0000000000000000\","
        "\"line\":12,\"check\":\"roster-push\",\"summary\":\"Romeo received another stanza than expected\","
        "\"explanation\":\"a/b.scs:12: Romeo receives:\\n\\n  expected | got\\nreplay: rehearse run "
        "a/b.scs\\n\","
        "\"replay\":null}\n"
        "{\"type\":\"case\",\"path\":\"c/d.scs\",\"name\":\"c/d.scs\",\"title\":\"Romeo "
        "goes\",\"status\":\"skipped\","
        "\"reason\":\"slow\",\"real_ns\":null,\"virtual_ns\":null,\"events\":null,\"trace_hash\":null,"
        "\"line\":null,"
        "\"check\":null,\"summary\":null,\"explanation\":null,\"replay\":null}\n"
        "{\"type\":\"totals\",\"passed\":1,\"failed\":1,\"skipped\":1,\"real_ns\":2500041300,\"virtual_ns\":"
        "302000000000,"
        "\"events\":77,\"trace_hash\":\"0000000000000abc\"}\n");
    free(text);
}

/* RFC 8259, 7 and 8.1. */
static void json_strings_are_utf8_whatever_is_in_them(void **state)
{
    (void)state;
    char *text = report_failure(REPORT_JSON, "\"\\/\b\f\n\r\t\x01\x7f\xc2\x9b\xc3\xa9\xff\xed\xa0\x80", "x");
    assert_holds(text, "\"title\":\"\\\"\\\\/\\u0008\\u000c\\n\\r\\t\\u0001\\u007f\\u009b\xc3\xa9"
                       "\\ufffd\\ufffd\\ufffd\\ufffd\",");
    free(text);
}

/* RFC 8259, 6: what an IEEE 754 double has not exactly is a string. */
static void json_numbers_are_those_that_every_reader_has_exactly(void **state)
{
    (void)state;
    const uint64_t seed = UINT64_MAX;
    const uint64_t exact = UINT64_C(1) << 53;
    const struct report_totals large = { .seed = &seed, .events = exact, .real_time = exact + 1 };
    char *text = report_on(REPORT_JSON, NULL, 0, &large);
    assert_holds(text, "\"seed\":\"18446744073709551615\",");
    assert_holds(text, "\"events\":9007199254740992,");
    assert_holds(text, "\"real_ns\":\"9007199254740993\",");
    free(text);
}

/* --- With events --- */

static char log_lines[] = "{\"type\":\"scenario\",\"case\":2}\n{\"type\":\"step\",\"text\":\"</script>\"}\n";
static const struct player_result good_with_log = { .passed = true, .log = log_lines };
static const struct player_result bad_with_log = { .summary = summary, .log = log_lines };
static const struct report_case with_events[] = {
    { .path = "t.scs", .name = "t.scs#1", .title = "one", .result = &bad_with_log, .source = "a\\b\n\xff<" },
    { .path = "t.scs", .name = "t.scs#2", .title = "two", .result = &good_with_log, .source = "a\\b\n\xff<" },
};

static char *report_events_of(enum report_format format, bool all)
{
    const struct report_case *const cases[] = { &with_events[0], &with_events[1] };
    return report_with(format, &(struct report_options){ .all_events = all }, cases, 2,
                       &(struct report_totals){ .passed = 1, .failed = 1 });
}

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;
    for (; (text = strstr(text, part)) != NULL; text++)
        count++;
    return count;
}

/* The source of a file once, then the events of each case before its result. */
static void events_come_before_the_result_of_their_case(void **state)
{
    (void)state;
    char *text = report_events_of(REPORT_EVENTS, false);
    assert_holds(text, "{\"type\":\"run\",\"format\":1,\"seed\":null,\"cases\":2,\"events_format\":1}\n"
                       "{\"type\":\"source\",\"path\":\"t.scs\",\"text\":\"a\\\\\\\\b\\n\\\\xff<\"}\n"
                       "{\"type\":\"scenario\",\"case\":2}\n"
                       "{\"type\":\"step\",\"text\":\"</script>\"}\n"
                       "{\"type\":\"case\",\"path\":\"t.scs\",\"name\":\"t.scs#1\"");
    assert_int_equal(count_of(text, "{\"type\":\"source\""), 1);
    assert_int_equal(count_of(text, "{\"type\":\"step\""), 2);
    free(text);
}

static void html_has_the_events_of_failures_and_of_all_if_asked(void **state)
{
    (void)state;
    char *failures = report_events_of(REPORT_HTML, false);
    char *all = report_events_of(REPORT_HTML, true);
    assert_int_equal(count_of(failures, "{\"type\":\"step\""), 1);
    assert_int_equal(count_of(failures, "{\"type\":\"scenario\""), 2);
    assert_int_equal(count_of(all, "{\"type\":\"step\""), 2);
    assert_int_equal(strncmp(all, "<!DOCTYPE html>\n", strlen("<!DOCTYPE html>\n")), 0);
    assert_ends(all, "</html>\n");
    free(failures);
    free(all);
}

/* A script ends at its end tag, wherever that is (HTML, 13.1.2.1); the page has two scripts. */
static void nothing_in_the_data_of_html_ends_its_element(void **state)
{
    (void)state;
    char *text = report_events_of(REPORT_HTML, true);
    assert_int_equal(count_of(text, "</script>"), 2);
    assert_int_equal(count_of(text, "\"text\":\"\\u003c/script>\""), 2);
    const char *data = strstr(text, "<script id=\"data\"");
    assert_non_null(data);
    const char *less = strchr(data + 1, '<');
    assert_int_equal(strncmp(less, "</script>", strlen("</script>")), 0);
    free(text);
}

/* The first failures have their events, up to 4 MB together. */
static void html_leaves_out_the_events_of_failures_that_are_too_many(void **state)
{
    (void)state;
    const size_t size = (size_t)3 << 20;
    static const char begin[] = "{\"type\":\"scenario\"}\n{\"type\":\"step\"}\n";
    char *lines = malloc(size + 1);
    assert_non_null(lines);
    memset(lines, '\n', size);
    memcpy(lines, begin, strlen(begin));
    lines[size] = '\0';
    const struct player_result large = { .summary = summary, .log = lines };
    const struct report_case one = { .path = "t.scs", .name = "t.scs", .title = "t", .result = &large };
    const struct report_case *const cases[] = { &one, &one, &failed };
    char *text = report_with(REPORT_HTML, &(struct report_options){ .verbose = false }, cases, 3,
                             &(struct report_totals){ .failed = 3 });
    assert_int_equal(count_of(text, "{\"type\":\"scenario\""), 2);
    assert_int_equal(count_of(text, "{\"type\":\"step\""), 1);
    free(text);
    free(lines);
}

/* --- GitHub Actions --- */

static void github_has_an_error_for_each_failure_and_the_counts(void **state)
{
    (void)state;
    char *text = report_three(REPORT_GITHUB);
    assert_string_equal(text,
                        "::error file=a/b.scs,line=12,title=Romeo waits::Romeo received another stanza than "
                        "expected%0A%0Aa/b.scs:12: Romeo receives:%0A%0A  expected | got%0Areplay: rehearse "
                        "run a/b.scs%0A\n1 passed, 1 failed, 1 skipped\n");
    free(text);
}

static void github_escapes_what_would_end_a_property_or_the_command(void **state)
{
    (void)state;
    char *text = report_failure(REPORT_GITHUB, "100%, a:b\r\n::c", "100%, a:b\r\n::c");
    assert_holds(text,
                 "::error file=x.scs,title=100%25%2C a%3Ab%0D%0A%3A%3Ac::100%25, a:b%0D%0A::c%0A%0A100%25, ");
    free(text);
}

/* --- what they share --- */

/* The formats that tell of cases; diagram_test.c has those that draw one. */
enum { TOLD = REPORT_MERMAID };

static void colours_are_left_out_where_they_are_not(void **state)
{
    (void)state;
    static const char *const expected[TOLD] = {
        [REPORT_PRETTY] = "      green\\x1b[2J\ttab\n",  [REPORT_TAP] = "    green\\x1b[2J\ttab\n",
        [REPORT_JUNIT] = ">green\\x1b[2J\ttab\n",        [REPORT_JSON] = "\"green\\u001b[2J\\ttab\\n",
        [REPORT_GITHUB] = "%0A%0Agreen\\x1b[2J\ttab%0A", [REPORT_EVENTS] = "\"green\\u001b[2J\\ttab\\n",
        [REPORT_HTML] = "\"green\\u001b[2J\\ttab\\n",
    };
    const struct report_case *const cases[] = { &evil };
    const struct report_options options = { .colour = false };
    for (int format = 0; format < TOLD; format++) {
        char *text = report_with((enum report_format)format, &options, cases, 1,
                                 &(struct report_totals){ .failed = 1 });
        assert_holds(text, expected[format]);
        assert_null(strchr(text, '\033'));
        assert_null(strchr(text, '\a'));
        assert_null(strstr(text, "\xc2\x9b"));
        free(text);
    }
}

/* U+202E turns what follows around, U+2028 ends a line, U+E0001 is a tag, U+009B is CSI. */
static void format_characters_are_escaped_in_every_format(void **state)
{
    (void)state;
    static const uint32_t unseen[] = { 0x202e, 0x2028, 0xe0001, 0x9b };
    char text[32];
    snprintf(text, sizeof text, "a%s%s%s%sz", utf8(unseen[0]).bytes, utf8(unseen[1]).bytes,
             utf8(unseen[2]).bytes, utf8(unseen[3]).bytes);
    static const char *const expected[TOLD][3] = {
        [REPORT_PRETTY] = { "a\\xe2\\x80\\xae\\xe2\\x80\\xa8\\xf3\\xa0\\x80\\x81\\xc2\\x9bz ",
                            "      a\\xe2\\x80\\xae\\xe2\\x80\\xa8\\xf3\\xa0\\x80\\x81\\xc2\\x9bz\n",
                            ": a\\xe2\\x80\\xae\\xe2\\x80\\xa8\\xf3\\xa0\\x80\\x81\\xc2\\x9bz\n" },
        [REPORT_TAP] = { "- "
                         "a\\\\xe2\\\\x80\\\\xae\\\\xe2\\\\x80\\\\xa8\\\\xf3\\\\xa0\\\\x80\\\\x81\\\\xc2\\\\x"
                         "9bz ",
                         "message: \"a\\u202e\\u2028\\U000e0001\\x9bz\"",
                         "    a\\xe2\\x80\\xae\\xe2\\x80\\xa8\\xf3\\xa0\\x80\\x81\\xc2\\x9bz\n" },
        [REPORT_JUNIT] = { " name=\"a\\xe2\\x80\\xae\\xe2\\x80\\xa8\\xf3\\xa0\\x80\\x81&#155;z\"",
                           " message=\"a\\xe2\\x80\\xae\\xe2\\x80\\xa8\\xf3\\xa0\\x80\\x81&#155;z\"",
                           ">a\\xe2\\x80\\xae\\xe2\\x80\\xa8\\xf3\\xa0\\x80\\x81&#155;z" },
        [REPORT_JSON] = { "\"title\":\"a\\u202e\\u2028\\udb40\\udc01\\u009bz\"",
                          "\"summary\":\"a\\u202e\\u2028\\udb40\\udc01\\u009bz\"",
                          "\"explanation\":\"a\\u202e\\u2028\\udb40\\udc01\\u009bz\"" },
        [REPORT_GITHUB] = { "title=a\\xe2\\x80\\xae\\xe2\\x80\\xa8\\xf3\\xa0\\x80\\x81\\xc2\\x9bz::",
                            "::a\\xe2\\x80\\xae\\xe2\\x80\\xa8\\xf3\\xa0\\x80\\x81\\xc2\\x9bz%0A",
                            "%0A%0Aa\\xe2\\x80\\xae\\xe2\\x80\\xa8\\xf3\\xa0\\x80\\x81\\xc2\\x9bz\n" },
        [REPORT_EVENTS] = { "\"title\":\"a\\u202e\\u2028\\udb40\\udc01\\u009bz\"",
                            "\"summary\":\"a\\u202e\\u2028\\udb40\\udc01\\u009bz\"",
                            "\"explanation\":\"a\\u202e\\u2028\\udb40\\udc01\\u009bz\"" },
        [REPORT_HTML] = { "\"title\":\"a\\u202e\\u2028\\udb40\\udc01\\u009bz\"",
                          "\"summary\":\"a\\u202e\\u2028\\udb40\\udc01\\u009bz\"",
                          "\"explanation\":\"a\\u202e\\u2028\\udb40\\udc01\\u009bz\"" },
    };
    for (int format = 0; format < TOLD; format++) {
        char *report = report_failure((enum report_format)format, text, text);
        for (size_t i = 0; i < 3; i++)
            assert_holds(report, expected[format][i]);
        for (size_t i = 0; i < sizeof unseen / sizeof *unseen; i++)
            assert_null(strstr(report, utf8(unseen[i]).bytes));
        free(report);
    }
}

static void a_span_is_printed_in_readable_units(void **state)
{
    (void)state;
    static const struct {
        uint64_t span;
        const char *text;
    } cases[] = {
        { 0, "0 s" },
        { 999, "999 ns" },
        { 1000, "1.00 µs" },
        { 41350, "41.3 µs" },
        { 999999, "999 µs" },
        { 1000000, "1.00 ms" },
        { 123456789, "123 ms" },
        { SIM_SECOND, "1.00 s" },
        { 59999 * SIM_MILLISECOND, "59.9 s" },
        { 60 * SIM_SECOND, "1 min" },
        { 303 * SIM_SECOND, "5 min 3 s" },
        { 3600 * SIM_SECOND, "1 h" },
        { 12345 * SIM_SECOND, "3 h 25 min" },
        { UINT64_MAX, "5124095 h 34 min" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[REPORT_SPAN_SIZE];
        assert_string_equal(report_span(cases[i].span, text), cases[i].text);
    }
}

static void a_file_without_a_folder_is_in_the_folder_dot(void **state)
{
    (void)state;
    char *report = report_failure(REPORT_JUNIT, "t", "x");
    assert_holds(report, "<testsuite name=\".\"");
    free(report);
}

static void results_are_counted_in_their_order(void **state)
{
    (void)state;
    const struct player_result one = { .passed = true, .virtual_time = 3, .events = 5, .trace_hash = 7 };
    const struct player_result other = { .virtual_time = 10, .events = 20, .trace_hash = 8 };
    struct report_totals forward = { .passed = 0 };
    struct report_totals reversed = { .passed = 0 };
    report_count(&forward, &one);
    assert_int_equal(forward.trace_hash, 7); /* the hash itself of one */
    report_count(&forward, &other);
    report_count(&reversed, &other);
    report_count(&reversed, &one);
    assert_int_equal(forward.passed, 1);
    assert_int_equal(forward.failed, 1);
    assert_int_equal(forward.virtual_time, 13);
    assert_int_equal(forward.events, 25);
    assert_int_not_equal(forward.trace_hash, reversed.trace_hash);
}

/* A result that says what the server lacks counts as skipped, under that name. */
static void what_the_server_lacks_is_skipped_and_counted(void **state)
{
    (void)state;
    const struct player_result views = { .passed = true, .skipped = "views", .skipped_why = "it has none" };
    const struct player_result crash = { .passed = true, .skipped = "crash", .skipped_why = "it has none" };
    const struct report_case one = { .path = "a.scs", .name = "a.scs", .title = "Looks", .result = &views };
    const struct report_case other = { .path = "b.scs", .name = "b.scs", .title = "Ends", .result = &crash };
    const struct report_case *const cases[] = { &one, &other, &one };
    struct report_totals sums = { .passed = 0 };
    report_count(&sums, &views);
    report_count(&sums, &crash);
    report_count(&sums, &views);
    assert_int_equal(sums.passed, 0);
    assert_int_equal(sums.skipped, 3);
    char *text = report_on(REPORT_PRETTY, cases, 3, &sums);
    assert_holds(text, "Looks");
    assert_holds(text, "(views: it has none)");
    assert_ends(text, "\nskipped: 2 views, 1 crash\n0 passed, 0 failed, 3 skipped\n");
    free(text);
    text = report_on(REPORT_TAP, cases, 3, &sums);
    assert_holds(text, "\nok 2 - Ends (b.scs) # SKIP crash: it has none\n");
    assert_ends(text, "\n# 0 passed, 0 failed, 3 skipped\n");
    free(text);
}

static void there_may_be_more_lacks_than_are_named(void **state)
{
    (void)state;
    struct report_totals sums = { .passed = 0 };
    for (unsigned i = 0; i < 2 * REPORT_LACKS_MOST; i++) {
        struct player_result result = { .passed = true };
        (void)snprintf(result.skipped, sizeof result.skipped, "setting %u", i);
        report_count(&sums, &result);
    }
    assert_int_equal(sums.skipped, 2 * REPORT_LACKS_MOST);
    assert_int_equal(sums.lack_count, REPORT_LACKS_MOST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(colours_are_left_out_where_they_are_not),
        cmocka_unit_test(format_characters_are_escaped_in_every_format),
        cmocka_unit_test(tap_has_a_plan_and_a_line_for_each_scenario),
        cmocka_unit_test(tap_explains_a_failure_in_a_yaml_block),
        cmocka_unit_test(tap_escapes_what_would_end_a_description),
        cmocka_unit_test(tap_escapes_what_yaml_cannot_hold),
        cmocka_unit_test(tap_quotes_a_text_whose_first_line_is_indented),
        cmocka_unit_test(tap_has_the_rows_of_a_table_as_a_subtest),
        cmocka_unit_test(junit_is_well_formed_with_a_suite_a_folder),
        cmocka_unit_test(junit_counts_and_times_in_seconds),
        cmocka_unit_test(junit_escapes_what_xml_cannot_hold),
        cmocka_unit_test(junit_without_a_scenario_is_well_formed),
        cmocka_unit_test(junit_names_the_class_after_the_file_and_the_row),
        cmocka_unit_test(json_has_an_object_for_the_run_each_case_and_the_totals),
        cmocka_unit_test(json_strings_are_utf8_whatever_is_in_them),
        cmocka_unit_test(json_numbers_are_those_that_every_reader_has_exactly),
        cmocka_unit_test(events_come_before_the_result_of_their_case),
        cmocka_unit_test(html_has_the_events_of_failures_and_of_all_if_asked),
        cmocka_unit_test(nothing_in_the_data_of_html_ends_its_element),
        cmocka_unit_test(html_leaves_out_the_events_of_failures_that_are_too_many),
        cmocka_unit_test(github_has_an_error_for_each_failure_and_the_counts),
        cmocka_unit_test(github_escapes_what_would_end_a_property_or_the_command),
        cmocka_unit_test(a_span_is_printed_in_readable_units),
        cmocka_unit_test(a_file_without_a_folder_is_in_the_folder_dot),
        cmocka_unit_test(results_are_counted_in_their_order),
        cmocka_unit_test(what_the_server_lacks_is_skipped_and_counted),
        cmocka_unit_test(there_may_be_more_lacks_than_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
