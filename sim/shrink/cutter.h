/*
 * cutter.h - what a cut asks of each thing that it could take away.
 *
 * The pieces are numbered in the order in which a walk comes to them.  So the same walk says how many pieces
 * there are, when none is to go, and makes a scenario without some of them.
 */
#ifndef SIM_CUTTER_H
#define SIM_CUTTER_H

#include "reduction.h"

struct cutter {
    struct pieces pieces; /* that go */
    size_t seen;          /* pieces that the walk has come to */
};

/* Whether the piece that the walk has come to shall go. */
bool cut_here(struct cutter *cutter);

#endif
