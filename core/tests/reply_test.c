/* Answers to stanzas (RFC 6120, 8.2.3 and 8.3). */
#include "delivery/reply.h"

#include "inside.h"
#include "rig.h"

#define UNAVAILABLE ((struct stanza_error){ "cancel", "service-unavailable", NULL })

static struct host_link *romeo; /* the sender of the answered stanzas */

static int set_up(void **state)
{
    (void)state;
    rig_begin_routed();
    romeo = rig_login("romeo", "orchard");
    return 0;
}

static void answer_unavailable(const char *xml)
{
    struct stanza *stanza = inside_stanza(xml);
    reply_error(rig.core, stanza, UNAVAILABLE);
    stanza_free(stanza); /* it stays the caller's */
}

/* 8.3.1: the addresses are exchanged, and kind and id are the same. */
static void an_error_goes_back_to_its_sender(void **state)
{
    (void)state;
    static const char *const kinds[] = { "message", "presence", "iq" };
    for (size_t i = 0; i < 3; i++) {
        char xml[256];
        snprintf(xml, sizeof xml, "<%s from='romeo@localhost/orchard' to='juliet@localhost' id='1'%s/>",
                 kinds[i], i == 2 ? " type='get'" : "");
        answer_unavailable(xml);
        const char *text = rig_take(romeo);
        snprintf(xml, sizeof xml, "<%s ", kinds[i]);
        assert_int_equal(strncmp(text, xml, strlen(xml)), 0);
        rig_assert_has(text, " from='juliet@localhost'");
        rig_assert_has(text, " to='romeo@localhost/orchard'");
        rig_assert_has(text, " id='1'");
        rig_assert_has(text, "<error type='cancel'><service-unavailable "
                             "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>");
    }
}

/* 8.3.1: no error is answered with an error; 8.2.3: nor is a result. */
static void what_is_an_answer_is_not_answered(void **state)
{
    (void)state;
    static const struct {
        const char *xml;
        size_t answers;
    } rows[] = {
        { "<message from='romeo@localhost/orchard' type='error'/>", 0 },
        { "<presence from='romeo@localhost/orchard' type='error'/>", 0 },
        { "<iq from='romeo@localhost/orchard' type='error' id='1'/>", 0 },
        { "<iq from='romeo@localhost/orchard' type='result' id='1'/>", 0 },
        { "<iq from='romeo@localhost/orchard' type='set' id='1'/>", 1 },
        { "<message from='romeo@localhost/orchard' type='result'/>", 1 }, /* not the type of a message */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        answer_unavailable(rows[i].xml);
        struct stanza *stanza = inside_stanza(rows[i].xml);
        reply_error_with(rig.core, stanza, UNAVAILABLE, "blocked", "urn:x");
        stanza_free(stanza);
        assert_int_equal(rig_count(rig_take(romeo), "<error "), 2 * rows[i].answers);
    }
}

/* 8.3.4: the application-specific condition follows the defined one. */
static void an_error_may_have_a_condition_of_an_application(void **state)
{
    (void)state;
    struct stanza *stanza = inside_stanza("<iq from='romeo@localhost/orchard' type='get' id='1'/>");
    reply_error_with(rig.core, stanza, (struct stanza_error){ "modify", "bad-request", "why" }, "too-odd",
                     "urn:odd");
    stanza_free(stanza);
    rig_assert_has(rig_take(romeo),
                   "<error type='modify'><bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
                   "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>why</text>"
                   "<too-odd xmlns='urn:odd'/></error>");
}

/* 8.3.2: outside of our streams a text must say its language by itself. */
static void a_remote_sender_is_answered_through_the_port(void **state)
{
    (void)state;
    struct stanza *stanza = inside_stanza("<message from='j@capulet.lit/b' to='romeo@localhost' id='1'/>");
    reply_error(rig.core, stanza, (struct stanza_error){ "wait", "resource-constraint", "full" });
    stanza_free(stanza);
    assert_int_equal(rig.routed_count, 1);
    assert_string_equal(rig.routed[0].from, "localhost");
    assert_string_equal(rig.routed[0].to, "capulet.lit");
    rig_assert_has(rig.routed[0].stanza, " to='j@capulet.lit/b'");
    rig_assert_has(rig.routed[0].stanza,
                   "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas' xml:lang='en'>full</text>");
    assert_string_equal(rig_take(romeo), "");
}

static void a_sender_that_is_not_there_is_not_answered(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "<message from='romeo@localhost/gone'/>",
        "<message from='romeo@localhost'/>",
        "<message from='nobody@example.com/x'/>",
        "<message/>",
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        answer_unavailable(rows[i]);
    assert_string_equal(rig_take(romeo), "");
    assert_int_equal(rig.routed_count, 0);
}

/* 8.2.3: an iq of type result, with the id and without content. */
static void a_result_is_empty(void **state)
{
    (void)state;
    struct stanza *iq = inside_stanza(
        "<iq from='romeo@localhost/orchard' to='localhost' type='set' id='1'><q xmlns='urn:q'/></iq>");
    reply_result(rig.core, iq);
    stanza_free(iq);
    const char *text = rig_take(romeo);
    rig_assert_has(text, "<iq ");
    rig_assert_has(text, " type='result'");
    rig_assert_has(text, " id='1'");
    rig_assert_has(text, " from='localhost'");
    rig_assert_has(text, "/>");
    rig_assert_lacks(text, "</iq>");
}

/* XEP-0191, 3.3: a stanza from the user to a blocked contact is not-acceptable, with <blocked/>; a message
 * has a text for a person. */
static void what_a_user_sends_to_the_blocked_is_not_acceptable(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "<message from='romeo@localhost/orchard' to='j@capulet.lit'/>",
        "<iq from='romeo@localhost/orchard' to='j@capulet.lit/b' type='get'/>"
    };
    for (size_t i = 0; i < 2; i++) {
        struct stanza *stanza = inside_stanza(rows[i]);
        reply_blocked(rig.core, stanza);
        stanza_free(stanza);
        const char *text = rig_take(romeo);
        rig_assert_has(text, "<error type='cancel'><not-acceptable ");
        rig_assert_has(text, "<blocked xmlns='urn:xmpp:blocking:errors'/></error>");
        assert_int_equal(rig_count(text, "<text "), i == 0);
    }
}

/* XEP-0191, 3.3: as from a recipient that is offline. */
static void a_blocked_sender_gets_the_answer_of_an_offline_recipient(void **state)
{
    (void)state;
    struct stanza *stanza = inside_stanza("<iq from='romeo@localhost/orchard' to='j@localhost' type='get'/>");
    reply_unavailable(rig.core, stanza);
    stanza_free(stanza);
    rig_assert_stanza_error(romeo, "cancel", "service-unavailable");
}

/* 8.2.3: an iq must be answered; where that is impossible, the stream ends instead. */
static void a_sender_without_an_answer_is_disconnected(void **state)
{
    (void)state;
    struct stanza *stanza = inside_stanza("<iq from='romeo@localhost/orchard' type='get' id='1'/>");
    struct stanza *remote = inside_stanza("<iq from='j@capulet.lit/b' to='localhost' type='get' id='1'/>");
    reply_send(rig.core, remote, NULL);
    assert_int_equal(rig.routed_count, 0);
    inside_settle();
    assert_false(romeo->closed);
    reply_send(rig.core, stanza, NULL);
    inside_settle();
    assert_true(romeo->closed);
    stanza_free(remote);
    stanza_free(stanza);
}

static void every_allocation_of_an_answer_may_fail(void **state)
{
    size_t nth = 0, needed = 0;
    do {
        struct stanza *stanza = inside_stanza("<iq from='romeo@localhost/orchard' type='get' id='1'/>");
        size_t before = rig.memory.allocations;
        rig.memory.fail_at = before + ++nth;
        reply_error_with(rig.core, stanza, UNAVAILABLE, "odd", "urn:odd");
        needed = rig.memory.allocations - before;
        rig.memory.fail_at = 0;
        stanza_free(stanza);
        inside_settle();
        assert_int_equal(romeo->closed, nth <= needed);
        assert_int_equal(rig_count(rig_take(romeo), "<odd xmlns='urn:odd'/>"), nth > needed);
        rig_end();
        set_up(state);
    } while (nth <= needed);
}

#define TEST(test) RIG_TEST_FROM(test, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_error_goes_back_to_its_sender),
        TEST(what_is_an_answer_is_not_answered),
        TEST(an_error_may_have_a_condition_of_an_application),
        TEST(a_remote_sender_is_answered_through_the_port),
        TEST(a_sender_that_is_not_there_is_not_answered),
        TEST(a_result_is_empty),
        TEST(what_a_user_sends_to_the_blocked_is_not_acceptable),
        TEST(a_blocked_sender_gets_the_answer_of_an_offline_recipient),
        TEST(a_sender_without_an_answer_is_disconnected),
        TEST(every_allocation_of_an_answer_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
