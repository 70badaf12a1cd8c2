#include "sweep.h"

#include "../checks/checks.h"
#include "../must.h"
#include "../tool/crew.h"
#include "../tool/machine.h"
#include "sweep_summary.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

enum { JOBS_MAX = 256, BATCH = 100, BATCHES_AT_ONCE = 10000 };
static const uint64_t SEEDS_MOST = 10000000000; /* in one sweep */

struct settings {
    struct plot_options plots; /* first: the shared options take it from here */
    uint64_t first, last;      /* seeds */
    uint64_t shard, shards;    /* this part, from 1, and of how many */
    uint64_t jobs;
    uint64_t time; /* real nanoseconds; 0 for as long as it takes */
    bool fail_fast;
    const char *output;
};

/* One sweep.  The crew plays batches of seeds; what became of a batch is a result of its own, as text.  There
 * may be more batches than a crew has room for, so it is handed some, and then the next. */
struct sweep {
    const char *program;
    const struct settings *settings;
    struct sweep_result result;
    size_t played;           /* batches, before those that the crew has now */
    bool stopped;            /* the time is over */
    uint64_t began, told_at; /* real time */
    bool terminal;
};

/* ---- Options ---- */

const char *take_plot_cast(void *settings, const char *value)
{
    uint64_t number = 0;
    if (!options_number(value, PLOT_CAST_MOST, &number) || number == 0)
        return "a number from 1 to 10000";
    ((struct plot_options *)settings)->cast = (unsigned)number;
    return NULL;
}

const char *take_plot_steps(void *settings, const char *value)
{
    uint64_t number = 0;
    if (!options_number(value, PLOT_STEPS_MOST, &number) || number == 0)
        return "a number from 1 to 1000000";
    ((struct plot_options *)settings)->steps = (unsigned)number;
    return NULL;
}

const char *take_plot_faults(void *settings, const char *value)
{
    return sweep_faults_parse(value, &((struct plot_options *)settings)->faults)
               ? NULL
               : "none, network, disk, memory, clock or all, several with commas between";
}

/* "A..B", or "A" alone. */
static const char *take_seeds(void *settings, const char *value)
{
    static const char *const expected = "seeds such as 0..999, ten billion at the most";
    struct settings *sweep = settings;
    char *text = must(strdup(value));
    char *dots = strstr(text, "..");
    if (dots != NULL)
        *dots = '\0';
    bool good = options_number(text, UINT64_MAX - 1, &sweep->first) &&
                options_number(dots != NULL ? dots + 2 : text, UINT64_MAX - 1, &sweep->last) &&
                sweep->first <= sweep->last && sweep->last - sweep->first < SEEDS_MOST;
    free(text);
    return good ? NULL : expected;
}

static const char *take_shard(void *settings, const char *value)
{
    struct settings *sweep = settings;
    char *text = must(strdup(value));
    char *slash = strchr(text, '/');
    bool good = slash != NULL;
    if (good) {
        *slash = '\0';
        good = options_number(text, SHARDS_MAX, &sweep->shard) &&
               options_number(slash + 1, SHARDS_MAX, &sweep->shards) && sweep->shard >= 1 &&
               sweep->shard <= sweep->shards;
    }
    free(text);
    return good ? NULL : "a part such as 3/8, the third of eight";
}

static const char *take_jobs(void *settings, const char *value)
{
    return options_number(value, JOBS_MAX, &((struct settings *)settings)->jobs) ? NULL
                                                                                 : "a number from 0 to 256";
}

static const char *take_time(void *settings, const char *value)
{
    return options_span(value, &((struct settings *)settings)->time) ? NULL : "a span such as 60s, 10m or 2h";
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

/* ---- Playing ---- */

/* What was planned, and what came of it. */
struct counts {
    struct plot_counts plots;
    struct stage_tally plays;
};

static void add_counts(struct sweep_result *result, const struct counts *counts)
{
    const char *name;
    for (size_t i = 0; (name = plot_action_name(i)) != NULL; i++)
        sweep_count(plot_action_is_fault(i) ? &result->faults : &result->actions, name,
                    counts->plots.actions[i]);
    for (size_t i = 0; (name = stage_fault_name(i)) != NULL; i++)
        sweep_count(&result->fired, name, counts->plays.faults[i]);
    for (size_t i = 0; (name = sweep_check_name(i)) != NULL; i++)
        sweep_count(&result->checks, name, counts->plays.checks[i]);
}

static void play_seed(const struct settings *settings, uint64_t seed, struct sweep_result *result,
                      struct counts *counts)
{
    struct scenario *scenario = plot_of_seed(&settings->plots, seed, &counts->plots);
    struct stage_options options = { .policy = CHOICE_SEEDED, .seed = seed, .tally = &counts->plays };
    struct stage_result played;
    stage_play(scenario, &options, &played);
    result->played++;
    result->events += played.events;
    result->trace_sum += played.trace_hash;
    if (!played.passed)
        sweep_fail(result, seed, played.check, played.summary);
    stage_result_free(&played);
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

static struct sweep_share share_of(const struct settings *settings)
{
    return sweep_share_new(settings->first, settings->last, settings->shard, settings->shards);
}

static char *play_seeds(const struct settings *settings, uint64_t begin, uint64_t end)
{
    struct sweep_result result = { .options = settings->plots, .share = share_of(settings) };
    struct counts counts = { 0 };
    for (uint64_t seed = begin; seed < end && !has_failed(settings, &result); seed++)
        play_seed(settings, seed, &result, &counts);
    add_counts(&result, &counts);
    char *text = sweep_print(&result);
    sweep_result_free(&result);
    return text;
}

static void play_batch(void *host, size_t index, struct played *played)
{
    const struct sweep *sweep = host;
    const size_t batch = sweep->played + index;
    played->result.explanation =
        play_seeds(sweep->settings, batch_begin(sweep->settings, batch), batch_end(sweep->settings, batch));
}

static void join_text(struct sweep *sweep, const char *text)
{
    struct sweep_result part;
    int line;
    if (!sweep_parse(text, &part, &line))
        abort(); /* it is our own */
    sweep_join(&sweep->result, &part);
    sweep_result_free(&part);
}

/* ---- A batch whose process died: which of its seeds is it? ---- */

struct search {
    struct sweep *sweep;
    uint64_t begin;
};

static void play_alone(void *host, size_t index, struct played *played)
{
    const struct search *search = host;
    played->result.explanation =
        play_seeds(search->sweep->settings, search->begin + index, search->begin + index + 1);
}

static bool hear_alone(void *host, size_t index, struct played *played)
{
    struct search *search = host;
    if (played->lost) {
        search->sweep->result.played++;
        sweep_fail(&search->sweep->result, search->begin + index, NULL, played->result.summary);
    } else {
        join_text(search->sweep, played->result.explanation);
    }
    return !has_failed(search->sweep->settings, &search->sweep->result);
}

static void search_batch(struct sweep *sweep, size_t index)
{
    struct search search = { sweep, batch_begin(sweep->settings, index) };
    crew_play(&(struct crew){ .count = (size_t)(batch_end(sweep->settings, index) - search.begin),
                              .jobs = 1,
                              .play = play_alone,
                              .tell = hear_alone,
                              .host = &search });
}

/* ---- Telling ---- */

static void tell_progress(struct sweep *sweep)
{
    uint64_t now = machine_now();
    if (!sweep->terminal || now - sweep->told_at < SIM_SECOND)
        return;
    sweep->told_at = now;
    double seconds = (double)(now - sweep->began) / (double)SIM_SECOND;
    fprintf(stderr, "\r%" PRIu64 " seeds, %.0f a second, %" PRIu64 " failed  ", sweep->result.played,
            (double)sweep->result.played / seconds, sweep->result.failed);
}

static bool hear_batch(void *host, size_t index, struct played *played)
{
    struct sweep *sweep = host;
    const struct settings *settings = sweep->settings;
    if (played->lost)
        search_batch(sweep, sweep->played + index);
    else
        join_text(sweep, played->result.explanation);
    tell_progress(sweep);
    sweep->stopped = has_failed(settings, &sweep->result) ||
                     (settings->time > 0 && machine_now() - sweep->began >= settings->time);
    return !sweep->stopped;
}

static void play_all(struct sweep *sweep)
{
    const size_t count = count_batches(sweep->settings);
    while (sweep->played < count && !sweep->stopped) {
        const size_t left = count - sweep->played;
        const size_t taken = left < BATCHES_AT_ONCE ? left : BATCHES_AT_ONCE;
        crew_play(&(struct crew){ .count = taken,
                                  .jobs = (size_t)sweep->settings->jobs,
                                  .play = play_batch,
                                  .tell = hear_batch,
                                  .host = sweep });
        sweep->played += taken;
    }
}

/* ---- sweep ---- */

static int sweep_with(const char *program, const struct settings *settings)
{
    struct sweep sweep = { .program = program,
                           .settings = settings,
                           .result = { .options = settings->plots, .share = share_of(settings) },
                           .began = machine_now(),
                           .terminal = isatty(STDERR_FILENO) != 0 };
    play_all(&sweep);
    if (sweep.terminal)
        fputs("\r\033[K", stderr);
    double seconds = (double)(machine_now() - sweep.began) / (double)SIM_SECOND;
    fprintf(stderr, "%.0f seeds a second\n", (double)sweep.result.played / seconds);
    int status = sweep_conclude(program, &sweep.result, NULL, settings->output);
    sweep_result_free(&sweep.result);
    return status;
}

static int sweep_act(const char *program, int count, char **arguments)
{
    struct settings settings = {
        .plots = plot_options_default(), .last = 999, .shard = 1, .shards = 1, .jobs = 1
    };
    size_t operand_count = 0;
    const char **operands = must(calloc((size_t)count + 1, sizeof *operands));
    bool good = options_parse(&sweep_verb, &settings, count, arguments, operands, &operand_count, stderr);
    if (good && operand_count > 0) {
        fprintf(stderr, "rehearse sweep: it takes no \"%s\", only options; for one seed there is replay\n",
                operands[0]);
        good = false;
    }
    free(operands);
    return good ? sweep_with(program, &settings) : STATUS_WRONG;
}

static const struct option sweep_options[] = {
    { "seeds", "A..B", "which seeds, both among them (0..999)", take_seeds },
    PLOT_OPTIONS,
    { "jobs", "N", "play in N processes beside this one (1), or in this one (0)", take_jobs },
    { "time", "SPAN", "stop after so long, such as 60s, 10m or 2h", take_time },
    { "fail-fast", NULL, "stop at the first seed that fails", take_fail_fast },
    { "shard", "K/N", "play the Kth of N parts of the seeds", take_shard },
    { "output", "FILE", "write the result there as well, for merge", take_output },
};

const struct verb sweep_verb = {
    .name = "sweep",
    .arguments = "[OPTION...]",
    .summary = "Plays what chance makes up, seed after seed, and reports what did not hold.",
    .about =
        "Each seed makes a scenario: a server, a cast, what they do and what goes wrong.  Nobody knows what\n"
        "its clients should receive; what must hold whatever happens is checked after every event.\n"
        "\n"
        "What is counted tells what it was worth: under \"What went wrong\", how often each fault was "
        "planned\n"
        "and how often it made a difference; under \"What was checked\", how often each invariant was "
        "asked.\n"
        "Failures are grouped by their cause, with the first seed of each and the command that replays it.\n"
        "\n"
        "The last line is \"N passed, N failed\".  Exit status: 0 when all held, 1 when something failed, 2\n"
        "when it was asked wrongly or could not write a file.\n",
    .options = sweep_options,
    .option_count = sizeof sweep_options / sizeof *sweep_options,
    .act = sweep_act,
};
