/*
 * suite.h - all scenarios that a command names, parsed: a verb plays them only when every one is well formed.
 *
 * A path is a file, a folder, or "FILE#3": the third case of a file with a table.
 */
#ifndef SIM_SUITE_H
#define SIM_SUITE_H

#include "../language/scenario.h"

#include <stdio.h>

struct suite {
    struct scenario **scenarios; /* in the order of files.h, and of a table's rows */
    size_t count;
    size_t file_count; /* that they are from */
};

/* Finds, reads and parses all that the paths name.  Returns false when anything is wrong,
 * after saying all that is: "cannot read X: reason", and "FILE:LINE: MESSAGE" for each complaint.  To be
 * freed either way. */
bool suite_load(struct suite *suite, const char *const *paths, size_t count, FILE *errors);
void suite_free(struct suite *suite);

#endif
