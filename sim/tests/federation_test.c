/* The connections between servers, each end with a list of its callbacks. */
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

struct rig {
    struct world *world;
    struct trace *trace;
    struct federation *federation;
    struct server montague, capulet;
    struct server seen; /* what the watcher was told */
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

static void join(struct rig *rig, struct server *server, const char *name, const char *const *domains,
                 size_t count)
{
    federation_join(rig->federation, name, domains, count,
                    (struct federation_end){ arrived, unroutable, server });
}

static void begin(struct rig *rig, enum choice_policy policy, uint64_t seed)
{
    static const char *const montague[] = { "montague.lit", "escalus.lit" };
    static const char *const capulet[] = { "capulet.lit" };
    *rig = (struct rig){ .trace = trace_new(NULL, NULL) };
    rig->world = world_new(policy, seed, rig->trace);
    rig->federation = federation_new(rig->world);
    join(rig, &rig->montague, "Montague", montague, 2);
    join(rig, &rig->capulet, "Capulet", capulet, 1);
}

static void end(struct rig *rig)
{
    world_free(rig->world);
    trace_free(rig->trace);
    federation_free(rig->federation);
}

static void send(struct rig *rig, const char *to, const char *stanza)
{
    federation_send(rig->federation, &rig->montague, "montague.lit", to, stanza, strlen(stanza));
}

static void settle(struct rig *rig)
{
    assert_true(world_settle(rig->world, 1000));
}

static void what_is_sent_arrives_later_and_names_its_domain(void **state)
{
    struct rig rig;
    (void)state;
    begin(&rig, CHOICE_SCRIPTED, 0);
    send(&rig, "capulet.lit", "a");
    assert_string_equal(rig.capulet.said, "");
    settle(&rig);
    assert_string_equal(rig.capulet.said, "montague.lit:a ");
    assert_string_equal(rig.montague.said, "");
    assert_true(world_now(rig.world) > 0);
    end(&rig);
}

static void the_order_is_kept_whatever_the_seed(void **state)
{
    struct rig rig;
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        begin(&rig, CHOICE_SEEDED, seed);
        send(&rig, "capulet.lit", "a");
        send(&rig, "capulet.lit", "b");
        federation_send(rig.federation, &rig.montague, "escalus.lit", "capulet.lit", "c", 1);
        send(&rig, "capulet.lit", "d");
        settle(&rig);
        assert_string_equal(rig.capulet.said, "montague.lit:a montague.lit:b escalus.lit:c montague.lit:d ");
        end(&rig);
    }
}

static void an_unknown_domain_is_returned_as_not_found_and_is_no_loss(void **state)
{
    struct rig rig;
    (void)state;
    begin(&rig, CHOICE_SCRIPTED, 0);
    send(&rig, "mantua.lit", "a");
    assert_string_equal(rig.montague.said, "");
    settle(&rig);
    assert_string_equal(rig.montague.said, "none:a ");
    assert_false(federation_lost(rig.federation, &rig.montague, &rig.capulet));
    assert_true(federation_serves(rig.federation, &rig.montague, "montague.lit"));
    assert_false(federation_serves(rig.federation, &rig.montague, "capulet.lit"));
    assert_false(federation_serves(rig.federation, &rig.montague, "elsewhere.lit"));
    assert_false(federation_serves(rig.federation, &rig, "montague.lit"));
    end(&rig);
}

static void the_parted_lose_what_they_send_until_they_are_joined_again(void **state)
{
    struct rig rig;
    (void)state;
    begin(&rig, CHOICE_SCRIPTED, 0);
    send(&rig, "capulet.lit", "a"); /* under way */
    federation_part(rig.federation, true);
    assert_false(federation_lost(rig.federation, &rig.montague, &rig.capulet));
    send(&rig, "capulet.lit", "b");
    send(&rig, "mantua.lit", "c");
    federation_part(rig.federation, false);
    send(&rig, "capulet.lit", "d");
    settle(&rig);
    assert_string_equal(rig.montague.said, "timeout:b none:c ");
    assert_string_equal(rig.capulet.said, "montague.lit:a montague.lit:d ");
    assert_true(federation_lost(rig.federation, &rig.montague, &rig.capulet));
    assert_true(federation_lost(rig.federation, &rig.capulet, &rig.montague));
    end(&rig);
}

static void an_injected_stanza_reaches_its_domain(void **state)
{
    struct rig rig;
    (void)state;
    begin(&rig, CHOICE_SCRIPTED, 0);
    assert_false(federation_inject(rig.federation, "evil.lit", "mantua.lit", "a", 1));
    assert_true(federation_inject(rig.federation, "evil.lit", "escalus.lit", "b", 1));
    settle(&rig);
    assert_string_equal(rig.montague.said, "evil.lit:b ");
    end(&rig);
}

static void what_is_under_way_at_the_end_is_forgotten(void **state)
{
    struct rig rig;
    (void)state;
    begin(&rig, CHOICE_SCRIPTED, 0);
    send(&rig, "capulet.lit", "a");
    send(&rig, "mantua.lit", "b");
    end(&rig);
    assert_string_equal(rig.capulet.said, "");
    federation_free(NULL);
}

/* ---- A server that is down ---- */

/* RFC 6120, 8.3.3.17. */
static void what_gets_to_a_server_that_is_down_comes_back(void **state)
{
    struct rig rig;
    (void)state;
    begin(&rig, CHOICE_SCRIPTED, 0);
    send(&rig, "capulet.lit", "under way");
    federation_down(rig.federation, &rig.capulet, true);
    send(&rig, "capulet.lit", "later");
    assert_true(federation_inject(rig.federation, "mantua.lit", "capulet.lit", "x", 1));
    settle(&rig);
    assert_string_equal(rig.capulet.said, "");
    assert_string_equal(rig.montague.said, "timeout:under way timeout:later ");
    federation_down(rig.federation, &rig.capulet, false);
    send(&rig, "capulet.lit", "again");
    settle(&rig);
    assert_string_equal(rig.capulet.said, "montague.lit:again ");
    end(&rig);
}

static void what_comes_back_to_a_server_that_has_been_down_is_lost(void **state)
{
    struct rig rig;
    (void)state;
    begin(&rig, CHOICE_SCRIPTED, 0);
    send(&rig, "mantua.lit", "to nobody");
    federation_down(rig.federation, &rig.montague, true);
    federation_down(rig.federation, &rig.montague, false);
    send(&rig, "mantua.lit", "to nobody again");
    settle(&rig);
    assert_string_equal(rig.montague.said, "none:to nobody again ");
    end(&rig);
}

static void what_a_server_sent_before_it_went_down_arrives(void **state)
{
    struct rig rig;
    (void)state;
    begin(&rig, CHOICE_SCRIPTED, 0);
    send(&rig, "capulet.lit", "farewell");
    federation_down(rig.federation, &rig.montague, true);
    settle(&rig);
    assert_string_equal(rig.capulet.said, "montague.lit:farewell ");
    end(&rig);
}

static void a_server_that_has_been_down_has_lost_touch_with_all(void **state)
{
    struct rig rig;
    (void)state;
    begin(&rig, CHOICE_SCRIPTED, 0);
    assert_false(federation_lost(rig.federation, &rig.montague, &rig.capulet));
    federation_down(rig.federation, &rig.capulet, true);
    federation_down(rig.federation, &rig.capulet, false);
    assert_true(federation_lost(rig.federation, &rig.montague, &rig.capulet));
    assert_true(federation_lost(rig.federation, &rig.capulet, &rig.montague));
    end(&rig);
}

static void in_a_world_of_any_order_each_wire_is_one_possibility(void **state)
{
    struct rig rig;
    (void)state;
    begin(&rig, CHOICE_SEEDED, 1);
    world_set_any_order(rig.world);
    send(&rig, "capulet.lit", "a");
    send(&rig, "capulet.lit", "b");
    send(&rig, "mantua.lit", "c");
    assert_int_equal(world_pending(rig.world), 2);
    assert_int_equal(world_choices(rig.world)->asked, 0);
    settle(&rig);
    assert_int_equal(world_now(rig.world), 0);
    assert_string_equal(rig.capulet.said, "montague.lit:a montague.lit:b ");
    assert_string_equal(rig.montague.said, "none:c ");
    end(&rig);
}

static void watch(void *host, const void *who, const char *to_domain, const char *stanza, size_t length)
{
    struct rig *rig = host;
    char seen[64];
    (void)snprintf(seen, sizeof seen, "%s>%s", who == &rig->montague ? "montague" : "?", to_domain);
    note(&rig->seen, seen, stanza, length);
}

/* When it is sent, whatever becomes of it; what comes from outside is not routed. */
static void what_is_routed_is_watched(void **state)
{
    struct rig rig;
    (void)state;
    begin(&rig, CHOICE_SCRIPTED, 0);
    send(&rig, "capulet.lit", "unseen");
    federation_watch(rig.federation, (struct federation_watcher){ &rig, watch });
    send(&rig, "capulet.lit", "a");
    send(&rig, "mantua.lit", "b");
    federation_part(rig.federation, true);
    send(&rig, "capulet.lit", "c");
    assert_true(federation_inject(rig.federation, "evil.lit", "montague.lit", "d", 1));
    assert_string_equal(rig.seen.said,
                        "montague>capulet.lit:a montague>mantua.lit:b montague>capulet.lit:c ");
    settle(&rig);
    assert_string_equal(rig.seen.said,
                        "montague>capulet.lit:a montague>mantua.lit:b montague>capulet.lit:c ");
    end(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_sent_arrives_later_and_names_its_domain),
        cmocka_unit_test(the_order_is_kept_whatever_the_seed),
        cmocka_unit_test(an_unknown_domain_is_returned_as_not_found_and_is_no_loss),
        cmocka_unit_test(the_parted_lose_what_they_send_until_they_are_joined_again),
        cmocka_unit_test(an_injected_stanza_reaches_its_domain),
        cmocka_unit_test(what_is_under_way_at_the_end_is_forgotten),
        cmocka_unit_test(what_gets_to_a_server_that_is_down_comes_back),
        cmocka_unit_test(what_comes_back_to_a_server_that_has_been_down_is_lost),
        cmocka_unit_test(what_a_server_sent_before_it_went_down_arrives),
        cmocka_unit_test(a_server_that_has_been_down_has_lost_touch_with_all),
        cmocka_unit_test(in_a_world_of_any_order_each_wire_is_one_possibility),
        cmocka_unit_test(what_is_routed_is_watched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
