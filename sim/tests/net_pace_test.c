#include "net_rig.h"

/* ---- Slow ---- */

static void a_slow_link_takes_its_time_each_way_from_the_dial_on(void **state)
{
    (void)state;
    struct stage *stage = raise_curtain(CHOICE_SCRIPTED, 1, net_options_default());
    struct party *client = &stage->client;
    client->link = net_dial_over(stage->net, "Romeo", end_of(client), 200 * SIM_MILLISECOND);
    settle(stage);
    assert_true(stage->server.opened_at == 200 * SIM_MILLISECOND);
    assert_true(client->opened_at == 400 * SIM_MILLISECOND);
    says(client, "there");
    says(&stage->server, "back");
    settle(stage);
    assert_true(stage->server.heard_at == 600 * SIM_MILLISECOND);
    assert_true(client->heard_at == 600 * SIM_MILLISECOND);
    link_close(client->link, NET_CLIENT);
    settle(stage);
    assert_true(stage->server.ended_at == 800 * SIM_MILLISECOND);
    drop_curtain(stage);
}

static void a_link_that_gets_faster_overtakes_nothing(void **state)
{
    (void)state;
    struct stage *stage = quiet();
    const sim_time then = world_now(stage->world);
    link_set_latency(stage->client.link, SIM_SECOND);
    says(&stage->client, "slow ");
    link_set_latency(stage->client.link, 0);
    says(&stage->client, "fast");
    settle(stage);
    expect_heard(&stage->server, "slow fast");
    assert_true(stage->server.heard_at == then + SIM_SECOND);
    says(&stage->client, "!");
    settle(stage);
    assert_true(stage->server.heard_at == then + SIM_SECOND);
    drop_curtain(stage);
}

static void to_a_latency_jitter_is_added(void **state)
{
    (void)state;
    bool later = false;
    for (uint64_t seed = 0; seed < 50; seed++) {
        struct stage *stage = connected(CHOICE_SEEDED, seed, net_options_default());
        const sim_time then = world_now(stage->world);
        link_set_latency(stage->client.link, SIM_SECOND);
        link_write(stage->client.link, NET_CLIENT, "!", 1);
        settle(stage);
        const sim_time took = stage->server.heard_at - then;
        assert_true(took >= SIM_SECOND && took < SIM_SECOND + net_options_default().jitter);
        later = later || took > SIM_SECOND;
        drop_curtain(stage);
    }
    assert_true(later);
}

/* ---- Narrow ---- */

static void over_a_narrow_link_a_byte_waits_for_those_before_it(void **state)
{
    (void)state;
    struct stage *stage = quiet();
    const sim_time then = world_now(stage->world);
    link_set_bandwidth(stage->client.link, 1000);
    say_much(&stage->client, 500);
    say_much(&stage->client, 500);
    say_much(&stage->server, 250);
    settle(stage);
    assert_int_equal(stage->server.pieces, 2);
    assert_true(stage->server.heard_at == then + SIM_SECOND + SIM_MILLISECOND);
    assert_true(stage->client.heard_at == then + SIM_SECOND / 4 + SIM_MILLISECOND);
    drop_curtain(stage);
}

static void a_wire_that_was_free_meanwhile_saves_nothing_up(void **state)
{
    (void)state;
    struct stage *stage = quiet();
    link_set_bandwidth(stage->client.link, 1000);
    assert_true(world_pass(stage->world, 5 * SIM_SECOND, ENOUGH));
    const sim_time then = world_now(stage->world);
    say_much(&stage->client, 500);
    settle(stage);
    assert_true(stage->server.heard_at == then + SIM_SECOND / 2 + SIM_MILLISECOND);
    drop_curtain(stage);
}

/* A TCP segment over Ethernet has 1460 bytes (RFC 6691, 2). */
static void a_long_write_arrives_segment_by_segment(void **state)
{
    (void)state;
    struct stage *stage = quiet();
    const sim_time then = world_now(stage->world);
    link_set_bandwidth(stage->client.link, 1000);
    say_much(&stage->client, 10 * 1460 + 1);
    while (stage->server.pieces == 0)
        assert_true(world_step(stage->world));
    assert_true(stage->server.heard_at == then + 1461 * SIM_MILLISECOND);
    settle(stage);
    assert_int_equal(stage->server.pieces, 11);
    assert_int_equal(stage->server.largest, 1460);
    assert_true(stage->server.heard_at == then + 14602 * SIM_MILLISECOND);
    drop_curtain(stage);
}

static void a_byte_has_arrived_when_all_of_it_has(void **state)
{
    (void)state;
    static const struct {
        uint64_t bandwidth;
        sim_time takes;
    } cases[] = { { 1, SIM_SECOND }, { 3, 333333334 }, { SIM_SECOND, 1 }, { UINT64_MAX, 1 } };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stage *stage = quiet();
        const sim_time then = world_now(stage->world);
        link_set_bandwidth(stage->client.link, cases[i].bandwidth);
        says(&stage->client, "!");
        settle(stage);
        assert_true(stage->server.heard_at == then + cases[i].takes + SIM_MILLISECOND);
        drop_curtain(stage);
    }
}

static void a_link_that_is_no_longer_narrow_overtakes_nothing(void **state)
{
    (void)state;
    struct stage *stage = quiet();
    const sim_time then = world_now(stage->world);
    link_set_bandwidth(stage->client.link, 4);
    says(&stage->client, "slow");
    link_set_bandwidth(stage->client.link, 0);
    says(&stage->client, " fast");
    settle(stage);
    expect_heard(&stage->server, "slow fast");
    assert_true(stage->server.heard_at == then + SIM_SECOND + SIM_MILLISECOND);
    link_set_bandwidth(stage->client.link, 1);
    says(&stage->client, "!");
    settle(stage);
    assert_true(stage->server.heard_at == then + 2 * SIM_SECOND + 2 * SIM_MILLISECOND);
    drop_curtain(stage);
}

static void a_narrow_link_is_full_some_time_and_says_when_it_is_not(void **state)
{
    (void)state;
    struct net_options options = net_options_default();
    options.capacity = 1000;
    struct stage *stage = connected(CHOICE_SCRIPTED, 1, options);
    enum { LONG = 10000 };
    char *text = verses(LONG);
    const sim_time then = world_now(stage->world);
    link_set_bandwidth(stage->client.link, 1000);
    stage->client.text = text;
    stage->client.text_length = LONG;
    write_on(&stage->client);
    assert_int_equal(stage->client.text_length, LONG - 1000);
    settle(stage);
    assert_int_equal(stage->server.heard_length, LONG);
    assert_memory_equal(stage->server.heard, text, LONG);
    assert_true(stage->client.writable > 0);
    assert_true(stage->server.heard_at >= then + 10 * SIM_SECOND);
    free(text);
    drop_curtain(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slow_link_takes_its_time_each_way_from_the_dial_on),
        cmocka_unit_test(a_link_that_gets_faster_overtakes_nothing),
        cmocka_unit_test(to_a_latency_jitter_is_added),
        cmocka_unit_test(over_a_narrow_link_a_byte_waits_for_those_before_it),
        cmocka_unit_test(a_wire_that_was_free_meanwhile_saves_nothing_up),
        cmocka_unit_test(a_long_write_arrives_segment_by_segment),
        cmocka_unit_test(a_byte_has_arrived_when_all_of_it_has),
        cmocka_unit_test(a_link_that_is_no_longer_narrow_overtakes_nothing),
        cmocka_unit_test(a_narrow_link_is_full_some_time_and_says_when_it_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
