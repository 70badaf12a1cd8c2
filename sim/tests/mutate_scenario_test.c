/* Mutations of scenarios: they fit, they are determined, and what was parsed is parsed. */
#include "../../core/tests/shallow.h"
#include "../fuzz/mutate_scenario.h"
#include "../language/scenario.h"
#include "../text.h"
#include "mutate_rig.h"

#include <stdio.h>

enum { SEEDS = 3000 };

const struct mutator fuzz_mutator = { .mutate = mutate_scenario };

static const char head[] = "# Two clients\n"
                           "[Server]\n\tfeatures: offline\n\n"
                           "[Client] Romeo\n\tjid: romeo@localhost/orchard\n\tpassword: secret\n\n"
                           "[Client] Juliet\n\tjid: juliet@localhost/balcony\n\tpassword: secret\n\n"
                           "---------\n\n";
static const char steps[] = "Romeo connects\n"
                            "Juliet connects\n\n"
                            "# A comment\n"
                            "Romeo sends:\n"
                            "\t<message to=\"${Juliet's JID}\" type=\"chat\"><body>b</body></message>\n\n"
                            "5 minutes pass\n"
                            "the next 2 saves fail\n"
                            "at the same time:\n\tRomeo disconnects\n\tJuliet sends:\n\t\t<presence/>\n"
                            "the server crashes, losing its writes";

static char *whole(const char *below)
{
    struct text text = { 0 };
    text_string(&text, head);
    text_string(&text, below);
    return text_take(&text);
}

static bool is_parsed(const char *text, size_t length)
{
    struct complaints complaints = { 0 };
    struct scenario *scenario = scenario_parse("a file", text, length, NULL, NULL, &complaints);
    scenario_free(scenario);
    return scenario != NULL;
}

static void what_was_parsed_is_parsed(void **state)
{
    (void)state;
    LONG_TEST();
    char *text = whole(steps);
    size_t made = 0;
    assert_true(is_parsed(text, strlen(text)));
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct mutated mutated = mutate_twice(&fuzz_mutator, text, strlen(text), seed, RIG_MOST);
        if (mutated.size > 0)
            assert_true(is_parsed((const char *)mutated.bytes, mutated.size));
        made += mutated.size > 0;
        free(mutated.bytes);
    }
    assert_true(made > SEEDS * 9 / 10);
    free(text);
}

static void what_is_not_parsed_has_no_mutation(void **state)
{
    (void)state;
    static const char *const texts[] = { "", "x", "[Client] Romeo\n", "\x1e<presence/>" };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct mutated mutated = mutate_twice(&fuzz_mutator, texts[i], strlen(texts[i]), i, 1000);
        assert_int_equal(mutated.size, 0);
        free(mutated.bytes);
    }
}

static void what_is_behind_the_separator_is_kept(void **state)
{
    (void)state;
    LONG_TEST();
    static const char behind[] = "\x1e\x00\x01 x\x1e";
    char *text = whole(steps);
    const size_t length = strlen(text), size = length + sizeof behind;
    char *both = malloc(size);
    assert_non_null(both);
    memcpy(both, text, length + 1);
    memcpy(both + length, behind, sizeof behind);
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct mutated mutated = mutate_twice(&fuzz_mutator, both, size, seed, RIG_MOST);
        if (mutated.size > 0)
            assert_memory_equal(mutated.bytes + mutated.size - sizeof behind, behind, sizeof behind);
        free(mutated.bytes);
    }
    free(both);
    free(text);
}

/* Whether some seed makes these steps of the others. */
static bool some_seed_makes(const char *before, const char *after)
{
    char *text = whole(before), *wanted = whole(after);
    bool found = false;
    for (uint64_t seed = 0; seed < UINT64_C(20) * SEEDS && !found; seed++) {
        struct mutated mutated = mutate(&fuzz_mutator, text, strlen(text), seed, RIG_MOST);
        found = mutated.size == strlen(wanted) && memcmp(mutated.bytes, wanted, mutated.size) == 0;
        free(mutated.bytes);
    }
    free(text);
    free(wanted);
    return found;
}

static void steps_are_removed_doubled_swapped_and_made(void **state)
{
    (void)state;
    LONG_TEST();
    static const char before[] = "Romeo connects\n# why\n5 minutes pass";
    assert_true(some_seed_makes(before, "5 minutes pass"));
    assert_true(some_seed_makes(before, "Romeo connects\n# why\n"));
    assert_true(some_seed_makes(before, "5 minutes pass\nRomeo connects\n# why\n"));
    assert_true(some_seed_makes(before, "Romeo connects\n# why\nRomeo connects\n# why\n5 minutes pass"));
    assert_true(some_seed_makes(before, "Romeo connects\n# why\n5 minutes pass\n5 minutes pass\n"));
    assert_true(some_seed_makes(before, "Romeo connects\n# why\n5 minutes pass\nJuliet's link breaks\n"));
    assert_true(
        some_seed_makes(before, "Juliet sends:\n\t<presence/>\nRomeo connects\n# why\n5 minutes pass"));
}

static void blocks_phrases_and_domains_are_made(void **state)
{
    (void)state;
    LONG_TEST();
    static const char before[] = "Romeo connects\n";
    assert_true(some_seed_makes(before, "Romeo connects\nJuliet pipelines:\n\tJuliet binds\n"));
    assert_true(some_seed_makes(before, "Romeo connects\nRomeo pipelines:\n\tRomeo resumes\n"));
    assert_true(
        some_seed_makes(before, "Romeo connects\nRomeo finishes authenticating with another nonce\n"));
    assert_true(some_seed_makes(before, "Romeo connects\nthe server routes nothing to \"localhost\"\n"));
}

static void the_words_of_a_step_change(void **state)
{
    (void)state;
    static const char before[] = "Romeo connects\n5 minutes pass\n";
    assert_true(some_seed_makes(before, "Juliet connects\n5 minutes pass\n"));
    assert_true(some_seed_makes(before, "Romeo disconnects\n5 minutes pass\n"));
    assert_true(some_seed_makes(before, "Romeo connects\n60 minutes pass\n"));
    assert_true(some_seed_makes(before, "Romeo connects\n5 hours pass\n"));
}

static void the_stanzas_of_a_step_change(void **state)
{
    (void)state;
    static const char before[] = "Romeo sends:\n\t<presence to=\"juliet@localhost\"/>\n";
    assert_true(some_seed_makes(before, "Romeo sends:\n\t<presence/>\n"));
    assert_true(some_seed_makes(before, "Romeo sends:\n\t<presence to=\"${Juliet's full JID}\"/>\n"));
    assert_true(some_seed_makes(before, "Romeo sends:\n\t<presence id='1' to=\"juliet@localhost\"/>\n"));
}

/* In the section that is there, or in one that is not. */
static void the_server_gets_settings(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "[Server]\n\ttls: none\n[Client] A\n\tjid: a@localhost\n---\nA connects\n",
        "[Client] A\n\tjid: a@localhost\n---\nA connects\n"
    };
    for (size_t i = 0; i < 2; i++) {
        bool found = false;
        for (uint64_t seed = 0; seed < SEEDS && !found; seed++) {
            struct mutated mutated = mutate(&fuzz_mutator, texts[i], strlen(texts[i]), seed, 1000);
            static const char wanted[] = "[Server]\n\tconflict: increment\n";
            found = mutated.size > strlen(wanted) && memcmp(mutated.bytes, wanted, strlen(wanted)) == 0;
            free(mutated.bytes);
        }
        assert_true(found);
    }
}

static void a_file_without_a_cast_has_steps_of_the_world(void **state)
{
    (void)state;
    static const char text[] = "[Account] a@localhost\n\tpassword: p\n---\n1 second passes\n";
    size_t made = 0;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct mutated mutated = mutate_twice(&fuzz_mutator, text, strlen(text), seed, 1000);
        if (mutated.size > 0)
            assert_true(is_parsed((const char *)mutated.bytes, mutated.size));
        made += mutated.size > 0;
        free(mutated.bytes);
    }
    assert_true(made > SEEDS / 2);
}

static void a_mutation_fits(void **state)
{
    (void)state;
    LONG_TEST();
    char *text = whole(steps);
    for (uint64_t seed = 0; seed < SEEDS; seed++)
        free(mutate_twice(&fuzz_mutator, text, strlen(text), seed, strlen(text) + seed % 20).bytes);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_parsed_is_parsed),
        cmocka_unit_test(what_is_not_parsed_has_no_mutation),
        cmocka_unit_test(what_is_behind_the_separator_is_kept),
        cmocka_unit_test(steps_are_removed_doubled_swapped_and_made),
        cmocka_unit_test(blocks_phrases_and_domains_are_made),
        cmocka_unit_test(the_words_of_a_step_change),
        cmocka_unit_test(the_stanzas_of_a_step_change),
        cmocka_unit_test(the_server_gets_settings),
        cmocka_unit_test(a_file_without_a_cast_has_steps_of_the_world),
        cmocka_unit_test(a_mutation_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
