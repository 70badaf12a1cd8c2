/* Explanations for the author of a fragment that is not well-formed. */
#include "xml_rig.h"

/* Ten lines stand before the text. */
static void says(const char *text, int line, const char *sentence)
{
    const char *problem;
    int ignored;
    assert_null(xml_fragment(text, strlen(text), &problem, &ignored));
    assert_non_null(problem);
    int found = 0;
    char *said = xml_fragment_mistake(text, strlen(text), problem, 10, &found);
    assert_string_equal(said, sentence);
    assert_int_equal(found, line);
    free(said);
}

static void a_tag_that_closes_another_is_named_and_so_is_the_other(void **state)
{
    (void)state;
    says("\t<message>\n\t\t<body>text</message>", 12,
         "</message> at column 13 closes <body>, which began in line 12, column 3; expected </body> before "
         "it");
    says("<stream:features></features>", 11,
         "</features> at column 18 closes <stream:features>, which began in line 11, column 1; expected "
         "</stream:features> before it");
    says("<a/>\n</a>", 12, "</a> at column 1 closes nothing; expected an element to begin before it");
}

static void the_innermost_element_that_is_not_closed_is_named(void **state)
{
    (void)state;
    says("\n<message to='a'>\n <body>text\n", 13,
         "<body> (line 13, column 2) is never closed; expected </body>");
    says("<a/><b\n>", 11, "<b> (line 11, column 5) is never closed; expected </b>");
}

static void what_else_is_wrong_is_said_with_its_column(void **state)
{
    (void)state;
    says("<a/>\n<a b=c/>", 12, "not well-formed (invalid token) at column 6; expected well-formed stanzas");
    says("<a b='1' b='2'/>", 11, "duplicate attribute at column 10; expected well-formed stanzas");
    says("<a>&nbsp;</a>", 11, "undefined entity at column 4; expected well-formed stanzas");
    says("<a/>\n<x:a/>", 12, "unbound prefix at column 1; expected well-formed stanzas");
    says("<a/>\n\t<!-- b", 12, "unclosed token at column 2; expected well-formed stanzas");
    says("<a/>\n<b c='d", 12, "unclosed token at column 1; expected well-formed stanzas");
}

/* Of two bytes, and a tab counts as one. */
static void columns_are_of_characters(void **state)
{
    (void)state;
    says("\t<a>\xc3\xa9\xc3\xa9&nbsp;</a>", 11, "undefined entity at column 7; expected well-formed stanzas");
}

static void text_between_the_elements_is_found(void **state)
{
    (void)state;
    says("<a/>\n  text<b/>", 12,
         "text stands between the elements at column 3; expected well-formed stanzas");
}

static void what_is_nested_too_deeply_is_refused(void **state)
{
    (void)state;
    enum { DEPTH = 1200 };
    struct text nested = { 0 };
    for (int i = 0; i < DEPTH; i++)
        text_string(&nested, "<a>");
    for (int i = 0; i < DEPTH; i++)
        text_string(&nested, "</a>");
    const char *text = nested.bytes;
    const char *problem;
    int line;
    assert_null(xml_fragment(text, strlen(text), &problem, &line));
    char *said = xml_fragment_mistake(text, strlen(text), problem, 10, &line);
    assert_non_null(strstr(said, "nested too deeply"));
    free(said);
    text_free(&nested);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tag_that_closes_another_is_named_and_so_is_the_other),
        cmocka_unit_test(the_innermost_element_that_is_not_closed_is_named),
        cmocka_unit_test(what_else_is_wrong_is_said_with_its_column),
        cmocka_unit_test(columns_are_of_characters),
        cmocka_unit_test(text_between_the_elements_is_found),
        cmocka_unit_test(what_is_nested_too_deeply_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
