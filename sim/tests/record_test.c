/* What a recorder passes on, and what it writes for time, bytes and ends. */
#include "record_rig.h"

#include "../../core/tests/shallow.h"

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

static void what_comes_behind_the_clients_end_is_not_received(void **state)
{
    (void)state;
    static const struct line lines[] = {
        ROMEO(0),
        CE(0),
        S(0, "<message from='localhost'/></stream:stream>"),
        SE(0),
    };
    WRITES(lines, "\n---------\n\nRomeo connects\nRomeo drops the connection\n");
}

static void a_server_that_ends_the_connection_alone(void **state)
{
    (void)state;
    static const struct line lines[] = { ROMEO(0), SE(0), C(0, "<presence/>"), CE(0) };
    ONLY_WRITES(lines, "\n---------\n\nRomeo connects\nRomeo's connection is closed\n");
}

static void without_a_client_nothing_is_written(void **state)
{
    (void)state;
    assert_null(record_session(NULL, 0, 1));
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
        CE(0),
    };
    free(record_in_pieces(required, 3));
    assert_non_null(strstr(told.bytes, "the server requires TLS"));
    assert_null(strstr(told.bytes, "the client left"));
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

/* ---- Anything ---- */

static uint64_t state_of_dice = 1;

static size_t dice(size_t sides)
{
    state_of_dice = state_of_dice * 6364136223846793005U + 1442695040888963407U;
    return (size_t)(state_of_dice >> 33) % sides;
}

/* Replaces one byte, or a few, by what means something somewhere. */
static void spoil(char *bytes)
{
    static const char odd[] = "<>/'\"&${}@ \t\n\r#:=-A\x01\x7f\xc3\xff";
    const size_t length = strlen(bytes);
    for (size_t times = dice(4); times > 0; times--)
        bytes[dice(length)] = odd[dice(sizeof odd - 1)];
}

/* Whatever passes, a file is written in which at most a password is missing. */
static void what_is_written_is_well_formed(void **state)
{
    (void)state;
    LONG_TEST();
    enum { TIMES = 3000 };
    static const struct line session[] = {
        ROMEO(0),
        JULIET(1),
        C(0, "<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>"),
        S(0,
          "<iq type='result' id='r'><query xmlns='jabber:iq:roster'><item jid='juliet@localhost' name='J' "
          "subscription='to'><group>A</group></item><item jid='icq.example' ask='subscribe'/></query></iq>"),
        C(0, "<message to='juliet@localhost/balcony' id='a'><body>Hist!</body></message>"),
        S(1, "<message from='romeo@localhost/orchard' id='a'><body>Hist!</body></message>"),
        LEAVES(1),
        CE(0),
    };
    enum { COUNT = sizeof session / sizeof *session };
    for (size_t i = 0; i < TIMES; i++) {
        struct line lines[COUNT];
        memcpy(lines, session, sizeof session);
        const size_t spoilt = dice(COUNT);
        char *bytes = lines[spoilt].bytes != NULL ? strdup(lines[spoilt].bytes) : NULL;
        if (bytes != NULL)
            spoil(bytes);
        lines[spoilt].bytes = bytes;
        char *text = record_session(lines, COUNT, SIZE_MAX);
        struct complaints complaints = { .count = 0 };
        scenario_free(scenario_parse("recorded", text, strlen(text), NULL, NULL, &complaints));
        for (size_t j = 0; j < complaints.count; j++)
            if (strstr(complaints.list[j].message, "the password is missing") == NULL)
                complain(text, &complaints);
        free(text);
        free(bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_silence_is_a_step),
        cmocka_unit_test(what_is_malformed_is_sent_raw),
        cmocka_unit_test(what_is_begun_is_sent_raw),
        cmocka_unit_test(what_comes_before_the_servers_end_is_received_before_the_clients),
        cmocka_unit_test(what_comes_behind_the_clients_end_is_not_received),
        cmocka_unit_test(a_server_that_ends_the_connection_alone),
        cmocka_unit_test(without_a_client_nothing_is_written),
        cmocka_unit_test(tls_is_hidden_and_its_absence_explained),
        cmocka_unit_test(what_is_encrypted_is_passed_on_and_not_written),
        cmocka_unit_test(a_client_that_suspects_a_downgrade_is_explained),
        cmocka_unit_test(everything_else_is_passed_on_as_it_is),
        cmocka_unit_test(features_that_do_not_end_are_not_held_for_ever),
        cmocka_unit_test(what_is_written_is_well_formed),
    };
    return cmocka_run_group_tests(tests, NULL, forget);
}
