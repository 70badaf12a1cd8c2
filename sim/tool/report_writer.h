/*
 * report_writer.h - what the writers of reports share; private to report*.c.
 */
#ifndef SIM_REPORT_WRITER_H
#define SIM_REPORT_WRITER_H

#include "report.h"

struct report_writer {
    void (*begin)(struct report *report);
    void (*add)(struct report *report, const struct report_case *result);
    void (*end)(struct report *report, const struct report_totals *totals);
};

struct report {
    const struct report_writer *writer;
    FILE *out;
    size_t expected, told; /* the case being added is counted in `told` */
    bool terminal;
    char *folder; /* of the latest case; NULL before the first */
    void *state;  /* the writer's own */
};

extern const struct report_writer report_pretty, report_tap, report_junit;

/* Whether this case is the first of a folder; report->folder is then the folder's name, "." for none. */
bool report_enters_folder(struct report *report, const char *path);

/* A span as a person reads it: "870 ns", "41.3 µs", "2.00 s", "5 min 3 s", "3 h 20 min". */
enum { REPORT_SPAN_SIZE = 48 };
const char *report_span(uint64_t nanoseconds, char text[REPORT_SPAN_SIZE]);

/* "3 scenarios in 1.20 ms, 4.00 s virtual, ...": everything of the totals but the counts, without a newline.
 */
void report_summary_line(FILE *out, const struct report_totals *totals);

#endif
