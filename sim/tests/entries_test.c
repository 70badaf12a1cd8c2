#include "../world/entries.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { MANY = 20000 };

static const char *key_of(size_t number)
{
    static char key[32];
    (void)snprintf(key, sizeof key, "c%zu@localhost", number);
    return key;
}

static void put_many(struct entries *entries, size_t count)
{
    for (size_t i = 0; i < count; i++)
        entries_put(entries, key_of(i), "first");
}

static void keys_stay_in_the_order_in_which_they_came(void **state)
{
    (void)state;
    struct entries entries = { 0 };
    put_many(&entries, MANY);
    entries_put(&entries, key_of(7), "second");
    assert_int_equal(entries.count, MANY);
    for (size_t i = 0; i < MANY; i++)
        assert_string_equal(entries.list[i].key, key_of(i));
    assert_string_equal(entries.list[7].value, "second");
    entries_free(&entries);
}

static void a_removed_key_leaves_the_others_to_be_found(void **state)
{
    (void)state;
    for (size_t count = 3; count < 100; count += 31) {
        struct entries entries = { 0 };
        put_many(&entries, count);
        entries_put(&entries, key_of(1), NULL);
        entries_put(&entries, key_of(count), NULL);
        assert_int_equal(entries.count, count - 1);
        assert_null(entries_find(&entries, key_of(1)));
        assert_ptr_equal(entries_find(&entries, key_of(0)), &entries.list[0]);
        for (size_t i = 2; i < count; i++)
            assert_ptr_equal(entries_find(&entries, key_of(i)), &entries.list[i - 1]);
        entries_put(&entries, key_of(1), "again");
        assert_ptr_equal(entries_find(&entries, key_of(1)), &entries.list[count - 1]);
        entries_free(&entries);
    }
}

static void all_keys_can_be_removed(void **state)
{
    (void)state;
    struct entries entries = { 0 };
    put_many(&entries, 100);
    for (size_t i = 100; i-- > 0;)
        entries_put(&entries, key_of(i), NULL);
    assert_int_equal(entries.count, 0);
    put_many(&entries, 2);
    assert_ptr_equal(entries_find(&entries, key_of(1)), &entries.list[1]);
    entries_free(&entries);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_stay_in_the_order_in_which_they_came),
        cmocka_unit_test(a_removed_key_leaves_the_others_to_be_found),
        cmocka_unit_test(all_keys_can_be_removed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
