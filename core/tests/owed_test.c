/* Stanzas owed to a client at a login are sent as its link takes them (RFC 6120, 13.12). */
#include "presence/owed.h"
#include "rig.h"
#include "session/conn.h"

enum { MANY = 12, LARGE = 2000, OUTPUT = 10000 };

/* A rig whose output limit is smaller than all pending requests of strangers together. */
static int set_up(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.limits.output_bytes = OUTPUT;
    settings.limits.unacked_bytes = OUTPUT;
    settings.features |= CORE_BLOCKING;
    rig_begin_with(&settings);
    rig.prompt = true;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    rig_end();
    return 0;
}

static void keep_request(unsigned number)
{
    char contact[64], head[400];
    snprintf(contact, sizeof contact, "s%02u@evil.lit", number);
    snprintf(head, sizeof head,
             "<item xmlns='jabber:iq:roster' jid='%s' subscription='none' hidden='true'><presence "
             "xmlns='jabber:client' type='subscribe' from='%s' to='romeo@localhost' id='s%02u'><status>",
             contact, contact, number);
    rig_keep("romeo@localhost", contact, rig_filled(head, 'x', LARGE, "</status></presence></item>"));
}

static void keep_message(unsigned number)
{
    char key[32], head[200];
    snprintf(key, sizeof key, "%020u", number + 1); /* as offline.c counts */
    snprintf(head, sizeof head, "<message xmlns='jabber:client' from='juliet@localhost/b' id='m%02u'><body>",
             number);
    rig_keep_in(CORE_STORE_OFFLINE, "romeo@localhost", key,
                rig_filled(head, 'x', LARGE, "</body></message>"));
}

/* The ids that begin so and were received, one after the other. */
static void assert_in_order(const char *text, char kind, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        char id[24];
        snprintf(id, sizeof id, " id='%c%02u'", kind, i);
        assert_int_equal(rig_count(text, id), 1);
        text = strstr(text, id);
    }
}

/* A thousand bytes at a time, until nothing more is sent. */
static void read_slowly(struct host_link *link)
{
    for (size_t before = SIZE_MAX; link->length != before;) {
        assert_in_range(conn_unsent(link->conn), 0, OUTPUT / 4 + LARGE + 500);
        before = link->length;
        link->window = 1000;
        core_writable(rig.core, link->conn);
        rig_answer_all();
    }
    assert_false(link->closed);
}

static void requests_and_messages_come_as_they_are_read(void **state)
{
    (void)state;
    for (unsigned i = 0; i < MANY; i++) {
        keep_request(i);
        keep_message(i);
    }
    struct host_link *romeo = rig_login("romeo", "orchard");
    romeo->window = 0;
    rig_say(romeo, "<presence/>");
    read_slowly(romeo);
    const char *text = rig_take(romeo);
    assert_in_order(text, 's', MANY);
    assert_in_order(text, 'm', MANY);
    assert_true(strstr(text, " id='s11'") < strstr(text, " id='m00'"));
    assert_int_equal(rig_kept_count(CORE_STORE_OFFLINE, "romeo@localhost"), 0);
}

static void the_presence_of_contacts_and_of_ones_own_resources_comes_as_it_is_read(void **state)
{
    (void)state;
    for (unsigned i = 0; i < MANY; i++) {
        char jid[32];
        snprintf(jid, sizeof jid, "c%02u@localhost", i);
        rig_keep_item("romeo@localhost", jid, "to");
        rig_keep_item(jid, "romeo@localhost", "from");
    }
    for (unsigned i = 0; i < MANY; i++) {
        char name[16], head[100];
        snprintf(name, sizeof name, "c%02u", i);
        snprintf(head, sizeof head, "<presence id='c%02u'><status>", i);
        rig_say(rig_login(name, "r"), rig_filled(head, 'x', LARGE, "</status></presence>"));
        head[strlen("<presence id='")] = 'o';
        rig_say(rig_login("romeo", name), rig_filled(head, 'x', LARGE, "</status></presence>"));
    }
    struct host_link *romeo = rig_login("romeo", "orchard");
    romeo->window = 0;
    rig_say(romeo, "<presence/>");
    read_slowly(romeo);
    const char *text = rig_take(romeo);
    assert_in_order(text, 'o', MANY);
    assert_in_order(text, 'c', MANY);
}

/* Acknowledgements allow more output, whatever the link takes. */
static void with_stream_management_they_come_as_they_are_acknowledged(void **state)
{
    (void)state;
    for (unsigned i = 0; i < MANY; i++) {
        keep_request(i);
        keep_message(i);
    }
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, "<enable xmlns='urn:xmpp:sm:3' resume='true'/><presence/>");
    char ack[64];
    unsigned sent = 0;
    for (unsigned before = 1; sent != before;) {
        const struct session *session = rig_session(romeo);
        struct session_view view = session_look(session);
        assert_in_range(view.unacked, 0, 3);
        before = sent;
        sent += (unsigned)view.unacked;
        snprintf(ack, sizeof ack, "<a xmlns='urn:xmpp:sm:3' h='%u'/>", sent);
        rig_say(romeo, ack);
    }
    assert_int_equal(sent, 1 + 2 * MANY);
    const char *text = rig_take(romeo);
    assert_in_order(text, 's', MANY);
    assert_in_order(text, 'm', MANY);
}

/* The place in the roster holds when items go. */
static void a_contact_that_is_removed_meanwhile_hides_no_other(void **state)
{
    (void)state;
    for (unsigned i = 0; i < MANY; i++)
        keep_request(i);
    struct host_link *garden = rig_login("romeo", "garden"), *romeo = rig_login("romeo", "orchard");
    romeo->window = 0;
    rig_say(romeo, "<presence/>");
    rig_say(garden, "<presence type='unsubscribed' to='s00@evil.lit'/><presence type='unsubscribed' "
                    "to='s01@evil.lit'/>");
    read_slowly(romeo);
    const char *text = rig_take(romeo);
    for (unsigned i = 2; i < MANY; i++) {
        char id[24];
        snprintf(id, sizeof id, " id='s%02u'", i);
        assert_int_equal(rig_count(text, id), 1);
    }
}

static void becoming_unavailable_ends_what_is_owed(void **state)
{
    (void)state;
    for (unsigned i = 0; i < MANY; i++)
        keep_request(i);
    struct host_link *romeo = rig_login("romeo", "orchard");
    romeo->window = 0;
    rig_say(romeo, "<presence/><presence type='unavailable'/>");
    read_slowly(romeo);
    assert_true(rig_count(rig_take(romeo), "type='subscribe'") < MANY);
}

/* Without stored messages no others have to wait. */
static void without_kept_messages_new_ones_come_at_once(void **state)
{
    (void)state;
    rig_end();
    struct core_settings settings = rig_settings();
    settings.limits.output_bytes = OUTPUT;
    settings.features = 0;
    rig_begin_with(&settings);
    for (unsigned i = 0; i < MANY; i++)
        keep_request(i);
    struct host_link *juliet = rig_online("juliet", "b"), *romeo = rig_login("romeo", "orchard");
    romeo->window = 0;
    rig_say(romeo, "<presence/>");
    rig_say(juliet, "<message to='romeo@localhost' id='new'/>");
    assert_string_equal(rig_take(juliet), "");
    read_slowly(romeo);
    const char *text = rig_take(romeo);
    assert_true(strstr(text, " id='new'") < strstr(text, " id='s11'"));
}

/* A message that arrives before the stored ones were delivered follows them. */
static void new_messages_wait_for_stored_ones(void **state)
{
    (void)state;
    for (unsigned i = 0; i < MANY; i++) {
        keep_request(i);
        keep_message(i);
    }
    struct host_link *juliet = rig_online("juliet", "b"), *romeo = rig_login("romeo", "orchard");
    romeo->window = 0;
    rig_say(romeo, "<presence/>");
    rig_say(juliet, "<message to='romeo@localhost' id='new'><body>n</body></message>");
    read_slowly(romeo);
    const char *text = rig_take(romeo);
    assert_in_order(text, 'm', MANY);
    assert_true(strstr(text, " id='m11'") < strstr(text, " id='new'"));
}

/* ---- Blocks while stanzas wait (XEP-0191, 3.3) ---- */

#define BLOCK(jids) "<iq type='set' id='block'><block xmlns='urn:xmpp:blocking'>" jids "</block></iq>"

static void stanzas_of_blocked_contacts_are_not_sent(void **state)
{
    (void)state;
    for (unsigned i = 0; i < MANY; i++) {
        keep_request(i);
        keep_message(i);
    }
    struct host_link *garden = rig_login("romeo", "garden"), *romeo = rig_login("romeo", "orchard");
    romeo->window = 0;
    rig_say(romeo, "<presence/>");
    rig_say(garden, BLOCK("<item jid='s10@evil.lit'/><item jid='juliet@localhost'/>"));
    rig_assert_has(rig_take(garden), "type='result'");
    read_slowly(romeo);
    const char *text = rig_take(romeo);
    assert_in_order(text, 's', 10);
    rig_assert_lacks(text, " id='s10'");
    rig_assert_has(text, " id='s11'");
    rig_assert_lacks(text, "<message ");
    assert_int_equal(rig_kept_count(CORE_STORE_OFFLINE, "romeo@localhost"), 0);
}

/* Stanzas left out of a resumption allow more output, as acknowledged ones do. */
static void stanzas_left_out_of_a_resumption_hold_nothing_back(void **state)
{
    (void)state;
    for (unsigned i = 0; i < MANY; i++)
        keep_request(i);
    struct host_link *garden = rig_login("romeo", "garden"), *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, "<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
    const char *enabled = rig_take(romeo), *id = strstr(enabled, " id='");
    char resume[200];
    assert_non_null(id);
    snprintf(resume, sizeof resume, "<resume xmlns='urn:xmpp:sm:3' h='0' previd='%.*s'/>",
             (int)strcspn(id + 5, "'"), id + 5);
    rig_say(romeo, "<presence/>");
    assert_int_equal(session_look(rig_session(romeo)).unacked, 3); /* its presence, s00 and s01 */
    rig_hangup(romeo);
    rig_say(garden, BLOCK("<item jid='s00@evil.lit'/><item jid='s01@evil.lit'/>"));
    struct host_link *again = rig_authenticated("romeo");
    rig_say(again, resume);
    const char *text = rig_take(again);
    rig_assert_lacks(text, " id='s00'");
    rig_assert_lacks(text, " id='s01'");
    rig_assert_has(text, " id='s02'");
    assert_int_equal(session_look(rig_session(again)).unacked, 3);
    rig_say(again, "<a xmlns='urn:xmpp:sm:3' h='3'/>");
    rig_assert_has(rig_take(again), " id='s04'");
    assert_false(again->closed);
}

#define OWED_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        OWED_TEST(requests_and_messages_come_as_they_are_read),
        OWED_TEST(the_presence_of_contacts_and_of_ones_own_resources_comes_as_it_is_read),
        OWED_TEST(with_stream_management_they_come_as_they_are_acknowledged),
        OWED_TEST(a_contact_that_is_removed_meanwhile_hides_no_other),
        OWED_TEST(becoming_unavailable_ends_what_is_owed),
        OWED_TEST(without_kept_messages_new_ones_come_at_once),
        OWED_TEST(new_messages_wait_for_stored_ones),
        OWED_TEST(stanzas_of_blocked_contacts_are_not_sent),
        OWED_TEST(stanzas_left_out_of_a_resumption_hold_nothing_back),
    };
    rig_use(&(struct rig_options){ .features = CORE_OFFLINE });
    return cmocka_run_group_tests(tests, NULL, NULL);
}
