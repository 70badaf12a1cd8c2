/* Sessions that end, or hibernate, in the middle of something: a client that reads nothing loses its
 * connection whenever it is sent more than limits.output_bytes (core.h). */
#include "rig.h"

#define SM   "xmlns='urn:xmpp:sm:3'"
#define CHAT "<message to='romeo@localhost' type='chat'><body>hist</body></message>"

static struct core_settings narrow(void)
{
    struct core_settings settings = rig_settings();
    settings.limits.output_bytes = 1;
    settings.idle_time = settings.ping_time = settings.resume_time = RIG_MINUTE;
    return settings;
}

static int set_up(void **state)
{
    (void)state;
    struct core_settings settings = narrow();
    rig_begin_with(&settings);
    return 0;
}

static struct session_view look(const char *full_jid)
{
    const struct session *session = inspect_full_jid(rig.core, full_jid);
    assert_non_null(session);
    return session_look(session);
}

/* A connected resource that may be resumed. */
static struct host_link *resumable(const char *username, const char *resource)
{
    struct host_link *link = rig_login(username, resource);
    rig_say(link, "<enable " SM " resume='true'/>");
    rig_take(link);
    return link;
}

/* ---- A session that is going is sent nothing (session.h) ---- */

static void a_session_lost_at_its_own_presence_receives_no_other(void **state)
{
    (void)state;
    rig_keep(
        "romeo@localhost", "juliet@localhost",
        "<item xmlns='jabber:iq:roster' jid='juliet@localhost' subscription='none' hidden='true'><presence "
        "xmlns='jabber:client' type='subscribe' from='juliet@localhost' to='romeo@localhost'/></item>");
    struct host_link *garden = rig_online("romeo", "garden"), *street = rig_online("romeo", "street");
    struct host_link *orchard = rig_login("romeo", "orchard");
    rig_take(garden);
    orchard->window = 0;
    rig_say(orchard, "<presence/>");
    assert_true(orchard->closed);
    assert_string_equal(rig_take(orchard), "");
    const char *text = rig_take(garden);
    rig_assert_has(text, "from='romeo@localhost/orchard'");
    rig_assert_has(text, " type='unavailable'"); /* RFC 6121, 4.5.2 */
    assert_false(street->closed);
}

/* A new resource does not receive the presence of a resource that is leaving, but its unavailable presence
 * (RFC 6121, 4.2.2, 4.5.2). */
static void a_session_lost_at_anothers_presence_is_not_shown_to_it(void **state)
{
    (void)state;
    struct host_link *garden = rig_online("romeo", "garden"), *orchard = rig_login("romeo", "orchard");
    garden->window = 0;
    rig_say(orchard, "<presence/>");
    assert_true(garden->closed);
    const char *text = rig_take(orchard);
    assert_int_equal(rig_count(text, "from='romeo@localhost/garden'"), 1);
    rig_assert_has(text, " type='unavailable' from='romeo@localhost/garden'");
}

/* A copy would be for a resource that did not get the message (XEP-0280, 7). */
static void a_session_lost_at_a_message_gets_no_copy_of_it(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard"), *garden = rig_login("romeo", "garden");
    struct host_link *juliet = rig_online("juliet", "balcony");
    static const char enable[] = "<iq type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq>";
    rig_say(romeo, enable);
    rig_say(garden, enable);
    rig_take(romeo);
    rig_take(garden);
    romeo->window = 0;
    rig_say(juliet, CHAT);
    assert_true(romeo->closed);
    assert_string_equal(rig_take(romeo), "");
    assert_int_equal(rig_count(rig_take(garden), "<received "), 1);
}

static void an_error_for_a_doomed_session_is_not_sent(void **state)
{
    (void)state;
    struct core_settings settings = narrow();
    settings.limits.requests = 0;
    rig_begin_with(&settings);
    struct host_link *juliet = rig_online("juliet", "balcony"), *romeo = rig_online("romeo", "orchard");
    romeo->window = 0;
    rig_say(
        romeo,
        "<presence type='subscribe' to='juliet@localhost'/>"); /* his push is too large, her roster full */
    assert_true(romeo->closed);
    assert_string_equal(rig_take(romeo), "");
    assert_string_equal(rig_take(juliet), "");
    rig_end();
}

/* ---- The connection is lost in the middle of something (XEP-0198, 5) ---- */

static void a_connection_that_is_lost_over_its_end_is_lost_once(void **state)
{
    (void)state;
    struct host_link *romeo = resumable("romeo", "orchard");
    rig_pass(RIG_MINUTE);
    rig_assert_has(rig_take(romeo), "<r ");
    romeo->window = 0;
    rig_pass(RIG_MINUTE);
    assert_true(romeo->closed);
    assert_true(look("romeo@localhost/orchard").hibernating);
}

static void a_connection_that_is_lost_over_the_question_is_not_asked_for_the_answer(void **state)
{
    (void)state;
    struct host_link *romeo = resumable("romeo", "orchard");
    romeo->window = 0;
    rig_pass(RIG_MINUTE);
    assert_true(romeo->closed);
    assert_true(look("romeo@localhost/orchard").hibernating);
    assert_int_equal(core_deadline(rig.core), rig.now + RIG_MINUTE); /* and no other timer */
}

/* XEP-0160: the stored messages are delivered to him, and wait for the client's return. */
static void a_session_that_hibernates_at_its_presence_keeps_its_messages(void **state)
{
    (void)state;
    struct host_link *juliet = rig_online("juliet", "balcony");
    rig_say(juliet, CHAT);
    struct host_link *romeo = resumable("romeo", "orchard");
    romeo->window = 0;
    rig_say(romeo, "<presence/>");
    assert_true(romeo->closed);
    assert_true(look("romeo@localhost/orchard").hibernating);
    assert_int_equal(look("romeo@localhost/orchard").unacked, 2);
    assert_int_equal(rig_kept_count(CORE_STORE_OFFLINE, "romeo@localhost"), 0);
    rig_say(juliet, CHAT);
    assert_int_equal(look("romeo@localhost/orchard").unacked, 3);
}

static void a_stream_ends_even_if_its_end_tag_cannot_be_sent(void **state)
{
    (void)state;
    struct host_link *romeo = resumable("romeo", "orchard");
    romeo->window = 0;
    rig_say(romeo, "</stream:stream>");
    assert_true(romeo->closed);
    assert_int_equal(inspect_counts(rig.core).sessions, 0); /* RFC 6120, 4.4 */
}

static void no_session_hibernates_during_shutdown(void **state)
{
    (void)state;
    struct host_link *romeo = resumable("romeo", "orchard");
    romeo->window = 0;
    core_shutdown(rig.core);
    assert_true(romeo->closed);
    assert_int_equal(inspect_counts(rig.core).sessions, 0);
}

/* The removed account stays removed, though the confirmation cannot be sent (XEP-0077, 3.2). */
static void an_account_is_removed_even_if_its_session_is_lost(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard"), *garden = rig_login("romeo", "garden");
    romeo->window = 0;
    rig_say(romeo, "<iq type='set' id='r'><query xmlns='jabber:iq:register'><remove/></query></iq>");
    assert_true(romeo->closed);
    assert_string_equal(rig_take(romeo), "");
    rig_assert_stream_error(garden, "not-authorized");
}

/* ---- Messages that are delivered to a client which reads too slowly ---- */

static void a_message_that_was_sent_when_the_connection_breaks_is_kept(void **state)
{
    (void)state;
    struct host_link *juliet = rig_online("juliet", "balcony");
    rig_say(juliet, CHAT CHAT);
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig.prompt = false;
    rig_say(romeo, "<presence/>");
    romeo->window = 0;
    rig_answer_all();
    assert_false(romeo->closed); /* one offline message is waited for */
    rig_say(romeo, "<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>");
    assert_true(romeo->closed);
    assert_int_equal(rig_kept_count(CORE_STORE_OFFLINE, "romeo@localhost"), 2);
    rig.prompt = true;
    rig_online("romeo", "garden");
    assert_int_equal(rig_kept_count(CORE_STORE_OFFLINE, "romeo@localhost"), 0);
}

/* ---- Stanzas held back from an inactive client (XEP-0352) ---- */

#define INACTIVE "<inactive xmlns='urn:xmpp:csi:0'/>"

static void hold_two(const struct host_link *juliet)
{
    rig_say(juliet, "<presence to='romeo@localhost/orchard'/>");
    struct host_link *nurse = rig_login("nurse", "chamber");
    rig_say(nurse, "<presence to='romeo@localhost/orchard'/>");
}

static void a_session_lost_at_held_presence_is_sent_no_more(void **state)
{
    (void)state;
    struct host_link *juliet = rig_online("juliet", "balcony"), *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, INACTIVE);
    hold_two(juliet);
    romeo->window = 0;
    rig_say(juliet, CHAT);
    assert_true(romeo->closed);
    assert_string_equal(rig_take(romeo), "");
    assert_null(inspect_full_jid(rig.core, "romeo@localhost/orchard"));
}

static void held_presence_is_kept_when_the_session_hibernates(void **state)
{
    (void)state;
    struct host_link *juliet = rig_online("juliet", "balcony"), *romeo = resumable("romeo", "orchard");
    rig_say(romeo, INACTIVE);
    hold_two(juliet);
    romeo->window = 0;
    rig_say(juliet, "<message to='romeo@localhost/orchard'/>");
    struct session_view view = look("romeo@localhost/orchard");
    assert_true(view.hibernating && !view.inactive);
    assert_int_equal(view.unacked, 3);
}

/* ---- Waiting ---- */

/* RFC 6121, 2.5.2: both halves of the subscription are cancelled.  The contact knows of neither, so that both
 * are done at once. */
static void a_session_that_waited_twice_goes_on_once(void **state)
{
    (void)state;
    rig_keep_item("romeo@localhost", "juliet@localhost", "both");
    struct host_link *juliet = rig_online("juliet", "balcony"), *romeo = rig_login("romeo", "orchard");
    rig_say(romeo,
            "<iq type='set' id='r'><query xmlns='jabber:iq:roster'><item jid='juliet@localhost' "
            "subscription='remove'/></query></iq><iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>");
    const char *text = rig_take(romeo);
    rig_assert_has(text, "<iq type='result' id='r'");
    assert_int_equal(rig_count(text, "<iq type='result' id='p'"), 1);
    rig_take(juliet);
}

#define TEST(test) RIG_TEST_FROM(test, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_session_lost_at_its_own_presence_receives_no_other),
        TEST(a_session_lost_at_anothers_presence_is_not_shown_to_it),
        cmocka_unit_test(an_error_for_a_doomed_session_is_not_sent),
        TEST(a_connection_that_is_lost_over_its_end_is_lost_once),
        TEST(a_connection_that_is_lost_over_the_question_is_not_asked_for_the_answer),
        TEST(a_session_that_hibernates_at_its_presence_keeps_its_messages),
        TEST(a_stream_ends_even_if_its_end_tag_cannot_be_sent),
        TEST(no_session_hibernates_during_shutdown),
        TEST(an_account_is_removed_even_if_its_session_is_lost),
        TEST(a_message_that_was_sent_when_the_connection_breaks_is_kept),
        TEST(a_session_that_waited_twice_goes_on_once),
        TEST(a_session_lost_at_a_message_gets_no_copy_of_it),
        TEST(a_session_lost_at_held_presence_is_sent_no_more),
        TEST(held_presence_is_kept_when_the_session_hibernates),
    };
    rig_use(&(struct rig_options){ .features = CORE_OFFLINE | CORE_CARBONS | CORE_BLOCKING });
    return cmocka_run_group_tests(tests, NULL, NULL);
}
