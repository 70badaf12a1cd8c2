/*
 * A run as a whole: its order, its world, its hash, the explanation of a failure; and wrong servers.
 */
#include "../player/player.h"

#include "../../core/tests/shallow.h"
#include "../world/heap.h"
#include "liar.h"
#include "player_rig.h"

#define BOTH           "Romeo connects\nJuliet connects\n"
#define SENDS(body)    "Romeo sends:\n\t<message to='juliet@localhost/balcony'><body>" body "</body></message>\n"
#define RECEIVES(body) "Juliet receives:\n\t<message><body>" body "</body></message>\n"

/* ---- Results of a run ---- */

static void a_run_tells_its_time_its_events_and_its_hash(void **state)
{
    (void)state;
    struct player_result result = run_as(CAST BOTH, &loosely);
    assert_true(result.passed);
    assert_true(result.virtual_time > 0 && result.virtual_time < SIM_SECOND);
    assert_true(result.events > 20);
    assert_int_not_equal(result.trace_hash, 0);
    player_result_free(&result);
    result = run_as(CAST "1 hour passes\n", &loosely);
    assert_int_equal(result.virtual_time, 3600 * SIM_SECOND);
    assert_int_equal(result.events, 0);
    player_result_free(&result);
}

static uint64_t hash_of(const char *text, enum choice_policy policy, uint64_t seed)
{
    struct player_result result = run_as(text, &(struct player_options){ .policy = policy, .seed = seed });
    uint64_t hash = result.trace_hash;
    player_result_free(&result);
    return hash;
}

static void two_runs_of_the_same_are_the_same(void **state)
{
    (void)state;
    static const char text[] = FRIENDS CAST BOTH SENDS("a") "At the same time:\n\tRomeo disconnects\n"
                                                            "\tJuliet disconnects\n";
    static const char failing[] = CAST BOTH "Juliet is available\n";
    assert_int_equal(hash_of(text, CHOICE_SCRIPTED, 0), hash_of(text, CHOICE_SCRIPTED, 0));
    assert_int_equal(hash_of(text, CHOICE_SEEDED, 7), hash_of(text, CHOICE_SEEDED, 7));
    assert_int_equal(hash_of(failing, CHOICE_SEEDED, 7), hash_of(failing, CHOICE_SEEDED, 7));
    assert_int_not_equal(hash_of(text, CHOICE_SEEDED, 7), hash_of(text, CHOICE_SEEDED, 8));
    assert_int_not_equal(hash_of(text, CHOICE_SCRIPTED, 0), hash_of(failing, CHOICE_SCRIPTED, 0));
}

static void keep_line(void *host, uint64_t number, const char *line, size_t length)
{
    (void)number;
    text_append(host, line, length);
}

static void the_sink_gets_the_trace(void **state)
{
    (void)state;
    struct text trace = { 0 };
    struct player_options options = { .trace = keep_line, .trace_host = &trace };
    passes_as(CAST "Romeo opens a connection\n1 second passes\n", &options);
    assert_string_equal(trace.bytes, "0.000000000 step Romeo opens a connection\n"
                                     "0.000000000 Romeo dials\n"
                                     "0.001000000 Romeo -> opened\n"
                                     "0.002000000 Romeo <- opened\n"
                                     "0.002000000 step 1 second passes\n"
                                     "1.002000000 Romeo breaks\n"
                                     "1.003000000 Romeo -> ended\n");
    text_free(&trace);
}

/* ---- Explanations of failures ---- */

static const char *in_order(const char *text, const char *part)
{
    const char *found = strstr(text, part);
    if (found == NULL)
        print_error("\"%s\" is not in:\n%s", part, text);
    assert_non_null(found);
    return found + strlen(part);
}

static void a_failure_is_explained_completely(void **state)
{
    (void)state;
    struct player_options options = { .replay = "rehearse run --seed 3 test.scs" };
    struct player_result result = run_as(CAST BOTH SENDS("a") RECEIVES("b"), &options);
    assert_false(result.passed);
    const char *at = result.explanation;
    at = in_order(at, "test.scs:12: Juliet receives:\n");
    at = in_order(at, "  expected Juliet to receive this message; ");
    at = in_order(at, "the most similar stanza differs\n");
    at = in_order(at, "expected");
    at = in_order(at, "received\n");
    at = in_order(at, "expected 'b', got 'a'\n");
    at = in_order(at, "\n  the last lines of the trace (of ");
    at = in_order(at, "step Romeo sends:\n");
    at = in_order(at, "step Juliet receives:\n");
    at = in_order(at, "\n  the clients:\n");
    at = in_order(at, "    Romeo: bound; session c2s romeo@localhost/orchard\n");
    at = in_order(at, "    Juliet: bound; session c2s juliet@localhost/balcony; 1 not consumed:\n");
    at = in_order(at, "        <message ");
    at = in_order(at, "\n  to reproduce:\n    rehearse run --seed 3 test.scs\n");
    assert_string_equal(at, "");
    player_result_free(&result);
}

static void a_session_is_described_in_every_state(void **state)
{
    (void)state;
    struct player_result result =
        run_as("[Client] Nurse\n\tjid: nurse@localhost\n" CAST "Nurse connects\nNurse sends:\n"
               "\t<presence><priority>3</priority></presence>\n"
               "\t<iq type='get'><query xmlns='jabber:iq:roster'/></iq>\n"
               "Romeo opens a connection\nRomeo opens a stream\nRomeo authenticates\n"
               "Nurse is not connected\n",
               &loosely);
    assert_string_equal(result.summary, "Nurse is connected");
    const char *at = in_order(result.explanation, "Nurse: bound; session c2s nurse@localhost/");
    at = in_order(at, ", available, priority 3, interested; 2 not consumed:\n");
    at = in_order(at, "Romeo: authenticated; session c2s_unbound of romeo@localhost\n");
    (void)in_order(at, "Juliet: away\n");
    assert_null(strstr(result.explanation, "to reproduce"));
    assert_null(strstr(result.explanation, "\033["));
    player_result_free(&result);
}

static void an_end_is_listed_among_the_received_items(void **state)
{
    (void)state;
    struct player_result result =
        run_as(CAST "Romeo opens a connection\n6 minutes pass\nRomeo is connected\n", &loosely);
    const char *at = in_order(result.explanation, "Romeo: ended; 2 not consumed:\n");
    at = in_order(at, "        <error ");
    (void)in_order(at, "        the end of the stream\n");
    player_result_free(&result);
}

static void a_failure_may_be_explained_in_colour(void **state)
{
    (void)state;
    struct player_result result = run_as(CAST BOTH RECEIVES("b"), &(struct player_options){ .colour = true });
    assert_non_null(strstr(result.explanation, "\033["));
    player_result_free(&result);
}

/* The widest line of the two sides: a sentence is not wrapped above them, and lines of the trace nowhere. */
static size_t widest_line(const char *explanation)
{
    const char *end = strstr(explanation, "\n  the last events");
    size_t widest = 0;
    for (const char *line = strstr(explanation, "  expected"); line < end; line += strcspn(line, "\n") + 1)
        widest = strcspn(line, "\n") > widest ? strcspn(line, "\n") : widest;
    return widest;
}

/* A report indents an explanation by six columns. */
static void a_failure_is_as_wide_as_the_terminal(void **state)
{
    (void)state;
    static const unsigned columns[] = { 80, 100, 160 };
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        struct player_options options = { .columns = columns[i] };
        struct player_result result = run_as(CAST BOTH SENDS("a") RECEIVES("b"), &options);
        assert_true(widest_line(result.explanation) + 6 <= columns[i]);
        (void)in_order(in_order(result.explanation, "expected "), " received\n");
        player_result_free(&result);
    }
    struct player_result narrow =
        run_as(CAST BOTH SENDS("a") RECEIVES("b"), &(struct player_options){ .columns = 60 });
    (void)in_order(in_order(narrow.explanation, "\n  expected\n"), "\n  received\n");
    player_result_free(&narrow);
}

static void an_expected_failure_has_the_same_text_in_every_width_and_colour(void **state)
{
    (void)state;
    static const char text[] = "## fails: expected\n" CAST BOTH SENDS("a") RECEIVES("b");
    struct player_result usual = run_as(text, &loosely);
    struct player_result narrow = run_as(text, &(struct player_options){ .columns = 40, .colour = true });
    assert_string_equal(usual.explanation, narrow.explanation);
    player_result_free(&usual);
    player_result_free(&narrow);
}

static void what_a_terminal_obeys_is_escaped_in_a_failure(void **state)
{
    (void)state;
    struct player_result result =
        run_as("[Client] \x1b[2JNurse\n\tjid: nurse@localhost\n" CAST "\x1b[2JNurse connects\n"
               "\x1b[2JNurse sends:\n\t<presence/>\n\x1b[2JNurse is not available\n",
               &loosely);
    assert_string_equal(result.summary, "\\x1b[2JNurse is available");
    assert_null(strchr(result.explanation, '\x1b'));
    (void)in_order(result.explanation, "\n    \\x1b[2JNurse: bound");
    player_result_free(&result);
}

static void a_failure_at_the_end_has_no_line(void **state)
{
    (void)state;
    struct player_result result = run_as(CAST BOTH SENDS("a"), &strictly);
    assert_int_equal(result.line, 0);
    (void)in_order(result.explanation, "test.scs: at the end\n");
    player_result_free(&result);
}

/* Nothing is run after the first failure. */
static void the_first_step_that_fails_ends_the_run(void **state)
{
    (void)state;
    struct player_result result = run_as(CAST "Romeo is connected\n1 hour passes\n", &loosely);
    assert_int_equal(result.line, FIRST_STEP);
    assert_int_equal(result.virtual_time, 0);
    player_result_free(&result);
}

/* Data under way is freed with the world, and the server frees its memory. */
static void a_run_that_fails_in_the_middle_leaves_nothing(void **state)
{
    (void)state;
    const struct heap_use before = heap_use();
    fails("[Client] Nurse\n\tjid: nurse@localhost\n" CAST BOTH "Loads take 1 hour\n"
          "At the same time:\n"
          "\tRomeo sends:\n"
          "\t\t<presence/>\n"
          "\tJuliet sends:\n"
          "\t\t<message to=\"${Nurse's full JID}\"/>\n",
          FIRST_STEP + 8, "the variable ${Nurse's full JID} is not defined here");
    assert_int_equal(heap_use().bytes, before.bytes);
    assert_int_equal(heap_use().blocks, before.blocks);
}

/* ---- At the same time ---- */

static void steps_at_the_same_time_pass_in_every_order(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++)
        passes_as(FRIENDS CAST "At the same time:\n"
                               "\tRomeo connects\n"
                               "\tJuliet connects\n"
                               "At the same time:\n"
                               "\tRomeo sends:\n"
                               "\t\t<presence/>\n"
                               "\tJuliet sends:\n"
                               "\t\t<presence/>\n"
                               "Romeo is available\nJuliet is available\n",
                  &(struct player_options){ .policy = CHOICE_SEEDED, .seed = seed });
}

static void an_actors_own_steps_stay_in_order(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++)
        passes_as(CAST BOTH
                  "At the same time:\n"
                  "\tRomeo sends:\n"
                  "\t\t<message to='juliet@localhost/balcony'><body>1</body></message>\n"
                  "\tJuliet sends:\n"
                  "\t\t<message to='romeo@localhost/orchard'><body>x</body></message>\n"
                  "\tRomeo sends:\n"
                  "\t\t<message to='juliet@localhost/balcony'><body>2</body></message>\n"
                  "\tRomeo sends:\n"
                  "\t\t<message to='juliet@localhost/balcony'><body>3</body></message>\n" RECEIVES("1")
                      RECEIVES("2") RECEIVES("3") "Romeo receives:\n\t<message/>\n",
                  &(struct player_options){ .policy = CHOICE_SEEDED, .seed = seed, .strict = true });
}

/* RFC 6120, 7.7.2.2: of two clients that bind the same resource the newer one wins, in either order. */
static void which_client_is_first_is_a_choice(void **state)
{
    (void)state;
    bool first[2] = { false, false };
    for (uint64_t seed = 0; seed < 40; seed++) {
        struct player_result result =
            run_as("[Client] One\n\tjid: romeo@localhost/orchard\n"
                   "[Client] Two\n\tjid: romeo@localhost/orchard\n"
                   "---\n"
                   "One opens a connection\nTwo opens a connection\n"
                   "At the same time:\n\tOne opens a stream\n\tTwo opens a stream\n"
                   "One authenticates\nTwo authenticates\n"
                   "One restarts the stream\nTwo restarts the stream\n"
                   "At the same time:\n\tOne sends raw \"<iq type='set' id='b'><bind "
                   "xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>orchard</resource></bind></iq>\"\n"
                   "\tTwo sends raw \"<iq type='set' id='b'><bind "
                   "xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>orchard</resource></bind></iq>\"\n"
                   "One is connected\n",
                   &(struct player_options){ .policy = CHOICE_SEEDED, .seed = seed });
        assert_null(result.check);
        first[result.line == 0 ? 0 : 1] = true;
        player_result_free(&result);
    }
    assert_true(first[0] && first[1]);
}

static void a_step_at_the_same_time_is_judged(void **state)
{
    (void)state;
    fails(CAST BOTH "At the same time:\n"
                    "\tRomeo disconnects\n"
                    "\tJuliet is available\n",
          FIRST_STEP + 4, "Juliet is not available");
    fails(CAST "At the same time:\n"
               "\tJuliet connects\n"
               "\tRomeo closes the stream\n",
          FIRST_STEP + 2, "Romeo has no connection: it is away");
}

static void time_may_pass_while_others_act(void **state)
{
    (void)state;
    passes(CAST "At the same time:\n\t1 hour passes\n\tRomeo connects\n\t1 hour passes\n"
                "Romeo is connected\n");
}

/* ---- The world ---- */

static void bytes_may_go_in_pieces(void **state)
{
    (void)state;
    passes_strictly(CAST BOTH "Romeo sends raw \"<message to='juliet@localhost/balcony'><body>\\xc3\\xa9"
                              "</body></message>\" in pieces of 1\n" RECEIVES("\xc3\xa9"));
    passes_strictly(CAST BOTH "Romeo's link delivers in pieces of 1\n" SENDS("a") RECEIVES("a"));
    passes_strictly(CAST "Juliet's link delivers in pieces of 3\n" BOTH SENDS("a") RECEIVES("a"));
    struct player_result whole = run_as(CAST BOTH "Romeo sends raw \"<presence/>\"\n", &loosely);
    struct player_result pieces =
        run_as(CAST BOTH "Romeo sends raw \"<presence/>\" in pieces of 1\n", &loosely);
    assert_int_equal(pieces.events, whole.events + strlen("<presence/>") - 1);
    player_result_free(&whole);
    player_result_free(&pieces);
}

/* RFC 6120, 11.1 and XML 1.0, 2.2: a NUL is no character. */
static void bytes_may_hold_a_nul_and_are_sent_as_they_are(void **state)
{
    (void)state;
    passes_strictly(CAST "Romeo connects\nRomeo sends raw \"<message>$ {\\x00\"\n"
                         "Romeo receives stream error not-well-formed\n"
                         "Romeo receives the end of the stream\nRomeo's connection is closed\n");
}

#define SETS                                                                                                 \
    "Romeo sends:\n"                                                                                         \
    "\t<iq type='set' id='1'><query xmlns='jabber:iq:roster'><item jid='juliet@localhost'/></query></iq>\n"

static void the_disk_fails_as_often_as_set(void **state)
{
    (void)state;
    passes_strictly(CAST "Romeo connects\nThe next 2 saves fail\n" SETS "Romeo receives:\n"
                         "\t<iq type='error' id='1'/>\n" SETS "Romeo receives:\n"
                         "\t<iq type='error' id='1'/>\n" SETS "Romeo receives:\n"
                         "\t<iq type='result' id='1'/>\n");
    /* RFC 6120, 6.5.11. */
    passes(CAST "Romeo opens a connection\nRomeo opens a stream\nThe next load fails\n"
                "Romeo fails to authenticate: temporary-auth-failure\nRomeo authenticates\n");
}

static void the_disk_is_as_slow_as_set(void **state)
{
    (void)state;
    struct player_result result =
        run_as(CAST "Romeo connects\nSaves take 10 seconds\n" SETS "Romeo receives:\n"
                    "\t<iq type='result' id='1'/>\n",
               &loosely);
    assert_true(result.passed);
    assert_true(result.virtual_time >= 10 * SIM_SECOND && result.virtual_time < 11 * SIM_SECOND);
    player_result_free(&result);
    fails(CAST "Loads take 366 days\n", FIRST_STEP, "the disk time is too long: the maximum is 365 days");
    passes(CAST "Saves take 365 days\n");
    fails(CAST "Romeo's link takes 25 hours\n", FIRST_STEP,
          "the time is too long for a link: the maximum is one day");
    fails(CAST "Romeo's link stalls for 25 hours\n", FIRST_STEP,
          "the time is too long for a link: the maximum is one day");
    passes(CAST "Romeo's link stalls for 1 day\n");
}

static void the_world_ends(void **state)
{
    (void)state;
    static const char ended[] = "the time is too long: virtual time ends after 146 years";
    passes(CAST "53000 days pass\n" BOTH SENDS("a") RECEIVES("a"));
    fails(CAST "53000 days pass\n1000 days pass\n", FIRST_STEP + 1, ended);
    fails(CAST "200000 days pass\n", FIRST_STEP, ended);
    fails(CAST "Romeo receives nothing for 200000 days\n", FIRST_STEP, ended);
}

/* ---- Accounts, rosters and settings ---- */

/* core.h: a roster's items are XML, so what an item says is escaped in it. */
static void a_roster_may_hold_any_characters(void **state)
{
    (void)state;
    passes("[Roster] romeo@localhost\n"
           "\tjuliet@localhost: to, name \"<'&\\\">\", group \"a & b\", group \"<c>\"\n" CAST
           "Romeo connects\n"
           "Romeo's roster is:\n"
           "\tjuliet@localhost: to, name \"<'&\\\">\", group \"a & b\", group \"<c>\"\n");
}

static void pending_requests_are_sent_to_a_new_client(void **state)
{
    (void)state;
    passes_strictly("[Roster] romeo@localhost\n\tjuliet@localhost: none, pending\n" CAST
                    "Romeo connects\nRomeo sends:\n\t<presence/>\n"
                    "Romeo receives in any order:\n"
                    "\t<presence from='romeo@localhost/orchard'/>\n"
                    "\t<presence type='subscribe' from='juliet@localhost'/>\n");
}

/* RFC 6120, 6.5.2 and 6.5.3. */
static void an_account_may_not_be_allowed_in(void **state)
{
    (void)state;
    passes("[Client] Nurse\n\tjid: nurse@localhost\n\tpassword: n\n\taccount: disabled\n"
           "[Account] paris@localhost\n\tpassword: p\n\taccount: expired\n" CAST
           "Nurse opens a connection\nNurse opens a stream\n"
           "Nurse fails to authenticate with PLAIN: account-disabled\n"
           "Nurse fails to authenticate with PLAIN as \"paris\" using password \"p\": credentials-expired\n");
}

/* RFC 7622, 3.2: a domain has at most 1023 bytes. */
static void settings_that_the_server_refuses_fail_the_run(void **state)
{
    (void)state;
    char host[1025];
    memset(host, 'x', sizeof host);
    host[sizeof host - 1] = '\0';
    char text[2000];
    (void)snprintf(text, sizeof text, "[Server]\n\thost: %s\n%s", host, CAST "Romeo connects\n");
    struct player_result result = run_as(text, &loosely);
    assert_string_equal(result.summary,
                        "the server refuses these settings: a host name is not a valid domain");
    assert_int_equal(result.line, 0);
    assert_int_equal(result.events, 0);
    (void)in_order(result.explanation, "the last lines of the trace (of 0):\n");
    player_result_free(&result);
}

/* ---- Servers that are no good ---- */

static void fails_lying(struct lie what, const struct server_kind *kind, const char *text, int line,
                        const char *summary)
{
    lie = what;
    fails_as(text, &(struct player_options){ .kind = kind }, line, summary);
    lie = (struct lie){ 0 };
}

static void no_client_connects_to_a_server_that_refuses_connections(void **state)
{
    (void)state;
    const struct lie refuse = { .refuse = true };
    fails_lying(refuse, &liar_open, CAST "Romeo connects\n", FIRST_STEP,
                "expected Romeo to connect; it was refused during the stream: connection-ended");
    fails_lying(refuse, &liar_open, CAST "Romeo opens a connection\n", FIRST_STEP,
                "expected Romeo to have a connection; it is ended");
    fails_lying(refuse, &liar_open,
                CAST "At the same time:\n\tRomeo opens a connection\n\tJuliet's connection is closed\n",
                FIRST_STEP + 1, "expected Romeo to have a connection; it is ended");
}

static void no_client_connects_to_a_silent_server(void **state)
{
    (void)state;
    const struct lie deaf = { .deaf = "<" };
    fails_lying(deaf, &liar_open, CAST "Romeo connects\n", FIRST_STEP,
                "expected Romeo to connect; it is opening");
    fails_lying((struct lie){ .deaf = "<auth" }, &liar_open,
                CAST "Romeo opens a connection\nRomeo opens a stream\n"
                     "Romeo fails to authenticate: not-authorized\n",
                FIRST_STEP + 2, "expected Romeo to fail; it is authenticating");
}

static void a_server_that_does_not_end_its_stream_is_noticed(void **state)
{
    (void)state;
    fails_lying((struct lie){ .never_closes = true }, &liar_open, CAST BOTH "Romeo disconnects\n",
                FIRST_STEP + 2, "expected Romeo to disconnect; it is closing");
}

static void input_that_is_not_xml_fails_every_scenario(void **state)
{
    (void)state;
    lie = (struct lie){ .to = 1, .seen = "<message", .add = "<a></b>", .add_to = 1 };
    struct player_result result =
        run_as(CAST BOTH SENDS("a") "Juliet disconnects\n", &(struct player_options){ .kind = &liar_open });
    lie = (struct lie){ 0 };
    assert_int_equal(result.line, FIRST_STEP + 2);
    const char *at = in_order(result.summary, "what the server sent to Juliet is not XML: ");
    assert_true(*at != '\0');
    (void)in_order(result.explanation, "\n        data that is not XML\n");
    player_result_free(&result);
}

/* Every push is acknowledged (RFC 6121, 2.1.6), and every acknowledgement gets another push. */
static void a_world_that_does_not_come_to_rest_is_stopped(void **state)
{
    (void)state;
    LONG_TEST();
    static const char push[] = "<iq type='set' id='x'><query xmlns='jabber:iq:roster'/></iq>";
    fails_lying((struct lie){ .seen = "</bind>", .add = push, .deaf = "id='x'", .reply = push }, &liar_shut,
                CAST "Romeo connects\n", FIRST_STEP, "no quiescence after 1000000 events");
}

static void a_session_left_in_the_tables_is_noticed_after_all_clients_left(void **state)
{
    (void)state;
    fails_lying((struct lie){ .ends_unheard = true }, &liar_open, CAST "Romeo connects\n", 0,
                "all clients have disconnected, but the server still has 1 sessions, 1 full JIDs, 1 accounts "
                "in memory and 1 "
                "sessions counted by host");
}

/* Nothing of it runs, not even its first step, which the server would refuse. */
static void is_skipped(const char *steps, const char *lack)
{
    char text[1000];
    (void)snprintf(text, sizeof text, "%s%s", CAST, steps);
    lie = (struct lie){ .refuse = true };
    struct player_result result = run_as(text, &(struct player_options){ .kind = &liar_shut });
    lie = (struct lie){ .refuse = false };
    assert_true(result.passed);
    assert_string_equal(result.skipped, lack);
    assert_int_equal(result.events, 0);
    player_result_free(&result);
}

static void steps_on_sessions_are_skipped_without_inspection(void **state)
{
    (void)state;
    is_skipped("Romeo connects\nRomeo has 1 session\n", "views");
    is_skipped("Romeo connects\nRomeo is connected\n", "views");
}

static void the_messages_of_an_account_with_a_very_long_name_are_counted(void **state)
{
    (void)state;
    char text[3000];
    char name[2001];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    (void)snprintf(text, sizeof text, CAST "%s@localhost has 0 offline messages\n", name);
    struct player_result result = run_as(text, &loosely);
    assert_true(result.passed);
    player_result_free(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_tells_its_time_its_events_and_its_hash),
        cmocka_unit_test(two_runs_of_the_same_are_the_same),
        cmocka_unit_test(the_sink_gets_the_trace),
        cmocka_unit_test(a_failure_is_explained_completely),
        cmocka_unit_test(a_session_is_described_in_every_state),
        cmocka_unit_test(an_end_is_listed_among_the_received_items),
        cmocka_unit_test(a_failure_may_be_explained_in_colour),
        cmocka_unit_test(a_failure_is_as_wide_as_the_terminal),
        cmocka_unit_test(an_expected_failure_has_the_same_text_in_every_width_and_colour),
        cmocka_unit_test(what_a_terminal_obeys_is_escaped_in_a_failure),
        cmocka_unit_test(a_failure_at_the_end_has_no_line),
        cmocka_unit_test(the_first_step_that_fails_ends_the_run),
        cmocka_unit_test(a_run_that_fails_in_the_middle_leaves_nothing),
        cmocka_unit_test(steps_at_the_same_time_pass_in_every_order),
        cmocka_unit_test(an_actors_own_steps_stay_in_order),
        cmocka_unit_test(which_client_is_first_is_a_choice),
        cmocka_unit_test(a_step_at_the_same_time_is_judged),
        cmocka_unit_test(time_may_pass_while_others_act),
        cmocka_unit_test(bytes_may_go_in_pieces),
        cmocka_unit_test(bytes_may_hold_a_nul_and_are_sent_as_they_are),
        cmocka_unit_test(the_disk_fails_as_often_as_set),
        cmocka_unit_test(the_disk_is_as_slow_as_set),
        cmocka_unit_test(the_world_ends),
        cmocka_unit_test(a_roster_may_hold_any_characters),
        cmocka_unit_test(pending_requests_are_sent_to_a_new_client),
        cmocka_unit_test(an_account_may_not_be_allowed_in),
        cmocka_unit_test(settings_that_the_server_refuses_fail_the_run),
        cmocka_unit_test(no_client_connects_to_a_server_that_refuses_connections),
        cmocka_unit_test(no_client_connects_to_a_silent_server),
        cmocka_unit_test(a_server_that_does_not_end_its_stream_is_noticed),
        cmocka_unit_test(input_that_is_not_xml_fails_every_scenario),
        cmocka_unit_test(a_world_that_does_not_come_to_rest_is_stopped),
        cmocka_unit_test(a_session_left_in_the_tables_is_noticed_after_all_clients_left),
        cmocka_unit_test(steps_on_sessions_are_skipped_without_inspection),
        cmocka_unit_test(the_messages_of_an_account_with_a_very_long_name_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
