#define _XOPEN_SOURCE 700 /* for posix_openpt */

#include "../tool/colour.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static void the_option_takes_three_words(void **state)
{
    (void)state;
    enum colour colour = COLOUR_NEVER;
    assert_null(colour_take(&colour, "auto"));
    assert_int_equal(colour, COLOUR_AUTO);
    assert_null(colour_take(&colour, "never"));
    assert_int_equal(colour, COLOUR_NEVER);
    assert_null(colour_take(&colour, "always"));
    assert_int_equal(colour, COLOUR_ALWAYS);
    assert_string_equal(colour_take(&colour, "Always"), "auto, always or never");
    assert_string_equal(colour_take(&colour, ""), "auto, always or never");
    assert_int_equal(colour, COLOUR_ALWAYS);
}

static void a_file_is_coloured_only_when_that_is_asked_for(void **state)
{
    (void)state;
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_false(colour_on(COLOUR_AUTO, file));
    assert_false(colour_on(COLOUR_NEVER, file));
    assert_true(colour_on(COLOUR_ALWAYS, file));
    fclose(file);
}

/* https://no-color.org: set, and not empty. */
static void a_terminal_is_coloured_unless_the_environment_says_no(void **state)
{
    (void)state;
    int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    if (terminal < 0)
        skip(); /* a machine without terminals, as a chroot without /dev/pts is */
    FILE *out = fdopen(terminal, "w");
    assert_non_null(out);
    setenv("TERM", "xterm", 1);
    unsetenv("NO_COLOR");
    assert_true(colour_on(COLOUR_AUTO, out));
    assert_false(colour_on(COLOUR_NEVER, out));
    setenv("NO_COLOR", "", 1);
    assert_true(colour_on(COLOUR_AUTO, out));
    setenv("NO_COLOR", "1", 1);
    assert_false(colour_on(COLOUR_AUTO, out));
    assert_true(colour_on(COLOUR_ALWAYS, out));
    unsetenv("NO_COLOR");
    setenv("TERM", "dumb", 1);
    assert_false(colour_on(COLOUR_AUTO, out));
    fclose(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_option_takes_three_words),
        cmocka_unit_test(a_file_is_coloured_only_when_that_is_asked_for),
        cmocka_unit_test(a_terminal_is_coloured_unless_the_environment_says_no),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
