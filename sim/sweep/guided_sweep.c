#include "guided_sweep.h"

#include "../must.h"
#include "../player/player.h"
#include "../printable.h"
#include "../tool/interrupt.h"
#include "../tool/machine.h"
#include "../tool/options.h"
#include "../tool/output.h"
#include "../tool/progress.h"
#include "../tool/report.h"
#include "../tool/version.h"
#include "../tool/worker_pool.h"
#include "guided.h"
#include "guided_edges.h"
#include "sweep_result.h"
#include "sweep_summary.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <xxhash.h>

/* A process runs so many inputs, unless one fails. */
enum { STRETCH = 1000 };

/* What the processes share. */
struct shared {
    uint64_t runs, events, trace_sum;
    struct plot_counts plots;
    struct player_tally tally;
};

struct sweep {
    const char *program;
    const struct guided_settings *settings;
    struct shared *shared;
    struct guided *guided; /* shared too */
    struct sweep_result result;
    uint64_t began; /* real time */
    bool stopped;   /* a failure ends it, or its bytes cannot be written */
    bool unwritten;
    struct progress_bar bar;
};

static bool is_over(const struct sweep *sweep)
{
    const struct guided_settings *settings = sweep->settings;
    return sweep->stopped || interrupt_signal() != 0 ||
           (settings->runs > 0 && sweep->shared->runs >= settings->runs) ||
           (settings->time > 0 && machine_now() - sweep->began >= settings->time);
}

/* ---- Running ---- */

static void run_input(struct sweep *sweep, struct black_box *box, struct player_result *result)
{
    struct shared *shared = sweep->shared;
    struct guided_run run = { 0 };
    size_t length;
    guided_next(sweep->guided);
    shared->runs++;
    guided_edges_clear();
    const unsigned char *input = guided_input(sweep->guided, &length);
    black_box_clear(box);
    struct plot_run plot = plot_of_bytes(&sweep->settings->plots, "the plot", input, length, &shared->plots);
    struct player_options options = { .policy = CHOICE_FUZZED,
                                      .bytes = plot.bytes,
                                      .byte_count = plot.byte_count,
                                      .tally = &shared->tally,
                                      .box = box };
    player_run(plot.scenario, &options, result);
    shared->events += result->events;
    shared->trace_sum += result->trace_hash;
    run.counters = guided_edges_counters(&run.counter_count);
    run.plot = length - plot.byte_count;
    run.taken = run.plot + result->bytes_taken;
    run.keep = result->passed;
    (void)guided_learn(sweep->guided, &run);
    plot_run_free(&plot);
}

/* The outcome is that of the last run, which is the only one that may have failed. */
static void run_stretch(void *host, size_t index, struct worker_outcome *outcome)
{
    struct sweep *sweep = host;
    (void)index;
    for (size_t i = 0; i == 0 || (i < STRETCH && outcome->result.passed && !is_over(sweep)); i++) {
        if (i > 0)
            player_result_free(&outcome->result);
        run_input(sweep, outcome->box, &outcome->result);
    }
}

/* ---- Failures ---- */

/* FOLDER/HASH.bytes; the caller frees. */
static char *path_of(const struct sweep *sweep, const unsigned char *input, size_t length)
{
    struct text path = { 0 };
    char name[32];
    (void)snprintf(name, sizeof name, "/%016" PRIx64 ".bytes", (uint64_t)XXH3_64bits(input, length));
    text_string(&path, sweep->settings->findings);
    text_string(&path, name);
    return text_take(&path);
}

static bool write_input(struct sweep *sweep, const char *path, const unsigned char *input, size_t length)
{
    if (mkdir(sweep->settings->findings, 0777) != 0 && errno != EEXIST) {
        fputs("rehearse sweep: cannot make the folder ", stderr);
        printable_string(stderr, sweep->settings->findings);
        fprintf(stderr, ": %s\n", strerror(errno));
        return false;
    }
    struct output *output = output_open(path);
    if (output == NULL)
        return false;
    fwrite(input, 1, length, output_file(output));
    return output_commit(output);
}

static void print_command(FILE *out, const struct sweep *sweep, const char *path)
{
    const struct plot_options *plots = &sweep->settings->plots;
    char *faults = sweep_faults_print(plots->faults);
    machine_print_word(out, sweep->program);
    fprintf(out, " replay --cast %u --steps %u --faults %s --bytes ", plots->cast, plots->steps, faults);
    machine_print_word(out, path);
    free(faults);
}

static bool is_known(const struct sweep *sweep, const char *cause)
{
    const struct sweep_failure *failure = sweep->result.failures;
    while (failure != NULL && strcmp(failure->cause, cause) != 0)
        failure = failure->next;
    return failure != NULL;
}

/* The bytes of the first run of each cause are stored.  The number of the run stands for a seed. */
static void note_failure(struct sweep *sweep, const struct player_result *failed)
{
    char *cause = sweep_cause(failed->check, failed->summary);
    if (!is_known(sweep, cause)) {
        size_t length;
        const unsigned char *input = guided_input(sweep->guided, &length);
        char *path = path_of(sweep, input, length);
        sweep->unwritten = !write_input(sweep, path, input, length) || sweep->unwritten;
        progress_erase(&sweep->bar);
        fprintf(stderr, "run %" PRIu64 " failed: ", sweep->shared->runs);
        printable_string(stderr, failed->summary);
        fputs("\n  ", stderr);
        print_command(stderr, sweep, path);
        fputs("\n", stderr);
        report_explain(stderr, failed->explanation, 0);
        free(path);
    }
    sweep_fail(&sweep->result, sweep->shared->runs, failed->check, failed->summary);
    sweep->stopped = sweep->settings->fail_fast || sweep->unwritten;
    free(cause);
}

static void tell_progress(void *host)
{
    struct sweep *sweep = host;
    const uint64_t runs = sweep->shared->runs;
    const double seconds = (double)(machine_now() - sweep->began) / (double)SIM_SECOND;
    char note[120];
    if (!sweep->bar.terminal)
        return;
    snprintf(note, sizeof note, "%.0f runs a second, %zu edges, %zu inputs kept, %" PRIu64 " failed",
             (double)runs / seconds, guided_edges(sweep->guided), guided_count(sweep->guided),
             sweep->result.failed);
    progress_update(&sweep->bar, runs, sweep->settings->runs, note);
}

static bool hear_stretch(void *host, size_t index, struct worker_outcome *outcome)
{
    struct sweep *sweep = host;
    (void)index;
    if (!outcome->result.passed)
        note_failure(sweep, &outcome->result);
    tell_progress(sweep);
    return true;
}

static void run_all(struct sweep *sweep)
{
    while (!is_over(sweep))
        worker_pool_run(&(struct worker_pool){ .count = 1,
                                               .jobs = sweep->settings->jobs,
                                               .limit = sweep->settings->time_limit,
                                               .run = run_stretch,
                                               .tell = hear_stretch,
                                               .wait = tell_progress,
                                               .host = sweep });
}

/* ---- The end ---- */

static void add_counts(struct sweep *sweep)
{
    const struct shared *shared = sweep->shared;
    struct sweep_result *result = &sweep->result;
    result->runs = shared->runs;
    result->events = shared->events;
    result->trace_sum = shared->trace_sum;
    sweep_count_all(result, &shared->plots, &shared->tally);
}

static void tell_failures(const struct sweep *sweep)
{
    for (const struct sweep_failure *f = sweep->result.failures; f != NULL; f = f->next) {
        printf("failed %" PRIu64 " time%s: ", f->count, f->count == 1 ? "" : "s");
        printable_string(stdout, f->cause);
        printf("\n  run %" PRIu64 ": ", f->seed);
        printable_string(stdout, f->summary);
        fputs("\n\n", stdout);
    }
}

static int conclude(struct sweep *sweep)
{
    const struct sweep_result *result = &sweep->result;
    add_counts(sweep);
    sweep_tell_counts(stdout, result);
    tell_failures(sweep);
    printf("rehearse %s\n", tool_version());
    printf("%" PRIu64 " run%s, %" PRIu64 " events, traces %016" PRIx64 "\n", result->runs,
           result->runs == 1 ? "" : "s", result->events, result->trace_sum);
    printf("%zu edges of the core were reached, in %zu classes; %zu inputs were kept\n",
           guided_edges(sweep->guided), guided_features(sweep->guided), guided_count(sweep->guided));
    printf("%" PRIu64 " passed, %" PRIu64 " failed\n", result->runs - result->failed, result->failed);
    if (!machine_close(stdout, "the report") || sweep->unwritten)
        return STATUS_WRONG;
    return result->failed == 0 ? STATUS_HELD : STATUS_FAILED;
}

static int sweep_with(const char *program, const struct guided_settings *settings)
{
    struct sweep sweep = { .program = program,
                           .settings = settings,
                           .shared = machine_share(sizeof *sweep.shared),
                           .guided = machine_share(guided_size()),
                           .result = { .options = settings->plots },
                           .began = machine_now(),
                           .bar = progress_begin(stderr, settings->time) };
    guided_begin(sweep.guided, settings->seed);
    interrupt_watch();
    run_all(&sweep);
    progress_erase(&sweep.bar);
    const double seconds = (double)(machine_now() - sweep.began) / (double)SIM_SECOND;
    fprintf(stderr, "%.0f runs a second\n", (double)sweep.shared->runs / seconds);
    const int status = conclude(&sweep);
    sweep_result_free(&sweep.result);
    machine_unshare(sweep.shared, sizeof *sweep.shared);
    machine_unshare(sweep.guided, guided_size());
    return interrupt_status(status);
}

int guided_sweep(const char *program, const struct guided_settings *settings)
{
    size_t edges;
    if (guided_edges_counters(&edges) != NULL)
        return sweep_with(program, settings);
    fputs("rehearse sweep: this build does not count the edges of the core; `make guided` builds one that "
          "does, "
          "build/guided/rehearse, with clang\n",
          stderr);
    return STATUS_WRONG;
}
