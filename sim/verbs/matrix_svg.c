#include "../must.h"
#include "../printable.h"
#include "../xml/xml.h"
#include "matrix_counts.h"

#include <stdlib.h>
#include <string.h>

/* Pixels.  A server has a bar, the number of passed cases, and, where a case failed, a column of numbers for each level. */
enum {
    MARGIN = 24,
    LABEL = 170,
    BAR = 140,
    BAR_HEIGHT = 12,
    NUMBER = 104, /* from the bar to the end of the number */
    LEVEL = 48,
    GAP = 36,
    ROW = 26,
    TOP = 142, /* the first row */
    NAME_CUT = 32,
    LEAST_WIDTH = 780 /* of the legend */
};

static const char style[] =
    "<style>\n"
    "svg{--page:#fff;--ink:#1f2328;--quiet:#656d76;--line:#d8dee4;--passed:#2da44e;--skipped:#d0d7de;"
    "--must:#a40e26;--should:#e5534b;--may:#9a6700;--ours:#8250df}\n"
    "@media (prefers-color-scheme:dark){svg{--page:#0d1117;--ink:#e6edf3;--quiet:#8d96a0;--line:#30363d;"
    "--passed:#3fb950;--skipped:#3d444d;--must:#ff4d5e;--should:#ff9b8f;--may:#d29922;--ours:#a371f7}}\n"
    "text{font:13px system-ui,-apple-system,'Segoe UI',sans-serif;fill:var(--ink)}\n"
    ".small{font-size:11px}.end{text-anchor:end}.title{font-size:17px;font-weight:600}.head{font-weight:600}."
    "quiet{fill:var(--quiet)}\n"
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

/* ---- Columns ---- */

static bool has_failures(const struct matrix *matrix, size_t server)
{
    return matrix_sum(matrix->all[server].failed) > 0;
}

/* The width of what a server has; where it begins, and for the number of servers, where another one would. */
static size_t server_width(const struct matrix *matrix, size_t server)
{
    return BAR + NUMBER + (has_failures(matrix, server) ? (LEVEL_COUNT - LEVEL_MUST) * LEVEL : 0);
}

static size_t server_begin(const struct matrix *matrix, size_t server)
{
    size_t x = MARGIN + LABEL;
    for (size_t i = 0; i < server; i++)
        x += server_width(matrix, i) + GAP;
    return x;
}

/* The right end of the numbers of a level. */
static size_t level_end(size_t begin, enum scenario_level level)
{
    return begin + BAR + NUMBER + (size_t)(level - LEVEL_MUST + 1) * LEVEL;
}

/* ---- A cell ---- */

static void write_part(FILE *out, const char *what, size_t x, size_t end, size_t y)
{
    if (end > x)
        fprintf(out, "<rect class=\"%s\" x=\"%zu\" y=\"%zu\" width=\"%zu\" height=\"%d\"/>", what, x, y,
                end - x, (int)BAR_HEIGHT);
}

/* The end of a part of the bar when so many of all cases come before that end. */
static size_t part_end(size_t begin, size_t cases, size_t all)
{
    return begin + cases * BAR / all;
}

static void write_bar(FILE *out, const struct matrix_cell *cell, size_t x, size_t y)
{
    const size_t passed = matrix_sum(cell->passed), failed = matrix_sum(cell->failed);
    const size_t skipped = matrix_sum(cell->skipped), all = passed + failed + skipped;
    size_t before = passed;
    size_t at = part_end(x, passed, all);
    write_part(out, "passed", x, at, y);
    for (enum scenario_level level = LEVEL_MUST; level < LEVEL_COUNT; level++) {
        before += cell->failed[level];
        size_t end = part_end(x, before, all);
        if (cell->failed[level] > 0 && end < at + 2)
            end = at + 2; /* visible, however few */
        write_part(out, scenario_level_name(level), at, end, y);
        at = end > at ? end : at;
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

/* "39 of 44", and how many of each level failed. */
static void write_numbers(FILE *out, const struct matrix_cell *cell, size_t x, size_t y)
{
    const size_t passed = matrix_sum(cell->passed), run = passed + matrix_sum(cell->failed);
    fprintf(out, "<text class=\"number end%s\" x=\"%zu\" y=\"%zu\">", run == 0 ? " quiet" : "",
            x + BAR + NUMBER, y);
    if (run == 0)
        fputs("none", out);
    else if (run == passed)
        fprintf(out, "%zu", passed);
    else
        fprintf(out, "%zu of %zu", passed, run);
    fputs("</text>", out);
    for (enum scenario_level level = LEVEL_MUST; level < LEVEL_COUNT; level++)
        if (cell->failed[level] > 0)
            fprintf(out, "<text class=\"number end %s\" x=\"%zu\" y=\"%zu\">%zu</text>",
                    scenario_level_name(level), level_end(x, level), y, cell->failed[level]);
}

static void write_row(FILE *out, const struct matrix *matrix, const char *name,
                      const struct matrix_cell *cells, size_t y)
{
    fprintf(out, "<text x=\"%d\" y=\"%zu\">", (int)MARGIN, y);
    write_text(out, name, 0);
    fputs("</text>\n", out);
    for (size_t i = 0; i < matrix->servers->count; i++) {
        const size_t x = server_begin(matrix, i);
        fputs("<g>", out);
        write_hint(out, name, matrix->servers->kinds[i], &cells[i]);
        if (matrix_sum(cells[i].passed) + matrix_sum(cells[i].failed) + matrix_sum(cells[i].skipped) > 0)
            write_bar(out, &cells[i], x, y - BAR_HEIGHT + 1);
        write_numbers(out, &cells[i], x, y);
        fputs("</g>\n", out);
    }
}

/* ---- The rest ---- */

static void write_legend(FILE *out)
{
    static const struct {
        const char *what, *text;
        size_t width;
    } legend[] = { { "passed", "passed", 86 }, { "must", "failed, level must", 154 },
                   { "should", "should", 84 }, { "may", "may", 68 },
                   { "ours", "ours", 70 },     { "skipped", "skipped: the server lacks something", 0 } };
    size_t x = MARGIN;
    for (size_t i = 0; i < sizeof legend / sizeof legend[0]; i++) {
        fprintf(out, "<rect class=\"%s\" x=\"%zu\" y=\"50\" width=\"12\" height=\"12\"/>", legend[i].what, x);
        fprintf(out, "<text class=\"quiet\" x=\"%zu\" y=\"61\">%s</text>\n", x + 18, legend[i].text);
        x += legend[i].width;
    }
}

static void write_head(FILE *out, const struct matrix *matrix, size_t server)
{
    const char *name = matrix->servers->kinds[server]->name;
    const size_t x = server_begin(matrix, server);
    fprintf(out, "<text class=\"head\" x=\"%zu\" y=\"%d\"><title>", x, TOP - 48);
    write_text(out, name, 0);
    fputs("</title>", out);
    write_text(out, name, NAME_CUT);
    fputs("</text>\n", out);
    fprintf(out, "<text class=\"small quiet end\" x=\"%zu\" y=\"%d\">passed</text>", x + BAR + NUMBER,
            TOP - 28);
    for (enum scenario_level level = LEVEL_MUST; level < LEVEL_COUNT && has_failures(matrix, server); level++)
        fprintf(out, "<text class=\"small quiet end\" x=\"%zu\" y=\"%d\">%s</text>", level_end(x, level),
                TOP - 28, scenario_level_name(level));
    fputc('\n', out);
}

static void write_rule(FILE *out, size_t y, size_t width)
{
    fprintf(out, "<path class=\"rule\" d=\"M%d %zuH%zu\"/>\n", (int)MARGIN, y, width - MARGIN);
}

/* All that is above the rows, and behind them. */
static void write_top(FILE *out, const struct matrix *matrix, size_t width, size_t height)
{
    fprintf(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%zu\" height=\"%zu\" viewBox=\"0 0 %zu %zu\" "
            "role=\"img\">\n<title>Scenarios by topic and server</title>\n%s",
            width, height, width, height, style);
    fprintf(out, "<rect class=\"page\" width=\"%zu\" height=\"%zu\"/>\n", width, height);
    fprintf(out, "<text class=\"title\" x=\"%d\" y=\"34\">Scenarios by topic and server</text>\n",
            (int)MARGIN);
    write_legend(out);
    for (size_t i = 0; i < matrix->servers->count; i++)
        write_head(out, matrix, i);
    write_rule(out, TOP - 19, width);
}

void matrix_write_svg(FILE *out, const struct matrix *matrix)
{
    const size_t end = server_begin(matrix, matrix->servers->count) - GAP + MARGIN;
    const size_t width = end > LEAST_WIDTH ? end : LEAST_WIDTH;
    const size_t last = TOP + matrix->count * ROW + 10;
    write_top(out, matrix, width, last + MARGIN);
    for (size_t i = 0; i < matrix->count; i++)
        write_row(out, matrix, matrix->topics[i].name, matrix->topics[i].cells, TOP + i * ROW);
    write_rule(out, last - 22, width);
    write_row(out, matrix, "all", matrix->all, last);
    fputs("</svg>\n", out);
}
