/* A page of HTML for a person: the viewer (sim/viewer) with the lines of an EVENTS report in it.  The events of passed cases
 * are left out unless all are asked for, and so are those of failures once they need HTML_EVENTS_MOST bytes: a page of
 * more is slow to open. */
#include "report_writer.h"

#include "../must.h"
#include "viewer_page.h"

#include <stdlib.h>
#include <string.h>

#define HTML_EVENTS_MOST ((size_t)4 << 20)

struct html {
    struct report lines; /* an EVENTS report into the memory behind it */
    char *text;
    size_t length;
    size_t told; /* bytes of events so far */
};

/* The lines are JSON, in which '<' occurs only in strings.  There it is written as an escape, so that nothing in them ends
 * the element that holds them (HTML, 13.1.2.1), or begins a comment in it. */
static void print_data(FILE *out, const char *lines, size_t length)
{
    const char *end = lines + length;
    while (lines < end) {
        const char *less = memchr(lines, '<', (size_t)(end - lines));
        const size_t plain = (size_t)((less != NULL ? less : end) - lines);
        fwrite(lines, 1, plain, out);
        lines += plain;
        if (lines < end) {
            fputs("\\u003c", out);
            lines++;
        }
    }
}

static void begin_lines(struct html *html)
{
    html->lines.out = must(open_memstream(&html->text, &html->length));
}

static void end_lines(struct html *html, FILE *out)
{
    (void)fclose(html->lines.out);
    print_data(out, html->text, html->length);
    free(html->text);
    html->text = NULL;
}

static void html_begin(struct report *report)
{
    struct html *html = must(calloc(1, sizeof *html));
    report->state = html;
    html->lines.writer = &report_events;
    html->lines.options = report->options;
    fputs(viewer_page_before, report->out);
    begin_lines(html);
    html->lines.writer->begin(&html->lines);
    end_lines(html, report->out);
}

/* Whether the events of a case are in the page. */
static bool takes_events(struct html *html, const struct report_case *result)
{
    const char *log = result->result != NULL ? result->result->log : NULL;
    if (log == NULL)
        return false;
    if (html->lines.options.all_events)
        return true;
    const size_t size = strlen(log);
    const bool wanted = !result->result->passed || result->looked_at;
    if (!wanted || size > HTML_EVENTS_MOST - html->told)
        return false;
    html->told += size;
    return true;
}

/* Without its events a case keeps the first line, about its scenario. */
static void html_add(struct report *report, const struct report_case *result)
{
    struct html *html = report->state;
    struct report_case own = *result;
    struct player_result outcome;
    begin_lines(html);
    if (!takes_events(html, result)) {
        own.source = NULL;
        own.more = NULL;
        if (result->result != NULL && result->result->log != NULL) {
            fprintf(html->lines.out, "%.*s", (int)(strcspn(result->result->log, "\n") + 1),
                    result->result->log);
            outcome = *result->result;
            outcome.log = NULL;
            own.result = &outcome;
        }
    }
    html->lines.writer->add(&html->lines, &own);
    end_lines(html, report->out);
}

static void html_end(struct report *report, const struct report_totals *totals)
{
    struct html *html = report->state;
    begin_lines(html);
    html->lines.writer->end(&html->lines, totals);
    end_lines(html, report->out);
    fputs(viewer_page_after, report->out);
    fflush(report->out);
    free(html->lines.path);
    free(html);
}

const struct report_writer report_html = { "html", html_begin, html_add, html_end };
