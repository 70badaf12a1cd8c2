#include "../tool/json.h"
#include "matrix_counts.h"

static void write_counts(FILE *out, size_t passed, size_t failed, size_t skipped)
{
    fprintf(out, "{\"passed\":%zu", passed);
    json_number(out, "failed", failed);
    json_number(out, "skipped", skipped);
}

/* Without the end of the object, which takes more members. */
static void write_sums(FILE *out, const struct matrix_cell *cell)
{
    write_counts(out, matrix_sum(cell->passed), matrix_sum(cell->failed), matrix_sum(cell->skipped));
}

static void write_cell(FILE *out, const struct matrix_cell *cell)
{
    write_sums(out, cell);
    json_key(out, "levels");
    for (enum scenario_level level = LEVEL_MUST; level < LEVEL_COUNT; level++) {
        fprintf(out, "%c\"%s\":", level == LEVEL_MUST ? '{' : ',', scenario_level_name(level));
        write_counts(out, cell->passed[level], cell->failed[level], cell->skipped[level]);
        fputc('}', out);
    }
    fputs("}}", out);
}

static void write_cells(FILE *out, const struct matrix_cell *cells, size_t count)
{
    json_key(out, "results");
    for (size_t i = 0; i < count; i++) {
        fputc(i == 0 ? '[' : ',', out);
        write_cell(out, &cells[i]);
    }
    fputc(']', out);
}

void matrix_write_json(FILE *out, const struct matrix *matrix)
{
    const size_t servers = matrix->servers->count;
    fputs("{\"servers\":", out);
    for (size_t i = 0; i < servers; i++) {
        fputc(i == 0 ? '[' : ',', out);
        json_quote(out, matrix->servers->kinds[i]->name);
    }
    fputs("],\"topics\":[", out);
    for (size_t i = 0; i < matrix->count; i++) {
        fputs(i == 0 ? "\n{\"topic\":" : ",\n{\"topic\":", out);
        json_quote(out, matrix->topics[i].name);
        write_cells(out, matrix->topics[i].cells, servers);
        fputc('}', out);
    }
    fputc(']', out);
    write_cells(out, matrix->all, servers);
    fputs("}\n", out);
}
