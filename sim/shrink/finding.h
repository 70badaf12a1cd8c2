/*
 * finding.h - the file of a shrunk failure: a scenario whose title names the failed check or the other
 * failure, with the tags under which `run` makes it fail, and a comment with the message of the check.
 */
#ifndef SIM_FINDING_H
#define SIM_FINDING_H

#include "reproduction.h"

/* Returns the text of the file, which the caller frees, and sets the title and the tags of the scenario.
 * `what` is "plot" or "scenario". */
char *finding_write(struct scenario *scenario, const char *what, const struct reproduction *reproduction);

/* Whether a file, run as `rehearse run` runs it, fails for the same cause. */
bool finding_fails(const char *path, const char *text, const struct reproduction *reproduction);

/* The number of lines of a file that are steps or below a step. */
size_t finding_lines(const char *text);

#endif
