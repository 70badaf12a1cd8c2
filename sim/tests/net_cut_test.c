#include "net_rig.h"

static const char sonnet[] = "N\xc3\xa9"
                             "e, if I profane with my unworthiest hand";
enum { SONNET = sizeof sonnet - 1 };

static void so_many_bytes_arrive_and_not_one_more(void **state)
{
    (void)state;
    for (uint64_t bytes = 0; bytes <= SONNET; bytes++) {
        for (uint64_t seed = 0; seed < 20; seed++) {
            struct net_rig *rig = connected(CHOICE_SEEDED, seed, net_options_default());
            link_break_after(rig->client.link, LINK_TO_SERVER, bytes);
            link_write(rig->client.link, NET_CLIENT, sonnet, 5);
            link_write(rig->client.link, NET_CLIENT, sonnet + 5, SONNET - 5);
            settle(rig);
            assert_int_equal(rig->server.heard.length, bytes);
            assert_memory_equal(rig->server.heard.bytes, sonnet, bytes);
            assert_int_equal(rig->client.ended, 1);
            assert_int_equal(rig->server.ended, 1);
            net_rig_close(rig);
        }
    }
}

static void where_fewer_bytes_arrive_the_link_does_not_fail(void **state)
{
    (void)state;
    struct net_rig *rig = quiet();
    link_break_after(rig->client.link, LINK_EITHER_WAY, SONNET + 1);
    says(&rig->client, sonnet);
    settle(rig);
    expect_heard(&rig->server, sonnet);
    assert_int_equal(rig->client.ended + rig->server.ended, 0);
    says(&rig->server, "ay");
    settle(rig);
    expect_heard(&rig->client, "a");
    assert_int_equal(rig->client.ended, 1);
    assert_int_equal(rig->server.ended, 1);
    net_rig_close(rig);
}

static void bytes_of_either_way_count_together(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct net_rig *rig = connected(CHOICE_SEEDED, seed, net_options_default());
        rig->server.when_bytes = ECHO;
        link_break_after(rig->client.link, LINK_EITHER_WAY, SONNET + seed % SONNET);
        link_write(rig->client.link, NET_CLIENT, sonnet, SONNET);
        settle(rig);
        assert_int_equal(rig->client.heard.length + rig->server.heard.length, SONNET + seed % SONNET);
        assert_memory_equal(rig->client.heard.bytes, sonnet, rig->client.heard.length);
        assert_int_equal(rig->client.ended, 1);
        net_rig_close(rig);
    }
}

static void each_way_has_its_own_count_and_the_first_to_be_used_up_counts(void **state)
{
    (void)state;
    struct net_rig *rig = quiet();
    struct link *link = rig->client.link;
    link_break_after(link, LINK_TO_SERVER, 1);
    link_break_after(link, LINK_TO_SERVER, 20); /* in its place */
    link_break_after(link, LINK_TO_CLIENT, 4);
    link_break_after(link, LINK_EITHER_WAY, 30);
    link_write(link, NET_CLIENT, sonnet, 10);
    settle(rig);
    assert_int_equal(rig->server.heard.length, 10);
    link_write(link, NET_SERVER, sonnet, 10);
    settle(rig);
    assert_int_equal(rig->client.heard.length, 4);
    assert_int_equal(rig->client.ended, 1);
    assert_int_equal(rig->server.ended, 1);
    net_rig_close(rig);
}

static void to_break_after_no_bytes_is_to_break_at_once(void **state)
{
    (void)state;
    struct net_rig *rig = quiet();
    says(&rig->client, "lost");
    link_break_after(rig->client.link, LINK_TO_CLIENT, 0);
    assert_int_equal(says(&rig->client, "more"), 0);
    settle(rig);
    expect_heard(&rig->server, "");
    assert_int_equal(rig->client.ended, 1);
    assert_int_equal(rig->server.ended, 1);
    net_rig_close(rig);
}

static void the_end_after_the_last_byte_of_a_closed_side_arrives_once(void **state)
{
    (void)state;
    for (uint64_t bytes = 1; bytes <= 8; bytes++) {
        struct net_rig *rig = quiet();
        link_break_after(rig->client.link, LINK_TO_SERVER, bytes);
        says(&rig->client, "farewell");
        link_close(rig->client.link, NET_CLIENT);
        settle(rig);
        assert_int_equal(rig->server.heard.length, bytes);
        assert_int_equal(rig->server.ended, 1);
        assert_int_equal(rig->client.ended, 0);
        net_rig_close(rig);
    }
}

static void a_side_that_ends_the_link_on_its_last_byte_gets_no_more_callbacks(void **state)
{
    (void)state;
    static const enum deed deeds[] = { CLOSE, BREAK, FAIL, HALF_CLOSE, CLOSE_OTHER, BREAK_OTHER, ECHO };
    for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++) {
        struct net_rig *rig = quiet();
        rig->server.when_bytes = deeds[i];
        link_break_after(rig->client.link, LINK_TO_SERVER, 4);
        says(&rig->client, "farewell");
        settle(rig);
        expect_heard(&rig->server, "fare");
        expect_heard(&rig->client, "");
        assert_int_equal(rig->server.ended, deeds[i] != CLOSE && deeds[i] != BREAK);
        assert_int_equal(rig->client.ended, deeds[i] != CLOSE_OTHER && deeds[i] != BREAK_OTHER);
        net_rig_close(rig);
    }
}

static void writable_is_not_called_on_a_failed_link(void **state)
{
    (void)state;
    struct net_options options = net_options_default();
    options.capacity = 10;
    struct net_rig *rig = connected(CHOICE_SCRIPTED, 1, options);
    link_break_after(rig->client.link, LINK_TO_SERVER, 8);
    assert_int_equal(says(&rig->client, "0123456789ab"), 10);
    settle(rig);
    expect_heard(&rig->server, "01234567");
    assert_int_equal(rig->client.writable, 0);
    net_rig_close(rig);
}

static void a_cut_and_the_largest_piece_both_bound_a_piece(void **state)
{
    (void)state;
    struct net_rig *rig = quiet();
    link_set_largest_piece(rig->client.link, 3);
    link_break_after(rig->client.link, LINK_TO_SERVER, 7);
    says(&rig->client, "banishment");
    settle(rig);
    expect_heard(&rig->server, "banishm");
    assert_int_equal(rig->server.pieces, 3);
    net_rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(so_many_bytes_arrive_and_not_one_more),
        cmocka_unit_test(where_fewer_bytes_arrive_the_link_does_not_fail),
        cmocka_unit_test(bytes_of_either_way_count_together),
        cmocka_unit_test(each_way_has_its_own_count_and_the_first_to_be_used_up_counts),
        cmocka_unit_test(to_break_after_no_bytes_is_to_break_at_once),
        cmocka_unit_test(the_end_after_the_last_byte_of_a_closed_side_arrives_once),
        cmocka_unit_test(a_side_that_ends_the_link_on_its_last_byte_gets_no_more_callbacks),
        cmocka_unit_test(writable_is_not_called_on_a_failed_link),
        cmocka_unit_test(a_cut_and_the_largest_piece_both_bound_a_piece),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
