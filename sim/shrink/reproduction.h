/*
 * reproduction.h - whether a failure occurs in another scenario, and under which choices.
 *
 * Two failures are the same when they have the same cause: the violated check, or the message without
 * the parts that differ between runs, or the way in which the process died.
 *
 * The stored message is that of the run that failed last.
 *
 * The default schedule is tried first; once the failure occurred in it, it must occur in it for later
 * candidates.  Otherwise the choices of the last failed run are tried, and then some small seeds.  But if the
 * failure is that of a step that passes in the default schedule, the default schedule must continue to pass;
 * otherwise the result could be a step that can never pass.
 */
#ifndef SIM_REPRODUCTION_H
#define SIM_REPRODUCTION_H

#include "../player/player.h"

/* How what could go either way is decided. */
struct chance {
    enum choice_policy policy;  /* scripted, seeded or recorded */
    uint64_t seed;              /* CHOICE_SEEDED */
    struct recording recording; /* CHOICE_RECORDED */
};

/* As the tags "choices" and "seed" of a scenario have it, the first before the other.  Returns false when one is
 * malformed: then there is nothing to free. */
bool chance_of_tags(const struct scenario *scenario, struct chance *chance);

struct reproduction {
    const struct server_kind *kind; /* the server under test; NULL for our core */
    struct chance chance;           /* under which it failed last; freed by reproduction_free */
    bool apart;                     /* each run in a process of its own, which it may bring down */
    uint64_t limit;                 /* how long each run in a process of its own may take (worker_pool.h) */
    uint64_t runs;                  /* how many runs there were */

    /* NULL, or whether it is too late to try anything: then nothing happens again. */
    bool (*late)(void *host);
    void *host;

    /* The message that reproduction_begin found; NULL when nothing failed. */
    char *cause;
    char *summary;  /* the sentence, of the run that failed last */
    bool check;     /* the cause is a check's name */
    bool by_chance; /* in the default schedule the scenario must pass */
};

/* Runs a scenario, in a process of its own, under the chance that was filled in, and perhaps in the default
 * schedule.  Returns false when it passes: then there is nothing that could happen again. */
bool reproduction_begin(struct reproduction *reproduction, const struct scenario *scenario);

/* Whether the failure happens in a candidate too; the chance is then the one under which it did. */
bool reproduction_in(struct reproduction *reproduction, const struct scenario *candidate);

/* The same under one chance alone.  The reproduction's own choices stay.  Each decision is noted in `record`,
 * which may be NULL, unless runs are kept apart. */
bool reproduction_under(struct reproduction *reproduction, const struct scenario *candidate,
                        const struct chance *chance, struct recording *record);

/* Makes it the chance; the reproduction owns the recording from then on. */
void reproduction_take(struct reproduction *reproduction, struct chance chance);

void reproduction_free(struct reproduction *reproduction);

#endif
