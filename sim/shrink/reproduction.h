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

/* The source of the choices of a run. */
struct chance {
    enum choice_policy policy;  /* scripted, seeded or recorded */
    uint64_t seed;              /* CHOICE_SEEDED */
    struct recording recording; /* CHOICE_RECORDED */
};

/* As the tags "choices" and "seed" of a scenario have it, the first before the other.  Returns false when one is
 * malformed: then there is nothing to free. */
bool chance_of_tags(const struct scenario *scenario, struct chance *chance);

struct reproduction {
    const struct server_kind *kind;  /* the server under test; NULL for our core */
    const struct server_kind *other; /* NULL, or a failure counts only if the same run passes on this one */
    struct chance chance;            /* of the last failed run; freed by reproduction_free */
    bool apart;                      /* each run is in a process of its own, which it may crash */
    uint64_t limit;                  /* the time limit of each run in a process of its own (worker_pool.h) */
    uint64_t runs;                   /* number of runs so far */

    /* NULL, or whether the time is over: no candidate then reproduces the failure. */
    bool (*late)(void *host);
    void *host;

    /* The message that reproduction_begin found; NULL when nothing failed. */
    char *cause;
    char *summary;  /* the sentence of the last failed run */
    bool check;     /* the cause is a check's name */
    bool by_chance; /* the scenario must pass in the default schedule */
};

/* Runs a scenario, in a process of its own, under the given chance, and perhaps in the default schedule.
 * Returns false when it passes, so that there is nothing to reproduce. */
bool reproduction_begin(struct reproduction *reproduction, const struct scenario *scenario);

/* Whether the failure occurs in a candidate too; the chance is then the one under which it did. */
bool reproduction_in(struct reproduction *reproduction, const struct scenario *candidate);

/* The same under one chance only.  The chance of the reproduction is unchanged.  Each decision is recorded in
 * `record`, which may be NULL, unless each run is in a process of its own. */
bool reproduction_under(struct reproduction *reproduction, const struct scenario *candidate,
                        const struct chance *chance, struct recording *record);

/* Sets the chance, and takes ownership of its recording. */
void reproduction_take(struct reproduction *reproduction, struct chance chance);

void reproduction_free(struct reproduction *reproduction);

#endif
