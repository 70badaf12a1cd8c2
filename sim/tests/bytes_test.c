#include "../shrink/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What must hold, and how often it was asked. */
struct rule {
    bool (*holds)(const unsigned char *bytes, size_t length);
    size_t asked;
    size_t most; /* then it is late; 0 for never */
};

static bool ask(void *host, const unsigned char *bytes, size_t length)
{
    struct rule *rule = host;
    rule->asked++;
    return rule->holds(bytes, length);
}

static bool is_late(void *host)
{
    const struct rule *rule = host;
    return rule->most > 0 && rule->asked >= rule->most;
}

static void shrinks_to(bool (*holds)(const unsigned char *bytes, size_t length), const void *input,
                       size_t length, const void *expected, size_t expected_length)
{
    struct rule rule = { .holds = holds };
    unsigned char *bytes = malloc(length + 1);
    assert_non_null(bytes);
    memcpy(bytes, input, length);
    assert_true(holds(bytes, length));
    assert_int_equal(bytes_shrink(&(struct bytes_shrinker){ ask, &rule, is_late }, bytes, length),
                     expected_length);
    assert_memory_equal(bytes, expected, expected_length);
    free(bytes);
}

static bool has(const unsigned char *bytes, size_t length, const char *text)
{
    const size_t size = strlen(text);
    for (size_t i = 0; i + size <= length; i++)
        if (memcmp(bytes + i, text, size) == 0)
            return true;
    return false;
}

static bool anything(const unsigned char *bytes, size_t length)
{
    (void)bytes;
    (void)length;
    return true;
}

static bool has_a_tag(const unsigned char *bytes, size_t length)
{
    return has(bytes, length, "<x/>");
}

static bool opens_and_closes(const unsigned char *bytes, size_t length)
{
    int open = 0;
    for (size_t i = 0; i < length; i++) {
        open += bytes[i] == '(' ? 1 : bytes[i] == ')' ? -1 : 0;
        if (open < 0)
            return false;
    }
    return open == 0 && has(bytes, length, "!");
}

static bool is_five_long(const unsigned char *bytes, size_t length)
{
    (void)bytes;
    return length >= 5;
}

static bool begins_with_seven(const unsigned char *bytes, size_t length)
{
    return length >= 3 && bytes[0] % 16 == 7;
}

static void what_is_not_needed_goes(void **state)
{
    (void)state;
    shrinks_to(anything, "what", 4, "", 0);
    shrinks_to(anything, "", 0, "", 0);
    shrinks_to(has_a_tag, "<a><b/>\0\0<x/> and <x/>", 22, "<x/>", 4);
}

static void what_opens_and_what_closes_go_together(void **state)
{
    (void)state;
    shrinks_to(opens_and_closes, "((()))!()", 9, "!", 1);
}

static void what_stays_becomes_plain(void **state)
{
    (void)state;
    shrinks_to(is_five_long, "Romeo and Juliet", 16, "aaaaa", 5);
    shrinks_to(is_five_long, "\x01\xFF \x7F\n", 5, "\0\0\0\0\0", 5);
    shrinks_to(begins_with_seven, "\x17Zz\xC3\xA4", 5,
               "\x17"
               "aa",
               3);
}

static void when_it_is_late_what_held_stays(void **state)
{
    (void)state;
    unsigned char bytes[] = "what a long input this is, and how much is in it: <x/>";
    struct rule rule = { .holds = has_a_tag, .most = 6 };
    const size_t left =
        bytes_shrink(&(struct bytes_shrinker){ ask, &rule, is_late }, bytes, sizeof bytes - 1);
    assert_int_equal(rule.asked, 6);
    assert_true(left < sizeof bytes - 1);
    assert_true(has_a_tag(bytes, left));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_needed_goes),
        cmocka_unit_test(what_opens_and_what_closes_go_together),
        cmocka_unit_test(what_stays_becomes_plain),
        cmocka_unit_test(when_it_is_late_what_held_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
