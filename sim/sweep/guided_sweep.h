/*
 * guided_sweep.h - `sweep --guided`: plots and runs whose choices come from bytes, guided by what they reach in
 * the core (guided.h).
 *
 * It runs in one process at a time, whose memory of what was reached is shared, so that another can go on
 * where one dies.  The same options give the same runs, whatever dies; only --time ends them elsewhere.
 */
#ifndef SIM_GUIDED_SWEEP_H
#define SIM_GUIDED_SWEEP_H

#include "plot.h"

struct guided_settings {
    struct plot_options plots;
    uint64_t seed;       /* of the bytes */
    uint64_t runs;       /* how many; 0 for as many as the time allows */
    uint64_t time;       /* real nanoseconds; 0 for as long as it takes */
    uint64_t time_limit; /* of each run */
    size_t jobs;         /* 1, or 0 for this process */
    bool fail_fast;
    const char *findings; /* the folder for the bytes of the first run of each cause */
};

/* Returns the exit status. */
int guided_sweep(const char *program, const struct guided_settings *settings);

#endif
