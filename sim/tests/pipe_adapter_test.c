/* What an adapter says of itself, and the processes that are kept. */
#include "../kinds/pipe_adapter.h"

#include "pipe_script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct pipe_adapter adapter_of(const char *hello, const char *after)
{
    struct text script = { 0 };
    if (hello != NULL)
        script_frame(&script, hello);
    return (struct pipe_adapter){ .command = script_command(&script, after),
                                  .patience = PIPE_PATIENCE,
                                  .hello_patience = PIPE_PATIENCE };
}

static void free_adapter(struct pipe_adapter *adapter)
{
    pipe_adapter_close(adapter);
    free(adapter->command);
}

static void opens(const char *hello, enum pipe_life life)
{
    struct text problem = { 0 };
    struct pipe_adapter adapter = adapter_of(hello, SCRIPT_WAITS);
    assert_true(pipe_adapter_open(&adapter, &problem));
    assert_int_equal(adapter.life, life);
    assert_int_equal(problem.length, 0);
    free_adapter(&adapter);
}

static void does_not_open(const char *hello, const char *what, const char *words)
{
    struct text problem = { 0 };
    struct pipe_adapter adapter = adapter_of(hello, SCRIPT_WAITS);
    assert_false(pipe_adapter_open(&adapter, &problem));
    assert_int_equal(strncmp(problem.bytes, what, strlen(what)), 0);
    assert_non_null(strstr(problem.bytes, words));
    text_free(&problem);
    free_adapter(&adapter);
}

static void there_are_three_lives(void **state)
{
    (void)state;
    opens("hello once Server 1.0", PIPE_ONCE);
    opens("hello again Server", PIPE_AGAIN);
    opens("hello fork Server\ntls\nsm\n", PIPE_FORK);
}

static void capabilities_are_lines(void **state)
{
    (void)state;
    struct text problem = { 0 };
    struct pipe_adapter adapter = adapter_of("hello once Server\nsm\nlimits:depth", SCRIPT_WAITS);
    assert_true(pipe_adapter_open(&adapter, &problem));
    assert_true(capabilities_have(adapter.has, CAPABILITY_SM));
    assert_true(capabilities_have(adapter.has, CAPABILITY_LIMITS_DEPTH));
    assert_false(capabilities_have(adapter.has, CAPABILITY_TLS));
    free_adapter(&adapter);
}

static void another_first_message_is_nonsense(void **state)
{
    (void)state;
    does_not_open("hello", PIPE_BABBLES, "its first message is not");
    does_not_open("hello twice Server", PIPE_BABBLES, "its first message is not");
    does_not_open("hello once", PIPE_BABBLES, "its first message is not");
    does_not_open("idle never", PIPE_BABBLES, "its first message is not");
    does_not_open("hello once Server\ntelepathy\n", PIPE_BABBLES, "that does not exist: telepathy");
    does_not_open("hello once Server\n\n", PIPE_BABBLES, "that does not exist");
    does_not_open("hello once Server\nviews\n", PIPE_BABBLES, "that it cannot have");
    does_not_open("hello once Server\nmemory\n", PIPE_BABBLES, "that it cannot have");
}

static void silence_is_a_failure(void **state)
{
    (void)state;
    struct text problem = { 0 };
    struct pipe_adapter adapter = adapter_of(NULL, "sleep 1000");
    adapter.hello_patience = 100000000;
    assert_false(pipe_adapter_open(&adapter, &problem));
    assert_non_null(strstr(problem.bytes, PIPE_HANGS));
    assert_non_null(strstr(problem.bytes, "nothing came on descriptor 3; standard output is not read"));
    text_free(&problem);
    free_adapter(&adapter);
}

/* The second process is the first, if it may be used again. */
static bool is_used_again(const char *hello)
{
    struct text problem = { 0 };
    struct pipe_seat seat;
    struct pipe_adapter adapter = adapter_of(hello, SCRIPT_WAITS);
    assert_true(pipe_adapter_open(&adapter, &problem));
    assert_null(pipe_adapter_take(&adapter, &seat, &problem));
    const pid_t first = seat.process->leader;
    pipe_adapter_leave(&adapter, &seat);
    assert_null(pipe_adapter_take(&adapter, &seat, &problem));
    const bool again = seat.process->leader == first;
    pipe_adapter_leave(&adapter, &seat);
    text_free(&problem);
    free_adapter(&adapter);
    return again;
}

static void a_process_is_used_again_if_it_says_so(void **state)
{
    (void)state;
    assert_true(is_used_again("hello again Server"));
    assert_true(is_used_again("hello fork Server"));
    assert_false(is_used_again("hello once Server"));
}

static void an_adapter_does_not_change(void **state)
{
    (void)state;
    struct text problem = { 0 };
    struct pipe_seat seat;
    struct pipe_adapter adapter = adapter_of("hello once Server\nsm\n", SCRIPT_WAITS);
    assert_true(pipe_adapter_open(&adapter, &problem));
    adapter.has = (struct capabilities){ 0 };
    assert_string_equal(pipe_adapter_take(&adapter, &seat, &problem), PIPE_BABBLES);
    assert_non_null(strstr(problem.bytes, "something else of itself than before"));
    text_free(&problem);
    free_adapter(&adapter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_are_three_lives),
        cmocka_unit_test(capabilities_are_lines),
        cmocka_unit_test(another_first_message_is_nonsense),
        cmocka_unit_test(silence_is_a_failure),
        cmocka_unit_test(a_process_is_used_again_if_it_says_so),
        cmocka_unit_test(an_adapter_does_not_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
