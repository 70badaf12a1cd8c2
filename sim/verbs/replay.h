/* replay.h - the verb `replay`: one scenario, or the plot of a seed, run again to be looked at. */
#ifndef SIM_REPLAY_H
#define SIM_REPLAY_H

#include "../tool/options.h"

extern const struct verb replay_verb;

#endif
