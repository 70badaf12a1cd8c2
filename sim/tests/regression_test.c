#include "../verbs/regression.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Of three decisions the second was not the first possibility. */
#define CHOICES "## choices: 1:pieces 3/8\n"

static void becomes(const char *text, size_t row, uint64_t seed, const char *expected)
{
    struct recording recording = { 0 };
    recording_add(&recording, (struct choice){ CHOICE_LATENCY, 8, 0 });
    recording_add(&recording, (struct choice){ CHOICE_PIECES, 8, 3 });
    recording_add(&recording, (struct choice){ CHOICE_TIES, 2, 0 });
    char *written = regression_write(text, row, seed, &recording);
    assert_string_equal(written, expected);
    free(written);
    recording_free(&recording);
}

static void the_tags_stand_below_the_title(void **state)
{
    (void)state;
    becomes("# A title\n[Client] Romeo\n", 0, 0, "# A title\n" CHOICES "[Client] Romeo\n");
    becomes("# A title\n## strict\n---\n", 0, 7, "# A title\n## seed: 7\n" CHOICES "## strict\n---\n");
    becomes("[Client] Romeo\n", 0, 0, CHOICES "[Client] Romeo\n");
    becomes("## strict\n# A title\n", 0, 0, CHOICES "## strict\n# A title\n");
}

static void a_run_in_which_nothing_was_chosen_says_so(void **state)
{
    (void)state;
    struct recording none = { 0 };
    char *written = regression_write("# A title\n", 0, 0, &none);
    assert_string_equal(written, "# A title\n## choices: none\n");
    free(written);
}

static void tags_of_an_earlier_run_go(void **state)
{
    (void)state;
    becomes("# A title\n## seed: 3\n##choices: 4:ties 1/2\n## seedling\n## choices\n", 0, 0,
            "# A title\n" CHOICES "## seedling\n");
}

/* Only the head has tags. */
static void steps_stay_as_they_are(void **state)
{
    (void)state;
    becomes("# A title\n-----\n## seed: 3\n[Table]\n\ta\n\tb\n", 0, 0,
            "# A title\n" CHOICES "-----\n## seed: 3\n[Table]\n\ta\n\tb\n");
}

/* The others are there too, and are run as ever. */
static void the_row_of_a_table_is_named(void **state)
{
    (void)state;
    becomes("# A title\n## row: 1\n[Table]\n\ta\n\tb\n\tc\n---\n", 2, 5,
            "# A title\n## row: 2\n## seed: 5\n" CHOICES "[Table]\n\ta\n\tb\n\tc\n---\n");
}

static void a_last_line_may_have_no_end(void **state)
{
    (void)state;
    becomes("# A title\n---\nRomeo connects", 0, 0, "# A title\n" CHOICES "---\nRomeo connects");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tags_stand_below_the_title),
        cmocka_unit_test(a_run_in_which_nothing_was_chosen_says_so),
        cmocka_unit_test(tags_of_an_earlier_run_go),
        cmocka_unit_test(steps_stay_as_they_are),
        cmocka_unit_test(the_row_of_a_table_is_named),
        cmocka_unit_test(a_last_line_may_have_no_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
