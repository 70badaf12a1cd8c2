/*
 * regression.h - makes a scenario file that replays one run of a scenario, decision by decision.
 */
#ifndef SIM_REGRESSION_H
#define SIM_REGRESSION_H

#include "../world/choice.h"

/* The text of the file with the tags "row" (which of a table's it was, from 1), "seed" and "choices" below
 * its first line where that is a comment, in place of those that it had.  A row or seed that is 0 is left
 * out.  The caller frees. */
char *regression_write(const char *text, size_t row, uint64_t seed, const struct recording *choices);

#endif
