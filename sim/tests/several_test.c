#include "../verbs/several.h"

#include "liar_rig.h"

/* Two cases on two servers: our core, and one that loses a message. */
static const char *const texts[] = {
    CAST "Romeo connects\n",
    CAST BOTH "Romeo sends:\n\t<message to='juliet@localhost/balcony'/>\nJuliet receives:\n\t<message/>\n",
    CAST BOTH "Romeo is connected\n",
};
enum { CASES = sizeof texts / sizeof texts[0] };

static struct scenario *scenario_of(void *host, size_t index, uint64_t *seed)
{
    (void)host;
    *seed = 7;
    return read_scenario(texts[index]);
}

struct told {
    size_t cases, ends_after;
    bool answers;
    struct several_counts counts[2];
};

static bool tell(void *host, size_t index, const struct several_result *results)
{
    struct told *told = host;
    assert_int_equal(index, told->cases);
    for (size_t i = 0; i < 2; i++) {
        const bool ran = results[i].verdict != RESULT_SKIPPED;
        several_count(&told->counts[i], &results[i]);
        if (ran)
            assert_int_equal(strstr(results[i].answers, "step Romeo connects") != NULL, told->answers);
        assert_int_equal(results[i].summary != NULL, results[i].verdict == RESULT_FAILED);
        assert_int_equal(results[i].cause != NULL, results[i].verdict == RESULT_FAILED);
    }
    return ++told->cases < told->ends_after;
}

static void run_them(struct told *told, size_t jobs)
{
    const struct server_list servers = { .kinds = { &server_core, &liar_shut }, .count = 2 };
    lie = (struct lie){ .to = JULIET, .swallow = "<message" };
    several_run(&(struct several){ .servers = &servers,
                                   .count = CASES,
                                   .jobs = jobs,
                                   .policy = CHOICE_SCRIPTED,
                                   .answers = told->answers,
                                   .scenario = scenario_of,
                                   .release = scenario_free,
                                   .tell = tell,
                                   .host = told });
    lie = (struct lie){ 0 };
}

static void each_case_is_run_on_each_server(void **state)
{
    (void)state;
    for (size_t jobs = 0; jobs < 3; jobs++) {
        struct told told = { .ends_after = CASES + 1, .answers = jobs != 1 };
        run_them(&told, jobs);
        assert_int_equal(told.cases, CASES);
        assert_int_equal(told.counts[0].passed, 3);
        assert_int_equal(told.counts[0].failed, 0);
        assert_int_equal(told.counts[1].passed, 1);
        assert_int_equal(told.counts[1].failed, 1);
        assert_int_equal(told.counts[1].skipped, 1);
    }
}

static void the_host_may_end_it(void **state)
{
    (void)state;
    struct told told = { .ends_after = 1, .answers = true };
    run_them(&told, 0);
    assert_int_equal(told.cases, 1);
}

static void counts_become_a_line(void **state)
{
    (void)state;
    const struct {
        struct several_result result;
        const char *line;
    } steps[] = {
        { { .verdict = RESULT_PASSED }, "core: 1 passed, 0 failed\n" },
        { { .verdict = RESULT_FAILED }, "core: 1 passed, 1 failed\n" },
        { { .verdict = RESULT_SKIPPED, .skipped = "views" },
          "core: 1 passed, 1 failed, 1 skipped (1 views)\n" },
        { { .verdict = RESULT_SKIPPED, .skipped = "tls" },
          "core: 1 passed, 1 failed, 2 skipped (1 views, 1 tls)\n" },
        { { .verdict = RESULT_SKIPPED, .skipped = "views" },
          "core: 1 passed, 1 failed, 3 skipped (2 views, 1 tls)\n" },
    };
    struct several_counts counts = { 0 };
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        char *line = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&line, &size);
        several_count(&counts, &steps[i].result);
        several_print_counts(out, &server_core, &counts);
        fclose(out);
        assert_string_equal(line, steps[i].line);
        free(line);
    }
}

/* ---- The option --server ---- */

static void each_server_is_named_once(void **state)
{
    (void)state;
    struct server_list list = { .count = 0 };
    char name[32];
    assert_null(server_list_take(&list, "core"));
    assert_null(server_list_take(&list, "core:outside"));
    assert_string_equal(server_list_take(&list, "core"), "each server once");
    assert_string_equal(server_list_take(&list, "moon"), SERVER_KINDS);
    assert_int_equal(list.count, 2);
    assert_ptr_equal(list.kinds[0], &server_core);
    for (size_t i = 2; i < SERVER_LIST_MOST; i++) {
        (void)snprintf(name, sizeof name, "pipe:./server-%zu", i);
        assert_null(server_list_take(&list, name));
    }
    assert_string_equal(server_list_take(&list, "pipe:./another"), "at most 16 servers");
}

static void too_few_servers_are_an_error(void **state)
{
    (void)state;
    struct server_list list = { .kinds = { &server_core }, .count = 1 };
    char *said = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&said, &size);
    assert_true(server_list_open("matrix", &list, 1, out));
    assert_false(server_list_open("compare", &list, 2, out));
    fclose(out);
    assert_string_equal(
        said, "rehearse compare: expected --server KIND at least twice; see `rehearse help compare`\n");
    free(said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_case_is_run_on_each_server),
        cmocka_unit_test(the_host_may_end_it),
        cmocka_unit_test(counts_become_a_line),
        cmocka_unit_test(each_server_is_named_once),
        cmocka_unit_test(too_few_servers_are_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
