/* The turns of a server in another process, its frames, and the trouble that its process has. */
#include "pipe_rig.h"

/* ---- Turns ---- */

/* The frames in their turns, then the others in one turn. */
static void babbles_at_once(const char *scenario, const char *const *frames, const char *const *at_once,
                            const char *words)
{
    struct text script = { 0 };
    struct text more = { 0 };
    script_frames(&script, frames);
    script_frames(&more, at_once);
    char *after = script_command(&more, SCRIPT_WAITS);
    fails_in(scenario, &script, after, PIPE_BABBLES, words);
    free(after);
}

static void a_turn_is_over_only_once(void **state)
{
    (void)state;
    babbles_at_once(OPENS, FRAMES(ONCE), FRAMES(NEVER, NEVER),
                    "it sent this when its turn was over, behind its \"idle\": idle never");
    babbles_at_once(OPENS, FRAMES(STARTED), FRAMES(NEVER, "send 1\nhm"),
                    "it sent this when its turn was over, behind its \"idle\": send 1");
    babbles_at_once(OPENS, FRAMES(STARTED), FRAMES(NEVER, "send 1\nhm"),
                    "      < idle never\n      < send 1 hm\n");
    babbles_at_once(STREAMS, FRAMES(STARTED, NEVER), FRAMES(NEVER, NEVER), "behind its \"idle\": idle never");
    babbles_at_once(OPENS, FRAMES(DISK, NEVER, NEVER), FRAMES(ASKS, "await", NEVER),
                    "it sent this when its turn was over, behind its \"await\": idle never");
}

/* No turn follows the last one: the server is told that it is over, and may take its time to end. */
static void the_last_turn_is_over_only_once(void **state)
{
    (void)state;
    struct text script = { 0 };
    struct text late = { 0 };
    babbles_at_once(OPENS, FRAMES(STARTED, NEVER), FRAMES(NEVER, NEVER), "behind its \"idle\": idle never");
    script_frames(&script, FRAMES(STARTED, NEVER, NEVER));
    script_frame(&late, NEVER);
    struct text after = { 0 };
    char *ends = script_command(&late, "exit 0");
    text_string(&after, "sleep 0.3; ");
    text_string(&after, ends);
    fails_by(&script, after.bytes, PIPE_BABBLES, "behind its \"idle\": idle never");
    text_free(&after);
    free(ends);
}

/* The second idle comes in the next turn, before that was read. */
static void a_late_end_is_not_that_of_the_next_turn(void **state)
{
    (void)state;
    struct text script = { 0 };
    struct text end = { 0 };
    struct text after = { 0 };
    script_frames(&script, FRAMES(STARTED));
    script_frame(&end, NEVER);
    char *ends = script_command(&end, "sleep 0.3; ");
    text_string(&after, ends);
    text_string(&after, ends);
    text_string(&after, SCRIPT_WAITS);
    fails_in(STREAMS, &script, after.bytes, PIPE_BABBLES,
             "it sent this behind the end of an earlier turn, before it read the next message: idle never");
    text_free(&after);
    free(ends);
}

static void nothing_is_sent_before_the_start(void **state)
{
    (void)state;
    struct text script = { 0 };
    script_frames(&script, FRAMES(ONCE, NEVER));
    char *command = script_command(&script, SCRIPT_WAITS);
    struct player_result result = run_on(command, OPENS, PIPE_PATIENCE);
    assert_non_null(result.check);
    assert_string_equal(result.check, PIPE_BABBLES);
    assert_true(tells(&result, "it sent this before it was told anything: idle never"));
    player_result_free(&result);
    free(command);
}

/* ---- Trouble of the process ---- */

static void a_death_is_told_with_its_status_and_its_log(void **state)
{
    (void)state;
    struct text script = { 0 };
    script_frames(&script, FRAMES(STARTED));
    fails_by(&script, "echo goodbye cruel world >&2; exit 3", PIPE_DIED, "it ended with status 3");
    script_frames(&script, FRAMES(STARTED));
    fails_by(&script, "echo goodbye cruel world >&2; exit 3", PIPE_DIED, "  goodbye cruel world");
    script_frames(&script, FRAMES(STARTED));
    fails_by(&script, "kill -SEGV $$", PIPE_DIED, "it was killed by signal 11");
    script_frames(&script, FRAMES(STARTED));
    fails_by(&script, "kill -KILL $$", PIPE_DIED, "it was killed by signal 9");
    script_frames(&script, FRAMES(STARTED));
    fails_by(&script, "exec 3>&-; sleep 1000", PIPE_DIED,
             "it had not ended half a second after that, and was killed then");
}

static void what_it_says_is_shown_when_a_step_fails(void **state)
{
    (void)state;
    struct text script = { 0 };
    script_frames(&script, FRAMES(STARTED, NEVER, NEVER));
    char *command = script_turns(&script, SCRIPT_WAITS);
    struct text says = { 0 };
    text_string(&says, "echo a warning >&2; ");
    text_string(&says, command);
    struct player_result result =
        run_on(says.bytes, STREAMS "Romeo receives:\n\t<message/>\n", PIPE_PATIENCE);
    assert_false(result.passed);
    assert_null(result.check);
    assert_true(tells(&result, "\n  the server's standard error:\n      a warning\n"));
    player_result_free(&result);
    text_free(&says);
    free(command);
}

static void a_turn_without_an_end_hangs(void **state)
{
    (void)state;
    struct text script = { 0 };
    script_frames(&script, FRAMES(ONCE));
    char *command = script_turns(&script, "while :; do :; done");
    struct player_result result = run_on(command, OPENS, SIM_SECOND / 5);
    assert_string_equal(result.check, PIPE_HANGS);
    assert_true(tells(&result, "its turn was not over after 0.2 s"));
    assert_true(tells(&result, "> 0 978307200000000000 start host\\tlocalhost\\n"));
    player_result_free(&result);
    free(command);
}

static void endless_messages_hang_as_well(void **state)
{
    (void)state;
    struct text script = { 0 };
    struct text more = { 0 };
    struct text loop = { 0 };
    script_frames(&script, FRAMES(ONCE));
    script_frame(&more, "random 4");
    text_string(&loop, "while :; do printf '");
    text_append(&loop, more.bytes, more.length);
    text_string(&loop, "' >&3; done");
    char *command = script_turns(&script, loop.bytes);
    text_free(&more);
    text_free(&loop);
    struct player_result result = run_on(command, OPENS, SIM_SECOND / 5);
    assert_false(result.passed);
    assert_string_equal(result.check, PIPE_HANGS);
    player_result_free(&result);
    free(command);
}

/* ---- Malformed frames ---- */

static void a_truncated_frame_is_a_death(void **state)
{
    (void)state;
    struct text script = { 0 };
    script_frames(&script, FRAMES(STARTED));
    script_length(&script, 100);
    script_bytes(&script, "idle", 4);
    fails_by(&script, "exit 0", PIPE_DIED, "4 of 100 bytes of a frame have come: idle");
    script_frames(&script, FRAMES(STARTED));
    script_bytes(&script, "\1\0", 2);
    fails_by(&script, "exit 0", PIPE_DIED, "it ended with status 0");
}

static void a_frame_that_is_too_long_takes_no_memory(void **state)
{
    (void)state;
    static const uint32_t lengths[] = { PIPE_FRAME_MOST + 1, INT32_MAX, UINT32_MAX };
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        struct text script = { 0 };
        script_frames(&script, FRAMES(STARTED));
        script_length(&script, lengths[i]);
        fails_by(&script, SCRIPT_WAITS, PIPE_BABBLES, "a frame is longer than");
    }
}

static void a_header_is_words_with_single_blanks(void **state)
{
    (void)state;
    babbles(FRAMES(STARTED, ""), "a frame of 0 bytes is empty");
    babbles(FRAMES(STARTED, "\npayload"), "a frame of 8 bytes is empty");
    babbles(FRAMES(STARTED, " idle never"), "has other than single blanks between its words:  idle never");
    babbles(FRAMES(STARTED, "idle  never"), "has other than single blanks between its words: idle  never");
    babbles(FRAMES(STARTED, "idle never "), "has other than single blanks between its words: idle never ");
    babbles(FRAMES(STARTED, "1 2 3 4 5 6 7 8 9"),
            "the header of a frame of 17 bytes has more than 8 words: 1 2 3");
    struct text script = { 0 };
    script_frames(&script, FRAMES(STARTED));
    script_length(&script, 6);
    script_bytes(&script, "idle\0n", 6);
    fails_by(&script, SCRIPT_WAITS, PIPE_BABBLES,
             "the header of a frame of 6 bytes has a NUL byte: idle\\x00n");
}

static void a_header_is_bounded(void **state)
{
    (void)state;
    char long_header[PIPE_HEADER_MOST + 2];
    memset(long_header, 'a', sizeof long_header - 1);
    long_header[sizeof long_header - 1] = '\0';
    babbles(FRAMES(STARTED, long_header),
            "the header of a frame of 8193 bytes is longer than 8192 bytes: aaaaa");
    long_header[PIPE_HEADER_MOST] = '\0';
    babbles(FRAMES(STARTED, long_header), "there is no such message");
    babbles(FRAMES(STARTED, long_header), "aaa...\n");
}

static void a_frame_without_a_length_is_shown(void **state)
{
    (void)state;
    struct text script = { 0 };
    script_frames(&script, FRAMES(STARTED));
    script_bytes(&script, "idle\tnever", 10);
    char *command = script_turns(&script, SCRIPT_WAITS);
    struct player_result result = run_on(command, OPENS, PIPE_PATIENCE);
    assert_true(tells(&result, "a frame is longer than 67108864 bytes: 1701602409; is its length missing, or "
                               "big-endian? It begins: idle\\tnever\n"));
    assert_true(tells(&result, " open 1 65536\n      < idle\\tnever\n"));
    player_result_free(&result);
    free(command);
}

static void a_hang_within_a_frame_is_told(void **state)
{
    (void)state;
    struct text script = { 0 };
    script_frames(&script, FRAMES(ONCE));
    script_length(&script, 100);
    script_bytes(&script, "send 1\n<a/>", 11);
    char *command = script_turns(&script, "sleep 1000");
    struct player_result result = run_on(command, OPENS, SIM_SECOND / 5);
    assert_string_equal(result.check, PIPE_HANGS);
    assert_true(tells(&result, "11 of 100 bytes of a frame have come: send 1\\n<a/>\n"));
    assert_true(tells(&result, ": before the first step\n"));
    player_result_free(&result);
    script_frames(&script, FRAMES(ONCE));
    script_bytes(&script, "\1\0", 2);
    free(command);
    command = script_turns(&script, "sleep 1000");
    result = run_on(command, OPENS, SIM_SECOND / 5);
    assert_true(tells(&result, "2 of the 4 bytes of a frame's length have come: \\x01\\x00\n"));
    player_result_free(&result);
    free(command);
}
int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1)
        return script_play();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_turn_is_over_only_once),
        cmocka_unit_test(the_last_turn_is_over_only_once),
        cmocka_unit_test(a_late_end_is_not_that_of_the_next_turn),
        cmocka_unit_test(nothing_is_sent_before_the_start),
        cmocka_unit_test(a_death_is_told_with_its_status_and_its_log),
        cmocka_unit_test(what_it_says_is_shown_when_a_step_fails),
        cmocka_unit_test(a_turn_without_an_end_hangs),
        cmocka_unit_test(endless_messages_hang_as_well),
        cmocka_unit_test(a_truncated_frame_is_a_death),
        cmocka_unit_test(a_frame_that_is_too_long_takes_no_memory),
        cmocka_unit_test(a_header_is_words_with_single_blanks),
        cmocka_unit_test(a_header_is_bounded),
        cmocka_unit_test(a_frame_without_a_length_is_shown),
        cmocka_unit_test(a_hang_within_a_frame_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
