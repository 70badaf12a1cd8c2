/*
 * Our core as a kind of server, with malformed contents of its disk: the account concerned gets errors, and
 * no other account is affected.
 */
#include "world_rig.h"

/* Juliet logs in whatever happened to Romeo. */
static void others_are_served(struct world_rig *rig)
{
    world_rig_login(rig, 1);
    world_rig_send(rig, 1, "<presence/>");
}

static void assert_refused(const struct world_rig *rig, const char *during, const char *condition)
{
    struct client_outcome outcome = client_outcome(world_rig_client(rig, 0));
    assert_int_equal(outcome.state, OUTCOME_REFUSED);
    assert_string_equal(outcome.during, during);
    assert_string_equal(outcome.condition, condition);
}

/* core.h: "<iterations>:<salt>$<StoredKey>:<ServerKey>".  No client can prove that it knows such a secret,
 * and none learns that there is one (RFC 6120, 6.5.10). */
static void an_account_with_a_malformed_secret_cannot_log_in(void **state)
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
            struct world_rig *rig = world_rig_open(&server_core);
            disk_put(server_disk(rig->server), "romeo", "localhost", CORE_STORE_ACCOUNT, "SCRAM-SHA-256",
                     secrets[i]);
            rig->clients[0].identity.mechanism = plain ? "PLAIN" : "SCRAM-SHA-256";
            client_login(world_rig_client(rig, 0));
            world_rig_settle(rig);
            assert_refused(rig, "authentication", "not-authorized");
            others_are_served(rig);
            world_rig_close(rig);
        }
    }
}

/* RFC 6120, 8.3.3.6: an internal error does not concern the client. */
static void a_session_with_a_malformed_roster_is_not_bound(void **state)
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
        struct world_rig *rig = world_rig_open(&server_core);
        disk_put(server_disk(rig->server), "romeo", "localhost", CORE_STORE_ROSTER, "juliet@localhost",
                 items[i]);
        client_login(world_rig_client(rig, 0));
        world_rig_settle(rig);
        assert_refused(rig, "binding", "internal-server-error");
        others_are_served(rig);
        world_rig_close(rig);
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
        struct world_rig *rig = world_rig_open(&server_core);
        disk_put(server_disk(rig->server), "romeo", "localhost", CORE_STORE_ROSTER, "juliet@localhost",
                 items[i]);
        client_login(world_rig_client(rig, 0));
        world_rig_settle(rig);
        world_rig_send(rig, 0, "<presence/>");
        world_rig_send(rig, 0, "<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>");
        world_rig_send(rig, 0,
                       "<iq type='set' id='s'><query xmlns='jabber:iq:roster'>"
                       "<item jid='juliet@localhost' name='Juliet'/></query></iq>");
        world_rig_send(rig, 0, "<presence type='unsubscribed' to='juliet@localhost'/>");
        world_rig_send(rig, 0, "<presence type='unavailable'/>");
        for (const struct received *r = client_inbox(world_rig_client(rig, 0)); r != NULL; r = r->next)
            assert_int_equal(r->kind, RECEIVED_ELEMENT);
        others_are_served(rig);
        world_rig_close(rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_account_with_a_malformed_secret_cannot_log_in),
        cmocka_unit_test(a_session_with_a_malformed_roster_is_not_bound),
        cmocka_unit_test(a_strange_roster_does_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
