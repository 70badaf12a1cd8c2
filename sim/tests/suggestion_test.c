#define _XOPEN_SOURCE 700 /* nftw */
#include "../tool/suggestion.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "test_folder.h"

static void put(const char *path)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fclose(file);
}

static const char *said_of(const char *path)
{
    static char said[256];
    memset(said, 0, sizeof said);
    FILE *out = fmemopen(said, sizeof said, "w");
    assert_non_null(out);
    suggestion_path(out, path);
    fclose(out);
    return said;
}

static void a_similar_entry_of_the_folder_is_suggested_for_a_missing_path(void **state)
{
    (void)state;
    mkdir("bind", 0700);
    mkdir("blocking", 0700);
    put("bind/one.scs");
    assert_string_equal(said_of("bnid"), "; did you mean bind?");
    assert_string_equal(said_of("./bnid"), "; did you mean ./bind?");
    assert_string_equal(said_of("bnid/one.scs"), "; did you mean bind/one.scs?");
    assert_string_equal(said_of("bind/oen.scs"), "; did you mean bind/one.scs?");
    assert_string_equal(said_of("bind//oen.scs"), "; did you mean bind//one.scs?");
    assert_string_equal(said_of("bind/one"), "; did you mean bind/one.scs?");
}

static void of_two_missing_parts_the_first_is_named(void **state)
{
    (void)state;
    assert_string_equal(said_of("bnid/other.scs"), "; did you mean bind?");
}

static void what_is_near_nothing_has_no_suggestion(void **state)
{
    (void)state;
    put(".hiden");
    assert_int_equal(symlink("nowhere", "dangling"), 0);
    assert_string_equal(said_of("elsewhere"), "");
    assert_string_equal(said_of(".hidden"), "");
    assert_string_equal(said_of("dangling"), "");
    assert_string_equal(said_of("/"), "");
    assert_string_equal(said_of(""), "");
}

static void a_suggestion_is_printable(void **state)
{
    (void)state;
    put("odd\033name");
    assert_string_equal(said_of("odd-name"), "; did you mean odd\\x1bname?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_similar_entry_of_the_folder_is_suggested_for_a_missing_path),
        cmocka_unit_test(of_two_missing_parts_the_first_is_named),
        cmocka_unit_test(what_is_near_nothing_has_no_suggestion),
        cmocka_unit_test(a_suggestion_is_printable),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
