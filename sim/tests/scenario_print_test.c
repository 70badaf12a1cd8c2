#include "../language/scenario_print.h"

#include "../../core/tests/shallow.h"
#include "../client/scram_final.h"
#include "../language/scenario_same.h"
#include "../player/player.h"
#include "../text.h"
#include "../tool/suite.h"
#include "scenario_reading.h"

/* ---- Every scenario that there is ---- */

/* A step's line may be another wording of the same. */
static void keep_line(void *host, uint64_t number, const char *line, size_t length)
{
    (void)number;
    const char *who = strchr(line, ' ');
    assert_non_null(who);
    if (strncmp(who, " step ", strlen(" step ")) != 0)
        text_append(host, line, length);
}

static char *trace_of(const struct scenario *scenario)
{
    struct text trace = { 0 };
    struct player_options options = {
        .policy = CHOICE_SEEDED, .seed = 1, .trace = keep_line, .trace_host = &trace
    };
    struct player_result result;
    player_run(scenario, &options, &result);
    player_result_free(&result);
    return text_take(&trace);
}

static struct scenario *read_again(const struct scenario *scenario, const char *printed)
{
    struct complaints complaints;
    struct scenario *again =
        scenario_parse(scenario->path, printed, strlen(printed), NULL, NULL, &complaints);
    print_complaints(&complaints);
    if (again == NULL)
        fail_msg("%s: this cannot be read:\n%s", scenario->name, printed);
    return again;
}

static void assert_same_scenario(const struct scenario *a, const struct scenario *b)
{
    struct scenario_difference difference;
    if (!scenario_compare(a, b, &difference))
        fail_msg("%s:%d: %s differ when printed and parsed", a->name, difference.line, difference.what);
}

static void assert_survives_printing(const struct scenario *scenario)
{
    char *printed = scenario_print(scenario);
    struct scenario *again = read_again(scenario, printed);
    assert_same_scenario(scenario, again);
    char *twice = scenario_print(again);
    assert_string_equal(printed, twice);
    free(twice);
    free(printed);
    scenario_free(again);
}

static void assert_runs_the_same(const struct scenario *scenario)
{
    char *printed = scenario_print(scenario);
    struct scenario *again = read_again(scenario, printed);
    char *before = trace_of(scenario), *after = trace_of(again);
    if (strcmp(before, after) != 0)
        fail_msg("%s runs another trace when it is printed", scenario->name);
    free(before);
    free(after);
    free(printed);
    scenario_free(again);
}

static void load_all(struct suite *suite)
{
    static const char *const paths[] = { "scenarios" };
    assert_true(suite_load(suite, paths, 1, stderr));
    assert_true(suite->count > 0);
}

static void every_scenario_is_read_back_as_the_same_tree(void **state)
{
    (void)state;
    struct suite suite;
    load_all(&suite);
    for (size_t i = 0; i < suite.count; i++)
        assert_survives_printing(suite.scenarios[i]);
    suite_free(&suite);
}

static void every_scenario_runs_the_same_once_printed(void **state)
{
    (void)state;
    LONG_TEST();
    struct suite suite;
    load_all(&suite);
    for (size_t i = 0; i < suite.count; i++)
        assert_runs_the_same(suite.scenarios[i]);
    suite_free(&suite);
}

/* ---- Output: the wordings and sections of scenarios/README.md ---- */

static const char two_clients[] = "[Client] Romeo\n"
                                  "\tjid: romeo@localhost/orchard\n"
                                  "\n"
                                  "[Client] Juliet's phone\n"
                                  "\tjid: juliet@localhost\n"
                                  "\tpassword: secret\n"
                                  "\n"
                                  "---------\n"
                                  "\n";

static char *below_two_clients(const char *steps)
{
    struct text text = { 0 };
    text_string(&text, two_clients);
    text_string(&text, steps);
    return text_take(&text);
}

/* A scenario in the printer's form is printed unchanged. */
static void assert_printed_as_it_stands(const char *text)
{
    struct scenario *scenario = parse(text);
    char *printed = scenario_print(scenario);
    assert_string_equal(printed, text);
    assert_survives_printing(scenario);
    free(printed);
    scenario_free(scenario);
}

static void assert_printed_as(const char *written, const char *expected)
{
    char *text = below_two_clients(written), *wanted = below_two_clients(expected);
    struct scenario *scenario = parse(text);
    char *printed = scenario_print(scenario);
    assert_string_equal(printed, wanted);
    assert_survives_printing(scenario);
    free(printed);
    free(wanted);
    free(text);
    scenario_free(scenario);
}

static void assert_step_stays(const char *step)
{
    assert_printed_as(step, step);
}

static void every_wording_is_printed_as_in_the_reference(void **state)
{
    (void)state;
    static const char *const steps[] = {
        "Romeo connects\n",
        "Juliet's phone disconnects\n",
        "Romeo opens a connection\n",
        "Romeo opens a stream\n",
        "Romeo opens a stream to \"localhost\"\n",
        "Romeo opens a stream with:\n\tto: localhost\n\tlang: unset\n",
        "Romeo opens a stream with:\n\tto: unset\n",
        "Romeo opens a stream with:\n\tfrom: romeo@localhost\n\tlang:\n",
        "Romeo starts TLS\n",
        "Romeo fails to start TLS\n",
        "Romeo authenticates\n",
        "Romeo authenticates with PLAIN as \"a b\" using password \"p\\\"q\"\n",
        "Romeo authenticates using password \"\"\n",
        "Romeo fails to authenticate with PLAIN: not-authorized\n",
        "Romeo begins to authenticate\n",
        "Romeo begins to authenticate with PLAIN as \"a b\" without an initial response\n",
        "Romeo begins to authenticate without an initial response\n",
        "Romeo answers the challenge\n",
        "Romeo finishes authenticating\n",
        "Romeo finishes authenticating with two optional extensions\n",
        "Romeo fails to finish authenticating: not-authorized\n",
        "Romeo fails to finish authenticating with the server's nonce alone: not-authorized\n",
        "Romeo aborts authenticating\n",
        "Romeo restarts the stream\n",
        "Romeo binds\n",
        "Romeo binds resource \"orchard\"\n",
        "Romeo fails to bind: conflict\n",
        "Romeo fails to bind resource \"r\": conflict\n",
        "Romeo enables stream management\n",
        "Romeo acknowledges\n",
        "Romeo acknowledges 0\n",
        "Romeo acknowledges 7\n",
        "Romeo stops answering\n",
        "Romeo answers again\n",
        "Romeo stops reading\n",
        "Romeo receives: nothing\n",
        "Romeo receives: nothing for 1 hour\n",
        "Romeo receives stream error conflict\n",
        "Romeo is not available\n",
        "Romeo has 1 session\n",
        "Romeo has 0 sessions\n",
        "Romeo has 11 offline messages\n",
        "romeo@localhost has 1 offline message\n",
        "romeo@localhost has 2 sessions\n",
        "Juliet's phone's type is c2s_unbound\n",
        "Romeo's priority is -1\n",
        "Romeo's full JID is \"romeo@localhost/a b\"\n",
        "Romeo's resource is unset\n",
        "Romeo's resource is \"unset\"\n",
        "Romeo's username is \"\"\n",
        "Romeo's presence is unset\n",
        "Romeo's roster is empty\n",
        "Romeo's roster is unset\n",
        "Romeo's roster is:\n\tnurse@localhost: none, ask, pending, approved, name \"\", group \"\\\"\"\n",
        "Romeo's block list is empty\n",
        "Romeo's block list is:\n\ttybalt@localhost\n\tmercutio.example\n",
        "Romeo's stream header is:\n\tfrom: localhost\n\tto: unset\n",
        "Romeo's link is encrypted\n",
        "Romeo's link is not encrypted\n",
        "Romeo's link breaks\n",
        "Romeo's link breaks after 1 byte\n",
        "Romeo's link breaks after 57 bytes to the server\n",
        "Romeo's link breaks after 0 bytes to the client\n",
        "Romeo's link takes 200 milliseconds\n",
        "Romeo's link carries 1000 bytes a second\n",
        "Romeo's link carries as much as it is given\n",
        "Romeo's link stalls for 5 seconds\n",
        "Romeo's link delivers in pieces of 1\n",
        "Romeo's link dies silently\n",
        "Romeo's session is not hibernating\n",
        "1 second passes\n",
        "1001 milliseconds pass\n",
        "61 minutes pass\n",
        "2 days pass\n",
        "the next load fails\n",
        "the next 3 saves fail\n",
        "saves take 1 hour\n",
        "the servers are parted\n",
        "the servers are joined again\n",
        "the server of \"localhost\" receives from \"evil.lit\":\n\t<message/>\n",
        "the server of \"localhost\" receives \"\\x00\\xff\" from \"evil.lit\"\n",
        "the server routes to \"evil.lit\":\n\t<message/>\n",
        "the server of \"localhost\" routes to \"evil.lit\":\n\t<message/>\n",
        "the server routes nothing\n",
        "the server routes nothing to \"evil.lit\"\n",
        "the server of \"localhost\" routes nothing\n",
        "the server of \"localhost\" routes nothing to \"evil.lit\"\n",
        "the server shuts down\n",
        "the server of \"localhost\" shuts down\n",
        "the server crashes\n",
        "the server crashes, keeping its writes\n",
        "the server of \"localhost\" crashes, losing its writes\n",
        "the server crashes in 3 milliseconds\n",
        "the server of \"localhost\" crashes in 3 milliseconds, keeping its writes\n",
        "the server crashes during the next save\n",
        "the server of \"localhost\" crashes during the 3rd save from now, losing its writes\n",
        "the server starts again\n",
        "the server of \"localhost\" starts again\n",
        "the 2nd load from now fails\n",
        "the 13th save from now fails\n",
        "the next allocation fails\n",
        "the 121st allocation from now fails\n",
        "the clock jumps 1 hour ahead\n",
        "the clock jumps 5 minutes back\n",
    };
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        assert_step_stays(steps[i]);
}

static void a_step_is_printed_in_the_first_of_its_wordings(void **state)
{
    (void)state;
    assert_printed_as("Romeo receives nothing for 60 seconds\n", "Romeo receives: nothing for 1 minute\n");
    assert_printed_as("The next 1 loads fail\n", "the next load fails\n");
    assert_printed_as("Romeo has 1 sessions\n", "Romeo has 1 session\n");
    assert_printed_as("Romeo opens a stream with:\n\tto: localhost\n",
                      "Romeo opens a stream to \"localhost\"\n");
    assert_printed_as("Romeo fails to bind conflict\n", "Romeo fails to bind: conflict\n");
    assert_printed_as("1000 milliseconds pass\n", "1 second passes\n");
}

static void steps_of_one_line_stand_together(void **state)
{
    (void)state;
    assert_printed_as(
        "Romeo connects\n\nJuliet's phone connects\nRomeo sends:\n  <presence/>\nRomeo disconnects\n",
        "Romeo connects\nJuliet's phone connects\n\nRomeo sends:\n\t<presence/>\n\nRomeo disconnects\n");
}

static void steps_at_the_same_time_are_indented(void **state)
{
    (void)state;
    assert_step_stays("at the same time:\n"
                      "\tRomeo connects\n"
                      "\tJuliet's phone connects\n"
                      "\n"
                      "\tRomeo sends raw in pieces of 1:\n"
                      "\t\t<message>\n"
                      "\t\t\t\"Hist!\"\n"
                      "\n"
                      "\t\t</message>\n");
}

static void pipelined_steps_are_indented(void **state)
{
    (void)state;
    assert_step_stays("Romeo connects\n"
                      "\n"
                      "Romeo pipelines:\n"
                      "\tRomeo restarts the stream\n"
                      "\n"
                      "\tRomeo sends:\n"
                      "\t\t<presence/>\n"
                      "\n"
                      "\tRomeo closes the stream\n"
                      "\n"
                      "Romeo disconnects\n");
}

static void every_variant_is_printed(void **state)
{
    (void)state;
    const struct scram_variant *variant;
    for (size_t i = 0; (variant = scram_variant_at(i)) != NULL; i++) {
        char step[200];
        (void)snprintf(step, sizeof step, "Romeo fails to finish authenticating with %s: x\n", variant->name);
        assert_step_stays(step);
    }
}

static void a_head_with_everything_in_it(void **state)
{
    (void)state;
    assert_printed_as_it_stands(
        "# A head: with everything in it\n"
        "## strict\n"
        "## rfc: 6121 2.1: more\n"
        "## fails: some \"words\"\n"
        "## seed: 7\n"
        "## checks only\n"
        "\n"
        "[Server] Montague\n"
        "\thost: montague.lit\n"
        "\tanonymous: guests.montague.lit\n"
        "\tconflict: increment\n"
        "\tdelivery: all\n"
        "\tmechanisms: SCRAM-SHA-1, PLAIN\n"
        "\tfeatures: none\n"
        "\ttls: optional\n"
        "\tplain without tls: no\n"
        "\ttell last presence: yes\n"
        "\tstanza bytes: 10000\n"
        "\tlogin time: none\n"
        "\tkeepalive: ping\n"
        "\tidle time: 90 seconds\n"
        "\tstream management: off\n"
        "\tack after: 3\n"
        "\n"
        "[Server] Capulet\n"
        "\thost: capulet.lit\n"
        "\thost: b.capulet.lit\n"
        "\tfeatures: offline, blocking\n"
        "\n"
        "[Client] Romeo\n"
        "\tjid: romeo@montague.lit/or/chard of his\n"
        "\tpassword: a : b\n"
        "\tmechanism: PLAIN\n"
        "\ttls: yes\n"
        "\tcertificate: romeo@montague.lit, montague.lit\n"
        "\tchannel binding: none\n"
        "\n"
        "[Client] A guest\n"
        "\tjid: guests.montague.lit\n"
        "\ttls: no\n"
        "\taccount: none\n"
        "\n"
        "[Client] Tybalt\n"
        "\tjid: tybalt@capulet.lit\n"
        "\taccount: disabled\n"
        "\n"
        "[Account] nurse@capulet.lit\n"
        "\tpassword: secret\n"
        "\taccount: expired\n"
        "\n"
        "[Roster] tybalt@capulet.lit\n"
        "\tnurse@capulet.lit: from, approved, name \"Die \\\\ Amme\\n\", group \"a\", group \"b\"\n"
        "\n"
        "[Roster] nurse@capulet.lit\n"
        "\n"
        "[Blocklist] romeo@montague.lit\n"
        "\ttybalt@capulet.lit/hall\n"
        "\n"
        "---------\n"
        "\n"
        "Romeo connects\n");
}

static void a_host_is_named_where_the_cast_does_not_say_it(void **state)
{
    (void)state;
    /* The domains of the cast are added behind the hosts that are named (scenarios/README.md, [Server]). */
    assert_printed_as_it_stands("[Server]\n"
                                "\thost: b.lit\n"
                                "\n"
                                "[Client] Romeo\n"
                                "\tjid: romeo@a.lit\n"
                                "\n"
                                "[Client] Juliet\n"
                                "\tjid: juliet@b.lit\n"
                                "\n"
                                "---------\n"
                                "\n"
                                "Romeo connects\n");
}

static void a_server_is_printed_only_where_it_is_unusual(void **state)
{
    (void)state;
    struct scenario *scenario = parse("[Server]\n\thost: localhost\n\ttls: none\n\tconflict: kick_old\n"
                                      "\tstream management: on\n\tlogin time: 300 seconds\n"
                                      "[Client] Romeo\n\tjid: romeo@localhost\n---\nRomeo connects\n");
    char *printed = scenario_print(scenario);
    assert_string_equal(printed, "[Client] Romeo\n\tjid: romeo@localhost\n\n---------\n\nRomeo connects\n");
    free(printed);
    scenario_free(scenario);
}

static void a_row_of_a_table_becomes_a_file(void **state)
{
    (void)state;
    struct scenario *scenario =
        parse("# A ${type}\n[Table]\n\ttype\n\tchat\n\tnormal\n"
              "[Client] Romeo\n\tjid: romeo@localhost\n---\n"
              "when type is chat, Romeo connects\nwhen type is normal, Romeo disconnects\n");
    char *printed = scenario_print(scenario);
    assert_string_equal(
        printed, "# A chat\n\n[Client] Romeo\n\tjid: romeo@localhost\n\n---------\n\nRomeo connects\n");
    free(printed);
    scenario_free(scenario);
}

/* ---- Bytes and stanzas ---- */

static void bytes_in_quotes_are_escaped(void **state)
{
    (void)state;
    assert_step_stays("Romeo sends raw \"\\x00a\\n\\t\\r\\x1f\\x7f\\xff\\xc2\\x85 \xe2\x82\xac\"\n");
    assert_step_stays("Romeo sends raw \"\" in pieces of 2\n");
    assert_step_stays("Romeo sends raw \"a \\\"b\\\" \"\n"); /* a blank at the end would be invisible */
    assert_step_stays("Romeo sends raw \"\\na\"\n");
    assert_step_stays("Romeo sends raw \"a\\n\"\n");
    assert_step_stays("Romeo sends raw \"a\\n \\nb\"\n");
    assert_step_stays("Romeo sends raw \" a\\nb\"\n");
    assert_step_stays("Romeo sends raw \"a\\r\\nb\"\n");
}

static void text_with_quotes_or_lines_is_a_block(void **state)
{
    (void)state;
    assert_printed_as("Romeo sends raw \"<a b=\\\"c\\\"/>\" in pieces of 3\n",
                      "Romeo sends raw in pieces of 3:\n\t<a b=\"c\"/>\n");
    assert_printed_as("Romeo sends raw \"<a>\\n\\n  # no comment\\n</a>\"\n",
                      "Romeo sends raw:\n\t<a>\n\n\t  # no comment\n\t</a>\n");
    assert_printed_as("Romeo sends raw:\n\t<a/>\n", "Romeo sends raw \"<a/>\"\n");
}

static void text_from_another_server_is_a_block_where_it_can_be_one(void **state)
{
    (void)state;
    assert_printed_as("The server of \"localhost\" receives \"<a/>\" from \"evil.lit\"\n",
                      "the server of \"localhost\" receives from \"evil.lit\":\n\t<a/>\n");
    assert_step_stays("the server of \"localhost\" receives \"<a/>\\n\" from \"evil.lit\"\n");
    assert_step_stays("the server of \"localhost\" receives \"\" from \"evil.lit\"\n");
    assert_step_stays("the server of \"localhost\" receives from \"evil.lit\":\n"
                      "\t<a>\x01 \n"
                      "\n"
                      "\t\tb\r\r\n" /* a line ends in CRLF or LF, so the first CR is the text's */
                      "\t\x7f</a>\t\n");
}

static void sent_white_space_is_kept(void **state)
{
    (void)state;
    assert_step_stays("Romeo sends:\n\t<iq type=\"set\">\n\t\t<query xmlns=\"jabber:iq:roster\"> "
                      "<a/>\t</query>\n\n\t</iq>\n");
    assert_printed_as("Romeo sends:\n  <message>\n  <body>a\n  b</body></message>\n",
                      "Romeo sends:\n\t<message>\n  <body>a\n  b</body></message>\n");
}

/* What would stand at the margin, or on a line of blanks, would be read as something else. */
static void a_line_feed_that_would_be_lost_is_a_reference(void **state)
{
    (void)state;
    assert_step_stays("Romeo sends:\n\t<message><body>a&#10;b&#10;</body></message>\n");
    assert_step_stays("Romeo sends:\n\t<message><body>a&#10; \n\tb</body></message>\n");
    assert_step_stays("Romeo sends:\n\t<message><body>a&#10;&#10;b&#13;\n\n\tc</body></message>\n");
    assert_printed_as("at the same time:\n    Romeo sends:\n        <message>\n        </message>\n",
                      "at the same time:\n\tRomeo sends:\n\t\t<message>&#10;        </message>\n");
}

static void expected_stanzas_are_laid_out(void **state)
{
    (void)state;
    assert_printed_as("Romeo receives:\n\t<iq>\n\t\t<query xmlns='a'/>\n\t</iq>\n",
                      "Romeo receives:\n\t<iq><query xmlns=\"a\"/></iq>\n");
    assert_printed_as(
        "Romeo receives:\n\t<iq type='result' from='juliet@capulet.example/balcony' to='x'><query "
        "xmlns='jabber:iq:roster'><item jid='nurse@localhost' subscription='none'/></query></iq>\n",
        "Romeo receives:\n\t<iq type=\"result\" from=\"juliet@capulet.example/balcony\" to=\"x\">\n"
        "\t\t<query xmlns=\"jabber:iq:roster\"><item jid=\"nurse@localhost\" "
        "subscription=\"none\"/></query>\n"
        "\t</iq>\n");
}

static void namespaces_and_references_survive(void **state)
{
    (void)state;
    assert_step_stays("Romeo sends:\n\t<message xml:lang=\"de\" "
                      "a=\"&lt;&quot;'&amp;&#10;&#9;\"><body>&lt;&amp;&gt; \"'</body>"
                      "<x xmlns=\"\"><y xmlns=\"jabber:client\"/></x></message>\n");
    assert_step_stays("Romeo receives:\n\t<message xmlns:p=\"urn:p\" p:a=\"1\" scansion:strict=\"true\" "
                      "id=\"{scansion:capture:x}\"/>\n");
    assert_printed_as("Romeo receives:\n\t<stream:error><a xmlns='b'><![CDATA[<>]]></a></stream:error>\n",
                      "Romeo receives:\n\t<error xmlns=\"http://etherx.jabber.org/streams\">"
                      "<a xmlns=\"b\">&lt;&gt;</a></error>\n");
}

static void variables_stand_as_they_stood(void **state)
{
    (void)state;
    assert_step_stays(
        "Romeo receives:\n\t<message from=\"${Juliet's phone's full JID}\" id=\"{scansion:capture:id}\"/>\n"
        "\nRomeo sends raw \"${id} ${Romeo's JID}\"\nRomeo's resource is \"${id}\"\n");
}

/* ---- Steps of which something is missing ---- */

static void a_step_with_an_empty_block_is_left_out(void **state)
{
    (void)state;
    char *text = below_two_clients("Romeo connects\n");
    struct scenario *scenario = parse(text);
    struct step sends = { .verb = STEP_SENDS, .actor = 0 };
    struct step inner = { .verb = STEP_RECEIVES, .actor = 1 };
    struct step outer = { .verb = STEP_AT_THE_SAME_TIME, .actor = -1, .steps = &inner, .next = &sends };
    scenario->steps->next = &outer;
    char *printed = scenario_print(scenario);
    assert_string_equal(printed, text);
    free(printed);
    free(text);
    scenario_free(scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_scenario_is_read_back_as_the_same_tree),
        cmocka_unit_test(every_scenario_runs_the_same_once_printed),
        cmocka_unit_test(every_wording_is_printed_as_in_the_reference),
        cmocka_unit_test(a_step_is_printed_in_the_first_of_its_wordings),
        cmocka_unit_test(steps_of_one_line_stand_together),
        cmocka_unit_test(steps_at_the_same_time_are_indented),
        cmocka_unit_test(pipelined_steps_are_indented),
        cmocka_unit_test(every_variant_is_printed),
        cmocka_unit_test(a_head_with_everything_in_it),
        cmocka_unit_test(a_host_is_named_where_the_cast_does_not_say_it),
        cmocka_unit_test(a_server_is_printed_only_where_it_is_unusual),
        cmocka_unit_test(a_row_of_a_table_becomes_a_file),
        cmocka_unit_test(bytes_in_quotes_are_escaped),
        cmocka_unit_test(text_with_quotes_or_lines_is_a_block),
        cmocka_unit_test(text_from_another_server_is_a_block_where_it_can_be_one),
        cmocka_unit_test(sent_white_space_is_kept),
        cmocka_unit_test(a_line_feed_that_would_be_lost_is_a_reference),
        cmocka_unit_test(expected_stanzas_are_laid_out),
        cmocka_unit_test(namespaces_and_references_survive),
        cmocka_unit_test(variables_stand_as_they_stood),
        cmocka_unit_test(a_step_with_an_empty_block_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
