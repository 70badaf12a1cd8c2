/* The method send, through the extensions that a client has enabled. */
#include "session/send.h"

#include "inside.h"
#include "session/acks.h"

#define AWAY "<presence from='juliet@localhost/balcony'><show>away</show></presence>"

static void send_xml(struct session *session, const char *xml)
{
    struct stanza *stanza = inside_stanza(xml);
    session_send(session, stanza);
    stanza_free(stanza); /* it stays the caller's */
}

/* RFC 6120, 4.8.2: the stream has declared jabber:client. */
static void a_stanza_is_sent_without_the_namespace_of_the_stream(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    send_xml(inside_session(romeo), "<message id='1'><body>a&amp;b</body><x xmlns='urn:x'/></message>");
    assert_string_equal(rig_take(romeo), "<message id='1'><body>a&amp;b</body><x xmlns='urn:x'/></message>");
    session_send_written(inside_session(romeo), "<a/>", 4);
    assert_string_equal(rig_take(romeo), "<a/>");
}

static void what_is_written_once_is_sent_to_each_with_its_address(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard"), *juliet = rig_login("juliet", "balcony");
    struct stanza *stanza =
        inside_stanza("<presence from='nurse@localhost' to='unused@localhost'><x/></presence>");
    struct rendered rendered;
    rendered_init(&rendered, &rig_memory);
    rendered_write(&rendered, stanza->root);
    session_send_rendered(inside_session(romeo), &rendered, "romeo@localhost/a'b");
    session_send_rendered(inside_session(juliet), &rendered, "juliet@localhost");
    const char *text = rig_take(romeo);
    rig_assert_has(text, " to='romeo@localhost/a&apos;b'");
    rig_assert_has(text, " from='nurse@localhost'");
    rig_assert_has(text, "><x/></presence>");
    assert_int_equal(rig_count(text, " to="), 1);
    rig_assert_has(rig_take(juliet), " to='juliet@localhost'");
    rendered_free(&rendered);
    stanza_free(stanza);
}

static void a_session_that_is_about_to_be_destroyed_is_sent_nothing(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    struct session *session = inside_session(romeo);
    struct stanza *stanza = inside_stanza("<message/>");
    struct rendered rendered;
    rendered_init(&rendered, &rig_memory);
    rendered_write(&rendered, stanza->root);
    session_disconnect(session);
    session_send(session, stanza);
    session_send_roster(session, stanza);
    session_send_rendered(session, &rendered, "romeo@localhost");
    session_send_written(session, "<a/>", 4);
    assert_string_equal(rig_take(romeo), "");
    rendered_free(&rendered);
    stanza_free(stanza);
}

/* Whichever way it is sent, the session that cannot be sent a stanza ends, and no other. */
static void without_memory_the_session_is_disconnected(void **state)
{
    (void)state;
    for (int way = 0; way < 3; way++) {
        struct host_link *romeo = rig_login("romeo", "orchard"), *juliet = rig_login("juliet", "balcony");
        struct session *session = inside_session(romeo);
        struct stanza *stanza = inside_stanza(rig_filled("<message>", 'x', 100000, "</message>"));
        struct rendered rendered;
        rendered_init(&rendered, &rig_memory);
        if (way == 1)
            rig.memory.fail_at = rig.memory.allocations + 1; /* the rendered stanza has failed before */
        rendered_write(&rendered, stanza->root);
        rig.memory.fail_at = way == 1 ? 0 : rig.memory.allocations + 1;
        if (way == 0)
            session_send(session, stanza);
        else
            session_send_rendered(session, &rendered, "romeo@localhost");
        rig.memory.fail_at = 0;
        assert_true(session->doomed);
        assert_int_equal(rig.core->outgoing.length, 0);
        assert_false(rig.core->outgoing.failed);
        send_xml(inside_session(juliet), "<message/>");
        assert_string_equal(rig_take(juliet), "<message/>");
        inside_settle();
        assert_true(romeo->closed);
        rendered_free(&rendered);
        stanza_free(stanza);
        rig_end();
        rig_begin();
    }
}

/* ---- The extensions ---- */

/* XEP-0352: presence of others waits, and is sent before stanzas that do not wait. */
static void presence_to_an_inactive_client_is_held_back(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, "<inactive xmlns='urn:xmpp:csi:0'/>");
    rig_take(romeo);
    send_xml(inside_session(romeo), AWAY);
    assert_string_equal(rig_take(romeo), "");
    send_xml(inside_session(romeo), "<iq id='1' type='result'/>");
    assert_string_equal(rig_take(romeo), AWAY "<iq id='1' type='result'/>");
}

/* XEP-0198, 4: sent stanzas are counted, held-back ones not yet. */
static void a_managed_stanza_is_counted_and_kept(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, "<enable xmlns='urn:xmpp:sm:3' resume='true'/><inactive xmlns='urn:xmpp:csi:0'/>");
    struct session *session = inside_session(romeo);
    send_xml(session, AWAY);
    assert_int_equal(acks_look(session->managed).sent, 0);
    send_xml(session, "<message/>");
    assert_int_equal(acks_look(session->managed).sent, 2);
    assert_string_equal(acks_queue(session->managed)->first->xml, AWAY);
    assert_string_equal(acks_queue(session->managed)->last->xml, "<message/>");
    rig_hangup(romeo);
    send_xml(session, "<message id='2'/>"); /* hibernating: it is kept */
    assert_string_equal(acks_queue(session->managed)->last->xml, "<message id='2'/>");
}

/* ---- A roster, and an offline message ---- */

static int narrow(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.limits.output_bytes = 100;
    settings.limits.unacked_bytes = 100;
    rig_begin_with(&settings);
    return 0;
}

/* core.h, limits.output_bytes and unacked_bytes: "except for one roster". */
static void a_roster_may_be_larger_than_what_may_wait(void **state)
{
    (void)state;
    for (int managed = 0; managed < 2; managed++)
        for (int is_roster = 0; is_roster < 2; is_roster++) {
            struct host_link *romeo = rig_login("romeo", "orchard");
            if (managed)
                rig_say(romeo, "<enable xmlns='urn:xmpp:sm:3'/>");
            romeo->window = managed ? SIZE_MAX : 0;
            struct stanza *large = inside_stanza(rig_filled("<iq id='", 'x', 1000, "'/>"));
            if (is_roster)
                session_send_roster(inside_session(romeo), large);
            else
                session_send(inside_session(romeo), large);
            stanza_free(large);
            inside_settle();
            assert_int_equal(romeo->closed, !is_roster);
            rig_hangup(romeo);
        }
}

/* Each more than the limit, on a link that takes nothing: the first is excepted, a second one is not. */
static void one_offline_message_may_be_larger_than_what_may_wait(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    romeo->window = 0;
    struct stanza *large = inside_stanza(rig_filled("<message id='", 'x', 1000, "'/>"));
    session_send_stored(inside_session(romeo), large);
    inside_settle();
    assert_false(romeo->closed);
    session_send(inside_session(romeo), large);
    inside_settle();
    assert_true(romeo->closed);
    stanza_free(large);
}

/* What was not acknowledged is excepted for rosters alone. */
static void an_offline_message_is_not_excepted_from_what_may_be_unacknowledged(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, "<enable xmlns='urn:xmpp:sm:3'/>");
    struct stanza *large = inside_stanza(rig_filled("<message id='", 'x', 1000, "'/>"));
    session_send_stored(inside_session(romeo), large);
    inside_settle();
    assert_true(romeo->closed);
    stanza_free(large);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(a_stanza_is_sent_without_the_namespace_of_the_stream),
        RIG_TEST(what_is_written_once_is_sent_to_each_with_its_address),
        RIG_TEST(a_session_that_is_about_to_be_destroyed_is_sent_nothing),
        RIG_TEST(without_memory_the_session_is_disconnected),
        RIG_TEST(presence_to_an_inactive_client_is_held_back),
        RIG_TEST(a_managed_stanza_is_counted_and_kept),
        RIG_TEST_FROM(a_roster_may_be_larger_than_what_may_wait, narrow),
        RIG_TEST_FROM(one_offline_message_may_be_larger_than_what_may_wait, narrow),
        RIG_TEST_FROM(an_offline_message_is_not_excepted_from_what_may_be_unacknowledged, narrow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
