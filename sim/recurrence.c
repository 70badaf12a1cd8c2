#include "recurrence.h"

#include "crew.h"
#include "must.h"
#include "reduction.h"
#include "sweep_result.h"

#include <assert.h>
#include <stdio.h>
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
    bool silent; /* it is a process of its own that plays, and what it says when it dies is known */
};

static void play(void *host, size_t index, struct played *played)
{
    struct trial *trial = host;
    struct chance *chance = &trial->chances[index];
    struct stage_options options = { .kind = trial->recurrence->kind,
                                     .policy = chance->policy,
                                     .seed = chance->seed,
                                     .recording = &chance->recording,
                                     .record = trial->record };
    if (trial->silent && freopen("/dev/null", "w", stderr) == NULL)
        abort();
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

static bool hear(void *host, size_t index, struct played *played)
{
    struct trial *trial = host;
    trial->recurrence->plays++;
    if (!is_the_same(trial->recurrence, &played->result))
        return true;
    trial->held = index;
    return false;
}

static bool try(struct trial *trial)
{
    trial->held = trial->count;
    trial->silent = trial->recurrence->apart;
    crew_play(&(struct crew){ .count = trial->count,
                              .jobs = trial->recurrence->apart ? 1 : 0,
                              .play = play,
                              .tell = hear,
                              .host = trial });
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

bool recurrence_begin(struct recurrence *recurrence, const struct scenario *scenario)
{
    assert(recurrence->cause == NULL);
    struct trial trial = {
        .recurrence = recurrence, .scenario = scenario, .chances = { recurrence->chance }, .count = 1
    };
    crew_play(&(struct crew){ .count = 1, .jobs = 1, .play = play, .tell = hear_first, .host = &trial });
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

/* The recording is the recurrence's own from here on. */
static void take_chance(struct recurrence *recurrence, const struct chance *chance)
{
    if (chance->recording.list != recurrence->chance.recording.list)
        recording_free(&recurrence->chance.recording);
    recurrence->chance = *chance;
}

bool recurrence_in(struct recurrence *recurrence, const struct scenario *candidate)
{
    assert(recurrence->cause != NULL);
    struct trial trial = { .recurrence = recurrence, .scenario = candidate };
    add_chances(&trial);
    if (!try(&trial))
        return false;
    take_chance(recurrence, &trial.chances[trial.held]);
    return true;
}

/* ---- Choices instead of a seed ---- */

static bool fails_when_recorded(struct recurrence *recurrence, const struct scenario *scenario,
                                const struct recording *recording)
{
    struct trial trial = { .recurrence = recurrence,
                           .scenario = scenario,
                           .chances = { { .policy = CHOICE_RECORDED, .recording = *recording } },
                           .count = 1 };
    return try(&trial);
}

struct sparing {
    struct recurrence *recurrence;
    const struct scenario *scenario;
    struct recording recording;
};

size_t recurrence_choices(const struct recording *recording)
{
    size_t count = 0;
    for (size_t i = 0; i < recording->count; i++)
        count += recording->list[i].answer != 0;
    return count;
}

static size_t count_choices(void *host)
{
    return recurrence_choices(&((struct sparing *)host)->recording);
}

static struct recording copy_without(const struct recording *recording, const struct pieces *pieces)
{
    struct recording copy = { 0 };
    size_t seen = 0;
    for (size_t i = 0; i < recording->count; i++) {
        struct choice choice = recording->list[i];
        if (choice.answer != 0 && pieces_have(pieces, seen++))
            choice = (struct choice){ choice.concern, 0, 0 };
        recording_add(&copy, choice);
    }
    return copy;
}

static bool try_without(void *host, const struct pieces *pieces)
{
    struct sparing *sparing = host;
    struct recording fewer = copy_without(&sparing->recording, pieces);
    bool holds = fails_when_recorded(sparing->recurrence, sparing->scenario, &fewer);
    if (holds) {
        recording_free(&sparing->recording);
        sparing->recording = fewer;
    } else {
        recording_free(&fewer);
    }
    return holds;
}

/* As a file will have it: what is the first possibility is not mentioned there. */
static struct recording record(struct recurrence *recurrence, const struct scenario *scenario)
{
    struct recording all = { 0 };
    struct trial trial = { .recurrence = recurrence,
                           .scenario = scenario,
                           .chances = { recurrence->chance },
                           .count = 1,
                           .record = &all };
    (void)try(&trial);
    for (size_t i = 0; i < all.count; i++)
        if (all.list[i].answer == 0)
            all.list[i].possibilities = 0;
    return all;
}

void recurrence_record(struct recurrence *recurrence, const struct scenario *scenario)
{
    if (recurrence->chance.policy == CHOICE_SCRIPTED || recurrence->apart)
        return;
    struct sparing sparing = { recurrence, scenario, record(recurrence, scenario) };
    if (!fails_when_recorded(recurrence, scenario, &sparing.recording)) {
        recording_free(&sparing.recording);
        return;
    }
    while (reduce(&(struct reduction){ count_choices, try_without, &sparing }))
        continue;
    take_chance(recurrence, &(struct chance){ .policy = CHOICE_RECORDED, .recording = sparing.recording });
}

void recurrence_free(struct recurrence *recurrence)
{
    recording_free(&recurrence->chance.recording);
    free(recurrence->cause);
    free(recurrence->summary);
}
