#include "sweep.h"

#include "../checks/checks.h"
#include "../must.h"
#include "../printable.h"
#include "../text.h"
#include "../tool/interrupt.h"
#include "../tool/machine.h"
#include "../tool/output.h"
#include "../tool/progress.h"
#include "../tool/report.h"
#include "../tool/server_option.h"
#include "../tool/worker_pool.h"
#include "guided_sweep.h"
#include "sweep_retell.h"
#include "sweep_summary.h"

#include <inttypes.h>
#include <string.h>

enum { JOBS_MAX = 256, BATCH = SHARE_BATCH, BATCHES_AT_ONCE = 10000, FAILURES_TOLD = 20 };

struct settings {
    struct plot_options plots; /* must be the first member: the shared options expect it there */
    uint64_t first, last;      /* seeds */
    uint64_t shard, shards;    /* this part, from 1, and of how many */
    uint64_t jobs;
    uint64_t time;       /* real nanoseconds; 0 for as long as it takes */
    uint64_t time_limit; /* of each run */
    bool fail_fast;
    const char *output;
    struct report_wishes reports; /* of --events and --html */
    bool guided;
    uint64_t runs;        /* guided: how many; 0 when it is not said */
    const char *findings; /* guided: a folder, or NULL */
};

/* One sweep.  The pool runs batches of seeds; the result of a batch is a separate result, as text.  There
 * may be more batches than fit in a pool, so they are handed over in groups. */
struct sweep {
    const char *program;
    const struct settings *settings;
    struct sweep_result result;
    size_t batches_done; /* before the batches now in the pool */
    uint64_t *seeds;     /* shared: the current seed of each batch, in case its process dies */
    bool stopped;        /* by a failure, the time or a signal */
    unsigned told;       /* failures reported during the run */
    uint64_t began;      /* real time */
    struct progress_bar bar;
};

/* ---- Options ---- */

static const char *take_seeds(void *settings, const char *value)
{
    struct settings *sweep = settings;
    return sweep_take_seeds(value, &sweep->first, &sweep->last);
}

static const char *take_shard(void *settings, const char *value)
{
    struct settings *sweep = settings;
    char *text = must(strdup(value));
    char *slash = strchr(text, '/');
    bool good = slash != NULL;
    if (good) {
        *slash = '\0';
        good = text_read_number(text, SHARDS_MAX, &sweep->shard) &&
               text_read_number(slash + 1, SHARDS_MAX, &sweep->shards) && sweep->shard >= 1 &&
               sweep->shard <= sweep->shards;
    }
    free(text);
    return good ? NULL : "a part such as 3/8, the third of eight";
}

static const char *take_jobs(void *settings, const char *value)
{
    return text_read_number(value, JOBS_MAX, &((struct settings *)settings)->jobs) ? NULL
                                                                                   : "a number from 0 to 256";
}

static const char *take_time(void *settings, const char *value)
{
    return options_span(value, &((struct settings *)settings)->time) ? NULL : OPTIONS_SPAN;
}

static const char *take_time_limit(void *settings, const char *value)
{
    return options_span(value, &((struct settings *)settings)->time_limit) ? NULL : OPTIONS_SPAN;
}

static const char *take_fail_fast(void *settings, const char *value)
{
    (void)value;
    ((struct settings *)settings)->fail_fast = true;
    return NULL;
}

static const char *take_output(void *settings, const char *value)
{
    ((struct settings *)settings)->output = value;
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

static const char *take_guided(void *settings, const char *value)
{
    (void)value;
    ((struct settings *)settings)->guided = true;
    return NULL;
}

static const char *take_runs(void *settings, const char *value)
{
    struct settings *sweep = settings;
    return text_read_number(value, SWEEP_SEEDS_MOST, &sweep->runs) && sweep->runs > 0
               ? NULL
               : "a number from 1 to ten billion";
}

static const char *take_findings(void *settings, const char *value)
{
    ((struct settings *)settings)->findings = value;
    return *value != '\0' ? NULL : "a folder";
}

/* ---- Running ---- */

/* The planned faults, and those that had an effect. */
struct counts {
    struct plot_counts plots;
    struct player_tally tally;
};

static void run_seed(const struct settings *settings, uint64_t seed, struct black_box *box,
                     struct sweep_result *result, struct counts *counts)
{
    black_box_clear(box); /* making a plot is not a part of the run before it */
    struct scenario *scenario = plot_of_seed(&settings->plots, seed, &counts->plots);
    struct player_options options = { .kind = settings->plots.kind,
                                      .policy = CHOICE_SEEDED,
                                      .seed = seed,
                                      .tally = &counts->tally,
                                      .box = box };
    struct player_result outcome;
    player_run(scenario, &options, &outcome);
    result->runs++;
    result->events += outcome.events;
    result->trace_sum += outcome.trace_hash;
    if (!outcome.passed)
        sweep_fail(result, seed, outcome.check, outcome.summary);
    else if (outcome.skipped[0] != '\0')
        sweep_count(&result->skipped, outcome.skipped, 1);
    player_result_free(&outcome);
    scenario_free(scenario);
}

/* The seeds of a batch of this part: parts take turns. */
static uint64_t batch_begin(const struct settings *settings, size_t index)
{
    return settings->first + (index * settings->shards + settings->shard - 1) * BATCH;
}

static uint64_t batch_end(const struct settings *settings, size_t index)
{
    uint64_t begin = batch_begin(settings, index);
    return settings->last - begin < BATCH ? settings->last + 1 : begin + BATCH;
}

static size_t count_batches(const struct settings *settings)
{
    uint64_t all = (settings->last - settings->first) / BATCH + 1;
    return (size_t)((all + settings->shards - settings->shard) / settings->shards);
}

/* Whether a failure ends the sweep, and there was one. */
static bool has_failed(const struct settings *settings, const struct sweep_result *result)
{
    return settings->fail_fast && result->failed > 0;
}

/* Whether nothing more is to be run: a failure, the time or a signal ends it. */
static bool is_over(const struct sweep *sweep)
{
    const struct settings *settings = sweep->settings;
    return has_failed(settings, &sweep->result) || interrupt_signal() != 0 ||
           (settings->time > 0 && machine_now() - sweep->began >= settings->time);
}

static struct sweep_share share_of(const struct settings *settings)
{
    return sweep_share_new(settings->first, settings->last, settings->shard, settings->shards);
}

/* A range of seeds of one batch, not empty; *at is the current seed. */
struct range {
    struct sweep *sweep;
    uint64_t begin, end;
    uint64_t *at;
};

/* The result of the range, as text.  A failure may end it early, after its first seed or later. */
static char *run_range(const struct range *range, struct black_box *box)
{
    const struct settings *settings = range->sweep->settings;
    struct sweep_result result = { .options = settings->plots,
                                   .share = sweep_share_new(range->begin, range->end - 1, 1, 1) };
    struct counts counts = { 0 };
    for (uint64_t seed = range->begin; seed < range->end && !has_failed(settings, &result); seed++) {
        *range->at = seed;
        run_seed(settings, seed, box, &result, &counts);
    }
    sweep_count_all(&result, &counts.plots, &counts.tally);
    result.gaps = sweep_gaps_all(&result.share);
    sweep_gaps_close(&result.gaps, range->begin, range->begin + result.runs - 1);
    char *text = sweep_print(&result);
    sweep_result_free(&result);
    return text;
}

static struct range batch_at(struct sweep *sweep, size_t index)
{
    const size_t batch = sweep->batches_done + index;
    return (struct range){ .sweep = sweep,
                           .begin = batch_begin(sweep->settings, batch),
                           .end = batch_end(sweep->settings, batch),
                           .at = &sweep->seeds[index] };
}

static void run_batch(void *host, size_t index, struct worker_outcome *outcome)
{
    const struct range range = batch_at(host, index);
    outcome->result.explanation = run_range(&range, outcome->box);
}

/* ---- Telling while it runs ---- */

static void tell_progress(void *host)
{
    struct sweep *sweep = host;
    const double seconds = (double)(machine_now() - sweep->began) / (double)SIM_SECOND;
    char note[96];
    if (!sweep->bar.terminal)
        return;
    snprintf(note, sizeof note, "%.0f seeds a second, %" PRIu64 " failed",
             (double)sweep->result.runs / seconds, sweep->result.failed);
    progress_update(&sweep->bar, sweep->result.runs, sweep_share_seeds(&sweep->result.share), note);
}

static bool is_known(const struct sweep_result *result, const char *cause)
{
    const struct sweep_failure *failure = result->failures;
    while (failure != NULL && strcmp(failure->cause, cause) != 0)
        failure = failure->next;
    return failure != NULL;
}

/* Reports a failure that was just found, with its details.  Of several failures with one cause only the first
 * is reported. */
static void tell_failure(struct sweep *sweep, const struct sweep_failure *failure, const char *explanation)
{
    const bool known = is_known(&sweep->result, failure->cause);
    if (known && sweep->told >= FAILURES_TOLD)
        return;
    sweep->told++;
    progress_erase(&sweep->bar);
    fprintf(stderr, "seed %" PRIu64 " failed: ", failure->seed);
    printable_string(stderr, failure->summary);
    if (failure->count > 1)
        fprintf(stderr, " (and %" PRIu64 " more of this cause)", failure->count - 1);
    fputs("\n  ", stderr);
    sweep_print_command(stderr, sweep->program, "replay", &sweep->settings->plots, failure->seed);
    fputs("\n", stderr);
    if (!known)
        report_explain(stderr, explanation, 0);
}

/* A part runs its seeds in ascending order. */
static void join(struct sweep *sweep, const struct sweep_result *part, const char *explanation)
{
    for (const struct sweep_failure *failure = part->failures; failure != NULL; failure = failure->next)
        tell_failure(sweep, failure, explanation);
    sweep_join(&sweep->result, part);
    sweep_gaps_close(&sweep->result.gaps, part->share.first, part->share.first + part->runs - 1);
}

static void join_text(struct sweep *sweep, const char *text)
{
    struct sweep_result part;
    int line;
    if (!sweep_parse(text, &part, &line))
        abort(); /* the text was written by this program */
    join(sweep, &part, "");
    sweep_result_free(&part);
}

/* ---- Seeds whose process was lost ---- */

static void run_again(struct sweep *sweep, uint64_t begin, uint64_t end, uint64_t *at);

/* The results of the batch are lost with the process. The seeds before and after the one that ended the
 * process are run again. */
static void hear_lost(const struct range *range, const struct worker_outcome *outcome)
{
    struct sweep *sweep = range->sweep;
    const uint64_t seed = *range->at;
    struct sweep_result part = { .runs = 1, .share = sweep_share_new(seed, seed, 1, 1) };
    run_again(sweep, range->begin, seed, range->at);
    if (has_failed(sweep->settings, &sweep->result))
        return;
    sweep_fail(&part, seed, NULL, outcome->result.summary);
    join(sweep, &part, outcome->result.explanation);
    sweep_result_free(&part);
    run_again(sweep, seed + 1, range->end, range->at);
}

static void run_once_more(void *host, size_t index, struct worker_outcome *outcome)
{
    (void)index;
    outcome->result.explanation = run_range(host, outcome->box);
}

static bool hear_once_more(void *host, size_t index, struct worker_outcome *outcome)
{
    const struct range *range = host;
    (void)index;
    if (outcome->lost)
        hear_lost(range, outcome);
    else
        join_text(range->sweep, outcome->result.explanation);
    return true;
}

static void run_again(struct sweep *sweep, uint64_t begin, uint64_t end, uint64_t *at)
{
    struct range range = { sweep, begin, end, at };
    *at = begin;
    if (begin < end && !is_over(sweep))
        worker_pool_run(&(struct worker_pool){ .count = 1,
                                               .jobs = 1,
                                               .limit = sweep->settings->time_limit,
                                               .run = run_once_more,
                                               .tell = hear_once_more,
                                               .host = &range });
}

/* ---- All of them ---- */

static bool hear_batch(void *host, size_t index, struct worker_outcome *outcome)
{
    struct sweep *sweep = host;
    const struct range range = batch_at(sweep, index);
    if (outcome->lost)
        hear_lost(&range, outcome);
    else
        join_text(sweep, outcome->result.explanation);
    tell_progress(sweep);
    sweep->stopped = is_over(sweep);
    return !sweep->stopped;
}

static void run_all(struct sweep *sweep)
{
    const size_t count = count_batches(sweep->settings);
    const size_t size = BATCHES_AT_ONCE * sizeof *sweep->seeds;
    sweep->seeds = machine_share(size);
    while (sweep->batches_done < count && !sweep->stopped && !is_over(sweep)) {
        const size_t left = count - sweep->batches_done;
        const size_t taken = left < BATCHES_AT_ONCE ? left : BATCHES_AT_ONCE;
        for (size_t i = 0; i < taken; i++)
            sweep->seeds[i] = batch_begin(sweep->settings, sweep->batches_done + i);
        worker_pool_run(&(struct worker_pool){ .count = taken,
                                               .jobs = (size_t)sweep->settings->jobs,
                                               .limit = sweep->settings->time_limit,
                                               .run = run_batch,
                                               .tell = hear_batch,
                                               .wait = tell_progress,
                                               .host = sweep });
        sweep->batches_done += taken;
    }
    machine_unshare(sweep->seeds, size);
}

/* ---- sweep ---- */

/* The message for a sweep that did not run all its seeds; the caller frees. */
static char *early_end(const struct sweep_result *result)
{
    struct text text = { 0 };
    const uint64_t seeds = sweep_share_seeds(&result->share);
    if (result->runs < seeds) {
        text_string(&text, interrupt_signal() != 0 ? "interrupted: " : "stopped early: ");
        text_number(&text, result->runs);
        text_string(&text, " seeds of ");
        text_number(&text, seeds);
        text_string(&text, " were run\n");
    }
    return text_take(&text);
}

static int sweep_with(const char *program, const struct settings *settings)
{
    struct output *output = settings->output != NULL ? output_open(settings->output) : NULL;
    if (settings->output != NULL && output == NULL)
        return STATUS_WRONG;
    bool good = false;
    struct event_reports *reports = event_reports_open(&settings->reports, &good);
    if (!good) {
        output_abandon(output);
        return STATUS_WRONG;
    }
    struct sweep sweep = { .program = program,
                           .settings = settings,
                           .result = { .options = settings->plots, .share = share_of(settings) },
                           .began = machine_now(),
                           .bar = progress_begin(stderr, settings->time) };
    sweep.result.gaps = sweep_gaps_all(&sweep.result.share);
    interrupt_watch();
    run_all(&sweep);
    progress_erase(&sweep.bar);
    double seconds = (double)(machine_now() - sweep.began) / (double)SIM_SECOND;
    fprintf(stderr, "%.0f seeds a second\n", (double)sweep.result.runs / seconds);
    char *notes = early_end(&sweep.result);
    const uint64_t seeds = sweep_share_seeds(&sweep.result.share);
    int status = sweep_conclude(program, &sweep.result, seeds, notes, output);
    if (!sweep_retell(reports, program, &sweep.result, settings->time_limit))
        status = STATUS_WRONG;
    free(notes);
    sweep_result_free(&sweep.result);
    return interrupt_status(status);
}

/* ---- --guided ---- */

static bool complain(const char *sentence)
{
    fprintf(stderr, "rehearse sweep: %s\n", sentence);
    return false;
}

/* Whether the options go together. */
static bool check_guided(const struct settings *settings)
{
    if (!settings->guided && settings->runs > 0)
        return complain("--runs needs --guided; otherwise use --seeds");
    if (!settings->guided && settings->findings != NULL)
        return complain("--findings needs --guided");
    if (settings->guided && settings->plots.kind != NULL)
        return complain("--guided runs look into the core of this program: omit --server");
    if (settings->guided && settings->shards > 1)
        return complain("--guided runs are not cut into parts: omit --shard, and give each its own seed");
    if (settings->guided && settings->reports.count > 0)
        return complain("--guided runs have no seeds to show: omit --events and --html");
    if (settings->guided && settings->output != NULL)
        return complain("--guided runs cannot be merged: omit --output");
    if (settings->guided && settings->jobs > 1)
        return complain(
            "--guided runs in one process, because each run depends on those before it: omit --jobs");
    return true;
}

static int guided_with(const char *program, const struct settings *settings)
{
    enum { USUAL_RUNS = 1000 };
    const struct guided_settings guided = {
        .plots = settings->plots,
        .seed = settings->first,
        .runs = settings->runs > 0 || settings->time > 0 ? settings->runs : USUAL_RUNS,
        .time = settings->time,
        .time_limit = settings->time_limit,
        .jobs = (size_t)settings->jobs,
        .fail_fast = settings->fail_fast,
        .findings = settings->findings != NULL ? settings->findings : "findings"
    };
    return guided_sweep(program, &guided);
}

static int sweep_act(const char *program, int count, char **arguments)
{
    struct settings settings = { .plots = plot_options_default(),
                                 .last = 999,
                                 .shard = 1,
                                 .shards = 1,
                                 .jobs = 1,
                                 .time_limit = WORKER_POOL_LIMIT };
    size_t operand_count = 0;
    const char **operands = must(calloc((size_t)count + 1, sizeof *operands));
    bool good = options_parse(&sweep_verb, &settings, count, arguments, operands, &operand_count, stderr);
    if (good && operand_count > 0) {
        fputs("rehearse sweep: unexpected argument \"", stderr);
        printable_string(stderr, operands[0]);
        fputs("\"; sweep takes only options; use replay for one seed\n", stderr);
        good = false;
    }
    free(operands);
    if (!good || !check_guided(&settings) ||
        !report_wishes_part(&settings.reports, "sweep", (struct report_other){ "output", settings.output },
                            NULL, stderr) ||
        !server_option_open("sweep", settings.plots.kind, stderr))
        return STATUS_WRONG;
    return settings.guided ? guided_with(program, &settings) : sweep_with(program, &settings);
}

static const struct option sweep_options[] = {
    { "seeds", "A..B", "the seeds from A to B, both included (0..999)", take_seeds },
    PLOT_OPTIONS,
    SERVER_OPTION(take_plot_server),
    { "jobs", "N", "run in N worker processes (1), or in this process (0)", take_jobs },
    { "time", "SPAN", "stop after this real time, such as 60s, 10m or 2h", take_time },
    { "time-limit", "SPAN", "a seed that takes longer in real time fails; SPAN is such as 10s or 5m (60s)",
      take_time_limit },
    { "fail-fast", NULL, "stop at the first seed that fails", take_fail_fast },
    { "shard", "K/N", "run the Kth of N parts of the seeds", take_shard },
    { "output", "FILE", "also write the result to FILE, for merge", take_output },
    TEXT_FORMAT_OPTION(take_format),
    EVENT_REPORT_OPTIONS(take_events, take_html, "of the first failing seed of each cause"),
    { "guided", NULL, "make the plots of bytes, guided by what they reach in the core", take_guided },
    { "runs", "N", "with --guided: so many runs (1000, or as many as --time allows)", take_runs },
    { "findings", "FOLDER", "with --guided: where the bytes of failing runs are stored (findings)",
      take_findings },
};

const struct verb sweep_verb = {
    .name = "sweep",
    .arguments = "[OPTION...]",
    .summary = "Runs a random scenario for each seed and reports violated invariants.",
    .about =
        "Each seed generates a scenario: a server, a cast, their actions and the faults.  No expected "
        "stanzas\n"
        "are known for these scenarios; instead, the invariants are checked after every event.\n"
        "\n"
        "The report counts what the sweep covered: \"What went wrong\" lists how often each fault was "
        "planned\n"
        "and how often it had an effect; \"What was checked\" lists how often each invariant was checked.\n"
        "Failures are grouped by cause, with the first seed of each cause and the commands that replay and\n"
        "shrink it; each is also printed on standard error when it is found.  A seed whose process dies or\n"
        "exceeds the time limit has failed; the other seeds are still run.\n"
        "\n"
        "--events and --html run the first seed of each cause once more, and write its events.\n"
        "\n"
        "With --guided there are no seeds: plots and runs take their choices from bytes.  Bytes that reach\n"
        "something new in the core are kept and varied.  The first of --seeds is the seed of the bytes.  "
        "For\n"
        "each cause of failure the bytes of the first run are stored, for `rehearse replay --bytes`.  This\n"
        "needs a build that counts what it reaches: `make guided`.\n"
        "\n"
        "The last line is \"N passed, N failed\".  Exit status: 0 when all seeds passed, 1 when one failed, "
        "2\n"
        "for a usage error or a file that cannot be written, 130 or 143 after SIGINT or SIGTERM; the seeds\n"
        "run by then are reported and written to --output.\n",
    .options = sweep_options,
    .option_count = sizeof sweep_options / sizeof *sweep_options,
    .act = sweep_act,
};
