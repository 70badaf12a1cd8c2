/* What a recorder writes for what clients and a server say. */
#include "../record/record.h"

#include "../language/scenario.h"
#include "../player/player.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- A session ---- */

enum what { OPENS, CLIENT, SERVER, CLIENT_ENDS, SERVER_ENDS, WAITS };

struct line {
    enum what what;
    size_t connection; /* or milliseconds */
    const char *bytes;
};

#define SECOND ((uint64_t)1000000000)
#define O(n)                                                                                                 \
    {                                                                                                        \
        OPENS, n, NULL                                                                                       \
    }
#define C(n, text)                                                                                           \
    {                                                                                                        \
        CLIENT, n, text                                                                                      \
    }
#define S(n, text)                                                                                           \
    {                                                                                                        \
        SERVER, n, text                                                                                      \
    }
#define CE(n)                                                                                                \
    {                                                                                                        \
        CLIENT_ENDS, n, NULL                                                                                 \
    }
#define SE(n)                                                                                                \
    {                                                                                                        \
        SERVER_ENDS, n, NULL                                                                                 \
    }
#define W(ms)                                                                                                \
    {                                                                                                        \
        WAITS, ms, NULL                                                                                      \
    }

static const struct record_secret secrets[] = { { "juliet@localhost", "secret" } };
static struct text told;   /* what was told */
static struct text passed; /* what the clients got */

static void tell(void *host, size_t connection, const char *sentence)
{
    (void)host;
    (void)connection;
    text_string(&told, sentence);
    text_string(&told, "\n");
}

static void play(struct record *record, const struct line *line, uint64_t now, size_t piece)
{
    const size_t length = line->bytes != NULL ? strlen(line->bytes) : 0;
    for (size_t at = 0; at < length; at += piece) {
        const size_t part = length - at < piece ? length - at : piece;
        if (line->what == CLIENT)
            record_client(record, line->connection, now, line->bytes + at, part);
        else
            record_server(record, line->connection, now, line->bytes + at, part, &passed);
    }
    if (line->what == OPENS)
        assert_int_equal(record_opened(record, now), line->connection);
    if (line->what == CLIENT_ENDS || line->what == SERVER_ENDS)
        record_ended(record, line->connection, now, line->what == CLIENT_ENDS, &passed);
}

/* The recording of a session whose bytes come in pieces of that size.  The caller frees it. */
static char *record_session(const struct line *lines, size_t count, size_t piece)
{
    const struct record_options options = { 2 * SECOND, secrets, 1, tell, NULL };
    struct record *record = record_new(&options);
    uint64_t now = 1000 * SECOND;
    text_free(&told);
    text_free(&passed);
    text_string(&told, "");
    text_string(&passed, "");
    for (size_t i = 0; i < count; i++) {
        if (lines[i].what == WAITS)
            now += lines[i].connection * 1000000;
        else
            play(record, &lines[i], now += 1000000, piece);
    }
    char *text = record_write(record);
    record_free(record);
    return text;
}

static void complain(const char *text, const struct complaints *complaints)
{
    if (complaints->count > 0)
        fail_msg("line %d: %s\n%s", complaints->list[0].line, complaints->list[0].message, text);
}

static void runs(const char *text)
{
    struct complaints complaints = { .count = 0 };
    const struct player_options options = { .colour = false };
    struct player_result result;
    struct scenario *scenario = scenario_parse("recorded", text, strlen(text), NULL, NULL, &complaints);
    complain(text, &complaints);
    player_run(scenario, &options, &result);
    if (!result.passed)
        fail_msg("%s\n%s", result.explanation, text);
    player_result_free(&result);
    scenario_free(scenario);
}

/* However the bytes are cut, the same is written. */
static char *record_in_pieces(const struct line *lines, size_t count)
{
    char *text = record_session(lines, count, SIZE_MAX);
    for (size_t piece = 1; piece < 40; piece++) {
        char *other = record_session(lines, count, piece);
        assert_string_equal(text, other);
        free(other);
    }
    free(record_session(lines, count, SIZE_MAX));
    return text;
}

/* What is written ends with these steps, or contains them, and its run passes. */
#define WRITES(lines, steps)      writes(lines, sizeof(lines) / sizeof *(lines), steps, true)
#define ONLY_WRITES(lines, steps) writes(lines, sizeof(lines) / sizeof *(lines), steps, false)
static void writes(const struct line *lines, size_t count, const char *part, bool passes)
{
    char *text = record_in_pieces(lines, count);
    if (strstr(text, part) == NULL)
        fail_msg("this is not there:\n%s\nbut:\n%s", part, text);
    if (passes)
        runs(text);
    free(text);
}

/* ---- What clients and servers say ---- */

#define NS_STREAM "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"
#define C_HEADER                                                                                             \
    "<?xml version='1.0'?><stream:stream to='localhost' version='1.0' xml:lang='en' " NS_STREAM ">"
#define S_HEADER "<?xml version='1.0'?><stream:stream from='localhost' id='x1' version='1.0' " NS_STREAM ">"
#define SASL     "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"
#define BIND     "xmlns='urn:ietf:params:xml:ns:xmpp-bind'"
#define ERRORS   "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'"
#define S_FIRST                                                                                              \
    S_HEADER                                                                                                 \
    "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><mechanisms " SASL                  \
    "><mechanism>PLAIN</mechanism><mechanism>SCRAM-SHA-256</mechanism></mechanisms></stream:features>"
#define S_SECOND   S_HEADER "<stream:features><bind " BIND "/><sm xmlns='urn:xmpp:sm:3'/></stream:features>"
#define OPENING(n) O(n), C(n, C_HEADER), S(n, S_FIRST)
/* NUL romeo NUL secret */
#define PLAIN(n)                                                                                             \
    C(n, "<auth mechanism='PLAIN' " SASL ">AHJvbWVvAHNlY3JldA==</auth>"), S(n, "<success " SASL "/>")
/* n,,n=juliet,r=abc */
#define SCRAM(n)                                                                                             \
    C(n, "<auth mechanism='SCRAM-SHA-256' " SASL ">biwsbj1qdWxpZXQscj1hYmM=</auth>"),                        \
        S(n, "<challenge " SASL ">cj1hYmM=</challenge>"), C(n, "<response " SASL ">Yz1iaXdz</response>"),    \
        S(n, "<success " SASL ">dj1h</success>")
#define RESTART(n) C(n, C_HEADER), S(n, S_SECOND)
#define BINDS(n, jid, resource)                                                                              \
    C(n, "<iq type='set' id='b1'><bind " BIND "><resource>" resource "</resource></bind></iq>"),             \
        S(n, "<iq type='result' id='b1'><bind " BIND "><jid>" jid "/" resource "</jid></bind></iq>")
#define ROMEO(n)  OPENING(n), PLAIN(n), RESTART(n), BINDS(n, "romeo@localhost", "orchard")
#define JULIET(n) OPENING(n), SCRAM(n), RESTART(n), BINDS(n, "juliet@localhost", "balcony")
#define LEAVES(n) C(n, "</stream:stream>"), S(n, "</stream:stream>"), SE(n), CE(n)

/* ---- Logins ---- */

static void a_login_is_one_step(void **state)
{
    (void)state;
    static const struct line lines[] = { ROMEO(0), JULIET(1), LEAVES(1), CE(0) };
    char *text = record_in_pieces(lines, sizeof lines / sizeof *lines);
    assert_string_equal(text,
                        "# A recorded session of Romeo and Juliet\n"
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

/* ---- Time, bytes and ends ---- */

static void a_silence_is_a_step(void **state)
{
    (void)state;
    static const struct line lines[] = {
        W(9000),  ROMEO(0),
        W(1900),  C(0, "<presence/>"),
        W(2980),  S(0, "<presence from='romeo@localhost/orchard'/>"),
        W(60000), CE(0),
    };
    WRITES(
        lines,
        "\n---------\n\nRomeo connects\n\nRomeo sends:\n\t<presence/>\n\n3 seconds pass\n\nRomeo receives:\n"
        "\t<presence from=\"${Romeo's full JID}\"/>\n\n1 minute passes\nRomeo drops the connection\n");
}

static void what_is_malformed_is_sent_raw(void **state)
{
    (void)state;
    static const struct line lines[] = {
        ROMEO(0),
        C(0, "<presence></wrong>\xff"),
        S(0, "<stream:error><not-well-formed "
             "xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>"),
        C(0, "<presence/></stream:stream>"),
        SE(0),
        CE(0),
    };
    WRITES(lines, "Romeo connects\nRomeo sends raw \"<presence></wrong>\\xff\"\nRomeo receives stream error "
                  "not-well-formed\n"
                  "Romeo receives the end of the stream\nRomeo's connection is closed\n");
}

static void what_is_begun_is_sent_raw(void **state)
{
    (void)state;
    static const struct line lines[] = { ROMEO(0), C(0, "<presence"), CE(0) };
    WRITES(lines, "Romeo connects\nRomeo sends raw \"<presence\"\nRomeo drops the connection\n");
    static const struct line open[] = { ROMEO(0), C(0, "<presence>") };
    WRITES(open, "Romeo connects\nRomeo sends raw \"<presence>\"\n");
}

/* The step that ends the stream empties the inbox, so what came before the server's end stands before it. */
static void what_comes_before_the_servers_end_is_received_before_the_clients(void **state)
{
    (void)state;
    static const struct line lines[] = {
        ROMEO(0),
        C(0, "<presence/></stream:stream>"),
        S(0, "<presence from='romeo@localhost/orchard'/></stream:stream>"),
        CE(0),
    };
    WRITES(lines, "Romeo receives:\n\t<presence from=\"${Romeo's full JID}\"/>\n\nRomeo disconnects\n");
}

static void without_a_client_nothing_is_written(void **state)
{
    (void)state;
    assert_null(record_session(NULL, 0, 1));
}

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

/* ---- What cannot be recorded ---- */

static void tls_is_hidden_and_its_absence_explained(void **state)
{
    (void)state;
    static const struct line leaves[] = { OPENING(0), CE(0) };
    free(record_in_pieces(leaves, 3 + 1));
    assert_null(strstr(passed.bytes, "starttls"));
    assert_non_null(strstr(passed.bytes, "<mechanism>SCRAM-SHA-256</mechanism>"));
    assert_non_null(strstr(told.bytes, "the client left without a login; if it insists on TLS"));
    static const struct line begins[] = { O(0), C(0, "\x16\x03\x01"), CE(0) };
    free(record_in_pieces(begins, 3));
    assert_non_null(strstr(told.bytes, "the client begins with TLS"));
    static const struct line required[] = {
        O(0),
        C(0, C_HEADER),
        S(0, S_HEADER "<stream:features><starttls "
                      "xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>"),
    };
    free(record_in_pieces(required, 3));
    assert_non_null(strstr(told.bytes, "the server requires TLS"));
    static const struct line nothing[] = {
        O(0),
        C(0, C_HEADER),
        S(0,
          S_HEADER "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>"),
    };
    free(record_in_pieces(nothing, 3));
    assert_non_null(strstr(told.bytes, "the server offers no mechanism without TLS"));
}

static void what_is_encrypted_is_passed_on_and_not_written(void **state)
{
    (void)state;
    static const struct line lines[] = {
        OPENING(0),
        C(0, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"),
        S(0, "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"),
        C(0, "\x16\x03\x01 hello"),
        S(0, "\x16\x03\x03 hello"),
        SE(0),
    };
    char *text = record_in_pieces(lines, sizeof lines / sizeof *lines);
    assert_null(strstr(text, "hello"));
    assert_non_null(strstr(passed.bytes, "\x16\x03\x03 hello"));
    assert_non_null(strstr(told.bytes, "the client insists on TLS"));
    free(text);
}

static void a_client_that_suspects_a_downgrade_is_explained(void **state)
{
    (void)state;
    static const struct line lines[] = {
        O(0), C(0, C_HEADER),
        S(0, S_HEADER "<stream:features><mechanisms " SASL "><mechanism>SCRAM-SHA-1</mechanism>"
                      "<mechanism>SCRAM-SHA-1-PLUS</mechanism></mechanisms></stream:features>"),
        C(0,
          "<auth mechanism='SCRAM-SHA-1' " SASL ">eSwsbj1qdWxpZXQscj1hYmM=</auth>"), /* y,,n=juliet,r=abc */
    };
    free(record_in_pieces(lines, sizeof lines / sizeof *lines));
    assert_null(strstr(passed.bytes, "PLUS"));
    assert_non_null(strstr(told.bytes, "the server offers one, so it refuses this as an attack"));
}

static void everything_else_is_passed_on_as_it_is(void **state)
{
    (void)state;
    static const char bytes[] = " " S_SECOND " <presence a='&#x41;'/>\n</stream:stream>\n more";
    const struct line lines[] = { O(0), S(0, bytes), SE(0) };
    free(record_in_pieces(lines, 3));
    assert_string_equal(passed.bytes, bytes);
    static const char broken[] = S_HEADER "<stream:features></wrong> and <more";
    const struct line more[] = { O(0), S(0, broken), SE(0) };
    free(record_in_pieces(more, 3));
    assert_string_equal(passed.bytes, broken);
}

static void features_that_do_not_end_are_not_held_for_ever(void **state)
{
    (void)state;
    enum { MUCH = 300 * 1024 };
    struct text bytes = { 0 };
    text_string(&bytes, S_HEADER "<stream:features>");
    text_repeat(&bytes, ' ', MUCH);
    const struct line lines[] = { O(0), S(0, bytes.bytes) };
    free(record_session(lines, 2, MUCH / 4));
    assert_string_equal(passed.bytes, bytes.bytes);
    text_free(&bytes);
}

static int forget(void **state)
{
    (void)state;
    text_free(&told);
    text_free(&passed);
    return 0;
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
        cmocka_unit_test(clients_of_an_account_have_names_of_their_own),
        cmocka_unit_test(jids_become_names),
        cmocka_unit_test(identifiers_are_short_and_consistent),
        cmocka_unit_test(identifiers_of_the_server_are_captured_where_they_are_used),
        cmocka_unit_test(what_a_server_makes_up_matches_anything),
        cmocka_unit_test(what_looks_like_a_variable_is_sent_raw),
        cmocka_unit_test(a_silence_is_a_step),
        cmocka_unit_test(what_is_malformed_is_sent_raw),
        cmocka_unit_test(what_is_begun_is_sent_raw),
        cmocka_unit_test(what_comes_before_the_servers_end_is_received_before_the_clients),
        cmocka_unit_test(without_a_client_nothing_is_written),
        cmocka_unit_test(the_first_roster_is_in_the_head),
        cmocka_unit_test(answers_to_pushes_and_pings_are_the_clients_own),
        cmocka_unit_test(a_session_is_resumed),
        cmocka_unit_test(a_session_that_is_gone_is_not_resumed),
        cmocka_unit_test(acknowledgements_are_the_clients_own),
        cmocka_unit_test(tls_is_hidden_and_its_absence_explained),
        cmocka_unit_test(what_is_encrypted_is_passed_on_and_not_written),
        cmocka_unit_test(a_client_that_suspects_a_downgrade_is_explained),
        cmocka_unit_test(everything_else_is_passed_on_as_it_is),
        cmocka_unit_test(features_that_do_not_end_are_not_held_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, forget);
}
