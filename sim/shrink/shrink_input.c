#include "shrink_input.h"

#include "../language/scenario_edit.h"
#include "../must.h"
#include "../printable.h"
#include "../text.h"
#include "../tool/worker_pool.h"

#include <assert.h>
#include <string.h>

/* ---- Seeds and files ---- */

static bool load_seed(struct shrink_input *input, const struct shrink_asked *asked, uint64_t seed,
                      FILE *errors)
{
    if (asked->seed != NULL) {
        fprintf(errors, "rehearse %s: --seed needs a file; a plot is run with its own seed\n", asked->verb);
        return false;
    }
    input->what = "plot";
    input->scenario = plot_of_seed(asked->plots, seed, NULL);
    input->chance = (struct chance){ .policy = CHOICE_SEEDED, .seed = seed };
    return true;
}

static void complain(const struct shrink_asked *asked, const char *path, const char *words, FILE *errors)
{
    fprintf(errors, "rehearse %s: ", asked->verb);
    printable_string(errors, path);
    fputs(words, errors);
}

/* The tags say what the chance says now; that the scenario must fail was known; and it no longer has a table. */
static void drop_tags(struct scenario *scenario)
{
    static const char *const names[] = { "row", "seed", "choices", "fails" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        scenario_drop_tag(scenario, names[i]);
    scenario->fails = NULL;
}

static bool load_file(struct shrink_input *input, const struct shrink_asked *asked, const char *path,
                      FILE *errors)
{
    if (!suite_load(&input->suite, &path, 1, errors))
        return false;
    struct scenario *scenario = input->suite.scenarios[0];
    if (input->suite.count != 1) {
        complain(asked, path, "", errors);
        fprintf(errors, " has %zu scenarios; name one of them, such as ", input->suite.count);
        printable_string(errors, scenario->name);
        fputc('\n', errors);
        return false;
    }
    input->what = "scenario";
    input->scenario = scenario;
    if (asked->seed != NULL) {
        input->chance = (struct chance){ .policy = CHOICE_SEEDED, .seed = *asked->seed };
    } else if (!chance_of_tags(scenario, &input->chance)) {
        complain(asked, path, ": the tag seed or choices is malformed\n", errors);
        return false;
    }
    drop_tags(scenario);
    return true;
}

bool shrink_input_load(struct shrink_input *input, const struct shrink_asked *asked, const char *what,
                       FILE *errors)
{
    uint64_t seed = 0;
    *input = (struct shrink_input){ .what = "scenario" };
    if (text_read_number(what, UINT64_MAX - 1, &seed))
        return load_seed(input, asked, seed, errors);
    return load_file(input, asked, what, errors);
}

/* ---- Stored inputs ---- */

struct recorded_run {
    const struct scenario *scenario;
    struct player_options options;
    char *choices; /* as a line; NULL when its process was lost */
};

/* The choices come back as the explanation. */
static void record_there(void *host, size_t index, struct worker_outcome *outcome)
{
    const struct recorded_run *run = host;
    struct recording choices = { 0 };
    struct player_options options = run->options;
    (void)index;
    options.record = &choices;
    options.box = outcome->box;
    player_run(run->scenario, &options, &outcome->result);
    free(outcome->result.explanation);
    outcome->result.explanation = recording_print(&choices);
    recording_free(&choices);
}

static bool hear_choices(void *host, size_t index, struct worker_outcome *outcome)
{
    struct recorded_run *run = host;
    (void)index;
    if (!outcome->lost)
        run->choices = must(strdup(outcome->result.explanation));
    return true;
}

void shrink_input_of_stored(struct shrink_input *input, struct stored_input *stored)
{
    assert(stored->scenario != NULL);
    *input = (struct shrink_input){ .what = stored->options.checks_only ? "scenario" : "plot",
                                    .scenario = stored->scenario };
    struct recorded_run run = { .scenario = stored->scenario, .options = stored->options };
    stored->scenario = NULL;
    worker_pool_run(&(struct worker_pool){ .count = 1,
                                           .jobs = 1,
                                           .limit = WORKER_POOL_LIMIT,
                                           .run = record_there,
                                           .tell = hear_choices,
                                           .host = &run });
    if (run.choices != NULL && recording_parse(run.choices, &input->chance.recording))
        input->chance.policy = CHOICE_RECORDED;
    free(run.choices);
    drop_tags(input->scenario);
    if (stored->options.checks_only && scenario_tag(input->scenario, "checks only") == NULL)
        scenario_add_tag(input->scenario, "checks only", "");
}

/* ---- All kinds ---- */

struct chance shrink_input_chance(struct shrink_input *input)
{
    const struct chance chance = input->chance;
    input->chance = (struct chance){ .policy = CHOICE_SCRIPTED };
    return chance;
}

void shrink_input_free(struct shrink_input *input)
{
    const bool own = input->suite.source_count == 0 && input->scenario != NULL;
    if (own)
        scenario_free(input->scenario);
    recording_free(&input->chance.recording);
    suite_free(&input->suite);
    *input = (struct shrink_input){ 0 };
}
