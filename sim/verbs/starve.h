/* starve.h - the verb `starve`: runs scenarios with one failing allocation each time. */
#ifndef SIM_STARVE_H
#define SIM_STARVE_H

#include "../tool/options.h"

extern const struct verb starve_verb;

#endif
