/*
 * The server as the simulator sees it, with a kind that records its callbacks and acts as a test sets; and
 * with our core where its state matters.
 */
#include "../world/server.h"

#include "../text.h"

#include "world_rig.h"

/* ---- A kind controlled by the test ---- */

/* The table of functions carries no context, so there is one of these. */
static struct puppet {
    struct server_ports ports;
    void *links[4]; /* in the order in which they opened */
    size_t opened, ended, writable, ticks, answers;
    struct text bytes;
    uint64_t deadline;
    enum core_store_status status;
    bool stopped;
    bool refuses;        /* what opens */
    bool greets;         /* whatever opens, before it has a handle */
    bool closes_at_once; /* what opens */
    bool sends_when_ended;
    bool refuses_settings;
    size_t provided, ready; /* how much was provided before it was ready */
} puppet;

static void *puppet_start(const struct server_kind *kind, const struct server_ports *ports,
                          const struct core_settings *settings, struct server_refusal *refusal)
{
    (void)kind;
    (void)refusal;
    (void)settings;
    puppet.ports = *ports;
    return puppet.refuses_settings ? NULL : &puppet;
}

static void puppet_provide(void *self, const struct server_ports *ports, const struct provision *provision)
{
    assert_ptr_equal(self, &puppet);
    puppet.provided++;
    ports->put(ports->host, provision->username, provision->domain, CORE_STORE_ROSTER, provision->jid,
               "<item/>");
}

static void puppet_ready(void *self, struct server_refusal *refusal)
{
    assert_ptr_equal(self, &puppet);
    (void)refusal;
    puppet.ready = puppet.provided;
}

static void puppet_stop(void *self)
{
    assert_ptr_equal(self, &puppet);
    puppet.stopped = true;
}

static void say(size_t link, const char *what)
{
    (void)puppet.ports.send(puppet.ports.host, puppet.links[link], what, strlen(what));
}

static void hang_up(size_t link)
{
    puppet.ports.close(puppet.ports.host, puppet.links[link]);
}

static void *puppet_opened(void *self, void *link)
{
    (void)self;
    assert_false(puppet.stopped);
    puppet.links[puppet.opened++] = link;
    if (puppet.greets)
        say(puppet.opened - 1, "hello");
    if (puppet.closes_at_once)
        hang_up(puppet.opened - 1);
    return puppet.refuses ? NULL : &puppet.links[puppet.opened - 1];
}

static void puppet_bytes(void *self, void *conn, const char *bytes, size_t length)
{
    (void)self;
    assert_false(puppet.stopped);
    assert_ptr_equal(conn, &puppet.links[puppet.opened - 1]);
    text_append(&puppet.bytes, bytes, length);
}

static void puppet_writable(void *self, void *conn)
{
    (void)self;
    (void)conn;
    assert_false(puppet.stopped);
    puppet.writable++;
}

static void puppet_ended(void *self, void *conn)
{
    (void)self;
    assert_false(puppet.stopped);
    assert_non_null(conn);
    puppet.ended++;
    if (puppet.sends_when_ended)
        say(0, "farewell");
}

static void puppet_late(void *self)
{
    (void)self;
    assert_false(puppet.stopped);
    puppet.ticks++;
    puppet.deadline = UINT64_MAX;
}

static struct server_deadline puppet_deadline(void *self)
{
    (void)self;
    assert_false(puppet.stopped);
    return (struct server_deadline){ puppet.deadline, true };
}

static void puppet_stored(void *self, uint64_t request, enum core_store_status status,
                          const struct core_store_entry *entries, size_t entry_count)
{
    (void)self;
    (void)request;
    (void)entries;
    (void)entry_count;
    assert_false(puppet.stopped);
    puppet.answers++;
    puppet.status = status;
}

static const struct server_kind puppet_kind = {
    .name = "puppet",
    .has = CAPABILITIES_OUTSIDE,
    .start = puppet_start,
    .stop = puppet_stop,
    .provide = puppet_provide,
    .ready = puppet_ready,
    .opened = puppet_opened,
    .bytes = puppet_bytes,
    .writable = puppet_writable,
    .ended = puppet_ended,
    .late = puppet_late,
    .deadline = puppet_deadline,
    .stored = puppet_stored,
};

static struct world_rig *open_puppet(void)
{
    puppet = (struct puppet){ .deadline = UINT64_MAX };
    return world_rig_open(&puppet_kind);
}

static void close_puppet(struct world_rig *rig)
{
    world_rig_close(rig);
    assert_true(puppet.stopped);
    text_free(&puppet.bytes);
}

/* A client's connection stands, and the event in which it opened is over. */
static void connect(struct world_rig *rig, size_t client)
{
    client_dial(world_rig_client(rig, client));
    world_rig_settle(rig);
    server_forget_touched(rig->server);
}

/* ---- Its life ---- */

static void a_kind_may_refuse_its_settings(void **state)
{
    (void)state;
    puppet = (struct puppet){ .refuses_settings = true };
    struct trace *trace = trace_new(NULL, NULL);
    struct world *world = world_new(CHOICE_SCRIPTED, 0, trace);
    const struct core_settings settings = world_rig_settings();
    assert_null(server_new(world, &puppet_kind, &settings));
    assert_false(puppet.stopped);
    world_free(world);
    trace_free(trace);
}

static void it_gets_its_callbacks_in_order(void **state)
{
    (void)state;
    struct world_rig *rig = open_puppet();
    connect(rig, 0);
    assert_int_equal(puppet.opened, 1);
    client_write(world_rig_client(rig, 0), "ay me", 5);
    world_rig_settle(rig);
    assert_string_equal(puppet.bytes.bytes, "ay me");
    client_drop(world_rig_client(rig, 0));
    world_rig_settle(rig);
    assert_int_equal(puppet.ended, 1);
    close_puppet(rig);
}

/* More than a direction of the network holds. */
static void it_is_called_when_the_link_is_writable_again(void **state)
{
    (void)state;
    struct world_rig *rig = open_puppet();
    connect(rig, 0);
    char spaces[100000];
    memset(spaces, ' ', sizeof spaces);
    size_t taken = puppet.ports.send(puppet.ports.host, puppet.links[0], spaces, sizeof spaces);
    assert_true(taken > 0 && taken < sizeof spaces);
    assert_int_equal(puppet.writable, 0);
    world_rig_settle(rig);
    assert_int_equal(puppet.writable, 1);
    close_puppet(rig);
}

static size_t room(void)
{
    return puppet.ports.room(puppet.ports.host, puppet.links[0]);
}

/* What the room is said to be is taken, and nothing of what comes then. */
static void there_is_room_for_what_is_taken(void **state)
{
    (void)state;
    struct world_rig *rig = open_puppet();
    connect(rig, 0);
    static char spaces[200000];
    memset(spaces, ' ', sizeof spaces);
    const size_t all = room();
    assert_true(all > 10 && all < sizeof spaces);
    assert_int_equal(puppet.ports.send(puppet.ports.host, puppet.links[0], spaces, 10), 10);
    assert_int_equal(room(), all - 10);
    assert_int_equal(puppet.ports.send(puppet.ports.host, puppet.links[0], spaces, sizeof spaces), all - 10);
    assert_int_equal(room(), 0);
    world_rig_settle(rig);
    assert_int_equal(room(), all);
    hang_up(0);
    assert_int_equal(room(), 0);
    close_puppet(rig);
}

static void what_exists_is_provided_before_it_is_ready(void **state)
{
    (void)state;
    struct world_rig *rig = open_puppet();
    const struct provision contact = {
        .what = PROVIDE_CONTACT, .username = "tybalt", .domain = "localhost", .jid = "nurse@localhost"
    };
    puppet.ready = 7;
    server_provide(rig->server, &contact);
    server_provide(rig->server, &contact);
    assert_int_equal(puppet.ready, 7);
    server_ready(rig->server);
    assert_int_equal(puppet.ready, 2);
    assert_non_null(
        disk_get(server_disk(rig->server), "tybalt", "localhost", CORE_STORE_ROSTER, "nurse@localhost"));
    close_puppet(rig);
}

/* The first failure counts, and the world halts. */
static void a_server_that_cannot_go_on_halts_the_world(void **state)
{
    (void)state;
    struct world_rig *rig = open_puppet();
    connect(rig, 0);
    client_write(world_rig_client(rig, 0), "ay me", 5);
    assert_null(server_failure(rig->server)->what);
    assert_false(world_is_halted(rig->world));
    (puppet.ports.fail)(puppet.ports.host, "the server died", "of love\n");
    (puppet.ports.fail)(puppet.ports.host, "the server hangs", "on\n");
    assert_true(world_is_halted(rig->world));
    assert_string_equal(server_failure(rig->server)->what, "the server died");
    assert_string_equal(server_failure(rig->server)->details, "of love\n");
    world_rig_settle(rig);
    assert_int_equal(puppet.bytes.length, 0);
    close_puppet(rig);
}

static void nothing_happens_in_a_server_that_was_stopped(void **state)
{
    (void)state;
    struct world_rig *rig = open_puppet();
    connect(rig, 0);
    puppet.deadline = puppet.ports.time_of_day(puppet.ports.host) + SIM_SECOND;
    client_write(world_rig_client(rig, 0), "ay me", 5);
    client_dial(world_rig_client(rig, 1));
    puppet.ports.store(puppet.ports.host,
                       &(struct core_store_request){ .id = 1, .username = "romeo", .host = "localhost" });
    server_stop(rig->server);
    server_stop(rig->server);
    assert_true(world_pass(rig->world, SIM_SECOND * 10, 1000));
    client_drop(world_rig_client(rig, 0));
    world_rig_settle(rig);
    assert_int_equal(puppet.answers, 0);
    assert_int_equal(client_state(world_rig_client(rig, 1)), CLIENT_ENDED);
    close_puppet(rig);
}

static void a_stopped_server_cannot_be_inspected(void **state)
{
    (void)state;
    struct world_rig *rig = world_rig_open(&server_core);
    world_rig_login(rig, 0);
    assert_non_null(server_inspect(rig->server));
    assert_non_null(world_rig_conn(rig, 0));
    server_stop(rig->server);
    assert_null(server_inspect(rig->server));
    assert_null(world_rig_conn(rig, 0));
    world_rig_close(rig);
}

static void a_kind_need_not_support_inspection(void **state)
{
    (void)state;
    struct world_rig *rig = open_puppet();
    client_dial(world_rig_client(rig, 0));
    world_rig_settle(rig);
    assert_null(server_inspect(rig->server));
    assert_int_equal(server_touched(rig->server), 1);
    assert_null(server_touched_conn(rig->server, 0));
    assert_null(world_rig_conn(rig, 0));
    close_puppet(rig);
}

/* ---- Refusing and closing ---- */

static void a_connection_may_be_refused(void **state)
{
    (void)state;
    struct world_rig *rig = open_puppet();
    puppet.refuses = true;
    client_dial(world_rig_client(rig, 0));
    world_rig_settle(rig);
    assert_int_equal(client_state(world_rig_client(rig, 0)), CLIENT_ENDED);
    assert_int_equal(puppet.ended, 0);
    assert_null(rig->clients[0].transport.link);
    assert_int_equal(server_sent_after_close(rig->server), 0);
    close_puppet(rig);
}

static void a_closed_connection_gets_no_more_callbacks(void **state)
{
    (void)state;
    struct world_rig *rig = open_puppet();
    connect(rig, 0);
    hang_up(0);
    client_write(world_rig_client(rig, 0), "too late", 8);
    world_rig_settle(rig);
    assert_null(puppet.bytes.bytes);
    assert_int_equal(puppet.ended, 0);
    assert_int_equal(client_state(world_rig_client(rig, 0)), CLIENT_ENDED);
    assert_int_equal(server_sent_after_close(rig->server), 0);
    close_puppet(rig);
}

static void it_may_close_a_connection_in_its_callback(void **state)
{
    (void)state;
    struct world_rig *rig = open_puppet();
    puppet.greets = true;
    puppet.closes_at_once = true;
    client_dial(world_rig_client(rig, 0));
    world_rig_settle(rig);
    assert_int_equal(client_state(world_rig_client(rig, 0)), CLIENT_ENDED);
    assert_int_equal(puppet.ended, 0);
    assert_int_equal(server_sent_after_close(rig->server), 0);
    close_puppet(rig);
}

static void to_close_twice_is_to_close_once(void **state)
{
    (void)state;
    struct world_rig *rig = open_puppet();
    connect(rig, 0);
    hang_up(0);
    hang_up(0);
    server_forget_touched(rig->server);
    world_rig_settle(rig);
    hang_up(0);
    world_rig_settle(rig);
    assert_int_equal(client_state(world_rig_client(rig, 0)), CLIENT_ENDED);
    close_puppet(rig);
}

static void what_is_sent_on_a_closed_connection_is_counted(void **state)
{
    (void)state;
    struct world_rig *rig = open_puppet();
    connect(rig, 0);
    say(0, " ");
    assert_int_equal(server_sent_after_close(rig->server), 0);
    hang_up(0);
    say(0, "ghost");
    assert_int_equal(server_sent_after_close(rig->server), 1);
    close_puppet(rig);
}

/* The link itself is gone by then, and another may stand where it was. */
static void it_is_counted_however_long_ago_that_was(void **state)
{
    (void)state;
    struct world_rig *rig = open_puppet();
    connect(rig, 0);
    hang_up(0);
    server_forget_touched(rig->server);
    world_rig_settle(rig);
    connect(rig, 0);
    connect(rig, 1);
    say(0, "ghost");
    say(1, " ");
    say(0, "ghost");
    assert_int_equal(server_sent_after_close(rig->server), 2);
    assert_int_equal(server_touched(rig->server), 2);
    world_rig_settle(rig);
    close_puppet(rig);
}

static void output_to_a_client_that_has_left_is_counted(void **state)
{
    (void)state;
    struct world_rig *rig = open_puppet();
    connect(rig, 0);
    puppet.sends_when_ended = true;
    client_drop(world_rig_client(rig, 0));
    world_rig_settle(rig);
    assert_int_equal(server_sent_after_close(rig->server), 1);
    hang_up(0);
    world_rig_settle(rig);
    assert_int_equal(server_sent_after_close(rig->server), 1);
    close_puppet(rig);
}

/* ---- Touched connections ---- */

static void a_connection_with_input_or_output_is_touched_once(void **state)
{
    (void)state;
    struct world_rig *rig = open_puppet();
    connect(rig, 0);
    connect(rig, 1);
    assert_int_equal(server_touched(rig->server), 0);
    say(1, " ");
    say(1, " ");
    assert_int_equal(server_touched(rig->server), 1);
    hang_up(0);
    assert_int_equal(server_touched(rig->server), 2);
    server_forget_touched(rig->server);
    assert_int_equal(server_touched(rig->server), 0);
    say(1, " ");
    assert_int_equal(server_touched(rig->server), 1);
    close_puppet(rig);
}

static void more_may_be_touched_than_there_was_room_for(void **state)
{
    (void)state;
    struct world_rig *rig = open_puppet();
    for (size_t i = 0; i < 100; i++) {
        puppet.opened = 0;
        client_dial(world_rig_client(rig, 0));
        world_rig_settle(rig);
    }
    assert_int_equal(server_touched(rig->server), 100);
    server_forget_touched(rig->server);
    close_puppet(rig);
}

static void a_touched_connection_can_be_inspected_until_it_ends(void **state)
{
    (void)state;
    struct world_rig *rig = world_rig_open(&server_core);
    world_rig_login(rig, 0);
    server_forget_touched(rig->server);
    client_write(world_rig_client(rig, 0), " ", 1);
    world_rig_settle(rig);
    assert_int_equal(server_touched(rig->server), 1);
    assert_ptr_equal(server_touched_conn(rig->server, 0), world_rig_conn(rig, 0));
    client_write(world_rig_client(rig, 0), "</stream:stream>", 16);
    world_rig_settle(rig);
    assert_int_equal(server_touched(rig->server), 1);
    assert_null(server_touched_conn(rig->server, 0));
    world_rig_close(rig);
}

static void each_link_has_a_connection_of_its_own(void **state)
{
    (void)state;
    struct world_rig *rig = world_rig_open(&server_core);
    world_rig_login(rig, 0);
    client_dial(world_rig_client(rig, 1));
    assert_non_null(rig->clients[1].transport.link);
    assert_null(world_rig_conn(rig, 1));
    world_rig_settle(rig);
    assert_non_null(world_rig_conn(rig, 1));
    assert_ptr_not_equal(world_rig_conn(rig, 0), world_rig_conn(rig, 1));
    world_rig_close(rig);
}

/* ---- Time ---- */

static void its_clock_begins_with_this_century(void **state)
{
    (void)state;
    struct world_rig *rig = open_puppet();
    /* 2001-01-01T00:00:00Z is 31 years after 1970, eight of them leap years. */
    const uint64_t began = UINT64_C(86400000000000) * (31 * 365 + 8);
    assert_int_equal(puppet.ports.time_of_day(puppet.ports.host), began);
    assert_true(world_pass(rig->world, 5, 10));
    assert_int_equal(puppet.ports.time_of_day(puppet.ports.host), began + 5);
    close_puppet(rig);
}

static void it_is_called_when_a_deadline_has_passed(void **state)
{
    (void)state;
    struct world_rig *rig = open_puppet();
    puppet.deadline = puppet.ports.time_of_day(puppet.ports.host) + SIM_SECOND;
    assert_true(world_pass(rig->world, SIM_SECOND - 1, 10));
    assert_int_equal(puppet.ticks, 0);
    assert_true(world_pass(rig->world, 1, 10));
    assert_int_equal(puppet.ticks, 1);
    assert_true(world_pass(rig->world, SIM_SECOND * 1000, 10));
    assert_int_equal(puppet.ticks, 1);
    close_puppet(rig);
}

static void what_was_due_before_the_world_began_is_due_at_once(void **state)
{
    (void)state;
    struct world_rig *rig = open_puppet();
    puppet.deadline = 1;
    assert_true(world_pass(rig->world, 0, 10));
    assert_int_equal(puppet.ticks, 1);
    close_puppet(rig);
}

static void no_timer_fires_while_a_world_settles(void **state)
{
    (void)state;
    struct world_rig *rig = open_puppet();
    puppet.deadline = 0;
    connect(rig, 0);
    assert_int_equal(puppet.ticks, 0);
    close_puppet(rig);
}

/* ---- Storage ---- */

static void store(enum core_store_op op, const char *username, const struct core_store_entry *entries,
                  size_t count)
{
    puppet.ports.store(puppet.ports.host, &(struct core_store_request){ .id = 7,
                                                                        .op = op,
                                                                        .store = CORE_STORE_ROSTER,
                                                                        .username = username,
                                                                        .host = "localhost",
                                                                        .entries = entries,
                                                                        .entry_count = count });
}

static void what_was_saved_names_its_account_until_the_event_is_over(void **state)
{
    (void)state;
    struct world_rig *rig = open_puppet();
    const struct core_store_entry entry = { "nurse@localhost", "<item/>" };
    store(CORE_SAVE, "juliet", &entry, 1);
    assert_null(server_stored_for(rig->server));
    world_rig_settle(rig);
    assert_int_equal(puppet.answers, 1);
    assert_int_equal(puppet.status, CORE_STORED);
    assert_string_equal(server_stored_for(rig->server), "juliet@localhost");
    server_forget_touched(rig->server);
    assert_null(server_stored_for(rig->server));
    close_puppet(rig);
}

static void the_last_of_several_saves_is_named(void **state)
{
    (void)state;
    struct world_rig *rig = open_puppet();
    const struct core_store_entry entry = { "nurse@localhost", "<item/>" };
    store(CORE_SAVE, "juliet", &entry, 1);
    world_rig_settle(rig);
    store(CORE_SAVE, "romeo", &entry, 1);
    world_rig_settle(rig);
    assert_string_equal(server_stored_for(rig->server), "romeo@localhost");
    close_puppet(rig);
}

/* A session may be bound by it, on a connection that takes nothing. */
static void what_was_loaded_names_its_account_too(void **state)
{
    (void)state;
    struct world_rig *rig = open_puppet();
    store(CORE_LOAD, "juliet", NULL, 0);
    world_rig_settle(rig);
    assert_string_equal(server_stored_for(rig->server), "juliet@localhost");
    close_puppet(rig);
}

static void a_failed_request_names_no_account(void **state)
{
    (void)state;
    struct world_rig *rig = open_puppet();
    const struct core_store_entry entry = { "nurse@localhost", "<item/>" };
    store(CORE_SAVE, "tybalt", &entry, 1);
    world_rig_settle(rig);
    assert_int_equal(puppet.status, CORE_NO_ACCOUNT);
    assert_null(server_stored_for(rig->server));
    disk_options(server_disk(rig->server))->fail_saves = 1;
    store(CORE_SAVE, "juliet", &entry, 1);
    world_rig_settle(rig);
    assert_int_equal(puppet.status, CORE_STORE_FAILED);
    assert_null(server_stored_for(rig->server));
    assert_int_equal(puppet.answers, 2);
    close_puppet(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kind_may_refuse_its_settings),
        cmocka_unit_test(it_gets_its_callbacks_in_order),
        cmocka_unit_test(it_is_called_when_the_link_is_writable_again),
        cmocka_unit_test(there_is_room_for_what_is_taken),
        cmocka_unit_test(what_exists_is_provided_before_it_is_ready),
        cmocka_unit_test(a_server_that_cannot_go_on_halts_the_world),
        cmocka_unit_test(nothing_happens_in_a_server_that_was_stopped),
        cmocka_unit_test(a_stopped_server_cannot_be_inspected),
        cmocka_unit_test(a_kind_need_not_support_inspection),
        cmocka_unit_test(a_connection_may_be_refused),
        cmocka_unit_test(a_closed_connection_gets_no_more_callbacks),
        cmocka_unit_test(it_may_close_a_connection_in_its_callback),
        cmocka_unit_test(to_close_twice_is_to_close_once),
        cmocka_unit_test(what_is_sent_on_a_closed_connection_is_counted),
        cmocka_unit_test(it_is_counted_however_long_ago_that_was),
        cmocka_unit_test(output_to_a_client_that_has_left_is_counted),
        cmocka_unit_test(a_connection_with_input_or_output_is_touched_once),
        cmocka_unit_test(more_may_be_touched_than_there_was_room_for),
        cmocka_unit_test(a_touched_connection_can_be_inspected_until_it_ends),
        cmocka_unit_test(each_link_has_a_connection_of_its_own),
        cmocka_unit_test(its_clock_begins_with_this_century),
        cmocka_unit_test(it_is_called_when_a_deadline_has_passed),
        cmocka_unit_test(what_was_due_before_the_world_began_is_due_at_once),
        cmocka_unit_test(no_timer_fires_while_a_world_settles),
        cmocka_unit_test(what_was_saved_names_its_account_until_the_event_is_over),
        cmocka_unit_test(the_last_of_several_saves_is_named),
        cmocka_unit_test(what_was_loaded_names_its_account_too),
        cmocka_unit_test(a_failed_request_names_no_account),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
