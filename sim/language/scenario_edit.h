/*
 * scenario_edit.h - changes a scenario in memory, for shrinking.
 *
 * A scenario's lists are plain lists, and all that hangs on them belongs to the scenario, strings included.
 * What is handed in here is copied.  What is unlinked stays in memory until scenario_free, so that unlinking
 * is cheap: a tag, an account, a roster, an item, a property may be taken off its list by changing the link
 * before it.  Only steps own more than that, and are removed with scenario_remove_step.
 *
 * What was changed can be printed (scenario_print.h) and run (player.h) as what was parsed can.  Rows of a
 * table share what is in their head, so that none of them may be changed; a row that was printed and parsed
 * again is a scenario of its own.
 */
#ifndef SIM_SCENARIO_EDIT_H
#define SIM_SCENARIO_EDIT_H

#include "scenario.h"

/* A string of the scenario's, to be put into its tree. */
const char *scenario_keep(struct scenario *scenario, const char *text);

void scenario_set_title(struct scenario *scenario, const char *title);

/* "strict", "checks only" and "fails" take effect; `value` is "" for a bare word. */
void scenario_add_tag(struct scenario *scenario, const char *name, const char *value);

/* Takes the tag off the list, however often it is there.  It stays in effect until the scenario is printed and
 * parsed again. */
void scenario_drop_tag(struct scenario *scenario, const char *name);

/* The settings that the language has words for, by their numbers; lists such as the hosts are always as
 * usual.  One that is not can be put back to what a scenario's server usually has. */
size_t scenario_setting_count(void);
bool scenario_setting_is_usual(size_t index, const struct core_settings *of);
void scenario_setting_reset(size_t index, struct core_settings *of);

/* Takes out the roster and the block list of an account, if it has them. */
void scenario_forget_lists(struct scenario *scenario, const char *owner);

/* Takes a step out, wherever it is.  The block that it was the last of goes as well. */
void scenario_remove_step(struct scenario *scenario, struct step *step);

/* Takes one out of the cast, and all its steps; the actors of other steps are renumbered.  References to its
 * JID by name, "${Romeo's JID}", are replaced by the address; the full JID is the requested one.
 * Its roster and block list go with its account, unless another character has it too.  Captures of its
 * steps are no longer defined for other steps, and the hosts stay. */
void scenario_remove_character(struct scenario *scenario, size_t index);

#endif
