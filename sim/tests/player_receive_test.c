/*
 * What clients must have received: the steps of scenarios/README.md, "Stanzas and bytes".
 */
#include "player_rig.h"

#define BOTH_CONNECT "Romeo connects\nJuliet connects\n"
#define SENDS(stanzas)                                                                                       \
    "Romeo sends:\n"                                                                                         \
    "\t" stanzas "\n"
#define MESSAGE(body) "<message to=\"${Juliet's full JID}\"><body>" body "</body></message>"
enum { AFTER_BOTH = FIRST_STEP + 2, AFTER_ONE_SENT = AFTER_BOTH + 2 };

/* ---- receives ---- */

static void a_stanza_that_came_is_consumed(void **state)
{
    (void)state;
    passes_strictly(CAST BOTH_CONNECT SENDS(MESSAGE("a")) "Juliet receives:\n"
                                                          "\t<message><body>a</body></message>\n"
                                                          "Juliet receives: nothing\n");
}

static void a_stanza_that_did_not_come_fails(void **state)
{
    (void)state;
    fails(CAST BOTH_CONNECT "Juliet receives:\n\t<message/>\n", AFTER_BOTH,
          "expected Juliet to receive this message; nothing came");
    fails_strictly(CAST BOTH_CONNECT "Juliet receives:\n\t<message/>\n", AFTER_BOTH,
                   "expected Juliet to receive this message; nothing came");
}

static void another_stanza_fails(void **state)
{
    (void)state;
    fails(CAST BOTH_CONNECT SENDS(MESSAGE("a")) "Juliet receives:\n"
                                                "\t<message><body>b</body></message>\n",
          AFTER_ONE_SENT, "expected Juliet to receive this message; the most similar stanza differs");
    fails_strictly(CAST BOTH_CONNECT SENDS(MESSAGE("a")) "Juliet receives:\n"
                                                         "\t<message><body>b</body></message>\n",
                   AFTER_ONE_SENT, "expected Juliet to receive this message; the next stanza differs");
}

/* scenarios/README.md, "Matching": the earliest that matches, and in a strict scenario the very next. */
static void a_loose_scenario_takes_the_earliest_that_matches_and_leaves_the_others(void **state)
{
    (void)state;
    static const char text[] =
        CAST BOTH_CONNECT SENDS(MESSAGE("a")) SENDS(MESSAGE("b")) "Juliet receives:\n"
                                                                  "\t<message><body>b</body></message>\n"
                                                                  "\t<message><body>a</body></message>\n";
    passes(text);
    fails_strictly(text, AFTER_ONE_SENT + 2,
                   "expected Juliet to receive this message; the next stanza differs");
}

static void the_same_stanza_is_not_consumed_twice(void **state)
{
    (void)state;
    fails(CAST BOTH_CONNECT SENDS(MESSAGE("a")) "Juliet receives:\n"
                                                "\t<message><body>a</body></message>\n"
                                                "\t<message><body>a</body></message>\n",
          AFTER_ONE_SENT, "expected Juliet to receive this message; nothing came");
}

static void in_a_strict_scenario_nothing_may_be_left(void **state)
{
    (void)state;
    static const char text[] = CAST BOTH_CONNECT SENDS(MESSAGE("a"));
    passes(text);
    fails_strictly(text, 0, "Juliet has received this, and no step consumed it");
}

static void a_scenario_may_be_strict_by_its_tag(void **state)
{
    (void)state;
    fails("## strict\n" CAST BOTH_CONNECT SENDS(MESSAGE("a")), 0,
          "Juliet has received this, and no step consumed it");
}

static void in_a_strict_scenario_a_client_that_disconnects_may_leave_nothing(void **state)
{
    (void)state;
    static const char text[] = CAST BOTH_CONNECT SENDS(MESSAGE("a")) "Juliet disconnects\n";
    passes(text);
    fails_strictly(text, AFTER_ONE_SENT, "Juliet has received this, and no step consumed it");
}

/* ---- in any order ---- */

#define ANY_ORDER(stanzas) "Juliet receives in any order:\n" stanzas
#define A_AND_B            SENDS(MESSAGE("a")) SENDS(MESSAGE("b"))

static void stanzas_may_come_in_any_order(void **state)
{
    (void)state;
    passes_strictly(CAST BOTH_CONNECT A_AND_B ANY_ORDER("\t<message><body>b</body></message>\n"
                                                        "\t<message><body>a</body></message>\n"));
}

/* The first pattern fits both, the second only what the first would take. */
static void a_pattern_that_fits_more_gives_way(void **state)
{
    (void)state;
    passes_strictly(CAST BOTH_CONNECT A_AND_B ANY_ORDER("\t<message><body>{scansion:any}</body></message>\n"
                                                        "\t<message><body>a</body></message>\n"));
}

/* Each fits two; only one way to place them all is right. */
static void patterns_give_way_in_a_chain(void **state)
{
    (void)state;
#define CHAT(body) "<message to=\"${Juliet's full JID}\" type='chat'><body>" body "</body></message>"
    passes_strictly(CAST BOTH_CONNECT SENDS(CHAT("a")) SENDS(CHAT("b")) SENDS(MESSAGE("c"))
                        ANY_ORDER("\t<message/>\n"
                                  "\t<message type='chat'/>\n"
                                  "\t<message><body>a</body></message>\n"));
}

/* They capture the stanza received first. */
static void patterns_that_fit_the_same_take_them_as_they_came(void **state)
{
    (void)state;
    passes_strictly(
        CAST BOTH_CONNECT A_AND_B ANY_ORDER("\t<message><body>{scansion:capture:one}</body></message>\n"
                                            "\t<message><body>{scansion:capture:two}</body></message>\n")
            SENDS(MESSAGE("${two}")) SENDS(MESSAGE("${one}")) "Juliet receives:\n"
                                                              "\t<message><body>b</body></message>\n"
                                                              "\t<message><body>a</body></message>\n");
}

static void the_end_of_a_stream_fits_no_pattern(void **state)
{
    (void)state;
    fails_strictly(CAST BOTH_CONNECT SENDS(MESSAGE("a")) "Juliet closes the stream\n" ANY_ORDER(
                       "\t<message><body>a</body></message>\n\t<message/>\n"),
                   AFTER_ONE_SENT + 1, "expected Juliet to receive this message; the end of the stream came");
}

static void one_stanza_does_not_do_for_two_patterns(void **state)
{
    (void)state;
    fails(CAST BOTH_CONNECT SENDS(MESSAGE("a")) ANY_ORDER("\t<message><body>a</body></message>\n"
                                                          "\t<message/>\n"),
          AFTER_ONE_SENT, "expected Juliet to receive this message; nothing came");
}

static void in_any_order_still_means_the_next_where_it_is_strict(void **state)
{
    (void)state;
    static const char text[] = CAST BOTH_CONNECT A_AND_B ANY_ORDER("\t<message><body>b</body></message>\n");
    passes(text);
    fails_strictly(text, AFTER_ONE_SENT + 2,
                   "expected Juliet to receive this message; the next stanza differs");
}

static void the_most_similar_unmatched_stanza_is_shown(void **state)
{
    (void)state;
    struct player_result result = run_as(CAST BOTH_CONNECT SENDS("<presence to=\"${Juliet's full JID}\"/>")
                                             A_AND_B ANY_ORDER("\t<message><body>a</body></message>\n"
                                                               "\t<message><body>c</body></message>\n"),
                                         &loosely);
    assert_string_equal(result.summary,
                        "expected Juliet to receive this message; the most similar stanza differs");
    assert_non_null(strstr(result.explanation, "expected 'c', got 'b'"));
    player_result_free(&result);
}

/* ---- nothing ---- */

#define NOTHING "Juliet receives: nothing\n"

static void nothing_fails_when_something_came(void **state)
{
    (void)state;
    fails(CAST BOTH_CONNECT SENDS(MESSAGE("a")) NOTHING, AFTER_ONE_SENT,
          "expected Juliet to receive nothing; this came");
    fails_strictly(CAST BOTH_CONNECT SENDS(MESSAGE("a")) NOTHING, AFTER_ONE_SENT,
                   "expected Juliet to receive nothing; this came");
}

/* Earlier items in the inbox need not have been consumed. */
static void in_a_loose_scenario_only_what_the_last_act_brought_counts(void **state)
{
    (void)state;
    static const char text[] = CAST BOTH_CONNECT SENDS(MESSAGE("a")) "1 second passes\n" NOTHING;
    passes(text);
    fails_strictly(text, AFTER_ONE_SENT + 1, "expected Juliet to receive nothing; this came");
}

/* They say how things will be; nothing happens by them. */
static void steps_that_only_set_something_are_no_act(void **state)
{
    (void)state;
    static const char *const settings[] = { "Juliet ignores:\n\t<presence/>\n", "Loads take 1 second\n\n",
                                            "The next save fails\n\n",
                                            "Juliet's link delivers in pieces of 1\n\n",
                                            "Juliet is connected\n\n" };
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        char text[1000];
        (void)snprintf(text, sizeof text, "%s%s%s", CAST BOTH_CONNECT SENDS(MESSAGE("a")), settings[i],
                       NOTHING);
        fails(text, AFTER_ONE_SENT + 2, "expected Juliet to receive nothing; this came");
    }
}

/* core.h: the default is 300 seconds from accept to binding. */
static void nothing_for_a_while_fails_when_something_comes_in_it(void **state)
{
    (void)state;
    fails(CAST "Romeo opens a connection\nRomeo receives nothing for 6 minutes\n", FIRST_STEP + 1,
          "expected Romeo to receive nothing; this came");
    passes(CAST "Romeo opens a connection\nRomeo receives nothing for 4 minutes\n");
}

static void what_is_ignored_may_come_while_nothing_does(void **state)
{
    (void)state;
    passes(CAST "Romeo opens a connection\n"
                "Romeo opens a stream\n"
                "Romeo ignores:\n"
                "\t<error xmlns='http://etherx.jabber.org/streams' scansion:strict='false'/>\n"
                "Romeo receives nothing for 4 minutes\n");
    fails(CAST "Romeo opens a connection\n"
               "Romeo opens a stream\n"
               "Romeo ignores:\n"
               "\t<error xmlns='http://etherx.jabber.org/streams' scansion:strict='false'/>\n"
               "Romeo receives nothing for 6 minutes\n",
          FIRST_STEP + 4, "expected Romeo to receive nothing; the end of the stream came");
}

/* ---- ignores, has not received ---- */

static void what_is_ignored_is_dropped_whenever_it_comes(void **state)
{
    (void)state;
    passes_strictly(CAST BOTH_CONNECT "Juliet ignores:\n"
                                      "\t<message><body>a</body></message>\n"
                                      "\t<presence/>\n" A_AND_B SENDS(MESSAGE(
                                          "a")) "Juliet receives:\n"
                                                "\t<message><body>b</body></message>\n" SENDS(MESSAGE("a")));
}

static void what_is_ignored_is_not_there_to_be_received(void **state)
{
    (void)state;
    fails(CAST BOTH_CONNECT "Juliet ignores:\n\t<message/>\n" SENDS(MESSAGE("a")) "Juliet receives:\n"
                                                                                  "\t<message/>\n",
          AFTER_ONE_SENT + 2, "expected Juliet to receive this message; nothing came");
}

static void one_client_ignores_for_itself(void **state)
{
    (void)state;
    fails_strictly(CAST BOTH_CONNECT "Romeo ignores:\n\t<message/>\n" SENDS(MESSAGE("a")), 0,
                   "Juliet has received this, and no step consumed it");
}

static void a_client_ignores_only_so_much(void **state)
{
    (void)state;
#define FOUR_TIMES(step) step step step step
#define IGNORES          "Juliet ignores:\n\t<message/>\n"
    passes(CAST FOUR_TIMES(FOUR_TIMES(IGNORES)));
    fails(CAST FOUR_TIMES(FOUR_TIMES(IGNORES)) IGNORES, FIRST_STEP + 2 * 16,
          "Juliet ignores too many stanzas: at most 16 ignore steps are allowed");
}

static void what_must_not_have_come_fails_when_it_did(void **state)
{
    (void)state;
    passes(CAST BOTH_CONNECT SENDS(MESSAGE("a")) "Juliet has not received:\n\t<presence/>\n");
    fails(CAST BOTH_CONNECT SENDS(MESSAGE("a")) "Juliet has not received:\n\t<presence/>\n\t<message/>\n",
          AFTER_ONE_SENT, "Juliet received a stanza that it must not receive");
}

/* ---- Variables ---- */

static void a_capture_is_available_in_later_steps(void **state)
{
    (void)state;
    passes_strictly(CAST BOTH_CONNECT SENDS(MESSAGE("a")) "Juliet receives:\n"
                                                          "\t<message from='{scansion:capture:who}'>"
                                                          "<body>{scansion:capture:what}</body></message>\n"
                                                          "Juliet sends:\n"
                                                          "\t<message to='${who}'><body>${what}!</body>"
                                                          "</message>\n"
                                                          "Romeo receives:\n"
                                                          "\t<message><body>a!</body></message>\n"
                                                          "Romeo sends raw \"<message to='juliet@localhost/"
                                                          "balcony'><body>${what}?</body></message>\"\n"
                                                          "Juliet receives:\n"
                                                          "\t<message from='${who}'><body>a?</body>"
                                                          "</message>\n");
}

static void a_capture_is_the_latest(void **state)
{
    (void)state;
    static const char text[] = CAST BOTH_CONNECT A_AND_B
        "Juliet receives:\n"
        "\t<message><body>{scansion:capture:x}</body></message>\n"
        "\t<message><body>{scansion:capture:x}</body></message>\n"
        "Juliet has not received:\n"
        "\t<message><body>${x}</body></message>\n" SENDS(MESSAGE("b")) "Juliet receives:\n"
                                                                       "\t<message><body>${x}</body>"
                                                                       "</message>\n";
    passes_strictly(text);
}

static void a_stanza_that_does_not_match_captures_nothing(void **state)
{
    (void)state;
    fails(CAST BOTH_CONNECT SENDS(
              MESSAGE("a")) "Juliet has not received:\n"
                            "\t<message type='chat'><body>{scansion:capture:x}</body>"
                            "</message>\n"
                            "Romeo sends:\n"
                            "\t<message to='juliet@localhost'><body>${x}</body></message>\n",
          AFTER_ONE_SENT + 2, "the variable ${x} is not defined here");
}

/* The parser refuses unknown names; a full JID is known once there was one. */
static void a_stanza_with_an_unknown_variable_is_not_sent(void **state)
{
    (void)state;
#define NURSE "[Client] Nurse\n\tjid: nurse@localhost\n" CAST BOTH_CONNECT
    enum { AFTER_NURSE = AFTER_BOTH + 2 };
    static const char unknown[] = "the variable ${Nurse's full JID} is not defined here";
    fails(NURSE SENDS("<message to=\"${Nurse's full JID}\"/>"), AFTER_NURSE, unknown);
    fails(NURSE SENDS("<message><body>to ${Nurse's full JID}</body></message>"), AFTER_NURSE, unknown);
    fails(NURSE "Romeo sends raw \"${Nurse's full JID}\"\n", AFTER_NURSE, unknown);
    fails(NURSE "Romeo's resource is \"${Nurse's full JID}\"\n", AFTER_NURSE, unknown);
    passes(NURSE "Nurse connects\n" SENDS("<message to=\"${Nurse's full JID}\"/>"));
}

static void an_address_is_known_before_its_owner_connects(void **state)
{
    (void)state;
    passes(CAST "Romeo connects\n" SENDS("<presence to=\"${Juliet's JID}\"/>")
               SENDS("<message to=\"${Juliet's full JID}\"/>"));
}

/* The server makes another resource than the cast asks for; the JID is kept when its owner has gone. */
static void an_address_is_the_one_that_was_bound_last(void **state)
{
    (void)state;
    passes("[Server]\n"
           "\tconflict: increment\n"
           "[Client] Romeo\n"
           "\tjid: romeo@localhost/orchard\n"
           "[Client] Rival\n"
           "\tjid: romeo@localhost/orchard\n"
           "---\n"
           "Romeo connects\n"
           "Rival connects\n"
           "Rival's full JID is \"${Rival's full JID}\"\n"
           "Romeo's full JID is \"romeo@localhost/orchard\"\n"
           "Rival disconnects\n"
           "Romeo sends:\n"
           "\t<message to=\"${Rival's full JID}\" type='chat' id='1'/>\n"
           "Romeo sends:\n"
           "\t<iq to=\"${Rival's full JID}\" type='get' id='2'><x xmlns='y'/></iq>\n"
           "Romeo receives:\n"
           "\t<iq from='romeo@localhost/orchard#2' type='error' id='2'/>\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stanza_that_came_is_consumed),
        cmocka_unit_test(a_stanza_that_did_not_come_fails),
        cmocka_unit_test(another_stanza_fails),
        cmocka_unit_test(a_loose_scenario_takes_the_earliest_that_matches_and_leaves_the_others),
        cmocka_unit_test(the_same_stanza_is_not_consumed_twice),
        cmocka_unit_test(in_a_strict_scenario_nothing_may_be_left),
        cmocka_unit_test(a_scenario_may_be_strict_by_its_tag),
        cmocka_unit_test(in_a_strict_scenario_a_client_that_disconnects_may_leave_nothing),
        cmocka_unit_test(stanzas_may_come_in_any_order),
        cmocka_unit_test(a_pattern_that_fits_more_gives_way),
        cmocka_unit_test(patterns_give_way_in_a_chain),
        cmocka_unit_test(patterns_that_fit_the_same_take_them_as_they_came),
        cmocka_unit_test(the_end_of_a_stream_fits_no_pattern),
        cmocka_unit_test(one_stanza_does_not_do_for_two_patterns),
        cmocka_unit_test(in_any_order_still_means_the_next_where_it_is_strict),
        cmocka_unit_test(the_most_similar_unmatched_stanza_is_shown),
        cmocka_unit_test(nothing_fails_when_something_came),
        cmocka_unit_test(in_a_loose_scenario_only_what_the_last_act_brought_counts),
        cmocka_unit_test(steps_that_only_set_something_are_no_act),
        cmocka_unit_test(nothing_for_a_while_fails_when_something_comes_in_it),
        cmocka_unit_test(what_is_ignored_may_come_while_nothing_does),
        cmocka_unit_test(what_is_ignored_is_dropped_whenever_it_comes),
        cmocka_unit_test(what_is_ignored_is_not_there_to_be_received),
        cmocka_unit_test(one_client_ignores_for_itself),
        cmocka_unit_test(a_client_ignores_only_so_much),
        cmocka_unit_test(what_must_not_have_come_fails_when_it_did),
        cmocka_unit_test(a_capture_is_available_in_later_steps),
        cmocka_unit_test(a_capture_is_the_latest),
        cmocka_unit_test(a_stanza_that_does_not_match_captures_nothing),
        cmocka_unit_test(a_stanza_with_an_unknown_variable_is_not_sent),
        cmocka_unit_test(an_address_is_known_before_its_owner_connects),
        cmocka_unit_test(an_address_is_the_one_that_was_bound_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
