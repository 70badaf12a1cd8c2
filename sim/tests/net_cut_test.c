#include "net_rig.h"

static const char sonnet[] = "N\xc3\xa9"
                             "e, if I profane with my unworthiest hand";
enum { SONNET = sizeof sonnet - 1 };

static void so_many_bytes_arrive_and_not_one_more(void **state)
{
    (void)state;
    for (uint64_t bytes = 0; bytes <= SONNET; bytes++) {
        for (uint64_t seed = 0; seed < 20; seed++) {
            struct stage *stage = connected(CHOICE_SEEDED, seed, net_options_default());
            link_break_after(stage->client.link, LINK_TO_SERVER, bytes);
            link_write(stage->client.link, NET_CLIENT, sonnet, 5);
            link_write(stage->client.link, NET_CLIENT, sonnet + 5, SONNET - 5);
            settle(stage);
            assert_int_equal(stage->server.heard_length, bytes);
            assert_memory_equal(stage->server.heard, sonnet, bytes);
            assert_int_equal(stage->client.ended, 1);
            assert_int_equal(stage->server.ended, 1);
            drop_curtain(stage);
        }
    }
}

static void where_fewer_bytes_arrive_the_link_does_not_fail(void **state)
{
    (void)state;
    struct stage *stage = quiet();
    link_break_after(stage->client.link, LINK_EITHER_WAY, SONNET + 1);
    says(&stage->client, sonnet);
    settle(stage);
    expect_heard(&stage->server, sonnet);
    assert_int_equal(stage->client.ended + stage->server.ended, 0);
    says(&stage->server, "ay");
    settle(stage);
    expect_heard(&stage->client, "a");
    assert_int_equal(stage->client.ended, 1);
    assert_int_equal(stage->server.ended, 1);
    drop_curtain(stage);
}

static void bytes_of_either_way_count_together(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct stage *stage = connected(CHOICE_SEEDED, seed, net_options_default());
        stage->server.when_bytes = ECHO;
        link_break_after(stage->client.link, LINK_EITHER_WAY, SONNET + seed % SONNET);
        link_write(stage->client.link, NET_CLIENT, sonnet, SONNET);
        settle(stage);
        assert_int_equal(stage->client.heard_length + stage->server.heard_length, SONNET + seed % SONNET);
        assert_memory_equal(stage->client.heard, sonnet, stage->client.heard_length);
        assert_int_equal(stage->client.ended, 1);
        drop_curtain(stage);
    }
}

static void each_way_has_its_own_count_and_the_first_to_be_used_up_counts(void **state)
{
    (void)state;
    struct stage *stage = quiet();
    struct link *link = stage->client.link;
    link_break_after(link, LINK_TO_SERVER, 1);
    link_break_after(link, LINK_TO_SERVER, 20); /* in its place */
    link_break_after(link, LINK_TO_CLIENT, 4);
    link_break_after(link, LINK_EITHER_WAY, 30);
    link_write(link, NET_CLIENT, sonnet, 10);
    settle(stage);
    assert_int_equal(stage->server.heard_length, 10);
    link_write(link, NET_SERVER, sonnet, 10);
    settle(stage);
    assert_int_equal(stage->client.heard_length, 4);
    assert_int_equal(stage->client.ended, 1);
    assert_int_equal(stage->server.ended, 1);
    drop_curtain(stage);
}

static void to_break_after_no_bytes_is_to_break_at_once(void **state)
{
    (void)state;
    struct stage *stage = quiet();
    says(&stage->client, "lost");
    link_break_after(stage->client.link, LINK_TO_CLIENT, 0);
    assert_int_equal(says(&stage->client, "more"), 0);
    settle(stage);
    expect_heard(&stage->server, "");
    assert_int_equal(stage->client.ended, 1);
    assert_int_equal(stage->server.ended, 1);
    drop_curtain(stage);
}

static void the_end_behind_the_last_byte_of_who_has_closed_is_told_once(void **state)
{
    (void)state;
    for (uint64_t bytes = 1; bytes <= 8; bytes++) {
        struct stage *stage = quiet();
        link_break_after(stage->client.link, LINK_TO_SERVER, bytes);
        says(&stage->client, "farewell");
        link_close(stage->client.link, NET_CLIENT);
        settle(stage);
        assert_int_equal(stage->server.heard_length, bytes);
        assert_int_equal(stage->server.ended, 1);
        assert_int_equal(stage->client.ended, 0);
        drop_curtain(stage);
    }
}

static void whoever_ends_the_link_on_its_last_byte_hears_nothing_more(void **state)
{
    (void)state;
    static const enum deed deeds[] = { CLOSE, BREAK, FAIL, HALF_CLOSE, CLOSE_OTHER, BREAK_OTHER, ECHO };
    for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++) {
        struct stage *stage = quiet();
        stage->server.when_bytes = deeds[i];
        link_break_after(stage->client.link, LINK_TO_SERVER, 4);
        says(&stage->client, "farewell");
        settle(stage);
        expect_heard(&stage->server, "fare");
        expect_heard(&stage->client, "");
        assert_int_equal(stage->server.ended, deeds[i] != CLOSE && deeds[i] != BREAK);
        assert_int_equal(stage->client.ended, deeds[i] != CLOSE_OTHER && deeds[i] != BREAK_OTHER);
        drop_curtain(stage);
    }
}

static void nobody_is_told_of_room_on_a_link_that_failed(void **state)
{
    (void)state;
    struct net_options options = net_options_default();
    options.capacity = 10;
    struct stage *stage = connected(CHOICE_SCRIPTED, 1, options);
    link_break_after(stage->client.link, LINK_TO_SERVER, 8);
    assert_int_equal(says(&stage->client, "0123456789ab"), 10);
    settle(stage);
    expect_heard(&stage->server, "01234567");
    assert_int_equal(stage->client.writable, 0);
    drop_curtain(stage);
}

static void a_cut_and_the_largest_piece_both_bound_a_piece(void **state)
{
    (void)state;
    struct stage *stage = quiet();
    link_set_largest_piece(stage->client.link, 3);
    link_break_after(stage->client.link, LINK_TO_SERVER, 7);
    says(&stage->client, "banishment");
    settle(stage);
    expect_heard(&stage->server, "banishm");
    assert_int_equal(stage->server.pieces, 3);
    drop_curtain(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(so_many_bytes_arrive_and_not_one_more),
        cmocka_unit_test(where_fewer_bytes_arrive_the_link_does_not_fail),
        cmocka_unit_test(bytes_of_either_way_count_together),
        cmocka_unit_test(each_way_has_its_own_count_and_the_first_to_be_used_up_counts),
        cmocka_unit_test(to_break_after_no_bytes_is_to_break_at_once),
        cmocka_unit_test(the_end_behind_the_last_byte_of_who_has_closed_is_told_once),
        cmocka_unit_test(whoever_ends_the_link_on_its_last_byte_hears_nothing_more),
        cmocka_unit_test(nobody_is_told_of_room_on_a_link_that_failed),
        cmocka_unit_test(a_cut_and_the_largest_piece_both_bound_a_piece),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
