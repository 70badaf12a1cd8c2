/* Trees, texts made into trees, and trees printed. */
#include "xml_rig.h"

/* ---- Trees ---- */

static void an_element_is_asked_by_name_and_namespace(void **state)
{
    (void)state;
    struct xml *iq = fragment("<iq id='a'> <x xmlns='urn:1'/>text<x xmlns='urn:2'/><y/></iq>");
    assert_true(xml_is(iq, "iq", XML_NS_CLIENT));
    assert_true(xml_is(iq, NULL, NULL));
    assert_false(xml_is(iq, "iq", "urn:1"));
    assert_false(xml_is(iq, "message", NULL));
    assert_false(xml_is(NULL, NULL, NULL));
    assert_false(xml_is(iq->children, NULL, NULL)); /* text */
    assert_string_equal(xml_get(iq, "id"), "a");
    assert_null(xml_get(iq, "to"));
    struct xml *first = xml_first_element(iq);
    assert_string_equal(first->ns, "urn:1");
    assert_ptr_equal(xml_next_element(first), xml_child(iq, "x", "urn:2"));
    assert_ptr_equal(xml_child(iq, NULL, "urn:2"), xml_child(iq, "x", "urn:2"));
    assert_ptr_equal(xml_child(iq, "x", NULL), first);
    assert_null(xml_child(iq, "z", NULL));
    assert_null(xml_first_element(first));
    assert_null(xml_next_element(xml_child(iq, "y", NULL)));
    xml_free(iq);
    xml_free(NULL);
}

static void the_text_of_an_element_is_joined_and_cut_between_characters(void **state)
{
    (void)state;
    char out[8];
    struct xml *body = fragment("<body>ab<i>no</i>c\xE2\x82\xAC"
                                "d</body>");
    char all[32];
    assert_string_equal(xml_text(body, all, sizeof all), "abc\xE2\x82\xAC"
                                                         "d");
    assert_string_equal(xml_text(body, out, 8), "abc\xE2\x82\xAC"
                                                "d");
    assert_string_equal(xml_text(body, out, 7), "abc\xE2\x82\xAC");
    assert_string_equal(xml_text(body, out, 6), "abc");
    assert_string_equal(xml_text(body, out, 4), "abc");
    assert_string_equal(xml_text(body, out, 3), "ab");
    assert_string_equal(xml_text(body, out, 1), "");
    assert_string_equal(xml_text(body->children->next, all, sizeof all), "no");
    xml_free(body);
    struct xml *empty = fragment("<body/>");
    assert_string_equal(xml_text(empty, out, sizeof out), "");
    xml_free(empty);
}

/* ---- Fragments ---- */

static void a_fragment_is_siblings_freed_one_by_one(void **state)
{
    (void)state;
    struct xml *first = fragment("\n  <message scansion:strict='true'>\n<body/></message>\n"
                                 "\n  <stream:error><!-- why --><a xml:lang='en'/></stream:error>\n");
    assert_string_equal(first->ns, XML_NS_CLIENT);
    assert_int_equal(first->line, 2);
    assert_int_equal(xml_child(first, "body", NULL)->line, 3);
    assert_string_equal(xml_get(first, "scansion:strict"), "true");
    assert_string_equal(first->attributes->ns, XML_NS_SCANSION);
    struct xml *second = first->next;
    assert_true(xml_is(second, "error", XML_NS_STREAMS));
    assert_int_equal(second->line, 5);
    assert_null(second->next);
    xml_free(first);
    assert_string_equal(xml_get(xml_first_element(second), "xml:lang"), "en");
    xml_free(second);
    assert_null(fragment(""));
    assert_null(fragment(" \n\t<!-- nothing --> "));
}

static void check_problem(const char *text, int expected_line)
{
    const char *problem = NULL;
    int line = 0;
    assert_null(xml_fragment(text, strlen(text), &problem, &line));
    assert_non_null(problem);
    assert_int_equal(line, expected_line);
}

static void a_malformed_fragment_is_named_with_its_line(void **state)
{
    (void)state;
    check_problem("<a/>\n<b>\n</c>", 3);
    check_problem("<a/>\n\n<b>", 3);
    check_problem("<a/>\n  stray\n<b/>", 2);
    check_problem("stray", 1);
    check_problem("\n<x:a/>", 2);
    check_problem("<a>\n\n&nbsp;</a>", 3);
    check_problem("<a/>\n</fragment>\n<b/>", 3);
    check_problem("<a/></fragment>", 1);
    check_problem("<a/>\n<!-- never closed", 2);
    check_problem("<a/>\n<!-- never closed <a/>\n", 2);
    check_problem("<a/><![CDATA[", 1);
    check_problem("<a>\n<![CDATA[ never closed", 2);
    check_problem("<?xml version='1.0'?><a/>", 1);
    check_problem("<a b='", 1);
    check_problem("<a>\xE2\x82", 1);

    const char *problem;
    int line;
    assert_null(xml_fragment("<a/>x", 5, &problem, &line));
    assert_string_equal(problem, "text stands between the elements");
    assert_null(xml_fragment("<a/>\0", 5, &problem, &line));
    assert_non_null(problem);
}

/* The caller may change or free a fragment; the next one is read as if it were the first. */
static void a_fragment_is_the_same_each_time(void **state)
{
    (void)state;
    static const char text[] = "\n<a xmlns='urn:a' xml:lang='en' b=''><b xmlns=''>t&lt;</b>\n tail</a>"
                               "<presence/><q:c xmlns:q='urn:c' q:d='1'/>";
    for (size_t i = 0; i < 3; i++) {
        struct xml *a = fragment(text), *presence = a->next, *c = presence->next;
        assert_string_equal(xml_get(a, "xml:lang"), "en");
        assert_string_equal(xml_get(a, "b"), "");
        assert_string_equal(a->attributes->ns, "http://www.w3.org/XML/1998/namespace");
        assert_true(xml_is(a->children, "b", ""));
        assert_string_equal(a->children->children->text, "t<");
        assert_string_equal(a->children->next->text, "\n tail");
        assert_null(a->children->next->next);
        assert_int_equal(a->line, 2);
        assert_int_equal(a->children->next->line, 2);
        assert_true(xml_is(presence, "presence", XML_NS_CLIENT));
        assert_int_equal(presence->line, 3);
        assert_true(xml_is(c, "c", "urn:c"));
        assert_string_equal(xml_get(c, "q:d"), "1");
        assert_string_equal(c->attributes->ns, "urn:c");
        assert_null(c->next);
        a->children = NULL;
        a->name = "changed";
        c->attributes = NULL;
        xml_free(a);
        xml_free(presence);
        xml_free(c);
    }
}

static void many_fragments_are_not_mistaken_for_each_other(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 6000; i++) {
        char text[32];
        (void)snprintf(text, sizeof text, "<a b='%u'/>", i % 2000);
        struct xml *a = fragment(text);
        assert_int_equal(strtoul(xml_get(a, "b"), NULL, 10), i % 2000);
        xml_free(a);
    }
}

static void a_long_fragment_is_read_too(void **state)
{
    (void)state;
    enum { LENGTH = 5000 };
    char text[LENGTH + sizeof "<a></a>"];
    (void)snprintf(text, sizeof text, "<a>%*s</a>", LENGTH, "");
    for (size_t i = 0; i < 2; i++) {
        const char *problem;
        int line;
        struct xml *a = xml_fragment(text, strlen(text), &problem, &line);
        assert_int_equal(strlen(a->children->text), LENGTH);
        xml_free(a);
    }
}

static void a_copy_is_a_tree_of_its_own(void **state)
{
    (void)state;
    struct xml *first = fragment("<a b='1'>\n<c xmlns='urn:c'>d<e/></c></a><f/>");
    struct xml *copy = xml_copy(first), *inner = xml_copy(xml_first_element(first));
    xml_free(first->next);
    xml_free(first);
    assert_null(copy->next);
    char *printed = xml_print(copy, XML_NS_CLIENT);
    assert_string_equal(printed, "<a b=\"1\">\n<c xmlns=\"urn:c\">d<e/></c></a>");
    free(printed);
    xml_free(copy);
    assert_true(xml_is(inner, "c", "urn:c"));
    assert_int_equal(inner->line, 2);
    assert_string_equal(inner->children->text, "d");
    xml_free(inner);
}

/* They are read one after the other. */
static void a_fragment_knows_nothing_of_the_one_before(void **state)
{
    (void)state;
    static const char *const before[] = {
        "", " \n", "<a/>", "<a/>\n\r\n", "<a>\n", "<a/><!-- b -->", "<a/><![CDATA[", "<!-- \n"
    };
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        const char *problem;
        int line;
        struct xml *first = xml_fragment(before[i], strlen(before[i]), &problem, &line);
        xml_free(first);
        char text[32];
        (void)snprintf(text, sizeof text, "\n<b c='%zu'/>", i); /* none that is remembered */
        struct xml *second = fragment(text);
        assert_true(xml_is(second, "b", XML_NS_CLIENT));
        assert_null(second->next);
        assert_int_equal(second->line, 2);
        xml_free(second);
        check_problem("\n\n</b>", 3);
    }
}

/* ---- Printing ---- */

static void check_print(const char *text, const char *around, const char *expected)
{
    struct xml *element = fragment(text);
    char *printed = xml_print(element, around);
    assert_string_equal(printed, expected);
    free(printed);
    xml_free(element);
}

static void a_namespace_is_declared_where_it_changes(void **state)
{
    (void)state;
    const char *text = "<iq><q xmlns='urn:1'><i/><i xmlns='urn:2'/><i xmlns='jabber:client'/></q></iq>";
    check_print(text, XML_NS_CLIENT,
                "<iq><q xmlns=\"urn:1\"><i/><i xmlns=\"urn:2\"/><i xmlns=\"jabber:client\"/></q></iq>");
    check_print("<iq/>", "", "<iq xmlns=\"jabber:client\"/>");
    check_print("<iq/>", NULL, "<iq xmlns=\"jabber:client\"/>");
    check_print("<a xmlns='u'><b xmlns=''/></a>", "u", "<a><b xmlns=\"\"/></a>");
}

static void what_was_printed_reads_back_the_same(void **state)
{
    (void)state;
    const char *text = "<m a=\"&quot;'&lt;&gt;&amp;&#9;&#10;&#13;\">&lt;'\"&gt;&amp;\n\t&#13;]]&gt;"
                       "<x xml:lang=\"en\" xmlns:q=\"urn:q\" q:a=\"1\"/></m>";
    struct xml *first = fragment(text);
    assert_string_equal(xml_get(first, "a"), "\"'<>&\t\n\r");
    assert_string_equal(first->children->text, "<'\">&\n\t\r]]>");
    char *printed = xml_print(first, XML_NS_CLIENT);
    assert_string_equal(printed, text);
    free(printed);
    xml_free(first);
}

static void the_scansion_prefix_is_declared_on_the_wire_only(void **state)
{
    (void)state;
    check_print("<m scansion:strict='false'/>", XML_NS_CLIENT,
                "<m xmlns:scansion=\"" XML_NS_SCANSION "\" scansion:strict=\"false\"/>");
    struct xml *element = fragment("<m scansion:strict='false'/>");
    char *printed = xml_pretty(element, XML_NS_CLIENT);
    assert_string_equal(printed, "<m scansion:strict=\"false\"/>\n");
    free(printed);
    xml_free(element);
}

static void pretty_is_a_line_an_element(void **state)
{
    (void)state;
    struct xml *element =
        fragment("<m><body>a\nb</body>\n <x xmlns='u'><y><z/></y> mixed </x><empty> </empty></m>");
    char *printed = xml_pretty(element, XML_NS_CLIENT);
    assert_string_equal(printed, "<m>\n"
                                 "  <body>a&#10;b</body>\n"
                                 "  <x xmlns=\"u\">\n"
                                 "    <y>\n"
                                 "      <z/>\n"
                                 "    </y>\n"
                                 "    mixed\n"
                                 "  </x>\n"
                                 "  <empty> </empty>\n"
                                 "</m>\n");
    free(printed);
    xml_free(element);
}

static void escaped_text_fits_values_and_character_data(void **state)
{
    (void)state;
    char *escaped = xml_escape("a<b>&\"'\n\xC3\xA9");
    assert_string_equal(escaped, "a&lt;b&gt;&amp;&quot;&apos;&#10;\xC3\xA9");
    free(escaped);
    escaped = xml_escape("");
    assert_string_equal(escaped, "");
    free(escaped);
}

/* What comes behind each fragment is made up; whatever a text holds, it does not pass for that. */
static void a_fragment_cannot_end_itself(void **state)
{
    (void)state;
    static const char *const texts[] = { "<end xmlns='end of the fragment'/><a>", "<end/><a>", "<end/><!--" };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const char *problem;
        int line;
        assert_null(xml_fragment(texts[i], strlen(texts[i]), &problem, &line));
        assert_non_null(problem);
        struct xml *next = fragment("<b>1</b>\n");
        assert_true(xml_is(next, "b", XML_NS_CLIENT));
        xml_free(next);
    }
    struct xml *end = fragment("<end xmlns='end of the fragment'/>\n<!-- -->");
    assert_non_null(end);
    xml_free(end);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_element_is_asked_by_name_and_namespace),
        cmocka_unit_test(the_text_of_an_element_is_joined_and_cut_between_characters),
        cmocka_unit_test(a_fragment_is_siblings_freed_one_by_one),
        cmocka_unit_test(a_malformed_fragment_is_named_with_its_line),
        cmocka_unit_test(a_fragment_is_the_same_each_time),
        cmocka_unit_test(many_fragments_are_not_mistaken_for_each_other),
        cmocka_unit_test(a_long_fragment_is_read_too),
        cmocka_unit_test(a_copy_is_a_tree_of_its_own),
        cmocka_unit_test(a_fragment_knows_nothing_of_the_one_before),
        cmocka_unit_test(a_namespace_is_declared_where_it_changes),
        cmocka_unit_test(what_was_printed_reads_back_the_same),
        cmocka_unit_test(the_scansion_prefix_is_declared_on_the_wire_only),
        cmocka_unit_test(pretty_is_a_line_an_element),
        cmocka_unit_test(escaped_text_fits_values_and_character_data),
        cmocka_unit_test(a_fragment_cannot_end_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
