#include "../scenario_print.h"

#include "../stage.h"
#include "../suite.h"
#include "../text.h"
#include "scenario_reading.h"
#include "scenario_same.h"

/* ---- Every scenario that there is ---- */

/* A step's line may be another wording of the same. */
static void keep_line(void *host, const char *line, size_t length)
{
    const char *who = strchr(line, ' ');
    assert_non_null(who);
    if (strncmp(who, " step ", strlen(" step ")) != 0)
        text_append(host, line, length);
}

static char *trace_of(const struct scenario *scenario)
{
    struct text trace = { 0 };
    struct stage_options options = {
        .policy = CHOICE_SEEDED, .seed = 1, .trace = keep_line, .trace_host = &trace
    };
    struct stage_result result;
    stage_play(scenario, &options, &result);
    stage_result_free(&result);
    return text_take(&trace);
}

static struct scenario *read_again(const struct scenario *scenario, const char *printed)
{
    struct complaints complaints;
    struct scenario *again =
        scenario_parse(scenario->path, printed, strlen(printed), NULL, NULL, &complaints);
    print_complaints(&complaints);
    if (again == NULL)
        fail_msg("%s: this cannot be read:\n%s", scenario->name, printed);
    return again;
}

static void assert_survives_printing(const struct scenario *scenario)
{
    char *printed = scenario_print(scenario);
    struct scenario *again = read_again(scenario, printed);
    assert_same_scenario(scenario, again);
    char *twice = scenario_print(again);
    assert_string_equal(printed, twice);
    free(twice);
    free(printed);
    scenario_free(again);
}

static void assert_plays_the_same(const struct scenario *scenario)
{
    char *printed = scenario_print(scenario);
    struct scenario *again = read_again(scenario, printed);
    char *before = trace_of(scenario), *after = trace_of(again);
    if (strcmp(before, after) != 0)
        fail_msg("%s plays another trace when it is printed", scenario->name);
    free(before);
    free(after);
    free(printed);
    scenario_free(again);
}

static void load_all(struct suite *suite)
{
    static const char *const paths[] = { "scenarios" };
    assert_true(suite_load(suite, paths, 1, stderr));
    assert_true(suite->count > 0);
}

static void every_scenario_is_read_back_as_the_same_tree(void **state)
{
    (void)state;
    struct suite suite;
    load_all(&suite);
    for (size_t i = 0; i < suite.count; i++)
        assert_survives_printing(suite.scenarios[i]);
    suite_free(&suite);
}

static void every_scenario_plays_the_same_once_printed(void **state)
{
    (void)state;
    struct suite suite;
    load_all(&suite);
    for (size_t i = 0; i < suite.count; i++)
        assert_plays_the_same(suite.scenarios[i]);
    suite_free(&suite);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_scenario_is_read_back_as_the_same_tree),
        cmocka_unit_test(every_scenario_plays_the_same_once_printed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
