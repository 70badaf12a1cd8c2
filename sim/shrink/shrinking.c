#include "shrinking.h"

#include "../language/scenario_edit.h"
#include "../language/scenario_print.h"
#include "../must.h"
#include "../printable.h"
#include "../tool/interrupt.h"
#include "../tool/machine.h"
#include "../tool/progress.h"
#include "../tool/worker_pool.h"
#include "deviations.h"
#include "shrinker.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <string.h>

/* Shared by the process that shrinks and the one that waits for it.  The smallest scenario so far
 * is stored as file text; one of the two texts is complete at any time. */
enum { SMALLEST_MOST = 4000000 };
struct shared {
    volatile bool ends; /* written by the one that waits: be content with what there is */
    volatile size_t steps;
    volatile uint64_t runs;
    volatile int whole;
    char smallest[2][SMALLEST_MOST]; /* "" for none */
};

/* One scenario on its way down. */
struct shrink {
    const struct shrinking *wish;
    struct scenario *scenario;
    struct scenario *smallest; /* NULL, or the scenario, where it is that */
    struct reproduction reproduction;
    struct shared *shared;
    struct black_box *box; /* of the process that shrinks; NULL in the one that waits */
    char *file;            /* what came of it */
    uint64_t began, end;   /* real time */
    struct progress_bar bar;
};

/* ---- Shrinking ---- */

static size_t count_steps(const struct step *step)
{
    size_t count = 0;
    for (; step != NULL; step = step->next)
        count += step->steps != NULL ? count_steps(step->steps) : 1;
    return count;
}

/* Called for each candidate, even one that is not run, so it also shows that the process is alive. */
static bool is_late(void *host)
{
    const struct shrink *shrink = host;
    if (shrink->box != NULL)
        shrink->box->begun++;
    return machine_now() >= shrink->end || shrink->shared->ends || interrupt_signal() != 0;
}

static void tell_progress(struct shrink *shrink)
{
    char note[64];
    snprintf(note, sizeof note, "%zu steps, %" PRIu64 " runs", shrink->shared->steps, shrink->shared->runs);
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
    char *file = finding_write(scenario, &shrink->wish->finding, &shrink->reproduction);
    const int other = 1 - shrink->shared->whole;
    const size_t size = strlen(file) + 1;
    if (size <= SMALLEST_MOST) {
        memcpy(shrink->shared->smallest[other], file, size);
        atomic_signal_fence(memory_order_release);
        shrink->shared->whole = other;
    }
    scenario_free(scenario);
    free(file);
    free(text);
}

static bool still_fails(void *host, const struct scenario *candidate)
{
    struct shrink *shrink = host;
    shrink->shared->steps = count_steps(candidate->steps);
    shrink->shared->runs = shrink->reproduction.runs;
    if (shrink->reproduction.apart)
        tell_progress(shrink);
    if (!reproduction_in(&shrink->reproduction, candidate))
        return false;
    if (!shrink->reproduction.apart)
        keep_smallest(shrink, candidate);
    return true;
}

/* If a check failed, expectations of clients no longer matter. */
static void leave_checks_only(struct shrink *shrink)
{
    if (!shrink->reproduction.check || scenario_tag(shrink->scenario, "checks only") != NULL)
        return;
    scenario_add_tag(shrink->scenario, "checks only", "");
    if (!reproduction_in(&shrink->reproduction, shrink->scenario))
        scenario_drop_tag(shrink->scenario, "checks only");
}

static char *write_file(struct shrink *shrink, const char *text)
{
    struct scenario *scenario = parse(shrink, text);
    if (shrink->wish->other == NULL) /* a recorded choice is one of this server alone */
        deviations_find(&shrink->reproduction, scenario);
    char *file = finding_write(scenario, &shrink->wish->finding, &shrink->reproduction);
    scenario_free(scenario);
    return file;
}

static char *shrink_here(struct shrink *shrink)
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

/* ---- In a process of its own, which a candidate may bring down ----
 * The file comes back as the explanation, and how many runs it took as the events. */

static void shrink_there(void *host, size_t index, struct worker_outcome *outcome)
{
    struct shrink *shrink = host;
    (void)index;
    shrink->box = outcome->box;
    outcome->result.explanation = shrink_here(shrink);
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

/* An interruption ends what that process does too, but not before it has said what it has. */
static void wait_there(void *host)
{
    struct shrink *shrink = host;
    if (interrupt_signal() != 0)
        shrink->shared->ends = true;
    tell_progress(shrink);
}

/* Continues with the smallest scenario of the lost process. The replaced scenario is not freed. */
static void adopt_smallest(struct shrink *shrink)
{
    const char *file = shrink->shared->smallest[shrink->shared->whole];
    struct scenario *smallest = *file != '\0' ? parse(shrink, file) : NULL;
    struct chance chance;
    if (smallest == NULL)
        return;
    if (!chance_of_tags(smallest, &chance)) {
        scenario_free(smallest);
        return;
    }
    scenario_drop_tag(smallest, "seed");
    scenario_drop_tag(smallest, "choices");
    reproduction_take(&shrink->reproduction, chance);
    shrink->reproduction.runs = shrink->shared->runs;
    shrink->scenario = shrink->smallest = smallest;
}

/* All runs are in one process, many in a second; after one has died, each is in a process of its own. */
static void shrink_it(struct shrink *shrink)
{
    if (!shrink->reproduction.apart)
        worker_pool_run(&(struct worker_pool){ .count = 1,
                                               .jobs = 1,
                                               .limit = shrink->wish->time_limit,
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
    shrink->file = shrink_here(shrink);
}

/* ---- All of it ---- */

/* Returns false after a sentence. */
static bool conclude(struct shrink *shrink, size_t lines_before)
{
    const double seconds = (double)(machine_now() - shrink->began) / (double)SIM_SECOND;
    progress_erase(&shrink->bar);
    if (!finding_fails(shrink->wish->path, shrink->file, &shrink->reproduction)) {
        fprintf(stderr, "rehearse %s: the reduced scenario does not fail when it is run as a file\n",
                shrink->wish->verb);
        return false;
    }
    if (interrupt_signal() != 0)
        fputs("interrupted: this is the smallest scenario so far\n", stderr);
    fprintf(stderr, "lines of steps: %zu before, %zu now, with the same failure; %" PRIu64 " runs, %.1f s\n",
            lines_before, finding_lines(shrink->file), shrink->reproduction.runs, seconds);
    return true;
}

static enum shrinking_end shrink_failing(struct shrink *shrink)
{
    if (!reproduction_begin(&shrink->reproduction, shrink->scenario))
        return SHRINKING_PASSES;
    printable_string(stderr, shrink->reproduction.summary);
    fputc('\n', stderr);
    char *text = scenario_print(shrink->scenario);
    const size_t lines = finding_lines(text);
    free(text);
    shrink_it(shrink);
    return conclude(shrink, lines) ? SHRINKING_DONE : SHRINKING_WRONG;
}

/* Moves what the caller wants to have; the rest is freed. */
static void hand_over(struct shrink *shrink, enum shrinking_end end, struct shrunk *shrunk)
{
    if (end == SHRINKING_DONE)
        shrunk->file = shrink->file;
    else
        free(shrink->file);
    shrunk->cause = shrink->reproduction.cause;
    shrunk->summary = shrink->reproduction.summary;
    shrink->reproduction.cause = shrink->reproduction.summary = NULL;
    reproduction_free(&shrink->reproduction);
    if (shrink->smallest != NULL)
        scenario_free(shrink->smallest);
}

enum shrinking_end shrinking_run(const struct shrinking *shrinking, struct scenario *scenario,
                                 struct chance chance, struct shrunk *shrunk)
{
    const uint64_t now = machine_now();
    struct shrink shrink = { .wish = shrinking,
                             .scenario = scenario,
                             .reproduction = { .kind = shrinking->kind,
                                               .other = shrinking->other,
                                               .chance = chance,
                                               .late = is_late,
                                               .limit = shrinking->time_limit },
                             .shared = machine_share(sizeof *shrink.shared),
                             .began = now,
                             .end = now + shrinking->time,
                             .bar = progress_begin(stderr, shrinking->time) };
    shrink.reproduction.host = &shrink;
    *shrunk = (struct shrunk){ 0 };
    const enum shrinking_end end = shrink_failing(&shrink);
    hand_over(&shrink, end, shrunk);
    machine_unshare(shrink.shared, sizeof *shrink.shared);
    return end;
}

void shrunk_free(struct shrunk *shrunk)
{
    free(shrunk->file);
    free(shrunk->cause);
    free(shrunk->summary);
    *shrunk = (struct shrunk){ 0 };
}
