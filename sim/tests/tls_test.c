/* Tests of tls.h and tls_middle.h: two ends, with and without a man in the middle. */
#include "../world/tls.h"

#include "../world/server.h"

#include "../text.h"
#include "../world/tls_middle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* One end, and its callbacks.  Its output waits in `wire` until it is carried over. */
struct end {
    struct tls *tls;
    struct text wire;
    size_t room; /* capacity of the wire */
    struct text heard;
    bool secured, failed;
    struct tls_channel channel;
    char certificate[128];
};

static size_t on_wire(void *self, const char *bytes, size_t length)
{
    struct end *end = self;
    size_t taken = length < end->room ? length : end->room;
    end->room -= end->room == SIZE_MAX ? 0 : taken;
    text_append(&end->wire, bytes, taken);
    return taken;
}

static void on_secured(void *self, const struct tls_channel *channel)
{
    struct end *end = self;
    assert_false(end->secured);
    end->secured = true;
    end->channel = *channel;
    if (channel->certificate != NULL)
        snprintf(end->certificate, sizeof end->certificate, "%s", channel->certificate);
}

static void on_bytes(void *self, const char *bytes, size_t length)
{
    struct end *end = self;
    assert_true(end->secured && !end->failed);
    text_append(&end->heard, bytes, length);
}

static void on_failed(void *self)
{
    struct end *end = self;
    assert_false(end->failed);
    end->failed = true;
}

static struct choices choices;
static struct end client, server;

static void begin_end(struct end *end, enum tls_role role, const char *certificate, bool distrust)
{
    const struct tls_options options = { role, certificate, distrust, &choices };
    *end = (struct end){ .room = SIZE_MAX };
    end->tls = tls_new(&options, (struct tls_below){ end, on_wire },
                       (struct tls_above){ end, on_secured, on_bytes, on_failed });
}

static void begin(const char *certificate, bool distrust)
{
    choices_init(&choices, CHOICE_SCRIPTED, 1);
    begin_end(&client, TLS_CLIENT, certificate, distrust);
    begin_end(&server, TLS_SERVER, "the server", false);
    tls_start(client.tls);
}

static void finish(void)
{
    struct end *ends[] = { &client, &server };
    for (size_t i = 0; i < 2; i++) {
        tls_free(ends[i]->tls);
        text_free(&ends[i]->wire);
        text_free(&ends[i]->heard);
    }
}

/* Carries what is on its way from one end to the other, so many bytes at a time. */
static void carry(struct end *from, struct end *to, size_t piece)
{
    struct text wire = from->wire;
    from->wire = (struct text){ 0 };
    for (size_t at = 0; at < wire.length; at += piece)
        tls_bytes(to->tls, wire.bytes + at, wire.length - at < piece ? wire.length - at : piece);
    text_free(&wire);
}

static void carry_all(size_t piece)
{
    while (client.wire.length + server.wire.length > 0) {
        carry(&client, &server, piece);
        carry(&server, &client, piece);
    }
}

/* Bytes seen by a tap on the wire. */
static bool is_on_wire(const struct end *end, const char *text)
{
    size_t length = strlen(text);
    for (size_t i = 0; i + length <= end->wire.length; i++)
        if (memcmp(end->wire.bytes + i, text, length) == 0)
            return true;
    return false;
}

static void assert_heard(const struct end *end, const char *text)
{
    assert_int_equal(end->heard.length, strlen(text));
    assert_memory_equal(end->heard.bytes, text, strlen(text));
}

/* ---- The handshake ---- */

static void a_handshake_takes_two_round_trips_and_opens_both_ends(void **state)
{
    (void)state;
    begin(NULL, false);
    carry(&client, &server, SIZE_MAX);
    carry(&server, &client, SIZE_MAX);
    assert_false(server.secured || client.secured);
    carry(&client, &server, SIZE_MAX);
    assert_true(server.secured && !client.secured);
    carry(&server, &client, SIZE_MAX);
    assert_true(client.secured);
    assert_true(tls_is_open(client.tls) && tls_is_open(server.tls));
    assert_true(tls_is_free(client.tls) && tls_is_free(server.tls));
    assert_string_equal(client.certificate, "the server");
    assert_null(server.channel.certificate);
    finish();
}

static void both_ends_have_the_same_to_bind_to_and_never_twice(void **state)
{
    (void)state;
    unsigned char before[TLS_BINDING] = { 0 };
    choices_init(&choices, CHOICE_SCRIPTED, 1);
    for (int i = 0; i < 3; i++) {
        begin_end(&client, TLS_CLIENT, NULL, false);
        begin_end(&server, TLS_SERVER, "the server", false);
        tls_start(client.tls);
        carry_all(SIZE_MAX);
        assert_memory_equal(client.channel.exporter, server.channel.exporter, TLS_BINDING);
        assert_memory_equal(client.channel.server_end_point, server.channel.server_end_point, TLS_BINDING);
        assert_memory_not_equal(client.channel.exporter, before, TLS_BINDING);
        memcpy(before, client.channel.exporter, TLS_BINDING);
        finish();
    }
}

static void a_clients_certificate_arrives_and_cannot_be_read_on_the_way(void **state)
{
    (void)state;
    begin("romeo@localhost", false);
    carry(&client, &server, SIZE_MAX);
    carry(&server, &client, SIZE_MAX);
    assert_false(is_on_wire(&client, "romeo"));
    carry_all(SIZE_MAX);
    assert_string_equal(server.certificate, "romeo@localhost");
    finish();
}

static void a_client_that_distrusts_fails_and_says_so(void **state)
{
    (void)state;
    begin(NULL, true);
    carry_all(SIZE_MAX);
    assert_true(client.failed && server.failed);
    assert_false(client.secured || server.secured);
    assert_int_equal(tls_write(server.tls, "x", 1), 0);
    finish();
}

static void a_malformed_record_fails(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
    } injected[] = {
        { "<message/>", 10 },
        { "\x17\x03\x03\x00\x01x", 6 }, /* data before the handshake is complete */
        { "\x16\x03\x02\x00\x20", 5 },  /* another version */
        { "\x16\x03\x03\xff\xff", 5 },  /* longer than a record is */
        { "\x16\x03\x03\x00\x03"
          "abc",
          8 },                                 /* no hello */
        { "\x15\x03\x03\x00\x02\x02\x28", 7 }, /* an alert */
    };
    for (size_t i = 0; i < sizeof injected / sizeof injected[0]; i++) {
        begin(NULL, false);
        tls_bytes(server.tls, injected[i].bytes, injected[i].length);
        assert_true(server.failed);
        finish();
    }
}

/* ---- The channel ---- */

static void what_is_said_arrives_and_cannot_be_read_on_the_way(void **state)
{
    (void)state;
    static const char secret[] = "<body>Wherefore art thou</body>";
    for (size_t piece = 1; piece < 20; piece += 6) {
        begin(NULL, false);
        carry_all(piece);
        assert_int_equal(tls_write(client.tls, secret, strlen(secret)), strlen(secret));
        assert_int_equal(tls_write(server.tls, "yes", 3), 3);
        assert_false(is_on_wire(&client, "Wherefore"));
        carry_all(piece);
        assert_heard(&server, secret);
        assert_heard(&client, "yes");
        finish();
    }
}

static void the_same_words_are_never_enciphered_the_same(void **state)
{
    (void)state;
    begin(NULL, false);
    carry_all(SIZE_MAX);
    tls_write(client.tls, "same", 4);
    size_t record = client.wire.length;
    tls_write(client.tls, "same", 4);
    assert_int_equal(client.wire.length, 2 * record);
    assert_memory_not_equal(client.wire.bytes + 5, client.wire.bytes + record + 5, record - 5);
    finish();
}

static void a_record_that_was_changed_fails(void **state)
{
    (void)state;
    begin(NULL, false);
    carry_all(SIZE_MAX);
    tls_write(client.tls, "hello", 5);
    client.wire.bytes[7] ^= 1;
    carry(&client, &server, SIZE_MAX);
    assert_true(server.failed);
    assert_int_equal(server.heard.length, 0);
    carry(&server, &client, SIZE_MAX);
    assert_true(client.failed);
    finish();
}

/* A wire that is full: what it takes is counted only when the record is all on its way. */
static void nothing_is_lost_or_doubled_on_a_wire_that_is_full(void **state)
{
    (void)state;
    enum { SIZE = 50000 };
    char *said = malloc(SIZE);
    assert_non_null(said);
    for (size_t i = 0; i < SIZE; i++)
        said[i] = (char)('a' + i % 26);
    for (size_t room = 1; room < 40000; room = room * 3 + 1) {
        begin(NULL, false);
        carry_all(SIZE_MAX);
        client.room = room;
        size_t done = 0;
        while (done < SIZE) {
            done += tls_write(client.tls, said + done, SIZE - done);
            carry(&client, &server, SIZE_MAX);
            client.room += room;
            tls_writable(client.tls);
        }
        carry(&client, &server, SIZE_MAX);
        assert_int_equal(server.heard.length, SIZE);
        assert_memory_equal(server.heard.bytes, said, SIZE);
        finish();
    }
    free(said);
}

/* The room that a server is told of counts on it (server.h). */
static void output_with_its_cost_of_room_is_taken_whole(void **state)
{
    (void)state;
    static const size_t lengths[] = { 1, SERVER_PIECE - 1, SERVER_PIECE, SERVER_PIECE + 1, 50000 };
    static char said[50000];
    memset(said, 'x', sizeof said);
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        begin(NULL, false);
        carry_all(SIZE_MAX);
        client.room = server_room_cost(lengths[i]);
        assert_int_equal(tls_write(client.tls, said, lengths[i]), lengths[i]);
        assert_true(tls_is_free(client.tls));
        client.room = 10;
        assert_int_equal(tls_write(client.tls, said, 11), 0);
        assert_false(tls_is_free(client.tls));
        finish();
    }
}

/* ---- The man in the middle ---- */

static struct tls_middle *middle;

static size_t from_middle_to_client(void *self, const char *bytes, size_t length)
{
    (void)self;
    tls_bytes(client.tls, bytes, length);
    return length;
}

static void carry_through_the_middle(void)
{
    while (client.wire.length + server.wire.length > 0) {
        struct text wire = client.wire;
        client.wire = (struct text){ 0 };
        if (wire.length > 0)
            tls_middle_from_client(middle, wire.bytes, wire.length);
        text_free(&wire);
        wire = server.wire;
        server.wire = (struct text){ 0 };
        if (wire.length > 0)
            tls_middle_from_server(middle, wire.bytes, wire.length);
        text_free(&wire);
    }
}

/* How many bytes the link to the server takes at once. */
static size_t taken_at_once = SIZE_MAX;

static size_t from_middle_to_server(void *self, const char *bytes, size_t length)
{
    (void)self;
    const size_t taken = length < taken_at_once ? length : taken_at_once;
    tls_bytes(server.tls, bytes, taken);
    return taken;
}

static void a_man_in_the_middle_has_two_channels(void **state)
{
    (void)state;
    begin("romeo@localhost", false);
    middle = tls_middle_new(&choices, (struct tls_below){ NULL, from_middle_to_client },
                            (struct tls_below){ NULL, from_middle_to_server });
    carry_through_the_middle();
    assert_true(client.secured && server.secured);
    assert_memory_not_equal(client.channel.exporter, server.channel.exporter, TLS_BINDING);
    assert_memory_not_equal(client.channel.server_end_point, server.channel.server_end_point, TLS_BINDING);
    assert_null(server.channel.certificate);
    tls_write(client.tls, "hello", 5);
    tls_write(server.tls, "yes?", 4);
    carry_through_the_middle();
    assert_heard(&server, "hello");
    assert_heard(&client, "yes?");
    tls_middle_free(middle);
    finish();
}

static void what_the_link_to_the_server_does_not_take_waits_in_the_middle(void **state)
{
    (void)state;
    begin("romeo@localhost", false);
    middle = tls_middle_new(&choices, (struct tls_below){ NULL, from_middle_to_client },
                            (struct tls_below){ NULL, from_middle_to_server });
    carry_through_the_middle();
    taken_at_once = 3;
    tls_write(client.tls, "hello", 5);
    carry_through_the_middle();
    assert_int_equal(server.heard.length, 0);
    taken_at_once = SIZE_MAX;
    tls_middle_writable(middle);
    carry_through_the_middle();
    assert_heard(&server, "hello");
    tls_middle_free(middle);
    finish();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_handshake_takes_two_round_trips_and_opens_both_ends),
        cmocka_unit_test(both_ends_have_the_same_to_bind_to_and_never_twice),
        cmocka_unit_test(a_clients_certificate_arrives_and_cannot_be_read_on_the_way),
        cmocka_unit_test(a_client_that_distrusts_fails_and_says_so),
        cmocka_unit_test(a_malformed_record_fails),
        cmocka_unit_test(what_is_said_arrives_and_cannot_be_read_on_the_way),
        cmocka_unit_test(the_same_words_are_never_enciphered_the_same),
        cmocka_unit_test(a_record_that_was_changed_fails),
        cmocka_unit_test(nothing_is_lost_or_doubled_on_a_wire_that_is_full),
        cmocka_unit_test(output_with_its_cost_of_room_is_taken_whole),
        cmocka_unit_test(a_man_in_the_middle_has_two_channels),
        cmocka_unit_test(what_the_link_to_the_server_does_not_take_waits_in_the_middle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
