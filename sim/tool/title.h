/*
 * title.h - selection of scenarios by words of their titles and names.
 */
#ifndef SIM_TITLE_H
#define SIM_TITLE_H

#include "suite.h"

#include <stdio.h>

/* Adds words, separated by blanks.  Returns false, and adds nothing, when there is no word. */
bool title_add(char **words, const char *more);

/* Whether the scenario's title or name has every word.  The case of ASCII letters is ignored. */
bool title_has(const struct scenario *scenario, const char *words);

/* Removes the scenarios for which title_has is false.  If it is false for all, leaves the suite unchanged and
 * returns false, after an error message with the most similar titles. */
bool title_apply(const char *words, struct suite *suite, FILE *errors);

#endif
