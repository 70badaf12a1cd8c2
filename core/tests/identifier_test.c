/* Identifiers that are hard to guess. */
#include "base/identifier.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* A port whose bytes are those of the test. */
struct drawn {
    const unsigned char *bytes;
    size_t calls, length;
};

static void draw(void *host, void *bytes, size_t length)
{
    struct drawn *drawn = host;
    drawn->calls++;
    drawn->length = length;
    memcpy(bytes, drawn->bytes, length);
}

/* Every digit occurs in both halves of a byte (RFC 4648, 8, in small letters). */
static void each_byte_is_two_digits(void **state)
{
    (void)state;
    static const unsigned char bytes[IDENTIFIER_MAX] = { 0x01, 0x12, 0x23, 0x34, 0x45, 0x56, 0x67, 0x78,
                                                         0x89, 0x9A, 0xAB, 0xBC, 0xCD, 0xDE, 0xEF, 0xF0 };
    struct drawn drawn = { .bytes = bytes };
    char out[2 * IDENTIFIER_MAX + 1];
    identifier_make(out, IDENTIFIER_MAX, draw, &drawn);
    assert_string_equal(out, "0112233445566778899aabbccddeeff0");
    assert_int_equal(drawn.calls, 1);
    assert_int_equal(drawn.length, IDENTIFIER_MAX);
}

static void only_the_bytes_that_are_asked_for_are_drawn_and_written(void **state)
{
    (void)state;
    static const unsigned char bytes[] = { 0x00, 0xFF, 0x80 };
    static const char *const written[] = { "", "00", "00ff", "00ff80" };
    for (size_t length = 0; length <= sizeof bytes; length++) {
        struct drawn drawn = { .bytes = bytes };
        char out[8];
        memset(out, '!', sizeof out);
        identifier_make(out, length, draw, &drawn);
        assert_string_equal(out, written[length]);
        assert_int_equal(drawn.length, length);
        for (size_t at = 2 * length + 1; at < sizeof out; at++)
            assert_int_equal(out[at], '!');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_byte_is_two_digits),
        cmocka_unit_test(only_the_bytes_that_are_asked_for_are_drawn_and_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
