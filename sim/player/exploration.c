#include "exploration.h"

#include "../world/server.h"
#include "../world/states.h"
#include "verdict.h"

static const unsigned WALKED = 1u << CHOICE_TIES | 1u << CHOICE_STEPS | 1u << CHOICE_CRASH;

/* States can be compared only where all of a server is described. */
static bool is_described(const struct exploration *exploration)
{
    return exploration->kind == NULL || capabilities_have(exploration->kind->has, CAPABILITY_VIEWS);
}

static enum exploration_run end_of(const struct player_result *result)
{
    if (!result->passed)
        return RUN_FAILED;
    return result->halted ? RUN_KNOWN : RUN_PASSED;
}

static struct player_options options_of(struct exploration *exploration)
{
    return (struct player_options){
        .kind = exploration->kind,
        .policy = CHOICE_EXHAUSTIVE,
        .recording = &exploration->path,
        .walked = WALKED,
        .any_order = true,
        .colour = exploration->colour,
        .replay = exploration->replay,
        .box = exploration->box,
    };
}

struct player_options exploration_last_run(struct exploration *exploration)
{
    struct player_options options = options_of(exploration);
    options.every_choice = true;
    return options;
}

/* A halted run has failed only if a failure was found before. */
static void run(struct exploration *exploration, struct states *states)
{
    struct player_options options = options_of(exploration);
    options.states = is_described(exploration) ? states : NULL;
    if (exploration->begins != NULL)
        exploration->begins(exploration->host, exploration);
    player_result_free(&exploration->result);
    player_run(exploration->scenario, &options, &exploration->result);
    if (!exploration->result.halted || !exploration->result.passed)
        verdict_apply(exploration->scenario, &exploration->result);
    if (exploration->tree != NULL)
        exploration_tree_add(exploration->tree, &exploration->path, end_of(&exploration->result));
    exploration->runs++;
    exploration->states = states->count;
    exploration->events += exploration->result.events;
}

void exploration_go(struct exploration *exploration)
{
    struct states states = { 0 };
    exploration->end = EXPLORATION_FINISHED;
    do {
        if (exploration->runs == exploration->runs_most || exploration->states >= exploration->states_most) {
            exploration->end = EXPLORATION_GAVE_UP;
            break;
        }
        run(exploration, &states);
        if (!exploration->result.passed) {
            exploration->end = EXPLORATION_FAILED;
            break;
        }
    } while (choice_path_next(&exploration->path));
    states_free(&states);
}

void exploration_free(struct exploration *exploration)
{
    recording_free(&exploration->path);
    player_result_free(&exploration->result);
}
