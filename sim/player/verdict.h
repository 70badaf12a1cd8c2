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

#endif
