/*
 * Mistakes of people who are new to the language: each file has one mistake, and gets one complaint.
 */
#include "scenario_reading.h"

struct mistake {
    const char *text;
    int line;
    const char *message;
};

#define ROMEO  "[Client] Romeo\n\tjid: romeo@localhost/orchard\n"
#define JULIET "[Client] Juliet\n\tjid: juliet@localhost/balcony\n"

/* Steps begin in line 7; the mistake is in line 7 as well where nothing else is said. */
static const char both[] = ROMEO JULIET "---\nRomeo connects\n";

static void assert_complaint(const char *text, int line, const char *message)
{
    struct complaints complaints;
    scenario_free(parse_bytes(text, strlen(text), &complaints));
    if (complaints.count == 1 && complaints.list[0].line == line &&
        strcmp(complaints.list[0].message, message) == 0)
        return;
    print_complaints(&complaints);
    fail_msg("not the one complaint \"%d: %s\" about:\n%s", line, message, text);
}

static void assert_suggestions(const struct mistake *mistakes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char text[1024];
        (void)snprintf(text, sizeof text, "%s%s\n", both, mistakes[i].text);
        char message[300];
        (void)snprintf(message, sizeof message, "unknown step \"%.*s\"; did you mean `%s`?",
                       (int)strcspn(mistakes[i].text, "\n"), mistakes[i].text, mistakes[i].message);
        assert_complaint(text, 7, message);
    }
}

#define COUNT(list) (sizeof(list) / sizeof(list)[0])
#define STANZA      "\n\t<presence/>"

static void what_others_call_it_is_known(void **state)
{
    (void)state;
    static const struct mistake mistakes[] = {
        { "wait 5 seconds", 0, "5 seconds pass" },
        { "wait for 1 minute", 0, "1 minute passes" },
        { "sleep 5 seconds", 0, "5 seconds pass" },
        { "5 seconds go by", 0, "5 seconds pass" },
        { "Romeo waits 2 hours", 0, "2 hours pass" },
        { "Juliet logs in", 0, "Juliet connects" },
        { "Juliet connects to server", 0, "Juliet connects" },
        { "Juliet connects to the server", 0, "Juliet connects" },
        { "Romeo logs out", 0, "Romeo disconnects" },
        { "Romeo sends a message:" STANZA, 0, "Romeo sends:" },
        { "Romeo starts to authenticate", 0, "Romeo begins to authenticate" },
        { "Romeo responds to the challenge", 0, "Romeo answers the challenge" },
        { "Romeo completes the authentication", 0, "Romeo finishes authenticating" },
        { "Romeo cancels the authentication", 0, "Romeo aborts authenticating" },
        { "Romeo does in one piece:\n\tRomeo binds", 0, "Romeo pipelines:" },
        { "the server of \"a.lit\" sends to \"b.lit\":" STANZA, 0,
          "the server of \"a.lit\" routes to \"b.lit\":" },
        { "the server of \"a.lit\" sends nothing to \"b.lit\"", 0,
          "the server of \"a.lit\" routes nothing to \"b.lit\"" },
        { "Romeo expects:" STANZA, 0, "Romeo receives:" },
        { "Romeo expects a stanza:" STANZA, 0, "Romeo receives:" },
        { "Romeo gets:" STANZA, 0, "Romeo receives:" },
        { "Romeo should receive:" STANZA, 0, "Romeo receives:" },
        { "Romeo gets nothing", 0, "Romeo receives: nothing" },
        { "Romeo should receive nothing", 0, "Romeo receives: nothing" },
        { "Romeo receives no stanza", 0, "Romeo receives: nothing" },
        { "Romeo receives nothing within 5 seconds", 0, "Romeo receives: nothing for 5 seconds" },
        { "Romeo does not receive:" STANZA, 0, "Romeo has not received:" },
        { "Romeo is offline", 0, "Romeo is not connected" },
        { "Romeo is online", 0, "Romeo is available" },
        { "Romeo's presence is unavailable", 0, "Romeo is not available" },
        { "Romeo's roster contains:\n\tjuliet@localhost: both", 0, "Romeo's roster is:" },
        { "the server restarts", 0, "the server starts again" },
    };
    assert_suggestions(mistakes, COUNT(mistakes));
}

static void the_nearest_wording_is_suggested_with_what_was_written(void **state)
{
    (void)state;
    static const struct mistake mistakes[] = {
        { "Juliet connect", 0, "Juliet connects" },
        { "Juliet connects.", 0, "Juliet connects" },
        { "Romeo send:" STANZA, 0, "Romeo sends:" },
        { "Romeo recieves: nothing for 5 hours", 0, "Romeo receives: nothing for 5 hours" },
        { "Romeo opens a steam to \"localhost\"", 0, "Romeo opens a stream to \"localhost\"" },
        { "Romeo authenticates with \"PLAIN\"", 0, "Romeo authenticates with PLAIN" },
        { "Romeo authenticates using password secret", 0, "Romeo authenticates using password \"secret\"" },
        { "Romeo finishes authenticating with anohter nonce", 0,
          "Romeo finishes authenticating with another nonce" },
        { "Romeo fails to finish authenticating with a longr proof: x", 0,
          "Romeo fails to finish authenticating with a longer proof: x" },
        { "Romeo begin to authenticate with PLAIN", 0, "Romeo begins to authenticate with PLAIN" },
        { "the server of \"a.lit\" route to \"b.lit\":" STANZA, 0,
          "the server of \"a.lit\" routes to \"b.lit\":" },
        { "Romeo's connection closed", 0, "Romeo's connection is closed" },
        { "Romeo's link break after 57 bytes", 0, "Romeo's link breaks after 57 bytes" },
        { "Romeo's link carry 100 bytes a second", 0, "Romeo's link carries 100 bytes a second" },
        { "the next 3 save fails", 0, "the next 3 saves fail" },
        { "server crashes in 2 seconds", 0, "the server crashes in 2 seconds" },
        { "the clock jump 5 days ahead", 0, "the clock jumps 5 days ahead" },
    };
    assert_suggestions(mistakes, COUNT(mistakes));
}

static void where_nothing_is_like_it_what_is_expected_is_said(void **state)
{
    (void)state;
    static const struct mistake mistakes[] = {
        { "1.5 seconds pass", 7,
          "found \"1.5\"; expected a whole number and a unit, as in \"5 seconds pass\"" },
        { "Romeo opens a connection to \"localhost\"", 7,
          "found \"to\" after \"opens a connection\"; expected the end of the line" },
        { "Then Romeo connects", 7, "unexpected \"Then\" before the step; did you mean `Romeo connects`?" },
        { "- Romeo connects", 7, "unexpected \"-\" before the step; did you mean `Romeo connects`?" },
        { "romeo connects", 7,
          "unknown character \"romeo\"; the cast is: Romeo, Juliet; did you mean \"Romeo\"?" },
        { "Tybalt connects\nTybalt sends:\n\t<presence/>\nRomeo sends:\n\t<message to=\"${Tybalt's JID}\"/>",
          7, "unknown character \"Tybalt\"; the cast is: Romeo, Juliet" },
        { "Romeo frobs:\n\t<presence/>\n\t<message/>\nRomeo disconnects", 7,
          "unknown verb \"frobs\"; expected one of: connects, disconnects, sends, pipelines, receives, "
          "ignores, has, opens, fails, starts, authenticates, begins, answers, finishes, aborts, restarts, "
          "binds, closes, drops, enables, acknowledges, resumes, stops, reads, half-closes, is" },
        { "Romeo receives:\n<message>\n\t<body/>\n</message>", 7,
          "\"receives\" needs an indented block of stanzas below it" },
        { "<message>\n\t<body/>\n</message>", 7,
          "\"<message>\" is in the place of a step; expected it indented below one such as \"Romeo "
          "sends:\"" },
        { "Romeo sends:\n\t<message>\n\t\t<body>x</message>", 9,
          "</message> at column 10 closes <body>, which began in line 9, column 3; expected </body> before "
          "it" },
        { "Romeo sends:\n\t<message>\n\t\t<body>x</body>\n\nRomeo disconnects", 8,
          "<message> (line 8, column 2) is never closed; expected </message>" },
    };
    for (size_t i = 0; i < COUNT(mistakes); i++) {
        char text[1024];
        (void)snprintf(text, sizeof text, "%s%s\n", both, mistakes[i].text);
        assert_complaint(text, mistakes[i].line, mistakes[i].message);
    }
}

#define STEPS "---\nRomeo connects\nRomeo disconnects\n"

static void a_malformed_head_is_one_mistake(void **state)
{
    (void)state;
    static const struct mistake mistakes[] = {
        { "[Cliant] Romeo\n\tjid: r@l\n\tpassword: x\n" STEPS, 1,
          "unknown section \"[Cliant]\"; expected one of: Server, Client, Account, Roster, Blocklist, Table; "
          "did "
          "you mean \"[Client]\"?" },
        { "[Client Romeo\n\tjid: r@l\n" STEPS, 1, "this section has no \"]\"; expected \"[Client] NAME\"" },
        { "Client: Romeo\n\tjid: r@l\n\tpassword: x\n" STEPS, 1,
          "\"Client: Romeo\" is not a section; did you mean \"[Client] Romeo\"?" },
        { "[Client] Romeo\njid: r@l\npassword: x\n" STEPS, 2,
          "\"jid: r@l\" is not indented; expected blanks or a tab before the lines of a section" },
        { "[Client] Romeo\n\tjid: @l\n[Roster] r@l\n\tj@l: both\n" STEPS, 2,
          "\"@l\" is not a JID; expected one such as romeo@localhost or romeo@localhost/orchard" },
        { "[Client] Romeo\n\tpassword: x\n[Roster] r@l\n\tj@l: both\n" STEPS, 1,
          "\"Romeo\" has no jid; expected an indented line such as \"jid: romeo@localhost\"" },
        { ROMEO "Romeo connects\nRomeo sends:\n\t<presence/>\n", 3,
          "the head is not closed; expected a line of three or more dashes before the first step" },
        { ROMEO "===\nRomeo connects\n", 3,
          "the head is not closed; expected a line of three or more dashes before the first step" },
        { ROMEO "[Table]\na | b\n1 | 2\n" STEPS, 4,
          "\"a | b\" is not indented; expected blanks or a tab before each line of a table" },
        { ROMEO "[Server]\n\tmechanism: PLAIN\n" STEPS, 4,
          "unknown setting or limit \"mechanism\"; did you mean \"mechanisms\"?" },
        { ROMEO "[Server]\n\tdelivery: bst\n" STEPS, 4,
          "unknown delivery \"bst\"; expected one of: best, all; did you mean \"best\"?" },
        { ROMEO "\tpasword: x\n" STEPS, 3,
          "unknown property \"pasword\"; expected one of: jid, password, resource, mechanism, account, "
          "connect_host, connect_port, tls, certificate, channel binding; did you mean \"password\"?" },
        { "hello\n", 1,
          "the head is not closed; expected a line of three or more dashes before the first step" },
    };
    for (size_t i = 0; i < COUNT(mistakes); i++)
        assert_complaint(mistakes[i].text, mistakes[i].line, mistakes[i].message);
}

static void what_a_terminal_obeys_is_escaped_in_a_complaint(void **state)
{
    (void)state;
    assert_complaint(
        "[Cl\x1b[2Jient] Romeo\n" STEPS, 1,
        "unknown section \"[Cl\\x1b[2Jient]\"; expected one of: Server, Client, Account, Roster, "
        "Blocklist, Table");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_others_call_it_is_known),
        cmocka_unit_test(the_nearest_wording_is_suggested_with_what_was_written),
        cmocka_unit_test(where_nothing_is_like_it_what_is_expected_is_said),
        cmocka_unit_test(a_malformed_head_is_one_mistake),
        cmocka_unit_test(what_a_terminal_obeys_is_escaped_in_a_complaint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
