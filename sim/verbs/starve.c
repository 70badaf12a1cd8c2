#include "starve.h"

#include "../must.h"
#include "../tool/crew.h"
#include "../tool/machine.h"
#include "../tool/selection.h"
#include "../tool/suite.h"

#include <inttypes.h>
#include <string.h>

enum { JOBS_MAX = 256 };

struct settings {
    struct selection selection; /* first: the shared options take it from here */
    uint64_t jobs;
    uint64_t seed;
    enum choice_policy policy;
    uint64_t every; /* only each so manyth allocation fails */
};

/* What became of all plays of all scenarios. */
struct starving {
    const char *program;
    const struct settings *settings;
    const struct suite *suite;
    uint64_t passed, failed;
};

static const char *take_jobs(void *settings, const char *value)
{
    return options_number(value, JOBS_MAX, &((struct settings *)settings)->jobs) ? NULL
                                                                                 : "a number from 0 to 256";
}

static const char *take_seed(void *settings, const char *value)
{
    struct settings *starve = settings;
    starve->policy = CHOICE_SEEDED;
    return options_number(value, UINT64_MAX, &starve->seed) ? NULL : "a number below 2^64";
}

static const char *take_every(void *settings, const char *value)
{
    uint64_t *every = &((struct settings *)settings)->every;
    return options_number(value, UINT32_MAX, every) && *every > 0 ? NULL : "a number above 0";
}

/* ---- Playing ---- */

/* One play in which the nth allocation fails, or none does. */
static void play_with(const struct starving *starving, const struct scenario *scenario, uint64_t nth,
                      struct stage_result *result)
{
    const struct stage_options options = { .policy = starving->settings->policy,
                                           .seed = starving->settings->seed,
                                           .checks_only = true,
                                           .fail_allocation = nth };
    stage_play(scenario, &options, result);
}

/* What one scenario came to goes from process to process as a text: "PLAYS FAILED FIRST SUMMARY". */
static char *print_outcome(uint64_t plays, uint64_t failed, uint64_t first, const char *summary)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = must(open_memstream(&text, &length));
    fprintf(out, "%" PRIu64 " %" PRIu64 " %" PRIu64 " %s", plays, failed, first,
            summary != NULL ? summary : "");
    fclose(out);
    return must(text);
}

/* The first allocation of those that are tried is the first of all; the last is the first that nobody asks
 * for. */
static void starve_one(void *host, size_t index, struct played *played)
{
    const struct starving *starving = host;
    const struct scenario *scenario = starving->suite->scenarios[index];
    uint64_t plays = 0;
    uint64_t failed = 0;
    uint64_t first = 0;
    char *summary = NULL;
    bool fired = true;
    for (uint64_t nth = 1; fired; nth += starving->settings->every) {
        struct stage_result result;
        play_with(starving, scenario, nth, &result);
        fired = result.allocation_failed && nth <= result.allocations; /* a step may have it fail as well */
        plays++;
        failed += !result.passed;
        if (!result.passed && summary == NULL) {
            first = nth;
            summary = result.summary;
            result.summary = NULL;
        }
        stage_result_free(&result);
    }
    played->result.explanation = print_outcome(plays, failed, first, summary);
    free(summary);
}

/* ---- Telling ---- */

static void tell_failure(const struct starving *starving, const struct scenario *scenario, uint64_t nth,
                         const char *summary)
{
    printf("%s: allocation %" PRIu64 " fails, and %s\n  ", scenario->name, nth, summary);
    machine_print_word(stdout, starving->program);
    printf(" run --fail-allocation %" PRIu64 " ", nth);
    if (starving->settings->policy == CHOICE_SEEDED)
        printf("--seed %" PRIu64 " ", starving->settings->seed);
    machine_print_word(stdout, scenario->name);
    puts("");
}

/* ---- A scenario whose process died: at which allocation? ---- */

struct search {
    struct starving *starving;
    const struct scenario *scenario;
};

static void play_alone(void *host, size_t index, struct played *played)
{
    const struct search *search = host;
    play_with(search->starving, search->scenario, index + 1, &played->result);
}

static bool hear_alone(void *host, size_t index, struct played *played)
{
    const struct search *search = host;
    struct starving *starving = search->starving;
    bool good = !played->lost && played->result.passed;
    starving->passed += good;
    starving->failed += !good;
    if (!good)
        tell_failure(starving, search->scenario, index + 1, played->result.summary);
    return good;
}

static void search_scenario(struct starving *starving, const struct scenario *scenario)
{
    struct search search = { starving, scenario };
    struct stage_result usual;
    play_with(starving, scenario, 0, &usual);
    crew_play(&(struct crew){ .count = (size_t)usual.allocations,
                              .jobs = 1,
                              .play = play_alone,
                              .tell = hear_alone,
                              .host = &search });
    stage_result_free(&usual);
}

static bool hear_one(void *host, size_t index, struct played *played)
{
    struct starving *starving = host;
    const struct scenario *scenario = starving->suite->scenarios[index];
    if (played->lost) {
        search_scenario(starving, scenario);
        return true;
    }
    char *rest = played->result.explanation;
    const uint64_t plays = strtoull(rest, &rest, 10);
    const uint64_t failed = strtoull(rest, &rest, 10);
    const uint64_t first = strtoull(rest, &rest, 10);
    starving->passed += plays - failed;
    starving->failed += failed;
    if (failed > 0)
        tell_failure(starving, scenario, first, rest + 1);
    return true;
}

/* ---- The verb ---- */

static int starve_suite(const char *program, const struct settings *settings, const struct suite *suite)
{
    struct starving starving = { .program = program, .settings = settings, .suite = suite };
    crew_play(&(struct crew){ .count = suite->count,
                              .jobs = (size_t)settings->jobs,
                              .play = starve_one,
                              .tell = hear_one,
                              .host = &starving });
    printf("%zu scenario%s, each once for each of its allocations\n", suite->count,
           suite->count == 1 ? "" : "s");
    printf("%" PRIu64 " passed, %" PRIu64 " failed\n", starving.passed, starving.failed);
    return starving.failed == 0 ? STATUS_HELD : STATUS_FAILED;
}

static int starve_act(const char *program, int count, char **arguments)
{
    struct settings settings = { .policy = CHOICE_SCRIPTED, .jobs = 1, .every = 1 };
    struct suite suite = { 0 };
    size_t path_count = 0;
    int status = STATUS_WRONG;
    const char **paths = must(calloc((size_t)count + 1, sizeof *paths));
    if (options_parse(&starve_verb, &settings, count, arguments, paths, &path_count, stderr)) {
        if (path_count == 0)
            paths[path_count++] = "scenarios";
        if (suite_load(&suite, paths, path_count, stderr) &&
            selection_apply(&settings.selection, &suite, stderr)) {
            selection_narrow(&settings.selection, &suite);
            status = starve_suite(program, &settings, &suite);
        }
        suite_free(&suite);
    }
    selection_free(&settings.selection);
    free(paths);
    return status;
}

static const struct option starve_options[] = {
    SELECTION_OPTIONS,
    { "seed", "N", "let chance decide what could go either way, as N has it", take_seed },
    { "every", "N", "try each Nth allocation only (1)", take_every },
    { "jobs", "N", "play in N processes beside this one (1), or in this one (0)", take_jobs },
};

const struct verb starve_verb = {
    .name = "starve",
    .arguments = "[OPTION...] [PATH...]",
    .summary = "Plays scenarios again and again, each time with one allocation of the servers failing.",
    .about =
        "The first allocation fails, then, in another play, the second, and so on, until a play passes in\n"
        "which none failed.  Nobody knows what the clients should receive then; but nothing may crash or\n"
        "leak, no check may fail, and only the session that it struck may be closed.\n"
        "A PATH is a file, a folder, or FILE#3, FILE:33 or -, as `rehearse run` has it; without one it is\n"
        "scenarios/.\n"
        "The last line is \"N passed, N failed\", which counts plays.  Exit status: 0 when all held, 1 when\n"
        "something failed, 2 when it was asked wrongly.\n",
    .options = starve_options,
    .option_count = sizeof starve_options / sizeof *starve_options,
    .act = starve_act,
};
