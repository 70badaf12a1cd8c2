/*
 * sweep_summary.h - what a sweep, or its parts joined, says in the end.
 */
#ifndef SIM_SWEEP_SUMMARY_H
#define SIM_SWEEP_SUMMARY_H

#include "sweep_result.h"

#include <stdio.h>

struct output;

/* Prints the result, with the lines `notes`, each ended, before the last line, and writes it to `output`
 * unless that is NULL, which is ended.  `seeds` is how many there were to run; without all of them no sum of
 * the traces is printed, because it could be compared with no other.  Returns the exit status. */
int sweep_conclude(const char *program, const struct sweep_result *result, uint64_t seeds, const char *notes,
                   struct output *output);

/* Writes the command that replays a seed, or that shrinks it: `verb` is its name. */
void sweep_print_command(FILE *out, const char *program, const char *verb, const struct plot_options *options,
                         uint64_t seed);

/* The name under which a check is counted; NULL after the last. */
const char *sweep_check_name(size_t index);

#endif
