/*
 * run.h - the verb `run`: parses every scenario, then runs them, and reports.
 */
#ifndef SIM_RUN_H
#define SIM_RUN_H

#include "../tool/options.h"

extern const struct verb run_verb;

#endif
