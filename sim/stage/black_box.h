/*
 * black_box.h - where a play is, in memory that outlives its process.
 *
 * A process that died, or that hangs, cannot say what it was doing.  So the stage notes that as it goes: the
 * step, and the last lines of the trace.  The memory is shared with a process that watches (worker_pool.h),
 * which explains from it what became of the play.
 */
#ifndef SIM_BLACK_BOX_H
#define SIM_BLACK_BOX_H

#include "../language/scenario.h"
#include "../world/trace.h"

#include <signal.h>
#include <stdio.h>

enum { BLACK_BOX_TEXT = 512, BLACK_BOX_REPLAY = 4096, BLACK_BOX_WORDS = 64 };

/* What a play is told.  That it is late is forgotten when it ends; that all is to end is not. */
enum black_box_stop { BLACK_BOX_GOES_ON, BLACK_BOX_LATE, BLACK_BOX_ENDS };

/* Zeroed is empty.  It may have been cut off anywhere, and been written over by what went wrong. */
struct black_box {
    uint64_t begun; /* how often a play has begun, or ended: one that goes on for ever is one behind which
                       none begins */
    struct trace_tail tail;
    char path[BLACK_BOX_TEXT]; /* of the scenario; "" while nothing is played.  This and the step are cut */
    int line;                  /* of the step; 0 behind the last */
    char step[BLACK_BOX_TEXT];
    char replay[BLACK_BOX_REPLAY]; /* the command that replays the play; "" when it is not known */

    /* Of the one who watches: enum black_box_stop.  A play that is told to stop ends after the event or
     * before the step that is next, and has failed with these words. */
    volatile sig_atomic_t stop;
    char words[BLACK_BOX_WORDS];
};

/* A play begins; `replay` may be NULL.  Returns where its trace is to be kept. */
struct trace_tail *black_box_begin(struct black_box *box, const char *path, const char *replay);

/* A step begins, or, with NULL, what comes behind the last. */
void black_box_step(struct black_box *box, const struct step *step);

/* Nothing is played any more, and something else may hang from here on.  To end leaves what is known of the
 * play; to clear forgets it. */
void black_box_end(struct black_box *box);
void black_box_clear(struct black_box *box);

/* What the last event was, without what differs from run to run: "loaded", "> <presence"; "" when there was
 * none. */
enum { BLACK_BOX_KIND = 64 };
void black_box_last_kind(const struct black_box *box, char kind[BLACK_BOX_KIND]);

/* Writes, as a failure is explained, the place, the sentence, and the last events. */
void black_box_explain(FILE *out, const struct black_box *box, const char *sentence);

/* Writes how to see it again, where that is known. */
void black_box_explain_replay(FILE *out, const struct black_box *box);

#endif
