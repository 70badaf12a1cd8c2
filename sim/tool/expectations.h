/*
 * expectations.h - the cases that a server is known to fail, and why.
 *
 * A file of them has a line for each case, with " | " between its fields; lines that begin with "#" are comments:
 *
 *      scenarios/roster/remove-nobody.scs | got 'modify' | must: RFC 6121, 2.5.3 | the type of the error is another
 *
 * The fields are the case as on the command line, words that its failure must contain, the level of what it contradicts
 * and where that stands, and the reason.  A listed case that fails with these words has passed; one that passes, or
 * fails otherwise, has failed.
 */
#ifndef SIM_EXPECTATIONS_H
#define SIM_EXPECTATIONS_H

#include "../player/player.h"
#include "../world/server.h"

#include <stdio.h>

/* The folder of the files that are used without being asked for: one for each server that has one, of its name and
 * version. */
#define EXPECTATIONS_FOLDER "fixtures/servers"

struct expectations;

/* Reads a file.  Returns NULL after an error message "FILE:LINE: MESSAGE", or "cannot read FILE: reason". */
struct expectations *expectations_load(const char *path, FILE *errors);

/* Reads the file of a server, if there is one.  Returns false after an error message; `read` is NULL where there is no
 * file.  `kind` may be NULL. */
bool expectations_of(const struct server_kind *kind, struct expectations **read, FILE *errors);

/* NULL has no effect. */
void expectations_free(struct expectations *expectations);

/* The path of the file; owned. */
const char *expectations_path(const struct expectations *expectations);

enum expectation {
    EXPECTATION_NONE,      /* nothing is expected, or the case was skipped: the result is unchanged */
    EXPECTATION_MET,       /* it failed as expected, and has passed now */
    EXPECTATION_PASSED,    /* it passed unexpectedly, and has failed now */
    EXPECTATION_OTHERWISE, /* it failed otherwise, and says so */
};

/* Applies what is expected of a case to its result.  `expectations` may be NULL. */
enum expectation expectations_apply(const struct expectations *expectations, const char *name,
                                    struct player_result *result);

#endif
