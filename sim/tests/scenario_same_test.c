#include "../language/scenario_same.h"

#include "scenario_reading.h"

static const char whole[] = "# A title\n"
                            "## rfc: 6121 2.1\n"
                            "[Server] Montague\n"
                            "\thost: montague.lit\n"
                            "\tfeatures: offline\n"
                            "[Server] Capulet\n"
                            "\thost: capulet.lit\n"
                            "[Client] Romeo\n"
                            "\tjid: romeo@montague.lit/orchard\n"
                            "\tpassword: secret\n"
                            "[Client] Juliet\n"
                            "\tjid: juliet@capulet.lit\n"
                            "[Account] nurse@capulet.lit\n"
                            "\tpassword: secret\n"
                            "[Roster] romeo@montague.lit\n"
                            "\tjuliet@capulet.lit: both, name \"Juliet\", group \"Friends\"\n"
                            "[Blocklist] romeo@montague.lit\n"
                            "\ttybalt@capulet.lit\n"
                            "---\n"
                            "Romeo connects\n"
                            "Romeo sends:\n"
                            "\t<message id='1'><body>Hist!</body></message>\n"
                            "Juliet receives:\n"
                            "\t<message id='1'/>\n"
                            "at the same time:\n"
                            "\tRomeo sends raw \"abc\" in pieces of 1\n"
                            "\tJuliet disconnects\n"
                            "Romeo opens a stream with:\n"
                            "\tto: montague.lit\n"
                            "\tlang: de\n"
                            "Romeo's roster is:\n"
                            "\tjuliet@capulet.lit: both\n"
                            "Romeo's block list is:\n"
                            "\ttybalt@capulet.lit\n"
                            "1 second passes\n";

/* The text with the first `old` replaced; the caller frees. */
static char *with(const char *old, const char *new)
{
    const char *at = strstr(whole, old);
    assert_non_null(at);
    const size_t size = sizeof whole + strlen(new);
    char *text = malloc(size);
    assert_non_null(text);
    (void)snprintf(text, size, "%.*s%s%s", (int)(at - whole), whole, new, at + strlen(old));
    return text;
}

struct change {
    const char *old, *new, *what;
};

static void assert_compared(const struct change *change, bool same)
{
    char *text = with(change->old, change->new);
    struct scenario *a = parse(whole), *b = parse(text);
    struct scenario_difference difference = { "", 0 };
    if (scenario_compare(a, b, &difference) != same || scenario_same(a, b) != same ||
        scenario_same(b, a) != same)
        fail_msg("\"%s\" instead of \"%s\": expected %s", change->new, change->old,
                 same ? "the same" : change->what);
    assert_string_equal(difference.what, same ? "" : change->what);
    scenario_free(a);
    scenario_free(b);
    free(text);
}

static void what_means_the_same_is_the_same(void **state)
{
    (void)state;
    static const struct change changes[] = {
        { "# A title\n", "# A title\n\n\n", NULL },               /* lines */
        { "Romeo connects\n", "# now\nRomeo  connects\n", NULL }, /* the wording */
        { "\t<message id='1'/>\n", "\t<message\n\t\tid='1'/>\n", NULL },
        { "sends raw \"abc\" in pieces of 1", "sends raw in pieces of 1:\n\t\tabc", NULL },
        { "1 second passes", "1000 milliseconds pass", NULL },
    };
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++)
        assert_compared(&changes[i], true);
}

static void each_difference_of_the_head_is_found(void **state)
{
    (void)state;
    static const struct change changes[] = {
        { "A title", "Another title", "the title" },
        { "6121 2.1", "6121 2.2", "the tags" },
        { "## rfc: 6121 2.1\n", "", "the tags" },
        { "## rfc", "## strict\n## rfc", "the tags" },
        { "[Server] Montague", "[Server] Verona", "the settings of the servers" },
        { "features: offline", "features: carbons", "the settings of the servers" },
        { "host: capulet.lit", "host: capulet.lit\n\thost: b.lit", "the settings of the servers" },
        { "host: capulet.lit", "host: capulet.lit\n\tresources: 3", "the settings of the servers" },
        { "[Client] Juliet", "[Client] Tybalt\n\tjid: tybalt@capulet.lit\n[Client] Juliet", "the cast" },
        { "/orchard", "", "the cast" },
        { "password: secret", "password: secrets", "the cast" },
        { "password: secret", "tls: no\n\tpassword: secret", "the cast" },
        { "[Account] nurse", "[Account] peter", "the accounts" },
        { "[Account] nurse@capulet.lit\n\tpassword: secret\n", "", "the accounts" },
        { "[Account] nurse@capulet.lit\n", "[Account] nurse@capulet.lit\n\taccount: disabled\n",
          "the accounts" },
        { "\tjuliet@capulet.lit: both, name", "\tjuliet@capulet.lit: from, name", "the rosters" },
        { "name \"Juliet\"", "name \"\"", "the rosters" },
        { "\"Friends\"", "\"Friends\", group \"a\"", "the rosters" },
        { "\"Friends\"", "\"Friend\"", "the rosters" },
        { "\ttybalt@capulet.lit\n", "\ttybalt@capulet.lit/hall\n", "the block lists" },
        { "\ttybalt@capulet.lit\n", "\ttybalt@capulet.lit\n\tnurse@capulet.lit\n", "the block lists" },
    };
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++)
        assert_compared(&changes[i], false);
}

static void each_difference_of_a_step_is_found(void **state)
{
    (void)state;
    static const struct change changes[] = {
        { "Romeo connects", "Juliet connects", "a step" },
        { "Romeo connects", "Romeo disconnects", "a step" },
        { "Romeo connects\n", "", "a step" },
        { "1 second passes\n", "", "a step" },
        { "1 second passes\n", "1 second passes\n1 second passes\n", "a step" },
        { "1 second passes", "2 seconds pass", "a step" },
        { "<body>Hist!", "<body> Hist!", "a step" },
        { "<body>Hist!</body>", "<body>Hist!</body> ", "a step" }, /* white space that is sent */
        { "<message id='1'/>", "<message id='2'/>", "a step" },
        { "<message id='1'/>", "<message id='1' to='a'/>", "a step" },
        { "<message id='1'/>", "<message xmlns='a' id='1'/>", "a step" },
        { "<message id='1'/>", "<message id='1'/>\n\t<presence/>", "a step" },
        { "\"abc\"", "\"abd\"", "a step" },
        { "\"abc\"", "\"a\\x00c\"", "a step" },
        { "pieces of 1", "pieces of 2", "a step" },
        { "\tJuliet disconnects\n", "", "a step" },
        { "lang: de", "lang: unset", "a step" },
        { "\tlang: de\n", "", "a step" },
        { "is:\n\tjuliet@capulet.lit: both", "is:\n\tjuliet@capulet.lit: to", "a step" },
        { "list is:\n\ttybalt@capulet.lit", "list is:\n\tnurse@capulet.lit", "a step" },
    };
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++)
        assert_compared(&changes[i], false);
}

static void a_different_step_is_named_by_its_line(void **state)
{
    (void)state;
    struct scenario *a = parse("[Client] Romeo\n\tjid: romeo@a.lit\n---\nRomeo connects\n"
                               "at the same time:\n\tRomeo binds\n");
    struct scenario *b = parse("[Client] Romeo\n\tjid: romeo@a.lit\n---\nRomeo connects\n"
                               "at the same time:\n\tRomeo disconnects\n");
    struct scenario_difference difference;
    assert_false(scenario_compare(a, b, &difference));
    assert_int_equal(difference.line, 6);
    assert_false(scenario_same_steps(a->steps, b->steps));
    assert_true(scenario_same_steps(a->steps, a->steps));
    scenario_free(a);
    scenario_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_means_the_same_is_the_same),
        cmocka_unit_test(each_difference_of_the_head_is_found),
        cmocka_unit_test(each_difference_of_a_step_is_found),
        cmocka_unit_test(a_different_step_is_named_by_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
