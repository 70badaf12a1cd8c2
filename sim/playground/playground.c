#include "playground.h"

#include "../must.h"
#include "../player/exploration.h"
#include "../player/verdict.h"
#include "../text.h"
#include "../tool/event_log.h"
#include "../tool/json.h"
#include "../tool/machine.h"
#include "../tool/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char path[] = "scenario.scs";

enum { STATES_MOST = 1000000 };

struct wishes {
    const uint64_t *seed; /* NULL for the default schedule */
    uint32_t fail_allocation;
    bool strict;
};

/* ---- The text ---- */

static char *read_nothing(void *host, const char *name, size_t *length)
{
    (void)host;
    (void)name;
    *length = 0;
    return NULL;
}

/* Every row has what all rows share, so the first one has the errors of the file, and the number of rows. */
static struct scenario *parse(const char *text, uint32_t row, struct complaints *complaints)
{
    struct scenario_file *file = scenario_file_new(path, text, strlen(text), read_nothing, NULL);
    struct scenario *scenario = scenario_file_row(file, 1, complaints);
    if (scenario != NULL && row > 1 && scenario->rows > 1) {
        const size_t wanted = row < scenario->rows ? row : scenario->rows;
        scenario_free(scenario);
        scenario = scenario_file_row(file, wanted, complaints);
    }
    scenario_file_free(file);
    return scenario;
}

static void print_complaints(FILE *out, const struct complaints *complaints)
{
    for (size_t i = 0; i < complaints->count && i < COMPLAINTS_MAX; i++) {
        fputs("{\"type\":\"complaint\"", out);
        json_number(out, "line", (uint64_t)complaints->list[i].line);
        json_string(out, "message", complaints->list[i].message);
        fputs("}\n", out);
    }
}

/* ---- Running ---- */

/* The command that repeats the run, or finds its order again; the caller frees it. */
static char *replay_command(const struct scenario *scenario, const struct wishes *wishes, bool explored)
{
    struct text command = { 0 };
    char option[64];
    text_string(&command, explored ? "build/rehearse explore " : "build/rehearse run ");
    if (wishes->seed != NULL) {
        (void)snprintf(option, sizeof option, "--seed %" PRIu64 " ", *wishes->seed);
        text_string(&command, option);
    }
    if (wishes->fail_allocation > 0) {
        (void)snprintf(option, sizeof option, "--fail-allocation %" PRIu32 " ", wishes->fail_allocation);
        text_string(&command, option);
    }
    text_string(&command, wishes->strict ? "--strict " : "");
    text_string(&command, scenario->name);
    return text_take(&command);
}

/* Runs it once, in the order of `choices` if these are not NULL. */
static struct report_case run_once(const struct scenario *scenario, const struct wishes *wishes,
                                   struct recording *choices, struct player_result *result)
{
    char *replay = replay_command(scenario, wishes, choices != NULL);
    struct event_log *log = event_log_new(scenario, 1, PLAYGROUND_LOG_MOST);
    const enum choice_policy unrecorded = wishes->seed != NULL ? CHOICE_SEEDED : CHOICE_SCRIPTED;
    const struct player_options options = {
        .policy = choices != NULL ? CHOICE_RECORDED : unrecorded,
        .recording = choices,
        .any_order = choices != NULL,
        .seed = wishes->seed != NULL ? *wishes->seed : 0,
        .strict = wishes->strict,
        .fail_allocation = wishes->fail_allocation,
        .most_events = PLAYGROUND_EVENTS_MOST,
        .most_iterations = PLAYGROUND_ITERATIONS_MOST,
        .event = event_log_add,
        .event_host = log,
        .replay = replay,
    };
    const uint64_t began = machine_now();
    player_run(scenario, &options, result);
    if (!result->halted || !result->passed)
        verdict_apply(scenario, result);
    result->log = event_log_take(log);
    return (struct report_case){ .path = scenario->path,
                                 .name = scenario->name,
                                 .title = scenario->title,
                                 .result = result,
                                 .real_time = machine_now() - began,
                                 .replay = replay };
}

/* ---- What is told ---- */

static void print_explored(FILE *out, const struct exploration *exploration)
{
    static const char *const ends[] = { [EXPLORATION_FINISHED] = "finished",
                                        [EXPLORATION_FAILED] = "failed",
                                        [EXPLORATION_GAVE_UP] = "gave up" };
    char *choices = exploration->end == EXPLORATION_FAILED ? recording_print(&exploration->path) : NULL;
    fprintf(out, "{\"end\":\"%s\"", ends[exploration->end]);
    json_number(out, "runs", exploration->runs);
    json_number(out, "states", exploration->states);
    json_number(out, "events", exploration->events);
    json_string(out, "choices", choices);
    fputc('}', out);
    free(choices);
}

static void print_head(FILE *out, const struct scenario *scenario, const struct player_result *result,
                       const struct exploration *exploration)
{
    fputs("{\"type\":\"playground\"", out);
    json_number(out, "row", scenario->rows > 0 ? scenario->row : 1);
    json_number(out, "rows", scenario->rows);
    json_bool(out, "halted", result->halted);
    json_key(out, "explored");
    if (exploration != NULL)
        print_explored(out, exploration);
    else
        fputs("null", out);
    fputs("}\n", out);
}

static void print_report(FILE *out, const struct report_case *one, const uint64_t *seed)
{
    const struct report_options options = { .expected = 1, .files = 1, .selected = 1, .seed = seed };
    struct report_totals totals = { .seed = seed, .real_time = one->real_time };
    struct report *report = report_begin(REPORT_EVENTS, out, &options);
    report_add(report, one);
    report_count(&totals, one->result);
    report_end(report, &totals);
}

static void run(FILE *out, const struct scenario *scenario, const char *text, const struct wishes *wishes,
                struct exploration *exploration)
{
    struct player_result result = { 0 };
    struct recording *choices = NULL;
    if (exploration != NULL) {
        exploration_go(exploration);
        choices = exploration->end == EXPLORATION_FAILED ? &exploration->path : NULL;
    }
    struct report_case one = run_once(scenario, wishes, choices, &result);
    one.source = text;
    print_head(out, scenario, &result, exploration);
    print_report(out, &one, wishes->seed);
    player_result_free(&result);
    free((char *)one.replay);
}

char *playground_run(const char *text, const char *seed, uint32_t row, uint32_t fail_allocation, bool strict,
                     bool explore)
{
    struct complaints complaints = { 0 };
    uint64_t number = 0;
    const bool seeded = !explore && text_read_number(seed, UINT64_MAX, &number);
    const struct wishes wishes = { .seed = seeded ? &number : NULL,
                                   .fail_allocation = explore ? 0 : fail_allocation,
                                   .strict = strict && !explore };
    char *lines = NULL;
    size_t length = 0;
    FILE *out = must(open_memstream(&lines, &length));
    struct scenario *scenario = parse(text, row, &complaints);
    struct exploration exploration = { .scenario = scenario,
                                       .runs_most = PLAYGROUND_ORDERS_MOST,
                                       .states_most = STATES_MOST };
    if (scenario != NULL)
        run(out, scenario, text, &wishes, explore ? &exploration : NULL);
    else
        print_complaints(out, &complaints);
    exploration_free(&exploration);
    scenario_free(scenario);
    (void)fclose(out);
    return must(lines);
}
