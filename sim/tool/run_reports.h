/*
 * run_reports.h - the reports of a verb, to standard output and any number of files.
 *
 * Each --format requests a report; one without a file goes to standard output, or to the file of --output.
 * The files are replaced as a whole at the end (output.h).
 */
#ifndef SIM_RUN_REPORTS_H
#define SIM_RUN_REPORTS_H

#include "colour.h"
#include "event_run.h"
#include "report.h"
#include "suite.h"

enum { REPORTS_MOST = 16 };

/* The requested reports.  Zeroed means no option: one report in the format pretty. */
struct report_wishes {
    struct report_wish {
        enum report_format format;
        const char *path;   /* NULL for standard output */
        const char *option; /* "html", if an option of its own asked for it; else NULL */
    } list[REPORTS_MOST];
    size_t count;
    size_t beside;      /* of them: those of report_wishes_add_beside */
    bool all_events;    /* html has the events of passed cases too */
    const char *output; /* of --output; NULL for none */
    FILE *data;         /* where standard output was, when the text goes to standard error; else NULL */
    enum colour colour;
    bool verbose;
};

/* Adds the value of --format, "FORMAT" or "FORMAT:FILE", which is borrowed.  Returns NULL, or a description
 * of the expected value. */
const char *report_wishes_add(struct report_wishes *wishes, const char *value);

/* Adds a report that an option of its own asks for, as --html does, beside those of --format: without any
 * of these, the report to standard output stays "pretty".  The name of the option is that of the format.
 * Returns as report_wishes_add does. */
const char *report_wishes_add_beside(struct report_wishes *wishes, enum report_format format,
                                     const char *path);

/* The same for a verb whose standard output has something else: the path is that of a file. */
const char *report_wishes_add_file(struct report_wishes *wishes, enum report_format format, const char *path);

/* Takes the value of --format of a verb that has its own text: "pretty", or "events" (also called "json") for the
 * events on standard output; then the text goes to standard error.  Returns as report_wishes_add does. */
const char *report_wishes_take_format(struct report_wishes *wishes, const char *value);

/* The row of that option. */
#define TEXT_FORMAT_OPTION(take_format)                                                                      \
    {                                                                                                        \
        "format", "FORMAT",                                                                                  \
            "pretty (default), or events (also json): the events as JSON Lines on standard output, and the " \
            "text on standard error",                                                                        \
            take_format                                                                                      \
    }

/* Whether one of the reports is of this format. */
bool report_wishes_have(const struct report_wishes *wishes, enum report_format format);

/* Combines --output with the formats. Returns false after an error message to `errors` when --output has no
 * report to write, or two reports would go to the same place. */
bool report_wishes_settle(struct report_wishes *wishes, FILE *errors);

/* Another file that a verb writes. */
struct report_other {
    const char *option; /* "trace" */
    const char *path;   /* NULL for none */
};

/* Whether every output file, including the other one, differs from all outputs and from the scenarios that
 * are run (NULL for none).  Returns false after an error message that begins with the verb and names both. */
bool report_wishes_part(const struct report_wishes *wishes, const char *verb, struct report_other other,
                        const struct suite *suite, FILE *errors);

/* The rows of the options that draw one run. */
#define DIAGRAM_OPTIONS(take_mermaid, take_dot)                                                              \
    { "mermaid", "FILE", "also write the sequence diagram of one case to FILE, for Mermaid", take_mermaid }, \
    {                                                                                                        \
        "dot", "FILE", "also write that diagram to FILE as a graph, for Graphviz", take_dot                  \
    }

struct run_reports;

/* Opens the outputs; `standard` is used as standard output. Returns NULL after an error message to
 * standard error. */
struct run_reports *run_reports_open(const struct report_wishes *wishes, FILE *standard);

/* Whether one of the reports uses colours, and the maximal width of an explanation for it; 0 when unknown. */
bool run_reports_colour(const struct run_reports *reports);
unsigned run_reports_columns(const struct run_reports *reports);

/* What the reports have of the events of a run, whose case has this number. */
struct event_kept run_reports_kept(const struct run_reports *reports, uint64_t number);

/* Like the functions of report.h, for all reports.  The options about the terminal are filled in here. */
void run_reports_begin(struct run_reports *reports, const struct report_options *options);
void run_reports_add(struct run_reports *reports, const struct report_case *result);
void run_reports_end(struct run_reports *reports, const struct report_totals *totals);

/* Whether all of them go to files. */
bool run_reports_in_files(const struct run_reports *reports);

/* Leaves the files unchanged, and frees. NULL is allowed. */
void run_reports_abandon(struct run_reports *reports);

/* Moves the files into place, and frees. Returns false after an error message to standard error when one
 * could not be written. NULL is allowed. */
bool run_reports_close(struct run_reports *reports);

#endif
