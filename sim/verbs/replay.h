/* replay.h - the verb `replay`: runs one scenario, or the plot of a seed, again, and shows the run. */
#ifndef SIM_REPLAY_H
#define SIM_REPLAY_H

#include "../tool/options.h"

extern const struct verb replay_verb;

#endif
