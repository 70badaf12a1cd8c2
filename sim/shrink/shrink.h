/* shrink.h - the verb `shrink`, which makes a failing scenario as small as possible while it fails in the
 * same way. */
#ifndef SIM_SHRINK_H
#define SIM_SHRINK_H

#include "../tool/options.h"

extern const struct verb shrink_verb;

#endif
