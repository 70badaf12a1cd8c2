/*
 * report.h - how a run of scenarios is told: to a person, to a TAP consumer, to a CI server.
 *
 * The run hands over its results one by one, in the order of the files, and then the totals.  A writer prints
 * as they come.
 */
#ifndef SIM_REPORT_H
#define SIM_REPORT_H

#include "../stage/stage.h"

#include <stdio.h>

enum report_format {
    REPORT_PRETTY, /* a line a scenario, failures explained, totals; colour and a progress bar on a terminal
                    */
    REPORT_TAP,    /* Test Anything Protocol, version 13, the explanation in a YAML block */
    REPORT_JUNIT,  /* JUnit XML, a <testsuite> a folder */
};

/* One scenario as it was played. */
struct report_case {
    const char *path; /* of its file */
    const char *name; /* what the command line takes: the path, or "path#3" */
    const char *title;
    const char *skipped;               /* why it was not played, or NULL */
    const struct stage_result *result; /* NULL when skipped */
    uint64_t real_time;                /* nanoseconds */
};

struct report_totals {
    size_t passed, failed, skipped;
    uint64_t real_time;    /* of the whole run, nanoseconds */
    sim_time virtual_time; /* summed */
    uint64_t events;       /* summed */
    uint64_t trace_hash;   /* over the hashes of all that were played, in order; the hash itself of one */
    const uint64_t *seed;  /* of the run; NULL when it had none */
};

struct report;

/* Writes to `out`.  `expected` is how many cases will come; `terminal` says that a person watches.  For
 * JUNIT nothing is written before report_end, because the totals stand first. */
struct report *report_begin(enum report_format format, FILE *out, size_t expected, bool terminal);
void report_add(struct report *report, const struct report_case *result);

/* Writes what is left, and frees.  The last line of PRETTY and TAP is "N passed, N failed" (", N skipped"
 * where some were; a TAP comment cannot stand alone on its line, so there it begins with "# "). */
void report_end(struct report *report, const struct report_totals *totals);

/* Writes that line alone, for whoever looks at the terminal while the report goes to a file. */
void report_counts(FILE *out, const struct report_totals *totals);

#endif
