#include "../tool/diagram.h"
#include "../tool/event_run.h"

#include <assert.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The diagrams of a scenario with Romeo, whose steps are these. */
static struct player_result drawn(const char *title, const char *steps)
{
    char text[2048];
    struct complaints complaints = { 0 };
    struct player_result result;
    (void)snprintf(text, sizeof text,
                   "# %s\n[Client] Romeo\n\tjid: romeo@localhost/orchard\n\tpassword: secret\n---\n%s", title,
                   steps);
    struct scenario *scenario = scenario_parse("x.scs", text, strlen(text), NULL, NULL, &complaints);
    assert_non_null(scenario);
    assert(scenario != NULL);
    const struct player_options options = { .policy = CHOICE_SCRIPTED };
    event_run(scenario, &options, &(struct event_kept){ .mermaid = true, .dot = true }, &result);
    scenario_free(scenario);
    assert_non_null(result.mermaid);
    assert_non_null(result.dot);
    return result;
}

static void assert_has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("\"%s\" is not in:\n%s", part, text);
}

static size_t count(const char *text, const char *part)
{
    size_t found = 0;
    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part))
        found++;
    return found;
}

static void a_stanza_is_an_arrow_with_its_addresses(void **state)
{
    (void)state;
    struct player_result result =
        drawn("Title", "Romeo connects\nRomeo sends:\n\t<presence/>\nRomeo receives:\n\t<presence/>\n");
    assert_true(result.passed);
    assert_has(result.mermaid, "sequenceDiagram\n    title Title\n    participant c1 as Romeo\n");
    assert_has(result.mermaid,
               "    participant s2 as localhost\n    participant d3 as storage of localhost\n");
    assert_has(result.mermaid, "    Note over c1,d3: Romeo connects\n");
    assert_has(result.mermaid, "    c1->>s2: presence\n");
    assert_has(result.mermaid,
               "    s2->>c1: presence to romeo@localhost/orchard from romeo@localhost/orchard\n");
    assert_has(result.mermaid, "    s2-->>d3: load account romeo@localhost\n");
    assert_has(result.dot, "c1 [shape=box, label=\"Romeo\\nromeo@localhost\"];");
    assert_has(result.dot, " [constraint=false, label=\"presence\"];");
    player_result_free(&result);
}

/* No more than the stanzas: binding a resource, and presence. */
static void logins_are_left_out_and_so_is_how_clients_leave(void **state)
{
    (void)state;
    struct player_result result = drawn("Title", "Romeo connects\nRomeo sends:\n\t<presence/>\n");
    assert_int_equal(count(result.mermaid, "c1->>s2"), 2);
    assert_int_equal(count(result.mermaid, "s2->>c1"), 2);
    assert_null(strstr(result.mermaid, "link breaks"));
    player_result_free(&result);
}

static void faults_time_and_the_failure_are_notes(void **state)
{
    (void)state;
    struct player_result result =
        drawn("Title", "Romeo connects\n2 seconds pass\nRomeo's link breaks\nRomeo is connected\n");
    assert_false(result.passed);
    assert_has(result.mermaid, "2.000 s later\n");
    assert_has(result.mermaid, "    Note over c1: link fails\n");
    assert_has(result.mermaid, ": failure#58; ");
    assert_has(result.dot, "shape=note");
    player_result_free(&result);
}

static void what_a_scenario_has_is_only_a_label(void **state)
{
    (void)state;
    struct player_result result =
        drawn("a;b#c: \"%%{x}\" \\n &amp; \xe6\x97\xa5\xe2\x80\x8b end",
              "Romeo connects\nRomeo sends:\n\t<message to=\"x;y@localhost/&quot;\" type=\"a:b\"/>\n");
    assert_has(result.mermaid,
               "    title a#59;b#35;c#58; #34;#37;#37;#123;x#125;#34; #92;n #38;amp#59; #26085;"
               "#92;xe2#92;x80#92;x8b end\n");
    assert_has(result.mermaid, ": message a#58;b to x#59;y@localhost/#34;\n");
    assert_has(result.dot,
               "label=\"a;b#c: \\\"%%{x}\\\" \\\\n &#38;amp; &#26085;\\\\xe2\\\\x80\\\\x8b end\"");
    assert_has(result.dot, "label=\"message a:b to x;y@localhost/\\\"\"");
    for (const char *at = result.mermaid; *at != '\0'; at++)
        assert_true(*at == '\n' || (*at >= ' ' && *at <= '~'));
    player_result_free(&result);
}

static void a_long_label_is_cut(void **state)
{
    (void)state;
    char title[DIAGRAM_LABEL_MOST + 21];
    memset(title, 'x', sizeof title - 1);
    title[sizeof title - 1] = '\0';
    struct player_result result = drawn(title, "Romeo connects\n");
    const char *shown = strstr(result.mermaid, "title ");
    assert_non_null(shown);
    assert(shown != NULL);
    assert_int_equal(strspn(shown + strlen("title "), "x"), DIAGRAM_LABEL_MOST);
    assert_has(shown, "x...\n");
    player_result_free(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stanza_is_an_arrow_with_its_addresses),
        cmocka_unit_test(logins_are_left_out_and_so_is_how_clients_leave),
        cmocka_unit_test(faults_time_and_the_failure_are_notes),
        cmocka_unit_test(what_a_scenario_has_is_only_a_label),
        cmocka_unit_test(a_long_label_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
