/* Stanzas to and from other servers (RFC 6120, 8.1 and 10), with a host that records routed stanzas. */
#include "rig.h"

static int set_up(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.tell_strangers = true;
    rig_begin_routed_with(&settings);
    return 0;
}

/* ---- Out ---- */

/* RFC 6121, 3.1.2: for example whenever the user has a new available resource; one that becomes available
 * again is not new. */
static void a_request_that_waits_elsewhere_is_routed_again_with_each_new_resource(void **state)
{
    (void)state;
    rig_keep_item("romeo@localhost", "tybalt@localhost", "none' ask='subscribe");
    rig_keep_item("romeo@localhost", "juliet@capulet.lit", "from' ask='subscribe");
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, "<presence/>");
    assert_int_equal(rig.routed_count, 2); /* one is the presence itself */
    rig_assert_has(rig.routed[1].stanza, " type='subscribe'");
    rig_assert_has(rig.routed[1].stanza, " from='romeo@localhost'");
    rig_assert_has(rig.routed[1].stanza, " to='juliet@capulet.lit'");
    rig_say(romeo, "<presence><show>away</show></presence>");
    assert_int_equal(rig.routed_count, 3);
    rig_say(romeo, "<presence type='unavailable'/><presence/>");
    assert_int_equal(rig.routed_count, 5);
    rig_assert_lacks(rig.routed[4].stanza, " type='subscribe'");
    rig_online("romeo", "garden");
    assert_int_equal(rig.routed_count, 7);
    rig_assert_has(rig.routed[6].stanza, " type='subscribe'");
}

/* ---- Back ---- */

static void a_returned_stanza_without_a_local_sender_is_dropped(void **state)
{
    static const char *const stanzas[] = {
        "<message from='romeo@localhost/gone' to='juliet@capulet.lit'/>",
        "<message from='romeo@montague.lit/orchard' to='juliet@capulet.lit'/>",
        "<message to='juliet@capulet.lit'/>",
        "<message",
        "",
    };
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    for (size_t i = 0; i < sizeof stanzas / sizeof stanzas[0]; i++)
        core_unroutable(rig.core, stanzas[i], strlen(stanzas[i]), CORE_NO_SERVER);
    assert_string_equal(rig_take(romeo), "");
    assert_int_equal(rig.routed_count, 0);
}

/* ---- In ---- */

static void only_stanzas_from_the_guaranteed_domain_to_a_local_address_are_delivered(void **state)
{
    static const struct {
        const char *vouched, *stanza;
        bool delivered;
    } rows[] = {
        { "capulet.lit", "<message from='j@capulet.lit/b' to='romeo@localhost/orchard'/>", true },
        { "CAPULET.lit", "<message from='J@Capulet.LIT' to='ROMEO@localhost/orchard'/>", true },
        { "capulet.lit", "<message from='capulet.lit' to='romeo@localhost/orchard'/>", true },
        { "capulet.lit", "<message xmlns='jabber:client' from='j@capulet.lit' to='romeo@localhost/orchard'/>",
          true },
        { "evil.lit", "<message from='j@capulet.lit/b' to='romeo@localhost/orchard'/>", false },
        { "lit", "<message from='j@capulet.lit/b' to='romeo@localhost/orchard'/>", false },
        { "localhost", "<message from='j@localhost' to='romeo@localhost/orchard'/>", false },
        { "capulet.lit", "<message to='romeo@localhost/orchard'/>", false },
        { "capulet.lit", "<message from='@capulet.lit' to='romeo@localhost/orchard'/>", false },
        { "", "<message from='j@capulet.lit' to='romeo@localhost/orchard'/>", false },
        { "capulet.lit", "<message from='j@capulet.lit'/>", false },
        { "capulet.lit", "<message from='j@capulet.lit' to='@localhost'/>", false },
        { "capulet.lit", "<message from='j@capulet.lit' to='l@mantua.lit'/>", false },
    };
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rig_arrive(rows[i].vouched, rows[i].stanza);
        assert_int_equal(rig_count(rig_take(romeo), "<message "), rows[i].delivered);
        assert_int_equal(rig.routed_count, 0);
    }
}

static void anything_but_one_stanza_is_dropped(void **state)
{
#define FROM_TO " from='j@capulet.lit' to='romeo@localhost/orchard'"
    static const char *const texts[] = {
        "",
        " ",
        "text",
        "<message" FROM_TO ">",
        "<message" FROM_TO "/><message" FROM_TO "/>",
        "<message" FROM_TO "/></stream:stream>",
        "<message" FROM_TO "/><",
        "<letter" FROM_TO "/>",
        "<message xmlns='jabber:server'" FROM_TO "/>",
        "<!-- comment --><message" FROM_TO "/>",
        "<message" FROM_TO "><body>&unknown;</body></message>",
    };
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        rig_arrive("capulet.lit", texts[i]);
    core_arrived(rig.core, "capulet.lit", "<message" FROM_TO "/>\0", sizeof "<message" FROM_TO "/>");
    assert_string_equal(rig_take(romeo), "");
}

static void the_limits_hold_for_what_arrives(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    size_t most = (size_t)100 * 1024;
    rig_arrive("capulet.lit", rig_filled("<message" FROM_TO "><body>", 'a', most, "</body></message>"));
    rig_assert_has(rig_take(romeo), "<message ");
    rig.settings.limits.stanza_bytes = most;
    host_restart(&rig);
    romeo = rig_login("romeo", "orchard");
    rig_arrive("capulet.lit", rig_filled("<message" FROM_TO "><body>", 'a', most, "</body></message>"));
    assert_string_equal(rig_take(romeo), "");
}

/* RFC 6120, 10.4: the sender learns that it was not delivered, also if it was written larger than it came. */
static void a_stanza_comes_back_that_was_written_larger_than_it_came(void **state)
{
    (void)state;
    static const char large[] =
        "<message to='j@capulet.lit' id='m1'><x xmlns:p='a-namespace-of-some-length' p:a='' p:b='' p:c='' "
        "p:d='' "
        "p:e='' p:f='' p:g='' p:h='' p:i='' p:j='' p:k='' p:l='' p:m='' p:n='' p:o='' p:p=''/></message>";
    rig.settings.limits.stanza_bytes = sizeof large + 200;
    rig.settings.limits.attributes = 18;
    host_restart(&rig);
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, large);
    assert_int_equal(rig.routed_count, 1);
    const char *written = rig.routed[0].stanza;
    assert_true(strlen(written) > rig.settings.limits.stanza_bytes);
    core_unroutable(rig.core, written, strlen(written), CORE_NO_SERVER);
    const char *answer = rig_take(romeo);
    rig_assert_has(answer, " id='m1'");
    rig_assert_has(answer, "<remote-server-not-found ");
}

static void answers_to_strangers_go_back_through_the_port(void **state)
{
    static const struct {
        const char *stanza, *answer;
    } rows[] = {
        /* XEP-0199, 4.2 */
        { "<iq from='j@capulet.lit/b' to='localhost' type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>",
          " type='result'" },
        /* RFC 6120, 8.2.3: an id is required */
        { "<iq from='j@capulet.lit/b' to='localhost' type='get'><ping xmlns='urn:xmpp:ping'/></iq>",
          "<bad-request " },
        { "<iq from='j@capulet.lit/b' to='localhost' type='set' id='1'>"
          "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>",
          "<service-unavailable " },
        { "<iq from='j@capulet.lit/b' to='romeo@localhost' type='get' id='1'>"
          "<query xmlns='jabber:iq:roster'/></iq>",
          "<forbidden " },
        { "<iq from='j@capulet.lit/b' to='romeo@localhost/x' type='get' id='1'><a xmlns='a'/></iq>",
          "<service-unavailable " },
        { "<message from='j@capulet.lit/b' to='nobody@localhost'/>", "<service-unavailable " },
        { "<presence from='j@capulet.lit/b' to='romeo@localhost' type='probe'/>", " type='unsubscribed'" },
        { "<presence from='j@capulet.lit/b' to='nobody@localhost' type='probe'/>", " type='unsubscribed'" },
        { "<presence from='j@capulet.lit/b' to='romeo@localhost' type='what'/>", "<bad-request " },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rig_arrive("capulet.lit", rows[i].stanza);
        rig_assert_has(rig_take_routed("localhost", "capulet.lit"), rows[i].answer);
    }
}

static void a_request_arrives_is_kept_and_acknowledged(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_arrive("capulet.lit", "<presence from='j@capulet.lit/b' to='romeo@localhost/x' type='subscribe'/>");
    rig_assert_has(rig_take_routed("localhost", "capulet.lit"),
                   " type='unavailable' from='romeo@localhost' to='j@capulet.lit'");
    /* RFC 6121, 3.1.3: between bare JIDs. */
    rig_assert_has(rig_take(romeo), "<presence to='romeo@localhost' from='j@capulet.lit' type='subscribe'/>");
    assert_non_null(rig_kept_find(CORE_STORE_ROSTER, "romeo@localhost", "j@capulet.lit"));
    rig_say(romeo, "<presence to='j@capulet.lit' type='subscribed'/>");
    assert_int_equal(rig.routed_count, 2);
    rig_assert_has(rig.routed[0].stanza, " type='subscribed'");
    /* RFC 6121, 3.1.5 */
    rig_assert_has(rig.routed[1].stanza, " to='j@capulet.lit' from='romeo@localhost/orchard'");
}

static void a_request_that_cannot_be_kept_goes_back_with_an_error(void **state)
{
    (void)state;
    rig.prompt = false;
    rig_arrive("capulet.lit", "<presence from='j@capulet.lit' to='romeo@localhost' type='subscribe'/>");
    rig_fail();
    const char *answer = rig_take_routed("localhost", "capulet.lit");
    rig_assert_has(answer, " type='error'");
    rig_assert_has(answer, " to='j@capulet.lit'");
    rig_assert_has(answer, "<internal-server-error ");
}

static void a_stanza_after_a_request_waits_for_it(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig.prompt = false;
    rig_arrive("capulet.lit", "<presence from='j@capulet.lit' to='romeo@localhost' type='subscribe'/>");
    rig_arrive("capulet.lit", "<message from='j@capulet.lit/b' to='romeo@localhost' id='behind'/>");
    rig_arrive("capulet.lit", "<message from='t@capulet.lit/b' to='romeo@localhost' id='another'/>");
    const char *got = rig_take(romeo);
    rig_assert_has(got, "'another'");
    rig_assert_lacks(got, "'behind'");
    rig_answer_all();
    got = rig_take(romeo);
    assert_true(strstr(got, "'subscribe'") < strstr(got, "'behind'"));
    rig_assert_has(got, "'behind'");
}

/* Its <bind/> has no sender, so it waits for nothing. */
static void a_stanza_that_arrives_while_a_bind_is_abandoned_is_delivered(void **state)
{
    (void)state;
    struct host_link *romeo = rig_authenticated("romeo");
    rig.prompt = false;
    rig_bind(romeo, "orchard");
    rig_hangup(romeo);
    rig_arrive("capulet.lit", "<message from='j@capulet.lit/b' to='romeo@localhost' id='1'/>");
    rig_assert_has(rig_take_routed("localhost", "capulet.lit"), "<service-unavailable ");
    rig_answer_all();
}

static void memory_that_runs_out_loses_a_stanza_and_nothing_else(void **state)
{
    static const char *const stanzas[] = {
        "<message from='j@capulet.lit/b' to='romeo@localhost'><body>x</body></message>",
        "<iq from='j@capulet.lit/b' to='localhost' type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>",
        "<presence from='j@capulet.lit/b' to='romeo@localhost' type='subscribe'/>",
        "<presence from='j@capulet.lit/b' to='romeo@localhost' type='probe'/>",
    };
    (void)state;
    for (size_t i = 0; i < sizeof stanzas / sizeof stanzas[0]; i++) {
        for (size_t nth = 1; nth < 60; nth++) {
            host_forget_routed(&rig);
            host_forget_requests(&rig);
            rig.memory.fail_at = rig.memory.allocations + nth;
            rig_arrive("capulet.lit", stanzas[i]);
            core_unroutable(rig.core, stanzas[i], strlen(stanzas[i]), CORE_NO_SERVER);
            rig.memory.fail_at = 0;
        }
        assert_int_equal(inspect_counts(rig.core).users_in_memory, 0);
    }
    rig_arrive("capulet.lit", "<message from='j@capulet.lit/b' to='nobody@localhost'/>");
    assert_true(rig.routed_count > 0);
}

/* core.h, account_work: stanzas that wait for one account's storage, and those that arrive above the
 * limit. */
static void an_account_with_a_full_queue_refuses_remote_stanzas(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.limits.account_work = 3;
    rig_end();
    rig_begin_routed_with(&settings);
    rig.prompt = false;
    for (int i = 0; i < 3; i++)
        rig_arrive("capulet.lit",
                   "<presence type='probe' from='juliet@capulet.lit/b' to='romeo@localhost'/>");
    assert_int_equal(rig.routed_count, 0);
    rig_arrive("capulet.lit", "<presence type='probe' from='juliet@capulet.lit/b' to='romeo@localhost'/>");
    rig_arrive("capulet.lit", "<message from='juliet@capulet.lit/b' to='romeo@localhost' id='m'/>");
    assert_int_equal(rig.routed_count, 2);
    for (size_t i = 0; i < 2; i++)
        rig_assert_has(rig.routed[i].stanza, "<error type='wait'><resource-constraint ");
    rig_answer_all(); /* the others are served, and then more may wait */
    size_t served = rig.routed_count;
    assert_int_equal(served, 5);
    rig_arrive("capulet.lit", "<presence type='probe' from='juliet@capulet.lit/b' to='romeo@localhost'/>");
    rig_answer_all();
    assert_int_equal(rig.routed_count, served + 1);
    rig_assert_lacks(rig.routed[served].stanza, "resource-constraint");
}

static void probes_of_a_busy_account_by_a_client_are_not_answered(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.limits.account_work = 3;
    rig_end();
    rig_begin_routed_with(&settings);
    rig_keep_item("juliet@localhost", "romeo@localhost", "from");
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig.prompt = false;
    for (int i = 0; i < 10; i++)
        rig_say(romeo, "<presence type='probe' to='juliet@localhost'/>");
    rig_answer_all();
    assert_int_equal(rig_count(rig_take(romeo), "<presence "), 3);
}

#define TEST(test) RIG_TEST_FROM(test, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_request_that_waits_elsewhere_is_routed_again_with_each_new_resource),
        TEST(a_returned_stanza_without_a_local_sender_is_dropped),
        TEST(only_stanzas_from_the_guaranteed_domain_to_a_local_address_are_delivered),
        TEST(anything_but_one_stanza_is_dropped),
        TEST(the_limits_hold_for_what_arrives),
        TEST(a_stanza_comes_back_that_was_written_larger_than_it_came),
        TEST(answers_to_strangers_go_back_through_the_port),
        TEST(a_request_arrives_is_kept_and_acknowledged),
        TEST(a_request_that_cannot_be_kept_goes_back_with_an_error),
        TEST(a_stanza_after_a_request_waits_for_it),
        TEST(a_stanza_that_arrives_while_a_bind_is_abandoned_is_delivered),
        TEST(memory_that_runs_out_loses_a_stanza_and_nothing_else),
        TEST(an_account_with_a_full_queue_refuses_remote_stanzas),
        TEST(probes_of_a_busy_account_by_a_client_are_not_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
