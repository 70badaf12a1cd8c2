/*
 * exploration.h - exhaustive exploration: a scenario run in every order of its events.
 *
 * The world is one of any order (world.h), and every choice in it is explored: which pending event runs next,
 * which of several concurrent steps begins, which write survives a crash.  The choices form a tree.  A run is
 * a path from the root to a leaf; the next run takes the next branch at the last choice that has another.
 *
 * Different orders often lead to the same state (player_state.c), with the same continuations.  A run that
 * reaches a state in which an earlier run made a choice ends there: its continuations have been or will be
 * explored.  The state includes the memory of the checks, so a later violation is found by the run that
 * continued.
 *
 * Not explored are unbounded choices: the bytes at which writes are cut, and durations, which in a world of
 * any order matter only to timers (world_race).
 */
#ifndef SIM_EXPLORATION_H
#define SIM_EXPLORATION_H

#include "exploration_tree.h"
#include "player.h"

enum exploration_end {
    EXPLORATION_FINISHED, /* every order passed */
    EXPLORATION_FAILED,   /* an order failed: the last one run */
    EXPLORATION_GAVE_UP,  /* all orders run passed, but the bounds were reached before the end */
};

struct exploration {
    /* Input. */
    const struct server_kind *kind; /* as in player.h; without a look inside no two states count as equal */
    const struct scenario *scenario;
    uint64_t runs_most, states_most;
    const char *replay; /* the command for failures; may be NULL */
    bool colour;
    struct black_box *box; /* as in player.h */
    void (*begins)(void *host,
                   const struct exploration *exploration); /* called when a run begins; may be NULL */
    struct exploration_tree *tree; /* where each run is added (exploration_tree.h); NULL for none */
    void *host;

    /* Results. */
    enum exploration_end end;
    uint64_t runs, events;
    size_t states;
    struct recording
        path; /* of the current or last run: all its choices that are not the first possibility */
    struct player_result result; /* of that run, after verdict_apply */
};

/* How the last run of the results is run again: with the path, and every decision is an event. */
struct player_options exploration_last_run(struct exploration *exploration);

/* Explores.  The input is filled in, the rest is zeroed; exploration_free frees the results. */
void exploration_go(struct exploration *exploration);
void exploration_free(struct exploration *exploration);

#endif
