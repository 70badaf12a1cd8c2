#include "base/base64.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct core_memory memory = { malloc, realloc, free };

/* RFC 4648, 10. */
static const struct {
    const char *bytes, *text;
} vectors[] = {
    { "", "" },
    { "f", "Zg==" },
    { "fo", "Zm8=" },
    { "foo", "Zm9v" },
    { "foob", "Zm9vYg==" },
    { "fooba", "Zm9vYmE=" },
    { "foobar", "Zm9vYmFy" },
};

static void the_vectors_of_the_rfc_are_decoded(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        unsigned char out[8];
        size_t length = 99;
        assert_true(base64_decode(out, &length, vectors[i].text, strlen(vectors[i].text)));
        assert_int_equal(length, strlen(vectors[i].bytes));
        assert_memory_equal(out, vectors[i].bytes, length);
    }
}

static void the_vectors_of_the_rfc_are_encoded(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        struct buffer buffer;
        buffer_init(&buffer, &memory);
        base64_append(&buffer, vectors[i].bytes, strlen(vectors[i].bytes));
        assert_int_equal(buffer.length, strlen(vectors[i].text));
        assert_int_equal(buffer.length, BASE64_LENGTH(strlen(vectors[i].bytes)));
        if (buffer.length > 0)
            assert_memory_equal(buffer.bytes, vectors[i].text, buffer.length);
        buffer_free(&buffer);
    }
}

static void every_byte_survives_the_way_there_and_back(void **state)
{
    (void)state;
    unsigned char bytes[256], out[BASE64_BYTES(BASE64_LENGTH(256))];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)i;
    for (size_t size = 1; size <= sizeof bytes; size++) {
        struct buffer buffer;
        size_t length;
        buffer_init(&buffer, &memory);
        base64_append(&buffer, bytes, size);
        assert_true(base64_decode(out, &length, buffer.bytes, buffer.length));
        assert_int_equal(length, size);
        assert_memory_equal(out, bytes, size);
        buffer_free(&buffer);
    }
}

static void what_rfc_4648_forbids_is_refused(void **state)
{
    (void)state;
    static const char *const forbidden[] = {
        "Zg",       "Zg=",       "Zg===",     "Z",         "Z===",      "=",    "====",   "=Zg=",
        "Z=g=",     "Zg==Zg==",  "Zm9v=",     "Zm9v====",  " Zg=",      "Zg= ", "Zg==\n", "Zm9v\r\n==",
        "Zm9 vYg=", "Zm9\tYmFy", "Zm9v\vYm=", "Zm9v\fYm=", "Zm9v\nYmF", /* white space: RFC 4648, 3.3 */
        "Zm9v-_==", "Zm9!",      "Zm9\x80",   "Zh==",      "Zm9=",      /* leftover bits: RFC 4648, 3.5 */
    };
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++) {
        unsigned char out[16];
        size_t length;
        assert_false(base64_decode(out, &length, forbidden[i], strlen(forbidden[i])));
    }
}

static void a_nul_is_no_character_of_base64(void **state)
{
    (void)state;
    unsigned char out[8];
    size_t length;
    assert_false(base64_decode(out, &length, "Zm9\0", 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vectors_of_the_rfc_are_decoded),
        cmocka_unit_test(the_vectors_of_the_rfc_are_encoded),
        cmocka_unit_test(every_byte_survives_the_way_there_and_back),
        cmocka_unit_test(what_rfc_4648_forbids_is_refused),
        cmocka_unit_test(a_nul_is_no_character_of_base64),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
