#include "../scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- Reading ---- */

/* The files that "from:" finds: one, and its path as the parser asks for it. */
static char *read_verona(void *host, const char *path, size_t *length)
{
    (void)host;
    static const char text[] = "# Verona\r\n"
                               "juliet@localhost: both, name \"Juliet\"\r\n"
                               "\n"
                               "nurse@localhost: none, ask";
    static const char broken[] = "juliet@localhost: both\n\njuliet@localhost: sideways\n";
    static const char binary[] = "juliet@localhost: both\n\xff\n";
    const char *found = NULL;
    if (strcmp(path, "scenarios/basics/../verona.roster") == 0)
        found = text;
    if (strcmp(path, "/broken.roster") == 0)
        found = broken;
    if (strcmp(path, "/binary.roster") == 0)
        found = binary;
    if (found == NULL)
        return NULL;
    *length = strlen(found);
    char *copy = malloc(*length);
    assert_non_null(copy);
    memcpy(copy, found, *length);
    return copy;
}

static struct scenario *parse_bytes(const char *text, size_t length, struct complaints *complaints)
{
    /* A copy without a byte behind it, so that a sanitizer sees who reads too far. */
    char *copy = malloc(length > 0 ? length : 1);
    assert_non_null(copy);
    memcpy(copy, text, length);
    struct scenario *scenario =
        scenario_parse("scenarios/basics/test.scs", copy, length, read_verona, NULL, complaints);
    free(copy);
    assert_true((scenario == NULL) == (complaints->count > 0));
    return scenario;
}

static void print_complaints(const struct complaints *complaints)
{
    for (size_t i = 0; i < complaints->count && i < COMPLAINTS_MAX; i++)
        print_error("%d: %s\n", complaints->list[i].line, complaints->list[i].message);
}

static struct scenario *parse(const char *text)
{
    struct complaints complaints;
    struct scenario *scenario = parse_bytes(text, strlen(text), &complaints);
    print_complaints(&complaints);
    assert_non_null(scenario);
    return scenario;
}

static const char cast[] = "[Client] Romeo\n"
                           "\tjid: romeo@localhost/orchard\n"
                           "[Client] Juliet's phone\n"
                           "\tjid: juliet@capulet.example\n"
                           "---\n";

static struct scenario *parse_below_cast(const char *steps)
{
    char *text = malloc(sizeof cast + strlen(steps));
    assert_non_null(text);
    memcpy(text, cast, sizeof cast);
    strcat(text, steps);
    struct scenario *scenario = parse(text);
    free(text);
    return scenario;
}

/* ---- Verbs ---- */

/* What a step should be; strings that are NULL must be NULL. */
struct expected_step {
    const char *text;
    enum step_verb verb;
    int actor;
    const char *said; /* step.text */
    const char *property, *mechanism, *user, *password, *condition;
    uint64_t number;
    sim_time span;
    bool negated;
};

#define MINUTE (60 * SIM_SECOND)

static const struct expected_step wordings[] = {
    { "Romeo connects", STEP_CONNECTS, .actor = 0 },
    { "Juliet's phone connects:", STEP_CONNECTS, .actor = 1 },
    { "Romeo disconnects", STEP_DISCONNECTS, .actor = 0 },
    { "Romeo opens a connection", STEP_OPENS_CONNECTION, .actor = 0 },
    { "Romeo opens a stream", STEP_OPENS_STREAM, .actor = 0 },
    { "Romeo opens a stream to \"localhost\"", STEP_OPENS_STREAM, .actor = 0 },
    { "Romeo opens a stream with:\n\tto: localhost\n\tlang: unset", STEP_OPENS_STREAM, .actor = 0 },
    { "Romeo authenticates", STEP_AUTHENTICATES, .actor = 0 },
    { "Romeo authenticates with PLAIN", STEP_AUTHENTICATES, .actor = 0, .mechanism = "PLAIN" },
    { "Romeo authenticates as \"tybalt\"", STEP_AUTHENTICATES, .actor = 0, .user = "tybalt" },
    { "Romeo authenticates with SCRAM-SHA-1 as \"a b\" using password \"p\\\"q\"", STEP_AUTHENTICATES,
      .actor = 0, .mechanism = "SCRAM-SHA-1", .user = "a b", .password = "p\"q" },
    { "Romeo fails to authenticate: not-authorized", STEP_FAILS_TO_AUTHENTICATE, .actor = 0,
      .condition = "not-authorized" },
    { "Romeo fails to authenticate with PLAIN using password \"wrong\": not-authorized",
      STEP_FAILS_TO_AUTHENTICATE, .actor = 0, .mechanism = "PLAIN", .password = "wrong",
      .condition = "not-authorized" },
    { "Romeo fails to authenticate as \"x\" account-disabled", STEP_FAILS_TO_AUTHENTICATE, .actor = 0,
      .user = "x", .condition = "account-disabled" },
    { "Romeo restarts the stream", STEP_RESTARTS_STREAM, .actor = 0 },
    { "Romeo binds", STEP_BINDS, .actor = 0 },
    { "Romeo binds resource \"balcony \\xc3\\xa9\"", STEP_BINDS, .actor = 0, .said = "balcony \xc3\xa9" },
    { "Romeo fails to bind: conflict", STEP_FAILS_TO_BIND, .actor = 0, .condition = "conflict" },
    { "Romeo fails to bind resource \"r\": conflict", STEP_FAILS_TO_BIND, .actor = 0, .said = "r",
      .condition = "conflict" },
    { "Romeo closes the stream", STEP_CLOSES_STREAM, .actor = 0 },
    { "Romeo drops the connection", STEP_DROPS_CONNECTION, .actor = 0 },
    { "Romeo sends:\n\t<presence/>\n\n\t<presence/>", STEP_SENDS, .actor = 0 },
    { "Romeo sends raw \"<a>\\n\"", STEP_SENDS_RAW, .actor = 0, .said = "<a>\n" },
    { "Romeo sends raw \"<a>\" in pieces of 3", STEP_SENDS_RAW, .actor = 0, .said = "<a>", .number = 3 },
    { "Romeo sends raw:\n\t<a>", STEP_SENDS_RAW, .actor = 0, .said = "<a>" },
    { "Romeo sends raw in pieces of 1:\n\t<a>", STEP_SENDS_RAW, .actor = 0, .said = "<a>", .number = 1 },
    { "Romeo receives\n\t<presence/>", STEP_RECEIVES, .actor = 0 },
    { "Romeo receives: nothing", STEP_RECEIVES_NOTHING, .actor = 0 },
    { "Romeo receives nothing", STEP_RECEIVES_NOTHING, .actor = 0 },
    { "Romeo receives nothing for 2 minutes", STEP_RECEIVES_NOTHING, .actor = 0, .span = 2 * MINUTE },
    { "Romeo receives in any order:\n\t<presence/>", STEP_RECEIVES_ANY_ORDER, .actor = 0 },
    { "Romeo receives stream error not-authorized", STEP_RECEIVES_STREAM_ERROR, .actor = 0,
      .condition = "not-authorized" },
    { "Romeo receives the end of the stream", STEP_RECEIVES_END, .actor = 0 },
    { "Romeo ignores:\n\t<presence/>", STEP_IGNORES, .actor = 0 },
    { "Romeo has not received:\n\t<presence/>", STEP_HAS_NOT_RECEIVED, .actor = 0 },
    { "Romeo's connection is open", STEP_CONNECTION_IS, .actor = 0, .said = "open" },
    { "Juliet's phone's connection is closed", STEP_CONNECTION_IS, .actor = 1, .said = "closed" },
    { "Romeo is connected", STEP_IS, .actor = 0, .said = "connected" },
    { "Romeo is available", STEP_IS, .actor = 0, .said = "available" },
    { "Romeo is interested", STEP_IS, .actor = 0, .said = "interested" },
    { "Romeo is not connected", STEP_IS, .actor = 0, .said = "connected", .negated = true },
    { "Romeo is not available", STEP_IS, .actor = 0, .said = "available", .negated = true },
    { "Romeo is not interested", STEP_IS, .actor = 0, .said = "interested", .negated = true },
    { "Romeo's type is c2s", STEP_PROPERTY_IS, .actor = 0, .property = "type", .said = "c2s" },
    { "Romeo's username is \"romeo\"", STEP_PROPERTY_IS, .actor = 0, .property = "username",
      .said = "romeo" },
    { "Romeo's username is unset", STEP_PROPERTY_IS, .actor = 0, .property = "username" },
    { "Romeo's username is \"unset\"", STEP_PROPERTY_IS, .actor = 0, .property = "username",
      .said = "unset" },
    { "Romeo's host is localhost", STEP_PROPERTY_IS, .actor = 0, .property = "host", .said = "localhost" },
    { "Romeo's resource is orchard", STEP_PROPERTY_IS, .actor = 0, .property = "resource",
      .said = "orchard" },
    { "Romeo's full JID is \"${Juliet's phone's full JID}\"", STEP_PROPERTY_IS, .actor = 0,
      .property = "full JID", .said = "${Juliet's phone's full JID}" },
    { "Romeo's priority is -1", STEP_PROPERTY_IS, .actor = 0, .property = "priority", .said = "-1" },
    { "Romeo's notopen is unset", STEP_PROPERTY_IS, .actor = 0, .property = "notopen" },
    { "Romeo's interested is true", STEP_PROPERTY_IS, .actor = 0, .property = "interested", .said = "true" },
    { "Romeo's presence is unset", STEP_PRESENCE_IS, .actor = 0 },
    { "Romeo's presence is:\n\t<presence/>", STEP_PRESENCE_IS, .actor = 0 },
    { "Romeo's roster is empty", STEP_ROSTER_IS, .actor = 0 },
    { "Romeo's roster is unset", STEP_ROSTER_IS, .actor = 0, .said = "unset" },
    { "Romeo's roster is:\n\ta@b: both", STEP_ROSTER_IS, .actor = 0 },
    { "Romeo's stream header is:\n\tfrom: localhost", STEP_HEADER_IS, .actor = 0 },
    { "Romeo's features are:\n\t<features xmlns=\"http://etherx.jabber.org/streams\"/>", STEP_FEATURES_ARE,
      .actor = 0 },
    { "Romeo has 1 session", STEP_HAS_SESSIONS, .actor = 0, .number = 1 },
    { "Romeo has 0 sessions", STEP_HAS_SESSIONS, .actor = 0 },
    { "Romeo@localhost has 1 session", STEP_HAS_SESSIONS, .actor = -1, .said = "Romeo@localhost",
      .number = 1 },
    { "romeo@localhost has 12 sessions", STEP_HAS_SESSIONS, .actor = -1, .said = "romeo@localhost",
      .number = 12 },
    { "1 millisecond passes", STEP_TIME_PASSES, .actor = -1, .span = SIM_MILLISECOND },
    { "30 seconds pass", STEP_TIME_PASSES, .actor = -1, .span = 30 * SIM_SECOND },
    { "5 minutes pass", STEP_TIME_PASSES, .actor = -1, .span = 5 * MINUTE },
    { "1 hour passes", STEP_TIME_PASSES, .actor = -1, .span = 60 * MINUTE },
    { "2 days pass", STEP_TIME_PASSES, .actor = -1, .span = 48 * 60 * MINUTE },
    { "the next load fails", STEP_NEXT_FAILS, .actor = -1, .said = "load", .number = 1 },
    { "The next save fails", STEP_NEXT_FAILS, .actor = -1, .said = "save", .number = 1 },
    { "the next 3 loads fail", STEP_NEXT_FAILS, .actor = -1, .said = "load", .number = 3 },
    { "the next 4 saves fail", STEP_NEXT_FAILS, .actor = -1, .said = "save", .number = 4 },
    { "Loads take 2 seconds", STEP_TAKES, .actor = -1, .said = "load", .span = 2 * SIM_SECOND },
    { "saves take 1 second", STEP_TAKES, .actor = -1, .said = "save", .span = SIM_SECOND },
    { "Romeo's link delivers in pieces of 7", STEP_LINK_PIECES, .actor = 0, .number = 7 },
    { "At the same time:\n\tRomeo connects\n\tJuliet's phone connects", STEP_AT_THE_SAME_TIME, .actor = -1 },
};

static void assert_same_text(const char *got, const char *expected)
{
    if (expected == NULL)
        assert_null(got);
    else
        assert_non_null(got);
    if (expected != NULL)
        assert_string_equal(got, expected);
}

static void every_wording_is_recognised(void **state)
{
    (void)state;
    bool seen[STEP_VERBS] = { false };
    for (size_t i = 0; i < sizeof wordings / sizeof wordings[0]; i++) {
        const struct expected_step *expected = &wordings[i];
        struct scenario *scenario = parse_below_cast(expected->text);
        const struct step *step = scenario->steps;
        assert_null(step->next);
        assert_int_equal(step->verb, expected->verb);
        assert_int_equal(step->line, 6);
        assert_int_equal(strlen(step->source), strcspn(expected->text, "\n"));
        assert_int_equal(step->actor, expected->actor);
        assert_same_text(step->text, expected->said);
        assert_int_equal(step->length, expected->said != NULL ? strlen(expected->said) : 0);
        assert_same_text(step->property, expected->property);
        assert_same_text(step->mechanism, expected->mechanism);
        assert_same_text(step->user, expected->user);
        assert_same_text(step->password, expected->password);
        assert_same_text(step->condition, expected->condition);
        assert_int_equal(step->number, expected->number);
        assert_int_equal(step->span, expected->span);
        assert_int_equal(step->negated, expected->negated);
        seen[step->verb] = true;
        scenario_free(scenario);
    }
    for (size_t verb = 0; verb < STEP_VERBS; verb++)
        assert_true(seen[verb]);
}

/* ---- Blocks ---- */

static void a_block_of_stanzas_knows_its_line_in_the_file(void **state)
{
    (void)state;
    struct scenario *scenario = parse_below_cast("Romeo sends:\n"
                                                 "\n"
                                                 "\t<presence/>\n"
                                                 "# a comment at the left\n"
                                                 "\n"
                                                 "\t<message\n\t\tto='a@b'/>\n"
                                                 "Romeo disconnects\n");
    const struct step *step = scenario->steps;
    const struct xml *first = xml_is(step->stanzas, "presence", XML_NS_CLIENT) ? step->stanzas : NULL;
    assert_non_null(first);
    assert_int_equal(first->line + step->stanza_line, 8);
    assert_true(xml_is(first->next, "message", XML_NS_CLIENT));
    assert_int_equal(first->next->line + step->stanza_line, 11);
    assert_null(first->next->next);
    assert_int_equal(step->next->verb, STEP_DISCONNECTS);
    scenario_free(scenario);
}

static void a_raw_block_is_taken_literally(void **state)
{
    (void)state;
    struct scenario *scenario = parse_below_cast("Romeo sends raw:\n"
                                                 "\n"
                                                 "    <a>  \r\n"
                                                 "      # no comment & no XML\n"
                                                 "\n"
                                                 "  -- neither ${Romeo's JID}\n"
                                                 "\n"
                                                 "Romeo disconnects\n");
    assert_string_equal(scenario->steps->text, "<a>  \n  # no comment & no XML\n\n-- neither ${Romeo's JID}");
    assert_int_equal(scenario->steps->length, strlen(scenario->steps->text));
    scenario_free(scenario);
}

static void raw_bytes_may_be_any(void **state)
{
    (void)state;
    struct scenario *scenario = parse_below_cast("Romeo sends raw \"\\x00\\xFF\\\\\\t\\r\"");
    assert_int_equal(scenario->steps->length, 5);
    assert_memory_equal(scenario->steps->text, "\0\xff\\\t\r", 5);
    scenario_free(scenario);
}

static void the_properties_of_a_stream_header_keep_their_order(void **state)
{
    (void)state;
    struct scenario *scenario = parse_below_cast("Romeo opens a stream with:\n"
                                                 "\t# a comment\n"
                                                 "\tto: unset\n"
                                                 "\tstream namespace: http://example.com/: x\n"
                                                 "\tlang:\n"
                                                 "Romeo's stream header is:\n"
                                                 "\tid: {scansion:capture:id}\n"
                                                 "\tto: ${Romeo's JID}\n"
                                                 "Romeo opens a stream to \"${id}\"\n");
    const struct property *property = scenario->steps->properties;
    assert_string_equal(property->name, "to");
    assert_null(property->value);
    assert_int_equal(property->line, 8);
    assert_string_equal(property->next->name, "stream namespace");
    assert_string_equal(property->next->value, "http://example.com/: x");
    assert_string_equal(property->next->next->value, "");
    assert_null(property->next->next->next);
    assert_string_equal(scenario->steps->next->properties->value, "{scansion:capture:id}");
    assert_string_equal(scenario->steps->next->next->properties->name, "to");
    scenario_free(scenario);
}

static void a_roster_item_has_all_its_parts(void **state)
{
    (void)state;
    struct scenario *scenario = parse_below_cast(
        "Romeo's roster is:\n"
        "\tjuliet@localhost: both, name \"Ju, \\\"liet\\\"\", group \"Friends\", group \"L:\"\n"
        "\tnurse@localhost: none, ask, pending\n");
    const struct roster_line *item = scenario->steps->roster;
    assert_string_equal(item->jid, "juliet@localhost");
    assert_string_equal(item->subscription, "both");
    assert_string_equal(item->name, "Ju, \"liet\"");
    assert_int_equal(item->group_count, 2);
    assert_string_equal(item->groups[0], "Friends");
    assert_string_equal(item->groups[1], "L:");
    assert_false(item->ask);
    assert_int_equal(item->line, 7);
    assert_string_equal(item->next->subscription, "none");
    assert_true(item->next->ask);
    assert_true(item->next->pending);
    assert_null(item->next->name);
    assert_null(item->next->next);
    scenario_free(scenario);
}

static void steps_at_the_same_time_have_blocks_of_their_own(void **state)
{
    (void)state;
    struct scenario *scenario = parse_below_cast("At the same time:\n"
                                                 "\n"
                                                 "  Romeo sends:\n"
                                                 "      <presence/>\n"
                                                 "# at the left\n"
                                                 "      <message/>\n"
                                                 "  # inside\n"
                                                 "  Juliet's phone disconnects\n"
                                                 "Romeo disconnects\n");
    const struct step *inside = scenario->steps->steps;
    assert_int_equal(inside->verb, STEP_SENDS);
    assert_int_equal(inside->line, 8);
    assert_string_equal(inside->source, "Romeo sends:");
    assert_int_equal(inside->stanzas->next->line + inside->stanza_line, 11);
    assert_int_equal(inside->next->actor, 1);
    assert_null(inside->next->next);
    assert_int_equal(scenario->steps->next->verb, STEP_DISCONNECTS);
    scenario_free(scenario);
}

static void a_capture_is_known_below_it(void **state)
{
    (void)state;
    struct scenario *scenario = parse_below_cast(
        "Romeo receives:\n\t<message id=\"{scansion:capture:it's}\"/>\n"
        "Romeo sends:\n\t<message id=\"${it's}\"><body>${Romeo's full JID}</body></message>\n"
        "Romeo's resource is ${it's}x\n");
    scenario_free(scenario);
}

/* ---- The head ---- */

static void every_property_of_a_client_is_kept(void **state)
{
    (void)state;
    struct scenario *scenario = parse("# The title \n"
                                      "# not the title\n"
                                      "## rfc: 6121 4.2.2\n"
                                      "## rfc: 6120\n"
                                      "## slow\n"
                                      "## strict\n"
                                      "## fails: expected: a presence\n"
                                      "[Client] Romeo\n"
                                      "\tjid: romeo@localhost\n"
                                      "    # indented comment\n"
                                      "\tpassword: a b: c\n"
                                      "# at the left\n"
                                      "\tresource: orchard\n"
                                      "\tmechanism: PLAIN\n"
                                      "\tconnect_host: 127.0.0.1\n"
                                      "\tconnect_port: 5222\n"
                                      "\taccount: none\n"
                                      "[Client] Juliet\n"
                                      "\tjid: juliet@capulet.example/b/c@d\n"
                                      "\taccount: disabled\n"
                                      "[Client] Guest\n"
                                      "\tjid: localhost\n"
                                      "------   \n"
                                      "Romeo connects\n");
    assert_string_equal(scenario->path, "scenarios/basics/test.scs");
    assert_string_equal(scenario->title, "The title");
    assert_string_equal(scenario_tag(scenario, "rfc"), "6121 4.2.2");
    assert_string_equal(scenario->tags->next->value, "6120");
    assert_string_equal(scenario_tag(scenario, "slow"), "");
    assert_null(scenario_tag(scenario, "fast"));
    assert_true(scenario->strict);
    assert_string_equal(scenario->fails, "expected: a presence");
    assert_int_equal(scenario->cast_count, 3);
    const struct character *romeo = &scenario->cast[0], *juliet = romeo + 1, *guest = romeo + 2;
    assert_string_equal(romeo->name, "Romeo");
    assert_string_equal(romeo->jid, "romeo@localhost");
    assert_string_equal(romeo->local, "romeo");
    assert_string_equal(romeo->domain, "localhost");
    assert_string_equal(romeo->password, "a b: c");
    assert_string_equal(romeo->resource, "orchard");
    assert_string_equal(romeo->mechanism, "PLAIN");
    assert_true(romeo->no_account);
    assert_int_equal(romeo->line, 8);
    assert_string_equal(juliet->jid, "juliet@capulet.example");
    assert_string_equal(juliet->resource, "b/c@d");
    assert_string_equal(juliet->password, "");
    assert_null(juliet->mechanism);
    assert_null(guest->local);
    assert_null(guest->resource);
    assert_string_equal(guest->domain, "localhost");
    assert_string_equal(scenario->accounts->jid, "juliet@capulet.example");
    assert_string_equal(scenario->accounts->status, "disabled");
    assert_null(scenario->accounts->next);
    scenario_free(scenario);
}

static void every_setting_of_the_server_is_kept(void **state)
{
    (void)state;
    struct scenario *scenario = parse("[Server]\n"
                                      "\thost: verona.example\n"
                                      "\thost: localhost\n"
                                      "\tconflict: increment\n"
                                      "\tdelivery: all\n"
                                      "\tmechanisms: PLAIN, SCRAM-SHA-1\n"
                                      "\tstanza bytes: 10000\n\tdepth: 1\n\tattributes: 2\n"
                                      "\twaiting bytes: 3\n\toutput bytes: 4\n\tlogin tries: 5\n"
                                      "\tresources: 6\n\troster items: 7\n\troster groups: 8\n"
                                      "\troster text bytes: 9\n\tdirected: 0\n"
                                      "\tlogin time: 30 seconds\n"
                                      "[Account] nurse@capulet.example\n"
                                      "\tpassword: secret\n"
                                      "\taccount: expired\n"
                                      "[Client] Romeo\n"
                                      "\tjid: romeo@localhost\n"
                                      "---\n"
                                      "Romeo connects\n");
    const struct core_settings *settings = &scenario->settings;
    assert_int_equal(settings->host_count, 3);
    assert_string_equal(settings->hosts[0], "verona.example");
    assert_string_equal(settings->hosts[1], "localhost");
    assert_string_equal(settings->hosts[2], "capulet.example");
    assert_int_equal(settings->conflict, CORE_INCREMENT);
    assert_int_equal(settings->delivery, CORE_DELIVER_ALL);
    assert_int_equal(settings->mechanisms, CORE_PLAIN | CORE_SCRAM_SHA_1);
    assert_int_equal(settings->limits.stanza_bytes, 10000);
    assert_int_equal(settings->limits.depth, 1);
    assert_int_equal(settings->limits.attributes, 2);
    assert_int_equal(settings->limits.waiting_bytes, 3);
    assert_int_equal(settings->limits.output_bytes, 4);
    assert_int_equal(settings->limits.login_tries, 5);
    assert_int_equal(settings->limits.resources, 6);
    assert_int_equal(settings->limits.roster_items, 7);
    assert_int_equal(settings->limits.roster_groups, 8);
    assert_int_equal(settings->limits.roster_text_bytes, 9);
    assert_int_equal(settings->limits.directed, 0);
    assert_int_equal(settings->limits.login_time, 30 * SIM_SECOND);
    assert_string_equal(scenario->accounts->jid, "nurse@capulet.example");
    assert_string_equal(scenario->accounts->local, "nurse");
    assert_string_equal(scenario->accounts->domain, "capulet.example");
    assert_string_equal(scenario->accounts->password, "secret");
    assert_string_equal(scenario->accounts->status, "expired");
    assert_int_equal(scenario->accounts->line, 19);
    scenario_free(scenario);
}

static void every_policy_has_its_word(void **state)
{
    (void)state;
    static const struct {
        const char *conflict, *delivery, *mechanism, *login_time;
        enum core_conflict expected_conflict;
        enum core_delivery expected_delivery;
        unsigned expected_mechanism;
        uint64_t expected_time;
    } rows[] = {
        { "kick_old", "best", "PLAIN", "none", CORE_KICK_OLD, CORE_DELIVER_BEST, CORE_PLAIN, 0 },
        { "kick_new", "all", "SCRAM-SHA-1", "1 second", CORE_KICK_NEW, CORE_DELIVER_ALL, CORE_SCRAM_SHA_1,
          SIM_SECOND },
        { "random", "all", "SCRAM-SHA-256", "2  minutes", CORE_RANDOM, CORE_DELIVER_ALL, CORE_SCRAM_SHA_256,
          2 * MINUTE },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[300];
        (void)snprintf(text, sizeof text,
                       "[Server]\n\thost: localhost\n\tconflict: %s\n\tdelivery: %s\n\tmechanisms: %s\n"
                       "\tlogin time: %s\n---\n1 second passes\n",
                       rows[i].conflict, rows[i].delivery, rows[i].mechanism, rows[i].login_time);
        struct scenario *scenario = parse(text);
        assert_int_equal(scenario->settings.conflict, rows[i].expected_conflict);
        assert_int_equal(scenario->settings.delivery, rows[i].expected_delivery);
        assert_int_equal(scenario->settings.mechanisms, rows[i].expected_mechanism);
        assert_int_equal(scenario->settings.limits.login_time, rows[i].expected_time);
        scenario_free(scenario);
    }
}

static void a_server_that_sets_nothing_has_the_settings_of_the_core(void **state)
{
    (void)state;
    struct core_settings usual = core_settings_default();
    struct scenario *scenario = parse_below_cast("Romeo connects");
    assert_int_equal(scenario->settings.conflict, usual.conflict);
    assert_int_equal(scenario->settings.mechanisms, usual.mechanisms);
    assert_int_equal(scenario->settings.limits.stanza_bytes, usual.limits.stanza_bytes);
    assert_int_equal(scenario->settings.limits.login_time, usual.limits.login_time);
    assert_int_equal(scenario->settings.host_count, 2);
    assert_string_equal(scenario->settings.hosts[0], "localhost");
    assert_string_equal(scenario->title, "scenarios/basics/test.scs");
    assert_false(scenario->strict);
    assert_null(scenario->fails);
    scenario_free(scenario);
}

static void a_roster_comes_from_the_head_and_from_a_file(void **state)
{
    (void)state;
    struct scenario *scenario = parse("[Client] Romeo\n\tjid: romeo@localhost\n"
                                      "[Roster] romeo@localhost\n"
                                      "\ttybalt@localhost: none, pending\n"
                                      "\tfrom: ../verona.roster\n"
                                      "---\nRomeo connects\n");
    const struct roster_head *roster = scenario->rosters;
    assert_string_equal(roster->jid, "romeo@localhost");
    assert_string_equal(roster->local, "romeo");
    assert_string_equal(roster->domain, "localhost");
    assert_int_equal(roster->line, 3);
    assert_string_equal(roster->items->jid, "tybalt@localhost");
    assert_true(roster->items->pending);
    assert_string_equal(roster->items->next->name, "Juliet");
    assert_int_equal(roster->items->next->line, 5);
    assert_true(roster->items->next->next->ask);
    assert_null(roster->items->next->next->next);
    scenario_free(scenario);
}

/* ---- Scansion's own files ---- */

static const char scansion[] = "\xef\xbb\xbf# Basic roster functionality\r\n"
                               "## status: stable\r\n"
                               "\r\n"
                               "// who plays\r\n"
                               "[Client] Romeo\r\n"
                               "\tjid: romeo@localhost\r\n"
                               "\tpassword: secret\r\n"
                               "\r\n"
                               "[Client] Juliet's phone\r\n"
                               "    jid: juliet@localhost/phone\r\n"
                               "    password: secret\r\n"
                               "    connect_host: 127.0.0.1\r\n"
                               "    connect_port: 5222\r\n"
                               "\r\n"
                               "-----\r\n"
                               "\r\n"
                               "Romeo connects\r\n"
                               "\r\n"
                               "-- Juliet comes as well\r\n"
                               "--\r\n"
                               "Juliet's phone connects\r\n"
                               "\r\n"
                               "Romeo sends:\r\n"
                               "\t<iq type=\"get\" id=\"roster1\">\r\n"
                               "\t\t<query xmlns='jabber:iq:roster'/>\r\n"
                               "\t</iq>\r\n"
                               "\r\n"
                               "\t<message to=\"${Juliet's phone's full JID}\"/>\r\n"
                               "\r\n"
                               "Romeo receives\r\n"
                               "\t<iq type=\"result\" id=\"{scansion:any}\">\r\n"
                               "\t\t<query ver='{scansion:capture:ver}' xmlns=\"jabber:iq:roster\" "
                               "scansion:strict=\"false\"/>\r\n"
                               "\t</iq>\r\n"
                               "Juliet's phone receives: nothing\r\n"
                               "Romeo disconnects\r\n"
                               "\r\n"
                               "# recording ended on 2018-10-12T15:03:42Z\r\n";

static void a_file_in_the_style_of_scansion_is_read(void **state)
{
    (void)state;
    struct scenario *scenario = parse(scansion);
    static const enum step_verb verbs[] = { STEP_CONNECTS, STEP_CONNECTS,         STEP_SENDS,
                                            STEP_RECEIVES, STEP_RECEIVES_NOTHING, STEP_DISCONNECTS };
    assert_string_equal(scenario->title, "Basic roster functionality");
    assert_string_equal(scenario_tag(scenario, "status"), "stable");
    assert_string_equal(scenario->cast[1].name, "Juliet's phone");
    assert_string_equal(scenario->cast[1].resource, "phone");
    const struct step *step = scenario->steps;
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++, step = step->next)
        assert_int_equal(step->verb, verbs[i]);
    assert_null(step);
    scenario_free(scenario);
}

static void the_longest_name_begins_a_step(void **state)
{
    (void)state;
    struct scenario *scenario = parse("[Client] Juliet\n\tjid: juliet@localhost\n"
                                      "[Client] Juliet's phone\n\tjid: juliet@localhost\n"
                                      "---\n"
                                      "Juliet's phone connects\nJuliet connects\nJuliet's type is c2s\n");
    assert_int_equal(scenario->steps->actor, 1);
    assert_int_equal(scenario->steps->next->actor, 0);
    assert_int_equal(scenario->steps->next->next->actor, 0);
    scenario_free(scenario);
}

/* ---- Complaints ---- */

struct malformed {
    int line;
    const char *message; /* a part of it */
    const char *text;
};

static const struct malformed malformed_heads[] = {
    { 1, "the cast has no end; expected a line of three or more dashes", "" },
    { 3, "the cast has no end", "[Client] Romeo\n\tjid: romeo@localhost\nRomeo connects\n" },
    { 1, "names no host; expected a [Client] with a jid", "---\n1 second passes\n" },
    { 5, "no step stands below the head; expected one such as \"Romeo connects\"",
      "[Client] Romeo\n\tjid: romeo@localhost\n---\n# nothing\n" },
    { 3, "\"Romeo\" is in the cast already, in line 1",
      "[Client] Romeo\n\tjid: romeo@localhost\n[Client] Romeo\n\tjid: romeo@localhost\n---\n" },
    { 1, "\"Romeo\" has no jid; expected an indented line such as \"jid: romeo@localhost\"",
      "[Client] Romeo\n\tpassword: x\n---\n" },
    { 2, "\"romeo@\" is no JID; expected one such as", "[Client] Romeo\n\tjid: romeo@\n---\n" },
    { 2, "\"@localhost\" is no JID", "[Client] Romeo\n\tjid: @localhost\n---\n" },
    { 2, "\"a@b@c\" is no JID", "[Client] Romeo\n\tjid: a@b@c\n---\n" },
    { 2, "\"a@b/\" is no JID", "[Client] Romeo\n\tjid: a@b/\n---\n" },
    { 2, "\"a b@c\" is no JID", "[Client] Romeo\n\tjid: a b@c\n---\n" },
    { 2, "\"\" is no JID", "[Client] Romeo\n\tjid:\n---\n" },
    { 3, "names the resource \"orchard\"; expected the same one",
      "[Client] Romeo\n\tjid: a@b/orchard\n\tresource: balcony\n---\n" },
    { 3, "\"mechanism\" has no value", "[Client] Romeo\n\tjid: a@b\n\tmechanism:\n---\n" },
    { 3, "\"jid\" is given in line 2 already", "[Client] Romeo\n\tjid: a@b\n\tjid: a@b\n---\n" },
    { 3,
      "unknown property \"pasword\"; expected one of: jid, password, resource, mechanism, account, "
      "connect_host, connect_port",
      "[Client] Romeo\n\tjid: a@b\n\tpasword: x\n---\n" },
    { 3, "expected \"name: value\", found \"password secret\"",
      "[Client] Romeo\n\tjid: a@b\n\tpassword secret\n---\n" },
    { 3, "unknown account status \"gone\"; expected none, disabled or expired",
      "[Client] Romeo\n\tjid: a@b\n\taccount: gone\n---\n" },
    { 1, "this character has no name; expected \"[Client] NAME\"", "[Client]\n\tjid: a@b\n---\n" },
    { 1, "unknown section \"[Cliant]\"; expected one of: Server, Client, Account, Roster",
      "[Cliant] Romeo\n\tjid: a@b\n---\n" },
    { 1, "this section has no \"]\"", "[Client Romeo\n\tjid: a@b\n---\n" },
    { 1, "this indented line belongs to no section", "\tjid: a@b\n---\n" },
    { 1, "expected a section such as \"[Client] NAME\", a comment or \"---\", found \"Romeo connects\"",
      "Romeo connects\n---\n" },
    { 1, "the tag \"strict\" has the value \"no\"", "## strict: no\n---\n" },
    { 1, "the tag \"fails\" has no words; expected \"## fails: some words\"", "## fails\n---\n" },
    { 2, "unknown conflict policy \"kick\"; expected one of: kick_old, kick_new, increment, random",
      "[Server]\n\tconflict: kick\n---\n" },
    { 2, "unknown delivery \"some\"; expected one of: best, all", "[Server]\n\tdelivery: some\n---\n" },
    { 2, "unknown mechanism \"MD5\"; expected one of: SCRAM-SHA-256, SCRAM-SHA-1, PLAIN",
      "[Server]\n\tmechanisms: PLAIN, MD5\n---\n" },
    { 2, "unknown setting or limit \"stanzas\"; expected one of: host, conflict",
      "[Server]\n\tstanzas: 4\n---\n" },
    { 2, "\"lots\" is no number; expected digits, as in \"depth: 100\"", "[Server]\n\tdepth: lots\n---\n" },
    { 2, "\"99999999999999999999999\" is no number", "[Server]\n\tdepth: 99999999999999999999999\n---\n" },
    { 2, "\"soon\" is no span of time; expected one as in \"login time: 30 seconds\", or none",
      "[Server]\n\tlogin time: soon\n---\n" },
    { 2, "\"a@b\" is no host; expected a name", "[Server]\n\thost: a@b\n---\n" },
    { 3, "\"depth\" is given in line 2 already", "[Server]\n\tdepth: 1\n\tdepth: 2\n---\n" },
    { 1, "the server has no name here; expected \"[Server]\"", "[Server] x\n\thost: a\n---\n" },
    { 3, "[Server] is in line 1 already", "[Server]\n\thost: a\n[Server]\n---\n" },
    { 1, "\"localhost\" is no account; expected a bare JID", "[Account] localhost\n---\n" },
    { 1, "\"a@b/c\" is no account; expected a bare JID", "[Roster] a@b/c\n---\n" },
    { 2, "the account \"a@b\" is in line 1 already", "[Account] a@b\n[Account] a@b\n---\n" },
    { 2, "unknown account status \"none\"; expected disabled or expired",
      "[Account] a@b\n\taccount: none\n---\n" },
    { 1, "\"a@b\" is the account of \"Romeo\"; expected one that is nobody's",
      "[Account] a@b\n[Client] Romeo\n\tjid: a@b\n---\n" },
    { 1, "nobody has the account \"a@b\"; expected one of a [Client] or an [Account]",
      "[Roster] a@b\n---\n" },
    { 3, "the roster of \"a@b\" is in line 2 already", "[Account] a@b\n[Roster] a@b\n[Roster] a@b\n---\n" },
    { 3, "unknown subscription \"maybe\"; expected none, to, from or both",
      "[Account] a@b\n[Roster] a@b\n\tc@d: maybe\n---\n" },
    { 3, "no colon behind \"c@d\"; expected an item such as \"juliet@localhost: both\"",
      "[Account] a@b\n[Roster] a@b\n\tc@d both\n---\n" },
    { 3, "unknown \"asked\" in a roster item; expected ask, pending, name \"...\" or group \"...\"",
      "[Account] a@b\n[Roster] a@b\n\tc@d: none, asked\n---\n" },
    { 3, "unexpected \"ask\" in a roster item; expected a comma",
      "[Account] a@b\n[Roster] a@b\n\tc@d: none ask\n---\n" },
    { 3, "\"name\" needs a quotation behind it", "[Account] a@b\n[Roster] a@b\n\tc@d: none, name X\n---\n" },
    { 3, "\"group\" needs a quotation behind it",
      "[Account] a@b\n[Roster] a@b\n\tc@d: none, group \"X\n---\n" },
    { 3, "too many groups in an item; expected 16 at the most",
      "[Account] a@b\n[Roster] a@b\n\tc@d: none, group \"1\", group \"2\", group \"3\", group \"4\", group "
      "\"5\", group \"6\", group \"7\", group \"8\", group \"9\", group \"10\", group \"11\", group \"12\", "
      "group \"13\", group \"14\", group \"15\", group \"16\", group \"17\"\n---\n" },
    { 4, "\"c@d\" is in this roster already", "[Account] a@b\n[Roster] a@b\n\tc@d: to\n\tc@d: to\n---\n" },
    { 3, "the file \"gone.roster\" cannot be read",
      "[Account] a@b\n[Roster] a@b\n\tfrom: gone.roster\n---\n" },
    { 3, "the file \"\" cannot be read", "[Account] a@b\n[Roster] a@b\n\tfrom:\n---\n" },
    { 3, "/broken.roster:3: unknown subscription \"sideways\"",
      "[Account] a@b\n[Roster] a@b\n\tfrom: /broken.roster\n---\n" },
    { 3, "/binary.roster:2: this line is not UTF-8",
      "[Account] a@b\n[Roster] a@b\n\tfrom: /binary.roster\n---\n" },
    { 2, "this line is not UTF-8; expected a file in UTF-8", "# a\n# \xff\n---\n" },
    { 1, "this line is not UTF-8", "# \xc0\x80\n" },
    { 1, "this line is not UTF-8", "# \xed\xa0\x80\n" },
    { 1, "this line is not UTF-8", "# \xe2\x82" },
};

/* Below the five lines of `cast`: the first step is in line 6. */
static const struct malformed malformed_steps[] = {
    { 6, "no character is called \"Romeoo\"; the cast is: Romeo, Juliet's phone", "Romeoo connects\n" },
    { 6, "no character is called \"Juliet's phnoe\"; the cast is:", "Juliet's phnoe receives: nothing\n" },
    { 6, "no character is called \"Tybalt\"", "Tybalt's connection is open\n" },
    { 6, "no character is called \"whatever\"", "whatever\n" },
    { 6, "unknown verb \"connnects\"; did you mean \"connects\"?", "Romeo connnects\n" },
    { 6, "unknown verb \"recieves nothing\"; did you mean \"receives nothing\"?",
      "Romeo recieves: nothing\n" },
    { 6, "unknown verb \"opens a steam\"; did you mean \"opens a stream\"?",
      "Romeo opens a steam to \"localhost\"\n" },
    { 6, "unknown property \"stream haeder is\"; did you mean \"stream header is\"?",
      "Romeo's stream haeder is:\n\tfrom: a\n" },
    { 6, "unknown step \"the nxt load fails\"; did you mean \"the next load fails\"?",
      "The nxt load fails\n" },
    { 6, "unknown verb \"dances\"; expected one of: connects, disconnects, sends", "Romeo dances\n" },
    { 6, "unknown property \"mood\"; expected one of: connection, type", "Romeo's mood is bad\n" },
    { 6, "\"Romeo\" does nothing; expected a verb", "Romeo\n" },
    { 6, "after \"is\", found \"redy\"", "Romeo is redy\n" },
    { 6, "after \"connects\", found \"quickly\"", "Romeo connects quickly\n" },
    { 6, "expected a unit from milliseconds to days after \"receives nothing for 5\", found \"parsecs\"",
      "Romeo receives nothing for 5 parsecs\n" },
    { 6, "expected a unit from milliseconds to days after \"5\", found \"minuts\"", "5 minuts pass\n" },
    { 6, "expected a span such as 5 seconds", "99999999999999 days pass\n" },
    { 6, "expected a number above 0 after \"sends raw \"x\" in pieces of\", found \"0\"",
      "Romeo sends raw \"x\" in pieces of 0\n" },
    { 6, "expected a number after \"has\", found \"two\"", "Romeo has two sessions\n" },
    { 6, "expected a bare JID", "7@ has 2 sessions\n" },
    { 6, "expected a value after \"priority is\", found \"the end of the line\"", "Romeo's priority is\n" },
    { 6, "expected the name of an error condition", "Romeo fails to bind:\n" },
    { 6, "expected a quotation after \"binds resource\", found \"orchard\"",
      "Romeo binds resource orchard\n" },
    { 6, "the quotation \"orchard has no end; expected a closing quote", "Romeo binds resource \"orchard\n" },
    { 6, "the quotation \"a\\\" has no end", "Romeo binds resource \"a\\\"\n" },
    { 6, "unknown escape in \"\\q\"; expected", "Romeo binds resource \"\\q\"\n" },
    { 6, "unknown escape in \"\\x4\"", "Romeo binds resource \"\\x4\"\n" },
    { 6, "holds a NUL byte; expected text", "Romeo binds resource \"\\x00\"\n" },
    { 6, "\"sends\" needs an indented block of stanzas below it", "Romeo sends:\n" },
    { 6, "\"sends raw\" needs an indented block of text below it", "Romeo sends raw:\n\n" },
    { 6, "\"presence is\" needs an indented block with one presence stanza", "Romeo's presence is:\n" },
    { 6, "\"roster is\" needs an indented block of roster items", "Romeo's roster is:\n" },
    { 6, "\"opens a stream with\" needs an indented block of lines", "Romeo opens a stream with:\n" },
    { 6, "\"at the same time\" needs an indented block of steps", "At the same time:\n" },
    { 6, "\"at the same time\" needs an indented block of steps", "At the same time:\n\t# nobody\n" },
    { 6, "after \"sends\", found \"<presence/>\"", "Romeo sends: <presence/>\n" },
    { 8, "nothing may stand indented below \"Romeo connects\"; expected the next step",
      "\nRomeo connects\n\t<presence/>\n" },
    { 6, "this indented line belongs to no step", "\t<presence/>\nRomeo connects\n" },
    { 8, "expected well-formed stanzas", "Romeo sends:\n\t<presence>\n\t</message>\n" },
    { 9, "expected well-formed stanzas", "Romeo sends:\n\t<a/>\n\n\t<a b=c/>\n\t<a/>\n" },
    { 7, "expected well-formed stanzas", "Romeo sends:\n\t<presence>\n" },
    { 7, "expected well-formed stanzas", "Romeo sends:\n\t<!-- nothing -->\n" },
    { 7, "expected", "Romeo sends:\n\tnothing\n" },
    { 7, "expected one <presence xmlns=\"jabber:client\"/> here",
      "Romeo's presence is:\n\t<presence/><presence/>\n" },
    { 7, "expected one <presence", "Romeo's presence is:\n\t<message/>\n" },
    { 7, "expected one <features xmlns=\"http://etherx.jabber.org/streams\"/>",
      "Romeo's features are:\n\t<features/>\n" },
    { 7, "unknown property \"id\"; expected one of: to, from, version, lang, namespace, stream namespace",
      "Romeo opens a stream with:\n\tid: 1\n" },
    { 7, "unknown property \"namespace\"; expected one of: from, to, id, version, lang",
      "Romeo's stream header is:\n\tnamespace: x\n" },
    { 8, "\"to\" is given in line 7 already", "Romeo opens a stream with:\n\tto: a\n\tto: b\n" },
    { 7, "expected \"name: value\", found \"localhost\"", "Romeo opens a stream with:\n\tlocalhost\n" },
    { 7, "no colon behind \"juliet@localhost\"", "Romeo's roster is:\n\tjuliet@localhost\n" },
    { 7, "no character is called \"Romeoo\"; the cast is: Romeo, Juliet's phone",
      "Romeo sends:\n\t<message to=\"${Romeoo's JID}\"/>\n" },
    { 8, "\"${x}\" is not captured above; expected {scansion:capture:...} before it",
      "Romeo sends:\n\t<message\n\t\tid='${x}'/>\nRomeo receives:\n\t<message "
      "id='{scansion:capture:x}'/>\n" },
    { 6, "\"${x}\" is not captured above", "Romeo sends raw \"${x}\"\n" },
    { 6, "\"${x}\" is not captured above", "Romeo's resource is ${x}\n" },
    { 7, "\"${x}\" is not captured above", "Romeo opens a stream with:\n\tto: ${x}\n" },
    { 8, "\"${x}\" is not captured above", "Romeo sends raw:\n\n\t${x}\n" },
    { 7, "\"${\" has no end; expected a \"}\"", "Romeo sends:\n\t<message to='${Romeo'/>\n" },
    { 7, "unknown marker \"{scansion:anything}\"; expected {scansion:any} or",
      "Romeo receives:\n\t<message to='{scansion:anything}'/>\n" },
    { 7, "unknown marker \"{scansion:capture:}\"",
      "Romeo receives:\n\t<message to='{scansion:capture:}'/>\n" },
    { 7, "\"at the same time\" stands inside another",
      "At the same time:\n\tAt the same time:\n\t\tRomeo connects\n" },
    { 8, "indented unlike the first step of its block",
      "At the same time:\n\tRomeo connects\n    Juliet's phone connects\n" },
    { 8, "indented unlike the first step of its block",
      "At the same time:\n\t\tRomeo connects\n\tJuliet's phone connects\n" },
};

static void assert_complaint(const char *text, size_t length, int line, const char *message)
{
    struct complaints complaints;
    assert_null(parse_bytes(text, length, &complaints));
    for (size_t i = 0; i < complaints.count && i < COMPLAINTS_MAX; i++)
        if (complaints.list[i].line == line && strstr(complaints.list[i].message, message) != NULL)
            return;
    print_complaints(&complaints);
    fail_msg("no complaint in line %d with \"%s\" about:\n%s", line, message, text);
}

static void every_malformed_head_is_complained_about(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof malformed_heads / sizeof malformed_heads[0]; i++)
        assert_complaint(malformed_heads[i].text, strlen(malformed_heads[i].text), malformed_heads[i].line,
                         malformed_heads[i].message);
}

static void every_malformed_step_is_complained_about(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof malformed_steps / sizeof malformed_steps[0]; i++) {
        char text[1024];
        (void)snprintf(text, sizeof text, "%s%s", cast, malformed_steps[i].text);
        assert_complaint(text, strlen(text), malformed_steps[i].line, malformed_steps[i].message);
    }
}

static void a_nul_byte_is_complained_about(void **state)
{
    (void)state;
    static const char text[] = "# a\n[Client] Ro\0meo\n---\n";
    assert_complaint(text, sizeof text - 1, 2, "a NUL byte stands here; expected text");
}

static void every_mistake_of_a_file_is_found_at_once(void **state)
{
    (void)state;
    static const char text[] = "[Client] Romeo\n\tjid: a@b\n\tpasword: x\n---\nRomeo jumps\nRomeo connects\n"
                               "Tybalt connects\nRomeo sends:\n\t<a>\nRomeo binds resource \"x\n";
    static const int lines[] = { 3, 5, 7, 9, 10 };
    struct complaints complaints;
    assert_null(parse_bytes(text, strlen(text), &complaints));
    assert_int_equal(complaints.count, sizeof lines / sizeof lines[0]);
    for (size_t i = 0; i < complaints.count; i++)
        assert_int_equal(complaints.list[i].line, lines[i]);
}

static void more_complaints_than_are_kept_are_counted(void **state)
{
    (void)state;
    char text[2000] = "[Client] Romeo\n\tjid: a@b\n---\n";
    for (int i = 0; i < COMPLAINTS_MAX + 5; i++)
        strcat(text, "Romeo jumps\n");
    struct complaints complaints;
    assert_null(parse_bytes(text, strlen(text), &complaints));
    assert_int_equal(complaints.count, COMPLAINTS_MAX + 5);
    assert_int_equal(complaints.list[COMPLAINTS_MAX - 1].line, 3 + COMPLAINTS_MAX);
}

/* ---- Limits ---- */

static void a_very_long_line_is_read_whole_and_complained_about_in_short(void **state)
{
    (void)state;
    enum { LENGTH = 1000000 };
    char *text = malloc(sizeof cast + LENGTH + 100);
    assert_non_null(text);
    strcat(strcpy(text, cast), "Romeo sends raw \"");
    size_t head = strlen(text);
    memset(text + head, 'x', LENGTH);
    strcpy(text + head + LENGTH, "\"\n");
    struct scenario *scenario = parse(text);
    assert_int_equal(scenario->steps->length, LENGTH);
    scenario_free(scenario);
    /* The same without the quotation's end, and out of characters of two bytes. */
    for (int i = 0; i < LENGTH; i += 2)
        memcpy(text + head + i, "\xc3\xa9", 2);
    text[head + LENGTH] = '\0';
    struct complaints complaints;
    assert_null(parse_bytes(text, strlen(text), &complaints));
    assert_int_equal(complaints.count, 1);
    assert_true(strlen(complaints.list[0].message) < 200);
    assert_non_null(strstr(complaints.list[0].message, "\xc3\xa9... has no end"));
    free(text);
}

static void ten_thousand_steps_are_read(void **state)
{
    (void)state;
    static const char step[] = "Romeo sends raw:\n\t<a>\n";
    enum { STEPS = 10000 };
    char *text = malloc(sizeof cast + STEPS * sizeof step);
    assert_non_null(text);
    memcpy(text, cast, sizeof cast);
    char *end = text + strlen(text);
    for (int i = 0; i < STEPS; i++, end += strlen(step))
        memcpy(end, step, sizeof step);
    struct scenario *scenario = parse(text);
    size_t count = 0;
    for (const struct step *s = scenario->steps; s != NULL; s = s->next)
        count++;
    assert_int_equal(count, STEPS);
    scenario_free(scenario);
    free(text);
}

static void deep_nesting_is_refused_with_a_sentence(void **state)
{
    (void)state;
    enum { DEPTH = 500 };
    char *text = malloc(sizeof cast + DEPTH * (DEPTH + 20));
    assert_non_null(text);
    size_t length = (size_t)sprintf(text, "%s", cast);
    for (int i = 0; i < DEPTH; i++)
        length += (size_t)sprintf(text + length, "%*sat the same time:\n", i, "");
    struct complaints complaints;
    assert_null(parse_bytes(text, length, &complaints));
    assert_int_equal(complaints.count, 1);
    assert_int_equal(complaints.list[0].line, 7);
    assert_non_null(strstr(complaints.list[0].message, "stands inside another"));
    free(text);
}

static void a_long_cast_is_listed_as_far_as_it_fits(void **state)
{
    (void)state;
    char text[10000] = "";
    for (int i = 0; i < 100; i++)
        (void)sprintf(text + strlen(text), "[Client] Somebody called %d\n\tjid: a@b\n", i);
    strcat(text, "---\nNobody connects\n");
    assert_complaint(text, strlen(text), 202, "the cast is: Somebody called 0, Somebody called 1, ");
}

/* ---- Every byte of a valid file taken out, and doubled ---- */

static const char everything[] =
    "# Title\n## strict\n[Server]\n\thost: localhost\n\tmechanisms: PLAIN\n\tlogin time: 1 day\n"
    "[Client] R\n\tjid: r@localhost/o\n[Account] n@localhost\n[Roster] n@localhost\n"
    "\tj@localhost: both, name \"J\\x41\", group \"F\"\n\tfrom: ../verona.roster\n---\n"
    "R opens a stream with:\n\tto: unset\nR fails to authenticate with P as \"u\": no\n"
    "R sends:\n\t<a to=\"${R's JID}\"/>\n\n\t<b>\xc3\xa9</b>\nR receives:\n\t<a id='{scansion:capture:x}'/>\n"
    "at the same time:\n  R sends raw:\n    ${x}\n  R receives nothing for 5 hours\n"
    "R's roster is:\n\tj@localhost: to\nThe next 2 saves fail\n";

static void no_change_of_one_byte_breaks_the_parser(void **state)
{
    (void)state;
    size_t length = sizeof everything - 1;
    char text[sizeof everything + 1];
    scenario_free(parse(everything));
    for (size_t at = 0; at < length; at++) {
        struct complaints complaints;
        memcpy(text, everything, at);
        memcpy(text + at, everything + at + 1, length - at - 1);
        scenario_free(parse_bytes(text, length - 1, &complaints));
        memcpy(text + at, everything + at, 1);
        memcpy(text + at + 1, everything + at, length - at);
        scenario_free(parse_bytes(text, length + 1, &complaints));
        scenario_free(parse_bytes(everything, at, &complaints));
    }
}

/* ---- The reference ---- */

static char *read_whole(const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *text = calloc(1, 1000000);
    assert_non_null(text);
    assert_true(fread(text, 1, 999999, file) < 999999);
    assert_int_equal(fclose(file), 0);
    return text;
}

static void every_example_of_the_reference_is_valid(void **state)
{
    (void)state;
    static const char fence[] = "\n```scs\n";
    char *text = read_whole("scenarios/README.md");
    size_t examples = 0;
    for (char *at = text; (at = strstr(at, fence)) != NULL; examples++) {
        at += strlen(fence);
        char *end = strstr(at, "\n```\n");
        assert_non_null(end);
        struct complaints complaints;
        struct scenario *scenario = parse_bytes(at, (size_t)(end - at), &complaints);
        print_complaints(&complaints);
        if (scenario == NULL)
            fail_msg("this example is not valid:\n%.*s", (int)(end - at), at);
        scenario_free(scenario);
        at = end;
    }
    assert_true(examples > 0);
    free(text);
}

static void freeing_nothing_does_nothing(void **state)
{
    (void)state;
    scenario_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_wording_is_recognised),
        cmocka_unit_test(a_block_of_stanzas_knows_its_line_in_the_file),
        cmocka_unit_test(a_raw_block_is_taken_literally),
        cmocka_unit_test(raw_bytes_may_be_any),
        cmocka_unit_test(the_properties_of_a_stream_header_keep_their_order),
        cmocka_unit_test(a_roster_item_has_all_its_parts),
        cmocka_unit_test(steps_at_the_same_time_have_blocks_of_their_own),
        cmocka_unit_test(a_capture_is_known_below_it),
        cmocka_unit_test(every_property_of_a_client_is_kept),
        cmocka_unit_test(every_setting_of_the_server_is_kept),
        cmocka_unit_test(every_policy_has_its_word),
        cmocka_unit_test(a_server_that_sets_nothing_has_the_settings_of_the_core),
        cmocka_unit_test(a_roster_comes_from_the_head_and_from_a_file),
        cmocka_unit_test(a_file_in_the_style_of_scansion_is_read),
        cmocka_unit_test(the_longest_name_begins_a_step),
        cmocka_unit_test(every_malformed_head_is_complained_about),
        cmocka_unit_test(every_malformed_step_is_complained_about),
        cmocka_unit_test(a_nul_byte_is_complained_about),
        cmocka_unit_test(every_mistake_of_a_file_is_found_at_once),
        cmocka_unit_test(more_complaints_than_are_kept_are_counted),
        cmocka_unit_test(a_very_long_line_is_read_whole_and_complained_about_in_short),
        cmocka_unit_test(ten_thousand_steps_are_read),
        cmocka_unit_test(deep_nesting_is_refused_with_a_sentence),
        cmocka_unit_test(a_long_cast_is_listed_as_far_as_it_fits),
        cmocka_unit_test(no_change_of_one_byte_breaks_the_parser),
        cmocka_unit_test(every_example_of_the_reference_is_valid),
        cmocka_unit_test(freeing_nothing_does_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
