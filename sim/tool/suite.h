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
    struct file_list read; /* that it names, such as rosters; whether they could be read or not */
};

struct suite {
    struct scenario **scenarios; /* in the order of files.h, and of a table's rows */
    size_t count;
    size_t file_count; /* that they are from */
    struct source *sources;
    size_t source_count;
};

/* Finds, reads and parses all that the paths name.  Returns false when anything is wrong,
 * after saying all that is: "cannot read X: reason", and "FILE:LINE: MESSAGE" for each complaint.  The caller
 * frees it in both cases. */
bool suite_load(struct suite *suite, const char *const *paths, size_t count, FILE *errors);

/* The same once it is known which files there are; `only` those of them that it names, or all where it is
 * NULL. What is well formed is in the suite even when something is wrong with another file. */
bool suite_read(struct suite *suite, const struct wanted *wanted, const struct file_list *only, FILE *errors);
void suite_free(struct suite *suite);

/* Takes out every scenario that `keeps` does not want. */
void suite_narrow(struct suite *suite, bool (*keeps)(const void *host, const struct scenario *scenario),
                  const void *host);

/* Adds the names of all files that were read for it, the scenarios and those that they name. */
void suite_files(const struct suite *suite, struct file_list *files);

/* Whether a file that a verb is to write is none of them; else false after a sentence that begins with the
 * verb and names the option. */
bool suite_is_apart(const struct suite *suite, const char *verb, const char *option, const char *path,
                    FILE *errors);

/* The text of the file that a scenario of the suite is from; the suite's. */
const char *suite_text(const struct suite *suite, const struct scenario *scenario);

#endif
