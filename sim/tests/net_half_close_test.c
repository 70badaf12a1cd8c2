#include "net_rig.h"

static void a_half_closed_link_delivers_everything_in_both_directions(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 100; seed++) {
        struct net_rig *rig = connected(CHOICE_SEEDED, seed, net_options_default());
        says(&rig->client, "my last word");
        says(&rig->server, "not knowing");
        link_half_close(rig->client.link, NET_CLIENT);
        link_half_close(rig->client.link, NET_CLIENT);
        assert_int_equal(says(&rig->client, "another"), 0);
        assert_int_equal(says(&rig->server, ", still"), 7);
        settle(rig);
        expect_heard(&rig->server, "my last word");
        expect_heard(&rig->client, "not knowing, still");
        assert_int_equal(rig->server.ended, 1);
        assert_int_equal(rig->client.ended, 1);
        assert_true(rig->client.ended_at > rig->server.ended_at);
        assert_true(rig->client.ended_at >= rig->client.heard_at);
        net_rig_close(rig);
    }
}

static void a_server_may_half_close_as_well(void **state)
{
    (void)state;
    struct net_rig *rig = quiet();
    says(&rig->server, "farewell");
    link_half_close(rig->server.link, NET_SERVER);
    says(&rig->client, "fare thee well");
    settle(rig);
    expect_heard(&rig->client, "farewell");
    expect_heard(&rig->server, "fare thee well");
    assert_int_equal(rig->client.ended, 1);
    assert_int_equal(rig->server.ended, 1);
    net_rig_close(rig);
}

static void a_link_half_closed_by_both_sides_tells_each_once(void **state)
{
    (void)state;
    struct net_rig *rig = quiet();
    says(&rig->client, "parting");
    says(&rig->server, "sorrow");
    link_half_close(rig->client.link, NET_CLIENT);
    link_half_close(rig->client.link, NET_SERVER);
    settle(rig);
    expect_heard(&rig->server, "parting");
    expect_heard(&rig->client, "sorrow");
    assert_int_equal(rig->client.ended, 1);
    assert_int_equal(rig->server.ended, 1);
    net_rig_close(rig);
}

/* What the client then does to it, and what the server hears: everything, unless the link breaks. */
static void a_half_closed_link_may_be_ended_in_any_other_way(void **state)
{
    (void)state;
    static const struct {
        void (*end)(struct link *link, enum net_side side);
        enum net_side side;
        const char *heard;
        unsigned client_ended, server_ended;
    } cases[] = {
        { link_close, NET_CLIENT, "words", 0, 1 },
        { link_break, NET_CLIENT, "", 0, 1 },
        { link_close, NET_SERVER, "", 1, 0 },
        { link_break, NET_SERVER, "", 1, 0 },
        { NULL, NET_CLIENT, "", 1, 1 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct net_rig *rig = quiet();
        struct link *link = rig->client.link;
        says(&rig->client, "words");
        link_half_close(link, NET_CLIENT);
        if (cases[i].end != NULL)
            cases[i].end(link, cases[i].side);
        else
            link_fail(link);
        settle(rig);
        expect_heard(&rig->server, cases[i].heard);
        assert_int_equal(rig->client.ended, cases[i].client_ended);
        assert_int_equal(rig->server.ended, cases[i].server_ended);
        net_rig_close(rig);
    }
}

static void a_half_closed_link_that_breaks_once_the_server_knows_tells_the_client_once(void **state)
{
    (void)state;
    struct net_rig *rig = quiet();
    struct link *link = rig->client.link;
    says(&rig->server, "lost");
    link_stall(link, NET_CLIENT, true);
    link_half_close(link, NET_CLIENT);
    settle(rig);
    assert_int_equal(rig->server.ended, 1);
    link_fail(link);
    link_stall(link, NET_CLIENT, false);
    settle(rig);
    expect_heard(&rig->client, "");
    assert_int_equal(rig->client.ended, 1);
    assert_int_equal(rig->server.ended, 1);
    net_rig_close(rig);
}

static void a_link_may_be_half_closed_before_it_opens(void **state)
{
    (void)state;
    struct net_rig *rig = net_rig_open(CHOICE_SCRIPTED, 1, net_options_default());
    dial(rig);
    says(&rig->client, "hello");
    link_half_close(rig->client.link, NET_CLIENT);
    settle(rig);
    expect_heard(&rig->server, "hello");
    assert_int_equal(rig->client.opened, 1);
    assert_int_equal(rig->server.ended, 1);
    assert_int_equal(rig->client.ended, 1);
    net_rig_close(rig);
}

static void writable_is_not_called_at_a_half_closed_side(void **state)
{
    (void)state;
    struct net_options options = net_options_default();
    options.capacity = 4;
    struct net_rig *rig = connected(CHOICE_SCRIPTED, 1, options);
    assert_int_equal(says(&rig->client, "too much"), 4);
    link_half_close(rig->client.link, NET_CLIENT);
    settle(rig);
    expect_heard(&rig->server, "too ");
    assert_int_equal(rig->client.writable, 0);
    net_rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_half_closed_link_delivers_everything_in_both_directions),
        cmocka_unit_test(a_server_may_half_close_as_well),
        cmocka_unit_test(a_link_half_closed_by_both_sides_tells_each_once),
        cmocka_unit_test(a_half_closed_link_may_be_ended_in_any_other_way),
        cmocka_unit_test(a_half_closed_link_that_breaks_once_the_server_knows_tells_the_client_once),
        cmocka_unit_test(a_link_may_be_half_closed_before_it_opens),
        cmocka_unit_test(writable_is_not_called_at_a_half_closed_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
