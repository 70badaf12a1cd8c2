/*
 * finding.h - the file of a shrunk failure: a scenario whose title names the failed check or the other
 * failure, with the tags under which `run` makes it fail, and a comment with the message of the check.
 */
#ifndef SIM_FINDING_H
#define SIM_FINDING_H

#include "reproduction.h"

/* What the file says beside the failure. */
struct finding {
    const char *what;     /* "plot" or "scenario": the title begins with it */
    const char *found_by; /* the tag "found by"; NULL for none */
    const char *origin;   /* "found by seed 17", before the sentence of the failure; NULL for nothing */
};

/* Writes the file; the scenario gets its title and tags.  The caller frees. */
char *finding_write(struct scenario *scenario, const struct finding *finding,
                    const struct reproduction *reproduction);

/* Whether a file, run as `rehearse run` runs it, fails for the same cause. */
bool finding_fails(const char *path, const char *text, const struct reproduction *reproduction);

/* The number of lines of a file that are steps or below a step. */
size_t finding_lines(const char *text);

#endif
