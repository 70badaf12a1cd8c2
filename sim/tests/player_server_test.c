/*
 * Steps on servers, and runs in which only the checks count.
 */
#include "../../core/tests/shallow.h"
#include "player_rig.h"

#define IN       "Romeo connects\n"
#define SERVERS  "[Server] Montague\n\thost: localhost\n[Server] Capulet\n\thost: capulet.lit\n"
#define NAMELESS "[Client] Nurse\n\tjid: nurse@localhost\n"
#define LISTENER "[Client] Nurse\n\tjid: nurse@capulet.lit/x\n\tpassword: secret\n"

/* ---- Steps ---- */

static void a_server_crashes_and_starts_again(void **state)
{
    (void)state;
    passes_strictly(CAST IN "The server crashes\n"
                            "Romeo's connection is closed\nRomeo has 0 sessions\nRomeo is not connected\n"
                            "Juliet fails to open a connection\n"
                            "The server starts again\nJuliet opens a connection\n" IN);
}

static void what_cannot_be_done_to_a_server_fails(void **state)
{
    (void)state;
    fails(CAST "The server starts again\n", FIRST_STEP,
          "the server is running already, or it cannot be started");
    fails(CAST "The server crashes\nThe server crashes\n", FIRST_STEP + 1, "the server is down");
    fails(CAST "The server crashes\nThe server shuts down\n", FIRST_STEP + 1, "the server is down");
    fails(CAST "The server crashes\nThe server crashes in 1 second\n", FIRST_STEP + 1, "the server is down");
    fails(CAST "The server of \"nowhere.lit\" crashes\n", FIRST_STEP,
          "no server in this scenario serves nowhere.lit");
    fails(CAST "The server crashes in 60000 days\n", FIRST_STEP,
          "the time is too long: virtual time ends after 146 years");
    fails(CAST "Romeo fails to open a connection\n", FIRST_STEP,
          "expected Romeo to fail to open a connection; it is connected");
}

static void each_server_crashes_by_itself(void **state)
{
    (void)state;
    passes(SERVERS LISTENER CAST IN "Nurse connects\n"
                                    "The server of \"capulet.lit\" crashes\n"
                                    "Nurse's connection is closed\nRomeo is connected\n"
                                    "The server of \"localhost\" shuts down\n"
                                    "Romeo receives stream error system-shutdown\n"
                                    "The server of \"localhost\" starts again\n" IN
                                    "The server of \"capulet.lit\" starts again\nNurse connects\n");
}

/* It is an event under way, so the next step that does something does not end before it. */
static void a_crash_that_is_to_come_comes_in_the_next_step(void **state)
{
    (void)state;
    passes(CAST
           "The server crashes in 1 hour\nRomeo fails to open a connection\nThe server starts again\n" IN);
    passes(CAST
           "The server crashes in 12 milliseconds\nAt the same time:\n\tJuliet disconnects\n" /* nothing */
           "The server starts again\n" IN);
    fails(CAST "The server crashes in 12 milliseconds\n" IN, FIRST_STEP + 1,
          "expected Romeo to connect; it was refused during binding: connection-ended");
}

static void a_clock_may_be_wrong(void **state)
{
    (void)state;
    passes(CAST "Romeo opens a connection\nThe clock jumps 1 hour ahead\nRomeo's connection is open\n"
                "1 millisecond passes\nRomeo receives stream error connection-timeout\n"
                "The clock jumps 2 hours back\n" IN);
    fails(CAST "The clock jumps 20000 days back\n", FIRST_STEP,
          "the clock cannot show that time: its range is 1970 to 2262");
    fails(CAST "The clock jumps 200000 days ahead\n", FIRST_STEP,
          "the clock cannot show that time: its range is 1970 to 2262");
}

static void an_allocation_may_fail(void **state)
{
    (void)state;
    passes(CAST "The next allocation fails\nRomeo fails to open a connection\n"
                "Romeo opens a connection\nRomeo's connection is open\n");
}

/* ---- Runs of checks only ---- */

static const struct player_options checks_only = { .checks_only = true, .strict = true };

static void of_checks_only_nothing_else_is_asked(void **state)
{
    (void)state;
    passes_as(NAMELESS CAST
              "Romeo is connected\nRomeo sends:\n\t<presence/>\n" IN "Romeo sends:\n"
              "\t<message to=\"${Nurse's full JID}\"/>\nRomeo sends raw \"${Nurse's full JID}\"\n"
              "Juliet receives:\n\t<message/>\nRomeo disconnects\nThe server starts again\n"
              "The server crashes\nThe server crashes\n",
              &checks_only);
}

static void what_is_not_known_is_not_sent(void **state)
{
    (void)state;
    struct player_result result = run_as(NAMELESS CAST IN, &checks_only);
    const uint64_t events = result.events;
    player_result_free(&result);
    result = run_as(
        NAMELESS CAST IN
        "Romeo sends:\n\t<message to=\"${Nurse's full JID}\"/>\nRomeo sends raw \"${Nurse's full JID}\"\n",
        &checks_only);
    assert_int_equal(result.events, events);
    player_result_free(&result);
}

static void a_run_counts_the_allocations(void **state)
{
    (void)state;
    struct player_result result = run_as(CAST "1 second passes\n", &loosely);
    const uint64_t alone = result.allocations;
    assert_true(alone > 0 && !result.allocation_failed);
    player_result_free(&result);
    result = run_as(CAST IN, &loosely);
    assert_true(result.allocations > alone + 10);
    player_result_free(&result);
}

static void the_allocation_that_is_to_fail_fails_if_it_comes(void **state)
{
    (void)state;
    struct player_options options = { .fail_allocation = 1 };
    struct player_result result = run_as(CAST IN, &options);
    assert_true(result.passed && result.allocation_failed);
    assert_int_equal(result.allocations, 1); /* then there is no server */
    player_result_free(&result);
    options.fail_allocation = 1000000;
    result = run_as(CAST IN, &options);
    assert_true(result.passed && !result.allocation_failed);
    player_result_free(&result);
}

/* SQLite's way: each in turn. */
static void whichever_allocation_fails_the_checks_hold(void **state)
{
    (void)state;
    LONG_TEST();
    static const char text[] = FRIENDS CAST IN
        "Juliet connects\nRomeo enables stream management\n"
        "Romeo sends:\n\t<iq type='get'><query xmlns='jabber:iq:roster'/></iq>\n\t<presence/>\n"
        "Juliet sends:\n\t<presence/>\n\t<message to='romeo@localhost' id='1'/>\n"
        "Romeo drops the connection\n"
        "Juliet sends:\n\t<message to='romeo@localhost' id='2'><body>hist</body></message>\n"
        "\t<iq type='set' id='3'><block xmlns='urn:xmpp:blocking'>"
        "<item jid='romeo@localhost'/></block></iq>\n"
        "The server crashes during the next save\n"
        "Juliet sends:\n\t<message to='nurse@localhost' id='4'><body>hist</body></message>\n"
        "\t<iq type='set' id='5'><unblock xmlns='urn:xmpp:blocking'/></iq>\n"
        "The server starts again\n" IN "Juliet connects\nRomeo sends:\n\t<presence/>\n";
    struct player_options options = { .policy = CHOICE_SEEDED, .seed = 3 };
    do {
        options.fail_allocation++;
        struct player_result result = run_as(text, &options);
        if (!result.passed)
            print_error("allocation %d: %s\n", (int)options.fail_allocation, result.summary);
        assert_true(result.passed);
        options.checks_only = !result.allocation_failed;
        player_result_free(&result);
    } while (!options.checks_only);
    assert_true(options.fail_allocation > 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_crashes_and_starts_again),
        cmocka_unit_test(what_cannot_be_done_to_a_server_fails),
        cmocka_unit_test(each_server_crashes_by_itself),
        cmocka_unit_test(a_crash_that_is_to_come_comes_in_the_next_step),
        cmocka_unit_test(a_clock_may_be_wrong),
        cmocka_unit_test(an_allocation_may_fail),
        cmocka_unit_test(of_checks_only_nothing_else_is_asked),
        cmocka_unit_test(what_is_not_known_is_not_sent),
        cmocka_unit_test(a_run_counts_the_allocations),
        cmocka_unit_test(the_allocation_that_is_to_fail_fails_if_it_comes),
        cmocka_unit_test(whichever_allocation_fails_the_checks_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
