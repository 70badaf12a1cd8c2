/*
 * Our core behind the simulator's table, and what stands on its disk is no good: whom that concerns is told
 * so, and nobody else notices.
 */
#include "house.h"

/* Juliet gets in whatever happened to Romeo. */
static void others_are_served(struct house *house)
{
    house_login(house, 1);
    house_send(house, 1, "<presence/>");
}

static void assert_refused(const struct house *house, const char *during, const char *condition)
{
    struct client_outcome outcome = client_outcome(house_client(house, 0));
    assert_int_equal(outcome.state, OUTCOME_REFUSED);
    assert_string_equal(outcome.during, during);
    assert_string_equal(outcome.condition, condition);
}

/* core.h: "<iterations>:<salt>$<StoredKey>:<ServerKey>".  Nobody can prove that he knows such a secret, and
 * that there is one is told to nobody (RFC 6120, 6.5.10). */
static void whose_secret_is_malformed_does_not_get_in(void **state)
{
    (void)state;
#define KEY "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
    static const char *const secrets[] = {
        "",
        "$",
        ":",
        ":$:",
        "4096",
        "4096:cm9tZW8=",
        "4096:cm9tZW8=$" KEY,
        "4096:cm9tZW8=$" KEY ":",
        "4096:cm9tZW8=$:" KEY,
        "4096:cm9tZW8=$" KEY ":!!!!",
        "4096:cm9tZW8=$AAAA:AAAA",
        "4096:cm9tZW8=$" KEY KEY ":" KEY,
        "4096:cm9tZW8=$" KEY ":" KEY " ",
        "0:cm9tZW8=$" KEY ":" KEY,
        "-1:cm9tZW8=$" KEY ":" KEY,
        "many:cm9tZW8=$" KEY ":" KEY,
        "99999999999999999999999999:cm9tZW8=$" KEY ":" KEY,
        "4096:$" KEY ":" KEY,
        "4096:\xff\xfe$" KEY ":" KEY,
    };
    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++) {
        for (size_t plain = 0; plain < 2; plain++) {
            struct house *house = house_open(&server_core);
            disk_put(server_disk(house->server), "romeo", "localhost", CORE_STORE_ACCOUNT, "SCRAM-SHA-256",
                     secrets[i]);
            house->guests[0].identity.mechanism = plain ? "PLAIN" : "SCRAM-SHA-256";
            client_login(house_client(house, 0));
            house_settle(house);
            assert_refused(house, "authentication", "not-authorized");
            others_are_served(house);
            house_close(house);
        }
    }
}

/* RFC 6120, 8.3.3.6: what stops the server from going on is its own affair. */
static void whose_roster_is_malformed_does_not_get_bound(void **state)
{
    (void)state;
    static const char *const items[] = {
        "nonsense",
        "<item",
        "<item xmlns='jabber:iq:roster'/>",
        "<item xmlns='jabber:iq:roster' jid='juliet@localhost'>",
        "<item jid='juliet@localhost'/>",
        "<thing xmlns='jabber:iq:roster' jid='juliet@localhost'/>",
        "<item xmlns='jabber:iq:roster' jid='juliet@localhost' jid='juliet@localhost'/>",
        "</stored>",
        "<item xmlns='jabber:iq:roster' jid='\xff'/>",
        "&nothing;",
        "<!-- -->",
    };
    for (size_t i = 0; i < sizeof items / sizeof items[0]; i++) {
        struct house *house = house_open(&server_core);
        disk_put(server_disk(house->server), "romeo", "localhost", CORE_STORE_ROSTER, "juliet@localhost",
                 items[i]);
        client_login(house_client(house, 0));
        house_settle(house);
        assert_refused(house, "binding", "internal-server-error");
        others_are_served(house);
        house_close(house);
    }
}

/* What is an item but has no JID in it, or half of what it should, does no harm. */
static void a_strange_roster_does_no_harm(void **state)
{
    (void)state;
    static const char twice[] = "<item xmlns='jabber:iq:roster' jid='juliet@localhost' subscription='both'/>"
                                "<item xmlns='jabber:iq:roster' jid='juliet@localhost' subscription='from'/>";
    const char *const items[] = {
        "",
        "<item xmlns='jabber:iq:roster' jid='' subscription='both'/>",
        "<item xmlns='jabber:iq:roster' jid='@@//' subscription='both'/>",
        "<item xmlns='jabber:iq:roster' jid='romeo@localhost' subscription='both'/>",
        "<item xmlns='jabber:iq:roster' jid='juliet@localhost/balcony' subscription='both'/>",
        "<item xmlns='jabber:iq:roster' jid='localhost' subscription='both'/>",
        "<item xmlns='jabber:iq:roster' jid='juliet@localhost' subscription='sideways' ask='maybe'/>",
        "<item xmlns='jabber:iq:roster' jid='juliet@localhost'><group/><group><x/></group></item>",
        "<item xmlns='jabber:iq:roster' jid='juliet@localhost'><presence xmlns='jabber:client'/></item>",
        twice,
    };
    for (size_t i = 0; i < sizeof items / sizeof items[0]; i++) {
        struct house *house = house_open(&server_core);
        disk_put(server_disk(house->server), "romeo", "localhost", CORE_STORE_ROSTER, "juliet@localhost",
                 items[i]);
        client_login(house_client(house, 0));
        house_settle(house);
        house_send(house, 0, "<presence/>");
        house_send(house, 0, "<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>");
        house_send(house, 0,
                   "<iq type='set' id='s'><query xmlns='jabber:iq:roster'>"
                   "<item jid='juliet@localhost' name='Juliet'/></query></iq>");
        house_send(house, 0, "<presence type='unsubscribed' to='juliet@localhost'/>");
        house_send(house, 0, "<presence type='unavailable'/>");
        for (const struct received *r = client_inbox(house_client(house, 0)); r != NULL; r = r->next)
            assert_int_equal(r->kind, RECEIVED_ELEMENT);
        others_are_served(house);
        house_close(house);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whose_secret_is_malformed_does_not_get_in),
        cmocka_unit_test(whose_roster_is_malformed_does_not_get_bound),
        cmocka_unit_test(a_strange_roster_does_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
