/* explore.h - the verb `explore`: runs scenarios with every possible order of events. */
#ifndef SIM_EXPLORE_H
#define SIM_EXPLORE_H

#include "../tool/options.h"

extern const struct verb explore_verb;

#endif
