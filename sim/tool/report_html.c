/* A page of HTML for a person: the viewer (sim/viewer) with the lines of an EVENTS report in it.  The events of passed cases
 * are left out unless all are asked for, and so are those of failures once they need HTML_EVENTS_MOST bytes: a page of
 * more is slow to open. */
#include "report_writer.h"

#include "../must.h"
#include "page.h"

#include <stdlib.h>
#include <string.h>

#define HTML_EVENTS_MOST ((size_t)4 << 20)

struct html {
    struct report lines; /* an EVENTS report into the memory behind it */
    char *text;
    size_t length;
    size_t told; /* bytes of events so far */
};

static void begin_lines(struct html *html)
{
    html->lines.out = must(open_memstream(&html->text, &html->length));
}

static void end_lines(struct html *html, FILE *out)
{
    (void)fclose(html->lines.out);
    page_lines(out, html->text, html->length);
    free(html->text);
    html->text = NULL;
}

static void html_begin(struct report *report)
{
    struct html *html = must(calloc(1, sizeof *html));
    report->state = html;
    html->lines.writer = &report_events;
    html->lines.options = report->options;
    page_begin(report->out);
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
    const size_t size = strlen(log) + (result->more != NULL ? strlen(result->more) : 0);
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
    page_end(report->out);
    free(html->lines.path);
    free(html);
}

const struct report_writer report_html = { "html", html_begin, html_add, html_end };
