/* Password changes and account removal (XEP-0077), when storage fails or the requester has left;
 * scenarios/services tests the rest. */
#include "rig.h"

#define SET(payload) "<iq type='set' id='r'><query xmlns='jabber:iq:register'>" payload "</query></iq>"
#define PASSWORD     SET("<username>romeo</username><password>new</password>")
#define REMOVE       SET("<remove/>")
#define ROSTER_SET                                                                                           \
    "<iq type='set' id='s'><query xmlns='jabber:iq:roster'><item jid='juliet@localhost'/></query></iq>"

/* Work on the roster that waits for storage, so that later work waits too. */
static struct host_link *busy(void)
{
    struct host_link *garden = rig_login("romeo", "garden");
    rig.prompt = false;
    rig_say(garden, ROSTER_SET);
    assert_int_equal(rig_pending_count(), 1);
    return garden;
}

static size_t asked_of(enum core_store_op op, enum core_store store)
{
    size_t count = 0;
    for (size_t i = 0; i < rig.request_count; i++)
        count += rig.requests[i]->op == op && rig.requests[i]->store == store;
    return count;
}

/* ---- A new password (3.3) ---- */

static void a_request_that_is_not_for_ones_own_password_is_bad(void **state)
{
    static const char *const rows[] = {
        SET("<username>romeo</username>"),
        SET("<password>new</password>"),
        SET("<username>romeo</username><password/>"),
        SET("<username>juliet</username><password>new</password>"),
        SET("<username>ro meo</username><password>new</password>"),
        SET(""),
    };
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rig_say(romeo, rows[i]);
        rig_assert_stanza_error(romeo, "modify", "bad-request");
    }
    assert_int_equal(asked_of(CORE_SAVE, CORE_STORE_ACCOUNT), 0);
}

/* RFC 4013, 2.5: U+0221 is not assigned in Unicode 3.2; U+00E9 is. */
static void a_password_that_is_stored_has_no_unassigned_code_points(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, SET("<username>romeo</username><password>\xc8\xa1</password>"));
    rig_assert_stanza_error(romeo, "modify", "not-acceptable");
    rig_say(romeo, SET("<username>romeo</username><password>\xc3\xa9</password>"));
    rig_assert_has(rig_take(romeo), " type='result'");
}

static void a_session_that_ends_before_its_turn_changes_no_password(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    busy();
    rig_say(romeo, PASSWORD);
    rig_hangup(romeo);
    rig_answer_all();
    assert_int_equal(asked_of(CORE_SAVE, CORE_STORE_ACCOUNT), 0);
}

static void an_unsaved_password_is_an_error_if_the_session_remains(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard"), *street = rig_login("romeo", "street");
    rig.prompt = false;
    rig_say(romeo, PASSWORD);
    rig_fail();
    rig_assert_stanza_error(romeo, "cancel", "internal-server-error");
    rig_say(romeo, PASSWORD);
    rig_hangup(romeo);
    rig_fail();
    assert_string_equal(rig_take(street), "");
}

/* The same name at another host is another account. */
static void a_new_password_ends_the_sessions_of_that_account(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard"), *garden = rig_login("romeo", "garden");
    struct host_link *namesake = rig_accept();
    static const char header[] = "<?xml version='1.0'?><stream:stream to='example.com' version='1.0' "
                                 "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";
    rig_say(namesake, header);
    rig_auth(namesake, "romeo");
    rig_say(namesake, header);
    rig_bind(namesake, "orchard");
    rig_say(romeo, PASSWORD);
    rig_assert_has(rig_take(romeo), " type='result'");
    rig_assert_stream_error(garden, "reset");
    assert_false(namesake->closed);
}

static void a_new_password_ends_those_as_well_that_have_no_resource_or_no_connection(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard"), *unbound = rig_authenticated("romeo");
    struct host_link *phone = rig_login("romeo", "phone");
    rig_say(phone, "<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
    rig_hangup(phone);
    assert_int_equal(inspect_counts(rig.core).sessions, 3);
    rig_say(romeo, PASSWORD);
    rig_assert_stream_error(unbound, "reset");
    assert_int_equal(inspect_counts(rig.core).sessions, 1);
    assert_false(romeo->closed);
}

/* ---- Removal (3.2) ---- */

/* XEP-0077, 3.2: <remove/> is alone. */
static void a_removal_is_nothing_else(void **state)
{
    static const char *const rows[] = { SET("<remove/><username>romeo</username>"),
                                        SET("<username>romeo</username><remove/>") };
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rig_say(romeo, rows[i]);
        rig_assert_stanza_error(romeo, "modify", "bad-request");
    }
    assert_int_equal(asked_of(CORE_REMOVE, CORE_STORE_ACCOUNT), 0);
}

static void a_session_that_ends_before_its_turn_removes_no_account(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    busy();
    rig_say(romeo, REMOVE);
    rig_hangup(romeo);
    rig_answer_all();
    assert_int_equal(asked_of(CORE_REMOVE, CORE_STORE_ACCOUNT), 0);
}

static void a_removal_continues_after_its_session_ends(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard"), *garden = rig_login("romeo", "garden");
    rig.prompt = false;
    rig_say(romeo, REMOVE);
    assert_int_equal(asked_of(CORE_REMOVE, CORE_STORE_ACCOUNT), 1);
    rig_hangup(romeo);
    rig_answer_all();
    rig_assert_stream_error(garden, "not-authorized");
    assert_int_equal(inspect_counts(rig.core).sessions, 0);
    assert_int_equal(inspect_counts(rig.core).users_in_memory, 0);
}

/* ---- Logins that are half-way ---- */

/* A client that waits for the account to be loaded. */
static struct host_link *logging_in(void)
{
    struct host_link *link = rig_accept();
    rig_say(link, RIG_HEADER);
    rig_auth(link, "romeo");
    rig_take(link);
    return link;
}

static void a_login_that_waits_for_the_account_waits_for_the_new_keys(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig.prompt = false;
    struct host_link *thief = logging_in();
    rig_say(romeo, PASSWORD);
    struct host_request *old_load = rig_pending();
    rig_answer_with(rig.requests[rig.request_count - 1], CORE_STORED); /* the save, first */
    rig_assert_has(rig_take(romeo), " type='result'");
    rig_answer_with(old_load, CORE_STORED);
    assert_string_equal(rig_take(thief), "");
    rig_answer_with(rig_pending(), CORE_STORED);
    rig_assert_has(rig_take(thief), "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/>");
}

static void a_login_that_waits_for_the_account_fails_when_that_is_removed(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig.prompt = false;
    struct host_link *thief = logging_in();
    rig_say(romeo, REMOVE);
    struct host_request *old_load = rig_pending();
    rig_answer_with(rig.requests[rig.request_count - 1], CORE_STORED);
    rig_answer_with(old_load, CORE_STORED);
    rig_answer_with(rig_pending(), CORE_NO_ACCOUNT);
    rig_assert_has(rig_take(thief), "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(a_request_that_is_not_for_ones_own_password_is_bad),
        RIG_TEST(a_password_that_is_stored_has_no_unassigned_code_points),
        RIG_TEST(a_session_that_ends_before_its_turn_changes_no_password),
        RIG_TEST(an_unsaved_password_is_an_error_if_the_session_remains),
        RIG_TEST(a_new_password_ends_the_sessions_of_that_account),
        RIG_TEST(a_new_password_ends_those_as_well_that_have_no_resource_or_no_connection),
        RIG_TEST(a_removal_is_nothing_else),
        RIG_TEST(a_session_that_ends_before_its_turn_removes_no_account),
        RIG_TEST(a_removal_continues_after_its_session_ends),
        RIG_TEST(a_login_that_waits_for_the_account_waits_for_the_new_keys),
        RIG_TEST(a_login_that_waits_for_the_account_fails_when_that_is_removed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
