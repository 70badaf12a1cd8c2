#include "explore.h"

#include "../must.h"
#include "../player/exploration.h"
#include "../printable.h"
#include "../text.h"
#include "../tool/colour.h"
#include "../tool/event_reports.h"
#include "../tool/files.h"
#include "../tool/interrupt.h"
#include "../tool/machine.h"
#include "../tool/output.h"
#include "../tool/progress.h"
#include "../tool/report.h"
#include "../tool/selection.h"
#include "../tool/server_option.h"
#include "../tool/suite.h"
#include "../tool/worker_pool.h"
#include "explore_events.h"
#include "regression.h"

#include <inttypes.h>
#include <string.h>

enum { JOBS_MOST = 256, JOURNAL_MOST = 10000 };

struct settings {
    struct selection selection; /* must be the first member: the shared options expect it there */
    uint64_t runs, states;
    size_t jobs;
    uint64_t time_limit;          /* time limit of each run, real nanoseconds */
    const char *record;           /* a file, or NULL */
    struct report_wishes reports; /* of --events and --html */
    enum colour colour;
    const struct server_kind *kind; /* NULL for our core */
};

/* The progress of the process that explores a scenario, so that the run in which it died is known. */
struct journal {
    uint64_t runs;
    size_t count;
    struct choice path[JOURNAL_MOST];
};

struct explorer {
    const char *program;
    const struct settings *settings;
    const struct suite *suite;
    size_t *explored; /* indexes into the suite */
    size_t explored_count;
    size_t next; /* index in the suite, for the report */
    size_t told; /* of the explored ones */
    struct journal *journals;
    bool colour;
    struct output *record;          /* the output file for the failed run, until it is written; or NULL */
    struct run_reports *reports;    /* or NULL */
    bool written;                   /* whether everything was written */
    const struct scenario **failed; /* as many as the totals count */
    struct report_totals totals;
    struct progress_bar bar;
};

/* ---- Options ---- */

static const char *take_runs(void *settings, const char *value)
{
    uint64_t *runs = &((struct settings *)settings)->runs;
    return text_read_number(value, UINT64_MAX, runs) && *runs > 0 ? NULL : "a number from 1";
}

static const char *take_states(void *settings, const char *value)
{
    uint64_t *states = &((struct settings *)settings)->states;
    return text_read_number(value, UINT64_MAX, states) && *states > 0 ? NULL : "a number from 1";
}

static const char *take_record(void *settings, const char *value)
{
    ((struct settings *)settings)->record = value;
    return *value != '\0' ? NULL : "a file";
}

static const char *take_format(void *settings, const char *value)
{
    return report_wishes_take_format(&((struct settings *)settings)->reports, value);
}

static const char *take_events(void *settings, const char *value)
{
    return report_wishes_add_file(&((struct settings *)settings)->reports, REPORT_EVENTS, value);
}

static const char *take_html(void *settings, const char *value)
{
    return report_wishes_add_file(&((struct settings *)settings)->reports, REPORT_HTML, value);
}

static const char *take_color(void *settings, const char *value)
{
    return colour_take(&((struct settings *)settings)->colour, value);
}

static const char *take_jobs(void *settings, const char *value)
{
    uint64_t jobs;
    if (!text_read_number(value, JOBS_MOST, &jobs))
        return "a number from 0 to 256";
    ((struct settings *)settings)->jobs = (size_t)jobs;
    return NULL;
}

static const char *take_time_limit(void *settings, const char *value)
{
    return options_span(value, &((struct settings *)settings)->time_limit) ? NULL : OPTIONS_SPAN;
}

static const char *take_server(void *settings, const char *value)
{
    return server_option_take(&((struct settings *)settings)->kind, value);
}

/* ---- Exploring ---- */

static const struct scenario *scenario_at(const struct explorer *explorer, size_t index)
{
    return explorer->suite->scenarios[explorer->explored[index]];
}

/* The command that finds the run again, or runs the recorded file; the caller frees. */
static char *replay_command(const struct explorer *explorer, const struct scenario *scenario)
{
    const char *record = explorer->settings->record;
    char *text = NULL;
    size_t length = 0;
    FILE *out = must(open_memstream(&text, &length));
    machine_print_word(out, explorer->program);
    fputs(record != NULL ? " replay" : " explore", out);
    server_option_print(out, explorer->settings->kind);
    fputc(' ', out);
    file_print_operand(out, record != NULL ? record : scenario->name);
    fclose(out);
    return must(text);
}

/* Beyond the end of the path every choice is the first possibility. */
static void note_run(void *host, const struct exploration *exploration)
{
    struct journal *journal = host;
    const struct recording *path = &exploration->path;
    journal->runs = exploration->runs;
    journal->count = path->count < JOURNAL_MOST ? path->count : JOURNAL_MOST;
    if (journal->count > 0)
        memcpy(journal->path, path->list, journal->count * sizeof *path->list);
}

static char *sum_up(const struct exploration *exploration)
{
    static const char *const words[][2] = { [EXPLORATION_FINISHED] = { "explored", ", finished" },
                                            [EXPLORATION_FAILED] = { "explored", ", the last run failed" },
                                            [EXPLORATION_GAVE_UP] = { "gave up after", "" } };
    char *text = NULL;
    size_t length = 0;
    FILE *out = must(open_memstream(&text, &length));
    fprintf(out, "%s %" PRIu64 " run%s, %zu state%s%s", words[exploration->end][0], exploration->runs,
            exploration->runs == 1 ? "" : "s", exploration->states, exploration->states == 1 ? "" : "s",
            words[exploration->end][1]);
    fclose(out);
    return must(text);
}

static void explore_one(void *host, size_t index, struct worker_outcome *outcome)
{
    const struct explorer *explorer = host;
    const struct scenario *scenario = scenario_at(explorer, index);
    char *replay = replay_command(explorer, scenario);
    struct exploration exploration = {
        .kind = explorer->settings->kind,
        .scenario = scenario,
        .runs_most = explorer->settings->runs,
        .states_most = explorer->settings->states,
        .replay = replay,
        .box = outcome->box,
        .colour = explorer->colour && scenario->fails == NULL,
        .begins = note_run,
        .host = &explorer->journals[index],
    };
    struct exploration_tree tree = { 0 };
    exploration.tree = explorer->reports != NULL ? &tree : NULL;
    uint64_t began = machine_now();
    exploration_go(&exploration);
    note_run(&explorer->journals[index], &exploration);
    outcome->real_time = machine_now() - began;
    outcome->result = (struct player_result){ .passed = exploration.end == EXPLORATION_FINISHED,
                                              .events = exploration.events,
                                              .summary = sum_up(&exploration),
                                              .explanation = exploration.result.explanation };
    if (explorer->reports != NULL)
        outcome->result.log = explore_events(&exploration, explorer->explored[index] + 1);
    exploration_tree_free(&tree);
    memcpy(outcome->result.skipped, exploration.result.skipped, sizeof outcome->result.skipped);
    exploration.result.explanation = NULL;
    exploration_free(&exploration);
    free(replay);
}

/* ---- The failed run as a scenario ---- */

/* The text with a tag below its title. */
static char *add_tag(const char *text, const char *tag)
{
    struct text tagged = { 0 };
    size_t title = text[0] == '#' && text[1] != '#' ? strcspn(text, "\n") : 0;
    title += title > 0 && text[title] == '\n';
    text_append(&tagged, text, title);
    text_string(&tagged, tag);
    text_string(&tagged, text + title);
    return text_take(&tagged);
}

/* The scenario with the choices of that run; the caller frees. */
static char *write_run(const struct scenario *scenario, const char *text, const struct recording *path)
{
    bool has_tag = scenario_tag(scenario, "any order") != NULL;
    char *tagged = has_tag ? must(strdup(text)) : add_tag(text, "## any order\n");
    char *written = regression_write(tagged, scenario->row, 0, path);
    free(tagged);
    return written;
}

/* Closes the output. */
static bool record(struct output *output, const struct scenario *scenario, const char *text,
                   const struct recording *choices)
{
    char *written = write_run(scenario, text, choices);
    fputs(written, output_file(output));
    free(written);
    return output_commit(output);
}

static void tell_choices(const struct explorer *explorer, const struct recording *path)
{
    const char *file = explorer->settings->record;
    char *choices = recording_print(path);
    if (file != NULL) {
        fputs("\n        this run was recorded as the scenario ", stdout);
        printable_string(stdout, file);
        fputs("\n\n", stdout);
    } else {
        printf("\n        tags that select this run of the scenario:\n          ## any order\n          ## "
               "choices: %s\n\n",
               choices);
    }
    free(choices);
}

static void tell_order(struct explorer *explorer, size_t index)
{
    const struct scenario *scenario = scenario_at(explorer, index);
    struct journal *journal = &explorer->journals[index];
    const struct recording path = { journal->path, journal->count, journal->count };
    if (explorer->record != NULL)
        explorer->written =
            record(explorer->record, scenario, suite_text(explorer->suite, scenario), &path) &&
            explorer->written;
    explorer->record = NULL;
    tell_choices(explorer, &path);
}

/* ---- Reporting ---- */

static void tell_skipped_until(struct explorer *explorer, size_t end)
{
    for (; explorer->next < end; explorer->next++) {
        const struct scenario *scenario = explorer->suite->scenarios[explorer->next];
        const char *skips = selection_skips(&explorer->settings->selection, scenario);
        explorer->totals.skipped++;
        if (explorer->reports != NULL)
            run_reports_add(explorer->reports,
                            &(struct report_case){ .path = scenario->path,
                                                   .name = scenario->name,
                                                   .title = scenario->title,
                                                   .skipped = skips != NULL ? skips : "interrupted" });
    }
}

static void add_to_reports(const struct explorer *explorer, const struct scenario *scenario,
                           const struct worker_outcome *outcome)
{
    char *replay = replay_command(explorer, scenario);
    if (explorer->reports != NULL)
        run_reports_add(explorer->reports,
                        &(struct report_case){ .path = scenario->path,
                                               .name = scenario->name,
                                               .title = scenario->title,
                                               .result = &outcome->result,
                                               .real_time = outcome->real_time,
                                               .replay = replay,
                                               .source = suite_text(explorer->suite, scenario),
                                               .looked_at = true });
    free(replay);
}

static void print_name(const char *mark, const struct scenario *scenario)
{
    printf("  %-7s  ", mark);
    printable_string(stdout, scenario->title);
    fputs("  ", stdout);
    printable_string(stdout, scenario->name);
    putchar('\n');
}

static bool tell_one(void *host, size_t index, struct worker_outcome *outcome)
{
    struct explorer *explorer = host;
    const struct scenario *scenario = scenario_at(explorer, index);
    const struct player_result *result = &outcome->result;
    tell_skipped_until(explorer, explorer->explored[index]);
    explorer->next++;
    explorer->told++;
    add_to_reports(explorer, scenario, outcome);
    if (result->skipped[0] != '\0') {
        report_count(&explorer->totals, result);
        return true;
    }
    explorer->totals.passed += result->passed;
    explorer->totals.events += result->events;
    if (!result->passed)
        explorer->failed[explorer->totals.failed++] = scenario;
    progress_erase(&explorer->bar);
    print_name(result->passed ? "ok" : "FAILED", scenario);
    if (outcome->lost)
        printf("           explored %" PRIu64 " run%s; the next run failed\n", explorer->journals[index].runs,
               explorer->journals[index].runs == 1 ? "" : "s");
    else
        printf("           %s, %" PRIu64 " events (%.2f s)\n", result->summary, result->events,
               (double)outcome->real_time / (double)SIM_SECOND);
    report_explain(stdout, result->explanation, REPORT_INDENT);
    if (outcome->lost || result->explanation != NULL)
        tell_order(explorer, index);
    fflush(stdout);
    return true;
}

/* The failures again, at the end of the report. */
static void list_failures(const struct explorer *explorer)
{
    const size_t count = explorer->totals.failed;
    if (count > 0)
        printf("\n%zu failed:\n", count);
    for (size_t i = 0; i < count; i++) {
        fputs("  ", stdout);
        printable_string(stdout, explorer->failed[i]->name);
        fputs("  ", stdout);
        printable_string(stdout, explorer->failed[i]->title);
        putchar('\n');
    }
}

/* The scenarios that were being explored at the interruption. */
static void tell_interrupted(const struct explorer *explorer)
{
    for (size_t i = explorer->told; i < explorer->explored_count; i++) {
        const uint64_t runs = explorer->journals[i].runs;
        if (runs == 0)
            continue;
        print_name("skipped", scenario_at(explorer, i));
        printf("           interrupted after %" PRIu64 " run%s\n", runs, runs == 1 ? "" : "s");
    }
}

static void tell_progress(void *host)
{
    struct explorer *explorer = host;
    const size_t told = explorer->totals.passed + explorer->totals.failed;
    uint64_t runs = 0;
    char note[64];
    if (!explorer->bar.terminal)
        return;
    for (size_t i = 0; i < explorer->explored_count; i++)
        runs += explorer->journals[i].runs;
    snprintf(note, sizeof note, "%" PRIu64 " runs, %zu failed", runs, explorer->totals.failed);
    progress_update(&explorer->bar, told, explorer->explored_count, note);
}

/* ---- explore ---- */

static int explore_suite(struct explorer *explorer)
{
    const struct suite *suite = explorer->suite;
    explorer->explored = must(calloc(suite->count + 1, sizeof *explorer->explored));
    explorer->failed = must(calloc(suite->count + 1, sizeof(struct scenario *)));
    for (size_t i = 0; i < suite->count; i++)
        if (selection_skips(&explorer->settings->selection, suite->scenarios[i]) == NULL)
            explorer->explored[explorer->explored_count++] = i;
    const size_t size = (explorer->explored_count + 1) * sizeof *explorer->journals;
    explorer->journals = machine_share(size);
    explorer->bar = progress_begin(stderr, 0);
    if (explorer->reports != NULL)
        run_reports_begin(explorer->reports,
                          &(struct report_options){ .expected = suite->count,
                                                    .files = suite->file_count,
                                                    .selected = explorer->explored_count });
    interrupt_watch();
    worker_pool_run(&(struct worker_pool){ .count = explorer->explored_count,
                                           .jobs = explorer->settings->jobs,
                                           .limit = explorer->settings->time_limit,
                                           .run = explore_one,
                                           .tell = tell_one,
                                           .wait = tell_progress,
                                           .host = explorer });
    progress_erase(&explorer->bar);
    tell_interrupted(explorer);
    tell_skipped_until(explorer, suite->count);
    output_abandon(explorer->record);
    list_failures(explorer);
    putchar('\n');
    report_lacks(stdout, &explorer->totals);
    report_counts(stdout, &explorer->totals);
    if (explorer->reports != NULL) {
        run_reports_end(explorer->reports, &explorer->totals);
        explorer->written = run_reports_close(explorer->reports) && explorer->written;
    }
    machine_unshare(explorer->journals, size);
    free(explorer->explored);
    free(explorer->failed);
    if (!machine_close(stdout, "the report") || !explorer->written)
        return STATUS_WRONG;
    return interrupt_status(explorer->totals.failed == 0 ? STATUS_HELD : STATUS_FAILED);
}

static bool has_work(const struct settings *settings, const struct suite *suite)
{
    const struct report_other record = { "record", settings->record };
    if (!report_wishes_part(&settings->reports, "explore", record, suite, stderr))
        return false;
    if (settings->record == NULL || suite->count == 1)
        return true;
    fprintf(stderr, "rehearse explore: --record needs exactly one scenario, and these are %zu\n",
            suite->count);
    return false;
}

static int explore_opened(struct explorer *explorer)
{
    const struct settings *settings = explorer->settings;
    explorer->record = settings->record != NULL ? output_open(settings->record) : NULL;
    if (settings->record != NULL && explorer->record == NULL)
        return STATUS_WRONG;
    explorer->reports = settings->reports.count > 0 ? run_reports_open(&settings->reports, stdout) : NULL;
    if (settings->reports.count == 0 || explorer->reports != NULL)
        return explore_suite(explorer);
    output_abandon(explorer->record);
    return STATUS_WRONG;
}

static int explore_act(const char *program, int count, char **arguments)
{
    struct settings settings = {
        .runs = 100000, .states = 10000000, .jobs = 1, .time_limit = WORKER_POOL_LIMIT
    };
    struct suite suite = { 0 };
    size_t path_count = 0;
    int status = STATUS_WRONG;
    const char **paths = must(calloc((size_t)count + 1, sizeof *paths));
    if (options_parse(&explore_verb, &settings, count, arguments, paths, &path_count, stderr) &&
        server_option_open("explore", settings.kind, stderr)) {
        struct explorer explorer = { .program = program,
                                     .settings = &settings,
                                     .suite = &suite,
                                     .colour = colour_on(settings.colour, stdout),
                                     .written = true };
        if (path_count == 0)
            fputs("rehearse explore: no PATH was given; see `rehearse help explore`\n", stderr);
        else if (suite_load(&suite, paths, path_count, stderr) &&
                 selection_apply(&settings.selection, &suite, stderr) && has_work(&settings, &suite))
            status = explore_opened(&explorer);
        suite_free(&suite);
    }
    selection_free(&settings.selection);
    free(paths);
    return status;
}

static const struct option explore_options[] = {
    SERVER_OPTION(take_server),
    { "runs", "N", "stop after N runs of a scenario (100000)", take_runs },
    { "states", "N", "stop after N states (10000000)", take_states },
    { "record", "FILE", "write the failed run to FILE as a scenario", take_record },
    TEXT_FORMAT_OPTION(take_format),
    EVENT_REPORT_OPTIONS(take_events, take_html, "of failing runs, and the trees of choices,"),
    SELECTION_OPTIONS,
    { "jobs", "N", "explore N scenarios at a time (1), or in this process (0), for a debugger", take_jobs },
    { "time-limit", "SPAN", "a run that takes longer in real time fails; SPAN is such as 10s or 5m (60s)",
      take_time_limit },
    COLOUR_OPTION(take_color),
};

const struct verb explore_verb = {
    .name = "explore",
    .arguments = "[OPTION...] PATH...",
    .summary = "Runs scenarios with every possible order of events.",
    .about =
        "A PATH is a file, a folder, FILE#3, FILE:33 or -, as for `rehearse run`.  Nothing takes time in\n"
        "this mode: operations that are in progress at the same time, on the wires, at the disk and between\n"
        "servers, complete in every possible order, and so do the steps below \"at the same time:\".  The\n"
        "passing of time is interleaved with all of them, so that a timeout fires before and after each.\n"
        "A run that reaches a state that an earlier run was in ends there.\n"
        "\n"
        "The first failing run ends the exploration of a scenario: the failure is explained, and --record\n"
        "writes the run as a scenario that `rehearse run` and `rehearse replay` accept.  A run whose\n"
        "process dies or exceeds the time limit has failed too.\n"
        "The last line is \"N passed, N failed\", followed by \", N skipped\" if any were.  Exit status: 0 "
        "when\n"
        "every order passed, 1 when one failed or there were too many orders, 2 for a usage error or a file\n"
        "that cannot be read or written, 130 or 143 after SIGINT or SIGTERM.\n",
    .options = explore_options,
    .option_count = sizeof explore_options / sizeof *explore_options,
    .act = explore_act,
};
