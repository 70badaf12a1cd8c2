#include "net_rig.h"

static void the_server_hears_of_a_link_after_the_latency_and_the_client_after_twice_that(void **state)
{
    (void)state;
    struct stage *stage = connected(CHOICE_SCRIPTED, 1, net_options_default());
    assert_true(stage->server.opened_at == SIM_MILLISECOND);
    assert_true(stage->client.opened_at == 2 * SIM_MILLISECOND);
    assert_ptr_equal(stage->server.link, stage->client.link);
    assert_non_null(strstr(stage->page, " Romeo -> opened\n"));
    drop_curtain(stage);
}

static void in_the_default_schedule_bytes_take_exactly_the_latency(void **state)
{
    (void)state;
    struct stage *stage = connected(CHOICE_SCRIPTED, 1, net_options_default());
    assert_int_equal(says(&stage->client, "wherefore"), 9);
    assert_int_equal(says(&stage->client, " art thou"), 9);
    settle(stage);
    expect_heard(&stage->server, "wherefore art thou");
    assert_int_equal(stage->server.pieces, 1);
    assert_true(stage->server.heard_at == 3 * SIM_MILLISECOND);
    says(&stage->server, "here");
    settle(stage);
    expect_heard(&stage->client, "here");
    assert_true(stage->client.heard_at == 4 * SIM_MILLISECOND);
    drop_curtain(stage);
}

static void what_is_written_before_the_link_stands_arrives_after_it_does(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 50; seed++) {
        struct stage *stage = raise_curtain(CHOICE_SEEDED, seed, net_options_default());
        stage->server.when_bytes = ECHO;
        dial(stage);
        says(&stage->client, "hark");
        settle(stage);
        expect_heard(&stage->server, "hark");
        expect_heard(&stage->client, "hark");
        assert_true(stage->client.opened_at == 2 * stage->server.opened_at);
        assert_true(stage->client.heard_at >= stage->client.opened_at);
        drop_curtain(stage);
    }
}

/* Random writes both ways, some larger than the capacity; the rest follows when there is room. */
static void converse(uint64_t seed)
{
    struct choices dice;
    choices_init(&dice, CHOICE_SEEDED, seed);
    struct net_options options = net_options_default();
    options.capacity = 1 + choose(&dice, CHOICE_STEPS, 3000);
    options.largest_piece = choose(&dice, CHOICE_STEPS, 2) > 0 ? 50 + choose(&dice, CHOICE_STEPS, 500) : 0;
    options.jitter = choose(&dice, CHOICE_STEPS, 2) * SIM_MILLISECOND;
    struct stage *stage = connected(CHOICE_SEEDED, seed, options);
    enum { LONG = 9000 };
    char *text = verses(LONG);
    struct party *parties[] = { &stage->client, &stage->server };
    size_t said[] = { 0, 0 };
    while (said[0] < LONG || said[1] < LONG) {
        const uint32_t i = choose(&dice, CHOICE_STEPS, 2);
        const size_t most = LONG - said[i];
        const size_t more = most == 0 ? 0 : 1 + choose(&dice, CHOICE_STEPS, (uint32_t)most);
        parties[i]->text = parties[i]->text_length > 0 ? parties[i]->text : text + said[i];
        parties[i]->text_length += more;
        said[i] += more;
        write_on(parties[i]);
        for (uint32_t steps = choose(&dice, CHOICE_STEPS, 20); steps > 0; steps--)
            world_step(stage->world);
    }
    link_close(stage->client.link, NET_CLIENT);
    stage->client.text_length = 0;
    settle(stage);
    assert_int_equal(stage->server.ended, 1);
    assert_true(stage->client.heard_length <= LONG && stage->server.heard_length <= LONG);
    assert_memory_equal(stage->client.heard, text, stage->client.heard_length);
    assert_memory_equal(stage->server.heard, text, stage->server.heard_length);
    assert_true(options.largest_piece == 0 || stage->server.largest <= options.largest_piece);
    assert_true(stage->server.largest <= options.capacity);
    free(text);
    drop_curtain(stage);
}

static void whatever_is_cut_and_however_it_is_delayed_bytes_arrive_in_order(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 200; seed++)
        converse(seed);
}

static void every_byte_arrives_under_every_seed(void **state)
{
    (void)state;
    enum { LONG = 20000 };
    char *text = verses(LONG);
    for (uint64_t seed = 0; seed < 100; seed++) {
        struct net_options options = net_options_default();
        options.capacity = 700;
        options.largest_piece = seed % 3 * 100;
        struct stage *stage = connected(CHOICE_SEEDED, seed, options);
        stage->client.text = stage->server.text = text;
        stage->client.text_length = stage->server.text_length = LONG;
        write_on(&stage->client);
        write_on(&stage->server);
        settle(stage);
        assert_int_equal(stage->client.heard_length, LONG);
        assert_int_equal(stage->server.heard_length, LONG);
        assert_memory_equal(stage->client.heard, text, LONG);
        assert_memory_equal(stage->server.heard, text, LONG);
        drop_curtain(stage);
    }
    free(text);
}

static uint64_t hash_of_a_conversation(enum choice_policy policy, uint64_t seed)
{
    struct stage *stage = connected(policy, seed, net_options_default());
    stage->server.when_bytes = ECHO;
    says(&stage->client, "O Romeo, Romeo! wherefore art thou Romeo?");
    settle(stage);
    const uint64_t hash = trace_hash(stage->trace);
    drop_curtain(stage);
    return hash;
}

static void the_same_seed_gives_the_same_trace_and_another_seed_another(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        const uint64_t hash = hash_of_a_conversation(CHOICE_SEEDED, seed);
        assert_true(hash == hash_of_a_conversation(CHOICE_SEEDED, seed));
        assert_true(hash != hash_of_a_conversation(CHOICE_SEEDED, seed + 1));
    }
    assert_true(hash_of_a_conversation(CHOICE_SCRIPTED, 1) == hash_of_a_conversation(CHOICE_SCRIPTED, 2));
}

static void every_place_is_cut_under_some_seed(void **state)
{
    (void)state;
    unsigned first_pieces = 0;
    for (uint64_t seed = 0; seed < 300; seed++) {
        struct stage *stage = connected(CHOICE_SEEDED, seed, net_options_default());
        says(&stage->client, "thee");
        while (stage->server.pieces == 0)
            assert_true(world_step(stage->world));
        first_pieces |= 1u << stage->server.heard_length;
        settle(stage);
        expect_heard(&stage->server, "thee");
        drop_curtain(stage);
    }
    assert_int_equal(first_pieces, 0x1e); /* 1, 2, 3 and 4 bytes */
}

static void the_largest_piece_bounds_both_directions(void **state)
{
    (void)state;
    struct stage *stage = connected(CHOICE_SCRIPTED, 1, net_options_default());
    link_set_largest_piece(stage->client.link, 3);
    stage->server.when_bytes = ECHO;
    says(&stage->client, "banishment");
    settle(stage);
    assert_int_equal(stage->server.pieces, 4);
    assert_int_equal(stage->server.largest, 3);
    assert_int_equal(stage->client.largest, 3);
    expect_heard(&stage->client, "banishment");
    link_set_largest_piece(stage->client.link, 0);
    says(&stage->client, "banishment");
    settle(stage);
    assert_int_equal(stage->server.pieces, 5);
    drop_curtain(stage);
}

static void a_full_direction_takes_less_and_tells_when_half_is_free(void **state)
{
    (void)state;
    struct net_options options = net_options_default();
    options.capacity = 10;
    options.largest_piece = 4;
    struct stage *stage = connected(CHOICE_SCRIPTED, 1, options);
    assert_int_equal(says(&stage->client, "0123456"), 7);
    assert_int_equal(says(&stage->client, "789ab"), 3);
    assert_int_equal(says(&stage->client, "ab"), 0);
    assert_int_equal(says(&stage->server, "0123456789"), 10); /* the other direction has its own room */
    while (stage->server.pieces < 1)
        assert_true(world_step(stage->world));
    assert_int_equal(stage->client.writable, 0); /* 4 of 10 */
    while (stage->server.pieces < 2)
        assert_true(world_step(stage->world));
    assert_int_equal(stage->client.writable, 1); /* 8 of 10 */
    assert_int_equal(says(&stage->client, "ab"), 2);
    settle(stage);
    assert_int_equal(stage->client.writable, 1);
    assert_int_equal(stage->server.writable, 0);
    expect_heard(&stage->server, "0123456789ab");
    drop_curtain(stage);
}

static void nothing_is_told_to_who_did_not_fill_the_link(void **state)
{
    (void)state;
    struct net_options options = net_options_default();
    options.capacity = 4;
    struct stage *stage = connected(CHOICE_SCRIPTED, 1, options);
    assert_int_equal(says(&stage->client, "0123"), 4);
    assert_int_equal(says(&stage->client, ""), 0);
    settle(stage);
    assert_int_equal(stage->client.writable, 0);
    drop_curtain(stage);
}

static void an_end_that_closes_is_heard_of_after_everything_it_wrote(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 100; seed++) {
        struct stage *stage = connected(CHOICE_SEEDED, seed, net_options_default());
        says(&stage->client, "farewell");
        link_close(stage->client.link, NET_CLIENT);
        assert_int_equal(says(&stage->client, "again"), 0);
        settle(stage);
        expect_heard(&stage->server, "farewell");
        assert_int_equal(stage->server.ended, 1);
        assert_true(stage->server.ended_at >= stage->server.heard_at);
        assert_int_equal(stage->client.ended, 0);
        drop_curtain(stage);
    }
}

static void a_side_that_closed_hears_nothing_more(void **state)
{
    (void)state;
    struct stage *stage = connected(CHOICE_SCRIPTED, 1, net_options_default());
    says(&stage->server, "under way");
    link_close(stage->client.link, NET_CLIENT);
    assert_int_equal(says(&stage->server, "not knowing"), 11);
    settle(stage);
    assert_int_equal(stage->client.heard_length, 0);
    assert_int_equal(stage->server.ended, 1);
    drop_curtain(stage);
}

static void a_link_closed_by_both_sides_tells_neither(void **state)
{
    (void)state;
    struct stage *stage = connected(CHOICE_SCRIPTED, 1, net_options_default());
    link_close(stage->client.link, NET_CLIENT);
    link_close(stage->server.link, NET_SERVER);
    link_close(stage->server.link, NET_SERVER);
    settle(stage);
    assert_int_equal(stage->client.ended + stage->server.ended, 0);
    drop_curtain(stage);
}

static void a_link_closed_before_it_stands_is_still_opened_and_ended_at_the_server(void **state)
{
    (void)state;
    struct stage *stage = raise_curtain(CHOICE_SCRIPTED, 1, net_options_default());
    dial(stage);
    says(&stage->client, "hello");
    link_close(stage->client.link, NET_CLIENT);
    settle(stage);
    assert_int_equal(stage->client.opened, 0);
    assert_int_equal(stage->server.opened, 1);
    assert_int_equal(stage->server.ended, 1);
    expect_heard(&stage->server, "hello");
    drop_curtain(stage);
}

static void a_break_loses_what_is_under_way_both_ways(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 100; seed++) {
        struct stage *stage = connected(CHOICE_SEEDED, seed, net_options_default());
        says(&stage->client, "lost");
        says(&stage->server, "lost");
        link_break(stage->client.link, NET_CLIENT);
        assert_int_equal(says(&stage->client, "more"), 0);
        assert_int_equal(says(&stage->server, "more"), 0);
        const sim_time then = world_now(stage->world);
        settle(stage);
        assert_int_equal(stage->client.heard_length + stage->server.heard_length, 0);
        assert_int_equal(stage->client.ended, 0);
        assert_int_equal(stage->server.ended, 1);
        assert_true(stage->server.ended_at >= then + SIM_MILLISECOND);
        drop_curtain(stage);
    }
}

static void a_break_by_the_server_tells_the_client(void **state)
{
    (void)state;
    struct stage *stage = connected(CHOICE_SCRIPTED, 1, net_options_default());
    says(&stage->server, "lost");
    link_break(stage->server.link, NET_SERVER);
    link_break(stage->server.link, NET_SERVER);
    settle(stage);
    assert_int_equal(stage->client.ended, 1);
    assert_int_equal(stage->client.heard_length, 0);
    assert_int_equal(stage->server.ended, 0);
    drop_curtain(stage);
}

static void a_link_broken_before_it_reached_the_server_is_never_heard_of(void **state)
{
    (void)state;
    struct stage *stage = raise_curtain(CHOICE_SCRIPTED, 1, net_options_default());
    dial(stage);
    says(&stage->client, "hello");
    link_break(stage->client.link, NET_CLIENT);
    settle(stage);
    assert_int_equal(stage->server.opened + stage->server.ended, 0);
    assert_int_equal(stage->client.opened + stage->client.ended, 0);
    drop_curtain(stage);
}

static void a_link_refused_by_the_server_ends_without_opening(void **state)
{
    (void)state;
    struct stage *stage = raise_curtain(CHOICE_SCRIPTED, 1, net_options_default());
    stage->server.when_opened = BREAK;
    dial(stage);
    settle(stage);
    assert_int_equal(stage->client.opened, 0);
    assert_int_equal(stage->client.ended, 1);
    drop_curtain(stage);
}

enum occasion { ON_OPENED, ON_BYTES, ON_WRITABLE, ON_ENDED, OCCASIONS };

static void arrange(struct party *party, enum occasion when, enum deed deed)
{
    enum deed *const deeds[] = { &party->when_opened, &party->when_bytes, &party->when_writable,
                                 &party->when_ended };
    *deeds[when] = deed;
}

/* Both sides fill the link, one of them does the deed, and in the end the client closes. */
static void play(enum deed deed, enum occasion when, enum net_side side, uint64_t seed)
{
    struct net_options options = net_options_default();
    options.capacity = 64;
    struct stage *stage = raise_curtain(CHOICE_SEEDED, seed, options);
    arrange(side == NET_CLIENT ? &stage->client : &stage->server, when, deed);
    static const char text[100];
    stage->client.text = stage->server.text = text;
    stage->client.text_length = stage->server.text_length = sizeof text;
    dial(stage);
    write_on(&stage->client);
    while (stage->server.opened == 0)
        assert_true(world_step(stage->world));
    write_on(&stage->server);
    for (uint64_t i = 0; i < 2 * seed; i++)
        world_step(stage->world);
    if (deed == NOTHING)
        link_close(stage->client.link, NET_CLIENT);
    world_settle(stage->world, 2000); /* an echo never ends */
    assert_true(stage->client.opened <= 1 && stage->client.ended <= 1 && stage->server.ended <= 1);
    drop_curtain(stage);
}

/* Every deed on every occasion, on both sides, with bytes under way: nothing is told after the end, and the
 * sanitizers have nothing to say. */
static void callbacks_may_end_the_link_in_hand(void **state)
{
    (void)state;
    for (int deed = NOTHING; deed <= DIAL; deed++) {
        for (int when = ON_OPENED; when < OCCASIONS; when++) {
            for (uint64_t seed = 0; seed < 20; seed++) {
                play((enum deed)deed, (enum occasion)when, NET_CLIENT, seed);
                play((enum deed)deed, (enum occasion)when, NET_SERVER, seed);
            }
        }
    }
}

static void bytes_in_hand_stay_while_the_same_direction_is_written(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 50; seed++) {
        struct stage *stage = connected(CHOICE_SEEDED, seed, net_options_default());
        stage->server.when_bytes = FEED;
        says(&stage->client, "what's in a name? that which we call a rose");
        settle(stage);
        assert_int_equal(stage->server.heard_length, 43 + 5000);
        assert_memory_equal(stage->server.heard, "what's in a name? that which we call a rosemmm", 46);
        drop_curtain(stage);
    }
}

static void an_end_can_be_replaced(void **state)
{
    (void)state;
    struct stage *stage = connected(CHOICE_SCRIPTED, 1, net_options_default());
    struct party ours = { .stage = stage, .link = stage->server.link, .heard = malloc(MOST) };
    assert_non_null(ours.heard);
    link_set_end(stage->server.link, NET_SERVER, end_of(&ours));
    says(&stage->client, "sweet");
    settle(stage);
    expect_heard(&ours, "sweet");
    assert_int_equal(stage->server.pieces, 0);
    free(ours.heard);
    drop_curtain(stage);
}

static void many_links_of_one_name_keep_their_bytes_apart(void **state)
{
    (void)state;
    enum { LINKS = 500 };
    static struct party clients[LINKS];
    struct stage *stage = raise_curtain(CHOICE_SEEDED, 4, net_options_default());
    struct party *server = &stage->server;
    for (unsigned i = 0; i < LINKS; i++) {
        clients[i] = (struct party){ .stage = stage, .side = NET_CLIENT, .heard = malloc(64) };
        assert_non_null(clients[i].heard);
        clients[i].link = net_dial(stage->net, "Romeo", end_of(&clients[i]));
    }
    settle(stage);
    assert_int_equal(server->opened, LINKS);
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 0; i < LINKS; i++) {
            char text[16];
            snprintf(text, sizeof text, "%03u.", i);
            assert_int_equal(link_write(clients[i].link, NET_SERVER, text, 4), 4);
        }
        settle(stage);
    }
    for (unsigned i = 0; i < LINKS; i++) {
        char text[16];
        snprintf(text, sizeof text, "%03u.%03u.%03u.", i, i, i);
        expect_heard(&clients[i], text);
        if (i % 3 > 0)
            link_close(clients[i].link, i % 3 == 1 ? NET_CLIENT : NET_SERVER);
    }
    settle(stage);
    assert_int_equal(server->ended, LINKS / 3 + 1);
    for (unsigned i = 0; i < LINKS; i++)
        free(clients[i].heard);
    drop_curtain(stage);
}

static void bytes_under_way_are_forgotten_with_the_net(void **state)
{
    (void)state;
    struct stage *stage = connected(CHOICE_SCRIPTED, 1, net_options_default());
    char *text = verses(60000);
    link_write(stage->client.link, NET_CLIENT, text, 60000);
    link_write(stage->client.link, NET_SERVER, text, 1);
    free(text);
    dial(stage);
    drop_curtain(stage);
    net_free(NULL);
}

static void a_buffer_is_kept_small_by_what_is_under_way_not_by_what_ever_was(void **state)
{
    (void)state;
    struct net_options options = net_options_default();
    options.capacity = 100;
    options.largest_piece = 7;
    struct stage *stage = connected(CHOICE_SCRIPTED, 1, options);
    enum { LONG = 50000 };
    char *text = verses(LONG);
    stage->client.text = text;
    stage->client.text_length = LONG;
    while (stage->server.heard_length < LONG) {
        write_on(&stage->client); /* never empty: what is left is moved to the front again and again */
        assert_true(world_step(stage->world));
    }
    assert_memory_equal(stage->server.heard, text, LONG);
    free(text);
    drop_curtain(stage);
}

static void the_trace_tells_what_each_end_did_and_heard(void **state)
{
    (void)state;
    struct net_options options = net_options_default();
    options.capacity = 8;
    struct stage *stage = connected(CHOICE_SCRIPTED, 1, options);
    says(&stage->client, "<a>\n</a>!");
    settle(stage);
    says(&stage->server, "<b/>");
    settle(stage);
    link_close(stage->client.link, NET_CLIENT);
    settle(stage);
    dial(stage);
    settle(stage);
    link_break(stage->server.link, NET_SERVER);
    settle(stage);
    stage->page[stage->page_length] = '\0';
    assert_string_equal(stage->page, "0.000000000 Romeo dials\n"
                                     "0.001000000 Romeo -> opened\n"
                                     "0.002000000 Romeo <- opened\n"
                                     "0.003000000 Romeo > <a>\\n</a>\n"
                                     "0.003000000 Romeo <- writable\n"
                                     "0.004000000 Romeo < <b/>\n"
                                     "0.004000000 Romeo closes\n"
                                     "0.005000000 Romeo -> ended\n"
                                     "0.005000000 Romeo dials\n"
                                     "0.006000000 Romeo -> opened\n"
                                     "0.007000000 Romeo <- opened\n"
                                     "0.007000000 Romeo is broken\n"
                                     "0.008000000 Romeo <- ended\n");
    drop_curtain(stage);
}

/* Nothing takes time, and nothing is cut but by a bound that was said. */
static void in_a_world_of_any_order_each_write_arrives_by_itself(void **state)
{
    (void)state;
    struct stage *stage = raise_curtain(CHOICE_SEEDED, 5, net_options_default());
    world_set_any_order(stage->world);
    dial(stage);
    settle(stage);
    link_set_latency(stage->client.link, SIM_SECOND);
    link_set_bandwidth(stage->client.link, 10);
    link_stall_for(stage->client.link, SIM_SECOND);
    says(&stage->client, "wherefore ");
    says(&stage->client, "art thou");
    assert_int_equal(world_pending(stage->world), 1);
    settle(stage);
    expect_heard(&stage->server, "wherefore art thou");
    assert_int_equal(stage->server.pieces, 2);
    assert_int_equal(world_now(stage->world), 0);
    link_set_largest_piece(stage->client.link, 3);
    says(&stage->client, "Romeo");
    settle(stage);
    assert_int_equal(stage->server.pieces, 4);
    drop_curtain(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_server_hears_of_a_link_after_the_latency_and_the_client_after_twice_that),
        cmocka_unit_test(in_the_default_schedule_bytes_take_exactly_the_latency),
        cmocka_unit_test(what_is_written_before_the_link_stands_arrives_after_it_does),
        cmocka_unit_test(whatever_is_cut_and_however_it_is_delayed_bytes_arrive_in_order),
        cmocka_unit_test(every_byte_arrives_under_every_seed),
        cmocka_unit_test(the_same_seed_gives_the_same_trace_and_another_seed_another),
        cmocka_unit_test(every_place_is_cut_under_some_seed),
        cmocka_unit_test(the_largest_piece_bounds_both_directions),
        cmocka_unit_test(a_full_direction_takes_less_and_tells_when_half_is_free),
        cmocka_unit_test(nothing_is_told_to_who_did_not_fill_the_link),
        cmocka_unit_test(an_end_that_closes_is_heard_of_after_everything_it_wrote),
        cmocka_unit_test(a_side_that_closed_hears_nothing_more),
        cmocka_unit_test(a_link_closed_by_both_sides_tells_neither),
        cmocka_unit_test(a_link_closed_before_it_stands_is_still_opened_and_ended_at_the_server),
        cmocka_unit_test(a_break_loses_what_is_under_way_both_ways),
        cmocka_unit_test(a_break_by_the_server_tells_the_client),
        cmocka_unit_test(a_link_broken_before_it_reached_the_server_is_never_heard_of),
        cmocka_unit_test(a_link_refused_by_the_server_ends_without_opening),
        cmocka_unit_test(callbacks_may_end_the_link_in_hand),
        cmocka_unit_test(bytes_in_hand_stay_while_the_same_direction_is_written),
        cmocka_unit_test(an_end_can_be_replaced),
        cmocka_unit_test(many_links_of_one_name_keep_their_bytes_apart),
        cmocka_unit_test(bytes_under_way_are_forgotten_with_the_net),
        cmocka_unit_test(a_buffer_is_kept_small_by_what_is_under_way_not_by_what_ever_was),
        cmocka_unit_test(the_trace_tells_what_each_end_did_and_heard),
        cmocka_unit_test(in_a_world_of_any_order_each_write_arrives_by_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
