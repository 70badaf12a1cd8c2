#include "../must.h"
#include "../printable.h"
#include "../xml/xml.h"
#include "matrix_counts.h"

#include <stdlib.h>
#include <string.h>

/* Pixels.  A cell is a bar and, right of it, how many of the cases that were run passed, and the failed ones by level. */
enum {
    MARGIN = 24,
    LABEL = 190,
    BAR = 160,
    BAR_HEIGHT = 12,
    CELL = 330,
    ROW = 26,
    TOP = 116, /* the first row */
    NAME_CUT = 40
};

static const char style[] =
    "<style>\n"
    "svg{--page:#fff;--ink:#1f2328;--quiet:#656d76;--line:#d8dee4;--passed:#2da44e;--skipped:#d0d7de;"
    "--must:#a40e26;--should:#e5534b;--may:#d4a72c;--ours:#8250df}\n"
    "@media (prefers-color-scheme:dark){svg{--page:#0d1117;--ink:#e6edf3;--quiet:#8d96a0;--line:#30363d;"
    "--passed:#3fb950;--skipped:#3d444d;--must:#ff4d5e;--should:#ff9b8f;--may:#d29922;--ours:#a371f7}}\n"
    "text{font:13px system-ui,-apple-system,'Segoe UI',sans-serif;fill:var(--ink)}\n"
    ".title{font-size:17px;font-weight:600}.head{font-weight:600}.quiet{fill:var(--quiet)}\n"
    ".number{font-variant-numeric:tabular-nums}.page{fill:var(--page)}.rule{stroke:var(--line)}\n"
    ".passed{fill:var(--passed)}.skipped{fill:var(--skipped)}.must{fill:var(--must)}"
    ".should{fill:var(--should)}.may{fill:var(--may)}.ours{fill:var(--ours)}\n"
    "</style>\n";

/* The name without what controls or misleads a reader, cut to `most` bytes at a character, or whole for 0. */
static void write_text(FILE *out, const char *text, size_t most)
{
    char *printable = printable_copy(text, strlen(text));
    const bool cut = most > 0 && strlen(printable) > most;
    if (cut) {
        while ((printable[most] & 0xc0) == 0x80)
            most--;
        printable[most] = '\0';
    }
    char *escaped = xml_escape(printable);
    fputs(escaped, out);
    fputs(cut ? "…" : "", out);
    free(escaped);
    free(printable);
}

/* ---- A cell ---- */

static void write_part(FILE *out, const char *what, size_t x, size_t end, size_t y)
{
    if (end > x)
        fprintf(out, "<rect class=\"%s\" x=\"%zu\" y=\"%zu\" width=\"%zu\" height=\"%d\"/>", what, x, y,
                end - x, (int)BAR_HEIGHT);
}

/* The end of a part of the bar when so many of all cases are before it.  A part of few cases has a pixel at least. */
static size_t part_end(size_t begin, size_t before, size_t part, size_t all)
{
    const size_t end = begin + (before + part) * BAR / all;
    return end;
}

static void write_bar(FILE *out, const struct matrix_cell *cell, size_t x, size_t y)
{
    const size_t passed = matrix_sum(cell->passed), failed = matrix_sum(cell->failed);
    const size_t skipped = matrix_sum(cell->skipped), all = passed + failed + skipped;
    size_t before = passed;
    size_t at = part_end(x, 0, passed, all);
    write_part(out, "passed", x, at, y);
    for (enum scenario_level level = LEVEL_MUST; level < LEVEL_COUNT; level++) {
        size_t end = part_end(x, before, cell->failed[level], all);
        if (cell->failed[level] > 0 && end < at + 2)
            end = at + 2; /* visible, however few */
        write_part(out, scenario_level_name(level), at, end, y);
        before += cell->failed[level];
        at = end;
    }
    write_part(out, "skipped", at, x + BAR, y);
}

static void write_hint(FILE *out, const char *topic, const struct server_kind *kind,
                       const struct matrix_cell *cell)
{
    fputs("<title>", out);
    write_text(out, topic, 0);
    fputs(", ", out);
    write_text(out, kind->name, 0);
    for (enum scenario_level level = LEVEL_MUST; level < LEVEL_COUNT; level++)
        fprintf(out, "; %s: %zu passed, %zu failed, %zu skipped", scenario_level_name(level),
                cell->passed[level], cell->failed[level], cell->skipped[level]);
    fputs("</title>", out);
}

/* "39 of 44", and in the colours of the levels how many failed. */
static void write_numbers(FILE *out, const struct matrix_cell *cell, size_t x, size_t y)
{
    const size_t passed = matrix_sum(cell->passed), run = passed + matrix_sum(cell->failed);
    fprintf(out, "<text class=\"number\" x=\"%zu\" y=\"%zu\">", x, y);
    if (run == 0)
        fputs("<tspan class=\"quiet\">none run</tspan>", out);
    else if (run == passed)
        fprintf(out, "%zu", passed);
    else
        fprintf(out, "%zu of %zu", passed, run);
    for (enum scenario_level level = LEVEL_MUST; level < LEVEL_COUNT; level++)
        if (cell->failed[level] > 0)
            fprintf(out, "<tspan class=\"%s\" dx=\"7\">%zu %s</tspan>", scenario_level_name(level),
                    cell->failed[level], scenario_level_name(level));
    fputs("</text>", out);
}

static void write_row(FILE *out, const struct matrix *matrix, const char *name,
                      const struct matrix_cell *cells, size_t y)
{
    fprintf(out, "<text x=\"%d\" y=\"%zu\">", (int)MARGIN, y);
    write_text(out, name, 0);
    fputs("</text>\n", out);
    for (size_t i = 0; i < matrix->servers->count; i++) {
        const size_t x = MARGIN + LABEL + i * CELL;
        fputs("<g>", out);
        write_hint(out, name, matrix->servers->kinds[i], &cells[i]);
        if (matrix_sum(cells[i].passed) + matrix_sum(cells[i].failed) + matrix_sum(cells[i].skipped) > 0)
            write_bar(out, &cells[i], x, y - BAR_HEIGHT + 1);
        write_numbers(out, &cells[i], x + BAR + 10, y);
        fputs("</g>\n", out);
    }
}

/* ---- The rest ---- */

static void write_legend(FILE *out)
{
    static const char *const legend[][2] = {
        { "passed", "passed" }, { "must", "failed: must" }, { "should", "should" },
        { "may", "may" },       { "ours", "ours" },         { "skipped", "skipped: the server lacks it" }
    };
    size_t x = MARGIN;
    for (size_t i = 0; i < sizeof legend / sizeof legend[0]; i++) {
        fprintf(out, "<rect class=\"%s\" x=\"%zu\" y=\"50\" width=\"12\" height=\"12\"/>", legend[i][0], x);
        fprintf(out, "<text class=\"quiet\" x=\"%zu\" y=\"61\">%s</text>\n", x + 18, legend[i][1]);
        x += 44 + 7 * strlen(legend[i][1]);
    }
}

static void write_heads(FILE *out, const struct matrix *matrix, size_t width)
{
    for (size_t i = 0; i < matrix->servers->count; i++) {
        const char *name = matrix->servers->kinds[i]->name;
        fprintf(out, "<text class=\"head\" x=\"%zu\" y=\"%d\"><title>", (size_t)(MARGIN + LABEL + i * CELL),
                TOP - 26);
        write_text(out, name, 0);
        fputs("</title>", out);
        write_text(out, name, NAME_CUT);
        fputs("</text>\n", out);
    }
    fprintf(out, "<path class=\"rule\" d=\"M%d %dH%zu\"/>\n", (int)MARGIN, TOP - 17, width - MARGIN);
}

void matrix_write_svg(FILE *out, const struct matrix *matrix)
{
    const size_t width = 2 * MARGIN + LABEL + matrix->servers->count * CELL;
    const size_t last = TOP + matrix->count * ROW + 10;
    fprintf(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%zu\" height=\"%zu\" viewBox=\"0 0 %zu %zu\" "
            "role=\"img\">\n"
            "<title>Scenarios by topic and server</title>\n%s",
            width, last + MARGIN, width, last + MARGIN, style);
    fprintf(out, "<rect class=\"page\" width=\"%zu\" height=\"%zu\"/>\n", width, last + MARGIN);
    fprintf(out, "<text class=\"title\" x=\"%d\" y=\"34\">Scenarios by topic and server</text>\n",
            (int)MARGIN);
    write_legend(out);
    write_heads(out, matrix, width);
    for (size_t i = 0; i < matrix->count; i++)
        write_row(out, matrix, matrix->topics[i].name, matrix->topics[i].cells, TOP + i * ROW);
    fprintf(out, "<path class=\"rule\" d=\"M%d %zuH%zu\"/>\n", (int)MARGIN, last - 21, width - MARGIN);
    write_row(out, matrix, "all", matrix->all, last);
    fputs("</svg>\n", out);
}
