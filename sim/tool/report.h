/*
 * report.h - reports of a run of scenarios: for a person, a TAP consumer, a CI server, a program.
 *
 * The run passes its results one by one, in the order of the files, and then the totals.  A writer prints
 * them as they arrive.  Titles, names and paths may contain any bytes; each format escapes them so that they
 * cannot control a terminal or mislead a reader.
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
    REPORT_EVENTS, /* the same with a line for each event of each case (sim/viewer/FORMAT.md) */
    REPORT_HTML,   /* a page that shows the events of failed cases, or of all (sim/viewer) */
    REPORT_MERMAID, /* the diagram of one case, for Mermaid (diagram.h) */
    REPORT_DOT,     /* the same for Graphviz */
    REPORT_FORMATS,
};

/* The name on the command line: "pretty". */
const char *report_format_name(enum report_format format);

/* What a report receives before the first case. */
struct report_options {
    size_t expected;      /* number of cases */
    size_t files;         /* number of files of the cases */
    size_t selected;      /* number of cases that will not be skipped */
    const uint64_t *seed; /* of the run; NULL when it has none */
    bool verbose;         /* PRETTY also lists passed and skipped cases */
    bool terminal;        /* PRETTY may overwrite its last line, and shows the progress there */
    bool colour;          /* PRETTY uses colours; other formats never do */
    bool all_events;      /* HTML has the events of passed cases too */
    unsigned columns;     /* PRETTY cuts lines of titles to that width; 0 for never */
};

/* One run of a scenario. */
struct report_case {
    const char *path; /* of its file */
    const char *name; /* as on the command line: the path, or "path#3" for a row of a table */
    const char *title;
    const char *skipped;                /* why it was not run, or NULL */
    const struct player_result *result; /* NULL when skipped; may have colours in its explanation */
    uint64_t real_time;                 /* nanoseconds */
    const char *replay;                 /* the command that runs it again, or NULL */
    const char *
        source; /* the text of its file, for EVENTS and HTML, which take the events from result->log; or NULL */
    const char
        *more;      /* lines that EVENTS has behind the case (FORMAT.md), and HTML with its events; or NULL */
    bool looked_at; /* HTML has its events as it has those of failures, even if it passed */
};

/* How many cases were skipped because the server lacks something. */
struct report_lack {
    char name[64];
    size_t count;
};
enum { REPORT_LACKS_MOST = 64 };

struct server_kind;
struct report_totals {
    size_t passed, failed, skipped;
    size_t expected, unexpected; /* of the passed: failed as expected; of the failed: passed unexpectedly */
    size_t repeated;             /* of the passed: failed at first, on a server whose runs vary */
    const char *expectations;    /* the file that says what is expected; NULL for none */
    struct report_lack
        lacks[REPORT_LACKS_MOST]; /* in the order in which they were met; further ones are not named */
    size_t lack_count;
    const struct server_kind *kind; /* the server under test; NULL for our core */
    uint64_t real_time;             /* of the whole run, nanoseconds */
    sim_time virtual_time;          /* summed */
    uint64_t events;                /* summed */
    uint64_t trace_hash;            /* of the hashes of all cases run, in order; for one case its own hash */
    const uint64_t *seed;           /* of the run; NULL when it had none */
};

/* Counts a result, also one that was skipped because the server lacks something; they are counted in their order, because of the hash. */
void report_count(struct report_totals *totals, const struct player_result *result);

struct report;

/* Begins a report to `out`.  The cases of one file must be consecutive.  JUNIT writes nothing before
 * report_end, because the totals come first. */
struct report *report_begin(enum report_format format, FILE *out, const struct report_options *options);
/* A case whose result says that it was skipped counts as skipped. */
void report_add(struct report *report, const struct report_case *result);

/* Writes the rest, and frees the report.  The last line of PRETTY, TAP and GITHUB is "N passed, N failed" (",
 * N skipped" where some were; TAP has it as a comment, behind "# ").  PRETTY says on the line above it what the
 * server lacks: "skipped: 139 views, 80 crash". */
void report_end(struct report *report, const struct report_totals *totals);

/* Writes what the server lacks as a line; nothing when no case was skipped for that. */
void report_lacks(FILE *out, const struct report_totals *totals);

/* Writes how many failures did not count because they passed when they were repeated; nothing for a server whose runs do
 * not vary. */
void report_repeated(FILE *out, const struct report_totals *totals);

/* Writes how many cases failed as expected, and passed unexpectedly; nothing when nothing was expected. */
void report_expected(FILE *out, const struct report_totals *totals);

/* Writes only that line, for standard output when the report goes to a file. */
void report_counts(FILE *out, const struct report_totals *totals);

/* The indentation of an explanation below its case. */
enum { REPORT_INDENT = 6 };

/* Writes an explanation for a person; each line that is not empty is indented.  Colours and tabs are kept;
 * other control characters are escaped (printable.h).  NULL has no effect. */
void report_explain(FILE *out, const char *explanation, int indent);

#endif
