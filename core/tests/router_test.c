/* What the router does with a stanza before its handler, and errors that may not be answered (RFC 6120,
 * 8). */
#include "rig.h"

/* 8.3.1: an error is not answered with an error, nor is the result of an iq. */
static void a_stanza_that_must_not_be_answered_is_not(void **state)
{
    (void)state;
    static const char *const stanzas[] = {
        "<message type='error' to='@'/>",     "<message type='error' to='juliet@example.net'/>",
        "<presence type='error' to='@'/>",    "<iq type='error' id='1' to='@'/>",
        "<iq type='result' id='1' to='@'/>",  "<iq type='result' id='1' to='juliet@example.net'/>",
        "<iq type='result' to='localhost'/>",
    };
    struct host_link *romeo = rig_login("romeo", "orchard");
    for (size_t i = 0; i < sizeof stanzas / sizeof *stanzas; i++) {
        rig_say(romeo, stanzas[i]);
        assert_string_equal(rig_take(romeo), "");
    }
}

/* 8.3.3.8, and 8.3.1: the error has the id, and swaps the addresses. */
static void a_malformed_recipient_is_an_error(void **state)
{
    (void)state;
    static const char *const addresses[] = { "", "@localhost", "juliet@", "a@b/", "juliet@local host" };
    struct host_link *romeo = rig_login("romeo", "orchard");
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        char xml[128];
        snprintf(xml, sizeof xml, "<iq type='get' id='q' to='%s'><ping xmlns='urn:xmpp:ping'/></iq>",
                 addresses[i]);
        rig_say(romeo, xml);
        rig_assert_has(romeo->sent + romeo->seen, " id='q'");
        rig_assert_has(romeo->sent + romeo->seen, " to='romeo@localhost/orchard'");
        rig_assert_stanza_error(romeo, "modify", "jid-malformed");
    }
}

/* 10.1: in the order in which they were sent. */
static void stanzas_keep_their_order(void **state)
{
    (void)state;
    rig_keep_item("juliet@localhost", "romeo@localhost", "from");
    struct host_link *juliet = rig_online("juliet", "balcony"), *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, "<message to='juliet@localhost' id='1'/><presence to='juliet@localhost/balcony' id='2'/>"
                   "<iq type='get' to='juliet@localhost/balcony' id='3'><odd xmlns='urn:odd'/></iq>"
                   "<message to='juliet@localhost/balcony' id='4'/>");
    const char *at = rig_take(juliet);
    for (char id[] = " id='1'"; id[5] <= '4'; id[5]++) {
        at = strstr(at, id);
        assert_non_null(at);
    }
}

/* Between hosts of one server nothing is remote. */
static void another_host_of_the_server_is_local(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, "<iq type='get' id='q' to='example.com'><ping xmlns='urn:xmpp:ping'/></iq>");
    rig_assert_has(rig_take(romeo), " type='result'");
    rig_say(romeo, "<message to='juliet@example.com'><body/></message>");
    rig_assert_stanza_error(romeo, "cancel", "service-unavailable");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(a_stanza_that_must_not_be_answered_is_not),
        RIG_TEST(a_malformed_recipient_is_an_error),
        RIG_TEST(stanzas_keep_their_order),
        RIG_TEST(another_host_of_the_server_is_local),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
