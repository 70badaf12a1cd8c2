#include "../printable.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "utf8.h"

static void expect(const char *text, size_t length, const char *written)
{
    char said[128] = "";
    FILE *out = fmemopen(said, sizeof said, "w");
    assert_non_null(out);
    printable_write(out, text, length);
    fclose(out);
    assert_string_equal(said, written);
}

static void text_stays_as_it_is(void **state)
{
    (void)state;
    expect("Romeo's link \\ \"dies\"", 21, "Romeo's link \\ \"dies\"");
    expect("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80", 14, "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80");
}

static void what_a_terminal_obeys_is_escaped(void **state)
{
    (void)state;
    expect("\x1b[2J\r\x07", 6, "\\x1b[2J\\x0d\\x07");
    expect("a\nb\tc\x7f", 6, "a\\nb\\tc\\x7f");
    expect("\xc2\x9b"
           "31m",
           5, "\\xc2\\x9b31m");        /* CSI as one character of C1 */
    expect("\xc2\xa0", 2, "\xc2\xa0"); /* a no-break space is none */
    expect("a\0b", 3, "a\\x00b");
}

/* The characters that have no shape of their own, at the ends of their ranges (UCD 15,
 * DerivedCoreProperties.txt and the categories Zl and Zp), and their neighbours. */
static void invisible_characters_are_format_characters(void **state)
{
    (void)state;
    static const uint32_t formats[] = {
        0x00ad, 0x034f, 0x061c, 0x115f, 0x1160, 0x17b4,  0x180b,  0x180f,  0x200b,
        0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2060,  0x2066,  0x2069,  0x206f,
        0x3164, 0xfeff, 0xffa0, 0xfff9, 0xfffb, 0x1bca0, 0x1d173, 0xe0001, 0xe007f,
    };
    static const uint32_t others[] = {
        'a',    0x9b,    0xa0,   0xac,   0xae,   0x200a, /* a hair space */
        0x2010,                                          /* a hyphen */
        0x2027, 0x202f,  0x205f, 0x2070, 0xfe0f,         /* a selector of variants */
        0xfffd, 0x1f600,
    };
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        assert_true(printable_is_format(utf8(formats[i]).bytes));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(printable_is_format(utf8(others[i]).bytes));
    assert_false(printable_is_format("\xff"));
}

static void format_characters_are_escaped(void **state)
{
    (void)state;
    expect(utf8(0x202e).bytes, 3, "\\xe2\\x80\\xae");
    expect(utf8(0x2028).bytes, 3, "\\xe2\\x80\\xa8");
    expect(utf8(0xe0001).bytes, 4, "\\xf3\\xa0\\x80\\x81");
    expect("a\xe2\x80", 3, "a\\xe2\\x80"); /* cut off */
}

static void what_is_not_utf_8_is_escaped(void **state)
{
    (void)state;
    expect("\xff\xfe", 2, "\\xff\\xfe");
    expect("\xc0\xaf", 2, "\\xc0\\xaf");          /* longer than it need be */
    expect("\xed\xa0\x80", 3, "\\xed\\xa0\\x80"); /* half of a surrogate pair */
    expect("\xe2\x82", 2, "\\xe2\\x82");          /* cut off */
    expect("\xe2\x82"
           "a",
           3,
           "\\xe2\\x82"
           "a");
}

static void a_copy_is_written_alike(void **state)
{
    (void)state;
    char *copy = printable_copy("\x1b[2J!", 4);
    assert_string_equal(copy, "\\x1b[2J");
    free(copy);
    copy = printable_copy("", 0);
    assert_string_equal(copy, "");
    free(copy);
}

static void a_character_is_utf_8_and_fit_for_xml(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t length;
    } cases[] = {
        { "a", 1 },
        { "\t", 1 },
        { "", 0 },
        { "\x1f", 0 },
        { "\xc2\x80", 2 },
        { "\xc1\xbf", 0 },
        { "\xc3", 0 },
        { "\xc3(", 0 },
        { "\x80", 0 },
        { "\xe0\xa0\x80", 3 },
        { "\xe0\x9f\xbf", 0 },
        { "\xed\x9f\xbf", 3 },
        { "\xed\xa0\x80", 0 },
        { "\xef\xbf\xbd", 3 },
        { "\xef\xbf\xbe", 0 },
        { "\xef\xbf\xbf", 0 },
        { "\xf0\x90\x80\x80", 4 },
        { "\xf0\x8f\xbf\xbf", 0 },
        { "\xf4\x8f\xbf\xbf", 4 },
        { "\xf4\x90\x80\x80", 0 },
        { "\xf5\x80\x80\x80", 0 },
        { "\xf0\x9f\x98", 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(printable_character(cases[i].text), cases[i].length);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_stays_as_it_is),
        cmocka_unit_test(what_a_terminal_obeys_is_escaped),
        cmocka_unit_test(invisible_characters_are_format_characters),
        cmocka_unit_test(format_characters_are_escaped),
        cmocka_unit_test(what_is_not_utf_8_is_escaped),
        cmocka_unit_test(a_copy_is_written_alike),
        cmocka_unit_test(a_character_is_utf_8_and_fit_for_xml),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
