/* What a stanza says, apart from how it is written. */
#include "../model/canonical.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define STREAM                                                                                               \
    "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' xmlns:v='urn:v'"

static struct canonical read_on(const char *stream, const char *stanza)
{
    struct stream_header header = { .count = 0 };
    struct element opened, element;
    struct tag_reader reader = { stream, stream + strlen(stream), false };
    assert_true(tag_next(&reader, &opened.tag));
    stream_header_keep(&header, &opened.tag);
    assert_true(element_find((struct span){ stanza, strlen(stanza) }, NULL, &element, NULL));
    const struct canonical canonical = canonical_of(&header, NULL, 0, &element.tag, element.inside);
    stream_header_free(&header);
    return canonical;
}

static struct canonical read_one(const char *stanza)
{
    return read_on(STREAM ">", stanza);
}

static void same(const char *one, const char *other)
{
    const struct canonical first = read_one(one), second = read_one(other);
    assert_true(first.is_readable && second.is_readable);
    assert_int_equal(first.content, second.content);
    assert_int_equal(first.lang, second.lang);
}

static void different(const char *one, const char *other)
{
    assert_int_not_equal(read_one(one).content, read_one(other).content);
}

static void how_it_is_written_does_not_count(void **state)
{
    (void)state;
    same("<message id='1' type='chat'/>", "<message  type=\"chat\"\n\tid = '1'></message>");
    same("<message><a x='1' y='2'/></message>", "<message><a y='2' x='1'></a></message>");
    same("<message a='&lt;&#x41; \n'/>", "<message a='&#60;A  '/>");
    same("<message><body>a&amp;b</body></message>", "<message><body><![CDATA[a&]]>b</body></message>");
    same("<message><body>\r\n\r</body></message>", "<message><body>\n\n</body></message>");
}

static void addresses_stand_beside_the_content(void **state)
{
    (void)state;
    same("<message to='a@b' from='c@d'/>", "<message/>");
    different("<message><a to='a@b'/></message>", "<message><a/></message>");
    different("<message type='chat'/>", "<message/>");
    different("<message id='1'/>", "<message id='2'/>");
    different("<message/>", "<presence/>");
}

static void languages_stand_beside_the_content(void **state)
{
    (void)state;
    const struct canonical none = read_one("<message/>"), german = read_one("<message xml:lang='de'/>");
    assert_int_equal(none.content, german.content);
    assert_int_equal(none.lang, 0);
    assert_int_not_equal(german.lang, 0);
    assert_int_not_equal(german.lang, read_one("<message xml:lang='cs'/>").lang);
    different("<message><body xml:lang='de'/></message>", "<message><body/></message>");
}

static void everything_inside_counts(void **state)
{
    (void)state;
    different("<message><a/><b/></message>", "<message><b/><a/></message>");
    different("<message><a/><b/></message>", "<message><a><b/></a></message>");
    different("<message><a>b</a></message>", "<message><a/>b</message>");
    different("<message>ab</message>", "<message>ab </message>");
    different("<message><a>x</a>y</message>", "<message><a>xy</a></message>");
    different("<message><a b='c'/></message>", "<message><a c='b'/></message>");
    different("<message>\r</message>", "<message>&#13;</message>");
}

static void namespaces_are_resolved(void **state)
{
    (void)state;
    same("<message><a xmlns='urn:v'><b/></a></message>", "<message><v:a><v:b/></v:a></message>");
    same("<message><p:a xmlns:p='urn:v'/></message>", "<message><v:a/></message>");
    same("<message v:a='1'/>", "<message xmlns:p='urn:v' p:a='1'/>");
    same("<message><a xmlns='jabber:client'/></message>", "<message><a/></message>");
    different("<message><a xmlns='urn:v'/></message>", "<message><a/></message>");
    different("<message v:a='1'/>", "<message a='1'/>");
    different("<message><a xmlns='urn:v'><b xmlns='jabber:client'/></a></message>",
              "<message><a xmlns='urn:v'><b/></a></message>");
    /* A declaration ends with its element. */
    different("<message><a xmlns:v='urn:w'/><v:b/></message>",
              "<message><a xmlns:v='urn:w'><v:b/></a></message>");
    same("<message><a xmlns:v='urn:w'/><v:b/></message>", "<message><a/><b xmlns='urn:v'/></message>");
}

static void streams_of_servers_are_alike(void **state)
{
    (void)state;
    static const char stanza[] = "<message><body>x</body></message>";
    const struct canonical one = read_one(stanza);
    assert_int_equal(one.content, read_on("<s xmlns='jabber:server'>", stanza).content);
    assert_int_not_equal(one.content, read_on("<s xmlns='urn:v'>", stanza).content);
}

#define DELAY "<delay xmlns='urn:xmpp:delay' from='localhost' stamp='2001-01-01T00:00:00Z'"

static void delays_of_servers_are_left_out(void **state)
{
    (void)state;
    same("<message><a/>\n" DELAY "/></message>", "<message><a/>\n</message>");
    same("<message>" DELAY "><b/>why</delay><a/></message>", "<message><a/></message>");
    same("<message xmlns:d='urn:xmpp:delay'><d:delay from='localhost'/></message>", "<message/>");
    different("<message><delay xmlns='urn:xmpp:delay' from='a@localhost'/></message>", "<message/>");
    different("<message><delay xmlns='urn:xmpp:delay'/></message>", "<message/>");
    different("<message><delay from='localhost'/></message>", "<message/>");
    different("<message><a>" DELAY "/></a></message>", "<message><a/></message>");
}

static bool is_delayed(const char *inside)
{
    return canonical_is_delayed((struct span){ inside, strlen(inside) });
}

static void a_delay_is_a_child(void **state)
{
    (void)state;
    assert_true(is_delayed("<a/>" DELAY "/>"));
    assert_true(is_delayed("<delay xmlns='urn:xmpp:delay' from='a@b'/>" DELAY "/>"));
    assert_false(is_delayed("<a>" DELAY "/></a>"));
    assert_false(is_delayed("<delay xmlns='urn:xmpp:delay' from='a@b'/>"));
    assert_false(is_delayed("<a b='"
                            "delay"
                            "'/>"));
}

static void what_is_inside_of_another_stanza_is_read_like_it(void **state)
{
    (void)state;
    static const char outer[] = "<message xmlns='jabber:client'><sent xmlns='urn:c' xmlns:p='urn:v'><message "
                                "xmlns='jabber:client'><p:a/><b/></message></sent></message>";
    struct element found[3];
    struct span inside = { outer, sizeof outer - 1 };
    struct stream_header none = stream_header_none();
    for (size_t i = 0; i < 3; i++) {
        assert_true(element_find(inside, NULL, &found[i], NULL));
        inside = found[i].inside;
    }
    const struct tag tags[] = { found[0].tag, found[1].tag };
    const struct canonical canonical = canonical_of(&none, tags, 2, &found[2].tag, inside);
    assert_true(canonical.is_readable);
    assert_int_equal(canonical.content, read_one("<message><v:a/><b/></message>").content);
}

static char *nested(size_t times, const char *before, const char *behind)
{
    struct text text = { 0 };
    text_string(&text, "<message>");
    for (size_t i = 0; i < times; i++)
        text_string(&text, before);
    for (size_t i = 0; i < times; i++)
        text_string(&text, behind);
    text_string(&text, "</message>");
    return text_take(&text);
}

static bool is_readable(char *stanza)
{
    const bool is = read_one(stanza).is_readable;
    free(stanza);
    return is;
}

static void what_is_too_deep_is_not_readable(void **state)
{
    (void)state;
    assert_true(is_readable(nested(48, "<a>", "</a>")));
    assert_false(is_readable(nested(49, "<a>", "</a>")));
    assert_true(is_readable(nested(40, "<a xmlns:p='q'>", "</a>")));
    assert_false(is_readable(nested(47, "<a xmlns:p='q'>", "</a>")));
    assert_true(is_readable(nested(100, "<a xmlns:p='q'/>", "")));
    assert_false(
        read_on("<s xmlns:a='1' xmlns:b='2' xmlns:c='3' xmlns:d='4' xmlns:e='5' xmlns:f='6' xmlns:g='7'>",
                "<message/>")
            .is_readable);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(how_it_is_written_does_not_count),
        cmocka_unit_test(addresses_stand_beside_the_content),
        cmocka_unit_test(languages_stand_beside_the_content),
        cmocka_unit_test(everything_inside_counts),
        cmocka_unit_test(namespaces_are_resolved),
        cmocka_unit_test(streams_of_servers_are_alike),
        cmocka_unit_test(delays_of_servers_are_left_out),
        cmocka_unit_test(a_delay_is_a_child),
        cmocka_unit_test(what_is_inside_of_another_stanza_is_read_like_it),
        cmocka_unit_test(what_is_too_deep_is_not_readable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
