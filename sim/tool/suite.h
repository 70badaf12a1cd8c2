/*
 * suite.h - all scenarios that a command names, parsed. A verb runs them only when all are well formed.
 *
 * A path is a file, a folder, "-" for standard input, or a part of a file: see wanted.h.
 */
#ifndef SIM_SUITE_H
#define SIM_SUITE_H

#include "../language/scenario.h"
#include "files.h"
#include "wanted.h"

#include <stdio.h>

/* A file that was read, whether well formed or not. */
struct source {
    char *path;
    char *text;            /* NULL when it could not be read */
    struct file_list read; /* files that it names, such as rosters; also unreadable ones */
};

struct suite {
    struct scenario **scenarios; /* sorted by file (files.h) and row of a table */
    size_t count;
    size_t file_count; /* of the scenarios */
    struct source *sources;
    size_t source_count;
};

/* Finds, reads and parses everything that the paths name.  Returns false after messages for all errors:
 * "cannot read X: reason", and "FILE:LINE: MESSAGE" for each complaint.  The caller frees it in both
 * cases. */
bool suite_load(struct suite *suite, const char *const *paths, size_t count, FILE *errors);

/* The same for files that were found before: those in `only`, or all if it is NULL.  Well-formed files are in
 * the suite even if there is an error in another file. */
bool suite_read(struct suite *suite, const struct wanted *wanted, const struct file_list *only, FILE *errors);
void suite_free(struct suite *suite);

/* Removes every scenario for which `keeps` returns false. */
void suite_narrow(struct suite *suite, bool (*keeps)(const void *host, const struct scenario *scenario),
                  const void *host);

/* Adds the names of all files read for the suite: scenarios, and files that they name. */
void suite_files(const struct suite *suite, struct file_list *files);

/* Whether an output file of a verb is none of these files.  Otherwise returns false, after an error message
 * that begins with the verb and names the option. */
bool suite_is_apart(const struct suite *suite, const char *verb, const char *option, const char *path,
                    FILE *errors);

/* The text of a scenario's file; owned by the suite. */
const char *suite_text(const struct suite *suite, const struct scenario *scenario);

#endif
