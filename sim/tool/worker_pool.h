/*
 * worker_pool.h - runs many scenarios, in this process or in several, and passes on the results in order.
 *
 * Each of N processes takes the next free scenario, runs it and sends its result through a pipe; so the
 * results do not depend on N.  If the system cannot start N processes, fewer run.
 *
 * If a process dies, or exceeds the time limit of a run, one scenario is lost: it has failed, and another
 * process continues with the rest.  The failure is explained: the assertion, the sanitizer's finding, or the
 * signal; the step and the last events, from the black box of the run (black_box.h); and the standard error
 * of the process.  The standard error of other processes is passed on.
 *
 * With 0 jobs everything runs in this process, for a debugger; a crash then ends everything.  The limit is in
 * processor time, which stands still while the process is stopped.  A run that exceeds it, or is interrupted,
 * ends after the current event; if that takes another second of processor time, the process ends, after an
 * error message.
 *
 * An interruption (interrupt.h) ends the runs early.  No worker outlives this process, however it ends.
 */
#ifndef SIM_WORKER_POOL_H
#define SIM_WORKER_POOL_H

#include "../player/black_box.h"
#include "../player/player.h"

/* The result of one scenario. */
struct worker_outcome {
    struct player_result result;
    uint64_t real_time; /* nanoseconds */
    bool lost;          /* its process died, or was ended; the result says how and where */
    int status;         /* of a process that died, as waitpid has it; else 0 */

    /* During the run: the box for every player_options in it; NULL when no process watches. */
    struct black_box *box;
};

struct worker_pool {
    size_t count;   /* of the scenarios */
    size_t jobs;    /* how many processes; 0 for this one */
    uint64_t limit; /* for each player_run, in nanoseconds of real time, or with 0 jobs of processor time; 0
                     * for none */
    bool finishes;  /* an interruption does not end the runs; the host handles it */

    void (*run)(void *host, size_t index, struct worker_outcome *outcome);

    /* Called in the order of the indexes.  The contents of `outcome` may be changed, and are freed
     * afterwards.  Returns false to end all runs. */
    bool (*tell)(void *host, size_t index, struct worker_outcome *outcome);

    void (*wait)(void *host); /* NULL, or called several times a second while workers run */
    void *host;
};

void worker_pool_run(const struct worker_pool *pool);

/* The default time limit of a run: a minute. */
#define WORKER_POOL_LIMIT (60 * SIM_SECOND)

#endif
