#include "net_rig.h"

/* ---- Slow ---- */

static void a_slow_link_takes_its_time_each_way_from_the_dial_on(void **state)
{
    (void)state;
    struct net_rig *rig = net_rig_open(CHOICE_SCRIPTED, 1, net_options_default());
    struct party *client = &rig->client;
    client->link = net_dial_over(rig->net, "Romeo", end_of(client), 200 * SIM_MILLISECOND);
    settle(rig);
    assert_true(rig->server.opened_at == 200 * SIM_MILLISECOND);
    assert_true(client->opened_at == 400 * SIM_MILLISECOND);
    says(client, "there");
    says(&rig->server, "back");
    settle(rig);
    assert_true(rig->server.heard_at == 600 * SIM_MILLISECOND);
    assert_true(client->heard_at == 600 * SIM_MILLISECOND);
    link_close(client->link, NET_CLIENT);
    settle(rig);
    assert_true(rig->server.ended_at == 800 * SIM_MILLISECOND);
    net_rig_close(rig);
}

static void a_link_that_gets_faster_overtakes_nothing(void **state)
{
    (void)state;
    struct net_rig *rig = quiet();
    const sim_time then = world_now(rig->world);
    link_set_latency(rig->client.link, SIM_SECOND);
    says(&rig->client, "slow ");
    link_set_latency(rig->client.link, 0);
    says(&rig->client, "fast");
    settle(rig);
    expect_heard(&rig->server, "slow fast");
    assert_true(rig->server.heard_at == then + SIM_SECOND);
    says(&rig->client, "!");
    settle(rig);
    assert_true(rig->server.heard_at == then + SIM_SECOND);
    net_rig_close(rig);
}

static void to_a_latency_jitter_is_added(void **state)
{
    (void)state;
    bool later = false;
    for (uint64_t seed = 0; seed < 50; seed++) {
        struct net_rig *rig = connected(CHOICE_SEEDED, seed, net_options_default());
        const sim_time then = world_now(rig->world);
        link_set_latency(rig->client.link, SIM_SECOND);
        link_write(rig->client.link, NET_CLIENT, "!", 1);
        settle(rig);
        const sim_time took = rig->server.heard_at - then;
        assert_true(took >= SIM_SECOND && took < SIM_SECOND + net_options_default().jitter);
        later = later || took > SIM_SECOND;
        net_rig_close(rig);
    }
    assert_true(later);
}

/* ---- Narrow ---- */

static void over_a_narrow_link_a_byte_waits_for_those_before_it(void **state)
{
    (void)state;
    struct net_rig *rig = quiet();
    const sim_time then = world_now(rig->world);
    link_set_bandwidth(rig->client.link, 1000);
    say_much(&rig->client, 500);
    say_much(&rig->client, 500);
    say_much(&rig->server, 250);
    settle(rig);
    assert_int_equal(rig->server.pieces, 2);
    assert_true(rig->server.heard_at == then + SIM_SECOND + SIM_MILLISECOND);
    assert_true(rig->client.heard_at == then + SIM_SECOND / 4 + SIM_MILLISECOND);
    net_rig_close(rig);
}

static void a_wire_that_was_free_meanwhile_saves_nothing_up(void **state)
{
    (void)state;
    struct net_rig *rig = quiet();
    link_set_bandwidth(rig->client.link, 1000);
    assert_true(world_pass(rig->world, 5 * SIM_SECOND, ENOUGH));
    const sim_time then = world_now(rig->world);
    say_much(&rig->client, 500);
    settle(rig);
    assert_true(rig->server.heard_at == then + SIM_SECOND / 2 + SIM_MILLISECOND);
    net_rig_close(rig);
}

/* A TCP segment over Ethernet has 1460 bytes (RFC 6691, 2). */
static void a_long_write_arrives_segment_by_segment(void **state)
{
    (void)state;
    struct net_rig *rig = quiet();
    const sim_time then = world_now(rig->world);
    link_set_bandwidth(rig->client.link, 1000);
    say_much(&rig->client, 10 * 1460 + 1);
    while (rig->server.pieces == 0)
        assert_true(world_step(rig->world));
    assert_true(rig->server.heard_at == then + 1461 * SIM_MILLISECOND);
    settle(rig);
    assert_int_equal(rig->server.pieces, 11);
    assert_int_equal(rig->server.largest, 1460);
    assert_true(rig->server.heard_at == then + 14602 * SIM_MILLISECOND);
    net_rig_close(rig);
}

static void a_byte_has_arrived_when_all_of_it_has(void **state)
{
    (void)state;
    static const struct {
        uint64_t bandwidth;
        sim_time takes;
    } cases[] = { { 1, SIM_SECOND }, { 3, 333333334 }, { SIM_SECOND, 1 }, { UINT64_MAX, 1 } };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct net_rig *rig = quiet();
        const sim_time then = world_now(rig->world);
        link_set_bandwidth(rig->client.link, cases[i].bandwidth);
        says(&rig->client, "!");
        settle(rig);
        assert_true(rig->server.heard_at == then + cases[i].takes + SIM_MILLISECOND);
        net_rig_close(rig);
    }
}

static void a_link_that_is_no_longer_narrow_overtakes_nothing(void **state)
{
    (void)state;
    struct net_rig *rig = quiet();
    const sim_time then = world_now(rig->world);
    link_set_bandwidth(rig->client.link, 4);
    says(&rig->client, "slow");
    link_set_bandwidth(rig->client.link, 0);
    says(&rig->client, " fast");
    settle(rig);
    expect_heard(&rig->server, "slow fast");
    assert_true(rig->server.heard_at == then + SIM_SECOND + SIM_MILLISECOND);
    link_set_bandwidth(rig->client.link, 1);
    says(&rig->client, "!");
    settle(rig);
    assert_true(rig->server.heard_at == then + 2 * SIM_SECOND + 2 * SIM_MILLISECOND);
    net_rig_close(rig);
}

static void a_narrow_link_is_full_some_time_and_says_when_it_is_not(void **state)
{
    (void)state;
    struct net_options options = net_options_default();
    options.capacity = 1000;
    struct net_rig *rig = connected(CHOICE_SCRIPTED, 1, options);
    enum { LONG = 10000 };
    char *text = verses(LONG);
    const sim_time then = world_now(rig->world);
    link_set_bandwidth(rig->client.link, 1000);
    rig->client.text = text;
    rig->client.text_length = LONG;
    write_on(&rig->client);
    assert_int_equal(rig->client.text_length, LONG - 1000);
    settle(rig);
    assert_int_equal(rig->server.heard.length, LONG);
    assert_memory_equal(rig->server.heard.bytes, text, LONG);
    assert_true(rig->client.writable > 0);
    assert_true(rig->server.heard_at >= then + 10 * SIM_SECOND);
    free(text);
    net_rig_close(rig);
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
