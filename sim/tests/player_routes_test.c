/*
 * What goes from server to server: these steps of scenarios/README.md.
 */
#include "player_rig.h"

#define SERVERS                                                                                              \
    "[Server] Montague\n\thost: localhost\n\thost: escalus.lit\n[Server] Capulet\n\thost: capulet.lit\n"
enum { SERVER_LINES = 5 };
#define IN SERVERS CAST "Romeo connects\n"
/* The line of the step behind it. */
enum { BEHIND_IN = FIRST_STEP + SERVER_LINES + 1 };

#define TO_NURSE   "Romeo sends:\n\t<message to='nurse@capulet.lit' id='n'/>\n"
#define TO_NOWHERE "Romeo sends:\n\t<message to='a@nowhere.lit' id='w'/>\n"
#define MONTAGUE   "The server of \"localhost\" "

static void what_is_routed_is_expected_once(void **state)
{
    (void)state;
    passes(IN TO_NURSE
           "The server routes to \"capulet.lit\":\n\t<message from='romeo@localhost/orchard' id='n'/>\n"
           "The server routes nothing\n");
    passes(IN TO_NURSE MONTAGUE "routes to \"capulet.lit\":\n\t<message id='n'/>\n" MONTAGUE
                                "routes nothing to \"capulet.lit\"\n");
    fails(IN TO_NURSE "The server routes to \"capulet.lit\":\n\t<message id='n'/>\n\t<message id='n'/>\n",
          BEHIND_IN + 2,
          "expected the server to route this message to \"capulet.lit\"; nothing more was routed there");
}

/* A server is named by any of its hosts. */
static void each_server_has_its_own(void **state)
{
    (void)state;
    passes(IN TO_NURSE
           "The server of \"escalus.lit\" routes to \"capulet.lit\":\n\t<message id='n'/>\n"
           "The server of \"capulet.lit\" routes to \"localhost\":\n\t<message id='n' type='error'/>\n"
           "The server of \"capulet.lit\" routes nothing\n");
    fails(IN TO_NURSE "The server of \"capulet.lit\" routes nothing\n", BEHIND_IN + 2,
          "expected the server of \"capulet.lit\" to route nothing; this was routed to \"localhost\"");
    fails(IN TO_NURSE "The server of \"nowhere.lit\" routes nothing\n", BEHIND_IN + 2,
          "no server in this scenario serves nowhere.lit");
    fails(IN TO_NURSE "The server of \"nowhere.lit\" routes to \"a\":\n\t<message/>\n", BEHIND_IN + 2,
          "no server in this scenario serves nowhere.lit");
}

static void it_does_not_matter_whether_it_arrives(void **state)
{
    (void)state;
    passes(IN TO_NOWHERE MONTAGUE "routes to \"nowhere.lit\":\n\t<message to='a@nowhere.lit'/>\n");
    passes(IN "The servers are parted\n" TO_NURSE MONTAGUE
              "routes to \"capulet.lit\":\n\t<message id='n'/>\n");
    passes(CAST "Romeo connects\n" TO_NOWHERE "The server routes to \"nowhere.lit\":\n\t<message/>\n");
}

static void only_what_the_last_action_caused_counts(void **state)
{
    (void)state;
    passes(IN TO_NURSE TO_NOWHERE MONTAGUE "routes nothing to \"capulet.lit\"\n");
    fails(IN TO_NURSE TO_NOWHERE MONTAGUE "routes to \"capulet.lit\":\n\t<message/>\n", BEHIND_IN + 4,
          "expected the server of \"localhost\" to route this message to \"capulet.lit\"; nothing more was "
          "routed there");
    /* Judging is no action, and neither is to set what comes later. */
    passes(IN TO_NURSE "Romeo is connected\nThe servers are parted\n" MONTAGUE
                       "routes to \"capulet.lit\":\n\t<message/>\n");
    passes(IN "At the same time:\n\tRomeo sends:\n\t\t<message to='nurse@capulet.lit' id='n'/>\n"
              "\tJuliet connects\n" MONTAGUE "routes to \"capulet.lit\":\n\t<message id='n'/>\n");
    passes(IN "Romeo pipelines:\n\tRomeo sends:\n\t\t<message to='nurse@capulet.lit' id='n'/>\n" MONTAGUE
              "routes to \"capulet.lit\":\n\t<message id='n'/>\n");
}

#define TO_BOTH                                                                                              \
    "Romeo sends:\n\t<message to='a@nowhere.lit' id='1'/>\n\t<message to='b@capulet.lit' id='2'/>\n"         \
    "\t<message to='a@nowhere.lit' id='3'/>\n"

static void each_domain_has_its_own_order(void **state)
{
    (void)state;
    passes_strictly(IN TO_BOTH MONTAGUE
                    "routes to \"nowhere.lit\":\n\t<message id='1'/>\n\t<message id='3'/>\n" MONTAGUE
                    "routes to \"capulet.lit\":\n\t<message id='2'/>\n"
                    "Romeo ignores:\n\t<message/>\n");
    passes(IN TO_BOTH MONTAGUE "routes to \"nowhere.lit\":\n\t<message id='3'/>\n\t<message id='1'/>\n");
    fails_strictly(
        IN TO_BOTH MONTAGUE "routes to \"nowhere.lit\":\n\t<message id='3'/>\n", BEHIND_IN + 4,
        "expected the server of \"localhost\" to route this message to \"nowhere.lit\"; the next stanza "
        "differs");
    fails(IN TO_BOTH MONTAGUE "routes nothing to \"capulet.lit\"\n", BEHIND_IN + 4,
          "expected the server of \"localhost\" to route nothing there; this was routed to \"capulet.lit\"");
    fails(IN TO_BOTH MONTAGUE "routes to \"nowhere.lit\":\n\t<presence/>\n", BEHIND_IN + 4,
          "expected the server of \"localhost\" to route this presence to \"nowhere.lit\"; the most similar "
          "stanza "
          "differs");
}

static void the_most_similar_one_is_shown(void **state)
{
    (void)state;
    struct player_result result =
        run_as(IN TO_BOTH MONTAGUE
               "routes to \"nowhere.lit\":\n\t<message to='a@nowhere.lit' id='3' type='chat'/>\n",
               &loosely);
    assert_false(result.passed);
    assert_non_null(strstr(result.explanation, "attribute 'type' of <message/> is missing: expected 'chat'"));
    assert_null(strstr(result.explanation, "expected '3'"));
    player_result_free(&result);
}

static void what_is_routed_may_be_captured(void **state)
{
    (void)state;
    passes(IN TO_NURSE MONTAGUE
           "routes to \"capulet.lit\":\n\t<message from='{scansion:capture:who}'/>\n"
           "Romeo sends:\n\t<message to='${who}' id='own'/>\nRomeo receives:\n\t<message id='own'/>\n");
}

/* Of checks only nothing is judged. */
static void of_checks_only_nothing_is_expected(void **state)
{
    (void)state;
    static const struct player_options checks_only = { .checks_only = true };
    passes_as(IN TO_NURSE "The server routes nothing\nThe server routes to \"x\":\n\t<a/>\n", &checks_only);
}

/* ---- What comes from another server ---- */

static void bytes_from_another_server_may_be_any(void **state)
{
    (void)state;
    passes(IN "The server of \"localhost\" receives "
              "\"<message from='a@b.lit' to='${Romeo's full JID}' id='m1'/>\" from \"b.lit\"\n"
              "Romeo receives:\n\t<message id='m1'/>\n"
              /* Not XML: a NUL, and a byte that is no UTF-8. */
              "The server of \"localhost\" receives "
              "\"<message from='a@b.lit' to='romeo@localhost/orchard'>\\x00</message>\" from \"b.lit\"\n"
              "Romeo receives: nothing\n"
              "The server of \"localhost\" receives "
              "\"<message from='a@b.lit' to='romeo@localhost/orchard'>\\xff</message>\" from \"b.lit\"\n"
              "Romeo receives: nothing\n"
              "The server of \"localhost\" receives \"\" from \"b.lit\"\nRomeo receives: nothing\n");
    fails(IN "The server of \"nowhere.lit\" receives \"x\" from \"b.lit\"\n", BEHIND_IN,
          "no server in this scenario serves nowhere.lit");
    /* A variable without a value. */
    fails(SERVERS "[Client] Nurse\n\tjid: nurse@localhost\n" CAST
                  "The server of \"localhost\" receives \"${Nurse's full JID}\" from \"b.lit\"\n",
          FIRST_STEP + SERVER_LINES + 2, "the variable ${Nurse's full JID} is not defined here");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_routed_is_expected_once),
        cmocka_unit_test(each_server_has_its_own),
        cmocka_unit_test(it_does_not_matter_whether_it_arrives),
        cmocka_unit_test(only_what_the_last_action_caused_counts),
        cmocka_unit_test(each_domain_has_its_own_order),
        cmocka_unit_test(the_most_similar_one_is_shown),
        cmocka_unit_test(what_is_routed_may_be_captured),
        cmocka_unit_test(of_checks_only_nothing_is_expected),
        cmocka_unit_test(bytes_from_another_server_may_be_any),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
