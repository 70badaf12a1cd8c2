/*
 * A server in another process: what it may do, and what happens when its adapter does what it must not.  The turns
 * and the frames themselves are in pipe_turn_test.c.
 */
#include "pipe_rig.h"

/* ---- The sunny path ---- */

static void an_adapter_that_only_ends_its_turns_is_a_server(void **state)
{
    (void)state;
    passes_with(FRAMES(STARTED, NEVER, NEVER), OPENS);
}

static void it_may_send_within_its_room_and_close(void **state)
{
    (void)state;
    passes_with(
        FRAMES(STARTED, NEVER, "send 1\n<stream:stream xmlns:stream='s'", "offer 1\n>", "close 1", NEVER),
        OPENS "Romeo opens a stream\nRomeo's connection is closed\n");
}

static void a_connection_can_be_rejected(void **state)
{
    (void)state;
    passes_with(FRAMES(STARTED, "reject 1", NEVER), ONE "Romeo fails to open a connection\n");
}

static void deadlines_are_on_either_clock(void **state)
{
    (void)state;
    /* Were one of the two not told, the scenario would end before the other script does. */
    babbles_in(ONE "3 seconds pass\n",
               FRAMES(ONCE, NEVER, "idle monotonic 1000000000", "idle day 978307202000000000", "close 1"),
               "> 2000000000 978307202000000000 time");
    passes_with(FRAMES(ONCE, NEVER, "idle monotonic 1000000000", "idle day 978307204000000000", "close 1"),
                ONE "3 seconds pass\n");
}

/* ---- A server that waits for storage ---- */

#define BOTH                                                                                                 \
    "[Client] Romeo\n\tjid: romeo@localhost\n\tpassword: secret\n"                                           \
    "[Client] Juliet\n\tjid: juliet@localhost\n\tpassword: secret\n---\n"

static void what_happens_while_it_waits_is_told_afterwards(void **state)
{
    (void)state;
    babbles_in(BOTH "at the same time:\n\tRomeo opens a connection\n\tJuliet opens a connection\n",
               FRAMES(DISK, NEVER, NEVER, ASKS, "await", NEVER, "close 9"),
               "> 2000000 978307200002000000 stored 1 none\n"
               "      < idle never\n"
               "      > 2000000 978307200002000000 open 2 65536\n");
}

static void a_connection_that_ends_while_it_waits_may_still_be_used(void **state)
{
    static const char scenario[] =
        BOTH "Romeo opens a connection\nJuliet opens a connection\nLoads take 5 seconds\n"
             "at the same time:\n\tJuliet opens a stream\n\tRomeo's link breaks\n";
    (void)state;
    babbles_in(scenario,
               FRAMES(DISK, NEVER, NEVER, NEVER, NEVER, ASKS, "await", "offer 1\n<late/>", NEVER, "close 9"),
               "      < offer 1 <late/>\n      > 5005000000 978307205005000000 took 7 0\n"
               "      < idle never\n"
               "      > 5005000000 978307205005000000 end 1\n");
    passes_with(FRAMES(DISK, NEVER, NEVER, NEVER, NEVER, ASKS, "await", "close 1", "close 2", NEVER),
                scenario);
}

static void a_crash_ends_the_wait(void **state)
{
    (void)state;
    passes_with(FRAMES(DISK, NEVER, NEVER, NEVER, ASKS, "await"),
                OPENS "Loads take 5 seconds\nThe server crashes in 1 second\nRomeo opens a stream\n");
}

static void without_an_open_request_it_cannot_wait(void **state)
{
    (void)state;
    babbles(FRAMES(DISK, NEVER, NEVER, "await"), "it waits for storage, which has answered everything");
    babbles(FRAMES(STARTED, "await"), "it waits for storage, which has answered everything");
    babbles(FRAMES(DISK, NEVER, NEVER, ASKS, "await", "await"), "storage, which has answered everything");
    babbles(FRAMES(DISK, "await"), "this message is out of turn: await");
}

/* ---- Messages that are wrong ---- */

static void an_unknown_message_is_nonsense(void **state)
{
    (void)state;
    babbles(FRAMES(STARTED, "dance 1"), "there is no such message: dance 1");
    babbles(FRAMES(STARTED, "idle"), "too many or too few words: idle");
    babbles(FRAMES(STARTED, "idle never\n1"), "this message has no payload, and came with one: idle never");
    babbles(FRAMES(STARTED, "send 1 2\nx"), "too many or too few words: send 1 2");
}

static void a_message_has_its_phase(void **state)
{
    (void)state;
    babbles(FRAMES(ONCE, "send 1\nx"), "this message is out of turn: send 1");
    babbles(FRAMES(ONCE, NEVER, "close 1"), "this message is out of turn: close 1");
    babbles(FRAMES(STARTED, "put roster romeo localhost\n"), "this message is out of turn: put");
    babbles(FRAMES(STARTED, "refuse\nhost\nno"), "this message is out of turn: refuse");
    babbles(FRAMES(STARTED, "hello once script\n"), "there is no such message: hello once script");
}

static void an_unknown_connection_is_nonsense(void **state)
{
    (void)state;
    babbles(FRAMES(STARTED, "send 2\nx"), "there is no connection 2");
    babbles(FRAMES(STARTED, "send 0\nx"), "there is no connection 0");
    babbles(FRAMES(STARTED, "send 01\nx"), "there is no connection 01");
    babbles(FRAMES(STARTED, "close -1"), "there is no connection -1");
    babbles(FRAMES(STARTED, "close 18446744073709551617"), "there is no connection 18446744073709551617");
    babbles(FRAMES(STARTED, "tls one"), "there is no connection one");
    babbles(FRAMES(STARTED, "offer 7\nx"), "there is no connection 7");
    babbles(FRAMES(STARTED, "reject 7"), "there is no connection 7");
}

static void a_connection_closes_once(void **state)
{
    (void)state;
    babbles(FRAMES(STARTED, "close 1", "close 1", NEVER), "there is no connection 1");
    babbles(FRAMES(STARTED, "close 1", "send 1\nx", NEVER), "there is no connection 1");
    babbles(FRAMES(STARTED, "reject 1", "close 1", NEVER), "there is no connection 1");
}

static void nothing_is_sent_beyond_the_room(void **state)
{
    (void)state;
    struct text script = { 0 };
    script_frames(&script, FRAMES(STARTED));
    script_length(&script, 7 + 65505);
    script_bytes(&script, "send 1\n", 7);
    fails_by(&script, "head -c 65505 /dev/zero >&3; " SCRIPT_WAITS, PIPE_BABBLES,
             "it sends 65505 bytes on connection 1, which is beyond its room: 65536");
}

#define SECURE "hello once script\nplain\ntls\n"

static void tls_begins_once_and_not_while_a_connection_opens(void **state)
{
    (void)state;
    babbles(FRAMES(SECURE, NEVER, NEVER, "tls 1", NEVER), "it starts TLS on connection 1 while that opens");
    babbles_in(STREAMS, FRAMES(SECURE, NEVER, NEVER, NEVER, "tls 1", "tls 1"),
               "it starts TLS on connection 1 twice");
    babbles_in(STREAMS, FRAMES(SECURE, NEVER, NEVER, NEVER, "tls 1", "send 1\nx"), "beyond its room: 0");
    babbles_in(STREAMS, FRAMES(STARTED, NEVER, "tls 1"), "it starts TLS without the capability \"tls\"");
}

static void only_a_new_connection_is_rejected(void **state)
{
    (void)state;
    babbles_in(STREAMS, FRAMES(STARTED, NEVER, "reject 1"), "which does not open now");
}

static void a_deadline_is_a_number_on_a_clock(void **state)
{
    (void)state;
    babbles(FRAMES(STARTED, "idle soon"), "it is idle until it cannot be said when");
    babbles(FRAMES(STARTED, "idle monotonic"), "it is idle until it cannot be said when");
    babbles(FRAMES(STARTED, "idle day -5"), "it is idle until it cannot be said when");
    babbles(FRAMES(STARTED, "idle never 5"), "it is idle until it cannot be said when");
    babbles(FRAMES(STARTED, "idle day 18446744073709551615"), "it is idle until it cannot be said when");
}

static void random_bytes_are_bounded(void **state)
{
    (void)state;
    babbles(FRAMES(STARTED, "random 65537"), "it asks for 65537 random bytes");
    babbles(FRAMES(STARTED, "random 07"), "it asks for 07 random bytes");
    babbles(FRAMES(STARTED, "random many"), "it asks for many random bytes");
    passes_with(FRAMES(STARTED, "random 65536", "random 0", NEVER, NEVER), OPENS);
}

static void a_stanza_is_routed_from_an_own_domain_to_another(void **state)
{
    (void)state;
    babbles(FRAMES(STARTED, "route elsewhere localhost\n<a/>"), "it routes from elsewhere to localhost");
    babbles(FRAMES(STARTED, "route localhost localhost\n<a/>"),
            "it routes from localhost to localhost: it serves localhost, and routes from these to others");
    babbles(FRAMES(STARTED, "route verona.lit milan.lit\n<a/>"), "it routes from verona.lit to milan.lit");
}

/* ---- Storage ---- */

#define STORES "hello once script\nplain\ndisk\n"

static void there_is_no_storage_without_a_disk(void **state)
{
    (void)state;
    babbles(FRAMES(STARTED, "store 1 load roster romeo localhost\n"),
            "it stores without the capability \"disk\"");
    babbles(FRAMES(ONCE, "put roster romeo localhost\n"), "it stores without the capability \"disk\"");
}

static void a_storage_request_is_one_that_the_disk_knows(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "store x load roster romeo localhost\n",
        "store 1 lode roster romeo localhost\n",
        "store 1 load rooster romeo localhost\n",
        "store 1 save roster romeo localhost\nabc",
        "store 1 count roster romeo localhost\n",
        "store 1 remove roster romeo localhost\n",
        "store 1 load roster romeo localhost\n\1\1\1\1",
        "store 1 save roster romeo localhost\n\377\377\377\377",
    };
    babbles(FRAMES(STORES, "put rooster romeo localhost\n"), "or into no store: put rooster");
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        babbles(FRAMES(STORES, NEVER, NEVER, wrong[i]), "storage request");
}

static void an_answered_request_is_told(void **state)
{
    (void)state;
    passes_with(FRAMES(STORES, NEVER, NEVER, "store 1 load roster nobody localhost\n",
                       "store 2 count offline romeo localhost\n", NEVER, NEVER, NEVER, NEVER),
                OPENS);
}

/* ---- Settings ---- */

static struct player_result refuse(const char *frame)
{
    struct text script = { 0 };
    script_frames(&script, FRAMES(ONCE, frame, NEVER));
    char *command = script_turns(&script, SCRIPT_WAITS);
    struct player_result result = run_on(command, OPENS, PIPE_PATIENCE);
    free(command);
    return result;
}

static void a_refused_setting_skips_the_scenario(void **state)
{
    (void)state;
    struct player_result result = refuse("refuse\nack after\nit has no such thing");
    assert_true(result.passed);
    assert_string_equal(result.skipped, "ack after");
    assert_string_equal(result.skipped_why, "it has no such thing");
    player_result_free(&result);
}

static void a_refusal_is_plain_text(void **state)
{
    (void)state;
    struct player_result result = refuse("refuse\nack\033[1m\tafter\nsingle\xc3\xa9\r\n");
    assert_string_equal(result.skipped, "ack?[1m?after");
    assert_string_equal(result.skipped_why, "single????");
    player_result_free(&result);
}

static void refused_settings_as_a_whole_fail_the_run(void **state)
{
    (void)state;
    struct player_result result = refuse("refuse\n\nthe moon is not full");
    assert_false(result.passed);
    assert_string_equal(result.summary, "the server does not start: the moon is not full");
    player_result_free(&result);
    babbles(FRAMES(ONCE, "refuse\nhost"), "it refuses a setting without a reason");
    babbles(FRAMES(ONCE, "refuse\nhost\n"), "it refuses a setting without a reason");
    babbles(FRAMES(ONCE, "refuse"), "it refuses a setting without a reason");
}

static struct player_result refuse_accounts(const char *frame)
{
    struct text script = { 0 };
    script_frames(&script, FRAMES(ONCE, NEVER, frame, NEVER));
    char *command = script_turns(&script, SCRIPT_WAITS);
    struct player_result result = run_on(command, OPENS, PIPE_PATIENCE);
    free(command);
    return result;
}

static void what_cannot_be_made_skips_the_scenario(void **state)
{
    (void)state;
    struct player_result result = refuse_accounts("refuse\naccounts\nit is full");
    assert_true(result.passed);
    assert_string_equal(result.skipped, "accounts");
    assert_string_equal(result.skipped_why, "it is full");
    player_result_free(&result);
    babbles(FRAMES(ONCE, NEVER, "refuse\n\nit is full", NEVER),
            "it refuses what exists before the first step without a word for it in the first line");
}

static void a_long_refusal_is_cut(void **state)
{
    (void)state;
    struct text frame = { 0 };
    text_string(&frame, "refuse\n");
    text_repeat(&frame, 's', 5000);
    text_string(&frame, "\n");
    text_repeat(&frame, 'r', 5000);
    struct player_result result = refuse(frame.bytes);
    assert_int_equal(strlen(result.skipped), sizeof result.skipped - 1);
    player_result_free(&result);
    text_free(&frame);
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1)
        return script_play();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_adapter_that_only_ends_its_turns_is_a_server),
        cmocka_unit_test(it_may_send_within_its_room_and_close),
        cmocka_unit_test(a_connection_can_be_rejected),
        cmocka_unit_test(deadlines_are_on_either_clock),
        cmocka_unit_test(what_happens_while_it_waits_is_told_afterwards),
        cmocka_unit_test(a_connection_that_ends_while_it_waits_may_still_be_used),
        cmocka_unit_test(a_crash_ends_the_wait),
        cmocka_unit_test(without_an_open_request_it_cannot_wait),
        cmocka_unit_test(an_unknown_message_is_nonsense),
        cmocka_unit_test(a_message_has_its_phase),
        cmocka_unit_test(an_unknown_connection_is_nonsense),
        cmocka_unit_test(a_connection_closes_once),
        cmocka_unit_test(nothing_is_sent_beyond_the_room),
        cmocka_unit_test(tls_begins_once_and_not_while_a_connection_opens),
        cmocka_unit_test(only_a_new_connection_is_rejected),
        cmocka_unit_test(a_deadline_is_a_number_on_a_clock),
        cmocka_unit_test(random_bytes_are_bounded),
        cmocka_unit_test(a_stanza_is_routed_from_an_own_domain_to_another),
        cmocka_unit_test(there_is_no_storage_without_a_disk),
        cmocka_unit_test(a_storage_request_is_one_that_the_disk_knows),
        cmocka_unit_test(an_answered_request_is_told),
        cmocka_unit_test(a_refused_setting_skips_the_scenario),
        cmocka_unit_test(a_refusal_is_plain_text),
        cmocka_unit_test(refused_settings_as_a_whole_fail_the_run),
        cmocka_unit_test(what_cannot_be_made_skips_the_scenario),
        cmocka_unit_test(a_long_refusal_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
