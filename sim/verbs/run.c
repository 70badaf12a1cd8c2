#include "run.h"
#include "../text.h"

#include "../must.h"
#include "../player/verdict.h"
#include "../printable.h"
#include "../tool/expectations.h"
#include "../tool/files.h"
#include "../tool/interrupt.h"
#include "../tool/last_failed.h"
#include "../tool/machine.h"
#include "../tool/run_reports.h"
#include "../tool/selection.h"
#include "../tool/server_option.h"
#include "../tool/suite.h"
#include "../tool/worker_pool.h"
#include "run_watch.h"

#include <inttypes.h>
#include <string.h>

enum { JOBS_MAX = 256 };

struct settings {
    struct selection selection; /* must be the first member: the shared options expect it there */
    enum choice_policy policy;
    uint64_t seed;
    uint64_t fail_allocation; /* 0 for none */
    bool strict, fail_fast, last_failed, watch;
    struct report_wishes reports;
    const char *trace; /* NULL for none, "-" for standard output */
    uint64_t jobs;
    uint64_t time_limit;            /* time limit of each run, real nanoseconds */
    const struct server_kind *kind; /* NULL for our core */
    const char *expect;             /* a file, "none", or NULL for that of the server */
    struct expectations *expected;  /* NULL for none */
};

/* One run of a suite.  `selected` lists the indexes of the scenarios that the tags select; the pool's indexes
 * refer to this list.  `next` is the first scenario of the suite that was not reported yet. */
struct suite_run {
    const char *program;
    const struct settings *settings;
    const struct suite *suite;
    size_t *selected;
    size_t selected_count, next;
    FILE *trace_file;
    struct run_reports *reports;
    struct report_totals totals;
    struct last_failed *last;
};

static const char *take_seed(void *settings, const char *value)
{
    struct settings *run = settings;
    run->policy = CHOICE_SEEDED;
    return text_read_number(value, UINT64_MAX, &run->seed) ? NULL : "a number below 2^64";
}

static const char *take_fail_allocation(void *settings, const char *value)
{
    uint64_t *nth = &((struct settings *)settings)->fail_allocation;
    return text_read_number(value, UINT64_MAX, nth) && *nth > 0 ? NULL : "a number above 0";
}

static const char *take_jobs(void *settings, const char *value)
{
    struct settings *run = settings;
    return text_read_number(value, JOBS_MAX, &run->jobs) ? NULL : "a number from 0 to 256";
}

static const char *take_time_limit(void *settings, const char *value)
{
    return options_span(value, &((struct settings *)settings)->time_limit) ? NULL : OPTIONS_SPAN;
}

static const char *take_format(void *settings, const char *value)
{
    return report_wishes_add(&((struct settings *)settings)->reports, value);
}

static const char *take_output(void *settings, const char *value)
{
    ((struct settings *)settings)->reports.output = value;
    return *value != '\0' ? NULL : "a file";
}

static const char *take_events(void *settings, const char *value)
{
    return report_wishes_add_beside(&((struct settings *)settings)->reports, REPORT_EVENTS, value);
}

static const char *take_html(void *settings, const char *value)
{
    return report_wishes_add_beside(&((struct settings *)settings)->reports, REPORT_HTML, value);
}

static const char *take_mermaid(void *settings, const char *value)
{
    return report_wishes_add_beside(&((struct settings *)settings)->reports, REPORT_MERMAID, value);
}

static const char *take_dot(void *settings, const char *value)
{
    return report_wishes_add_beside(&((struct settings *)settings)->reports, REPORT_DOT, value);
}

static const char *take_html_all(void *settings, const char *value)
{
    (void)value;
    ((struct settings *)settings)->reports.all_events = true;
    return NULL;
}

static const char *take_trace(void *settings, const char *value)
{
    ((struct settings *)settings)->trace = value;
    return *value != '\0' ? NULL : "a file, or - for standard output";
}

static const char *take_color(void *settings, const char *value)
{
    return colour_take(&((struct settings *)settings)->reports.colour, value);
}

static const char *take_verbose(void *settings, const char *value)
{
    (void)value;
    ((struct settings *)settings)->reports.verbose = true;
    return NULL;
}

static const char *take_strict(void *settings, const char *value)
{
    (void)value;
    ((struct settings *)settings)->strict = true;
    return NULL;
}

static const char *take_last_failed(void *settings, const char *value)
{
    (void)value;
    ((struct settings *)settings)->last_failed = true;
    return NULL;
}

static const char *take_watch(void *settings, const char *value)
{
    (void)value;
    ((struct settings *)settings)->watch = true;
    return NULL;
}

static const char *take_fail_fast(void *settings, const char *value)
{
    (void)value;
    ((struct settings *)settings)->fail_fast = true;
    return NULL;
}

static const char *take_expect(void *settings, const char *value)
{
    ((struct settings *)settings)->expect = value;
    return *value != '\0' ? NULL : "a file, or none";
}

static const char *take_server(void *settings, const char *value)
{
    return server_option_take(&((struct settings *)settings)->kind, value);
}

/* ---- Running ---- */

/* The command that replays one scenario with the same options; the caller frees it. */
static char *replay_command(const struct suite_run *run, const char *name)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = must(open_memstream(&text, &length));
    machine_print_word(out, run->program);
    fputs(" run", out);
    server_option_print(out, run->settings->kind);
    if (run->settings->policy == CHOICE_SEEDED)
        fprintf(out, " --seed %" PRIu64, run->settings->seed);
    if (run->settings->fail_allocation > 0)
        fprintf(out, " --fail-allocation %" PRIu64, run->settings->fail_allocation);
    fputs(run->settings->strict ? " --strict " : " ", out);
    file_print_operand(out, name);
    fclose(out);
    return must(text);
}

static const struct scenario *scenario_at(const struct suite_run *run, size_t index)
{
    return run->suite->scenarios[run->selected[index]];
}

/* The words of the tag "fails" are searched in the explanation, which therefore must not depend on the
 * terminal. */
static void run_one(void *host, size_t index, struct worker_outcome *outcome)
{
    const struct suite_run *run = host;
    const struct scenario *scenario = scenario_at(run, index);
    char *replay = replay_command(run, scenario->name);
    const bool shown = scenario->fails == NULL;
    const struct event_kept kept = run_reports_kept(run->reports, run->selected[index] + 1);
    struct player_options options = {
        .kind = run->settings->kind,
        .policy = run->settings->policy,
        .seed = run->settings->seed,
        .strict = run->settings->strict,
        .fail_allocation = run->settings->fail_allocation,
        .colour = shown && run_reports_colour(run->reports),
        .columns = shown ? run_reports_columns(run->reports) : 0,
        .trace = run->trace_file != NULL ? trace_write : NULL,
        .trace_host = run->trace_file,
        .replay = replay,
        .box = outcome->box,
    };
    uint64_t began = machine_now();
    event_run(scenario, &options, &kept, &outcome->result);
    outcome->real_time = machine_now() - began;
    verdict_apply(scenario, &outcome->result);
    free(replay);
}

/* --- reporting --- */

static void tell_skipped_until(struct suite_run *run, size_t end, const char *reason)
{
    for (; run->next < end; run->next++) {
        const struct scenario *scenario = run->suite->scenarios[run->next];
        const char *skips = selection_skips(&run->settings->selection, scenario);
        run->totals.skipped++;
        run_reports_add(run->reports, &(struct report_case){ .path = scenario->path,
                                                             .name = scenario->name,
                                                             .title = scenario->title,
                                                             .skipped = skips != NULL ? skips : reason });
    }
}

static bool tell_one(void *host, size_t index, struct worker_outcome *outcome)
{
    struct suite_run *run = host;
    const struct scenario *scenario = scenario_at(run, index);
    char *replay = replay_command(run, scenario->name);
    tell_skipped_until(run, run->selected[index], NULL);
    run->next++;
    switch (expectations_apply(run->settings->expected, scenario->name, &outcome->result)) {
    case EXPECTATION_MET:
        run->totals.expected++;
        break;
    case EXPECTATION_PASSED:
        run->totals.unexpected++;
        break;
    default:
        break;
    }
    report_count(&run->totals, &outcome->result);
    run_reports_add(run->reports, &(struct report_case){ .path = scenario->path,
                                                         .name = scenario->name,
                                                         .title = scenario->title,
                                                         .result = &outcome->result,
                                                         .real_time = outcome->real_time,
                                                         .replay = replay,
                                                         .source = suite_text(run->suite, scenario) });
    free(replay);
    if (outcome->result.skipped[0] == '\0')
        last_failed_note(run->last, scenario, outcome->result.passed);
    return outcome->result.passed || !run->settings->fail_fast;
}

static size_t count_files(const struct suite *suite)
{
    size_t files = 0;
    for (size_t i = 0; i < suite->count; i++)
        files += i == 0 || strcmp(suite->scenarios[i]->path, suite->scenarios[i - 1]->path) != 0;
    return files;
}

static void begin_reports(const struct suite_run *run)
{
    run_reports_begin(run->reports, &(struct report_options){ .expected = run->suite->count,
                                                              .files = count_files(run->suite),
                                                              .selected = run->selected_count,
                                                              .seed = run->totals.seed });
}

static void run_selected(struct suite_run *run)
{
    const struct suite *suite = run->suite;
    const struct settings *settings = run->settings;
    uint64_t began = machine_now();
    run->selected = must(calloc(suite->count + 1, sizeof *run->selected));
    for (size_t i = 0; i < suite->count; i++)
        if (selection_skips(&settings->selection, suite->scenarios[i]) == NULL)
            run->selected[run->selected_count++] = i;
    run->totals.kind = settings->kind;
    run->totals.expectations = settings->expected != NULL ? expectations_path(settings->expected) : NULL;
    run->totals.seed = settings->policy == CHOICE_SEEDED ? &settings->seed : NULL;
    begin_reports(run);
    worker_pool_run(&(struct worker_pool){ .count = run->selected_count,
                                           .jobs = (size_t)settings->jobs,
                                           .limit = settings->time_limit,
                                           .run = run_one,
                                           .tell = tell_one,
                                           .host = run });
    tell_skipped_until(run, suite->count, interrupt_signal() != 0 ? "interrupted" : "an earlier one failed");
    run->totals.real_time = machine_now() - began;
    run_reports_end(run->reports, &run->totals);
    free(run->selected);
}

/* --- files and the terminal --- */

/* If the trace goes to standard output, the report goes to standard error. No existing file is changed
 * until all files could be opened. */
static bool open_files(struct suite_run *run)
{
    const struct settings *settings = run->settings;
    const char *trace = settings->trace;
    const bool trace_first = trace != NULL && strcmp(trace, "-") == 0;
    run->reports = run_reports_open(&settings->reports, trace_first ? stderr : stdout);
    if (run->reports == NULL)
        return false;
    if (trace != NULL)
        run->trace_file = trace_first ? stdout : machine_open(trace);
    return trace == NULL || run->trace_file != NULL;
}

/* If every report goes to a file, the counts go to standard output, unless the trace uses it. */
static bool tell_counts(const struct suite_run *run)
{
    if (!run_reports_in_files(run->reports) || run->trace_file == stdout)
        return true;
    report_counts(stdout, &run->totals);
    return machine_close(stdout, "the counts");
}

static void tell_interruption(const struct suite_run *run)
{
    const size_t left = run->selected_count - run->totals.passed - run->totals.failed;
    if (interrupt_signal() != 0)
        fprintf(stderr, "rehearse: interrupted: %zu scenario%s not run\n", left,
                left == 1 ? " was" : "s were");
}

/* A diagram is of one case. */
static bool fits_diagram(const struct settings *settings, const struct suite *suite)
{
    size_t selected = 0;
    if (!report_wishes_have(&settings->reports, REPORT_MERMAID) &&
        !report_wishes_have(&settings->reports, REPORT_DOT))
        return true;
    for (size_t i = 0; i < suite->count; i++)
        selected += selection_skips(&settings->selection, suite->scenarios[i]) == NULL;
    if (selected == 1)
        return true;
    fprintf(stderr,
            "rehearse run: --mermaid and --dot draw one case, and %zu are selected: name one, such as ",
            selected);
    printable_string(stderr, suite->count > 0 ? suite->scenarios[0]->name : "FILE");
    fputc('\n', stderr);
    return false;
}

static int run_suite(const char *program, const struct settings *settings, const struct suite *suite,
                     struct last_failed *last)
{
    struct suite_run run = { .program = program, .settings = settings, .suite = suite, .last = last };
    const struct report_other trace = { "trace", settings->trace };
    if (!report_wishes_part(&settings->reports, "run", trace, suite, stderr) ||
        !fits_diagram(settings, suite))
        return STATUS_WRONG;
    interrupt_watch();
    if (!open_files(&run)) {
        run_reports_abandon(run.reports);
        return STATUS_WRONG;
    }
    run_selected(&run);
    tell_interruption(&run);
    last_failed_keep(last);
    bool good = tell_counts(&run);
    good = run_reports_close(run.reports) && good;
    good = machine_close(run.trace_file, settings->trace) && good;
    if (!good)
        return STATUS_WRONG;
    return interrupt_status(run.totals.failed == 0 ? STATUS_HELD : STATUS_FAILED);
}

/* A trace is written during the run, by this process alone. */
static bool options_agree(struct settings *settings)
{
    if (settings->watch && settings->last_failed) {
        fputs("rehearse run: --watch and --last-failed cannot be combined: omit one\n", stderr);
        return false;
    }
    if (settings->trace == NULL)
        return true;
    bool one = settings->jobs <= 1;
    settings->jobs = 0;
    if (one)
        return true;
    fputs("rehearse run: --trace needs a single process: omit --jobs\n", stderr);
    return false;
}

/* ---- What is run ---- */

static const char *const usual_paths[] = { "scenarios" };

static int run_once(const char *program, const struct settings *settings, const char *const *paths,
                    size_t path_count)
{
    struct last_failed last = { 0 };
    struct suite suite = { 0 };
    int status = STATUS_WRONG;
    bool good = false;
    if (settings->last_failed)
        good = last_failed_load(&last, &suite, paths, path_count, stderr);
    else if (path_count > 0)
        good = suite_load(&suite, paths, path_count, stderr);
    else
        good = suite_load(&suite, usual_paths, 1, stderr);
    if (good && selection_apply(&settings->selection, &suite, stderr))
        status = run_suite(program, settings, &suite, &last);
    last_failed_free(&last);
    suite_free(&suite);
    return status;
}

struct round {
    const char *program;
    const struct settings *settings;
};

static int run_round(void *host, const struct suite *suite)
{
    const struct round *round = host;
    struct last_failed last = { 0 };
    const int status = run_suite(round->program, round->settings, suite, &last);
    last_failed_free(&last);
    return status;
}

/* `arguments` are those after the verb; --watch executes the program again with them. */
static int run_on(const char *program, const struct settings *settings, const char *const *paths,
                  size_t path_count, int count, char **arguments)
{
    struct round round = { program, settings };
    const char **command = must(calloc((size_t)count + 3, sizeof *command));
    command[0] = program;
    command[1] = run_verb.name;
    for (int i = 0; i < count; i++)
        command[2 + i] = arguments[i];
    const int status = run_watch(&(struct run_watch){ .paths = path_count > 0 ? paths : usual_paths,
                                                      .path_count = path_count > 0 ? path_count : 1,
                                                      .selection = &settings->selection,
                                                      .command = command,
                                                      .run = run_round,
                                                      .host = &round });
    free(command);
    return interrupt_status(status);
}

static bool load_expectations(struct settings *settings)
{
    if (settings->expect == NULL)
        return expectations_of(settings->kind, &settings->expected, stderr);
    if (strcmp(settings->expect, "none") == 0)
        return true;
    settings->expected = expectations_load(settings->expect, stderr);
    return settings->expected != NULL;
}

static int run_act(const char *program, int count, char **arguments)
{
    struct settings settings = { .policy = CHOICE_SCRIPTED, .jobs = 1, .time_limit = WORKER_POOL_LIMIT };
    size_t path_count = 0;
    int status = STATUS_WRONG;
    const char **paths = must(calloc((size_t)count + 1, sizeof *paths));
    if (options_parse(&run_verb, &settings, count, arguments, paths, &path_count, stderr) &&
        options_agree(&settings) && server_option_open("run", settings.kind, stderr) &&
        report_wishes_settle(&settings.reports, stderr) && load_expectations(&settings)) {
        if (settings.watch)
            status = run_on(program, &settings, paths, path_count, count, arguments);
        else
            status = run_once(program, &settings, paths, path_count);
    }
    expectations_free(settings.expected);
    selection_free(&settings.selection);
    free(paths);
    return status;
}

static const struct option run_options[] = {
    { "seed", "N", "draw all nondeterministic choices from seed N", take_seed },
    SERVER_OPTION(take_server),
    { "expect", "FILE",
      "the cases that fail as expected; none, or by default the file of the server, if there is one",
      take_expect },
    { "strict", NULL, "treat every scenario as if it had the tag strict", take_strict },
    SELECTION_OPTIONS,
    { "last-failed", NULL, "run the cases that failed when last run, in this folder", take_last_failed },
    { "watch", NULL, "then wait until files are saved, and run the affected scenarios again", take_watch },
    { "format", "FORMAT[:FILE]",
      "pretty (default), tap, junit, json, github, events, html, mermaid or dot; several need a file each",
      take_format },
    { "output", "FILE", "write the report to FILE; standard output gets only the counts", take_output },
    { "events", "FILE", "also write every event of every case to FILE, as JSON Lines", take_events },
    { "html", "FILE", "also write a page to FILE that shows the events of failed cases, for a browser",
      take_html },
    { "html-all", NULL, "with --html, the page has the events of passed cases too", take_html_all },
    DIAGRAM_OPTIONS(take_mermaid, take_dot),
    { "verbose", NULL, "with pretty, also show passed and skipped cases", take_verbose },
    COLOUR_OPTION(take_color),
    { "trace", "FILE", "write the trace of all events to FILE, - for standard output", take_trace },
    { "jobs", "N", "run in N worker processes (1), or in this process (0), for a debugger", take_jobs },
    { "time-limit", "SPAN",
      "a scenario that takes longer in real time fails; SPAN is such as 10s or 5m (60s)", take_time_limit },
    { "fail-allocation", "N", "the Nth allocation of the servers fails; only the invariants are checked then",
      take_fail_allocation },
    { "fail-fast", NULL, "stop after the first failure; the remaining cases count as skipped",
      take_fail_fast },
};

const struct verb run_verb = {
    .name = "run",
    .arguments = "[OPTION...] [PATH...]",
    .summary = "Runs scenarios and reports which passed and which failed.",
    .about =
        "A PATH is a file or a folder; a folder means every *.scs file below it.  The default PATH is\n"
        "scenarios/.  FILE#3 is the third case of a file with a table.  FILE:33, a position as the tool\n"
        "prints it, is the case whose row is in that line, or the whole file.  - is standard input.\n"
        "All files are parsed first; when one is malformed, no scenario is run.  Scenarios are run in\n"
        "the order of their folders and names, each in a separate simulated world.  Without --seed the\n"
        "default schedule is used, in which nothing fails unless the scenario says so.  With --seed the\n"
        "behaviour of the network and the disk and the order of simultaneous events are drawn from the "
        "seed;\n"
        "every run with the same seed is identical.\n"
        "\n"
        "The names of failed cases are stored for each working directory in $XDG_STATE_HOME/rehearse or\n"
        "~/.local/state/rehearse until the cases pass.  --last-failed runs those cases; with PATHs, only\n"
        "those within the PATHs.  With --watch a scenario is run again when its file, or a roster file\n"
        "that it names, is saved.  New scenarios are run too.  When this program is rebuilt, all\n"
        "scenarios are run again.  Errors in malformed files are printed, and the watch continues.\n"
        "Ctrl-C ends it.\n"
        "\n"
        "--server tests another server than the core of this program: pipe:COMMAND is one in a process of\n"
        "its own, in lock-step (sim/adapters/README.md), prosody is Debian's, which `make servers` "
        "installs;\n"
        "core:outside is the core without a look inside.\n"
        "Scenarios that need what the server lacks are skipped, and counted above the last line.\n"
        "--expect names a file with a line for each case that fails, CASE | WORDS | LEVEL | REASON: one "
        "that\n"
        "fails with these words has passed, and one that passes has failed.  The default is\n"
        "fixtures/servers/NAME-VERSION, as the server says it, if there is such a file.\n"
        "\n"
        "The last line is \"N passed, N failed\", followed by \", N skipped\" if any were.  Exit status: 0 "
        "when\n"
        "all scenarios passed, 1 when one failed, 2 for a usage error or a file that cannot be read or\n"
        "written, 130 or 143 after SIGINT or SIGTERM; scenarios not run by then count as skipped.\n"
        "A scenario whose process dies or exceeds the time limit has failed; the others are still run.\n"
        "With --jobs 0 or --trace everything runs in this process: the time limit then counts processor\n"
        "time, which does not advance while a debugger has stopped the process, and a crash ends the run.\n"
        "With --trace - the report goes to standard error.\n"
        "\n"
        "The pretty report explains each failure when it happens and lists all failures at the end; passed\n"
        "cases are shown only with --verbose.  A report in a file is written as a whole at the end of the\n"
        "run; a trace is written during the run.\n"
        "\n"
        "The page of --html needs no network.  Without --html-all it has at most 4 MB of events, those of "
        "the\n"
        "first failures.  The lines of --events are described in sim/viewer/FORMAT.md.\n",
    .options = run_options,
    .option_count = sizeof run_options / sizeof *run_options,
    .act = run_act,
};
