/* shrink.h - the verb `shrink`, which makes a scenario that fails as small as it can be while it fails the
 * same way. */
#ifndef SIM_SHRINK_H
#define SIM_SHRINK_H

#include "../tool/options.h"

extern const struct verb shrink_verb;

#endif
