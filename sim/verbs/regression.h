/*
 * regression.h - makes a scenario file that replays one run of a scenario, decision by decision.
 */
#ifndef SIM_REGRESSION_H
#define SIM_REGRESSION_H

#include "../world/choice.h"

/* Returns the text of the file with the tags "row" (the row of the table, from 1), "seed" and "choices", in
 * place of those that it had.  They are below the first line if that is a comment.  A row or seed of 0 is
 * left out.  The caller frees. */
char *regression_write(const char *text, size_t row, uint64_t seed, const struct recording *choices);

#endif
