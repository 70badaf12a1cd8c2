/*
 * shrinking.h - reduces a scenario that fails to a file with a small one that fails for the same cause.
 *
 * The candidates run in a process of their own, which they may bring down; then the work goes on with each in
 * a process of its own.  An interruption (interrupt.h), or the end of the time, ends it with the smallest
 * scenario so far.
 */
#ifndef SIM_SHRINKING_H
#define SIM_SHRINKING_H

#include "finding.h"

struct shrinking {
    const struct server_kind *kind;  /* the server under test; NULL for our core */
    const struct server_kind *other; /* NULL, or one on which it must pass (reproduction.h) */
    const char *verb;                /* begins what is said to standard error: "shrink" */
    const char *path;                /* of the file that will be written */
    struct finding finding;
    uint64_t time;       /* real nanoseconds, of all of it */
    uint64_t time_limit; /* of each run */
};

enum shrinking_end {
    SHRINKING_DONE,
    SHRINKING_PASSES, /* the scenario passes, or fails on the other server, too: nothing was said */
    SHRINKING_WRONG   /* what is left does not fail when it is run as a file, which was said */
};

/* What is left; shrunk_free frees it. */
struct shrunk {
    char *file;    /* NULL unless SHRINKING_DONE */
    char *cause;   /* sweep_result.h; NULL when the scenario passes */
    char *summary; /* the sentence of the run that failed last */
};

/* Reduces the scenario, which is the caller's and is changed.  The chance, under which it is run first, is
 * taken over.  Says on standard error what fails, how far it is, and how many lines are left. */
enum shrinking_end shrinking_run(const struct shrinking *shrinking, struct scenario *scenario,
                                 struct chance chance, struct shrunk *shrunk);
void shrunk_free(struct shrunk *shrunk);

#endif
