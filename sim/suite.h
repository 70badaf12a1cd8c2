/*
 * suite.h - all scenarios that a command names, parsed: a verb plays them only when every one is well formed.
 */
#ifndef SIM_SUITE_H
#define SIM_SUITE_H

#include "scenario.h"

#include <stdio.h>

struct suite {
    struct scenario **scenarios; /* in the order of files.h */
    size_t count;
};

/* Finds, reads and parses all that the paths name, files or folders.  Returns false when anything is wrong,
 * after saying all that is: "cannot read X: reason", and "FILE:LINE: MESSAGE" for each complaint.  To be
 * freed either way. */
bool suite_load(struct suite *suite, const char *const *paths, size_t count, FILE *errors);
void suite_free(struct suite *suite);

#endif
