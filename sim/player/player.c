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

/* The settings with the bounds of the options. */
static struct core_settings bounded(const struct run *run, const struct core_settings *settings)
{
    struct core_settings copy = *settings;
    const uint64_t most = run->options->most_iterations;
    if (most > 0 && copy.iterations > most)
        copy.iterations = (size_t)most;
    return copy;
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
    run->server_count = 0; /* what fails from now on is not asked of them */
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
    const struct server *refuses = player_provide_all(run);
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
    player_run_all(run);
    look_at_servers(run);
    run->result->stopped = !run->failed && world_is_halted(run->world) && player_is_told_to_stop(run);
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
