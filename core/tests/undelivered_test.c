/* Handling of stanzas that were not acknowledged before the end of the session (XEP-0198, 4). */
#include "message/undelivered.h"

#include "inside.h"
#include "managed_rig.h"
#include "session/acks.h"
#include "session/send.h"

/* A queue with these stanzas, which is routed and unchanged. */
static void route(const char *const *stanzas, size_t count, struct copies *copies)
{
    struct unacked_queue queue = { 0 };
    for (size_t i = 0; i < count; i++)
        assert_true(unacked_keep(rig.core, &queue, stanzas[i], strlen(stanzas[i]), copies));
    const size_t bytes = queue.bytes;
    rig.now += RIG_MINUTE;
    undelivered_route(rig.core, &queue);
    if (rig.prompt)
        rig_answer_all();
    assert_int_equal(queue.count, count);
    assert_int_equal(queue.bytes, bytes);
    unacked_clear(rig.core, &queue);
}

/* RFC 6121, 8.5.3.2.1: for a resource that does not exist, a chat message is for the account; RFC 6120,
 * 8.2.3: a request is answered; all others are dropped. */
static void each_stanza_is_treated_as_if_the_resource_did_not_exist(void **state)
{
    (void)state;
    static const struct {
        const char *xml, *condition; /* of the returned error */
        bool delivered;              /* to the account's other resource */
    } rows[] = {
        { "<message from='juliet@localhost/b' to='romeo@localhost/gone' type='chat'><body>1</body></message>",
          NULL, true },
        { "<message from='juliet@localhost/b' to='romeo@localhost/gone' type='groupchat'/>",
          "service-unavailable", false },
        { "<message from='juliet@localhost/b' to='romeo@localhost/gone' type='error'/>", NULL, false },
        { "<iq from='juliet@localhost/b' to='romeo@localhost/gone' type='get' id='1'><q xmlns='urn:q'/></iq>",
          "service-unavailable", false },
        { "<iq from='juliet@localhost/b' to='romeo@localhost/gone' type='result' id='1'/>", NULL, false },
        { "<iq from='juliet@localhost/b' to='romeo@localhost/gone' type='error' id='1'/>", NULL, false },
        { "<presence from='juliet@localhost/b' to='romeo@localhost/gone'/>", NULL, false },
        { "<presence from='juliet@localhost/b' to='romeo@localhost/gone' type='subscribe'/>", NULL, false },
    };
    struct host_link *juliet = rig_login("juliet", "b"), *romeo = rig_online("romeo", "orchard");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        route(&rows[i].xml, 1, NULL);
        if (rows[i].condition != NULL)
            rig_assert_stanza_error(juliet, "cancel", rows[i].condition);
        assert_string_equal(rig_take(juliet), "");
        if (rows[i].delivered)
            rig_assert_has(rig_take(romeo), "<body>1</body>");
        assert_string_equal(rig_take(romeo), "");
    }
}

/* XEP-0203, 4: the server adds the time once, whatever its sender or a forwarded message says. */
static void a_message_gets_the_time_at_which_it_was_sent_once(void **state)
{
    (void)state;
    static const char delay[] =
        "<delay xmlns='urn:xmpp:delay' from='localhost' stamp='2001-01-01T00:00:00Z'/>";
    static const struct {
        const char *xml;
        size_t count; /* of delays in all */
    } rows[] = {
        { "<message from='j@localhost' to='romeo@localhost/gone' type='chat'/>", 1 },
        { "<message from='j@localhost' to='romeo@localhost/gone' type='chat'>"
          "<delay xmlns='urn:xmpp:delay' from='localhost' stamp='2001-01-01T00:00:00Z'/></message>",
          1 },
        { "<message from='j@localhost' to='romeo@localhost/gone' type='chat'>"
          "<delay xmlns='urn:xmpp:delay' from='j@localhost' stamp='1999-01-01T00:00:00Z'/></message>",
          2 },
        { "<message from='j@localhost' to='romeo@localhost/gone' type='chat'><f>"
          "<delay xmlns='urn:xmpp:delay' from='localhost' stamp='1999-01-01T00:00:00Z'/></f></message>",
          2 },
    };
    struct host_link *romeo = rig_online("romeo", "orchard");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rig.now = UINT64_C(978307200000000000); /* 2001-01-01 */
        route(&rows[i].xml, 1, NULL);
        const char *text = rig_take(romeo);
        assert_int_equal(rig_count(text, "<delay "), rows[i].count);
        assert_int_equal(rig_count(text, delay), 1);
    }
}

/* unacked.h: a message to several resources is undelivered only when the last of them ends without having
 * acknowledged it. */
static void a_message_of_which_another_has_a_copy_is_cared_for(void **state)
{
    (void)state;
    static const char *const xml[] = {
        "<message from='j@localhost' to='romeo@localhost' type='chat'><body>1</body></message>"
    };
    struct host_link *romeo = rig_online("romeo", "orchard");
    struct copies *copies = copies_new(rig.core);
    assert_non_null(copies);
    route(xml, 1, copies); /* the test holds the other */
    assert_string_equal(rig_take(romeo), "");
    copies->holders--;
    route(xml, 1, copies); /* the queue frees them */
    rig_assert_has(rig_take(romeo), "<body>1</body>");
    copies = copies_new(rig.core);
    assert_non_null(copies);
    copies->delivered = true;
    copies->holders--;
    route(xml, 1, copies);
    assert_string_equal(rig_take(romeo), "");
}

/* ---- When a session ends ---- */

/* A broken connection of a managed session that is not resumable ends it, and its messages come back. */
static void without_resumption_unacknowledged_messages_come_back(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    struct host_link *juliet = rig_online("juliet", "balcony");
    rig_say(romeo, "<enable " SM "/>");
    rig_say(juliet, TO_ROMEO("lost"));
    rig_hangup(romeo);
    assert_null(inspect_full_jid(rig.core, "romeo@localhost/orchard"));
    rig_assert_stanza_error(juliet, "cancel", "service-unavailable");
}

static void answers_go_nowhere_else(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    struct host_link *juliet = rig_online("juliet", "balcony");
    enable(romeo);
    rig_hangup(romeo);
    rig_say(juliet, "<message to='romeo@localhost/orchard' type='error'/>"
                    "<iq to='romeo@localhost/orchard' type='result' id='r'/>"
                    "<presence to='romeo@localhost/orchard'/>");
    rig_take(juliet);
    pass(11 * RIG_MINUTE);
    rig_assert_lacks(rig_take(juliet), "<error");
}

/* Only the account itself makes copies (XEP-0280, 11). */
static void what_looks_like_a_copy_comes_back_as_any_message_does(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    struct host_link *juliet = rig_online("juliet", "balcony");
    enable(romeo);
    rig_hangup(romeo);
    rig_say(juliet, "<message to='romeo@localhost/orchard'><received xmlns='urn:xmpp:carbons:2'/></message>"
                    "<message to='romeo@localhost/orchard'><sent xmlns='urn:xmpp:carbons:2'/></message>");
    rig_take(juliet);
    pass(11 * RIG_MINUTE);
    assert_int_equal(rig_count(rig_take(juliet), "<error"), 2);
}

/* Whichever allocation fails, at most one message is lost, or the stream of its sender. */
static void a_message_that_cannot_be_passed_on_takes_no_other_with_it(void **state)
{
    (void)state;
    for (size_t nth = 1, needed = 1; nth <= needed; nth++) {
        rig_begin();
        struct host_link *romeo = rig_online("romeo", "orchard"), *juliet = rig_online("juliet", "balcony");
        enable(romeo);
        rig_hangup(romeo);
        rig_say(juliet, "<message to='romeo@localhost/orchard' id='1'/>"
                        "<message to='romeo@localhost/orchard' id='2'/>");
        rig_take(juliet);
        size_t before = rig.memory.allocations;
        rig.memory.fail_at = before + nth;
        pass(11 * RIG_MINUTE);
        needed = nth == 1 ? rig.memory.allocations - before : needed;
        rig.memory.fail_at = 0;
        if (!juliet->closed)
            assert_true(rig_count(rig_take(juliet), "<error") >= 1);
        rig_end();
    }
}

/* RFC 6121, 2.1.6: a push has no sender to be notified. */
static void an_unacknowledged_roster_push_is_dropped(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard"), *garden = rig_online("romeo", "garden");
    enable(romeo);
    rig_say(garden, "<iq type='set' id='s'><query xmlns='jabber:iq:roster'><item jid='juliet@localhost'/>"
                    "</query></iq>");
    assert_int_equal(look("romeo@localhost/orchard").unacked, 1);
    rig_take(garden);
    rig_hangup(romeo);
    pass(11 * RIG_MINUTE);
    rig_assert_lacks(rig_take(garden), "<iq ");
    assert_int_equal(inspect_counts(rig.core).sessions, 1);
}

/* ---- When a sender is blocked (XEP-0191, 3.3) ---- */

#define BLOCK_ROMEO                                                                                          \
    "<iq type='set' id='block'><block xmlns='urn:xmpp:blocking'><item jid='ROMEO@localhost'/></block></iq>"
#define TO_JULIET "<message to='juliet@localhost/balcony' type='chat' id='m'><body>hist</body></message>"

static int blocking(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.features = CORE_BLOCKING;
    rig_begin_with(&settings);
    return 0;
}

/* 3.3: once Romeo is blocked, his stanzas that a resumption has not sent yet are left out, and not
 * counted. */
static void a_block_removes_what_a_resumption_has_not_sent_yet(void **state)
{
    (void)state;
    char resume[128];
    struct host_link *juliet = rig_online("juliet", "balcony"), *phone = rig_online("juliet", "phone");
    struct host_link *romeo = rig_online("romeo", "orchard"), *nurse = rig_online("nurse", "chamber");
    rig_take(juliet);
    rig_say(juliet, "<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
    const char *id = strstr(rig_take(juliet), " id='");
    assert_non_null(id);
    snprintf(resume, sizeof resume, "<resume xmlns='urn:xmpp:sm:3' previd='%.32s' h='0'/>", id + 5);
    rig_hangup(juliet);
    rig_say(nurse, TO_JULIET TO_JULIET);
    rig_say(romeo, TO_JULIET TO_JULIET);
    rig_say(nurse, TO_JULIET);
    rig_say(romeo, TO_JULIET);

    juliet = rig_authenticated("juliet");
    juliet->window = 150; /* <resumed/> and a part of the first */
    rig_say(juliet, resume);
    rig_say(phone, BLOCK_ROMEO);
    juliet->window = SIZE_MAX;
    core_writable(rig.core, juliet->conn);
    const char *text = rig_take(juliet);
    assert_int_equal(rig_count(text, " from='nurse@localhost/chamber'"), 3);
    rig_assert_lacks(text, "romeo");
    rig_say(juliet, "<a xmlns='urn:xmpp:sm:3' h='3'/>");
    assert_false(juliet->closed);
    assert_int_equal(session_look(rig_session(juliet)).unacked, 0);
}

/* RFC 6120, 8.2.3: as if it arrived now. */
static void a_request_of_a_blocked_sender_is_answered(void **state)
{
    (void)state;
    struct host_link *juliet = rig_online("juliet", "balcony"), *phone = rig_online("juliet", "phone");
    struct host_link *romeo = rig_online("romeo", "orchard");
    static const char request[] = "<iq type='get' id='q' from='romeo@localhost/orchard' "
                                  "to='juliet@localhost/balcony'><q xmlns='urn:q'/></iq>";
    enable(juliet);
    struct session *session = inside_session(juliet);
    session_send_written(session, request, sizeof request - 1);
    session->managed->queue.again = session->managed->queue.first; /* as after a resumption */
    rig_take(romeo);
    rig_say(phone, BLOCK_ROMEO);
    rig_assert_stanza_error(romeo, "cancel", "service-unavailable");
    assert_int_equal(session_look(session).unacked, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(each_stanza_is_treated_as_if_the_resource_did_not_exist),
        RIG_TEST(a_message_gets_the_time_at_which_it_was_sent_once),
        RIG_TEST(a_message_of_which_another_has_a_copy_is_cared_for),
        RIG_TEST(without_resumption_unacknowledged_messages_come_back),
        RIG_TEST(answers_go_nowhere_else),
        RIG_TEST(what_looks_like_a_copy_comes_back_as_any_message_does),
        cmocka_unit_test(a_message_that_cannot_be_passed_on_takes_no_other_with_it),
        RIG_TEST(an_unacknowledged_roster_push_is_dropped),
        cmocka_unit_test_setup_teardown(a_block_removes_what_a_resumption_has_not_sent_yet, blocking,
                                        rig_tear_down),
        RIG_TEST_FROM(a_request_of_a_blocked_sender_is_answered, blocking),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
