/* The cost of a tag for expat, computed before expat parses it, and what is no tag. */
#include "xml/tag_scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HEADER "<s xmlns='c' xmlns:s='t'>"

static char *repeated(const char *string, size_t times)
{
    const size_t length = strlen(string);
    char *all = calloc(times * length + 1, 1);
    assert_non_null(all);
    for (size_t i = 0; i < times * length; i++)
        all[i] = string[i % length];
    return all;
}

/* How much of it is affordable, in pieces of a size. */
static size_t affordable(const char *xml, size_t piece)
{
    struct tag_scan scan = { .depth = 0 };
    const size_t length = strlen(xml);
    for (size_t at = 0; at < length; at += piece) {
        const size_t size = length - at < piece ? length - at : piece;
        const size_t part = tag_scan(&scan, xml + at, size);
        if (part < size) {
            assert_int_equal(tag_scan(&scan, xml + at + part, size - part), 0); /* and stays so */
            return at + part;
        }
    }
    return length;
}

static void expect_at(const char *xml, size_t wanted)
{
    static const size_t pieces[] = { SIZE_MAX, 1, 2, 3, 7 };
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
        if (affordable(xml, pieces[i]) != wanted)
            fail_msg("%.60s..., in pieces of %zu: %zu, not %zu", xml, pieces[i], affordable(xml, pieces[i]),
                     wanted);
}

static void is_affordable(const char *xml)
{
    expect_at(xml, strlen(xml));
}

/* A stanza around `inside`, `<p:...` being of a namespace of 50,000 bytes: the cost exceeds the bound with
 * the 40th copy, if the stanza is not much longer. */
enum { LONG = 50000, COPIES = 39 };

static char *stanza(const char *before, const char *inside)
{
    char *ns = repeated("u", LONG);
    const size_t size = LONG + strlen(before) + strlen(inside) + 100;
    char *xml = calloc(size, 1);
    (void)snprintf(xml, size, "%s<m xmlns:p='%s'>%s", before, ns, inside);
    free(ns);
    return xml;
}

/* It is the last '=' of the stanza that is too much. */
static void is_too_much(const char *before, const char *inside)
{
    char *xml = stanza(before, inside);
    expect_at(xml, (size_t)(strrchr(xml, '=') - xml));
    free(xml);
}

static void is_no_more(const char *before, const char *inside)
{
    char *xml = stanza(before, inside);
    is_affordable(xml);
    free(xml);
}

#define SEVEN " p:a='' p:b='' p:c='' p:d='' p:e='' p:f='' p:g=''"
#define EIGHT SEVEN " p:h=''"
#define MOST  EIGHT EIGHT EIGHT EIGHT SEVEN

static void a_tag_has_as_many_prefixed_attributes_as_its_stanza_can_afford(void **state)
{
    (void)state;
    assert_int_equal((TAG_COPIES_MORE + TAG_COPIES * (LONG + 300)) / LONG, COPIES);
    is_no_more(HEADER, "<e" MOST "/>");
    is_no_more(HEADER, "<e" MOST "/><e" MOST "/></m>"); /* each tag by itself */
    is_too_much(HEADER, "<e" MOST " p:i=''/>");
    is_too_much(HEADER, "<e" MOST " p:i\t\n =''/>");
    is_too_much(HEADER, "<e" MOST "\np:i=\">\"/>");
    is_too_much(HEADER, "<p:e" MOST " xml:i=''/>");
}

static void what_has_no_prefix_costs_nothing(void **state)
{
    (void)state;
    is_no_more(HEADER, "<e" MOST " a='' b=':' c=' p:d=' e='' xmlns='' xmlns:f='g'/>");
}

static void values_text_and_sections_contain_no_attributes(void **state)
{
    (void)state;
    is_no_more(HEADER, "<e a=\"<f" MOST MOST ">\"/>" MOST MOST "<![CDATA[<f" MOST MOST "]>]]]></m>");
    is_too_much(HEADER, "<![CDATA[]]]]><e" MOST " p:i=''/>");
    is_too_much(HEADER, "<![CDATA[x]>]] ><e a=''>]]><e" MOST " p:i=''/>");
}

/* The tag that declares it is the one that costs most. */
static void the_namespace_may_be_declared_in_the_tag_before_or_after(void **state)
{
    (void)state;
    enum { SIZE = 2 * LONG, LAST = COPIES * 7 + 4 };
    char *ns = repeated("u", LONG), *all = repeated(" p:a=''", 60), *xml = calloc(SIZE, 1);
    (void)snprintf(xml, SIZE, HEADER "<m%s xmlns:p='%s'/>", all, ns);
    expect_at(xml, strlen(xml) - 3); /* with the end of its value */
    (void)snprintf(xml, SIZE, HEADER "<m xmlns='%s'%s/>", ns, all);
    expect_at(xml, strlen(HEADER "<m xmlns=''") + LONG + LAST);
    free(ns);
    free(all);
    free(xml);
}

static void the_namespace_counts_until_its_stanza_ends(void **state)
{
    (void)state;
    is_too_much(HEADER, "<e><f/></e><e a='b'></e><e" MOST " p:i=''/>");
    is_no_more(HEADER, "<e><f/></e></m><m " MOST " q:i=''/>");
    is_no_more(HEADER, "</m> <m" MOST " q:i=''/>");
}

/* A short stanza can afford TAG_COPIES_MORE. */
static void that_of_the_header_counts_always(void **state)
{
    (void)state;
    enum { LARGE = TAG_COPIES_MORE / 2 + 1000, SIZE = LARGE + 200 };
    char *ns = repeated("u", LARGE), *xml = calloc(SIZE, 1);
    (void)snprintf(xml, SIZE, "<?xml version='1.0'?><s:s xmlns:s='t' xmlns:p='%s'><m p:a=''/> <m p:a=''/>",
                   ns);
    is_affordable(xml);
    (void)snprintf(xml, SIZE, "<s:s xmlns:s='t' xmlns:p='%s'><m p:a=''/><m><e p:a='' p:b=''/></m>", ns);
    expect_at(xml, (size_t)(strrchr(xml, '=') - xml));
    free(ns);
    free(xml);
}

/* RFC 6120, 4.6.1. */
static void white_space_between_stanzas_affords_nothing(void **state)
{
    (void)state;
    enum { SIZE = 2 * LONG + 100 };
    char *blanks = repeated(" \n", LONG), *before = calloc(SIZE, 1);
    (void)snprintf(before, SIZE, HEADER "%s", blanks);
    is_too_much(before, "<e" MOST " p:i=''/>");
    free(blanks);
    free(before);
}

static void namespaces_of_the_usual_length_are_always_affordable(void **state)
{
    (void)state;
    char *ns = repeated("u", 200), *all = repeated(" p:a=''", 64), *xml = calloc(2000, 1);
    (void)snprintf(xml, 2000, HEADER "<m xmlns:p='%s'%s/>", ns, all);
    is_affordable(xml);
    free(ns);
    free(all);
    free(xml);
}

/* Whatever there may be in so many bytes is affordable when it is gone over. */
static void what_is_short_is_affordable_whatever_it_is(void **state)
{
    (void)state;
    struct tag_scan scan = { .depth = 1, .outer = 30 };
    size_t most = 0;
    char *any = repeated("x", 10000);
    while (tag_scan_is_needless(&scan, any, most + 1))
        most++;
    free(any);
    assert_in_range(most, 6000, 7000);
    for (size_t ns = 1; ns + 20 < most; ns += 9) {
        const size_t attributes = (most - ns - sizeof "<a xmlns:p=''/>") / 7;
        char *uri = repeated("u", ns), *all = repeated(" p:a=''", attributes), *xml = calloc(2 * most, 1);
        (void)snprintf(xml, 2 * most, "<a xmlns:p='%s'%s/>", uri, all);
        struct tag_scan copy = scan;
        assert_int_equal(tag_scan(&copy, xml, strlen(xml)), strlen(xml));
        free(uri);
        free(all);
        free(xml);
    }
}

static void it_is_not_where_the_header_declares_much_or_a_stanza_is_under_way(void **state)
{
    (void)state;
    struct tag_scan scan = { .depth = 1, .outer = TAG_COPIES_MORE / 2 + 1000 };
    assert_true(tag_scan_is_needless(&scan, "abcdefghijklmn", 10));
    assert_false(tag_scan_is_needless(&scan, "abcdefghijklmn", 14));
    scan.outer = 0;
    assert_int_equal(tag_scan(&scan, "<a>", 3), 3);
    assert_false(tag_scan_is_needless(&scan, "abcdefghijklmn", 10));
    scan = (struct tag_scan){ .depth = 0 };
    assert_false(tag_scan_is_needless(&scan, "abcdefghijklmn", 10));
    scan = (struct tag_scan){ .depth = 1 };
    assert_int_equal(tag_scan(&scan, "<", 1), 1);
    assert_false(tag_scan_is_needless(&scan, "abcdefghijklmn", 10));
    assert_false(tag_scan_is_needless(&(struct tag_scan){ .depth = 1 }, "", SIZE_MAX));
}

/* The attributes of a stanza that is over are none of the next, which has read less. */
static void a_stanza_that_can_afford_its_attributes_may_end_with_them(void **state)
{
    (void)state;
    enum { LARGE = 100000, ATTRIBUTES = 20, SIZE = 3 * LARGE };
    char *ns = repeated("u", LARGE), *all = repeated(" p:a=''", ATTRIBUTES), *xml = calloc(SIZE, 1);
    assert_true(LARGE > (TAG_COPIES_MORE + TAG_COPIES * 1000) / ATTRIBUTES);
    (void)snprintf(xml, SIZE, "<s xmlns:p='%s'><m v='%.*s'%s/><m/>", ns, (int)LARGE, ns, all);
    is_affordable(xml);
    free(ns);
    free(all);
    free(xml);
}

/* ---- What is no tag ---- */

static void expect_verdict(const char *xml, size_t given, enum tag_verdict verdict)
{
    struct tag_scan scan = { .depth = 0 };
    expect_at(xml, given);
    (void)tag_scan(&scan, xml, strlen(xml));
    assert_int_equal(scan.verdict, verdict);
}

/* XML 1.0, 2.1 and 2.8.  The byte that shows it is given to expat too. */
static void before_the_header_there_is_white_space_and_a_declaration(void **state)
{
    (void)state;
    expect_verdict("<?xml version='1.0'?>\r\n\t <s>text", 32, TAG_IS_ALLOWED);
    expect_verdict("<?xml\nx='>'?><s>text", 20, TAG_IS_ALLOWED);
    expect_verdict("xx", 1, TAG_IS_MALFORMED);
    expect_verdict(" \r\xff\xff", 3, TAG_IS_MALFORMED);
    expect_verdict("<?xml x?>yy", 10, TAG_IS_MALFORMED);
    expect_verdict("<!xx", 3, TAG_IS_MALFORMED);
    expect_verdict("<!-xx", 4, TAG_IS_MALFORMED);
    expect_verdict("<!DOCTYPExx", 10, TAG_IS_MALFORMED);
    expect_verdict("<!DOCTYPE\nx", 11, TAG_IS_ALLOWED);
}

static void expect_verdict_when_long(const char *begin, char fill, enum tag_verdict verdict)
{
    char xml[MARKUP_MOST + sizeof HEADER + 8];
    const char *open = strrchr(begin, '<');
    const size_t whole = (size_t)(open - begin) + MARKUP_MOST + 1;
    memset(xml, fill, sizeof xml);
    memcpy(xml, begin, strlen(begin));
    xml[whole] = '\0';
    expect_verdict(xml, whole, verdict);
    xml[whole] = fill;
    xml[whole + 1] = '\0';
    expect_verdict(xml, whole, verdict);
    xml[whole - 1] = '\0';
    expect_verdict(xml, whole - 1, TAG_IS_ALLOWED);
}

/* RFC 6120, 11.1; expat has told before what it is when it has ended. */
static void what_is_not_allowed_and_long_is_not_waited_for(void **state)
{
    (void)state;
    expect_verdict_when_long("<!--", '>', TAG_IS_RESTRICTED);
    expect_verdict_when_long(" <!DOCTYPE ", '\'', TAG_IS_RESTRICTED);
    expect_verdict_when_long("<?x", '<', TAG_IS_RESTRICTED);
    expect_verdict_when_long("<?xmlx", '\n', TAG_IS_RESTRICTED);
    expect_verdict_when_long("<?xml ", '>', TAG_IS_TOO_LONG);
    expect_verdict_when_long(HEADER "<!--", '"', TAG_IS_RESTRICTED);
    expect_verdict_when_long(HEADER "<a><?xml ", '?', TAG_IS_RESTRICTED);
}

static void sections_and_values_are_of_any_length(void **state)
{
    (void)state;
    char *long_text = repeated("<!-- <? ]] ", 100), *xml = calloc(4000, 1);
    (void)snprintf(xml, 4000, HEADER "<a b='%s'/><a><![CDATA[%s]]></a>", long_text, long_text);
    is_affordable(xml);
    free(long_text);
    free(xml);
}

/* Short markup has ended before its length matters, or the next bytes are gone over. */
static void it_is_not_where_something_long_may_be_no_tag(void **state)
{
    (void)state;
    static const char *const markups[] = { "<!--", "<?x", "<![CDATA[" };
    const struct tag_scan scan = { .depth = 1 };
    char xml[MARKUP_MOST + 2];
    memset(xml, '!', sizeof xml);
    assert_true(tag_scan_is_needless(&scan, xml, sizeof xml));
    for (size_t i = 0; i < sizeof markups / sizeof *markups; i++) {
        memset(xml, '?', sizeof xml);
        memcpy(xml + 100, markups[i], strlen(markups[i]));
        assert_true(tag_scan_is_needless(&scan, xml, MARKUP_MOST));
        assert_false(tag_scan_is_needless(&scan, xml, MARKUP_MOST + 1));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tag_has_as_many_prefixed_attributes_as_its_stanza_can_afford),
        cmocka_unit_test(what_has_no_prefix_costs_nothing),
        cmocka_unit_test(values_text_and_sections_contain_no_attributes),
        cmocka_unit_test(the_namespace_may_be_declared_in_the_tag_before_or_after),
        cmocka_unit_test(the_namespace_counts_until_its_stanza_ends),
        cmocka_unit_test(that_of_the_header_counts_always),
        cmocka_unit_test(white_space_between_stanzas_affords_nothing),
        cmocka_unit_test(namespaces_of_the_usual_length_are_always_affordable),
        cmocka_unit_test(what_is_short_is_affordable_whatever_it_is),
        cmocka_unit_test(it_is_not_where_the_header_declares_much_or_a_stanza_is_under_way),
        cmocka_unit_test(a_stanza_that_can_afford_its_attributes_may_end_with_them),
        cmocka_unit_test(before_the_header_there_is_white_space_and_a_declaration),
        cmocka_unit_test(what_is_not_allowed_and_long_is_not_waited_for),
        cmocka_unit_test(sections_and_values_are_of_any_length),
        cmocka_unit_test(it_is_not_where_something_long_may_be_no_tag),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
