#include "several.h"

#include "../must.h"
#include "../player/verdict.h"
#include "../printable.h"
#include "../sweep/sweep_result.h"
#include "../tool/worker_pool.h"
#include "answers.h"

#include <string.h>

/* The runs of a case follow each other: index / count is the case, index % count the server.  `results` are
 * those of the current case. */
struct runs {
    const struct several *several;
    struct several_result results[SERVER_LIST_MOST];
};

/* ---- One run ---- */

static void run_scenario(const struct several *several, const struct scenario *scenario,
                         const struct player_options *options, struct worker_outcome *outcome)
{
    struct player_options own = *options;
    struct answers *answers = several->answers ? answers_new(scenario) : NULL;
    own.observer = answers != NULL ? answers_observer(answers) : NULL;
    player_run(scenario, &own, &outcome->result);
    verdict_apply(scenario, &outcome->result);
    free(outcome->result.explanation);
    outcome->result.explanation = answers != NULL ? answers_take(answers) : NULL;
}

/* The answers come back as the explanation. */
static void run_one(void *host, size_t index, struct worker_outcome *outcome)
{
    const struct runs *runs = host;
    const struct several *several = runs->several;
    const size_t servers = several->servers->count;
    struct player_options options = { .kind = several->servers->kinds[index % servers],
                                      .policy = several->policy,
                                      .box = outcome->box };
    struct scenario *scenario = several->scenario(several->host, index / servers, &options.seed);
    run_scenario(several, scenario, &options, outcome);
    if (several->release != NULL)
        several->release(scenario);
}

/* ---- Results ---- */

static struct several_result result_of(const struct worker_outcome *outcome)
{
    const struct player_result *from = &outcome->result;
    const bool collected = !outcome->lost && from->explanation != NULL;
    struct several_result result = { .verdict = RESULT_PASSED,
                                     .answers = must(strdup(collected ? from->explanation : "")) };
    if (from->skipped[0] != '\0') {
        result.verdict = RESULT_SKIPPED;
        memcpy(result.skipped, from->skipped, sizeof result.skipped);
    } else if (!from->passed) {
        result.verdict = RESULT_FAILED;
        result.check = from->check;
        result.summary = must(strdup(from->summary));
        result.cause = sweep_cause(from->check, from->summary);
    }
    return result;
}

static void result_free(struct several_result *result)
{
    free(result->summary);
    free(result->cause);
    free(result->answers);
    *result = (struct several_result){ .verdict = RESULT_PASSED };
}

static bool hear_one(void *host, size_t index, struct worker_outcome *outcome)
{
    struct runs *runs = host;
    const struct several *several = runs->several;
    const size_t servers = several->servers->count;
    runs->results[index % servers] = result_of(outcome);
    if (index % servers + 1 < servers)
        return true;
    const bool goes_on = several->tell(several->host, index / servers, runs->results);
    for (size_t i = 0; i < servers; i++)
        result_free(&runs->results[i]);
    return goes_on;
}

void several_run(const struct several *several)
{
    struct runs runs = { .several = several };
    worker_pool_run(&(struct worker_pool){ .count = several->count * several->servers->count,
                                           .jobs = several->jobs,
                                           .limit = several->time_limit,
                                           .run = run_one,
                                           .tell = hear_one,
                                           .host = &runs });
    for (size_t i = 0; i < SERVER_LIST_MOST; i++) /* of a case that an interruption cut short */
        result_free(&runs.results[i]);
}

/* ---- Counts ---- */

static void count_lack(struct several_counts *counts, const char *name)
{
    size_t i = 0;
    while (i < counts->lack_count && strcmp(counts->lacks[i].name, name) != 0)
        i++;
    if (i == SEVERAL_LACKS_MOST)
        return;
    if (i == counts->lack_count) {
        counts->lack_count++;
        (void)snprintf(counts->lacks[i].name, sizeof counts->lacks[i].name, "%s", name);
    }
    counts->lacks[i].count++;
}

void several_count(struct several_counts *counts, const struct several_result *result)
{
    counts->passed += result->verdict == RESULT_PASSED;
    counts->failed += result->verdict == RESULT_FAILED;
    counts->skipped += result->verdict == RESULT_SKIPPED;
    if (result->verdict == RESULT_SKIPPED)
        count_lack(counts, result->skipped);
}

void several_print_counts(FILE *out, const struct server_kind *kind, const struct several_counts *counts)
{
    printable_string(out, kind->name);
    fprintf(out, ": %zu passed, %zu failed", counts->passed, counts->failed);
    if (counts->skipped > 0)
        fprintf(out, ", %zu skipped", counts->skipped);
    for (size_t i = 0; i < counts->lack_count; i++)
        fprintf(out, "%s%zu %s", i == 0 ? " (" : ", ", counts->lacks[i].count, counts->lacks[i].name);
    fputs(counts->lack_count > 0 ? ")\n" : "\n", out);
}
