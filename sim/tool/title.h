/*
 * title.h - scenarios chosen by the words of their titles and names.
 */
#ifndef SIM_TITLE_H
#define SIM_TITLE_H

#include "suite.h"

#include <stdio.h>

/* Adds words, which blanks separate, to those that there are.  False, and adds nothing, when there is none.
 */
bool title_add(char **words, const char *more);

/* Whether the scenario's title or its name has every word, however it is written: ASCII letters are the same
 * in either case. */
bool title_has(const struct scenario *scenario, const char *words);

/* Takes out of the suite what has not.  False when nothing has, after a sentence with the nearest titles;
 * then the suite is as it was. */
bool title_apply(const char *words, struct suite *suite, FILE *errors);

#endif
