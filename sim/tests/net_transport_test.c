/*
 * The transport between a real client and a server that records its input; the net is the real one.
 */
#include "../client/net_transport.h"

#include "../must.h"
#include "../text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define HEADER                                                                                               \
    "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "                                             \
    "xmlns:stream='http://etherx.jabber.org/streams' id='1' version='1.0'>"

struct rig {
    struct trace *trace;
    struct world *world;
    struct net *net;
    struct net_transport transport;
    struct client *client;
    struct link *link; /* at the server's end, the latest */
    size_t opened, ended, pieces, largest;
    struct text heard;
};

static void server_opened(void *who, struct link *link)
{
    struct rig *rig = who;
    rig->link = link;
    rig->opened++;
}

static void server_bytes(void *who, struct link *link, const char *bytes, size_t length)
{
    struct rig *rig = who;
    (void)link;
    rig->pieces++;
    rig->largest = length > rig->largest ? length : rig->largest;
    text_append(&rig->heard, bytes, length);
}

static void server_writable(void *who, struct link *link)
{
    (void)who;
    (void)link;
}

static void server_ended(void *who, struct link *link)
{
    struct rig *rig = who;
    (void)link;
    rig->ended++;
}

static int set_up(void **state)
{
    static const struct client_identity romeo = { .name = "Romeo", .local = "romeo", .domain = "localhost" };
    struct rig *rig = must(calloc(1, sizeof *rig));
    rig->trace = trace_new(NULL, NULL);
    rig->world = world_new(CHOICE_SCRIPTED, 0, rig->trace);
    rig->net = net_new(rig->world, net_options_default(),
                       (struct net_end){ server_opened, server_bytes, server_writable, server_ended, rig });
    rig->client =
        client_new(&romeo, net_transport_init(&rig->transport, rig->net, world_choices(rig->world), "Romeo"));
    *state = rig;
    return 0;
}

static int tear_down(void **state)
{
    struct rig *rig = *state;
    client_free(rig->client);
    net_transport_free(&rig->transport);
    net_free(rig->net);
    world_free(rig->world);
    trace_free(rig->trace);
    text_free(&rig->heard);
    free(rig);
    return 0;
}

static void settle(struct rig *rig)
{
    assert_true(world_settle(rig->world, 100000));
}

static void dial(struct rig *rig)
{
    client_dial(rig->client);
    settle(rig);
    assert_int_equal(client_state(rig->client), CLIENT_CONNECTED);
}

static void say(struct rig *rig, const char *what)
{
    assert_int_equal(link_write(rig->link, NET_SERVER, what, strlen(what)), strlen(what));
    settle(rig);
}

/* ---- Dialling ---- */

static void there_is_no_link_before_the_client_dials(void **state)
{
    struct rig *rig = *state;
    assert_null(rig->transport.link);
    settle(rig);
    assert_int_equal(rig->opened, 0);
}

static void expect_to_dial(void *host, uint64_t number, const char *line, size_t length)
{
    (void)host;
    assert_int_equal(number, 1);
    assert_int_equal(length, strlen("0.000000000 Romeo dials\n"));
    assert_memory_equal(line, "0.000000000 Romeo dials\n", length);
}

static void to_dial_reaches_the_server_and_then_the_client_knows(void **state)
{
    struct rig *rig = *state;
    client_dial(rig->client);
    assert_non_null(rig->transport.link);
    trace_last(rig->trace, 1, expect_to_dial, NULL);
    assert_int_equal(client_state(rig->client), CLIENT_DIALLING);
    settle(rig);
    assert_int_equal(rig->opened, 1);
    assert_int_equal(client_state(rig->client), CLIENT_CONNECTED);
}

static void bytes_go_both_ways(void **state)
{
    struct rig *rig = *state;
    dial(rig);
    client_write(rig->client, "wherefore", 9);
    settle(rig);
    assert_string_equal(rig->heard.bytes, "wherefore");
    say(rig, HEADER "<message xmlns='jabber:client'/>");
    const struct received *received = client_inbox(rig->client);
    assert_non_null(received);
    assert_true(xml_is(received->element, "message", XML_NS_CLIENT));
}

/* Bytes written before the connection is open are sent when it is. */
static void what_is_written_too_early_is_sent_later(void **state)
{
    struct rig *rig = *state;
    client_dial(rig->client);
    client_write(rig->client, "early", 5);
    settle(rig);
    assert_string_equal(rig->heard.bytes, "early");
}

/* More than a direction of the network holds: the rest follows when there is room. */
static void what_the_network_cannot_hold_follows_later(void **state)
{
    struct rig *rig = *state;
    enum { LENGTH = 200000 };
    char *bytes = must(malloc(LENGTH));
    memset(bytes, 'x', LENGTH);
    dial(rig);
    client_write(rig->client, bytes, LENGTH);
    settle(rig);
    assert_int_equal(rig->heard.length, LENGTH);
    assert_memory_equal(rig->heard.bytes, bytes, LENGTH);
    free(bytes);
}

/* ---- The end ---- */

/* The server's end of the stream makes the client close its own, and the connection (RFC 6120, 4.4). */
static void a_client_that_closes_has_no_link_and_the_server_is_notified(void **state)
{
    struct rig *rig = *state;
    dial(rig);
    say(rig, HEADER "</stream:stream>");
    assert_null(rig->transport.link);
    assert_string_equal(rig->heard.bytes, "</stream:stream>");
    assert_int_equal(rig->ended, 1);
}

static void a_client_that_breaks_off_loses_what_was_on_its_way(void **state)
{
    struct rig *rig = *state;
    dial(rig);
    client_write(rig->client, "lost", 4);
    client_drop(rig->client);
    assert_null(rig->transport.link);
    settle(rig);
    assert_null(rig->heard.bytes);
    assert_int_equal(rig->ended, 1);
}

static void a_server_that_closes_takes_the_link_away(void **state)
{
    struct rig *rig = *state;
    dial(rig);
    link_close(rig->link, NET_SERVER);
    assert_non_null(rig->transport.link);
    settle(rig);
    assert_null(rig->transport.link);
    assert_int_equal(client_state(rig->client), CLIENT_ENDED);
    assert_int_equal(client_inbox(rig->client)->kind, RECEIVED_CONNECTION_END);
    assert_int_equal(rig->ended, 0);
}

static void a_client_may_give_up_while_it_dials(void **state)
{
    struct rig *rig = *state;
    client_dial(rig->client);
    client_drop(rig->client);
    assert_null(rig->transport.link);
    settle(rig);
    assert_int_equal(rig->opened, 0);
    assert_int_equal(client_state(rig->client), CLIENT_AWAY);
}

static void a_client_may_dial_again_after_a_lost_connection(void **state)
{
    struct rig *rig = *state;
    dial(rig);
    link_break(rig->link, NET_SERVER);
    settle(rig);
    assert_int_equal(client_state(rig->client), CLIENT_ENDED);
    dial(rig);
    client_write(rig->client, "again", 5);
    settle(rig);
    assert_string_equal(rig->heard.bytes, "again");
    assert_int_equal(rig->opened, 2);
}

static void dialling_while_connected_drops_the_old_connection(void **state)
{
    struct rig *rig = *state;
    dial(rig);
    dial(rig);
    assert_int_equal(rig->opened, 2);
    assert_int_equal(rig->ended, 1);
    client_write(rig->client, "new", 3);
    settle(rig);
    assert_string_equal(rig->heard.bytes, "new");
}

/* ---- Pieces ---- */

static void a_link_may_be_cut_into_pieces(void **state)
{
    struct rig *rig = *state;
    dial(rig);
    net_transport_cut(&rig->transport, 3);
    client_write(rig->client, "wherefore", 9);
    settle(rig);
    assert_string_equal(rig->heard.bytes, "wherefore");
    assert_int_equal(rig->pieces, 3);
    assert_int_equal(rig->largest, 3);
    say(rig, HEADER "<message xmlns='jabber:client'/>");
    assert_non_null(client_inbox(rig->client));
}

static void pieces_count_for_a_link_that_comes_later(void **state)
{
    struct rig *rig = *state;
    net_transport_cut(&rig->transport, 1);
    dial(rig);
    client_write(rig->client, "art", 3);
    settle(rig);
    assert_int_equal(rig->pieces, 3);
    dial(rig);
    client_write(rig->client, "thou", 4);
    settle(rig);
    assert_int_equal(rig->pieces, 7);
}

static void pieces_may_be_of_any_size_again(void **state)
{
    struct rig *rig = *state;
    net_transport_cut(&rig->transport, 1);
    dial(rig);
    net_transport_cut(&rig->transport, 0);
    client_write(rig->client, "wherefore", 9);
    settle(rig);
    assert_int_equal(rig->pieces, 1);
}

/* ---- Links that are unlike others ---- */

static void what_is_said_without_a_link_holds_for_the_next_and_for_no_other(void **state)
{
    struct rig *rig = *state;
    net_transport_set_latency(&rig->transport, SIM_SECOND);
    net_transport_set_bandwidth(&rig->transport, 10);
    dial(rig);
    assert_true(world_now(rig->world) == 2 * SIM_SECOND);
    client_write(rig->client, "slow", 4);
    settle(rig);
    assert_true(world_now(rig->world) == 3 * SIM_SECOND + 400 * SIM_MILLISECOND);
    client_drop(rig->client);
    settle(rig);

    const sim_time then = world_now(rig->world);
    dial(rig);
    client_write(rig->client, "fast", 4);
    settle(rig);
    assert_true(world_now(rig->world) == then + 3 * SIM_MILLISECOND);
    assert_string_equal(rig->heard.bytes, "slowfast");
}

static void what_is_said_of_a_link_ends_with_it(void **state)
{
    struct rig *rig = *state;
    dial(rig);
    net_transport_set_latency(&rig->transport, SIM_SECOND);
    net_transport_set_bandwidth(&rig->transport, 1);
    net_transport_stall_for(&rig->transport, SIM_SECOND);
    net_transport_break_after(&rig->transport, LINK_EITHER_WAY, 3);
    client_drop(rig->client);
    settle(rig);
    const sim_time then = world_now(rig->world);
    dial(rig);
    client_write(rig->client, "anew", 4);
    settle(rig);
    assert_string_equal(rig->heard.bytes, "anew");
    assert_true(world_now(rig->world) == then + 3 * SIM_MILLISECOND);
    assert_int_equal(client_state(rig->client), CLIENT_CONNECTED);
}

static void the_next_link_may_break_at_a_byte_either_way(void **state)
{
    struct rig *rig = *state;
    static const struct {
        enum link_way way;
        const char *heard;
    } cases[] = { { LINK_TO_SERVER, "wher" }, { LINK_EITHER_WAY, "wher" }, { LINK_TO_CLIENT, "wherefore" } };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        text_free(&rig->heard);
        net_transport_break_after(&rig->transport, cases[i].way, 4);
        client_dial(rig->client);
        client_write(rig->client, "wherefore", 9);
        settle(rig);
        assert_string_equal(rig->heard.bytes, cases[i].heard);
        if (cases[i].way == LINK_TO_CLIENT)
            say(rig, HEADER);
        assert_null(rig->transport.link);
        assert_int_equal(client_state(rig->client), CLIENT_ENDED);
        assert_int_equal(rig->ended, i + 1);
    }
}

static void the_server_is_not_notified_of_a_link_that_breaks_after_0_bytes(void **state)
{
    struct rig *rig = *state;
    net_transport_break_after(&rig->transport, LINK_TO_CLIENT, 0);
    client_dial(rig->client);
    settle(rig);
    assert_int_equal(client_state(rig->client), CLIENT_ENDED);
    assert_int_equal(rig->opened, 0);
    dial(rig);
}

static void the_longest_of_the_stalls_of_the_next_link_counts(void **state)
{
    struct rig *rig = *state;
    net_transport_stall_for(&rig->transport, 5 * SIM_SECOND);
    net_transport_stall_for(&rig->transport, SIM_SECOND);
    dial(rig);
    assert_true(world_now(rig->world) == 5 * SIM_SECOND);
}

static void a_client_that_half_closes_receives_bytes_under_way_and_then_the_end(void **state)
{
    struct rig *rig = *state;
    net_transport_half_close(&rig->transport); /* nothing happens without a link */
    dial(rig);
    client_write(rig->client, "last", 4);
    net_transport_half_close(&rig->transport);
    client_write(rig->client, "too late", 8);
    say(rig, HEADER "<message xmlns='jabber:client'/>");
    assert_string_equal(rig->heard.bytes, "last");
    assert_int_equal(rig->ended, 1);
    const struct received *received = client_inbox(rig->client);
    assert_true(xml_is(received->element, "message", XML_NS_CLIENT));
    assert_int_equal(received->next->kind, RECEIVED_CONNECTION_END);
    assert_null(rig->transport.link);
}

static void a_connection_given_up_on_a_dead_link_is_half_alive_until_the_server_is_notified(void **state)
{
    struct rig *rig = *state;
    dial(rig);
    net_transport_stall(&rig->transport, NET_CLIENT, true);
    net_transport_stall(&rig->transport, NET_SERVER, true);
    assert_false(net_transport_flows(&rig->transport));
    client_drop(rig->client);
    dial(rig);
    assert_true(net_transport_flows(&rig->transport));
    assert_int_equal(net_transport_half_alive(&rig->transport), 1);
    assert_int_equal(net_transport_over(&rig->transport), 0);
    net_heal(rig->net);
    settle(rig);
    assert_int_equal(rig->ended, 1);
    assert_int_equal(net_transport_half_alive(&rig->transport), 0);
    assert_int_equal(net_transport_over(&rig->transport), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(there_is_no_link_before_the_client_dials),
        TEST(to_dial_reaches_the_server_and_then_the_client_knows),
        TEST(bytes_go_both_ways),
        TEST(what_is_written_too_early_is_sent_later),
        TEST(what_the_network_cannot_hold_follows_later),
        TEST(a_client_that_closes_has_no_link_and_the_server_is_notified),
        TEST(a_client_that_breaks_off_loses_what_was_on_its_way),
        TEST(a_server_that_closes_takes_the_link_away),
        TEST(a_client_may_give_up_while_it_dials),
        TEST(a_client_may_dial_again_after_a_lost_connection),
        TEST(dialling_while_connected_drops_the_old_connection),
        TEST(a_link_may_be_cut_into_pieces),
        TEST(pieces_count_for_a_link_that_comes_later),
        TEST(pieces_may_be_of_any_size_again),
        TEST(what_is_said_without_a_link_holds_for_the_next_and_for_no_other),
        TEST(what_is_said_of_a_link_ends_with_it),
        TEST(the_next_link_may_break_at_a_byte_either_way),
        TEST(the_server_is_not_notified_of_a_link_that_breaks_after_0_bytes),
        TEST(the_longest_of_the_stalls_of_the_next_link_counts),
        TEST(a_client_that_half_closes_receives_bytes_under_way_and_then_the_end),
        TEST(a_connection_given_up_on_a_dead_link_is_half_alive_until_the_server_is_notified),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
