/* Scenarios in every order, and pruning of known states. */
#include "../../core/tests/shallow.h"
#include "../player/exploration.h"
#include "../world/states.h"

#include "player_rig.h"

static struct exploration explore(const struct scenario *scenario)
{
    struct exploration exploration = { .scenario = scenario, .runs_most = 20000, .states_most = 20000 };
    exploration_go(&exploration);
    return exploration;
}

static void holds(const char *text)
{
    struct scenario *scenario = read_scenario(text);
    struct exploration exploration = explore(scenario);
    if (exploration.end == EXPLORATION_FAILED)
        print_error("%s", exploration.result.explanation);
    assert_int_equal(exploration.end, EXPLORATION_FINISHED);
    exploration_free(&exploration);
    scenario_free(scenario);
}

/* The failure's sentence holds those words. */
static void comes_to_fail(const char *text, const char *words)
{
    struct scenario *scenario = read_scenario(text);
    struct exploration exploration = explore(scenario);
    assert_int_equal(exploration.end, EXPLORATION_FAILED);
    assert_false(exploration.result.passed);
    if (strstr(exploration.result.summary, words) == NULL)
        print_error("%s", exploration.result.explanation);
    assert_non_null(strstr(exploration.result.summary, words));
    exploration_free(&exploration);
    scenario_free(scenario);
}

#define BOTH     "Romeo connects\nJuliet connects\n"
#define TOGETHER "At the same time:\n"
#define TWO_LETTERS                                                                                          \
    TOGETHER "\tRomeo sends:\n\t\t<message to='juliet@localhost/balcony' id='one'/>\n"                       \
             "\tJuliet sends:\n\t\t<message to='juliet@localhost/balcony' id='two'/>\n"

static void a_scenario_in_which_nothing_overlaps_has_few_orders(void **state)
{
    (void)state;
    struct scenario *scenario = read_scenario(CAST "Romeo connects\n");
    struct exploration exploration = explore(scenario);
    assert_int_equal(exploration.end, EXPLORATION_FINISHED);
    /* The connection is heard of at either end, and two stores are loaded. */
    assert_int_equal(exploration.states, 2);
    assert_int_equal(exploration.runs, 3);
    exploration_free(&exploration);
    scenario_free(scenario);
}

static void the_order_that_fails_is_found(void **state)
{
    (void)state;
    static const char first_one[] = "Juliet receives:\n\t<message id='one'/>\n\t<message id='two'/>\n";
    static const char first_two[] = "Juliet receives:\n\t<message id='two'/>\n\t<message id='one'/>\n";
    char text[2000];
    (void)snprintf(text, sizeof text, "## strict\n" CAST BOTH TWO_LETTERS "%s", first_one);
    comes_to_fail(text, "expected Juliet to receive this message");
    (void)snprintf(text, sizeof text, "## strict\n" CAST BOTH TWO_LETTERS "%s", first_two);
    comes_to_fail(text, "expected Juliet to receive this message");
    holds("## strict\n" CAST BOTH TWO_LETTERS
          "Juliet receives in any order:\n\t<message id='two'/>\n\t<message id='one'/>\n");
}

/* Three writes of a client, and between any two of them something else. */
static void each_write_arrives_by_itself(void **state)
{
    (void)state;
    static const char text[] = "## strict\n" CAST BOTH TOGETHER
                               "\tRomeo sends:\n\t\t<message to='juliet@localhost/balcony' id='a'/>\n"
                               "\t\t<message to='juliet@localhost/balcony' id='b'/>\n"
                               "\tJuliet sends:\n\t\t<message to='juliet@localhost/balcony' id='x'/>\n"
                               "Juliet receives in any order:\n\t<message id='x'/>\n"
                               "\t<message id='a'/>\n\t<message id='b'/>\n";
    holds(text);
    char other[2000];
    const char *last = strstr(text, "Juliet receives in");
    (void)snprintf(other, sizeof other, "%.*s%s", (int)(last - text), text,
                   "Juliet has not received:\n\t<message id='never'/>\n"
                   "Juliet receives:\n\t<message id='a'/>\n\t<message id='x'/>\n\t<message id='b'/>\n");
    comes_to_fail(other, "expected Juliet to receive this message");
}

/* The recording of a run replays it. */
static void the_path_of_a_failure_runs_it_again(void **state)
{
    (void)state;
    struct scenario *scenario =
        read_scenario("## strict\n" CAST BOTH TWO_LETTERS
                      "Juliet receives:\n\t<message id='one'/>\n\t<message id='two'/>\n");
    struct exploration exploration = explore(scenario);
    assert_int_equal(exploration.end, EXPLORATION_FAILED);
    char *line = recording_print(&exploration.path);
    struct recording recorded;
    assert_true(recording_parse(line, &recorded));
    struct player_options options = { .policy = CHOICE_RECORDED, .recording = &recorded, .any_order = true };
    struct player_result again;
    player_run(scenario, &options, &again);
    assert_int_equal(again.trace_hash, exploration.result.trace_hash);
    assert_string_equal(again.summary, exploration.result.summary);
    player_result_free(&again);
    recording_free(&recorded);
    free(line);
    exploration_free(&exploration);
    scenario_free(scenario);
}

static void the_tag_any_order_is_the_option(void **state)
{
    (void)state;
    static const char text[] = "## any order\n## choices: none\n" CAST BOTH TWO_LETTERS
                               "Juliet receives:\n\t<message id='one'/>\n\t<message id='two'/>\n";
    struct player_result tagged = run_as(text, &loosely);
    assert_int_equal(tagged.virtual_time, 0);
    assert_true(tagged.passed);
    const struct player_options any = { .policy = CHOICE_SCRIPTED, .any_order = true };
    struct player_result optional = run_as(strstr(text, CAST), &any);
    assert_int_equal(tagged.trace_hash, optional.trace_hash);
    struct player_result usual = run_as(strstr(text, CAST), &loosely);
    assert_true(usual.virtual_time > 0);
    player_result_free(&tagged);
    player_result_free(&optional);
    player_result_free(&usual);
}

static void bounds_are_kept(void **state)
{
    (void)state;
    struct scenario *scenario = read_scenario(CAST BOTH TWO_LETTERS);
    struct exploration all = explore(scenario);
    assert_int_equal(all.end, EXPLORATION_FINISHED);
    struct exploration exploration = { .scenario = scenario,
                                       .runs_most = all.runs,
                                       .states_most = all.states + 1 };
    exploration_go(&exploration);
    assert_int_equal(exploration.end, EXPLORATION_FINISHED);
    assert_int_equal(exploration.runs, all.runs);
    assert_int_equal(exploration.states, all.states);
    exploration_free(&exploration);
    exploration =
        (struct exploration){ .scenario = scenario, .runs_most = all.runs - 1, .states_most = 20000 };
    exploration_go(&exploration);
    assert_int_equal(exploration.end, EXPLORATION_GAVE_UP);
    assert_int_equal(exploration.runs, all.runs - 1);
    exploration_free(&exploration);
    exploration = (struct exploration){ .scenario = scenario, .runs_most = 20000, .states_most = 1 };
    exploration_go(&exploration);
    assert_int_equal(exploration.end, EXPLORATION_GAVE_UP);
    assert_int_equal(exploration.runs, 1);
    exploration_free(&exploration);
    exploration_free(&all);
    scenario_free(scenario);
}

static void a_failure_that_a_tag_expects_is_expected_of_every_order(void **state)
{
    (void)state;
    holds("## fails: is connected\n" CAST BOTH TWO_LETTERS "Romeo is not connected\n");
    comes_to_fail("## fails: to receive\n## strict\n" CAST BOTH TWO_LETTERS
                  "Juliet receives:\n\t<message id='one'/>\n\t<message id='two'/>\n",
                  "passed, but its tag says");
}

static void noted(void *host, const struct exploration *exploration)
{
    uint64_t *runs = host;
    assert_int_equal(exploration->runs, *runs);
    ++*runs;
}

static void each_run_is_reported_before_it_begins(void **state)
{
    (void)state;
    uint64_t told = 0;
    struct scenario *scenario = read_scenario(CAST BOTH TWO_LETTERS);
    struct exploration exploration = {
        .scenario = scenario, .runs_most = 20000, .states_most = 20000, .begins = noted, .host = &told
    };
    exploration_go(&exploration);
    assert_int_equal(told, exploration.runs);
    exploration_free(&exploration);
    scenario_free(scenario);
}

/* ---- Explored choices ---- */

#define MANAGED                                                                                              \
    "[Server]\n\tresume time: 5 minutes\n\tlogin time: none\n\tping time: none\n" CAST                       \
    "Romeo connects\nRomeo enables stream management\nRomeo drops the connection\n"

/* Either comes first. */
static void a_resumption_races_the_timeout(void **state)
{
    (void)state;
    holds("## fails: item-not-found\n" MANAGED "6 minutes pass\nRomeo resumes\n");
    holds(MANAGED TOGETHER "\t4 minutes pass\n\tRomeo resumes\n");
    comes_to_fail(MANAGED TOGETHER "\t5 minutes pass\n\tRomeo resumes\n", "item-not-found");
    comes_to_fail(MANAGED TOGETHER "\t5 minutes pass\n\tRomeo fails to resume: item-not-found\n",
                  "item-not-found");
}

/* Outside of a block it is as usual: everything before has happened. */
static void time_that_passes_by_itself_races_with_nothing(void **state)
{
    (void)state;
    LONG_TEST();
    holds("[Server]\n\tkeepalive: ping\n\tidle time: 1 minute\n\tping time: 1 second\n" CAST BOTH
          "1 hour passes\nRomeo is connected\nJuliet is connected\n");
}

#define SET_AND_CRASH                                                                                        \
    TOGETHER "\tRomeo sends:\n\t\t<iq type='set' id='s'><query xmlns='jabber:iq:roster'>"                    \
             "<item jid='nurse@localhost'/></query></iq>\n"                                                  \
             "\tthe server crashes\n"                                                                        \
             "the server starts again\nRomeo connects\n"

/* The item is stored if it was confirmed; otherwise it may be stored or not. */
static void a_crash_comes_at_any_moment_and_keeps_or_loses_what_it_may(void **state)
{
    (void)state;
    holds(CAST "Romeo connects\n" SET_AND_CRASH);
    comes_to_fail(CAST "Romeo connects\n" SET_AND_CRASH "Romeo's roster is empty\n", "roster");
    comes_to_fail(CAST "Romeo connects\n" SET_AND_CRASH "Romeo's roster is:\n\tnurse@localhost: none\n",
                  "roster");
}

static void a_crash_during_a_save_comes_before_the_save_is_done(void **state)
{
    (void)state;
    holds(CAST "Romeo connects\nThe server crashes during the next save, losing its writes\n" TOGETHER
               "\tRomeo sends:\n\t\t<iq type='set' id='s'><query xmlns='jabber:iq:roster'>"
               "<item jid='nurse@localhost'/></query></iq>\n"
               "\tRomeo sends:\n\t\t<message to='romeo@localhost/orchard' type='headline'/>\n"
               "Romeo has not received:\n\t<iq type='result' id='s'/>\n"
               "the server starts again\nRomeo connects\nRomeo's roster is empty\n");
}

/* A client that was disconnected by then cannot send it. */
static void a_step_that_comes_too_late_does_nothing(void **state)
{
    (void)state;
    holds(CAST BOTH TOGETHER "\tRomeo's link breaks\n"
                             "\tJuliet sends:\n\t\t<message to='juliet@localhost/balcony'/>\n"
                             "\tthe server crashes\n");
}

static void what_servers_send_each_other_comes_in_order_and_else_in_any(void **state)
{
    (void)state;
    static const char text[] = "## strict\n"
                               "[Server] Montague\n\thost: montague.lit\n"
                               "[Server] Capulet\n\thost: capulet.lit\n"
                               "[Client] Romeo\n\tjid: romeo@montague.lit/orchard\n"
                               "[Client] Juliet\n\tjid: juliet@capulet.lit/balcony\n"
                               "[Client] Nurse\n\tjid: nurse@capulet.lit/house\n"
                               "---\n" BOTH "Nurse connects\n" TOGETHER
                               "\tRomeo sends:\n\t\t<message to='juliet@capulet.lit/balcony' id='a'/>\n"
                               "\t\t<message to='juliet@capulet.lit/balcony' id='b'/>\n"
                               "\tNurse sends:\n\t\t<message to='juliet@capulet.lit/balcony' id='x'/>\n";
    char other[2000];
    (void)snprintf(other, sizeof other, "%s%s", text,
                   "Juliet receives in any order:\n\t<message id='x'/>\n\t<message id='b'/>\n"
                   "\t<message id='a'/>\n");
    holds(other);
    (void)snprintf(other, sizeof other, "%s%s", text,
                   "Nurse receives nothing\nJuliet receives:\n\t<message id='a'/>\n\t<message id='b'/>\n"
                   "\t<message id='x'/>\n");
    comes_to_fail(other, "expected Juliet to receive");
}

/* ---- Pruning ---- */

/* The ends of all runs, each once. */
struct ends {
    struct states states;
    uint64_t runs;
};

/* The number of hexadecimal digits here. */
static size_t digits(const char *text)
{
    return strspn(text, "0123456789abcdef");
}

/* Identifiers are left out, because their order may differ. */
static struct state hash_of(const char *text)
{
    enum { IDENTIFIER = 32 };
    struct state state = { 14695981039346656037u, 1469598103934665603u };
    for (; *text != '\0'; text++) {
        if (digits(text) >= IDENTIFIER)
            text += digits(text);
        state.high = (state.high ^ (unsigned char)*text) * 1099511628211u;
        state.low = (state.low ^ (unsigned char)*text) * 6364136223846793005u + 1;
    }
    return state;
}

static struct ends walk(const char *text, bool pruned)
{
    struct scenario *scenario = read_scenario(text);
    struct recording path = { 0 };
    struct states states = { 0 };
    struct ends ends = { .runs = 0 };
    const struct player_options options = { .policy = CHOICE_EXHAUSTIVE,
                                            .recording = &path,
                                            .walked =
                                                1u << CHOICE_TIES | 1u << CHOICE_STEPS | 1u << CHOICE_CRASH,
                                            .any_order = true,
                                            .states = pruned ? &states : NULL,
                                            .until = { PLAYER_UNTIL_EVENT, UINT64_MAX } };
    do {
        struct player_result result;
        player_run(scenario, &options, &result);
        if (!result.passed)
            print_error("%s", result.explanation);
        assert_true(result.passed);
        assert_true(pruned || !result.halted);
        if (!result.halted)
            (void)states_add(&ends.states, hash_of(result.description));
        player_result_free(&result);
        ends.runs++;
    } while (choice_path_next(&path));
    states_free(&states);
    recording_free(&path);
    scenario_free(scenario);
    return ends;
}

/* If runs end at known states, every final state is still reached. */
static void loses_no_end(const char *text, size_t least)
{
    struct ends all = walk(text, false);
    struct ends pruned = walk(text, true);
    assert_true(all.states.count >= least);
    assert_int_equal(all.states.count, pruned.states.count);
    assert_true(pruned.runs < all.runs);
    for (size_t i = 0; i < all.states.capacity; i++)
        if (all.states.slots[i].low != 0 || all.states.slots[i].high != 0)
            assert_false(states_add(&pruned.states, all.states.slots[i]));
    states_free(&all.states);
    states_free(&pruned.states);
}

static void no_end_is_lost_by_ending_runs_early(void **state)
{
    (void)state;
    LONG_TEST();
    loses_no_end(CAST "Romeo connects\n" SET_AND_CRASH, 3);
    loses_no_end(CAST "Romeo connects\nJuliet connects\n" TWO_LETTERS, 2);
    loses_no_end(MANAGED TOGETHER "\t5 minutes pass\n"
                                  "\tRomeo opens a connection\n",
                 1);
    loses_no_end(CAST "Romeo connects\nJuliet connects\n" TOGETHER "\tJuliet sends:\n\t\t<presence/>\n"
                      "\tRomeo sends:\n\t\t<message to='juliet@localhost' id='a'/>\n",
                 2);
    loses_no_end(FRIENDS CAST "Romeo connects\n" TOGETHER "\tJuliet connects\n"
                              "\tRomeo drops the connection\n",
                 1);
    loses_no_end(CAST "Romeo connects\nJuliet connects\n" TOGETHER
                      "\tRomeo sends:\n\t\t<presence to='juliet@localhost' type='subscribe'/>\n"
                      "\tJuliet sends:\n\t\t<iq type='set' id='b'><block xmlns='urn:xmpp:blocking'>"
                      "<item jid='romeo@localhost'/></block></iq>\n",
                 2);
}

/* What was routed is part of the state, so no order of it is taken for another. */
static void what_is_routed_is_explored(void **state)
{
    (void)state;
#define ROUTED                                                                                               \
    TOGETHER "\tRomeo sends:\n\t\t<message to='a@other.lit' id='one'/>\n"                                    \
             "\tJuliet sends:\n\t\t<message to='a@other.lit' id='two'/>\n"                                   \
             "The server routes to \"other.lit\":\n"
    holds(CAST BOTH ROUTED "\t<message id='one'/>\n\t<message id='two'/>\n");
    comes_to_fail("## strict\n" CAST BOTH
                  "Romeo ignores:\n\t<message/>\nJuliet ignores:\n\t<message/>\n" ROUTED
                  "\t<message id='one'/>\n\t<message id='two'/>\n",
                  "expected the server to route this message to \"other.lit\"");
}

/* A pipelined login against another one of the same account. */
static void a_pipelined_login_holds_in_every_order(void **state)
{
    (void)state;
    holds(CAST "Romeo opens a connection\nRomeo opens a stream\nJuliet connects\n"
               "Romeo pipelines:\n\tRomeo authenticates with PLAIN\n\tRomeo restarts the stream\n"
               "\tRomeo binds\n\tRomeo sends:\n\t\t<message to='juliet@localhost/balcony' id='m'/>\n"
               "Juliet receives:\n\t<message id='m'/>\nRomeo is connected\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scenario_in_which_nothing_overlaps_has_few_orders),
        cmocka_unit_test(the_order_that_fails_is_found),
        cmocka_unit_test(each_write_arrives_by_itself),
        cmocka_unit_test(the_path_of_a_failure_runs_it_again),
        cmocka_unit_test(the_tag_any_order_is_the_option),
        cmocka_unit_test(bounds_are_kept),
        cmocka_unit_test(a_failure_that_a_tag_expects_is_expected_of_every_order),
        cmocka_unit_test(each_run_is_reported_before_it_begins),
        cmocka_unit_test(a_resumption_races_the_timeout),
        cmocka_unit_test(time_that_passes_by_itself_races_with_nothing),
        cmocka_unit_test(a_crash_comes_at_any_moment_and_keeps_or_loses_what_it_may),
        cmocka_unit_test(a_crash_during_a_save_comes_before_the_save_is_done),
        cmocka_unit_test(a_step_that_comes_too_late_does_nothing),
        cmocka_unit_test(what_servers_send_each_other_comes_in_order_and_else_in_any),
        cmocka_unit_test(no_end_is_lost_by_ending_runs_early),
        cmocka_unit_test(what_is_routed_is_explored),
        cmocka_unit_test(a_pipelined_login_holds_in_every_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
