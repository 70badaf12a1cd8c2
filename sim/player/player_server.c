#include "player_private.h"

#include "../world/heap.h"

#include <string.h>

const char *property_of_step(const struct step *step, const char *name)
{
    const struct property *property = step->properties;
    while (property != NULL && strcmp(property->name, name) != 0)
        property = property->next;
    return property != NULL ? property->value : NULL;
}

struct server *server_of_step(struct run *run, const struct step *step)
{
    const char *domain = property_of_step(step, "to");
    if (domain == NULL)
        return run->server;
    struct server *server = run_server(run, domain);
    if (server_serves(server, domain))
        return server;
    run_fail(run, "no server in this scenario serves %s", domain);
    return NULL;
}

/* The same; also fails when the server is down. */
static struct server *running_server_of_step(struct run *run, const struct step *step)
{
    struct server *server = server_of_step(run, step);
    if (server == NULL || !server_is_down(server))
        return server;
    if (!run->checks_only)
        run_fail(run, "the server is down");
    return NULL;
}

/* ---- The process ---- */

static enum disk_writes writes_of(const struct step *step)
{
    if (step->text == NULL)
        return DISK_BY_CHOICE;
    return strcmp(step->text, "keeping") == 0 ? DISK_KEEPS : DISK_LOSES;
}

void act_server_shuts_down(struct run *run, struct actor *actor, const struct step *step)
{
    (void)actor;
    struct server *server = running_server_of_step(run, step);
    if (server != NULL)
        server_shut_down(server);
}

void act_server_crashes(struct run *run, struct actor *actor, const struct step *step)
{
    (void)actor;
    struct server *server = running_server_of_step(run, step);
    if (server != NULL)
        server_crash(server, writes_of(step));
}

void act_server_will_crash(struct run *run, struct actor *actor, const struct step *step)
{
    (void)actor;
    struct server *server = running_server_of_step(run, step);
    if (server == NULL || !run_has_time(run, step->span))
        return;
    if (step->number > 0)
        server_crash_at_write(server, step->number, writes_of(step));
    else
        server_crash_in(server, step->span, writes_of(step));
}

void act_server_starts(struct run *run, struct actor *actor, const struct step *step)
{
    (void)actor;
    struct server *server = server_of_step(run, step);
    if (server != NULL && !server_start_again(server) && !run->checks_only)
        run_fail(run, "the server is running already, or it cannot be started");
}

/* ---- The disk, of the first server ---- */

static const sim_time SLOWEST_DISK = SIM_SECOND * 3600 * 24 * 365;

static enum core_store_op op_of(const struct step *step)
{
    return strcmp(step->text, "load") == 0 ? CORE_LOAD : CORE_SAVE;
}

void act_next_fails(struct run *run, struct actor *actor, const struct step *step)
{
    (void)actor;
    struct disk_options *options = disk_options(server_disk(run->server));
    if (op_of(step) == CORE_LOAD)
        options->fail_loads += (unsigned)step->number;
    else
        options->fail_saves += (unsigned)step->number;
}

void act_nth_fails(struct run *run, struct actor *actor, const struct step *step)
{
    (void)actor;
    disk_fail_nth(server_disk(run->server), op_of(step), step->number);
}

void act_takes(struct run *run, struct actor *actor, const struct step *step)
{
    (void)actor;
    struct disk_options *options = disk_options(server_disk(run->server));
    if (step->span > SLOWEST_DISK)
        run_fail(run, "the disk time is too long: the maximum is 365 days");
    else if (op_of(step) == CORE_LOAD)
        options->load_time = step->span;
    else
        options->save_time = step->span;
}

/* ---- Memory and clocks, of all ---- */

void act_allocation_fails(struct run *run, struct actor *actor, const struct step *step)
{
    (void)run;
    (void)actor;
    heap_fail_after(step->number);
}

void act_clock_jumps(struct run *run, struct actor *actor, const struct step *step)
{
    (void)actor;
    bool jumped = step->span <= INT64_MAX;
    const int64_t span = step->negated ? -(int64_t)step->span : (int64_t)step->span;
    for (size_t i = 0; jumped && i < run->server_count; i++)
        jumped = server_clock_jump(run->servers[i], span);
    if (!jumped)
        run_fail(run, "the clock cannot show that time: its range is 1970 to 2262");
    else if (step->negated)
        run->went_back += step->span;
}
