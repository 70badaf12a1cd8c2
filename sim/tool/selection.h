/*
 * selection.h - which scenarios of a suite are run, by their tags, levels and titles.
 *
 * A list of tags is words between commas.  A word is a tag's name ("explore"), or its name and value ("rfc:
 * 6121 4.5.2").  Scenarios that the tags or levels exclude count as skipped; those that the title excludes
 * are not counted.  A scenario without a level is of the level "ours".
 */
#ifndef SIM_SELECTION_H
#define SIM_SELECTION_H

#include "../language/scenario.h"
#include "suite.h"

#include <stdio.h>

/* Zeroed selects everything. */
struct selection {
    char *only;      /* lists, or NULL: run scenarios with at least one of these tags, */
    char *skip;      /* and none of these tags */
    unsigned levels; /* run scenarios of these levels: a bit 1 << LEVEL_... for each, 0 for all */
    char *title;     /* words that the title or the name must contain, ignoring case; or NULL */
};

/* The options of a verb whose settings begin with a struct selection. */
#define SELECTION_OPTIONS                                                                                    \
    { "only-tags", "T[,T...]", "only cases with one of these tags (\"explore\", \"rfc: 6121 4.5.2\")",       \
      selection_take_only },                                                                                 \
        { "skip-tags", "T[,T...]", "no case with one of these tags", selection_take_skip },                  \
        { "level", "L[,L...]", "only cases of these levels: must, should, may, ours",                        \
          selection_take_level },                                                                            \
    {                                                                                                        \
        "title", "WORDS", "only cases with all these words in title or path, ignoring case",                 \
            selection_take_title                                                                             \
    }

const char *selection_take_only(void *settings, const char *value);
const char *selection_take_skip(void *settings, const char *value);
const char *selection_take_level(void *settings, const char *value);
const char *selection_take_title(void *settings, const char *value);

/* Adds words to a list of tags.  Returns false, and adds nothing, when there is no word. */
bool selection_add(char **list, const char *words);
void selection_free(struct selection *selection);

/* The reason why the tags or levels exclude a scenario, or NULL; static. */
const char *selection_skips(const struct selection *selection, const struct scenario *scenario);

/* Whether some scenario carries a tag of the list.  Returns false after an error message with suggestions. */
bool selection_knows(const struct suite *suite, const char *word, FILE *errors);

/* Removes the scenarios that the title excludes from the suite, and reports words that no scenario has, with
 * suggestions.  Returns false, after an error message, when no scenario is left. */
bool selection_apply(const struct selection *selection, struct suite *suite, FILE *errors);

/* Removes all scenarios that are not selected, by tags or title, without messages. */
void selection_narrow(const struct selection *selection, struct suite *suite);

#endif
