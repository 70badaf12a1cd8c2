#include "match_table.h"

#include "../printable.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct table_row {
    char *cells[SIDES];
    bool differs;
};

/* The widths of the separator between the columns, and of the mark before a line of a single column. */
enum { GAP = sizeof " ! " - 1, MARK = sizeof "! " - 1 };

static char *take_printable(struct text *cell)
{
    char *bytes = text_take(cell);
    char *shown = printable_copy(bytes, strlen(bytes));
    free(bytes);
    return shown;
}

void table_add(struct table *table, struct text cells[SIDES], bool differs)
{
    if (table->count == table->capacity) {
        size_t capacity = table->capacity == 0 ? 32 : table->capacity * 2;
        struct table_row *rows = realloc(table->rows, capacity * sizeof *rows);
        if (rows == NULL) {
            abort();
        }
        table->rows = rows;
        table->capacity = capacity;
    }
    table->rows[table->count++] =
        (struct table_row){ { take_printable(&cells[EXPECTED]), take_printable(&cells[RECEIVED]) }, differs };
}

bool table_at(const struct table *table, size_t index, const char *cells[SIDES], bool *differs)
{
    if (index >= table->count)
        return false;
    const struct table_row *row = &table->rows[index];
    cells[EXPECTED] = row->cells[EXPECTED];
    cells[RECEIVED] = row->cells[RECEIVED];
    *differs = row->differs;
    return true;
}

void table_free(struct table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        free(table->rows[i].cells[EXPECTED]);
        free(table->rows[i].cells[RECEIVED]);
    }
    free(table->rows);
    *table = (struct table){ .width = table->width };
}

/* ---- Widths, in characters of UTF-8 ---- */

static bool begins_character(char byte)
{
    return ((unsigned char)byte & 0xC0) != 0x80;
}

static size_t width_of(const char *string)
{
    size_t width = 0;
    for (; *string != '\0'; string++) {
        width += begins_character(*string) ? 1 : 0;
    }
    return width;
}

static size_t half_of(const struct table *table)
{
    assert(table->width >= 20);
    return (table->width - GAP) / 2;
}

static bool is_stacked(const struct table *table)
{
    return half_of(table) < TABLE_NARROWEST;
}

bool table_fits(const struct table *table, const struct text *cell)
{
    size_t room = is_stacked(table) ? table->width - MARK : half_of(table);
    return cell->length == 0 || width_of(cell->bytes) <= room;
}

/* The minimum width; the rest is for the other column. */
static size_t left_column(const struct table *table)
{
    size_t widest = strlen("expected");
    for (size_t i = 0; i < table->count; i++) {
        size_t width = width_of(table->rows[i].cells[EXPECTED]);
        widest = width > widest ? width : widest;
    }
    return widest > half_of(table) ? half_of(table) : widest;
}

/* ---- Wrapping ---- */

/* The rest of a cell, and its indentation. */
struct cell {
    const char *bytes;
    size_t indent;
    bool begun;
};

/* The part of a cell on one line; `width` includes the indentation. */
struct line {
    const char *bytes;
    size_t length, indent, width;
};

static struct cell cell_of(const char *string)
{
    size_t indent = strspn(string, " ");
    return (struct cell){ string + indent, indent, false };
}

/* The number of bytes of a string that fit into a number of characters. */
static size_t fitting(const char *string, size_t room)
{
    size_t length = 0;
    while (string[length] != '\0' && (room > 0 || !begins_character(string[length]))) {
        room -= begins_character(string[length]) ? 1 : 0;
        length++;
    }
    return length;
}

/* Whether a line may end before string[at]: after a blank or punctuation, or before a tag. */
static bool may_end(const char *string, size_t at)
{
    if (string[at] == '<') {
        return true;
    }
    bool is_bracket = string[at] == '>' || (at > 1 && string[at - 2] == '<'); /* of "/>" or "</" */
    return !is_bracket && strchr(" :;,./@?-", string[at - 1]) != NULL;
}

/* The number of bytes for a line: all, or up to a position in its second half where it may end, or as many as
 * fit. */
static size_t line_length(const char *string, size_t room)
{
    size_t most = fitting(string, room);
    if (string[most] == '\0') {
        return most;
    }
    for (size_t length = most; length > most / 2; length--) {
        if (may_end(string, length)) {
            return length;
        }
    }
    return most;
}

/* Removes the next line from a cell.  Lines after the first are indented further, so that none looks like a
 * row; the indentation is limited to half of the column. */
static struct line take_line(struct cell *cell, size_t room)
{
    struct line line = { .bytes = cell->bytes, .indent = cell->indent + (cell->begun ? 2 : 0) };
    if (line.indent > room / 2) {
        line.indent = room / 2;
    }
    cell->begun = true;
    line.length = line_length(line.bytes, room - line.indent);
    cell->bytes += line.length;
    if (line.length > 1 && *cell->bytes != '\0' && cell->bytes[-1] == ' ') {
        line.length--; /* a blank at the end of a line is invisible */
    }
    for (size_t i = 0; i < line.length; i++) {
        line.width += begins_character(line.bytes[i]) ? 1 : 0;
    }
    line.width += line.length > 0 ? line.indent : 0;
    return line;
}

/* ---- Writing ---- */

static void write_line(FILE *out, const struct line *line, const char *colour)
{
    if (line->length > 0) {
        fprintf(out, "%s%*s", colour, (int)line->indent, "");
        fwrite(line->bytes, 1, line->length, out);
        fputs(*colour == '\0' ? "" : "\033[0m", out);
    }
}

static const char *colour_of(enum table_side side, bool coloured)
{
    static const char *const colours[SIDES] = { "\033[32m", "\033[31m" };
    return coloured ? colours[side] : "";
}

/* ---- Side by side ---- */

/* `left` and `right` are the widths of the columns. */
static void write_beside(FILE *out, size_t left, size_t right, const struct table_row *row, bool colour)
{
    struct cell expected = cell_of(row->cells[EXPECTED]), received = cell_of(row->cells[RECEIVED]);
    do {
        struct line lines[SIDES] = { take_line(&expected, left), take_line(&received, right) };
        write_line(out, &lines[EXPECTED], colour_of(EXPECTED, colour && row->differs));
        if (row->differs || lines[RECEIVED].length > 0) {
            fprintf(out, "%*s %c", (int)(left - lines[EXPECTED].width), "", row->differs ? '!' : ' ');
        }
        fputs(lines[RECEIVED].length > 0 ? " " : "", out);
        write_line(out, &lines[RECEIVED], colour_of(RECEIVED, colour && row->differs));
        fputs("\n", out);
    } while (*expected.bytes != '\0' || *received.bytes != '\0');
}

static void write_columns(FILE *out, const struct table *table, bool colour)
{
    /* Equal widths, so that both columns are wrapped in the same way. */
    size_t left = left_column(table);
    size_t right = left == half_of(table) ? left : table->width - GAP - left;
    fprintf(out, "%-*s   received\n", (int)left, "expected");
    for (size_t i = 0; i < table->count; i++) {
        write_beside(out, left, right, &table->rows[i], colour);
    }
}

/* ---- One below the other ---- */

static void write_below(FILE *out, const struct table *table, enum table_side side,
                        const struct table_row *row, bool colour)
{
    struct cell cell = cell_of(row->cells[side]);
    while (*cell.bytes != '\0') {
        struct line line = take_line(&cell, table->width - MARK);
        fputs(row->differs ? "! " : "  ", out);
        write_line(out, &line, colour_of(side, colour && row->differs));
        fputs("\n", out);
    }
}

static void write_stacked(FILE *out, const struct table *table, bool colour)
{
    static const char *const heads[SIDES] = { "expected", "received" };
    for (int side = 0; side < SIDES; side++) {
        fprintf(out, "%s\n", heads[side]);
        for (size_t i = 0; i < table->count; i++) {
            write_below(out, table, (enum table_side)side, &table->rows[i], colour);
        }
    }
}

void table_write(const struct table *table, FILE *out, bool colour)
{
    if (is_stacked(table)) {
        write_stacked(out, table, colour);
    } else {
        write_columns(out, table, colour);
    }
}
