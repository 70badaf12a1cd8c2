/*
 * event_run.h - runs a scenario and keeps its events as texts of the result.
 */
#ifndef SIM_TOOL_EVENT_RUN_H
#define SIM_TOOL_EVENT_RUN_H

#include "../player/player.h"

/* What is kept.  Zeroed is nothing: then this is player_run. */
struct event_kept {
    uint64_t number;   /* result->log: the lines of the case with this number (event_log.h); 0 for none */
    bool mermaid, dot; /* result->mermaid, result->dot: its diagram (diagram.h) */
};

/* As player_run does.  The options have no sink for events. */
void event_run(const struct scenario *scenario, const struct player_options *options,
               const struct event_kept *kept, struct player_result *result);

#endif
