/* What a server can: names, and sets. */
#include "../world/capability.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void each_has_a_name_of_its_own_and_a_sentence(void **state)
{
    (void)state;
    for (unsigned i = CAPABILITY_NONE + 1; i < CAPABILITY_COUNT; i++) {
        const char *name = capability_name((enum capability)i);
        assert_int_equal(capability_named(name), i);
        assert_true(strlen(name) < 48);
        assert_null(strpbrk(name, " \t\n"));
        assert_true(strlen(capability_sentence((enum capability)i)) > 0);
    }
}

static void an_unknown_name_is_none(void **state)
{
    (void)state;
    assert_int_equal(capability_named("telepathy"), CAPABILITY_NONE);
    assert_int_equal(capability_named(""), CAPABILITY_NONE);
}

static void the_first_that_is_lacking_is_found(void **state)
{
    (void)state;
    struct capabilities has = { 0 };
    struct capabilities needs = { 0 };
    assert_int_equal(capabilities_lacking(has, needs), CAPABILITY_NONE);
    capabilities_add(&needs, CAPABILITY_SM);
    capabilities_add(&needs, CAPABILITY_CRASH);
    assert_int_equal(capabilities_lacking(has, needs), CAPABILITY_CRASH);
    capabilities_add(&has, CAPABILITY_CRASH);
    assert_int_equal(capabilities_lacking(has, needs), CAPABILITY_SM);
    capabilities_add(&has, CAPABILITY_SM);
    assert_int_equal(capabilities_lacking(has, needs), CAPABILITY_NONE);
}

static void everybody_has_what_needs_nothing(void **state)
{
    (void)state;
    const struct capabilities nothing = { 0 };
    assert_true(capabilities_have(nothing, CAPABILITY_NONE));
    assert_false(capabilities_have(nothing, CAPABILITY_TLS));
}

static void from_outside_only_what_is_inside_is_lacking(void **state)
{
    (void)state;
    const struct capabilities all = CAPABILITIES_ALL;
    const struct capabilities outside = CAPABILITIES_OUTSIDE;
    for (unsigned i = CAPABILITY_NONE + 1; i < CAPABILITY_COUNT; i++) {
        const bool inside = i == CAPABILITY_VIEWS || i == CAPABILITY_MEMORY;
        assert_true(capabilities_have(all, (enum capability)i));
        assert_int_equal(capabilities_have(outside, (enum capability)i), !inside);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_has_a_name_of_its_own_and_a_sentence),
        cmocka_unit_test(an_unknown_name_is_none),
        cmocka_unit_test(the_first_that_is_lacking_is_found),
        cmocka_unit_test(everybody_has_what_needs_nothing),
        cmocka_unit_test(from_outside_only_what_is_inside_is_lacking),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
