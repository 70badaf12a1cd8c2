/*
 * worker_private.h - what the files of the worker pool share; no other file includes it.
 *
 *      worker_pool.c         the process that watches: it starts workers, hears them, ends them, tells
 *      worker.c  what a worker does
 *      worker_here.c    what is run in this process
 *      worker_loss.c    what is told of a scenario whose worker died
 */
#ifndef SIM_WORKER_PRIVATE_H
#define SIM_WORKER_PRIVATE_H

#include "worker_pool.h"

#include <stdatomic.h>

/* What goes through a pipe for each scenario, and behind it the two texts, each with its NUL.  Both ends are
 * the same program, so numbers stand as they are in memory, and what is static has the same address. */
struct frame {
    struct worker_outcome outcome;
    size_t index;
    size_t summary, explanation; /* lengths; 0 for none */
};

/* The worker that took a scenario, from 1; 0 while none has. */
typedef _Atomic(uint16_t) worker_pool_owner;

/* What a worker works with. */
struct seat {
    uint16_t number;           /* from 1 */
    worker_pool_owner *owners; /* of all scenarios, shared by all processes */
    struct black_box *box;     /* shared with the process that watches */
    int out;                   /* the pipe to it */
    int said;                  /* a file for what is written to standard error; -1 for none */
    int leader;                /* the process that watches */
};

/* Runs until nothing is left, or the pipe is closed. */
_Noreturn void worker_pool_work(const struct worker_pool *pool, const struct seat *seat);

/* The black box of the worker that this process is; NULL when it is none. */
struct black_box *worker_pool_own_box(void);

/* Whether it is to end early. */
bool worker_pool_is_interrupted(const struct worker_pool *pool);

/* Runs all of it in this process, and tells. */
void worker_pool_run_here(const struct worker_pool *pool);

/* Runs one there, which the caller tells and frees.  False, and nothing to tell, when it was interrupted. */
bool worker_pool_run_one_here(const struct worker_pool *pool, size_t index, struct worker_outcome *outcome);

/* The message for a run that exceeds the limit: a format for the limit in seconds, a double. */
#define WORKER_POOL_LATE "time limit: not over after %g s"

/* How a worker ended before it had run what it took. */
struct loss {
    int status;     /* as waitpid has it */
    uint64_t limit; /* that it was ended for; 0 when it died by itself */
    const struct black_box *box;
    int said;
};

/* The scenario as it is told; the caller frees what it holds. */
struct worker_outcome worker_pool_lost(const struct loss *loss);

#endif
