#include "event_run.h"

#include "diagram.h"
#include "event_log.h"

#include <assert.h>

struct sinks {
    struct event_log *log; /* or NULL */
    struct diagram *diagram;
};

static void hear(void *host, const struct run_event *event)
{
    const struct sinks *sinks = host;
    if (sinks->log != NULL)
        event_log_add(sinks->log, event);
    if (sinks->diagram != NULL)
        diagram_add(sinks->diagram, event);
}

void event_run(const struct scenario *scenario, const struct player_options *options,
               const struct event_kept *kept, struct player_result *result)
{
    struct player_options own = *options;
    struct sinks sinks = { .log = NULL };
    assert(options->event == NULL);
    if (kept->number > 0)
        sinks.log = event_log_new(scenario, kept->number, EVENT_LOG_MOST);
    if (kept->mermaid || kept->dot)
        sinks.diagram = diagram_new(scenario);
    own.event = sinks.log != NULL || sinks.diagram != NULL ? hear : NULL;
    own.event_host = &sinks;
    player_run(scenario, &own, result);
    if (sinks.log != NULL)
        result->log = event_log_take(sinks.log);
    if (kept->mermaid)
        result->mermaid = diagram_mermaid(sinks.diagram);
    if (kept->dot)
        result->dot = diagram_dot(sinks.diagram);
    diagram_free(sinks.diagram);
}
