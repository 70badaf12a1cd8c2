/* compare.h - the verb `compare`: runs the same scenarios or plots on several servers, and shows where their
 * answers part. */
#ifndef SIM_COMPARE_H
#define SIM_COMPARE_H

#include "../tool/options.h"

extern const struct verb compare_verb;

#endif
