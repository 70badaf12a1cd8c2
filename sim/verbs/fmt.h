/*
 * fmt.h - the verb `fmt`: writes scenario files in the printer's form, with their comments.
 *
 * What is written, and which files are refused, is described in scenario_format.h.
 */
#ifndef SIM_FMT_H
#define SIM_FMT_H

#include "../tool/options.h"

extern const struct verb fmt_verb;

#endif
