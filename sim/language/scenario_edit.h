/*
 * scenario_edit.h - changes a scenario in memory, for shrinking.
 *
 * A scenario's lists are linked lists, and everything in them belongs to the scenario, including strings.
 * Arguments are copied.  Unlinked parts stay in memory until scenario_free, so a tag, an account, a roster,
 * an item or a property may be removed by changing the link before it.  Only steps own more, and are removed
 * with scenario_remove_step.
 *
 * A changed scenario can be printed (scenario_print.h) and run (player.h) like a parsed one.  Rows of a table
 * share their head, so none of them may be changed; print and parse a row to get a scenario of its own.
 */
#ifndef SIM_SCENARIO_EDIT_H
#define SIM_SCENARIO_EDIT_H

#include "scenario.h"

/* Copies a string into the scenario's memory, for use in its tree. */
const char *scenario_keep(struct scenario *scenario, const char *text);

void scenario_set_title(struct scenario *scenario, const char *title);

/* Adds a tag.  "strict", "checks only", "fails" and "level" take effect; `value` is "" for none. */
void scenario_add_tag(struct scenario *scenario, const char *name, const char *value);

/* Takes the tag off the list, however often it is there.  It stays in effect until the scenario is printed and
 * parsed again. */
void scenario_drop_tag(struct scenario *scenario, const char *name);

/* The settings of the language by number; lists such as the hosts always count as usual.  A changed setting
 * can be reset to the default of scenarios. */
size_t scenario_setting_count(void);
bool scenario_setting_is_usual(size_t index, const struct core_settings *of);
void scenario_setting_reset(size_t index, struct core_settings *of);

/* Removes the roster and the block list of an account, if it has them. */
void scenario_forget_lists(struct scenario *scenario, const char *owner);

/* Removes a step, at any depth.  A block that becomes empty is removed as well. */
void scenario_remove_step(struct scenario *scenario, struct step *step);

/* Replaces each block "At the same time" by its steps, one after the other. */
void scenario_take_turns(struct scenario *scenario);

/* Removes a character and all its steps; the actors of other steps are renumbered.  References to its JID by
 * name, "${Romeo's JID}", are replaced by the address; the full JID is the requested one. Its roster and
 * block list go with its account, unless another character has it too.  Captures of its steps are no longer
 * defined for other steps, and the hosts stay. */
void scenario_remove_character(struct scenario *scenario, size_t index);

#endif
