/* Entries of a store in the payload of a message. */
#include "../kinds/pipe_entries.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void what_was_written_is_read(void **state)
{
    (void)state;
    const struct core_store_entry written[] = { { "jid", "<item/>" }, { "", "" }, { "gone", NULL } };
    struct text payload = { 0 };
    struct pipe_entries read;
    pipe_entries_write(&payload, written, 3);
    assert_true(pipe_entries_read(&read, payload.bytes, payload.length));
    assert_int_equal(read.count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(read.list[i].key, written[i].key);
        if (written[i].value == NULL)
            assert_null(read.list[i].value);
        else
            assert_string_equal(read.list[i].value, written[i].value);
    }
    pipe_entries_free(&read);
    text_free(&payload);
}

static void nothing_is_no_entries(void **state)
{
    (void)state;
    struct pipe_entries read;
    assert_true(pipe_entries_read(&read, "", 0));
    assert_int_equal(read.count, 0);
    pipe_entries_free(&read);
}

/* No beginning of a payload is read beyond its end, and none between two entries is taken for one. */
static void a_cut_payload_is_malformed(void **state)
{
    (void)state;
    const struct core_store_entry written[] = { { "a", "bc" }, { "d", NULL } };
    struct text payload = { 0 };
    struct pipe_entries read;
    pipe_entries_write(&payload, written, 2);
    const size_t first = 4 + 1 + 4 + 2;
    for (size_t length = 1; length < payload.length; length++) {
        const bool good = pipe_entries_read(&read, payload.bytes, length);
        assert_int_equal(good, length == first);
        if (good)
            pipe_entries_free(&read);
    }
    text_free(&payload);
}

static void is_malformed(const char *bytes, size_t length)
{
    struct pipe_entries read;
    assert_false(pipe_entries_read(&read, bytes, length));
}

static void lengths_and_keys_are_checked(void **state)
{
    (void)state;
    is_malformed("\xff\xff\xff\xff\0\0\0\0", 8); /* no key */
    is_malformed("\xfe\xff\xff\xff\0\0\0\0", 8); /* a long one */
    is_malformed("\1\0\0\0\0\0\0\0\0", 9);       /* with a NUL */
    is_malformed("\0\0\0\0\1\0\0\0\0", 9);       /* a value with a NUL */
    is_malformed("\0\0\0\0\0\0\0\x80", 8);       /* a long value */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(nothing_is_no_entries),
        cmocka_unit_test(a_cut_payload_is_malformed),
        cmocka_unit_test(lengths_and_keys_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
