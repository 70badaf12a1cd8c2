/* Counting, requesting acknowledgements, and sending again (XEP-0198, 4 and 5). */
#include "session/acks.h"

#include "inside.h"
#include "managed_rig.h"

#define ASK "<r xmlns='urn:xmpp:sm:3'/>"

static struct core_settings few(void)
{
    struct core_settings settings = rig_settings();
    settings.ack_after = 100; /* not by itself */
    settings.limits.unacked = 8;
    settings.limits.unacked_bytes = 80;
    return settings;
}

static int set_up(void **state)
{
    (void)state;
    struct core_settings settings = few();
    rig_begin_with(&settings);
    return 0;
}

static struct host_link *link; /* of the session that the next one makes */

static struct session *managed_session(void)
{
    link = rig_login("romeo", "orchard");
    enable(link);
    struct session *session = inside_session(link);
    assert_non_null(session->managed);
    return session;
}

static void send_many(struct session *session, size_t count, const char *xml)
{
    for (size_t i = 0; i < count; i++)
        acks_send(session, xml, strlen(xml), NULL);
}

/* ---- Counts ---- */

/* 'h' is an unsignedInt and goes back to zero at 2^32 (XEP-0198, 4). */
static void acknowledgements_count_modulo_2_to_the_32nd(void **state)
{
    (void)state;
    static const struct {
        uint32_t h;
        bool right;
        size_t left; /* not acknowledged afterwards */
    } rows[] = {
        { UINT32_MAX - 1, true, 3 },
        { UINT32_MAX, true, 2 },
        { UINT32_MAX - 1, true, 2 }, /* out of date */
        { 2, false, 2 },
        { 1, true, 0 },
        { 1, true, 0 },
        { 2, false, 0 },
        { UINT32_MAX, true, 0 },
    };
    struct session *session = managed_session();
    session->managed->sent = UINT32_MAX - 1;
    send_many(session, 3, "<a/>");
    assert_int_equal(acks_look(session->managed).sent, 1);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(acks_acknowledge(session->managed, rows[i].h), rows[i].right);
        assert_int_equal(acks_look(session->managed).unacked, rows[i].left);
        assert_int_equal(acks_queue(session->managed)->count, rows[i].left);
    }
}

static void stanzas_of_the_client_are_counted_once_it_is_managed(void **state)
{
    (void)state;
    struct session *session = managed_session(), *other = inside_session(rig_login("juliet", "balcony"));
    session->managed->handled = UINT32_MAX;
    acks_count(session);
    assert_int_equal(acks_look(session->managed).handled, 0);
    acks_count(session);
    assert_int_equal(acks_look(session->managed).handled, 1);
    acks_count(other);
    assert_null(other->managed);
    assert_null(acks_queue(NULL)->first);
    assert_int_equal(acks_queue(NULL)->count, 0);
    acks_free(rig.core, NULL);
}

/* ---- Limits ---- */

static void a_part_of_either_limit_is_behind(void **state)
{
    (void)state;
    struct session *session = managed_session();
    send_many(session, 4, "<a/>");
    assert_false(acks_is_behind(session, 2));
    assert_true(acks_is_behind(session, 4)); /* four are more than two */
    assert_true(session_is_congested(session));
    send_many(session, 1, "<a/>");
    assert_true(acks_is_behind(session, 2));
    acks_acknowledge(session->managed, 5);
    assert_false(acks_is_behind(session, 4));
    assert_false(session_is_congested(session));
    send_many(session, 1, "<a>123456789012345</a>"); /* 22 bytes, more than a fourth of 80 */
    assert_true(acks_is_behind(session, 4));
    assert_false(acks_is_behind(session, 2));
}

/* core.h, limits.unacked: policy-violation (stream), and the session ends. */
static void too_many_stanzas_end_the_session(void **state)
{
    (void)state;
    struct session *session = managed_session();
    send_many(session, 8, "<a/>");
    inside_settle();
    assert_false(link->closed);
    send_many(inside_session(link), 1, "<a/>");
    inside_settle();
    rig_assert_stream_error(link, "policy-violation");
    assert_null(inspect_full_jid(rig.core, "romeo@localhost/orchard"));
}

/* The same for limits.unacked_bytes, except for excused stanzas until the queue is empty. */
static void too_many_bytes_end_the_session_but_for_what_is_excused(void **state)
{
    (void)state;
    struct session *session = managed_session();
    acks_excuse(session, 30);
    acks_excuse(session, 10);                        /* the larger counts */
    send_many(session, 5, "<a>123456789012345</a>"); /* 110 bytes: 80 and 30 */
    inside_settle();
    assert_false(link->closed);
    acks_acknowledge(session->managed, 5);
    send_many(session, 3, "<a>123456789012345</a>");
    inside_settle();
    assert_false(link->closed);
    send_many(session, 1, "<a>12345678</a>"); /* 81: nothing is excused any more */
    inside_settle();
    rig_assert_stream_error(link, "policy-violation");
}

static void a_stanza_for_which_there_is_no_memory_ends_the_session(void **state)
{
    (void)state;
    struct session *session = managed_session();
    rig.memory.fail_at = rig.memory.allocations + 1;
    send_many(session, 1, "<a/>");
    assert_true(session->doomed);
    assert_int_equal(acks_look(session->managed).sent, 0);
    inside_settle();
    assert_true(link->closed);
    assert_string_equal(rig_take(link), "");
}

static void there_is_room_when_all_is_sent_and_most_acknowledged(void **state)
{
    (void)state;
    struct session *session = managed_session();
    send_many(session, 1, "<a/>");
    assert_true(session_has_room(session));
    send_many(session, 1, "<a/>"); /* more than an eighth */
    assert_false(session_has_room(session));
    acks_acknowledge(session->managed, 2);
    assert_true(session_has_room(session));
    link->window = 0;
    session_write(session, "<a/>", 4, NULL);
    assert_false(session_has_room(session));
    struct session *other = inside_session(link = rig_login("juliet", "balcony"));
    assert_true(session_has_room(other));
    assert_false(session_is_congested(other));
    link->window = 0;
    session_write(other, "<a/>", 4, NULL); /* without stream management it is only sent */
    assert_false(session_has_room(other));
    link->window = SIZE_MAX;
    core_writable(rig.core, link->conn);
    assert_string_equal(rig_take(link), "<a/>");
}

/* ---- Asking ---- */

static void one_request_follows_a_batch_and_waits_for_its_answer(void **state)
{
    (void)state;
    struct core_settings settings = few();
    settings.ack_after = 1;
    settings.limits.unacked = settings.limits.unacked_bytes = 1000;
    rig_begin_with(&settings);
    struct session *session = managed_session();
    send_many(session, 1, "<a/>");
    inside_settle();
    assert_string_equal(rig_take(link), "<a/>"); /* no more than ack_after */
    send_many(session, 2, "<a/>");
    assert_string_equal(rig_take(link), "<a/><a/>");
    inside_settle();
    assert_string_equal(rig_take(link), ASK);
    send_many(session, 1, "<a/>");
    inside_settle();
    assert_string_equal(rig_take(link), "<a/>"); /* the answer is still to come */
    rig_say(link, "<a " SM " h='2'/>");
    assert_string_equal(rig_take(link), ASK); /* it acknowledges stanzas before the last */
    rig_say(link, "<a " SM " h='2'/>");
    assert_string_equal(rig_take(link), ""); /* nothing was sent since */
    rig_end();
}

static void an_inactive_client_is_asked_later(void **state)
{
    (void)state;
    struct core_settings settings = few();
    settings.ack_after = 0;
    settings.ack_after_asleep = 2;
    settings.limits.unacked = settings.limits.unacked_bytes = 1000;
    rig_begin_with(&settings);
    struct session *session = managed_session();
    rig_say(link, "<inactive xmlns='urn:xmpp:csi:0'/>");
    send_many(session, 2, "<a/>");
    inside_settle();
    assert_string_equal(rig_take(link), "<a/><a/>");
    send_many(session, 1, "<a/>");
    inside_settle();
    assert_string_equal(rig_take(link), "<a/>" ASK);
    rig_end();
}

/* No acknowledgement is sent at the end of the call if the session has ended by then. */
static void a_session_that_ends_is_sent_no_acknowledgement_request(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    enable(romeo);
    rig_say(romeo, "<message to='romeo@localhost/orchard'/></stream:stream>");
    const char *text = rig_take(romeo);
    rig_assert_has(text, "<message ");
    rig_assert_lacks(text, "<r ");
    assert_int_equal(inspect_counts(rig.core).sessions, 0);
}

static void sessions_due_for_a_request_may_end_before_it(void **state)
{
    (void)state;
    struct host_link *links[] = { rig_online("juliet", "a"), rig_online("juliet", "b"),
                                  rig_online("juliet", "c") };
    struct host_link *romeo = rig_online("romeo", "orchard");
    for (size_t i = 0; i < 3; i++)
        enable(links[i]);
    enable(romeo);
    /* All have a pending request when romeo, neither the first nor the last of them, leaves. */
    rig_say(romeo, "<message to='juliet@localhost/a'/><message to='romeo@localhost/orchard'/>"
                   "<message to='juliet@localhost/b'/><message to='juliet@localhost/c'/></stream:stream>");
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(rig_count(rig_take(links[i]), "<r " SM "/>"), 1);
    rig_assert_lacks(rig_take(romeo), "<r ");
}

/* ---- Hibernating, and sending again ---- */

static bool is_b(void *context, const struct unacked *unacked)
{
    (void)context;
    return strcmp(unacked->xml, "<b/>") == 0;
}

/* Dropped stanzas were never sent, so the client does not count them. */
static void what_is_forgotten_is_not_counted(void **state)
{
    (void)state;
    struct session *session = managed_session();
    rig_hangup(link);
    send_many(session, 1, "<a/>");
    send_many(session, 2, "<b/>");
    assert_int_equal(acks_look(session->managed).sent, 3);
    acks_forget(session, is_b, NULL); /* there was no resumption: all may have been received */
    assert_int_equal(acks_look(session->managed).sent, 3);
    session->managed->queue.again = session->managed->queue.first;
    acks_forget(session, is_b, NULL);
    assert_int_equal(acks_look(session->managed).sent, 1);
    assert_int_equal(acks_look(session->managed).unacked, 1);
    session->managed->queue.again = NULL;
}

/* A client that reads slowly receives the stanzas that it missed as it reads, whatever the bound on waiting
 * output. */
static void a_backlog_is_sent_as_fast_as_the_link_takes_it(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    struct host_link *juliet = rig_online("juliet", "balcony");
    const char *id = enable(romeo);
    rig_hangup(romeo);
    for (int i = 0; i < 40; i++)
        rig_say(juliet, TO_ROMEO("m"));
    struct host_link *again = rig_authenticated("romeo");
    again->window = 1000;
    resume(again, id, 0);
    rig_say(juliet, TO_ROMEO("last"));
    for (int i = 0; i < 40; i++) {
        again->window = 1000;
        core_writable(rig.core, again->conn);
    }
    const char *text = rig_take(again);
    assert_int_equal(rig_count(text, " id='m'"), 40);
    assert_int_equal(rig_count(text, " id='last'"), 1);
    assert_true(strstr(strstr(text, " id='last'"), " id='m'") == NULL);
    rig_say(again, "<a " SM " h='41'/>");
    assert_int_equal(look("romeo@localhost/orchard").unacked, 0);
}

/* Stanzas that were sent again may be acknowledged while the rest waits. */
static void part_of_a_backlog_may_be_acknowledged(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    struct host_link *juliet = rig_online("juliet", "balcony");
    const char *id = enable(romeo);
    rig_hangup(romeo);
    rig_say(juliet, TO_ROMEO("1") TO_ROMEO("2") TO_ROMEO("3"));
    struct host_link *again = rig_authenticated("romeo");
    again->window = 100;
    resume(again, id, 0);
    rig_say(again, "<a " SM " h='3'/>");
    again->window = SIZE_MAX;
    core_writable(rig.core, again->conn);
    rig_assert_lacks(rig_take(again), " id='3'");
    assert_int_equal(look("romeo@localhost/orchard").unacked, 0);
}

static void a_backlog_that_finds_no_room_waits_for_the_next_connection(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.limits.output_bytes = 400;
    rig_begin_with(&settings);
    struct host_link *juliet = rig_online("juliet", "balcony"), *romeo = rig_online("romeo", "orchard");
    const char *id = enable(romeo);
    rig_hangup(romeo);
    rig_say(juliet,
            rig_filled("<message to='romeo@localhost/orchard'><body>", 'a', 500, "</body></message>"));
    rig_say(juliet, TO_ROMEO("1"));
    romeo = rig_authenticated("romeo");
    romeo->window = 150; /* <resumed/> goes out */
    resume(romeo, id, 0);
    assert_true(romeo->closed);
    assert_true(look("romeo@localhost/orchard").hibernating);
    assert_int_equal(look("romeo@localhost/orchard").unacked, 2);
    rig_end();
}

/* Not enough capacity for one stanza that is sent again: the session hibernates because of it, during a call
 * about its connection. */
static void a_stanza_that_is_too_large_to_go_out_again_waits_for_the_next_connection(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.limits.output_bytes = 5000;
    rig_begin_with(&settings);
    struct host_link *romeo = rig_online("romeo", "orchard"), *juliet = rig_online("juliet", "balcony");
    const char *id = enable(romeo);
    rig_hangup(romeo);
    rig_say(juliet, TO_ROMEO("1"));
    rig_say(juliet, rig_filled("<message to='romeo@localhost/orchard' id='2'><body>", 'x', 9000,
                               "</body></message>"));
    struct host_link *again = rig_authenticated("romeo");
    again->window = 10;
    resume(again, id, 0);
    assert_false(again->closed);
    again->window = 400;
    core_writable(rig.core, again->conn);
    assert_true(again->closed);
    assert_true(look("romeo@localhost/orchard").hibernating);
    assert_int_equal(look("romeo@localhost/orchard").unacked, 2);
    rig_end();
}

#define TEST(test) RIG_TEST_FROM(test, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(acknowledgements_count_modulo_2_to_the_32nd),
        TEST(stanzas_of_the_client_are_counted_once_it_is_managed),
        TEST(a_part_of_either_limit_is_behind),
        TEST(too_many_stanzas_end_the_session),
        TEST(too_many_bytes_end_the_session_but_for_what_is_excused),
        TEST(a_stanza_for_which_there_is_no_memory_ends_the_session),
        TEST(there_is_room_when_all_is_sent_and_most_acknowledged),
        cmocka_unit_test(one_request_follows_a_batch_and_waits_for_its_answer),
        cmocka_unit_test(an_inactive_client_is_asked_later),
        RIG_TEST(a_session_that_ends_is_sent_no_acknowledgement_request),
        RIG_TEST(sessions_due_for_a_request_may_end_before_it),
        TEST(what_is_forgotten_is_not_counted),
        RIG_TEST(a_backlog_is_sent_as_fast_as_the_link_takes_it),
        RIG_TEST(part_of_a_backlog_may_be_acknowledged),
        cmocka_unit_test(a_backlog_that_finds_no_room_waits_for_the_next_connection),
        cmocka_unit_test(a_stanza_that_is_too_large_to_go_out_again_waits_for_the_next_connection),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
