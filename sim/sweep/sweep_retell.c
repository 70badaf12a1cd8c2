#include "sweep_retell.h"

#include "../must.h"
#include "../tool/json.h"
#include "sweep_summary.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

/* How many seeds failed for this cause; the caller frees. */
static char *cause_line(uint64_t number, const struct sweep_result *result,
                        const struct sweep_failure *failure)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = must(open_memstream(&text, &length));
    fputs("{\"type\":\"cause\"", out);
    json_number(out, "case", number);
    json_number(out, "seed", failure->seed);
    json_string(out, "cause", failure->cause);
    json_number(out, "seeds", failure->count);
    json_number(out, "of", result->runs);
    fputs("}\n", out);
    (void)fclose(out);
    return must(text);
}

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
    char *cause = cause_line(event_reports_number(reports) + 1, result, failure);
    event_reports_add(
        reports,
        &(struct retold){
            .scenario = scenario,
            .name = name,
            .source = text,
            .replay = must(replay),
            .options = { .kind = result->options.kind, .policy = CHOICE_SEEDED, .seed = failure->seed },
            .time_limit = time_limit },
        cause);
    free(cause);
    free(replay);
    scenario_free(scenario);
    free(text);
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
    return event_reports_close(reports);
}
