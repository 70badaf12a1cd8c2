/* adopt.h - the verb `adopt`: keeps a failure as a regression, reduced, where every check finds it. */
#ifndef SIM_ADOPT_H
#define SIM_ADOPT_H

#include "../tool/options.h"

extern const struct verb adopt_verb;

#endif
