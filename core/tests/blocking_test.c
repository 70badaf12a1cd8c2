/* The blocking command (XEP-0191) when storage and memory fail; scenarios/blocking tests the rest. */
#include "rig.h"

#define BLOCK_ROMEO                                                                                          \
    "<iq type='set' id='block'><block xmlns='urn:xmpp:blocking'><item jid='ROMEO@localhost'/></block></iq>"
#define UNBLOCK_ALL "<iq type='set' id='unblock'><unblock xmlns='urn:xmpp:blocking'/></iq>"
#define GET_LIST    "<iq type='get' id='list'><blocklist xmlns='urn:xmpp:blocking'/></iq>"
#define DISCO(to)                                                                                            \
    "<iq type='get' id='q' to='" to "'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>"
#define TO_JULIET "<message to='juliet@localhost/balcony' type='chat' id='m'><body>hist</body></message>"

static void block(const char *owner, const char *jid)
{
    rig_keep_in(CORE_STORE_BLOCKLIST, owner, jid, "<item xmlns='urn:xmpp:blocking'/>");
}

static void a_block_is_in_force_when_it_is_durable(void **state)
{
    (void)state;
    struct host_link *juliet = rig_online("juliet", "balcony");
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig.prompt = false;
    rig_say(juliet, BLOCK_ROMEO);
    rig_say(romeo, TO_JULIET);
    rig_assert_has(rig_take(juliet), "<body>hist</body>");
    rig_answer();
    rig_assert_has(rig_take(juliet), "<iq type='result' id='block'");
    rig_say(romeo, TO_JULIET);
    rig_assert_stanza_error(romeo, "cancel", "service-unavailable");
    assert_string_equal(rig_take(juliet), "");
    assert_string_equal(inspect_blocked(rig.core, "juliet@localhost", 0), "romeo@localhost");
}

static void a_block_whose_session_ends_before_its_turn_is_not_made(void **state)
{
    (void)state;
    struct host_link *juliet = rig_online("juliet", "balcony");
    struct host_link *phone = rig_online("juliet", "phone");
    rig.prompt = false;
    rig_say(juliet, BLOCK_ROMEO);
    rig_say(phone, UNBLOCK_ALL);
    rig_hangup(phone);
    rig_answer_all();
    assert_int_equal(inspect_blocked_count(rig.core, "juliet@localhost"), 1);
    assert_int_equal(rig_kept_count(CORE_STORE_BLOCKLIST, "juliet@localhost"), 1);
}

/* All entries or none (core.h), in one request. */
static void unblocking_all_is_one_save(void **state)
{
    (void)state;
    block("juliet@localhost", "romeo@localhost");
    block("juliet@localhost", "example.com");
    struct host_link *juliet = rig_online("juliet", "balcony");
    rig.prompt = false;
    rig_say(juliet, UNBLOCK_ALL);
    assert_int_equal(rig_pending_count(), 1);
    assert_int_equal(rig_pending()->entry_count, 2);
    rig_fail();
    rig_assert_stanza_error(juliet, "cancel", "internal-server-error");
    assert_int_equal(inspect_blocked_count(rig.core, "juliet@localhost"), 2);
    rig_say(juliet, UNBLOCK_ALL);
    rig_answer();
    assert_int_equal(inspect_blocked_count(rig.core, "juliet@localhost"), 0);
    assert_int_equal(rig_kept_count(CORE_STORE_BLOCKLIST, "juliet@localhost"), 0);
}

static void without_blocking_no_list_is_loaded(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.features &= ~(unsigned)CORE_BLOCKING;
    rig_begin_with(&settings);
    block("juliet@localhost", "romeo@localhost");
    struct host_link *juliet = rig_online("juliet", "balcony");
    for (size_t i = 0; i < rig.request_count; i++)
        assert_int_not_equal(rig.requests[i]->store, CORE_STORE_BLOCKLIST);
    rig_say(juliet, GET_LIST);
    rig_assert_stanza_error(juliet, "cancel", "service-unavailable");
    rig_end();
}

/* An account that was loaded for it is released again. */
static void an_account_loaded_for_a_request_is_freed_again(void **state)
{
    (void)state;
    block("juliet@localhost", "romeo@localhost");
    rig_keep_item("juliet@localhost", "romeo@localhost", "from");
    rig_keep_item("nurse@localhost", "romeo@localhost", "from");
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, DISCO("juliet@localhost"));
    rig_assert_stanza_error(romeo, "cancel", "service-unavailable");
    rig_say(romeo, DISCO("nurse@localhost"));
    rig_assert_has(rig_take(romeo), " type='result'");
    rig_say(romeo, DISCO("nobody@localhost"));
    rig_assert_stanza_error(romeo, "cancel", "service-unavailable");
    assert_int_equal(inspect_counts(rig.core).users_in_memory, 1);
}

/* ---- Notifications ---- */

#define BLOCK(id, jid)                                                                                       \
    "<iq type='set' id='" id "'><block xmlns='urn:xmpp:blocking'><item jid='" jid "'/></block></iq>"

static void both(const char *one, const char *other)
{
    rig_keep_item(one, other, "both");
    rig_keep_item(other, one, "both");
}

/* A name with one's own as prefix is another account. */
static void a_name_that_begins_alike_is_not_ones_own(void **state)
{
    (void)state;
    static const char *const names[] = { "juliet@localhosts", "juliet@localhost.example" };
    struct host_link *juliet = rig_online("juliet", "balcony");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char xml[200];
        block("juliet@localhost", names[i]);
        snprintf(xml, sizeof xml, BLOCK("b", "%s") "<message to='%s' type='chat'/>", names[i], names[i]);
        rig_say(juliet, xml);
        rig_assert_has(rig_take(juliet), "<blocked xmlns='urn:xmpp:blocking:errors'/>");
    }
}

/* 3.3 wants items, each with a JID; more of them than may be kept are not even looked at. */
static void a_command_that_is_none_is_refused(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.limits.blocked = 1;
    rig_begin_with(&settings);
    struct host_link *juliet = rig_online("juliet", "balcony");
    rig_say(juliet, "<iq type='set' id='b'><block xmlns='urn:xmpp:blocking'><other jid='a@b'/></block></iq>");
    rig_assert_stanza_error(juliet, "modify", "bad-request");
    rig_say(
        juliet,
        "<iq type='set' id='b'><block xmlns='urn:xmpp:blocking'><item jid='a@b'/><item jid='c@d'/></block>"
        "</iq>");
    rig_assert_stanza_error(juliet, "wait", "resource-constraint");
    rig_end();
}

/* A headline without a recipient is dropped, but a blocked sender gets an error: so it waits for the list. */
static void a_headline_waits_until_the_block_list_is_known(void **state)
{
    (void)state;
    block("juliet@localhost", "romeo@localhost");
    struct host_link *romeo = rig_online("romeo", "orchard"), *juliet = rig_authenticated("juliet");
    rig.prompt = false;
    rig_bind(juliet, "balcony");
    rig_say(romeo, "<message to='juliet@localhost' type='headline'><body>news</body></message>");
    assert_string_equal(rig_take(romeo), "");
    rig_answer_all();
    rig_assert_stanza_error(romeo, "cancel", "service-unavailable");
}

/* 3.3: she removes a contact that is blocked, which is not notified (RFC 6121, 2.5.2, would notify it). */
static void a_blocked_contact_is_removed_without_a_word(void **state)
{
    (void)state;
    both("romeo@localhost", "juliet@localhost");
    struct host_link *romeo = rig_online("romeo", "orchard"), *juliet = rig_online("juliet", "balcony");
    rig_say(juliet, BLOCK_ROMEO);
    rig_take(romeo);
    rig_say(juliet, "<iq type='set' id='r'><query xmlns='jabber:iq:roster'><item jid='romeo@localhost' "
                    "subscription='remove'/></query></iq>");
    rig_assert_has(rig_take(juliet), "<iq type='result' id='r'");
    assert_string_equal(rig_take(romeo), "");
}

/* An iq is answered after every failure (RFC 6120, 8.2.3), or its session is closed; a refused change has no
 * effect. */
static void every_allocation_of_a_block_may_fail(void **state)
{
    (void)state;
    size_t nth = 0, needed = 0;
    do {
        rig_begin();
        rig_keep_item("juliet@localhost", "romeo@localhost", "both");
        rig_keep_item("romeo@localhost", "juliet@localhost", "both");
        struct host_link *romeo = rig_online("romeo", "orchard");
        struct host_link *juliet = rig_online("juliet", "balcony");
        rig_say(juliet, GET_LIST);
        rig_take(juliet);
        rig.memory.allocations = 0;
        rig.memory.fail_at = ++nth;
        rig_say(juliet, BLOCK_ROMEO);
        rig_say(juliet, UNBLOCK_ALL);
        needed = rig.memory.allocations;
        rig.memory.fail_at = 0;
        const char *said = rig_take(juliet);
        bool answered = rig_count(said, " id='block'") == 1 && rig_count(said, " id='unblock'") == 1;
        assert_true(answered || juliet->closed);
        assert_false(romeo->closed);
        assert_int_equal(inspect_blocked_count(rig.core, "juliet@localhost"),
                         juliet->closed ? 0 : rig_kept_count(CORE_STORE_BLOCKLIST, "juliet@localhost"));
        rig_end();
    } while (nth <= needed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(a_block_is_in_force_when_it_is_durable),
        RIG_TEST(a_block_whose_session_ends_before_its_turn_is_not_made),
        RIG_TEST(unblocking_all_is_one_save),
        cmocka_unit_test(without_blocking_no_list_is_loaded),
        RIG_TEST(an_account_loaded_for_a_request_is_freed_again),
        cmocka_unit_test(every_allocation_of_a_block_may_fail),
        RIG_TEST(a_name_that_begins_alike_is_not_ones_own),
        cmocka_unit_test(a_command_that_is_none_is_refused),
        RIG_TEST(a_headline_waits_until_the_block_list_is_known),
        RIG_TEST(a_blocked_contact_is_removed_without_a_word),
    };
    rig_use(&(struct rig_options){ .features = CORE_OFFLINE | CORE_CARBONS | CORE_BLOCKING });
    return cmocka_run_group_tests(tests, NULL, NULL);
}
