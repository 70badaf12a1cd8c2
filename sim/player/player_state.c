/*
 * player_state.c - the state of a run: everything that affects how it can continue.
 *
 * The state consists of the world (scene.h), the memory of the checks, and the state of the player: the
 * position in the scenario, captured variables, and ignored and seen stanzas.  It includes the time, so that
 * relative times are comparable.  It does not include future identifiers, nonces and keys, nor the order of
 * the queue: any pending event may run next, and all are tried.
 */
#include "player_private.h"

#include "../world/heap.h"

/* The number of items that an actor received since the current step began. */
static size_t count_news(const struct actor *actor)
{
    size_t count = 0;
    for (const struct received *r = client_inbox(actor->client); r != NULL; r = r->next)
        count += r->number > actor->seen;
    return count;
}

static void describe_actors(struct description *description, const struct run *run)
{
    for (size_t i = 0; i < run->scenario->cast_count; i++) {
        const struct actor *actor = &run->actors[i];
        describe_named(description, "actor", actor->character->name);
        describe_string(description, "full JID", actor->full_jid);
        describe_count(description, "received since the last step", count_news(actor));
        describe_count(description, "ignores", actor->ignore_count);
    }
}

/* The waiting steps are always in the order of the file. */
static void describe_progress(struct description *description, const struct run *run)
{
    const struct progress *progress = &run->progress;
    describe_line(description, "scenario");
    describe_count(description, "step", progress->step != NULL ? (uint64_t)progress->step->line : 0);
    describe_count(description, "round", progress->round);
    describe_word(description, progress->overlaps, "overlaps");
    describe_count(description, "written", progress->written);
    for (size_t i = 0; i < progress->waiting_count; i++)
        describe_count(description, "waits", (uint64_t)progress->waiting[i]->line);
}

static void describe_servers(struct description *description, const struct run *run)
{
    for (size_t i = 0; i < run->server_count; i++) {
        describe_line(description, "server");
        describe_count(description, "started", server_started(run->servers[i]));
    }
}

/* A choice, and the run that reached it. */
struct moment {
    const struct run *run;
    enum choice_concern concern;
};

static void describe_moment(struct description *description, const void *host)
{
    const struct moment *moment = host;
    const struct run *run = moment->run;
    describe_line(description, "a choice of %s", choice_concern_name(moment->concern));
    describe_count(description, "time", world_now(run->world));
    describe_progress(description, run);
    describe_servers(description, run);
    describe_actors(description, run);
    const size_t begun = describe_begin_set(description);
    bindings_describe(description, &run->captures);
    describe_end_set(description, begun);
    routes_describe(description, run);
    checks_describe_memory(description, run->checks);
}

/* While an allocation is to fail, the number of allocations before it depends on memory that the servers have
 * cached, which is not described; so no two states count as equal. */
bool state_is_new(struct run *run, enum choice_concern concern)
{
    if (run->options->states == NULL || !choice_is_new(world_choices(run->world)) || heap_failure_in() > 0)
        return true;
    const struct moment moment = { run, concern };
    struct scene scene = run_scene(run);
    const struct state state = scene_state(&scene, describe_moment, &moment);
    scene_free(&scene);
    return states_add(run->options->states, state);
}
