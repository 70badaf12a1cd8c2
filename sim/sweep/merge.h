/* merge.h - the verb `merge`, which joins the results of the parts of a sweep. */
#ifndef SIM_MERGE_H
#define SIM_MERGE_H

#include "../tool/options.h"

extern const struct verb merge_verb;

#endif
