#include "../verbs/answers.h"

#include "../kinds/server_kinds.h"
#include "../verbs/trace_compare.h"
#include "liar_rig.h"

#include <assert.h>

/* Our core, which hands each piece to the network in two halves: only its timing differs. */
static size_t (*send_whole)(void *host, void *link, const char *bytes, size_t length);
static struct server_ports halves;

static size_t send_halves(void *host, void *link, const char *bytes, size_t length)
{
    const size_t first = length / 2;
    const size_t taken = send_whole(host, link, bytes, first);
    return taken < first ? taken : taken + send_whole(host, link, bytes + first, length - first);
}

static void *start_halves(const struct server_kind *kind, const struct server_ports *ports,
                          const struct core_settings *settings, struct server_refusal *refusal)
{
    (void)kind;
    halves = *ports;
    send_whole = ports->send;
    halves.send = send_halves;
    return server_core.start(&server_core, &halves, settings, refusal);
}

static char *answers_of(const char *text, const struct server_kind *kind, const uint64_t *seed)
{
    struct scenario *scenario = read_scenario(text);
    struct answers *answers = answers_new(scenario);
    struct player_options options = { .kind = kind, .observer = answers_observer(answers) };
    struct player_result result;
    options.policy = seed != NULL ? CHOICE_SEEDED : CHOICE_SCRIPTED;
    options.seed = seed != NULL ? *seed : 0;
    player_run(scenario, &options, &result);
    player_result_free(&result);
    char *said = answers_take(answers);
    scenario_free(scenario);
    return said;
}

static enum trace_likeness likeness(char *one, char *other)
{
    const struct text a = { .bytes = one, .length = strlen(one) };
    const struct text b = { .bytes = other, .length = strlen(other) };
    char *said = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&said, &size);
    assert_non_null(out);
    const enum trace_likeness result = trace_compare(out, &a, &b, false);
    fclose(out);
    free(said);
    free(one);
    free(other);
    return result;
}

static const char conversation[] = FRIENDS CAST BOTH ASKS("Romeo") COMES("Romeo") COMES("Juliet") ADDS_NURSE
    "Juliet sends:\n\t<message to='romeo@localhost' id='m1'><body>Good night</body></message>\n"
    "Romeo receives:\n\t<presence/>\n"
    "Juliet closes the stream\n";

static void steps_and_what_came_of_them_are_lines(void **state)
{
    (void)state;
    char *said = answers_of(
        CAST BOTH "Romeo sends:\n\t<message to='juliet@localhost/balcony'><body>a</body></message>\n"
                  "Juliet receives:\n\t<message><body>a</body></message>\n"
                  "Juliet closes the stream\n",
        NULL, NULL);
    static const char *const lines[] = {
        " step Romeo connects\n",
        " Romeo receives <success xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\"/>\n",
        "<jid>romeo@localhost/orchard</jid>",
        " step Juliet connects\n",
        " step Romeo sends:\n",
        " Juliet receives <message from=\"romeo@localhost/orchard\"><body>a</body></message>\n",
        " step Juliet closes the stream\n",
        " Juliet: the stream ends\n",
    };
    const char *at = said;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        at = strstr(at,
                    i == 5 ? " Juliet receives <message from=\"romeo@localhost/orchard\"><body>a" : lines[i]);
        if (at == NULL)
            print_error("not there: %s in\n%s", lines[i], said);
        assert(at != NULL);
    }
    assert_null(strstr(said, "step Juliet receives")); /* that waits for nothing */
    free(said);
}

/* A server may deliver what different senders sent in any order; a seed changes the order. */
static void timing_makes_no_difference(void **state)
{
    (void)state;
    struct server_kind in_halves = server_core;
    in_halves.start = start_halves;
    assert_int_not_equal(
        likeness(answers_of(conversation, NULL, NULL), answers_of(conversation, &in_halves, NULL)),
        TRACES_DIFFERENT);
    for (uint64_t seed = 1; seed < 20; seed++)
        assert_int_not_equal(
            likeness(answers_of(conversation, NULL, NULL), answers_of(conversation, &in_halves, &seed)),
            TRACES_DIFFERENT);
}

static void a_lie_makes_one(void **state)
{
    (void)state;
    static const struct lie lies[] = {
        { .to = ROMEO, .swallow = "<message" },
        { .to = ROMEO, .seen = "<message", .add_to = ROMEO, .add = "<message/>" },
        { .to = JULIET,
          .seen = "<presence",
          .add_to = JULIET,
          .add = "<presence from='romeo@localhost/other'/>" },
        { .to = JULIET, .deaf = "<message" },
    };
    assert_int_not_equal(
        likeness(answers_of(conversation, NULL, NULL), answers_of(conversation, &liar_open, NULL)),
        TRACES_DIFFERENT);
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        lie = lies[i];
        assert_int_equal(
            likeness(answers_of(conversation, NULL, NULL), answers_of(conversation, &liar_open, NULL)),
            TRACES_DIFFERENT);
    }
    lie = (struct lie){ 0 };
}

static void what_is_not_xml_is_said(void **state)
{
    (void)state;
    lie = (struct lie){ .to = JULIET, .seen = "<presence", .add_to = JULIET, .add = "</oops>" };
    char *said = answers_of(conversation, &liar_open, NULL);
    lie = (struct lie){ 0 };
    assert_non_null(strstr(said, " Juliet: what came is not XML\n"));
    free(said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_and_what_came_of_them_are_lines),
        cmocka_unit_test(timing_makes_no_difference),
        cmocka_unit_test(a_lie_makes_one),
        cmocka_unit_test(what_is_not_xml_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
