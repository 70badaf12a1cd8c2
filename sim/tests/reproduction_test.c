#include "../shrink/reproduction.h"

#include "../kinds/server_kinds.h"
#include "../shrink/shrinker.h"
#include "reproduction_rig.h"

#include <signal.h>

static bool begins(struct reproduction *reproduction, const char *text)
{
    struct scenario *scenario = read_scenario(text);
    bool fails = reproduction_begin(reproduction, scenario);
    scenario_free(scenario);
    return fails;
}

static bool recurs(struct reproduction *reproduction, const char *text)
{
    struct scenario *scenario = read_scenario(text);
    bool fails = reproduction_in(reproduction, scenario);
    scenario_free(scenario);
    return fails;
}

/* ---- Tags ---- */

static bool has_chance(const char *tags, struct chance *chance)
{
    struct text text = { 0 };
    text_string(&text, tags);
    text_string(&text, CAST "Romeo connects\n");
    struct scenario *scenario = read_scenario(text.bytes);
    const bool good = chance_of_tags(scenario, chance);
    scenario_free(scenario);
    text_free(&text);
    return good;
}

static void tags_say_how_choices_are_made(void **state)
{
    (void)state;
    struct chance chance;
    assert_true(has_chance("", &chance));
    assert_int_equal(chance.policy, CHOICE_SCRIPTED);
    assert_true(has_chance("## seed: 7\n", &chance));
    assert_int_equal(chance.policy, CHOICE_SEEDED);
    assert_int_equal(chance.seed, 7);
    assert_true(has_chance("## seed: 7\n## choices: 1:ties 1/2\n", &chance));
    assert_int_equal(chance.policy, CHOICE_RECORDED);
    assert_int_equal(chance.recording.count, 2);
    recording_free(&chance.recording);
}

/* ---- Causes ---- */

#define COMES_IN_ALONE                                                                                       \
    "## checks only\n[Client] Romeo\n\tjid: romeo@localhost\n---\n"                                          \
    "Romeo connects\nRomeo sends:\n\t<presence/>\n"

static void a_failure_is_the_same_when_its_check_is(void **state)
{
    (void)state;
    struct reproduction reproduction = { .kind = &liar_open };
    lie = loses_presence;
    assert_true(begins(&reproduction, COMES_IN));
    assert_string_equal(reproduction.cause, "everybody-is-seen");
    assert_true(reproduction.check);
    assert_false(reproduction.apart);
    assert_non_null(strstr(reproduction.summary, "Juliet does not see"));
    assert_false(recurs(&reproduction, COMES_IN_ALONE));
    lie.to = 0;
    assert_true(recurs(&reproduction, COMES_IN_ALONE));
    assert_non_null(strstr(reproduction.summary, "Romeo does not see"));
    lie = (struct lie){ .to = 0, .seen = "<presence", .add = "<presence from='tybalt@localhost/x'/>" };
    assert_false(recurs(&reproduction, COMES_IN_ALONE)); /* it fails, of another check */
    reproduction_free(&reproduction);
}

static void what_passes_cannot_fail_again(void **state)
{
    (void)state;
    struct reproduction reproduction = { .kind = NULL };
    assert_false(begins(&reproduction, COMES_IN));
    assert_null(reproduction.cause);
    reproduction_free(&reproduction);
}

static void a_sentence_is_the_same_without_what_differs(void **state)
{
    (void)state;
    struct reproduction reproduction = { .kind = NULL };
    assert_true(begins(&reproduction, CAST "Romeo connects\nRomeo's priority is 5\n"));
    assert_false(reproduction.check);
    assert_true(recurs(&reproduction, CAST "Romeo connects\nRomeo's priority is 7\n"));
    assert_false(recurs(&reproduction, CAST "Romeo connects\nRomeo is not connected\n"));
    reproduction_free(&reproduction);
}

static bool is_late(void *host)
{
    return *(bool *)host;
}

static void when_it_is_late_nothing_happens_again(void **state)
{
    (void)state;
    bool late = false;
    struct reproduction reproduction = { .kind = &liar_open, .late = is_late, .host = &late };
    lie = loses_presence;
    assert_true(begins(&reproduction, COMES_IN));
    assert_true(recurs(&reproduction, COMES_IN));
    uint64_t runs = reproduction.runs;
    late = true;
    assert_false(recurs(&reproduction, COMES_IN));
    assert_int_equal(reproduction.runs, runs);
    reproduction_free(&reproduction);
}

/* ---- Failures that end the process ---- */

static void die(struct core *core)
{
    (void)core;
    raise(SIGKILL);
}

static void a_process_that_dies_fails_and_does_not_affect_others(void **state)
{
    (void)state;
    struct reproduction reproduction = { .kind = &liar_open };
    lie = (struct lie){ .to = 1, .seen = "<presence", .spoil = die };
    assert_true(begins(&reproduction, COMES_IN));
    assert_true(reproduction.apart);
    assert_non_null(strstr(reproduction.summary, "crash: Killed"));
    assert_false(recurs(&reproduction, COMES_IN_ALONE));
    assert_true(recurs(&reproduction, COMES_IN));
    reproduction_free(&reproduction);
}

/* ---- Chance ---- */

static void where_the_default_schedule_fails_no_seed_is_kept(void **state)
{
    (void)state;
    struct reproduction reproduction = { .kind = &liar_open,
                                         .chance = { .policy = CHOICE_SEEDED, .seed = 99 } };
    lie = loses_presence;
    assert_true(begins(&reproduction, COMES_IN));
    assert_int_equal(reproduction.chance.policy, CHOICE_SEEDED);
    assert_true(recurs(&reproduction, COMES_IN));
    assert_int_equal(reproduction.chance.policy, CHOICE_SCRIPTED);
    uint64_t runs = reproduction.runs;
    assert_false(recurs(&reproduction, COMES_IN_ALONE));
    assert_int_equal(reproduction.runs, runs + 1); /* nothing but the default schedule is tried any more */
    reproduction_free(&reproduction);
}

static void a_step_that_fails_by_chance_alone_still_passes_in_the_default_schedule(void **state)
{
    (void)state;
    struct reproduction reproduction = { .chance = { .policy = CHOICE_SEEDED, .seed = find_seed(RACE) } };
    assert_true(begins(&reproduction, RACE));
    assert_true(reproduction.by_chance);
    assert_true(recurs(&reproduction, RACE));
    assert_int_equal(reproduction.chance.policy, CHOICE_SEEDED);
    /* This one fails of the same sentence whatever chance does. */
    assert_false(recurs(&reproduction, "## strict\n" CAST "Romeo connects\nRomeo sends:\n"
                                       "\t<message to='romeo@localhost/orchard'/>\nRomeo receives:\n"
                                       "\t<message><body>one</body></message>\n"));
    reproduction_free(&reproduction);
}

/* ---- All of it ---- */

static bool still_fails(void *host, const struct scenario *candidate)
{
    return reproduction_in(host, candidate);
}

static void what_a_wrong_server_does_shrinks_to_what_shows_it(void **state)
{
    (void)state;
    static const char text[] =
        "## checks only\n[Server]\n\tkeepalive: ping\n" FRIENDS CAST
        "Romeo connects\nJuliet connects\nAt the same time:\n\tRomeo sends:\n\t\t<presence/>\n\tJuliet "
        "sends:\n"
        "\t\t<presence><show>away</show></presence>\nJuliet sends:\n\t<message to='romeo@localhost'/>\n"
        "5 minutes pass\nRomeo disconnects\n";
    struct reproduction reproduction = { .kind = &liar_open,
                                         .chance = { .policy = CHOICE_SEEDED, .seed = 5 } };
    lie = (struct lie){ .to = 0, .swallow = "<presence" };
    assert_true(begins(&reproduction, text));
    char *left = shrinker_reduce(&(struct shrinker){ "test.scs", still_fails, &reproduction, NULL }, text);
    /* The remaining client is the first to connect. */
    assert_string_equal(left, "## checks only\n\n[Client] Juliet\n\tjid: juliet@localhost\n\n---------\n\n"
                              "Juliet connects\n\nJuliet sends:\n\t<presence/>\n");
    assert_int_equal(reproduction.chance.policy, CHOICE_SCRIPTED);
    free(left);
    reproduction_free(&reproduction);
}

/* ---- Two servers ---- */

static void a_failure_on_both_servers_is_none_of_one(void **state)
{
    (void)state;
    struct reproduction alone = { .kind = &liar_open, .other = &server_core };
    struct reproduction both = { .kind = &liar_open, .other = &liar_open };
    lie = loses_presence;
    assert_true(begins(&alone, COMES_IN));
    assert_true(recurs(&alone, COMES_IN));
    assert_false(recurs(&alone, "## checks only\n" CAST "Romeo connects\nJuliet connects\n"));
    assert_false(begins(&both, COMES_IN));
    reproduction_free(&alone);
    reproduction_free(&both);
    /* What the other server cannot run does not pass there. */
    struct reproduction lacks = { .kind = &liar_open, .other = &liar_shut };
    lie = (struct lie){ .refuse = true };
    assert_false(begins(&lacks, CAST "Romeo connects\nRomeo is connected\n"));
    reproduction_free(&lacks);
    lie = (struct lie){ 0 };
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tags_say_how_choices_are_made),
        cmocka_unit_test(a_failure_is_the_same_when_its_check_is),
        cmocka_unit_test(what_passes_cannot_fail_again),
        cmocka_unit_test(a_sentence_is_the_same_without_what_differs),
        cmocka_unit_test(when_it_is_late_nothing_happens_again),
        cmocka_unit_test(a_process_that_dies_fails_and_does_not_affect_others),
        cmocka_unit_test(where_the_default_schedule_fails_no_seed_is_kept),
        cmocka_unit_test(a_step_that_fails_by_chance_alone_still_passes_in_the_default_schedule),
        cmocka_unit_test(what_a_wrong_server_does_shrinks_to_what_shows_it),
        cmocka_unit_test(a_failure_on_both_servers_is_none_of_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
