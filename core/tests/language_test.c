#include "base/language.h"
#include "rig.h"

static void a_tag_is_subtags_of_letters_and_digits(void **state)
{
    (void)state;
    static const char *const tags[] = { "en",         "de-CH-1996",
                                        "zh-Hant-TW", "x-a",
                                        "i-klingon",  "sr-Latn",
                                        "es-419",     "abcdefgh-abcdefgh-abcdefgh-abcdefgh" };
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (!language_is_tag(tags[i]))
            fail_msg("%s is a tag", tags[i]);
}

static void a_text_of_another_form_is_not_a_language_tag(void **state)
{
    (void)state;
    static const char *const texts[] = { "",
                                         "-",
                                         "en-",
                                         "-en",
                                         "en--a",
                                         "4-en",
                                         "en_US",
                                         "e n",
                                         "d\xc3\xa9",
                                         "abcdefghi",
                                         "en-abcdefghi",
                                         "en'",
                                         "abcdefgh-abcdefgh-abcdefgh-abcdefg-a" };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (language_is_tag(texts[i]))
            fail_msg("\"%s\" is no tag", texts[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tag_is_subtags_of_letters_and_digits),
        cmocka_unit_test(a_text_of_another_form_is_not_a_language_tag),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
