/* Streams as they are read: whole, in pieces, broken, and begun again. */
#include "xml_rig.h"

#define HEADER                                                                                               \
    "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "                                             \
    "xmlns:stream='http://etherx.jabber.org/streams' from='localhost' id='s1' version='1.0' xml:lang='en'>"

/* What HEADER and what surrounds it become in the log. */
#define HEADER_LOG                                                                                           \
    "header <stream xmlns=\"http://etherx.jabber.org/streams\" from=\"localhost\" id=\"s1\" "                \
    "version=\"1.0\" "                                                                                       \
    "xml:lang=\"en\"/>\n"

/* ---- A listener that records its callbacks ---- */

struct listener {
    struct xml_stream *stream;
    struct text log;
    const char *restart_after; /* the name of the element after which the stream is restarted */
};

static void write_down(struct listener *listener, const char *what, struct xml *element)
{
    char *printed = xml_print(element, XML_NS_CLIENT);
    text_string(&listener->log, what);
    text_string(&listener->log, printed);
    text_string(&listener->log, "\n");
    free(printed);
    if (listener->restart_after != NULL && strcmp(element->name, listener->restart_after) == 0) {
        xml_stream_restart(listener->stream);
    }
    xml_free(element);
}

static void on_header(void *who, struct xml *header)
{
    write_down(who, "header ", header);
}

static void on_element(void *who, struct xml *element)
{
    write_down(who, "", element);
}

static void on_end(void *who)
{
    struct listener *listener = who;
    text_string(&listener->log, "end\n");
    if (listener->restart_after != NULL && strcmp(listener->restart_after, "/stream") == 0) {
        xml_stream_restart(listener->stream);
    }
}

static void on_broken(void *who, const char *why)
{
    struct listener *listener = who;
    text_string(&listener->log, "broken: ");
    text_string(&listener->log, why);
    text_string(&listener->log, "\n");
}

static void listener_open(struct listener *listener, const char *restart_after)
{
    *listener = (struct listener){ .restart_after = restart_after };
    struct xml_events events = { on_header, on_element, on_end, on_broken, listener };
    listener->stream = xml_stream_new(events);
}

static void listener_close(struct listener *listener)
{
    xml_stream_free(listener->stream);
    text_free(&listener->log);
}

static void feed(struct listener *listener, const char *string)
{
    xml_stream_feed(listener->stream, string, strlen(string));
}

static const char *log_of(const struct listener *listener)
{
    return listener->log.bytes == NULL ? "" : listener->log.bytes;
}

/* Whatever the size of the pieces, the same comes out. */
static void check_stream(const char *bytes, const char *restart_after, const char *log)
{
    static const size_t sizes[] = { 1, 2, 3, 7, 64, 100000 };
    size_t length = strlen(bytes);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct listener listener;
        listener_open(&listener, restart_after);
        for (size_t at = 0; at < length; at += sizes[i]) {
            size_t piece = length - at < sizes[i] ? length - at : sizes[i];
            /* Of its own, so that a sanitizer sees who reads beyond it. */
            char *copy = malloc(piece);
            assert_non_null(copy);
            memcpy(copy, bytes + at, piece);
            xml_stream_feed(listener.stream, copy, piece);
            free(copy);
        }
        assert_string_equal(log_of(&listener), log);
        listener_close(&listener);
    }
}

static void check_broken(const char *bytes, const char *log_before)
{
    struct listener listener;
    listener_open(&listener, NULL);
    feed(&listener, bytes);
    size_t before = strlen(log_before);
    assert_true(listener.log.length > before);
    assert_memory_equal(listener.log.bytes, log_before, before);
    assert_memory_equal(listener.log.bytes + before, "broken: ", strlen("broken: "));
    size_t after = listener.log.length;
    feed(&listener, "<message/></stream:stream>");
    assert_int_equal(listener.log.length, after);
    listener_close(&listener);
}

/* ---- Streams ---- */

static void a_stream_is_its_header_its_elements_and_its_end(void **state)
{
    (void)state;
    check_stream(HEADER "<message to='juliet@localhost'><body>Hello</body></message>"
                        "<presence/> \n\t <iq type='get' id='1'><query xmlns='jabber:iq:roster'/></iq>"
                        "</stream:stream>",
                 NULL,
                 HEADER_LOG "<message to=\"juliet@localhost\"><body>Hello</body></message>\n"
                            "<presence/>\n"
                            "<iq type=\"get\" id=\"1\"><query xmlns=\"jabber:iq:roster\"/></iq>\n"
                            "end\n");
}

/* RFC 6120, 4.8.5: the prefix of the streams namespace is free, and so may be that of the content. */
static void names_are_resolved_whatever_the_prefix(void **state)
{
    (void)state;
    check_stream("<s:stream xmlns:s='http://etherx.jabber.org/streams' xmlns:c='jabber:client'>"
                 "<c:message><c:body>x</c:body><s:a/><b/></c:message>",
                 NULL,
                 "header <stream xmlns=\"http://etherx.jabber.org/streams\"/>\n"
                 "<message><body>x</body><a xmlns=\"http://etherx.jabber.org/streams\"/><b xmlns=\"\"/>"
                 "</message>\n");
}

static void attributes_keep_their_prefix_and_their_order(void **state)
{
    (void)state;
    check_stream(HEADER "<message z='1' xml:lang='de' xmlns:q='urn:q' a='2' q:r='3' q:s='4'/>", NULL,
                 HEADER_LOG
                 "<message z=\"1\" xml:lang=\"de\" a=\"2\" xmlns:q=\"urn:q\" q:r=\"3\" q:s=\"4\"/>\n");
}

/* XML 1.0, 4.1 and 4.6: the five predefined entities and character references; 2.7: CDATA sections. */
static void entities_and_cdata_join_the_text_around_them(void **state)
{
    (void)state;
    check_stream(HEADER "<body a='&lt;&#x27;&quot;'>a&amp;b&lt;c&gt;d&apos;&quot;&#65;&#x42;"
                        "<![CDATA[<&amp;>]]>z</body>",
                 NULL,
                 HEADER_LOG "<body a=\"&lt;'&quot;\">a&amp;b&lt;c&gt;d'\"AB&lt;&amp;amp;&gt;z</body>\n");
    struct xml *body = fragment("<body>a&amp;b<![CDATA[<]]>\nc&#x20AC;</body>");
    assert_string_equal(body->children->text, "a&b<\nc\xE2\x82\xAC");
    assert_null(body->children->next);
    xml_free(body);
}

static void characters_of_many_bytes_survive_being_cut(void **state)
{
    (void)state;
    check_stream(HEADER "<body x='\xC3\xA9'>\xE2\x82\xAC \xF0\x9F\x8E\xAD</body>", NULL,
                 HEADER_LOG "<body x=\"\xC3\xA9\">\xE2\x82\xAC \xF0\x9F\x8E\xAD</body>\n");
}

/* XML 1.0, 2.11: line ends; 3.3.3: white space in attribute values. */
static void line_ends_are_normalised(void **state)
{
    (void)state;
    check_stream(HEADER "<body a='1\n2'>1\r\n2\r3\n4&#13;</body>", NULL,
                 HEADER_LOG "<body a=\"1 2\">1\n2\n3\n4&#13;</body>\n");
}

static void an_element_is_reported_with_its_last_byte(void **state)
{
    (void)state;
    struct listener listener;
    listener_open(&listener, NULL);
    feed(&listener, HEADER);
    assert_string_equal(log_of(&listener), HEADER_LOG);
    feed(&listener, "<presence/");
    assert_string_equal(log_of(&listener), HEADER_LOG);
    feed(&listener, ">");
    assert_string_equal(log_of(&listener), HEADER_LOG "<presence/>\n");
    feed(&listener, "<iq></iq");
    assert_string_equal(log_of(&listener), HEADER_LOG "<presence/>\n");
    feed(&listener, ">");
    assert_string_equal(log_of(&listener), HEADER_LOG "<presence/>\n<iq/>\n");
    listener_close(&listener);
}

static void a_long_text_is_one_run(void **state)
{
    (void)state;
    enum { PIECES = 50000 };
    struct text expected = { 0 };
    struct listener listener;
    listener_open(&listener, NULL);
    feed(&listener, HEADER "<m><body>");
    text_string(&expected, HEADER_LOG "<m><body>");
    for (int i = 0; i < PIECES; i++) {
        feed(&listener, "abc\n&amp;");
        text_string(&expected, "abc\n&amp;");
    }
    feed(&listener, "</body><x>after</x></m>");
    text_string(&expected, "</body><x>after</x></m>\n");
    assert_string_equal(log_of(&listener), expected.bytes);
    text_free(&expected);
    listener_close(&listener);
}

static void many_children_and_long_names_are_no_trouble(void **state)
{
    (void)state;
    struct text xml = { 0 };
    struct text log = { 0 };
    text_string(&xml, HEADER "<m>");
    text_string(&log, HEADER_LOG "<m>");
    for (int i = 0; i < 3000; i++) {
        struct text child = { 0 };
        text_string(&child, "<item");
        text_repeat(&child, 'x', (size_t)(i % 97));
        text_string(&child, " attribute=\"");
        text_repeat(&child, 'v', (size_t)(i % 1999));
        text_string(&child, "\"/>");
        text_string(&xml, child.bytes);
        text_string(&log, child.bytes);
        text_free(&child);
    }
    text_string(&xml, "</m>");
    text_string(&log, "</m>\n");
    struct listener listener;
    listener_open(&listener, NULL);
    feed(&listener, xml.bytes);
    assert_string_equal(log_of(&listener), log.bytes);
    listener_close(&listener);
    text_free(&xml);
    text_free(&log);
}

static void what_is_not_well_formed_breaks_the_stream_for_good(void **state)
{
    (void)state;
    check_broken("<stream:stream>", ""); /* an unbound prefix */
    check_broken("hello there", "");
    check_broken(HEADER "<message></iq>", HEADER_LOG);
    check_broken(HEADER "<message a='1' a='2'/>", HEADER_LOG);
    check_broken(HEADER "<message>&nbsp;</message>", HEADER_LOG);
    check_broken(HEADER "<message>\xC3(</message>", HEADER_LOG); /* not UTF-8 */
    check_broken(HEADER "<message>\x01</message>", HEADER_LOG);  /* XML 1.0, 2.2 */
    check_broken(HEADER "</stream:stream><presence/>", HEADER_LOG "end\n");
}

/* RFC 6120, 11.1. */
static void comments_instructions_and_document_types_break_the_stream(void **state)
{
    (void)state;
    check_broken(HEADER "<!-- aside -->", HEADER_LOG);
    check_broken(HEADER "<message><!-- aside --></message>", HEADER_LOG);
    check_broken(HEADER "<?php ?>", HEADER_LOG);
    check_broken("<!DOCTYPE stream [<!ENTITY a 'b'>]>" HEADER, "");
}

static void text_between_stanzas_breaks_the_stream(void **state)
{
    (void)state;
    check_broken(HEADER "<presence/>  x <presence/>", HEADER_LOG "<presence/>\n");
}

static void nest(struct text *out, size_t depth)
{
    for (size_t i = 0; i < depth; i++) {
        text_string(out, "<a>");
    }
    for (size_t i = 0; i < depth; i++) {
        text_string(out, "</a>");
    }
}

static void a_thousand_elements_deep_is_fine_and_no_deeper(void **state)
{
    (void)state;
    struct text xml = { 0 };
    nest(&xml, 1000);
    struct xml *tree = fragment(xml.bytes);
    int depth = 0;
    for (const struct xml *element = tree; element != NULL; element = element->children) {
        depth++;
    }
    assert_int_equal(depth, 1000);
    xml_free(tree);
    text_free(&xml);

    text_string(&xml, HEADER);
    nest(&xml, 10000);
    struct listener listener;
    listener_open(&listener, NULL);
    feed(&listener, xml.bytes);
    assert_string_equal(log_of(&listener), HEADER_LOG "broken: nested too deeply\n");
    listener_close(&listener);
    text_free(&xml);
}

static void a_stream_may_be_freed_in_the_middle_of_an_element(void **state)
{
    (void)state;
    struct listener listener;
    listener_open(&listener, NULL);
    feed(&listener, HEADER "<message><body>Hel");
    assert_string_equal(log_of(&listener), HEADER_LOG);
    listener_close(&listener);
    xml_stream_free(NULL);
}

/* ---- Restarts ---- */

/* RFC 6120, 6.4.6: after <success/> comes a new stream. */
static void after_a_restart_the_rest_of_the_feed_is_a_new_stream(void **state)
{
    (void)state;
    check_stream(HEADER "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>" HEADER "<presence/>", "success",
                 HEADER_LOG "<success xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\"/>\n" HEADER_LOG
                            "<presence/>\n");
    check_stream(HEADER "<success>v=abc</success>" HEADER "<presence/></stream:stream>", "success",
                 HEADER_LOG "<success>v=abc</success>\n" HEADER_LOG "<presence/>\nend\n");
    check_stream(HEADER "<success/>" HEADER "<success a='1'/>" HEADER "<success a='2'/>" HEADER, "success",
                 HEADER_LOG "<success/>\n" HEADER_LOG "<success a=\"1\"/>\n" HEADER_LOG
                            "<success a=\"2\"/>\n" HEADER_LOG);
}

static void a_stream_may_restart_after_its_header_and_after_its_end(void **state)
{
    (void)state;
    check_stream(HEADER "</stream:stream>" HEADER "<presence/></stream:stream>", "/stream",
                 HEADER_LOG "end\n" HEADER_LOG "<presence/>\nend\n");
    check_stream(HEADER HEADER, "stream", HEADER_LOG HEADER_LOG);
    check_stream("<stream/><stream/>", "stream",
                 "header <stream xmlns=\"\"/>\nheader <stream xmlns=\"\"/>\n");
}

static void a_restart_outside_of_callbacks_begins_anew(void **state)
{
    (void)state;
    struct listener listener;
    listener_open(&listener, NULL);
    xml_stream_restart(listener.stream);
    feed(&listener, HEADER "<presence/><message>");
    xml_stream_restart(listener.stream);
    feed(&listener, HEADER "<iq/>");
    assert_string_equal(log_of(&listener), HEADER_LOG "<presence/>\n" HEADER_LOG "<iq/>\n");
    feed(&listener, "<a></b>");
    size_t broken = listener.log.length;
    xml_stream_restart(listener.stream);
    feed(&listener, HEADER);
    assert_string_equal(listener.log.bytes + broken, HEADER_LOG);
    listener_close(&listener);
}

static void a_restarted_stream_is_as_strict_as_a_new_one(void **state)
{
    (void)state;
    struct listener listener;
    listener_open(&listener, "success");
    feed(&listener, HEADER "<success/>" HEADER "<!-- aside -->");
    const char *log = HEADER_LOG "<success/>\n" HEADER_LOG "broken: ";
    assert_memory_equal(log_of(&listener), log, strlen(log));
    listener_close(&listener);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stream_is_its_header_its_elements_and_its_end),
        cmocka_unit_test(names_are_resolved_whatever_the_prefix),
        cmocka_unit_test(attributes_keep_their_prefix_and_their_order),
        cmocka_unit_test(entities_and_cdata_join_the_text_around_them),
        cmocka_unit_test(characters_of_many_bytes_survive_being_cut),
        cmocka_unit_test(line_ends_are_normalised),
        cmocka_unit_test(an_element_is_reported_with_its_last_byte),
        cmocka_unit_test(a_long_text_is_one_run),
        cmocka_unit_test(many_children_and_long_names_are_no_trouble),
        cmocka_unit_test(what_is_not_well_formed_breaks_the_stream_for_good),
        cmocka_unit_test(comments_instructions_and_document_types_break_the_stream),
        cmocka_unit_test(text_between_stanzas_breaks_the_stream),
        cmocka_unit_test(a_thousand_elements_deep_is_fine_and_no_deeper),
        cmocka_unit_test(a_stream_may_be_freed_in_the_middle_of_an_element),
        cmocka_unit_test(after_a_restart_the_rest_of_the_feed_is_a_new_stream),
        cmocka_unit_test(a_stream_may_restart_after_its_header_and_after_its_end),
        cmocka_unit_test(a_restart_outside_of_callbacks_begins_anew),
        cmocka_unit_test(a_restarted_stream_is_as_strict_as_a_new_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
