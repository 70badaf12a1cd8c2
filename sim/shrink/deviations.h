/*
 * deviations.h - the few choices that make a failure happen which needs a seed.
 *
 * In the default schedule every choice is the first possibility.  One deviation from that is tried, wherever
 * there is a choice, then any two; that is what most races come down to.  Else the run of a seed is recorded,
 * and as many choices as can be are made the first possibility again; if possible a run in which no bytes are
 * cut, since each cut moves the places of all choices that follow.
 */
#ifndef SIM_DEVIATIONS_H
#define SIM_DEVIATIONS_H

#include "reproduction.h"

/* The most that are worth more than the number of a seed. */
enum { DEVIATIONS_MOST = 19 };

/* Makes a recording of few choices the chance, where there is one; does nothing when the default schedule
 * suffices, or each run ends its process. */
void deviations_find(struct reproduction *reproduction, const struct scenario *scenario);

/* How many choices of a recording are not the first possibility. */
size_t deviations_count(const struct recording *recording);

#endif
