/*
 * black_box.h - the position of a run, in memory that outlives its process.
 *
 * A process that died or hangs cannot report its position.  So the player records the current step and the
 * last lines of the trace as it goes.  The memory is shared with a supervising process (worker_pool.h), which
 * uses it to explain the loss of a run.
 */
#ifndef SIM_BLACK_BOX_H
#define SIM_BLACK_BOX_H

#include "../language/scenario.h"
#include "../world/trace.h"

#include <signal.h>
#include <stdio.h>

enum { BLACK_BOX_TEXT = 512, BLACK_BOX_REPLAY = 4096, BLACK_BOX_WORDS = 64 };

/* Requests to stop a run.  BLACK_BOX_LATE is cleared when the run ends; BLACK_BOX_ENDS is not. */
enum black_box_stop { BLACK_BOX_GOES_ON, BLACK_BOX_LATE, BLACK_BOX_ENDS };

/* Zeroed is empty.  The writer may have died at any point, and its fault may have overwritten the contents:
 * readers trust nothing in it. */
struct black_box {
    uint64_t begun; /* how often a run has begun or ended; it stops growing when a run hangs */
    struct trace_tail tail;
    char path[BLACK_BOX_TEXT]; /* of the scenario; "" between runs. Path and step are cut to their size */
    int line;                  /* of the step; 0 after the last */
    char step[BLACK_BOX_TEXT];
    char replay[BLACK_BOX_REPLAY]; /* the command that replays the run; "" when unknown */

    /* Written by the supervising process: enum black_box_stop.  A run that is requested to stop ends after
     * the current event or before the next step, and fails with these words. */
    volatile sig_atomic_t stop;
    char words[BLACK_BOX_WORDS];
};

/* A run begins; `replay` may be NULL.  Returns where to keep the last lines of its trace. */
struct trace_tail *black_box_begin(struct black_box *box, const char *path, const char *replay);

/* A step begins; NULL when the steps are over. */
void black_box_step(struct black_box *box, const struct step *step);

/* The run is over. black_box_end keeps what is known of it; black_box_clear erases it. */
void black_box_end(struct black_box *box);
void black_box_clear(struct black_box *box);

/* The kind of the last event, without data that differs between runs: "loaded", "> <presence"; "" when there
 * was none. */
enum { BLACK_BOX_KIND = 64 };
void black_box_last_kind(const struct black_box *box, char kind[BLACK_BOX_KIND]);

/* Writes the position, the sentence and the last events, in the form of a failure. */
void black_box_explain(FILE *out, const struct black_box *box, const char *sentence);

/* Writes the command that reproduces the run, if known. */
void black_box_explain_replay(FILE *out, const struct black_box *box);

#endif
