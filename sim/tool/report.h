/*
 * report.h - reports of a run of scenarios: for a person, a TAP consumer, a CI server, a program.
 *
 * The run hands over its results one by one, in the order of the files, and then the totals.  A writer prints
 * as they come.  Titles, names and paths may hold any bytes; each format has its way to write them so that no
 * terminal obeys them and no reader is misled.
 */
#ifndef SIM_REPORT_H
#define SIM_REPORT_H

#include "../player/player.h"

#include <stdio.h>

enum report_format {
    REPORT_PRETTY, /* for a person: failures explained, then listed, totals; colour and progress on a terminal
                    */
    REPORT_TAP,    /* Test Anything Protocol: a test point a file, the rows of a table as its subtest */
    REPORT_JUNIT,  /* JUnit XML, a <testsuite> a folder */
    REPORT_JSON,   /* JSON Lines, an object for each case; sim/README.md has the schema */
    REPORT_GITHUB, /* GitHub Actions workflow commands, an ::error for each failure */
    REPORT_FORMATS,
};

/* As the command line names it: "pretty". */
const char *report_format_name(enum report_format format);

/* What a report receives before the first case. */
struct report_options {
    size_t expected;      /* how many cases will come */
    size_t files;         /* how many files they are from */
    size_t selected;      /* how many of them will not be skipped */
    const uint64_t *seed; /* of the run; NULL when it has none */
    bool verbose;         /* PRETTY tells what passed and what was skipped too */
    bool terminal;        /* PRETTY may write over its last line, and shows there how far it is */
    bool colour;          /* PRETTY uses colours; the others never do */
    unsigned columns;     /* PRETTY cuts lines of titles to that width; 0 for never */
};

/* One scenario as it was run. */
struct report_case {
    const char *path; /* of its file */
    const char *name; /* what the command line takes: the path, or "path#3" for a row of a table */
    const char *title;
    const char *skipped;                /* why it was not run, or NULL */
    const struct player_result *result; /* NULL when skipped; may have colours in its explanation */
    uint64_t real_time;                 /* nanoseconds */
    const char *replay;                 /* the command that runs it again, or NULL */
};

struct report_totals {
    size_t passed, failed, skipped;
    uint64_t real_time;    /* of the whole run, nanoseconds */
    sim_time virtual_time; /* summed */
    uint64_t events;       /* summed */
    uint64_t trace_hash;   /* over the hashes of all that were run, in order; the hash itself of one */
    const uint64_t *seed;  /* of the run; NULL when it had none */
};

/* Counts a result that was run; they are counted in their order, because of the hash. */
void report_count(struct report_totals *totals, const struct player_result *result);

struct report;

/* Writes to `out`.  The cases of one file come one after the other.  For JUNIT nothing is written before
 * report_end, because the totals stand first. */
struct report *report_begin(enum report_format format, FILE *out, const struct report_options *options);
void report_add(struct report *report, const struct report_case *result);

/* Writes what is left, and frees.  The last line of PRETTY, TAP and GITHUB is "N passed, N failed" (",
 * N skipped" where some were; TAP has it as a comment, behind "# "). */
void report_end(struct report *report, const struct report_totals *totals);

/* Writes that line alone, for standard output while the report goes to a file. */
void report_counts(FILE *out, const struct report_totals *totals);

/* An explanation stands so far to the right of its case. */
enum { REPORT_INDENT = 6 };

/* Writes an explanation as a person reads it, each line that is not empty behind so many blanks.  Its colours
 * and tabs stay; whatever else a terminal would obey is escaped (printable.h).  NULL is nothing. */
void report_explain(FILE *out, const char *explanation, int indent);

#endif
