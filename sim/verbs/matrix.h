/* matrix.h - the verb `matrix`: runs scenarios on several servers, and counts the results by topic. */
#ifndef SIM_MATRIX_H
#define SIM_MATRIX_H

#include "../tool/options.h"

extern const struct verb matrix_verb;

#endif
