/* The cost of a tag for expat, computed before expat parses it. */
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
