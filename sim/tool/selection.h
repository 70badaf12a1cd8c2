/*
 * selection.h - which scenarios of a suite are played, by their tags.
 *
 * A list is words between commas.  A word is a tag's name ("slow"), or its name and value ("status: stable").
 */
#ifndef SIM_SELECTION_H
#define SIM_SELECTION_H

#include "../language/scenario.h"

/* Zeroed selects everything. */
struct selection {
    char *only; /* lists, or NULL: play what carries at least one of these, */
    char *skip; /* and none of these */
};

/* Adds a list to one of the two.  Returns false, and adds nothing, when it holds no word. */
bool selection_add(char **list, const char *words);
void selection_free(struct selection *selection);

/* Why a scenario is not played, or NULL when it is; static. */
const char *selection_skips(const struct selection *selection, const struct scenario *scenario);

#endif
