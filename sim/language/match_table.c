#include "match_table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct table_row {
    char *cells[SIDES];
    bool differs;
};

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
        (struct table_row){ { text_take(&cells[EXPECTED]), text_take(&cells[RECEIVED]) }, differs };
}

void table_free(struct table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        free(table->rows[i].cells[EXPECTED]);
        free(table->rows[i].cells[RECEIVED]);
    }
    free(table->rows);
    *table = (struct table){ 0 };
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

/* How many bytes of a string fit into a column; *width is how wide they are. */
static size_t fitting(const char *string, size_t *width)
{
    size_t length = 0;
    *width = 0;
    while (string[length] != '\0') {
        if (begins_character(string[length])) {
            if (*width == TABLE_COLUMN) {
                break;
            }
            (*width)++;
        }
        length++;
    }
    return length;
}

bool table_fits(const struct text *cell)
{
    return cell->length == 0 || width_of(cell->bytes) <= TABLE_COLUMN;
}

static size_t left_column(const struct table *table)
{
    size_t widest = strlen("expected");
    for (size_t i = 0; i < table->count; i++) {
        size_t width = width_of(table->rows[i].cells[EXPECTED]);
        widest = width > widest ? width : widest;
    }
    return widest > TABLE_COLUMN ? TABLE_COLUMN : widest;
}

/* ---- Writing ---- */

static void write_cell(FILE *out, const char *string, size_t length, const char *colour)
{
    if (length == 0) {
        return;
    }
    fputs(colour, out);
    fwrite(string, 1, length, out);
    fputs(*colour == '\0' ? "" : "\033[0m", out);
}

/* One line: of each cell what fits, which is moved past. */
static void write_line(FILE *out, const char *cells[SIDES], size_t column, bool differs, bool colour)
{
    size_t width[SIDES];
    size_t left = fitting(cells[EXPECTED], &width[EXPECTED]);
    size_t right = fitting(cells[RECEIVED], &width[RECEIVED]);
    write_cell(out, cells[EXPECTED], left, colour && differs ? "\033[32m" : "");
    if (differs || right > 0) {
        fprintf(out, "%*s %c", (int)(column - width[EXPECTED]), "", differs ? '!' : ' ');
    }
    fputs(right > 0 ? " " : "", out);
    write_cell(out, cells[RECEIVED], right, colour && differs ? "\033[31m" : "");
    fputs("\n", out);
    cells[EXPECTED] += left;
    cells[RECEIVED] += right;
}

void table_write(const struct table *table, FILE *out, bool colour)
{
    size_t column = left_column(table);
    const char *head[SIDES] = { "expected", "received" };
    write_line(out, head, column, false, false);
    for (size_t i = 0; i < table->count; i++) {
        const struct table_row *row = &table->rows[i];
        const char *cells[SIDES] = { row->cells[EXPECTED], row->cells[RECEIVED] };
        do {
            write_line(out, cells, column, row->differs, colour);
        } while (*cells[EXPECTED] != '\0' || *cells[RECEIVED] != '\0');
    }
}
