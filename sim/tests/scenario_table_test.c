#include "scenario_reading.h"

/* ---- What a row makes of a file ---- */

static const char table[] = "# ${stanza} in ${state}\n"
                            "## rfc: 6121 A.${clause}\n"
                            "[Client] Romeo\n"
                            "\tjid: romeo@${host}/orchard\n"
                            "\tpassword: secret\n"
                            "[Roster] romeo@${host}\n"
                            "\tjuliet@localhost: ${state}\n"
                            "[Table]\n"
                            "\tstanza      | state     | clause | host      | answer\n"
                            "\n"
                            "\t# a comment\n"
                            "\tsubscribe   | none, ask | 2.1    | localhost | conflict\n"
                            "\tunsubscribe | both      | 2.2    | montague  |\n"
                            "---\n"
                            "Romeo sends:\n"
                            "\t<presence type=\"${stanza}\" to=\"${Romeo's JID}\"/>\n"
                            "When answer is conflict, Romeo receives stream error ${answer}\n"
                            "when answer is \"\", Romeo receives: nothing\n"
                            "when answer is not \"\", Romeo's connection is closed\n";

static struct scenario *parse_row_quietly(const char *text, size_t row, struct complaints *complaints)
{
    return parse_row_of("scenarios/basics/test.scs", text, row, complaints);
}

static struct scenario *parse_row(const char *text, size_t row)
{
    struct complaints complaints;
    struct scenario *scenario = parse_row_quietly(text, row, &complaints);
    print_complaints(&complaints);
    assert_non_null(scenario);
    return scenario;
}

static void the_first_row_says_how_many_there_are(void **state)
{
    (void)state;
    struct scenario *scenario = parse(table);
    assert_int_equal(scenario->row, 1);
    assert_int_equal(scenario->rows, 2);
    scenario_free(scenario);
}

static void a_file_without_a_table_has_no_rows(void **state)
{
    (void)state;
    char text[256];
    snprintf(text, sizeof text, "# Title\n%sRomeo connects\n", cast);
    struct scenario *scenario = parse(text);
    assert_int_equal(scenario->row, 0);
    assert_int_equal(scenario->rows, 0);
    assert_string_equal(scenario->name, "scenarios/basics/test.scs");
    assert_string_equal(scenario->heading, "Title");
    scenario_free(scenario);
}

static void a_row_knows_its_line(void **state)
{
    (void)state;
    static const char text[] = "# Title\n[Client] Romeo\n\tjid: romeo@localhost\n[Table]\n\tx\n\t1\n\n"
                               "\t# a comment\n\t2\n---\nRomeo connects\n";
    static const int lines[] = { 6, 9 };
    for (size_t row = 1; row <= 2; row++) {
        struct scenario *scenario = parse_row(text, row);
        assert_int_equal(scenario->row_line, lines[row - 1]);
        scenario_free(scenario);
    }
}

static void a_rows_values_stand_in_head_and_steps(void **state)
{
    (void)state;
    struct scenario *scenario = parse_row(table, 1);
    assert_string_equal(scenario->title, "subscribe in none, ask");
    assert_string_equal(scenario->heading, "${stanza} in ${state}");
    assert_string_equal(scenario->name, "scenarios/basics/test.scs#1");
    assert_string_equal(scenario->path, "scenarios/basics/test.scs");
    assert_string_equal(scenario_tag(scenario, "rfc"), "6121 A.2.1");
    assert_string_equal(scenario->cast[0].domain, "localhost");
    assert_string_equal(scenario->rosters->items->subscription, "none");
    assert_true(scenario->rosters->items->ask);
    assert_string_equal(xml_get(scenario->steps->stanzas, "type"), "subscribe");
    scenario_free(scenario);
    scenario = parse_row(table, 2);
    assert_string_equal(scenario->title, "unsubscribe in both");
    assert_string_equal(scenario->name, "scenarios/basics/test.scs#2");
    assert_string_equal(scenario_tag(scenario, "rfc"), "6121 A.2.2");
    assert_string_equal(scenario->cast[0].domain, "montague");
    assert_string_equal(scenario->rosters->items->subscription, "both");
    assert_string_equal(xml_get(scenario->steps->stanzas, "type"), "unsubscribe");
    scenario_free(scenario);
}

static void lines_keep_their_numbers(void **state)
{
    (void)state;
    struct scenario *scenario = parse_row(table, 2);
    assert_int_equal(scenario->cast[0].line, 3);
    assert_int_equal(scenario->steps->line, 15);
    assert_int_equal(scenario->steps->next->line, 18);
    scenario_free(scenario);
}

static void a_condition_leaves_a_step_out(void **state)
{
    (void)state;
    struct scenario *scenario = parse_row(table, 1);
    const struct step *step = scenario->steps->next;
    assert_int_equal(step->verb, STEP_RECEIVES_STREAM_ERROR);
    assert_string_equal(step->condition, "conflict");
    assert_string_equal(step->source, "Romeo receives stream error conflict");
    assert_int_equal(step->next->verb, STEP_CONNECTION_IS);
    assert_null(step->next->next);
    scenario_free(scenario);
    scenario = parse_row(table, 2);
    step = scenario->steps->next;
    assert_int_equal(step->verb, STEP_RECEIVES_NOTHING);
    assert_null(step->next);
    scenario_free(scenario);
}

/* Below these lines: the steps, from line 8 on. */
#define COLUMNS                                                                                              \
    "[Client] Romeo\n\tjid: romeo@localhost\n[Table]\n\ta b | c\n\tone | 1\n\ttwo, and more | 2\n---\n"

static size_t count_steps(const char *steps, size_t row)
{
    char text[512];
    size_t count = 0;
    snprintf(text, sizeof text, COLUMNS "1 second passes\n%s", steps);
    struct scenario *scenario = parse_row(text, row);
    for (const struct step *step = scenario->steps->next; step != NULL; step = step->next)
        count++;
    scenario_free(scenario);
    return count;
}

static void conditions_compare_whole_cells(void **state)
{
    static const struct {
        const char *step;
        size_t first, second;
    } cases[] = {
        { "when a b is one, Romeo connects\n", 1, 0 },
        { "when a b is not one, Romeo connects\n", 0, 1 },
        { "when a b is \"two, and more\", Romeo connects\n", 0, 1 },
        { "when c is 1 or 2, Romeo connects\n", 1, 1 },
        { "when c is not 1 or 2, Romeo connects\n", 0, 0 },
        { "when a b is one, when c is 1, Romeo connects\n", 1, 0 },
        { "when a b is one, when c is 2, Romeo connects\n", 0, 0 },
        { "When c is 2, 1 second passes\n", 0, 1 },
        { "when c is 2, Romeo sends:\n\t<presence/>\nRomeo connects\n", 1, 2 },
        { "at the same time:\n\twhen c is 2, Romeo connects\n\tRomeo connects\n", 1, 1 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(count_steps(cases[i].step, 1), cases[i].first);
        assert_int_equal(count_steps(cases[i].step, 2), cases[i].second);
    }
}

/* ---- Cells ---- */

/* Into a quotation, whose escapes are then the quotation's; blanks around a cell are not the cell's. */
static void a_cell_is_inserted_unchanged(void **state)
{
    (void)state;
    struct scenario *scenario = parse("[Client] Romeo\n\tjid: romeo@localhost\n[Table]\n\traw|x\n"
                                      "\t \\x00\\\" \t|\ty \n---\nRomeo sends raw \"${raw}${x}${raw}\"\n");
    assert_int_equal(scenario->steps->length, 5);
    assert_memory_equal(scenario->steps->text, "\0\"y\0\"", 5);
    scenario_free(scenario);
}

static void a_cell_may_hold_stanzas_and_an_escaped_bar(void **state)
{
    (void)state;
    struct scenario *scenario = parse("[Client] Romeo\n\tjid: romeo@localhost\n[Table]\n\tstanzas | body\n"
                                      "\t<presence/><iq type=\"get\"/> | a \\| b\\c\n---\nRomeo sends:\n"
                                      "\t${stanzas}\n\t<message>${body}</message>\n");
    const struct xml *stanza = scenario->steps->stanzas;
    assert_true(xml_is(stanza, "presence", XML_NS_CLIENT));
    assert_true(xml_is(stanza->next, "iq", XML_NS_CLIENT));
    assert_true(xml_is(stanza->next->next, "message", XML_NS_CLIENT));
    char text[32];
    assert_string_equal(xml_text(stanza->next->next, text, sizeof text), "a | b\\c");
    scenario_free(scenario);
}

static void an_empty_cell_leaves_an_empty_line(void **state)
{
    (void)state;
    static const char text[] =
        "[Client] Romeo\n\tjid: romeo@localhost\n[Roster] romeo@localhost\n\t${item}\n"
        "[Table]\n\tn | item\n\t1 |\n\t2 | juliet@localhost: to\n---\nRomeo connects\n";
    struct scenario *scenario = parse_row(text, 1);
    assert_null(scenario->rosters->items);
    scenario_free(scenario);
    scenario = parse_row(text, 2);
    assert_string_equal(scenario->rosters->items->jid, "juliet@localhost");
    scenario_free(scenario);
}

static void variables_in_cells_are_left_to_the_run(void **state)
{
    (void)state;
    struct scenario *scenario =
        parse("[Client] Romeo\n\tjid: romeo@localhost\n[Table]\n\tto\n\t${Romeo's JID}\n---\n"
              "Romeo sends:\n\t<message to=\"${to}\"/>\n");
    assert_string_equal(xml_get(scenario->steps->stanzas, "to"), "${Romeo's JID}");
    scenario_free(scenario);
}

static void a_title_without_columns_is_followed_by_the_row(void **state)
{
    (void)state;
    struct scenario *scenario = parse_row("# Title\n" COLUMNS "Romeo connects\n", 2);
    assert_string_equal(scenario->title, "Title: two, and more, 2");
    assert_string_equal(scenario->heading, "Title");
    scenario_free(scenario);
    scenario = parse_row(COLUMNS "Romeo connects\n", 1);
    assert_string_equal(scenario->title, "scenarios/basics/test.scs: one, 1");
    scenario_free(scenario);
}

/* ---- Complaints ---- */

#define HEAD "[Client] Romeo\n\tjid: romeo@localhost\n"

static const struct {
    int line;
    const char *message; /* a part of it */
    const char *text;
} malformed[] = {
    { 3, "this table has no rows; expected a line of column names", HEAD "[Table]\n---\nRomeo connects\n" },
    { 3, "this table has no rows", HEAD "[Table]\n\ta | b\n---\nRomeo connects\n" },
    { 5, "this row has 1 cell; expected 2, one for each column",
      HEAD "[Table]\n\ta | b\n\t1\n---\nRomeo connects\n" },
    { 6, "this row has 3 cells; expected 2", HEAD "[Table]\n\ta | b\n\t1 | 2\n\t1 | 2 |\n---\n" },
    { 4, "the column \"a\" appears twice; expected it once",
      HEAD "[Table]\n\ta | b | a\n\t1 | 2 | 3\n---\n" },
    { 4, "\"\" is not a column name; expected one such as \"stanza\"",
      HEAD "[Table]\n\ta |\n\t1 | 2\n---\n" },
    { 4, "\"${a}\" is not a column name", HEAD "[Table]\n\t${a}\n\t1\n---\n" },
    { 6, "[Table] is already in line 3; expected it once",
      HEAD "[Table]\n\ta\n\t1\n[Table]\n\tb\n\t2\n---\n" },
    { 3, "a table cannot have a name; expected \"[Table]\", not \"x\"", HEAD "[Table] x\n\ta\n\t1\n---\n" },
    { 1, "unknown column \"b\"; the columns are: a", "# ${b}\n" HEAD "[Table]\n\ta\n\t1\n---\n" },
    { 1, "unknown column \"b\"", "## rfc: ${b}\n" HEAD "[Table]\n\ta\n\t1\n---\n" },
    { 1, "unknown column \"b\"", "[Client] ${b}\n\tjid: a@b\n[Table]\n\ta\n\t1\n---\n" },
    { 3, "unknown column \"b\"", HEAD "\tpassword: ${b}\n[Table]\n\ta\n\t1\n---\n" },
    { 9, "\"${b}\" is not a column and is not captured above; the columns are: a b, c",
      COLUMNS "Romeo sends:\n\t<message to=\"${b}\"/>\n" },
    { 8, "\"${condition}\" is not a column", COLUMNS "Romeo fails to bind: ${condition}\n" },
    { 9, "\"c\" is a column of the table; expected a different name to capture",
      COLUMNS "Romeo receives:\n\t<message to=\"{scansion:capture:c}\"/>\n" },
    { 8, "no column in \"d is 1, Romeo connects\"; expected \"is\" after one of: a b, c",
      COLUMNS "when d is 1, Romeo connects\n" },
    { 8, "no column in \"c 1, Romeo connects\"", COLUMNS "when c 1, Romeo connects\n" },
    { 8, "no row has \"3\" in the column \"c\"", COLUMNS "when c is 3, Romeo connects\n" },
    { 8, "no row has \"two\" in the column \"a b\"", COLUMNS "when a b is two, Romeo connects\n" },
    { 8, "no value after \"is\"", COLUMNS "when c is, Romeo connects\n" },
    { 8, "found \"Romeo\" after \"1\"; expected \"or\" or a comma", COLUMNS "when c is 1 Romeo connects\n" },
    { 8, "no step after the comma", COLUMNS "when c is 1,\n" },
    { 8, "unknown escape in \"\\q\"", COLUMNS "when c is \"\\q\", Romeo connects\n" },
    { 4, "\"when\" needs the value of a row; expected a [Table] in the head",
      HEAD "---\nwhen c is 1, Romeo connects\n" },
};

static void malformed_tables_are_complained_about(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++) {
        struct complaints complaints;
        bool found = false;
        assert_null(parse_bytes(malformed[i].text, strlen(malformed[i].text), &complaints));
        for (size_t c = 0; c < complaints.count && c < COMPLAINTS_MAX; c++)
            found = found || (complaints.list[c].line == malformed[i].line &&
                              strstr(complaints.list[c].message, malformed[i].message) != NULL);
        if (!found) {
            print_error("not complained about: %s\n", malformed[i].message);
            print_complaints(&complaints);
        }
        assert_true(found);
    }
}

/* What is wrong with one row only is found when that row is parsed. */
static void a_rows_own_mistake_is_its_own(void **state)
{
    (void)state;
    static const char text[] = HEAD "[Table]\n\tstep\n\tconnects\n\tdances\n---\nRomeo ${step}\n";
    struct complaints complaints;
    struct scenario *scenario = parse_row_quietly(text, 1, &complaints);
    assert_non_null(scenario);
    scenario_free(scenario);
    assert_null(parse_row_quietly(text, 2, &complaints));
    assert_int_equal(complaints.count, 1);
    assert_int_equal(complaints.list[0].line, 8);
    assert_non_null(strstr(complaints.list[0].message, "unknown verb \"dances\""));
}

/* ---- Many rows of one file ---- */

#define SHARED                                                                                               \
    "[Client] Romeo\n\tjid: romeo@localhost\n[Roster] romeo@localhost\n\tfrom: ../verona.roster\n"           \
    "[Table]\n\tstate | clause\n\tboth  | 2.1\n\tnone  | 2.2\n---\nRomeo connects\n"

static char *read_and_count(void *host, const char *path, size_t *length)
{
    ++*(size_t *)host;
    return read_verona(NULL, path, length);
}

/* Both rows of a file that may be closed before they are looked at. */
static size_t parse_both(const char *text, struct scenario *rows[2])
{
    size_t reads = 0;
    struct complaints complaints;
    struct scenario_file *file =
        scenario_file_new("scenarios/basics/test.scs", text, strlen(text), read_and_count, &reads);
    for (size_t i = 0; i < 2; i++) {
        rows[i] = scenario_file_row(file, i + 1, &complaints);
        print_complaints(&complaints);
        assert_non_null(rows[i]);
    }
    scenario_file_free(file);
    return reads;
}

static void rows_share_a_head_that_mentions_no_column(void **state)
{
    (void)state;
    struct scenario *rows[2];
    assert_int_equal(parse_both("# Title\n" SHARED, rows), 1);
    assert_ptr_equal(rows[0]->rosters, rows[1]->rosters);
    assert_string_equal(rows[0]->title, "Title: both, 2.1");
    scenario_free(rows[0]);
    assert_string_equal(rows[1]->title, "Title: none, 2.2");
    assert_string_equal(rows[1]->name, "scenarios/basics/test.scs#2");
    assert_string_equal(rows[1]->rosters->items->jid, "juliet@localhost");
    scenario_free(rows[1]);
}

static void rows_that_share_a_head_have_titles_and_tags_of_their_own(void **state)
{
    (void)state;
    struct scenario *rows[2];
    parse_both("# The state ${state}\n## rfc: 6121 ${clause}\n" SHARED, rows);
    assert_ptr_equal(rows[0]->rosters, rows[1]->rosters);
    assert_string_equal(rows[0]->title, "The state both");
    assert_string_equal(rows[1]->title, "The state none");
    assert_string_equal(rows[1]->heading, "The state ${state}");
    assert_string_equal(scenario_tag(rows[0], "rfc"), "6121 2.1");
    assert_string_equal(scenario_tag(rows[1], "rfc"), "6121 2.2");
    assert_null(rows[1]->tags->next);
    scenario_free(rows[0]);
    scenario_free(rows[1]);
}

static void rows_whose_heads_differ_read_a_named_file_once(void **state)
{
    (void)state;
    struct scenario *rows[2];
    assert_int_equal(parse_both("[Client] A\n\tjid: a@${state}.lit\n" SHARED, rows), 1);
    assert_string_equal(rows[0]->cast[0].jid, "a@both.lit");
    assert_string_equal(rows[1]->cast[0].jid, "a@none.lit");
    assert_string_equal(rows[1]->rosters->items->jid, "juliet@localhost");
    scenario_free(rows[0]);
    scenario_free(rows[1]);
}

/* Each row has each step: the product is bounded. */
static void rows_that_come_to_too_many_lines_are_complained_about(void **state)
{
    (void)state;
    enum { ROWS = 2000, STEPS = TABLE_LINES_MOST / ROWS + 1 };
    char *text = malloc(64 + ROWS * 4 + STEPS * 16);
    assert_non_null(text);
    char *at = text + sprintf(text, HEAD "[Table]\n\tc\n");
    for (size_t i = 0; i < ROWS; i++)
        at += sprintf(at, "\t1\n");
    at += sprintf(at, "---\n");
    for (size_t i = 0; i < STEPS; i++)
        at += sprintf(at, "Romeo connects\n");
    struct complaints complaints;
    assert_null(parse_bytes(text, (size_t)(at - text), &complaints));
    assert_int_equal(complaints.count, 1);
    assert_int_equal(complaints.list[0].line, 3);
    assert_string_equal(complaints.list[0].message,
                        "this table has 2000 rows, each of which repeats 1002 lines of the file; expected "
                        "at most 2000000 lines in total");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_row_says_how_many_there_are),
        cmocka_unit_test(a_file_without_a_table_has_no_rows),
        cmocka_unit_test(a_row_knows_its_line),
        cmocka_unit_test(a_rows_values_stand_in_head_and_steps),
        cmocka_unit_test(lines_keep_their_numbers),
        cmocka_unit_test(a_condition_leaves_a_step_out),
        cmocka_unit_test(conditions_compare_whole_cells),
        cmocka_unit_test(a_cell_is_inserted_unchanged),
        cmocka_unit_test(a_cell_may_hold_stanzas_and_an_escaped_bar),
        cmocka_unit_test(an_empty_cell_leaves_an_empty_line),
        cmocka_unit_test(variables_in_cells_are_left_to_the_run),
        cmocka_unit_test(a_title_without_columns_is_followed_by_the_row),
        cmocka_unit_test(malformed_tables_are_complained_about),
        cmocka_unit_test(a_rows_own_mistake_is_its_own),
        cmocka_unit_test(rows_share_a_head_that_mentions_no_column),
        cmocka_unit_test(rows_that_share_a_head_have_titles_and_tags_of_their_own),
        cmocka_unit_test(rows_whose_heads_differ_read_a_named_file_once),
        cmocka_unit_test(rows_that_come_to_too_many_lines_are_complained_about),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
