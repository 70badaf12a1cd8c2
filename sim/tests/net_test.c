#include "net_rig.h"

static void a_link_opens_at_the_server_after_the_latency_and_at_the_client_after_two(void **state)
{
    (void)state;
    struct net_rig *rig = connected(CHOICE_SCRIPTED, 1, net_options_default());
    assert_true(rig->server.opened_at == SIM_MILLISECOND);
    assert_true(rig->client.opened_at == 2 * SIM_MILLISECOND);
    assert_ptr_equal(rig->server.link, rig->client.link);
    assert_non_null(strstr(rig->page, " Romeo -> opened\n"));
    net_rig_close(rig);
}

static void in_the_default_schedule_bytes_take_exactly_the_latency(void **state)
{
    (void)state;
    struct net_rig *rig = connected(CHOICE_SCRIPTED, 1, net_options_default());
    assert_int_equal(says(&rig->client, "wherefore"), 9);
    assert_int_equal(says(&rig->client, " art thou"), 9);
    settle(rig);
    expect_heard(&rig->server, "wherefore art thou");
    assert_int_equal(rig->server.pieces, 1);
    assert_true(rig->server.heard_at == 3 * SIM_MILLISECOND);
    says(&rig->server, "here");
    settle(rig);
    expect_heard(&rig->client, "here");
    assert_true(rig->client.heard_at == 4 * SIM_MILLISECOND);
    net_rig_close(rig);
}

static void bytes_written_before_the_link_opens_arrive_afterwards(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 50; seed++) {
        struct net_rig *rig = net_rig_open(CHOICE_SEEDED, seed, net_options_default());
        rig->server.when_bytes = ECHO;
        dial(rig);
        says(&rig->client, "hark");
        settle(rig);
        expect_heard(&rig->server, "hark");
        expect_heard(&rig->client, "hark");
        assert_true(rig->client.opened_at == 2 * rig->server.opened_at);
        assert_true(rig->client.heard_at >= rig->client.opened_at);
        net_rig_close(rig);
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
    struct net_rig *rig = connected(CHOICE_SEEDED, seed, options);
    enum { LONG = 9000 };
    char *text = verses(LONG);
    struct party *parties[] = { &rig->client, &rig->server };
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
            world_step(rig->world);
    }
    link_close(rig->client.link, NET_CLIENT);
    rig->client.text_length = 0;
    settle(rig);
    assert_int_equal(rig->server.ended, 1);
    assert_true(rig->client.heard.length <= LONG && rig->server.heard.length <= LONG);
    assert_memory_equal(rig->client.heard.bytes, text, rig->client.heard.length);
    assert_memory_equal(rig->server.heard.bytes, text, rig->server.heard.length);
    assert_true(options.largest_piece == 0 || rig->server.largest <= options.largest_piece);
    assert_true(rig->server.largest <= options.capacity);
    free(text);
    net_rig_close(rig);
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
        struct net_rig *rig = connected(CHOICE_SEEDED, seed, options);
        rig->client.text = rig->server.text = text;
        rig->client.text_length = rig->server.text_length = LONG;
        write_on(&rig->client);
        write_on(&rig->server);
        settle(rig);
        assert_int_equal(rig->client.heard.length, LONG);
        assert_int_equal(rig->server.heard.length, LONG);
        assert_memory_equal(rig->client.heard.bytes, text, LONG);
        assert_memory_equal(rig->server.heard.bytes, text, LONG);
        net_rig_close(rig);
    }
    free(text);
}

static uint64_t hash_of_a_conversation(enum choice_policy policy, uint64_t seed)
{
    struct net_rig *rig = connected(policy, seed, net_options_default());
    rig->server.when_bytes = ECHO;
    says(&rig->client, "O Romeo, Romeo! wherefore art thou Romeo?");
    settle(rig);
    const uint64_t hash = trace_hash(rig->trace);
    net_rig_close(rig);
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
        struct net_rig *rig = connected(CHOICE_SEEDED, seed, net_options_default());
        says(&rig->client, "thee");
        while (rig->server.pieces == 0)
            assert_true(world_step(rig->world));
        first_pieces |= 1u << rig->server.heard.length;
        settle(rig);
        expect_heard(&rig->server, "thee");
        net_rig_close(rig);
    }
    assert_int_equal(first_pieces, 0x1e); /* 1, 2, 3 and 4 bytes */
}

static void the_largest_piece_bounds_both_directions(void **state)
{
    (void)state;
    struct net_rig *rig = connected(CHOICE_SCRIPTED, 1, net_options_default());
    link_set_largest_piece(rig->client.link, 3);
    rig->server.when_bytes = ECHO;
    says(&rig->client, "banishment");
    settle(rig);
    assert_int_equal(rig->server.pieces, 4);
    assert_int_equal(rig->server.largest, 3);
    assert_int_equal(rig->client.largest, 3);
    expect_heard(&rig->client, "banishment");
    link_set_largest_piece(rig->client.link, 0);
    says(&rig->client, "banishment");
    settle(rig);
    assert_int_equal(rig->server.pieces, 5);
    net_rig_close(rig);
}

static void a_full_direction_takes_less_and_tells_when_half_is_free(void **state)
{
    (void)state;
    struct net_options options = net_options_default();
    options.capacity = 10;
    options.largest_piece = 4;
    struct net_rig *rig = connected(CHOICE_SCRIPTED, 1, options);
    assert_int_equal(says(&rig->client, "0123456"), 7);
    assert_int_equal(says(&rig->client, "789ab"), 3);
    assert_int_equal(says(&rig->client, "ab"), 0);
    assert_int_equal(says(&rig->server, "0123456789"), 10); /* the other direction has its own room */
    while (rig->server.pieces < 1)
        assert_true(world_step(rig->world));
    assert_int_equal(rig->client.writable, 0); /* 4 of 10 */
    while (rig->server.pieces < 2)
        assert_true(world_step(rig->world));
    assert_int_equal(rig->client.writable, 1); /* 8 of 10 */
    assert_int_equal(says(&rig->client, "ab"), 2);
    settle(rig);
    assert_int_equal(rig->client.writable, 1);
    assert_int_equal(rig->server.writable, 0);
    expect_heard(&rig->server, "0123456789ab");
    net_rig_close(rig);
}

static void note_write(void *host, const char *name, enum net_side side, size_t taken)
{
    char *said = host;
    (void)name;
    snprintf(said + strlen(said), 100 - strlen(said), "%s %zu;", side == NET_CLIENT ? "client" : "server",
             taken);
}

/* Of each write the bytes that were taken; a write of which none are is not told. */
static void writes_are_told_with_what_was_taken(void **state)
{
    (void)state;
    char said[100] = "";
    struct net_options options = net_options_default();
    options.capacity = 10;
    struct net_rig *rig = connected(CHOICE_SCRIPTED, 1, options);
    net_watch_writes(rig->net, (struct net_writes){ said, note_write });
    assert_int_equal(says(&rig->client, "0123456"), 7);
    assert_int_equal(says(&rig->client, "789ab"), 3);
    assert_int_equal(says(&rig->client, "ab"), 0);
    assert_int_equal(says(&rig->server, "xy"), 2);
    net_watch_writes(rig->net, (struct net_writes){ NULL, NULL });
    assert_int_equal(says(&rig->server, "z"), 1);
    assert_string_equal(said, "client 7;client 3;server 2;");
    settle(rig);
    net_rig_close(rig);
}

static void writable_is_called_only_after_the_link_was_full(void **state)
{
    (void)state;
    struct net_options options = net_options_default();
    options.capacity = 4;
    struct net_rig *rig = connected(CHOICE_SCRIPTED, 1, options);
    assert_int_equal(says(&rig->client, "0123"), 4);
    assert_int_equal(says(&rig->client, ""), 0);
    settle(rig);
    assert_int_equal(rig->client.writable, 0);
    net_rig_close(rig);
}

static void a_close_arrives_after_everything_written_before(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 100; seed++) {
        struct net_rig *rig = connected(CHOICE_SEEDED, seed, net_options_default());
        says(&rig->client, "farewell");
        link_close(rig->client.link, NET_CLIENT);
        assert_int_equal(says(&rig->client, "again"), 0);
        settle(rig);
        expect_heard(&rig->server, "farewell");
        assert_int_equal(rig->server.ended, 1);
        assert_true(rig->server.ended_at >= rig->server.heard_at);
        assert_int_equal(rig->client.ended, 0);
        net_rig_close(rig);
    }
}

static void a_side_that_closed_gets_no_more_callbacks(void **state)
{
    (void)state;
    struct net_rig *rig = connected(CHOICE_SCRIPTED, 1, net_options_default());
    says(&rig->server, "under way");
    link_close(rig->client.link, NET_CLIENT);
    assert_int_equal(says(&rig->server, "not knowing"), 11);
    settle(rig);
    assert_int_equal(rig->client.heard.length, 0);
    assert_int_equal(rig->server.ended, 1);
    net_rig_close(rig);
}

static void a_link_closed_by_both_sides_tells_neither(void **state)
{
    (void)state;
    struct net_rig *rig = connected(CHOICE_SCRIPTED, 1, net_options_default());
    link_close(rig->client.link, NET_CLIENT);
    link_close(rig->server.link, NET_SERVER);
    link_close(rig->server.link, NET_SERVER);
    settle(rig);
    assert_int_equal(rig->client.ended + rig->server.ended, 0);
    net_rig_close(rig);
}

static void a_link_closed_before_it_opens_is_still_opened_and_ended_at_the_server(void **state)
{
    (void)state;
    struct net_rig *rig = net_rig_open(CHOICE_SCRIPTED, 1, net_options_default());
    dial(rig);
    says(&rig->client, "hello");
    link_close(rig->client.link, NET_CLIENT);
    settle(rig);
    assert_int_equal(rig->client.opened, 0);
    assert_int_equal(rig->server.opened, 1);
    assert_int_equal(rig->server.ended, 1);
    expect_heard(&rig->server, "hello");
    net_rig_close(rig);
}

static void a_break_loses_what_is_under_way_both_ways(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 100; seed++) {
        struct net_rig *rig = connected(CHOICE_SEEDED, seed, net_options_default());
        says(&rig->client, "lost");
        says(&rig->server, "lost");
        link_break(rig->client.link, NET_CLIENT);
        assert_int_equal(says(&rig->client, "more"), 0);
        assert_int_equal(says(&rig->server, "more"), 0);
        const sim_time then = world_now(rig->world);
        settle(rig);
        assert_int_equal(rig->client.heard.length + rig->server.heard.length, 0);
        assert_int_equal(rig->client.ended, 0);
        assert_int_equal(rig->server.ended, 1);
        assert_true(rig->server.ended_at >= then + SIM_MILLISECOND);
        net_rig_close(rig);
    }
}

static void a_break_by_the_server_tells_the_client(void **state)
{
    (void)state;
    struct net_rig *rig = connected(CHOICE_SCRIPTED, 1, net_options_default());
    says(&rig->server, "lost");
    link_break(rig->server.link, NET_SERVER);
    link_break(rig->server.link, NET_SERVER);
    settle(rig);
    assert_int_equal(rig->client.ended, 1);
    assert_int_equal(rig->client.heard.length, 0);
    assert_int_equal(rig->server.ended, 0);
    net_rig_close(rig);
}

static void the_server_is_not_notified_of_a_link_that_broke_before_it_opened(void **state)
{
    (void)state;
    struct net_rig *rig = net_rig_open(CHOICE_SCRIPTED, 1, net_options_default());
    dial(rig);
    says(&rig->client, "hello");
    link_break(rig->client.link, NET_CLIENT);
    settle(rig);
    assert_int_equal(rig->server.opened + rig->server.ended, 0);
    assert_int_equal(rig->client.opened + rig->client.ended, 0);
    net_rig_close(rig);
}

static void a_link_refused_by_the_server_ends_without_opening(void **state)
{
    (void)state;
    struct net_rig *rig = net_rig_open(CHOICE_SCRIPTED, 1, net_options_default());
    rig->server.when_opened = BREAK;
    dial(rig);
    settle(rig);
    assert_int_equal(rig->client.opened, 0);
    assert_int_equal(rig->client.ended, 1);
    net_rig_close(rig);
}

enum occasion { ON_OPENED, ON_BYTES, ON_WRITABLE, ON_ENDED, OCCASIONS };

static void arrange(struct party *party, enum occasion when, enum deed deed)
{
    enum deed *const deeds[] = { &party->when_opened, &party->when_bytes, &party->when_writable,
                                 &party->when_ended };
    *deeds[when] = deed;
}

/* Both sides fill the link, one of them does the deed, and in the end the client closes. */
static void run(enum deed deed, enum occasion when, enum net_side side, uint64_t seed)
{
    struct net_options options = net_options_default();
    options.capacity = 64;
    struct net_rig *rig = net_rig_open(CHOICE_SEEDED, seed, options);
    arrange(side == NET_CLIENT ? &rig->client : &rig->server, when, deed);
    static const char text[100];
    rig->client.text = rig->server.text = text;
    rig->client.text_length = rig->server.text_length = sizeof text;
    dial(rig);
    write_on(&rig->client);
    while (rig->server.opened == 0)
        assert_true(world_step(rig->world));
    write_on(&rig->server);
    for (uint64_t i = 0; i < 2 * seed; i++)
        world_step(rig->world);
    if (deed == NOTHING)
        link_close(rig->client.link, NET_CLIENT);
    world_settle(rig->world, 2000); /* an echo never ends */
    assert_true(rig->client.opened <= 1 && rig->client.ended <= 1 && rig->server.ended <= 1);
    net_rig_close(rig);
}

/* Every deed on every occasion, on both sides, with bytes under way: nothing is told after the end, and the
 * sanitizers have nothing to say. */
static void callbacks_may_end_the_link_in_hand(void **state)
{
    (void)state;
    for (int deed = NOTHING; deed <= DIAL; deed++) {
        for (int when = ON_OPENED; when < OCCASIONS; when++) {
            for (uint64_t seed = 0; seed < 20; seed++) {
                run((enum deed)deed, (enum occasion)when, NET_CLIENT, seed);
                run((enum deed)deed, (enum occasion)when, NET_SERVER, seed);
            }
        }
    }
}

static void bytes_in_hand_stay_while_the_same_direction_is_written(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 50; seed++) {
        struct net_rig *rig = connected(CHOICE_SEEDED, seed, net_options_default());
        rig->server.when_bytes = FEED;
        says(&rig->client, "what's in a name? that which we call a rose");
        settle(rig);
        assert_int_equal(rig->server.heard.length, 43 + 5000);
        assert_memory_equal(rig->server.heard.bytes, "what's in a name? that which we call a rosemmm", 46);
        net_rig_close(rig);
    }
}

static void an_end_can_be_replaced(void **state)
{
    (void)state;
    struct net_rig *rig = connected(CHOICE_SCRIPTED, 1, net_options_default());
    struct party ours = { .rig = rig, .link = rig->server.link };
    link_set_end(rig->server.link, NET_SERVER, end_of(&ours));
    says(&rig->client, "sweet");
    settle(rig);
    expect_heard(&ours, "sweet");
    assert_int_equal(rig->server.pieces, 0);
    text_free(&ours.heard);
    net_rig_close(rig);
}

static void many_links_of_one_name_keep_their_bytes_apart(void **state)
{
    (void)state;
    enum { LINKS = 500 };
    static struct party clients[LINKS];
    struct net_rig *rig = net_rig_open(CHOICE_SEEDED, 4, net_options_default());
    struct party *server = &rig->server;
    for (unsigned i = 0; i < LINKS; i++) {
        clients[i] = (struct party){ .rig = rig, .side = NET_CLIENT };
        clients[i].link = net_dial(rig->net, "Romeo", end_of(&clients[i]));
    }
    settle(rig);
    assert_int_equal(server->opened, LINKS);
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 0; i < LINKS; i++) {
            char text[16];
            snprintf(text, sizeof text, "%03u.", i);
            assert_int_equal(link_write(clients[i].link, NET_SERVER, text, 4), 4);
        }
        settle(rig);
    }
    for (unsigned i = 0; i < LINKS; i++) {
        char text[16];
        snprintf(text, sizeof text, "%03u.%03u.%03u.", i, i, i);
        expect_heard(&clients[i], text);
        if (i % 3 > 0)
            link_close(clients[i].link, i % 3 == 1 ? NET_CLIENT : NET_SERVER);
    }
    settle(rig);
    assert_int_equal(server->ended, LINKS / 3 + 1);
    for (unsigned i = 0; i < LINKS; i++)
        text_free(&clients[i].heard);
    net_rig_close(rig);
}

static void bytes_under_way_are_forgotten_with_the_net(void **state)
{
    (void)state;
    struct net_rig *rig = connected(CHOICE_SCRIPTED, 1, net_options_default());
    char *text = verses(60000);
    link_write(rig->client.link, NET_CLIENT, text, 60000);
    link_write(rig->client.link, NET_SERVER, text, 1);
    free(text);
    dial(rig);
    net_rig_close(rig);
    net_free(NULL);
}

static void a_buffer_is_kept_small_by_what_is_under_way_not_by_what_ever_was(void **state)
{
    (void)state;
    struct net_options options = net_options_default();
    options.capacity = 100;
    options.largest_piece = 7;
    struct net_rig *rig = connected(CHOICE_SCRIPTED, 1, options);
    enum { LONG = 50000 };
    char *text = verses(LONG);
    rig->client.text = text;
    rig->client.text_length = LONG;
    while (rig->server.heard.length < LONG) {
        write_on(&rig->client); /* never empty: what is left is moved to the front again and again */
        assert_true(world_step(rig->world));
    }
    assert_memory_equal(rig->server.heard.bytes, text, LONG);
    free(text);
    net_rig_close(rig);
}

static void the_trace_has_the_actions_and_callbacks_of_each_end(void **state)
{
    (void)state;
    struct net_options options = net_options_default();
    options.capacity = 8;
    struct net_rig *rig = connected(CHOICE_SCRIPTED, 1, options);
    says(&rig->client, "<a>\n</a>!");
    settle(rig);
    says(&rig->server, "<b/>");
    settle(rig);
    link_close(rig->client.link, NET_CLIENT);
    settle(rig);
    dial(rig);
    settle(rig);
    link_break(rig->server.link, NET_SERVER);
    settle(rig);
    rig->page[rig->page_length] = '\0';
    assert_string_equal(rig->page, "0.000000000 Romeo dials\n"
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
    net_rig_close(rig);
}

/* Nothing takes time, and nothing is cut but by a bound that was said. */
static void in_a_world_of_any_order_each_write_arrives_by_itself(void **state)
{
    (void)state;
    struct net_rig *rig = net_rig_open(CHOICE_SEEDED, 5, net_options_default());
    world_set_any_order(rig->world);
    dial(rig);
    settle(rig);
    link_set_latency(rig->client.link, SIM_SECOND);
    link_set_bandwidth(rig->client.link, 10);
    link_stall_for(rig->client.link, SIM_SECOND);
    says(&rig->client, "wherefore ");
    says(&rig->client, "art thou");
    assert_int_equal(world_pending(rig->world), 1);
    settle(rig);
    expect_heard(&rig->server, "wherefore art thou");
    assert_int_equal(rig->server.pieces, 2);
    assert_int_equal(world_now(rig->world), 0);
    link_set_largest_piece(rig->client.link, 3);
    says(&rig->client, "Romeo");
    settle(rig);
    assert_int_equal(rig->server.pieces, 4);
    net_rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_link_opens_at_the_server_after_the_latency_and_at_the_client_after_two),
        cmocka_unit_test(in_the_default_schedule_bytes_take_exactly_the_latency),
        cmocka_unit_test(bytes_written_before_the_link_opens_arrive_afterwards),
        cmocka_unit_test(whatever_is_cut_and_however_it_is_delayed_bytes_arrive_in_order),
        cmocka_unit_test(every_byte_arrives_under_every_seed),
        cmocka_unit_test(the_same_seed_gives_the_same_trace_and_another_seed_another),
        cmocka_unit_test(every_place_is_cut_under_some_seed),
        cmocka_unit_test(the_largest_piece_bounds_both_directions),
        cmocka_unit_test(a_full_direction_takes_less_and_tells_when_half_is_free),
        cmocka_unit_test(writes_are_told_with_what_was_taken),
        cmocka_unit_test(writable_is_called_only_after_the_link_was_full),
        cmocka_unit_test(a_close_arrives_after_everything_written_before),
        cmocka_unit_test(a_side_that_closed_gets_no_more_callbacks),
        cmocka_unit_test(a_link_closed_by_both_sides_tells_neither),
        cmocka_unit_test(a_link_closed_before_it_opens_is_still_opened_and_ended_at_the_server),
        cmocka_unit_test(a_break_loses_what_is_under_way_both_ways),
        cmocka_unit_test(a_break_by_the_server_tells_the_client),
        cmocka_unit_test(the_server_is_not_notified_of_a_link_that_broke_before_it_opened),
        cmocka_unit_test(a_link_refused_by_the_server_ends_without_opening),
        cmocka_unit_test(callbacks_may_end_the_link_in_hand),
        cmocka_unit_test(bytes_in_hand_stay_while_the_same_direction_is_written),
        cmocka_unit_test(an_end_can_be_replaced),
        cmocka_unit_test(many_links_of_one_name_keep_their_bytes_apart),
        cmocka_unit_test(bytes_under_way_are_forgotten_with_the_net),
        cmocka_unit_test(a_buffer_is_kept_small_by_what_is_under_way_not_by_what_ever_was),
        cmocka_unit_test(the_trace_has_the_actions_and_callbacks_of_each_end),
        cmocka_unit_test(in_a_world_of_any_order_each_write_arrives_by_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
