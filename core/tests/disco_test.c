/* Disco information of the server and its accounts (XEP-0030), by settings and requesters; scenarios/services
 * tests the rest. */
#include "rig.h"

#define INFO      "http://jabber.org/protocol/disco#info"
#define ITEMS     "http://jabber.org/protocol/disco#items"
#define QUERY(ns) "<query xmlns='" ns "'/>"
#define NODE(ns)  "<query xmlns='" ns "' node='n'/>"

static int set_up(void **state)
{
    (void)state;
    rig_begin_routed();
    return 0;
}

static void get(const struct host_link *link, const char *to, const char *payload)
{
    char xml[256];
    snprintf(xml, sizeof xml, "<iq type='get' id='q'%s>%s</iq>", to, payload);
    rig_say(link, xml);
}

/* XEP-0030, 3.1: the announced features are the supported ones; rig.h disables all features that a test does
 * not name. */
static void a_feature_that_is_off_is_not_offered(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    get(romeo, " to='localhost'", QUERY(INFO));
    const char *text = rig_take(romeo);
    rig_assert_has(text, "<feature var='urn:xmpp:blocking'/>");
    rig_assert_has(text, "<feature var='urn:xmpp:ping'/>");
    rig_assert_lacks(text, "'msgoffline'");
    rig_assert_lacks(text, "'urn:xmpp:carbons:2'");
}

/* XEP-0030, 3.2: item-not-found for an unknown node. */
static void there_are_no_nodes(void **state)
{
    static const struct {
        const char *to, *payload;
    } rows[] = {
        { " to='localhost'", NODE(INFO) },
        { " to='localhost'", NODE(ITEMS) },
        { "", NODE(INFO) },
        { "", NODE(ITEMS) },
    };
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        get(romeo, rows[i].to, rows[i].payload);
        rig_assert_stanza_error(romeo, "cancel", "item-not-found");
    }
}

/* XEP-0030, 8: an account answers those that see its presence, and no others. */
static void an_account_answers_a_subscriber_at_another_server(void **state)
{
    (void)state;
    rig_keep_item("romeo@localhost", "juliet@capulet.lit", "from");
    rig_arrive("capulet.lit",
               "<iq from='juliet@capulet.lit/b' to='romeo@localhost' type='get' id='q'>" QUERY(INFO) "</iq>");
    assert_int_equal(rig.routed_count, 1);
    rig_assert_has(rig.routed[0].stanza, "<identity category='account' type='registered'/>");
    rig_arrive("capulet.lit",
               "<iq from='tybalt@capulet.lit/b' to='romeo@localhost' type='get' id='q'>" QUERY(INFO) "</iq>");
    assert_int_equal(rig.routed_count, 2);
    rig_assert_has(rig.routed[1].stanza, "<service-unavailable ");
    assert_int_equal(inspect_counts(rig.core).users_in_memory, 0);
}

#define TEST(test) RIG_TEST_FROM(test, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_feature_that_is_off_is_not_offered),
        TEST(there_are_no_nodes),
        TEST(an_account_answers_a_subscriber_at_another_server),
    };
    rig_use(&(struct rig_options){ .features = CORE_BLOCKING });
    return cmocka_run_group_tests(tests, NULL, NULL);
}
