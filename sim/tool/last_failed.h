/*
 * last_failed.h - the names of the cases that failed when last run, stored between runs.
 *
 * There is a record for each working directory, a file in $XDG_STATE_HOME/rehearse, or without that variable
 * in
 * ~/.local/state/rehearse.  Where there is neither, or nothing can be written, nothing is kept, and nothing
 * is said about it.  What a run leaves out stays on record as it was.
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

/* Loads what failed: of what the paths name, or, without paths, all.  The suite is empty when nothing failed,
 * after a sentence.  False after sentences when there is no record, or something is malformed. */
bool last_failed_load(struct last_failed *last, struct suite *suite, const char *const *paths, size_t count,
                      FILE *errors);

/* Notes what became of a case.  One that is read from standard input has no name to be found by. */
void last_failed_note(struct last_failed *last, const struct scenario *scenario, bool passed);

/* Puts on record what was noted. */
void last_failed_keep(struct last_failed *last);
void last_failed_free(struct last_failed *last);

/* Reads the names from the content of a record, in order.  False, without names, when it is not a record of
 * this working directory. */
bool last_failed_parse(const char *text, size_t length, const char *directory, struct file_list *names);

#endif
