/* Whole worlds, by way of scenarios that are stopped in the middle. */
#include "../../core/tests/shallow.h"
#include "player_rig.h"

/* The world of a scenario after so many events. */
static char *moment_after(const char *text, uint64_t events, uint64_t seed)
{
    struct player_options options = { .policy = seed > 0 ? CHOICE_SEEDED : CHOICE_SCRIPTED,
                                      .seed = seed,
                                      .until = { PLAYER_UNTIL_EVENT, events } };
    struct player_result result = run_as(text, &options);
    if (!result.passed)
        print_error("%s", result.explanation);
    assert_true(result.passed);
    assert_non_null(result.description);
    char *description = result.description;
    result.description = NULL;
    player_result_free(&result);
    return description;
}

static uint64_t count_events(const char *text, uint64_t seed)
{
    struct player_options options = { .policy = seed > 0 ? CHOICE_SEEDED : CHOICE_SCRIPTED, .seed = seed };
    struct player_result result = run_as(text, &options);
    uint64_t events = result.events;
    player_result_free(&result);
    return events;
}

static void says(const char *description, const char *part)
{
    if (strstr(description, part) == NULL)
        print_error("there is no \"%s\" in\n%s", part, description);
    assert_non_null(strstr(description, part));
}

/* Some event is the one after which it says so. */
static void comes_to_say(const char *text, const char *part)
{
    uint64_t events = count_events(text, 0);
    bool said = false;
    for (uint64_t at = 1; at <= events && !said; at++) {
        char *description = moment_after(text, at, 0);
        said = strstr(description, part) != NULL;
        free(description);
    }
    if (!said)
        print_error("never was there \"%s\"\n", part);
    assert_true(said);
}

static const char meeting[] = FRIENDS CAST "Romeo connects\n"
                                           "Romeo sends:\n"
                                           "\t<presence/>\n"
                                           "Juliet connects\n"
                                           "Juliet sends:\n"
                                           "\t<iq type='get' id='1'><query xmlns='jabber:iq:roster'/></iq>\n"
                                           "\t<presence/>\n"
                                           "Juliet sends:\n"
                                           "\t<message to='romeo@localhost'><body>Hi</body></message>\n";

/* It is created again in other memory. */
static void the_same_moment_is_described_the_same(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 3; seed++) {
        uint64_t events = count_events(meeting, seed);
        for (uint64_t at = 1; at < events; at++) {
            char *one = moment_after(meeting, at, seed);
            void *elsewhere = malloc(100000);
            char *other = moment_after(meeting, at, seed);
            assert_string_equal(one, other);
            free(elsewhere);
            free(one);
            free(other);
        }
    }
}

/* Nothing happens that leaves the world as it was. */
static void no_event_is_without_a_trace_in_it(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 3; seed++) {
        uint64_t events = count_events(meeting, seed);
        char *before = moment_after(meeting, 1, seed);
        for (uint64_t at = 2; at < events; at++) {
            char *after = moment_after(meeting, at, seed);
            assert_string_not_equal(before, after);
            free(before);
            before = after;
        }
        free(before);
    }
}

static void what_is_under_way_is_described(void **state)
{
    (void)state;
    comes_to_say(meeting, "under way: the connection in 0.001000000 s");
    comes_to_say(meeting, "under way: bytes in 0.001000000 s, bytes `<iq type=");
    comes_to_say(meeting, "to load: done in 0.001000000 s, request 1\n");
    comes_to_say(meeting, "under way: the end now");
}

static void a_client_is_described_with_its_view_and_its_inbox(void **state)
{
    (void)state;
    comes_to_say(meeting, "client `Juliet`: bound, connected, full JID `juliet@localhost/balcony`");
    comes_to_say(meeting, "    contact `romeo@localhost`: item `<item ");
    comes_to_say(meeting, "  sees `romeo@localhost/orchard`\n");
    comes_to_say(meeting, "  in the inbox: XML `<message ");
    comes_to_say(meeting, "  goal: login, pending\n");
    comes_to_say(meeting, "  negotiation: waits for a challenge, sent `");
}

static void links_that_are_out_of_order_are_described(void **state)
{
    (void)state;
    comes_to_say(CAST
                 "Romeo connects\nRomeo's link dies silently\nRomeo sends:\n\t<presence/>\nJuliet connects\n",
                 "to the server: stalled");
}

static void stream_management_is_described_at_both_ends(void **state)
{
    (void)state;
    LONG_TEST();
    static const char text[] = CAST "Romeo connects\nRomeo enables stream management\n"
                                    "Romeo drops the connection\nRomeo resumes\n";
    char *end = moment_after(text, count_events(text, 0) + 1, 0);
    says(end, "world\n");
    free(end);
    comes_to_say(text, "  managed `");
    comes_to_say(text, "stream management: on, identifier `");
    comes_to_say(text, "stream management: away, identifier `");
    comes_to_say(text, "session 1: c2s, full JID `romeo@localhost/orchard`, header sent, hibernating");
}

static void an_encrypted_link_keeps_its_secrets(void **state)
{
    (void)state;
    static const char text[] = "[Server]\n\ttls: required\n" CAST "Romeo connects\n";
    comes_to_say(text, "connection: in the handshake of TLS");
    comes_to_say(text, "TLS: waits for the hello\n");
    comes_to_say(text, "TLS: open, records sent 1");
    comes_to_say(text, "s, TLS ");
}

static void stanzas_between_servers_are_described(void **state)
{
    (void)state;
    static const char text[] =
        "[Server] Montague\n\thost: montague.lit\n[Server] Capulet\n\thost: capulet.lit\n"
        "[Client] Romeo\n\tjid: romeo@montague.lit/orchard\n\tpassword: secret\n---\n"
        "Romeo connects\nRomeo sends:\n\t<message to='juliet@capulet.lit'/>\n";
    comes_to_say(text, "server `capulet.lit`\n");
    comes_to_say(text, "wire: from `Montague`, to `Capulet`\n    under way: arrives in 0.005000000 s");
}

static void the_disk_is_described_with_what_is_durable(void **state)
{
    (void)state;
    char *description = moment_after(meeting, 1, 0);
    says(description, "account: user `romeo`, host `localhost`\n");
    says(description, "entry: key `juliet@localhost`, value `<item xmlns='jabber:iq:roster'");
    free(description);
}

static void what_is_to_fail_is_described(void **state)
{
    (void)state;
    static const char text[] = CAST "Romeo connects\n"
                                    "The next load fails\nThe 3rd load from now fails\n"
                                    "The 2nd save from now fails\nThe 1000th allocation from now fails\n"
                                    "The server crashes during the 4th save from now, keeping its writes\n"
                                    "Romeo sends raw \" \"\n";
    comes_to_say(text, "fails the load from now with the number 3");
    comes_to_say(text, "fails the save from now with the number 2");
    comes_to_say(text, "allocations until one fails ");
    comes_to_say(text, "writes until the crash 4, its writes are kept");
    comes_to_say(
        CAST "Romeo connects\nThe server crashes in 5 seconds, losing its writes\nRomeo sends raw \" \"\n",
        "crashes in 4.99");
}

static void the_state_after_a_crash_is_described(void **state)
{
    (void)state;
    static const char text[] =
        CAST "Romeo connects\nThe server crashes during the next save, losing its writes\n"
             "Romeo sends:\n\t<iq type='set'><query xmlns='jabber:iq:roster'><item jid='a@b'/></query></iq>\n"
             "The server starts again\nRomeo connects\n";
    comes_to_say(text, "events of requests that a crash cancelled 1");
    comes_to_say(text, "  server `localhost`: has been down\n");
}

static void the_next_link_is_described(void **state)
{
    (void)state;
    static const char text[] = CAST "Juliet connects\nRomeo's link takes 2 seconds\n"
                                    "Romeo's link breaks after 0 bytes to the client\n"
                                    "Juliet sends:\n\t<presence/>\nJuliet drops the connection\n";
    comes_to_say(text,
                 "the next link: latency in nanoseconds 2000000000, breaks after bytes to the client 0\n");
    comes_to_say(text, "links ended 1");
}

static void the_terms_of_a_link_are_described(void **state)
{
    (void)state;
    comes_to_say(CAST "Romeo connects\nRomeo's link takes 2 seconds\n"
                      "Romeo's link carries 1000 bytes a second\nRomeo's link delivers in pieces of 7\n"
                      "Juliet connects\n",
                 "terms: latency in nanoseconds 2000000000, bytes a second 1000, largest piece 7");
    comes_to_say(CAST "Romeo connects\nRomeo's link stalls for 5 seconds\nJuliet connects\n",
                 ", stalled until in ");
    comes_to_say(CAST "Romeo connects\nRomeo's link carries 10 bytes a second\n"
                      "Romeo sends:\n\t<presence/>\n",
                 "bytes a second 10, free to the client ");
    static const char *const ways[][2] = { { " to the client", "bytes to the client until it breaks 57" },
                                           { " to the server", "bytes to the server until it breaks 57" },
                                           { "", "bytes until it breaks 57" } };
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        char text[1000];
        (void)snprintf(text, sizeof text,
                       "%sRomeo connects\nRomeo's link breaks after 57 bytes%s\nJuliet connects\n", CAST,
                       ways[i][0]);
        comes_to_say(text, ways[i][1]);
    }
}

static void the_man_in_the_middle_is_described(void **state)
{
    (void)state;
    static const char text[] = "[Server]\n\ttls: required\n"
                               "[Client] Romeo\n\tjid: romeo@localhost/orchard\n\tpassword: secret\n"
                               "\tchannel binding: none\n"
                               "---\nRomeo's next link has somebody in the middle\nRomeo connects\n";
    comes_to_say(text, "man in the middle: ");
}

/* ---- Runs that meet ----
 * Two runs in the same state at the same step, with the same choices to come, must stay together: else there
 * is something that makes a difference and is not described. */

struct moment {
    char *description;
    unsigned steps; /* begun so far */
};

struct journey {
    struct moment moments[200]; /* after each event, the first at 1 */
    size_t count;
};

static void count_step(void *host, uint64_t number, const char *line, size_t length)
{
    (void)number;
    const char *who = memchr(line, ' ', length);
    *(unsigned *)host += who != NULL && strncmp(who, " step ", 6) == 0;
}

/* The run of a recording up to an event; false when it ends before. */
static bool run_to(const char *text, struct recording *recording, uint64_t until, struct moment *moment)
{
    struct player_options options = { .policy = CHOICE_RECORDED,
                                      .recording = recording,
                                      .until = { PLAYER_UNTIL_EVENT, until },
                                      .trace = count_step,
                                      .trace_host = &moment->steps };
    moment->steps = 0;
    struct player_result result = run_as(text, &options);
    assert_true(result.passed);
    bool reached = result.halted;
    moment->description = result.description;
    result.description = NULL;
    player_result_free(&result);
    return reached;
}

static void travel(const char *text, struct recording *recording, struct journey *journey)
{
    const size_t most = sizeof journey->moments / sizeof journey->moments[0];
    journey->count = 1;
    while (journey->count < most &&
           run_to(text, recording, journey->count, &journey->moments[journey->count]))
        journey->count++;
    assert_true(journey->count < most);
    free(journey->moments[journey->count].description);
}

static void forget(struct journey *journey)
{
    for (size_t i = 1; i < journey->count; i++)
        free(journey->moments[i].description);
}

static bool meet(const struct moment *a, const struct moment *b)
{
    return a->steps == b->steps && strcmp(a->description, b->description) == 0;
}

/* Where they part: the decision is made by then. */
static size_t parting(const struct journey *one, const struct journey *other)
{
    size_t at = 1;
    while (at < one->count && at < other->count && meet(&one->moments[at], &other->moments[at]))
        at++;
    return at;
}

/* Returns whether they met again. */
static bool stay_together(const struct journey *one, const struct journey *other)
{
    size_t from = parting(one, other);
    for (size_t i = from; i < one->count; i++) {
        for (size_t j = from; j < other->count; j++) {
            if (!meet(&one->moments[i], &other->moments[j]))
                continue;
            assert_int_equal(one->count - i, other->count - j);
            for (; i < one->count; i++, j++)
                assert_true(meet(&one->moments[i], &other->moments[j]));
            return true;
        }
    }
    return false;
}

/* The default schedule, and worlds in which one decision was another: a piece late, cut or out of turn. */
static void runs_that_meet_stay_together(void **state)
{
    (void)state;
    LONG_TEST();
    struct recording quiet = { 0 };
    struct recording record = { 0 };
    struct player_options options = { .policy = CHOICE_SCRIPTED, .record = &record };
    struct player_result whole = run_as(meeting, &options);
    static struct journey usual, unusual;
    size_t met = 0;
    size_t tried = 0;
    travel(meeting, &quiet, &usual);
    for (size_t i = 0; i < record.count; i++) {
        struct recording other = { 0 };
        while (other.count < i)
            recording_add(&other, (struct choice){ CHOICE_TIES, 0, 0 });
        struct choice changed = record.list[i];
        changed.answer = changed.possibilities - 1;
        recording_add(&other, changed);
        travel(meeting, &other, &unusual);
        tried++;
        met += stay_together(&usual, &unusual);
        forget(&unusual);
        recording_free(&other);
    }
    forget(&usual);
    player_result_free(&whole);
    recording_free(&record);
    assert_true(met > tried / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_moment_is_described_the_same),
        cmocka_unit_test(no_event_is_without_a_trace_in_it),
        cmocka_unit_test(what_is_under_way_is_described),
        cmocka_unit_test(a_client_is_described_with_its_view_and_its_inbox),
        cmocka_unit_test(links_that_are_out_of_order_are_described),
        cmocka_unit_test(stream_management_is_described_at_both_ends),
        cmocka_unit_test(an_encrypted_link_keeps_its_secrets),
        cmocka_unit_test(stanzas_between_servers_are_described),
        cmocka_unit_test(the_disk_is_described_with_what_is_durable),
        cmocka_unit_test(what_is_to_fail_is_described),
        cmocka_unit_test(the_state_after_a_crash_is_described),
        cmocka_unit_test(the_next_link_is_described),
        cmocka_unit_test(the_terms_of_a_link_are_described),
        cmocka_unit_test(the_man_in_the_middle_is_described),
        cmocka_unit_test(runs_that_meet_stay_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
