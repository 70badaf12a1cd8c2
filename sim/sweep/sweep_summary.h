/*
 * sweep_summary.h - the final report of a sweep, or of its joined parts.
 */
#ifndef SIM_SWEEP_SUMMARY_H
#define SIM_SWEEP_SUMMARY_H

#include "../player/player.h"
#include "sweep_result.h"

#include <stdio.h>

struct output;

/* Prints the result, with the lines `notes`, each with its line end, before the last line.  Also writes it to
 * `output`, unless that is NULL, and commits it.  `seeds` is the number of seeds to run; if some are missing,
 * no trace sum is printed, because it is comparable to no other.  Returns the exit status. */
int sweep_conclude(const char *program, const struct sweep_result *result, uint64_t seeds, const char *notes,
                   struct output *output);

/* Adds what was counted in runs: the planned actions and faults, the faults that had an effect, the checks. */
void sweep_count_all(struct sweep_result *result, const struct plot_counts *plots,
                     const struct player_tally *tally);

/* Prints what is counted in a result. */
void sweep_tell_counts(FILE *out, const struct sweep_result *result);

/* Writes the command that replays a seed, or shrinks it, as `verb` says. */
void sweep_print_command(FILE *out, const char *program, const char *verb, const struct plot_options *options,
                         uint64_t seed);

#endif
