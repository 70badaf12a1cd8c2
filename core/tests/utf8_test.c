#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void text_of_every_length_of_character_is_valid(void **state)
{
    (void)state;
    /* RFC 3629, 7. */
    assert_true(utf8_valid("A\xE2\x89\xA2\xCE\x91.", 7));
    assert_true(utf8_valid("\xED\x95\x9C\xEA\xB5\xAD\xEC\x96\xB4", 9));
    assert_true(utf8_valid("\xEF\xBB\xBF\xF0\xA3\x8E\xB4", 7));
    assert_true(utf8_valid("", 0));
}

static void the_first_and_last_of_each_length_are_valid(void **state)
{
    (void)state;
    /* RFC 3629, 3: the table of ranges; around the surrogates too. */
    static const char *const edges[] = { "\x01",
                                         "\x7F",
                                         "\xC2\x80",
                                         "\xDF\xBF",
                                         "\xE0\xA0\x80",
                                         "\xED\x9F\xBF",
                                         "\xEE\x80\x80",
                                         "\xEF\xBF\xBF",
                                         "\xE1\x80\x80",
                                         "\xEC\xBF\xBF",
                                         "\xF0\x90\x80\x80",
                                         "\xF1\x80\x80\x80",
                                         "\xF3\xBF\xBF\xBF",
                                         "\xF4\x8F\xBF\xBF" };
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++)
        assert_true(utf8_valid(edges[i], strlen(edges[i])));
}

static void what_rfc_3629_forbids_is_refused(void **state)
{
    (void)state;
    static const char *const forbidden[] = {
        "\x80",             /* a tail without a lead */
        "\xBF",             /* the same */
        "\xC0\x80",         /* overlong: RFC 3629, 10 */
        "\xC1\xBF",         /* overlong */
        "\xE0\x9F\xBF",     /* overlong */
        "\xF0\x8F\xBF\xBF", /* overlong */
        "\xED\xA0\x80",     /* U+D800 */
        "\xED\xBF\xBF",     /* U+DFFF */
        "\xF4\x90\x80\x80", /* above U+10FFFF */
        "\xF5\x80\x80\x80",
        "\xFE",
        "\xFF",          /* never to be seen */
        "\xC3",          /* cut short */
        "\xE2\x89",      /* cut short */
        "\xF0\xA3\x8E",  /* cut short */
        "\xC3(",         /* no tail */
        "\xE2\x89(",     /* no second tail */
        "\xF0\xA3\x8E(", /* no third tail */
        "\xE2(\xA2",     /* no first tail */
        "ok\xC3",
    };
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++)
        assert_false(utf8_valid(forbidden[i], strlen(forbidden[i])));
}

static void a_character_is_not_completed_by_what_lies_beyond_the_end(void **state)
{
    (void)state;
    assert_false(utf8_valid("\xC3\xA9", 1));
    assert_false(utf8_valid("\xF0\xA3\x8E\xB4", 3));
}

static void a_nul_is_refused(void **state)
{
    (void)state;
    assert_false(utf8_valid("\0", 1));
    assert_false(utf8_valid("a\0b", 3));
}

/* RFC 3629, 4: the bytes of a character but the last ones, where they can still become one. */
static void a_character_is_begun_until_it_is_complete_or_broken(void **state)
{
    (void)state;
    static const char *const begun[] = { "\xC2",         "\xDF",         "\xE0",     "\xE0\xA0", "\xED\x9F",
                                         "\xEF\xBF",     "\xF0",         "\xF0\x90", "\xF4\x8F", "\xF4",
                                         "\xF1\x80\x80", "\xF4\x8F\xBF", "\xE1\x80" };
    static const char *const others[] = { "",
                                          "A",
                                          "\x7F",
                                          "\x80",
                                          "\xC1",
                                          "\xF5",
                                          "\xC2\x80",
                                          "\xC2\x41",
                                          "\xE0\x9F",
                                          "\xED\xA0",
                                          "\xE2\x82\xAC",
                                          "\xE2\x82\x41",
                                          "\xF0\x8F",
                                          "\xF4\x90",
                                          "\xF0\x90\x80\x80",
                                          "\xF0\x90\x80\xC0",
                                          "\xC2\xC2" };
    for (size_t i = 0; i < sizeof begun / sizeof *begun; i++)
        assert_true(utf8_is_begun(begun[i], strlen(begun[i])));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(utf8_is_begun(others[i], strlen(others[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_of_every_length_of_character_is_valid),
        cmocka_unit_test(the_first_and_last_of_each_length_are_valid),
        cmocka_unit_test(what_rfc_3629_forbids_is_refused),
        cmocka_unit_test(a_character_is_not_completed_by_what_lies_beyond_the_end),
        cmocka_unit_test(a_nul_is_refused),
        cmocka_unit_test(a_character_is_begun_until_it_is_complete_or_broken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
