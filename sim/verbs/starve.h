/* starve.h - the verb `starve`: memory runs out everywhere, one allocation at a time. */
#ifndef SIM_STARVE_H
#define SIM_STARVE_H

#include "../tool/options.h"

extern const struct verb starve_verb;

#endif
