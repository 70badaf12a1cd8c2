/* What a recorder writes for rosters. */
#include "record_rig.h"

/* ---- Rosters ---- */

static void the_first_roster_is_in_the_head(void **state)
{
    (void)state;
    static const struct line lines[] = {
        ROMEO(0),
        C(0, "<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>"),
        S(0, "<iq type='result' id='r'><query xmlns='jabber:iq:roster' ver='12'>"
             "<item jid='juliet@localhost' subscription='both' name='Juliet'><group>A "
             "\"B\"</group><group>C</group></item>"
             "<item jid='nurse@localhost' subscription='none' ask='subscribe'/>"
             "<item jid='icq.example' subscription='to'/><item jid='tybalt@localhost' subscription='none'/>"
             "</query></iq>"),
    };
    WRITES(lines, "\n[Account] juliet@localhost\n\n[Account] nurse@localhost\n\n[Account] tybalt@localhost\n"
                  "\n[Roster] romeo@localhost\n"
                  "\tjuliet@localhost: both, name \"Juliet\", group \"A \\\"B\\\"\", group \"C\"\n"
                  "\tnurse@localhost: none, ask\n\ticq.example: to\n\ttybalt@localhost: none\n"
                  "\n[Roster] juliet@localhost\n\tromeo@localhost: both\n"
                  "\n[Roster] nurse@localhost\n\tromeo@localhost: none, pending\n");
}

static void answers_to_pushes_and_pings_are_the_clients_own(void **state)
{
    (void)state;
    static const struct line lines[] = {
        ROMEO(0),
        C(0, "<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>"
             "<iq type='set' id='s'><query xmlns='jabber:iq:roster'><item jid='a@b'/></query></iq>"),
        S(0, "<iq type='result' id='r'><query xmlns='jabber:iq:roster' ver='0'/></iq>"
             "<iq type='set' id='push'><query xmlns='jabber:iq:roster' ver='1'><item jid='a@b' "
             "subscription='none'/></query></iq>"
             "<iq type='result' id='s'/><iq type='get' id='ping' from='localhost'><ping "
             "xmlns='urn:xmpp:ping'/></iq>"),
        C(0, "<iq type='result' id='push'/><iq type='result' id='ping' to='localhost'/>"),
        CE(0),
    };
    WRITES(
        lines,
        "\t<iq type=\"set\">\n\t\t<query xmlns=\"jabber:iq:roster\" ver=\"{scansion:any}\"><item jid=\"a@b\" "
        "subscription=\"none\"/></query>\n\t</iq>\n\t<iq type=\"result\" id=\"q2\"/>\n\nRomeo drops the "
        "connection\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_roster_is_in_the_head),
        cmocka_unit_test(answers_to_pushes_and_pings_are_the_clients_own),
    };
    return cmocka_run_group_tests(tests, NULL, forget);
}
