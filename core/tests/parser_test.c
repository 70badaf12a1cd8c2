/* Streams in pieces of every size, what may not be in them, and their limits (RFC 6120, 4.9.3 and 11.1). */
#include "../parser.h"
#include "rig.h"

#define HEADER "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='a'>"
#define END    "</stream:stream>"

/* What was told, one line for each: H header, S stanza as XML, E end, F failure. */
static struct heard {
    struct parser parser;
    struct core_limits limits;
    char log[16384];
    bool failed;
    enum stream_error error;
    /* What the callback of a stanza with that name does: p pauses, r restarts, s stops. */
    const char *acts;
} heard;

static void note(const char *text, size_t length)
{
    size_t used = strlen(heard.log);
    assert_true(used + length + 2 < sizeof heard.log);
    memcpy(heard.log + used, text, length);
    heard.log[used + length] = '\0';
}

static void note_element(char kind, const struct element *element)
{
    struct buffer xml;
    buffer_init(&xml, &rig_memory);
    buffer_append(&xml, &kind, 1);
    element_write(&xml, element, NS_CLIENT);
    buffer_append(&xml, "\n", 1);
    if (!xml.failed)
        note(xml.bytes, xml.length);
    buffer_free(&xml);
}

/* An element <p/> pauses, <r/> restarts, <pr/> does both, <s/> stops, and <h:.../> likewise for headers. */
static void act(const char *name)
{
    if (strlen(name) > 3)
        return;
    for (; *name != '\0'; name++) {
        if (*name == 'p')
            parser_pause(&heard.parser);
        if (*name == 'r')
            parser_restart(&heard.parser);
        if (*name == 's')
            parser_stop(&heard.parser);
    }
}

static void on_header(void *host, struct stanza *header, const char *default_ns)
{
    assert_ptr_equal(host, &heard);
    note("H", 1);
    note(header->root->name, strlen(header->root->name));
    note(" ", 1);
    note(default_ns, strlen(default_ns));
    note("\n", 1);
    stanza_free(header);
}

static void on_stanza(void *host, struct stanza *stanza)
{
    assert_ptr_equal(host, &heard);
    note_element('S', stanza->root);
    act(stanza->root->name);
    stanza_free(stanza);
}

static void on_end(void *host)
{
    assert_ptr_equal(host, &heard);
    note("E\n", 2);
}

static void on_failed(void *host, enum stream_error error, const char *text)
{
    (void)text;
    assert_ptr_equal(host, &heard);
    assert_false(heard.failed); /* once at most */
    heard.failed = true;
    heard.error = error;
    note("F\n", 2);
}

static struct parser_pool pool;

static const struct parser_events events = { on_header, on_stanza, on_end, on_failed };

static void begin(void)
{
    heard.log[0] = '\0';
    heard.failed = false;
    assert_true(parser_init(&heard.parser, &pool, &heard.limits, &events, &heard));
}

static void end(void)
{
    parser_free(&heard.parser);
    parser_pool_empty(&pool);
    assert_int_equal(rig_live, 0);
}

static int set_up(void **state)
{
    (void)state;
    rig_live = rig_allocations = rig_fail_at = 0;
    heard.limits = core_settings_default().limits;
    parser_pool_init(&pool, &rig_memory, 1);
    return 0;
}

static void feed(const char *bytes)
{
    parser_feed(&heard.parser, bytes, strlen(bytes));
}

/* In pieces; each from memory of its own, so that reading beyond one is noticed.  A parser that pauses is let
 * go on before the next piece. */
static void feed_in_pieces(const char *bytes, size_t length, size_t size)
{
    for (size_t at = 0; at < length; at += size) {
        size_t count = length - at < size ? length - at : size;
        char *piece = rig_copy(bytes + at, count);
        parser_feed(&heard.parser, piece, count);
        free(piece);
        while (heard.parser.paused && !heard.parser.stopped)
            parser_resume(&heard.parser);
    }
}

static const size_t pieces[] = { 1, 2, 3, 7, 1 << 20 };
enum { PIECES = sizeof pieces / sizeof *pieces };

static void expect(const char *xml, const char *log)
{
    for (size_t i = 0; i < PIECES; i++) {
        begin();
        feed_in_pieces(xml, strlen(xml), pieces[i]);
        assert_string_equal(heard.log, log);
        end();
    }
}

static void expect_error_of_bytes(const char *xml, size_t length, enum stream_error error)
{
    for (size_t i = 0; i < PIECES; i++) {
        begin();
        feed_in_pieces(xml, length, pieces[i]);
        if (!heard.failed || heard.error != error)
            fail_msg("%s in pieces of %zu: %s%d", xml, pieces[i], heard.failed ? "error " : "no error ",
                     (int)heard.error);
        assert_string_equal(strchr(heard.log, 'F'), "F\n"); /* and nothing after it */
        end();
    }
}

static void expect_error(const char *xml, enum stream_error error)
{
    expect_error_of_bytes(xml, strlen(xml), error);
}

/* ---- The sunny side ---- */

static void a_stream_is_its_header_its_stanzas_and_its_end(void **state)
{
    (void)state;
    static const char xml[] =
        "<?xml version='1.0' encoding='utf-8'?>" HEADER
        "<message to='b@c' xml:lang='de'><body>\xc3\xbc&amp;<![CDATA[<]]></body></message>"
        " \n\t<x xmlns='urn:x' xmlns:y='urn:y' y:z='1'><y:w/></x>" END;
    expect(xml, "Hstream jabber:client\n"
                "S<message to='b@c' xml:lang='de'><body>\xc3\xbc&amp;&lt;</body></message>\n"
                "S<x xmlns='urn:x' xmlns:a0='urn:y' a0:z='1'><w xmlns='urn:y'/></x>\n"
                "E\n");
}

/* XML namespaces reserve the prefix xml, and forbid it to be any element's default (Namespaces in XML, 3). */
static void an_element_of_the_prefix_xml_keeps_it(void **state)
{
    (void)state;
    static const char xml[] = HEADER "<a><xml:b xml:id='i'><c/></xml:b></a>";
    for (size_t i = 0; i < PIECES; i++) {
        begin();
        feed_in_pieces(xml, sizeof xml - 1, pieces[i]);
        rig_assert_has(heard.log, "<xml:b xml:id='i'>");
        rig_assert_has(heard.log, "</xml:b>");
        rig_assert_lacks(heard.log, "xmlns='http://www.w3.org/XML/1998/namespace'");
        end();
    }
}

static void the_default_namespace_is_told_with_the_header(void **state)
{
    (void)state;
    expect("<s:stream xmlns='jabber:server' xmlns:s='http://etherx.jabber.org/streams'>", "Hstream \n");
    expect("<s:stream xmlns:s='http://etherx.jabber.org/streams'>", "Hstream \n");
    expect("<s:stream xmlns='' xmlns:s='http://etherx.jabber.org/streams'>", "Hstream \n");
}

/* ---- Restricted XML (RFC 6120, 4.9.3 and 11) ---- */

static void what_xmpp_leaves_out_of_xml_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *xml;
        enum stream_error error;
    } cases[] = {
        /* 4.9.3.18 and 11.1: comments, processing instructions, DTDs, entity references */
        { HEADER "<!-- c -->", STREAM_RESTRICTED_XML },
        { HEADER "<a><!-- c --></a>", STREAM_RESTRICTED_XML },
        { "<!-- c -->" HEADER, STREAM_RESTRICTED_XML },
        { HEADER "<?php x?>", STREAM_RESTRICTED_XML },
        { "<?php x?>" HEADER, STREAM_RESTRICTED_XML },
        { HEADER "<a><?x?></a>", STREAM_RESTRICTED_XML },
        { "<!DOCTYPE a [<!ENTITY b 'c'>]>" HEADER, STREAM_RESTRICTED_XML },
        { "<!DOCTYPE a SYSTEM 'http://example.com/'>" HEADER, STREAM_RESTRICTED_XML },
        { HEADER "<a>&b;</a>", STREAM_RESTRICTED_XML },
        { HEADER "<a b='&c;'/>", STREAM_RESTRICTED_XML },
        /* 4.9.3.13: not well-formed */
        { HEADER "<a></b>", STREAM_NOT_WELL_FORMED },
        { HEADER "<a b=c/>", STREAM_NOT_WELL_FORMED },
        { HEADER "<a b='1' b='2'/>", STREAM_NOT_WELL_FORMED },
        { HEADER "<a b='<'/>", STREAM_NOT_WELL_FORMED },
        { HEADER "<a>\x01</a>", STREAM_NOT_WELL_FORMED },
        { HEADER "<a>&#0;</a>", STREAM_NOT_WELL_FORMED },
        { HEADER "<a>\xef\xbf\xbf</a>", STREAM_NOT_WELL_FORMED }, /* U+FFFF: XML 1.0, 2.2 */
        { HEADER "<a:b:c xmlns:a='urn:a'/>", STREAM_NOT_WELL_FORMED },
        { "hello <", STREAM_NOT_WELL_FORMED },
        { " <?xml version='1.0'?>" HEADER, STREAM_NOT_WELL_FORMED },
        { HEADER "</stream>", STREAM_NOT_WELL_FORMED },
        { HEADER "<?xml version='1.0'?>", STREAM_NOT_WELL_FORMED },
        /* 4.9.3.2: prefixes */
        { HEADER "<b:a/>", STREAM_BAD_NAMESPACE_PREFIX },
        { HEADER "<a b:c='d'/>", STREAM_BAD_NAMESPACE_PREFIX },
        { HEADER "<a xmlns:xml='urn:x'/>", STREAM_BAD_NAMESPACE_PREFIX },
        { HEADER "<a xmlns:xmlns='urn:x'/>", STREAM_BAD_NAMESPACE_PREFIX },
        { HEADER "<a xmlns='http://www.w3.org/XML/1998/namespace'/>", STREAM_BAD_NAMESPACE_PREFIX },
        /* 4.9.3.1: text where there is to be a stanza */
        { HEADER "hello", STREAM_BAD_FORMAT },
        { HEADER "<a/>&lt;", STREAM_BAD_FORMAT },
        { HEADER "\xc2\xa0<a/>", STREAM_BAD_FORMAT },
        /* 4.9.3.22: another encoding, or UTF-8 done wrongly (RFC 3629, 3) */
        { "<?xml version='1.0' encoding='ISO-8859-1'?>" HEADER, STREAM_UNSUPPORTED_ENCODING },
        { "<?xml version='1.0' encoding='UTF-16'?>" HEADER, STREAM_UNSUPPORTED_ENCODING },
        { "<?xml version='1.0' encoding='UTF-80'?>" HEADER, STREAM_UNSUPPORTED_ENCODING },
        { "<?xml version='1.0' encoding='UTF'?>" HEADER, STREAM_UNSUPPORTED_ENCODING },
        { HEADER "<a>\xff</a>", STREAM_UNSUPPORTED_ENCODING },
        { HEADER "<a>\xc0\x80</a>", STREAM_UNSUPPORTED_ENCODING },
        { HEADER "<a>\xed\xa0\x80</a>", STREAM_UNSUPPORTED_ENCODING },
        { HEADER "<a>\xf4\x90\x80\x80</a>", STREAM_UNSUPPORTED_ENCODING },
        { HEADER "<a>\xe2\x82</a>", STREAM_UNSUPPORTED_ENCODING },
        { HEADER "<a b='\x80'/>", STREAM_UNSUPPORTED_ENCODING },
        { HEADER "<\xe9/>", STREAM_UNSUPPORTED_ENCODING },
        { HEADER "\xff<a/>", STREAM_UNSUPPORTED_ENCODING },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_error(cases[i].xml, cases[i].error);
}

/* 11.6: UTF-8 is the only encoding, whatever a byte order mark or the first bytes say. */
static void a_stream_in_utf_16_is_refused(void **state)
{
    (void)state;
    for (int variant = 0; variant < 4; variant++) {
        char wide[2 * sizeof HEADER + 2] = "";
        bool little = variant & 1, marked = variant & 2;
        size_t at = marked ? 2 : 0;
        if (marked)
            snprintf(wide, 3, "%s", little ? "\xff\xfe" : "\xfe\xff");
        for (const char *c = HEADER; *c != '\0'; c++, at += 2)
            wide[little ? at : at + 1] = *c;
        expect_error_of_bytes(wide, at, STREAM_UNSUPPORTED_ENCODING);
    }
}

/* ---- Pausing ---- */

static void what_follows_a_pause_waits(void **state)
{
    (void)state;
    begin();
    feed(HEADER "<a/><p/><b/>");
    assert_string_equal(heard.log, "Hstream jabber:client\nS<a/>\nS<p/>\n");
    feed("<c/><d");
    assert_string_equal(heard.log, "Hstream jabber:client\nS<a/>\nS<p/>\n");
    parser_resume(&heard.parser);
    feed("/>");
    assert_string_equal(heard.log, "Hstream jabber:client\nS<a/>\nS<p/>\nS<b/>\nS<c/>\nS<d/>\n");
    end();
}

static void resuming_may_pause_again(void **state)
{
    (void)state;
    begin();
    feed(HEADER "<p/><a/><p/><b/>");
    feed("<p/>");
    feed("<c/>");
    assert_string_equal(heard.log, "Hstream jabber:client\nS<p/>\n");
    parser_resume(&heard.parser);
    assert_string_equal(heard.log, "Hstream jabber:client\nS<p/>\nS<a/>\nS<p/>\n");
    parser_resume(&heard.parser);
    assert_string_equal(heard.log, "Hstream jabber:client\nS<p/>\nS<a/>\nS<p/>\nS<b/>\nS<p/>\n");
    parser_resume(&heard.parser);
    assert_string_equal(heard.log, "Hstream jabber:client\nS<p/>\nS<a/>\nS<p/>\nS<b/>\nS<p/>\nS<c/>\n");
    parser_resume(&heard.parser); /* it is not paused: nothing */
    end();
}

static void a_pause_from_outside_holds_all(void **state)
{
    (void)state;
    begin();
    parser_pause(&heard.parser);
    parser_pause(&heard.parser);
    feed(HEADER "<a/>");
    assert_string_equal(heard.log, "");
    parser_resume(&heard.parser);
    assert_string_equal(heard.log, "Hstream jabber:client\nS<a/>\n");
    end();
}

static void pauses_and_restarts_do_not_depend_on_pieces(void **state)
{
    (void)state;
    static const char xml[] = HEADER "<p/><a/><r/>" HEADER "<pr/>" HEADER "<rp/>" HEADER "<pp/> <b/><p/>" END;
    expect(xml, "Hstream jabber:client\nS<p/>\nS<a/>\nS<r/>\n"
                "Hstream jabber:client\nS<pr/>\nHstream jabber:client\nS<rp/>\n"
                "Hstream jabber:client\nS<pp/>\nS<b/>\nS<p/>\nE\n");
}

/* RFC 6120, 4.3.3: what was left of the old stream is no part of the new one. */
static void a_restart_from_outside_while_paused_begins_a_stream_with_what_waits(void **state)
{
    (void)state;
    begin();
    feed(HEADER "<p/>" HEADER);
    feed("<a/>");
    parser_restart(&heard.parser);
    assert_string_equal(heard.log, "Hstream jabber:client\nS<p/>\n");
    parser_resume(&heard.parser);
    assert_string_equal(heard.log, "Hstream jabber:client\nS<p/>\nHstream jabber:client\nS<a/>\n");
    parser_restart(&heard.parser);
    feed("<?xml version='1.0'?>" HEADER END);
    assert_string_equal(heard.log, "Hstream jabber:client\nS<p/>\nHstream jabber:client\nS<a/>\n"
                                   "Hstream jabber:client\nE\n");
    end();
}

static void a_stopped_parser_is_silent(void **state)
{
    (void)state;
    expect(HEADER "<a/><s/><b/></c>", "Hstream jabber:client\nS<a/>\nS<s/>\n");
    expect(HEADER "<a/><ps/><b/></c>", "Hstream jabber:client\nS<a/>\nS<ps/>\n");
    expect(HEADER "<a/><spr/><b/></c>", "Hstream jabber:client\nS<a/>\nS<spr/>\n");
    begin();
    feed(HEADER "<p/><a/>");
    parser_stop(&heard.parser);
    parser_resume(&heard.parser);
    parser_restart(&heard.parser);
    feed("<b/>");
    assert_string_equal(heard.log, "Hstream jabber:client\nS<p/>\n");
    end();
}

/* ---- Limits (core.h) ---- */

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

static void what_never_ends_is_too_large_as_well(void **state)
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

static void elements_may_be_nested_as_deeply_as_the_limit_says(void **state)
{
    (void)state;
    heard.limits.depth = 3;
    expect(HEADER "<a><b><c/></b><c/></a>", "Hstream jabber:client\nS<a><b><c/></b><c/></a>\n");
    expect_error(HEADER "<a><b><c><d/></c></b></a>", STREAM_POLICY_VIOLATION);
}

static void an_element_may_have_as_many_attributes_as_the_limit_says(void **state)
{
    (void)state;
    heard.limits.attributes = 2;
    expect(HEADER "<a b='1' c='2'/>", "Hstream jabber:client\nS<a b='1' c='2'/>\n");
    expect_error(HEADER "<a><b c='1' d='2' e='3'/></a>", STREAM_POLICY_VIOLATION);
}

static void a_depth_without_limit_refuses_nothing(void **state)
{
    (void)state;
    heard.limits.depth = SIZE_MAX;
    expect(HEADER "<a><b><c/></b></a>", "Hstream jabber:client\nS<a><b><c/></b></a>\n");
}

/* Expat reports each name with its namespace in front. */
static void names_of_a_long_namespace_may_not_be_too_many(void **state)
{
    (void)state;
    enum { LONG = 100000 };
    for (int many = 0; many < 2; many++) {
        begin();
        feed(HEADER "<m xmlns:p='");
        feed(rig_filled("", 'x', LONG, "'>"));
        for (int i = 0; i < (many ? 1000 : 300) && !heard.failed; i++)
            feed("<p:a/>");
        assert_int_equal(heard.failed, many);
        assert_true(!heard.failed || heard.error == STREAM_POLICY_VIOLATION);
        assert_in_range(heard.parser.scanned_again, 0, 129 * heard.limits.stanza_bytes);
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
    assert_in_range(heard.parser.stanza->arena.size, LINES, 5 * LINES);
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
            most = heard.parser.stanza->arena.size;
            feed(dense[i]);
        }
        assert_in_range(most, 1, STANZA_MEMORY * heard.limits.stanza_bytes + 1024);
        assert_true(!heard.failed || heard.error == STREAM_POLICY_VIOLATION);
        assert_true(i != 0 || heard.failed);
        end();
    }
}

/* ---- What expat scans again ---- */

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

/* Each of these could be its end. */
static void a_tag_may_not_come_in_too_many_pieces_that_could_end_it(void **state)
{
    (void)state;
    enum { LENGTH = 250000 };
    begin();
    feed(HEADER "<a b='");
    feed_value(LENGTH, 16, ">xxxxxxxxxxxxxxx");
    assert_true(heard.failed);
    assert_int_equal(heard.error, STREAM_POLICY_VIOLATION);
    assert_in_range(heard.parser.scanned_again, 0, 130 * heard.limits.stanza_bytes);
    end();
}

static void in_pieces_of_the_usual_size_it_may(void **state)
{
    (void)state;
    char piece[1400];
    memset(piece, '>', sizeof piece);
    begin();
    feed(HEADER "<s b='");
    feed_value(200000, sizeof piece, piece);
    assert_false(heard.failed);
    end();
}

static void what_is_held_counts_for_the_limits(void **state)
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

/* However the bytes are cut: those behind the pausing stanza count whether they came with it or not. */
static void as_many_bytes_wait_as_the_limit_says(void **state)
{
    (void)state;
    static const char xml[] = HEADER "<p/><a/><b/><c/>"; /* twelve bytes behind the pause */
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

/* ---- Memory ---- */

static void every_allocation_may_fail(void **state)
{
    (void)state;
    static const char xml[] = HEADER "<a b='1'>text<c xmlns='urn:c' d:e='f' xmlns:d='urn:d'/></a><p/>"
                                     "<r/>" HEADER "<pr/>" HEADER "<b>\xc3\xbc</b>" END;
    for (size_t i = 0; i < PIECES; i++) {
        size_t nth = 0;
        bool made = false;
        do {
            heard.log[0] = '\0';
            heard.failed = false;
            rig_allocations = 0;
            rig_fail_at = ++nth;
            made = parser_init(&heard.parser, &pool, &heard.limits, &events, &heard);
            if (made)
                feed_in_pieces(xml, sizeof xml - 1, pieces[i]);
            assert_true(!heard.failed || heard.error == STREAM_RESOURCE_CONSTRAINT);
            assert_true(!made || heard.failed || rig_count(heard.log, "E\n") == 1);
            end();
        } while (rig_allocations >= nth);
        rig_fail_at = 0;
    }
}

/* ---- What storage gave back ---- */

static struct stanza *read_stored(const struct core_store_entry *entries, size_t count)
{
    struct stanza *all = parser_read_stored(&pool, entries, count);
    parser_pool_empty(&pool);
    return all;
}

static void stored_elements_come_back_as_children(void **state)
{
    (void)state;
    const struct core_store_entry entries[] = { { "a", "<a xmlns='urn:a' b='&apos;'>t</a>" },
                                                { "gone", NULL },
                                                { "b", "<b/>" } };
    struct stanza *all = read_stored(entries, 3);
    assert_non_null(all);
    struct element *a = element_first_child(all->root);
    assert_true(element_is(a, "a", "urn:a"));
    assert_string_equal(element_get(a, "b"), "'");
    assert_string_equal(element_text(all, a), "t");
    assert_true(element_is(element_next_sibling(a), "b", NS_CLIENT));
    assert_null(element_next_sibling(element_next_sibling(a)));
    stanza_free(all);
    assert_int_equal(rig_live, 0);
}

static void malformed_stored_values_are_none(void **state)
{
    (void)state;
    static const char *const values[] = { "<a>",
                                          "</a>",
                                          "text",
                                          "<a/></stored>",
                                          "<!-- c -->",
                                          "</stream:stream>",
                                          "<stream:stream/>text",
                                          "<a/><",
                                          "<![CDATA[ ",
                                          "<a/><![CDATA[ ",
                                          "" };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        const struct core_store_entry entry = { "a", values[i] };
        struct stanza *all = read_stored(&entry, 1);
        assert_int_equal(all == NULL, *values[i] != '\0');
        stanza_free(all);
        assert_int_equal(rig_live, 0);
    }
}

static void reading_what_is_stored_may_run_out_of_memory(void **state)
{
    (void)state;
    const struct core_store_entry entries[] = { { "a", "<a xmlns='urn:a' b='c'>t</a>" }, { "b", "<b/>" } };
    struct stanza *all = NULL;
    for (size_t nth = 1; all == NULL; nth++) {
        rig_allocations = 0;
        rig_fail_at = nth;
        all = read_stored(entries, 2);
        assert_int_equal(rig_live > 0, all != NULL);
    }
    stanza_free(all);
    assert_int_equal(rig_live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_stream_is_its_header_its_stanzas_and_its_end, set_up),
        cmocka_unit_test_setup(an_element_of_the_prefix_xml_keeps_it, set_up),
        cmocka_unit_test_setup(the_default_namespace_is_told_with_the_header, set_up),
        cmocka_unit_test_setup(what_xmpp_leaves_out_of_xml_is_refused, set_up),
        cmocka_unit_test_setup(a_stream_in_utf_16_is_refused, set_up),
        cmocka_unit_test_setup(what_follows_a_pause_waits, set_up),
        cmocka_unit_test_setup(resuming_may_pause_again, set_up),
        cmocka_unit_test_setup(a_pause_from_outside_holds_all, set_up),
        cmocka_unit_test_setup(pauses_and_restarts_do_not_depend_on_pieces, set_up),
        cmocka_unit_test_setup(a_restart_from_outside_while_paused_begins_a_stream_with_what_waits, set_up),
        cmocka_unit_test_setup(a_stopped_parser_is_silent, set_up),
        cmocka_unit_test_setup(a_stanza_may_have_as_many_bytes_as_the_limit_says, set_up),
        cmocka_unit_test_setup(a_stream_header_may_have_as_many_bytes_as_the_limit_says, set_up),
        cmocka_unit_test_setup(what_never_ends_is_too_large_as_well, set_up),
        cmocka_unit_test_setup(white_space_between_stanzas_counts_for_nothing, set_up),
        cmocka_unit_test_setup(elements_may_be_nested_as_deeply_as_the_limit_says, set_up),
        cmocka_unit_test_setup(an_element_may_have_as_many_attributes_as_the_limit_says, set_up),
        cmocka_unit_test_setup(a_depth_without_limit_refuses_nothing, set_up),
        cmocka_unit_test_setup(names_of_a_long_namespace_may_not_be_too_many, set_up),
        cmocka_unit_test_setup(before_login_less_may_be_sent, set_up),
        cmocka_unit_test_setup(before_login_less_may_wait, set_up),
        cmocka_unit_test_setup(line_feeds_are_one_text, set_up),
        cmocka_unit_test_setup(a_stanza_may_take_as_much_memory_as_the_limit_says, set_up),
        cmocka_unit_test_setup(a_large_tag_in_small_pieces_is_scanned_twice, set_up),
        cmocka_unit_test_setup(a_tag_may_not_come_in_too_many_pieces_that_could_end_it, set_up),
        cmocka_unit_test_setup(in_pieces_of_the_usual_size_it_may, set_up),
        cmocka_unit_test_setup(what_is_held_counts_for_the_limits, set_up),
        cmocka_unit_test_setup(as_many_bytes_wait_as_the_limit_says, set_up),
        cmocka_unit_test_setup(every_allocation_may_fail, set_up),
        cmocka_unit_test_setup(stored_elements_come_back_as_children, set_up),
        cmocka_unit_test_setup(malformed_stored_values_are_none, set_up),
        cmocka_unit_test_setup(reading_what_is_stored_may_run_out_of_memory, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
