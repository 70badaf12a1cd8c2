#include "report_writer.h"

#include <inttypes.h>
#include <string.h>

enum { TITLE_WIDTH = 56, BAR_WIDTH = 30 };

/* What a terminal understands (ECMA-48, 8.3.41 and 8.3.117). */
#define ERASE_LINE "\r\033[K"
#define PLAIN      "\033[0m"

struct mark {
    const char *word, *colour;
};

static const struct mark ok = { "ok", "\033[32m" };
static const struct mark failed = { "FAILED", "\033[1;31m" };
static const struct mark skipped = { "skipped", "\033[33m" };

static void erase_bar(const struct report *report)
{
    if (report->terminal)
        fputs(ERASE_LINE, report->out);
}

static void draw_bar(const struct report *report)
{
    char bar[BAR_WIDTH + 1];
    if (!report->terminal)
        return;
    size_t done = report->told * BAR_WIDTH / report->expected;
    memset(bar, '.', BAR_WIDTH);
    memset(bar, '#', done);
    bar[BAR_WIDTH] = '\0';
    fprintf(report->out, "\r[%s] %zu/%zu", bar, report->told, report->expected);
    fflush(report->out);
}

static void pretty_begin(struct report *report)
{
    (void)report;
}

static void print_mark(const struct report *report, const struct mark *mark)
{
    if (report->terminal)
        fprintf(report->out, "  %s%-7s%s  ", mark->colour, mark->word, PLAIN);
    else
        fprintf(report->out, "  %-7s  ", mark->word);
}

/* Columns are counted in characters, as near as it gets without a table of widths. */
static void print_title(FILE *out, const char *title)
{
    size_t width = 0;
    for (const char *at = title; *at != '\0'; at++)
        width += ((unsigned char)*at & 0xc0U) != 0x80U;
    fputs(title, out);
    for (; width < TITLE_WIDTH; width++)
        fputc(' ', out);
}

static void print_indented(FILE *out, const char *text)
{
    while (text != NULL && *text != '\0') {
        size_t length = strcspn(text, "\n");
        fprintf(out, "%s%.*s\n", length > 0 ? "      " : "", (int)length, text);
        text += length + (text[length] == '\n');
    }
}

static void pretty_add(struct report *report, const struct report_case *result)
{
    char real[REPORT_SPAN_SIZE];
    char virtual[REPORT_SPAN_SIZE];
    FILE *out = report->out;
    erase_bar(report);
    if (report_enters_folder(report, result->path))
        fprintf(out, "%s\n", report->folder);
    if (result->skipped != NULL) {
        print_mark(report, &skipped);
        print_title(out, result->title);
        fprintf(out, "  %s  (%s)\n", result->name, result->skipped);
    } else {
        print_mark(report, result->result->passed ? &ok : &failed);
        print_title(out, result->title);
        fprintf(out, "  %s  (%s, %s virtual)\n", result->name, report_span(result->real_time, real),
                report_span(result->result->virtual_time, virtual));
        print_indented(out, result->result->explanation);
    }
    draw_bar(report);
}

static void pretty_end(struct report *report, const struct report_totals *totals)
{
    erase_bar(report);
    fputc('\n', report->out);
    report_summary_line(report->out, totals);
    fputc('\n', report->out);
    report_counts(report->out, totals);
}

const struct report_writer report_pretty = { pretty_begin, pretty_add, pretty_end };
