/* Resource binding (RFC 6120, 7), through whole stanzas. */
#include "rig.h"

#define BIND "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"

static int set_up_with(enum core_conflict conflict, size_t resources)
{
    struct core_settings settings = rig_settings();
    settings.conflict = conflict;
    settings.limits.resources = resources;
    rig_begin_with(&settings);
    return 0;
}

static int kick_new(void **state)
{
    (void)state;
    return set_up_with(CORE_KICK_NEW, 32);
}

static int increment(void **state)
{
    (void)state;
    return set_up_with(CORE_INCREMENT, 32);
}

static int make_random(void **state)
{
    (void)state;
    return set_up_with(CORE_RANDOM, 32);
}

static int two_resources(void **state)
{
    (void)state;
    return set_up_with(CORE_KICK_OLD, 2);
}

static const char *resource_of(const struct host_link *link)
{
    return session_look(rig_session(link)).resource;
}

/* ---- 7.6 and 7.7: the resource ---- */

static void a_bound_session_is_a_connected_resource(void **state)
{
    (void)state;
    struct host_link *romeo = rig_authenticated("romeo");
    rig_bind(romeo, "orchard");
    const char *text = rig_take(romeo);
    rig_assert_has(text, " type='result'");
    rig_assert_has(text, " id='bind'");
    rig_assert_has(
        text, "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>romeo@localhost/orchard</jid></bind>");
    struct session_view view = session_look(rig_session(romeo));
    assert_int_equal(view.type, SESSION_C2S);
    assert_string_equal(view.full_jid, "romeo@localhost/orchard");
    assert_string_equal(view.resource, "orchard");
    assert_non_null(view.roster);
    assert_ptr_equal(inspect_full_jid(rig.core, "romeo@localhost/orchard"), rig_session(romeo));
    assert_ptr_equal(inspect_first_resource(rig.core, "romeo@localhost"), rig_session(romeo));
    assert_null(inspect_next_resource(rig_session(romeo)));
}

/* 7.6: a server makes a resource for a client that asks for none; no two are the same. */
static void without_a_wish_the_server_makes_a_resource(void **state)
{
    (void)state;
    static const char *const wishes[] = {
        BIND, "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource/></bind>"
    };
    char made[4][64];
    for (size_t i = 0; i < 4; i++) {
        char xml[256];
        struct host_link *romeo = rig_authenticated("romeo");
        snprintf(xml, sizeof xml, "<iq type='set' id='bind'>%s</iq>", wishes[i % 2]);
        rig_say(romeo, xml);
        snprintf(made[i], sizeof made[i], "%s", resource_of(romeo));
        assert_true(strlen(made[i]) > 0);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(made[i], made[j]);
    }
    assert_int_equal(inspect_counts(rig.core).resources, 4);
}

/* RFC 7622, 3.4: Resourceprep. */
static void a_resource_is_prepared(void **state)
{
    (void)state;
    struct host_link *romeo = rig_authenticated("romeo");
    rig_bind(romeo, "or\xc2\xad"
                    "chard \xe2\x85\xa3"); /* a soft hyphen is removed, a Roman numeral four becomes IV */
    assert_string_equal(resource_of(romeo), "orchard IV");
}

/* 7.7.2.1. */
static void a_resource_that_is_none_is_a_bad_request(void **state)
{
    (void)state;
    char longest[1025] = "";
    memset(longest, 'r', sizeof longest - 1);
    struct host_link *romeo = rig_authenticated("romeo");
    rig_bind(romeo, longest);
    rig_assert_stanza_error(romeo, "modify", "bad-request");
    rig_bind(romeo, "\xe2\x80\x8f"); /* U+200F, RFC 3920, appendix B.5 */
    rig_assert_stanza_error(romeo, "modify", "bad-request");
    rig_say(romeo, "<iq type='set'>" BIND "</iq>"); /* 8.1.3: no id */
    rig_assert_stanza_error(romeo, "modify", "bad-request");
    assert_int_equal(session_look(rig_session(romeo)).type, SESSION_C2S_UNBOUND);
    longest[1023] = '\0';
    rig_bind(romeo, longest);
    assert_string_equal(resource_of(romeo), longest);
}

/* 7.1: nothing else before the resource is bound (4.9.3.12). */
/* 7.7.3: at least five, no more than ten; storage failures are not counted. */
static void ten_failures_to_bind_end_the_stream(void **state)
{
    (void)state;
    struct host_link *romeo = rig_authenticated("romeo");
    rig.prompt = false;
    rig_bind(romeo, "orchard");
    rig_fail();
    rig_answer_all();
    rig.prompt = true;
    rig_assert_stanza_error(romeo, "cancel", "internal-server-error");
    for (int i = 0; i < 9; i++) {
        rig_bind(romeo, "\xe2\x80\x8f");
        rig_assert_stanza_error(romeo, "modify", "bad-request");
        assert_false(romeo->closed);
    }
    rig_bind(romeo, "\xe2\x80\x8f");
    rig_assert_stream_error(romeo, "policy-violation");
    assert_int_equal(inspect_counts(rig.core).sessions, 0);
}

static void nothing_but_binding_is_allowed_before(void **state)
{
    (void)state;
    static const char *const others[] = { "<presence/>", "<message to='a@b'/>",
                                          "<iq type='get' id='a'>" BIND "</iq>", "<iq id='a'>" BIND "</iq>",
                                          "<iq type='set' id='a'/>" };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct host_link *romeo = rig_authenticated("romeo");
        rig_say(romeo, others[i]);
        rig_assert_stream_error(romeo, "not-authorized");
    }
}

static void a_session_binds_once(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig_bind(romeo, "garden");
    rig_assert_has(rig_take(romeo), " type='error'");
    assert_string_equal(resource_of(romeo), "orchard");
}

/* ---- 7.7.2.2: conflicts ---- */

static void the_older_session_is_kicked(void **state)
{
    (void)state;
    rig_keep_item("romeo@localhost", "juliet@localhost", "from");
    struct host_link *juliet = rig_online("juliet", "balcony"), *older = rig_online("romeo", "orchard");
    struct host_link *other = rig_online("romeo", "garden");
    rig_take(juliet);
    rig_take(older);
    rig_take(other);
    struct host_link *newer = rig_login("romeo", "orchard");
    rig_assert_stream_error(older, "conflict");
    assert_string_equal(resource_of(newer), "orchard");
    assert_ptr_equal(inspect_full_jid(rig.core, "romeo@localhost/orchard"), rig_session(newer));
    assert_int_equal(inspect_counts(rig.core).resources, 3);
    /* RFC 6121, 4.5.2: every JID that saw it receives unavailable presence. */
    assert_int_equal(rig_count(rig_take(juliet), " type='unavailable'"), 1);
    assert_int_equal(rig_count(rig_take(other), " type='unavailable'"), 1);
}

static void the_only_session_of_a_user_may_be_replaced(void **state)
{
    (void)state;
    struct host_link *older = rig_online("romeo", "orchard"), *newer = rig_online("romeo", "orchard");
    assert_true(older->closed);
    rig_say(newer, "<message to='romeo@localhost'><body>a</body></message>");
    rig_assert_has(rig_take(newer), "<body>a</body>");
}

static void the_newer_session_is_refused(void **state)
{
    (void)state;
    struct host_link *older = rig_login("romeo", "orchard"), *newer = rig_authenticated("romeo");
    rig_bind(newer, "orchard");
    rig_assert_stanza_error(newer, "cancel", "conflict");
    assert_false(older->closed);
    rig_bind(newer, "garden"); /* "may try another" */
    assert_string_equal(resource_of(newer), "garden");
}

static void the_newer_session_gets_the_next_number(void **state)
{
    (void)state;
    assert_string_equal(resource_of(rig_login("romeo", "orchard")), "orchard");
    struct host_link *second = rig_login("romeo", "orchard");
    assert_string_equal(resource_of(second), "orchard#2");
    assert_string_equal(resource_of(rig_login("romeo", "orchard")), "orchard#3");
    rig_hangup(second);
    assert_string_equal(resource_of(rig_login("romeo", "orchard")), "orchard#2");
    assert_string_equal(resource_of(rig_login("romeo", "orchard#2")), "orchard#2#2");
    for (int i = 4; i < 12; i++)
        rig_login("romeo", "orchard");
    assert_string_equal(resource_of(rig_login("romeo", "orchard")), "orchard#12");
}

static void a_resource_that_cannot_grow_is_a_conflict(void **state)
{
    (void)state;
    char longest[1024] = "";
    memset(longest, 'r', sizeof longest - 1);
    rig_login("romeo", longest);
    struct host_link *newer = rig_authenticated("romeo");
    rig_bind(newer, longest);
    rig_assert_stanza_error(newer, "cancel", "conflict");
    longest[1021] = '\0'; /* two bytes less, for "#2" */
    rig_login("romeo", longest);
    rig_bind(newer, longest);
    assert_int_equal(strlen(resource_of(newer)), 1023);
}

static void the_newer_session_gets_one_of_the_servers_making(void **state)
{
    (void)state;
    struct host_link *older = rig_login("romeo", "orchard"), *newer = rig_login("romeo", "orchard");
    assert_false(older->closed);
    assert_string_not_equal(resource_of(newer), "orchard");
    assert_int_equal(inspect_counts(rig.core).full_jids, 2);
}

/* 7.6.2.1. */
static void an_account_has_as_many_resources_as_the_limit_says(void **state)
{
    (void)state;
    struct host_link *first = rig_login("romeo", "1");
    rig_login("romeo", "2");
    struct host_link *third = rig_authenticated("romeo");
    rig_bind(third, "3");
    rig_assert_stanza_error(third, "wait", "resource-constraint");
    rig_login("juliet", "3");
    rig_bind(third, "1"); /* taking the place of another is not one more */
    assert_true(first->closed);
    assert_string_equal(resource_of(third), "1");
}

/* ---- While the roster is loaded ---- */

static void a_session_waits_for_its_roster(void **state)
{
    (void)state;
    struct host_link *romeo = rig_authenticated("romeo");
    rig.prompt = false;
    rig_bind(romeo, "orchard");
    rig_say(romeo, "<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>");
    assert_true(session_look(rig_session(romeo)).waiting);
    assert_string_equal(rig_take(romeo), "");
    rig_answer();
    const char *text = rig_take(romeo);
    assert_true(strstr(text, "id='bind'") < strstr(text, "id='p'"));
}

static void a_roster_that_cannot_be_loaded_is_tried_again(void **state)
{
    (void)state;
    static const enum core_store_status failures[] = { CORE_STORE_FAILED, CORE_NO_ACCOUNT };
    struct host_link *romeo = rig_authenticated("romeo");
    rig.prompt = false;
    for (size_t i = 0; i < 2; i++) {
        rig_bind(romeo, "orchard");
        rig_answer_with(rig_pending(), failures[i]);
        rig_assert_stanza_error(romeo, "cancel", "internal-server-error");
        assert_int_equal(session_look(rig_session(romeo)).type, SESSION_C2S_UNBOUND);
        assert_int_equal(inspect_counts(rig.core).users_in_memory, 0);
    }
    rig_keep("romeo@localhost", "bad", "<item");
    rig_bind(romeo, "orchard");
    rig_answer();
    rig_assert_stanza_error(romeo, "cancel", "internal-server-error");
    rig_keep("romeo@localhost", "bad", NULL);
    rig_bind(romeo, "orchard");
    rig_answer();
    assert_string_equal(resource_of(romeo), "orchard");
}

static void a_hangup_while_the_roster_is_loaded_leaves_nothing(void **state)
{
    (void)state;
    struct host_link *romeo = rig_authenticated("romeo");
    rig.prompt = false;
    rig_bind(romeo, "orchard");
    rig_hangup(romeo);
    assert_int_equal(inspect_counts(rig.core).sessions, 0);
    rig_answer();
    struct inspect_counts counts = inspect_counts(rig.core);
    assert_int_equal(counts.users_in_memory, 0);
    assert_int_equal(counts.full_jids, 0);
    assert_int_equal(counts.storage_requests, 0);
}

/* The roster is loaded once for both, and the later one has the resource. */
static void two_binds_of_one_resource_race(void **state)
{
    (void)state;
    struct host_link *first = rig_authenticated("romeo"), *second = rig_authenticated("romeo");
    size_t before = rig.request_count;
    rig.prompt = false;
    rig_bind(first, "orchard");
    rig_bind(second, "orchard");
    assert_int_equal(rig.request_count, before + 1);
    rig_answer();
    const char *text = rig_take(first);
    assert_true(strstr(text, "<jid>") < strstr(text, "<conflict "));
    assert_true(first->closed);
    assert_string_equal(resource_of(second), "orchard");
    assert_int_equal(inspect_counts(rig.core).resources, 1);
}

static void one_of_two_that_wait_may_hang_up(void **state)
{
    (void)state;
    struct host_link *first = rig_authenticated("romeo"), *second = rig_authenticated("romeo");
    rig.prompt = false;
    rig_bind(first, "orchard");
    rig_bind(second, "orchard");
    rig_hangup(first);
    rig_answer();
    assert_string_equal(resource_of(second), "orchard");
}

/* The old session waits for its roster set to be stored; the new one binds afterwards, and the change
 * holds. */
static void an_old_session_is_kicked_while_it_waits(void **state)
{
    (void)state;
    struct host_link *older = rig_online("romeo", "orchard"), *newer = rig_authenticated("romeo");
    rig.prompt = false;
    rig_say(older, "<iq type='set' id='s'><query xmlns='jabber:iq:roster'><item jid='a@b'/></query></iq>"
                   "<message to='romeo@localhost'><body>late</body></message>");
    rig_bind(newer, "orchard");
    rig_answer();
    const char *text = rig_take(older);
    assert_true(strstr(text, "id='s'") < strstr(text, "<conflict "));
    rig_assert_lacks(text, "<body>late</body>");
    assert_true(older->closed);
    assert_int_equal(inspect_roster_size(session_look(rig_session(newer)).roster), 1);
}

/* It waits for another account's roster meanwhile. */
static void an_old_session_is_kicked_while_it_waits_for_another_account(void **state)
{
    (void)state;
    struct host_link *older = rig_online("romeo", "orchard"), *newer = rig_authenticated("romeo");
    rig.prompt = false;
    rig_say(older, "<presence type='subscribe' to='juliet@localhost'/>");
    rig_answer();
    rig_bind(newer, "orchard"); /* the roster is in memory: at once */
    rig_assert_stream_error(older, "conflict");
    assert_string_equal(resource_of(newer), "orchard");
    rig_answer_all();
    struct host_link *juliet = rig_authenticated("juliet");
    rig_bind(juliet, "balcony");
    rig_answer_all();
    assert_int_equal(inspect_roster_size(session_look(rig_session(juliet)).roster), 1);
}

static void a_bind_of_a_disconnected_client_binds_nothing(void **state)
{
    (void)state;
    struct host_link *romeo = rig_authenticated("romeo");
    rig.prompt = false;
    rig_bind(romeo, "orchard");
    assert_int_equal(rig_pending_count(), 1);
    rig_hangup(romeo);
    rig_answer_all();
    assert_null(inspect_full_jid(rig.core, "romeo@localhost/orchard"));
    assert_int_equal(inspect_counts(rig.core).users_in_memory, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(a_bound_session_is_a_connected_resource),
        RIG_TEST(without_a_wish_the_server_makes_a_resource),
        RIG_TEST(a_resource_is_prepared),
        RIG_TEST(a_resource_that_is_none_is_a_bad_request),
        RIG_TEST(ten_failures_to_bind_end_the_stream),
        RIG_TEST(nothing_but_binding_is_allowed_before),
        RIG_TEST(a_session_binds_once),
        RIG_TEST(the_older_session_is_kicked),
        RIG_TEST(the_only_session_of_a_user_may_be_replaced),
        RIG_TEST_FROM(the_newer_session_is_refused, kick_new),
        RIG_TEST_FROM(the_newer_session_gets_the_next_number, increment),
        RIG_TEST_FROM(a_resource_that_cannot_grow_is_a_conflict, increment),
        RIG_TEST_FROM(the_newer_session_gets_one_of_the_servers_making, make_random),
        RIG_TEST_FROM(an_account_has_as_many_resources_as_the_limit_says, two_resources),
        RIG_TEST(a_session_waits_for_its_roster),
        RIG_TEST(a_roster_that_cannot_be_loaded_is_tried_again),
        RIG_TEST(a_hangup_while_the_roster_is_loaded_leaves_nothing),
        RIG_TEST(two_binds_of_one_resource_race),
        RIG_TEST(one_of_two_that_wait_may_hang_up),
        RIG_TEST(an_old_session_is_kicked_while_it_waits),
        RIG_TEST(an_old_session_is_kicked_while_it_waits_for_another_account),
        RIG_TEST(a_bind_of_a_disconnected_client_binds_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
