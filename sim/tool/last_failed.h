/*
 * last_failed.h - the names of the cases that failed when last run, stored between runs.
 *
 * There is one record for each working directory, a file in $XDG_STATE_HOME/rehearse, or without that
 * variable in ~/.local/state/rehearse.  If neither $XDG_STATE_HOME nor $HOME is set, or the file
 * cannot be written, no record is kept, and no error is reported.  Cases that a run leaves out keep their
 * records.
 */
#ifndef SIM_LAST_FAILED_H
#define SIM_LAST_FAILED_H

#include "suite.h"

#include <stdio.h>

/* The changes to the record. Zeroed is empty. */
struct last_failed {
    struct file_list failed;
    struct file_list settled; /* passed, or no longer existing */
};

/* Loads the failed cases: those that the paths name, or, without paths, all.  The suite is empty, after a
 * message, when none failed.  Returns false, after an error message, when there is no record, or a file is
 * malformed. */
bool last_failed_load(struct last_failed *last, struct suite *suite, const char *const *paths, size_t count,
                      FILE *errors);

/* Notes the result of a case.  A case from standard input is not noted, because it has no name. */
void last_failed_note(struct last_failed *last, const struct scenario *scenario, bool passed);

/* Writes the noted results to the record. */
void last_failed_keep(struct last_failed *last);
void last_failed_free(struct last_failed *last);

/* Reads the names from the content of a record, in order.  False, without names, when it is not a record of
 * this working directory. */
bool last_failed_parse(const char *text, size_t length, const char *directory, struct file_list *names);

#endif
