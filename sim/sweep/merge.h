/* merge.h - the verb `merge`, which joins what the parts of a sweep wrote. */
#ifndef SIM_MERGE_H
#define SIM_MERGE_H

#include "../tool/options.h"

extern const struct verb merge_verb;

#endif
