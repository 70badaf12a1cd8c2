/*
 * shrink_input.h - the scenario that is reduced, and the choices under which it is said to fail.
 */
#ifndef SIM_SHRINK_INPUT_H
#define SIM_SHRINK_INPUT_H

#include "../sweep/plot.h"
#include "../tool/suite.h"
#include "reproduction.h"
#include "stored_input.h"

/* What was asked for. */
struct shrink_asked {
    const char *verb; /* begins the complaints */
    const struct plot_options *plots;
    const uint64_t *seed; /* for a file; NULL for none */
};

struct shrink_input {
    const char *what; /* "plot" or "scenario" */
    struct scenario *scenario;
    struct chance chance;
    struct suite suite; /* of the file; empty for a plot */
};

/* Loads the plot of a seed, where `what` is a number, or else the one scenario that the path names (wanted.h);
 * its choices are made as its tags say, or under the seed that was asked for.  Its tags "row", "seed",
 * "choices" and "fails" are taken off.  Returns false after a sentence; to be freed in both cases. */
bool shrink_input_load(struct shrink_input *input, const struct shrink_asked *asked, const char *what,
                       FILE *errors);

/* Loads a stored input, whose scenario it takes over; that must not be NULL.  It is run once, in a process of its
 * own, to record its choices.  If that process is lost, the chance is the default schedule.  A run that judges only
 * the checks gets the tag "checks only". */
void shrink_input_of_stored(struct shrink_input *input, struct stored_input *stored);

/* The chance, which is the caller's from here on. */
struct chance shrink_input_chance(struct shrink_input *input);

void shrink_input_free(struct shrink_input *input);

#endif
