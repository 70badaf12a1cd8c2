/*
 * mutate_scenario.h - mutations of scenario files.
 *
 * The parser tells where the steps are.  A step is removed, doubled, moved, or a new one is put in, made of a row of the
 * parser's table of wordings; a word in a step changes to another that fits there: a name of the cast, a
 * number, a keyword; a stanza below a step changes as in mutate_stanza.h; or the server gets another setting.  The lines that
 * are not changed stay as they are, with tables and comments.  Every mutation of a file that is parsed is
 * parsed too; other files have none.
 *
 * What is behind a byte 0x1e is kept.
 */
#ifndef SIM_FUZZ_MUTATE_SCENARIO_H
#define SIM_FUZZ_MUTATE_SCENARIO_H

#include "mutator.h"

/* A struct mutator's function. */
size_t mutate_scenario(const struct mutator *mutator, struct choices *choices, uint8_t *bytes, size_t size,
                       size_t most);

#endif
