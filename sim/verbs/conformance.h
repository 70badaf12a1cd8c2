/*
 * conformance.h - the verb `conformance`: an implementation report (RFC 6120, 15; RFC 6121, 13; RFC 7622, 8).
 */
#ifndef SIM_CONFORMANCE_H
#define SIM_CONFORMANCE_H

#include "../tool/options.h"

extern const struct verb conformance_verb;

#endif
