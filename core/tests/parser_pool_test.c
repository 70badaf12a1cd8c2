/* Streams that share their parsers report what they would report with one of their own each. */
#include "rig.h"
#include "shallow.h"
#include "xml/parser.h"

#define HEADER "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='a'>"

enum { STREAMS = 3, LOG = 4096 };

/* The reports: H a header, S a stanza as XML, E the end, F a failure. */
struct listener {
    struct parser parser;
    struct parser_pool own; /* of one that does not share */
    char log[LOG];
    bool restarts; /* at <success/> */
    bool pauses;   /* at every stanza */
};

/* The test's own, which does not fail. */
static const struct core_memory memory = { malloc, realloc, free };

static struct listener listeners[STREAMS];
static struct core_limits limits;
static struct parser_pool pool;

static void note(struct listener *listener, const char *text, size_t length)
{
    size_t used = strlen(listener->log);
    assert_true(used + length + 1 < LOG);
    memcpy(listener->log + used, text, length);
    listener->log[used + length] = '\0';
}

static void on_header(void *host, struct stanza *header, const char *content_ns)
{
    (void)content_ns;
    note(host, "H", 1);
    stanza_free(header);
}

static void on_stanza(void *host, struct stanza *stanza)
{
    struct listener *listener = host;
    struct buffer xml;
    buffer_init(&xml, &memory);
    element_write(&xml, stanza->root, NS_CLIENT);
    note(listener, "S", 1);
    note(listener, xml.bytes, xml.length);
    buffer_free(&xml);
    if (listener->restarts && strcmp(stanza->root->name, "success") == 0)
        parser_restart(&listener->parser);
    if (listener->pauses)
        parser_pause(&listener->parser);
    stanza_free(stanza);
}

static void on_end(void *host)
{
    note(host, "E", 1);
}

static void on_failed(void *host, enum stream_error error, const char *text)
{
    (void)error;
    (void)text;
    note(host, "F", 1);
}

static const struct parser_events events = { on_header, on_stanza, on_end, on_failed };

static void begin(struct listener *listener, bool shares)
{
    *listener = (struct listener){ 0 };
    parser_pool_init(&listener->own, &rig_memory, 1);
    assert_true(parser_init(&listener->parser, shares ? &pool : &listener->own, &limits, &events, listener));
}

static void feed(struct listener *listener, const char *bytes)
{
    parser_feed(&listener->parser, bytes, strlen(bytes));
}

static bool has_expat(const struct listener *listener)
{
    return listener->parser.expat != NULL;
}

static int set_up(void **state)
{
    (void)state;
    rig.memory.live = rig.memory.allocations = rig.memory.fail_at = 0;
    limits = core_settings_default().limits;
    parser_pool_init(&pool, &rig_memory, 1);
    return 0;
}

static void end_all(size_t count)
{
    for (size_t i = 0; i < count; i++) {
        parser_free(&listeners[i].parser);
        parser_pool_empty(&listeners[i].own);
    }
    parser_pool_empty(&pool);
    assert_int_equal(rig.memory.live, 0);
}

static void a_stream_that_waits_has_no_parser(void **state)
{
    (void)state;
    struct listener *one = &listeners[0];
    begin(one, true);
    feed(one, HEADER);
    assert_false(has_expat(one));
    feed(one, "<message><bo");
    assert_true(has_expat(one));
    feed(one, "dy>O</body></message>");
    assert_false(has_expat(one));
    feed(one, " ");
    assert_false(has_expat(one));
    assert_string_equal(one->log, "HS<message><body>O</body></message>");
    end_all(1);
}

/* Each of these is split at every place, and parsed piece by piece alternating with the others. */
static const char *const scripts[STREAMS] = {
    HEADER "<message to='b@a'><body>one &amp; two</body></message> <iq/><presence xmlns:x='y' x:z='1'/>"
           "</stream:stream>",
    "<?xml version='1.0'?>" HEADER "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"
    "<?xml version='1.0'?>" HEADER "<iq><query xmlns='jabber:iq:roster'/></iq></stream:stream>",
    HEADER "<message xml:lang='fr'/><message></presence>",
};

static void play_alone(char expected[STREAMS][LOG])
{
    for (size_t i = 0; i < STREAMS; i++) {
        begin(&listeners[i], false);
        listeners[i].restarts = true;
        feed(&listeners[i], scripts[i]);
        memcpy(expected[i], listeners[i].log, LOG);
    }
    end_all(STREAMS);
}

static void feed_piece(struct listener *listener, const char *script, size_t at, size_t size)
{
    size_t length = strlen(script);
    if (at < length)
        parser_feed(&listener->parser, script + at, length - at < size ? length - at : size);
    while (listener->parser.paused && !listener->parser.stopped)
        parser_resume(&listener->parser);
}

static void play_together(const char expected[STREAMS][LOG], size_t size, bool pauses)
{
    for (size_t i = 0; i < STREAMS; i++) {
        begin(&listeners[i], true);
        listeners[i].restarts = true;
        listeners[i].pauses = pauses;
    }
    for (size_t at = 0; at < LOG; at += size)
        for (size_t i = 0; i < STREAMS; i++)
            feed_piece(&listeners[i], scripts[i], at, size);
    for (size_t i = 0; i < STREAMS; i++)
        assert_string_equal(listeners[i].log, expected[i]);
    end_all(STREAMS);
}

static void streams_that_share_do_not_notice(void **state)
{
    (void)state;
    static char expected[STREAMS][LOG];
    play_alone(expected);
    for (size_t size = 1; size < 400; size++) {
        play_together((const char(*)[LOG])expected, size, false);
        play_together((const char(*)[LOG])expected, size, true);
    }
}

/* The parser is not lent to another stream within white space of an open CDATA section. */
static void a_stream_inside_a_cdata_section_keeps_its_parser(void **state)
{
    (void)state;
    begin(&listeners[0], true);
    begin(&listeners[1], true);
    feed(&listeners[0], HEADER "<![CDATA[ ");
    assert_true(has_expat(&listeners[0]));
    feed(&listeners[1], HEADER "<iq/>");
    feed(&listeners[0], " ]]><iq/>");
    assert_false(has_expat(&listeners[0]));
    for (size_t i = 0; i < 2; i++)
        assert_string_equal(listeners[i].log, "HS<iq/>");
    end_all(2);
}

/* Another prefix than "stream", or one more namespace, is known only to the parser that read the header. */
static void a_stream_with_namespaces_of_its_own_keeps_its_parser(void **state)
{
    (void)state;
    static const char *const headers[] = {
        "<s:stream xmlns='jabber:client' xmlns:s='http://etherx.jabber.org/streams'>",
        "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' xmlns:x='y'>",
        "<stream xmlns='http://etherx.jabber.org/streams'>",
        "<stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams'>",
        "<message xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>",
    };
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        begin(&listeners[0], true);
        feed(&listeners[0], headers[i]);
        feed(&listeners[0], "<iq/>");
        assert_true(has_expat(&listeners[0]));
        end_all(1);
    }
}

static void a_limit_counts_from_the_stanza_and_not_from_what_others_sent(void **state)
{
    (void)state;
    limits.stanza_bytes = 200;
    begin(&listeners[0], true);
    begin(&listeners[1], true);
    for (size_t i = 0; i < 2; i++)
        feed(&listeners[i], HEADER);
    for (size_t i = 0; i < 100; i++)
        feed(&listeners[i % 2], "<message><body>a hundred times</body></message>");
    assert_null(strchr(listeners[0].log, 'F'));
    assert_null(strchr(listeners[1].log, 'F'));
    end_all(2);
}

/* Expat keeps every name that it ever saw, each in a block of its own. */
static void no_parser_lives_for_ever(void **state)
{
    (void)state;
    LONG_TEST();
    enum { NAMES = 200000 };
    begin(&listeners[0], true);
    feed(&listeners[0], HEADER);
    size_t most = 0;
    for (unsigned i = 0; i < NAMES; i++) {
        char stanza[32];
        (void)snprintf(stanza, sizeof stanza, "<n%u/>", i);
        feed(&listeners[0], stanza);
        listeners[0].log[0] = '\0';
        most = rig.memory.live > most ? rig.memory.live : most;
    }
    assert_true(most < NAMES / 4);
    end_all(1);
}

/* Nor does one that only its stream can use: the next one has read the same header. */
static void a_parser_of_a_header_of_its_own_is_replaced_when_it_is_old(void **state)
{
    (void)state;
    LONG_TEST();
    enum { NAMES = 100000 };
    begin(&listeners[0], true);
    feed(&listeners[0], "<?xml version='1.0'?><s:stream xmlns='jabber:client' xmlns:s='" NS_STREAMS
                        "' xmlns:x='urn:&amp;'>");
    size_t most = 0;
    for (unsigned i = 0; i < NAMES; i++) {
        char stanza[32];
        (void)snprintf(stanza, sizeof stanza, "<n%u/>", i);
        feed(&listeners[0], stanza);
        assert_null(strchr(listeners[0].log, 'F'));
        listeners[0].log[0] = '\0';
        most = rig.memory.live > most ? rig.memory.live : most;
    }
    assert_true(most < NAMES / 2);
    feed(&listeners[0], "<iq><x:a/></iq></s:stream>");
    assert_string_equal(listeners[0].log, "S<iq><a xmlns='urn:&amp;'/></iq>E");
    end_all(1);
}

static void more_parsers_than_are_kept_are_freed(void **state)
{
    (void)state;
    enum { MANY = PARSERS_KEPT + 3 };
    static struct listener many[MANY];
    for (size_t i = 0; i < MANY; i++)
        begin(&many[i], true);
    for (size_t i = 0; i < MANY; i++)
        feed(&many[i], HEADER);
    assert_int_equal(pool.count, PARSERS_KEPT);
    for (size_t i = 0; i < MANY; i++)
        feed(&many[i], "<message>");
    assert_int_equal(pool.count, 0);
    for (size_t i = 0; i < MANY; i++)
        parser_free(&many[i].parser);
    end_all(0);
}

/* How far the stream of the first came that was over when the second began. */
static const char *const overs[] = {
    "",
    "<?xml version='1.0'",
    HEADER,
    HEADER "<message><body>half",
    HEADER "<![CDATA[ ",
    HEADER "</stream:stream>",
    HEADER "</stream:stream> ",
    HEADER "<a></b>",
    HEADER "<!-- no -->",
    HEADER "\xff",
    "<?xml version='1.0' encoding='latin-1'?>",
    "<stream xmlns='http://etherx.jabber.org/streams' xmlns:x='urn:x'>",
};

static void a_stream_that_begins_knows_nothing_of_one_that_is_over(void **state)
{
    (void)state;
    static const char xml[] = "<?xml version='1.0'?>" HEADER "<iq/><x:y/>";
    for (size_t i = 0; i < sizeof overs / sizeof *overs; i++) {
        begin(&listeners[0], true);
        feed(&listeners[0], overs[i]);
        parser_free(&listeners[0].parser);
        assert_int_equal(pool.count, 1);
        rig.memory.allocations = 0;
        begin(&listeners[1], true);
        assert_int_equal(pool.count, 0);
        feed(&listeners[1], xml);
        assert_string_equal(listeners[1].log, "HS<iq/>F");
        parser_free(&listeners[1].parser);
        end_all(0);
    }
}

/* A parser of a stream that is over reads the header that nearly all send before it is lent. */
static void a_stream_is_lent_a_parser_of_one_that_is_over(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof overs / sizeof *overs; i++) {
        begin(&listeners[0], true);
        feed(&listeners[0], overs[i]);
        begin(&listeners[1], true);
        feed(&listeners[1], HEADER);
        parser_pool_empty(&pool);
        parser_free(&listeners[0].parser);
        feed(&listeners[1], "<iq/><x:y/>");
        assert_string_equal(listeners[1].log, "HS<iq/>F");
        parser_free(&listeners[1].parser);
        end_all(0);
    }
}

static void a_parser_that_ran_out_of_memory_is_not_kept(void **state)
{
    (void)state;
    bool failed = true;
    for (size_t nth = 1; failed; nth++) {
        begin(&listeners[0], true);
        feed(&listeners[0], HEADER "<message>");
        rig.memory.allocations = 0;
        rig.memory.fail_at = nth;
        feed(&listeners[0], "<a xmlns:b='urn:b' b:c='d'>&lt;</a></message>");
        rig.memory.fail_at = 0;
        failed = strcmp(listeners[0].log, "HF") == 0;
        parser_free(&listeners[0].parser);
        begin(&listeners[1], true);
        feed(&listeners[1], HEADER "<iq/>");
        assert_string_equal(listeners[1].log, "HS<iq/>");
        parser_free(&listeners[1].parser);
        end_all(0);
    }
}

static void a_stream_that_can_be_lent_none_fails(void **state)
{
    (void)state;
    for (size_t nth = 1;; nth++) {
        rig.memory.allocations = rig.memory.fail_at = 0;
        begin(&listeners[0], true);
        feed(&listeners[0], HEADER);
        parser_pool_empty(&pool);
        rig.memory.allocations = 0;
        rig.memory.fail_at = nth;
        feed(&listeners[0], "<iq/>");
        bool failed = rig.memory.allocations >= nth;
        rig.memory.fail_at = 0;
        assert_string_equal(listeners[0].log, failed ? "HF" : "HS<iq/>");
        end_all(1);
        if (!failed)
            return;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_stream_that_waits_has_no_parser, set_up),
        cmocka_unit_test_setup(streams_that_share_do_not_notice, set_up),
        cmocka_unit_test_setup(a_stream_inside_a_cdata_section_keeps_its_parser, set_up),
        cmocka_unit_test_setup(a_stream_with_namespaces_of_its_own_keeps_its_parser, set_up),
        cmocka_unit_test_setup(a_limit_counts_from_the_stanza_and_not_from_what_others_sent, set_up),
        cmocka_unit_test_setup(no_parser_lives_for_ever, set_up),
        cmocka_unit_test_setup(a_parser_of_a_header_of_its_own_is_replaced_when_it_is_old, set_up),
        cmocka_unit_test_setup(more_parsers_than_are_kept_are_freed, set_up),
        cmocka_unit_test_setup(a_stream_that_begins_knows_nothing_of_one_that_is_over, set_up),
        cmocka_unit_test_setup(a_stream_is_lent_a_parser_of_one_that_is_over, set_up),
        cmocka_unit_test_setup(a_parser_that_ran_out_of_memory_is_not_kept, set_up),
        cmocka_unit_test_setup(a_stream_that_can_be_lent_none_fails, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
