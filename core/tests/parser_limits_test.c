/* Costs of a stream that violate the policy (core.h, struct core_limits; RFC 6120, 13.12). */
#include "parser_rig.h"

/* ---- Bytes, depth, memory ---- */

static void a_stanza_may_have_as_many_bytes_as_the_limit_says(void **state)
{
    (void)state;
    heard.limits.stanza_bytes = 500;
    for (size_t size = 499; size <= 501; size++)
        for (size_t i = 0; i < PIECES; i++) {
            const char *xml = rig_filled("<a>", 'x', size - 7, "</a>"); /* as long as `size` says */
            begin();
            feed_in_pieces(HEADER "  \n", sizeof HEADER + 2, pieces[i]);
            for (int times = 0; times < 2 && !heard.failed; times++)
                feed_in_pieces(xml, size, pieces[i]);
            assert_int_equal(rig_count(heard.log, "S<a>"), size <= 500 ? 2 : 0);
            assert_int_equal(heard.failed, size > 500);
            assert_true(!heard.failed || heard.error == STREAM_POLICY_VIOLATION);
            end();
        }
}

static void a_stream_header_may_have_as_many_bytes_as_the_limit_says(void **state)
{
    (void)state;
    static const char xml[] = "<?xml version='1.0'?>" HEADER "<a/>";
    size_t header = sizeof xml - 1 - 4;
    heard.limits.stanza_bytes = header;
    expect(xml, "Hstream jabber:client\nS<a/>\n");
    heard.limits.stanza_bytes = header - 1;
    expect_error(xml, STREAM_POLICY_VIOLATION);
}

static void a_stanza_that_never_ends_is_too_large(void **state)
{
    (void)state;
    static const char *const beginnings[] = { "<a b='", "<", "<a>", "<a", "<a><![CDATA[", "</", "<a>&#0000" };
    heard.limits.stanza_bytes = 500;
    for (size_t b = 0; b < sizeof beginnings / sizeof *beginnings; b++) {
        char fill = beginnings[b][1] == '\0' || beginnings[b][1] == '/' ? 'n' : '0';
        char head[256];
        snprintf(head, sizeof head, "%s%s", HEADER, beginnings[b]);
        const char *xml = rig_filled(head, fill, 600, "");
        expect_error(xml, STREAM_POLICY_VIOLATION);
    }
    expect_error(rig_filled("", ' ', 600, ""), STREAM_POLICY_VIOLATION); /* before any header */
}

/* RFC 6120, 4.6.1. */
static void white_space_between_stanzas_counts_for_nothing(void **state)
{
    (void)state;
    char xml[4096];
    (void)snprintf(xml, sizeof xml, HEADER "%2000s<a/>\r\n\t&#13;%1000s<b/>", "", "");
    heard.limits.stanza_bytes = sizeof HEADER;
    expect(xml, "Hstream jabber:client\nS<a/>\nS<b/>\n");
}

/* Expat would copy the namespace for each before it tells of any. */
static void attributes_of_a_long_namespace_may_not_be_too_many(void **state)
{
    (void)state;
    enum { LONG = 100000 };
    static const char *const before[] = { "", "<a/>",
                                          "<p/>" }; /* alone, after a stanza, after one that pauses */
    for (size_t b = 0; b < sizeof before / sizeof before[0]; b++)
        for (size_t i = 0; i < PIECES; i++) {
            struct buffer xml;
            buffer_init(&xml, &rig_memory);
            buffer_string(&xml, HEADER);
            buffer_string(&xml, before[b]);
            buffer_string(&xml, rig_filled("<m xmlns:p='", 'x', LONG, "'"));
            for (int n = 0; n < 5000; n++) {
                buffer_string(&xml, " p:a");
                buffer_number(&xml, (uint64_t)n);
                buffer_string(&xml, "=''");
            }
            buffer_string(&xml, "/>");
            begin();
            feed_in_pieces(xml.bytes, xml.length, pieces[i]);
            assert_true(heard.failed);
            assert_int_equal(heard.error, STREAM_POLICY_VIOLATION);
            assert_in_range(heard.parser.fed, LONG, LONG + 500);
            assert_int_equal(rig_count(heard.log, "S<"), b > 0);
            buffer_free(&xml);
            end();
        }
}

static void before_login_less_may_be_sent(void **state)
{
    (void)state;
    heard.limits.unauthenticated_bytes = 500;
    for (size_t size = 500; size <= 501; size++)
        for (int logged_in = 0; logged_in < 2; logged_in++) {
            begin();
            heard.parser.unauthenticated = logged_in == 0;
            feed(HEADER);
            feed(rig_filled("<a>", 'x', size - 7, "</a>"));
            assert_int_equal(heard.failed, size == 501 && logged_in == 0);
            end();
        }
    const char *header = rig_filled("<stream:stream xmlns='jabber:client' xmlns:stream='", 'x', 500, "'>");
    expect_error(header, STREAM_POLICY_VIOLATION); /* after login as well */
}

static void before_login_less_may_wait(void **state)
{
    (void)state;
    heard.limits.unauthenticated_bytes = 500;
    begin();
    heard.parser.unauthenticated = true;
    feed(HEADER "<p/>");
    parser_feed(&heard.parser, rig_filled("", ' ', 500, ""), 500);
    assert_false(heard.failed);
    feed(" ");
    assert_true(heard.failed);
    end();
}

/* Expat reports each line feed by itself. */
static void line_feeds_are_one_text(void **state)
{
    (void)state;
    enum { LINES = 100000 };
    begin();
    feed(HEADER "<a>");
    feed(rig_filled("", '\n', LINES, ""));
    assert_false(heard.failed);
    assert_in_range(heard.parser.stanza->arena.asked, LINES, 5 * LINES);
    const struct element *text = heard.parser.element->first;
    assert_int_equal(text->text_length, LINES);
    assert_null(text->next);
    end();
}

static void a_stanza_may_take_as_much_memory_as_the_limit_says(void **state)
{
    (void)state;
    static const char *const dense[] = { "<a/>", "<a b=''/>", "<a/>x", "<a>\n</a>" };
    for (size_t i = 0; i < sizeof dense / sizeof dense[0]; i++) {
        begin();
        feed(HEADER "<m>");
        size_t most = 0;
        for (size_t bytes = 0; bytes < heard.limits.stanza_bytes - 20 && !heard.failed;
             bytes += strlen(dense[i])) {
            most = heard.parser.stanza->arena.asked;
            feed(dense[i]);
        }
        assert_in_range(most, 1, STANZA_MEMORY * heard.limits.stanza_bytes + 1024);
        assert_true(!heard.failed || heard.error == STREAM_POLICY_VIOLATION);
        assert_true(i != 0 || heard.failed);
        end();
    }
}

/* ---- Bytes that expat scans again ---- */

static void feed_value(size_t length, size_t size, const char *piece)
{
    for (size_t at = 0; at < length && !heard.failed; at += size)
        parser_feed(&heard.parser, piece, size);
}

static void a_large_tag_in_small_pieces_is_scanned_twice(void **state)
{
    (void)state;
    enum { LENGTH = 200000 };
    static const size_t sizes[] = { 1, 16, 100, 1000 };
    const char *piece = rig_filled("", 'x', 1000, "");
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        begin();
        feed(HEADER "<s b='");
        feed_value(LENGTH, sizes[i], piece);
        assert_false(heard.failed);
        assert_in_range(heard.parser.scanned_again, 0, 2 * LENGTH + 1000);
        assert_null(heard.parser.element);
        feed("'>"); /* and is there as soon as it is complete */
        assert_int_equal(strlen(element_get(heard.parser.element, "b")), LENGTH);
        end();
    }
}

/* A value does not end a tag, whatever it contains. */
static void what_looks_like_the_end_of_a_tag_is_scanned_twice(void **state)
{
    (void)state;
    enum { LENGTH = 200000 };
    static const struct {
        const char *begin, *piece, *end;
    } tags[] = { { "<s b='", ">", "'>" },
                 { "<s b='", ">xxxxxxxxxxxxxxx", "'>" },
                 { "<s b=\"", "'>", "\">" },
                 { "<s a='\">' b='", "\">", "'>" },
                 { "<s a=\"'>\" b='", "/>", "'>" } };
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
        begin();
        feed(HEADER);
        feed(tags[i].begin);
        feed_value(LENGTH, strlen(tags[i].piece), tags[i].piece);
        assert_false(heard.failed);
        assert_in_range(heard.parser.scanned_again, 0, 2 * LENGTH + 1000);
        assert_null(heard.parser.element);
        feed(tags[i].end); /* and is there as soon as it is complete */
        assert_in_range(strlen(element_get(heard.parser.element, "b")), LENGTH, LENGTH + 16);
        end();
    }
}

/* RFC 6120, 11.1: one that is long is not waited for. */
static void what_is_no_tag_and_long_fails_before_it_ends(void **state)
{
    (void)state;
    static const char *const beginnings[] = { HEADER "<!--", HEADER "<a><!--", HEADER "<?a ", "<!--" };
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++) {
        begin();
        feed(beginnings[i]);
        feed_value(400, 1, ">");
        assert_true(heard.failed);
        assert_int_equal(heard.error, STREAM_RESTRICTED_XML);
        end();
    }
    begin();
    feed("<?xml ");
    feed_value(400, 1, " ");
    assert_true(heard.failed);
    assert_int_equal(heard.error, STREAM_POLICY_VIOLATION);
    end();
}

static void held_bytes_count_for_the_limits(void **state)
{
    (void)state;
    const char *piece = rig_filled("", 'x', 100, "");
    heard.limits.stanza_bytes = 2000;
    begin();
    feed(HEADER "<a b='");
    feed_value(1900, 100, piece);
    assert_false(heard.failed);
    feed_value(200, 100, piece);
    assert_true(heard.failed);
    end();
}

/* However the bytes are split: those after the pausing stanza count whether they arrived with it or not. */
static void as_many_bytes_wait_as_the_limit_says(void **state)
{
    (void)state;
    static const char xml[] = HEADER "<p/><a/><b/><c/>"; /* twelve bytes after the pause */
    heard.limits.waiting_bytes = 12;
    for (size_t bytes = 12; bytes >= 11; bytes--) {
        heard.limits.waiting_bytes = bytes;
        for (size_t i = 0; i < PIECES; i++) {
            begin();
            for (size_t at = 0; at < sizeof xml - 1; at += pieces[i])
                parser_feed(&heard.parser, xml + at,
                            sizeof xml - 1 - at < pieces[i] ? sizeof xml - 1 - at : pieces[i]);
            assert_int_equal(heard.failed, bytes < 12);
            assert_true(!heard.failed || heard.error == STREAM_POLICY_VIOLATION);
            parser_resume(&heard.parser);
            assert_int_equal(rig_count(heard.log, "<c/>"), !heard.failed);
            end();
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_stanza_may_have_as_many_bytes_as_the_limit_says, set_up),
        cmocka_unit_test_setup(a_stream_header_may_have_as_many_bytes_as_the_limit_says, set_up),
        cmocka_unit_test_setup(a_stanza_that_never_ends_is_too_large, set_up),
        cmocka_unit_test_setup(white_space_between_stanzas_counts_for_nothing, set_up),
        cmocka_unit_test_setup(attributes_of_a_long_namespace_may_not_be_too_many, set_up),
        cmocka_unit_test_setup(before_login_less_may_be_sent, set_up),
        cmocka_unit_test_setup(before_login_less_may_wait, set_up),
        cmocka_unit_test_setup(line_feeds_are_one_text, set_up),
        cmocka_unit_test_setup(a_stanza_may_take_as_much_memory_as_the_limit_says, set_up),
        cmocka_unit_test_setup(a_large_tag_in_small_pieces_is_scanned_twice, set_up),
        cmocka_unit_test_setup(what_looks_like_the_end_of_a_tag_is_scanned_twice, set_up),
        cmocka_unit_test_setup(what_is_no_tag_and_long_fails_before_it_ends, set_up),
        cmocka_unit_test_setup(held_bytes_count_for_the_limits, set_up),
        cmocka_unit_test_setup(as_many_bytes_wait_as_the_limit_says, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
