#include "../verbs/answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ACCOUNT "romeo@localhost"
#define FULL    "romeo@localhost/orchard"
#define SCENARIO                                                                                             \
    "[Client] Romeo\n\tjid: romeo@localhost\n[Client] Nurse\n\tjid: nurse@localhost\n"                       \
    "Romeo sends:\n\t<iq id='m7' to='juliet@localhost/balcony'/>\n"
#define ROSTER  "jabber:iq:roster"
#define STANZAS "urn:ietf:params:xml:ns:xmpp-stanzas"
#define SASL    "urn:ietf:params:xml:ns:xmpp-sasl"

static struct answer answer_to(struct answer_names *names, const char *xml, const char *full_jid)
{
    const char *problem;
    int line;
    struct xml *element = xml_fragment(xml, strlen(xml), &problem, &line);
    assert_non_null(element);
    struct answer answer = answer_of(names, element, &(struct answered){ ACCOUNT, full_jid, "en" });
    xml_free(element);
    return answer;
}

static void answer_free(struct answer *answer)
{
    free(answer->text);
    free(answer->sender);
}

static void becomes_with(struct answer_names *names, const char *xml, const char *expected)
{
    struct answer answer = answer_to(names, xml, FULL);
    assert_non_null(answer.text);
    assert_string_equal(answer.text, expected);
    answer_free(&answer);
}

static struct answer_names names_new(void)
{
    return answer_names_new(strdup(SCENARIO));
}

static void becomes(const char *xml, const char *expected)
{
    struct answer_names names = names_new();
    becomes_with(&names, xml, expected);
    answer_names_free(&names);
}

static void is_left_out(const char *xml)
{
    struct answer_names names = names_new();
    struct answer answer = answer_to(&names, xml, FULL);
    assert_null(answer.text);
    assert_null(answer.sender);
    answer_names_free(&names);
}

static void how_it_is_written_does_not_matter(void **state)
{
    (void)state;
    becomes(
        "<message to='juliet@localhost' from='nurse@localhost/hall' id='m7'><body>a &amp; b</body></message>",
        "<message from=\"nurse@localhost/hall\" id=\"m7\" to=\"juliet@localhost\"><body>a &amp; "
        "b</body></message>");
    becomes("<message\n><x:y xmlns:x='urn:z'\n/>  <body>a</body>\n</message>",
            "<message><y xmlns=\"urn:z\"/><body>a</body></message>");
    becomes("<message><body> </body></message>", "<message><body> </body></message>");
}

/* RFC 6120, 8.1.1.1 and 8.1.2.1; RFC 6121, 5.2.2 */
static void what_is_meant_without_it_is_left_out(void **state)
{
    (void)state;
    becomes("<iq type='result' id='m7' to='" FULL "' from='" ACCOUNT "'/>",
            "<iq id=\"m7\" type=\"result\"/>");
    becomes("<message type='normal'/>", "<message/>");
    becomes("<presence xml:lang='en'><status xml:lang='en'>here</status></presence>",
            "<presence><status xml:lang=\"en\">here</status></presence>");
    becomes("<presence xml:lang='de'/>", "<presence xml:lang=\"de\"/>");
    becomes("<message type='chat'/>", "<message type=\"chat\"/>");
    /* A server does not change the address of what it delivers, and stamps the full JID of the sender. */
    becomes("<message to='" ACCOUNT "' from='" FULL "'/>", "<message from=\"" FULL "\" to=\"" ACCOUNT "\"/>");
    becomes("<a xmlns='urn:x' to='" FULL "'/>", "<a xmlns=\"urn:x\" to=\"" FULL "\"/>");
}

static void generated_values_are_stars_unless_the_scenario_names_them(void **state)
{
    (void)state;
    becomes("<iq type='set' id='push-17'><query xmlns='" ROSTER "' ver='42'/></iq>",
            "<iq id=\"*\" type=\"set\"><query xmlns=\"" ROSTER "\" ver=\"*\"/></iq>");
    becomes("<iq type='result' id='m7'/>", "<iq id=\"m7\" type=\"result\"/>");
    becomes("<iq type='result' id='7'/>", "<iq id=\"*\" type=\"result\"/>"); /* part of a word */
    becomes("<message><delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/></message>",
            "<message><delay xmlns=\"urn:xmpp:delay\" stamp=\"*\"/></message>");
    becomes("<enabled xmlns='urn:xmpp:sm:3' id='a1' location='x' resume='true'/>",
            "<enabled xmlns=\"urn:xmpp:sm:3\" id=\"*\" location=\"*\" resume=\"true\"/>");
    becomes("<iq id=''/>", "<iq id=\"\"/>");
}

#define BOUND(jid)                                                                                           \
    "<iq type='result'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>" jid "</jid></bind></iq>"
#define IS_BOUND(jid)                                                                                        \
    "<iq type=\"result\"><bind xmlns=\"urn:ietf:params:xml:ns:xmpp-bind\"><jid>" jid "</jid></bind></iq>"

static void assigned_resources_are_numbered(void **state)
{
    (void)state;
    struct answer_names names = names_new();
    becomes_with(&names, "<presence from='romeo@localhost/r1'/>", "<presence from=\"romeo@localhost/r1\"/>");
    becomes_with(&names, BOUND("romeo@localhost/r1"), IS_BOUND("romeo@localhost/*1"));
    becomes_with(&names, BOUND("nurse@localhost/r2"), IS_BOUND("nurse@localhost/*2"));
    becomes_with(&names, BOUND("romeo@localhost/r1"), IS_BOUND("romeo@localhost/*1"));
    becomes_with(&names, BOUND("juliet@localhost/balcony"), IS_BOUND("juliet@localhost/balcony"));
    becomes_with(&names, "<presence from='romeo@localhost/r1'><x to='nurse@localhost/r2'/>r1</presence>",
                 "<presence from=\"romeo@localhost/*1\"><x to=\"nurse@localhost/*2\"/>r1</presence>");
    becomes_with(&names, "<iq type='result'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>",
                 "<iq type=\"result\"><bind xmlns=\"urn:ietf:params:xml:ns:xmpp-bind\"/></iq>");
    /* An anonymous user (XEP-0175) */
    becomes_with(&names, BOUND("a_1@guests/r3"), IS_BOUND("*4@guests/*3"));
    becomes_with(&names, "<presence from='a_1@guests'/>", "<presence from=\"*4@guests\"/>");
    becomes_with(&names, "<presence from='guests/a_1'/>", "<presence from=\"guests/*4\"/>");
    becomes_with(&names, "<presence from='guests' to='a_1'/>", "<presence from=\"guests\" to=\"a_1\"/>");
    assert_int_equal(names.assigned_count, 4);
    answer_names_free(&names);
}

/* RFC 6120, 8.3.2: the text is only for people. */
static void texts_for_people_are_left_out(void **state)
{
    (void)state;
    becomes("<iq type='error'><error type='cancel'><gone xmlns='" STANZAS "'>xmpp:a@b</gone>"
            "<text xmlns='" STANZAS "'>It left</text></error></iq>",
            "<iq type=\"error\"><error type=\"cancel\"><gone xmlns=\"" STANZAS
            "\">xmpp:a@b</gone></error></iq>");
    becomes("<failure xmlns='" SASL "'><aborted/><text>No</text></failure>",
            "<failure xmlns=\"" SASL "\"><aborted/></failure>");
    becomes("<message><text>kept</text></message>", "<message><text>kept</text></message>");
    becomes("<iq><query xmlns='jabber:iq:version'><name>A</name><version>1</version></query></iq>",
            "<iq><query xmlns=\"jabber:iq:version\"><name/><version/></query></iq>");
    becomes("<success xmlns='" SASL "'>dj1h</success>", "<success xmlns=\"" SASL "\"/>");
}

/* RFC 6120, 8.3.1 */
static void the_refused_stanza_need_not_come_back(void **state)
{
    (void)state;
    becomes("<message type='error'><body>a</body><error type='cancel' by='localhost'><gone xmlns='" STANZAS
            "'/></error><x xmlns='urn:x'/></message>",
            "<message type=\"error\"><error type=\"cancel\"><gone xmlns=\"" STANZAS "\"/></error></message>");
    becomes("<message type='error'><body>a</body></message>",
            "<message type=\"error\"><body>a</body></message>");
    becomes("<message><error type='cancel' by='x'/><body/></message>",
            "<message><error by=\"x\" type=\"cancel\"/><body/></message>");
}

static void sets_have_no_order(void **state)
{
    (void)state;
    becomes("<iq><query xmlns='" ROSTER "'><item name='b' jid='b@x'/><item jid='a@x'/></query></iq>",
            "<iq><query xmlns=\"" ROSTER "\"><item jid=\"a@x\"/><item jid=\"b@x\" name=\"b\"/></query></iq>");
    becomes("<iq><query xmlns='urn:x'><item jid='b@x'/><item jid='a@x'/></query></iq>",
            "<iq><query xmlns=\"urn:x\"><item jid=\"b@x\"/><item jid=\"a@x\"/></query></iq>");
}

static void what_servers_choose_is_not_compared(void **state)
{
    (void)state;
    is_left_out("<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>");
    is_left_out("<challenge xmlns='" SASL "'>cj0=</challenge>");
    is_left_out("<r xmlns='urn:xmpp:sm:3'/>");
    is_left_out("<a xmlns='urn:xmpp:sm:3' h='3'/>");
}

static void the_sender_is_known(void **state)
{
    (void)state;
    struct answer_names names = names_new();
    struct answer answer = answer_to(&names, "<presence from='nurse@localhost/hall'/>", NULL);
    assert_string_equal(answer.sender, "nurse@localhost/hall");
    answer_free(&answer);
    answer = answer_to(&names, "<iq from='" ACCOUNT "' to='" FULL "' type='result'/>", NULL);
    assert_string_equal(answer.sender, "");
    assert_string_equal(answer.text, "<iq to=\"" FULL "\" type=\"result\"/>");
    answer_free(&answer);
    answer_names_free(&names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(how_it_is_written_does_not_matter),
        cmocka_unit_test(what_is_meant_without_it_is_left_out),
        cmocka_unit_test(generated_values_are_stars_unless_the_scenario_names_them),
        cmocka_unit_test(assigned_resources_are_numbered),
        cmocka_unit_test(texts_for_people_are_left_out),
        cmocka_unit_test(the_refused_stanza_need_not_come_back),
        cmocka_unit_test(sets_have_no_order),
        cmocka_unit_test(what_servers_choose_is_not_compared),
        cmocka_unit_test(the_sender_is_known),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    xml_forget();
    return failed;
}
