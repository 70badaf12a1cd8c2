/*
 * exploration.h - a scenario played in every order in which things could happen.
 *
 * Its world is one of any order (world.h), and every choice in it is walked: which of all that is under way
 * comes next, which of several steps begins, which write is kept in a crash.  The choices are a tree; a run
 * is a path to one of its leaves, played from the beginning, and the next run goes the next way at the last
 * choice that has another.
 *
 * Many orders lead to the same state (stage_state.c), and what comes of it comes of it either way.  So a run
 * that gets into a state in which an earlier one made a choice ends there: all that may follow was tried, or
 * is going to be.  The state includes what the checks remember, so what one of them would find later is found
 * by the run that went on.
 *
 * Not walked is what has no end: at which byte what is written is cut, and how long things take, which in a
 * world of any order makes no difference but to timers (world_race).
 */
#ifndef SIM_EXPLORATION_H
#define SIM_EXPLORATION_H

#include "stage.h"

enum exploration_end {
    EXPLORATION_FINISHED, /* every order held */
    EXPLORATION_FAILED,   /* one did not: the last that was played */
    EXPLORATION_GAVE_UP,  /* those that were played held, and there are more than the bounds allow */
};

struct exploration {
    /* Wanted. */
    const struct scenario *scenario;
    uint64_t runs_most, states_most;
    const char *replay; /* the command for failures; may be NULL */
    bool colour;
    struct black_box *box;                                             /* as in stage.h */
    void (*begins)(void *host, const struct exploration *exploration); /* a run; may be NULL */
    void *host;

    /* What came of it. */
    enum exploration_end end;
    uint64_t runs, events;
    size_t states;
    struct recording path;      /* of the run at hand, or the last: all its choices that are not the first */
    struct stage_result result; /* of that run, with the verdict of the tag `fails` */
};

/* Everything wanted is filled in, the rest is zero. */
void exploration_go(struct exploration *exploration);
void exploration_free(struct exploration *exploration);

#endif
