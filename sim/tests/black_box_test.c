#include "../player/black_box.h"
#include "../tool/worker_pool.h"
#include "liar.h"
#include "player_rig.h"

#include <signal.h>

#define GREETING "Romeo connects\nJuliet connects\nRomeo sends:\n\t<presence/>\nJuliet disconnects\n"

static char *explain(const struct black_box *box, const char *sentence)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    black_box_explain(out, box, sentence);
    black_box_explain_replay(out, box);
    fclose(out);
    return text;
}

static void an_empty_box_has_only_the_sentence(void **state)
{
    (void)state;
    struct black_box *box = calloc(1, sizeof *box);
    char *text = explain(box, "something happened");
    assert_string_equal(text, "  something happened\n");
    free(text);
    free(box);
}

static void a_run_leaves_its_last_step_its_last_events_and_how_to_see_it_again(void **state)
{
    (void)state;
    struct black_box *box = calloc(1, sizeof *box);
    const struct player_options options = { .box = box, .replay = "tool run test.scs" };
    struct player_result result = run_as(CAST GREETING "Romeo is not connected\n", &options);
    player_result_free(&result);
    char *text = explain(box, "it stopped");
    static const char beginning[] =
        "test.scs:13: Romeo is not connected\n  it stopped\n\n  the last lines of the trace (of ";
    assert_true(strncmp(text, beginning, sizeof beginning - 1) == 0);
    assert_non_null(strstr(text, " step Juliet disconnects\n"));
    assert_non_null(strstr(text, " Juliet > </stream:stream>\n"));
    assert_non_null(strstr(text, "\n  to reproduce:\n    tool run test.scs\n"));
    assert_int_equal(box->begun, 2); /* it began, and ended */
    assert_int_equal(box->line, 13);
    free(text);
    free(box);
}

static void after_the_last_step_it_is_at_the_end(void **state)
{
    (void)state;
    struct black_box *box = calloc(1, sizeof *box);
    struct player_result result = run_as(CAST GREETING, &(struct player_options){ .box = box });
    player_result_free(&result);
    char *text = explain(box, "it stopped");
    assert_true(strncmp(text, "test.scs: at the end\n", 21) == 0);
    free(text);
    free(box);
}

static void a_trace_is_the_same_with_a_box_and_without(void **state)
{
    (void)state;
    struct black_box *box = calloc(1, sizeof *box);
    struct player_result without = run_as(CAST GREETING, &(struct player_options){ .strict = false });
    struct player_result with = run_as(CAST GREETING, &(struct player_options){ .box = box });
    assert_true(with.trace_hash == without.trace_hash);
    player_result_free(&without);
    player_result_free(&with);
    free(box);
}

static void what_is_too_long_is_cut_and_a_command_left_out(void **state)
{
    (void)state;
    struct black_box *box = calloc(1, sizeof *box);
    char *path = calloc(1, 5001);
    memset(path, 'p', 5000);
    const struct step step = { .line = 3, .source = "Romeo connects" };
    black_box_begin(box, path, path);
    black_box_step(box, &step);
    assert_int_equal(strlen(box->path), BLACK_BOX_TEXT - 1);
    assert_string_equal(box->step, "Romeo connects");
    assert_string_equal(box->replay, "");
    free(path);
    free(box);
}

/* ---- The kind of the last event ---- */

static void assert_kind(const char *who, const char *what, const char *bytes, const char *expected)
{
    struct black_box *box = calloc(1, sizeof *box);
    struct trace *trace = trace_new(NULL, NULL);
    char kind[BLACK_BOX_KIND];
    trace_keep_in(trace, &box->tail);
    trace_line(trace, 5, who, what, bytes, strlen(bytes));
    black_box_last_kind(box, kind);
    assert_string_equal(kind, expected);
    trace_free(trace);
    free(box);
}

static void the_kind_of_an_event_contains_no_names(void **state)
{
    (void)state;
    assert_kind("Romeo", ">", "<presence to='juliet@localhost'/>", "> <presence");
    assert_kind("Juliet", "<", "<message><body>Hi</body></message>", "< <message");
    assert_kind("disk", "loaded roster", "juliet@localhost", "loaded");
    assert_kind("step", "Romeo connects", "", "step");
    assert_kind("Juliet", "resets", "", "resets");
    assert_kind("Romeo", ">", "17 bytes", ">");
}

static void where_nothing_happened_there_is_no_kind(void **state)
{
    (void)state;
    struct black_box *box = calloc(1, sizeof *box);
    char kind[BLACK_BOX_KIND] = "x";
    black_box_last_kind(box, kind);
    assert_string_equal(kind, "");
    free(box);
}

/* ---- In a process that dies ---- */

static void reach_nowhere(struct core *core)
{
    (void)core;
    (void)signal(SIGSEGV, SIG_DFL); /* the test runner has one */
    raise(SIGSEGV);
}

static void go_round(struct core *core)
{
    (void)core;
    for (volatile bool on = true; on;)
        continue;
}

static void run(void *host, size_t index, struct worker_outcome *outcome)
{
    const struct player_options options = { .kind = &liar_open,
                                            .box = outcome->box,
                                            .replay = "tool run test.scs" };
    lie = (struct lie){ .to = 0, .seen = "<presence", .spoil = index == 0 ? reach_nowhere : go_round };
    player_run(host, &options, &outcome->result);
}

static bool tell(void *host, size_t index, struct worker_outcome *outcome)
{
    static const char *const summaries[] = { "crash: Segmentation fault",
                                             "time limit: not over after 0.5 s" };
    (void)host;
    assert_true(outcome->lost);
    assert_true(strncmp(outcome->result.summary, summaries[index], strlen(summaries[index])) == 0);
    const char *text = outcome->result.explanation;
    assert_true(strncmp(text, "test.scs:10: Romeo sends:\n  ", 28) == 0);
    assert_non_null(strstr(text, "\n  the last lines of the trace (of "));
    assert_non_null(strstr(text, " Romeo > <presence/>\n"));
    assert_non_null(strstr(text, "\n  to reproduce:\n    tool run test.scs\n"));
    return true;
}

static void a_run_that_brings_its_process_down_is_explained(void **state)
{
    (void)state;
    struct scenario *scenario = read_scenario(CAST GREETING);
    worker_pool_run(&(struct worker_pool){
        .count = 2, .jobs = 2, .limit = SIM_SECOND / 2, .run = run, .tell = tell, .host = scenario });
    scenario_free(scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_box_has_only_the_sentence),
        cmocka_unit_test(a_run_leaves_its_last_step_its_last_events_and_how_to_see_it_again),
        cmocka_unit_test(after_the_last_step_it_is_at_the_end),
        cmocka_unit_test(a_trace_is_the_same_with_a_box_and_without),
        cmocka_unit_test(what_is_too_long_is_cut_and_a_command_left_out),
        cmocka_unit_test(the_kind_of_an_event_contains_no_names),
        cmocka_unit_test(where_nothing_happened_there_is_no_kind),
        cmocka_unit_test(a_run_that_brings_its_process_down_is_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
