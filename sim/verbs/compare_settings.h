/*
 * compare_settings.h - the options of the verb `compare`, for its two ways of working.
 */
#ifndef SIM_COMPARE_SETTINGS_H
#define SIM_COMPARE_SETTINGS_H

#include "../sweep/plot.h"
#include "../tool/run_reports.h"
#include "../tool/selection.h"
#include "../tool/server_list.h"

struct compare_settings {
    struct plot_options plots; /* must be the first member: the shared options expect it there */
    struct server_list servers;
    struct selection selection;
    bool plots_wanted; /* --seeds */
    uint64_t first, last;
    bool seeded; /* --seed */
    uint64_t seed;
    uint64_t jobs;
    uint64_t time;                /* of the shrinking, real nanoseconds */
    uint64_t time_limit;          /* of each run */
    const char *shrink;           /* what is shrunk, a seed or a file; NULL for nothing */
    const char *output;           /* NULL for standard output */
    struct report_wishes reports; /* of --events and --html */
};

/* Shrinks what passes on the first server and fails on the second.  Returns the exit status. */
int compare_shrink(const struct compare_settings *settings);

#endif
