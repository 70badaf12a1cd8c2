/*
 * run_reports.h - the reports of one run and where they go: standard output, and any number of files.
 *
 * Each --format asks for a report; one without a file goes to standard output, or where --output says.  The
 * files are written whole, at the end (output.h).
 */
#ifndef SIM_RUN_REPORTS_H
#define SIM_RUN_REPORTS_H

#include "../tool/colour.h"
#include "../tool/report.h"
#include "../tool/suite.h"

enum { REPORTS_MOST = 16 };

/* What the options say.  Zeroed is nothing said: then it is one pretty report. */
struct report_wishes {
    struct report_wish {
        enum report_format format;
        const char *path; /* NULL for standard output */
    } list[REPORTS_MOST];
    size_t count;
    const char *output; /* of --output; NULL for none */
    enum colour colour;
    bool verbose;
};

/* Adds what --format says, "FORMAT" or "FORMAT:FILE".  The value stays the caller's.  Returns NULL, or what
 * it should have been. */
const char *report_wishes_add(struct report_wishes *wishes, const char *value);

/* Brings --output and the formats together.  Returns false after a sentence to `errors`: when --output has no
 * report to write, or two reports would go to one place. */
bool report_wishes_settle(struct report_wishes *wishes, FILE *errors);

/* Whether every file that is written, the trace too (NULL for none), is another one than all the others and
 * than the scenarios that are played.  Returns false after a sentence that names both. */
bool report_wishes_part(const struct report_wishes *wishes, const char *trace, const struct suite *suite,
                        FILE *errors);

struct run_reports;

/* Opens what they go to; `standard` is what stands for standard output.  NULL after a sentence to standard
 * error. */
struct run_reports *run_reports_open(const struct report_wishes *wishes, FILE *standard);

/* Whether one of them shows colours, and how wide an explanation may be for it; 0 when that is not known. */
bool run_reports_colour(const struct run_reports *reports);
unsigned run_reports_columns(const struct run_reports *reports);

/* As report.h has them, for all of the reports.  Of the options, those of the terminal are filled in here. */
void run_reports_begin(struct run_reports *reports, const struct report_options *options);
void run_reports_add(struct run_reports *reports, const struct report_case *result);
void run_reports_end(struct run_reports *reports, const struct report_totals *totals);

/* Whether all of them go to files. */
bool run_reports_in_files(const struct run_reports *reports);

/* Leaves the files as they were, and frees.  NULL is nothing. */
void run_reports_abandon(struct run_reports *reports);

/* Puts the files in their places, and frees.  False after a sentence to standard error when one could not be
 * written.  NULL is nothing. */
bool run_reports_close(struct run_reports *reports);

#endif
