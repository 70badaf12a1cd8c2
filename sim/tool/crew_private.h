/*
 * crew_private.h - what the files of the crew share; nobody else includes it.
 *
 *      crew.c         the process that watches: it starts workers, hears them, ends them, tells
 *      crew_worker.c  what a worker does
 *      crew_here.c    what is played in this process
 *      crew_loss.c    what is told of a scenario whose worker died
 */
#ifndef SIM_CREW_PRIVATE_H
#define SIM_CREW_PRIVATE_H

#include "crew.h"

#include <stdatomic.h>

/* What goes through a pipe for each scenario, and behind it the two texts, each with its NUL.  Both ends are
 * the same program, so numbers stand as they are in memory, and what is static has the same address. */
struct frame {
    struct played played;
    size_t index;
    size_t summary, explanation; /* lengths; 0 for none */
};

/* Who took a scenario: the number of a worker, from 1; 0 while nobody has. */
typedef _Atomic(uint16_t) crew_owner;

/* What a worker works with. */
struct seat {
    uint16_t number;       /* from 1 */
    crew_owner *owners;    /* of all scenarios, shared by all processes */
    struct black_box *box; /* shared with the process that watches */
    int out;               /* the pipe to it */
    int said;              /* a file for what is written to standard error; -1 for none */
    int leader;            /* the process that watches */
};

/* Plays until nothing is left, or nobody listens. */
_Noreturn void crew_work(const struct crew *crew, const struct seat *seat);

/* The black box of the worker that this process is; NULL when it is none. */
struct black_box *crew_own_box(void);

/* Whether it is to end early. */
bool crew_is_interrupted(const struct crew *crew);

/* Plays all of it in this process, and tells. */
void crew_play_here(const struct crew *crew);

/* Plays one there, which the caller tells and frees.  False, and nothing to tell, when it was interrupted. */
bool crew_play_one_here(const struct crew *crew, size_t index, struct played *played);

/* What is said of a play that is late: a format, for its limit in seconds, a double. */
#define CREW_LATE "time limit: not over after %g s"

/* How a worker ended before it had played what it took. */
struct loss {
    int status;     /* as waitpid has it */
    uint64_t limit; /* that it was ended for; 0 when it died by itself */
    const struct black_box *box;
    int said;
};

/* The scenario as it is told; the caller frees what it holds. */
struct played crew_lost(const struct loss *loss);

#endif
