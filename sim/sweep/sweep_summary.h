/*
 * sweep_summary.h - what a sweep, or its parts joined, says in the end.
 */
#ifndef SIM_SWEEP_SUMMARY_H
#define SIM_SWEEP_SUMMARY_H

#include "sweep_result.h"

/* Prints the result, with the sentence `missing` before the last line unless it is NULL, and writes it to the
 * file `output` unless that is NULL.  Returns the exit status. */
int sweep_conclude(const char *program, const struct sweep_result *result, const char *missing,
                   const char *output);

/* The name under which a check is counted; NULL behind the last. */
const char *sweep_check_name(size_t index);

#endif
