#include "scenario_reading.h"

static struct scenario *parse_below_cast(const char *steps)
{
    size_t size = sizeof cast + strlen(steps);
    char *text = malloc(size);
    assert_non_null(text);
    (void)snprintf(text, size, "%s%s", cast, steps);
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

#define MINUTE (SIM_SECOND * 60)

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
    { "Romeo begins to authenticate", STEP_BEGINS_TO_AUTHENTICATE, .actor = 0 },
    { "Romeo begins to authenticate with SCRAM-SHA-1 as \"a b\" using password \"p\"",
      STEP_BEGINS_TO_AUTHENTICATE, .actor = 0, .mechanism = "SCRAM-SHA-1", .user = "a b", .password = "p" },
    { "Romeo begins to authenticate without an initial response", STEP_BEGINS_TO_AUTHENTICATE, .actor = 0,
      .negated = true },
    { "Romeo begins to authenticate with PLAIN as \"x\" without an initial response",
      STEP_BEGINS_TO_AUTHENTICATE, .actor = 0, .mechanism = "PLAIN", .user = "x", .negated = true },
    { "Romeo answers the challenge", STEP_ANSWERS_CHALLENGE, .actor = 0 },
    { "Romeo finishes authenticating", STEP_FINISHES_AUTHENTICATING, .actor = 0 },
    { "Romeo finishes authenticating with an optional extension", STEP_FINISHES_AUTHENTICATING, .actor = 0,
      .said = "an optional extension" },
    { "Romeo fails to finish authenticating: not-authorized", STEP_FAILS_TO_FINISH_AUTHENTICATING, .actor = 0,
      .condition = "not-authorized" },
    /* Of phrases that begin alike, the longest that stands there; blanks between words do not matter. */
    { "Romeo fails to finish authenticating with  an extension \t behind the proof : malformed-request",
      STEP_FAILS_TO_FINISH_AUTHENTICATING, .actor = 0, .said = "an extension behind the proof",
      .condition = "malformed-request" },
    { "Romeo fails to finish authenticating with another nonce not-authorized",
      STEP_FAILS_TO_FINISH_AUTHENTICATING, .actor = 0, .said = "another nonce",
      .condition = "not-authorized" },
    { "Romeo fails to finish authenticating with the server's nonce alone: x",
      STEP_FAILS_TO_FINISH_AUTHENTICATING, .actor = 0, .said = "the server's nonce alone", .condition = "x" },
    { "Romeo aborts authenticating", STEP_ABORTS_AUTHENTICATING, .actor = 0 },
    { "Romeo restarts the stream", STEP_RESTARTS_STREAM, .actor = 0 },
    { "Romeo binds", STEP_BINDS, .actor = 0 },
    { "Romeo binds resource \"\xe2\x82\xac \xf0\x9f\x8c\xb9 \\x4a\\x4A\"", STEP_BINDS, .actor = 0,
      .said = "\xe2\x82\xac \xf0\x9f\x8c\xb9 JJ" },
    { "Romeo binds resource \"balcony \\xc3\\xa9\"", STEP_BINDS, .actor = 0, .said = "balcony \xc3\xa9" },
    { "Romeo fails to bind: conflict", STEP_FAILS_TO_BIND, .actor = 0, .condition = "conflict" },
    { "Romeo fails to bind resource \"r\": conflict", STEP_FAILS_TO_BIND, .actor = 0, .said = "r",
      .condition = "conflict" },
    { "Romeo closes the stream", STEP_CLOSES_STREAM, .actor = 0 },
    { "Romeo drops the connection", STEP_DROPS_CONNECTION, .actor = 0 },
    { "Romeo sends:\n\t<presence/>\n\n\t<presence/>", STEP_SENDS, .actor = 0 },
    { "Romeo pipelines:\n\tRomeo authenticates\n\tRomeo restarts the stream", STEP_PIPELINES, .actor = 0 },
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
    { "Romeo's roster version is 7", STEP_PROPERTY_IS, .actor = 0, .property = "roster version",
      .said = "7" },
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
    { "Romeo has 1 offline message", STEP_HAS_OFFLINE, .actor = 0, .number = 1 },
    { "Romeo has 2 offline messages", STEP_HAS_OFFLINE, .actor = 0, .number = 2 },
    { "romeo@localhost has 0 offline messages", STEP_HAS_OFFLINE, .actor = -1, .said = "romeo@localhost" },
    { "romeo@localhost has 1 offline message", STEP_HAS_OFFLINE, .actor = -1, .said = "romeo@localhost",
      .number = 1 },
    { "Romeo's block list is empty", STEP_BLOCK_LIST_IS, .actor = 0 },
    { "Romeo's block list is:\n\ta@b", STEP_BLOCK_LIST_IS, .actor = 0 },
    { "1 millisecond passes", STEP_TIME_PASSES, .actor = -1, .span = SIM_MILLISECOND },
    { "30 seconds pass", STEP_TIME_PASSES, .actor = -1, .span = 30 * SIM_SECOND },
    { "5 minutes pass", STEP_TIME_PASSES, .actor = -1, .span = 5 * MINUTE },
    { "1 hour passes", STEP_TIME_PASSES, .actor = -1, .span = 60 * MINUTE },
    { "2 days pass", STEP_TIME_PASSES, .actor = -1, .span = MINUTE * 60 * 48 },
    { "the next load fails", STEP_NEXT_FAILS, .actor = -1, .said = "load", .number = 1 },
    { "The next save fails", STEP_NEXT_FAILS, .actor = -1, .said = "save", .number = 1 },
    { "the next 3 loads fail", STEP_NEXT_FAILS, .actor = -1, .said = "load", .number = 3 },
    { "the next 4 saves fail", STEP_NEXT_FAILS, .actor = -1, .said = "save", .number = 4 },
    { "Loads take 2 seconds", STEP_TAKES, .actor = -1, .said = "load", .span = 2 * SIM_SECOND },
    { "saves take 1 second", STEP_TAKES, .actor = -1, .said = "save", .span = SIM_SECOND },
    { "Romeo starts TLS", STEP_STARTS_TLS, .actor = 0 },
    { "Romeo fails to start TLS", STEP_FAILS_TO_START_TLS, .actor = 0 },
    { "Romeo's link is encrypted", STEP_LINK_ENCRYPTED, .actor = 0 },
    { "Romeo's link is not encrypted", STEP_LINK_ENCRYPTED, .actor = 0, .negated = true },
    { "Romeo's next handshake fails", STEP_HANDSHAKE_FAILS, .actor = 0 },
    { "Juliet's phone's next link has somebody in the middle", STEP_MIDDLE, .actor = 1 },
    { "Romeo's link delivers in pieces of 7", STEP_LINK_PIECES, .actor = 0, .number = 7 },
    { "The servers are parted", STEP_SERVERS_ARE, .actor = -1, .negated = true },
    { "the servers are joined again", STEP_SERVERS_ARE, .actor = -1 },
    { "The server of \"a.lit\" receives from \"b.lit\":\n\t<message/>", STEP_SERVER_RECEIVES, .actor = -1,
      .said = "<message/>" },
    { "the server of \"a.lit\" receives \"<message/>\\n\" from \"b.lit\"", STEP_SERVER_RECEIVES, .actor = -1,
      .said = "<message/>\n" },
    { "The server of \"a.lit\" routes to \"b.lit\":\n\t<message/>", STEP_SERVER_ROUTES, .actor = -1 },
    { "the server routes to \"b.lit\":\n\t<message/>", STEP_SERVER_ROUTES, .actor = -1 },
    { "The server routes nothing", STEP_SERVER_ROUTES_NOTHING, .actor = -1 },
    { "the server of \"a.lit\" routes nothing", STEP_SERVER_ROUTES_NOTHING, .actor = -1 },
    { "the server of \"a.lit\" routes nothing to \"b.lit\"", STEP_SERVER_ROUTES_NOTHING, .actor = -1 },
    { "Romeo enables stream management", STEP_MANAGES, .actor = 0 },
    { "Romeo fails to enable stream management: unexpected-request", STEP_FAILS_TO_MANAGE, .actor = 0,
      .condition = "unexpected-request" },
    { "Romeo acknowledges", STEP_ACKNOWLEDGES, .actor = 0 },
    { "Romeo acknowledges 0", STEP_ACKNOWLEDGES, .actor = 0, .said = "given" },
    { "Romeo acknowledges 7", STEP_ACKNOWLEDGES, .actor = 0, .said = "given", .number = 7 },
    { "Romeo resumes", STEP_RESUMES, .actor = 0 },
    { "Romeo fails to resume: item-not-found", STEP_FAILS_TO_RESUME, .actor = 0,
      .condition = "item-not-found" },
    { "Romeo stops answering", STEP_ANSWERS, .actor = 0, .negated = true },
    { "Romeo answers again", STEP_ANSWERS, .actor = 0 },
    { "Romeo's session is hibernating", STEP_SESSION_IS, .actor = 0, .said = "hibernating" },
    { "Romeo's session is not hibernating", STEP_SESSION_IS, .actor = 0, .said = "hibernating",
      .negated = true },
    { "Romeo stops reading", STEP_LINK_FAULT, .actor = 0, .said = "stops reading" },
    { "Romeo reads again", STEP_LINK_FAULT, .actor = 0, .said = "reads again" },
    { "Romeo's link breaks", STEP_LINK_FAULT, .actor = 0, .said = "breaks" },
    { "Romeo's link dies silently", STEP_LINK_FAULT, .actor = 0, .said = "dies" },
    { "Romeo's link heals", STEP_LINK_FAULT, .actor = 0, .said = "heals" },
    { "Romeo's link takes 200 milliseconds", STEP_LINK_TAKES, .actor = 0, .span = 200 * SIM_MILLISECOND },
    { "Romeo's link takes 0 seconds", STEP_LINK_TAKES, .actor = 0 },
    { "Romeo's link carries 1000 bytes a second", STEP_LINK_CARRIES, .actor = 0, .number = 1000 },
    { "Romeo's link carries 1 byte a second", STEP_LINK_CARRIES, .actor = 0, .number = 1 },
    { "Romeo's link carries as much as it is given", STEP_LINK_CARRIES, .actor = 0 },
    { "Romeo's link stalls for 5 seconds", STEP_LINK_STALLS, .actor = 0, .span = 5 * SIM_SECOND },
    { "Romeo's link breaks after 57 bytes", STEP_LINK_BREAKS, .actor = 0, .number = 57 },
    { "Romeo's link breaks after 1 byte to the server", STEP_LINK_BREAKS, .actor = 0, .said = "to the server",
      .number = 1 },
    { "Romeo's link breaks after 0 bytes to the client", STEP_LINK_BREAKS, .actor = 0,
      .said = "to the client" },
    { "Romeo half-closes the connection", STEP_HALF_CLOSES, .actor = 0 },
    { "The server shuts down", STEP_SERVER_SHUTS_DOWN, .actor = -1 },
    { "the server of \"a.lit\" shuts down", STEP_SERVER_SHUTS_DOWN, .actor = -1 },
    { "The server crashes", STEP_SERVER_CRASHES, .actor = -1 },
    { "the server crashes, keeping its writes", STEP_SERVER_CRASHES, .actor = -1, .said = "keeping" },
    { "the server of \"a.lit\" crashes, losing its writes", STEP_SERVER_CRASHES, .actor = -1,
      .said = "losing" },
    { "the server crashes in 3 milliseconds", STEP_SERVER_WILL_CRASH, .actor = -1,
      .span = 3 * SIM_MILLISECOND },
    { "the server of \"a.lit\" crashes in 1 second, losing its writes", STEP_SERVER_WILL_CRASH, .actor = -1,
      .span = SIM_SECOND, .said = "losing" },
    { "the server crashes during the next save", STEP_SERVER_WILL_CRASH, .actor = -1, .number = 1 },
    { "the server crashes during the 22nd save from now, keeping its writes", STEP_SERVER_WILL_CRASH,
      .actor = -1, .number = 22, .said = "keeping" },
    { "the server of \"a.lit\" crashes during the next save", STEP_SERVER_WILL_CRASH, .actor = -1,
      .number = 1 },
    { "the server of \"a.lit\" crashes during the 13th save from now", STEP_SERVER_WILL_CRASH, .actor = -1,
      .number = 13 },
    { "The server starts again", STEP_SERVER_STARTS, .actor = -1 },
    { "the server of \"a.lit\" starts again", STEP_SERVER_STARTS, .actor = -1 },
    { "Romeo fails to open a connection", STEP_FAILS_TO_OPEN_CONNECTION, .actor = 0 },
    { "the 1st load from now fails", STEP_NTH_FAILS, .actor = -1, .said = "load", .number = 1 },
    { "The 3rd save from now fails", STEP_NTH_FAILS, .actor = -1, .said = "save", .number = 3 },
    { "the next allocation fails", STEP_ALLOCATION_FAILS, .actor = -1, .number = 1 },
    { "the 112th allocation from now fails", STEP_ALLOCATION_FAILS, .actor = -1, .number = 112 },
    { "the 111th allocation from now fails", STEP_ALLOCATION_FAILS, .actor = -1, .number = 111 },
    { "the clock jumps 1 hour ahead", STEP_CLOCK_JUMPS, .actor = -1, .span = 60 * MINUTE },
    { "The clock jumps 5 minutes back", STEP_CLOCK_JUMPS, .actor = -1, .span = 5 * MINUTE, .negated = true },
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
    const struct xml *first = step->stanzas;
    assert_true(xml_is(first, "presence", XML_NS_CLIENT));
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
    scenario = parse_below_cast("The server of \"a.lit\" receives \"\\x00\\xFF\" from \"b.lit\"");
    assert_int_equal(scenario->steps->length, 2);
    assert_memory_equal(scenario->steps->text, "\0\xff", 2);
    scenario_free(scenario);
}

static void assert_property(const struct property *property, const char *name, const char *value)
{
    assert_non_null(property);
    assert_string_equal(property->name, name);
    assert_string_equal(property->value, value);
}

static void a_server_and_the_other_are_told_apart(void **state)
{
    (void)state;
    struct scenario *scenario = parse_below_cast("The server of \"a.lit\" routes nothing to \"b.lit\"\n"
                                                 "The server routes nothing to \"b.lit\"\n"
                                                 "The server of \"a.lit\" routes nothing\n");
    const struct property *both = scenario->steps->properties;
    assert_property(both, "from", "b.lit");
    assert_property(both->next, "to", "a.lit");
    assert_null(both->next->next);
    assert_property(scenario->steps->next->properties, "from", "b.lit");
    assert_null(scenario->steps->next->properties->next);
    assert_property(scenario->steps->next->next->properties, "to", "a.lit");
    scenario_free(scenario);
}

static void pipelined_steps_stand_in_their_block(void **state)
{
    (void)state;
    struct scenario *scenario = parse_below_cast("Juliet's phone pipelines:\n"
                                                 "\tJuliet's phone sends:\n"
                                                 "\t\t<r xmlns='urn:xmpp:sm:3'/>\n"
                                                 "\n"
                                                 "\t# a comment\n"
                                                 "\tJuliet's phone sends raw \"<\"\n"
                                                 "Romeo connects\n");
    const struct step *block = scenario->steps;
    assert_int_equal(block->actor, 1);
    assert_int_equal(block->steps->verb, STEP_SENDS);
    assert_int_equal(block->steps->line, 7);
    assert_int_equal(block->steps->next->verb, STEP_SENDS_RAW);
    assert_null(block->steps->next->next);
    assert_int_equal(block->next->verb, STEP_CONNECTS);
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
        "Romeo receives:\n\t<message id=\"{scansion:capture:it's}\" to='{scansion:capture:it}'/>\n"
        "\t<message id='{scansion:capture:it}'/>\n"
        "Romeo sends:\n\t<message id=\"${it's}\"><body>${Romeo's full JID}</body></message>\n"
        "Romeo's resource is ${it's}x\n");
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
        cmocka_unit_test(a_server_and_the_other_are_told_apart),
        cmocka_unit_test(pipelined_steps_stand_in_their_block),
        cmocka_unit_test(the_properties_of_a_stream_header_keep_their_order),
        cmocka_unit_test(a_roster_item_has_all_its_parts),
        cmocka_unit_test(steps_at_the_same_time_have_blocks_of_their_own),
        cmocka_unit_test(a_capture_is_known_below_it),
        cmocka_unit_test(a_file_in_the_style_of_scansion_is_read),
        cmocka_unit_test(the_longest_name_begins_a_step),
        cmocka_unit_test(every_example_of_the_reference_is_valid),
        cmocka_unit_test(freeing_nothing_does_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
