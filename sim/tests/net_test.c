#include "../net.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 1 << 20 };
static const uint64_t ENOUGH = 10000000;

/* What a test makes an end do from inside a callback. */
enum deed { NOTHING, CLOSE, BREAK, CLOSE_OTHER, BREAK_OTHER, ECHO, FEED, DIAL };

/* One end of a link, and all that it was told. */
struct party {
    struct stage *stage;
    enum net_side side;
    struct link *link;
    unsigned opened, pieces, writable, ended;
    size_t largest;
    sim_time opened_at, ended_at, heard_at;
    char *heard;
    size_t heard_length;
    enum deed when_opened, when_bytes, when_writable, when_ended;
    const char *text; /* what is left to write */
    size_t text_length;
};

struct stage {
    struct trace *trace;
    struct world *world;
    struct net *net;
    struct party client, server, passer_by; /* the last dials from inside callbacks */
    char page[65536];
    size_t page_length;
};

static struct net_end end_of(struct party *party);

static enum net_side opposite(enum net_side side)
{
    return side == NET_CLIENT ? NET_SERVER : NET_CLIENT;
}

/* Writes what is left, as much as is taken. */
static void write_on(struct party *party)
{
    const size_t taken = link_write(party->link, party->side, party->text, party->text_length);
    party->text += taken;
    party->text_length -= taken;
}

/* Writes many bytes, once, from the side that those in hand came from. */
static void feed(const struct party *party, struct link *link)
{
    static char more[5000];
    memset(more, 'm', sizeof more);
    if (party->pieces == 1)
        link_write(link, opposite(party->side), more, sizeof more);
}

static void act(const struct party *party, enum deed deed, struct link *link, const char *bytes,
                size_t length)
{
    switch (deed) {
    case NOTHING:
        break;
    case CLOSE:
        link_close(link, party->side);
        break;
    case BREAK:
        link_break(link, party->side);
        break;
    case CLOSE_OTHER:
        link_close(link, opposite(party->side));
        break;
    case BREAK_OTHER:
        link_break(link, opposite(party->side));
        break;
    case ECHO:
        link_write(link, party->side, bytes, length);
        break;
    case FEED:
        feed(party, link);
        break;
    case DIAL:
        net_dial(party->stage->net, "Nurse", end_of(&party->stage->passer_by));
        break;
    }
}

static void told_opened(void *who, struct link *link)
{
    struct party *party = who;
    if (strcmp(link_name(link), "Nurse") == 0)
        return;
    party->link = link;
    party->opened++;
    party->opened_at = world_now(party->stage->world);
    act(party, party->when_opened, link, NULL, 0);
}

static void told_bytes(void *who, struct link *link, const char *bytes, size_t length)
{
    struct party *party = who;
    assert_ptr_equal(party->link, link);
    assert_int_equal(party->ended, 0);
    assert_true(length > 0 && party->heard_length + length <= MOST);
    party->pieces++;
    party->heard_at = world_now(party->stage->world);
    party->largest = length > party->largest ? length : party->largest;
    act(party, party->when_bytes, link, bytes, length);
    /* After the deed, because the bytes must still be there. */
    memcpy(party->heard + party->heard_length, bytes, length);
    party->heard_length += length;
}

static void told_writable(void *who, struct link *link)
{
    struct party *party = who;
    assert_ptr_equal(party->link, link);
    assert_int_equal(party->ended, 0);
    party->writable++;
    act(party, party->when_writable, link, NULL, 0);
    if (party->text_length > 0)
        write_on(party);
}

static void told_ended(void *who, struct link *link)
{
    struct party *party = who;
    party->ended++;
    party->ended_at = world_now(party->stage->world);
    act(party, party->when_ended, link, NULL, 0);
}

static struct net_end end_of(struct party *party)
{
    return (struct net_end){ told_opened, told_bytes, told_writable, told_ended, party };
}

static void onto_page(void *host, const char *line, size_t length)
{
    struct stage *stage = host;
    if (stage->page_length + length < sizeof stage->page) {
        memcpy(stage->page + stage->page_length, line, length);
        stage->page_length += length;
    }
}

static struct stage *raise_curtain(enum choice_policy policy, uint64_t seed, struct net_options options)
{
    struct stage *stage = calloc(1, sizeof *stage);
    assert_non_null(stage);
    stage->trace = trace_new(onto_page, stage);
    stage->world = world_new(policy, seed, stage->trace);
    stage->client = (struct party){ .stage = stage, .side = NET_CLIENT, .heard = malloc(MOST) };
    stage->server = (struct party){ .stage = stage, .side = NET_SERVER, .heard = malloc(MOST) };
    assert_non_null(stage->client.heard);
    assert_non_null(stage->server.heard);
    stage->passer_by = (struct party){ .stage = stage, .side = NET_CLIENT };
    stage->net = net_new(stage->world, options, end_of(&stage->server));
    return stage;
}

static void drop_curtain(struct stage *stage)
{
    net_free(stage->net);
    world_free(stage->world);
    trace_free(stage->trace);
    free(stage->client.heard);
    free(stage->server.heard);
    free(stage);
}

static void dial(struct stage *stage)
{
    stage->client.link = net_dial(stage->net, "Romeo", end_of(&stage->client));
}

static void settle(struct stage *stage)
{
    assert_true(world_settle(stage->world, ENOUGH));
}

/* A stage on which the link stands and nothing is under way. */
static struct stage *connected(enum choice_policy policy, uint64_t seed, struct net_options options)
{
    struct stage *stage = raise_curtain(policy, seed, options);
    dial(stage);
    settle(stage);
    assert_int_equal(stage->client.opened, 1);
    assert_int_equal(stage->server.opened, 1);
    return stage;
}

static size_t says(struct party *party, const char *text)
{
    return link_write(party->link, party->side, text, strlen(text));
}

static void expect_heard(const struct party *party, const char *text)
{
    assert_int_equal(party->heard_length, strlen(text));
    assert_memory_equal(party->heard, text, party->heard_length);
}

static void the_server_hears_of_a_link_after_the_latency_and_the_client_after_twice_that(void **state)
{
    (void)state;
    struct stage *stage = connected(CHOICE_SCRIPTED, 1, net_options_default());
    assert_true(stage->server.opened_at == SIM_MILLISECOND);
    assert_true(stage->client.opened_at == 2 * SIM_MILLISECOND);
    assert_string_equal(link_name(stage->server.link), "Romeo");
    drop_curtain(stage);
}

static void in_the_quiet_world_bytes_take_exactly_the_latency(void **state)
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

static char *verses(size_t length)
{
    char *text = malloc(length);
    assert_non_null(text);
    for (size_t i = 0; i < length; i++)
        text[i] = (char)(i * 2654435761u >> 24);
    return text;
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
/* ---- Faults ---- */

static void a_link_that_fails_tells_both_ends_and_loses_what_was_under_way(void **state)
{
    (void)state;
    struct stage *stage = connected(CHOICE_SCRIPTED, 1, net_options_default());
    link_write(stage->client.link, NET_CLIENT, "lost", 4);
    link_write(stage->client.link, NET_SERVER, "lost", 4);
    link_fail(stage->client.link);
    settle(stage);
    assert_int_equal(stage->client.ended, 1);
    assert_int_equal(stage->server.ended, 1);
    expect_heard(&stage->client, "");
    expect_heard(&stage->server, "");
    drop_curtain(stage);
}

/* The server may end what it was not told yet is gone. */
static void an_end_is_told_once_whoever_else_ends_the_link(void **state)
{
    (void)state;
    for (int breaks = 0; breaks < 2; breaks++) {
        struct stage *stage = connected(CHOICE_SCRIPTED, 1, net_options_default());
        link_fail(stage->client.link);
        if (breaks)
            link_break(stage->server.link, NET_SERVER);
        else
            link_close(stage->server.link, NET_SERVER);
        settle(stage);
        assert_int_equal(stage->client.ended, 1);
        assert_int_equal(stage->server.ended, 0);
        drop_curtain(stage);
    }
}

static void a_link_that_fails_on_its_way_is_never_heard_of(void **state)
{
    (void)state;
    struct stage *stage = raise_curtain(CHOICE_SCRIPTED, 1, net_options_default());
    dial(stage);
    link_fail(stage->client.link);
    settle(stage);
    assert_int_equal(stage->client.ended, 1);
    assert_int_equal(stage->server.opened + stage->server.ended, 0);
    drop_curtain(stage);
}

static void a_stalled_direction_holds_everything_until_it_heals(void **state)
{
    (void)state;
    struct stage *stage = connected(CHOICE_SCRIPTED, 1, net_options_default());
    struct link *link = stage->client.link;
    link_write(link, NET_SERVER, "one ", 4);
    link_stall(link, NET_CLIENT, true);
    assert_true(link_is_stalled(link, NET_CLIENT));
    assert_false(link_is_stalled(link, NET_SERVER));
    link_write(link, NET_SERVER, "two", 3);
    link_write(link, NET_CLIENT, "through", 7);
    settle(stage);
    expect_heard(&stage->client, "");
    expect_heard(&stage->server, "through");
    link_stall(link, NET_CLIENT, false);
    settle(stage);
    expect_heard(&stage->client, "one two");
    drop_curtain(stage);
}

static void a_stalled_direction_is_full_some_time(void **state)
{
    (void)state;
    struct stage *stage = connected(CHOICE_SCRIPTED, 1, net_options_default());
    struct link *link = stage->client.link;
    link_stall(link, NET_CLIENT, true);
    static char many[100000];
    memset(many, 'm', sizeof many);
    assert_int_equal(link_write(link, NET_SERVER, many, sizeof many), net_options_default().capacity);
    settle(stage);
    assert_int_equal(stage->server.writable, 0);
    link_stall(link, NET_CLIENT, false);
    settle(stage);
    assert_int_equal(stage->server.writable, 1);
    drop_curtain(stage);
}

static void nobody_hears_of_an_end_on_a_dead_link_until_the_net_heals(void **state)
{
    (void)state;
    struct stage *stage = connected(CHOICE_SCRIPTED, 1, net_options_default());
    struct link *link = stage->client.link;
    link_stall(link, NET_CLIENT, true);
    link_stall(link, NET_SERVER, true);
    link_write(link, NET_SERVER, "never read", 10);
    link_break(link, NET_CLIENT);
    settle(stage);
    assert_int_equal(stage->server.ended, 0);
    net_heal(stage->net);
    settle(stage);
    assert_int_equal(stage->server.ended, 1);
    expect_heard(&stage->client, "");
    drop_curtain(stage);
}

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_server_hears_of_a_link_after_the_latency_and_the_client_after_twice_that),
        cmocka_unit_test(in_the_quiet_world_bytes_take_exactly_the_latency),
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
        cmocka_unit_test(a_link_that_fails_tells_both_ends_and_loses_what_was_under_way),
        cmocka_unit_test(an_end_is_told_once_whoever_else_ends_the_link),
        cmocka_unit_test(a_link_that_fails_on_its_way_is_never_heard_of),
        cmocka_unit_test(a_stalled_direction_holds_everything_until_it_heals),
        cmocka_unit_test(a_stalled_direction_is_full_some_time),
        cmocka_unit_test(nobody_hears_of_an_end_on_a_dead_link_until_the_net_heals),
        cmocka_unit_test(callbacks_may_end_the_link_in_hand),
        cmocka_unit_test(bytes_in_hand_stay_while_the_same_direction_is_written),
        cmocka_unit_test(an_end_can_be_replaced),
        cmocka_unit_test(many_links_of_one_name_keep_their_bytes_apart),
        cmocka_unit_test(bytes_under_way_are_forgotten_with_the_net),
        cmocka_unit_test(a_buffer_is_kept_small_by_what_is_under_way_not_by_what_ever_was),
        cmocka_unit_test(the_trace_tells_what_each_end_did_and_heard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
