/*
 * scenario_edit.h - scenarios made and changed in memory, without a file: for what generates and what
 * shrinks.
 *
 * A scenario's lists are plain lists, and all that hangs on them belongs to the scenario, strings included.
 * What is handed in here is copied.  What is unlinked stays in memory until scenario_free, so that unlinking
 * is cheap: a tag, an account, a roster, an item, a property may be taken off its list by changing the link
 * before it.  Only steps own more than that, and are removed with scenario_remove_step.
 *
 * A tree made here can be printed (scenario_print.h) and played (stage.h) as a parsed one can.
 */
#ifndef SIM_SCENARIO_EDIT_H
#define SIM_SCENARIO_EDIT_H

#include "scenario.h"

/* A scenario with nobody in it and no steps, on a server with the usual settings of scenarios.  Its title is
 * the path. */
struct scenario *scenario_new(const char *path);

/* All of it, lines and sources as they are. */
struct scenario *scenario_copy(const struct scenario *original);

/* A string of the scenario's, to be put into its tree. */
const char *scenario_keep(struct scenario *scenario, const char *text);

void scenario_set_title(struct scenario *scenario, const char *title);

/* "strict", "checks only" and "fails" take effect; `value` is "" for a bare word. */
void scenario_add_tag(struct scenario *scenario, const char *name, const char *value);

/* Adds a host to the first server's; one that it has already is left as it is. */
void scenario_add_host(struct scenario *scenario, const char *host);

/* Adds to the end of the cast, and the JID's domain to the first server's hosts unless another server has it.
 * Of the character only the name and the bare JID must be there; `local` and `domain` are made from that.
 * Returns the index, which is what steps have as their actor. */
int scenario_add_character(struct scenario *scenario, const struct character *character);

/* Adds an account that is nobody's in the cast, or, for a JID of the cast, its status.  The JID and the
 * status, which may be NULL, are what is needed; the rest as above. */
struct account *scenario_add_account(struct scenario *scenario, const struct account *account);

/* Adds an item to the roster of an account, which is made if there is none; a JID to its block list. */
struct roster_line *scenario_add_roster_line(struct scenario *scenario, const char *owner,
                                             const struct roster_line *item);
struct blocked_line *scenario_add_blocked(struct scenario *scenario, const char *owner, const char *jid);

/* The settings that the language has words for, by their numbers; lists such as the hosts are always as
 * usual.  One that is not can be put back to what a scenario's server usually has. */
size_t scenario_setting_count(void);
bool scenario_setting_is_usual(size_t index, const struct core_settings *of);
void scenario_setting_reset(size_t index, struct core_settings *of);

/* Takes out the roster and the block list of an account, if it has them. */
void scenario_forget_lists(struct scenario *scenario, const char *owner);

/* Puts a copy of a step and all that is in it before the one that *link leads to: `link` is &scenario->steps,
 * or the `next` or the `steps` of a step of this scenario.  A text without a length is measured.  A
 * step without `source` gets the line that is printed for it. */
struct step *scenario_insert_step(struct scenario *scenario, struct step **link, const struct step *step);

/* The same behind the last of that list. */
struct step *scenario_append_step(struct scenario *scenario, struct step **list, const struct step *step);

/* Adds to the stanzas of a step of this scenario what is written as in a scenario's block.  False, and
 * nothing added, when that is not well-formed or empty. */
bool scenario_add_stanzas(struct step *step, const char *xml);

/* Takes a step out, wherever it is.  The block that it was the last of goes as well. */
void scenario_remove_step(struct scenario *scenario, struct step *step);

/* Takes one out of the cast, and all its steps; the actors of other steps are renumbered.  Where its JID is
 * spoken of by name, "${Romeo's JID}", the address is put in instead: the full one is that which it asks for.
 * Its roster and block list go with its account, unless another character has it too.  What its steps
 * captured is known to no step any more, and the hosts stay. */
void scenario_remove_character(struct scenario *scenario, size_t index);

#endif
