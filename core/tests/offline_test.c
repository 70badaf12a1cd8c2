/* Stored messages (XEP-0160): the storage requests, and failures of storage, the client or memory.
 * scenarios/offline tests the rest. */
#include "letters.h"

#define MESSAGE(n)                                                                                           \
    "<message to='juliet@localhost' type='chat' id='m" #n "'><body>letter " #n "</body></message>"
#define ONLINE "<presence/>"

static void keys_count_up(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, MESSAGE(1));
    rig_say(romeo, MESSAGE(2));
    const struct core_store_entry *first = rig_kept_find(CORE_STORE_OFFLINE, JULIET, "00000000000000000001");
    const struct core_store_entry *second = rig_kept_find(CORE_STORE_OFFLINE, JULIET, "00000000000000000002");
    rig_assert_has(first->value, "<body>letter 1</body>");
    rig_assert_has(second->value, "<body>letter 2</body>");
    /* XEP-0203, 2; the rig's clock stands at 2001-01-01T00:00:00Z. */
    rig_assert_has(second->value,
                   "<delay xmlns='urn:xmpp:delay' from='localhost' stamp='2001-01-01T00:00:00Z'/>");
    assert_int_equal(inspect_counts(rig.core).users_in_memory, 1);
}

/* The time is that of receipt, however long storage takes. */
static void the_stamp_is_when_the_message_came(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig.prompt = false;
    rig_say(romeo, MESSAGE(1));
    rig.now += UINT64_C(7200000000000);
    rig_answer_all();
    rig_assert_has(rig_kept_find(CORE_STORE_OFFLINE, JULIET, "00000000000000000001")->value,
                   "stamp='2001-01-01T00:00:00Z'");
}

static void what_is_delivered_is_removed_in_one_save(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, MESSAGE(1) MESSAGE(2) MESSAGE(3));
    struct host_link *juliet = rig_login("juliet", "balcony");
    rig.prompt = false;
    rig_say(juliet, ONLINE);
    rig_answer(); /* the load */
    assert_int_equal(rig_count(rig_take(juliet), "<body>letter "), 3);
    assert_int_equal(letters_kept(), 3); /* they go after they were handed over */
    assert_int_equal(rig_pending_count(), 1);
    assert_int_equal(rig_pending()->entry_count, 3);
    rig_answer();
    assert_int_equal(letters_kept(), 0);
}

/* The server crashes between delivery and removal: the stored messages are delivered again. */
static void messages_not_removed_are_sent_again(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, MESSAGE(1));
    struct host_link *juliet = rig_login("juliet", "balcony");
    rig.prompt = false;
    rig_say(juliet, ONLINE);
    rig_answer();
    rig_assert_has(rig_take(juliet), "letter 1");
    rig_fail();
    rig.prompt = true;
    assert_int_equal(letters_kept(), 1);
    struct host_link *phone = rig_online("juliet", "phone");
    assert_int_equal(letters_kept(), 0);
    assert_false(phone->closed);
}

/* A session that ends while the stored messages are being loaded loses none of them. */
static void a_session_that_ends_before_the_load_leaves_all_messages(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, MESSAGE(1));
    struct host_link *juliet = rig_login("juliet", "balcony");
    rig.prompt = false;
    rig_say(juliet, ONLINE);
    rig_hangup(juliet);
    rig_answer_all();
    assert_int_equal(letters_kept(), 1);
    assert_int_equal(inspect_counts(rig.core).users_in_memory, 1);
}

static void two_resources_at_once_share_nothing(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, MESSAGE(1));
    struct host_link *juliet = rig_login("juliet", "balcony");
    struct host_link *phone = rig_login("juliet", "phone");
    rig.prompt = false;
    rig_say(juliet, ONLINE);
    rig_say(phone, ONLINE);
    rig_answer_all();
    assert_int_equal(rig_count(rig_take(juliet), "letter 1") + rig_count(rig_take(phone), "letter 1"), 1);
}

/* RFC 6120, 10.1: in order, including messages to the full JID. */
static void a_message_that_arrives_during_the_load_comes_after_it(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    struct host_link *nurse = rig_online("nurse", "chamber");
    rig_say(romeo, MESSAGE(1));
    struct host_link *juliet = rig_login("juliet", "balcony");
    rig.prompt = false;
    rig_say(juliet, ONLINE);
    rig_say(romeo, MESSAGE(2));
    rig_say(nurse, "<message to='juliet@localhost/balcony'><body>letter 3</body></message>");
    rig_assert_lacks(rig_take(juliet), "letter");
    rig_answer_all();
    const char *said = rig_take(juliet);
    const char *first = strstr(said, "letter 1"), *second = strstr(said, "letter 2");
    const char *third = strstr(said, "letter 3");
    assert_non_null(first);
    assert_true(first < second && second < third);
    assert_int_equal(rig_count(said, "<delay "), 1);
    assert_int_equal(letters_kept(), 0);
}

/* Two senders at once: each message is kept, and the limit holds. */
static void the_limit_holds_for_messages_that_wait_for_storage(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.limits.offline_messages = 1;
    rig_begin_with(&settings);
    struct host_link *romeo = rig_online("romeo", "orchard");
    struct host_link *nurse = rig_online("nurse", "chamber");
    rig.prompt = false;
    rig_say(romeo, MESSAGE(1));
    rig_say(nurse, MESSAGE(2));
    rig_answer_all();
    assert_int_equal(letters_kept(), 1);
    assert_string_equal(rig_take(romeo), "");
    rig_assert_stanza_error(nurse, "cancel", "service-unavailable");
    rig_end();
}

/* A message of the maximum size has grown in storage, and is still delivered. */
static void limits_for_clients_do_not_apply_to_kept_messages(void **state)
{
    (void)state;
    static char text[3000] = "";
    struct core_settings settings = rig_settings();
    settings.limits.stanza_bytes = 1000;
    settings.limits.depth = 3;
    settings.limits.attributes = 4;
    rig_begin_with(&settings);
    struct host_link *romeo = rig_online("romeo", "orchard");
    size_t length = (size_t)snprintf(
        text, sizeof text, "<message to='juliet@localhost' id='m' a='1' b='2'><x><y/></x><body><![CDATA[");
    memset(text + length, '&', 870);
    snprintf(text + length + 870, sizeof text - length - 870, "]]></body></message>");
    rig_say(romeo, text);
    assert_int_equal(letters_kept(), 1);
    struct host_link *juliet = rig_login("juliet", "balcony");
    rig_say(juliet, ONLINE);
    assert_int_equal(rig_count(rig_take(juliet), "&amp;"), 870);
    assert_int_equal(letters_kept(), 0);
    rig_end();
}

/* An entry of storage that is no message stays there, and the rest is delivered. */
static void a_message_that_cannot_be_parsed_stays(void **state)
{
    (void)state;
    rig_keep_in(CORE_STORE_OFFLINE, JULIET, "00000000000000000004", "<message");
    rig_keep_in(CORE_STORE_OFFLINE, JULIET, "00000000000000000005",
                "<message xmlns='jabber:client' from='romeo@localhost/o'><body>letter 5</body></message>");
    rig_keep_in(CORE_STORE_OFFLINE, JULIET, "00000000000000000006",
                "<message xmlns='jabber:client'><body>letter 6</body></message>");
    struct host_link *juliet = rig_login("juliet", "balcony");
    rig_say(juliet, ONLINE);
    assert_int_equal(rig_count(rig_take(juliet), "<body>letter "), 1);
    assert_int_equal(letters_kept(), 2);
}

/* RFC 6120, 10.3.1: a message without an address is for the sender's own account, and nothing is lost that
 * was delivered but not acknowledged (XEP-0198, 5), whichever way it went. */
static void a_message_to_oneself_that_was_not_acknowledged_is_kept_again(void **state)
{
    (void)state;
    struct host_link *juliet = rig_login("juliet", "balcony");
    rig_say(juliet, "<message id='note'><body>to myself</body></message>");
    assert_int_equal(letters_kept(), 1);
    struct host_link *phone = rig_login("juliet", "phone");
    rig_say(phone, "<enable xmlns='urn:xmpp:sm:3'/><presence/>");
    rig_assert_has(rig_take(phone), " id='note'");
    assert_int_equal(letters_kept(), 0);
    rig_hangup(phone);
    assert_int_equal(letters_kept(), 1);
    assert_string_equal(rig_take(juliet), "");
}

/* The session ends over it, and has it: it comes back from there (XEP-0198, 4), and not from storage as well. */
static void a_message_that_is_too_much_for_a_session_is_kept_once(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.limits.unacked_bytes = 500;
    rig_begin_with(&settings);
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, rig_filled("<message to='juliet@localhost'><body>letter ", 'x', 500, "</body></message>"));
    rig_say(romeo, MESSAGE(2) MESSAGE(3));
    struct host_link *juliet = rig_login("juliet", "balcony");
    rig_say(juliet, "<enable xmlns='urn:xmpp:sm:3'/>" ONLINE);
    rig_assert_has(rig_take(juliet), "too much was not acknowledged");
    assert_int_equal(letters_kept(), 3);
    juliet = rig_login("juliet", "balcony");
    rig_say(juliet, ONLINE);
    assert_int_equal(rig_count(rig_take(juliet), "<body>letter "), 3);
    assert_int_equal(letters_kept(), 0);
    rig_end();
}

/* Malformed stored entries do not affect the client. */
static void a_key_or_a_value_that_is_none_is_passed_over(void **state)
{
    (void)state;
    rig_keep_in(CORE_STORE_OFFLINE, JULIET, "00000000000000000007x", "");
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, MESSAGE(1));
    assert_non_null(rig_kept_find(CORE_STORE_OFFLINE, JULIET, "00000000000000000008"));
    struct host_link *juliet = rig_login("juliet", "balcony");
    rig_say(juliet, ONLINE);
    assert_int_equal(rig_count(rig_take(juliet), "<message "), 1);
    assert_int_equal(letters_kept(), 1);
}

/* The stored message has its delay; the copy, which is sent at once, has none. */
static void a_message_without_content_is_kept_and_stays_empty(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard"), *juliet = rig_login("juliet", "balcony");
    rig_say(juliet, "<iq type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq>");
    rig_take(juliet);
    rig.prompt = false;
    rig_say(romeo, "<message to='juliet@localhost' id='empty'/>");
    rig_answer();
    rig_fail();
    rig_assert_stanza_error(romeo, "cancel", "internal-server-error");
    rig.prompt = true;
    rig_say(romeo, "<message to='juliet@localhost' id='empty'/>");
    assert_int_equal(letters_kept(), 1);
    rig_assert_has(rig_kept_find(CORE_STORE_OFFLINE, JULIET, "00000000000000000001")->value, "<delay ");
}

/* Her work waits for other work of hers; by then she has left. */
static void a_session_that_ends_before_the_delivery_is_sent_nothing(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, MESSAGE(1));
    struct host_link *balcony = rig_login("juliet", "balcony"), *phone = rig_login("juliet", "phone");
    rig.prompt = false;
    rig_say(balcony, "<iq type='set' id='s'><query xmlns='jabber:iq:roster'><item jid='romeo@localhost'/>"
                     "</query></iq>");
    rig_say(phone, ONLINE);
    rig_hangup(phone);
    rig_answer_all();
    assert_int_equal(letters_kept(), 1);
    assert_int_equal(inspect_counts(rig.core).resources, 2);
}

/* ---- A client that does not read ---- */

enum { MANY = 40 };

static struct host_link *slow_juliet(void)
{
    letters_begin_slow();
    letters_keep(MANY, 150);
    return letters_slow("balcony");
}

/* A queue larger than the output limit of a client (limits.output_bytes) does not end its connection. */
static void a_slow_client_is_given_the_rest_when_it_has_read(void **state)
{
    (void)state;
    struct host_link *juliet = slow_juliet();
    assert_false(juliet->closed);
    assert_int_equal(letters_kept(), MANY); /* the link has not taken all that was handed over */
    for (int i = 0; i < 100 && letters_kept() > 0; i++) {
        rig_writable(juliet, 1000);
        assert_true(letters_kept() >= MANY - rig_count(juliet->sent, "</body>"));
    }
    assert_int_equal(letters_kept(), 0);
    letters_assert(juliet->sent, 1, MANY);
    assert_int_equal(rig_count(juliet->sent, "<body>"), MANY);
    rig_end();
}

/* It does not break the connection (session_send_stored): those before it were delivered again then with each
 * login, and it never. */
static void a_message_larger_than_the_limit_comes_once_with_those_before_it(void **state)
{
    (void)state;
    letters_begin_slow();
    letters_keep(2, 150);
    rig_keep_in(CORE_STORE_OFFLINE, JULIET, letters_key(3),
                rig_filled("<message xmlns='jabber:client' from='romeo@localhost/o'><body>letter 3.", 'x',
                           9000, "</body></message>"));
    struct host_link *juliet = rig_login("juliet", "balcony");
    juliet->window = 2000; /* room for the first two */
    rig_say(juliet, ONLINE);
    assert_false(juliet->closed);
    letters_assert(juliet->sent, 1, 3);
    assert_int_equal(letters_kept(), 3);
    rig_writable(juliet, SIZE_MAX);
    assert_int_equal(rig_count(juliet->sent, "</body>"), 3);
    assert_int_equal(letters_kept(), 0);
    rig_end();
}

/* Messages that her link did not take are delivered the next time, from the first on. */
static void messages_sent_and_not_taken_are_kept(void **state)
{
    (void)state;
    struct host_link *juliet = slow_juliet();
    rig_say(juliet, ONLINE); /* which makes it neither taken nor sent again */
    rig_hangup(juliet);
    assert_int_equal(letters_kept(), MANY);
    juliet = rig_login("juliet", "balcony");
    rig_say(juliet, ONLINE);
    letters_assert(rig_take(juliet), 1, MANY);
    assert_int_equal(letters_kept(), 0);
    rig_end();
}

static void a_new_message_waits_for_the_rest(void **state)
{
    (void)state;
    struct host_link *juliet = slow_juliet();
    struct host_link *nurse = rig_online("nurse", "chamber");
    size_t before = letters_kept();
    rig_say(nurse, "<message to='juliet@localhost'><body>letter 41.</body></message>");
    assert_int_equal(letters_kept(), before + 1);
    for (int i = 0; i < 100 && letters_kept() > 0; i++)
        rig_writable(juliet, 1000);
    rig_writable(juliet, SIZE_MAX);
    letters_assert(juliet->sent, 1, MANY + 1);
    rig_say(nurse, "<message to='juliet@localhost'><body>letter 42.</body></message>");
    assert_int_equal(letters_kept(), 0);
    letters_assert(juliet->sent, 1, MANY + 2);
    rig_end();
}

static void the_rest_stays_when_a_slow_client_goes(void **state)
{
    (void)state;
    struct host_link *juliet = slow_juliet();
    size_t rest = letters_kept();
    rig_hangup(juliet);
    assert_int_equal(letters_kept(), rest);
    struct host_link *phone = rig_login("juliet", "phone");
    rig_say(phone, ONLINE);
    assert_int_equal(letters_kept(), 0);
    assert_int_equal(rig_count(phone->sent, "<body>"), rest);
    rig_end();
}

/* XEP-0334, 4.2: a message that may not be stored does not wait for stored ones. */
static void messages_that_may_not_be_stored_overtake_the_rest(void **state)
{
    (void)state;
    struct host_link *juliet = slow_juliet(), *nurse = rig_online("nurse", "chamber");
    size_t before = letters_kept();
    rig_say(nurse, "<message to='juliet@localhost' type='chat'><body>now</body><no-store "
                   "xmlns='urn:xmpp:hints'/></message>");
    assert_int_equal(letters_kept(), before);
    rig_writable(juliet, SIZE_MAX);
    rig_assert_has(juliet->sent, "<body>now</body>");
    rig_end();
}

/* The rest is loaded once, however often the client becomes writable during the load. */
static void the_rest_is_not_fetched_twice(void **state)
{
    (void)state;
    struct host_link *juliet = slow_juliet();
    rig.prompt = false;
    rig_writable(juliet, SIZE_MAX);
    assert_int_equal(rig_pending_count(), 1);
    rig_writable(juliet, SIZE_MAX);
    assert_int_equal(rig_pending_count(), 1);
    rig_answer_all();
    assert_int_equal(letters_kept(), 0);
    letters_assert(juliet->sent, 1, MANY);
    assert_int_equal(rig_count(juliet->sent, "<body>"), MANY);
    rig_end();
}

/* The link reports once that it is writable, and may do so while delivered messages are being removed. */
static void the_rest_is_fetched_when_there_was_room_while_storage_was_at_it(void **state)
{
    (void)state;
    struct host_link *juliet = slow_juliet();
    rig.prompt = false;
    while (rig_pending() == NULL)
        rig_writable(juliet, 1000);
    assert_int_equal(rig_pending()->op, CORE_SAVE);
    assert_int_equal(rig_pending()->store, CORE_STORE_OFFLINE);
    juliet->window = 0;
    rig_say(juliet, "<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>");
    rig_assert_lacks(juliet->sent, " id='p'");
    rig_writable(juliet, SIZE_MAX);
    rig_assert_has(juliet->sent, " id='p'");
    assert_int_equal(rig_pending_count(), 1);
    rig_answer_all();
    assert_int_equal(letters_kept(), 0);
    letters_assert(juliet->sent, 1, MANY);
    assert_int_equal(rig_count(juliet->sent, "<body>"), MANY);
    rig_end();
}

/* After work on the roster, which is another store of the same account. */
static void the_rest_is_fetched_in_its_turn(void **state)
{
    (void)state;
    struct host_link *juliet = slow_juliet(), *phone = rig_login("juliet", "phone");
    rig.prompt = false;
    rig_say(phone, "<iq type='set' id='s'><query xmlns='jabber:iq:roster'><item jid='romeo@localhost'/>"
                   "</query></iq>");
    rig_writable(juliet, SIZE_MAX);
    assert_int_equal(rig_pending_count(), 1);
    assert_int_equal(rig_pending()->store, CORE_STORE_ROSTER);
    rig_answer_all();
    assert_int_equal(letters_kept(), 0);
    rig_end();
}

/* ---- Memory ---- */

/* It is the next session's: an account that stays in memory for a while keeps none of it as handed over. */
static void what_a_link_took_and_is_not_removed_is_kept(void **state)
{
    (void)state;
    struct host_link *juliet = slow_juliet();
    while (juliet->conn != NULL) {
        rig.memory.allocations = 0;
        rig.memory.fail_at = 1; /* the removal cannot begin */
        rig_writable(juliet, 1000);
        rig.memory.fail_at = 0;
    }
    assert_int_equal(inspect_counts(rig.core).cached_accounts, 1);
    assert_int_equal(letters_kept(), MANY);
    juliet = rig_login("juliet", "balcony");
    rig_say(juliet, ONLINE);
    letters_assert(rig_take(juliet), 1, MANY);
    assert_int_equal(letters_kept(), 0);
    rig_end();
}

/* An accepted message is delivered, stored or refused (or its sender's session closed); a stored message is
 * delivered or stays stored. */
static void every_allocation_may_fail(void **state)
{
    (void)state;
    size_t nth = 0, needed = 0;
    do {
        rig_begin();
        struct host_link *romeo = rig_online("romeo", "orchard");
        struct host_link *juliet = rig_login("juliet", "balcony");
        rig.memory.allocations = 0;
        rig.memory.fail_at = ++nth;
        rig_say(romeo, MESSAGE(1));
        size_t stored = letters_kept();
        rig_say(juliet, ONLINE);
        needed = rig.memory.allocations;
        rig.memory.fail_at = 0;
        bool refused = rig_count(rig_take(romeo), " type='error'") == 1;
        size_t delivered = rig_count(rig_take(juliet), "<body>letter 1</body>");
        assert_int_equal(stored + (refused || romeo->closed), 1);
        assert_true(delivered + letters_kept() >= stored);
        assert_true(delivered <= stored);
        rig_end();
    } while (nth <= needed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(keys_count_up),
        RIG_TEST(the_stamp_is_when_the_message_came),
        RIG_TEST(what_is_delivered_is_removed_in_one_save),
        RIG_TEST(messages_not_removed_are_sent_again),
        RIG_TEST(a_session_that_ends_before_the_load_leaves_all_messages),
        RIG_TEST(two_resources_at_once_share_nothing),
        RIG_TEST(a_message_that_arrives_during_the_load_comes_after_it),
        cmocka_unit_test(the_limit_holds_for_messages_that_wait_for_storage),
        cmocka_unit_test(limits_for_clients_do_not_apply_to_kept_messages),
        RIG_TEST(a_message_that_cannot_be_parsed_stays),
        RIG_TEST(a_message_to_oneself_that_was_not_acknowledged_is_kept_again),
        cmocka_unit_test(a_message_that_is_too_much_for_a_session_is_kept_once),
        RIG_TEST(a_key_or_a_value_that_is_none_is_passed_over),
        RIG_TEST(a_message_without_content_is_kept_and_stays_empty),
        RIG_TEST(a_session_that_ends_before_the_delivery_is_sent_nothing),
        cmocka_unit_test(a_slow_client_is_given_the_rest_when_it_has_read),
        cmocka_unit_test(a_message_larger_than_the_limit_comes_once_with_those_before_it),
        cmocka_unit_test(messages_sent_and_not_taken_are_kept),
        cmocka_unit_test(a_new_message_waits_for_the_rest),
        cmocka_unit_test(the_rest_stays_when_a_slow_client_goes),
        cmocka_unit_test(messages_that_may_not_be_stored_overtake_the_rest),
        cmocka_unit_test(the_rest_is_not_fetched_twice),
        cmocka_unit_test(the_rest_is_fetched_when_there_was_room_while_storage_was_at_it),
        cmocka_unit_test(the_rest_is_fetched_in_its_turn),
        cmocka_unit_test(what_a_link_took_and_is_not_removed_is_kept),
        cmocka_unit_test(every_allocation_may_fail),
    };
    rig_use(&(struct rig_options){ .features = CORE_OFFLINE | CORE_CARBONS | CORE_BLOCKING });
    return cmocka_run_group_tests(tests, NULL, NULL);
}
