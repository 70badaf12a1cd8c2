/* What a recorder writes for logins and stream management. */
#include "record_rig.h"

/* ---- Logins ---- */

static void a_login_is_one_step(void **state)
{
    (void)state;
    static const struct line lines[] = { ROMEO(0), JULIET(1), LEAVES(1), CE(0) };
    char *text = record_in_pieces(lines, sizeof lines / sizeof *lines);
    assert_string_equal(text,
                        "# A recorded session of Romeo and Juliet\n## level: ours\n"
                        "\n[Client] Romeo\n\tjid: romeo@localhost/orchard\n\tpassword: secret\n"
                        "\tmechanism: PLAIN\n"
                        "\n[Client] Juliet\n\tjid: juliet@localhost/balcony\n\tpassword: secret\n"
                        "\n---------\n\n"
                        "Romeo connects\nJuliet connects\nJuliet disconnects\nRomeo drops the connection\n");
    runs(text);
    free(text);
}

static void an_unusual_login_is_its_steps(void **state)
{
    (void)state;
    static const struct line lines[] = {
        OPENING(0),
        C(0, "<auth mechanism='PLAIN' " SASL ">AHJvbWVvAHNlY3JlVA==</auth>"), /* secreT */
        S(0, "<failure " SASL "><not-authorized/></failure>"),
        PLAIN(0),
        RESTART(0),
        C(0, "<iq type='set' id='1'><bind " BIND "/></iq>"),
        S(0, "<iq type='result' id='1'><bind " BIND "><jid>romeo@localhost/x7</jid></bind></iq>"),
    };
    WRITES(lines, "\nRomeo opens a connection\nRomeo opens a stream\n"
                  "Romeo fails to authenticate with PLAIN using password \"secreT\": not-authorized\n"
                  "Romeo authenticates with PLAIN\nRomeo restarts the stream\nRomeo binds\n");
}

static void a_header_with_something_else_is_a_step_with_properties(void **state)
{
    (void)state;
    static const struct line lines[] = {
        O(0),
        C(0, "<stream:stream to='nowhere' from='a@b' " NS_STREAM ">"),
        S(0,
          S_HEADER "<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
                   "</stream:stream>"),
        SE(0),
    };
    ONLY_WRITES(lines,
                "Somebody opens a stream with:\n\tto: nowhere\n\tversion: unset\n\tfrom: a@b\n\n"
                "Somebody receives stream error host-unknown\nSomebody receives the end of the stream\n"
                "Somebody's connection is closed\n");
}

static void a_password_that_was_not_sent_is_pointed_out(void **state)
{
    (void)state;
    static const struct line lines[] = {
        OPENING(0),
        C(0, "<auth mechanism='SCRAM-SHA-256' " SASL ">biwsbj1udXJzZSxyPWFiYw==</auth>"), /* n=nurse */
        S(0, "<challenge " SASL ">cj1hYmM=</challenge>"),
        C(0, "<response " SASL ">Yz1iaXdz</response>"),
        S(0, "<success " SASL "/>"),
        RESTART(0),
        BINDS(0, "nurse@localhost", "chamber"),
    };
    char *text = record_in_pieces(lines, sizeof lines / sizeof *lines);
    struct complaints complaints = { .count = 0 };
    assert_null(scenario_parse("recorded", text, strlen(text), NULL, NULL, &complaints));
    assert_int_equal(complaints.count, 1);
    assert_string_equal(complaints.list[0].message,
                        "the password is missing; expected it in place of ${password of nurse@localhost}");
    assert_non_null(strstr(text, "# The password of Nurse was not sent in clear"));
    free(text);
}

/* Without a login, nothing says that the account exists. */
static void a_login_that_only_fails_has_no_account(void **state)
{
    (void)state;
    static const struct line lines[] = {
        OPENING(0),
        C(0, "<auth mechanism='SCRAM-SHA-1' " SASL ">biwsbj1udXJzZSxyPWFiYw==</auth>"),
        S(0, "<challenge " SASL ">cj1hYmM=</challenge>"),
        C(0, "<response " SASL ">Yz1iaXdz</response>"),
        S(0, "<failure " SASL "><not-authorized/><text>no</text></failure>"),
        CE(0),
    };
    WRITES(lines,
           "\tjid: nurse@localhost\n\taccount: none\n\n---------\n\nNurse opens a connection\nNurse opens a "
           "stream\n"
           "Nurse fails to authenticate with SCRAM-SHA-1: not-authorized\nNurse drops the connection\n");
}

static void a_known_password_was_a_wrong_one(void **state)
{
    (void)state;
    static const struct line lines[] = {
        OPENING(0),
        C(0, "<auth mechanism='SCRAM-SHA-256' " SASL "/>"),
        S(0, "<challenge " SASL "/>"),
        C(0, "<response " SASL ">biwsbj1qdWxpZXQscj1hYmM=</response>"),
        S(0, "<challenge " SASL ">cj1hYmM=</challenge>"),
        C(0, "<response " SASL ">Yz1iaXdz</response>"),
        S(0, "<failure " SASL "><not-authorized/></failure>"),
    };
    WRITES(lines,
           "Juliet fails to authenticate with SCRAM-SHA-256 using password \"wrong\": not-authorized\n");
}

static void an_account_that_is_disabled_is_so_in_the_head(void **state)
{
    (void)state;
    static const struct line lines[] = {
        OPENING(0),
        C(0, "<auth mechanism='SCRAM-SHA-256' " SASL ">biwsbj1qdWxpZXQscj1hYmM=</auth>"),
        S(0, "<challenge " SASL ">cj1hYmM=</challenge>"),
        C(0, "<response " SASL ">Yz1iaXdz</response>"),
        S(0, "<failure " SASL "><account-disabled/></failure>"),
    };
    WRITES(lines, "\tpassword: secret\n\taccount: disabled\n");
}

static void a_mechanism_that_is_not_known_is_sent_as_it_is(void **state)
{
    (void)state;
    static const struct line lines[] = {
        OPENING(0),
        C(0, "<auth mechanism='X-OTHER' " SASL ">AA==</auth>"),
        S(0, "<failure " SASL "><invalid-mechanism/></failure>"),
    };
    WRITES(lines, "Somebody sends:\n\t<auth xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\" "
                  "mechanism=\"X-OTHER\">AA==</auth>\n\n"
                  "Somebody receives:\n\t<failure "
                  "xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\"><invalid-mechanism/></failure>\n");
}

static void a_resource_that_is_refused(void **state)
{
    (void)state;
    static const struct line lines[] = {
        ROMEO(0),
        C(0, "<iq type='set' id='b2'><bind " BIND "><resource>y</resource></bind></iq>"),
        S(0, "<iq type='error' id='b2'><error type='modify'><bad-request " ERRORS "/></error></iq>"),
    };
    ONLY_WRITES(lines, "Romeo connects\nRomeo fails to bind resource \"y\": bad-request\n");
}

/* ---- Stream management ---- */

#define SM "xmlns='urn:xmpp:sm:3'"
#define MANAGES(n)                                                                                           \
    C(n, "<enable " SM " resume='true'/>"), S(n, "<enabled " SM " id='abc' resume='true' max='600'/>")

static void a_session_is_resumed(void **state)
{
    (void)state;
    static const struct line lines[] = {
        ROMEO(0),
        MANAGES(0),
        C(0, "<message to='romeo@localhost' id='1' type='chat'/>"),
        CE(0),
        OPENING(1),
        PLAIN(1),
        RESTART(1),
        C(1, "<resume " SM " previd='abc' h='0'/>"),
        S(1, "<resumed " SM " previd='abc' h='0'/>"),
        C(1, "<message to='romeo@localhost' id='1' type='chat'/>"),
    };
    ONLY_WRITES(lines, "Romeo connects\nRomeo enables stream management\n\nRomeo sends:\n"
                       "\t<message to=\"${Romeo's JID}\" id=\"m1\" type=\"chat\"/>\n\nRomeo drops the "
                       "connection\nRomeo resumes\n");
}

static void a_session_that_is_gone_is_not_resumed(void **state)
{
    (void)state;
    static const struct line lines[] = {
        OPENING(0),
        PLAIN(0),
        RESTART(0),
        C(0, "<resume " SM " previd='abc' h='0'/>"),
        S(0, "<failed " SM " h='3'><item-not-found " ERRORS "/></failed>"),
        BINDS(0, "romeo@localhost", "orchard"),
    };
    WRITES(lines,
           "Romeo sends:\n\t<resume xmlns=\"urn:xmpp:sm:3\" previd=\"abc\" h=\"0\"/>\n\nRomeo receives:\n"
           "\t<failed xmlns=\"urn:xmpp:sm:3\"><item-not-found "
           "xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\"/></failed>\n"
           "\nRomeo binds resource \"orchard\"\n");
}

static void acknowledgements_are_the_clients_own(void **state)
{
    (void)state;
    static const struct line lines[] = {
        ROMEO(0),
        MANAGES(0),
        S(0, "<r " SM "/>"),
        C(0, "<a " SM " h='0'/><a " SM " h='0'/><r " SM "/>"),
        S(0, "<a " SM " h='0'/><a " SM " h='0'/>"),
        CE(0),
    };
    WRITES(lines, "Romeo enables stream management\nRomeo acknowledges\n\nRomeo sends:\n\t<r "
                  "xmlns=\"urn:xmpp:sm:3\"/>\n\n"
                  "Romeo receives:\n\t<a xmlns=\"urn:xmpp:sm:3\" h=\"{scansion:any}\"/>\n\nRomeo drops the "
                  "connection\n");
    static const struct line more[] = { ROMEO(0), MANAGES(0), C(0, "<a " SM " h='3'/>"), CE(0) };
    ONLY_WRITES(more, "Romeo acknowledges 3\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_login_is_one_step),
        cmocka_unit_test(an_unusual_login_is_its_steps),
        cmocka_unit_test(a_header_with_something_else_is_a_step_with_properties),
        cmocka_unit_test(a_password_that_was_not_sent_is_pointed_out),
        cmocka_unit_test(a_login_that_only_fails_has_no_account),
        cmocka_unit_test(a_known_password_was_a_wrong_one),
        cmocka_unit_test(an_account_that_is_disabled_is_so_in_the_head),
        cmocka_unit_test(a_mechanism_that_is_not_known_is_sent_as_it_is),
        cmocka_unit_test(a_resource_that_is_refused),
        cmocka_unit_test(a_session_is_resumed),
        cmocka_unit_test(a_session_that_is_gone_is_not_resumed),
        cmocka_unit_test(acknowledgements_are_the_clients_own),
    };
    return cmocka_run_group_tests(tests, NULL, forget);
}
