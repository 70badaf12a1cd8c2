/* The wires between servers, each a list of what it was told. */
#include "../world/federation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { SEEDS = 32 };

struct server {
    char said[1024];
};

struct play {
    struct world *world;
    struct trace *trace;
    struct federation *federation;
    struct server montague, capulet;
};

static void note(struct server *server, const char *what, const char *bytes, size_t length)
{
    size_t used = strlen(server->said);
    (void)snprintf(server->said + used, sizeof server->said - used, "%s:%.*s ", what, (int)length, bytes);
}

static void arrived(void *who, const char *from_domain, const char *stanza, size_t length)
{
    note(who, from_domain, stanza, length);
}

static void unroutable(void *who, const char *stanza, size_t length, enum core_route_failure why)
{
    note(who, why == CORE_NO_SERVER ? "none" : "timeout", stanza, length);
}

static void join(struct play *play, struct server *server, const char *name, const char *const *domains,
                 size_t count)
{
    federation_join(play->federation, name, domains, count,
                    (struct federation_end){ arrived, unroutable, server });
}

static void begin(struct play *play, enum choice_policy policy, uint64_t seed)
{
    static const char *const montague[] = { "montague.lit", "escalus.lit" };
    static const char *const capulet[] = { "capulet.lit" };
    *play = (struct play){ .trace = trace_new(NULL, NULL) };
    play->world = world_new(policy, seed, play->trace);
    play->federation = federation_new(play->world);
    join(play, &play->montague, "Montague", montague, 2);
    join(play, &play->capulet, "Capulet", capulet, 1);
}

static void end(struct play *play)
{
    world_free(play->world);
    trace_free(play->trace);
    federation_free(play->federation);
}

static void send(struct play *play, const char *to, const char *stanza)
{
    federation_send(play->federation, &play->montague, "montague.lit", to, stanza, strlen(stanza));
}

static void settle(struct play *play)
{
    assert_true(world_settle(play->world, 1000));
}

static void what_is_sent_arrives_later_and_names_its_domain(void **state)
{
    struct play play;
    (void)state;
    begin(&play, CHOICE_SCRIPTED, 0);
    send(&play, "capulet.lit", "a");
    assert_string_equal(play.capulet.said, "");
    settle(&play);
    assert_string_equal(play.capulet.said, "montague.lit:a ");
    assert_string_equal(play.montague.said, "");
    assert_true(world_now(play.world) > 0);
    end(&play);
}

static void the_order_is_kept_whatever_the_seed(void **state)
{
    struct play play;
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        begin(&play, CHOICE_SEEDED, seed);
        send(&play, "capulet.lit", "a");
        send(&play, "capulet.lit", "b");
        federation_send(play.federation, &play.montague, "escalus.lit", "capulet.lit", "c", 1);
        send(&play, "capulet.lit", "d");
        settle(&play);
        assert_string_equal(play.capulet.said, "montague.lit:a montague.lit:b escalus.lit:c montague.lit:d ");
        end(&play);
    }
}

static void nobodys_domain_comes_back_as_not_found_and_is_no_loss(void **state)
{
    struct play play;
    (void)state;
    begin(&play, CHOICE_SCRIPTED, 0);
    send(&play, "mantua.lit", "a");
    assert_string_equal(play.montague.said, "");
    settle(&play);
    assert_string_equal(play.montague.said, "none:a ");
    assert_false(federation_lost(play.federation, &play.montague, &play.capulet));
    end(&play);
}

static void the_parted_lose_what_they_send_until_they_are_joined_again(void **state)
{
    struct play play;
    (void)state;
    begin(&play, CHOICE_SCRIPTED, 0);
    send(&play, "capulet.lit", "a"); /* under way */
    federation_part(play.federation, true);
    assert_false(federation_lost(play.federation, &play.montague, &play.capulet));
    send(&play, "capulet.lit", "b");
    send(&play, "mantua.lit", "c");
    federation_part(play.federation, false);
    send(&play, "capulet.lit", "d");
    settle(&play);
    assert_string_equal(play.montague.said, "timeout:b none:c ");
    assert_string_equal(play.capulet.said, "montague.lit:a montague.lit:d ");
    assert_true(federation_lost(play.federation, &play.montague, &play.capulet));
    assert_true(federation_lost(play.federation, &play.capulet, &play.montague));
    end(&play);
}

static void the_outside_world_reaches_whom_it_names(void **state)
{
    struct play play;
    (void)state;
    begin(&play, CHOICE_SCRIPTED, 0);
    assert_false(federation_inject(play.federation, "evil.lit", "mantua.lit", "a", 1));
    assert_true(federation_inject(play.federation, "evil.lit", "escalus.lit", "b", 1));
    settle(&play);
    assert_string_equal(play.montague.said, "evil.lit:b ");
    end(&play);
}

static void what_is_under_way_at_the_end_is_forgotten(void **state)
{
    struct play play;
    (void)state;
    begin(&play, CHOICE_SCRIPTED, 0);
    send(&play, "capulet.lit", "a");
    send(&play, "mantua.lit", "b");
    end(&play);
    assert_string_equal(play.capulet.said, "");
    federation_free(NULL);
}

/* ---- A server that is down ---- */

/* RFC 6120, 8.3.3.17. */
static void what_gets_to_a_server_that_is_down_comes_back(void **state)
{
    struct play play;
    (void)state;
    begin(&play, CHOICE_SCRIPTED, 0);
    send(&play, "capulet.lit", "under way");
    federation_down(play.federation, &play.capulet, true);
    send(&play, "capulet.lit", "later");
    assert_true(federation_inject(play.federation, "mantua.lit", "capulet.lit", "x", 1));
    settle(&play);
    assert_string_equal(play.capulet.said, "");
    assert_string_equal(play.montague.said, "timeout:under way timeout:later ");
    federation_down(play.federation, &play.capulet, false);
    send(&play, "capulet.lit", "again");
    settle(&play);
    assert_string_equal(play.capulet.said, "montague.lit:again ");
    end(&play);
}

static void what_comes_back_to_a_server_that_has_been_down_is_lost(void **state)
{
    struct play play;
    (void)state;
    begin(&play, CHOICE_SCRIPTED, 0);
    send(&play, "mantua.lit", "to nobody");
    federation_down(play.federation, &play.montague, true);
    federation_down(play.federation, &play.montague, false);
    send(&play, "mantua.lit", "to nobody again");
    settle(&play);
    assert_string_equal(play.montague.said, "none:to nobody again ");
    end(&play);
}

static void what_a_server_sent_before_it_went_down_arrives(void **state)
{
    struct play play;
    (void)state;
    begin(&play, CHOICE_SCRIPTED, 0);
    send(&play, "capulet.lit", "farewell");
    federation_down(play.federation, &play.montague, true);
    settle(&play);
    assert_string_equal(play.capulet.said, "montague.lit:farewell ");
    end(&play);
}

static void a_server_that_has_been_down_has_lost_touch_with_all(void **state)
{
    struct play play;
    (void)state;
    begin(&play, CHOICE_SCRIPTED, 0);
    assert_false(federation_lost(play.federation, &play.montague, &play.capulet));
    federation_down(play.federation, &play.capulet, true);
    federation_down(play.federation, &play.capulet, false);
    assert_true(federation_lost(play.federation, &play.montague, &play.capulet));
    assert_true(federation_lost(play.federation, &play.capulet, &play.montague));
    end(&play);
}

static void in_a_world_of_any_order_each_wire_is_one_possibility(void **state)
{
    struct play play;
    (void)state;
    begin(&play, CHOICE_SEEDED, 1);
    world_set_any_order(play.world);
    send(&play, "capulet.lit", "a");
    send(&play, "capulet.lit", "b");
    send(&play, "mantua.lit", "c");
    assert_int_equal(world_pending(play.world), 2);
    assert_int_equal(world_choices(play.world)->asked, 0);
    settle(&play);
    assert_int_equal(world_now(play.world), 0);
    assert_string_equal(play.capulet.said, "montague.lit:a montague.lit:b ");
    assert_string_equal(play.montague.said, "none:c ");
    end(&play);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_sent_arrives_later_and_names_its_domain),
        cmocka_unit_test(the_order_is_kept_whatever_the_seed),
        cmocka_unit_test(nobodys_domain_comes_back_as_not_found_and_is_no_loss),
        cmocka_unit_test(the_parted_lose_what_they_send_until_they_are_joined_again),
        cmocka_unit_test(the_outside_world_reaches_whom_it_names),
        cmocka_unit_test(what_is_under_way_at_the_end_is_forgotten),
        cmocka_unit_test(what_gets_to_a_server_that_is_down_comes_back),
        cmocka_unit_test(what_comes_back_to_a_server_that_has_been_down_is_lost),
        cmocka_unit_test(what_a_server_sent_before_it_went_down_arrives),
        cmocka_unit_test(a_server_that_has_been_down_has_lost_touch_with_all),
        cmocka_unit_test(in_a_world_of_any_order_each_wire_is_one_possibility),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
