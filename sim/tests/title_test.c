#include "../tool/title.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct scenario waits = { .name = "good/c.scs#2", .title = "Romeo waits 5 minutes" };

static void every_word_must_be_in_title_or_name(void **state)
{
    (void)state;
    assert_true(title_has(&waits, "waits"));
    assert_true(title_has(&waits, "minutes romeo"));
    assert_true(title_has(&waits, "wait good/c"));
    assert_true(title_has(&waits, "#2"));
    assert_false(title_has(&waits, "waits juliet"));
    assert_false(title_has(&waits, "romeo-waits"));
}

static void ascii_letters_are_the_same_in_either_case(void **state)
{
    (void)state;
    assert_true(title_has(&waits, "ROMEO"));
    assert_true(title_has(&waits, "Good WAITS"));
    assert_false(title_has(&(struct scenario){ .name = "", .title = "\xc3\xa9" }, "\xc3\x89"));
}

static void words_given_twice_add_up(void **state)
{
    (void)state;
    char *words = NULL;
    assert_false(title_add(&words, " \t"));
    assert_null(words);
    assert_true(title_add(&words, "romeo waits"));
    assert_true(title_add(&words, "minutes"));
    assert_string_equal(words, "romeo waits minutes");
    free(words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_word_must_be_in_title_or_name),
        cmocka_unit_test(ascii_letters_are_the_same_in_either_case),
        cmocka_unit_test(words_given_twice_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
