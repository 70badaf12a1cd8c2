/* Presence (RFC 6121, 4 and 8.5), through whole stanzas. */
#include "rig.h"

static int set_up(void **state)
{
    rig_set_up(state);
    rig_keep_item("romeo@localhost", "juliet@localhost", "both");
    rig_keep_item("juliet@localhost", "romeo@localhost", "both");
    return 0;
}

#define FROM(jid) " from='" jid "'"

/* ---- Available (4.2, 4.4) ---- */

static void initial_presence_goes_to_subscribers_and_to_the_sender(void **state)
{
    (void)state;
    struct host_link *juliet = rig_online("juliet", "balcony"), *mercutio = rig_online("mercutio", "street");
    struct host_link *other = rig_online("romeo", "garden"), *romeo = rig_login("romeo", "orchard");
    rig_take(juliet);
    rig_say(romeo, "<presence id='p'><show>dnd</show><priority>1</priority></presence>");
    const char *text = rig_take(juliet);
    assert_int_equal(rig_count(text, "<presence "), 1);
    rig_assert_has(text, FROM("romeo@localhost/orchard"));
    rig_assert_has(text, " to='juliet@localhost'");
    rig_assert_has(text, "<show>dnd</show><priority>1</priority></presence>"); /* and no delay: it is new */
    assert_int_equal(rig_count(rig_take(other), FROM("romeo@localhost/orchard")), 1);
    text = rig_take(romeo);
    assert_int_equal(rig_count(text, FROM("romeo@localhost/orchard")), 1);
    assert_int_equal(rig_count(text, FROM("romeo@localhost/garden")), 1);
    assert_int_equal(rig_count(text, FROM("juliet@localhost/balcony")), 1);
    assert_string_equal(rig_take(mercutio), "");
    struct session_view view = session_look(rig_session(romeo));
    assert_int_equal(view.priority, 1);
    assert_true(session_is_available(rig_session(romeo)));
    assert_true(view.presence_length > 0);
}

/* 4.4: later presence is broadcast, without probes. */
static void subsequent_presence_does_not_probe(void **state)
{
    (void)state;
    struct host_link *juliet = rig_online("juliet", "balcony"), *romeo = rig_online("romeo", "orchard");
    rig_take(juliet);
    rig_say(romeo, "<presence><show>away</show></presence>");
    rig_assert_has(rig_take(juliet), "<show>away</show>");
    assert_int_equal(rig_count(rig_take(romeo), "<presence "), 1);
}

/* 4.3.2 and XEP-0203: presence sent later has its time. */
static void presence_sent_later_has_its_time(void **state)
{
    (void)state;
    struct host_link *juliet = rig_online("juliet", "balcony");
    rig.now += UINT64_C(3600) * 1000000000;
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, "<presence/>");
    const char *text = rig_take(romeo);
    rig_assert_has(text, "<delay xmlns='urn:xmpp:delay' from='localhost' stamp='2001-01-01T00:00:00Z'/>");
    rig_assert_has(rig_take(juliet), FROM("romeo@localhost/orchard"));
}

/* 4.7.2.3: an integer from -128 to 127, 0 when there is none. */
static void priorities_are_small_integers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int priority;
    } cases[] = { { "0", 0 },       { "127", 127 }, { "-128", -128 }, { "+5", 5 },
                  { "-1", -1 },     { "128", 127 }, { "-129", -128 }, { "99999999999999999999", 127 },
                  { "", 0 },        { "-", 0 },     { "high", 0 },    { "1.5", 0 },
                  { "5<x/>0", 50 }, { "007", 7 } };
    struct host_link *romeo = rig_login("romeo", "orchard");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char xml[128];
        snprintf(xml, sizeof xml, "<presence><priority>%s</priority></presence>", cases[i].text);
        rig_say(romeo, xml);
        assert_int_equal(session_look(rig_session(romeo)).priority, cases[i].priority);
    }
    rig_say(romeo, "<presence/>");
    assert_int_equal(session_look(rig_session(romeo)).priority, 0);
}

/* ---- Unavailable (4.5) ---- */

static void assert_gone_once(struct host_link *link)
{
    const char *text = rig_take(link);
    assert_int_equal(rig_count(text, "<presence "), 1);
    rig_assert_has(text, " type='unavailable'");
    rig_assert_has(text, FROM("romeo@localhost/orchard"));
}

static void every_way_to_leave_is_announced_exactly_once(void **state)
{
    (void)state;
    for (int way = 0; way < 5; way++) {
        struct host_link *juliet = rig_online("juliet", "balcony"), *other = rig_online("romeo", "garden");
        struct host_link *romeo = rig_online("romeo", "orchard");
        rig_take(juliet);
        rig_take(other);
        if (way == 0)
            rig_say(romeo, "<presence type='unavailable'/><presence type='unavailable'/>");
        if (way == 1)
            rig_say(romeo, "</stream:stream>");
        if (way == 2)
            rig_say(romeo, "<a></b>");
        if (way == 3)
            rig_login("romeo", "orchard");
        rig_hangup(romeo);
        assert_gone_once(juliet);
        assert_gone_once(other);
        rig_end();
        set_up(state);
    }
}

static void an_unavailable_resource_receives_no_presence(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard"), *juliet = rig_online("juliet", "balcony");
    rig_say(romeo, "<presence type='unavailable'/>");
    assert_false(session_is_available(rig_session(romeo)));
    assert_null(session_look(rig_session(romeo)).presence);
    assert_int_equal(session_look(rig_session(romeo)).priority, 0);
    rig_take(romeo);
    rig_say(juliet, "<presence><show>xa</show></presence>");
    assert_string_equal(rig_take(romeo), "");
}

/* A session that was never available has nothing to withdraw. */
static void a_session_that_was_never_available_ends_silently(void **state)
{
    (void)state;
    struct host_link *juliet = rig_online("juliet", "balcony"), *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, "<presence type='unavailable'/>");
    rig_hangup(romeo);
    assert_string_equal(rig_take(juliet), "");
}

/* ---- Directed (4.6) ---- */

/* An error is for another recipient. */
static void an_error_to_oneself_changes_nothing(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, "<presence type='error' to='romeo@localhost/orchard'/>");
    rig_take(romeo);
    rig_say(romeo, "<presence><show>away</show></presence>");
    assert_int_equal(rig_count(rig_take(romeo), "<show>away</show>"), 1);
}

/* ---- By the recipient's situation (8.5) ---- */

static void presence_goes_by_the_recipients_situation(void **state)
{
    (void)state;
    static const struct {
        const char *to;
        const char *type;
        const char *outcome; /* at the available, the negative and the merely connected resource */
    } table[] = {
        { "mercutio@localhost", "", "yyn" }, /* 8.5.2.1.2: all that are available, the negative ones too */
        { "mercutio@localhost", " type='unavailable'", "yyn" },
        { "mercutio@localhost", " type='error'", "yyn" }, /* RFC 6120, 10.5.3.2 */
        { "mercutio@localhost/a", "", "ynn" },            /* 8.5.3.1 */
        { "mercutio@localhost/b", " type='unavailable'", "nyn" },
        { "mercutio@localhost/a", " type='error'", "ynn" },
        { "mercutio@localhost/d", "", "nnn" }, /* 8.5.3.2.2 */
        { "nobody@localhost", "", "nnn" },     /* 8.5.1 */
        { "localhost", "", "nnn" },
    };
    struct host_link *links[] = { rig_online("mercutio", "a"), rig_online("mercutio", "b"),
                                  rig_login("mercutio", "c") };
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig_say(links[1], "<presence><priority>-5</priority></presence>");
    for (size_t row = 0; row < sizeof table / sizeof *table; row++) {
        char xml[128];
        for (size_t i = 0; i < 3; i++)
            rig_take(links[i]);
        snprintf(xml, sizeof xml, "<presence to='%s'%s/>", table[row].to, table[row].type);
        rig_say(romeo, xml);
        for (size_t i = 0; i < 3; i++)
            if (rig_count(rig_take(links[i]), "<presence ") != (table[row].outcome[i] == 'y'))
                fail_msg("%s at %zu", xml, i);
        assert_string_equal(rig_take(romeo), "");
    }
}

static void presence_that_is_none_is_refused(void **state)
{
    (void)state;
    static const char *const malformed[] = { "<presence type='away'/>", "<presence type='subscribe'/>",
                                             "<presence type='probe'/>",
                                             "<presence type='odd' to='a@localhost'/>" };
    struct host_link *romeo = rig_login("romeo", "orchard");
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        rig_say(romeo, malformed[i]);
        rig_assert_stanza_error(romeo, "modify", "bad-request");
    }
    rig_say(romeo, "<presence type='error'/>");
    assert_string_equal(rig_take(romeo), "");
    rig_say(romeo, "<presence to='a@example.net'/>");
    rig_assert_stanza_error(romeo, "cancel", "remote-server-not-found");
    rig_say(romeo, "<presence type='unavailable' to='a@example.net'/>");
    rig_assert_stanza_error(romeo, "cancel", "remote-server-not-found");
    rig_say(romeo, "<presence type='error' to='a@example.net'/>");
    assert_string_equal(rig_take(romeo), "");
}

/* 4.3.2: a client's own probe is answered if it may see the presence; here no resource is available. */
static void a_probe_of_an_unavailable_account_says_so(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, "<presence type='probe' to='juliet@localhost'/><presence type='probe' to='localhost'/>");
    const char *text = rig_take(romeo);
    assert_int_equal(rig_count(text, "<presence "), 1);
    rig_assert_has(text, " type='unavailable'");
    rig_assert_has(text, FROM("juliet@localhost"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(initial_presence_goes_to_subscribers_and_to_the_sender, set_up,
                                        rig_tear_down),
        RIG_TEST_FROM(subsequent_presence_does_not_probe, set_up),
        RIG_TEST_FROM(presence_sent_later_has_its_time, set_up),
        RIG_TEST_FROM(priorities_are_small_integers, set_up),
        RIG_TEST_FROM(every_way_to_leave_is_announced_exactly_once, set_up),
        RIG_TEST_FROM(an_unavailable_resource_receives_no_presence, set_up),
        cmocka_unit_test_setup_teardown(a_session_that_was_never_available_ends_silently, set_up,
                                        rig_tear_down),
        RIG_TEST_FROM(presence_goes_by_the_recipients_situation, set_up),
        RIG_TEST_FROM(presence_that_is_none_is_refused, set_up),
        RIG_TEST_FROM(a_probe_of_an_unavailable_account_says_so, set_up),
        RIG_TEST_FROM(an_error_to_oneself_changes_nothing, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
