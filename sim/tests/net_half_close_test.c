#include "net_rig.h"

static void who_half_closes_is_heard_to_the_end_and_hears_to_the_end(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 100; seed++) {
        struct stage *stage = connected(CHOICE_SEEDED, seed, net_options_default());
        says(&stage->client, "my last word");
        says(&stage->server, "not knowing");
        link_half_close(stage->client.link, NET_CLIENT);
        link_half_close(stage->client.link, NET_CLIENT);
        assert_int_equal(says(&stage->client, "another"), 0);
        assert_int_equal(says(&stage->server, ", still"), 7);
        settle(stage);
        expect_heard(&stage->server, "my last word");
        expect_heard(&stage->client, "not knowing, still");
        assert_int_equal(stage->server.ended, 1);
        assert_int_equal(stage->client.ended, 1);
        assert_true(stage->client.ended_at > stage->server.ended_at);
        assert_true(stage->client.ended_at >= stage->client.heard_at);
        drop_curtain(stage);
    }
}

static void a_server_may_half_close_as_well(void **state)
{
    (void)state;
    struct stage *stage = quiet();
    says(&stage->server, "farewell");
    link_half_close(stage->server.link, NET_SERVER);
    says(&stage->client, "fare thee well");
    settle(stage);
    expect_heard(&stage->client, "farewell");
    expect_heard(&stage->server, "fare thee well");
    assert_int_equal(stage->client.ended, 1);
    assert_int_equal(stage->server.ended, 1);
    drop_curtain(stage);
}

static void a_link_half_closed_by_both_sides_tells_each_once(void **state)
{
    (void)state;
    struct stage *stage = quiet();
    says(&stage->client, "parting");
    says(&stage->server, "sorrow");
    link_half_close(stage->client.link, NET_CLIENT);
    link_half_close(stage->client.link, NET_SERVER);
    settle(stage);
    expect_heard(&stage->server, "parting");
    expect_heard(&stage->client, "sorrow");
    assert_int_equal(stage->client.ended, 1);
    assert_int_equal(stage->server.ended, 1);
    drop_curtain(stage);
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
        struct stage *stage = quiet();
        struct link *link = stage->client.link;
        says(&stage->client, "words");
        link_half_close(link, NET_CLIENT);
        if (cases[i].end != NULL)
            cases[i].end(link, cases[i].side);
        else
            link_fail(link);
        settle(stage);
        expect_heard(&stage->server, cases[i].heard);
        assert_int_equal(stage->client.ended, cases[i].client_ended);
        assert_int_equal(stage->server.ended, cases[i].server_ended);
        drop_curtain(stage);
    }
}

static void a_half_closed_link_that_breaks_once_the_server_knows_tells_the_client_once(void **state)
{
    (void)state;
    struct stage *stage = quiet();
    struct link *link = stage->client.link;
    says(&stage->server, "lost");
    link_stall(link, NET_CLIENT, true);
    link_half_close(link, NET_CLIENT);
    settle(stage);
    assert_int_equal(stage->server.ended, 1);
    link_fail(link);
    link_stall(link, NET_CLIENT, false);
    settle(stage);
    expect_heard(&stage->client, "");
    assert_int_equal(stage->client.ended, 1);
    assert_int_equal(stage->server.ended, 1);
    drop_curtain(stage);
}

static void a_link_may_be_half_closed_before_it_stands(void **state)
{
    (void)state;
    struct stage *stage = raise_curtain(CHOICE_SCRIPTED, 1, net_options_default());
    dial(stage);
    says(&stage->client, "hello");
    link_half_close(stage->client.link, NET_CLIENT);
    settle(stage);
    expect_heard(&stage->server, "hello");
    assert_int_equal(stage->client.opened, 1);
    assert_int_equal(stage->server.ended, 1);
    assert_int_equal(stage->client.ended, 1);
    drop_curtain(stage);
}

static void who_half_closed_is_not_told_of_room(void **state)
{
    (void)state;
    struct net_options options = net_options_default();
    options.capacity = 4;
    struct stage *stage = connected(CHOICE_SCRIPTED, 1, options);
    assert_int_equal(says(&stage->client, "too much"), 4);
    link_half_close(stage->client.link, NET_CLIENT);
    settle(stage);
    expect_heard(&stage->server, "too ");
    assert_int_equal(stage->client.writable, 0);
    drop_curtain(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_half_closes_is_heard_to_the_end_and_hears_to_the_end),
        cmocka_unit_test(a_server_may_half_close_as_well),
        cmocka_unit_test(a_link_half_closed_by_both_sides_tells_each_once),
        cmocka_unit_test(a_half_closed_link_may_be_ended_in_any_other_way),
        cmocka_unit_test(a_half_closed_link_that_breaks_once_the_server_knows_tells_the_client_once),
        cmocka_unit_test(a_link_may_be_half_closed_before_it_stands),
        cmocka_unit_test(who_half_closed_is_not_told_of_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
