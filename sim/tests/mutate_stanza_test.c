/* Mutations of stanzas: they fit, they are determined, and they keep what is well-formed and the events in it. */
#include "../fuzz/mutate_stanza.h"
#include "../text.h"
#include "../xml/xml.h"
#include "mutate_rig.h"

#include <stdio.h>

enum { SEEDS = 3000 };

/* As in a target: the first byte is no text; 0x01 and 0x0e are events, and 0x02 is one with the byte behind it. */
static const struct mutator with_events = {
    .mutate = mutate_stanza,
    .options = 1,
    .alone = "\x01\x0E",
    .alone_count = 2,
    .paired = "\x02",
    .paired_count = 1,
};
static const struct mutator plain = { .mutate = mutate_stanza, .alone = "", .paired = "" };
const struct mutator fuzz_mutator = { .mutate = mutate_stanza, .alone = "", .paired = "" };

static const char stanzas[] =
    "<presence><priority>5</priority></presence>"
    "<message to='juliet@localhost' type=\"chat\" id = 'm1'><body>a &lt; b</body><x xmlns='urn:x'/></message>"
    "<iq type='set' id='r1'><query xmlns='jabber:iq:roster'><item jid='nurse@example.com' name='it&apos;s'>"
    "<group>g</group></item></query></iq>";

/* ---- What they keep ---- */

/* The bytes without events and without the options, in an element. */
static char *inside_an_element(const struct mutator *how, const uint8_t *bytes, size_t size)
{
    struct text text = { 0 };
    text_string(&text, "<w>");
    for (size_t i = how->options; i < size; i++) {
        const char byte = (char)bytes[i];
        if (memchr(how->paired, byte, how->paired_count) != NULL)
            i++;
        else if (memchr(how->alone, byte, how->alone_count) == NULL)
            text_append(&text, &byte, 1);
    }
    text_string(&text, "</w>");
    return text_take(&text);
}

static void assert_well_formed(const struct mutator *how, const uint8_t *bytes, size_t size)
{
    const char *problem;
    int line;
    char *text = inside_an_element(how, bytes, size);
    struct xml *element = xml_fragment(text, strlen(text), &problem, &line);
    if (problem != NULL)
        fail_msg("%s: %s", problem, text);
    xml_free(element);
    free(text);
}

static void what_is_well_formed_stays_so(void **state)
{
    (void)state;
    size_t made = 0;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct mutated mutated = mutate_twice(&plain, stanzas, strlen(stanzas), seed, RIG_MOST);
        if (mutated.size > 0)
            assert_well_formed(&plain, mutated.bytes, mutated.size);
        made += mutated.size > 0;
        free(mutated.bytes);
    }
    assert_true(made > SEEDS * 9 / 10);
}

static void mutations_of_mutations_stay_well_formed(void **state)
{
    (void)state;
    enum { LONG = 200 };
    struct mutated mutated = mutate(&plain, stanzas, strlen(stanzas), 1, RIG_MOST);
    for (uint64_t seed = 0; seed < LONG; seed++) {
        assert_true(mutated.size > 0);
        struct mutated next = mutate_twice(&plain, (const char *)mutated.bytes, mutated.size, seed, RIG_MOST);
        if (next.size == 0) {
            free(next.bytes);
            continue;
        }
        free(mutated.bytes);
        mutated = next;
        assert_well_formed(&plain, mutated.bytes, mutated.size);
    }
    free(mutated.bytes);
}

static size_t count_pairs(const uint8_t *bytes, size_t size, uint8_t with)
{
    size_t count = 0;
    for (size_t i = 1; i + 1 < size; i++) {
        if (bytes[i] != 2)
            continue;
        i++;
        count += bytes[i] == with;
    }
    return count;
}

/* The byte behind 0x02 may look like the beginning of a tag or like a quote. */
static void events_keep_their_bytes(void **state)
{
    (void)state;
    static const char text[] = "\x03<presence/>\x02<<presence>\x02></presence>\x02'"
                               "<message to='a\x02'b' id='1'><body>x</body></message>\x02/";
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct mutated mutated = mutate_twice(&with_events, text, sizeof text - 1, seed, RIG_MOST);
        assert_true(mutated.size > 0);
        assert_int_equal(mutated.bytes[0], 3);
        assert_well_formed(&with_events, mutated.bytes, mutated.size);
        assert_true(count_pairs(mutated.bytes, mutated.size, '<') >= 1);
        assert_true(count_pairs(mutated.bytes, mutated.size, '/') >= 1);
        free(mutated.bytes);
    }
}

static void the_options_stay(void **state)
{
    (void)state;
    static const char text[] = "<<presence/>";
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct mutated mutated = mutate_twice(&with_events, text, sizeof text - 1, seed, RIG_MOST);
        assert_true(mutated.size == 0 || mutated.bytes[0] == '<');
        free(mutated.bytes);
    }
}

/* ---- What they do ---- */

/* Whether some seed makes this of the text. */
static bool some_seed_makes(const char *text, const char *wanted)
{
    bool found = false;
    for (uint64_t seed = 0; seed < UINT64_C(10) * SEEDS && !found; seed++) {
        struct mutated mutated = mutate(&plain, text, strlen(text), seed, RIG_MOST);
        found = mutated.size == strlen(wanted) && memcmp(mutated.bytes, wanted, mutated.size) == 0;
        free(mutated.bytes);
    }
    return found;
}

static void elements_are_removed_doubled_moved_and_replaced(void **state)
{
    (void)state;
    static const char text[] = "<a><b/></a><c x='1'>t</c>";
    assert_true(some_seed_makes(text, "<a></a><c x='1'>t</c>"));
    assert_true(some_seed_makes(text, "<c x='1'>t</c>"));
    assert_true(some_seed_makes(text, "<a><b/><b/></a><c x='1'>t</c>"));
    assert_true(some_seed_makes(text, "<a><b/></a><a><b/></a><c x='1'>t</c>"));
    assert_true(some_seed_makes(text, "<a><c x='1'>t</c><b/></a>"));
    assert_true(some_seed_makes(text, "<c x='1'>t</c><a><b/></a>"));
    assert_true(some_seed_makes(text, "<a></a><c x='1'>t<b/></c>"));
    assert_true(some_seed_makes(text, "<a><c x='1'>t</c></a><c x='1'>t</c>"));
    assert_true(some_seed_makes(text, "<a><b/></a><presence/><c x='1'>t</c>"));
    assert_true(some_seed_makes(text, "<a><priority>5</priority></a><c x='1'>t</c>"));
}

static void attributes_and_texts_change_to_what_means_something(void **state)
{
    (void)state;
    static const char text[] = "<a to='x'>t</a><b to=\"it's\"/>";
    assert_true(some_seed_makes(text, "<a to='juliet@localhost'>t</a><b to=\"it's\"/>"));
    assert_true(some_seed_makes(text, "<a to='x'>t</a><b to='romeo@localhost/garden'/>"));
    assert_true(some_seed_makes(text, "<a to=\"it's\">t</a><b to=\"it's\"/>"));
    assert_true(some_seed_makes(text, "<a>t</a><b to=\"it's\"/>"));
    assert_true(some_seed_makes(text, "<a type='error' to='x'>t</a><b to=\"it's\"/>"));
    assert_true(some_seed_makes(text, "<a xmlns='urn:xmpp:ping' to='x'>t</a><b to=\"it's\"/>"));
    assert_true(some_seed_makes(text, "<a to='x'>-128</a><b to=\"it's\"/>"));
}

/* What follows or surrounds a broken element is as good as any; an end tag ends the innermost of its name. */
static void elements_are_found_beside_what_is_broken(void **state)
{
    (void)state;
    assert_true(some_seed_makes("</x><a y><b/><a", "</x><a y><b/><b/><a"));
    assert_true(some_seed_makes("<a><b><c/></a>", "<a><b></a>"));
    assert_true(some_seed_makes("<?xml version='1.0'?><!-- --><stream:stream to='a'><b/>",
                                "<?xml version='1.0'?><!-- --><stream:stream to='a'>"));
    assert_true(some_seed_makes("<<a/>", "<"));
    assert_true(some_seed_makes("<a/", "<a/<presence/>"));
}

static void nothing_becomes_a_stanza(void **state)
{
    (void)state;
    assert_true(some_seed_makes("", "<presence/>"));
}

/* ---- Bounds ---- */

static void a_mutation_fits(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        const size_t most = strlen(stanzas) + seed % 20;
        free(mutate_twice(&plain, stanzas, strlen(stanzas), seed, most).bytes);
    }
    free(mutate_twice(&with_events, "", 0, 1, 0).bytes);
}

/* Any bytes at all, and more elements, attributes and levels than are looked at. */
static void any_input_will_do(void **state)
{
    (void)state;
    struct text many = { 0 }, deep = { 0 };
    for (int i = 0; i < 200; i++) {
        text_string(&many, "<a b='' c=''/>");
        text_string(&deep, "<a>");
    }
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct choices choices;
        char bytes[64];
        static const char some[] = "<>/='\" \x01\x02\x0E"
                                   "ab?!";
        choices_init(&choices, CHOICE_SEEDED, seed);
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = some[mutator_below(&choices, sizeof some)]; /* with NUL */
        free(mutate_twice(&with_events, bytes, seed % sizeof bytes, seed, 1000).bytes);
        free(mutate_twice(&plain, many.bytes, many.length, seed, RIG_MOST).bytes);
        free(mutate_twice(&plain, deep.bytes, deep.length, seed, RIG_MOST).bytes);
    }
    text_free(&many);
    text_free(&deep);
}

/* ---- The entry ---- */

/* Without libFuzzer there is no other mutation. */
static void the_entry_mutates_half_of_the_time(void **state)
{
    (void)state;
    size_t changed = 0;
    for (unsigned seed = 0; seed < 1000; seed++) {
        uint8_t bytes[1000] = "<presence/>";
        const size_t size = LLVMFuzzerCustomMutator(bytes, 11, sizeof bytes, seed);
        changed += size != 11 || memcmp(bytes, "<presence/>", 11) != 0;
    }
    assert_in_range(changed, 400, 600);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_well_formed_stays_so),
        cmocka_unit_test(mutations_of_mutations_stay_well_formed),
        cmocka_unit_test(events_keep_their_bytes),
        cmocka_unit_test(the_options_stay),
        cmocka_unit_test(elements_are_removed_doubled_moved_and_replaced),
        cmocka_unit_test(attributes_and_texts_change_to_what_means_something),
        cmocka_unit_test(elements_are_found_beside_what_is_broken),
        cmocka_unit_test(nothing_becomes_a_stanza),
        cmocka_unit_test(a_mutation_fits),
        cmocka_unit_test(any_input_will_do),
        cmocka_unit_test(the_entry_mutates_half_of_the_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
