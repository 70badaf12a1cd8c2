/* Reading tags without a parser. */
#include "../model/tags.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct span span(const char *string)
{
    return (struct span){ string, strlen(string) };
}

static struct tag first_tag(const char *xml)
{
    struct tag_reader reader = { xml, xml + strlen(xml), false };
    struct tag tag;
    assert_true(tag_next(&reader, &tag));
    return tag;
}

static void assert_attribute(const char *xml, const char *name, const char *value)
{
    const struct tag tag = first_tag(xml);
    const struct span found = tag_attribute(&tag, name);
    if (value == NULL)
        assert_null(found.bytes);
    else
        assert_true(span_is(found, value));
}

static void attributes_are_found_by_their_names(void **state)
{
    (void)state;
    static const char message[] = "<message to='a@b/c' xml:lang=\"en\"\n\tid = 'x>y'/>";
    assert_attribute(message, "to", "a@b/c");
    assert_attribute(message, "xml:lang", "en");
    assert_attribute(message, "lang", NULL);
    assert_attribute(message, "id", "x>y");
    assert_attribute(message, "message", NULL);
    assert_attribute("<a b='to='/>", "to", NULL);
    assert_attribute("<a b=''/>", "b", "");
    assert_attribute("<a/>", "b", NULL);
    assert_attribute("<a b/>", "b", NULL);
    assert_attribute("<a b=/>", "b", NULL);
}

static void kinds_and_names(void **state)
{
    (void)state;
    static const char xml[] = "one<s:a x='/'> two <b/></s:a>";
    struct tag_reader reader = { xml, xml + strlen(xml), false };
    struct tag tag;
    assert_true(tag_next(&reader, &tag));
    assert_int_equal(tag.kind, TAG_OPENS);
    assert_true(span_is(tag.name, "s:a") && span_is(tag_local_name(&tag), "a") && span_is(tag.text, "one"));
    assert_ptr_equal(tag.begin, xml + 3);
    assert_true(tag_next(&reader, &tag));
    assert_int_equal(tag.kind, TAG_EMPTY);
    assert_true(span_is(tag.name, "b") && span_is(tag.text, " two "));
    assert_true(tag_next(&reader, &tag));
    assert_int_equal(tag.kind, TAG_CLOSES);
    assert_true(span_is(tag.name, "s:a"));
    assert_false(tag_next(&reader, &tag));
    assert_false(reader.broken);
}

/* RFC 6120, 11.1. */
static void what_is_forbidden_is_broken(void **state)
{
    (void)state;
    static const char *const broken[] = { "<!-- a --><b/>", "<?php ?><b/>", "<!DOCTYPE a><b/>", "<><b/>" };
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        struct tag_reader reader = { broken[i], broken[i] + strlen(broken[i]), false };
        struct tag tag;
        assert_false(tag_next(&reader, &tag));
        assert_true(reader.broken);
    }
    assert_true(span_is(first_tag("<?xml version='1.0'?><b/>").name, "b"));
    assert_true(span_is(first_tag("<![CDATA[<a> ]] > ]]><b/>").name, "b"));
}

static void what_is_not_whole_is_not_read(void **state)
{
    (void)state;
    static const char *const parts[] = { "",        "<", "<a", "<a b='>'", "<a b='>", "text", "<![CDATA[<a>",
                                         "<?xml ?", "<!" };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        struct tag_reader reader = { parts[i], parts[i] + strlen(parts[i]), false };
        struct tag tag;
        assert_false(tag_next(&reader, &tag));
    }
}

static void assert_resolves(const char *text, const char *expected)
{
    char out[16];
    assert_true(span_resolve(span(text), out, sizeof out));
    assert_string_equal(out, expected);
}

/* XML 1.0, 4.1 and 4.6. */
static void references_are_resolved(void **state)
{
    (void)state;
    assert_resolves("plain", "plain");
    assert_resolves("&lt;&gt;&amp;&apos;&quot;", "<>&'\"");
    assert_resolves("&#65;&#x42;", "AB");
    assert_resolves("&#xe9;&#x20AC;&#x1F600;", "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
    assert_resolves("&amp;lt;", "&lt;");
    assert_resolves("&unknown;&", "&unknown;&");
    assert_resolves("&#0;&#xD800;", "&#0;&#xD800;");
    assert_resolves("&#x110000;&#;", "&#x110000;&#;");
    char out[4];
    assert_true(span_resolve(span("abc"), out, sizeof out));
    assert_false(span_resolve(span("abcd"), out, sizeof out));
    assert_string_equal(out, "");
    assert_false(span_resolve(span("ab&#xe9;"), out, sizeof out));
    assert_false(span_resolve((struct span){ NULL, 0 }, out, sizeof out));
}

static void spans_are_compared(void **state)
{
    (void)state;
    const struct span absent = { NULL, 0 };
    assert_true(span_equal(span("a"), span("a")) && span_equal(absent, absent));
    assert_false(span_equal(span("a"), span("ab")) || span_equal(span(""), absent) ||
                 span_equal(absent, span("")));
    assert_true(span_is(span(""), "") && !span_is(absent, ""));
}

static void numbers_and_namespaces(void **state)
{
    (void)state;
    const struct tag tag = first_tag("<a:r h='4294967297' x='&#49;2' xmlns:a='urn:a' xmlns='urn:b'/>");
    assert_int_equal(tag_number(&tag, "h"), 1);
    assert_int_equal(tag_number(&tag, "x"), 12);
    assert_int_equal(tag_number(&tag, "absent"), 0);
    assert_true(tag_declares(&tag, "urn:a") && !tag_declares(&tag, "urn:b"));
    const struct tag plain = first_tag("<r xmlns='urn:b' xmlns:a='urn:a'/>");
    assert_true(tag_declares(&plain, "urn:b") && !tag_declares(&plain, "urn:a"));
}

static void the_head_of_a_stanza(void **state)
{
    (void)state;
    const struct tag tag = first_tag("<iq id='1' xml:lang='en' type='get' from='a'/>");
    const struct stanza_head head = tag_stanza_head(&tag);
    assert_true(span_is(head.id, "1") && span_is(head.type, "get") && span_is(head.from, "a"));
    assert_null(head.to.bytes);
}

static void elements_are_found_in_others(void **state)
{
    (void)state;
    const struct span inside = span("<body>a<x><body/></x></body><n:delay stamp='1'/><body>b</body> ");
    struct element found;
    struct span after;
    assert_true(element_find(inside, "body", &found, &after));
    assert_true(span_is(found.inside, "a<x><body/></x>"));
    assert_true(element_find(after, "body", &found, &after));
    assert_true(span_is(found.inside, "b"));
    assert_false(element_find(after, "body", &found, &after));
    assert_true(element_find(inside, "delay", &found, NULL));
    assert_true(span_is(found.tag.name, "n:delay") && found.inside.length == 0);
    assert_true(element_find(inside, NULL, &found, &after));
    assert_true(element_find(after, NULL, &found, &after));
    assert_true(span_is(found.tag.name, "n:delay"));
    assert_false(element_find(inside, "x", &found, NULL));
    assert_false(element_find(span("<a><b></a>"), "b", &found, NULL));
    assert_false(element_find(span(""), NULL, &found, NULL));
}

static void assert_parsed(const char *written, bool is_value, const char *parsed)
{
    struct text text = { 0 };
    text_string(&text, "");
    span_parse(span(written), is_value, &text);
    text_append(&text, "", 1);
    assert_string_equal(text.bytes, parsed);
    text_free(&text);
}

static void text_is_parsed(void **state)
{
    (void)state;
    assert_parsed("a&lt;&#98;&x;&", false, "a<b&x;&");
    assert_parsed("a\r\nb\rc\n\td", false, "a\nb\nc\n\td");
    assert_parsed("a\r\nb\tc&#10;", true, "a b c\n");
    assert_parsed("a<![CDATA[<&amp;\r\n]]>]]<![CDATA[]]>b", false, "a<&amp;\n]]b");
    assert_parsed("", false, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attributes_are_found_by_their_names),
        cmocka_unit_test(kinds_and_names),
        cmocka_unit_test(what_is_forbidden_is_broken),
        cmocka_unit_test(what_is_not_whole_is_not_read),
        cmocka_unit_test(references_are_resolved),
        cmocka_unit_test(spans_are_compared),
        cmocka_unit_test(numbers_and_namespaces),
        cmocka_unit_test(the_head_of_a_stanza),
        cmocka_unit_test(elements_are_found_in_others),
        cmocka_unit_test(text_is_parsed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
