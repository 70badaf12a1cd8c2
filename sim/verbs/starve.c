#include "starve.h"
#include "../text.h"

#include "../must.h"
#include "../printable.h"
#include "../tool/files.h"
#include "../tool/interrupt.h"
#include "../tool/machine.h"
#include "../tool/progress.h"
#include "../tool/report.h"
#include "../tool/selection.h"
#include "../tool/suite.h"
#include "../tool/worker_pool.h"

#include <inttypes.h>
#include <string.h>

enum { JOBS_MAX = 256 };

struct settings {
    struct selection selection; /* must be the first member: the shared options expect it there */
    uint64_t jobs;
    uint64_t seed;
    enum choice_policy policy;
    uint64_t every;      /* only every Nth allocation fails */
    uint64_t time_limit; /* time limit of each run, real nanoseconds */
};

/* The progress of a scenario, in memory shared with the process that runs it, so that it is known when that
 * process dies. */
struct journal {
    uint64_t nth; /* the allocation that fails in the current run, or failed in the last one */
    uint64_t runs, failed;
    uint64_t first; /* the allocation of the first failed run */
};

/* The results of all runs of all scenarios. */
struct starving {
    const char *program;
    const struct settings *settings;
    const struct suite *suite;
    struct journal *journals; /* one for each scenario */
    size_t told;              /* scenarios */
    uint64_t passed, failed;
    struct progress_bar bar;
};

static const char *take_jobs(void *settings, const char *value)
{
    return text_read_number(value, JOBS_MAX, &((struct settings *)settings)->jobs) ? NULL
                                                                                   : "a number from 0 to 256";
}

static const char *take_seed(void *settings, const char *value)
{
    struct settings *starve = settings;
    starve->policy = CHOICE_SEEDED;
    return text_read_number(value, UINT64_MAX, &starve->seed) ? NULL : "a number below 2^64";
}

static const char *take_every(void *settings, const char *value)
{
    uint64_t *every = &((struct settings *)settings)->every;
    return text_read_number(value, UINT32_MAX, every) && *every > 0 ? NULL : "a number above 0";
}

static const char *take_time_limit(void *settings, const char *value)
{
    return options_span(value, &((struct settings *)settings)->time_limit) ? NULL : OPTIONS_SPAN;
}

/* ---- Running ---- */

/* One run in which the nth allocation fails. */
static void run_with(const struct starving *starving, const struct scenario *scenario, uint64_t nth,
                     struct black_box *box, struct player_result *result)
{
    const struct player_options options = { .policy = starving->settings->policy,
                                            .seed = starving->settings->seed,
                                            .checks_only = true,
                                            .fail_allocation = nth,
                                            .box = box };
    player_run(scenario, &options, result);
}

/* Returns whether the allocation was made.  The first run in which it was not, or that exceeded the time
 * limit, is the last. */
static bool starve_once(const struct starving *starving, size_t index, struct worker_outcome *outcome)
{
    struct journal *journal = &starving->journals[index];
    struct player_result result;
    run_with(starving, starving->suite->scenarios[index], journal->nth, outcome->box, &result);
    journal->runs++;
    journal->failed += !result.passed;
    if (!result.passed && outcome->result.summary == NULL) {
        journal->first = journal->nth;
        outcome->result.summary = result.summary;
        result.summary = NULL;
    }
    const bool came = result.allocation_failed && !result.stopped &&
                      journal->nth <= result.allocations; /* a step may also make an allocation fail */
    player_result_free(&result);
    return came;
}

static void starve_one(void *host, size_t index, struct worker_outcome *outcome)
{
    const struct starving *starving = host;
    struct journal *journal = &starving->journals[index];
    journal->nth = 1;
    while (starve_once(starving, index, outcome))
        journal->nth += starving->settings->every;
}

/* ---- Reporting ---- */

static void tell_failure(const struct starving *starving, const struct scenario *scenario, uint64_t nth,
                         const char *summary)
{
    printable_string(stdout, scenario->name);
    printf(": allocation %" PRIu64 " fails, and ", nth);
    printable_string(stdout, summary);
    fputs("\n  ", stdout);
    machine_print_word(stdout, starving->program);
    printf(" run --fail-allocation %" PRIu64 " ", nth);
    if (starving->settings->policy == CHOICE_SEEDED)
        printf("--seed %" PRIu64 " ", starving->settings->seed);
    file_print_operand(stdout, scenario->name);
    puts("");
}

/* If the process died, the run in which it died is the last of that scenario. */
static bool hear_one(void *host, size_t index, struct worker_outcome *outcome)
{
    struct starving *starving = host;
    const struct scenario *scenario = starving->suite->scenarios[index];
    const struct journal *journal = &starving->journals[index];
    starving->told++;
    starving->passed += journal->runs - journal->failed;
    starving->failed += journal->failed + outcome->lost;
    progress_erase(&starving->bar);
    if (outcome->lost) {
        tell_failure(starving, scenario, journal->nth, outcome->result.summary);
        report_explain(stdout, outcome->result.explanation, 0);
    } else if (journal->failed > 0) {
        tell_failure(starving, scenario, journal->first, outcome->result.summary);
    }
    fflush(stdout);
    return true;
}

static void tell_progress(void *host)
{
    struct starving *starving = host;
    uint64_t runs = 0;
    char note[64];
    if (!starving->bar.terminal)
        return;
    for (size_t i = 0; i < starving->suite->count; i++)
        runs += starving->journals[i].runs;
    snprintf(note, sizeof note, "%" PRIu64 " runs, %" PRIu64 " failed", runs, starving->failed);
    progress_update(&starving->bar, starving->told, starving->suite->count, note);
}

/* ---- The verb ---- */

static int starve_suite(const char *program, const struct settings *settings, const struct suite *suite)
{
    const size_t size = (suite->count + 1) * sizeof(struct journal);
    struct starving starving = { .program = program,
                                 .settings = settings,
                                 .suite = suite,
                                 .journals = machine_share(size),
                                 .bar = progress_begin(stderr, 0) };
    interrupt_watch();
    worker_pool_run(&(struct worker_pool){ .count = suite->count,
                                           .jobs = (size_t)settings->jobs,
                                           .limit = settings->time_limit,
                                           .run = starve_one,
                                           .tell = hear_one,
                                           .wait = tell_progress,
                                           .host = &starving });
    progress_erase(&starving.bar);
    machine_unshare(starving.journals, size);
    if (starving.told < suite->count)
        printf("interrupted: %zu scenarios of %zu were run\n", starving.told, suite->count);
    printf("%zu scenario%s, each once for each ", starving.told, starving.told == 1 ? "" : "s");
    if (settings->every > 1)
        printf("%" PRIu64 "th ", settings->every);
    puts("of its allocations");
    printf("%" PRIu64 " passed, %" PRIu64 " failed\n", starving.passed, starving.failed);
    if (!machine_close(stdout, "the report"))
        return STATUS_WRONG;
    return interrupt_status(starving.failed == 0 ? STATUS_HELD : STATUS_FAILED);
}

static int starve_act(const char *program, int count, char **arguments)
{
    struct settings settings = {
        .policy = CHOICE_SCRIPTED, .jobs = 1, .every = 1, .time_limit = WORKER_POOL_LIMIT
    };
    struct suite suite = { 0 };
    size_t path_count = 0;
    int status = STATUS_WRONG;
    const char **paths = must(calloc((size_t)count + 1, sizeof *paths));
    if (options_parse(&starve_verb, &settings, count, arguments, paths, &path_count, stderr)) {
        if (path_count == 0)
            paths[path_count++] = "scenarios";
        if (suite_load(&suite, paths, path_count, stderr) &&
            selection_apply(&settings.selection, &suite, stderr)) {
            selection_narrow(&settings.selection, &suite);
            status = starve_suite(program, &settings, &suite);
        }
        suite_free(&suite);
    }
    selection_free(&settings.selection);
    free(paths);
    return status;
}

static const struct option starve_options[] = {
    SELECTION_OPTIONS,
    { "seed", "N", "draw all nondeterministic choices from seed N", take_seed },
    { "every", "N", "fail only every Nth allocation (1)", take_every },
    { "jobs", "N", "run in N worker processes (1), or in this process (0)", take_jobs },
    { "time-limit", "SPAN", "a run that takes longer in real time fails; SPAN is such as 10s or 5m (60s)",
      take_time_limit },
};

const struct verb starve_verb = {
    .name = "starve",
    .arguments = "[OPTION...] [PATH...]",
    .summary = "Runs scenarios repeatedly; in each run one allocation of the servers fails.",
    .about =
        "In the first run the first allocation fails, in the second run the second one, and so on, until\n"
        "a run ends without a failed allocation.  What the clients should receive is not defined in these\n"
        "runs, so expectations are not checked.  But the server may not crash or leak memory, no invariant\n"
        "may be violated, and only the session whose allocation failed may be closed.\n"
        "A PATH is a file, a folder, FILE#3, FILE:33 or -, as for `rehearse run`.  The default PATH is\n"
        "scenarios/.\n"
        "A run whose process dies or exceeds the time limit has failed, and is the last of its scenario.\n"
        "The last line is \"N passed, N failed\", which counts runs.  Exit status: 0 when all runs passed, "
        "1\n"
        "when one failed, 2 for a usage error or a file that cannot be read or written, 130 or 143 after\n"
        "SIGINT or SIGTERM; only scenarios that were run completely are counted then.\n",
    .options = starve_options,
    .option_count = sizeof starve_options / sizeof *starve_options,
    .act = starve_act,
};
