/* Requests and their answers (RFC 6120, 8.2.3; RFC 6121, 8.5), through whole stanzas. */
#include "rig.h"

#define PING "<ping xmlns='urn:xmpp:ping'/>"

/* RFC 6120, 8.2.3: an id, one of four types, and in a request one payload. */
static void an_iq_that_is_not_well_made_is_a_bad_request(void **state)
{
    (void)state;
    static const char *const malformed[] = {
        "<iq type='get'>" PING "</iq>",
        "<iq id='1'>" PING "</iq>",
        "<iq type='other' id='1'>" PING "</iq>",
        "<iq type='get' id='1'/>",
        "<iq type='get' id='1'>text</iq>",
        "<iq type='set' id='1'/>",
        "<iq type='get' id='1'>" PING PING "</iq>",
        "<iq type='get' id='1' to='juliet@localhost/balcony'/>",
    };
    struct host_link *romeo = rig_login("romeo", "orchard"), *juliet = rig_login("juliet", "balcony");
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        rig_say(romeo, malformed[i]);
        rig_assert_stanza_error(romeo, "modify", "bad-request");
    }
    assert_string_equal(rig_take(juliet), "");
}

enum situation { OWN, HOST, BARE, FULL, FULL_AVAILABLE, ABSENT, NO_ACCOUNT, REMOTE, NO_JID, SITUATIONS };

static const char *const to[SITUATIONS] = {
    "",
    " to='localhost'",
    " to='juliet@localhost'",
    " to='juliet@localhost/balcony'",
    " to='juliet@localhost/garden'",
    " to='juliet@localhost/chamber'",
    " to='nobody@localhost/chamber'",
    " to='juliet@example.net'",
    " to='@'",
};

/* d: delivered, r: a result, u: service-unavailable, n: remote-server-not-found, m: jid-malformed, i:
 * ignored. RFC 6121, 8.5.1, 8.5.2.1.3, 8.5.3.1 and 8.5.3.2.3; RFC 6120, 8.3.1 and 10.4. */
static const struct {
    const char *iq;
    const char *outcomes;
} table[] = {
    { "type='get' id='1'>" PING, "rrudduunm" },
    { "type='get' id='1'><odd xmlns='urn:odd'/>", "uuudduunm" },
    { "type='set' id='1'><odd xmlns='urn:odd'/>", "uuudduunm" },
    { "type='result' id='1'>", "iiiddiiii" },
    { "type='error' id='1'>", "iiiddiiii" },
};

static char outcome(struct host_link *romeo, struct host_link *const *juliets)
{
    static const struct {
        const char *part;
        char outcome;
    } answers[] = {
        { "<service-unavailable ", 'u' },
        { "<remote-server-not-found ", 'n' },
        { "<jid-malformed ", 'm' },
        { " type='result'", 'r' },
    };
    const char *answer = rig_take(romeo);
    size_t delivered = rig_count(rig_take(juliets[0]), "<iq ") + rig_count(rig_take(juliets[1]), "<iq ");
    assert_true(delivered + rig_count(answer, "<iq ") <= 1);
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        if (strstr(answer, answers[i].part) != NULL)
            return answers[i].outcome;
    return delivered > 0 ? 'd' : 'i';
}

static void each_iq_is_treated_by_its_address(void **state)
{
    (void)state;
    rig_keep_item("juliet@localhost", "romeo@localhost", "from");
    struct host_link *romeo = rig_login("romeo", "orchard");
    struct host_link *juliets[] = { rig_login("juliet", "balcony"), rig_online("juliet", "garden") };
    for (size_t row = 0; row < sizeof table / sizeof *table; row++)
        for (int situation = 0; situation < SITUATIONS; situation++) {
            char xml[256];
            snprintf(xml, sizeof xml, "<iq%s %s</iq>", to[situation], table[row].iq);
            rig_say(romeo, xml);
            char was = outcome(romeo, juliets);
            if (was != table[row].outcomes[situation])
                fail_msg("%s: %c", xml, was);
        }
}

static void an_answer_finds_its_way_back(void **state)
{
    (void)state;
    rig_keep_item("juliet@localhost", "romeo@localhost", "from");
    struct host_link *romeo = rig_login("romeo", "orchard"), *juliet = rig_login("juliet", "balcony");
    rig_say(romeo, "<iq type='get' id='q' to='juliet@localhost/balcony'><odd xmlns='urn:odd'/></iq>");
    const char *text = rig_take(juliet);
    rig_assert_has(text, " from='romeo@localhost/orchard'");
    rig_say(juliet, "<iq type='result' id='q' to='romeo@localhost/orchard'/>");
    text = rig_take(romeo);
    rig_assert_has(text, " from='juliet@localhost/balcony'");
    rig_assert_has(text, " id='q'");
}

/* An answer of the server comes from the address of the request (RFC 6120, 8.1.2.1 and 8.2.3). */
static void an_answer_of_the_server_is_from_the_address_asked(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, "<iq type='get' id='q' to='localhost'>" PING "</iq>");
    const char *text = rig_take(romeo);
    rig_assert_has(text, " from='localhost'");
    rig_assert_has(text, " to='romeo@localhost/orchard'");
}

/* ---- Accounts whose block list must be loaded first (XEP-0191, 3.3) ---- */

#define ASK_JULIET(from)                                                                                     \
    "<iq" from " to='juliet@localhost' type='get' id='q'>"                                                   \
    "<query xmlns='http://jabber.org/protocol/disco#info'/></iq>"

static void a_stranger_is_answered_after_the_roster_is_loaded(void **state)
{
    (void)state;
    rig_begin_routed();
    rig_keep_item("juliet@localhost", "tybalt@capulet.lit", "from");
    rig_arrive("capulet.lit", ASK_JULIET(" from='tybalt@capulet.lit/hall'"));
    assert_int_equal(rig.routed_count, 1);
    rig_assert_has(rig.routed[0].stanza, " type='result'");
    rig_assert_has(rig.routed[0].stanza, " to='tybalt@capulet.lit/hall'");
    rig_keep_in(CORE_STORE_BLOCKLIST, "juliet@localhost", "capulet.lit", "<item xmlns='urn:xmpp:blocking'/>");
    core_trim(rig.core); /* so that it is loaded */
    rig_arrive("capulet.lit", ASK_JULIET(" from='tybalt@capulet.lit/hall'"));
    assert_int_equal(rig.routed_count, 2);
    rig_assert_has(rig.routed[1].stanza, "<service-unavailable ");
    assert_int_equal(inspect_counts(rig.core).users_in_memory, 0);
    rig_end();
}

static void a_sender_that_has_left_is_not_answered(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig.prompt = false;
    rig_say(romeo, ASK_JULIET(""));
    assert_int_equal(rig_pending_count(), 2); /* her roster and her block list */
    rig_hangup(romeo);
    rig_answer_all();
    assert_int_equal(inspect_counts(rig.core).users_in_memory, 0);
}

static void an_account_that_cannot_be_asked_says_so(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig.prompt = false;
    rig_say(romeo, ASK_JULIET(""));
    rig_say(romeo, "<iq type='get' id='p'>" PING "</iq>");
    rig_fail();
    rig_fail();
    const char *text = rig_take(romeo);
    rig_assert_has(text, "<service-unavailable ");
    assert_int_equal(rig_count(text, " id='p'"), 1);
}

/* She is about to log in: her account is in memory, her block list is not. */
static void an_account_that_is_being_loaded_is_asked_in_its_turn(void **state)
{
    (void)state;
    rig_keep_in(CORE_STORE_BLOCKLIST, "juliet@localhost", "romeo@localhost",
                "<item xmlns='urn:xmpp:blocking'/>");
    rig_keep_item("juliet@localhost", "romeo@localhost", "from");
    struct host_link *romeo = rig_login("romeo", "orchard"), *juliet = rig_authenticated("juliet");
    rig.prompt = false;
    rig_bind(juliet, "balcony");
    rig_say(romeo, ASK_JULIET(""));
    assert_string_equal(rig_take(romeo), "");
    rig_answer_all();
    rig_assert_stanza_error(romeo, "cancel", "service-unavailable");
}

/* RFC 6121, 2.3.3; XEP-0280, 5.1: neither the block list nor the existence of the account is checked. */
static void an_answer_that_is_the_same_for_all_loads_nothing(void **state)
{
    (void)state;
    rig_keep_in(CORE_STORE_BLOCKLIST, "juliet@localhost", "romeo@localhost",
                "<item xmlns='urn:xmpp:blocking'/>");
    struct host_link *romeo = rig_login("romeo", "orchard");
    size_t requests = rig.request_count;
    rig_say(romeo, "<iq to='juliet@localhost' type='get' id='q'><query xmlns='jabber:iq:roster'/></iq>");
    rig_assert_stanza_error(romeo, "auth", "forbidden");
    rig_say(romeo, "<iq to='nobody@localhost' type='set' id='q'><query xmlns='jabber:iq:roster'/></iq>");
    rig_assert_stanza_error(romeo, "auth", "forbidden");
    assert_int_equal(rig.request_count, requests);
    rig_login("juliet", "balcony");
    rig_say(romeo, "<iq to='juliet@localhost' type='get' id='q'><query xmlns='jabber:iq:roster'/></iq>");
    rig_assert_stanza_error(romeo, "auth", "forbidden");
}

/* RFC 6120, 8.2.3: an answer to a request of the server is not answered. */
static void an_answer_to_the_server_ends_there(void **state)
{
    (void)state;
    rig_begin_routed();
    rig_arrive("capulet.lit", "<iq from='tybalt@capulet.lit/hall' to='localhost' type='result' id='q'/>");
    rig_arrive("capulet.lit", "<iq from='capulet.lit' to='juliet@localhost' type='error' id='q'/>");
    assert_int_equal(rig.routed_count, 0);
    assert_int_equal(rig.request_count, 0);
    rig_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(an_iq_that_is_not_well_made_is_a_bad_request),
        RIG_TEST(each_iq_is_treated_by_its_address),
        RIG_TEST(an_answer_finds_its_way_back),
        RIG_TEST(an_answer_of_the_server_is_from_the_address_asked),
        cmocka_unit_test(a_stranger_is_answered_after_the_roster_is_loaded),
        RIG_TEST(a_sender_that_has_left_is_not_answered),
        RIG_TEST(an_account_that_cannot_be_asked_says_so),
        RIG_TEST(an_account_that_is_being_loaded_is_asked_in_its_turn),
        RIG_TEST(an_answer_that_is_the_same_for_all_loads_nothing),
        cmocka_unit_test(an_answer_to_the_server_ends_there),
    };
    rig_use(&(struct rig_options){ .features = CORE_BLOCKING });
    return cmocka_run_group_tests(tests, NULL, NULL);
}
