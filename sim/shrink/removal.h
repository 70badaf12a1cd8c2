/*
 * removal.h - what a reduction (reductions.h) asks about each part that it could remove.
 *
 * The pieces are numbered in the order in which a walk comes to them.  So the same walk says how many pieces
 * there are, when none is to go, and makes a scenario without some of them.
 */
#ifndef SIM_REMOVAL_H
#define SIM_REMOVAL_H

#include "delta_debugging.h"

struct removal {
    struct pieces pieces; /* that go */
    size_t seen;          /* pieces that the walk has come to */
};

/* Whether the piece that the walk has come to shall go. */
bool removal_here(struct removal *removal);

#endif
