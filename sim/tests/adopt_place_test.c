#define _XOPEN_SOURCE 700

#include "../verbs/adopt_place.h"

#include "../tool/files.h"
#include "test_folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>

#include <cmocka.h>

static void is_called(const char *cause, const char *expected)
{
    char *name = adopt_name(cause);
    assert_string_equal(name, expected);
    free(name);
}

static void a_name_is_the_words_of_the_cause(void **state)
{
    (void)state;
    is_called("everybody-is-seen", "everybody-is-seen");
    is_called("time limit", "time-limit");
    is_called("crash: Assertion `b->c != NULL' failed (core/a.c:33)", "assertion-b-c-null-failed");
    is_called("crash: AddressSanitizer: heap-buffer-overflow core/a.c:33:5 in f_g",
              "addresssanitizer-heap-buffer-overflow-in-f-g");
    is_called("crash: Segmentation fault, last event: > <presence", "segmentation-fault-last-event-presence");
}

static void a_name_is_short_and_never_empty(void **state)
{
    (void)state;
    is_called("", "failure");
    is_called("... (core/a.c:3)", "failure");
    is_called("expected Romeo to receive this message while the next stanza that comes differs",
              "expected-romeo-to-receive-this-message-while-the-next-stanza");
    is_called("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
              "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefgh");
}

static void a_name_is_that_of_a_file_here(void **state)
{
    (void)state;
    assert_true(adopt_name_is_good("a-b_C.9"));
    assert_false(adopt_name_is_good(""));
    assert_false(adopt_name_is_good(".hidden"));
    assert_false(adopt_name_is_good("a/b"));
    assert_false(adopt_name_is_good("a b"));
}

static void is_placed(const char *folder, const char *name, const char *expected)
{
    char *path = adopt_path(&(struct adopt_place){ folder, name, ".scs" }, "time limit");
    if (expected == NULL)
        assert_null(path);
    else
        assert_string_equal(path, expected);
    if (path != NULL)
        assert_true(adopt_write(path, "text", 4));
    free(path);
}

static void no_file_is_written_over_another(void **state)
{
    (void)state;
    struct stat status;
    is_placed("one/two", NULL, "one/two/time-limit.scs");
    is_placed("one/two", NULL, "one/two/time-limit-2.scs");
    is_placed("one/two", NULL, "one/two/time-limit-3.scs");
    is_placed("one/two", "mine", "one/two/mine.scs");
    is_placed("one/two", "mine", NULL);
    is_placed("one/two/mine.scs", NULL, NULL); /* no folder */
    assert_int_equal(stat("one/two/time-limit-3.scs", &status), 0);
    assert_int_equal(status.st_size, 4);
}

static void what_is_written_has_any_bytes(void **state)
{
    (void)state;
    size_t length = 0;
    assert_true(adopt_write("bytes", "a\0b", 3));
    char *bytes = file_read("bytes", &length);
    assert_int_equal(length, 3);
    assert_memory_equal(bytes, "a\0b", 3);
    free(bytes);
    assert_false(adopt_write("nowhere/bytes", "a", 1));
}

static void the_working_directory_is_left_out(void **state)
{
    char text[400];
    (void)snprintf(text, sizeof text, "%s/core/a.c:3 and %s/core/b.c, not %s", (const char *)*state,
                   (const char *)*state, (const char *)*state);
    char *portable = adopt_without_folder(text);
    char expected[400];
    (void)snprintf(expected, sizeof expected, "core/a.c:3 and core/b.c, not %s", (const char *)*state);
    assert_string_equal(portable, expected);
    free(portable);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_the_words_of_the_cause),
        cmocka_unit_test(a_name_is_short_and_never_empty),
        cmocka_unit_test(a_name_is_that_of_a_file_here),
        cmocka_unit_test(no_file_is_written_over_another),
        cmocka_unit_test(what_is_written_has_any_bytes),
        cmocka_unit_test(the_working_directory_is_left_out),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
