#include "player_rig.h"

#include "../checks/checks.h"

/* What follows CAST or a head of its own; only the checks judge, so that whatever the faults do is right. */
#define ONLY_ACT "## checks only\n"

static uint64_t fault_of(const struct player_tally *tally, const char *name)
{
    const char *there;
    for (size_t i = 0; (there = player_fault_name(i)) != NULL; i++)
        if (strcmp(there, name) == 0)
            return tally->faults[i];
    fail_msg("no fault is called '%s'", name);
    return 0;
}

static uint64_t check_of(const struct player_tally *tally, const char *name)
{
    const char *there;
    const char *sentence;
    const char *source;
    for (size_t i = 0; checks_describe(i, &there, &sentence, &source); i++)
        if (strcmp(there, name) == 0)
            return tally->checks[i].asked;
    fail_msg("no check is called '%s'", name);
    return 0;
}

static struct player_tally count(const char *text)
{
    struct player_tally tally = { 0 };
    passes_as(text, &(struct player_options){ .policy = CHOICE_SCRIPTED, .tally = &tally });
    return tally;
}

static void happens(const char *name, uint64_t times, const char *text)
{
    struct player_tally tally = count(text);
    assert_int_equal(fault_of(&tally, name), times);
}

static void happens_often(const char *name, const char *text)
{
    struct player_tally tally = count(text);
    assert_in_range(fault_of(&tally, name), 1, 100000);
}

#define BOTH_CONNECT ONLY_ACT CAST "Romeo connects\nJuliet connects\n"
#define JULIET_WRITES                                                                                        \
    "Juliet sends:\n\t<message to='romeo@localhost/orchard' type='chat'><body>O</body></message>\n"

static void nothing_goes_wrong_in_the_default_schedule(void **state)
{
    (void)state;
    struct player_tally tally = count(BOTH_CONNECT JULIET_WRITES "5 minutes pass\nRomeo disconnects\n");
    for (size_t i = 0; player_fault_name(i) != NULL; i++)
        assert_int_equal(tally.faults[i], 0);
}

static void a_link_breaks_when_it_is_whole(void **state)
{
    (void)state;
    happens("a link breaks", 1, BOTH_CONNECT "Romeo's link breaks\n");
    happens("a link breaks", 2, BOTH_CONNECT "Romeo's link breaks\nJuliet's link breaks\n");
    happens("a link breaks", 0, ONLY_ACT CAST "Romeo's link breaks\n");
    happens("a link breaks", 0, BOTH_CONNECT "Romeo drops the connection\n");
}

static void a_link_breaks_at_a_byte_that_arrives(void **state)
{
    (void)state;
    happens("a link breaks at a byte", 1,
            ONLY_ACT CAST "Romeo's link breaks after 100 bytes\nRomeo connects\n");
    happens("a link breaks at a byte", 1, BOTH_CONNECT "Romeo's link breaks after 0 bytes\n");
    happens("a link breaks at a byte", 0,
            BOTH_CONNECT "Romeo's link breaks after 100000 bytes\n" JULIET_WRITES);
    happens("a link breaks", 0, ONLY_ACT CAST "Romeo's link breaks after 100 bytes\nRomeo connects\n");
}

static void a_connection_is_half_closed_once(void **state)
{
    (void)state;
    happens("half-closes", 1, BOTH_CONNECT "Romeo half-closes the connection\n");
    happens("half-closes", 0, ONLY_ACT CAST "Romeo half-closes the connection\n");
}

static void a_link_is_slow_when_something_crosses_it(void **state)
{
    (void)state;
    happens_often("a link is slow", ONLY_ACT CAST "Romeo's link takes 20 milliseconds\nRomeo connects\n");
    happens_often("a link is slow",
                  ONLY_ACT CAST "Romeo's link carries 2000 bytes a second\nRomeo connects\n");
    happens("a link is slow", 0, BOTH_CONNECT "Romeo's link takes 20 milliseconds\n");
    happens("a link is slow", 1, BOTH_CONNECT "Romeo's link takes 20 milliseconds\n" JULIET_WRITES);
    happens("a link is slow", 0, BOTH_CONNECT "Romeo's link takes 1 millisecond\n" JULIET_WRITES);
    happens("a link is slow", 0,
            BOTH_CONNECT "Romeo's link carries 20 bytes a second\n"
                         "Romeo's link carries as much as it is given\n" JULIET_WRITES);
}

static void a_link_is_narrow_when_more_would_have_arrived(void **state)
{
    (void)state;
    happens_often("a link is narrow", BOTH_CONNECT "Romeo's link delivers in pieces of 5\n" JULIET_WRITES);
    happens("a link is narrow", 0, BOTH_CONNECT "Romeo's link delivers in pieces of 5000\n" JULIET_WRITES);
    happens("a link is narrow", 0, BOTH_CONNECT "Romeo's link delivers in pieces of 5\n");
}

static void a_link_stalls_when_something_waits(void **state)
{
    (void)state;
    happens_often("a link stalls", BOTH_CONNECT "Romeo's link stalls for 5 seconds\n" JULIET_WRITES);
    happens("a link stalls", 0, BOTH_CONNECT "Romeo's link stalls for 5 seconds\n");
    happens("a link stalls", 0,
            BOTH_CONNECT "Romeo's link stalls for 5 seconds\n6 seconds pass\n" JULIET_WRITES);
}

static void a_link_is_dead_when_something_does_not_arrive(void **state)
{
    (void)state;
    happens("a link dies", 1, BOTH_CONNECT "Romeo's link dies silently\n" JULIET_WRITES);
    happens("a link dies", 0, BOTH_CONNECT "Romeo's link dies silently\n");
    happens("stops or begins to read", 0, BOTH_CONNECT "Romeo's link dies silently\n" JULIET_WRITES);
}

static void a_link_heals_when_something_goes_on(void **state)
{
    (void)state;
    happens("a link heals", 1,
            BOTH_CONNECT "Romeo's link dies silently\n" JULIET_WRITES "Romeo's link heals\n");
    happens("a link heals", 0, BOTH_CONNECT "Romeo's link dies silently\nRomeo's link heals\n");
    happens("a link heals", 0, BOTH_CONNECT "Romeo's link heals\n" JULIET_WRITES);
    happens("stops or begins to read", 0,
            BOTH_CONNECT "Romeo's link dies silently\n" JULIET_WRITES "Romeo's link heals\n");
}

static void a_client_that_stops_reading_and_reads_again_is_counted(void **state)
{
    (void)state;
    happens("stops or begins to read", 1, BOTH_CONNECT "Romeo stops reading\n" JULIET_WRITES);
    happens("stops or begins to read", 2,
            BOTH_CONNECT "Romeo stops reading\n" JULIET_WRITES "Romeo reads again\n");
    happens("stops or begins to read", 0, BOTH_CONNECT "Romeo stops reading\nRomeo reads again\n");
    happens("a link heals", 0, BOTH_CONNECT "Romeo stops reading\n" JULIET_WRITES "Romeo reads again\n");
}

#define ROSTER_SET                                                                                           \
    "Romeo sends:\n\t<iq type='set'><query xmlns='jabber:iq:roster'><item "                                  \
    "jid='nurse@localhost'/></query></iq>\n"

static void loads_and_saves_fail_when_there_is_one(void **state)
{
    (void)state;
    happens("a load fails", 1, ONLY_ACT CAST "The next load fails\nRomeo connects\n");
    happens("a load fails", 0, BOTH_CONNECT "The next load fails\n");
    happens("a save fails", 1, BOTH_CONNECT "The next save fails\n" ROSTER_SET);
    happens("a save fails", 0, BOTH_CONNECT "The next save fails\n" JULIET_WRITES);
    happens("a load fails", 0, BOTH_CONNECT "The next save fails\n" ROSTER_SET);
}

static void a_removal_that_fails_is_a_save_that_does(void **state)
{
    (void)state;
    happens("a save fails", 1,
            BOTH_CONNECT "The next save fails\nRomeo sends:\n"
                         "\t<iq type='set'><query xmlns='jabber:iq:register'><remove/></query></iq>\n");
}

static void the_disk_is_slow_when_it_is_asked(void **state)
{
    (void)state;
    happens_often("the disk is slow", ONLY_ACT CAST "Loads take 20 milliseconds\nRomeo connects\n");
    happens("the disk is slow", 0, ONLY_ACT CAST "Loads take 1 millisecond\nRomeo connects\n");
    happens("the disk is slow", 0, BOTH_CONNECT "Saves take 20 milliseconds\n");
    happens("the disk is slow", 1, BOTH_CONNECT "Saves take 20 milliseconds\n" ROSTER_SET);
}

#define TWO_SERVERS                                                                                          \
    "[Server] Montague\n\thost: montague.lit\n[Server] Capulet\n\thost: capulet.lit\n"                       \
    "[Client] Romeo\n\tjid: romeo@montague.lit/orchard\n\tpassword: secret\n"                                \
    "[Client] Juliet\n\tjid: juliet@capulet.lit/balcony\n\tpassword: secret\n---\n"                          \
    "Romeo connects\nJuliet connects\n"

static void a_failure_that_was_numbered_is_one_of_its_own(void **state)
{
    (void)state;
    happens("a load or save fails later", 1, ONLY_ACT CAST "The 2nd load from now fails\nRomeo connects\n");
    happens("a load or save fails later", 0, ONLY_ACT CAST "The 200th load from now fails\nRomeo connects\n");
    happens("a load fails", 0, ONLY_ACT CAST "The 2nd load from now fails\nRomeo connects\n");
}

static void a_server_crashes_and_starts_when_it_can(void **state)
{
    (void)state;
    static const char *const twice = BOTH_CONNECT "The server crashes\nThe server starts again\n"
                                                  "The server crashes\n";
    happens("a server crashes", 2, twice);
    happens("a server starts again", 1, twice);
    happens("a server crashes", 0, BOTH_CONNECT "The server crashes in 5 seconds\n");
    happens("a server crashes", 1, BOTH_CONNECT "The server crashes in 5 seconds\n6 seconds pass\n");
    happens("a server starts again", 0, BOTH_CONNECT "The server starts again\n");
}

static void an_allocation_fails_when_there_is_one(void **state)
{
    (void)state;
    happens("an allocation fails", 1, BOTH_CONNECT "The next allocation fails\n" JULIET_WRITES);
    happens("an allocation fails", 0, BOTH_CONNECT "The 100000th allocation from now fails\n" JULIET_WRITES);
}

static void every_server_has_a_clock_that_jumps(void **state)
{
    (void)state;
    happens("the clock jumps", 1, BOTH_CONNECT "The clock jumps 1 hour ahead\n");
    happens("the clock jumps", 2, ONLY_ACT TWO_SERVERS "The clock jumps 5 minutes back\n");
}

static void parted_servers_lose_each_stanza_between_them(void **state)
{
    (void)state;
    static const char *const writes = "Romeo sends:\n"
                                      "\t<message to='juliet@capulet.lit'><body>1</body></message>\n"
                                      "\t<message to='juliet@capulet.lit'><body>2</body></message>\n";
    char text[2048];
    (void)snprintf(text, sizeof text, "%s%sThe servers are parted\n%s", ONLY_ACT, TWO_SERVERS, writes);
    happens("servers part", 2, text);
    (void)snprintf(text, sizeof text, "%s%sThe servers are parted\nThe servers are joined again\n%s",
                   ONLY_ACT, TWO_SERVERS, writes);
    happens("servers part", 0, text);
}

/* No server serves the domain, so nothing can be routed to it. */
static void stanzas_to_unknown_domains_are_not_lost_by_disconnection(void **state)
{
    (void)state;
    happens("servers part", 0,
            ONLY_ACT TWO_SERVERS "The servers are parted\nRomeo sends:\n"
                                 "\t<message to='friar@elsewhere.lit'><body>1</body></message>\n");
}

static void links_of_every_server_are_counted(void **state)
{
    (void)state;
    happens("a link breaks", 2, ONLY_ACT TWO_SERVERS "Romeo's link breaks\nJuliet's link breaks\n");
}

/* When everybody leaves, links that are dead heal and ends go unheard: that is the player's doing. */
static void what_the_last_act_does_is_no_fault(void **state)
{
    (void)state;
    struct player_tally tally = count(BOTH_CONNECT "Romeo's link dies silently\nJuliet stops reading\n");
    assert_int_equal(fault_of(&tally, "a link dies"), 0);
    assert_int_equal(fault_of(&tally, "a link heals"), 0);
    assert_int_equal(fault_of(&tally, "stops or begins to read"), 0);
}

static void every_check_is_counted_each_time_it_runs(void **state)
{
    (void)state;
    struct player_tally tally = count(BOTH_CONNECT JULIET_WRITES);
    assert_int_equal(check_of(&tally, "nothing-leaks"), 1);
    assert_in_range(check_of(&tally, "connected-resource"), 10, 10000);
    assert_in_range(check_of(&tally, "handshake-is-alone"), 10, 10000);
    assert_in_range(check_of(&tally, "tables-agree"), 4, 100);     /* three steps, and the end */
    assert_in_range(check_of(&tally, "roster-converges"), 2, 100); /* two clients */
    assert_in_range(check_of(&tally, "versions-rise"), 1, 100);    /* one message at the least */
}

static void checks_on_sessions_are_not_run_without_one(void **state)
{
    (void)state;
    struct player_tally tally = count(ONLY_ACT CAST "1 second passes\n");
    assert_int_equal(check_of(&tally, "connected-resource"), 0);
    assert_int_equal(check_of(&tally, "everybody-is-seen"), 0);
    assert_int_equal(check_of(&tally, "unavailable-once"), 0);
    assert_in_range(check_of(&tally, "tables-agree"), 1, 100);
}

static void a_tally_is_added_to(void **state)
{
    (void)state;
    static const char *const text = BOTH_CONNECT "Romeo's link breaks\n" JULIET_WRITES;
    const struct player_tally once = count(text);
    struct player_tally twice = { 0 };
    const struct player_options options = { .policy = CHOICE_SCRIPTED, .tally = &twice };
    passes_as(text, &options);
    passes_as(text, &options);
    for (size_t i = 0; i < PLAYER_FAULTS_MOST; i++)
        assert_int_equal(twice.faults[i], 2 * once.faults[i]);
    for (size_t i = 0; i < PLAYER_CHECKS_MOST; i++)
        assert_int_equal(twice.checks[i].asked, 2 * once.checks[i].asked);
}

static void a_run_that_fails_is_counted_too(void **state)
{
    (void)state;
    struct player_tally tally = { 0 };
    struct player_result result =
        run_as(CAST "Romeo connects\nRomeo's link breaks\nRomeo is connected\nJuliet connects\n",
               &(struct player_options){ .policy = CHOICE_SCRIPTED, .tally = &tally });
    assert_false(result.passed);
    assert_int_equal(fault_of(&tally, "a link breaks"), 1);
    assert_int_equal(check_of(&tally, "nothing-leaks"), 1);
    player_result_free(&result);
}

static void counting_changes_nothing(void **state)
{
    (void)state;
    static const char *const text = BOTH_CONNECT "Romeo's link stalls for 5 seconds\n" JULIET_WRITES;
    struct player_tally tally = { 0 };
    struct player_result plain = run_as(text, &(struct player_options){ .policy = CHOICE_SEEDED, .seed = 4 });
    struct player_result counted =
        run_as(text, &(struct player_options){ .policy = CHOICE_SEEDED, .seed = 4, .tally = &tally });
    assert_true(plain.trace_hash == counted.trace_hash);
    player_result_free(&plain);
    player_result_free(&counted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_goes_wrong_in_the_default_schedule),
        cmocka_unit_test(a_link_breaks_when_it_is_whole),
        cmocka_unit_test(a_link_breaks_at_a_byte_that_arrives),
        cmocka_unit_test(a_connection_is_half_closed_once),
        cmocka_unit_test(a_link_is_slow_when_something_crosses_it),
        cmocka_unit_test(a_link_is_narrow_when_more_would_have_arrived),
        cmocka_unit_test(a_link_stalls_when_something_waits),
        cmocka_unit_test(a_link_is_dead_when_something_does_not_arrive),
        cmocka_unit_test(a_link_heals_when_something_goes_on),
        cmocka_unit_test(a_client_that_stops_reading_and_reads_again_is_counted),
        cmocka_unit_test(loads_and_saves_fail_when_there_is_one),
        cmocka_unit_test(a_removal_that_fails_is_a_save_that_does),
        cmocka_unit_test(the_disk_is_slow_when_it_is_asked),
        cmocka_unit_test(a_failure_that_was_numbered_is_one_of_its_own),
        cmocka_unit_test(a_server_crashes_and_starts_when_it_can),
        cmocka_unit_test(an_allocation_fails_when_there_is_one),
        cmocka_unit_test(every_server_has_a_clock_that_jumps),
        cmocka_unit_test(parted_servers_lose_each_stanza_between_them),
        cmocka_unit_test(stanzas_to_unknown_domains_are_not_lost_by_disconnection),
        cmocka_unit_test(links_of_every_server_are_counted),
        cmocka_unit_test(what_the_last_act_does_is_no_fault),
        cmocka_unit_test(every_check_is_counted_each_time_it_runs),
        cmocka_unit_test(checks_on_sessions_are_not_run_without_one),
        cmocka_unit_test(a_tally_is_added_to),
        cmocka_unit_test(a_run_that_fails_is_counted_too),
        cmocka_unit_test(counting_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
