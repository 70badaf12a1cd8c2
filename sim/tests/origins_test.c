/* The table of what came in. */
#include "../model/origins.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void what_came_in_is_found(void **state)
{
    (void)state;
    struct origins origins = { 0 };
    const uint64_t key = origins_key(7, 0, 9);
    assert_null(origins_find(&origins, key));
    (void)origins_add(&origins, key, 3);
    assert_int_equal(origins_find(&origins, key)->place, 3);
    origins_add(&origins, key, 4)->is_delayed = true;
    assert_int_equal(origins.count, 1);
    assert_int_equal(origins.sum, 2 * key);
    assert_int_equal(origins_find(&origins, key)->times, 2);
    assert_int_equal(origins_find(&origins, key)->place, 4);
    assert_true(origins_find(&origins, key)->is_delayed);
    assert_null(origins_find(&origins, origins_key(7, 9, 0)));
    assert_null(origins_find(&origins, origins_key(9, 0, 7)));
    origins_free(&origins);
}

/* The older half is forgotten, and it is known that it is. */
static void the_memory_has_an_end(void **state)
{
    (void)state;
    struct origins origins = { 0 };
    for (uint64_t i = 1; i <= ORIGINS_MOST; i++)
        (void)origins_add(&origins, origins_key(1, 0, i), i);
    assert_false(origins.has_forgotten);
    assert_non_null(origins_find(&origins, origins_key(1, 0, 1)));
    (void)origins_add(&origins, origins_key(1, 0, ORIGINS_MOST + 1), ORIGINS_MOST + 1);
    assert_true(origins.has_forgotten);
    assert_null(origins_find(&origins, origins_key(1, 0, 1)));
    assert_non_null(origins_find(&origins, origins_key(1, 0, ORIGINS_MOST / 2 + 2)));
    assert_non_null(origins_find(&origins, origins_key(1, 0, ORIGINS_MOST + 1)));
    const size_t size = origins.size;
    for (uint64_t i = 1; i <= UINT64_C(3) * ORIGINS_MOST; i++)
        (void)origins_add(&origins, origins_key(2, 0, i), ORIGINS_MOST + 1 + i);
    assert_int_equal(origins.size, size);
    assert_true(origins.count <= ORIGINS_MOST);
    origins_free(&origins);
}

/* Many of one place: they are forgotten together. */
static void what_came_in_together_is_forgotten_together(void **state)
{
    (void)state;
    struct origins origins = { 0 };
    for (uint64_t i = 1; i <= ORIGINS_MOST + 1; i++)
        (void)origins_add(&origins, origins_key(1, 0, i), 5);
    assert_true(origins.count <= ORIGINS_MOST);
    assert_non_null(origins_find(&origins, origins_key(1, 0, ORIGINS_MOST + 1)));
    origins_free(&origins);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_came_in_is_found),
        cmocka_unit_test(the_memory_has_an_end),
        cmocka_unit_test(what_came_in_together_is_forgotten_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
