/* Names and values in what a recorder writes. */
#include "record_rig.h"

/* ---- Names ---- */

static void clients_of_an_account_have_names_of_their_own(void **state)
{
    (void)state;
    static const struct line lines[] = {
        ROMEO(0),
        OPENING(1),
        PLAIN(1),
        RESTART(1),
        BINDS(1, "romeo@localhost", "phone"),
        OPENING(2),
        PLAIN(2),
        RESTART(2),
        BINDS(2, "romeo@localhost", "a b/c"),
        CE(2),
        OPENING(3),
        PLAIN(3),
        RESTART(3),
        BINDS(3, "romeo@localhost", "a b/c"),
    };
    WRITES(lines, "\nRomeo connects\nRomeo's phone connects\nRomeo 2 connects\nRomeo 2 drops the connection\n"
                  "Romeo 2 connects\n");
}

static void jids_become_names(void **state)
{
    (void)state;
    static const struct line lines[] = {
        ROMEO(0),
        JULIET(1),
        C(0, "<message to='juliet@localhost/balcony'><a xmlns='u' jid='romeo@localhost'/></message>"),
        S(1, "<message to='juliet@localhost/balcony' from='romeo@localhost/orchard'><a xmlns='u' "
             "jid='romeo@localhost'/>"
             "</message>"),
        LEAVES(1),
        C(0, "<message to='juliet@localhost/balcony' type='headline'/>"),
    };
    WRITES(lines, "Romeo sends:\n\t<message to=\"${Juliet's full JID}\"><a xmlns=\"u\" jid=\"${Romeo's "
                  "JID}\"/></message>\n\n"
                  "Juliet receives:\n\t<message to=\"${Juliet's full JID}\" from=\"${Romeo's full JID}\">\n"
                  "\t\t<a xmlns=\"u\" jid=\"${Romeo's JID}\"/>\n\t</message>\n\nJuliet disconnects\n\n"
                  "Romeo sends:\n\t<message to=\"juliet@localhost/balcony\" type=\"headline\"/>\n");
}

/* ---- Values ---- */

static void identifiers_are_short_and_consistent(void **state)
{
    (void)state;
    static const struct line lines[] = {
        ROMEO(0),
        JULIET(1),
        C(0, "<message to='juliet@localhost/balcony' id='purple8ad6f3'><request "
             "xmlns='urn:xmpp:receipts'/></message>"),
        S(1, "<message to='juliet@localhost/balcony' from='romeo@localhost/orchard' id='purple8ad6f3'>"
             "<request xmlns='urn:xmpp:receipts'/></message>"),
        C(1, "<message to='romeo@localhost/orchard' id='77'><received xmlns='urn:xmpp:receipts' "
             "id='purple8ad6f3'/></message>"),
        S(0, "<message to='romeo@localhost/orchard' from='juliet@localhost/balcony' id='77'>"
             "<received xmlns='urn:xmpp:receipts' id='purple8ad6f3'/></message>"),
    };
    WRITES(
        lines,
        "Juliet sends:\n\t<message to=\"${Romeo's full JID}\" id=\"m2\"><received "
        "xmlns=\"urn:xmpp:receipts\" "
        "id=\"m1\"/></message>\n\nRomeo receives:\n\t<message to=\"${Romeo's full JID}\" "
        "from=\"${Juliet's full JID}\" id=\"m2\">\n\t\t<received xmlns=\"urn:xmpp:receipts\" id=\"m1\"/>\n");
}

static void identifiers_of_the_server_are_captured_where_they_are_used(void **state)
{
    (void)state;
    static const struct line lines[] = {
        ROMEO(0),
        S(0, "<iq type='get' from='localhost' id='s1'><query xmlns='u'/></iq>"
             "<iq type='get' from='other' id='s1'><query xmlns='u'/></iq><message id='s2'/>"),
        C(0, "<iq type='result' to='localhost' id='s1'/><iq type='result' to='other' id='s1'/>"),
    };
    ONLY_WRITES(
        lines,
        "Romeo receives:\n"
        "\t<iq type=\"get\" from=\"localhost\" id=\"{scansion:capture:id1}\"><query xmlns=\"u\"/></iq>\n"
        "\t<iq type=\"get\" from=\"other\" id=\"{scansion:capture:id2}\"><query xmlns=\"u\"/></iq>\n"
        "\t<message/>\n\nRomeo sends:\n"
        "\t<iq type=\"result\" to=\"localhost\" id=\"${id1}\"/>\n"
        "\t<iq type=\"result\" to=\"other\" id=\"${id2}\"/>\n");
}

static void what_a_server_makes_up_matches_anything(void **state)
{
    (void)state;
    static const struct line lines[] = {
        ROMEO(0),
        C(0, "<presence><c xmlns='http://jabber.org/protocol/caps' ver='mine'/></presence>"),
        S(0, "<presence><c xmlns='http://jabber.org/protocol/caps' ver='mine'/></presence>"
             "<presence><c xmlns='http://jabber.org/protocol/caps' ver='theirs'/>"
             "<delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/></presence>"
             "<iq type='error' id='9'><error type='cancel'><conflict " ERRORS "/><text " ERRORS
             ">Nein.</text></error></iq>"
             "<iq type='result'><query xmlns='jabber:iq:version'><name>Prosody</name></query></iq>"
             "<message xml:lang='en'/>"),
    };
    ONLY_WRITES(
        lines,
        "Romeo receives:\n"
        "\t<presence><c xmlns=\"http://jabber.org/protocol/caps\" ver=\"mine\"/></presence>\n"
        "\t<presence>\n\t\t<c xmlns=\"http://jabber.org/protocol/caps\" ver=\"{scansion:any}\"/>\n"
        "\t\t<delay xmlns=\"urn:xmpp:delay\" stamp=\"{scansion:any}\"/>\n\t</presence>\n"
        "\t<iq type=\"error\"><error type=\"cancel\"><conflict "
        "xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\"/></error></iq>\n"
        "\t<iq type=\"result\"><query xmlns=\"jabber:iq:version\"><name>{scansion:any}</name></query></iq>\n"
        "\t<message/>\n");
}

static void the_language_of_a_stream_is_not_that_of_a_stanza(void **state)
{
    (void)state;
    static const struct line lines[] = {
        ROMEO(0),
        C(0, "<message xml:lang='en' to='romeo@localhost/orchard' id='a'/><message "
             "to='romeo@localhost/orchard' id='b'/>"),
        S(0, "<message xml:lang='en' to='romeo@localhost/orchard' id='a'/>"
             "<message xml:lang='en' to='romeo@localhost/orchard' id='b'/>"),
    };
    WRITES(lines, "Romeo receives:\n\t<message xml:lang=\"en\" to=\"${Romeo's full JID}\" id=\"m1\"/>\n"
                  "\t<message to=\"${Romeo's full JID}\" id=\"m2\"/>\n");
}

static void what_comes_from_elsewhere_arrives_from_there(void **state)
{
    (void)state;
    static const struct line lines[] = {
        ROMEO(0),
        S(0,
          "<message from='hall@rooms.localhost/Tybalt' to='romeo@localhost/orchard' type='groupchat' id='x'>"
          "<body>Peace?</body><delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/></message>"),
        S(0, "<iq type='get' from='rooms.localhost' to='romeo@localhost/orchard' id='abc'><query "
             "xmlns='u'/></iq>"),
        C(0, "<iq type='result' to='rooms.localhost' id='abc'/>"),
    };
    WRITES(lines,
           "the server of \"localhost\" receives from \"rooms.localhost\":\n"
           "\t<message from=\"hall@rooms.localhost/Tybalt\" to=\"${Romeo's full JID}\" type=\"groupchat\" "
           "id=\"x\"><body>Peace?</body><delay xmlns=\"urn:xmpp:delay\" stamp=\"2026-01-01T00:00:00Z\"/>"
           "</message>\n\nRomeo receives:\n");
    WRITES(lines, "\n[Server]\n\tiq from strangers: yes\n\n[Client] Romeo\n");
}

/* The server that does not reach them has answered already. */
static void answers_from_elsewhere_do_not_arrive(void **state)
{
    (void)state;
    static const struct line lines[] = {
        ROMEO(0),
        C(0, "<iq type='get' to='rooms.localhost' id='abc'><query xmlns='u'/></iq>"),
        S(0, "<iq type='result' from='rooms.localhost' to='romeo@localhost/orchard' id='abc'><query "
             "xmlns='u'/></iq>"),
    };
    ONLY_WRITES(lines, "Romeo connects\n\nRomeo sends:\n\t<iq type=\"get\" to=\"rooms.localhost\" id=\"q1\">"
                       "<query xmlns=\"u\"/></iq>\n\nRomeo receives:\n");
}

static void what_looks_like_a_variable_is_sent_raw(void **state)
{
    (void)state;
    static const struct line lines[] = {
        ROMEO(0),
        C(0, "<message to='romeo@localhost/orchard'><body>${a}</body></message>"),
        S(0,
          "<message to='romeo@localhost/orchard' from='romeo@localhost/orchard'><body>${a}</body></message>"),
        C(0, "<iq type='get'><query xmlns='u'/></iq>"),
    };
    WRITES(lines, "Romeo sends raw:\n\t<message to=\"romeo@localhost/orchard\"><body>$\n\n"
                  "Romeo sends raw \"{a}</body></message>\"\n\nRomeo receives:\n"
                  "\t<message to=\"${Romeo's full JID}\" from=\"${Romeo's full "
                  "JID}\"><body>{scansion:any}</body></message>\n"
                  "\nRomeo sends raw:\n\t<iq type=\"get\"><query xmlns=\"u\"/></iq>\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clients_of_an_account_have_names_of_their_own),
        cmocka_unit_test(jids_become_names),
        cmocka_unit_test(identifiers_are_short_and_consistent),
        cmocka_unit_test(identifiers_of_the_server_are_captured_where_they_are_used),
        cmocka_unit_test(what_a_server_makes_up_matches_anything),
        cmocka_unit_test(the_language_of_a_stream_is_not_that_of_a_stanza),
        cmocka_unit_test(what_comes_from_elsewhere_arrives_from_there),
        cmocka_unit_test(answers_from_elsewhere_do_not_arrive),
        cmocka_unit_test(what_looks_like_a_variable_is_sent_raw),
    };
    return cmocka_run_group_tests(tests, NULL, forget);
}
