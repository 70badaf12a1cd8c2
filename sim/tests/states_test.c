/* States that are distinguished, and those that are not. */
#include "../world/states.h"

#include "../checks/presence_model.h"
#include "../player/scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* ---- The set ---- */

static void what_was_added_is_there(void **state)
{
    (void)state;
    enum { MANY = 100000 };
    struct states states = { 0 };
    for (uint64_t i = 0; i < MANY; i++)
        assert_true(states_add(&states, (struct state){ i % 7, i }));
    assert_int_equal(states.count, MANY);
    for (uint64_t i = 0; i < MANY; i++)
        assert_false(states_add(&states, (struct state){ i % 7, i }));
    assert_int_equal(states.count, MANY);
    states_free(&states);
    assert_int_equal(states.count, 0);
}

static void both_halves_count(void **state)
{
    (void)state;
    struct states states = { 0 };
    assert_true(states_add(&states, (struct state){ 1, 2 }));
    assert_true(states_add(&states, (struct state){ 2, 2 }));
    assert_true(states_add(&states, (struct state){ 1, 3 }));
    assert_false(states_add(&states, (struct state){ 2, 2 }));
    states_free(&states);
}

static void a_hash_of_zero_is_one_too(void **state)
{
    (void)state;
    struct states states = { 0 };
    assert_true(states_add(&states, (struct state){ 0, 0 }));
    assert_false(states_add(&states, (struct state){ 0, 0 }));
    assert_int_equal(states.count, 1);
    states_free(&states);
}

/* ---- Hashes of descriptions ---- */

static struct state state_of(void (*more)(struct description *description, const void *host),
                             const void *host)
{
    struct world *world = world_new(CHOICE_SCRIPTED, 0, NULL);
    const struct state state = scene_state(&(struct scene){ .world = world }, more, host);
    world_free(world);
    return state;
}

static bool same(struct state a, struct state b)
{
    return a.high == b.high && a.low == b.low;
}

/* Lines in the order of the letters, as a set between two others. */
static void write_lines(struct description *description, const void *host)
{
    describe_line(description, "first");
    describe_in(description);
    const size_t begun = describe_begin_set(description);
    for (const char *letter = host; *letter != '\0'; letter++) {
        describe_line(description, "%c", *letter);
        describe_string(description, "lines", "a\nb");
    }
    describe_end_set(description, begun);
    describe_out(description);
    describe_line(description, "last");
}

static void the_lines_of_a_set_are_in_no_order(void **state)
{
    (void)state;
    assert_true(same(state_of(write_lines, "abc"), state_of(write_lines, "cab")));
    assert_true(same(state_of(write_lines, ""), state_of(write_lines, "")));
    assert_false(same(state_of(write_lines, "abc"), state_of(write_lines, "ab")));
    assert_false(same(state_of(write_lines, "ab"), state_of(write_lines, "abb")));
    assert_false(same(state_of(write_lines, ""), state_of(write_lines, "a")));
}

static void write_long(struct description *description, const void *host)
{
    describe_line(description, "%s", (const char *)host);
    describe_bytes(description, "bytes", "\0`\\\x7f", 4);
}

/* However long a line is. */
static void nothing_is_cut_off(void **state)
{
    (void)state;
    char longer[2000];
    memset(longer, 'x', sizeof longer);
    longer[sizeof longer - 1] = '\0';
    const struct state whole = state_of(write_long, longer);
    longer[sizeof longer - 2] = 'y';
    assert_false(same(whole, state_of(write_long, longer)));
}

/* ---- Memory of the checks ---- */

static void write_model(struct description *description, const void *host)
{
    const size_t begun = describe_begin_set(description);
    describe_line(description, "rights");
    presence_model_describe(description, host);
    describe_end_set(description, begun);
}

static const char romeo[] = "romeo@localhost/orchard";
static const char juliet[] = "juliet@localhost/balcony";
static const char nurse[] = "nurse@localhost/house";

static bool nobody_is_bound(const void *host, const char *full_jid)
{
    (void)host;
    (void)full_jid;
    return false;
}

static bool everybody_is_bound(const void *host, const char *full_jid)
{
    (void)host;
    (void)full_jid;
    return true;
}

static void presence_rights_are_the_same_in_whatever_order_they_came(void **state)
{
    (void)state;
    struct presence_model one = { 0 }, other = { 0 };
    presence_model_direct(&one, romeo, juliet, true);
    presence_model_direct(&one, nurse, juliet, true);
    presence_model_direct(&other, nurse, juliet, true);
    assert_false(same(state_of(write_model, &one), state_of(write_model, &other)));
    presence_model_direct(&other, romeo, juliet, true);
    assert_true(same(state_of(write_model, &one), state_of(write_model, &other)));
    presence_model_free(&one);
    presence_model_free(&other);
}

/* Only whether an epoch is past matters, not its age. */
static void of_the_epochs_only_the_last_counts(void **state)
{
    (void)state;
    struct presence_model model = { 0 };
    presence_model_direct(&model, romeo, juliet, true);
    const struct state allowed = state_of(write_model, &model);
    presence_model_quiet(&model, nobody_is_bound, NULL);
    const struct state past = state_of(write_model, &model);
    assert_false(same(allowed, past));
    presence_model_quiet(&model, everybody_is_bound, NULL);
    assert_true(same(past, state_of(write_model, &model)));
    presence_model_free(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_added_is_there),
        cmocka_unit_test(both_halves_count),
        cmocka_unit_test(a_hash_of_zero_is_one_too),
        cmocka_unit_test(the_lines_of_a_set_are_in_no_order),
        cmocka_unit_test(nothing_is_cut_off),
        cmocka_unit_test(presence_rights_are_the_same_in_whatever_order_they_came),
        cmocka_unit_test(of_the_epochs_only_the_last_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
