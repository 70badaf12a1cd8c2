/*
 * The table of wordings beside the reference: each step of scenarios/README.md is one of the table, and each
 * of the table stands there.
 */
#include "../language/scenario_steps.h"

#include "scenario_reading.h"

/* The table's rows that were met, by subject and index. */
enum { ROWS_MOST = 100 };
struct met {
    bool rows[SUBJECTS][ROWS_MOST];
    size_t steps; /* of the reference, each of its variants counted */
};

static char *read_reference(void)
{
    FILE *file = fopen("scenarios/README.md", "rb");
    assert_non_null(file);
    struct text text = { 0 };
    char piece[4096];
    size_t length;
    while ((length = fread(piece, 1, sizeof piece, file)) > 0)
        text_append(&text, piece, length);
    assert_int_equal(fclose(file), 0);
    return text_take(&text);
}

/* What stands for a value in the reference, and one such value. */
static const struct {
    const char *capitals, *value;
} values[] = { { "SPAN", "5 seconds" }, { "CONDITION", "conflict" }, { "VALUE", "unset" }, { "N", "3" } };

/* Appends the next of a step's words with a value for its capitals. */
static void write_step_word(struct text *out, struct slice word)
{
    size_t length = slice_find(word, ":");
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        if (!slice_is((struct slice){ word.text, length }, values[i].capitals))
            continue;
        text_string(out, values[i].value);
        word = slice_from(word, length);
    }
    text_append(out, word.text, word.length);
    text_string(out, " ");
}

/* Appends a step of the reference, without its group N where bit N of `left_out` is set.  Returns how many
 * groups there are. */
static size_t write_variant(struct text *out, struct slice step, unsigned left_out)
{
    size_t groups = 0;
    struct slice word;
    bool leaves_out = false;
    for (bool more = true; more;) {
        more = slice_cut(&step, " ", &word);
        bool opens = slice_begins(word, "[");
        word = slice_from(word, opens);
        leaves_out = opens ? (left_out >> groups++ & 1U) != 0 : leaves_out;
        size_t end = slice_find(word, "]");
        bool closes = end < word.length;
        if (!leaves_out)
            write_step_word(out, (struct slice){ word.text, end });
        leaves_out = leaves_out && !closes;
        if (closes && end + 1 < word.length) /* "[in pieces of N]:" */
            write_step_word(out, slice_from(word, end + 1));
    }
    return groups;
}

static enum step_subject cut_subject(struct slice *line)
{
    enum step_subject subject = SUBJECT_NOBODY;
    if (slice_begins(*line, "Romeo's "))
        subject = SUBJECT_OWNER;
    else if (slice_begins(*line, "Romeo "))
        subject = SUBJECT_ACTOR;
    *line = slice_from(*line, slice_begins(*line, "Romeo") ? slice_find(*line, " ") + 1 : 0);
    return subject;
}

static void meet_line(struct parser *parser, struct met *met, const char *line)
{
    struct slice predicate = slice_trim(slice_of(line));
    enum step_subject subject = cut_subject(&predicate);
    struct step step = { .line = 1 };
    const struct wording *wording = recognise(parser, subject, predicate, &step);
    if (wording == NULL) {
        fail_msg("the reference has a step that the table has not: %s", line);
        return;
    }
    bool has_colon = predicate.text[predicate.length - 1] == ':';
    if (has_colon != (wording->block != BLOCK_NONE))
        fail_msg("in the reference a colon must stand where a block does: %s", line);
    size_t index = 0;
    while (wording_at(subject, index) != wording)
        index++;
    assert_true(index < ROWS_MOST);
    met->rows[subject][index] = true;
    met->steps++;
}

static void meet_step(struct parser *parser, struct met *met, struct slice step)
{
    size_t groups = 1;
    for (unsigned left_out = 0; left_out < 1U << groups; left_out++) {
        struct text line = { 0 };
        groups = write_variant(&line, step, left_out);
        meet_line(parser, met, line.bytes);
        text_free(&line);
    }
}

/* Every step in the first column of a row: "| `STEP`, `STEP` | meaning |". */
static void meet_row(struct parser *parser, struct met *met, struct slice row)
{
    struct slice column, piece;
    row = slice_from(row, 1);
    (void)slice_cut(&row, "|", &column);
    while (slice_cut(&column, "`", &piece)) {
        (void)slice_cut(&column, "`", &piece);
        meet_step(parser, met, piece);
    }
}

static void meet_reference(struct parser *parser, struct met *met, struct slice text)
{
    bool is_table = false;
    struct slice line;
    for (bool more = true; more;) {
        more = slice_cut(&text, "\n", &line);
        is_table = slice_is(line, "| step | meaning |") || (is_table && slice_begins(line, "| "));
        if (is_table && slice_begins(line, "| `"))
            meet_row(parser, met, line);
    }
}

static void the_reference_and_the_table_have_the_same_steps(void **state)
{
    (void)state;
    static struct met met;
    struct complaints complaints = { 0 };
    struct scenario *scenario = parse("[Client] Romeo\n\tjid: romeo@localhost\n---\nRomeo connects\n");
    struct parser parser = { .scenario = scenario, .complaints = &complaints };
    char *text = read_reference();
    meet_reference(&parser, &met, slice_of(text));
    print_complaints(&complaints);
    assert_int_equal(complaints.count, 0);
    assert_true(met.steps > 100);
    const struct wording *wording;
    for (enum step_subject subject = 0; subject < SUBJECTS; subject++)
        for (size_t i = 0; (wording = wording_at(subject, i)) != NULL; i++)
            if (!met.rows[subject][i])
                fail_msg("scenarios/README.md has no step like \"%s\"", wording->pattern);
    free(text);
    scenario_free(scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reference_and_the_table_have_the_same_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
