/*
 * replay_until.h - the moment at which a replay stops, as given on the command line.
 *
 *      45                  line 45 of the trace, as numbered in the trace and in failures
 *      0.031000000, 31ms   a virtual time, with a point or a unit: ms, s, m, h
 *      FILE:33, :33        the step in that line of the scenario
 */
#ifndef SIM_REPLAY_UNTIL_H
#define SIM_REPLAY_UNTIL_H

#include "../player/player.h"

#include <stdio.h>

struct replay_until {
    struct player_moment moment;
    const char *file; /* in FILE:LINE, terminated by ':'; NULL for none; borrowed */
};

/* Returns false when the text has none of these forms.  The text is borrowed. */
bool replay_until_parse(struct replay_until *until, const char *text);

/* Whether a step of the scenario begins in the line, if the moment is a step.  Returns false after an error
 * message to `errors`.
 */
bool replay_until_fits(const struct replay_until *until, const struct scenario *scenario, FILE *errors);

/* If the moment was not reached, prints so, with the last trace line or the last step of the run. */
void replay_until_tell(FILE *out, const struct replay_until *until, const struct player_result *result);

#endif
