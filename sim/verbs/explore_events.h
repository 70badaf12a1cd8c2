/*
 * explore_events.h - the events of an exploration: those of its last run, if that failed, and its tree of
 * choices, as lines of a report (sim/viewer/FORMAT.md).
 */
#ifndef SIM_EXPLORE_EVENTS_H
#define SIM_EXPLORE_EVENTS_H

#include "../player/exploration.h"

/* Returns the lines of the case with this number, which the caller frees.  A run that failed is run once
 * more.  The exploration is over, and has a tree. */
char *explore_events(struct exploration *exploration, uint64_t number);

#endif
