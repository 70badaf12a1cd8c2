#include "../must.h"
#include "scenario_head.h"

#include <stdio.h>

/* A table is parsed before the rest of the file, and the row's values are inserted into the lines.  The other
 * parts of the parser know nothing of tables. */

/* ---- Cells ---- */

/* The length of the first cell, up to a '|' without a backslash before it. */
static size_t cell_length(struct slice text)
{
    size_t length = 0;
    while (length < text.length && text.text[length] != '|')
        length +=
            text.text[length] == '\\' && length + 1 < text.length && text.text[length + 1] == '|' ? 2 : 1;
    return length;
}

static size_t count_cells(struct slice text)
{
    size_t count = 1;
    for (size_t length = cell_length(text); length < text.length; length = cell_length(text)) {
        text = slice_from(text, length + 1);
        count++;
    }
    return count;
}

/* A cell without surrounding blanks, and with "\|" resolved. */
static struct slice read_cell(struct scenario *memory, struct slice text)
{
    text = slice_trim(text);
    if (slice_find(text, "\\|") == text.length)
        return text;
    char *copy = keep(memory, text.length + 1);
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (slice_begins(slice_from(text, i), "\\|"))
            i++;
        copy[length++] = text.text[i];
    }
    return (struct slice){ copy, length };
}

static struct slice *read_cells(struct scenario *memory, struct slice text, size_t count)
{
    struct slice *cells = keep(memory, count * sizeof *cells);
    for (size_t i = 0; i < count; i++) {
        size_t length = cell_length(text);
        cells[i] = read_cell(memory, (struct slice){ text.text, length });
        text = slice_from(text, length < text.length ? length + 1 : length);
    }
    return cells;
}

/* ---- The table ---- */

static bool is_column_name(struct slice name)
{
    return name.length > 0 && slice_find(name, "{") == name.length && slice_find(name, "}") == name.length;
}

static void read_columns(struct parser *parser, const struct line *line)
{
    struct table *table = &parser->table;
    size_t count = count_cells(line->text);
    struct slice *columns = read_cells(parser->common, line->text, count);
    table->columns = columns;
    table->column_count = count;
    table->occurring = must(calloc(count, sizeof *table->occurring));
    for (size_t i = 0; i < count; i++) {
        if (!is_column_name(table->columns[i]))
            complain(parser, line->number, "\"%s\" is not a column name; expected one such as \"stanza\"",
                     excerpt(table->columns[i]).text);
        check_name_length(parser, line->number, "column", columns[i]);
        if (names_add(&table->column_names, columns[i], &columns[i]) != NULL)
            complain(parser, line->number, "the column \"%s\" appears twice; expected it once",
                     excerpt(columns[i]).text);
    }
}

static void read_row(struct parser *parser, const struct line *line)
{
    struct table *table = &parser->table;
    size_t count = count_cells(line->text);
    if (count != table->column_count) {
        complain(parser, line->number, "this row has %zu cell%s; expected %zu, one for each column", count,
                 count == 1 ? "" : "s", table->column_count);
        return;
    }
    table->rows[table->row_count++] = (struct table_row){ line->text, line->number };
}

/* Whether a line at the left margin was meant to be a row. */
static bool is_row(const struct line *line)
{
    return line->text.text[0] != '[' && slice_find(line->text, "|") < line->text.length;
}

/* The lines below [Table], which all later parsing ignores. */
static void read_section(struct parser *parser, struct line *section, const struct line *end)
{
    struct table *table = &parser->table;
    if (table->line > 0) {
        complain(parser, section->number, "[Table] is already in line %d; expected it once", table->line);
        return;
    }
    table->line = section->number;
    table->rows = must(calloc((size_t)(end - section), sizeof *table->rows));
    bool unindented = false;
    for (struct line *line = section + 1; line < end; line++) {
        if (line->text.length == 0 || is_comment(line->text))
            continue;
        if (line->indent == 0 && !is_row(line))
            break;
        if (line->indent == 0 && !unindented)
            complain(parser, line->number,
                     "\"%s\" is not indented; expected blanks or a tab before each line of a table",
                     excerpt(line->text).text);
        unindented = unindented || line->indent == 0;
        if (table->columns == NULL)
            read_columns(parser, line);
        else
            read_row(parser, line);
        *line = measure_line((struct slice){ "", 0 }, line->number);
        line->of_table = true;
    }
    if (table->row_count == 0 && parser->complaints->count == 0)
        complain(parser, section->number,
                 "this table has no rows; expected a line of column names and a line for each row below it");
}

static bool is_table(struct slice text)
{
    size_t bracket = slice_find(text, "]");
    return slice_begins(text, "[") && bracket < text.length &&
           slice_is(slice_trim((struct slice){ text.text + 1, bracket - 1 }), "Table");
}

/* ---- Values ---- */

size_t table_column(const struct table *table, struct slice name)
{
    const struct slice *column = names_get(&table->column_names, name);
    return column != NULL ? (size_t)(column - table->columns) : table->column_count;
}

static struct slice table_value(const struct table *table, size_t column)
{
    assert(column < table->column_count && table->values != NULL);
    return table->values[column];
}

/* The value of a "${COLUMN}" at the beginning, and its length in the text.  Returns false when there is
 * none. */
static bool find_value(const struct table *table, struct slice text, struct slice *value, size_t *length)
{
    if (!slice_begins(text, "${"))
        return false;
    size_t end = 2;
    while (end < text.length && text.text[end] != '}' && text.text[end] != '{')
        end++;
    if (end == text.length)
        return false;
    size_t column = table_column(table, (struct slice){ text.text + 2, end - 2 });
    if (column == table->column_count)
        return false;
    *value = table_value(table, column);
    *length = end + 1;
    return true;
}

/* The line with the row's values; if `out` is NULL, only its length is computed. */
static size_t fill_in(const struct table *table, struct slice text, char *out)
{
    size_t size = 0;
    while (text.length > 0) {
        struct slice piece = { text.text, 1 };
        size_t taken = 1;
        (void)find_value(table, text, &piece, &taken);
        if (out != NULL && piece.length > 0)
            memcpy(out + size, piece.text, piece.length);
        size += piece.length;
        text = slice_from(text, taken);
    }
    return size;
}

void table_fill_in(struct parser *parser, struct line *line)
{
    size_t length = fill_in(&parser->table, line->all, NULL);
    char *text = keep(parser->scenario, length + 1);
    fill_in(&parser->table, line->all, text);
    *line = measure_line((struct slice){ text, length }, line->number);
}

void read_table(struct parser *parser)
{
    struct line *end = parser->lines;
    while (end < parser->lines + parser->line_count && !is_end_of_head(end))
        end++;
    for (struct line *line = parser->lines; line < end; line++)
        if (line->indent == 0 && is_table(line->text))
            read_section(parser, line, end);
}

void table_choose(struct parser *parser, size_t row)
{
    struct table *table = &parser->table;
    assert(row >= 1 && row <= table->row_count);
    table->row = row;
    table->values = read_cells(parser->scenario, table->rows[row - 1].text, table->column_count);
}

void forget_table(struct table *table)
{
    for (size_t i = 0; table->occurring != NULL && i < table->column_count; i++)
        names_free(&table->occurring[i]);
    free(table->occurring);
    names_free(&table->column_names);
    free(table->rows);
}

/* ---- Unknown columns ---- */

struct listing listing_of_columns(const struct table *table)
{
    struct listing listing = { "" };
    for (size_t i = 0; i < table->column_count; i++)
        listing_add(&listing, table->columns[i]);
    return listing;
}

void check_head_values(struct parser *parser, int line, struct slice text)
{
    size_t at = slice_find(text, "${");
    if (parser->table.row == 0 || at == text.length)
        return;
    struct slice name = slice_from(text, at + 2);
    name.length = slice_find(name, "}");
    complain(parser, line, "unknown column \"%s\"; the columns are: %s", excerpt(name).text,
             listing_of_columns(&parser->table).text);
}

/* ---- "when COLUMN is VALUE, STEP" ---- */

/* The column with the longest name with which the text begins, followed by "is". */
static size_t find_condition(const struct table *table, struct slice text, struct slice *rest)
{
    size_t found = table->column_count;
    for (size_t length = 1; length <= table->column_names.longest && length < text.length; length++) {
        struct slice behind = slice_from(text, length);
        if (!is_blank(behind.text[0]) && behind.text[0] != 'i')
            continue;
        size_t column = table_column(table, (struct slice){ text.text, length });
        if (column == table->column_count || !slice_is(next_token(&behind).text, "is"))
            continue;
        found = column;
        *rest = behind;
    }
    return found;
}

static struct slice cell_of(struct parser *parser, struct slice row, size_t column)
{
    for (; column > 0; column--)
        row = slice_from(row, cell_length(row) + 1);
    row.length = cell_length(row);
    return read_cell(parser->common, row);
}

/* Collects the values of a column. */
static void read_column(struct parser *parser, size_t column, struct names *values)
{
    const struct table *table = &parser->table;
    for (size_t i = 0; i < table->row_count; i++) {
        const struct table_row *row = &table->rows[i];
        (void)names_add(values, cell_of(parser, row->text, column), (void *)row);
    }
}

static bool occurs(struct parser *parser, size_t column, struct slice value)
{
    const struct table *table = &parser->table;
    if (slice_same(table_value(table, column), value))
        return true;
    if (table->occurring[column].first == NULL)
        read_column(parser, column, &table->occurring[column]);
    return names_get(&table->occurring[column], value) != NULL;
}

/* Parses one value; returns false after a complaint. */
static bool read_value(struct parser *parser, int line, size_t column, struct slice *rest,
                       struct slice *value)
{
    struct token token = next_token(rest);
    if (token.kind != TOKEN_WORD && token.kind != TOKEN_QUOTED) {
        complain(parser, line, "no value after \"is\"; expected \"when COLUMN is VALUE, STEP\"");
        return false;
    }
    *value = token.text;
    if (token.kind == TOKEN_QUOTED) {
        const char *text = unquote(parser, line, token, NULL);
        if (text == NULL)
            return false;
        *value = slice_of(text);
    }
    if (occurs(parser, column, *value))
        return true;
    complain(parser, line, "no row has \"%s\" in the column \"%s\"", excerpt(*value).text,
             excerpt(parser->table.columns[column]).text);
    return false;
}

/* Parses "[not] VALUE {or VALUE},"; returns false after a complaint. */
static bool read_values(struct parser *parser, int line, size_t column, struct slice *rest, bool *holds)
{
    struct slice behind = *rest, value;
    bool negated = slice_is(next_token(&behind).text, "not");
    bool equal = false;
    if (negated)
        *rest = behind;
    for (;;) {
        if (!read_value(parser, line, column, rest, &value))
            return false;
        equal = equal || slice_same(value, table_value(&parser->table, column));
        struct token token = next_token(rest);
        if (token.kind == TOKEN_COMMA) {
            *holds = equal != negated;
            return true;
        }
        if (!slice_is(token.text, "or")) {
            complain(parser, line, "found \"%s\" after \"%s\"; expected \"or\" or a comma",
                     excerpt(token.text).text, excerpt(value).text);
            return false;
        }
    }
}

/* Parses one condition, without its "when"; returns false after a complaint. */
static bool read_condition(struct parser *parser, int line, struct slice *text, bool *holds)
{
    struct slice rest = *text;
    size_t column = find_condition(&parser->table, *text, &rest);
    if (column == parser->table.column_count) {
        complain(parser, line, "no column in \"%s\"; expected \"is\" after one of: %s", excerpt(*text).text,
                 listing_of_columns(&parser->table).text);
        return false;
    }
    *text = rest;
    return read_values(parser, line, column, text, holds);
}

static bool begins_condition(struct slice text, struct slice *rest)
{
    *rest = text;
    struct slice first = next_token(rest).text;
    *rest = slice_trim(*rest);
    return slice_is(first, "when") || slice_is(first, "When");
}

bool take_condition(struct parser *parser, int line, struct slice *text)
{
    struct slice rest;
    bool all_hold = true;
    while (begins_condition(*text, &rest)) {
        bool holds = false;
        if (parser->table.row == 0) {
            complain(parser, line, "\"when\" needs the value of a row; expected a [Table] in the head");
            return false;
        }
        if (!read_condition(parser, line, &rest, &holds))
            return false;
        all_hold = all_hold && holds;
        *text = slice_trim(rest);
    }
    if (text->length == 0)
        complain(parser, line, "no step after the comma; expected \"when COLUMN is VALUE, STEP\"");
    return all_hold && text->length > 0;
}

/* ---- The name of a case ---- */

static size_t append(char *out, size_t used, struct slice text)
{
    if (out != NULL && text.length > 0)
        memcpy(out + used, text.text, text.length);
    return used + text.length;
}

/* "TITLE: CELL, CELL"; if `out` is NULL, only its length is computed. */
static size_t write_title(const struct table *table, const char *title, char *out)
{
    size_t used = append(out, 0, slice_of(title));
    for (size_t i = 0; i < table->column_count; i++) {
        used = append(out, used, slice_of(i == 0 ? ": " : ", "));
        used = append(out, used, table_value(table, i));
    }
    return used;
}

void name_case(struct parser *parser)
{
    struct scenario *scenario = parser->scenario;
    const struct table *table = &parser->table;
    scenario->name = scenario->path;
    if (scenario->title == NULL)
        scenario->title = scenario->path;
    if (scenario->heading == NULL)
        scenario->heading = scenario->title;
    if (table->row == 0)
        return;
    char number[32];
    (void)snprintf(number, sizeof number, "#%zu", table->row);
    size_t path = strlen(scenario->path);
    char *name = keep(scenario, path + strlen(number) + 1);
    memcpy(name, scenario->path, path);
    memcpy(name + path, number, strlen(number) + 1);
    scenario->name = name;
    scenario->row = table->row;
    scenario->row_line = table->rows[table->row - 1].line;
    scenario->rows = table->row_count;
    if (strcmp(scenario->heading, scenario->title) != 0)
        return;
    char *title = keep(scenario, write_title(table, scenario->heading, NULL) + 1);
    write_title(table, scenario->heading, title);
    scenario->title = title;
}
