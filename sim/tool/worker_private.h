/*
 * worker_private.h - the internals of the worker pool, shared by its files; no other file includes it.
 *
 *      worker_pool.c    the supervising process: starts and ends workers, receives and reports results
 *      worker.c         the work of a worker
 *      worker_here.c    runs in this process
 *      worker_loss.c    the report of a scenario whose worker died
 */
#ifndef SIM_WORKER_PRIVATE_H
#define SIM_WORKER_PRIVATE_H

#include "worker_pool.h"

#include <stdatomic.h>

enum { FRAME_TEXTS = 6 };

/* The data sent through a pipe for each scenario, followed by the texts, each with its NUL.  Both ends
 * are the same program, so numbers are sent as they are in memory, and static strings have the same
 * address. */
struct frame {
    struct worker_outcome outcome;
    size_t index;
    size_t sizes[FRAME_TEXTS]; /* of its texts, in the order of worker_texts; 0 for none */
};

/* Where a result has the texts that are sent. */
void worker_texts(struct player_result *result, char **texts[FRAME_TEXTS]);

/* The worker that took a scenario, from 1; 0 while none has. */
typedef _Atomic(uint16_t) worker_pool_owner;

/* The data of a worker. */
struct seat {
    uint16_t number;           /* from 1 */
    worker_pool_owner *owners; /* of all scenarios, shared by all processes */
    struct black_box *box;     /* shared with the supervising process */
    int out;                   /* the pipe to it */
    int said;                  /* a file for standard error; -1 for none */
    int leader;                /* the supervising process */
};

/* Runs scenarios until none is left, or the pipe is closed. */
_Noreturn void worker_pool_work(const struct worker_pool *pool, const struct seat *seat);

/* The black box of this worker; NULL when this process is not a worker. */
struct black_box *worker_pool_own_box(void);

/* Whether the runs must end early. */
bool worker_pool_is_interrupted(const struct worker_pool *pool);

/* Runs all scenarios in this process, and reports the results. */
void worker_pool_run_here(const struct worker_pool *pool);

/* Runs one scenario in this process; the caller reports and frees the outcome.  Returns false, without an
 * outcome, when interrupted. */
bool worker_pool_run_one_here(const struct worker_pool *pool, size_t index, struct worker_outcome *outcome);

/* The message for a run that exceeds the limit: a format for the limit in seconds, a double. */
#define WORKER_POOL_LATE "time limit: not over after %g s"

/* How a worker ended before it had finished its scenario. */
struct loss {
    int status;     /* as from waitpid */
    uint64_t limit; /* the exceeded limit; 0 when it died by itself */
    const struct black_box *box;
    int said;
};

/* The outcome to report; the caller frees its contents. */
struct worker_outcome worker_pool_lost(const struct loss *loss);

#endif
