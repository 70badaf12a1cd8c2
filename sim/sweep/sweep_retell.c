#include "sweep_retell.h"

#include "../must.h"
#include "sweep_summary.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

static void retell(struct event_reports *reports, const char *program, const struct sweep_result *result,
                   const struct sweep_failure *failure, uint64_t time_limit)
{
    struct choices choices;
    struct complaints complaints = { 0 };
    char name[40];
    char *replay = NULL;
    size_t length = 0;
    choices_init(&choices, CHOICE_SEEDED, failure->seed);
    char *text = plot_write(&result->options, &choices, NULL);
    (void)snprintf(name, sizeof name, "seed %" PRIu64, failure->seed);
    struct scenario *scenario = scenario_parse(name, text, strlen(text), NULL, NULL, &complaints);
    assert(scenario != NULL);
    FILE *out = must(open_memstream(&replay, &length));
    sweep_print_command(out, program, "replay", &result->options, failure->seed);
    (void)fclose(out);
    event_reports_add(reports, &(struct retold){ .scenario = scenario,
                                                 .name = name,
                                                 .source = text,
                                                 .replay = must(replay),
                                                 .options = { .kind = result->options.kind,
                                                              .policy = CHOICE_SEEDED,
                                                              .seed = failure->seed },
                                                 .time_limit = time_limit });
    free(replay);
    scenario_free(scenario);
    free(text);
}

static uint64_t count_skipped(const struct sweep_result *result)
{
    uint64_t skipped = 0;
    for (size_t i = 0; i < result->skipped.count; i++)
        skipped += result->skipped.list[i].count;
    return skipped;
}

bool sweep_retell(struct event_reports *reports, const char *program, const struct sweep_result *result,
                  uint64_t time_limit)
{
    size_t causes = 0;
    if (reports == NULL)
        return true;
    for (const struct sweep_failure *failure = result->failures; failure != NULL; failure = failure->next)
        causes++;
    event_reports_begin(reports, causes);
    for (const struct sweep_failure *failure = result->failures; failure != NULL; failure = failure->next)
        retell(reports, program, result, failure, time_limit);
    const uint64_t skipped = count_skipped(result);
    const struct report_totals totals = { .passed = (size_t)(result->runs - result->failed - skipped),
                                          .failed = (size_t)result->failed,
                                          .skipped = (size_t)skipped,
                                          .kind = result->options.kind,
                                          .events = result->events,
                                          .trace_hash = result->trace_sum };
    return event_reports_close(reports, &totals);
}
