/*
 * player_state.c - the state of a play: everything that affects how it can continue.
 *
 * The state consists of the world (scene.h), the memory of the checks, and the state of the stage: the
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

static void describe_actors(struct description *description, const struct play *play)
{
    for (size_t i = 0; i < play->scenario->cast_count; i++) {
        const struct actor *actor = &play->actors[i];
        describe_named(description, "actor", actor->character->name);
        describe_string(description, "full JID", actor->full_jid);
        describe_count(description, "received since the last step", count_news(actor));
        describe_count(description, "ignores", actor->ignore_count);
    }
}

/* The waiting steps are always in the order of the file. */
static void describe_progress(struct description *description, const struct play *play)
{
    const struct progress *progress = &play->progress;
    describe_line(description, "scenario");
    describe_count(description, "step", progress->step != NULL ? (uint64_t)progress->step->line : 0);
    describe_count(description, "round", progress->round);
    describe_word(description, progress->overlaps, "overlaps");
    describe_count(description, "written", progress->written);
    for (size_t i = 0; i < progress->waiting_count; i++)
        describe_count(description, "waits", (uint64_t)progress->waiting[i]->line);
}

static void describe_servers(struct description *description, const struct play *play)
{
    for (size_t i = 0; i < play->server_count; i++) {
        describe_line(description, "server");
        describe_count(description, "started", server_started(play->servers[i]));
    }
}

/* A choice, and the play that reached it. */
struct moment {
    const struct play *play;
    enum choice_concern concern;
};

static void describe_moment(struct description *description, const void *host)
{
    const struct moment *moment = host;
    const struct play *play = moment->play;
    describe_line(description, "a choice of %s", choice_concern_name(moment->concern));
    describe_count(description, "time", world_now(play->world));
    describe_progress(description, play);
    describe_servers(description, play);
    describe_actors(description, play);
    const size_t begun = describe_begin_set(description);
    bindings_describe(description, &play->captures);
    describe_end_set(description, begun);
    checks_describe_memory(description, play->checks);
}

/* While an allocation is to fail, the number of allocations before it depends on memory that the servers have
 * cached, which is not described; so no two states count as equal. */
bool state_is_new(struct play *play, enum choice_concern concern)
{
    if (play->options->states == NULL || !choice_is_new(world_choices(play->world)) || heap_failure_in() > 0)
        return true;
    const struct moment moment = { play, concern };
    struct scene scene = play_scene(play);
    const struct state state = scene_state(&scene, describe_moment, &moment);
    scene_free(&scene);
    return states_add(play->options->states, state);
}
