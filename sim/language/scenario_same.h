/*
 * scenario_same.h - whether two scenarios are the same tree, for what prints, copies and reduces them.
 *
 * The path, the lines of the file, the wording of steps, and white space that matching ignores may differ.
 */
#ifndef SIM_SCENARIO_SAME_H
#define SIM_SCENARIO_SAME_H

#include "scenario.h"

bool scenario_same(const struct scenario *a, const struct scenario *b);

/* The same for two lists of steps, with those below them. */
bool scenario_same_steps(const struct step *a, const struct step *b);

/* The same, and where they differ: `what` is set to the first part that does, such as "the settings of the
 * servers" or "a step", and `line` to its line in the file of `a`, or 0.  Neither is changed when they are
 * the same.  The text is static. */
struct scenario_difference {
    const char *what;
    int line;
};
bool scenario_compare(const struct scenario *a, const struct scenario *b,
                      struct scenario_difference *difference);

#endif
