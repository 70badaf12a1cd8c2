/* Which events a run has, and in which order. */
#include "../player/events.h"

#include "../text.h"
#include "player_rig.h"

#include <assert.h>

/* What the tests look at: a line for each event, and counts. */
struct heard {
    struct text lines;
    size_t counts[EVENT_KINDS];
    sim_time time;
    uint64_t line;
    bool ordered; /* times and lines of the trace never go back */
};

static const char *const KINDS[EVENT_KINDS] = {
    [EVENT_STEP] = "step",         [EVENT_TIME] = "time",       [EVENT_CHOICE] = "choice",
    [EVENT_CONNECTION] = "link",   [EVENT_BYTES] = "bytes",     [EVENT_ELEMENT] = "element",
    [EVENT_FAULT] = "fault",       [EVENT_STORAGE] = "storage", [EVENT_ROUTE] = "route",
    [EVENT_SERVER] = "server",     [EVENT_CLIENT] = "client",   [EVENT_SESSION] = "session",
    [EVENT_POSSIBLE] = "possible", [EVENT_FAILURE] = "failure",
};

static void add(struct text *text, const char *word)
{
    text_string(text, " ");
    text_string(text, word != NULL ? word : "-");
}

/* The presences that are possible, and how many requests are not answered. */
static void add_possible(struct text *lines, const struct model_view *view)
{
    static const char *const words[] = { "unavailable", "negative", "available" };
    if (view == NULL) {
        add(lines, "none");
        return;
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (view->presence[i])
            add(lines, words[i]);
    if (view->interested[1])
        add(lines, "interested");
    text_string(lines, " ");
    text_number(lines, view->unanswered);
}

static void add_state(struct text *lines, const struct run_event *event)
{
    if (event->kind == EVENT_POSSIBLE)
        add_possible(lines, event->possible);
    if (event->kind == EVENT_CLIENT)
        add(lines, client_state_name(client_state(event->client)));
    if (event->kind != EVENT_SESSION)
        return;
    add(lines, event->session != NULL ? session_type_name(event->session->type) : "none");
    if (event->session != NULL && event->session->presence != NULL)
        add(lines, "available");
    if (event->session != NULL && event->session->hibernating)
        add(lines, "hibernating");
    if (event->session != NULL && event->session->carbons)
        add(lines, "carbons");
}

static void hear(void *host, const struct run_event *event)
{
    struct heard *heard = host;
    heard->counts[event->kind]++;
    heard->ordered = heard->ordered && event->time >= heard->time && event->line >= heard->line;
    heard->time = event->time;
    heard->line = event->line;
    text_string(&heard->lines, KINDS[event->kind]);
    if (event->kind == EVENT_BYTES || event->kind == EVENT_ELEMENT)
        add(&heard->lines, event->to_server ? ">" : "<");
    add(&heard->lines, event->who);
    add(&heard->lines, event->what);
    if (event->kind == EVENT_STORAGE) {
        add(&heard->lines, event->store);
        add(&heard->lines, event->account);
        add(&heard->lines, event->server);
    }
    add_state(&heard->lines, event);
    if (event->kind == EVENT_ROUTE)
        add(&heard->lines, event->server);
    text_string(&heard->lines, "\n");
}

static struct player_result run_heard(const char *text, struct player_options options, struct heard *heard)
{
    *heard = (struct heard){ .ordered = true };
    options.event = hear;
    options.event_host = heard;
    struct player_result result = run_as(text, &options);
    assert_true(heard->ordered);
    return result;
}

/* The lines hold these, in this order, with others between them. */
static void holds(const struct heard *heard, const char *const *parts, size_t count)
{
    const char *at = heard->lines.bytes;
    for (size_t i = 0; i < count; i++) {
        const char *found = strstr(at, parts[i]);
        if (found == NULL)
            fail_msg("not there: %s\nin: %s", parts[i], at);
        assert(found != NULL);
        at = found + strlen(parts[i]);
    }
}
#define HOLDS(heard, ...)                                                                                    \
    holds(heard, (const char *const[]){ __VA_ARGS__ },                                                       \
          sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

static void passes_heard(const char *text, struct player_options options, struct heard *heard)
{
    struct player_result result = run_heard(text, options, heard);
    if (!result.passed)
        print_error("%s", result.explanation);
    assert_true(result.passed);
    player_result_free(&result);
}

/* While the server saves what came in before, it may not have come to what came in behind that. */
static void what_the_model_holds_possible_is_told_when_it_changes(void **state)
{
    (void)state;
    struct heard heard;
    passes_heard(CAST
                 "Romeo connects\nRomeo sends:\n\t<presence/>\nSaves take 5 seconds\nRomeo sends:\n"
                 "\t<iq type='set' id='r'><query xmlns='jabber:iq:roster'><item jid='a@b'/></query></iq>\n"
                 "\t<presence type='unavailable'/>\n",
                 (struct player_options){ .seed = 0 }, &heard);
    HOLDS(&heard, "possible Romeo - unavailable 0\n", "step - Romeo sends:\n",
          "possible Romeo - available 0\n", "step - Saves take 5 seconds\n", "storage - save roster",
          "possible Romeo - unavailable available 1\n", "storage - saved roster",
          "possible Romeo - unavailable 0\n", "possible Romeo - none\n");
    text_free(&heard.lines);
}

static void a_login_is_told_from_both_ends(void **state)
{
    (void)state;
    struct heard heard;
    passes_heard(CAST "Romeo connects\nRomeo sends:\n\t<presence/>\n", (struct player_options){ .seed = 0 },
                 &heard);
    HOLDS(&heard, "client Romeo - away\n", "step - Romeo connects\n", "link Romeo dials\n",
          "link Romeo -> opened\n", "session Romeo - c2s_unauthed\n", "element > Romeo stream:stream\n",
          "element < Romeo stream:features\n", "element > Romeo auth\n",
          "storage - load account romeo@localhost localhost\n",
          "storage - loaded account romeo@localhost localhost\n", "element < Romeo success\n",
          "element > Romeo stream:stream\n", "element > Romeo iq\n", "session Romeo - c2s\n",
          "element < Romeo iq\n", "client Romeo - bound\n", "step - Romeo sends:\n", "bytes > Romeo -\n",
          "element > Romeo presence\n", "session Romeo - c2s available\n", "element < Romeo presence\n",
          "step - at the end, all clients disconnect\n", "link Romeo -> ended\n", "session Romeo - none\n");
    assert_int_equal(heard.counts[EVENT_FAILURE], 0);
    assert_int_equal(heard.counts[EVENT_CHOICE],
                     0); /* in the default schedule each is the first possibility */
    text_free(&heard.lines);
}

/* Also where something happens in every second event. */
static void listening_changes_nothing(void **state)
{
    (void)state;
    static const char text[] = CAST "Romeo connects\nJuliet connects\nRomeo sends:\n\t<message "
                                    "to='juliet@localhost'><body>x</body></message>\n5 minutes pass\n";
    for (uint64_t seed = 1; seed < 6; seed++) {
        const struct player_options options = { .policy = CHOICE_SEEDED, .seed = seed };
        struct heard heard;
        struct player_result with = run_heard(text, options, &heard);
        struct player_result without = run_as(text, &options);
        assert_int_equal(with.trace_hash, without.trace_hash);
        assert_int_equal(with.events, without.events);
        assert_true(heard.counts[EVENT_CHOICE] > 0);
        assert_int_equal(heard.counts[EVENT_TIME], 1);
        player_result_free(&with);
        player_result_free(&without);
        text_free(&heard.lines);
    }
}

/* What is sent takes 1 ms in the default schedule (net.h). */
static void note_delay(void *host, const struct run_event *event)
{
    size_t *elements = host;
    if (event->kind == EVENT_ELEMENT || event->kind == EVENT_BYTES) {
        assert_int_equal(event->time - event->sent, SIM_MILLISECOND);
        ++*elements;
    }
}

static void an_element_says_when_it_was_sent(void **state)
{
    (void)state;
    size_t elements = 0;
    passes_as(CAST "Romeo connects\nRomeo disconnects\nRomeo connects\n",
              &(struct player_options){ .event = note_delay, .event_host = &elements });
    assert_true(elements > 40);
}

static void what_is_encrypted_is_told_before_and_after(void **state)
{
    (void)state;
    struct heard heard;
    passes_heard("[Server]\n\ttls: optional\n" CAST "Romeo connects\n", (struct player_options){ .seed = 0 },
                 &heard);
    HOLDS(&heard, "element > Romeo starttls\n", "element < Romeo proceed\n",
          "bytes > Romeo -\nbytes > Romeo -\n", "element > Romeo stream:stream\n", "element > Romeo auth\n",
          "client Romeo - bound\n");
    text_free(&heard.lines);
}

static void faults_are_told(void **state)
{
    (void)state;
    struct heard heard;
    passes_heard(CAST "Romeo connects\nRomeo's link breaks\nThe server crashes\nThe server starts again\n",
                 (struct player_options){ .seed = 0 }, &heard);
    HOLDS(&heard, "fault Romeo fails\n", "link Romeo -> ended\n", "server localhost crashes\n",
          "server localhost starts\n");
    text_free(&heard.lines);
}

static void a_session_that_hibernates_is_told(void **state)
{
    (void)state;
    struct heard heard;
    passes_heard(CAST "Romeo connects\nRomeo enables stream management\nRomeo drops the connection\n",
                 (struct player_options){ .seed = 0 }, &heard);
    HOLDS(&heard, "element > Romeo enable\n", "session Romeo - c2s hibernating\n", "session Romeo - none\n");
    text_free(&heard.lines);
}

static void a_session_with_carbons_says_so(void **state)
{
    (void)state;
    struct heard heard;
    passes_heard("[Server]\n\tfeatures: carbons\n" CAST
                 "Romeo connects\nRomeo sends:\n\t<iq type='set' id='1'><enable "
                 "xmlns='urn:xmpp:carbons:2'/></iq>\nRomeo receives:\n\t<iq type='result' id='1'/>\n",
                 (struct player_options){ .seed = 0 }, &heard);
    HOLDS(&heard, "session Romeo - c2s carbons\n");
    text_free(&heard.lines);
}

/* Of a failure the comparison and, before it, the state. */
struct failure_heard {
    size_t failures, differing;
    char summary[200], sentences[200];
    int step;
    bool violated;
};

static void hear_failure(void *host, const struct run_event *event)
{
    struct failure_heard *heard = host;
    if (event->kind != EVENT_FAILURE)
        return;
    heard->failures++;
    heard->step = event->step;
    heard->violated = event->failure->violation != NULL;
    snprintf(heard->summary, sizeof heard->summary, "%s", event->failure->summary);
    snprintf(heard->sentences, sizeof heard->sentences, "%s", event->failure->sentences);
    for (size_t i = 0; i < event->failure->line_count; i++)
        heard->differing += event->failure->lines[i].differs;
}

static void a_failure_is_told_once_with_its_comparison(void **state)
{
    (void)state;
    struct failure_heard heard = { .failures = 0 };
    struct player_result result =
        run_as(CAST "Romeo connects\nRomeo sends:\n\t<message to='x@localhost' "
                    "id='1'><body>a</body></message>\nRomeo receives:\n\t<message type='chat' id='1'/>\n",
               &(struct player_options){ .event = hear_failure, .event_host = &heard });
    assert_int_equal(heard.failures, 1);
    assert_int_equal(heard.step, FIRST_STEP + 3);
    assert_int_equal(heard.step, result.line);
    assert_string_equal(heard.summary, result.summary);
    assert_string_equal(heard.sentences, "attribute 'type' of <message/>: expected 'chat', got 'error'\n");
    assert_int_equal(heard.differing, 1);
    assert_false(heard.violated);
    player_result_free(&result);
}

static void a_failure_without_stanzas_has_no_comparison(void **state)
{
    (void)state;
    struct failure_heard heard = { .failures = 0 };
    struct player_result result = run_as(
        CAST "Romeo is connected\n", &(struct player_options){ .event = hear_failure, .event_host = &heard });
    assert_int_equal(heard.failures, 1);
    assert_string_equal(heard.sentences, "");
    assert_int_equal(heard.differing, 0);
    player_result_free(&result);
}

static void what_servers_route_is_told(void **state)
{
    (void)state;
    struct heard heard;
    passes_heard("[Server] one\n\thost: localhost\n[Server] two\n\thost: other.lit\n" CAST
                 "Romeo connects\nRomeo sends:\n\t<message to='x@other.lit' id='1'><body>a</body></message>\n"
                 "Romeo sends:\n\t<message to='x@nowhere.lit' id='2'><body>a</body></message>\n",
                 (struct player_options){ .seed = 0 }, &heard);
    HOLDS(&heard, "route one - two\n", "route two - one\n", "route one not found one\n");
    text_free(&heard.lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_login_is_told_from_both_ends),
        cmocka_unit_test(what_the_model_holds_possible_is_told_when_it_changes),
        cmocka_unit_test(listening_changes_nothing),
        cmocka_unit_test(an_element_says_when_it_was_sent),
        cmocka_unit_test(what_is_encrypted_is_told_before_and_after),
        cmocka_unit_test(faults_are_told),
        cmocka_unit_test(a_session_that_hibernates_is_told),
        cmocka_unit_test(a_session_with_carbons_says_so),
        cmocka_unit_test(a_failure_is_told_once_with_its_comparison),
        cmocka_unit_test(a_failure_without_stanzas_has_no_comparison),
        cmocka_unit_test(what_servers_route_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
