/* XEP-0198, as one client and the core see it; the scenarios of scenarios/stream-management have the rest. */
#include "rig.h"

#define SM     "xmlns='urn:xmpp:sm:3'"
#define MINUTE (UINT64_C(60) * 1000 * 1000 * 1000)
#define TO_ROMEO(id)                                                                                         \
    "<message to='romeo@localhost/orchard' type='chat' id='" id "'><body>hist</body></message>"

/* Enables stream management; the identifier of the session, in a static buffer. */
static const char *enable(struct host_link *link)
{
    static char id[64];
    rig_say(link, "<enable " SM " resume='true'/>");
    const char *text = rig_take(link);
    rig_assert_has(text, "<enabled " SM);
    const char *at = strstr(text, " id='");
    id[0] = '\0';
    if (at != NULL)
        snprintf(id, sizeof id, "%.*s", (int)strcspn(at + 5, "'"), at + 5);
    return id;
}

static void resume(struct host_link *link, const char *id, unsigned h)
{
    char xml[160];
    snprintf(xml, sizeof xml, "<resume " SM " previd='%s' h='%u'/>", id, h);
    rig_say(link, xml);
}

static struct session_view look(const char *full_jid)
{
    const struct session *session = inspect_full_jid(rig.core, full_jid);
    assert_non_null(session);
    return session_look(session);
}

static void pass(uint64_t span)
{
    rig.now += span;
    core_tick(rig.core);
}

static void a_session_hibernates_and_is_resumed(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    struct host_link *juliet = rig_online("juliet", "balcony");
    const char *id = enable(romeo);
    rig_hangup(romeo);
    struct session_view view = look("romeo@localhost/orchard");
    assert_null(view.conn);
    assert_true(view.hibernating && view.managed && view.interested);
    assert_non_null(view.presence);

    rig_say(juliet, TO_ROMEO("1") TO_ROMEO("2"));
    assert_int_equal(look("romeo@localhost/orchard").unacked, 2);
    struct host_link *again = rig_authenticated("romeo");
    size_t sessions = inspect_counts(rig.core).sessions;
    resume(again, id, 0);
    /* The newcomer is no session of its own any more. */
    assert_int_equal(inspect_counts(rig.core).sessions, sessions - 1);
    assert_ptr_equal(rig_session(again), inspect_full_jid(rig.core, "romeo@localhost/orchard"));
    const char *text = rig_take(again);
    rig_assert_has(text, "<resumed " SM " h='0'");
    assert_true(strstr(text, "id='1'") < strstr(text, "id='2'"));
    assert_int_equal(rig_count(text, "<r " SM "/>"), 1);
    rig_say(again, "<a " SM " h='2'/>");
    assert_int_equal(look("romeo@localhost/orchard").unacked, 0);
}

/* What is sent again has the time at which it was to arrive, once (XEP-0203), and is the same otherwise. */
static void what_is_sent_again_carries_its_time(void **state)
{
    (void)state;
    rig_keep_item("romeo@localhost", "juliet@localhost", "from");
    struct host_link *romeo = rig_online("romeo", "orchard");
    struct host_link *juliet = rig_online("juliet", "balcony");
    const char *id = enable(romeo);
    rig_take(romeo);
    rig_hangup(romeo);
    rig_say(juliet, "<message to='romeo@localhost/orchard' type='headline'/>"
                    "<message to='romeo@localhost/orchard' type='headline'><x xmlns='urn:x'/>"
                    "<delay xmlns='urn:xmpp:delay' stamp='1999-01-01T00:00:00Z'/></message>"
                    "<iq to='romeo@localhost/orchard' type='get' id='v'><q xmlns='urn:q'/></iq>");
    pass(MINUTE);
    struct host_link *again = rig_authenticated("romeo");
    resume(again, id, 0);
    const char *text = rig_take(again);
    rig_assert_has(text, "<delay xmlns='urn:xmpp:delay' from='localhost' stamp='2001-01-01T00:00:00Z'/>"
                         "</message><message ");
    rig_assert_has(text, "<delay xmlns='urn:xmpp:delay' stamp='1999-01-01T00:00:00Z'/>"
                         "<delay xmlns='urn:xmpp:delay' from='localhost' stamp='2001-01-01T00:00:00Z'/>"
                         "</message><iq ");
    assert_int_equal(rig_count(text, "<delay "), 3);
}

/* Nor does it get a second one where its namespaces are so many that they have prefixes. */
static void what_was_kept_and_is_sent_again_has_one_time(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.features = CORE_OFFLINE;
    rig_begin_with(&settings);
    char message[4000] = "<message to='romeo@localhost'><body>1</body>";
    for (int i = 0; i < 100; i++)
        (void)snprintf(message + strlen(message), sizeof message - strlen(message),
                       "<x xmlns='urn:example:%d'/>", i);
    (void)snprintf(message + strlen(message), sizeof message - strlen(message), "</message>");
    rig_say(rig_online("juliet", "balcony"), message);
    struct host_link *romeo = rig_login("romeo", "orchard");
    const char *id = enable(romeo);
    rig_say(romeo, "<presence/>");
    rig_assert_has(rig_take(romeo), ":delay from='localhost' ");
    rig_hangup(romeo);
    struct host_link *again = rig_authenticated("romeo");
    resume(again, id, 0);
    const char *text = rig_take(again);
    rig_assert_has(text, ":delay from='localhost' ");
    rig_assert_lacks(strstr(text, "<message "), "<delay ");
    rig_end();
}

static void a_polite_close_ends_a_session_that_could_be_resumed(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    enable(romeo);
    rig_say(romeo, "</stream:stream>");
    rig_assert_has(rig_take(romeo), "<a " SM " h='0'/></stream:stream>");
    assert_int_equal(inspect_counts(rig.core).sessions, 0);
}

static void a_stream_error_ends_a_session_that_could_be_resumed(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    enable(romeo);
    rig_say(romeo, "<<");
    rig_assert_stream_error(romeo, "not-well-formed");
    assert_int_equal(inspect_counts(rig.core).sessions, 0);
}

/* An <a/> (4): unsignedInt, modulo 2^32. */
static void counts_that_are_none_are_invalid(void **state)
{
    (void)state;
    static const char *const none[] = { "",        "h=''",           "h='x'",          "h='-1'",
                                        "h='1 2'", "h='4294967296'", "h='99999999999'" };
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        char xml[80];
        struct host_link *romeo = rig_login("romeo", "orchard");
        enable(romeo);
        snprintf(xml, sizeof xml, "<a " SM " %s/>", none[i]);
        rig_say(romeo, xml);
        rig_assert_stream_error(romeo, "invalid-xml");
    }
}

/* "The value of 'h' ... SHALL be reset": what is a little less than zero was acknowledged long ago. */
static void a_count_below_the_last_one_is_ignored(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    enable(romeo);
    rig_say(romeo, "<a " SM " h='4294967295'/>");
    assert_false(romeo->closed);
    rig_say(romeo, "<a " SM " h='1'/>");
    rig_assert_stream_error(romeo, "undefined-condition");
}

static void the_time_to_resume_is_that_of_the_settings(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    enable(romeo);
    rig_hangup(romeo);
    assert_int_equal(core_deadline(rig.core), rig.now + 10 * MINUTE);
    pass(10 * MINUTE - 1);
    assert_true(look("romeo@localhost/orchard").hibernating);
    pass(1);
    assert_int_equal(inspect_counts(rig.core).sessions, 0);
    assert_int_equal(inspect_counts(rig.core).users_in_memory, 0);
    assert_true(core_deadline(rig.core) == UINT64_MAX);
}

/* While the session waits for storage what comes on the new connection waits as well. */
static void a_session_that_waits_is_resumed_waiting(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    const char *id = enable(romeo);
    struct host_link *again = rig_authenticated("romeo");
    rig.prompt = false;
    rig_say(romeo, "<iq type='set' id='set'><query xmlns='jabber:iq:roster'>"
                   "<item jid='juliet@localhost'/></query></iq>");
    rig_hangup(romeo);
    resume(again, id, 0);
    rig_say(again, "<iq type='get' id='after'><ping xmlns='urn:xmpp:ping'/></iq>");
    rig_assert_has(rig_take(again), "<resumed ");
    assert_true(session_look(rig_session(again)).waiting);
    rig_answer_all();
    const char *text = rig_take(again);
    rig_assert_has(text, "id='set'");
    rig_assert_has(text, "id='after'");
    assert_true(strstr(text, "id='set'") < strstr(text, "id='after'"));
}

/* A client that reads slowly is sent what it missed as it reads, whatever the bound on waiting output. */
static void a_backlog_goes_out_as_fast_as_it_is_taken(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    struct host_link *juliet = rig_online("juliet", "balcony");
    const char *id = enable(romeo);
    rig_hangup(romeo);
    for (int i = 0; i < 40; i++)
        rig_say(juliet, TO_ROMEO("m"));
    struct host_link *again = rig_authenticated("romeo");
    again->room = 1000;
    resume(again, id, 0);
    rig_say(juliet, TO_ROMEO("last"));
    for (int i = 0; i < 40; i++) {
        again->room = 1000;
        core_writable(rig.core, again->conn);
    }
    const char *text = rig_take(again);
    assert_int_equal(rig_count(text, " id='m'"), 40);
    assert_int_equal(rig_count(text, " id='last'"), 1);
    assert_true(strstr(strstr(text, " id='last'"), " id='m'") == NULL);
    rig_say(again, "<a " SM " h='41'/>");
    assert_int_equal(look("romeo@localhost/orchard").unacked, 0);
}

/* What had gone out again may be acknowledged while the rest waits. */
static void part_of_a_backlog_may_be_acknowledged(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    struct host_link *juliet = rig_online("juliet", "balcony");
    const char *id = enable(romeo);
    rig_hangup(romeo);
    rig_say(juliet, TO_ROMEO("1") TO_ROMEO("2") TO_ROMEO("3"));
    struct host_link *again = rig_authenticated("romeo");
    again->room = 100;
    resume(again, id, 0);
    rig_say(again, "<a " SM " h='3'/>");
    again->room = SIZE_MAX;
    core_writable(rig.core, again->conn);
    rig_assert_lacks(rig_take(again), " id='3'");
    assert_int_equal(look("romeo@localhost/orchard").unacked, 0);
}

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
    pass(11 * MINUTE);
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
    pass(11 * MINUTE);
    assert_int_equal(rig_count(rig_take(juliet), "<error"), 2);
}

/* Whichever allocation fails, one message at the most is lost, or the stream of whom it was to come back to.
 */
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
        pass(11 * MINUTE);
        needed = nth == 1 ? rig.memory.allocations - before : needed;
        rig.memory.fail_at = 0;
        if (!juliet->closed)
            assert_true(rig_count(rig_take(juliet), "<error") >= 1);
        rig_end();
    }
}

/* core.h: "Ends a core and all that is in it without a word on any connection." */
static void freeing_a_core_drops_hibernating_sessions(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    struct host_link *juliet = rig_online("juliet", "balcony");
    enable(romeo);
    enable(juliet);
    rig_hangup(romeo);
    rig_say(juliet, TO_ROMEO("kept"));
    size_t before = juliet->length;
    core_free(rig.core);
    rig.core = NULL;
    assert_int_equal(juliet->length, before);
    assert_int_equal(rig.memory.live, 0);
}

/* ---- What else a client may ask, and when ---- */

/* A boolean of XML Schema is "true" or "1" (XEP-0198, 13). */
static void resumption_is_asked_for_with_a_boolean(void **state)
{
    static const struct {
        const char *resume;
        bool granted;
    } rows[] = { { "true", true }, { "1", true }, { "false", false }, { "0", false }, { "yes", false } };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char xml[80];
        struct host_link *romeo = rig_login("romeo", "orchard");
        snprintf(xml, sizeof xml, "<enable " SM " resume='%s'/>", rows[i].resume);
        rig_say(romeo, xml);
        assert_int_equal(rig_count(rig_take(romeo), " resume='true'"), rows[i].granted);
        rig_hangup(romeo);
    }
}

/* 5: both are required. */
static void a_resumption_without_its_name_or_its_count_is_a_bad_request(void **state)
{
    static const char *const rows[] = { "<resume " SM " h='0'/>", "<resume " SM " previd='x'/>",
                                        "<resume " SM " previd='x' h='none'/>" };
    (void)state;
    struct host_link *romeo = rig_authenticated("romeo");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rig_say(romeo, rows[i]);
        rig_assert_has(rig_take(romeo), "<failed " SM "><bad-request ");
    }
}

static void the_session_that_is_named_is_resumed_and_no_other(void **state)
{
    (void)state;
    struct host_link *garden = rig_login("romeo", "garden"), *street = rig_login("romeo", "street");
    struct host_link *orchard = rig_login("romeo", "orchard");
    rig_say(garden, "<enable " SM "/>"); /* cannot be resumed */
    enable(street);
    const char *id = enable(orchard);
    rig_hangup(orchard);
    struct host_link *again = rig_authenticated("romeo");
    resume(again, id, 0);
    rig_assert_has(rig_take(again), "<resumed ");
    assert_string_equal(session_look(rig_session(again)).resource, "orchard");
    assert_non_null(street->conn);
}

/* What was to be acknowledged at the end of the call is not, when its session has ended by then. */
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
    /* All are to be asked when romeo, who is neither the first nor the last of them, goes. */
    rig_say(romeo, "<message to='juliet@localhost/a'/><message to='romeo@localhost/orchard'/>"
                   "<message to='juliet@localhost/b'/><message to='juliet@localhost/c'/></stream:stream>");
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(rig_count(rig_take(links[i]), "<r " SM "/>"), 1);
    rig_assert_lacks(rig_take(romeo), "<r ");
}

/* RFC 6121, 2.1.6: a push has no sender who could be told that nobody will answer it. */
static void a_roster_push_that_was_not_acknowledged_is_nobodys_loss(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard"), *garden = rig_online("romeo", "garden");
    enable(romeo);
    rig_say(garden, "<iq type='set' id='s'><query xmlns='jabber:iq:roster'><item jid='juliet@localhost'/>"
                    "</query></iq>");
    assert_int_equal(look("romeo@localhost/orchard").unacked, 1);
    rig_take(garden);
    rig_hangup(romeo);
    pass(11 * MINUTE);
    rig_assert_lacks(rig_take(garden), "<iq ");
    assert_int_equal(inspect_counts(rig.core).sessions, 1);
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
    romeo->room = 150; /* <resumed/> goes out */
    resume(romeo, id, 0);
    assert_true(romeo->closed);
    assert_true(look("romeo@localhost/orchard").hibernating);
    assert_int_equal(look("romeo@localhost/orchard").unacked, 2);
    rig_end();
}

/* One life with every allocation failing once; what is left is taken apart without a leak. */
/* Not enough room for one stanza that goes out again: the session hibernates over it, in the middle of a call
 * that is about its connection. */
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
    again->room = 10;
    resume(again, id, 0);
    assert_false(again->closed);
    again->room = 400;
    core_writable(rig.core, again->conn);
    assert_true(again->closed);
    assert_true(look("romeo@localhost/orchard").hibernating);
    assert_int_equal(look("romeo@localhost/orchard").unacked, 2);
    rig_end();
}

static void live(void)
{
    struct host_link *romeo = rig_online("romeo", "orchard");
    struct host_link *juliet = rig_online("juliet", "balcony");
    struct host_link *phone = rig_online("juliet", "phone");
    rig_say(juliet, "<enable " SM " resume='true'/><inactive xmlns='urn:xmpp:csi:0'/>");
    rig_say(phone, "<enable " SM "/>");
    rig_say(romeo, "<presence to='juliet@localhost/balcony'/>"
                   "<message to='juliet@localhost' type='chat'><body>all</body></message>"
                   "<message to='juliet@localhost/balcony'><body>one</body></message>"
                   "<iq type='get' id='v' to='juliet@localhost/balcony'><q xmlns='urn:q'/></iq>");
    if (juliet->conn != NULL)
        rig_hangup(juliet);
    rig_say(romeo, "<presence to='juliet@localhost/balcony'/>");
    if (phone->conn != NULL)
        rig_hangup(phone);
    pass(11 * MINUTE);
    core_shutdown(rig.core);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    rig_begin();
    live();
    size_t needed = rig.memory.allocations;
    rig_end();
    for (size_t nth = 1; nth <= needed; nth++) {
        rig_begin();
        rig.memory.fail_at = nth;
        /* A failure while somebody logs in leaves nobody to go on with. */
        struct host_link *probe = rig_accept();
        bool accepted = probe->conn != NULL;
        rig.memory.fail_at = accepted ? rig.memory.allocations + nth : 0;
        if (accepted)
            live();
        rig.memory.fail_at = 0;
        rig_end();
    }
}

/* 5: a server without resumption says so, and the client may still bind. */
static void where_nothing_may_be_resumed_resumption_is_not_implemented(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.resume_time = 0;
    rig_begin_with(&settings);
    struct host_link *romeo = rig_accept();
    rig_say(romeo, RIG_HEADER);
    rig_auth(romeo, "romeo");
    rig_say(romeo, RIG_HEADER);
    rig_take(romeo);
    resume(romeo, "none", 0);
    rig_assert_has(rig_take(romeo), "<failed " SM "><feature-not-implemented ");
    rig_bind(romeo, "orchard");
    assert_string_equal(session_look(rig_session(romeo)).full_jid, "romeo@localhost/orchard");
    rig_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(a_session_hibernates_and_is_resumed),
        RIG_TEST(what_is_sent_again_carries_its_time),
        cmocka_unit_test(what_was_kept_and_is_sent_again_has_one_time),
        RIG_TEST(a_polite_close_ends_a_session_that_could_be_resumed),
        RIG_TEST(a_stream_error_ends_a_session_that_could_be_resumed),
        RIG_TEST(counts_that_are_none_are_invalid),
        RIG_TEST(a_count_below_the_last_one_is_ignored),
        RIG_TEST(the_time_to_resume_is_that_of_the_settings),
        RIG_TEST(a_session_that_waits_is_resumed_waiting),
        RIG_TEST(a_backlog_goes_out_as_fast_as_it_is_taken),
        RIG_TEST(part_of_a_backlog_may_be_acknowledged),
        RIG_TEST(without_resumption_unacknowledged_messages_come_back),
        RIG_TEST(answers_go_nowhere_else),
        RIG_TEST(what_looks_like_a_copy_comes_back_as_any_message_does),
        cmocka_unit_test(a_message_that_cannot_be_passed_on_takes_no_other_with_it),
        RIG_TEST(freeing_a_core_drops_hibernating_sessions),
        RIG_TEST(resumption_is_asked_for_with_a_boolean),
        RIG_TEST(a_resumption_without_its_name_or_its_count_is_a_bad_request),
        RIG_TEST(the_session_that_is_named_is_resumed_and_no_other),
        RIG_TEST(a_session_that_ends_is_sent_no_acknowledgement_request),
        RIG_TEST(sessions_due_for_a_request_may_end_before_it),
        cmocka_unit_test(a_stanza_that_is_too_large_to_go_out_again_waits_for_the_next_connection),
        RIG_TEST(a_roster_push_that_was_not_acknowledged_is_nobodys_loss),
        cmocka_unit_test(a_backlog_that_finds_no_room_waits_for_the_next_connection),
        cmocka_unit_test(where_nothing_may_be_resumed_resumption_is_not_implemented),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
