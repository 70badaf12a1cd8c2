/*
 * report_writer.h - what the writers of reports share; private to report*.c.
 */
#ifndef SIM_REPORT_WRITER_H
#define SIM_REPORT_WRITER_H

#include "report.h"

struct report_writer {
    const char *name;
    void (*begin)(struct report *report);
    void (*add)(struct report *report, const struct report_case *result);
    void (*end)(struct report *report, const struct report_totals *totals);
};

struct report {
    const struct report_writer *writer;
    FILE *out;
    struct report_options options;
    size_t told;  /* cases so far, including the current one */
    char *folder; /* of the latest case; NULL before the first */
    char *path;   /* of the latest case for report_enters_file; NULL before the first */
    void *state;  /* the writer's own */
};

extern const struct report_writer report_pretty, report_tap, report_junit, report_json, report_github,
    report_events, report_html, report_mermaid, report_dot;

/* Whether this case is the first of a folder; report->folder is then the folder's name, "." for none. */
bool report_enters_folder(struct report *report, const char *path);

/* Whether this case is the first of a file. */
bool report_enters_file(struct report *report, const char *path);

/* Whether the case is a row of a table. */
bool report_is_row(const struct report_case *result);

/* The explanation of a failure, or its summary if there is none. */
const char *report_explanation(const struct player_result *result);

/* The length of the sequence at `text` that sets a colour (ECMA-48, 8.3.117); 0 when there is none. */
size_t report_colour_length(const char *text);

/* A span for a person: "870 ns", "41.3 µs", "2.00 s", "5 min 3 s", "3 h 20 min". */
enum { REPORT_SPAN_SIZE = 48 };
const char *report_span(uint64_t nanoseconds, char text[REPORT_SPAN_SIZE]);

/* "3 scenarios in 1.20 ms, 4.00 s virtual, ...": the totals except the counts, without a newline. */
void report_summary_line(FILE *out, const struct report_totals *totals);

#endif
