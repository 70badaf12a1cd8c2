#include "../printable.h"
#include "../tool/width.h"
#include "matrix_counts.h"

#include <stdlib.h>
#include <string.h>

/* Columns of a name, of a number, and of a server, which has three numbers. */
enum { NAME_MOST = 32, NUMBER = 8, SERVER = 3 * NUMBER };

static void write_blanks(FILE *out, size_t count)
{
    fprintf(out, "%*s", (int)count, "");
}

/* A name, cut to the width, or with blanks up to it. */
static void write_name(FILE *out, const char *name, size_t width)
{
    char *printable = printable_copy(name, strlen(name));
    const size_t columns = width_of(printable);
    width_write(out, printable, width);
    if (columns < width)
        write_blanks(out, width - columns);
    free(printable);
}

/* 0 is blank: the eye looks for numbers. */
static void write_number(FILE *out, size_t number)
{
    if (number > 0)
        fprintf(out, "%*zu", NUMBER, number);
    else
        write_blanks(out, NUMBER);
}

static void write_cell(FILE *out, size_t passed, size_t failed, size_t skipped)
{
    write_number(out, passed);
    write_number(out, failed);
    write_number(out, skipped);
}

static size_t name_width(const struct matrix *matrix)
{
    size_t width = sizeof "all" - 1;
    for (size_t i = 0; i < matrix->count; i++) {
        const size_t length = width_of(matrix->topics[i].name);
        width = length > width ? length : width;
    }
    return width < NAME_MOST ? width : NAME_MOST;
}

/* "A" to "P": the names of servers may be long. */
static void write_servers(FILE *out, const struct matrix *matrix)
{
    for (size_t i = 0; i < matrix->servers->count; i++) {
        fprintf(out, "%c  ", (char)('A' + (int)i));
        printable_string(out, matrix->servers->kinds[i]->name);
        fputc('\n', out);
    }
}

static void write_heads(FILE *out, const struct matrix *matrix, size_t width)
{
    fputc('\n', out);
    write_blanks(out, width);
    for (size_t i = 0; i < matrix->servers->count; i++)
        fprintf(out, "%*c%*s", NUMBER, (char)('A' + (int)i), SERVER - NUMBER, "");
    fputc('\n', out);
    write_blanks(out, width);
    for (size_t i = 0; i < matrix->servers->count; i++)
        fprintf(out, "%*s%*s%*s", NUMBER, "passed", NUMBER, "failed", NUMBER, "skipped");
    fputc('\n', out);
}

static void write_row(FILE *out, const char *name, size_t width, const struct matrix_cell *cells,
                      size_t count)
{
    write_name(out, name, width);
    for (size_t i = 0; i < count; i++)
        write_cell(out, matrix_sum(cells[i].passed), matrix_sum(cells[i].failed),
                   matrix_sum(cells[i].skipped));
    fputc('\n', out);
}

static void write_level(FILE *out, const struct matrix *matrix, size_t width, enum scenario_level level)
{
    write_name(out, scenario_level_name(level), width);
    for (size_t i = 0; i < matrix->servers->count; i++)
        write_cell(out, matrix->all[i].passed[level], matrix->all[i].failed[level],
                   matrix->all[i].skipped[level]);
    fputc('\n', out);
}

void matrix_write_text(FILE *out, const struct matrix *matrix)
{
    const size_t width = name_width(matrix);
    write_servers(out, matrix);
    write_heads(out, matrix, width);
    for (size_t i = 0; i < matrix->count; i++)
        write_row(out, matrix->topics[i].name, width, matrix->topics[i].cells, matrix->servers->count);
    fputc('\n', out);
    for (enum scenario_level level = LEVEL_MUST; level < LEVEL_COUNT; level++)
        write_level(out, matrix, width, level);
    write_row(out, "all", width, matrix->all, matrix->servers->count);
}
