/*
 * sweep_retell.h - the failing seeds of a sweep with their events (event_reports.h): the first seed of each
 * cause.
 */
#ifndef SIM_SWEEP_RETELL_H
#define SIM_SWEEP_RETELL_H

#include "../tool/event_reports.h"
#include "sweep_result.h"

/* Runs these seeds once more, and writes and closes the reports, with a line "cause" for each
 * (sim/viewer/FORMAT.md). Returns false after an error message.  NULL reports have no effect. */
bool sweep_retell(struct event_reports *reports, const char *program, const struct sweep_result *result,
                  uint64_t time_limit);

#endif
