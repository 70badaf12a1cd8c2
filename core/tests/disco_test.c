/* What the server and its accounts say of themselves (XEP-0030), as far as settings and
 * those who ask differ; scenarios/disco has the rest. */
#define RIG_FEATURES CORE_BLOCKING
#include "routes.h"

#define INFO      "http://jabber.org/protocol/disco#info"
#define ITEMS     "http://jabber.org/protocol/disco#items"
#define QUERY(ns) "<query xmlns='" ns "'/>"
#define NODE(ns)  "<query xmlns='" ns "' node='n'/>"

static int set_up(void **state)
{
    (void)state;
    routes_begin();
    return 0;
}

static void get(const struct rig_link *link, const char *to, const char *payload)
{
    char xml[256];
    snprintf(xml, sizeof xml, "<iq type='get' id='q'%s>%s</iq>", to, payload);
    rig_say(link, xml);
}

/* XEP-0030, 3.1: what is offered is what is there; rig.h leaves all features out that a test does not name.
 */
static void a_feature_that_is_off_is_not_offered(void **state)
{
    (void)state;
    struct rig_link *romeo = rig_login("romeo", "orchard");
    get(romeo, " to='localhost'", QUERY(INFO));
    const char *text = rig_take(romeo);
    rig_assert_has(text, "<feature var='urn:xmpp:blocking'/>");
    rig_assert_has(text, "<feature var='urn:xmpp:ping'/>");
    rig_assert_lacks(text, "'msgoffline'");
    rig_assert_lacks(text, "'urn:xmpp:carbons:2'");
}

/* XEP-0030, 3.2: item-not-found for a node that is none. */
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
    struct rig_link *romeo = rig_login("romeo", "orchard");
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
    routes_arrive(
        "capulet.lit",
        "<iq from='juliet@capulet.lit/b' to='romeo@localhost' type='get' id='q'>" QUERY(INFO) "</iq>");
    assert_int_equal(routed_count, 1);
    rig_assert_has(routed[0].stanza, "<identity category='account' type='registered'/>");
    routes_arrive(
        "capulet.lit",
        "<iq from='tybalt@capulet.lit/b' to='romeo@localhost' type='get' id='q'>" QUERY(INFO) "</iq>");
    assert_int_equal(routed_count, 2);
    rig_assert_has(routed[1].stanza, "<service-unavailable ");
    assert_int_equal(inspect_counts(rig.core).users_in_memory, 0);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_feature_that_is_off_is_not_offered),
        TEST(there_are_no_nodes),
        TEST(an_account_answers_a_subscriber_at_another_server),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
