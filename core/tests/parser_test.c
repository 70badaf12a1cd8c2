/* Streams in pieces of every size, and prohibited contents (RFC 6120, 4.9.3 and 11.1). */
#include "parser_rig.h"

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

/* XML 1.0, 2.11: a carriage return, alone or before a line feed, is a line feed.  Where a piece ends with one, or
 * with a ']' in text, expat keeps it until it knows what follows (2.4: not "]]>"). */
static void line_ends_and_brackets_may_be_cut_anywhere(void **state)
{
    (void)state;
    static const char xml[] = "<?xml version='1.0'?>\r\n" HEADER "\r\n<a>x\r\ny\rz\r</a>\r"
                              "<b>[[x]] ]</b> \r<c><![CDATA[x]\r\n]]]></c>\r" END;
    expect(xml, "Hstream jabber:client\n"
                "S<a>x\ny\nz\n</a>\n"
                "S<b>[[x]] ]</b>\n"
                "S<c>x]\n]</c>\n"
                "E\n");
}

/* ---- Restricted XML (RFC 6120, 4.9.3 and 11) ---- */

static void xml_that_expat_refuses_has_the_error_of_the_rfc(void **state)
{
    (void)state;
    static const struct {
        const char *xml;
        enum stream_error error;
    } cases[] = {
        /* 11.6: not a byte order mark */
        { "\xEF\xBB\xBF" HEADER, STREAM_NOT_WELL_FORMED },
        /* 4.9.3.18 and 11.1: entity references; parser_report_test has the rest */
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
        /* 11.3: namespaces; 4.9.3.13 has a prefix that is not bound */
        { HEADER "<b:a/>", STREAM_NOT_WELL_FORMED },
        { HEADER "<a b:c='d'/>", STREAM_NOT_WELL_FORMED },
        { HEADER "<a xmlns:xml='urn:x'/>", STREAM_NOT_WELL_FORMED },
        { HEADER "<a xmlns:xmlns='urn:x'/>", STREAM_NOT_WELL_FORMED },
        { HEADER "<a xmlns='http://www.w3.org/XML/1998/namespace'/>", STREAM_NOT_WELL_FORMED },
        /* 4.9.3.22: UTF-8 done wrongly (RFC 3629, 3) */
        { HEADER "<a>\xff</a>", STREAM_UNSUPPORTED_ENCODING },
        { HEADER "<a>\xc0\x80</a>", STREAM_UNSUPPORTED_ENCODING },
        { HEADER "<a>\xed\xa0\x80</a>", STREAM_UNSUPPORTED_ENCODING },
        { HEADER "<a>\xf4\x90\x80\x80</a>", STREAM_UNSUPPORTED_ENCODING },
        { HEADER "<a>\xe2\x82</a>", STREAM_UNSUPPORTED_ENCODING },
        { HEADER "<a b='\x80'/>", STREAM_UNSUPPORTED_ENCODING },
        { HEADER "<\xe9/>", STREAM_UNSUPPORTED_ENCODING },
        { HEADER "\xff<a/>", STREAM_UNSUPPORTED_ENCODING },
        { "\r\xf7'<", STREAM_UNSUPPORTED_ENCODING },
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

static void input_after_a_pause_waits(void **state)
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

/* RFC 6120, 4.3.3: the rest of the old stream is not part of the new one. */
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
            rig.memory.allocations = 0;
            rig.memory.fail_at = ++nth;
            made = parser_init(&heard.parser, &pool, &heard.limits, &events, &heard);
            if (made)
                feed_in_pieces(xml, sizeof xml - 1, pieces[i]);
            assert_true(!heard.failed || heard.error == STREAM_RESOURCE_CONSTRAINT);
            assert_true(!made || heard.failed || rig_count(heard.log, "E\n") == 1);
            end();
        } while (rig.memory.allocations >= nth);
        rig.memory.fail_at = 0;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_stream_is_its_header_its_stanzas_and_its_end, set_up),
        cmocka_unit_test_setup(line_ends_and_brackets_may_be_cut_anywhere, set_up),
        cmocka_unit_test_setup(xml_that_expat_refuses_has_the_error_of_the_rfc, set_up),
        cmocka_unit_test_setup(a_stream_in_utf_16_is_refused, set_up),
        cmocka_unit_test_setup(input_after_a_pause_waits, set_up),
        cmocka_unit_test_setup(resuming_may_pause_again, set_up),
        cmocka_unit_test_setup(a_pause_from_outside_holds_all, set_up),
        cmocka_unit_test_setup(pauses_and_restarts_do_not_depend_on_pieces, set_up),
        cmocka_unit_test_setup(a_restart_from_outside_while_paused_begins_a_stream_with_what_waits, set_up),
        cmocka_unit_test_setup(a_stopped_parser_is_silent, set_up),
        cmocka_unit_test_setup(every_allocation_may_fail, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
