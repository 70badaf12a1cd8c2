/*
 * verdict.h - what a result means for a scenario that says it must fail.
 */
#ifndef SIM_VERDICT_H
#define SIM_VERDICT_H

#include "stage.h"

/* For a scenario with the tag "fails": a failure whose summary or explanation contains the tag's words, white
 * space being like any other, becomes a pass; a pass, or another failure, becomes a failure that says so. Any
 * other result stays. */
void verdict_apply(const struct scenario *scenario, struct stage_result *result);

#endif
