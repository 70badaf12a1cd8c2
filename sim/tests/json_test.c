/* Members of a JSON object; report_test.c has more on strings and numbers. */
#include "../tool/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char *text;
static size_t length;
static FILE *out;

static int open_text(void **state)
{
    (void)state;
    out = open_memstream(&text, &length);
    return out == NULL;
}

/* The text so far is that. */
static void is(const char *expected)
{
    fclose(out);
    assert_string_equal(text, expected);
    free(text);
}

static void each_member_begins_with_a_comma(void **state)
{
    (void)state;
    json_string(out, "a", "x");
    json_string(out, "b", NULL);
    json_number(out, "c", 7);
    json_bool(out, "d", true);
    json_bool(out, "e", false);
    is(",\"a\":\"x\",\"b\":null,\"c\":7,\"d\":true,\"e\":false");
}

/* What is no UTF-8, and what XML does not allow, can be read back. */
static void bytes_keep_what_is_no_text(void **state)
{
    (void)state;
    static const char bytes[] = "a\\b\"\n\0\x01\xff\xc3\xa9\xe2\x80\xa8\x7f";
    json_bytes(out, "a", bytes, sizeof bytes - 1);
    is(",\"a\":\"a\\\\\\\\b\\\"\\n\\\\x00\\\\x01\\\\xff\xc3\xa9\\u2028\\u007f\"");
}

/* A character that is cut at the end is bytes, whatever follows in memory. */
static void bytes_end_where_they_end(void **state)
{
    (void)state;
    json_bytes(out, "a", "x\xc3\xa9", 2);
    json_bytes(out, "b", "", 0);
    json_bytes(out, "c", NULL, 0);
    is(",\"a\":\"x\\\\xc3\",\"b\":\"\",\"c\":null");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(each_member_begins_with_a_comma, open_text),
        cmocka_unit_test_setup(bytes_keep_what_is_no_text, open_text),
        cmocka_unit_test_setup(bytes_end_where_they_end, open_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
