/*
 * selection.h - which scenarios of a suite are run, by their tags and titles.
 *
 * A list of tags is words between commas.  A word is a tag's name ("explore"), or its name and value
 * ("rfc: 6121 4.5.2").  What the tags leave out counts as skipped; what the title leaves out was not asked
 * for.
 */
#ifndef SIM_SELECTION_H
#define SIM_SELECTION_H

#include "../language/scenario.h"
#include "suite.h"

#include <stdio.h>

/* Zeroed selects everything. */
struct selection {
    char *only;  /* lists, or NULL: run what carries at least one of these, */
    char *skip;  /* and none of these */
    char *title; /* words that its title or its name must have, all of them, in either case; or NULL */
};

/* The options of a verb whose settings begin with a struct selection. */
#define SELECTION_OPTIONS                                                                                    \
    { "only-tags", "T[,T...]", "only cases with one of these tags (\"explore\", \"rfc: 6121 4.5.2\")",       \
      selection_take_only },                                                                                 \
        { "skip-tags", "T[,T...]", "no case with one of these tags", selection_take_skip },                  \
    {                                                                                                        \
        "title", "WORDS", "only cases with all these words in title or path, ignoring case",                 \
            selection_take_title                                                                             \
    }

const char *selection_take_only(void *settings, const char *value);
const char *selection_take_skip(void *settings, const char *value);
const char *selection_take_title(void *settings, const char *value);

/* Adds a list to one of the two.  Returns false, and adds nothing, when it holds no word. */
bool selection_add(char **list, const char *words);
void selection_free(struct selection *selection);

/* Why a scenario is not run, or NULL when it is; static.  It is about the tags. */
const char *selection_skips(const struct selection *selection, const struct scenario *scenario);

/* Whether some scenario carries what is a word of a list.  False after a sentence with what may have been
 * meant. */
bool selection_knows(const struct suite *suite, const char *word, FILE *errors);

/* Takes out of the suite what the title leaves out, and says which words are no scenario's, and what may have
 * been meant.  False when nothing is left to run, after a sentence about that. */
bool selection_apply(const struct selection *selection, struct suite *suite, FILE *errors);

/* Takes out all that is not selected, by the tags or by the title, and says nothing. */
void selection_narrow(const struct selection *selection, struct suite *suite);

#endif
