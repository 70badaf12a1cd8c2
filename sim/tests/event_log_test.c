/* Each kind of event as its line of JSON; what comes when is in events_test.c. */
#include "../tool/event_log.h"

#include "player_rig.h"

static struct event_log *begin(void)
{
    static const char head[] =
        "# A \"title\"\n## rfc: 6121 4.2\n## strict\n[Server] one\n\thost: localhost\n[Server] two\n"
        "\thost: other.lit\n[Client] Romeo\n\tjid: romeo@localhost/orchard\n\tpassword: x\n"
        "[Client] Nurse\n\tjid: nurse@other.lit\n\tpassword: x\n---\nRomeo connects\n";
    struct scenario *scenario = read_scenario(head);
    struct event_log *log = event_log_new(scenario, 3, EVENT_LOG_MOST);
    scenario_free(scenario);
    return log;
}

/* The line that an event has in a log of its own. */
static char *line_of(const struct run_event *event)
{
    struct event_log *log = begin();
    event_log_add(log, event);
    char *lines = event_log_take(log);
    char *line = strdup(strchr(lines, '\n') + 1);
    assert_non_null(line);
    free(lines);
    return line;
}

#define HEAD(type) "{\"type\":\"" type "\",\"case\":3,\"n\":1,\"time_ns\":31000000,\"trace\":45"

static void is(struct run_event event, const char *expected)
{
    event.time = 31 * SIM_MILLISECOND;
    event.line = 45;
    char *line = line_of(&event);
    assert_string_equal(line, expected);
    free(line);
}

static void the_first_line_is_the_scenario(void **state)
{
    (void)state;
    char *lines = event_log_take(begin());
    assert_string_equal(
        lines, "{\"type\":\"scenario\",\"case\":3,\"path\":\"test.scs\",\"name\":\"test.scs\",\"title\":\"A "
               "\\\"title\\\"\",\"line\":null,\"tags\":[[\"rfc\",\"6121 4.2\"],[\"strict\",\"\"]],"
               "\"servers\":[\"one\",\"two\"],\"clients\":["
               "{\"name\":\"Romeo\",\"jid\":\"romeo@localhost\",\"server\":\"one\"},"
               "{\"name\":\"Nurse\",\"jid\":\"nurse@other.lit\",\"server\":\"two\"}]}\n");
    free(lines);
}

static void steps_time_and_choices(void **state)
{
    (void)state;
    is((struct run_event){ .kind = EVENT_STEP, .step = 33, .what = "Romeo \"x\" sends:" },
       HEAD("step") ",\"line\":33,\"text\":\"Romeo \\\"x\\\" sends:\"}\n");
    is((struct run_event){ .kind = EVENT_STEP, .what = "at the end" },
       HEAD("step") ",\"line\":null,\"text\":\"at the end\"}\n");
    is((struct run_event){ .kind = EVENT_TIME, .span = 5 * SIM_SECOND },
       HEAD("time") ",\"span_ns\":5000000000}\n");
    is((struct run_event){ .kind = EVENT_CHOICE, .what = "latency", .answer = 3, .possibilities = 8 },
       HEAD("choice") ",\"concern\":\"latency\",\"answer\":3,\"possibilities\":8}\n");
}

static void connections_faults_and_servers(void **state)
{
    (void)state;
    is((struct run_event){ .kind = EVENT_CONNECTION, .who = "Romeo", .what = "-> opened" },
       HEAD("connection") ",\"who\":\"Romeo\",\"what\":\"-> opened\"}\n");
    is((struct run_event){ .kind = EVENT_FAULT, .who = "Romeo", .what = "fails" },
       HEAD("fault") ",\"who\":\"Romeo\",\"what\":\"fails\"}\n");
    is((struct run_event){ .kind = EVENT_SERVER, .who = "one", .what = "crashes" },
       HEAD("server") ",\"server\":\"one\",\"what\":\"crashes\"}\n");
}

static void bytes_are_kept_whatever_they_are(void **state)
{
    (void)state;
    is((struct run_event){ .kind = EVENT_BYTES,
                           .who = "Romeo",
                           .to_server = true,
                           .sent = 30 * SIM_MILLISECOND,
                           .bytes = "a\\\xff\0",
                           .length = 4 },
       HEAD("bytes") ",\"who\":\"Romeo\",\"to\":\"server\",\"sent_ns\":30000000,\"size\":4,"
                     "\"data\":\"a\\\\\\\\\\\\xff\\\\x00\"}\n");
    is((struct run_event){ .kind = EVENT_BYTES, .who = "Romeo", .length = 57 },
       HEAD("bytes") ",\"who\":\"Romeo\",\"to\":\"client\",\"sent_ns\":0,\"size\":57,\"data\":null}\n");
}

static void element_is(const char *xml, const char *expected)
{
    const char *problem = NULL;
    int line = 0;
    struct xml *element = xml_fragment(xml, strlen(xml), &problem, &line);
    assert_non_null(element);
    is((struct run_event){ .kind = EVENT_ELEMENT,
                           .who = "Romeo",
                           .part = PART_ELEMENT,
                           .what = "as:written",
                           .bytes = xml,
                           .length = strlen(xml),
                           .element = element },
       expected);
    xml_free(element);
}

#define ELEMENT HEAD("element") ",\"who\":\"Romeo\",\"to\":\"client\",\"sent_ns\":0,\"part\":"

static void elements_have_their_kind_name_and_attributes(void **state)
{
    (void)state;
    element_is("<message to='a&amp;b' xml:lang='en'/>", ELEMENT
               "\"element\",\"kind\":\"message\",\"name\":\"message\",\"namespace\":\"jabber:client\","
               "\"attributes\":{\"to\":\"a&b\",\"xml:lang\":\"en\"},"
               "\"xml\":\"<message to='a&amp;b' xml:lang='en'/>\"}\n");
    element_is("<presence xmlns='x'/>", ELEMENT "\"element\",\"kind\":\"other\",\"name\":\"presence\","
                                                "\"namespace\":\"x\",\"attributes\":{},"
                                                "\"xml\":\"<presence xmlns='x'/>\"}\n");
    is(
        (struct run_event){
            .kind = EVENT_ELEMENT, .who = "Romeo", .part = PART_BROKEN, .what = "", .bytes = "" },
        ELEMENT
        "\"broken\",\"kind\":\"stream\",\"name\":\"\",\"namespace\":null,\"attributes\":{},\"xml\":\"\"}\n");
    is((struct run_event){ .kind = EVENT_ELEMENT,
                           .who = "Romeo",
                           .part = PART_HEADER,
                           .what = "stream:stream",
                           .bytes = "<stream:stream>",
                           .length = 15 },
       ELEMENT
       "\"header\",\"kind\":\"stream\",\"name\":\"stream:stream\",\"namespace\":null,\"attributes\":{},"
       "\"xml\":\"<stream:stream>\"}\n");
}

static void storage_is_a_request_an_answer_or_what_a_crash_left(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        { "save", "request" }, { "saved", "answer" }, { "no account to load", "answer" }, { "lost", "crash" }
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char expected[512];
        snprintf(expected, sizeof expected,
                 HEAD("storage") ",\"server\":\"one\",\"phase\":\"%s\",\"what\":\"%s\",\"store\":\"roster\","
                                 "\"account\":\"romeo@localhost\",\"data\":\"k=v\"}\n",
                 cases[i][1], cases[i][0]);
        is((struct run_event){ .kind = EVENT_STORAGE,
                               .server = "one",
                               .what = cases[i][0],
                               .store = "roster",
                               .account = "romeo@localhost",
                               .bytes = "k=v",
                               .length = 3 },
           expected);
    }
}

static void a_route_says_whether_it_came_back(void **state)
{
    (void)state;
    is((struct run_event){ .kind = EVENT_ROUTE, .who = "one", .server = "two", .bytes = "<a", .length = 2 },
       HEAD("route") ",\"from\":\"one\",\"to\":\"two\",\"returned\":null,\"kind\":\"other\",\"name\":\"\","
                     "\"namespace\":null,\"attributes\":{},\"xml\":\"<a\"}\n");
    is((struct run_event){ .kind = EVENT_ROUTE,
                           .who = "one",
                           .server = "one",
                           .what = "timed out",
                           .bytes = "",
                           .length = 0 },
       HEAD("route") ",\"from\":\"one\",\"to\":\"one\",\"returned\":\"timed "
                     "out\",\"kind\":\"other\",\"name\":\"\","
                     "\"namespace\":null,\"attributes\":{},\"xml\":\"\"}\n");
}

static void clients_and_sessions(void **state)
{
    (void)state;
    const struct client_identity identity = {
        .name = "Romeo", .local = "romeo", .domain = "localhost", .password = "x"
    };
    struct client *client = client_new(&identity, (struct transport){ 0 });
    is((struct run_event){ .kind = EVENT_CLIENT, .who = "Romeo", .client = client },
       HEAD(
           "client") ",\"who\":\"Romeo\",\"state\":\"away\",\"jid\":null,\"secured\":false,\"managed\":false,"
                     "\"has_roster\":false,\"contacts\":0,\"online\":[],\"received\":0,\"not_consumed\":0}"
                     "\n");
    client_free(client);
    is((struct run_event){ .kind = EVENT_SESSION, .who = "Romeo" },
       HEAD("session") ",\"who\":\"Romeo\",\"session\":null}\n");
    is((struct run_event){ .kind = EVENT_SESSION,
                           .who = "Romeo",
                           .session = &(struct session_view){ .type = SESSION_C2S,
                                                              .username = "romeo",
                                                              .full_jid = "romeo@localhost/o",
                                                              .presence = "<presence/>",
                                                              .priority = -1,
                                                              .carbons = true,
                                                              .inactive = true,
                                                              .managed = true,
                                                              .handled = 2,
                                                              .sent = 3,
                                                              .unacked = 1 } },
       HEAD(
           "session") ",\"who\":\"Romeo\",\"session\":{\"type\":\"c2s\",\"username\":\"romeo\","
                      "\"jid\":\"romeo@localhost/o\",\"secured\":false,\"connected\":true,\"available\":true,"
                      "\"interested\":false,\"priority\":-1,\"hibernating\":false,\"carbons\":true,"
                      "\"active\":false,\"waiting\":false,\"managed\":true,\"handled\":2,\"sent\":3,"
                      "\"unacked\":1}}\n");
}

static void what_is_possible_is_sets(void **state)
{
    (void)state;
    is((struct run_event){ .kind = EVENT_POSSIBLE, .who = "Romeo" },
       HEAD("possible") ",\"who\":\"Romeo\",\"possible\":null}\n");
    is((struct run_event){ .kind = EVENT_POSSIBLE,
                           .who = "Romeo",
                           .possible = &(struct model_view){ .presence = { true, false, true },
                                                             .interested = { false, true },
                                                             .carbons = { true, true },
                                                             .unanswered = 1,
                                                             .kept = 2,
                                                             .under_way = 3,
                                                             .must_end = "it was told so" } },
       HEAD("possible") ",\"who\":\"Romeo\",\"possible\":{\"must_end\":\"it was told so\","
                        "\"presence\":[\"unavailable\",\"available\"],\"interested\":[\"yes\"],"
                        "\"carbons\":[\"no\",\"yes\"],\"unanswered\":1,\"kept\":2,\"under_way\":3}}\n");
}

static char one_line[] = "<a", other_line[] = "<b";

static void a_failure_has_its_comparison_or_its_check(void **state)
{
    (void)state;
    const struct run_difference lines[] = { { one_line, other_line, true }, { one_line, one_line, false } };
    const struct run_failure differs = {
        .summary = "not this", .lines = lines, .line_count = 2, .sentences = "a\nb\n"
    };
    is((struct run_event){ .kind = EVENT_FAILURE, .step = 9, .failure = &differs },
       HEAD("failure") ",\"line\":9,\"summary\":\"not this\",\"check\":null,\"comparison\":["
                       "{\"expected\":\"<a\",\"received\":\"<b\",\"differs\":true},"
                       "{\"expected\":\"<a\",\"received\":\"<a\",\"differs\":false}],\"differences\":"
                       "\"a\\nb\\n\"}\n");
    const struct check_violation violation = {
        .name = "x", .sentence = "s", .source = "RFC", .detail = "d", .time = 5, .line = 7
    };
    const struct run_failure violated = { .summary = "bad", .violation = &violation, .sentences = "" };
    is((struct run_event){ .kind = EVENT_FAILURE, .failure = &violated },
       HEAD("failure") ",\"line\":null,\"summary\":\"bad\",\"check\":{\"name\":\"x\",\"sentence\":\"s\","
                       "\"source\":\"RFC\",\"detail\":\"d\",\"trace\":7,\"time_ns\":5},\"comparison\":[],"
                       "\"differences\":\"\"}\n");
}

/* The failure is what a reader looks for, so it is never left out. */
static void a_log_that_is_full_keeps_the_failure(void **state)
{
    (void)state;
    struct scenario *scenario = read_scenario(CAST "Romeo connects\n");
    struct event_log *log = event_log_new(scenario, 1, 500);
    const struct run_failure failure = { .summary = "bad", .sentences = "" };
    for (int i = 0; i < 20; i++)
        event_log_add(log, &(struct run_event){ .kind = EVENT_STEP, .what = "Romeo connects" });
    event_log_add(log, &(struct run_event){ .kind = EVENT_FAILURE, .failure = &failure });
    char *lines = event_log_take(log);
    const char *cut = strstr(lines, "{\"type\":\"cut\"");
    assert_non_null(cut);
    assert_true(cut - lines < 500 + 200);
    assert_int_equal(strncmp(strchr(cut, '\n') + 1, "{\"type\":\"failure\"", strlen("{\"type\":\"failure\"")),
                     0);
    assert_null(strstr(strchr(cut, '\n'), "\"cut\""));
    free(lines);
    scenario_free(scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_line_is_the_scenario),
        cmocka_unit_test(steps_time_and_choices),
        cmocka_unit_test(connections_faults_and_servers),
        cmocka_unit_test(bytes_are_kept_whatever_they_are),
        cmocka_unit_test(elements_have_their_kind_name_and_attributes),
        cmocka_unit_test(storage_is_a_request_an_answer_or_what_a_crash_left),
        cmocka_unit_test(a_route_says_whether_it_came_back),
        cmocka_unit_test(clients_and_sessions),
        cmocka_unit_test(a_failure_has_its_comparison_or_its_check),
        cmocka_unit_test(a_log_that_is_full_keeps_the_failure),
        cmocka_unit_test(what_is_possible_is_sets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
