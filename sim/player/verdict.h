/*
 * verdict.h - the result of a scenario that is expected to fail.
 */
#ifndef SIM_VERDICT_H
#define SIM_VERDICT_H

#include "player.h"

/* Inverts the result of a scenario with the tag "fails".  A failure whose summary or explanation contains the
 * words of the tag, any white space being equal, becomes a pass; a pass or another failure becomes a failure
 * that says so.  Other results are unchanged. */
void verdict_apply(const struct scenario *scenario, struct player_result *result);

/* Whether the summary or the explanation of a failure contains words, any white space being equal. */
bool verdict_says(const struct player_result *result, const char *words);

/* Makes a pass of a failure; and a failure of any result, with a summary that becomes the result's and stands above
 * the previous explanation. */
void verdict_pass(struct player_result *result);
void verdict_fail(struct player_result *result, char *summary);

#endif
