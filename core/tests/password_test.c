/* Passwords and SASLprep (RFC 4013). */
#include "sasl/password.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static char prepared[PASSWORD_MAX + 1];

static const enum password_use uses[] = { PASSWORD_STORED, PASSWORD_QUERY };

enum { USES = sizeof uses / sizeof *uses };

/* RFC 4013, 3; and 2.1: a space of another kind becomes a space. */
static void the_examples_of_the_rfc_are_prepared_as_they_say(void **state)
{
    (void)state;
    static const struct {
        const char *password, *prepared;
    } rows[] = {
        { "I\u00ADX", "IX" },               /* SOFT HYPHEN mapped to nothing */
        { "user", "user" },                 /* no transformation */
        { "USER", "USER" },                 /* case preserved */
        { "\u00AA", "a" },                  /* NFKC */
        { "\u2168", "IX" },                 /* NFKC */
        { "a\u00A0b c", "a b c" },          /* 2.1: non-ASCII space characters */
        { "\u0627\u0628", "\u0627\u0628" }, /* from right to left only */
        { "{!~ }", "{!~ }" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t use = 0; use < USES; use++) {
            assert_true(password_prepare(prepared, rows[i].password, uses[use]));
            assert_string_equal(prepared, rows[i].prepared);
        }
}

/* RFC 4013, 2.3 (tables of RFC 3454), 2.4; and nothing, also after the mapping. */
static void what_the_profile_prohibits_is_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",           "\x07", /* RFC 4013, 3 */
        "\u06271",            /* RFC 4013, 3 */
        "pencil\x7F",         /* C.2.1 */
        "a\tb",               /* C.2.1 */
        "\u00E9\n",           /* the same among others */
        "a\xC2\x85",          /* C.2.2 */
        "\uE000",             /* C.3, private use */
        "\uFFFD",             /* C.6 */
        "\u2FF0",             /* C.7 */
        "\u200E",             /* C.8 */
        "\u0627z",            /* RFC 3454, 6: both directions */
        "\u00AD",             /* mapped to nothing */
        "a\xFF",              /* not UTF-8 */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t use = 0; use < USES; use++)
            if (password_prepare(prepared, rows[i], uses[use]))
                fail_msg("row %zu became \"%s\"", i, prepared);
}

/* RFC 4013, 2.5.  U+0221 is not assigned in Unicode 3.2 (RFC 3454, A.1). */
static void an_unassigned_code_point_may_be_compared_and_not_stored(void **state)
{
    (void)state;
    assert_false(password_prepare(prepared, "a\u0221", PASSWORD_STORED));
    assert_true(password_prepare(prepared, "a\u0221", PASSWORD_QUERY));
    assert_string_equal(prepared, "a\u0221");
}

/* The limit holds for the input and for the prepared form: U+FDFA becomes 18 code points by NFKC. */
static void a_password_has_at_most_1023_bytes(void **state)
{
    (void)state;
    char password[PASSWORD_MAX + 2];
    memset(password, 'x', sizeof password);
    password[PASSWORD_MAX] = '\0';
    assert_true(password_prepare(prepared, password, PASSWORD_STORED));
    assert_string_equal(prepared, password);
    memcpy(password + PASSWORD_MAX, "x", 2);
    assert_false(password_prepare(prepared, password, PASSWORD_STORED));

    enum { COUNT = PASSWORD_MAX / 3 };
    for (size_t i = 0; i < COUNT; i++)
        memcpy(password + 3 * i, "\uFDFA", 3);
    password[(size_t)3 * COUNT] = '\0';
    assert_false(password_prepare(prepared, password, PASSWORD_STORED));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_examples_of_the_rfc_are_prepared_as_they_say),
        cmocka_unit_test(what_the_profile_prohibits_is_refused),
        cmocka_unit_test(an_unassigned_code_point_may_be_compared_and_not_stored),
        cmocka_unit_test(a_password_has_at_most_1023_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
