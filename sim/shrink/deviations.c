#include "deviations.h"

#include "delta_debugging.h"

#include <stdlib.h>

/* Limits of a search: runs, answers tried for one question, and seeds. */
enum { SEARCH_RUNS = 10000, ANSWERS_MOST = 8, SMALL_SEEDS = 8 };

struct search {
    struct reproduction *reproduction;
    const struct scenario *scenario;
    struct recording recording; /* of the last failed run */
    uint64_t end;               /* limit of the number of runs */
    bool extremes;              /* only the last possibility is tried, and bytes are not cut */
};

static bool fails_under(struct search *search, const struct recording *recording, struct recording *record)
{
    const struct chance chance = { .policy = CHOICE_RECORDED, .recording = *recording };
    return reproduction_under(search->reproduction, search->scenario, &chance, record);
}

size_t deviations_count(const struct recording *recording)
{
    size_t count = 0;
    for (size_t i = 0; i < recording->count; i++)
        count += recording->list[i].answer != 0;
    return count;
}

/* A choice that is not listed is the first possibility, as in a recording. */
static void add_unmentioned(struct recording *recording, size_t until)
{
    while (recording->count < until)
        recording_add(recording, (struct choice){ CHOICE_TIES, 0, 0 });
}

static struct recording copy_of(const struct recording *recording)
{
    struct recording copy = { 0 };
    for (size_t i = 0; i < recording->count; i++)
        recording_add(&copy, recording->list[i]);
    return copy;
}

/* ---- Away from the default schedule ---- */

static bool deviate(struct search *search, const struct recording *path, unsigned more);

/* The same path, followed by another answer to a question that was asked. */
static bool deviate_at(struct search *search, const struct recording *path, size_t index,
                       struct choice choice, unsigned more)
{
    struct recording longer = copy_of(path);
    add_unmentioned(&longer, index);
    recording_add(&longer, choice);
    bool found = deviate(search, &longer, more);
    recording_free(&longer);
    return found;
}

static bool deviate_from(struct search *search, const struct recording *path, size_t index,
                         struct choice asked, unsigned more)
{
    uint32_t least = search->extremes || asked.possibilities > ANSWERS_MOST ? asked.possibilities - 1 : 1;
    if (search->extremes && asked.concern == CHOICE_PIECES)
        return false;
    for (uint32_t answer = asked.possibilities - 1; answer >= least; answer--)
        if (deviate_at(search, path, index, (struct choice){ asked.concern, asked.possibilities, answer },
                       more))
            return true;
    return false;
}

/* Whether the run fails along a path, or with further deviations after it. */
static bool deviate(struct search *search, const struct recording *path, unsigned more)
{
    struct recording asked = { 0 };
    if (search->reproduction->runs >= search->end)
        return false;
    bool found = fails_under(search, path, &asked);
    if (found)
        search->recording = copy_of(path);
    for (size_t i = path->count; i < asked.count && more > 0 && !found; i++)
        found = deviate_from(search, path, i, asked.list[i], more - 1);
    recording_free(&asked);
    return found;
}

static bool few_suffice(struct search *search)
{
    const struct recording quiet = { 0 };
    search->end = search->reproduction->runs + SEARCH_RUNS;
    if (deviate(search, &quiet, 1))
        return true;
    search->extremes = true;
    return deviate(search, &quiet, 2);
}

/* ---- A seed that cuts no bytes ---- */

/* Extends a path by the seed's answers, up to the first that is not the first possibility, because later
 * questions may differ then.  Returns whether there was one. */
static bool follow(struct recording *path, const struct recording *asked, struct choices *seeded)
{
    for (size_t i = path->count; i < asked->count; i++) {
        struct choice choice = asked->list[i];
        if (choice.concern != CHOICE_PIECES)
            choice.answer = choose(seeded, choice.concern, choice.possibilities);
        if (choice.answer == 0)
            choice.possibilities = 0;
        recording_add(path, choice);
        if (choice.answer != 0)
            return true;
    }
    return false;
}

static bool fails_uncut(struct search *search, uint64_t seed)
{
    struct recording path = { 0 };
    struct choices seeded;
    bool fails = false;
    bool more = true;
    choices_init(&seeded, CHOICE_SEEDED, seed);
    while (more && !fails && search->reproduction->runs < search->end) {
        struct recording asked = { 0 };
        fails = fails_under(search, &path, &asked);
        more = !fails && follow(&path, &asked, &seeded);
        recording_free(&asked);
    }
    if (fails)
        search->recording = path;
    else
        recording_free(&path);
    return fails;
}

static bool any_fails_uncut(struct search *search)
{
    const struct chance *chance = &search->reproduction->chance;
    search->end = search->reproduction->runs + SEARCH_RUNS;
    bool fails = chance->policy == CHOICE_SEEDED && fails_uncut(search, chance->seed);
    for (uint64_t seed = 1; seed <= SMALL_SEEDS && !fails; seed++)
        fails = fails_uncut(search, seed);
    return fails;
}

/* ---- Back to it ---- */

static size_t count_choices(void *host)
{
    return deviations_count(&((struct search *)host)->recording);
}

static struct recording copy_without(const struct recording *recording, const struct pieces *pieces)
{
    struct recording copy = copy_of(recording);
    size_t seen = 0;
    for (size_t i = 0; i < copy.count; i++)
        if (copy.list[i].answer != 0 && pieces_have(pieces, seen++))
            copy.list[i] = (struct choice){ CHOICE_TIES, 0, 0 };
    return copy;
}

static bool try_without(void *host, const struct pieces *pieces)
{
    struct search *search = host;
    struct recording fewer = copy_without(&search->recording, pieces);
    bool fails = fails_under(search, &fewer, NULL);
    if (fails) {
        struct recording old = search->recording;
        search->recording = fewer;
        fewer = old;
    }
    recording_free(&fewer);
    return fails;
}

/* The failed run, as recorded in a file. */
static void record(struct search *search)
{
    struct recording all = { 0 };
    (void)reproduction_under(search->reproduction, search->scenario, &search->reproduction->chance, &all);
    for (size_t i = 0; i < all.count; i++)
        if (all.list[i].answer == 0)
            all.list[i].possibilities = 0;
    search->recording = all;
}

void deviations_find(struct reproduction *reproduction, const struct scenario *scenario)
{
    struct search search = { .reproduction = reproduction, .scenario = scenario };
    if (reproduction->chance.policy == CHOICE_SCRIPTED || reproduction->apart)
        return;
    if (!few_suffice(&search) && !any_fails_uncut(&search))
        record(&search);
    bool fails = fails_under(&search, &search.recording, NULL);
    while (fails && delta_debug(&(struct delta_debugging){ count_choices, try_without, &search }))
        continue;
    if (fails && deviations_count(&search.recording) <= DEVIATIONS_MOST)
        reproduction_take(reproduction,
                          (struct chance){ .policy = CHOICE_RECORDED, .recording = search.recording });
    else
        recording_free(&search.recording);
}
