#include "recurrence.h"

#include "../must.h"
#include "../sweep/sweep_result.h"
#include "../tool/crew.h"

#include <assert.h>
#include <string.h>

/* Seeds that are tried when neither the quiet world nor what failed before will do. */
enum { SMALL_SEEDS = 8, CHANCES_MOST = SMALL_SEEDS + 2 };

/* A scenario and the chances under which it is played, one after the other, until it fails for the cause. */
struct trial {
    struct recurrence *recurrence;
    const struct scenario *scenario;
    struct chance chances[CHANCES_MOST]; /* their recordings are borrowed */
    size_t count;
    size_t held; /* the first under which it failed; `count` when it did under none */
    struct recording *record;
    bool by_chance; /* the first chance is the quiet world, in which it has to pass */
};

static void play(void *host, size_t index, struct played *played)
{
    struct trial *trial = host;
    struct chance *chance = &trial->chances[index];
    struct stage_options options = { .kind = trial->recurrence->kind,
                                     .policy = chance->policy,
                                     .seed = chance->seed,
                                     .recording = &chance->recording,
                                     .record = trial->record,
                                     .box = played->box };
    stage_play(trial->scenario, &options, &played->result);
}

static bool is_the_same(const struct recurrence *recurrence, const struct stage_result *result)
{
    if (result->passed)
        return false;
    char *cause = sweep_cause(result->check, result->summary);
    bool same = strcmp(cause, recurrence->cause) == 0;
    free(cause);
    return same;
}

/* An interruption is for the host to hear, who then says that it is late. */
static void play_trial(struct trial *trial, size_t jobs,
                       bool (*tell)(void *host, size_t index, struct played *played))
{
    crew_play(&(struct crew){ .count = trial->count,
                              .jobs = jobs,
                              .limit = trial->recurrence->limit,
                              .finishes = true,
                              .play = play,
                              .tell = tell,
                              .host = trial });
}

static bool hear(void *host, size_t index, struct played *played)
{
    struct trial *trial = host;
    trial->recurrence->plays++;
    if (trial->by_chance && index == 0)
        return played->result.passed;
    if (!is_the_same(trial->recurrence, &played->result))
        return true;
    trial->held = index;
    free(trial->recurrence->summary);
    trial->recurrence->summary = must(strdup(played->result.summary));
    return false;
}

static bool try(struct trial *trial)
{
    const struct recurrence *recurrence = trial->recurrence;
    if (recurrence->late != NULL && recurrence->late(recurrence->host))
        return false;
    trial->held = trial->count;
    play_trial(trial, recurrence->apart ? 1 : 0, hear);
    return trial->held < trial->count;
}

/* ---- The first time ---- */

static bool hear_first(void *host, size_t index, struct played *played)
{
    (void)index;
    struct recurrence *recurrence = ((struct trial *)host)->recurrence;
    const struct stage_result *result = &played->result;
    recurrence->plays++;
    if (result->passed)
        return false;
    recurrence->cause = sweep_cause(result->check, result->summary);
    recurrence->summary = must(strdup(result->summary));
    recurrence->check = result->check != NULL;
    recurrence->apart = recurrence->apart || played->lost;
    return false;
}

static bool hear_quiet(void *host, size_t index, struct played *played)
{
    struct recurrence *recurrence = ((struct trial *)host)->recurrence;
    (void)index;
    recurrence->plays++;
    recurrence->by_chance = played->result.passed;
    return false;
}

/* Whether the steps' expectations may be what failed. */
static bool is_judged(const struct recurrence *recurrence, const struct scenario *scenario)
{
    return !recurrence->check && !recurrence->apart && scenario_tag(scenario, "checks only") == NULL;
}

bool recurrence_begin(struct recurrence *recurrence, const struct scenario *scenario)
{
    assert(recurrence->cause == NULL);
    struct trial trial = {
        .recurrence = recurrence, .scenario = scenario, .chances = { recurrence->chance }, .count = 1
    };
    play_trial(&trial, 1, hear_first);
    trial.chances[0] = (struct chance){ .policy = CHOICE_SCRIPTED };
    if (recurrence->cause != NULL && recurrence->chance.policy != CHOICE_SCRIPTED &&
        is_judged(recurrence, scenario))
        play_trial(&trial, 1, hear_quiet);
    return recurrence->cause != NULL;
}

/* ---- Again ---- */

static void add_chances(struct trial *trial)
{
    const struct chance *last = &trial->recurrence->chance;
    trial->chances[trial->count++] = (struct chance){ .policy = CHOICE_SCRIPTED };
    if (last->policy == CHOICE_SCRIPTED)
        return;
    trial->chances[trial->count++] = *last;
    for (uint64_t seed = 1; seed <= SMALL_SEEDS; seed++)
        if (last->policy != CHOICE_SEEDED || last->seed != seed)
            trial->chances[trial->count++] = (struct chance){ .policy = CHOICE_SEEDED, .seed = seed };
}

void recurrence_take(struct recurrence *recurrence, struct chance chance)
{
    if (chance.recording.list != recurrence->chance.recording.list)
        recording_free(&recurrence->chance.recording);
    recurrence->chance = chance;
}

bool recurrence_in(struct recurrence *recurrence, const struct scenario *candidate)
{
    assert(recurrence->cause != NULL);
    struct trial trial = { .recurrence = recurrence,
                           .scenario = candidate,
                           .by_chance = recurrence->by_chance };
    add_chances(&trial);
    if (!try(&trial))
        return false;
    recurrence_take(recurrence, trial.chances[trial.held]);
    return true;
}

bool recurrence_under(struct recurrence *recurrence, const struct scenario *candidate,
                      const struct chance *chance, struct recording *record)
{
    struct trial trial = {
        .recurrence = recurrence, .scenario = candidate, .chances = { *chance }, .count = 1, .record = record
    };
    return try(&trial);
}

void recurrence_free(struct recurrence *recurrence)
{
    recording_free(&recurrence->chance.recording);
    free(recurrence->cause);
    free(recurrence->summary);
}
