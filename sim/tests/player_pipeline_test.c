/*
 * Logging in in parts, and sending without waiting: these steps of scenarios/README.md.
 */
#include "player_rig.h"

#define DIALS  "Romeo opens a connection\n"
#define STREAM DIALS "Romeo opens a stream\n"
#define LOGGED STREAM "Romeo authenticates\nRomeo restarts the stream\n"
#define BEGUN  STREAM "Romeo begins to authenticate with SCRAM-SHA-1\n"
#define TO_BIND                                                                                              \
    "Romeo pipelines:\n"                                                                                     \
    "\tRomeo authenticates with PLAIN\n"                                                                     \
    "\tRomeo restarts the stream\n"                                                                          \
    "\tRomeo binds resource \"x\"\n"

/* With the usual cast, at the step that many lines behind the first. */
static void step_fails(const char *steps, int behind, const char *summary)
{
    char text[1000];
    const int length = snprintf(text, sizeof text, CAST "%s", steps);
    assert_true(length > 0 && (size_t)length < sizeof text);
    fails(text, FIRST_STEP + behind, summary);
}

/* ---- In parts ---- */

static void an_exchange_goes_on_after_other_steps(void **state)
{
    (void)state;
    passes_strictly(CAST BEGUN "Juliet connects\n1 minute passes\nRomeo receives: nothing\n"
                               "Romeo finishes authenticating\nRomeo's username is romeo\n");
    passes_strictly(
        CAST STREAM
        "Romeo begins to authenticate with SCRAM-SHA-256 without an initial response\n"
        "Romeo answers the challenge\nRomeo finishes authenticating with two optional extensions\n"
        "Romeo restarts the stream\nRomeo binds\n");
    passes_strictly(CAST BEGUN "Romeo fails to finish authenticating with another nonce: not-authorized\n"
                               "Romeo begins to authenticate as \"juliet\" using password \"wrong\"\n"
                               "Romeo fails to finish authenticating: not-authorized\n"
                               "Romeo authenticates\n");
    passes_strictly(CAST BEGUN "Romeo aborts authenticating\nRomeo aborts authenticating\n"
                               "Romeo authenticates\n");
    passes_strictly(CAST BEGUN "Romeo connects\nRomeo is connected\n");
}

static void what_an_exchange_in_parts_should_have_done_is_said(void **state)
{
    (void)state;
    step_fails(STREAM "Romeo begins to authenticate with PLAIN\n", 2,
               "expected Romeo to be challenged; it is authenticated");
    step_fails(STREAM "Romeo begins to authenticate with X-LUTE\n", 2,
               "expected Romeo to be challenged; it was refused during authentication: invalid-mechanism");
    step_fails(STREAM "Romeo answers the challenge\n", 2,
               "expected Romeo to be challenged again; it was refused during authentication: no-challenge");
    step_fails(BEGUN "Romeo answers the challenge\n", 3,
               "expected Romeo to be challenged again; it is authenticated");
    step_fails(STREAM "Romeo finishes authenticating\n", 2,
               "expected Romeo to finish authenticating; it was refused during authentication: no-challenge");
    step_fails(BEGUN "Romeo finishes authenticating with no nonce\n", 3,
               "expected Romeo to finish authenticating; it was refused during authentication: "
               "malformed-request");
    step_fails(BEGUN "Romeo fails to finish authenticating: not-authorized\n", 3,
               "expected Romeo to fail with not-authorized; it succeeded");
    step_fails(BEGUN "Romeo fails to finish authenticating with no nonce: not-authorized\n", 3,
               "expected Romeo to fail during authentication with not-authorized; it failed during "
               "authentication with malformed-request");
    step_fails(STREAM "Romeo begins to authenticate with PLAIN without an initial response\n"
                      "Romeo finishes authenticating with another nonce\n",
               3, "expected Romeo to finish authenticating; it was refused during authentication: not-scram");
    step_fails(LOGGED "Romeo aborts authenticating\n", 4,
               "expected Romeo to fail during authentication with aborted; it failed during the stream with "
               "unsupported-stanza-type");
    static const char *const unconnected[] = { "begins to authenticate", "answers the challenge",
                                               "finishes authenticating", "aborts authenticating" };
    for (size_t i = 0; i < sizeof unconnected / sizeof unconnected[0]; i++) {
        char step[100];
        (void)snprintf(step, sizeof step, "Romeo %s\n", unconnected[i]);
        step_fails(step, 0, "Romeo has no connection: it is away");
    }
}

/* ---- Pipelined ---- */

static void what_is_pipelined_is_one_piece_and_each_step_is_judged(void **state)
{
    (void)state;
    passes_strictly(CAST STREAM TO_BIND "\tRomeo sends:\n\t\t<presence/>\n"
                                        "Romeo receives:\n\t<presence/>\nRomeo is connected\n"
                                        "Romeo's full JID is \"romeo@localhost/x\"\n");
    passes_strictly(CAST STREAM TO_BIND "\tRomeo enables stream management\n"
                                        "\tRomeo fails to bind: not-allowed\n");
    passes(CAST STREAM TO_BIND "\tRomeo fails to bind: not-allowed\n\tRomeo enables stream management\n"
                               "\tRomeo fails to enable stream management: unexpected-request\n"
                               "Romeo receives stream error policy-violation\n");
    passes_strictly(CAST BEGUN "Romeo pipelines:\n\tRomeo finishes authenticating\n"
                               "\tRomeo restarts the stream\n\tRomeo binds\nRomeo is connected\n");
}

/* In a world of any order each write is an event. */
static void the_bytes_cross_together(void **state)
{
    (void)state;
    static const struct player_options any_order = { .policy = CHOICE_SCRIPTED, .any_order = true };
    struct player_result apart =
        run_as(CAST "Romeo connects\nRomeo sends:\n\t<presence/>\n\t<presence/>\n", &any_order);
    struct player_result together =
        run_as(CAST "Romeo connects\nRomeo pipelines:\n\tRomeo sends:\n\t\t<presence/>\n\t\t<presence/>\n",
               &any_order);
    assert_int_equal(apart.events, together.events + 1);
    player_result_free(&apart);
    player_result_free(&together);
}

static void the_step_that_fails_is_that_of_its_answer(void **state)
{
    (void)state;
    step_fails(STREAM "Romeo pipelines:\n\tRomeo authenticates with PLAIN using password \"wrong\"\n"
                      "\tRomeo binds\n",
               3, "expected Romeo to authenticate; it was refused during authentication: not-authorized");
    step_fails(STREAM "Romeo pipelines:\n\tRomeo fails to authenticate with PLAIN: not-authorized\n"
                      "\tRomeo restarts the stream\n\tRomeo binds\n",
               3, "expected Romeo to fail with not-authorized; it succeeded");
    step_fails(STREAM TO_BIND "\tRomeo fails to bind: conflict\n", 6,
               "expected Romeo to fail during binding with conflict; it failed during binding with "
               "not-allowed");
    step_fails("Romeo pipelines:\n\tRomeo binds\n", 1, "Romeo has no connection: it is away");
    step_fails(LOGGED "Romeo pipelines:\n\tRomeo resumes\n", 5,
               "expected Romeo to resume its session; it was refused during resumption: nothing-to-resume");
}

static void a_stanza_behind_a_resumption_is_handled_after_it(void **state)
{
    (void)state;
    passes(CAST "Juliet connects\nRomeo connects\nRomeo enables stream management\n"
                "Romeo drops the connection\n" LOGGED "Romeo pipelines:\n\tRomeo resumes\n\tRomeo sends:\n"
                "\t\t<message to='juliet@localhost/balcony' id='m'/>\n"
                "Juliet receives:\n\t<message id='m'/>\nRomeo acknowledges\n");
    passes(CAST LOGGED "Romeo binds resource \"y\"\nRomeo enables stream management\n"
                       "Romeo drops the connection\n10 minutes pass\n" LOGGED
                       "Romeo pipelines:\n\tRomeo fails to resume: item-not-found\n\tRomeo binds\n"
                       "Romeo is connected\n");
}

static void of_checks_only_the_steps_still_act(void **state)
{
    (void)state;
    static const struct player_options checks_only = { .checks_only = true };
    passes_as(CAST TO_BIND STREAM TO_BIND "\tRomeo resumes\n"
                                          "Romeo finishes authenticating with no nonce\n",
              &checks_only);
}

/* The order in which the server's own events happen may vary, and the network cuts where it likes. */
static void it_holds_under_every_seed(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        const struct player_options options = { .policy = CHOICE_SEEDED, .seed = seed, .strict = true };
        passes_as(CAST STREAM TO_BIND "\tRomeo sends:\n\t\t<presence/>\nRomeo receives:\n\t<presence/>\n",
                  &options);
    }
}

/* `until` a step in the block. */
static void a_run_may_stop_inside_of_a_block(void **state)
{
    (void)state;
    const struct player_options options = {
        .until = { PLAYER_UNTIL_STEP, FIRST_STEP + 4 } /* restarts the stream */
    };
    struct player_result result = run_as(CAST STREAM TO_BIND, &options);
    assert_true(result.passed && result.halted);
    assert_int_equal(result.begun, FIRST_STEP + 4);
    assert_non_null(strstr(result.description, "corked"));
    player_result_free(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_exchange_goes_on_after_other_steps),
        cmocka_unit_test(what_an_exchange_in_parts_should_have_done_is_said),
        cmocka_unit_test(what_is_pipelined_is_one_piece_and_each_step_is_judged),
        cmocka_unit_test(the_bytes_cross_together),
        cmocka_unit_test(the_step_that_fails_is_that_of_its_answer),
        cmocka_unit_test(a_stanza_behind_a_resumption_is_handled_after_it),
        cmocka_unit_test(of_checks_only_the_steps_still_act),
        cmocka_unit_test(it_holds_under_every_seed),
        cmocka_unit_test(a_run_may_stop_inside_of_a_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
