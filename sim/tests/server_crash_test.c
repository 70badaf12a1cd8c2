/*
 * Servers that crash and start again, and whose clocks are wrong.
 */
#include "../world/server.h"

#include "../world/heap.h"

#include "world_rig.h"

#include "inspect.h"

#define SET_NURSE                                                                                            \
    "<iq type='set' id='r'><query xmlns='jabber:iq:roster'><item jid='nurse@localhost'/></query></iq>"

static const char *stored_nurse(const struct world_rig *rig)
{
    return disk_get(server_disk(rig->server), "romeo", "localhost", CORE_STORE_ROSTER, "nurse@localhost");
}

static bool has_ended(const struct world_rig *rig, size_t client)
{
    return client_state(world_rig_client(rig, client)) == CLIENT_ENDED;
}

/* ---- Crashes ---- */

static void all_connections_end_with_the_process(void **state)
{
    (void)state;
    struct world_rig *rig = world_rig_open(&server_core);
    world_rig_login(rig, 0);
    client_dial(world_rig_client(rig, 1));
    world_rig_settle(rig);
    client_write(world_rig_client(rig, 0), "<presence/>", 11); /* on its way */
    server_crash(rig->server, DISK_LOSES);
    assert_true(server_is_down(rig->server));
    assert_null(server_inspect(rig->server));
    assert_null(world_rig_conn(rig, 0));
    world_rig_settle(rig);
    assert_true(has_ended(rig, 0) && has_ended(rig, 1));
    assert_int_equal(server_sent_after_close(rig->server), 0);
    world_rig_close(rig);
}

static void while_it_is_down_connections_are_refused(void **state)
{
    (void)state;
    struct world_rig *rig = world_rig_open(&server_core);
    client_dial(world_rig_client(rig, 0)); /* it crashes before it receives that */
    server_crash(rig->server, DISK_LOSES);
    server_crash(rig->server, DISK_KEEPS);
    world_rig_settle(rig);
    assert_true(has_ended(rig, 0));
    client_dial(world_rig_client(rig, 1));
    world_rig_settle(rig);
    assert_true(has_ended(rig, 1));
    assert_true(world_pass(rig->world, SIM_SECOND, 100));
    world_rig_close(rig);
}

static void it_starts_again_on_the_same_disk(void **state)
{
    (void)state;
    struct world_rig *rig = world_rig_open(&server_core);
    world_rig_login(rig, 0);
    world_rig_send(rig, 0, SET_NURSE);
    assert_false(server_start_again(rig->server));
    server_crash(rig->server, DISK_LOSES);
    assert_true(server_start_again(rig->server));
    assert_false(server_start_again(rig->server));
    assert_false(server_is_down(rig->server));
    world_rig_settle(rig);
    world_rig_login(rig, 0);
    const struct session_view view = session_look(inspect_conn(world_rig_conn(rig, 0)));
    assert_int_equal(inspect_roster_size(view.roster), 1);
    world_rig_close(rig);
}

/* It may be dialled before those whose connections broke have heard of it. */
static void it_may_start_again_at_once(void **state)
{
    (void)state;
    struct world_rig *rig = world_rig_open(&server_core);
    world_rig_login(rig, 0);
    server_crash(rig->server, DISK_LOSES);
    assert_true(server_start_again(rig->server));
    world_rig_login(rig, 1);
    assert_true(has_ended(rig, 0));
    assert_int_equal(inspect_counts(server_inspect(rig->server)).sessions, 1);
    world_rig_close(rig);
}

static void after_it_has_shut_down_it_starts_again_in_good_order(void **state)
{
    (void)state;
    struct world_rig *rig = world_rig_open(&server_core);
    world_rig_login(rig, 0);
    server_shut_down(rig->server);
    world_rig_settle(rig);
    assert_false(server_is_down(rig->server));
    assert_true(server_start_again(rig->server));
    world_rig_login(rig, 0);
    server_crash(rig->server, DISK_LOSES);
    server_shut_down(rig->server); /* a server that is down does nothing */
    assert_true(server_is_down(rig->server));
    world_rig_close(rig);
}

/* Output of the kind while it is stopped is lost, and no answer for the old process is delivered. */
static void data_under_way_is_lost(void **state)
{
    (void)state;
    struct world_rig *rig = world_rig_open(&server_core);
    world_rig_login(rig, 0);
    disk_options(server_disk(rig->server))->save_time = SIM_SECOND;
    server_crash_in(rig->server, 100 * SIM_MILLISECOND, DISK_KEEPS);
    world_rig_send(rig, 0, SET_NURSE);
    assert_true(has_ended(rig, 0));
    assert_non_null(stored_nurse(rig));
    assert_true(server_start_again(rig->server));
    assert_int_equal(world_pending(rig->world), 0);
    disk_options(server_disk(rig->server))->save_time = SIM_MILLISECOND;
    world_rig_login(rig, 0);
    world_rig_send(rig, 0,
                   "<iq type='set' id='s'><query xmlns='jabber:iq:roster'>"
                   "<item jid='nurse@localhost' subscription='remove'/></query></iq>");
    assert_null(stored_nurse(rig));
    world_rig_close(rig);
}

static void of_several_times_the_last_said_counts(void **state)
{
    (void)state;
    struct world_rig *rig = world_rig_open(&server_core);
    server_crash_in(rig->server, SIM_SECOND, DISK_KEEPS);
    server_crash_in(rig->server, 3 * SIM_SECOND, DISK_KEEPS);
    assert_true(world_step(rig->world));
    assert_false(server_is_down(rig->server));
    assert_true(world_step(rig->world));
    assert_true(server_is_down(rig->server));
    assert_true(server_start_again(rig->server));
    assert_int_equal(server_started(rig->server), 3 * SIM_SECOND);
    server_crash_in(rig->server, 3 * SIM_SECOND, DISK_KEEPS);
    server_crash_in(rig->server, SIM_SECOND, DISK_KEEPS);
    assert_true(world_step(rig->world));
    assert_true(server_is_down(rig->server));
    assert_true(server_start_again(rig->server));
    world_rig_settle(rig);
    assert_false(server_is_down(rig->server));
    world_rig_close(rig);
}

static void a_crash_may_come_during_a_write(void **state)
{
    (void)state;
    static const struct {
        uint64_t nth;
        enum disk_writes writes;
        bool crashes, stored;
    } rows[] = {
        { 1, DISK_LOSES, true, false },
        { 1, DISK_KEEPS, true, true },
        { 2, DISK_LOSES, false, true },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct world_rig *rig = world_rig_open(&server_core);
        server_crash_at_write(rig->server, rows[i].nth, rows[i].writes);
        world_rig_login(rig, 0); /* which only loads */
        world_rig_send(rig, 0, SET_NURSE);
        assert_true(server_is_down(rig->server) == rows[i].crashes);
        assert_true((stored_nurse(rig) != NULL) == rows[i].stored);
        world_rig_close(rig);
    }
}

static void after_a_crash_it_has_forgotten(void **state)
{
    (void)state;
    struct world_rig *rig = world_rig_open(&server_core);
    const struct core_settings settings = world_rig_settings();
    struct federation *federation = federation_new(rig->world);
    struct server *server =
        server_new_federated(rig->world, &server_core, &settings, federation, "localhost", NULL);
    assert_false(server_lost_touch(server, NULL));
    server_crash(server, DISK_LOSES);
    assert_true(server_start_again(server));
    assert_true(server_lost_touch(server, NULL));
    server_free(server);
    federation_free(federation);
    world_rig_close(rig);
}

static void the_memory_of_the_process_comes_back(void **state)
{
    (void)state;
    const struct heap_use before = heap_use();
    struct world_rig *rig = world_rig_open(&server_core);
    for (size_t i = 0; i < CLIENTS; i++)
        world_rig_login(rig, i);
    server_crash(rig->server, DISK_LOSES);
    assert_int_equal(heap_use().blocks, before.blocks);
    assert_int_equal(heap_use().bytes, before.bytes);
    world_rig_close(rig);
}

/* ---- Clocks ---- */

/* A kind that records its clock and its deadlines. */
static struct watch {
    struct server_ports ports;
    uint64_t deadline;
    bool is_monotonic; /* the deadline */
    unsigned fired;
} watch;

static void *watch_start(const struct server_kind *kind, const struct server_ports *ports,
                         const struct core_settings *settings, struct server_refusal *refusal)
{
    (void)kind;
    (void)refusal;
    (void)settings;
    watch = (struct watch){ .ports = *ports, .deadline = UINT64_MAX };
    return &watch;
}

static void watch_stop(void *self)
{
    (void)self;
}

static void watch_late(void *self)
{
    (void)self;
    watch.fired++;
    watch.deadline = UINT64_MAX;
}

static struct server_deadline watch_deadline(void *self)
{
    (void)self;
    return (struct server_deadline){ watch.deadline, !watch.is_monotonic };
}

static const struct server_kind watch_kind = { .name = "watch",
                                               .has = CAPABILITIES_OUTSIDE,
                                               .start = watch_start,
                                               .stop = watch_stop,
                                               .late = watch_late,
                                               .deadline = watch_deadline };

static uint64_t clock_now(void)
{
    return watch.ports.time_of_day(watch.ports.host);
}

static void a_clock_jumps_both_ways_and_goes_on(void **state)
{
    (void)state;
    struct world_rig *rig = world_rig_open(&watch_kind);
    const uint64_t began = clock_now();
    assert_true(began == SIM_EPOCH_SECONDS * SIM_SECOND);
    assert_true(server_clock_jump(rig->server, (int64_t)SIM_SECOND * 3600));
    assert_true(clock_now() == began + SIM_SECOND * 3600);
    assert_true(world_pass(rig->world, SIM_SECOND, 10));
    assert_true(clock_now() == began + SIM_SECOND * 3601);
    assert_true(server_clock_jump(rig->server, -(int64_t)SIM_SECOND * 7200));
    assert_true(clock_now() == began - SIM_SECOND * 3599);
    world_rig_close(rig);
}

/* The machine's clock is as wrong as it was. */
static void a_clock_outlives_the_process(void **state)
{
    (void)state;
    struct world_rig *rig = world_rig_open(&watch_kind);
    assert_true(server_clock_jump(rig->server, 5));
    server_crash(rig->server, DISK_LOSES);
    assert_true(server_start_again(rig->server));
    assert_true(clock_now() == SIM_EPOCH_SECONDS * SIM_SECOND + 5);
    world_rig_close(rig);
}

static void what_is_due_follows_the_clock(void **state)
{
    (void)state;
    struct world_rig *rig = world_rig_open(&watch_kind);
    watch.deadline = clock_now() + 10 * SIM_SECOND;
    assert_true(server_clock_jump(rig->server, -5 * (int64_t)SIM_SECOND));
    assert_true(world_pass(rig->world, 15 * SIM_SECOND - 1, 10));
    assert_int_equal(watch.fired, 0);
    assert_true(world_pass(rig->world, 1, 10));
    assert_int_equal(watch.fired, 1);
    watch.deadline = clock_now() + 10 * SIM_SECOND;
    assert_true(server_clock_jump(rig->server, 3600 * (int64_t)SIM_SECOND));
    assert_true(world_pass(rig->world, 1, 10));
    assert_int_equal(watch.fired, 2);
    assert_true(world_now(rig->world) == 15 * SIM_SECOND + 1);
    world_rig_close(rig);
}

static void monotonic_time_does_not_jump(void **state)
{
    (void)state;
    struct world_rig *rig = world_rig_open(&watch_kind);
    watch.is_monotonic = true;
    assert_true(watch.ports.monotonic(watch.ports.host) == 0);
    watch.deadline = 10 * SIM_SECOND;
    assert_true(server_clock_jump(rig->server, 3600 * (int64_t)SIM_SECOND));
    assert_true(world_pass(rig->world, 10 * SIM_SECOND - 1, 10));
    assert_int_equal(watch.fired, 0);
    assert_true(world_pass(rig->world, 1, 10));
    assert_int_equal(watch.fired, 1);
    assert_true(watch.ports.monotonic(watch.ports.host) == 10 * SIM_SECOND);
    world_rig_close(rig);
}

/* Before the world began, and beyond its end. */
static void what_is_due_at_the_ends_of_time_is_due_now_or_never(void **state)
{
    (void)state;
    struct world_rig *rig = world_rig_open(&watch_kind);
    watch.deadline = 0;
    assert_true(world_pass(rig->world, 1, 10));
    assert_int_equal(watch.fired, 1);
    assert_true(server_clock_jump(rig->server, -(int64_t)(SIM_EPOCH_SECONDS * SIM_SECOND)));
    assert_true(clock_now() == 1);
    watch.deadline = UINT64_MAX - 1;
    assert_true(world_pass(rig->world, SIM_SECOND, 10));
    assert_int_equal(watch.fired, 1);
    world_rig_close(rig);
}

static void a_clock_does_not_leave_its_face(void **state)
{
    (void)state;
    struct world_rig *rig = world_rig_open(&watch_kind);
    const uint64_t now = clock_now();
    assert_false(server_clock_jump(rig->server, -(int64_t)now - 1));
    assert_false(server_clock_jump(rig->server, INT64_MIN));
    assert_false(server_clock_jump(rig->server, INT64_MAX));
    assert_true(clock_now() == now);
    assert_true(server_clock_jump(rig->server, -(int64_t)now));
    assert_true(clock_now() == 0);
    assert_true(server_clock_jump(rig->server, INT64_MAX));
    assert_true(clock_now() == INT64_MAX);
    assert_false(server_clock_jump(rig->server, 1));
    world_rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_connections_end_with_the_process),
        cmocka_unit_test(while_it_is_down_connections_are_refused),
        cmocka_unit_test(it_starts_again_on_the_same_disk),
        cmocka_unit_test(it_may_start_again_at_once),
        cmocka_unit_test(after_it_has_shut_down_it_starts_again_in_good_order),
        cmocka_unit_test(data_under_way_is_lost),
        cmocka_unit_test(of_several_times_the_last_said_counts),
        cmocka_unit_test(a_crash_may_come_during_a_write),
        cmocka_unit_test(after_a_crash_it_has_forgotten),
        cmocka_unit_test(the_memory_of_the_process_comes_back),
        cmocka_unit_test(a_clock_jumps_both_ways_and_goes_on),
        cmocka_unit_test(a_clock_outlives_the_process),
        cmocka_unit_test(what_is_due_follows_the_clock),
        cmocka_unit_test(monotonic_time_does_not_jump),
        cmocka_unit_test(what_is_due_at_the_ends_of_time_is_due_now_or_never),
        cmocka_unit_test(a_clock_does_not_leave_its_face),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
