/* The explanation of two elements that differ, and its layout. */
#include "match_rig.h"

static char *explain(const char *expected, const char *received, unsigned columns, bool colour)
{
    struct xml *wanted = expected == NULL ? NULL : parse(expected);
    struct xml *got = received == NULL ? NULL : parse(received);
    char *bytes = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&bytes, &length);
    assert_non_null(out);
    match_explain(out, wanted, got, look_up, NULL, columns, colour);
    assert_int_equal(fclose(out), 0);
    xml_free(wanted);
    xml_free(got);
    return bytes;
}

static void check_explanation_in(unsigned columns, const char *expected, const char *received,
                                 const char *explanation)
{
    char *text = explain(expected, received, columns, false);
    assert_string_equal(text, explanation);
    free(text);
}

static void check_explanation(const char *expected, const char *received, const char *explanation)
{
    check_explanation_in(0, expected, received, explanation);
}

static void a_difference_is_on_its_row_and_in_a_sentence(void **state)
{
    (void)state;
    check_explanation("<iq type='result' id='1'/>", "<iq id='1' type='error'/>",
                      "expected                     received\n"
                      "<iq type=\"result\" id=\"1\"/> ! <iq type=\"error\" id=\"1\"/>\n"
                      "attribute 'type' of <iq/>: expected 'result', got 'error'\n");
    check_explanation("<m><body>Hello</body><x xmlns='u'/></m>",
                      "<m id='1'><thread>t</thread><x xmlns='v'/><body>Hallo</body></m>",
                      "expected               received\n"
                      "<m>                    <m id=\"1\">\n"
                      "  <body>Hello</body> !   <body>Hallo</body>\n"
                      "  <x xmlns=\"u\"/>     !   <x xmlns=\"v\"/>\n"
                      "                         <thread>t</thread>\n"
                      "</m>                   </m>\n"
                      "text of <body/>: expected 'Hello', got 'Hallo'\n"
                      "attribute 'xmlns' of <x/>: expected 'u', got 'v'\n");
}

static void what_is_missing_and_what_is_unexpected_is_said(void **state)
{
    (void)state;
    check_explanation("<iq to='a'><q xmlns='u'><i n='1'/><i n='2'/></q></iq>",
                      "<iq><q xmlns='u' v='7'>text<i n='2'/><j/></q></iq>",
                      "expected          received\n"
                      "<iq to=\"a\">     ! <iq>\n"
                      "  <q xmlns=\"u\"> !   <q xmlns=\"u\" v=\"7\">\n"
                      "                !     text\n"
                      "    <i n=\"1\"/>  !\n"
                      "    <i n=\"2\"/>        <i n=\"2\"/>\n"
                      "                !     <j/>\n"
                      "  </q>              </q>\n"
                      "</iq>             </iq>\n"
                      "attribute 'to' of <iq/> is missing: expected 'a'\n"
                      "unexpected attribute 'v' of <q/>: '7'\n"
                      "unexpected text of <q/>: 'text'\n"
                      "child <i n=\"1\"/> of <q/> is missing\n"
                      "unexpected child <j/> of <q/>\n");
}

static void either_side_may_be_absent(void **state)
{
    (void)state;
    check_explanation(NULL, "<presence from='a'/>",
                      "expected   received\n"
                      "         ! <presence from=\"a\"/>\n"
                      "nothing was expected, but <presence from=\"a\"/> was received\n");
    check_explanation("<m><body/></m>", NULL,
                      "expected    received\n"
                      "<m>       !\n"
                      "  <body/> !\n"
                      "</m>      !\n"
                      "<m/> was expected, but nothing was received\n");
    check_explanation("<iq><x/></iq>", "<m/>",
                      "expected   received\n"
                      "<iq>     ! <m/>\n"
                      "  <x/>   !\n"
                      "</iq>    !\n"
                      "expected <iq/>, got <m/>\n");
}

static void what_matches_has_no_mark_and_no_sentence(void **state)
{
    (void)state;
    check_explanation_in(
        123, "<m from=\"${Romeo's JID}\" scansion:strict='false'>\n <body>{scansion:any}</body></m>",
        "<m from='romeo@localhost'><body>a\nb</body></m>",
        "expected                                             received\n"
        "<m from=\"romeo@localhost\" scansion:strict=\"false\">   <m from=\"romeo@localhost\">\n"
        "  <body>{scansion:any}</body>                          <body>a&#10;b</body>\n"
        "</m>                                                 </m>\n");
}

static void an_unknown_variable_is_named(void **state)
{
    (void)state;
    check_explanation("<m id='${x}'/>", "<m id='1'/>",
                      "expected         received\n"
                      "<m id=\"${x}\"/> ! <m id=\"1\"/>\n"
                      "attribute 'id' of <m/>: the variable ${x} is not set\n");
}

static void a_wide_tag_has_a_row_an_attribute(void **state)
{
    (void)state;
    check_explanation(
        "<m to='juliet@localhost/balcony' from='romeo@localhost/orchard' type='chat'>x</m>",
        "<m to='juliet@localhost/balcony' from='romeo@localhost/garden' id='1' type='chat'>y</m>",
        "expected                             received\n"
        "<m                                   <m\n"
        "    to=\"juliet@localhost/balcony\"        to=\"juliet@localhost/balcony\"\n"
        "    from=\"romeo@localhost/orchard\" !     from=\"romeo@localhost/garden\"\n"
        "    type=\"chat\"                          type=\"chat\"\n"
        "                                         id=\"1\"\n"
        "    >x</m>                         !     >y</m>\n"
        "attribute 'from' of <m/>: expected 'romeo@localhost/orchard', got "
        "'romeo@localhost/garden'\n"
        "text of <m/>: expected 'x', got 'y'\n");
}

static void a_prefix_is_shown_with_its_namespace(void **state)
{
    (void)state;
    check_explanation_in(120, "<m xmlns:a='urn:x' a:k='1'/>", "<m xmlns:a='urn:y' a:k='1'/>",
                         "expected                       received\n"
                         "<m xmlns:a=\"urn:x\" a:k=\"1\"/> ! <m xmlns:a=\"urn:y\" a:k=\"1\"/>\n"
                         "attribute 'a:k', xmlns:a=\"urn:x\", of <m/> is missing: expected '1'\n");
    check_explanation_in(
        120, "<m xmlns:a='urn:x' a:k='1' a:l='2'/>", "<m xmlns:b='urn:x' b:l='3' b:k='1'/>",
        "expected                               received\n"
        "<m xmlns:a=\"urn:x\" a:k=\"1\" a:l=\"2\"/> ! <m xmlns:b=\"urn:x\" b:k=\"1\" b:l=\"3\"/>\n"
        "attribute 'a:l', xmlns:a=\"urn:x\", of <m/>: expected '2', got '3'\n");
    check_explanation_in(120, "<q xmlns='u'/>", "<q xmlns='u' xmlns:b='urn:x' b:k='1' xml:lang='en'/>",
                         "expected         received\n"
                         "<q xmlns=\"u\"/> ! <q xmlns=\"u\" xmlns:b=\"urn:x\" b:k=\"1\" xml:lang=\"en\"/>\n"
                         "unexpected attribute 'b:k', xmlns:b=\"urn:x\", of <q/>: '1'\n"
                         "unexpected attribute 'xml:lang' of <q/>: 'en'\n");
}

/* A euro sign is one character of three bytes. */
static void what_is_wider_than_a_column_is_wrapped(void **state)
{
    (void)state;
    struct text received = { 0 };
    struct text explanation = { 0 };
    text_string(&received, "<m>");
    text_string(&explanation, "expected   received\n"
                              "<m>x</m> ! <m>");
    for (int i = 0; i < 90; i++) {
        text_string(&received, "\xE2\x82\xAC");
    }
    text_string(&received, "</m>");
    for (int i = 0; i < 86; i++) {
        text_string(&explanation, "\xE2\x82\xAC");
    }
    text_string(&explanation, "\n         !   ");
    for (int i = 0; i < 4; i++) {
        text_string(&explanation, "\xE2\x82\xAC");
    }
    text_string(&explanation, "</m>\n");
    char *text = explain("<m>x</m>", received.bytes, 0, false);
    assert_memory_equal(text, explanation.bytes, explanation.length);
    free(text);
    text_free(&received);
    text_free(&explanation);
}

#define LONG_WORDS "<m type='chat'><body>With love's light wings did I o'erperch these walls</body></m>"
#define LONG_CUT                                                                                             \
    "<m type='error'><body>With love's light wings did I o'erperch these walls, my lady</body></m>"

static void a_line_is_wrapped_after_a_blank_and_indented(void **state)
{
    (void)state;
    check_explanation_in(72, LONG_WORDS, LONG_CUT,
                         "expected                             received\n"
                         "<m type=\"chat\">                    ! <m type=\"error\">\n"
                         "  <body>With love's light wings    !   <body>With love's light wings\n"
                         "    did I o'erperch these walls    !     did I o'erperch these walls,\n"
                         "    </body>                        !     my lady</body>\n"
                         "</m>                                 </m>\n"
                         "attribute 'type' of <m/>: expected 'chat', got 'error'\n"
                         "text of <body/>: expected 'With love's light wings did I o'erperch these\n"
                         "    walls', got 'With love's light wings did I o'erperch these walls, my\n"
                         "    lady'\n");
}

static void on_a_narrow_page_received_is_below_expected(void **state)
{
    (void)state;
    check_explanation_in(52, LONG_WORDS, LONG_CUT,
                         "expected\n"
                         "! <m type=\"chat\">\n"
                         "!   <body>With love's light wings did I o'erperch\n"
                         "!     these walls</body>\n"
                         "  </m>\n"
                         "received\n"
                         "! <m type=\"error\">\n"
                         "!   <body>With love's light wings did I o'erperch\n"
                         "!     these walls, my lady</body>\n"
                         "  </m>\n"
                         "attribute 'type' of <m/>: expected 'chat', got\n"
                         "    'error'\n"
                         "text of <body/>: expected 'With love's light wings\n"
                         "    did I o'erperch these walls', got 'With love's\n"
                         "    light wings did I o'erperch these walls, my\n"
                         "    lady'\n");
}

static void nothing_but_a_word_is_wider_than_the_page(void **state)
{
    (void)state;
    static const unsigned pages[] = { 52, 60, 72, 92, 152 };
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        char *text = explain(LONG_WORDS, LONG_CUT, pages[i], false);
        for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1) {
            assert_true(strcspn(line, "\n") <= pages[i]);
        }
        free(text);
    }
}

static void what_a_terminal_obeys_is_escaped(void **state)
{
    (void)state;
    check_explanation("<m a='\xC2\x9B"
                      "31m'>x</m>",
                      "<m a='\x7F'>x</m>",
                      "expected                   received\n"
                      "<m a=\"\\xc2\\x9b31m\">x</m> ! <m a=\"\\x7f\">x</m>\n"
                      "attribute 'a' of <m/>: expected '\\xc2\\x9b31m', got '\\x7f'\n");
}

static void colour_is_for_rows_that_differ(void **state)
{
    (void)state;
    char *text = explain("<m><a/>x</m>", "<m><a/>y</m>", 0, true);
    assert_string_equal(text, "expected   received\n"
                              "<m>        <m>\n"
                              "\033[32m  x\033[0m      ! \033[31m  y\033[0m\n"
                              "  <a/>       <a/>\n"
                              "</m>       </m>\n"
                              "text of <m/>: expected 'x', got 'y'\n");
    free(text);
}

/* 20 attributes, a1='v1' to a20='v20' in falling order, of which a7 has the given value, or is absent for
 * NULL. */
static char *with_attributes(const char *seventh)
{
    struct text out = { 0 };
    text_string(&out, "<message");
    for (int i = 20; i > 0; i--) {
        char attribute[40];
        char usual[20];
        (void)snprintf(usual, sizeof usual, "v%d", i);
        const char *value = i == 7 ? seventh : usual;
        if (value == NULL)
            continue;
        (void)snprintf(attribute, sizeof attribute, " a%d='%s'", i, value);
        text_string(&out, attribute);
    }
    text_string(&out, "/>");
    return text_take(&out);
}

static void one_of_many_attributes_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *seventh;
        const char *sentence;
    } cases[] = { { "w", "\nattribute 'a7' of <message/>: expected 'v7', got 'w'\n" },
                  { NULL, "\nattribute 'a7' of <message/> is missing: expected 'v7'\n" } };
    char *expected = with_attributes("v7");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *received = with_attributes(cases[i].seventh);
        char *text = explain(expected, received, 0, false);
        const char *first = strstr(text, "attribute '");
        assert_non_null(first);
        assert_string_equal(first - 1, cases[i].sentence);
        free(text);
        free(received);
    }
    free(expected);
}

static void plant(struct text *out, int depth, const char *leaf)
{
    if (depth == 0) {
        text_string(out, leaf);
        return;
    }
    text_string(out, "<e>");
    plant(out, depth - 1, leaf);
    plant(out, depth - 1, leaf);
    text_string(out, "</e>");
}

/* Each of the leaves is like every other, and none matches. */
static char *explain_trees(int depth)
{
    struct text trees[2] = { { 0 } };
    plant(&trees[0], depth, "<e n='1'/>");
    plant(&trees[1], depth, "<e n='2'/>");
    char *text = explain(trees[0].bytes, trees[1].bytes, 0, false);
    text_free(&trees[0]);
    text_free(&trees[1]);
    return text;
}

static void too_many_elements_are_compared_as_far_as_that_goes(void **state)
{
    (void)state;
    char *few = explain_trees(5);
    assert_null(strstr(few, "too many"));
    free(few);
    char *many = explain_trees(11);
    assert_non_null(strstr(many, "there are too many elements to compare all pairs"));
    size_t differences = 0;
    for (const char *at = many; (at = strstr(at, "expected '1', got '2'")) != NULL; at++) {
        differences++;
    }
    assert_int_equal(differences, 1 << 11);
    free(many);
}

static void note_line(void *host, const char *expected, const char *received, bool differs)
{
    char *said = host;
    snprintf(said + strlen(said), 400 - strlen(said), "[%s|%s|%d]", expected, received, differs);
}

static void note_sentences(void *host, const char *sentences)
{
    char *said = host;
    snprintf(said + strlen(said), 400 - strlen(said), "%s", sentences);
}

static void comparison_is(const char *expected, const char *received, const char *comparison)
{
    char said[400] = "";
    struct xml *wanted = expected == NULL ? NULL : parse(expected);
    struct xml *got = received == NULL ? NULL : parse(received);
    match_compare(wanted, got, look_up, NULL, &(struct match_comparison){ said, note_line, note_sentences });
    assert_string_equal(said, comparison);
    xml_free(wanted);
    xml_free(got);
}

static void a_program_gets_the_lines_of_the_comparison(void **state)
{
    (void)state;
    comparison_is("<m><body>Hello</body></m>", "<m><body>Hallo</body></m>",
                  "[<m>|<m>|0][  <body>Hello</body>|  <body>Hallo</body>|1][</m>|</m>|0]"
                  "text of <body/>: expected 'Hello', got 'Hallo'\n");
    comparison_is(NULL, "<a/>", "[|<a/>|1]nothing was expected, but <a/> was received\n");
    comparison_is("<a/>", "<a/>", "[<a/>|<a/>|0]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_difference_is_on_its_row_and_in_a_sentence),
        cmocka_unit_test(what_is_missing_and_what_is_unexpected_is_said),
        cmocka_unit_test(either_side_may_be_absent),
        cmocka_unit_test(what_matches_has_no_mark_and_no_sentence),
        cmocka_unit_test(an_unknown_variable_is_named),
        cmocka_unit_test(a_wide_tag_has_a_row_an_attribute),
        cmocka_unit_test(a_prefix_is_shown_with_its_namespace),
        cmocka_unit_test(what_is_wider_than_a_column_is_wrapped),
        cmocka_unit_test(a_line_is_wrapped_after_a_blank_and_indented),
        cmocka_unit_test(on_a_narrow_page_received_is_below_expected),
        cmocka_unit_test(nothing_but_a_word_is_wider_than_the_page),
        cmocka_unit_test(what_a_terminal_obeys_is_escaped),
        cmocka_unit_test(colour_is_for_rows_that_differ),
        cmocka_unit_test(one_of_many_attributes_is_named),
        cmocka_unit_test(too_many_elements_are_compared_as_far_as_that_goes),
        cmocka_unit_test(a_program_gets_the_lines_of_the_comparison),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
