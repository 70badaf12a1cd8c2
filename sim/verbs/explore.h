/* explore.h - the verb `explore`: scenarios, each in every order in which things could happen. */
#ifndef SIM_EXPLORE_H
#define SIM_EXPLORE_H

#include "../tool/options.h"

extern const struct verb explore_verb;

#endif
