/* Connections: output that the port takes or does not take, and their ends (core.h). */
#include "rig.h"
#include "session/conn.h"

#define PING "<iq type='get' id='ping' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>"

/* The same bytes go out, in the same order, however few the port takes at a time. */
static void a_slow_link_gets_every_byte_in_order(void **state)
{
    (void)state;
    struct host_link *fast = rig_accept();
    rig_say(fast, RIG_HEADER);
    size_t length = fast->length;
    for (size_t step = 1; step < length + 2; step += 1 + step / 8) {
        struct host_link *slow = rig_accept();
        slow->window = step;
        rig_say(slow, RIG_HEADER);
        while (slow->length < length) {
            size_t before = slow->length;
            slow->window = step;
            core_writable(rig.core, slow->conn);
            assert_int_equal(slow->length, before + step < length ? before + step : length);
        }
        core_writable(rig.core, slow->conn); /* nothing is left */
        assert_int_equal(slow->length, length);
        /* All but the stream's id, which is random. */
        assert_memory_equal(slow->sent, fast->sent, (size_t)(strstr(fast->sent, " id='") - fast->sent));
        assert_string_equal(strstr(slow->sent, "' version="), strstr(fast->sent, "' version="));
        rig_hangup(slow);
    }
}

static void later_bytes_wait_for_earlier_ones(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    romeo->window = 3;
    rig_say(romeo, PING);
    romeo->window = 1000; /* writable, but the core was not notified yet */
    rig_say(romeo, "<message to='localhost' id='second'/>");
    assert_string_equal(rig_take(romeo), "<iq");
    core_writable(rig.core, romeo->conn);
    const char *text = rig_take(romeo);
    rig_assert_lacks(text, "<iq");
    const char *first = strstr(text, "id='ping'"), *second = strstr(text, "id='second'");
    assert_true(first != NULL && second != NULL && first < second);
}

/* The cost of sending a part of much waiting output is that of the part: the rest is not moved. */
static void bytes_not_taken_are_not_moved_each_time(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    romeo->window = 0;
    for (int i = 0; i < 1000; i++)
        rig_say(romeo, PING);
    const struct conn *conn = romeo->conn;
    size_t waiting = conn_unsent(conn), moves = 0;
    for (size_t left = waiting; left > 0; left = conn_unsent(conn)) {
        const size_t length = conn->unsent.length;
        romeo->window = 100;
        core_writable(rig.core, romeo->conn);
        moves += conn->unsent.length != length;
        assert_int_equal(conn_unsent(conn), left > 100 ? left - 100 : 0);
    }
    assert_in_range(moves, 1, 20);
    assert_int_equal(rig_count(rig_take(romeo), "id='ping'"), 1000);
}

/* core.h, output_bytes: "not yet taken by ports.send: the connection is closed". */
static void a_client_that_does_not_read_loses_its_connection(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard"), *juliet = rig_online("juliet", "balcony");
    rig_say(romeo, PING);
    size_t answer = strlen(rig_take(romeo));
    romeo->window = 0;
    for (size_t unsent = answer; unsent <= rig.settings.limits.output_bytes; unsent += answer)
        rig_say(romeo, PING);
    assert_false(romeo->closed);
    rig_say(romeo, PING);
    assert_true(romeo->closed);
    assert_string_equal(rig_take(romeo), ""); /* and no byte after the gap */
    assert_false(juliet->closed);
    assert_int_equal(inspect_counts(rig.core).sessions, 1);
}

static int set_up_small_output(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.limits.output_bytes = 2000;
    rig_begin_with(&settings);
    return 0;
}

static void the_limit_of_output_is_exact(void **state)
{
    (void)state;
    for (size_t over = 0; over < 2; over++) {
        struct host_link *romeo = rig_login("romeo", "orchard"), *juliet = rig_login("juliet", "balcony");
        static const char start[] = "<message to='romeo@localhost/orchard'>";
        rig_say(juliet, rig_filled(start, ' ', 1, "</message>"));
        size_t overhead = strlen(rig_take(romeo)) - 1;
        size_t text = 2000 + over - overhead;
        romeo->window = 0;
        rig_say(juliet, rig_filled(start, 'x', text, "</message>"));
        assert_int_equal(romeo->closed, over == 1);
        assert_false(juliet->closed);
        rig_hangup(romeo);
        rig_hangup(juliet);
    }
}

static void a_recipient_that_does_not_read_is_unavailable_for_others(void **state)
{
    (void)state;
    rig_keep_item("romeo@localhost", "juliet@localhost", "from");
    struct host_link *juliet = rig_online("juliet", "balcony"), *romeo = rig_online("romeo", "orchard");
    rig_take(juliet);
    romeo->window = 0;
    rig_say(juliet, rig_filled("<message to='romeo@localhost'><body>", 'x', 2001, "</body></message>"));
    assert_true(romeo->closed);
    const char *text = rig_take(juliet);
    assert_int_equal(rig_count(text, " type='unavailable'"), 1);
}

/* The link is tried once more; output that it does not take then is lost. */
static void closing_sends_unsent_bytes_once_more(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    romeo->window = 5;
    rig_say(romeo, PING);
    romeo->window = 10;
    rig_say(romeo, "</stream:stream>");
    assert_true(romeo->closed);
    assert_int_equal(strlen(rig_take(romeo)), 15);
    struct host_link *other = rig_login("romeo", "orchard");
    other->window = 5;
    rig_say(other, PING);
    other->window = 10000;
    rig_say(other, "</stream:stream>");
    const char *text = rig_take(other);
    rig_assert_has(text, " id='ping'");
    rig_assert_has(text, "</stream:stream>");
}

static void bytes_after_the_end_are_ignored(void **state)
{
    (void)state;
    struct host_link *romeo = rig_login("romeo", "orchard");
    rig_say(romeo, "</stream:stream>" PING "<");
    assert_true(romeo->closed);
    assert_string_equal(rig_take(romeo), "</stream:stream>");
}

static void nothing_is_sent_to_an_ended_connection(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard");
    struct host_link *other = rig_online("romeo", "garden");
    rig_take(romeo);
    rig_hangup(romeo);
    assert_string_equal(rig_take(romeo), "");
    const char *text = rig_take(other);
    assert_int_equal(rig_count(text, " type='unavailable'"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(a_slow_link_gets_every_byte_in_order),
        RIG_TEST(later_bytes_wait_for_earlier_ones),
        RIG_TEST(bytes_not_taken_are_not_moved_each_time),
        RIG_TEST(a_client_that_does_not_read_loses_its_connection),
        RIG_TEST_FROM(the_limit_of_output_is_exact, set_up_small_output),
        RIG_TEST_FROM(a_recipient_that_does_not_read_is_unavailable_for_others, set_up_small_output),
        RIG_TEST(closing_sends_unsent_bytes_once_more),
        RIG_TEST(bytes_after_the_end_are_ignored),
        RIG_TEST(nothing_is_sent_to_an_ended_connection),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
