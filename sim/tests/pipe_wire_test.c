/* Messages over a socket whose other end is in this process. */
#include "../kinds/pipe_wire.h"

#include "../kinds/pipe_process.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { SOON = 20000000, LATER = 2000000000 };

static struct pipe_wire here, there;

static void open_both(void)
{
    int pair[2];
    assert_true(pipe_process_pair(pair));
    assert_true(fcntl(pair[1], F_SETFL, O_NONBLOCK) == 0);
    pipe_wire_open(&here, pair[0]);
    pipe_wire_open(&there, pair[1]);
    here.until = there.until = pipe_wire_now() + LATER;
}

static void close_both(void)
{
    pipe_wire_close(&here);
    pipe_wire_close(&there);
}

static void a_message_arrives_as_it_was_put(void **state)
{
    (void)state;
    struct pipe_message message;
    open_both();
    pipe_wire_put(&there, "data 7 x", "by\0tes\n", 7);
    pipe_wire_put(&there, "idle never", NULL, 0);
    assert_int_equal(pipe_wire_flush(&there), PIPE_MESSAGE);
    assert_int_equal(pipe_wire_get(&here, &message), PIPE_MESSAGE);
    assert_string_equal(message.header, "data 7 x");
    assert_int_equal(message.word_count, 3);
    assert_string_equal(message.words[1], "7");
    assert_int_equal(message.length, 7);
    assert_memory_equal(message.payload, "by\0tes\n", 7);
    assert_int_equal(pipe_wire_get(&here, &message), PIPE_MESSAGE);
    assert_string_equal(message.words[0], "idle");
    assert_int_equal(message.length, 0);
    close_both();
}

static void an_empty_payload_is_none(void **state)
{
    (void)state;
    struct pipe_message message;
    open_both();
    pipe_wire_put(&there, "data 7", "", 0);
    assert_int_equal(pipe_wire_flush(&there), PIPE_MESSAGE);
    assert_int_equal(pipe_wire_get(&here, &message), PIPE_MESSAGE);
    assert_int_equal(message.length, 0);
    close_both();
}

/* A frame comes together from pieces, one byte each, and two frames may come in one piece. */
static void pieces_are_joined(void **state)
{
    (void)state;
    static const char frames[] = "\4\0\0\0ab\nc\1\0\0\0d";
    struct pipe_message message;
    open_both();
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(write(there.fd, frames + i, i < 7 ? 1 : 6), i < 7 ? 1 : 6);
        here.until = pipe_wire_now() + (i < 7 ? SOON : LATER);
        assert_int_equal(pipe_wire_get(&here, &message), i < 7 ? PIPE_LATE : PIPE_MESSAGE);
    }
    assert_string_equal(message.words[0], "ab");
    assert_int_equal(message.length, 1);
    assert_int_equal(pipe_wire_get(&here, &message), PIPE_MESSAGE);
    assert_string_equal(message.words[0], "d");
    close_both();
}

/* A byte of a frame, a frame that came with another, and no end. */
static void what_was_not_taken_is_seen_without_waiting(void **state)
{
    (void)state;
    static const char frames[] = "\1\0\0\0a\1\0\0\0b";
    struct pipe_message message;
    open_both();
    assert_false(pipe_wire_has_more(&here));
    assert_int_equal(write(there.fd, frames, 1), 1);
    assert_true(pipe_wire_has_more(&here));
    assert_int_equal(write(there.fd, frames + 1, 9), 9);
    assert_int_equal(pipe_wire_get(&here, &message), PIPE_MESSAGE);
    assert_true(pipe_wire_has_more(&here));
    assert_int_equal(pipe_wire_get(&here, &message), PIPE_MESSAGE);
    assert_false(pipe_wire_has_more(&here));
    pipe_wire_close(&there);
    assert_false(pipe_wire_has_more(&here));
    close_both();
}

/* The end of a frame counts, however little of it is left. */
static void what_the_other_side_has_not_read_is_known(void **state)
{
    (void)state;
    char bytes[6];
    open_both();
    assert_false(pipe_wire_is_unread(&here));
    pipe_wire_put(&here, "ab", NULL, 0);
    assert_int_equal(pipe_wire_flush(&here), PIPE_MESSAGE);
    assert_true(pipe_wire_is_unread(&here));
    assert_int_equal(read(there.fd, bytes, 5), 5);
    assert_true(pipe_wire_is_unread(&here));
    assert_int_equal(read(there.fd, bytes, 1), 1);
    assert_false(pipe_wire_is_unread(&here));
    close_both();
}

/* Only this direction is over. */
static void an_end_is_read_behind_what_was_sent(void **state)
{
    (void)state;
    struct pipe_message message;
    open_both();
    pipe_wire_put(&here, "ab", NULL, 0);
    assert_int_equal(pipe_wire_flush(&here), PIPE_MESSAGE);
    pipe_wire_finish(&here);
    assert_int_equal(pipe_wire_get(&there, &message), PIPE_MESSAGE);
    assert_int_equal(pipe_wire_get(&there, &message), PIPE_OVER);
    pipe_wire_put(&there, "cd", NULL, 0);
    assert_int_equal(pipe_wire_flush(&there), PIPE_MESSAGE);
    assert_int_equal(pipe_wire_get(&here, &message), PIPE_MESSAGE);
    close_both();
}

static void the_end_of_the_other_side_is_told(void **state)
{
    (void)state;
    struct pipe_message message;
    open_both();
    assert_int_equal(write(there.fd, "\4\0\0", 3), 3);
    pipe_wire_close(&there);
    assert_int_equal(pipe_wire_get(&here, &message), PIPE_OVER);
    pipe_wire_put(&here, "more", NULL, 0);
    assert_int_equal(pipe_wire_get(&here, &message), PIPE_OVER);
    assert_int_equal(pipe_wire_await_end(&here), PIPE_OVER);
    close_both();
}

static void a_long_frame_is_nonsense_before_it_comes(void **state)
{
    (void)state;
    struct pipe_message message;
    open_both();
    assert_int_equal(write(there.fd, "\1\0\0\4", 4), 4);
    assert_int_equal(pipe_wire_get(&here, &message), PIPE_NONSENSE);
    assert_true(here.in.capacity < 1000000);
    close_both();
}

/* More than the sockets hold, in both directions at once. */
static void nobody_waits_for_the_other_to_read(void **state)
{
    (void)state;
    enum { MUCH = 3000000 };
    struct pipe_message message;
    struct text much = { 0 };
    open_both();
    text_repeat(&much, 'x', MUCH);
    pipe_wire_put(&here, "there", much.bytes, MUCH);
    pipe_wire_put(&there, "here", much.bytes, MUCH);
    bool came[2] = { false, false };
    for (int round = 0; round < 10000 && (!came[0] || !came[1]); round++) {
        for (int i = 0; i < 2; i++) {
            struct pipe_wire *wire = i == 0 ? &here : &there;
            wire->until = pipe_wire_now() + SOON / 10;
            came[i] = came[i] || pipe_wire_get(wire, &message) == PIPE_MESSAGE;
        }
    }
    assert_true(came[0] && came[1]);
    text_free(&much);
    close_both();
}

static void a_descriptor_is_passed_with_a_message(void **state)
{
    (void)state;
    int pair[2];
    struct pipe_message message;
    open_both();
    assert_true(pipe_process_pair(pair));
    pipe_wire_put(&here, "fork", NULL, 0);
    assert_int_equal(pipe_wire_pass(&here, pair[1]), PIPE_MESSAGE);
    assert_int_equal(pipe_wire_get(&there, &message), PIPE_MESSAGE);
    assert_string_equal(message.words[0], "fork");
    close(pair[0]);
    close(pair[1]);
    close_both();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_arrives_as_it_was_put),
        cmocka_unit_test(an_empty_payload_is_none),
        cmocka_unit_test(pieces_are_joined),
        cmocka_unit_test(what_was_not_taken_is_seen_without_waiting),
        cmocka_unit_test(what_the_other_side_has_not_read_is_known),
        cmocka_unit_test(an_end_is_read_behind_what_was_sent),
        cmocka_unit_test(the_end_of_the_other_side_is_told),
        cmocka_unit_test(a_long_frame_is_nonsense_before_it_comes),
        cmocka_unit_test(nobody_waits_for_the_other_to_read),
        cmocka_unit_test(a_descriptor_is_passed_with_a_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
