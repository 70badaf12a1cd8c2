#include "reproduction.h"

#include "../must.h"
#include "../sweep/sweep_result.h"
#include "../text.h"
#include "../tool/worker_pool.h"

#include <assert.h>
#include <string.h>

/* Seeds that are tried when neither the default schedule nor the previous choices reproduce the failure. */
enum { SMALL_SEEDS = 8, CHANCES_MOST = SMALL_SEEDS + 2 };

bool chance_of_tags(const struct scenario *scenario, struct chance *chance)
{
    const char *seed = scenario_tag(scenario, "seed");
    const char *choices = scenario_tag(scenario, "choices");
    *chance = (struct chance){ .policy = CHOICE_SCRIPTED };
    if (choices != NULL) {
        chance->policy = CHOICE_RECORDED;
        return recording_parse(choices, &chance->recording);
    }
    if (seed == NULL)
        return true;
    chance->policy = CHOICE_SEEDED;
    return text_read_number(seed, UINT64_MAX, &chance->seed);
}

/* A scenario and the choice policies under which it is run in turn, until it fails for the cause. */
struct trial {
    struct reproduction *reproduction;
    const struct scenario *scenario;
    struct chance chances[CHANCES_MOST]; /* their recordings are borrowed */
    size_t count;
    size_t held; /* the first under which it failed; `count` when it did under none */
    struct recording *record;
    bool by_chance; /* the first policy is the default schedule, in which it must pass */
};

/* Whether the run passes on the other server, and needs nothing that it lacks. */
static bool passes_on_other(const struct trial *trial, const struct player_options *options)
{
    struct player_options other = *options;
    struct player_result result;
    other.kind = trial->reproduction->other;
    other.record = NULL;
    player_run(trial->scenario, &other, &result);
    const bool passes = result.passed && result.skipped[0] == '\0';
    player_result_free(&result);
    return passes;
}

static void run(void *host, size_t index, struct worker_outcome *outcome)
{
    struct trial *trial = host;
    struct chance *chance = &trial->chances[index];
    struct player_options options = { .kind = trial->reproduction->kind,
                                      .policy = chance->policy,
                                      .seed = chance->seed,
                                      .recording = &chance->recording,
                                      .record = trial->record,
                                      .box = outcome->box };
    player_run(trial->scenario, &options, &outcome->result);
    if (outcome->result.passed || trial->reproduction->other == NULL || passes_on_other(trial, &options))
        return;
    player_result_free(&outcome->result);
    outcome->result = (struct player_result){ .passed = true };
}

static bool is_the_same(const struct reproduction *reproduction, const struct player_result *result)
{
    if (result->passed)
        return false;
    char *cause = sweep_cause(result->check, result->summary);
    bool same = strcmp(cause, reproduction->cause) == 0;
    free(cause);
    return same;
}

/* The host handles an interruption, and then reports that the time is over. */
static void run_trial(struct trial *trial, size_t jobs,
                      bool (*tell)(void *host, size_t index, struct worker_outcome *outcome))
{
    worker_pool_run(&(struct worker_pool){ .count = trial->count,
                                           .jobs = jobs,
                                           .limit = trial->reproduction->limit,
                                           .finishes = true,
                                           .run = run,
                                           .tell = tell,
                                           .host = trial });
}

static bool hear(void *host, size_t index, struct worker_outcome *outcome)
{
    struct trial *trial = host;
    trial->reproduction->runs++;
    if (trial->by_chance && index == 0)
        return outcome->result.passed;
    if (!is_the_same(trial->reproduction, &outcome->result))
        return true;
    trial->held = index;
    free(trial->reproduction->summary);
    trial->reproduction->summary = must(strdup(outcome->result.summary));
    return false;
}

static bool try(struct trial *trial)
{
    const struct reproduction *reproduction = trial->reproduction;
    if (reproduction->late != NULL && reproduction->late(reproduction->host))
        return false;
    trial->held = trial->count;
    run_trial(trial, reproduction->apart ? 1 : 0, hear);
    return trial->held < trial->count;
}

/* ---- The first time ---- */

static bool hear_first(void *host, size_t index, struct worker_outcome *outcome)
{
    (void)index;
    struct reproduction *reproduction = ((struct trial *)host)->reproduction;
    const struct player_result *result = &outcome->result;
    reproduction->runs++;
    if (result->passed)
        return false;
    reproduction->cause = sweep_cause(result->check, result->summary);
    reproduction->summary = must(strdup(result->summary));
    reproduction->check = result->check != NULL;
    reproduction->apart = reproduction->apart || outcome->lost;
    return false;
}

static bool hear_quiet(void *host, size_t index, struct worker_outcome *outcome)
{
    struct reproduction *reproduction = ((struct trial *)host)->reproduction;
    (void)index;
    reproduction->runs++;
    reproduction->by_chance = outcome->result.passed;
    return false;
}

/* Whether the steps' expectations may be what failed. */
static bool is_judged(const struct reproduction *reproduction, const struct scenario *scenario)
{
    return !reproduction->check && !reproduction->apart && scenario_tag(scenario, "checks only") == NULL;
}

bool reproduction_begin(struct reproduction *reproduction, const struct scenario *scenario)
{
    assert(reproduction->cause == NULL);
    struct trial trial = {
        .reproduction = reproduction, .scenario = scenario, .chances = { reproduction->chance }, .count = 1
    };
    run_trial(&trial, 1, hear_first);
    trial.chances[0] = (struct chance){ .policy = CHOICE_SCRIPTED };
    if (reproduction->cause != NULL && reproduction->chance.policy != CHOICE_SCRIPTED &&
        is_judged(reproduction, scenario))
        run_trial(&trial, 1, hear_quiet);
    return reproduction->cause != NULL;
}

/* ---- Again ---- */

static void add_chances(struct trial *trial)
{
    const struct chance *last = &trial->reproduction->chance;
    trial->chances[trial->count++] = (struct chance){ .policy = CHOICE_SCRIPTED };
    if (last->policy == CHOICE_SCRIPTED)
        return;
    trial->chances[trial->count++] = *last;
    for (uint64_t seed = 1; seed <= SMALL_SEEDS; seed++)
        if (last->policy != CHOICE_SEEDED || last->seed != seed)
            trial->chances[trial->count++] = (struct chance){ .policy = CHOICE_SEEDED, .seed = seed };
}

void reproduction_take(struct reproduction *reproduction, struct chance chance)
{
    if (chance.recording.list != reproduction->chance.recording.list)
        recording_free(&reproduction->chance.recording);
    reproduction->chance = chance;
}

bool reproduction_in(struct reproduction *reproduction, const struct scenario *candidate)
{
    assert(reproduction->cause != NULL);
    struct trial trial = { .reproduction = reproduction,
                           .scenario = candidate,
                           .by_chance = reproduction->by_chance };
    add_chances(&trial);
    if (!try(&trial))
        return false;
    reproduction_take(reproduction, trial.chances[trial.held]);
    return true;
}

bool reproduction_under(struct reproduction *reproduction, const struct scenario *candidate,
                        const struct chance *chance, struct recording *record)
{
    struct trial trial = { .reproduction = reproduction,
                           .scenario = candidate,
                           .chances = { *chance },
                           .count = 1,
                           .record = record };
    return try(&trial);
}

void reproduction_free(struct reproduction *reproduction)
{
    recording_free(&reproduction->chance.recording);
    free(reproduction->cause);
    free(reproduction->summary);
}
