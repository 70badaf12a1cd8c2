/* sweep.h - the verb `sweep`, which runs the plots of many seeds. */
#ifndef SIM_SWEEP_H
#define SIM_SWEEP_H

#include "../tool/options.h"

extern const struct verb sweep_verb;

/* The options of plots, for every verb that runs plots.  Each function stores the value in the struct
 * plot_options that `settings` begins with. */
const char *take_plot_cast(void *settings, const char *value);
const char *take_plot_steps(void *settings, const char *value);
const char *take_plot_faults(void *settings, const char *value);
const char *take_plot_server(void *settings, const char *value);

#define SWEEP_SEEDS_MOST UINT64_C(10000000000) /* in one sweep */

/* Reads the seeds "A..B", or only "A".  Returns NULL, or what is expected instead. */
const char *sweep_take_seeds(const char *value, uint64_t *first, uint64_t *last);

#define PLOT_OPTIONS                                                                                         \
    { "cast", "N", "clients in each plot (4)", take_plot_cast },                                             \
        { "steps", "N", "steps in each plot, of all clients together (24)", take_plot_steps },               \
    {                                                                                                        \
        "faults", "F[,F...]", "kinds of faults: none, network, disk, memory, clock, all (none)",             \
            take_plot_faults                                                                                 \
    }

#endif
