#include "run.h"

#include "../must.h"
#include "../stage/verdict.h"
#include "../tool/crew.h"
#include "../tool/interrupt.h"
#include "../tool/machine.h"
#include "../tool/report.h"
#include "../tool/selection.h"
#include "../tool/suite.h"

#include <inttypes.h>
#include <string.h>
#include <xxhash.h>

enum { JOBS_MAX = 256 };

struct settings {
    enum choice_policy policy;
    uint64_t seed;
    uint64_t fail_allocation; /* 0 for none */
    bool strict, fail_fast;
    struct selection selection;
    enum report_format format;
    const char *output; /* NULL for standard output */
    const char *trace;  /* NULL for none, "-" for standard output */
    uint64_t jobs;
    uint64_t time_limit; /* of each play, real nanoseconds */
};

/* One run.  `played` lists the suite's scenarios that the tags leave, by their indexes; the crew counts
 * along it.  `next` is the suite's first scenario that the report has not heard of. */
struct run {
    const char *program;
    const struct settings *settings;
    const struct suite *suite;
    size_t *played;
    size_t played_count, next;
    FILE *report_file, *trace_file;
    bool terminal;
    struct report *report;
    struct report_totals totals;
};

static const char *take_seed(void *settings, const char *value)
{
    struct settings *run = settings;
    run->policy = CHOICE_SEEDED;
    return options_number(value, UINT64_MAX, &run->seed) ? NULL : "a number below 2^64";
}

static const char *take_fail_allocation(void *settings, const char *value)
{
    uint64_t *nth = &((struct settings *)settings)->fail_allocation;
    return options_number(value, UINT64_MAX, nth) && *nth > 0 ? NULL : "a number above 0";
}

static const char *take_jobs(void *settings, const char *value)
{
    struct settings *run = settings;
    return options_number(value, JOBS_MAX, &run->jobs) ? NULL : "a number from 0 to 256";
}

static const char *take_time_limit(void *settings, const char *value)
{
    return options_span(value, &((struct settings *)settings)->time_limit) ? NULL : OPTIONS_SPAN;
}

static const char *take_format(void *settings, const char *value)
{
    static const char *const names[] = { "pretty", "tap", "junit" };
    static const enum report_format formats[] = { REPORT_PRETTY, REPORT_TAP, REPORT_JUNIT };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(value, names[i]) == 0) {
            ((struct settings *)settings)->format = formats[i];
            return NULL;
        }
    }
    return "pretty, tap or junit";
}

static const char *take_only(void *settings, const char *value)
{
    return selection_add(&((struct settings *)settings)->selection.only, value) ? NULL : "tags";
}

static const char *take_skip(void *settings, const char *value)
{
    return selection_add(&((struct settings *)settings)->selection.skip, value) ? NULL : "tags";
}

static const char *take_output(void *settings, const char *value)
{
    ((struct settings *)settings)->output = value;
    return *value != '\0' ? NULL : "a file";
}

static const char *take_trace(void *settings, const char *value)
{
    ((struct settings *)settings)->trace = value;
    return *value != '\0' ? NULL : "a file, or - for standard output";
}

static const char *take_strict(void *settings, const char *value)
{
    (void)value;
    ((struct settings *)settings)->strict = true;
    return NULL;
}

static const char *take_fail_fast(void *settings, const char *value)
{
    (void)value;
    ((struct settings *)settings)->fail_fast = true;
    return NULL;
}

/* --- playing --- */

static void write_trace(void *host, const char *line, size_t length)
{
    fwrite(line, 1, length, host);
}

/* The command that plays one scenario again as it was played here; the caller frees it. */
static char *replay_command(const struct run *run, const char *name)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = must(open_memstream(&text, &length));
    machine_print_word(out, run->program);
    fputs(" run", out);
    if (run->settings->policy == CHOICE_SEEDED)
        fprintf(out, " --seed %" PRIu64, run->settings->seed);
    if (run->settings->fail_allocation > 0)
        fprintf(out, " --fail-allocation %" PRIu64, run->settings->fail_allocation);
    fputs(run->settings->strict ? " --strict " : " ", out);
    if (name[0] == '-')
        fputs("-- ", out);
    machine_print_word(out, name);
    fclose(out);
    return must(text);
}

static const struct scenario *scenario_at(const struct run *run, size_t index)
{
    return run->suite->scenarios[run->played[index]];
}

static void play_one(void *host, size_t index, struct played *played)
{
    const struct run *run = host;
    const struct scenario *scenario = scenario_at(run, index);
    char *replay = replay_command(run, scenario->name);
    struct stage_options options = {
        .policy = run->settings->policy,
        .seed = run->settings->seed,
        .strict = run->settings->strict,
        .fail_allocation = run->settings->fail_allocation,
        .colour = run->terminal && run->settings->format == REPORT_PRETTY,
        .trace = run->trace_file != NULL ? write_trace : NULL,
        .trace_host = run->trace_file,
        .replay = replay,
        .box = played->box,
    };
    uint64_t began = machine_now();
    stage_play(scenario, &options, &played->result);
    played->real_time = machine_now() - began;
    verdict_apply(scenario, &played->result);
    free(replay);
}

/* --- reporting --- */

/* Folds one more scenario's hash in, as bytes whose order is the same on every machine. */
static uint64_t fold_hash(uint64_t hash, uint64_t next, bool first)
{
    unsigned char bytes[16];
    if (first)
        return next;
    for (unsigned i = 0; i < 8; i++) {
        bytes[i] = (unsigned char)(hash >> (8 * i));
        bytes[8 + i] = (unsigned char)(next >> (8 * i));
    }
    return XXH3_64bits(bytes, sizeof bytes);
}

static void tell_skipped_until(struct run *run, size_t end, const char *reason)
{
    for (; run->next < end; run->next++) {
        const struct scenario *scenario = run->suite->scenarios[run->next];
        const char *skips = selection_skips(&run->settings->selection, scenario);
        run->totals.skipped++;
        report_add(run->report, &(struct report_case){ .path = scenario->path,
                                                       .name = scenario->name,
                                                       .title = scenario->title,
                                                       .skipped = skips != NULL ? skips : reason });
    }
}

static bool tell_one(void *host, size_t index, struct played *played)
{
    struct run *run = host;
    struct report_totals *totals = &run->totals;
    const struct scenario *scenario = scenario_at(run, index);
    tell_skipped_until(run, run->played[index], NULL);
    run->next++;
    totals->trace_hash = fold_hash(totals->trace_hash, played->result.trace_hash, index == 0);
    totals->passed += played->result.passed;
    totals->failed += !played->result.passed;
    totals->virtual_time += played->result.virtual_time;
    totals->events += played->result.events;
    report_add(run->report, &(struct report_case){ .path = scenario->path,
                                                   .name = scenario->name,
                                                   .title = scenario->title,
                                                   .result = &played->result,
                                                   .real_time = played->real_time });
    return played->result.passed || !run->settings->fail_fast;
}

static void play(struct run *run)
{
    const struct suite *suite = run->suite;
    const struct settings *settings = run->settings;
    uint64_t began = machine_now();
    run->played = must(calloc(suite->count + 1, sizeof *run->played));
    for (size_t i = 0; i < suite->count; i++)
        if (selection_skips(&settings->selection, suite->scenarios[i]) == NULL)
            run->played[run->played_count++] = i;
    run->report = report_begin(settings->format, run->report_file, suite->count, run->terminal);
    crew_play(&(struct crew){ .count = run->played_count,
                              .jobs = (size_t)settings->jobs,
                              .limit = settings->time_limit,
                              .play = play_one,
                              .tell = tell_one,
                              .host = run });
    tell_skipped_until(run, suite->count, interrupt_signal() != 0 ? "interrupted" : "an earlier one failed");
    run->totals.real_time = machine_now() - began;
    run->totals.seed = settings->policy == CHOICE_SEEDED ? &settings->seed : NULL;
    report_end(run->report, &run->totals);
    free(run->played);
}

/* --- files and the terminal --- */

/* Where the trace takes standard output, the report goes to standard error. */
static bool open_files(struct run *run)
{
    const struct settings *settings = run->settings;
    bool trace_first = settings->trace != NULL && strcmp(settings->trace, "-") == 0;
    run->report_file = trace_first ? stderr : stdout;
    if (settings->trace != NULL)
        run->trace_file = trace_first ? stdout : machine_open(settings->trace);
    if (settings->trace != NULL && run->trace_file == NULL)
        return false;
    if (settings->output != NULL)
        run->report_file = machine_open(settings->output);
    if (run->report_file == NULL)
        return false;
    run->terminal = machine_is_terminal(run->report_file);
    return true;
}

static bool close_files(struct run *run)
{
    const char *output = run->settings->output;
    bool good = machine_close(run->report_file, output != NULL ? output : "the report");
    return machine_close(run->trace_file, run->settings->trace) && good;
}

/* With the report in a file, standard output is told the counts, unless the trace has it. */
static void tell_counts(const struct run *run)
{
    if (run->settings->output != NULL && run->trace_file != stdout)
        report_counts(stdout, &run->totals);
}

static int run_suite(const char *program, const struct settings *settings, const struct suite *suite)
{
    struct run run = { .program = program, .settings = settings, .suite = suite };
    interrupt_watch();
    bool good = open_files(&run);
    if (good) {
        play(&run);
        tell_counts(&run);
    }
    if (!close_files(&run) || !good)
        return STATUS_WRONG;
    return interrupt_status(run.totals.failed == 0 ? STATUS_HELD : STATUS_FAILED);
}

/* A trace is written as it is played, by one process: this one. */
static bool options_agree(struct settings *settings)
{
    if (settings->trace == NULL)
        return true;
    bool one = settings->jobs <= 1;
    settings->jobs = 0;
    if (one)
        return true;
    fputs("rehearse run: --trace writes as it plays, in one process: leave --jobs out\n", stderr);
    return false;
}

static int run_act(const char *program, int count, char **arguments)
{
    struct settings settings = { .policy = CHOICE_SCRIPTED, .jobs = 1, .time_limit = CREW_LIMIT };
    struct suite suite = { 0 };
    size_t path_count = 0;
    int status = STATUS_WRONG;
    const char **paths = must(calloc((size_t)count + 1, sizeof *paths));
    if (options_parse(&run_verb, &settings, count, arguments, paths, &path_count, stderr) &&
        options_agree(&settings)) {
        if (path_count == 0)
            paths[path_count++] = "scenarios";
        if (suite_load(&suite, paths, path_count, stderr))
            status = run_suite(program, &settings, &suite);
        suite_free(&suite);
    }
    selection_free(&settings.selection);
    free(paths);
    return status;
}

static const struct option run_options[] = {
    { "seed", "N", "let chance decide what could go either way, as N has it", take_seed },
    { "strict", NULL, "as though every scenario carried the tag strict", take_strict },
    { "only-tags", "T[,T...]", "play what carries one of these tags (\"slow\", \"status: stable\")",
      take_only },
    { "skip-tags", "T[,T...]", "and nothing that carries one of these", take_skip },
    { "format", "FORMAT", "pretty (the usual), tap or junit", take_format },
    { "output", "FILE", "write the report there; standard output gets the counts alone", take_output },
    { "trace", "FILE", "write the trace of all that happens there, - for standard output", take_trace },
    { "jobs", "N", "play in N processes beside this one (1), or in this one (0), where a debugger looks",
      take_jobs },
    { "time-limit", "SPAN", "a scenario that takes longer in real time fails, such as 10s or 5m (60s)",
      take_time_limit },
    { "fail-allocation", "N", "the Nth allocation of the servers fails; then only the checks judge",
      take_fail_allocation },
    { "fail-fast", NULL, "stop after the first failure; the rest counts as skipped", take_fail_fast },
};

const struct verb run_verb = {
    .name = "run",
    .arguments = "[OPTION...] [PATH...]",
    .summary = "Plays scenarios and reports what held.",
    .about =
        "A PATH is a file, or a folder: then every *.scs file below it is played; without one it is\n"
        "scenarios/.  FILE#3 is the third case of a file with a table.\n"
        "All are parsed first; when one is malformed none is played.  They are played in the\n"
        "order of their folders and names, each in a world of its own.  Without --seed that is the quiet\n"
        "world, in which everything goes well; with it the network, the disk and the order of what happens\n"
        "at the same time are drawn from the seed, the same each time.\n"
        "\n"
        "The last line is \"N passed, N failed\", and \", N skipped\" where some were.  Exit status: 0 when "
        "all\n"
        "held, 1 when something failed, 2 when it was asked wrongly or could not read or write a file, and\n"
        "130 or 143 after SIGINT or SIGTERM: then what was not played counts as skipped.\n"
        "A scenario whose process dies or takes too long has failed, and the others are played.  In this\n"
        "process (--jobs 0 and --trace) there is no time limit, and a crash ends all.\n"
        "With --trace - the report goes to standard error.\n",
    .options = run_options,
    .option_count = sizeof run_options / sizeof *run_options,
    .act = run_act,
};
