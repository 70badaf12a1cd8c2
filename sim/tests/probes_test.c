/* Which accounts may have probed which others. */
#include "../model/probes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { ROMEO = 5, JULIET = 6, NURSE = 7 };

static void a_probe_has_a_direction(void **state)
{
    (void)state;
    struct probes probes = { 0 };
    assert_false(probes_may_have(&probes, ROMEO, JULIET));
    probes_add(&probes, ROMEO, JULIET);
    assert_true(probes_may_have(&probes, ROMEO, JULIET));
    assert_false(probes_may_have(&probes, JULIET, ROMEO));
    assert_false(probes_may_have(&probes, ROMEO, NURSE));
    probes_clear(&probes);
    assert_false(probes_may_have(&probes, ROMEO, JULIET));
}

static void an_account_that_is_not_followed_may_be_any(void **state)
{
    (void)state;
    struct probes probes = { 0 };
    probes_add(&probes, ROMEO, PROBES_ANY);
    assert_true(probes_may_have(&probes, ROMEO, JULIET));
    assert_false(probes_may_have(&probes, NURSE, JULIET));
    probes_add(&probes, PROBES_ANY, JULIET);
    assert_true(probes_may_have(&probes, NURSE, JULIET));
    assert_false(probes_may_have(&probes, NURSE, ROMEO));
}

static void of_too_many_nothing_is_known(void **state)
{
    (void)state;
    struct probes probes = { 0 };
    for (int i = 0; i < PROBES_MOST; i++)
        probes_add(&probes, ROMEO, JULIET);
    assert_false(probes_may_have(&probes, NURSE, JULIET));
    probes_add(&probes, ROMEO, JULIET);
    assert_true(probes_may_have(&probes, NURSE, JULIET));
    probes_clear(&probes);
    assert_false(probes_may_have(&probes, NURSE, JULIET));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_probe_has_a_direction),
        cmocka_unit_test(an_account_that_is_not_followed_may_be_any),
        cmocka_unit_test(of_too_many_nothing_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
