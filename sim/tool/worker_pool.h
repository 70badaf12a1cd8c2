/*
 * worker_pool.h - runs many scenarios, in this process or in several, and hands over the results in order.
 *
 * Each of N processes takes the next scenario that none has taken, runs it and sends what became of it
 * through a pipe; so results do not depend on how many there are.  Where the machine has no room for N, fewer
 * run.
 *
 * A process that dies, or that needs longer for one run than the limit, takes one scenario with it: that one
 * has failed, and another process goes on.  What was lost is explained: the assertion, what a sanitizer
 * found, or the signal; the step and the last events, from a black box (black_box.h) that the run keeps; and
 * what the process wrote to standard error.  Of those that do not die that is passed on.
 *
 * With no job all is run right here, where a debugger looks, and a crash ends all.  The limit is then one
 * of the processor's time, which stands still with the process.  A run that is over it, or interrupted, ends
 * after the event that is under way; where that takes a second of that time, with the process, after a
 * sentence.
 *
 * An interruption (interrupt.h) ends it early.  No process outlives the one that runs, whatever ends that.
 */
#ifndef SIM_WORKER_POOL_H
#define SIM_WORKER_POOL_H

#include "../player/black_box.h"
#include "../player/player.h"

/* What became of one scenario that was run. */
struct worker_outcome {
    struct player_result result;
    uint64_t real_time; /* nanoseconds */
    bool lost;          /* its process died, or was ended: the result says how and where */
    int status;         /* of a process that died, as waitpid has it; else 0 */

    /* During the run: the box for every player_options in it; NULL when nothing watches. */
    struct black_box *box;
};

struct worker_pool {
    size_t count;   /* of the scenarios */
    size_t jobs;    /* how many processes; 0 for this one */
    uint64_t limit; /* how long each player_run may take, in real nanoseconds, or with no job those of the
                     * processor; 0 for as long as it wants */
    bool finishes;  /* an interruption does not end it: the host sees to that */

    void (*run)(void *host, size_t index, struct worker_outcome *outcome);

    /* Told in the order of the indexes.  What `outcome` holds may be changed, and is freed afterwards.
     * Returns false to end it all here. */
    bool (*tell)(void *host, size_t index, struct worker_outcome *outcome);

    void (*wait)(void *host); /* NULL, or called again and again while others run, some times a second */
    void *host;
};

void worker_pool_run(const struct worker_pool *pool);

/* How long a run may take unless it is said: a minute. */
#define WORKER_POOL_LIMIT (60 * SIM_SECOND)

#endif
