#include "net_rig.h"

/* ---- Links that fail, and links that stall until they are healed ---- */

static void a_link_that_fails_tells_both_ends_and_loses_what_was_under_way(void **state)
{
    (void)state;
    struct net_rig *rig = quiet();
    link_write(rig->client.link, NET_CLIENT, "lost", 4);
    link_write(rig->client.link, NET_SERVER, "lost", 4);
    link_fail(rig->client.link);
    settle(rig);
    assert_int_equal(rig->client.ended, 1);
    assert_int_equal(rig->server.ended, 1);
    expect_heard(&rig->client, "");
    expect_heard(&rig->server, "");
    net_rig_close(rig);
}

static void the_server_is_not_notified_of_a_link_that_fails_before_it_opens(void **state)
{
    (void)state;
    struct net_rig *rig = net_rig_open(CHOICE_SCRIPTED, 1, net_options_default());
    dial(rig);
    link_fail(rig->client.link);
    settle(rig);
    assert_int_equal(rig->client.ended, 1);
    assert_int_equal(rig->server.opened + rig->server.ended, 0);
    net_rig_close(rig);
}

static void a_stalled_direction_holds_everything_until_it_heals(void **state)
{
    (void)state;
    struct net_rig *rig = quiet();
    struct link *link = rig->client.link;
    link_write(link, NET_SERVER, "one ", 4);
    link_stall(link, NET_CLIENT, true);
    assert_true(link_is_stalled(link, NET_CLIENT));
    assert_false(link_is_stalled(link, NET_SERVER));
    link_write(link, NET_SERVER, "two", 3);
    link_write(link, NET_CLIENT, "through", 7);
    settle(rig);
    expect_heard(&rig->client, "");
    expect_heard(&rig->server, "through");
    link_stall(link, NET_CLIENT, false);
    settle(rig);
    expect_heard(&rig->client, "one two");
    net_rig_close(rig);
}

static void a_stalled_direction_is_full_some_time(void **state)
{
    (void)state;
    struct net_rig *rig = quiet();
    struct link *link = rig->client.link;
    link_stall(link, NET_CLIENT, true);
    static char many[100000];
    memset(many, 'm', sizeof many);
    assert_int_equal(link_write(link, NET_SERVER, many, sizeof many), net_options_default().capacity);
    settle(rig);
    assert_int_equal(rig->server.writable, 0);
    link_stall(link, NET_CLIENT, false);
    settle(rig);
    assert_int_equal(rig->server.writable, 1);
    net_rig_close(rig);
}

static void an_end_on_a_dead_link_arrives_after_it_heals(void **state)
{
    (void)state;
    struct net_rig *rig = quiet();
    struct link *link = rig->client.link;
    link_stall(link, NET_CLIENT, true);
    link_stall(link, NET_SERVER, true);
    link_write(link, NET_SERVER, "never read", 10);
    link_break(link, NET_CLIENT);
    settle(rig);
    assert_int_equal(rig->server.ended, 0);
    net_heal(rig->net);
    settle(rig);
    assert_int_equal(rig->server.ended, 1);
    expect_heard(&rig->client, "");
    net_rig_close(rig);
}

static void a_link_fails_once(void **state)
{
    (void)state;
    struct net_rig *rig = quiet();
    link_fail(rig->client.link);
    link_fail(rig->client.link);
    link_break_after(rig->client.link, LINK_EITHER_WAY, 0);
    settle(rig);
    assert_int_equal(rig->client.ended, 1);
    assert_int_equal(rig->server.ended, 1);
    net_rig_close(rig);
}

static void after_one_end_has_closed_only_the_other_is_notified_of_a_failure(void **state)
{
    (void)state;
    struct net_rig *rig = quiet();
    says(&rig->server, "lost");
    link_close(rig->server.link, NET_SERVER);
    link_fail(rig->client.link);
    settle(rig);
    expect_heard(&rig->client, "");
    assert_int_equal(rig->client.ended, 1);
    assert_int_equal(rig->server.ended, 0);
    net_rig_close(rig);
}

static void a_link_that_both_ends_closed_does_not_fail_any_more(void **state)
{
    (void)state;
    struct net_rig *rig = quiet();
    link_close(rig->client.link, NET_CLIENT);
    link_close(rig->client.link, NET_SERVER);
    link_fail(rig->client.link);
    settle(rig);
    assert_int_equal(rig->client.ended + rig->server.ended, 0);
    net_rig_close(rig);
}

static void a_link_that_only_the_server_considers_open_is_half_alive(void **state)
{
    (void)state;
    struct net_rig *rig = quiet();
    assert_int_equal(net_half_alive(rig->net, "Romeo"), 0);
    link_stall(rig->client.link, NET_SERVER, true);
    link_break(rig->client.link, NET_CLIENT);
    settle(rig);
    assert_int_equal(net_half_alive(rig->net, "Romeo"), 1);
    assert_int_equal(net_half_alive(rig->net, "Juliet"), 0);
    assert_int_equal(rig->server.ended, 0);
    net_heal(rig->net);
    settle(rig);
    assert_int_equal(rig->server.ended, 1);
    assert_int_equal(net_half_alive(rig->net, "Romeo"), 0);
    net_rig_close(rig);
}

/* ---- Stalls that end by themselves ---- */

static void a_link_that_stalls_for_a_while_delivers_everything_when_it_is_over(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 50; seed++) {
        struct net_rig *rig = connected(CHOICE_SEEDED, seed, net_options_default());
        says(&rig->client, "before ");
        link_stall_for(rig->client.link, 5 * SIM_SECOND);
        const sim_time over = world_now(rig->world) + 5 * SIM_SECOND;
        says(&rig->client, "meanwhile");
        says(&rig->server, "too");
        while (rig->client.pieces + rig->server.pieces == 0)
            assert_true(world_step(rig->world));
        assert_true(world_now(rig->world) == over);
        settle(rig);
        expect_heard(&rig->server, "before meanwhile");
        expect_heard(&rig->client, "too");
        assert_true(world_now(rig->world) < over + 10 * net_options_default().jitter);
        net_rig_close(rig);
    }
}

static void a_stall_on_which_nothing_waits_takes_no_time(void **state)
{
    (void)state;
    struct net_rig *rig = quiet();
    const sim_time then = world_now(rig->world);
    link_stall_for(rig->client.link, 5 * SIM_SECOND);
    settle(rig);
    assert_true(world_now(rig->world) == then);
    assert_false(link_is_stalled(rig->client.link, NET_CLIENT));
    assert_true(world_pass(rig->world, 6 * SIM_SECOND, ENOUGH));
    says(&rig->client, "!");
    settle(rig);
    assert_true(rig->server.heard_at == then + 6 * SIM_SECOND + SIM_MILLISECOND);
    net_rig_close(rig);
}

static void the_longest_of_several_stalls_counts(void **state)
{
    (void)state;
    struct net_rig *rig = quiet();
    const sim_time then = world_now(rig->world);
    link_stall_for(rig->client.link, 2 * SIM_SECOND);
    says(&rig->client, "!");
    link_stall_for(rig->client.link, 5 * SIM_SECOND);
    link_stall_for(rig->client.link, SIM_SECOND);
    link_stall_for(rig->client.link, 0);
    settle(rig);
    assert_true(rig->server.heard_at == then + 5 * SIM_SECOND);
    net_rig_close(rig);
}

static void a_link_that_heals_has_its_stall_before_it_still(void **state)
{
    (void)state;
    struct net_rig *rig = quiet();
    struct link *link = rig->client.link;
    const sim_time then = world_now(rig->world);
    link_stall(link, NET_SERVER, true);
    link_stall_for(link, 5 * SIM_SECOND);
    says(&rig->client, "!");
    settle(rig);
    expect_heard(&rig->server, "");
    link_stall(link, NET_SERVER, false);
    settle(rig);
    assert_true(rig->server.heard_at == then + 5 * SIM_SECOND);
    net_rig_close(rig);
}

static void a_break_during_a_stall_is_delivered_afterwards(void **state)
{
    (void)state;
    struct net_rig *rig = quiet();
    const sim_time then = world_now(rig->world);
    link_stall_for(rig->client.link, 5 * SIM_SECOND);
    says(&rig->client, "lost");
    link_fail(rig->client.link);
    settle(rig);
    expect_heard(&rig->server, "");
    assert_true(rig->server.ended_at == then + 5 * SIM_SECOND);
    assert_true(rig->client.ended_at == then + 5 * SIM_SECOND);
    net_rig_close(rig);
}

static void a_link_may_stall_and_break_before_it_opens(void **state)
{
    (void)state;
    struct net_rig *rig = net_rig_open(CHOICE_SCRIPTED, 1, net_options_default());
    dial(rig);
    link_stall_for(rig->client.link, SIM_SECOND);
    says(&rig->client, "early");
    link_break_after(rig->client.link, LINK_TO_SERVER, 2);
    settle(rig);
    assert_true(rig->server.opened_at == SIM_SECOND);
    expect_heard(&rig->server, "ea");
    assert_int_equal(rig->server.ended, 1);
    assert_int_equal(rig->client.ended, 1);
    net_rig_close(rig);
}

/* ---- All of it ---- */

static void do_something(struct net_rig *rig, struct choices *dice)
{
    struct link *link = rig->client.link;
    const enum net_side side = (enum net_side)choose(dice, CHOICE_STEPS, 2);
    const uint64_t number = choose(dice, CHOICE_STEPS, 3000);
    switch (choose(dice, CHOICE_STEPS, 9)) {
    case 0:
        link_stall(link, side, number % 2 == 0);
        break;
    case 1:
        link_stall_for(link, number * SIM_MILLISECOND);
        break;
    case 2:
        link_set_latency(link, number * SIM_MICROSECOND);
        break;
    case 3:
        link_set_bandwidth(link, number / 2);
        break;
    case 4:
        link_break_after(link, (enum link_way)(number % LINK_WAYS), number);
        break;
    case 5:
        if (number % 8 == 0)
            link_half_close(link, side);
        break;
    case 6:
        if (number % 16 == 0)
            link_fail(link);
        break;
    default:
        write_on(side == NET_CLIENT ? &rig->client : &rig->server);
    }
}

/* Whatever happens to a link, what each end heard is the beginning of what the other wrote, and each is told
 * of the end once; afterwards nothing is left under way. */
static uint64_t suffer(uint64_t seed)
{
    enum { LONG = 5000 };
    struct choices dice;
    choices_init(&dice, CHOICE_SEEDED, seed);
    struct net_options options = net_options_default();
    options.capacity = 1 + choose(&dice, CHOICE_STEPS, 2000);
    struct net_rig *rig = connected(CHOICE_SEEDED, seed, options);
    char *text = verses(LONG);
    rig->client.text = rig->server.text = text;
    rig->client.text_length = rig->server.text_length = LONG;
    while (rig->client.ended + rig->server.ended == 0 && rig->client.heard.length < LONG) {
        do_something(rig, &dice);
        world_step(rig->world);
    }
    if (rig->client.ended < 1 && rig->server.ended < 1)
        link_fail(rig->client.link);
    net_heal(rig->net);
    settle(rig);
    assert_int_equal(rig->client.ended, 1);
    assert_int_equal(rig->server.ended, 1);
    assert_memory_equal(rig->client.heard.bytes, text, rig->client.heard.length);
    assert_memory_equal(rig->server.heard.bytes, text, rig->server.heard.length);
    assert_false(world_step(rig->world));
    const uint64_t hash = trace_hash(rig->trace);
    free(text);
    net_rig_close(rig);
    return hash;
}

static void whatever_happens_to_a_link_what_arrived_is_exact(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 500; seed++)
        assert_true(suffer(seed) == suffer(seed));
}

static void what_a_link_is_like_is_forgotten_with_the_net(void **state)
{
    (void)state;
    struct net_rig *rig = quiet();
    link_set_bandwidth(rig->client.link, 1);
    link_set_latency(rig->client.link, SIM_SECOND);
    link_stall_for(rig->client.link, SIM_SECOND);
    say_much(&rig->client, 60000);
    link_half_close(rig->client.link, NET_CLIENT);
    net_rig_close(rig);
}

static void the_trace_tells_what_happens_to_a_link(void **state)
{
    (void)state;
    struct net_rig *rig = quiet();
    struct link *link = rig->client.link;
    rig->page_length = 0;
    link_set_latency(link, 200 * SIM_MILLISECOND);
    link_set_bandwidth(link, 10);
    link_set_bandwidth(link, 0);
    link_stall_for(link, 1500 * SIM_MILLISECOND);
    link_break_after(link, LINK_EITHER_WAY, 57);
    link_break_after(link, LINK_TO_SERVER, 3);
    link_break_after(link, LINK_TO_CLIENT, 0);
    settle(rig);
    dial(rig);
    settle(rig);
    link_half_close(rig->client.link, NET_CLIENT);
    link_half_close(rig->client.link, NET_SERVER);
    settle(rig);
    rig->page[rig->page_length] = '\0';
    assert_string_equal(rig->page, "0.002000000 Romeo takes 0.200000000\n"
                                   "0.002000000 Romeo carries 10\n"
                                   "0.002000000 Romeo carries everything\n"
                                   "0.002000000 Romeo stalls for 1.500000000\n"
                                   "0.002000000 Romeo is to fail after 57 bytes\n"
                                   "0.002000000 Romeo is to fail after 3 bytes to the server\n"
                                   "0.002000000 Romeo is to fail after 0 bytes to the client\n"
                                   "0.002000000 Romeo fails\n"
                                   "1.502000000 Romeo <- ended\n"
                                   "1.502000000 Romeo -> ended\n"
                                   "1.502000000 Romeo dials\n"
                                   "1.503000000 Romeo -> opened\n"
                                   "1.504000000 Romeo <- opened\n"
                                   "1.504000000 Romeo half-closes\n"
                                   "1.504000000 Romeo is half-closed\n"
                                   "1.505000000 Romeo -> ended\n"
                                   "1.505000000 Romeo <- ended\n");
    net_rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_link_that_fails_tells_both_ends_and_loses_what_was_under_way),
        cmocka_unit_test(the_server_is_not_notified_of_a_link_that_fails_before_it_opens),
        cmocka_unit_test(a_stalled_direction_holds_everything_until_it_heals),
        cmocka_unit_test(a_stalled_direction_is_full_some_time),
        cmocka_unit_test(an_end_on_a_dead_link_arrives_after_it_heals),
        cmocka_unit_test(a_link_fails_once),
        cmocka_unit_test(after_one_end_has_closed_only_the_other_is_notified_of_a_failure),
        cmocka_unit_test(a_link_that_both_ends_closed_does_not_fail_any_more),
        cmocka_unit_test(a_link_that_only_the_server_considers_open_is_half_alive),
        cmocka_unit_test(a_link_that_stalls_for_a_while_delivers_everything_when_it_is_over),
        cmocka_unit_test(a_stall_on_which_nothing_waits_takes_no_time),
        cmocka_unit_test(the_longest_of_several_stalls_counts),
        cmocka_unit_test(a_link_that_heals_has_its_stall_before_it_still),
        cmocka_unit_test(a_break_during_a_stall_is_delivered_afterwards),
        cmocka_unit_test(a_link_may_stall_and_break_before_it_opens),
        cmocka_unit_test(whatever_happens_to_a_link_what_arrived_is_exact),
        cmocka_unit_test(what_a_link_is_like_is_forgotten_with_the_net),
        cmocka_unit_test(the_trace_tells_what_happens_to_a_link),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
