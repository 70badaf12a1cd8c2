#include "../must.h"
#include "black_box.h"
#include "player_private.h"

#include <assert.h>
#include <stdlib.h>

/* ---- Steps ---- */

static void forget_what_came(const struct run *run)
{
    for (size_t i = 0; i < run->scenario->cast_count; i++) {
        struct client *client = run->actors[i].client;
        while (client_inbox(client) != NULL)
            client_take(client, client_inbox(client));
    }
}

static void settle(struct run *run)
{
    if (!world_settle(run->world, PLAYER_EVENTS_BOUND))
        run_fail(run, "no quiescence after %d events", (int)PLAYER_EVENTS_BOUND);
    events_look(run);
    if (world_is_halted(run->world))
        return;
    cast_note_full_jids(run);
    checks_quiet(run->checks);
    run_look_at_checks(run);
    receive_ignored(run);
    judge_garbage(run);
    if (run->checks_only)
        forget_what_came(run);
}

static void note_what_came(struct run *run)
{
    routes_forget(run);
    for (size_t i = 0; i < run->scenario->cast_count; i++)
        run->actors[i].seen = client_received(run->actors[i].client);
}

bool player_is_told_to_stop(const struct run *run)
{
    return run->options->box != NULL && run->options->box->stop != 0;
}

/* Halts the world if it is to halt where a step, or a block of steps, begins. */
static void come_to(struct run *run, const struct step *step)
{
    const struct player_moment until = run->options->until;
    run->result->begun = step->line;
    if (until.what == PLAYER_UNTIL_STEP && until.number == (uint64_t)step->line)
        world_halt(run->world);
    if (player_is_told_to_stop(run))
        world_halt(run->world);
}

/* Sets the current step; NULL after the last. */
static void turn_to(struct run *run, const struct step *step)
{
    run->step = step;
    if (run->options->box != NULL)
        black_box_step(run->options->box, step);
}

static void trace_step(struct run *run, const struct step *step)
{
    const struct player_observer *observer = run->options->observer;
    trace_line(run->trace, world_now(run->world), trace_of_step, step->source, NULL, 0);
    if (observer != NULL && player_acts(step->verb))
        observer->step(observer->host, world_now(run->world), step);
    come_to(run, step);
}

static void begin(struct run *run, const struct step *step)
{
    turn_to(run, step);
    trace_step(run, step);
    if (player_acts(step->verb) && run_goes_on(run))
        note_what_came(run);
}

/* ---- Concurrent steps ----
 *
 * The steps of each actor are sequential; the first steps of all actors overlap, then the second ones, and so
 * on. */

struct overlap {
    const struct step **steps; /* the steps of this round */
    size_t count;
};

static bool has_turn(const struct overlap *overlap, int actor)
{
    for (size_t i = 0; i < overlap->count; i++)
        if (overlap->steps[i]->actor == actor)
            return true;
    return false;
}

static size_t count_steps(const struct step *step)
{
    size_t count = 0;
    for (; step != NULL; step = step->next)
        count++;
    return count;
}

/* Moves the first step of each actor out of `left`, which keeps the rest in order. */
static void pick_round(struct overlap *overlap, const struct step **left, size_t *left_count)
{
    size_t kept = 0;
    overlap->count = 0;
    for (size_t i = 0; i < *left_count; i++) {
        const struct step *step = left[i];
        assert(step != NULL);
        if (has_turn(overlap, step->actor))
            left[kept++] = step;
        else
            overlap->steps[overlap->count++] = step;
    }
    *left_count = kept;
}

/* One of the waiting steps acts. */
static void begin_waiting(struct run *run, size_t which)
{
    struct progress *progress = &run->progress;
    const struct step **waiting = progress->waiting;
    turn_to(run, waiting[which]);
    progress->waiting_count--;
    memmove(waiting + which, waiting + which + 1, (progress->waiting_count - which) * sizeof(struct step *));
    trace_step(run, run->step);
    if (run_goes_on(run))
        player_act(run, run->step);
}

/* All of them act, in an order of choice; in a world of any order, events may run between them. */
static void begin_all(struct run *run)
{
    const struct progress *progress = &run->progress;
    struct choices *choices = world_choices(run->world);
    while (progress->waiting_count > 0 && run_goes_on(run)) {
        const size_t count = progress->waiting_count;
        const bool more = world_is_any_order(run->world) && world_pending(run->world) > 0;
        if (count + more > 1 && !state_is_new(run, CHOICE_STEPS))
            world_halt(run->world);
        if (world_is_halted(run->world))
            return;
        const size_t which = choose(choices, CHOICE_STEPS, (uint32_t)(count + more));
        if (which < count)
            begin_waiting(run, which);
        else
            world_step(run->world);
    }
}

static void judge(struct run *run, const struct step *step)
{
    if (!run_goes_on(run) || run->checks_only)
        return;
    turn_to(run, step);
    player_judge(run, step);
}

static void run_round(struct run *run, const struct overlap *overlap)
{
    struct progress *progress = &run->progress;
    progress->waiting = must(malloc((overlap->count + 1) * sizeof(struct step *)));
    progress->waiting_count = overlap->count;
    memcpy(progress->waiting, overlap->steps, overlap->count * sizeof(struct step *));
    note_what_came(run);
    progress->overlaps = true;
    begin_all(run);
    progress->overlaps = false;
    free(progress->waiting);
    progress->waiting_count = 0;
    if (!run->failed)
        settle(run);
    progress->round++;
    for (size_t i = 0; i < overlap->count; i++)
        judge(run, overlap->steps[i]);
}

static void run_at_the_same_time(struct run *run, const struct step *block)
{
    size_t count = count_steps(block->steps);
    const struct step **left = must(calloc(count + 1, sizeof(struct step *)));
    struct overlap overlap = { .steps = must(calloc(count + 1, sizeof(struct step *))) };
    size_t at = 0;
    for (const struct step *step = block->steps; step != NULL; step = step->next)
        left[at++] = step;
    run->progress.round = 0;
    come_to(run, block);
    while (count > 0 && run_goes_on(run)) {
        pick_round(&overlap, left, &count);
        run_round(run, &overlap);
    }
    free(overlap.steps);
    free(left);
}

/* ---- Pipelined steps ----
 *
 * The steps of one actor act one after the other, and what it sends is written in one piece.  Then the world settles,
 * and they are judged. */

/* Stores for each step the number of the action that it began, from 1; 0 for none. */
static void act_pipelined(struct run *run, struct actor *actor, const struct step *steps, size_t *actions)
{
    client_cork(actor->client);
    for (const struct step *step = steps; step != NULL && run_goes_on(run); step = step->next, actions++) {
        const size_t before = client_actions(actor->client);
        turn_to(run, step);
        trace_step(run, step);
        if (run_goes_on(run))
            player_act(run, step);
        *actions = client_actions(actor->client) > before ? before + 1 : 0;
    }
    if (run_goes_on(run))
        client_uncork(actor->client);
}

static void run_pipeline(struct run *run, const struct step *block)
{
    struct actor *actor = cast_actor(run, block);
    size_t *actions = must(calloc(count_steps(block->steps) + 1, sizeof *actions));
    come_to(run, block);
    note_what_came(run);
    act_pipelined(run, actor, block->steps, actions);
    if (run_goes_on(run))
        settle(run);
    size_t at = 0;
    for (const struct step *step = block->steps; step != NULL; step = step->next) {
        actor->action = actions[at++];
        judge(run, step);
    }
    actor->action = 0;
    free(actions);
}

/* ---- Any step ---- */

static void run_step(struct run *run, const struct step *step)
{
    if (step->verb == STEP_AT_THE_SAME_TIME) {
        run_at_the_same_time(run, step);
        return;
    }
    if (step->verb == STEP_PIPELINES) {
        run_pipeline(run, step);
        return;
    }
    begin(run, step);
    if (!run_goes_on(run))
        return;
    player_act(run, step);
    /* A step that receives nothing for some time acts too: time passes. */
    bool waits = step->verb == STEP_RECEIVES_NOTHING && step->span > 0;
    if (!run->failed && (player_acts(step->verb) || waits))
        settle(run);
    judge(run, step);
}

/* ---- The last act ---- */

static void judge_emptiness(struct run *run, const struct server *server)
{
    const struct core *core = server_inspect(server);
    if (core == NULL || !run_goes_on(run))
        return;
    struct inspect_counts counts = inspect_counts(core);
    if (counts.sessions + counts.full_jids + counts.users_in_memory + counts.host_sessions > 0)
        run_fail(run,
                 "all clients have disconnected, but the server still has %zu sessions, %zu full JIDs, %zu "
                 "accounts in "
                 "memory and %zu sessions counted by host",
                 counts.sessions, counts.full_jids, counts.users_in_memory, counts.host_sessions);
}

static bool anybody_hibernates(const struct server *server)
{
    const struct core *core = server_inspect(server);
    const struct session *s = core != NULL ? inspect_first_session(core) : NULL;
    while (s != NULL && !session_look(s).hibernating)
        s = inspect_next_session(s);
    return s != NULL;
}

/* The longest time that the hibernating sessions may hibernate; 0 when there are none. */
static sim_time longest_hibernation(const struct run *run)
{
    sim_time longest = 0;
    const struct core_settings *settings = &run->scenario->settings;
    const struct server_head *head = run->scenario->servers;
    for (size_t i = 0; i < run->server_count; i++) {
        if (anybody_hibernates(run->servers[i]) && settings->resume_time > longest)
            longest = settings->resume_time;
        if (head == NULL)
            break;
        settings = &head->settings;
        head = head->next;
    }
    return longest;
}

/* All clients leave, including those with dead links and hibernating sessions; any session left in the tables
 * of a server afterwards is a leak. */
static void everybody_leaves(struct run *run)
{
    turn_to(run, NULL);
    events_everybody_leaves(run);
    for (size_t i = 0; i < run->scenario->cast_count; i++)
        client_drop(run->actors[i].client);
    for (size_t i = 0; i < run->server_count; i++)
        net_heal(server_net(run->servers[i]));
    settle(run);
    sim_time rest = longest_hibernation(run);
    if (!run->failed && rest > 0) {
        (void)world_pass(run->world, rest + run->went_back, PLAYER_EVENTS_BOUND);
        settle(run);
    }
    for (size_t i = 0; i < run->server_count; i++)
        judge_emptiness(run, run->servers[i]);
}

void player_run_all(struct run *run)
{
    for (const struct step *s = run->scenario->steps; s != NULL && run_goes_on(run); s = s->next) {
        run->progress.step = s;
        run_step(run, s);
    }
    player_count_faults(run);
    if (!run_goes_on(run))
        return;
    run->progress.step = NULL;
    turn_to(run, NULL);
    if (!run->failed && !run->checks_only)
        judge_leftovers(run);
    if (!run->failed)
        everybody_leaves(run);
}
