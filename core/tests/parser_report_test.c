/* The handlers of expat's events: elements, refusals, and the counts for limits. */
#include "xml/parser_report.h"

#include "parser_rig.h"

/* ---- Elements ---- */

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

static void the_content_namespace_is_reported_with_the_header(void **state)
{
    (void)state;
    expect("<s:stream xmlns='jabber:server' xmlns:s='http://etherx.jabber.org/streams'>",
           "Hstream another\n");
    expect("<stream xmlns='http://etherx.jabber.org/streams'>", "Hstream \n");
    expect("<s:stream xmlns:s='http://etherx.jabber.org/streams'>", "Hstream \n");
    expect("<s:stream xmlns='' xmlns:s='http://etherx.jabber.org/streams'>", "Hstream \n");
}

/* XML 1.0, 2.4: a text is the same, in however many pieces expat reports it. */
static void a_text_of_many_pieces_is_one(void **state)
{
    (void)state;
    expect(HEADER "<a>1&amp;2<![CDATA[&]]>3&#52;<b>5</b>6\r\n7</a>",
           "Hstream jabber:client\nS<a>1&amp;2&amp;34<b>5</b>6\n7</a>\n");
}

/* More namespaces than are remembered; each element keeps its own. */
static void elements_of_many_namespaces_keep_them(void **state)
{
    (void)state;
    expect(HEADER "<a xmlns='urn:1'><b xmlns='urn:2'/><c xmlns='urn:3'/><d xmlns='urn:12'/><e/>"
                  "<f xmlns='jabber:iq:roster'/><g xmlns='urn:2'/></a>",
           "Hstream jabber:client\nS<a xmlns='urn:1'><b xmlns='urn:2'/><c xmlns='urn:3'/>"
           "<d xmlns='urn:12'/><e/><f xmlns='jabber:iq:roster'/><g xmlns='urn:2'/></a>\n");
}

/* ---- Restricted XML (RFC 6120, 4.9.3 and 11) ---- */

static void xml_that_xmpp_does_not_allow_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *xml;
        enum stream_error error;
    } cases[] = {
        /* 4.9.3.18 and 11.1: comments, processing instructions, DTDs */
        { HEADER "<!-- c -->", STREAM_RESTRICTED_XML },
        { HEADER "<a><!-- c --></a>", STREAM_RESTRICTED_XML },
        { "<!-- c -->" HEADER, STREAM_RESTRICTED_XML },
        { HEADER "<?php x?>", STREAM_RESTRICTED_XML },
        { "<?php x?>" HEADER, STREAM_RESTRICTED_XML },
        { HEADER "<a><?x?></a>", STREAM_RESTRICTED_XML },
        { "<!DOCTYPE a [<!ENTITY b 'c'>]>" HEADER, STREAM_RESTRICTED_XML },
        { "<!DOCTYPE a SYSTEM 'http://example.com/'>" HEADER, STREAM_RESTRICTED_XML },
        /* 4.9.3.1: text in place of a stanza */
        { HEADER "hello", STREAM_BAD_FORMAT },
        { HEADER "<a/>&lt;", STREAM_BAD_FORMAT },
        { HEADER "\xc2\xa0<a/>", STREAM_BAD_FORMAT },
        /* 4.9.3.22: another encoding */
        { "<?xml version='1.0' encoding='ISO-8859-1'?>" HEADER, STREAM_UNSUPPORTED_ENCODING },
        { "<?xml version='1.0' encoding='UTF-16'?>" HEADER, STREAM_UNSUPPORTED_ENCODING },
        { "<?xml version='1.0' encoding='UTF-80'?>" HEADER, STREAM_UNSUPPORTED_ENCODING },
        { "<?xml version='1.0' encoding='UTF'?>" HEADER, STREAM_UNSUPPORTED_ENCODING },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_error(cases[i].xml, cases[i].error);
}

/* XML 1.0, 4.3.3: the names of encodings are compared without regard to case. */
static void utf_8_may_be_written_in_either_case(void **state)
{
    (void)state;
    expect("<?xml version='1.0' encoding='UTF-8'?>" HEADER, "Hstream jabber:client\n");
    expect("<?xml version='1.0' encoding='Utf-8'?>" HEADER, "Hstream jabber:client\n");
}

/* parser.h: pieces of any size.  The second byte would be one of UTF-16. */
static void the_first_byte_decides_in_one_piece_as_in_two(void **state)
{
    (void)state;
    static const char *const streams[] = { "\x04\xff", "\x85\xff", "<\xff", "\xff\xfe", "a\xfe" };
    for (size_t i = 0; i < sizeof streams / sizeof *streams; i++) {
        begin();
        feed_in_pieces(streams[i], 2, 1);
        assert_true(heard.failed);
        const enum stream_error error = heard.error;
        end();
        begin();
        feed(streams[i]);
        assert_true(heard.failed);
        assert_int_equal(heard.error, error);
        end();
    }
}

/* ---- Failing ---- */

static void only_the_first_error_is_reported(void **state)
{
    (void)state;
    begin();
    feed(HEADER "<a/>");
    parser_fail_limit(&heard.parser, "too much");
    parser_fail_memory(&heard.parser); /* on_failed asserts that it is called once */
    parser_fail(&heard.parser, STREAM_BAD_FORMAT, NULL);
    assert_int_equal(heard.error, STREAM_POLICY_VIOLATION);
    feed("<b/>");
    assert_string_equal(heard.log, "Hstream jabber:client\nS<a/>\nF\n");
    end();
    begin();
    parser_fail_memory(&heard.parser);
    assert_int_equal(heard.error, STREAM_RESOURCE_CONSTRAINT);
    end();
}

static void a_stopped_parser_reports_no_error(void **state)
{
    (void)state;
    begin();
    parser_stop(&heard.parser);
    parser_fail(&heard.parser, STREAM_BAD_FORMAT, NULL);
    assert_false(heard.failed);
    end();
}

/* ---- Counts ---- */

static uint64_t ends[8]; /* where each header and stanza ended */
static size_t end_count;

static void note_end(void *host, struct stanza *stanza)
{
    stanza_free(stanza);
    if (host == NULL)
        return; /* it is of another stream */
    assert_true(end_count < sizeof ends / sizeof *ends);
    ends[end_count++] = parser_position(&heard.parser);
}

static void note_header_end(void *host, struct stanza *header, const char *content_ns)
{
    assert_string_equal(content_ns, NS_CLIENT);
    note_end(host, header);
}

/* Also where the stanzas are read by an expat that has read another stream before. */
static void the_position_counts_every_byte_of_the_stream(void **state)
{
    (void)state;
    static const struct parser_events noting = { note_header_end, note_end, on_end, on_failed };
    static const char others[] = HEADER "<a/><another>stream</another>",
                      xml[] = "<a b='1'/> <c>\xc3\xbc</c><d/>";
    const size_t header = sizeof HEADER - 1;
    for (size_t i = 0; i < PIECES; i++) {
        struct parser other;
        assert_true(parser_init(&other, &pool, &heard.limits, &noting, NULL));
        assert_true(parser_init(&heard.parser, &pool, &heard.limits, &noting, &heard));
        feed(HEADER);
        parser_feed(&other, others, sizeof others - 1); /* now the pool gives its expat first */
        end_count = 0;
        feed_in_pieces(xml, sizeof xml - 1, pieces[i]);
        assert_int_equal(end_count, 3);
        assert_int_equal(ends[0], header + 10);
        assert_int_equal(ends[1], header + 20);
        assert_int_equal(ends[2], header + sizeof xml - 1);
        parser_free(&other);
        end();
    }
}

/* core.h: the limit before login holds for every header, and otherwise only where it is the lower one. */
static void the_limit_is_that_of_the_header_or_of_a_stanza(void **state)
{
    (void)state;
    heard.limits.stanza_bytes = 2000;
    heard.limits.unauthenticated_bytes = 1000;
    heard.limits.waiting_bytes = 3000;
    begin();
    assert_int_equal(parser_most_bytes(&heard.parser), 1000); /* the header comes first */
    assert_int_equal(parser_most_waiting(&heard.parser), 3000);
    feed(HEADER);
    assert_int_equal(parser_most_bytes(&heard.parser), 2000);
    heard.parser.unauthenticated = true;
    assert_int_equal(parser_most_bytes(&heard.parser), 1000);
    assert_int_equal(parser_most_waiting(&heard.parser), 1000);
    heard.limits.stanza_bytes = 999;
    heard.limits.waiting_bytes = 998;
    assert_int_equal(parser_most_bytes(&heard.parser), 999);
    assert_int_equal(parser_most_waiting(&heard.parser), 998);
    end();
}

/* STANZA_SCANS in parser.h: a multiple of the bytes of the stanza and of STANZA_SCANS_MORE. */
static void the_work_for_a_stanza_is_a_multiple_of_its_bytes(void **state)
{
    (void)state;
    begin();
    feed(HEADER " <a>");
    const uint64_t most = (uint64_t)STANZA_SCANS * (sizeof "<a>" - 1 + STANZA_SCANS_MORE);
    heard.parser.namespaces = most + STANZA_SCANS - 1;
    assert_false(parser_is_overworked(&heard.parser));
    heard.parser.namespaces = most + STANZA_SCANS;
    assert_true(parser_is_overworked(&heard.parser));
    heard.parser.is_stored = true;
    assert_false(parser_is_overworked(&heard.parser));
    end();
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
        for (int i = 0; i < (many ? 600 : 500) && !heard.failed; i++)
            feed("<p:a/>");
        assert_int_equal(heard.failed, many);
        assert_true(!heard.failed || heard.error == STREAM_POLICY_VIOLATION);
        assert_in_range(heard.parser.namespaces, 0, 540 * LONG);
        end();
    }
}

/* As many as the stanza has bytes for: names of a namespace of the usual length never are. */
static void names_of_a_namespace_of_the_header_count_as_well(void **state)
{
    (void)state;
    enum { LONG = 5000 };
    for (int many = 0; many < 2; many++) {
        begin();
        feed(
            "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' xmlns:p='");
        feed(rig_filled("", 'x', LONG, "'><m>"));
        for (int i = 0; i < (many ? 40 : 10); i++)
            feed("<p:a/>");
        assert_int_equal(heard.failed, many);
        assert_true(!heard.failed || heard.error == STREAM_POLICY_VIOLATION);
        end();
    }
}

static void names_of_a_usual_namespace_are_never_too_many(void **state)
{
    (void)state;
    begin();
    feed(HEADER);
    feed(rig_filled("<m xmlns='", 'x', 100, "'>"));
    for (int i = 0; i < 20000; i++)
        feed("<a/>");
    assert_false(heard.failed);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(an_element_of_the_prefix_xml_keeps_it, set_up),
        cmocka_unit_test_setup(the_content_namespace_is_reported_with_the_header, set_up),
        cmocka_unit_test_setup(a_text_of_many_pieces_is_one, set_up),
        cmocka_unit_test_setup(elements_of_many_namespaces_keep_them, set_up),
        cmocka_unit_test_setup(xml_that_xmpp_does_not_allow_is_refused, set_up),
        cmocka_unit_test_setup(utf_8_may_be_written_in_either_case, set_up),
        cmocka_unit_test_setup(the_first_byte_decides_in_one_piece_as_in_two, set_up),
        cmocka_unit_test_setup(only_the_first_error_is_reported, set_up),
        cmocka_unit_test_setup(a_stopped_parser_reports_no_error, set_up),
        cmocka_unit_test_setup(the_position_counts_every_byte_of_the_stream, set_up),
        cmocka_unit_test_setup(the_limit_is_that_of_the_header_or_of_a_stanza, set_up),
        cmocka_unit_test_setup(the_work_for_a_stanza_is_a_multiple_of_its_bytes, set_up),
        cmocka_unit_test_setup(elements_may_be_nested_as_deeply_as_the_limit_says, set_up),
        cmocka_unit_test_setup(an_element_may_have_as_many_attributes_as_the_limit_says, set_up),
        cmocka_unit_test_setup(a_depth_without_limit_refuses_nothing, set_up),
        cmocka_unit_test_setup(names_of_a_long_namespace_may_not_be_too_many, set_up),
        cmocka_unit_test_setup(names_of_a_namespace_of_the_header_count_as_well, set_up),
        cmocka_unit_test_setup(names_of_a_usual_namespace_are_never_too_many, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
