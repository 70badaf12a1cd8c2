/* Rosters as clients see them (RFC 6121, 2), through whole stanzas. */
#include "rig.h"

#define SET(item) "<iq type='set' id='set'><query xmlns='jabber:iq:roster'>" item "</query></iq>"
#define GET       "<iq type='get' id='get'><query xmlns='jabber:iq:roster'/></iq>"
#define JULIET    "<item jid='juliet@localhost' name='Juliet'><group>Friends</group></item>"

static const struct roster *roster_of(const struct host_link *link)
{
    return session_look(rig_session(link)).roster;
}

/* ---- Get ---- */

/* 2.1.3 and 2.1.4; 2.2: a session that requests the roster is interested. */
static void the_roster_comes_in_the_order_in_which_it_grew(void **state)
{
    (void)state;
    rig_keep_item("romeo@localhost", "juliet@localhost", "both");
    rig_keep("romeo@localhost", "a@b",
             "<item xmlns='jabber:iq:roster' jid='a@b' name='A'><group>G</group></item>");
    rig_keep("romeo@localhost", "h@b",
             "<item xmlns='jabber:iq:roster' jid='h@b' hidden='true'>"
             "<presence xmlns='jabber:client' type='subscribe' from='h@b'/></item>");
    struct host_link *romeo = rig_login("romeo", "orchard");
    assert_false(session_look(rig_session(romeo)).interested);
    rig_say(romeo, GET);
    const char *text = rig_take(romeo);
    rig_assert_has(text, " type='result'");
    const char *first = strstr(text, "<item jid='juliet@localhost' subscription='both'/>");
    const char *second = strstr(text, "<item jid='a@b' subscription='none' name='A'><group>G</group></item>");
    assert_true(first != NULL && second != NULL && first < second);
    rig_assert_lacks(text, "h@b"); /* 3.1.3: not in the roster */
    assert_true(session_look(rig_session(romeo)).interested);
}

/* roster.c: an item whose JID is none is ignored, and counted, so that the version depends on storage alone. */
static void an_item_that_is_ignored_counts_for_the_version(void **state)
{
    (void)state;
    rig_keep_item("romeo@localhost", "juliet@localhostxn--", "from");
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, "<iq type='get' id='get'><query xmlns='jabber:iq:roster' ver=''/></iq>");
    rig_assert_has(rig_take(romeo), "<query xmlns='jabber:iq:roster' ver='1'/>");
}

static void an_empty_roster_is_an_empty_query(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, GET);
    rig_assert_has(rig_take(romeo), "<query xmlns='jabber:iq:roster' ver='0'/>");
}

/* ---- Set ---- */

/* 2.1.5 and 2.1.6: the result, and a push to each interested resource, when it is stored. */
static void a_set_is_answered_and_pushed_once_it_is_stored(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard"), *other = rig_online("romeo", "garden");
    struct host_link *uninterested = rig_login("romeo", "street"), *juliet = rig_online("juliet", "balcony");
    uint64_t revision = inspect_roster_revision(roster_of(romeo));
    rig_take(romeo);
    rig.prompt = false;
    rig_say(romeo, SET(JULIET));
    assert_string_equal(rig_take(romeo), "");
    assert_string_equal(rig_take(other), "");
    assert_int_equal(inspect_roster_revision(roster_of(romeo)), revision);
    rig_answer();
    const char *text = rig_take(romeo);
    const char *result = strstr(text, " type='result'"), *push = strstr(text, " type='set'");
    assert_true(result != NULL && push != NULL && result < push);
    const char *item =
        "<item jid='juliet@localhost' subscription='none' name='Juliet'><group>Friends</group></item>";
    assert_int_equal(rig_count(text, item), 1);
    text = rig_take(other);
    assert_int_equal(rig_count(text, item), 1);
    rig_assert_has(text, " to='romeo@localhost/garden'");
    assert_string_equal(rig_take(uninterested), "");
    assert_string_equal(rig_take(juliet), "");
    assert_int_equal(inspect_roster_revision(roster_of(romeo)), revision + 1);
    assert_int_equal(inspect_roster_size(roster_of(romeo)), 1);
}

/* 2.1.2.5 and 2.3.1: a client has no say in 'subscription' (but for remove) and 'ask'. */
static void a_set_changes_names_and_groups_only(void **state)
{
    (void)state;
    rig_keep(
        "romeo@localhost", "juliet@localhost",
        "<item xmlns='jabber:iq:roster' jid='juliet@localhost' subscription='from' ask='subscribe' name='J'>"
        "<group>Old</group></item>");
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, SET("<item jid='Juliet@LOCALHOST' subscription='both'/>"));
    rig_assert_has(rig_take(romeo), "<item jid='juliet@localhost' subscription='from' ask='subscribe'/>");
    assert_int_equal(inspect_roster_size(roster_of(romeo)), 1);
}

/* 2.4.1: including an empty 'name' attribute is equivalent to including no 'name' attribute. */
static void an_empty_name_is_none(void **state)
{
    (void)state;
    rig_keep("romeo@localhost", "juliet@localhost",
             "<item xmlns='jabber:iq:roster' jid='juliet@localhost' subscription='from' name='J'/>");
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, SET("<item jid='juliet@localhost' name=''/>"));
    rig_assert_has(rig_take(romeo), "<item jid='juliet@localhost' subscription='from'/>");
    const char *kept = rig_kept_find(CORE_STORE_ROSTER, "romeo@localhost", "juliet@localhost")->value;
    assert_null(strstr(kept, "name="));
}

/* 2.5: the push says so, and storage has forgotten it. */
static void a_removed_item_is_gone(void **state)
{
    (void)state;
    rig_keep_item("romeo@localhost", "juliet@localhost", "none");
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, SET("<item jid='juliet@localhost' subscription='remove'/>"));
    const char *text = rig_take(romeo);
    rig_assert_has(text, " type='result'");
    rig_assert_has(text, "<item jid='juliet@localhost' subscription='remove'/>");
    assert_int_equal(inspect_roster_size(roster_of(romeo)), 0);
    assert_null(rig_kept_find(CORE_STORE_ROSTER, "romeo@localhost", "juliet@localhost"));
    rig_say(romeo, SET("<item jid='juliet@localhost' subscription='remove'/>"));
    rig_assert_stanza_error(romeo, "cancel", "item-not-found"); /* 2.5.3 */
}

/* 2.5.2. */
static void removing_a_contact_cancels_both_subscriptions(void **state)
{
    (void)state;
    rig_keep_item("romeo@localhost", "juliet@localhost", "both");
    rig_keep_item("juliet@localhost", "romeo@localhost", "both");
    struct host_link *romeo = rig_online("romeo", "orchard"), *juliet = rig_online("juliet", "balcony");
    rig_take(romeo);
    rig_say(romeo, SET("<item jid='juliet@localhost' subscription='remove'/>"));
    const char *text = rig_take(juliet);
    rig_assert_has(text, " type='unsubscribe'");
    rig_assert_has(text, " type='unsubscribed'");
    assert_int_equal(rig_count(text, " type='unavailable'"), 1);
    rig_assert_has(text, "<item jid='romeo@localhost' subscription='none'/>");
    assert_int_equal(rig_count(rig_take(romeo), " type='unavailable'"), 1);
}

/* A pending request is kept when the contact is added, and answered when it is removed. */
static void a_hidden_item_becomes_one_that_is_seen(void **state)
{
    (void)state;
    struct host_link *juliet = rig_online("juliet", "balcony"), *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, "<presence type='subscribe' to='juliet@localhost'/>");
    rig_take(juliet);
    rig_say(juliet, SET("<item jid='romeo@localhost' subscription='remove'/>"));
    rig_assert_stanza_error(juliet, "cancel", "item-not-found");
    rig_say(juliet, SET("<item jid='romeo@localhost' name='R'/>"));
    struct inspect_item item = inspect_roster_item(roster_of(juliet), 0);
    assert_true(item.pending_in);
    assert_false(item.hidden);
    rig_take(romeo);
    rig_say(juliet, SET("<item jid='romeo@localhost' subscription='remove'/>"));
    rig_assert_has(rig_take(romeo), " type='unsubscribed'");
}

/* ---- Errors ---- */

static int small_roster(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.limits.roster_items = 2;
    settings.limits.roster_groups = 2;
    settings.limits.roster_text_bytes = 5;
    rig_begin_with(&settings);
    return 0;
}

/* 2.1.5, 2.3.3 and 2.5.3; the limits are two items, two groups, five bytes. */
static void an_invalid_roster_set_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *xml;
        const char *type;
        const char *condition; /* NULL: it is one */
    } cases[] = {
        { SET(""), "modify", "bad-request" },
        { SET("<item jid='a@b'/><item jid='c@d'/>"), "modify", "bad-request" },
        { SET("<other jid='a@b'/>"), "modify", "bad-request" },
        { SET("<item/>"), "modify", "bad-request" },
        { SET("<item jid='a@b/c'/>"), "modify", "bad-request" },
        { SET("<item jid='@'/>"), "modify", "jid-malformed" },
        { SET("<item jid='romeo@localhost'/>"), "cancel", "not-allowed" },
        { SET("<item jid='romeo@localhost' subscription='remove'/>"), "cancel", "item-not-found" },
        { SET("<item jid='a@b'><group>G</group><group>G</group></item>"), "modify", "bad-request" },
        { SET("<item jid='a@b'><group/></item>"), "modify", "not-acceptable" },
        { SET("<item jid='a@b'><group>123456</group></item>"), "modify", "not-acceptable" },
        { SET("<item jid='a@b' name='123456'/>"), "modify", "not-acceptable" },
        { SET("<item jid='a@b'><group>1</group><group>2</group><group>3</group></item>"), "modify",
          "not-acceptable" },
        { "<iq type='set' id='s' to='juliet@localhost'><query xmlns='jabber:iq:roster'><item "
          "jid='a@b'/></query></iq>",
          "auth", "forbidden" },
        { "<iq type='get' id='s' to='juliet@localhost'><query xmlns='jabber:iq:roster'/></iq>", "auth",
          "forbidden" },
        { SET("<item jid='a@b' name='12345'><group>12345</group><group>2</group></item>"), NULL, NULL },
        { SET("<item jid='b' name=''/>"), NULL, NULL }, /* a domain may be a contact */
        { SET("<item jid='c@d'/>"), "wait", "resource-constraint" },
        { SET("<item jid='a@b' name='more'/>"), NULL, NULL }, /* not one more */
    };
    struct host_link *romeo = rig_online("romeo", "orchard");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t revision = inspect_roster_revision(roster_of(romeo));
        rig_say(romeo, cases[i].xml);
        bool refused = cases[i].condition != NULL;
        if (refused)
            rig_assert_stanza_error(romeo, cases[i].type, cases[i].condition);
        else
            rig_assert_has(rig_take(romeo), " type='result'");
        assert_int_equal(inspect_roster_revision(roster_of(romeo)), revision + !refused);
    }
}

static void a_set_that_is_not_stored_changes_nothing(void **state)
{
    (void)state;
    static const char *const sets[] = { SET("<item jid='a@b'/>"), SET("<item jid='c@d' name='n'/>"),
                                        SET("<item jid='c@d' subscription='remove'/>") };
    rig_keep_item("romeo@localhost", "c@d", "both");
    struct host_link *romeo = rig_online("romeo", "orchard"), *other = rig_online("romeo", "garden");
    rig_take(romeo);
    uint64_t revision = inspect_roster_revision(roster_of(romeo));
    rig.prompt = false;
    for (size_t i = 0; i < 3; i++) {
        rig_say(romeo, sets[i]);
        rig_fail();
        rig_assert_stanza_error(romeo, "cancel", "internal-server-error");
        assert_string_equal(rig_take(other), "");
        assert_int_equal(inspect_roster_revision(roster_of(romeo)), revision);
        assert_int_equal(inspect_roster_size(roster_of(romeo)), 1);
        assert_null(inspect_roster_item(roster_of(romeo), 0).name);
    }
    rig.prompt = true;
    rig_say(romeo, sets[0]);
    rig_assert_has(rig_take(romeo), " type='result'");
}

/* ---- In order ---- */

static void sets_of_two_sessions_are_done_one_after_the_other(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard"), *other = rig_online("romeo", "garden");
    rig_take(romeo);
    rig.prompt = false;
    rig_say(romeo, SET("<item jid='a@b' name='1'/>") GET);
    rig_say(other, SET("<item jid='a@b' name='2'/>"));
    assert_int_equal(rig_pending_count(), 1);
    rig_answer();
    const char *text = rig_take(romeo); /* the set, its push, and the get that waited for them */
    assert_int_equal(rig_count(text, " name='1'"), 2);
    assert_int_equal(rig_count(text, " type='result'"), 2);
    assert_int_equal(rig_pending_count(), 1);
    rig_answer();
    rig_assert_has(rig_take(romeo), " name='2'");
    assert_int_equal(rig_count(rig_take(other), "<item "), 2);
}

/* A change under way when its session ends is stored and pushed; the waiting ones are not begun. */
static void a_set_outlives_its_session_once_it_is_under_way(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard"), *other = rig_online("romeo", "garden");
    rig_take(romeo);
    rig.prompt = false;
    rig_say(other, SET("<item jid='a@b'/>"));
    rig_say(romeo, SET("<item jid='c@d'/>"));
    rig_hangup(romeo);
    rig_hangup(other);
    assert_int_equal(inspect_counts(rig.core).users_in_memory, 1);
    rig_answer_all();
    assert_int_equal(inspect_counts(rig.core).users_in_memory, 0);
    assert_non_null(rig_kept_find(CORE_STORE_ROSTER, "romeo@localhost", "a@b"));
    assert_null(rig_kept_find(CORE_STORE_ROSTER, "romeo@localhost", "c@d"));
}

/* RFC 6121, 2.1.2: an element that is no group is skipped. */
static void other_children_of_an_item_are_no_groups(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, "<iq type='set' id='s'><query xmlns='jabber:iq:roster'><item jid='juliet@localhost'>"
                   "<note xmlns='urn:note'/><group>Friends</group><group "
                   "xmlns='urn:note'>x</group></item></query></iq>");
    rig_assert_has(rig_take(romeo), " type='result'");
    const char *kept = rig_kept_find(CORE_STORE_ROSTER, "romeo@localhost", "juliet@localhost")->value;
    rig_assert_has(kept, "<group>Friends</group>");
    assert_int_equal(rig_count(kept, "<group"), 1);
}

static void an_ended_session_gets_no_error_for_a_failed_save(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard"), *garden = rig_login("romeo", "garden");
    rig.prompt = false;
    rig_say(
        romeo,
        "<iq type='set' id='s'><query xmlns='jabber:iq:roster'><item jid='juliet@localhost'/></query></iq>");
    rig_hangup(romeo);
    rig_fail();
    assert_string_equal(rig_take(garden), "");
    assert_int_equal(inspect_roster_size(session_look(rig_session(garden)).roster), 0);
}

/* ---- A roster that is stored and larger than the limits (core.h, roster_bytes and output_bytes) ---- */

enum { ITEMS = 20, OUTPUT = 3000 };

static struct core_settings small_limits(void)
{
    struct core_settings settings = rig_settings();
    settings.limits.roster_bytes = 1000;
    settings.limits.output_bytes = OUTPUT;
    settings.limits.unacked_bytes = OUTPUT;
    return settings;
}

static struct host_link *with_a_large_roster(const struct core_settings *settings)
{
    rig_begin_with(settings);
    for (int i = 0; i < ITEMS; i++) {
        char jid[32], item[400];
        snprintf(jid, sizeof jid, "c%d@localhost", i);
        snprintf(item, sizeof item, "<item xmlns='jabber:iq:roster' jid='%s' name='%0300d'/>", jid, 0);
        rig_keep("romeo@localhost", jid, item);
    }
    return rig_login("romeo", "orchard");
}

static void read_all(struct host_link *link)
{
    link->window = SIZE_MAX;
    core_writable(rig.core, link->conn);
}

/* RFC 6121, 2.1.4: "one <item/> element for each contact". */
static void a_roster_larger_than_the_limits_is_read_as_the_link_takes_it(void **state)
{
    (void)state;
    struct core_settings settings = small_limits();
    struct host_link *romeo = with_a_large_roster(&settings);
    romeo->window = 100;
    rig_say(romeo, GET "<presence/>"); /* later output has the usual limit */
    assert_non_null(romeo->conn);
    read_all(romeo);
    const char *text = rig_take(romeo);
    assert_int_equal(rig_count(text, "<item "), ITEMS);
    rig_assert_has(text, "</query></iq><presence ");
    /* From here on the limit is the usual one. */
    romeo->window = 0;
    for (size_t sent = 0; romeo->conn != NULL; sent += 100) {
        assert_true(sent < 2 * (size_t)OUTPUT);
        rig_say(romeo, "<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>");
    }
    rig_end();
}

/* In addition no more output waits than usual: a second roster has no limit of its own. */
static void a_large_roster_is_owed_to_a_client_once(void **state)
{
    (void)state;
    struct core_settings settings = small_limits();
    struct host_link *romeo = with_a_large_roster(&settings);
    romeo->window = 0;
    rig_say(romeo, GET);
    assert_non_null(romeo->conn);
    rig_say(romeo, GET);
    assert_null(romeo->conn);
    rig_end();
}

/* A roster that is read at once does not raise the limit. */
static void a_large_roster_that_was_taken_at_once_excuses_nothing(void **state)
{
    (void)state;
    struct core_settings settings = small_limits();
    struct host_link *romeo = with_a_large_roster(&settings);
    rig_say(romeo, GET);
    romeo->window = 0;
    size_t sent = 0;
    for (; romeo->conn != NULL && sent < 2 * (size_t)OUTPUT; sent += 40)
        rig_say(romeo, "<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>");
    assert_null(romeo->conn);
    rig_end();
}

#define ENABLE "<enable xmlns='urn:xmpp:sm:3' resume='true'/>"

/* XEP-0198: kept until it is acknowledged, and sent again on another connection. */
static void a_large_roster_may_be_unacknowledged_and_sent_again(void **state)
{
    (void)state;
    struct core_settings settings = small_limits();
    struct host_link *romeo = with_a_large_roster(&settings);
    rig_say(romeo, ENABLE);
    const char *enabled = rig_take(romeo);
    char resume[128];
    const char *id = strstr(enabled, " id='") + 5;
    snprintf(resume, sizeof resume, "<resume xmlns='urn:xmpp:sm:3' previd='%.*s' h='0'/>",
             (int)strcspn(id, "'"), id);
    romeo->window = 100;
    rig_say(romeo, GET);
    assert_non_null(romeo->conn);
    rig_hangup(romeo);
    struct host_link *again = rig_authenticated("romeo");
    again->window = 300;
    rig_say(again, resume);
    assert_non_null(again->conn);
    read_all(again);
    assert_int_equal(rig_count(rig_take(again), "<item "), ITEMS);
    /* Acknowledged, it does not raise the limit for other stanzas; unacknowledged, not for another roster. */
    rig_say(again, GET);
    rig_assert_stream_error(again, "policy-violation");
    rig_end();
}

static void an_acknowledged_roster_makes_room_for_another(void **state)
{
    (void)state;
    struct core_settings settings = small_limits();
    struct host_link *romeo = with_a_large_roster(&settings);
    rig_say(romeo, ENABLE GET "<a xmlns='urn:xmpp:sm:3' h='1'/>" GET);
    assert_non_null(romeo->conn);
    rig_say(romeo, "<a xmlns='urn:xmpp:sm:3' h='2'/>");
    rig_take(romeo);
    for (size_t sent = 0; romeo->conn != NULL; sent += 40) {
        assert_true(sent < 2 * (size_t)OUTPUT);
        rig_say(romeo, "<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>");
    }
    rig_assert_stream_error(romeo, "policy-violation");
    rig_end();
}

/* A set that does not enlarge it is accepted. */
static void a_large_roster_can_be_made_smaller(void **state)
{
    (void)state;
    struct core_settings settings = small_limits();
    struct host_link *romeo = with_a_large_roster(&settings);
    rig_say(romeo, SET("<item jid='new@localhost'/>"));
    rig_assert_stanza_error(romeo, "wait", "resource-constraint");
    rig_say(romeo, SET("<item jid='c0@localhost' name='short'/>"));
    rig_assert_has(rig_take(romeo), " type='result'");
    rig_say(romeo, SET("<item jid='c0@localhost' name='longer'/>"));
    rig_assert_stanza_error(romeo, "wait", "resource-constraint");
    for (int i = 0; i < ITEMS; i++) {
        char set[256];
        snprintf(set, sizeof set, SET("<item jid='c%d@localhost' subscription='remove'/>"), i);
        rig_say(romeo, set);
        rig_assert_has(rig_take(romeo), " type='result'");
    }
    rig_say(romeo, SET("<item jid='new@localhost'/>"));
    rig_assert_has(rig_take(romeo), " type='result'");
    rig_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(the_roster_comes_in_the_order_in_which_it_grew),
        RIG_TEST(an_item_that_is_ignored_counts_for_the_version),
        RIG_TEST(an_empty_roster_is_an_empty_query),
        RIG_TEST(a_set_is_answered_and_pushed_once_it_is_stored),
        RIG_TEST(a_set_changes_names_and_groups_only),
        RIG_TEST(an_empty_name_is_none),
        RIG_TEST(a_removed_item_is_gone),
        RIG_TEST(removing_a_contact_cancels_both_subscriptions),
        RIG_TEST(a_hidden_item_becomes_one_that_is_seen),
        RIG_TEST_FROM(an_invalid_roster_set_is_refused, small_roster),
        RIG_TEST(a_set_that_is_not_stored_changes_nothing),
        RIG_TEST(sets_of_two_sessions_are_done_one_after_the_other),
        RIG_TEST(a_set_outlives_its_session_once_it_is_under_way),
        RIG_TEST(other_children_of_an_item_are_no_groups),
        RIG_TEST(an_ended_session_gets_no_error_for_a_failed_save),
        cmocka_unit_test(a_roster_larger_than_the_limits_is_read_as_the_link_takes_it),
        cmocka_unit_test(a_large_roster_is_owed_to_a_client_once),
        cmocka_unit_test(a_large_roster_that_was_taken_at_once_excuses_nothing),
        cmocka_unit_test(a_large_roster_may_be_unacknowledged_and_sent_again),
        cmocka_unit_test(an_acknowledged_roster_makes_room_for_another),
        cmocka_unit_test(a_large_roster_can_be_made_smaller),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
