/* What passes the border of a server, as a watcher is told. */
#include "world_rig.h"

#include "../text.h"

/* ---- A watcher that writes down what it is told ---- */

struct watched {
    struct text kinds; /* a letter for each record, with the number of the connection if it has one */
    struct text came[CLIENTS + 1], sent[CLIENTS + 1];
    size_t asked, stored, cut;
};

static void record(void *host, const struct border_record *record)
{
    static const char letters[] = {
        [BORDER_OPENED] = 'o',     [BORDER_CAME] = 'i',      [BORDER_SECURED] = 's', [BORDER_WRITABLE] = 'w',
        [BORDER_ENDED] = 'e',      [BORDER_LATE] = 't',      [BORDER_STORED] = 'a',  [BORDER_ARRIVED] = 'f',
        [BORDER_UNROUTABLE] = 'u', [BORDER_SHUT_DOWN] = 'D', [BORDER_CRASHED] = 'C', [BORDER_STARTED] = 'S',
        [BORDER_SENT] = 'O',       [BORDER_CLOSED] = 'E',    [BORDER_ASKED] = 'A',   [BORDER_ROUTED] = 'F',
        [BORDER_PROVIDED] = 'P',
    };
    struct watched *watched = host;
    text_append(&watched->kinds, &letters[record->kind], 1);
    if (record->conn != 0)
        text_number(&watched->kinds, record->conn);
    watched->asked += record->kind == BORDER_ASKED;
    watched->stored += record->kind == BORDER_STORED;
    watched->cut += record->kind == BORDER_SENT && record->length < record->offered;
    assert_true(record->conn <= CLIENTS);
    if (record->kind == BORDER_CAME)
        text_append(&watched->came[record->conn], record->bytes, record->length);
    if (record->kind == BORDER_SENT)
        text_append(&watched->sent[record->conn], record->bytes, record->length);
}

static struct watched watched;
static struct world_rig *rig;

static int set_up(void **state)
{
    (void)state;
    rig = world_rig_open(&server_core);
    watched = (struct watched){ .asked = 0 };
    server_watch(rig->server, (struct border_watcher){ &watched, record });
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_rig_close(rig);
    text_free(&watched.kinds);
    for (size_t i = 0; i <= CLIENTS; i++) {
        text_free(&watched.came[i]);
        text_free(&watched.sent[i]);
    }
    return 0;
}

static bool has(const struct text *text, const char *part)
{
    return text->length > 0 && strstr(text->bytes, part) != NULL;
}

/* ---- Tests ---- */

static void what_is_provided_passes_before_the_server_has_it(void **state)
{
    const struct provision blocked = {
        .what = PROVIDE_BLOCKED, .username = "romeo", .domain = "localhost", .jid = "tybalt@localhost"
    };
    (void)state;
    server_provide(rig->server, &blocked);
    assert_string_equal(watched.kinds.bytes, "SP");
    assert_non_null(
        disk_get(server_disk(rig->server), "romeo", "localhost", CORE_STORE_BLOCKLIST, blocked.jid));
}

static void a_login_in_its_order(void **state)
{
    (void)state;
    world_rig_login(rig, 0);
    assert_int_equal(strncmp(watched.kinds.bytes, "So1i1O1i1", 9), 0);
    assert_true(has(&watched.came[1], "<?xml version='1.0'?><stream:stream "));
    assert_true(has(&watched.sent[1], "<jid>romeo@localhost/orchard</jid>"));
    assert_true(watched.asked > 0 && watched.asked == watched.stored);
    assert_int_equal(server_conn_number(rig->server, rig->clients[0].transport.link), 1);
}

static void each_connection_has_a_number(void **state)
{
    (void)state;
    world_rig_login(rig, 0);
    world_rig_login(rig, 1);
    world_rig_send(rig, 0, "<message to='juliet@localhost/balcony'><body>x</body></message>");
    assert_true(has(&watched.came[1], "<body>x</body>") && !has(&watched.came[2], "<body>x</body>"));
    assert_true(has(&watched.sent[2], "<body>x</body>") && !has(&watched.sent[1], "<body>x</body>"));
}

/* Once it is closed the other side's end is not told. */
static void the_end_is_told_once(void **state)
{
    (void)state;
    world_rig_login(rig, 0);
    client_drop(world_rig_client(rig, 0));
    world_rig_settle(rig);
    assert_true(has(&watched.kinds, "e1") && !has(&watched.kinds, "E1"));
    world_rig_login(rig, 1);
    client_close_stream(world_rig_client(rig, 1));
    world_rig_settle(rig);
    assert_true(has(&watched.kinds, "E2") && !has(&watched.kinds, "e2"));
}

static void what_is_not_taken_is_told(void **state)
{
    (void)state;
    struct text message = { 0 };
    world_rig_login(rig, 0);
    world_rig_login(rig, 1);
    net_transport_stall(&rig->clients[1].transport, NET_CLIENT, true);
    text_string(&message, "<message to='juliet@localhost/balcony'><body>");
    text_repeat(&message, 'x', 50000);
    text_string(&message, "</body></message>");
    for (int i = 0; i < 4; i++)
        world_rig_send(rig, 0, message.bytes);
    text_free(&message);
    assert_true(watched.cut > 0 && !has(&watched.kinds, "w2"));
    net_transport_stall(&rig->clients[1].transport, NET_CLIENT, false);
    world_rig_settle(rig);
    assert_true(has(&watched.kinds, "w2"));
}

/* A crash ends all connections, without a record of each. */
static void a_crash(void **state)
{
    (void)state;
    world_rig_login(rig, 0);
    server_crash(rig->server, DISK_KEEPS);
    assert_true(has(&watched.kinds, "C") && !has(&watched.kinds, "e1"));
    world_rig_settle(rig);
    assert_true(server_start_again(rig->server));
    world_rig_login(rig, 1);
    assert_true(has(&watched.kinds, "CSo2"));
    server_shut_down(rig->server);
    assert_true(has(&watched.kinds, "DO2"));
}

static void hosts_have_no_case(void **state)
{
    (void)state;
    assert_true(server_serves(rig->server, "localhost") && server_serves(rig->server, "romeo@LOCALhost/x"));
    assert_false(server_serves(rig->server, "localhosts") || server_serves(rig->server, "localhost@else"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_provided_passes_before_the_server_has_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_login_in_its_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_connection_has_a_number, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_end_is_told_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_not_taken_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_crash, set_up, tear_down),
        cmocka_unit_test_setup_teardown(hosts_have_no_case, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
