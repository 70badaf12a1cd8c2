/*
 * deviations.h - the few choices that cause a failure that otherwise needs a seed.
 *
 * In the default schedule every choice is the first possibility.  One deviation from that is tried, at every
 * choice, then every two; most races need no more.  Otherwise the run of a seed is recorded, and as many
 * choices as possible are reset to the first possibility.  A run in which no bytes are cut is preferred,
 * because each cut shifts all later choices.
 */
#ifndef SIM_DEVIATIONS_H
#define SIM_DEVIATIONS_H

#include "reproduction.h"

/* A recording of more deviations is less readable than a seed. */
enum { DEVIATIONS_MOST = 19 };

/* Replaces the chance by a recording of few choices, if one is found.  No effect when the default schedule
 * suffices, or when every run ends its process. */
void deviations_find(struct reproduction *reproduction, const struct scenario *scenario);

/* The number of choices in a recording that are not the first possibility. */
size_t deviations_count(const struct recording *recording);

#endif
