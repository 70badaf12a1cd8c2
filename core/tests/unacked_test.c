/* The queue of unacknowledged stanzas, and their form when they are sent again. */
#include "session/unacked.h"

#include "managed_rig.h"

static struct unacked_queue queue;

static void keep(const char *xml, struct copies *copies)
{
    assert_true(unacked_keep(rig.core, &queue, xml, strlen(xml), copies));
}

/* The queue is exactly this, and its counts agree; a stanza of `again` is "" for none. */
static void assert_queue(const char *const *stanzas, size_t count, const char *again)
{
    const struct unacked *unacked = queue.first;
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++, unacked = unacked->next) {
        assert_non_null(unacked);
        assert_string_equal(unacked->xml, stanzas[i]);
        assert_int_equal(unacked->length, strlen(stanzas[i]));
        bytes += unacked->length;
        if (i + 1 == count)
            assert_ptr_equal(queue.last, unacked);
    }
    assert_null(unacked);
    assert_int_equal(queue.count, count);
    assert_int_equal(queue.bytes, bytes);
    if (count == 0)
        assert_true(queue.first == NULL && queue.last == NULL);
    assert_string_equal(queue.again != NULL ? queue.again->xml : "", again);
}

static int set_up(void **state)
{
    (void)state;
    rig_begin();
    memset(&queue, 0, sizeof queue);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unacked_clear(rig.core, &queue);
    assert_queue(NULL, 0, "");
    rig_end();
    return 0;
}

/* ---- The queue ---- */

static void stanzas_are_kept_in_order_with_their_time(void **state)
{
    (void)state;
    static const char *const all[] = { "<a/>", "<bb/>", "<ccc/>" };
    const uint64_t began = rig.now;
    for (size_t i = 0; i < 3; i++, rig.now += RIG_MINUTE) {
        char *xml = strdup(all[i]);
        keep(xml, NULL);
        free(xml); /* the queue has a copy */
        assert_true(queue.last->time == began + i * RIG_MINUTE);
    }
    assert_queue(all, 3, "");
    unacked_acknowledge(rig.core, &queue);
    assert_queue(all + 1, 2, "");
    unacked_acknowledge(rig.core, &queue);
    unacked_acknowledge(rig.core, &queue);
    assert_queue(NULL, 0, "");
    keep("<ccc/>", NULL);
    assert_queue(all + 2, 1, "");
}

static void what_is_sent_again_first_may_be_acknowledged(void **state)
{
    (void)state;
    static const char *const all[] = { "<a/>", "<bb/>" };
    keep(all[0], NULL);
    keep(all[1], NULL);
    queue.again = queue.first;
    unacked_acknowledge(rig.core, &queue);
    assert_queue(all + 1, 1, "<bb/>");
    unacked_acknowledge(rig.core, &queue);
    assert_queue(NULL, 0, "");
}

static void without_memory_nothing_is_kept(void **state)
{
    (void)state;
    static const char *const all[] = { "<a/>" };
    struct copies *copies = copies_new(rig.core);
    assert_non_null(copies);
    keep(all[0], NULL);
    rig.memory.fail_at = rig.memory.allocations + 1;
    assert_false(unacked_keep(rig.core, &queue, "<b/>", 4, copies));
    assert_queue(all, 1, "");
    assert_int_equal(copies->holders, 1);
    copies_release(rig.core, copies);
    rig.memory.fail_at = rig.memory.allocations + 1;
    assert_null(copies_new(rig.core));
    copies_release(rig.core, NULL);
}

/* ---- Copies ---- */

static void copies_exist_as_long_as_one_is_held(void **state)
{
    (void)state;
    struct copies *copies = copies_new(rig.core);
    assert_non_null(copies);
    keep("<a/>", NULL);
    keep("<b/>", copies);
    assert_int_equal(copies->holders, 2);
    assert_int_equal(unacked_place(&queue, copies), 2);
    copies_release(rig.core, copies);
    assert_int_equal(copies->holders, 1);
    assert_false(copies->delivered);
    const size_t live = rig.memory.live;
    unacked_clear(rig.core, &queue);
    assert_int_equal(rig.memory.live, live - 3); /* two stanzas and the copies */
}

/* Only an acknowledgement is a delivery: the end of a queue is not. */
static void an_acknowledgement_delivers_every_copy(void **state)
{
    (void)state;
    struct copies *acknowledged = copies_new(rig.core), *lost = copies_new(rig.core);
    assert_non_null(acknowledged);
    assert_non_null(lost);
    keep("<a/>", acknowledged);
    keep("<b/>", lost);
    unacked_acknowledge(rig.core, &queue);
    assert_true(acknowledged->delivered);
    assert_int_equal(acknowledged->holders, 1);
    assert_int_equal(unacked_place(&queue, acknowledged), 0);
    assert_int_equal(unacked_place(&queue, lost), 1);
    unacked_clear(rig.core, &queue);
    assert_false(lost->delivered);
    copies_release(rig.core, acknowledged);
    copies_release(rig.core, lost);
}

/* ---- Stanzas that are not sent again ---- */

static bool is_in(void *context, const struct unacked *unacked)
{
    return strchr(context, unacked->xml[1]) != NULL;
}

static void only_what_is_not_sent_again_yet_may_be_removed(void **state)
{
    (void)state;
    static const char *const all[] = { "<a/>", "<b/>", "<c/>", "<d/>" };
    static const struct {
        size_t sent; /* this many were sent again; 4: there was no resumption */
        const char *unwanted, *left, *again;
    } rows[] = {
        { 0, "", "abcd", "<a/>" },  { 0, "a", "bcd", "<b/>" },    { 0, "d", "abc", "<a/>" },
        { 0, "bc", "ad", "<a/>" },  { 0, "abcd", "", "" },        { 2, "abcd", "ab", "" },
        { 2, "bc", "abd", "<d/>" }, { 2, "ad", "abc", "<c/>" },   { 4, "abcd", "abcd", "" },
        { 3, "d", "abc", "" },      { 3, "abc", "abcd", "<d/>" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *left[4];
        size_t count = 0;
        for (size_t s = 0; s < 4; s++) {
            keep(all[s], NULL);
            if (s == rows[i].sent)
                queue.again = queue.last;
            if (strchr(rows[i].left, all[s][1]) != NULL)
                left[count++] = all[s];
        }
        char unwanted[8];
        snprintf(unwanted, sizeof unwanted, "%s", rows[i].unwanted);
        assert_int_equal(unacked_forget(rig.core, &queue, is_in, unwanted), 4 - count);
        assert_queue(left, count, rows[i].again);
        unacked_clear(rig.core, &queue);
    }
}

/* ---- Sending again (XEP-0203, XEP-0198, 5) ---- */

#define DELAY "<delay xmlns='urn:xmpp:delay' from='localhost' stamp='2001-01-01T00:00:00Z'/>"

static const char *written_again(const char *xml)
{
    static char text[1024];
    struct buffer out;
    buffer_init(&out, &rig_memory);
    keep(xml, NULL);
    unacked_write_delayed(&out, queue.last, "localhost");
    assert_false(out.failed);
    assert_true(out.length < sizeof text);
    snprintf(text, sizeof text, "%.*s", (int)out.length, out.bytes);
    buffer_free(&out);
    return text;
}

static void a_stanza_gets_the_time_at_which_it_was_sent(void **state)
{
    (void)state;
    static const struct {
        const char *sent, *again;
    } rows[] = {
        { "<message/>", "<message>" DELAY "</message>" },
        { "<presence from='a@b/c'/>", "<presence from='a@b/c'>" DELAY "</presence>" },
        { "<message id='1'><body>/></body></message>", "<message id='1'><body>/></body>" DELAY "</message>" },
        { "<message id='>'><x/></message>", "<message id='>'><x/>" DELAY "</message>" },
        /* a delay of another host, one inside another stanza, and an element of the same name are not the
         * server's */
        { "<message><delay xmlns='urn:xmpp:delay' from='a@b'/></message>",
          "<message><delay xmlns='urn:xmpp:delay' from='a@b'/>" DELAY "</message>" },
        { "<message><f><m>" DELAY "</m></f></message>",
          "<message><f><m>" DELAY "</m></f>" DELAY "</message>" },
        { "<message><delay xmlns='urn:x' from='localhost'/></message>",
          "<message><delay xmlns='urn:x' from='localhost'/>" DELAY "</message>" },
        { "<message xmlns:b='urn:x'><b:delay from='localhost'/></message>",
          "<message xmlns:b='urn:x'><b:delay from='localhost'/>" DELAY "</message>" },
        { "<message><delayed xmlns='urn:xmpp:delay' from='localhost'/></message>",
          "<message><delayed xmlns='urn:xmpp:delay' from='localhost'/>" DELAY "</message>" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(written_again(rows[i].sent), rows[i].again);
}

static void an_iq_and_what_has_a_time_stay_as_they_are(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>",
        "<message><body>1</body>" DELAY "</message>",
        "<message>" DELAY "<body>1</body></message>",
        "<message><x><y/></x>" DELAY "</message>",
        ("<message xmlns:b='urn:xmpp:delay'><b:delay from='localhost' "
         "stamp='1999-01-01T00:00:00Z'/></message>"),
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(written_again(rows[i]), rows[i]);
}

/* A stanza that is sent again has its original time, once (XEP-0203), and is otherwise unchanged. */
static void what_is_sent_again_carries_its_time(void **state)
{
    (void)state;
    rig_keep_item("romeo@localhost", "juliet@localhost", "from");
    struct host_link *romeo = rig_online("romeo", "orchard");
    struct host_link *juliet = rig_online("juliet", "balcony");
    const char *id = enable(romeo);
    rig_take(romeo);
    rig_hangup(romeo);
    rig_say(juliet, "<message to='romeo@localhost/orchard' type='headline'/>"
                    "<message to='romeo@localhost/orchard' type='headline'><x xmlns='urn:x'/>"
                    "<delay xmlns='urn:xmpp:delay' stamp='1999-01-01T00:00:00Z'/></message>"
                    "<iq to='romeo@localhost/orchard' type='get' id='v'><q xmlns='urn:q'/></iq>");
    pass(RIG_MINUTE);
    struct host_link *again = rig_authenticated("romeo");
    resume(again, id, 0);
    const char *text = rig_take(again);
    rig_assert_has(text, "<delay xmlns='urn:xmpp:delay' from='localhost' stamp='2001-01-01T00:00:00Z'/>"
                         "</message><message ");
    rig_assert_has(text, "<delay xmlns='urn:xmpp:delay' stamp='1999-01-01T00:00:00Z'/>"
                         "<delay xmlns='urn:xmpp:delay' from='localhost' stamp='2001-01-01T00:00:00Z'/>"
                         "</message><iq ");
    assert_int_equal(rig_count(text, "<delay "), 3);
}

/* Nor does it get a second one where its namespaces are so many that they have prefixes. */
static void what_was_kept_and_is_sent_again_has_one_time(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.features = CORE_OFFLINE;
    rig_begin_with(&settings);
    char message[4000] = "<message to='romeo@localhost'><body>1</body>";
    for (int i = 0; i < 100; i++)
        (void)snprintf(message + strlen(message), sizeof message - strlen(message),
                       "<x xmlns='urn:example:%d'/>", i);
    (void)snprintf(message + strlen(message), sizeof message - strlen(message), "</message>");
    rig_say(rig_online("juliet", "balcony"), message);
    struct host_link *romeo = rig_login("romeo", "orchard");
    const char *id = enable(romeo);
    rig_say(romeo, "<presence/>");
    rig_assert_has(rig_take(romeo), ":delay from='localhost' ");
    rig_hangup(romeo);
    struct host_link *again = rig_authenticated("romeo");
    resume(again, id, 0);
    const char *text = rig_take(again);
    rig_assert_has(text, ":delay from='localhost' ");
    rig_assert_lacks(strstr(text, "<message "), "<delay ");
    rig_end();
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(stanzas_are_kept_in_order_with_their_time),
        TEST(what_is_sent_again_first_may_be_acknowledged),
        TEST(without_memory_nothing_is_kept),
        TEST(copies_exist_as_long_as_one_is_held),
        TEST(an_acknowledgement_delivers_every_copy),
        TEST(only_what_is_not_sent_again_yet_may_be_removed),
        TEST(a_stanza_gets_the_time_at_which_it_was_sent),
        TEST(an_iq_and_what_has_a_time_stay_as_they_are),
        RIG_TEST(what_is_sent_again_carries_its_time),
        cmocka_unit_test(what_was_kept_and_is_sent_again_has_one_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
