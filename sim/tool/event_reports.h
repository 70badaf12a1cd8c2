/*
 * event_reports.h - --events and --html of verbs that run much and report little: what they report is run
 * once more, with its events.
 *
 * A run is determined by its scenario and its choices, so the second run is the first one.  Without these
 * options there is no second run, and the first one is the same with them.
 */
#ifndef SIM_TOOL_EVENT_REPORTS_H
#define SIM_TOOL_EVENT_REPORTS_H

#include "run_reports.h"
#include "worker_pool.h"

/* The rows of the options.  The functions pass the value to report_wishes_add_file, with REPORT_EVENTS and
 * REPORT_HTML. `what` ends the help: "of the failing seeds". */
#define EVENT_REPORT_OPTIONS(take_events, take_html, what)                                                   \
    { "events", "FILE", "also write every event " what " to FILE, as JSON Lines", take_events },             \
    {                                                                                                        \
        "html", "FILE", "also write a page to FILE that shows the events " what ", for a browser", take_html \
    }

/* A run that is reported.  All is borrowed. */
struct retold {
    const struct scenario *scenario;
    const char *name;   /* as a report calls it: "seed 7" */
    const char *source; /* the text of its file */
    const char *replay; /* the command that repeats it, or NULL */
    struct player_options options;
    uint64_t time_limit;
    /* NULL, or runs the scenario in place of event_run, in the process of the run. */
    void (*play)(const struct retold *retold, const struct player_options *options,
                 const struct event_kept *kept, struct player_result *result);
};

struct event_reports;

/* Opens the files.  NULL, without a message, if nothing was wished; `*good` is false after an error
 * message. */
struct event_reports *event_reports_open(const struct report_wishes *wishes, bool *good);

/* Begins the reports of so many cases.  From here on NULL reports have no effect. */
void event_reports_begin(struct event_reports *reports, size_t cases);

/* Runs a case, as the next of the report, in a process of its own.  Returns false when an interruption came
 * before its end: then the outcome is empty, and the case is told as not run. */
bool event_reports_run(struct event_reports *reports, const struct retold *retold,
                       struct worker_outcome *outcome);

/* Tells the case that was run last; `more` are lines behind it (report.h), or NULL. */
void event_reports_tell(struct event_reports *reports, const struct retold *retold,
                        const struct worker_outcome *outcome, const char *more);

/* Both, where nothing is to be known of the outcome. */
void event_reports_add(struct event_reports *reports, const struct retold *retold, const char *more);

/* The number of the latest case, from 1. */
uint64_t event_reports_number(const struct event_reports *reports);

/* Ends the reports with the totals of their cases, and writes the files.  Returns false after an error
 * message. */
bool event_reports_close(struct event_reports *reports);

/* Leaves the files unchanged, before the begin. */
void event_reports_abandon(struct event_reports *reports);

#endif
