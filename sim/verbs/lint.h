/*
 * lint.h - the verb `lint`: parses scenarios and runs none.
 */
#ifndef SIM_LINT_H
#define SIM_LINT_H

#include "../tool/options.h"

extern const struct verb lint_verb;

#endif
