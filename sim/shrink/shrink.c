#include "shrink.h"
#include "../text.h"

#include "../language/scenario_edit.h"
#include "../language/scenario_print.h"
#include "../must.h"
#include "../printable.h"
#include "../sweep/plot.h"
#include "../sweep/sweep.h"
#include "../tool/interrupt.h"
#include "../tool/machine.h"
#include "../tool/output.h"
#include "../tool/progress.h"
#include "../tool/suite.h"
#include "../tool/worker_pool.h"
#include "deviations.h"
#include "finding.h"
#include "shrinker.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <string.h>

struct settings {
    struct plot_options plots; /* must be the first member: the shared options expect it there */
    bool seeded;               /* --seed */
    uint64_t seed;
    uint64_t time;       /* real nanoseconds */
    uint64_t time_limit; /* of each run */
    const char *output;
};

/* Shared by the process that shrinks and its supervising process.  The smallest scenario so far is stored as
 * file text; one of the two texts is complete at any time. */
enum { SMALLEST_MOST = 4000000 };
struct work {
    volatile bool ends; /* written by the supervising process: stop with the current result */
    volatile size_t steps;
    volatile uint64_t runs;
    volatile int whole;
    char smallest[2][SMALLEST_MOST]; /* "" for none */
};

/* The shrinking of one scenario. */
struct shrink {
    const struct settings *settings;
    const char *what; /* "plot" or "scenario" */
    struct scenario *scenario;
    struct scenario *smallest; /* the smallest scenario so far, or NULL */
    struct reproduction reproduction;
    struct work *work;     /* shared */
    struct black_box *box; /* of the process that shrinks; NULL in its supervisor */
    char *file;            /* the resulting text */
    uint64_t began, end;   /* real time */
    struct output *output; /* NULL for standard output */
    struct progress_bar bar;
};

/* ---- Options ---- */

static const char *take_seed(void *settings, const char *value)
{
    struct settings *shrink = settings;
    shrink->seeded = true;
    return text_read_number(value, UINT64_MAX, &shrink->seed) ? NULL : "a number below 2^64";
}

static const char *take_time(void *settings, const char *value)
{
    return options_span(value, &((struct settings *)settings)->time) ? NULL : OPTIONS_SPAN;
}

static const char *take_time_limit(void *settings, const char *value)
{
    return options_span(value, &((struct settings *)settings)->time_limit) ? NULL : OPTIONS_SPAN;
}

static const char *take_output(void *settings, const char *value)
{
    ((struct settings *)settings)->output = value;
    return *value != '\0' ? NULL : "a file";
}

/* ---- The input ---- */

/* Removes a tag that the result replaces or no longer needs. */
static void drop_tag(struct scenario *scenario, const char *name)
{
    struct tag **link = &scenario->tags;
    while (*link != NULL) {
        if (strcmp((*link)->name, name) == 0)
            *link = (*link)->next;
        else
            link = &(*link)->next;
    }
}

/* The chance of the tags.  Returns false when they are malformed. */
static bool tagged_chance(const struct scenario *scenario, struct chance *chance)
{
    const char *seed = scenario_tag(scenario, "seed");
    const char *choices = scenario_tag(scenario, "choices");
    *chance = (struct chance){ .policy = CHOICE_SCRIPTED };
    if (choices != NULL) {
        chance->policy = CHOICE_RECORDED;
        if (!recording_parse(choices, &chance->recording))
            return false;
    } else if (seed != NULL) {
        chance->policy = CHOICE_SEEDED;
        if (!text_read_number(seed, UINT64_MAX, &chance->seed))
            return false;
    }
    return true;
}

static bool take_chance(struct shrink *shrink)
{
    struct chance *chance = &shrink->reproduction.chance;
    if (!shrink->settings->seeded)
        return tagged_chance(shrink->scenario, chance);
    *chance = (struct chance){ .policy = CHOICE_SEEDED, .seed = shrink->settings->seed };
    return true;
}

/* Returns false after printing an error. */
static bool load_file(struct shrink *shrink, struct suite *suite, const char *path)
{
    if (!suite_load(suite, &path, 1, stderr))
        return false;
    if (suite->count != 1) {
        fputs("rehearse shrink: ", stderr);
        printable_string(stderr, path);
        fprintf(stderr, " has %zu scenarios; name one of them, such as ", suite->count);
        printable_string(stderr, suite->scenarios[0]->name);
        fputc('\n', stderr);
        return false;
    }
    shrink->what = "scenario";
    shrink->scenario = suite->scenarios[0];
    if (!take_chance(shrink)) {
        fputs("rehearse shrink: ", stderr);
        printable_string(stderr, path);
        fputs(": the tag seed or choices is malformed\n", stderr);
        return false;
    }
    drop_tag(shrink->scenario, "row"); /* the scenario no longer has a table */
    drop_tag(shrink->scenario, "seed");
    drop_tag(shrink->scenario, "choices");
    drop_tag(shrink->scenario, "fails");
    shrink->scenario->fails = NULL;
    return true;
}

static bool load_seed(struct shrink *shrink, uint64_t seed)
{
    if (shrink->settings->seeded) {
        fputs("rehearse shrink: --seed needs a file; a plot is run with its own seed\n", stderr);
        return false;
    }
    shrink->what = "plot";
    shrink->scenario = plot_of_seed(&shrink->settings->plots, seed, NULL);
    shrink->reproduction.chance = (struct chance){ .policy = CHOICE_SEEDED, .seed = seed };
    return true;
}

/* ---- Shrinking ---- */

static size_t count_steps(const struct step *step)
{
    size_t count = 0;
    for (; step != NULL; step = step->next)
        count += step->steps != NULL ? count_steps(step->steps) : 1;
    return count;
}

/* Called for each candidate, even one that is not run; so it also shows that the process is alive. */
static bool is_late(void *host)
{
    const struct shrink *shrink = host;
    if (shrink->box != NULL)
        shrink->box->begun++;
    return machine_now() >= shrink->end || shrink->work->ends || interrupt_signal() != 0;
}

static void tell_progress(struct shrink *shrink)
{
    char note[64];
    snprintf(note, sizeof note, "%zu steps, %" PRIu64 " runs", shrink->work->steps, shrink->work->runs);
    progress_update(&shrink->bar, 0, 0, note);
}

static struct scenario *parse(const struct shrink *shrink, const char *text)
{
    struct complaints complaints = { 0 };
    return scenario_parse(shrink->scenario->path, text, strlen(text), NULL, NULL, &complaints);
}

static void keep_smallest(struct shrink *shrink, const struct scenario *candidate)
{
    char *text = scenario_print(candidate);
    struct scenario *scenario = parse(shrink, text);
    char *file = finding_write(scenario, shrink->what, &shrink->reproduction);
    const int other = 1 - shrink->work->whole;
    const size_t size = strlen(file) + 1;
    if (size <= SMALLEST_MOST) {
        memcpy(shrink->work->smallest[other], file, size);
        atomic_signal_fence(memory_order_release);
        shrink->work->whole = other;
    }
    scenario_free(scenario);
    free(file);
    free(text);
}

static bool still_fails(void *host, const struct scenario *candidate)
{
    struct shrink *shrink = host;
    shrink->work->steps = count_steps(candidate->steps);
    shrink->work->runs = shrink->reproduction.runs;
    if (shrink->reproduction.apart)
        tell_progress(shrink);
    if (!reproduction_in(&shrink->reproduction, candidate))
        return false;
    if (!shrink->reproduction.apart)
        keep_smallest(shrink, candidate);
    return true;
}

/* If a check failed, the expectations of steps do not matter. */
static void leave_checks_only(struct shrink *shrink)
{
    if (!shrink->reproduction.check || scenario_tag(shrink->scenario, "checks only") != NULL)
        return;
    scenario_add_tag(shrink->scenario, "checks only", "");
    if (!reproduction_in(&shrink->reproduction, shrink->scenario))
        drop_tag(shrink->scenario, "checks only");
}

static char *write_file(struct shrink *shrink, const char *text)
{
    struct scenario *scenario = parse(shrink, text);
    deviations_find(&shrink->reproduction, scenario);
    char *file = finding_write(scenario, shrink->what, &shrink->reproduction);
    scenario_free(scenario);
    return file;
}

static char *shrunk(struct shrink *shrink)
{
    const struct shrinker shrinker = { shrink->scenario->path, still_fails, shrink, is_late };
    leave_checks_only(shrink);
    char *text = scenario_print(shrink->scenario);
    char *smaller = shrinker_reduce(&shrinker, text);
    char *renamed = shrinker_rename(&shrinker, smaller);
    char *file = write_file(shrink, renamed);
    free(text);
    free(smaller);
    free(renamed);
    return file;
}

/* ---- In a process of its own, which a candidate may crash ----
 * The file is returned as the explanation, and the number of runs as the events. */

static void shrink_there(void *host, size_t index, struct worker_outcome *outcome)
{
    struct shrink *shrink = host;
    (void)index;
    shrink->box = outcome->box;
    outcome->result.explanation = shrunk(shrink);
    outcome->result.events = shrink->reproduction.runs;
    reproduction_free(&shrink->reproduction);
}

static bool hear_there(void *host, size_t index, struct worker_outcome *outcome)
{
    struct shrink *shrink = host;
    (void)index;
    if (outcome->lost)
        return false;
    shrink->file = must(strdup(outcome->result.explanation));
    shrink->reproduction.runs = outcome->result.events;
    return false;
}

/* An interruption also stops that process, after it has returned its result. */
static void wait_there(void *host)
{
    struct shrink *shrink = host;
    if (interrupt_signal() != 0)
        shrink->work->ends = true;
    tell_progress(shrink);
}

/* Continues with the smallest scenario of the lost process. The replaced scenario is not freed. */
static void adopt_smallest(struct shrink *shrink)
{
    const char *file = shrink->work->smallest[shrink->work->whole];
    struct scenario *smallest = *file != '\0' ? parse(shrink, file) : NULL;
    struct chance chance;
    if (smallest == NULL)
        return;
    if (!tagged_chance(smallest, &chance)) {
        scenario_free(smallest);
        return;
    }
    drop_tag(smallest, "seed");
    drop_tag(smallest, "choices");
    reproduction_take(&shrink->reproduction, chance);
    shrink->reproduction.runs = shrink->work->runs;
    shrink->scenario = shrink->smallest = smallest;
}

/* First all runs are in one process, which is fast.  After it has died, each run is in a process of its
 * own. */
static void shrink_it(struct shrink *shrink)
{
    if (!shrink->reproduction.apart)
        worker_pool_run(&(struct worker_pool){ .count = 1,
                                               .jobs = 1,
                                               .limit = shrink->settings->time_limit,
                                               .finishes = true,
                                               .run = shrink_there,
                                               .tell = hear_there,
                                               .wait = wait_there,
                                               .host = shrink });
    if (shrink->file != NULL)
        return;
    progress_erase(&shrink->bar);
    if (!shrink->reproduction.apart) {
        fputs("a candidate killed its process or took too long; each candidate now runs in a separate "
              "process\n",
              stderr);
        adopt_smallest(shrink);
    }
    shrink->reproduction.apart = true;
    shrink->file = shrunk(shrink);
}

/* ---- Reporting ---- */

/* Closes the output. */
static bool write_file_out(struct shrink *shrink)
{
    struct output *output = shrink->output;
    shrink->output = NULL;
    fputs(shrink->file, output != NULL ? output_file(output) : stdout);
    return output != NULL ? output_commit(output) : machine_close(stdout, "standard output");
}

static int conclude(struct shrink *shrink, size_t lines_before)
{
    const char *output = shrink->settings->output;
    double seconds = (double)(machine_now() - shrink->began) / (double)SIM_SECOND;
    progress_erase(&shrink->bar);
    if (!finding_fails(output != NULL ? output : "shrunk.scs", shrink->file, &shrink->reproduction)) {
        fputs("rehearse shrink: the reduced scenario does not fail when it is run as a file\n", stderr);
        return STATUS_WRONG;
    }
    if (!write_file_out(shrink))
        return STATUS_WRONG;
    if (interrupt_signal() != 0)
        fputs("interrupted: this is the smallest scenario so far\n", stderr);
    fprintf(stderr, "lines of steps: %zu before, %zu now, with the same failure; %" PRIu64 " runs, %.1f s\n",
            lines_before, finding_lines(shrink->file), shrink->reproduction.runs, seconds);
    return interrupt_status(STATUS_HELD);
}

static int shrink_loaded(struct shrink *shrink)
{
    if (!reproduction_begin(&shrink->reproduction, shrink->scenario)) {
        fprintf(stderr, "rehearse shrink: the %s passes; there is nothing to shrink\n", shrink->what);
        return STATUS_WRONG;
    }
    printable_string(stderr, shrink->reproduction.summary);
    fputc('\n', stderr);
    char *text = scenario_print(shrink->scenario);
    size_t lines = finding_lines(text);
    free(text);
    shrink_it(shrink);
    return conclude(shrink, lines);
}

static int shrink_what(struct shrink *shrink, const char *what)
{
    uint64_t seed = 0;
    struct suite suite = { 0 };
    bool plot = text_read_number(what, UINT64_MAX - 1, &seed);
    bool loaded = plot ? load_seed(shrink, seed) : load_file(shrink, &suite, what);
    struct scenario *const loaded_scenario = shrink->scenario;
    const char *output = shrink->settings->output;
    if (loaded && output != NULL)
        loaded = suite_is_apart(&suite, "shrink", "--output ", output, stderr);
    int status = loaded ? shrink_loaded(shrink) : STATUS_WRONG;
    if (plot && loaded_scenario != NULL)
        scenario_free(loaded_scenario);
    if (shrink->smallest != NULL)
        scenario_free(shrink->smallest);
    suite_free(&suite);
    return status;
}

static int shrink_with(const struct settings *settings, const char *what)
{
    const uint64_t now = machine_now();
    struct output *output = settings->output != NULL ? output_open(settings->output) : NULL;
    if (settings->output != NULL && output == NULL)
        return STATUS_WRONG;
    struct shrink shrink = { .settings = settings,
                             .work = machine_share(sizeof *shrink.work),
                             .began = now,
                             .end = now + settings->time,
                             .output = output,
                             .bar = progress_begin(stderr, settings->time) };
    shrink.reproduction.late = is_late;
    shrink.reproduction.limit = settings->time_limit;
    shrink.reproduction.host = &shrink;
    interrupt_watch();
    const int status = shrink_what(&shrink, what);
    output_abandon(shrink.output);
    machine_unshare(shrink.work, sizeof *shrink.work);
    reproduction_free(&shrink.reproduction);
    free(shrink.file);
    return status;
}

static int shrink_act(const char *program, int count, char **arguments)
{
    struct settings settings = { .plots = plot_options_default(),
                                 .time = 60 * SIM_SECOND,
                                 .time_limit = WORKER_POOL_LIMIT };
    size_t operand_count = 0;
    int status = STATUS_WRONG;
    (void)program;
    const char **operands = must(calloc((size_t)count + 1, sizeof *operands));
    bool good = options_parse(&shrink_verb, &settings, count, arguments, operands, &operand_count, stderr);
    if (good && operand_count != 1)
        fputs("rehearse shrink: expected one seed or one file; see `rehearse help shrink`\n", stderr);
    else if (good)
        status = shrink_with(&settings, operands[0]);
    free(operands);
    return status;
}

static const struct option shrink_options[] = {
    PLOT_OPTIONS,
    { "seed", "N", "run the file with this seed, as `rehearse run --seed N` does", take_seed },
    { "time", "SPAN", "stop after this real time and write the smallest so far, such as 10s or 1h (60s)",
      take_time },
    { "time-limit", "SPAN", "a run that takes longer in real time fails; SPAN is such as 1s (60s)",
      take_time_limit },
    { "output", "FILE", "write the scenario to FILE instead of standard output", take_output },
};

const struct verb shrink_verb = {
    .name = "shrink",
    .arguments = "[OPTION...] SEED|FILE",
    .summary = "Reduces a failing scenario to a small one that fails in the same way.",
    .about =
        "The input is the plot of a SEED, with the --cast, --steps and --faults of the sweep, or a FILE, "
        "such\n"
        "as FILE#3, FILE:33 or -, which may have the tags seed and choices.  Steps, characters, settings,\n"
        "stanzas and their contents are removed or simplified as long as the same check fails or, if the\n"
        "failure was not that of a check, the failure has the same message.  The default schedule is tried\n"
        "before any seed; when the failure does not occur in it, the tag choices or seed is added.\n"
        "\n"
        "The result is a scenario file that `rehearse run` fails on; all other output goes to standard "
        "error.\n"
        "Exit status: 0 when the scenario was written; 2 when the input passes, when the result does not "
        "fail\n"
        "as a file, for a usage error, or for a file that cannot be read or written; 130 or 143 after SIGINT "
        "or SIGTERM: the smallest scenario\n"
        "found so far is written then.\n",
    .options = shrink_options,
    .option_count = sizeof shrink_options / sizeof *shrink_options,
    .act = shrink_act,
};
