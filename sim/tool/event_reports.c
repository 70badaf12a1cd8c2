#include "event_reports.h"

#include "../must.h"
#include "../player/verdict.h"
#include "machine.h"

#include <stdlib.h>

struct event_reports {
    struct run_reports *reports;
    uint64_t number; /* of the latest case */
    bool ran;        /* that came to its end */
    struct report_totals totals;
};

struct event_reports *event_reports_open(const struct report_wishes *wishes, bool *good)
{
    *good = true;
    if (wishes->count == 0)
        return NULL;
    struct run_reports *reports = run_reports_open(wishes, stdout);
    *good = reports != NULL;
    if (reports == NULL)
        return NULL;
    struct event_reports *own = must(calloc(1, sizeof *own));
    own->reports = reports;
    return own;
}

void event_reports_begin(struct event_reports *reports, size_t cases)
{
    if (reports != NULL)
        run_reports_begin(reports->reports,
                          &(struct report_options){ .expected = cases, .files = cases, .selected = cases });
}

/* ---- A run ---- */

struct running {
    const struct retold *retold;
    struct event_kept kept;
    struct worker_outcome *outcome;
    bool over;
};

static void run_it(void *host, size_t index, struct worker_outcome *outcome)
{
    const struct running *running = host;
    const struct retold *retold = running->retold;
    struct player_options options = retold->options;
    (void)index;
    options.box = outcome->box;
    options.replay = retold->replay;
    const uint64_t began = machine_now();
    if (retold->play != NULL)
        retold->play(retold, &options, &running->kept, &outcome->result);
    else
        event_run(retold->scenario, &options, &running->kept, &outcome->result);
    outcome->real_time = machine_now() - began;
    if (!outcome->result.halted)
        verdict_apply(retold->scenario, &outcome->result);
}

static bool hear_it(void *host, size_t index, struct worker_outcome *outcome)
{
    struct running *running = host;
    (void)index;
    *running->outcome = *outcome;
    outcome->result = (struct player_result){ 0 };
    running->over = true;
    return true;
}

bool event_reports_run(struct event_reports *reports, const struct retold *retold,
                       struct worker_outcome *outcome)
{
    *outcome = (struct worker_outcome){ .lost = false };
    if (reports == NULL)
        return false;
    struct running running = { .retold = retold,
                               .kept = run_reports_kept(reports->reports, ++reports->number),
                               .outcome = outcome };
    worker_pool_run(&(struct worker_pool){ .count = 1,
                                           .jobs = 1,
                                           .limit = retold->time_limit,
                                           .run = run_it,
                                           .tell = hear_it,
                                           .host = &running });
    reports->ran = running.over;
    return running.over;
}

void event_reports_tell(struct event_reports *reports, const struct retold *retold,
                        const struct worker_outcome *outcome, const char *more)
{
    if (reports == NULL)
        return;
    struct report_case own = { .path = retold->scenario->path,
                               .name = retold->name,
                               .title = retold->scenario->title,
                               .replay = retold->replay };
    if (reports->ran) {
        own.result = &outcome->result;
        own.real_time = outcome->real_time;
        own.source = retold->source;
        own.more = more;
        own.looked_at = true;
        report_count(&reports->totals, &outcome->result);
        reports->totals.real_time += outcome->real_time;
    } else {
        own.skipped = "interrupted";
        reports->totals.skipped++;
    }
    run_reports_add(reports->reports, &own);
}

void event_reports_add(struct event_reports *reports, const struct retold *retold, const char *more)
{
    struct worker_outcome outcome;
    (void)event_reports_run(reports, retold, &outcome);
    event_reports_tell(reports, retold, &outcome, more);
    player_result_free(&outcome.result);
}

uint64_t event_reports_number(const struct event_reports *reports)
{
    return reports != NULL ? reports->number : 0;
}

/* ---- The end ---- */

bool event_reports_close(struct event_reports *reports)
{
    if (reports == NULL)
        return true;
    run_reports_end(reports->reports, &reports->totals);
    const bool written = run_reports_close(reports->reports);
    free(reports);
    return written;
}

void event_reports_abandon(struct event_reports *reports)
{
    if (reports != NULL)
        run_reports_abandon(reports->reports);
    free(reports);
}
