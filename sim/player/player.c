#include "player.h"

#include "../kinds/server_kinds.h"
#include "../must.h"
#include "../world/heap.h"
#include "black_box.h"
#include "needs.h"
#include "player_private.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The settings with the bounds of the options. */
static struct core_settings bounded(const struct run *run, const struct core_settings *settings)
{
    struct core_settings copy = *settings;
    const uint64_t most = run->options->most_iterations;
    if (most > 0 && copy.iterations > most)
        copy.iterations = (size_t)most;
    return copy;
}

/* ---- What exists before the first step ---- */

static void provide_account(const struct run *run, const char *jid, const char *local, const char *domain,
                            const char *password, const char *status)
{
    const struct provision account = {
        .what = PROVIDE_ACCOUNT, .username = local, .domain = domain, .password = password, .status = status
    };
    server_provide(run_server(run, jid), &account);
}

static void provide_roster(const struct run *run, const struct roster_head *roster)
{
    for (const struct roster_line *line = roster->items; line != NULL; line = line->next) {
        const struct provision contact = { .what = PROVIDE_CONTACT,
                                           .username = roster->local,
                                           .domain = roster->domain,
                                           .jid = line->jid,
                                           .subscription = line->subscription,
                                           .ask = line->ask,
                                           .pending = line->pending,
                                           .approved = line->approved,
                                           .name = line->name,
                                           .groups = line->groups,
                                           .group_count = line->group_count };
        server_provide(run_server(run, roster->jid), &contact);
    }
}

static void provide_blocklist(const struct run *run, const struct blocklist_head *list)
{
    for (const struct blocked_line *line = list->blocked; line != NULL; line = line->next) {
        const struct provision blocked = {
            .what = PROVIDE_BLOCKED, .username = list->local, .domain = list->domain, .jid = line->jid
        };
        server_provide(run_server(run, list->jid), &blocked);
    }
}

/* Returns the server that refuses to begin with it; NULL when none does. */
static const struct server *provide_all(const struct run *run)
{
    const struct scenario *scenario = run->scenario;
    for (size_t i = 0; i < scenario->cast_count; i++) {
        const struct character *c = &scenario->cast[i];
        if (!c->no_account && c->local != NULL)
            provide_account(run, c->jid, c->local, c->domain, c->password, NULL);
    }
    for (const struct account *a = scenario->accounts; a != NULL; a = a->next)
        provide_account(run, a->jid, a->local, a->domain, a->password, a->status);
    for (const struct roster_head *r = scenario->rosters; r != NULL; r = r->next)
        provide_roster(run, r);
    for (const struct blocklist_head *b = scenario->blocklists; b != NULL; b = b->next)
        provide_blocklist(run, b);
    for (size_t i = 0; i < run->server_count; i++)
        server_ready(run->servers[i]);
    for (size_t i = 0; i < run->server_count; i++)
        if (server_refused(run->servers[i])->reason[0] != '\0')
            return run->servers[i];
    return NULL;
}

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

/* Whether the supervising process requested a stop. */
static bool is_told_to_stop(const struct run *run)
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
    if (is_told_to_stop(run))
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
        if (has_turn(overlap, left[i]->actor))
            left[kept++] = left[i];
        else
            overlap->steps[overlap->count++] = left[i];
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
    const struct step **left = must(malloc((count + 1) * sizeof(struct step *)));
    struct overlap overlap = { .steps = must(malloc((count + 1) * sizeof(struct step *))) };
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

static void run_all(struct run *run)
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

/* ---- The player ---- */

static const struct server_kind *kind_of(const struct run *run)
{
    return run->options->kind != NULL ? run->options->kind : &server_core;
}

/* The run is not for this server: it lacks something, for a reason. */
static void skip(struct run *run, const char *lack, const char *reason)
{
    struct player_result *result = run->result;
    (void)snprintf(result->skipped, sizeof result->skipped, "%s", lack);
    (void)snprintf(result->skipped_why, sizeof result->skipped_why, "%s", reason);
    world_halt(run->world);
}

/* Whether the server can all that the run needs; skips the run otherwise. */
static bool is_capable(struct run *run)
{
    const struct capabilities all = CAPABILITIES_ALL;
    const struct capabilities has = kind_of(run)->has;
    if (has.bits == all.bits)
        return true;
    struct capabilities needs = scenario_needs(run->scenario);
    if (run->options->fail_allocation > 0)
        capabilities_add(&needs, CAPABILITY_MEMORY);
    const enum capability lacking = capabilities_lacking(has, needs);
    if (lacking != CAPABILITY_NONE)
        skip(run, capability_name(lacking), "the server does not have this capability");
    return lacking == CAPABILITY_NONE;
}

/* A server that cannot start because of a planned allocation failure is not a failure of the run. */
static void add_server(struct run *run, const struct core_settings *written, const char *name)
{
    const struct core_settings settings = bounded(run, written);
    const uint64_t failures = heap_failures();
    struct server_refusal refusal = { "", "" };
    struct server *server = server_new_federated(run->world, kind_of(run), &settings, run->federation,
                                                 name != NULL ? name : settings.hosts[0], &refusal);
    if (server != NULL) {
        domains_add(run, server, &settings);
        run->servers[run->server_count++] = server;
    } else if (refusal.setting[0] != '\0') {
        skip(run, refusal.setting, refusal.reason);
    } else if (refusal.reason[0] != '\0') {
        run_fail(run, "the server does not start: %s", refusal.reason);
    } else if (heap_failures() == failures) {
        run_fail(run, "the server refuses these settings: a host name is not a valid domain");
    }
}

/* Returns whether all have started. */
static bool add_servers(struct run *run)
{
    const struct scenario *scenario = run->scenario;
    size_t count = 1;
    for (const struct server_head *head = scenario->servers; head != NULL; head = head->next)
        count++;
    run->federation = federation_new(run->world);
    run->servers = must(calloc(count, sizeof(struct server *)));
    add_server(run, &scenario->settings, scenario->server_name);
    for (const struct server_head *head = scenario->servers; head != NULL && run_goes_on(run);
         head = head->next)
        add_server(run, &head->settings, head->name);
    run->server = run->servers[0];
    return run->server_count == count;
}

static void free_servers(struct run *run)
{
    for (size_t i = 0; i < run->server_count; i++)
        server_free(run->servers[i]);
    free(run->servers);
    domains_free(run);
    if (run->federation != NULL)
        federation_free(run->federation);
}

/* A server that has died or hangs has halted the world. */
static void look_at_servers(struct run *run)
{
    for (size_t i = 0; i < run->server_count; i++) {
        const struct server_failure *failure = server_failure(run->servers[i]);
        if (failure->what == NULL)
            continue;
        if (!run->failed)
            run->result->check = failure->what;
        run_fail_in_full(run, failure->details, "%s", failure->what);
    }
}

static void close_down(struct run *run, const struct heap_use *before)
{
    events_leave(run);
    cast_leave(run);
    for (size_t i = 0; i < run->server_count; i++)
        server_stop(run->servers[i]);
    look_at_servers(run);
    routes_forget(run);
    checks_memory(run->checks, before);
    run_look_at_checks(run);
    player_count_checks(run);
    checks_free(run->checks);
    bindings_free(&run->captures);
}

/* With servers that exist; until one of them refuses what was provided, or to the end. */
static void play(struct run *run, const struct heap_use *before)
{
    const struct server *refuses = provide_all(run);
    if (refuses != NULL) {
        skip(run, server_refused(refuses)->setting, server_refused(refuses)->reason);
        for (size_t i = 0; i < run->server_count; i++)
            server_stop(run->servers[i]);
        look_at_servers(run);
        checks_free(run->checks);
        return;
    }
    routes_watch(run);
    cast_enter(run);
    events_enter(run);
    run_all(run);
    look_at_servers(run);
    run->result->stopped = !run->failed && world_is_halted(run->world) && is_told_to_stop(run);
    run->result->halted = !run->failed && world_is_halted(run->world) && !run->result->stopped;
    if (run->result->stopped)
        run_fail(run, "%s", run->options->box->words);
    run_describe(run);
    close_down(run, before);
}

static void open_and_run(struct run *run)
{
    const struct heap_use before = heap_use();
    if (!is_capable(run))
        return;
    if (add_servers(run)) {
        run->checks = checks_new(run->world, run->server);
        for (size_t i = 1; i < run->server_count; i++)
            checks_add_server(run->checks, run->servers[i]);
        play(run, &before);
    } else {
        look_at_servers(run);
    }
    free_servers(run);
}

/* Whether the tags apply to this row of the table, if there are several. */
static bool tags_are_meant(const struct scenario *scenario)
{
    const char *row = scenario_tag(scenario, "row");
    return row == NULL || strtoull(row, NULL, 10) == scenario->row;
}

/* The tags `seed` and `choices`, already validated by the parser, replace the default schedule. */
static void take_tags(const struct run *run, struct choices *choices, struct recording *tagged)
{
    if (!tags_are_meant(run->scenario))
        return;
    const char *seed_tag = scenario_tag(run->scenario, "seed");
    const char *choices_tag = scenario_tag(run->scenario, "choices");
    const uint64_t seed = seed_tag != NULL ? strtoull(seed_tag, NULL, 10) : run->options->seed;
    if (seed_tag != NULL)
        choices_init(choices, CHOICE_SEEDED, seed);
    if (choices_tag == NULL)
        return;
    const bool parsed = recording_parse(choices_tag, tagged);
    assert(parsed);
    (void)parsed;
    choices_replay(choices, seed, tagged);
}

static void decide_how_to_choose(const struct run *run, struct recording *tagged)
{
    const struct player_options *options = run->options;
    struct choices *choices = world_choices(run->world);
    *tagged = (struct recording){ 0 };
    choices_init(choices, options->policy, options->seed);
    switch (options->policy) {
    case CHOICE_SCRIPTED:
        take_tags(run, choices, tagged);
        break;
    case CHOICE_SEEDED:
        break;
    case CHOICE_RECORDED:
        choices_replay(choices, options->seed, options->recording);
        break;
    case CHOICE_EXHAUSTIVE:
        choices_walk(choices, options->seed, options->recording, options->walked);
        break;
    case CHOICE_FUZZED:
        choices_read(choices, options->seed, options->bytes, options->byte_count);
        break;
    }
    choices_record(choices, options->record);
}

/* A replay whose questions differ from the recording fails, whatever its result. */
static void note_drift(struct run *run)
{
    const struct choices *choices = world_choices(run->world);
    if (choices->policy != CHOICE_RECORDED || !choices->drifted)
        return;
    run->result->drifted = true;
    const struct choice *then = &choices->recorded->list[choices->drift_at];
    run_fail(run,
             "decision %" PRIu64 " was about %s among %" PRIu32 " when it was recorded, and is now about %s "
             "among %" PRIu32 ": this is another run",
             choices->drift_at, choice_concern_name(then->concern), then->possibilities,
             choice_concern_name(choices->drift.concern), choices->drift.possibilities);
}

static bool is_worth_going_on(void *host)
{
    return state_is_new(host, CHOICE_TIES);
}

/* In a world of any order nothing takes time, and the exhaustive policy is asked for every choice. */
static void decide_on_order(struct run *run)
{
    const struct scenario *scenario = run->scenario;
    if (run->options->any_order || (tags_are_meant(scenario) && scenario_tag(scenario, "any order") != NULL))
        world_set_any_order(run->world);
    if (run->options->states != NULL)
        world_ask_at_crossroads(run->world, is_worth_going_on, run);
}

static void decide_where_to_stop(struct world *world, struct player_moment until)
{
    if (until.what == PLAYER_UNTIL_LINE)
        world_halt_at_line(world, until.number);
    else if (until.what == PLAYER_UNTIL_TIME)
        world_halt_at_time(world, until.number);
    else if (until.what == PLAYER_UNTIL_EVENT)
        world_halt_after(world, until.number);
}

static void run_once(const struct scenario *scenario, const struct player_options *options,
                     struct player_result *result)
{
    *result = (struct player_result){ .passed = true };
    struct run *run = must(calloc(1, sizeof *run));
    run->scenario = scenario;
    run->options = options;
    run->result = result;
    run->strict = options->strict || scenario->strict;
    run->trace = trace_new(options->trace, options->trace_host);
    if (options->box != NULL)
        trace_keep_in(run->trace, black_box_begin(options->box, scenario->path, options->replay));
    run->world = world_new(CHOICE_SCRIPTED, 0, run->trace);
    run->checks_only = options->checks_only || options->fail_allocation > 0 || scenario->checks_only;
    struct recording tagged;
    decide_how_to_choose(run, &tagged);
    events_begin(run);
    decide_on_order(run);
    const uint64_t allocations = heap_allocations();
    run->heap_failures = heap_failures();
    heap_fail_after(options->fail_allocation);
    decide_where_to_stop(run->world, options->until);
    world_halt_after_work(run->world, options->most_events);
    world_halt_when(run->world, options->box != NULL ? &options->box->stop : NULL);
    open_and_run(run);
    heap_fail_after(0);
    result->allocations = heap_allocations() - allocations;
    result->allocation_failed = heap_failures() > run->heap_failures;
    result->virtual_time = world_now(run->world);
    result->events = world_events(run->world);
    result->trace_hash = trace_hash(run->trace);
    if (options->policy == CHOICE_FUZZED)
        result->bytes_taken = options->byte_count - world_choices(run->world)->bytes.left;
    note_drift(run);
    events_end(run);
    world_free(run->world);
    trace_free(run->trace);
    recording_free(&tagged);
    free(run);
    if (options->box != NULL)
        black_box_end(options->box);
}

/* The choices of the run that counts stay recorded. */
static void run_again(const struct scenario *scenario, const struct player_options *options,
                      struct player_result *result)
{
    struct player_options quiet = *options;
    struct player_result again;
    quiet.record = NULL;
    quiet.trace = NULL;
    quiet.event = NULL;
    quiet.observer = NULL;
    quiet.tally = NULL;
    run_once(scenario, &quiet, &again);
    again.repeated = again.passed;
    again.trace_hash = 0;
    again.varies = true;
    player_result_free(again.passed ? result : &again);
    if (again.passed)
        *result = again;
}

void player_run(const struct scenario *scenario, const struct player_options *options,
                struct player_result *result)
{
    run_once(scenario, options, result);
    if (options->kind == NULL || !options->kind->varies)
        return;
    result->trace_hash = 0;
    result->varies = true;
    if (!result->passed && !result->stopped)
        run_again(scenario, options, result);
}

void player_result_free(struct player_result *result)
{
    free(result->summary);
    free(result->explanation);
    free(result->description);
    free(result->log);
    free(result->mermaid);
    free(result->dot);
    *result = (struct player_result){ 0 };
}
