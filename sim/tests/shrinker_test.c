#include "../../core/tests/shallow.h"
#include "../shrink/shrinker.h"

#include "../language/scenario_print.h"
#include "../sweep/plot.h"
#include "../tool/suite.h"
#include "scenario_reading.h"

#include <xxhash.h>

/* Of the scenarios every so many-th is shrunk, and so many plots. */
enum { SCENARIOS_SKIPPED = 20, PLOTS = 10 };

/* The property of a scenario: a function of the tree. */
typedef bool (*rule)(const struct scenario *scenario);

static bool keeps_rule(void *host, const struct scenario *candidate)
{
    return (*(rule *)host)(candidate);
}

/* Shrinks a text, and compares the result with the expected one. */
static void shrinks_to(const char *text, rule keeps, const char *expected)
{
    struct scenario *scenario = parse(text);
    assert_true(keeps(scenario));
    char *printed = scenario_print(scenario);
    const struct shrinker shrinker = { "scenarios/basics/test.scs", keeps_rule, &keeps, NULL };
    char *left = shrinker_reduce(&shrinker, printed);
    assert_string_equal(left, expected);
    free(left);
    free(printed);
    scenario_free(scenario);
}

static const struct step *find_step(const struct step *step, enum step_verb verb)
{
    for (; step != NULL; step = step->next) {
        const struct step *inner = find_step(step->steps, verb);
        if (step->verb == verb || inner != NULL)
            return step->verb == verb ? step : inner;
    }
    return NULL;
}

static bool anything(const struct scenario *scenario)
{
    (void)scenario;
    return true;
}

static bool nothing_less_than_two(const struct scenario *scenario)
{
    return scenario->cast_count == 2 && scenario->steps != NULL && scenario->steps->next != NULL;
}

static bool sends(const struct scenario *scenario)
{
    return find_step(scenario->steps, STEP_SENDS) != NULL;
}

static bool blocks_two(const struct scenario *scenario)
{
    const struct step *block = find_step(scenario->steps, STEP_AT_THE_SAME_TIME);
    return block != NULL && block->steps->next != NULL;
}

static bool passes_time(const struct scenario *scenario)
{
    const struct step *step = find_step(scenario->steps, STEP_TIME_PASSES);
    return step != NULL && step->span >= 30 * SIM_SECOND;
}

static bool cuts_in_pieces(const struct scenario *scenario)
{
    const struct step *step = find_step(scenario->steps, STEP_LINK_PIECES);
    return step != NULL && step->number >= 5;
}

static bool speaks_to_somebody(const struct scenario *scenario)
{
    const struct step *step = find_step(scenario->steps, STEP_SENDS);
    return step != NULL && xml_is(step->stanzas, "message", NULL) && xml_get(step->stanzas, "to") != NULL &&
           xml_child(step->stanzas, "body", NULL) != NULL;
}

static bool increments(const struct scenario *scenario)
{
    return scenario->settings.conflict == CORE_INCREMENT && scenario->cast_count > 0;
}

static bool knows_a_contact(const struct scenario *scenario)
{
    const struct roster_line *item = scenario->rosters != NULL ? scenario->rosters->items : NULL;
    while (item != NULL && strcmp(item->jid, "b@localhost") != 0)
        item = item->next;
    return item != NULL;
}

static bool logs_in_by_steps(const struct scenario *scenario)
{
    return find_step(scenario->steps, STEP_AUTHENTICATES) != NULL &&
           find_step(scenario->steps, STEP_BINDS) != NULL &&
           find_step(scenario->steps, STEP_SENDS_RAW) != NULL;
}

/* ---- Cuts ---- */

#define BARE  "[Client] Romeo\n\tjid: romeo@localhost\n"
#define RULER "\n---------\n\n"

/* A scenario has at least one step. */
static void where_anything_goes_one_step_is_left(void **state)
{
    (void)state;
    shrinks_to(
        "# A title\n## strict\n## seed: 7\n## level: must\n## rfc: 6121 8\n[Server] One\n\thost: a.lit\n"
        "\tconflict: increment\n"
        "[Server] Two\n\thost: b.lit\n[Client] Romeo\n\tjid: romeo@a.lit/x\n"
        "[Account] nurse@b.lit\n\taccount: disabled\n[Roster] nurse@b.lit\n\tromeo@a.lit: both, ask\n"
        "[Blocklist] romeo@a.lit\n\tb.lit\n---\nRomeo connects\nAt the same time:\n\tRomeo sends:\n"
        "\t\t<presence/>\n",
        anything, "# A title\n\n[Client] Romeo\n\tjid: romeo@a.lit\n" RULER "Romeo connects\n");
}

static void what_is_needed_stays_as_it_is(void **state)
{
    (void)state;
    static const char text[] =
        BARE "\n[Client] Juliet\n\tjid: juliet@localhost\n" RULER "Romeo connects\nJuliet disconnects\n";
    shrinks_to(text, nothing_less_than_two, text);
}

static void characters_stanzas_and_attributes_go(void **state)
{
    (void)state;
    shrinks_to("[Client] Romeo\n\tjid: romeo@localhost/x\n\tpassword: p\n\tmechanism: PLAIN\n\ttls: no\n"
               "[Client] Juliet\n\tjid: juliet@localhost\n---\nRomeo connects\nRomeo sends:\n"
               "\t<presence/>\n\t<message to='juliet@localhost' type='chat'><body>Hi</body></message>\n"
               "Juliet sends:\n\t<presence to='a@b'><show>away</show></presence>\n",
               sends, BARE RULER "Romeo sends:\n\t<presence/>\n");
}

static void a_block_of_many_becomes_one_of_two_or_none(void **state)
{
    (void)state;
    static const char text[] =
        BARE "---\nAt the same time:\n\tRomeo connects\n\tRomeo sends:\n\t\t<presence/>\n"
             "\tRomeo disconnects\n5 minutes pass\n";
    shrinks_to(text, blocks_two,
               BARE RULER "at the same time:\n\tRomeo connects\n\n\tRomeo sends:\n\t\t<presence/>\n");
    shrinks_to(text, sends, BARE RULER "Romeo sends:\n\t<presence/>\n");
}

static void numbers_and_spans_become_the_least_that_will_do(void **state)
{
    (void)state;
    shrinks_to(BARE "---\nRomeo connects\n1 hour passes\n", passes_time,
               "[Server]\n\thost: localhost\n" RULER "1 minute passes\n");
    shrinks_to(BARE "---\nRomeo's link delivers in pieces of 40\n", cuts_in_pieces,
               BARE RULER "Romeo's link delivers in pieces of 5\n");
}

static void addresses_become_bare_and_texts_short(void **state)
{
    (void)state;
    shrinks_to(BARE "---\nRomeo sends:\n\t<message to='juliet@localhost/x' type='chat' id='7'>"
                    "<body>What light?</body></message>\n",
               speaks_to_somebody,
               BARE RULER "Romeo sends:\n\t<message to=\"juliet@localhost\"><body/></message>\n");
}

static void settings_go_back_to_the_usual(void **state)
{
    (void)state;
    shrinks_to("[Server]\n\tconflict: increment\n\tkeepalive: ping\n\tresources: 3\n\tfeatures: none\n"
               "\tanonymous: guests.lit\n" BARE "---\nRomeo connects\n",
               increments, "[Server]\n\tconflict: increment\n\n" BARE RULER "Romeo connects\n");
}

static void of_a_roster_one_bare_item_stays(void **state)
{
    (void)state;
    shrinks_to(BARE "[Roster] romeo@localhost\n\ta@localhost: both\n"
                    "\tb@localhost: to, ask, name \"B\", group \"G\"\n---\nRomeo connects\n",
               knows_a_contact,
               BARE "\n[Roster] romeo@localhost\n\tb@localhost: to\n" RULER "Romeo connects\n");
}

static void what_a_step_may_leave_out_is_left_out(void **state)
{
    (void)state;
    shrinks_to(BARE "---\nRomeo authenticates with PLAIN as \"x\" using password \"y\"\n"
                    "Romeo binds resource \"r\"\nRomeo sends raw \"<presence/>\" in pieces of 3\n"
                    "Romeo acknowledges 5\n",
               logs_in_by_steps, BARE RULER "Romeo authenticates\nRomeo binds\nRomeo sends raw \"<p\"\n");
}

static bool routes_and_finishes(const struct scenario *scenario)
{
    return find_step(scenario->steps, STEP_SERVER_ROUTES) != NULL &&
           find_step(scenario->steps, STEP_SERVER_ROUTES_NOTHING) != NULL &&
           find_step(scenario->steps, STEP_FINISHES_AUTHENTICATING) != NULL &&
           find_step(scenario->steps, STEP_SERVER_RECEIVES) != NULL;
}

/* The domain that a stanza was routed to is needed. */
static void what_a_server_routes_keeps_its_domain(void **state)
{
    (void)state;
    shrinks_to(BARE "---\nRomeo finishes authenticating with another nonce\n"
                    "the server of \"localhost\" receives from \"a.lit\":\n\t<presence/>\n"
                    "the server of \"localhost\" routes to \"a.lit\":\n\t<presence to='b@a.lit'/>\n"
                    "the server of \"localhost\" routes nothing to \"a.lit\"\n",
               routes_and_finishes,
               BARE RULER "Romeo finishes authenticating\n\n"
                          "the server of \"localhost\" receives from \"a.lit\":\n\t<p\n\n"
                          "the server routes to \"a.lit\":\n\t<presence/>\n\n"
                          "the server routes nothing\n");
}

static bool pipelines_two(const struct scenario *scenario)
{
    const struct step *block = find_step(scenario->steps, STEP_PIPELINES);
    return block != NULL && block->steps->next != NULL;
}

static void a_pipeline_of_many_becomes_one_of_two_or_none(void **state)
{
    (void)state;
    static const char text[] = BARE "---\nRomeo pipelines:\n\tRomeo binds resource \"r\"\n"
                                    "\tRomeo sends:\n\t\t<presence/>\n\tRomeo closes the stream\n";
    shrinks_to(text, pipelines_two,
               BARE RULER "Romeo pipelines:\n\tRomeo binds\n\n\tRomeo sends:\n\t\t<presence/>\n");
    shrinks_to(text, sends, BARE RULER "Romeo sends:\n\t<presence/>\n");
}

/* ---- Names ---- */

static void renames_to(const char *text, rule keeps, const char *expected)
{
    const struct shrinker shrinker = { "scenarios/basics/test.scs", keeps_rule, &keeps, NULL };
    char *renamed = shrinker_rename(&shrinker, text);
    assert_string_equal(renamed, expected);
    free(renamed);
}

static void the_cast_gets_the_usual_names(void **state)
{
    (void)state;
    renames_to(
        "[Client] Tybalt's sword\n\tjid: tybalt@capulet.lit\n[Client] Romeo\n\tjid: romeo@capulet.lit\n"
        "[Client] Tybalt\n\tjid: tybalt@capulet.lit\n---\nTybalt connects\nTybalt's sword sends:\n"
        "\t<message to='romeo@capulet.lit'><body>Tybalts romeo</body></message>\nRomeo connects\n",
        anything,
        "[Client] Romeo\n\tjid: romeo@localhost\n[Client] Juliet\n\tjid: juliet@localhost\n"
        "[Client] Romeo's phone\n\tjid: romeo@localhost\n---\nRomeo's phone connects\nRomeo sends:\n"
        "\t<message to='juliet@localhost'><body>Tybalts juliet</body></message>\nJuliet connects\n");
}

static void with_two_domains_both_stay(void **state)
{
    (void)state;
    renames_to("[Client] A\n\tjid: a@one.lit\n[Client] B\n\tjid: b@two.lit\n---\nA connects\nB connects\n",
               anything,
               "[Client] Romeo\n\tjid: romeo@one.lit\n[Client] Juliet\n\tjid: juliet@two.lit\n---\n"
               "Romeo connects\nJuliet connects\n");
}

static bool is_tybalt(const struct scenario *scenario)
{
    return strcmp(scenario->cast[0].name, "Tybalt") == 0;
}

static void names_that_matter_stay(void **state)
{
    (void)state;
    static const char text[] = "[Client] Tybalt\n\tjid: tybalt@localhost\n---\nTybalt connects\n";
    renames_to(text, is_tybalt, text);
}

/* ---- All there is ---- */

/* An arbitrary property keeps parts of everything, in unforeseen combinations. */
static bool by_lot(void *host, const struct scenario *candidate)
{
    char *text = scenario_print(candidate);
    uint64_t lot = XXH3_64bits(text, strlen(text));
    size_t *tries = host;
    free(text);
    ++*tries;
    return lot % 4 == 0;
}

static void shrink_by_lot(const struct scenario *scenario)
{
    size_t tries = 0;
    const struct shrinker shrinker = { scenario->path, by_lot, &tries, NULL };
    struct complaints complaints;
    char *text = scenario_print(scenario);
    char *left = shrinker_reduce(&shrinker, text);
    char *renamed = shrinker_rename(&shrinker, left);
    struct scenario *again =
        scenario_parse(scenario->path, renamed, strlen(renamed), NULL, NULL, &complaints);
    assert_non_null(again);
    assert_true(strlen(left) <= strlen(text));
    scenario_free(again);
    free(renamed);
    free(left);
    free(text);
}

static void whatever_is_cut_can_be_read_and_comes_to_an_end(void **state)
{
    (void)state;
    LONG_TEST();
    static const char *const paths[] = { "scenarios" };
    const struct plot_options options = { .cast = 3, .steps = 30, .faults = PLOT_ALL };
    struct suite suite;
    assert_true(suite_load(&suite, paths, 1, stderr));
    for (size_t i = 0; i < suite.count; i += SCENARIOS_SKIPPED)
        shrink_by_lot(suite.scenarios[i]);
    suite_free(&suite);
    for (uint64_t seed = 0; seed < PLOTS; seed++) {
        struct scenario *plot = plot_of_seed(&options, seed, NULL);
        shrink_by_lot(plot);
        scenario_free(plot);
    }
}

/* ---- When it is late ---- */

struct hurry {
    size_t tries, most;
};

static bool count_tries(void *host, const struct scenario *candidate)
{
    struct hurry *hurry = host;
    (void)candidate;
    hurry->tries++;
    return true;
}

static bool has_tried_enough(void *host)
{
    const struct hurry *hurry = host;
    return hurry->tries >= hurry->most;
}

static void once_it_is_late_no_candidate_is_made(void **state)
{
    (void)state;
    const struct plot_options options = { .cast = 3, .steps = 30 };
    struct scenario *plot = plot_of_seed(&options, 1, NULL);
    char *text = scenario_print(plot);
    struct hurry none = { .most = 0 };
    char *left = shrinker_reduce(&(struct shrinker){ "plot", count_tries, &none, has_tried_enough }, text);
    assert_string_equal(left, text);
    assert_int_equal(none.tries, 0);
    free(left);
    struct hurry one = { .most = 1 };
    left = shrinker_reduce(&(struct shrinker){ "plot", count_tries, &one, has_tried_enough }, text);
    assert_true(strlen(left) < strlen(text));
    assert_int_equal(one.tries, 1);
    free(left);
    free(text);
    scenario_free(plot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(where_anything_goes_one_step_is_left),
        cmocka_unit_test(what_is_needed_stays_as_it_is),
        cmocka_unit_test(characters_stanzas_and_attributes_go),
        cmocka_unit_test(a_block_of_many_becomes_one_of_two_or_none),
        cmocka_unit_test(numbers_and_spans_become_the_least_that_will_do),
        cmocka_unit_test(addresses_become_bare_and_texts_short),
        cmocka_unit_test(settings_go_back_to_the_usual),
        cmocka_unit_test(of_a_roster_one_bare_item_stays),
        cmocka_unit_test(what_a_step_may_leave_out_is_left_out),
        cmocka_unit_test(what_a_server_routes_keeps_its_domain),
        cmocka_unit_test(a_pipeline_of_many_becomes_one_of_two_or_none),
        cmocka_unit_test(the_cast_gets_the_usual_names),
        cmocka_unit_test(with_two_domains_both_stay),
        cmocka_unit_test(names_that_matter_stay),
        cmocka_unit_test(once_it_is_late_no_candidate_is_made),
        cmocka_unit_test(whatever_is_cut_can_be_read_and_comes_to_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
