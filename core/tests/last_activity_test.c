/* Since when an account is away, and the server up (XEP-0012), through whole stanzas. */
#include "core.h"
#include "rig.h"

#define ASK(to)     "<iq type='get' id='q' to='" to "'><query xmlns='jabber:iq:last'/></iq>"
#define ASK_OWN     "<iq type='get' id='q'><query xmlns='jabber:iq:last'/></iq>"
#define DISCO(to)   "<iq type='get' id='q'" to "><query xmlns='http://jabber.org/protocol/disco#info'/></iq>"
#define HEADING     "<query xmlns='jabber:iq:last' seconds='978306297'>Heading Home</query>"
#define SAID_BEFORE "<query xmlns='jabber:iq:last' seconds='903'>Heading Home</query>"
#define NO_TIME_AGO "<query xmlns='jabber:iq:last' seconds='0'/>"

/* Juliet left fifteen minutes and three seconds before the rig's time (XEP-0012, 3, example 4), and Romeo is
 * subscribed to her.  Strangers get the answer of the XEP. */
static int set_up(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.tell_strangers = true;
    rig_begin_with(&settings);
    rig_keep_in(CORE_STORE_ACTIVITY, "juliet@localhost", "last", HEADING);
    rig_keep_item("juliet@localhost", "romeo@localhost", "from");
    return 0;
}

static size_t asked_of(enum core_store store, enum core_store_op op)
{
    size_t count = 0;
    for (size_t i = 0; i < rig.request_count; i++)
        count += rig.requests[i]->store == store && rig.requests[i]->op == op;
    return count;
}

static void assert_answer(struct host_link *link, const char *from, const char *query)
{
    const char *text = rig_take(link);
    rig_assert_has(text, " type='result'");
    rig_assert_has(text, from);
    rig_assert_has(text, query);
}

/* ---- Hosts ---- */

/* XEP-0012, 5, example 10, and no character data. */
static void a_host_tells_for_how_long_it_is_up(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, ASK("localhost"));
    assert_answer(romeo, " from='localhost'", NO_TIME_AGO);
    rig.now += 123456 * RIG_SECOND + RIG_SECOND / 2;
    rig_say(romeo, ASK("example.com"));
    assert_answer(romeo, " from='example.com'", "<query xmlns='jabber:iq:last' seconds='123456'/>");
}

/* The attribute is an unsignedLong (XEP-0012, 11). */
static void a_clock_that_was_set_back_makes_nothing_negative(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig.now -= 86400 * RIG_SECOND;
    rig_say(romeo, ASK("localhost"));
    assert_answer(romeo, " from='localhost'", NO_TIME_AGO);
    rig_say(romeo, ASK("juliet@localhost"));
    assert_answer(romeo, " from='juliet@localhost'",
                  "<query xmlns='jabber:iq:last' seconds='0'>Heading Home");
}

/* ---- Accounts ---- */

/* XEP-0012, 3: a JID that is not authorized to view the account's presence gets <forbidden/>. */
static void a_requester_that_may_not_see_the_presence_is_forbidden(void **state)
{
    static const struct {
        const char *subscription; /* of Romeo, in Juliet's roster */
        bool may_ask;
    } rows[] = { { "none", false }, { "to", false }, { "from", true }, { "both", true } };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rig_keep_item("juliet@localhost", "romeo@localhost", rows[i].subscription);
        core_trim(rig.core); /* so that it is loaded */
        struct host_link *romeo = rig_login("romeo", "orchard");
        size_t loads = asked_of(CORE_STORE_ACTIVITY, CORE_LOAD);
        rig_say(romeo, ASK("juliet@localhost"));
        if (rows[i].may_ask)
            assert_answer(romeo, " from='juliet@localhost'", SAID_BEFORE);
        else
            rig_assert_stanza_error(romeo, "auth", "forbidden");
        assert_int_equal(asked_of(CORE_STORE_ACTIVITY, CORE_LOAD), loads + rows[i].may_ask);
        rig_hangup(romeo);
    }
    assert_int_equal(inspect_counts(rig.core).users_in_memory, 0);
}

static void an_account_may_ask_itself(void **state)
{
    (void)state;
    struct host_link *juliet = rig_login("juliet", "balcony");
    rig_say(juliet, ASK_OWN);
    assert_answer(juliet, " to='juliet@localhost/balcony'", SAID_BEFORE);
    rig_say(juliet, ASK("juliet@localhost"));
    assert_answer(juliet, " from='juliet@localhost'", SAID_BEFORE);
}

/* XEP-0012, 3: an empty element, and no seconds. */
static void an_available_resource_makes_it_no_seconds(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    struct host_link *juliet = rig_login("juliet", "balcony");
    rig_say(romeo, ASK("juliet@localhost"));
    assert_answer(romeo, " from='juliet@localhost'", SAID_BEFORE);
    rig_say(juliet, "<presence/>");
    size_t loads = asked_of(CORE_STORE_ACTIVITY, CORE_LOAD);
    rig_say(romeo, ASK("juliet@localhost"));
    assert_answer(romeo, " from='juliet@localhost'", NO_TIME_AGO);
    assert_int_equal(asked_of(CORE_STORE_ACTIVITY, CORE_LOAD), loads);
    rig_say(juliet, "<presence type='unavailable'><status>a &lt; b</status></presence>");
    rig.now += 7 * RIG_SECOND;
    rig_say(romeo, ASK("juliet@localhost"));
    assert_answer(romeo, " from='juliet@localhost'",
                  "<query xmlns='jabber:iq:last' seconds='7'>a &lt; b</query>");
}

/* XEP-0012 does not say; Prosody's mod_lastactivity does so. */
static void of_an_account_that_was_never_there_it_is_no_seconds(void **state)
{
    (void)state;
    rig_keep_item("nurse@localhost", "romeo@localhost", "both");
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, ASK("nurse@localhost"));
    assert_answer(romeo, " from='nurse@localhost'", NO_TIME_AGO);
}

/* RFC 6121, 8.5.1. */
static void no_account_is_service_unavailable(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, ASK("nobody@localhost"));
    rig_assert_stanza_error(romeo, "cancel", "service-unavailable");
    rig_say(romeo, ASK("nobody@localhost/chamber"));
    rig_assert_stanza_error(romeo, "cancel", "service-unavailable");
    assert_int_equal(inspect_counts(rig.core).users_in_memory, 1);
}

/* XEP-0191, 3.3. */
static void a_blocked_requester_gets_service_unavailable(void **state)
{
    (void)state;
    rig_keep_in(CORE_STORE_BLOCKLIST, "juliet@localhost", "romeo@localhost", "");
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, ASK("juliet@localhost"));
    rig_assert_stanza_error(romeo, "cancel", "service-unavailable");
    rig_say(romeo, ASK("juliet@localhost/balcony"));
    rig_assert_stanza_error(romeo, "cancel", "service-unavailable");
    rig_login("juliet", "balcony");
    rig_say(romeo, ASK("juliet@localhost/balcony"));
    rig_assert_stanza_error(romeo, "cancel", "service-unavailable");
}

/* Her new presence follows the request in the account's queue, and is still used. */
static void unavailable_presence_during_the_request_is_reported(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    struct host_link *juliet = rig_online("juliet", "balcony"), *busy = rig_login("juliet", "chamber");
    rig.prompt = false;
    rig_say(busy, "<iq type='set' id='r'><query xmlns='jabber:iq:roster'><item jid='nurse@localhost'/>"
                  "</query></iq>");
    rig_say(romeo, ASK("juliet@localhost"));
    rig_say(juliet, "<presence type='unavailable'><status>Gone</status></presence>");
    rig.prompt = true;
    assert_string_equal(rig_take(romeo), "");
    rig_answer_all();
    assert_answer(romeo, " from='juliet@localhost'",
                  "<query xmlns='jabber:iq:last' seconds='0'>Gone</query>");
}

/* ---- Storage ---- */

static void an_activity_that_cannot_be_loaded_is_a_server_error(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig.prompt = false;
    for (size_t good = 0; good < 3; good++) { /* the block list, the roster, the activity */
        rig_say(romeo, ASK("juliet@localhost"));
        for (size_t i = 0; i < good; i++)
            rig_answer();
        rig_fail();
        rig_answer_all();
        rig_assert_stanza_error(romeo, "cancel", "internal-server-error");
        core_trim(rig.core); /* so that all is loaded again */
    }
}

static void an_activity_that_cannot_be_parsed_is_a_server_error(void **state)
{
    static const char *const records[] = { "<broken", "<query xmlns='jabber:iq:last'/>",
                                           "<query xmlns='jabber:iq:last' seconds='soon'/>" };
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    for (size_t i = 0; i < sizeof records / sizeof records[0]; i++) {
        rig_keep_in(CORE_STORE_ACTIVITY, "juliet@localhost", "last", records[i]);
        rig_say(romeo, ASK("juliet@localhost"));
        rig_assert_stanza_error(romeo, "cancel", "internal-server-error");
    }
}

static void a_request_of_a_disconnected_client_is_not_answered(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig.prompt = false;
    rig_say(romeo, ASK("juliet@localhost"));
    rig_hangup(romeo);
    rig.prompt = true;
    rig_answer_all();
    assert_int_equal(inspect_counts(rig.core).users_in_memory, 0);
}

/* ---- Resources ---- */

/* XEP-0012, 4: forbidden, not delivered; and the error is the same whether there is such a resource. */
static void a_resource_is_hidden_from_requesters_that_may_not_see_it(void **state)
{
    (void)state;
    struct host_link *tybalt = rig_login("tybalt", "street"), *juliet = rig_online("juliet", "balcony");
    rig_say(tybalt, ASK("juliet@localhost/balcony"));
    rig_assert_stanza_error(tybalt, "auth", "forbidden");
    rig_say(tybalt, ASK("juliet@localhost/tomb"));
    rig_assert_stanza_error(tybalt, "auth", "forbidden");
    assert_string_equal(rig_take(juliet), "");
    rig_hangup(juliet);
    rig_say(tybalt, ASK("juliet@localhost/balcony"));
    rig_assert_stanza_error(tybalt, "auth", "forbidden");
}

static void a_resource_answers_a_subscriber(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard"), *juliet = rig_online("juliet", "balcony");
    rig_say(romeo, ASK("juliet@localhost/balcony"));
    const char *text = rig_take(juliet);
    rig_assert_has(text, " from='romeo@localhost/orchard'");
    rig_assert_has(text, "<query xmlns='jabber:iq:last'/>");
    rig_say(juliet, "<iq type='result' id='q' to='romeo@localhost/orchard'>"
                    "<query xmlns='jabber:iq:last' seconds='123'/></iq>");
    assert_answer(romeo, " from='juliet@localhost/balcony'", " seconds='123'");
    rig_say(romeo, ASK("juliet@localhost/tomb")); /* RFC 6121, 8.5.3.2.3 */
    rig_assert_stanza_error(romeo, "cancel", "service-unavailable");
    rig_say(romeo, ASK("romeo@localhost/orchard"));
    rig_assert_has(rig_take(romeo), "<query xmlns='jabber:iq:last'/>");
}

/* Only the question is looked at. */
static void other_requests_to_a_resource_go_as_always(void **state)
{
    (void)state;
    rig_keep_item("juliet@localhost", "tybalt@localhost", "from");
    struct host_link *tybalt = rig_login("tybalt", "street"), *juliet = rig_online("juliet", "balcony");
    rig_say(tybalt, "<iq type='set' id='q' to='juliet@localhost/balcony'>"
                    "<query xmlns='jabber:iq:last'/></iq>");
    rig_assert_has(rig_take(juliet), " type='set'");
    rig_say(tybalt, "<iq type='get' id='q' to='juliet@localhost/balcony'>"
                    "<query xmlns='jabber:iq:version'/></iq>");
    rig_assert_has(rig_take(juliet), "jabber:iq:version");
    rig_say(tybalt, "<iq type='result' id='q' to='juliet@localhost/balcony'>"
                    "<query xmlns='jabber:iq:last' seconds='1'/></iq>");
    rig_assert_has(rig_take(juliet), " seconds='1'");
}

/* ---- The setting ---- */

/* XEP-0012, 6. */
static void it_is_among_the_features_of_host_and_account(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, DISCO(" to='localhost'") DISCO(""));
    assert_int_equal(rig_count(rig_take(romeo), "<feature var='jabber:iq:last'/>"), 2);
}

static void without_the_feature_nothing_is_answered_noted_or_held_up(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.features &= ~(unsigned)CORE_LAST_ACTIVITY;
    rig_begin_with(&settings);
    rig_keep_item("juliet@localhost", "romeo@localhost", "from");
    rig_keep_item("romeo@localhost", "juliet@localhost", "from");
    struct host_link *romeo = rig_login("romeo", "orchard"), *juliet = rig_online("juliet", "balcony");
    static const char *const asked[] = { ASK("localhost"), ASK("juliet@localhost"), ASK_OWN };
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        rig_say(romeo, asked[i]);
        rig_assert_stanza_error(romeo, "cancel", "service-unavailable");
    }
    rig_say(juliet, ASK("romeo@localhost/orchard"));
    rig_assert_has(rig_take(romeo), " from='juliet@localhost/balcony'");
    rig_say(romeo, DISCO(" to='localhost'") DISCO(""));
    rig_assert_lacks(rig_take(romeo), "jabber:iq:last");
    rig_hangup(juliet);
    assert_int_equal(asked_of(CORE_STORE_ACTIVITY, CORE_SAVE), 0);
    rig_end();
}

/* ---- Memory ---- */

/* An iq is answered whatever fails (RFC 6120, 8.2.3), or its session is closed. */
static void every_allocation_of_a_question_may_fail(void **state)
{
    static const char *const asked[] = { ASK("localhost"), ASK("juliet@localhost"), ASK("nurse@localhost"),
                                         ASK("juliet@localhost/tomb"), ASK_OWN };
    (void)state;
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        size_t nth = 0, needed = 0;
        do {
            set_up(state);
            struct host_link *bystander = rig_online("mercutio", "street");
            struct host_link *romeo = rig_login("romeo", "orchard");
            rig.memory.allocations = 0;
            rig.memory.fail_at = ++nth;
            rig_say(romeo, asked[i]);
            needed = rig.memory.allocations;
            rig.memory.fail_at = 0;
            assert_true(romeo->closed || rig_count(rig_take(romeo), " id='q'") == 1);
            assert_false(bystander->closed);
            rig_hangup(romeo);
            rig_hangup(bystander);
            assert_int_equal(inspect_counts(rig.core).users_in_memory, 0);
            rig_end();
        } while (nth <= needed);
        assert_true(needed > 1);
    }
}

#define TEST(test) RIG_TEST_FROM(test, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_host_tells_for_how_long_it_is_up),
        TEST(a_clock_that_was_set_back_makes_nothing_negative),
        TEST(a_requester_that_may_not_see_the_presence_is_forbidden),
        TEST(an_account_may_ask_itself),
        TEST(an_available_resource_makes_it_no_seconds),
        TEST(of_an_account_that_was_never_there_it_is_no_seconds),
        TEST(no_account_is_service_unavailable),
        TEST(a_blocked_requester_gets_service_unavailable),
        TEST(unavailable_presence_during_the_request_is_reported),
        TEST(an_activity_that_cannot_be_loaded_is_a_server_error),
        TEST(an_activity_that_cannot_be_parsed_is_a_server_error),
        TEST(a_request_of_a_disconnected_client_is_not_answered),
        TEST(a_resource_is_hidden_from_requesters_that_may_not_see_it),
        TEST(a_resource_answers_a_subscriber),
        TEST(other_requests_to_a_resource_go_as_always),
        TEST(it_is_among_the_features_of_host_and_account),
        cmocka_unit_test(without_the_feature_nothing_is_answered_noted_or_held_up),
        cmocka_unit_test(every_allocation_of_a_question_may_fail),
    };
    rig_use(&(struct rig_options){ .features = CORE_LAST_ACTIVITY | CORE_BLOCKING });
    return cmocka_run_group_tests(tests, NULL, NULL);
}
