/*
 * regression.h - a scenario's file made into one that plays one run of it again, decision by decision.
 */
#ifndef SIM_REGRESSION_H
#define SIM_REGRESSION_H

#include "choice.h"

/* The text of the file with the tags "seed" (0 is left out) and "choices" below its first line where that is
 * a comment, in place of those that it had; of a table, `row` (from 1; 0 for a file without one) alone stays.
 * The caller frees. */
char *regression_write(const char *text, size_t row, uint64_t seed, const struct recording *choices);

#endif
