/* Presence to one address or one contact (RFC 6121, 4.3, 4.6, 8.5). */
#include "presence/announce.h"

#include "account/user.h"
#include "inside.h"
#include "presence/directed.h"
#include "rig.h"

static int set_up(void **state)
{
    (void)state;
    rig_begin_routed();
    return 0;
}

/* romeo and juliet are subscribed to each other. */
static int subscribed(void **state)
{
    set_up(state);
    rig_keep_item("romeo@localhost", "juliet@localhost", "both");
    rig_keep_item("juliet@localhost", "romeo@localhost", "both");
    return 0;
}

#define FROM(jid) " from='" jid "'"

/* ---- Available ---- */

/* 4.3.2: the last presence of each available resource, to the address that asked. */
static void the_presence_of_each_available_resource_is_sent(void **state)
{
    (void)state;
    struct host_link *orchard = rig_online("romeo", "orchard"), *garden = rig_online("romeo", "garden");
    rig_login("romeo", "phone");
    struct host_link *dying = rig_online("romeo", "mantua"), *juliet = rig_online("juliet", "balcony");
    struct host_link *other = rig_online("juliet", "street");
    rig_say(orchard, "<presence><show>away</show></presence>");
    session_disconnect(inside_session(dying));
    rig_take(juliet);
    rig_take(other);
    assert_true(announce_available(inside_session(garden)->user, "juliet@localhost/balcony"));
    const char *text = rig_take(juliet);
    assert_int_equal(rig_count(text, "<presence "), 2);
    assert_int_equal(rig_count(text, " to='juliet@localhost/balcony'"), 2);
    rig_assert_has(text, FROM("romeo@localhost/orchard"));
    rig_assert_has(text, FROM("romeo@localhost/garden"));
    rig_assert_has(text, "<show>away</show>");
    assert_string_equal(rig_take(other), "");
    assert_true(announce_available(inside_session(garden)->user, "juliet@localhost"));
    assert_int_equal(rig_count(rig_take(juliet), "<presence "), 2);
    assert_int_equal(rig_count(rig_take(other), "<presence "), 2);
}

static void without_an_available_resource_nothing_is_sent(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard"), *juliet = rig_online("juliet", "balcony");
    rig_take(juliet);
    assert_false(announce_available(inside_session(romeo)->user, "juliet@localhost"));
    assert_false(announce_available(NULL, "juliet@localhost"));
    assert_string_equal(rig_take(juliet), "");
}

/* ---- Unavailable ---- */

static void announce_unavailable_to(struct user *user, const char *contact)
{
    struct jid jid;
    assert_true(jid_parse_string(&jid, contact));
    announce_unavailable(user, &jid);
}

/* Also to a resource that only received directed presence, and then no more at the end (4.6.3). */
static void unavailable_presence_goes_to_the_contact_and_to_what_presence_was_directed_at(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_online("romeo", "garden");
    struct host_link *juliet = rig_online("juliet", "balcony"), *phone = rig_login("juliet", "phone");
    struct host_link *nurse = rig_online("nurse", "chamber");
    rig_say(romeo, "<presence to='juliet@localhost/phone'/><presence to='juliet@localhost/balcony'/>"
                   "<presence to='nurse@localhost/chamber'/><presence to='juliet@capulet.lit/hall'/>");
    rig_take(juliet);
    rig_take(phone);
    rig_take(nurse);
    struct session *session = inside_session(romeo);
    announce_unavailable_to(session->user, "juliet@localhost");
    const char *text = rig_take(juliet);
    assert_int_equal(rig_count(text, " type='unavailable'"), 2); /* one of each resource */
    rig_assert_has(text, FROM("romeo@localhost/orchard"));
    rig_assert_has(text, FROM("romeo@localhost/garden"));
    text = rig_take(phone);
    assert_int_equal(rig_count(text, " type='unavailable'"), 1);
    rig_assert_has(text, " to='juliet@localhost/phone'");
    assert_string_equal(rig_take(nurse), "");
    assert_string_equal(session->directed->jid, "nurse@localhost/chamber");
    assert_string_equal(session->directed->next->jid, "juliet@capulet.lit/hall");
    assert_null(session->directed->next->next);
}

/* A remote account and a resource of it that was sent directed presence: the former by the broadcast. */
static void a_remote_contact_is_notified_through_the_port(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, "<presence to='juliet@capulet.lit/hall'/><presence to='juliet@capulet.lit'/>");
    host_forget_routed(&rig);
    announce_unavailable_to(inside_session(romeo)->user, "juliet@capulet.lit");
    assert_int_equal(rig.routed_count, 2);
    rig_assert_has(rig.routed[0].stanza, " to='juliet@capulet.lit' type='unavailable'");
    rig_assert_has(rig.routed[1].stanza, " to='juliet@capulet.lit/hall' type='unavailable'");
    assert_null(inside_session(romeo)->directed);
}

static void assert_gone_once(struct host_link *link)
{
    const char *text = rig_take(link);
    assert_int_equal(rig_count(text, "<presence "), 1);
    rig_assert_has(text, " type='unavailable'");
    rig_assert_has(text, FROM("romeo@localhost/orchard"));
}

/* RFC 6121, 3.2.2 and 4.6.6: the end of the subscription withdraws presence directed at the contact, and
 * nothing else. */
static void directed_presence_is_withdrawn_with_the_subscription(void **state)
{
    (void)state;
    struct host_link *juliet = rig_online("juliet", "balcony"), *phone = rig_login("juliet", "phone");
    struct host_link *mercutio = rig_online("mercutio", "street"), *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, "<presence to='mercutio@localhost/street'/><presence to='juliet@localhost/phone'/>"
                   "<presence to='juliet@localhost/balcony'/><presence to='juliet@localhosts'/>");
    rig_take(juliet);
    rig_take(phone);
    rig_take(mercutio);
    rig_say(romeo, "<presence type='unsubscribed' to='juliet@localhost'/>");
    assert_int_equal(rig_count(rig_take(juliet), " type='unavailable'"), 1);
    assert_gone_once(phone);
    assert_string_equal(rig_take(mercutio), "");
    rig_hangup(romeo);
    assert_string_equal(rig_take(phone), "");
    assert_gone_once(mercutio);
}

/* ---- Any presence ---- */

static void route(const char *xml, const char *to)
{
    struct jid jid;
    assert_true(jid_parse_string(&jid, to));
    announce_route(rig.core, inside_stanza(xml), &jid);
}

/* 8.5.2.1.2, 8.5.3.1; presence without a recipient is dropped (8.5.1, 8.5.2.2.2). */
static void presence_is_delivered_to_its_address(void **state)
{
    (void)state;
    struct host_link *juliet = rig_online("juliet", "balcony"), *garden = rig_online("juliet", "garden");
    rig_take(juliet);
    rig_take(garden);
    route("<presence from='j@capulet.lit/b' to='juliet@localhost/balcony' type='error'/>",
          "juliet@localhost/balcony");
    rig_assert_has(rig_take(juliet), " type='error'");
    assert_string_equal(rig_take(garden), "");
    route("<presence from='j@capulet.lit/b' to='juliet@localhost'/>", "juliet@localhost");
    assert_int_equal(rig_count(rig_take(juliet), FROM("j@capulet.lit/b")), 1);
    assert_int_equal(rig_count(rig_take(garden), FROM("j@capulet.lit/b")), 1);
    route("<presence from='j@capulet.lit/b' to='nobody@localhost'/>", "nobody@localhost");
    assert_int_equal(rig.routed_count, 0);
}

static void presence_for_another_server_is_routed(void **state)
{
    (void)state;
    route("<presence from='romeo@localhost' to='j@capulet.lit' type='unavailable'/>", "j@capulet.lit");
    assert_int_equal(rig.routed_count, 1);
    rig_assert_has(rig.routed[0].stanza, " to='j@capulet.lit'");
    rig_assert_has(rig.routed[0].stanza, " type='unavailable'");
}

/* announce_route takes the presence, whatever becomes of it. */
static void presence_for_which_there_is_no_memory_is_freed(void **state)
{
    size_t nth = 0, needed = 0;
    do {
        struct host_link *juliet = rig_online("juliet", "balcony"), *nurse = rig_online("nurse", "chamber");
        struct stanza *stanza = inside_stanza("<presence from='j@capulet.lit/b' to='juliet@localhost'/>");
        struct jid to;
        assert_true(jid_parse_string(&to, "juliet@localhost"));
        rig_take(juliet);
        size_t before = rig.memory.allocations;
        rig.memory.fail_at = before + ++nth;
        announce_route(rig.core, stanza, &to);
        needed = rig.memory.allocations - before;
        rig.memory.fail_at = 0;
        inside_settle();
        assert_true(juliet->closed || rig_count(rig_take(juliet), FROM("j@capulet.lit/b")) == 1);
        assert_false(nurse->closed);
        rig_end(); /* detects leaks */
        set_up(state);
    } while (nth <= needed);
}

#define TEST(test)       RIG_TEST_FROM(test, set_up)
#define SUBSCRIBED(test) RIG_TEST_FROM(test, subscribed)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_presence_of_each_available_resource_is_sent),
        TEST(without_an_available_resource_nothing_is_sent),
        SUBSCRIBED(unavailable_presence_goes_to_the_contact_and_to_what_presence_was_directed_at),
        TEST(a_remote_contact_is_notified_through_the_port),
        SUBSCRIBED(directed_presence_is_withdrawn_with_the_subscription),
        TEST(presence_is_delivered_to_its_address),
        TEST(presence_for_another_server_is_routed),
        TEST(presence_for_which_there_is_no_memory_is_freed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
