/*
 * record.h - the verb `record`: writes a session of real clients with a real server as a scenario.
 */
#ifndef SIM_VERB_RECORD_H
#define SIM_VERB_RECORD_H

#include "../tool/options.h"

extern const struct verb record_verb;

#endif
