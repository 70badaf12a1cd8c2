/*
 * removal.h - decides about each part that a reduction (reductions.h) could remove.
 *
 * The pieces are numbered in the order in which a walk reaches them.  So the same walk counts the pieces, if
 * none is removed, and makes a scenario without some of them.
 */
#ifndef SIM_REMOVAL_H
#define SIM_REMOVAL_H

#include "delta_debugging.h"

struct removal {
    struct pieces pieces; /* to be removed */
    size_t seen;          /* pieces that the walk has reached */
};

/* Whether to remove the piece that the walk has reached. */
bool removal_here(struct removal *removal);

#endif
