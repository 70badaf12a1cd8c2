/* What a recorder finds in the bytes of one direction. */
#include "../record/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HEADER                                                                                               \
    "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='localhost'>"

struct seen {
    struct text kinds; /* a letter for each item; one for all raw bytes that follow each other */
    struct text elements;
    struct text bytes; /* of all items */
};

static void note(void *host, const struct wire_item *item)
{
    static const char letters[] = {
        [WIRE_HEADER] = 'h', [WIRE_ELEMENT] = 'e', [WIRE_END] = '/', [WIRE_RAW] = 'r'
    };
    struct seen *seen = host;
    const bool is_more =
        item->kind == WIRE_RAW && seen->kinds.length > 0 && seen->kinds.bytes[seen->kinds.length - 1] == 'r';
    if (!is_more)
        text_append(&seen->kinds, &letters[item->kind], 1);
    text_append(&seen->bytes, item->bytes, item->length);
    assert_int_equal(item->element != NULL, item->kind == WIRE_HEADER || item->kind == WIRE_ELEMENT);
    if (item->element == NULL)
        return;
    char *printed = xml_print(item->element, XML_NS_CLIENT);
    text_string(&seen->elements, printed);
    free(printed);
    xml_free(item->element);
}

static void seen_free(struct seen *seen)
{
    text_free(&seen->kinds);
    text_free(&seen->elements);
    text_free(&seen->bytes);
}

/* All of it is reported, or left as the rest. */
static void feed(struct seen *seen, const char *bytes, size_t length, size_t first, size_t piece)
{
    struct wire *wire = wire_new(note, seen);
    size_t rest;
    wire_feed(wire, bytes, first);
    for (size_t at = first; at < length; at += piece)
        wire_feed(wire, bytes + at, length - at < piece ? length - at : piece);
    const char *left = wire_rest(wire, &rest);
    text_append(&seen->bytes, rest > 0 ? left : "", rest);
    assert_int_equal(seen->bytes.length, length);
    assert_memory_equal(seen->bytes.bytes, bytes, length);
    wire_free(wire);
}

/* However the bytes are cut, these items come. */
static void finds(const char *bytes, const char *kinds, const char *elements)
{
    const size_t length = strlen(bytes);
    for (size_t cut = 0; cut <= length + 1; cut++) {
        struct seen seen = { .kinds = { 0 } };
        text_string(&seen.kinds, "");
        text_string(&seen.elements, "");
        feed(&seen, bytes, length, cut <= length ? cut : 0, cut <= length ? length : 1);
        assert_string_equal(seen.kinds.bytes, kinds);
        if (elements != NULL)
            assert_string_equal(seen.elements.bytes, elements);
        seen_free(&seen);
    }
}

static void a_stream_is_cut_into_its_elements(void **state)
{
    (void)state;
    finds("<?xml version='1.0'?>" HEADER
          " <presence/>\n<message to='a@b'><body>&lt;x&gt;</body></message></stream:stream>",
          "hee/",
          "<stream xmlns=\"http://etherx.jabber.org/streams\" to=\"localhost\"/>"
          "<presence/><message to=\"a@b\"><body>&lt;x&gt;</body></message>");
}

static void a_stream_begins_again(void **state)
{
    (void)state;
    finds(HEADER "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>AA==</auth> <?xml version='1.0'?>" HEADER
                 "<iq id='1'/>",
          "hehe", NULL);
}

static void what_is_not_complete_is_left(void **state)
{
    (void)state;
    finds(HEADER "<message><body>half", "h", NULL);
    finds("<stream:str", "", "");
    finds(HEADER "  ", "h", NULL);
}

/* The scan of tags accepts some of these, and the parser does not. */
static void what_is_malformed_is_raw_from_there(void **state)
{
    (void)state;
    finds(HEADER "<presence/><message><a></b></message><presence/>", "her", NULL);
    finds(HEADER "<presence/><message to=x/><presence/>", "her", NULL);
    finds(HEADER "text<presence/>", "hr", NULL);
    finds(HEADER "<!-- a comment --><presence/>", "hr", NULL);
    finds(HEADER "<unbound:prefix/>", "hr", NULL);
    finds("GET / HTTP/1.1\r\n\r\n", "r", "");
}

static void bytes_of_any_value_are_kept(void **state)
{
    (void)state;
    static const char hello[] = "\x16\x03\x01\x00\xa5\x01\x00<";
    struct seen seen = { .kinds = { 0 } };
    feed(&seen, hello, sizeof hello - 1, 0, 1);
    assert_string_equal(seen.kinds.bytes, "r");
    seen_free(&seen);
}

static void nothing_comes_behind_the_end(void **state)
{
    (void)state;
    finds(HEADER "</stream:stream>", "h/", NULL);
    struct seen seen = { .kinds = { 0 } };
    static const char more[] = HEADER "</stream:stream>\n<presence/>";
    feed(&seen, more, sizeof more - 1, sizeof HEADER - 1, strlen("</stream:stream>"));
    assert_string_equal(seen.kinds.bytes, "h/");
    seen_free(&seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stream_is_cut_into_its_elements),
        cmocka_unit_test(a_stream_begins_again),
        cmocka_unit_test(what_is_not_complete_is_left),
        cmocka_unit_test(what_is_malformed_is_raw_from_there),
        cmocka_unit_test(bytes_of_any_value_are_kept),
        cmocka_unit_test(nothing_comes_behind_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
