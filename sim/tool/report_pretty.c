/* For a person: each failure in full when it happens, and again as one line above the totals at the end.
 * Passed cases are listed only on request; on a terminal the last line shows the progress. */
#include "report_writer.h"

#include "../must.h"
#include "../printable.h"
#include "progress.h"
#include "server_option.h"
#include "width.h"

#include <inttypes.h>
#include <string.h>

enum { TITLE_WIDTH = 56, MARK_WIDTH = 11, COLUMNS_USUAL = 80 };

/* Select graphic rendition (ECMA-48, 8.3.117). */
#define PLAIN "\033[0m"

struct mark {
    const char *word, *colour;
};

static const struct mark ok = { "ok", "\033[32m" };
static const struct mark failed = { "FAILED", "\033[1;31m" };
static const struct mark skipped = { "skipped", "\033[33m" };

/* A line in memory, which is cut to the width of the terminal. */
struct line {
    FILE *out;
    char *text;
    size_t length;
};

struct pretty {
    struct progress_bar bar;
    size_t done, failed;
    bool told;            /* anything */
    struct line failures; /* a line each */
};

static void line_open(struct line *line)
{
    line->out = must(open_memstream(&line->text, &line->length));
}

/* Writes the line, cut to the columns, and frees it. */
static void line_close(struct line *line, FILE *out, size_t columns)
{
    fclose(line->out);
    width_write(out, must(line->text), columns);
    free(line->text);
}

static void pretty_begin(struct report *report)
{
    struct pretty *pretty = must(calloc(1, sizeof *pretty));
    line_open(&pretty->failures);
    const unsigned columns = report->options.columns;
    pretty->bar =
        progress_begin_on(report->out, report->options.terminal, columns > 0 ? columns : COLUMNS_USUAL);
    report->state = pretty;
}

/* ---- The last line of a terminal ---- */

static void draw_progress(const struct report *report, const char *title)
{
    char *note = NULL;
    size_t length = 0;
    struct pretty *pretty = report->state;
    FILE *out = must(open_memstream(&note, &length));
    fprintf(out, "%zu failed, ", pretty->failed);
    printable_string(out, title);
    fclose(out);
    progress_update(&pretty->bar, pretty->done, report->options.selected, must(note));
    free(note);
}

/* ---- A case ---- */

static void print_mark(const struct report *report, const struct mark *mark)
{
    if (report->options.colour)
        fprintf(report->out, "  %s%-7s%s  ", mark->colour, mark->word, PLAIN);
    else
        fprintf(report->out, "  %-7s  ", mark->word);
}

static void print_facts(FILE *out, const struct report_case *result)
{
    char real[REPORT_SPAN_SIZE];
    char virtual[REPORT_SPAN_SIZE];
    fputs("  ", out);
    printable_string(out, result->name);
    if (result->skipped != NULL)
        fprintf(out, "  (%s)", result->skipped);
    else
        fprintf(out, "  (%s, %s virtual)", report_span(result->real_time, real),
                report_span(result->result->virtual_time, virtual));
}

/* Titles are padded to align the names, if the width suffices. */
static void print_case(const struct report *report, const struct mark *mark, const struct report_case *result)
{
    struct line facts;
    struct line line;
    const unsigned columns = report->options.columns;
    const size_t room = columns == 0 ? SIZE_MAX : columns > MARK_WIDTH ? columns - MARK_WIDTH : 1;
    char *title = printable_copy(result->title, strlen(result->title));
    line_open(&facts);
    print_facts(facts.out, result);
    fflush(facts.out);
    line_open(&line);
    fputs(title, line.out);
    if (TITLE_WIDTH + width_of(facts.text) <= room)
        for (size_t width = width_of(title); width < TITLE_WIDTH; width++)
            fputc(' ', line.out);
    line_close(&facts, line.out, 0);
    print_mark(report, mark);
    line_close(&line, report->out, columns == 0 ? 0 : room);
    fputc('\n', report->out);
    free(title);
}

static void print_folder(struct report *report, const char *path)
{
    struct line line;
    if (!report_enters_folder(report, path) || strcmp(report->folder, ".") == 0)
        return;
    line_open(&line);
    printable_string(line.out, report->folder);
    line_close(&line, report->out, report->options.columns);
    fputc('\n', report->out);
}

/* ---- Failures, once more ---- */

/* The name for the command line, and the place of the failure, FILE:LINE.  For a row, the file is named again
 * only if it fits. */
static void print_place(const struct report *report, FILE *out, const struct report_case *result)
{
    const int line = result->result->line;
    printable_string(out, result->name);
    if (line == 0)
        return;
    if (!report_is_row(result)) {
        fprintf(out, ":%d", line);
    } else if (report->options.columns > 0) {
        fprintf(out, " (line %d)", line);
    } else {
        fputs("  ", out);
        printable_string(out, result->path);
        fprintf(out, ":%d", line);
    }
}

/* How many columns of a title are printed before a summary: half of a narrow terminal, and none if that would
 * be less than a few words.  SIZE_MAX is all, 0 is none. */
static size_t title_room(const struct report *report, size_t place, size_t summary)
{
    enum { SPACES = 6, TITLE_LEAST = 16 };
    const size_t columns = report->options.columns;
    if (columns == 0)
        return SIZE_MAX;
    if (columns <= place + SPACES)
        return 0;
    const size_t room = columns - place - SPACES;
    const size_t half = summary < room / 2 ? room - summary : room / 2;
    return half < TITLE_LEAST ? 0 : half;
}

static void note_failure(const struct report *report, const struct report_case *result)
{
    struct line line;
    struct pretty *pretty = report->state;
    FILE *out = pretty->failures.out;
    char *title = printable_copy(result->title, strlen(result->title));
    char *summary = printable_copy(result->result->summary, strlen(result->result->summary));
    line_open(&line);
    fputs("  ", line.out);
    print_place(report, line.out, result);
    fputs("  ", line.out);
    fflush(line.out);
    const size_t room = title_room(report, width_of(line.text) - 4, width_of(summary));
    if (room > 0) {
        width_write(line.out, title, room == SIZE_MAX ? 0 : room);
        fputs(": ", line.out);
    }
    fputs(summary, line.out);
    line_close(&line, out, report->options.columns);
    fputc('\n', out);
    free(title);
    free(summary);
}

static void list_failures(const struct report *report)
{
    struct pretty *pretty = report->state;
    if (pretty->failed > 0) {
        fputc('\n', report->out);
        if (report->options.colour)
            fprintf(report->out, "%s%zu failed:%s\n", failed.colour, pretty->failed, PLAIN);
        else
            fprintf(report->out, "%zu failed:\n", pretty->failed);
    }
    line_close(&pretty->failures, report->out, 0);
}

/* ---- The report ---- */

static const struct mark *mark_of(const struct report_case *result)
{
    if (result->skipped != NULL)
        return &skipped;
    return result->result->passed ? &ok : &failed;
}

static void pretty_add(struct report *report, const struct report_case *result)
{
    struct pretty *pretty = report->state;
    const struct mark *mark = mark_of(result);
    const bool told = mark == &failed || report->options.verbose;
    pretty->done += mark != &skipped;
    pretty->failed += mark == &failed;
    pretty->told = pretty->told || told;
    if (mark == &failed)
        note_failure(report, result);
    progress_erase(&pretty->bar);
    if (told) {
        print_folder(report, result->path);
        print_case(report, mark, result);
    }
    if (mark == &failed) {
        report_explain(report->out, result->result->explanation, REPORT_INDENT);
        fflush(report->out);
    }
    draw_progress(report, result->title);
}

static void pretty_end(struct report *report, const struct report_totals *totals)
{
    struct pretty *pretty = report->state;
    progress_erase(&pretty->bar);
    list_failures(report);
    if (pretty->told)
        fputc('\n', report->out);
    server_option_print_unasked(report->out, totals->kind);
    report_summary_line(report->out, totals);
    fputc('\n', report->out);
    report_repeated(report->out, totals);
    report_expected(report->out, totals);
    report_lacks(report->out, totals);
    report_counts(report->out, totals);
    free(pretty);
}

const struct report_writer report_pretty = { "pretty", pretty_begin, pretty_add, pretty_end };
