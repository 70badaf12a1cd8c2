/* Finding the elements of a stream in its bytes. */
#include "../model/stream_scan.h"

#include "../text.h"
#include "../xml/xml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HEADER "<?xml version='1.0'?><stream:stream to='localhost' xmlns='jabber:client'>"

/* What was found, as a line: H for a header, the name of an element with its length, E for the end, ! for lost. */
static void note(struct text *said, const struct scanned *scanned)
{
    static const char *const marks[] = {
        [SCANNED_HEADER] = "H ", [SCANNED_END] = "E ", [SCANNED_LOST] = "! "
    };
    if (scanned->kind != SCANNED_ELEMENT) {
        text_string(said, marks[scanned->kind]);
        return;
    }
    text_append(said, scanned->tag.name.bytes, scanned->tag.name.length);
    text_string(said, "[");
    text_append(said, scanned->inside.bytes, scanned->inside.length);
    text_string(said, "] ");
}

/* Scans the bytes in pieces of `step`. */
static char *scan_in(const char *bytes, size_t length, size_t step)
{
    struct stream_scan scan = { 0 };
    struct text said = { 0 };
    for (size_t at = 0; at < length; at += step) {
        const size_t piece = length - at < step ? length - at : step;
        char *copy = malloc(piece); /* so that a sanitizer sees what is read behind it */
        assert_non_null(copy);
        memcpy(copy, bytes + at, piece);
        stream_scan_feed(&scan, copy, piece);
        for (struct scanned next = stream_scan_next(&scan); next.kind != SCANNED_NOTHING;
             next = stream_scan_next(&scan))
            note(&said, &next);
        free(copy);
    }
    stream_scan_free(&scan);
    return text_take(&said);
}

static void assert_scanned(const char *bytes, const char *expected)
{
    for (size_t step = 1; step <= strlen(bytes); step++) {
        char *said = scan_in(bytes, strlen(bytes), step);
        assert_string_equal(said, expected);
        free(said);
    }
}

static void elements_of_the_first_level(void **state)
{
    (void)state;
    assert_scanned(HEADER "<presence/> \n<message to='a'><body>x &lt; y</body></message></stream:stream>",
                   "H presence[] message[<body>x &lt; y</body>] E ");
    assert_scanned(HEADER "<a><a><a/></a></a><b></b>", "H a[<a><a/></a>] b[] ");
}

static void greater_than_signs_in_values_and_sections(void **state)
{
    (void)state;
    assert_scanned(HEADER "<a b='>/>' c=\"'>\"><![CDATA[</a>]]]]>></a><d/>", "H a[<![CDATA[</a>]]]]>>] d[] ");
    assert_scanned(HEADER "<a>x > y</a>", "H a[x > y] ");
}

/* RFC 6120, 4.3.3: a restart sends a new header, with or without a declaration. */
static void a_stream_begins_again(void **state)
{
    (void)state;
    assert_scanned(HEADER "<auth>x</auth>" HEADER "<iq/>", "H auth[x] H iq[] ");
    assert_scanned(HEADER "<auth/><stream:stream><stream:features/>", "H auth[] H stream:features[] ");
    assert_scanned("  " HEADER, "H ");
}

static void nothing_is_found_behind_the_end(void **state)
{
    (void)state;
    assert_scanned(HEADER "</stream:stream><presence/>", "H E ");
    assert_scanned(HEADER "</stream:stream>garbage", "H E ");
}

/* RFC 6120, 11.1 and 11.4. */
static void what_is_forbidden_is_lost(void **state)
{
    (void)state;
    assert_scanned(HEADER "<a/><!-- --><b/>", "H a[] ! ");
    assert_scanned(HEADER "<a><!-- --></a>", "H ! ");
    assert_scanned(HEADER "<a><?xml?></a>", "H ! ");
    assert_scanned(HEADER "<a/><![CDATA[ \n]]> <b/><![CDATA[x]]>", "H a[] b[] ! ");
    assert_scanned("<![CDATA[ ]]>" HEADER, "! ");
    assert_scanned(HEADER "text<a/>", "H ! ");
    assert_scanned("text", "! ");
    assert_scanned("<stream:stream/>", "! ");
    assert_scanned("</stream:stream>", "! ");
    assert_scanned("<!DOCTYPE a>", "! ");
    assert_scanned(HEADER "<>", "H ! ");
}

static void a_new_stream_after_what_was_lost(void **state)
{
    (void)state;
    struct stream_scan scan = { 0 };
    stream_scan_feed(&scan, "x", 1);
    assert_int_equal(stream_scan_next(&scan).kind, SCANNED_LOST);
    stream_scan_feed(&scan, HEADER, strlen(HEADER));
    assert_int_equal(stream_scan_next(&scan).kind, SCANNED_NOTHING);
    stream_scan_free(&scan);
    stream_scan_feed(&scan, HEADER, strlen(HEADER));
    assert_int_equal(stream_scan_next(&scan).kind, SCANNED_HEADER);
    stream_scan_free(&scan);
}

/* ---- What is read of an element ---- */

static void note_span(struct text *said, const char *what, struct span span)
{
    if (span.bytes == NULL)
        return;
    text_string(said, what);
    text_append(said, span.bytes, span.length);
}

static void note_details(struct text *said, const struct scanned *scanned)
{
    note_span(said, " to=", scanned->head.to);
    note_span(said, " from=", scanned->head.from);
    note_span(said, " type=", scanned->head.type);
    note_span(said, " id=", scanned->head.id);
    note_span(said, " child=", scanned->child);
    text_string(said, scanned->is_delayed ? " delayed" : "");
}

/* However the stream is cut. */
static void assert_details(const char *element, const char *expected)
{
    for (size_t step = 1; step <= strlen(element); step++) {
        struct stream_scan scan = { 0 };
        struct text said = { 0 };
        stream_scan_feed(&scan, HEADER, strlen(HEADER));
        assert_int_equal(stream_scan_next(&scan).kind, SCANNED_HEADER);
        assert_int_equal(stream_scan_next(&scan).kind, SCANNED_NOTHING);
        for (size_t at = 0; at < strlen(element); at += step) {
            stream_scan_feed(&scan, element + at, strlen(element) - at < step ? strlen(element) - at : step);
            for (struct scanned next = stream_scan_next(&scan); next.kind != SCANNED_NOTHING;
                 next = stream_scan_next(&scan))
                note_details(&said, &next);
        }
        assert_string_equal(said.bytes, expected);
        text_free(&said);
        stream_scan_free(&scan);
    }
}

static void attributes_and_children(void **state)
{
    (void)state;
    assert_details("<message to='a@b/c' id=\"1'\" from='d' type='chat'><body>x</body></message>",
                   " to=a@b/c from=d type=chat id=1' child=body");
    assert_details("<iq to='a' to='b' x:id='1' type='' xml:lang='to'/>", " to=a type=");
    assert_details("<iq\nto = 'a'\n><s:x/></iq>", " to=a child=s:x");
    assert_details("<message>x<y><delay/></y><x:delay a='>'/></message>", " child=y delayed");
    assert_details("<message><delay xmlns='urn:xmpp:delay'>x</delay></message>", " child=delay delayed");
    assert_details("<message><y><delay/></y><delays/></message>", " child=y");
    assert_details("<message>x &lt;delay/></message>", "");
    assert_details("<message><![CDATA[<delay/>]]><b/></message>", " child=b");
}

static void the_first_child(void **state)
{
    (void)state;
    static const char element[] = "<iq><x:query xmlns:x='a' b='c'><item/></x:query><other/></iq>";
    struct stream_scan scan = { 0 };
    struct tag tag;
    stream_scan_feed(&scan, HEADER, strlen(HEADER));
    assert_int_equal(stream_scan_next(&scan).kind, SCANNED_HEADER);
    assert_int_equal(stream_scan_next(&scan).kind, SCANNED_NOTHING);
    stream_scan_feed(&scan, element, strlen(element));
    const struct scanned scanned = stream_scan_next(&scan);
    assert_true(scanned_child(&scanned, "query", &tag));
    assert_true(tag_declares(&tag, "a") && span_is(tag_attribute(&tag, "b"), "c"));
    assert_false(scanned_child(&scanned, "other", &tag));
    stream_scan_free(&scan);
}

/* ---- The same as the parser ---- */

static void header_parsed(void *who, struct xml *header)
{
    text_string(who, "H ");
    xml_free(header);
}

static void element_parsed(void *who, struct xml *element)
{
    text_string(who, element->name);
    text_string(who, " ");
    xml_free(element);
}

static void end_parsed(void *who)
{
    text_string(who, "E ");
}

static void broken_parsed(void *who, const char *why)
{
    (void)why;
    text_string(who, "! ");
}

static char *names_parsed(const char *bytes, size_t length)
{
    struct text said = { 0 };
    struct xml_stream *stream = xml_stream_new(
        (struct xml_events){ header_parsed, element_parsed, end_parsed, broken_parsed, &said });
    xml_stream_feed(stream, bytes, length);
    xml_stream_free(stream);
    text_string(&said, "");
    return text_take(&said);
}

static char *names_scanned(const char *bytes, size_t length)
{
    struct stream_scan scan = { 0 };
    struct text said = { 0 };
    stream_scan_feed(&scan, bytes, length);
    for (struct scanned next = stream_scan_next(&scan); next.kind != SCANNED_NOTHING;
         next = stream_scan_next(&scan)) {
        if (next.kind == SCANNED_ELEMENT) {
            const struct span name = tag_local_name(&next.tag);
            text_append(&said, name.bytes, name.length);
            text_string(&said, " ");
        } else {
            note(&said, &next);
        }
    }
    stream_scan_free(&scan);
    text_string(&said, "");
    return text_take(&said);
}

/* Well-formed streams put together at random: the scanner finds what the parser finds. */
static void the_same_as_the_parser(void **state)
{
    (void)state;
    static const char *const parts[] = {
        "<presence/>",
        "<message to='a@b' id=\"'\"><body>&amp; ]] ></body></message>",
        " ",
        "\n",
        "<iq type='get'><query xmlns='a'><item a='&gt;/'/><item/></query></iq>",
        "<a><![CDATA[<b>]]></a>",
        "<stream:features><c/></stream:features>",
        "<d>x<e/>y</d >",
        "<f\n/>",
    };
    uint32_t number = 1;
    for (int round = 0; round < 300; round++) {
        struct text stream = { 0 };
        text_string(&stream, "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
                             "xmlns:stream='http://etherx.jabber.org/streams'>");
        for (int i = 0; i < 12; i++) {
            number = number * 1664525 + 1013904223;
            text_string(&stream, parts[(number >> 16) % (sizeof parts / sizeof parts[0])]);
        }
        if (round % 3 == 0)
            text_string(&stream, "</stream:stream>");
        char *expected = names_parsed(stream.bytes, stream.length);
        char *said = names_scanned(stream.bytes, stream.length);
        assert_string_equal(said, expected);
        free(expected);
        free(said);
        text_free(&stream);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_of_the_first_level),
        cmocka_unit_test(greater_than_signs_in_values_and_sections),
        cmocka_unit_test(a_stream_begins_again),
        cmocka_unit_test(nothing_is_found_behind_the_end),
        cmocka_unit_test(what_is_forbidden_is_lost),
        cmocka_unit_test(a_new_stream_after_what_was_lost),
        cmocka_unit_test(attributes_and_children),
        cmocka_unit_test(the_first_child),
        cmocka_unit_test(the_same_as_the_parser),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
