#include "rig.h"

/* The current description; valid until the next call. */
static const char *now(void)
{
    static char text[65536];
    static const struct core_memory memory = { malloc, realloc, free };
    char *described = inspect_describe(rig.core, &memory);
    assert_non_null(described);
    assert_true(strlen(described) < sizeof text);
    memcpy(text, described, strlen(described) + 1);
    free(described);
    return text;
}

static void assert_says(const char *line)
{
    rig_assert_has(now(), line);
}

static void assert_lacks(const char *line)
{
    rig_assert_lacks(now(), line);
}

/* A change must be visible in the description. */
static char before[65536];
static void note(void)
{
    const char *text = now();
    memcpy(before, text, strlen(text) + 1);
}

static void assert_changed(void)
{
    assert_string_not_equal(before, now());
    note();
}

static void an_empty_core_has_nothing_but_its_hosts(void **state)
{
    (void)state;
    assert_string_equal(now(), "core\n  host `localhost`\n  host `example.com`\n");
}

static void a_session_is_described_with_all_its_properties(void **state)
{
    (void)state;
    struct host_link *romeo = rig_accept();
    assert_says("session 1: c2s_unauthed, not open\n");
    rig_say(romeo, "<stream:stream to='localhost' version='1.0' xml:lang='it' xmlns='jabber:client'"
                   " xmlns:stream='http://etherx.jabber.org/streams'>");
    assert_says("session 1: c2s_unauthed, host `localhost`, language `it`, header sent\n");
    rig_login("juliet", "balcony");
    assert_says("session 2: c2s, full JID `juliet@localhost/balcony`, header sent, connected\n");
    assert_says("account `juliet@localhost`: session 2\n");
    assert_says("host `localhost`: sessions 2\n");
}

static void presence_is_described_with_its_priority(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, "<presence><priority>-3</priority></presence>");
    assert_says("connected, available\n");
    assert_says("priority below 0 by 3\n");
    rig_say(romeo, "<presence><priority>5</priority></presence>");
    assert_says("priority 5\n");
    rig_say(romeo, "<presence to='juliet@localhost/balcony'/>");
    assert_says("directed presence to `juliet@localhost/balcony`");
}

static void a_roster_is_described_item_by_item(void **state)
{
    (void)state;
    rig_keep("romeo@localhost", "a@b",
             "<item xmlns='jabber:iq:roster' jid='a@b' name='A' subscription='from' ask='subscribe'>"
             "<group>1</group></item>");
    rig_keep("romeo@localhost", "h@b",
             "<item xmlns='jabber:iq:roster' jid='h@b' hidden='true'>"
             "<presence xmlns='jabber:client' type='subscribe' from='h@b'/></item>");
    rig_login("romeo", "orchard");
    assert_says("roster: version 2\n");
    assert_says("contact `a@b`: from, pending out, name `A`, group `1`\n");
    assert_says("contact `h@b`: none, hidden, request `<presence");
}

/* Work in its order, with the storage that it waits for. */
static void work_under_way_is_described(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig.prompt = false;
    rig_say(romeo, "<iq type='set' id='1'><query xmlns='jabber:iq:roster'><item jid='a@b'/></query></iq>");
    rig_say(romeo, "<message to='juliet@localhost'><body>Hi</body></message>");
    assert_says("waits for storage");
    assert_says("work `set a roster item`: session 1");
    assert_says("to be saved: contact `a@b`: none");
    assert_says("waiting (56 bytes, "); /* unread as yet, so perhaps a password */
    assert_says("storage request 1: account `romeo@localhost`\n");
    assert_int_equal(inspect_request(rig.core, rig_pending()->id), 1);
    rig_answer();
    assert_lacks("work `set a roster item`");
    assert_says("contact `a@b`: none\n");
    assert_says("account `juliet@localhost`: waits for storage, loads 1, since now\n");
    assert_int_equal(inspect_request(rig.core, 4711), 0);
}

static void a_request_to_an_account_that_is_loaded_is_described(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig.prompt = false;
    rig_say(romeo, "<iq type='get' id='1' to='juliet@localhost'><query xmlns='jabber:iq:last'/></iq>");
    assert_says("work `answer last activity`");
    assert_lacks("of a resource");
}

static void a_negotiation_under_way_is_described(void **state)
{
    (void)state;
    struct host_link *romeo = rig_accept();
    rig.prompt = false;
    rig_say(romeo, "<stream:stream to='localhost' version='1.0' xmlns='jabber:client'"
                   " xmlns:stream='http://etherx.jabber.org/streams'>");
    rig_auth(romeo, "romeo");
    assert_says("negotiation: waits for the account, mechanism `");
    assert_says("username `romeo`");
    assert_says("initial response (13 bytes, "); /* NUL romeo NUL pencil */
    assert_says("storage request 1: session 1\n");
}

/* Unacknowledged stanzas are described, and the owner of a copy. */
static void unacknowledged_stanzas_are_described(void **state)
{
    (void)state;
    struct host_link *one = rig_online("romeo", "orchard");
    struct host_link *two = rig_online("romeo", "balcony");
    rig_say(one, "<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
    rig_say(two, "<enable xmlns='urn:xmpp:sm:3'/>");
    struct host_link *juliet = rig_online("juliet", "window");
    rig_say(juliet, "<message type='chat' to='romeo@localhost'><body>Hi</body></message>");
    const char *text = now();
    rig_assert_has(text, "resumable, sent 1, asked");
    assert_int_equal(rig_count(text, "not acknowledged: XML `<message"), 2);
    assert_int_equal(rig_count(text, "a copy of what session 1, keeps as its 1, holders 2\n"), 2);
    rig_hangup(one);
    assert_says("hibernating");
    assert_says("to be resumed, due in ");
}

static void held_back_presence_is_described(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    struct host_link *juliet = rig_online("juliet", "balcony");
    rig_say(romeo, "<inactive xmlns='urn:xmpp:csi:0'/>");
    rig_say(juliet, "<presence to='romeo@localhost/orchard'/>");
    assert_says("inactive\n");
    assert_says("held back: XML `<presence");
}

/* The core makes nothing of a tag before its end; and yet it is not as it was. */
static void an_incomplete_stanza_is_described_byte_by_byte(void **state)
{
    (void)state;
    static const char stanza[] = "<message to='juliet@localhost' id='1'><body>He&amp;llo";
    struct host_link *romeo = rig_online("romeo", "orchard");
    note();
    for (size_t i = 0; i + 1 < sizeof stanza; i++) {
        rig_say_bytes(romeo, stanza + i, 1);
        assert_changed();
    }
    assert_says("so far `<message to='juliet@localhost' id='1'><body>He&amp;llo</body></message>`");
}

/* Two that differ in nothing but a letter that expat holds. */
static void the_beginning_of_a_tag_is_described(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, "<message id='abc");
    assert_says("begun `<message id='abc`");
}

/* Expat has refused it by its first byte, and which error that is depends on the next. */
static void the_beginning_of_a_character_is_described(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, "<message id=\xe2\x82");
    assert_says("refused `\xe2\x82`");
    rig_say(romeo, "\xac");
    rig_assert_stream_error(romeo, "not-well-formed");
}

static void namespaces_that_only_one_client_declares_are_described(void **state)
{
    (void)state;
    static const char *const prefixes[] = { "a", "b" };
    for (size_t i = 0; i < 2; i++) {
        char header[256];
        struct host_link *link = rig_accept();
        (void)snprintf(header, sizeof header,
                       "<stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:%s='urn:x'"
                       " xmlns:stream='http://etherx.jabber.org/streams'>",
                       prefixes[i]);
        rig_say(link, header);
        if (i == 1)
            assert_changed();
        note();
        rig_hangup(link);
    }
}

static void unsent_bytes_are_described(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    romeo->window = 3;
    rig_say(romeo, "<iq type='get' id='1'><query xmlns='jabber:iq:roster'/></iq>");
    assert_says("connection: in the clear, unsent `");
    assert_says("interested");
}

static void the_whole_block_list_is_described(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, "<iq type='set' id='1'><block xmlns='urn:xmpp:blocking'><item jid='a@b'/>"
                   "<item jid='c@d'/></block></iq>");
    assert_says("block list: JID `a@b`, JID `c@d`\n");
}

/* Describing changes nothing: neither the output nor the memory of the core. */
static void a_look_changes_nothing(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    rig_say(romeo, "<message id='abc");
    size_t live = rig.memory.live;
    size_t allocations = rig.memory.allocations;
    note();
    assert_string_equal(before, now());
    assert_int_equal(rig.memory.live, live);
    assert_int_equal(rig.memory.allocations, allocations);
}

static void without_memory_there_is_no_description(void **state)
{
    (void)state;
    rig_online("romeo", "orchard");
    for (size_t nth = 1;; nth++) {
        rig.memory.allocations = 0;
        rig.memory.fail_at = nth;
        char *text = inspect_describe(rig.core, &rig_memory);
        rig.memory.fail_at = 0;
        if (text != NULL) {
            rig_memory.free(text);
            assert_true(nth > 1);
            return;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(an_empty_core_has_nothing_but_its_hosts),
        RIG_TEST(a_session_is_described_with_all_its_properties),
        RIG_TEST(presence_is_described_with_its_priority),
        RIG_TEST(a_roster_is_described_item_by_item),
        RIG_TEST(work_under_way_is_described),
        RIG_TEST(a_request_to_an_account_that_is_loaded_is_described),
        RIG_TEST(a_negotiation_under_way_is_described),
        RIG_TEST(unacknowledged_stanzas_are_described),
        RIG_TEST(held_back_presence_is_described),
        RIG_TEST(an_incomplete_stanza_is_described_byte_by_byte),
        RIG_TEST(the_beginning_of_a_tag_is_described),
        RIG_TEST(the_beginning_of_a_character_is_described),
        RIG_TEST(namespaces_that_only_one_client_declares_are_described),
        RIG_TEST(unsent_bytes_are_described),
        RIG_TEST(the_whole_block_list_is_described),
        RIG_TEST(a_look_changes_nothing),
        RIG_TEST(without_memory_there_is_no_description),
    };
    rig_use(&(struct rig_options){ .features =
                                       CORE_BLOCKING | CORE_CARBONS | CORE_OFFLINE | CORE_LAST_ACTIVITY });
    return cmocka_run_group_tests(tests, NULL, NULL);
}
