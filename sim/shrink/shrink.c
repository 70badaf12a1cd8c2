#include "shrink.h"

#include "../language/scenario_edit.h"
#include "../language/scenario_print.h"
#include "../must.h"
#include "../printable.h"
#include "../sweep/plot.h"
#include "../sweep/sweep.h"
#include "../tool/crew.h"
#include "../tool/suite.h"
#include "deviations.h"
#include "finding.h"
#include "shrinker.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct settings {
    struct plot_options plots; /* first: the shared options take it from here */
    bool seeded;               /* --seed */
    uint64_t seed;
    uint64_t time; /* real nanoseconds */
    const char *output;
};

/* One scenario on its way down. */
struct shrink {
    const struct settings *settings;
    const char *what; /* "plot" or "scenario" */
    struct scenario *scenario;
    struct recurrence recurrence;
    char *file;                   /* what came of it */
    uint64_t began, end, told_at; /* real time */
    bool terminal;
};

/* ---- Options ---- */

static const char *take_seed(void *settings, const char *value)
{
    struct settings *shrink = settings;
    shrink->seeded = true;
    return options_number(value, UINT64_MAX, &shrink->seed) ? NULL : "a number below 2^64";
}

static const char *take_time(void *settings, const char *value)
{
    return options_span(value, &((struct settings *)settings)->time) ? NULL : "a span such as 60s, 10m or 2h";
}

static const char *take_output(void *settings, const char *value)
{
    ((struct settings *)settings)->output = value;
    return *value != '\0' ? NULL : "a file";
}

/* ---- What is shrunk ---- */

/* It is made of a file whose chance is said in another way; and that it must fail was known. */
static void drop_tag(struct scenario *scenario, const char *name)
{
    struct tag **link = &scenario->tags;
    while (*link != NULL) {
        if (strcmp((*link)->name, name) == 0)
            *link = (*link)->next;
        else
            link = &(*link)->next;
    }
}

static bool take_chance(struct shrink *shrink)
{
    struct chance *chance = &shrink->recurrence.chance;
    const char *seed = scenario_tag(shrink->scenario, "seed");
    const char *choices = scenario_tag(shrink->scenario, "choices");
    chance->policy = CHOICE_SCRIPTED;
    if (shrink->settings->seeded) {
        *chance = (struct chance){ .policy = CHOICE_SEEDED, .seed = shrink->settings->seed };
    } else if (choices != NULL) {
        chance->policy = CHOICE_RECORDED;
        if (!recording_parse(choices, &chance->recording))
            return false;
    } else if (seed != NULL) {
        chance->policy = CHOICE_SEEDED;
        if (!options_number(seed, UINT64_MAX, &chance->seed))
            return false;
    }
    return true;
}

/* False after a sentence. */
static bool load_file(struct shrink *shrink, struct suite *suite, const char *path)
{
    if (!suite_load(suite, &path, 1, stderr))
        return false;
    if (suite->count != 1) {
        fputs("rehearse shrink: ", stderr);
        printable_string(stderr, path);
        fprintf(stderr, " has %zu scenarios; name one, such as ", suite->count);
        printable_string(stderr, suite->scenarios[0]->name);
        fputc('\n', stderr);
        return false;
    }
    shrink->what = "scenario";
    shrink->scenario = suite->scenarios[0];
    if (!take_chance(shrink)) {
        fprintf(stderr, "rehearse shrink: %s: its tag seed or choices is malformed\n", path);
        return false;
    }
    drop_tag(shrink->scenario, "row"); /* there is no table any more */
    drop_tag(shrink->scenario, "seed");
    drop_tag(shrink->scenario, "choices");
    drop_tag(shrink->scenario, "fails");
    shrink->scenario->fails = NULL;
    return true;
}

static bool load_seed(struct shrink *shrink, uint64_t seed)
{
    if (shrink->settings->seeded) {
        fputs("rehearse shrink: --seed is for a file; a plot is played with its own seed\n", stderr);
        return false;
    }
    shrink->what = "plot";
    shrink->scenario = plot_of_seed(&shrink->settings->plots, seed, NULL);
    shrink->recurrence.chance = (struct chance){ .policy = CHOICE_SEEDED, .seed = seed };
    return true;
}

/* ---- Shrinking ---- */

static uint64_t real_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * SIM_SECOND + (uint64_t)now.tv_nsec;
}

static size_t count_steps(const struct step *step)
{
    size_t count = 0;
    for (; step != NULL; step = step->next)
        count += step->steps != NULL ? count_steps(step->steps) : 1;
    return count;
}

static bool is_late(void *host)
{
    return real_now() >= ((struct shrink *)host)->end;
}

static void tell_progress(struct shrink *shrink, const struct scenario *candidate)
{
    uint64_t now = real_now();
    if (!shrink->terminal || now - shrink->told_at < SIM_SECOND)
        return;
    shrink->told_at = now;
    fprintf(stderr, "\r\033[K%zu steps, %" PRIu64 " runs", count_steps(candidate->steps),
            shrink->recurrence.plays);
}

static bool still_fails(void *host, const struct scenario *candidate)
{
    struct shrink *shrink = host;
    tell_progress(shrink, candidate);
    return recurrence_in(&shrink->recurrence, candidate);
}

/* Where a check failed, what clients should have received matters no more. */
static void leave_checks_only(struct shrink *shrink)
{
    if (!shrink->recurrence.check || scenario_tag(shrink->scenario, "checks only") != NULL)
        return;
    scenario_add_tag(shrink->scenario, "checks only", "");
    if (!recurrence_in(&shrink->recurrence, shrink->scenario))
        drop_tag(shrink->scenario, "checks only");
}

static char *write_file(struct shrink *shrink, const char *text)
{
    struct complaints complaints = { 0 };
    struct scenario *scenario =
        scenario_parse(shrink->scenario->path, text, strlen(text), NULL, NULL, &complaints);
    deviations_find(&shrink->recurrence, scenario);
    char *file = finding_write(scenario, shrink->what, &shrink->recurrence);
    scenario_free(scenario);
    return file;
}

static char *shrunk(struct shrink *shrink)
{
    const struct shrinker shrinker = { shrink->scenario->path, still_fails, shrink };
    leave_checks_only(shrink);
    char *text = scenario_print(shrink->scenario);
    char *smaller = shrinker_cut(&shrinker, text);
    char *renamed = shrinker_rename(&shrinker, smaller);
    char *file = write_file(shrink, renamed);
    free(text);
    free(smaller);
    free(renamed);
    return file;
}

/* ---- In a process of its own, which a candidate may bring down ----
 * The file comes back as the explanation, and how many runs it took as the events. */

static void shrink_there(void *host, size_t index, struct played *played)
{
    struct shrink *shrink = host;
    (void)index;
    played->result.explanation = shrunk(shrink);
    played->result.events = shrink->recurrence.plays;
    recurrence_free(&shrink->recurrence);
}

static bool hear_there(void *host, size_t index, struct played *played)
{
    struct shrink *shrink = host;
    (void)index;
    if (played->lost)
        return false;
    shrink->file = must(strdup(played->result.explanation));
    shrink->recurrence.plays = played->result.events;
    return false;
}

/* Many runs a second are played in one process; where one dies, each is played in its own. */
static void shrink_it(struct shrink *shrink)
{
    if (!shrink->recurrence.apart)
        crew_play(&(struct crew){
            .count = 1, .jobs = 1, .play = shrink_there, .tell = hear_there, .host = shrink });
    if (shrink->file != NULL)
        return;
    if (!shrink->recurrence.apart)
        fputs("a candidate brought its process down; from here on each has one of its own\n", stderr);
    shrink->recurrence.apart = true;
    shrink->file = shrunk(shrink);
}

/* ---- Telling ---- */

static bool write_output(const char *path, const char *text)
{
    FILE *file = path != NULL ? fopen(path, "wb") : stdout;
    bool good = file != NULL && fputs(text, file) >= 0 && fflush(file) == 0;
    good = (path == NULL || file == NULL || fclose(file) == 0) && good;
    if (!good)
        fprintf(stderr, "rehearse: cannot write %s: %s\n", path != NULL ? path : "standard output",
                strerror(errno));
    return good;
}

static int conclude(const struct shrink *shrink, size_t lines_before)
{
    const char *output = shrink->settings->output;
    double seconds = (double)(real_now() - shrink->began) / (double)SIM_SECOND;
    if (shrink->terminal)
        fputs("\r\033[K", stderr);
    if (!finding_fails(output != NULL ? output : "shrunk.scs", shrink->file, &shrink->recurrence)) {
        fputs("rehearse shrink: what it came to does not fail when it is run as a file\n", stderr);
        return STATUS_WRONG;
    }
    if (!write_output(output, shrink->file))
        return STATUS_WRONG;
    fprintf(stderr, "lines of steps: %zu before, %zu now, and it fails the same; %" PRIu64 " runs, %.1f s\n",
            lines_before, finding_lines(shrink->file), shrink->recurrence.plays, seconds);
    return STATUS_HELD;
}

static int shrink_loaded(struct shrink *shrink)
{
    if (!recurrence_begin(&shrink->recurrence, shrink->scenario)) {
        fprintf(stderr, "rehearse shrink: the %s passes; there is nothing to shrink\n", shrink->what);
        return STATUS_WRONG;
    }
    fprintf(stderr, "%s\n", shrink->recurrence.summary);
    char *text = scenario_print(shrink->scenario);
    size_t lines = finding_lines(text);
    free(text);
    shrink_it(shrink);
    return conclude(shrink, lines);
}

static int shrink_what(const struct settings *settings, const char *what)
{
    uint64_t seed = 0;
    uint64_t now = real_now();
    struct suite suite = { 0 };
    struct shrink shrink = { .settings = settings,
                             .began = now,
                             .end = now + settings->time,
                             .told_at = now,
                             .terminal = isatty(STDERR_FILENO) != 0 };
    shrink.recurrence.late = is_late;
    shrink.recurrence.host = &shrink;
    bool plot = options_number(what, UINT64_MAX - 1, &seed);
    bool loaded = plot ? load_seed(&shrink, seed) : load_file(&shrink, &suite, what);
    int status = loaded ? shrink_loaded(&shrink) : STATUS_WRONG;
    if (plot && loaded)
        scenario_free(shrink.scenario);
    suite_free(&suite);
    recurrence_free(&shrink.recurrence);
    free(shrink.file);
    return status;
}

static int shrink_act(const char *program, int count, char **arguments)
{
    struct settings settings = { .plots = plot_options_default(), .time = 60 * SIM_SECOND };
    size_t operand_count = 0;
    int status = STATUS_WRONG;
    (void)program;
    const char **operands = must(calloc((size_t)count + 1, sizeof *operands));
    bool good = options_parse(&shrink_verb, &settings, count, arguments, operands, &operand_count, stderr);
    if (good && operand_count != 1)
        fputs("rehearse shrink: expected one seed or one file; `rehearse help shrink` says more\n", stderr);
    else if (good)
        status = shrink_what(&settings, operands[0]);
    free(operands);
    return status;
}

static const struct option shrink_options[] = {
    PLOT_OPTIONS,
    { "seed", "N", "play the file with this seed, as `rehearse run --seed N` does", take_seed },
    { "time", "SPAN", "be content with what there is after so long, such as 10s, 5m or 1h (60s)", take_time },
    { "output", "FILE", "write the scenario there instead of to standard output", take_output },
};

const struct verb shrink_verb = {
    .name = "shrink",
    .arguments = "[OPTION...] SEED|FILE",
    .summary = "Makes a scenario that fails as small as it can be while it fails the same way.",
    .about =
        "What fails is the plot of a SEED, with --cast, --steps and --faults as the sweep had them, or a\n"
        "FILE, such as FILE#3, FILE:33 or -, which may carry the tags seed and choices.  Steps, characters,\n"
        "settings, stanzas and what is in them are taken away or made simpler, as long as the same check\n"
        "fails, or, where none did, the same sentence is said of it.  The quiet world is tried before any "
        "seed; where\n"
        "it does not suffice the tag choices or seed is added.\n"
        "\n"
        "The scenario is written as a file that `rehearse run` fails on; what else there is to say goes to\n"
        "standard error.  Exit status: 0 when that came about, 2 when there is nothing to shrink because\n"
        "all holds, and when it was asked wrongly or could not read or write a file.\n",
    .options = shrink_options,
    .option_count = sizeof shrink_options / sizeof *shrink_options,
    .act = shrink_act,
};
