/*
 * replay_report.h - reports of replayed runs.
 */
#ifndef SIM_REPLAY_REPORT_H
#define SIM_REPLAY_REPORT_H

#include "replay_source.h"

/* A run, as reports tell it.  All is borrowed. */
struct replay_told {
    const struct replay_source *source;
    const char *name; /* which distinguishes it from another run; NULL for that of the source */
    const struct player_result *result;
    uint64_t real_time;
    const struct server_kind *kind;
    const char *command; /* to repeat it; or NULL */
};

/* Prints the report for a person. */
void replay_report_print(FILE *out, enum colour colour, const struct replay_told *told);

/* Writes runs to the reports, which it closes; `more` are the lines behind the last of them, or NULL.
 * Returns false after printing an error.  NULL reports have no effect. */
bool replay_report_write(struct run_reports *reports, const struct replay_told *told, size_t count,
                         const char *more);

#endif
