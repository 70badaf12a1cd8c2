/* The addresses to which a session has sent directed presence (RFC 6121, 4.6). */
#include "presence/directed.h"

#include "inside.h"

static struct session *session; /* may direct presence at two addresses */

static int set_up(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.limits.directed = 2;
    rig_begin_with(&settings);
    session = inside_session(rig_login("romeo", "orchard"));
    return 0;
}

static void add(const char *jid)
{
    assert_null(directed_add(session, jid).condition);
}

/* ---- The list ---- */

static void addresses_are_listed_once_in_the_order_in_which_they_came(void **state)
{
    (void)state;
    add("juliet@localhost/balcony");
    add("nurse@localhost");
    add("juliet@localhost/balcony");
    assert_string_equal(session->directed->jid, "juliet@localhost/balcony");
    assert_string_equal(session->directed->next->jid, "nurse@localhost");
    assert_null(session->directed->next->next);
    assert_false(session->directed->unheard);
    struct jid jid;
    directed_jid(session->directed, &jid);
    assert_string_equal(jid.bare, "juliet@localhost");
    assert_string_equal(jid.resource, "balcony");
}

/* core.h, limits.directed: resource-constraint (stanza); RFC 6120, 8.3.3.18: "wait". */
static void there_are_no_more_than_the_limit(void **state)
{
    (void)state;
    add("juliet@localhost");
    add("nurse@localhost");
    struct stanza_error error = directed_add(session, "tybalt@localhost");
    assert_string_equal(error.type, "wait");
    assert_string_equal(error.condition, "resource-constraint");
    assert_non_null(error.text);
    add("nurse@localhost"); /* it is there already */
    directed_remove(session, directed_find(session, "juliet@localhost"));
    add("tybalt@localhost");
    assert_string_equal(session->directed->next->jid, "tybalt@localhost");
}

static void without_memory_nothing_is_added(void **state)
{
    (void)state;
    rig.memory.fail_at = rig.memory.allocations + 1;
    struct stanza_error error = directed_add(session, "juliet@localhost");
    assert_string_equal(error.type, "wait");
    assert_string_equal(error.condition, "resource-constraint");
    assert_null(session->directed);
}

static void an_address_is_found_as_it_was_added_and_removed(void **state)
{
    (void)state;
    add("juliet@localhost/balcony");
    add("nurse@localhost");
    assert_ptr_equal(*directed_find(session, "nurse@localhost"), session->directed->next);
    static const char *const others[] = { "juliet@localhost", "juliet@localhost/Balcony",
                                          "nurse@localhost/x" };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_null(*directed_find(session, others[i]));
        directed_remove(session, directed_find(session, others[i])); /* nothing */
    }
    directed_remove(session, directed_find(session, "juliet@localhost/balcony"));
    assert_string_equal(session->directed->jid, "nurse@localhost");
    directed_remove(session, directed_find(session, "nurse@localhost"));
    assert_null(session->directed);
}

static void an_entity_is_of_its_account_only(void **state)
{
    (void)state;
    static const struct {
        const char *entity, *bare;
        bool is_of;
    } rows[] = {
        { "juliet@localhost", "juliet@localhost", true },
        { "juliet@localhost/balcony", "juliet@localhost", true },
        { "juliet@localhosts", "juliet@localhost", false },
        { "juliet@localhost", "juliet@localhosts", false },
        { "ajuliet@localhost", "juliet@localhost", false },
        { "localhost", "localhost", true },
        { "localhost/x", "localhost", true },
        { "juliet@localhost", "localhost", false },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_false(directed_to_account(session, rows[i].bare));
        add("other@example.org"); /* it is not the first alone that counts */
        add(rows[i].entity);
        assert_int_equal(directed_is_of(session->directed->next, rows[i].bare), rows[i].is_of);
        assert_int_equal(directed_to_account(session, rows[i].bare), rows[i].is_of);
        directed_remove(session, &session->directed);
        directed_remove(session, &session->directed);
    }
}

/* ---- Whole stanzas ---- */

#define FROM(jid) " from='" jid "'"

/* juliet and romeo are subscribed to each other. */
static int subscribed(void **state)
{
    rig_set_up(state);
    rig_keep_item("romeo@localhost", "juliet@localhost", "both");
    rig_keep_item("juliet@localhost", "romeo@localhost", "both");
    return 0;
}

static void assert_gone_once(struct host_link *link)
{
    const char *text = rig_take(link);
    assert_int_equal(rig_count(text, "<presence "), 1);
    rig_assert_has(text, " type='unavailable'");
    rig_assert_has(text, FROM("romeo@localhost/orchard"));
}

static void directed_presence_is_taken_back_at_the_end(void **state)
{
    (void)state;
    struct host_link *mercutio = rig_online("mercutio", "street"), *romeo = rig_login("romeo", "orchard");
    for (int way = 0; way < 3; way++) {
        rig_say(romeo,
                "<presence to='mercutio@localhost/street'/><presence to='mercutio@localhost/street'/>");
        const char *text = rig_take(mercutio);
        assert_int_equal(rig_count(text, "<presence "), 2);
        rig_assert_has(text, " to='mercutio@localhost/street'");
        assert_false(session_is_available(rig_session(romeo)));
        if (way == 0)
            rig_say(romeo, "<presence type='unavailable' to='mercutio@localhost/street'/>"); /* 4.6.4 */
        if (way == 1)
            rig_say(romeo, "<presence/><presence type='unavailable'/>");
        if (way == 2)
            rig_hangup(romeo);
        assert_gone_once(mercutio);
    }
}

/* 4.6.3: a recipient of the broadcast is not notified again. */
static void a_subscriber_that_received_directed_presence_is_informed_once(void **state)
{
    (void)state;
    struct host_link *juliet = rig_online("juliet", "balcony"), *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, "<presence to='juliet@localhost/balcony'/><presence to='juliet@localhost'/>");
    rig_take(juliet);
    rig_hangup(romeo);
    assert_gone_once(juliet);
}

static int few_directed(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.limits.directed = 2;
    rig_begin_with(&settings);
    return 0;
}

static void as_many_entities_are_sent_presence_as_the_limit_says(void **state)
{
    (void)state;
    struct host_link *mercutio = rig_online("mercutio", "street"), *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, "<presence to='a@localhost'/><presence to='b@localhost'/><presence to='a@localhost'/>");
    assert_string_equal(rig_take(romeo), "");
    rig_say(romeo, "<presence to='mercutio@localhost'/>");
    rig_assert_stanza_error(romeo, "wait", "resource-constraint");
    assert_string_equal(rig_take(mercutio), "");
    rig_say(romeo, "<presence to='a@localhost' type='unavailable'/><presence to='mercutio@localhost'/>");
    assert_int_equal(rig_count(rig_take(mercutio), "<presence "), 1);
}

#define TEST(test)  RIG_TEST_FROM(test, set_up)
#define WHOLE(test) RIG_TEST_FROM(test, subscribed)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(addresses_are_listed_once_in_the_order_in_which_they_came),
        TEST(there_are_no_more_than_the_limit),
        TEST(without_memory_nothing_is_added),
        TEST(an_address_is_found_as_it_was_added_and_removed),
        TEST(an_entity_is_of_its_account_only),
        WHOLE(directed_presence_is_taken_back_at_the_end),
        WHOLE(a_subscriber_that_received_directed_presence_is_informed_once),
        cmocka_unit_test_setup_teardown(as_many_entities_are_sent_presence_as_the_limit_says, few_directed,
                                        rig_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
