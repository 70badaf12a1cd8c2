#include "base/map.h"
#include "rig.h"

enum { MANY = 5000, LONGEST_KEY = 40 };

/* The node is not the first of an entry: the map has to find the one from the other. */
struct entry {
    unsigned number;
    struct map_node node;
    char key[LONGEST_KEY];
    size_t length;
};

static struct entry entries[MANY];
static struct map map;
static const struct map_secret secret = { 1, 2 };

static int set_up(void **state)
{
    (void)state;
    rig.memory.live = rig.memory.allocations = rig.memory.fail_at = 0;
    memset(entries, 0, sizeof entries);
    for (unsigned i = 0; i < MANY; i++) {
        entries[i].number = i;
        entries[i].length = (size_t)snprintf(entries[i].key, LONGEST_KEY, "user%u@example.org", i);
    }
    map_init(&map, &rig_memory, &secret, offsetof(struct entry, node));
    return 0;
}

/* The memory of a map is freed with its last entry. */
static int tear_down(void **state)
{
    (void)state;
    for (struct entry *e = map_first(&map); e != NULL; e = map_first(&map))
        map_remove(&map, e);
    assert_int_equal(rig.memory.live, 0);
    return 0;
}

static bool add(unsigned number)
{
    struct entry *entry = &entries[number];
    return map_add(&map, entry, entry->key, entry->length);
}

static void *find(unsigned number)
{
    return map_find(&map, entries[number].key, entries[number].length);
}

/* That walking the map finds these entries and no others, in this order. */
static void assert_walk(const unsigned *numbers, size_t count)
{
    const struct entry *entry = map_first(&map);
    for (size_t i = 0; i < count; i++) {
        assert_ptr_equal(entry, &entries[numbers[i]]);
        entry = map_next(&map, entry);
    }
    assert_null(entry);
    assert_int_equal(map_count(&map), count);
}

/* ---- Finding ---- */

static void an_empty_map_has_nothing_and_owns_nothing(void **state)
{
    (void)state;
    assert_null(find(0));
    assert_null(map_find_string(&map, ""));
    assert_null(map_first(&map));
    assert_int_equal(map_count(&map), 0);
    assert_int_equal(rig.memory.live, 0);
}

static void an_entry_is_found_by_the_bytes_of_its_key(void **state)
{
    (void)state;
    char copy[LONGEST_KEY];
    assert_true(add(7) && add(8));
    memcpy(copy, entries[7].key, LONGEST_KEY);
    assert_ptr_equal(map_find(&map, copy, strlen(copy)), &entries[7]);
    assert_ptr_equal(map_find_string(&map, "user8@example.org"), &entries[8]);
    assert_null(map_find_string(&map, "user9@example.org"));
    assert_null(map_find_string(&map, "user8@example.or"));
    assert_null(map_find_string(&map, "user8@example.orgy"));
}

static void keys_of_every_length_are_distinguished(void **state)
{
    (void)state;
    for (unsigned i = 0; i < LONGEST_KEY; i++) {
        memset(entries[i].key, 'a', i); /* each is the beginning of the next */
        entries[i].length = i;
        assert_true(add(i));
    }
    for (unsigned i = 0; i < LONGEST_KEY; i++)
        assert_ptr_equal(find(i), &entries[i]);
}

static void an_entry_that_was_fetched_before_is_found_as_any(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 100; i++)
        assert_true(add(i));
    for (unsigned i = 0; i < 100; i++) {
        map_prefetch(&map, &entries[i]);
        assert_ptr_equal(find(i), &entries[i]);
    }
    for (unsigned i = 0; i < 100; i++)
        map_remove(&map, &entries[i]);
    map_prefetch(&map, &entries[0]);
    assert_null(find(0));
}

static void a_key_may_hold_any_byte(void **state)
{
    (void)state;
    const uint64_t numbers[] = { 0, 1, UINT64_C(1) << 32, UINT64_MAX };
    for (unsigned i = 0; i < 4; i++) {
        memcpy(entries[i].key, &numbers[i], sizeof numbers[i]);
        entries[i].length = sizeof numbers[i];
        assert_true(add(i));
    }
    for (unsigned i = 0; i < 4; i++)
        assert_ptr_equal(map_find(&map, &numbers[i], sizeof numbers[i]), &entries[i]);
}

static void among_thousands_each_is_found(void **state)
{
    (void)state;
    for (unsigned i = 0; i < MANY; i++)
        assert_true(add(i));
    for (unsigned i = 0; i < MANY; i++)
        assert_ptr_equal(find(i), &entries[i]);
    for (unsigned i = 0; i < MANY; i += 2)
        map_remove(&map, &entries[i]);
    for (unsigned i = 0; i < MANY; i++)
        assert_ptr_equal(find(i), i % 2 == 0 ? NULL : &entries[i]);
    assert_int_equal(map_count(&map), MANY / 2);
}

/* ---- Walking ---- */

static void entries_are_walked_in_the_order_in_which_they_were_added(void **state)
{
    (void)state;
    const unsigned order[] = { 30, 10, 4000, 20, 11 };
    for (size_t i = 0; i < 5; i++)
        assert_true(add(order[i]));
    assert_walk(order, 5);
}

static void the_order_stays_when_entries_are_removed(void **state)
{
    (void)state;
    for (unsigned i = 1; i <= 6; i++)
        assert_true(add(i));
    map_remove(&map, &entries[1]); /* the first, */
    map_remove(&map, &entries[4]); /* one in the middle, */
    map_remove(&map, &entries[6]); /* and the last */
    assert_walk((const unsigned[]){ 2, 3, 5 }, 3);
    assert_true(add(6));
    assert_walk((const unsigned[]){ 2, 3, 5, 6 }, 4);
}

static void an_entry_that_was_removed_may_be_added_again_and_is_the_last(void **state)
{
    (void)state;
    assert_true(add(1) && add(2));
    map_remove(&map, &entries[1]);
    assert_null(find(1));
    assert_true(add(1));
    assert_ptr_equal(find(1), &entries[1]);
    assert_walk((const unsigned[]){ 2, 1 }, 2);
}

static void entries_may_be_removed_on_the_way(void **state)
{
    (void)state;
    for (unsigned i = 0; i < MANY; i++)
        assert_true(add(i));
    unsigned number = 0;
    for (struct entry *e = map_first(&map), *next; e != NULL; e = next) {
        next = map_next(&map, e);
        assert_int_equal(e->number, number++);
        map_remove(&map, e);
    }
    assert_int_equal(number, MANY);
    assert_int_equal(map_count(&map), 0);
    assert_int_equal(rig.memory.live, 0);
}

/* ---- Memory ---- */

static void an_emptied_map_owns_nothing_and_may_be_filled_again(void **state)
{
    (void)state;
    assert_true(add(1));
    assert_true(rig.memory.live > 0);
    map_remove(&map, &entries[1]);
    assert_int_equal(rig.memory.live, 0);
    assert_true(add(1) && add(2));
    assert_walk((const unsigned[]){ 1, 2 }, 2);
}

/* Whether it is the table that cannot be had, or its growth. */
static void without_memory_an_entry_stays_out_and_the_map_is_as_it_was(void **state)
{
    (void)state;
    unsigned failures = 0;
    for (unsigned i = 0; i < MANY; i++) {
        size_t live = rig.memory.live;
        rig.memory.fail_at = rig.memory.allocations + 1;
        bool added = add(i);
        rig.memory.fail_at = 0;
        if (added)
            continue;
        failures++;
        assert_int_equal(rig.memory.live, live);
        assert_null(find(i));
        assert_int_equal(map_count(&map), i);
        assert_true(add(i));
    }
    assert_true(failures > 2);
    const struct entry *entry = map_first(&map);
    for (unsigned i = 0; i < MANY; i++, entry = map_next(&map, entry)) {
        assert_ptr_equal(entry, &entries[i]);
        assert_ptr_equal(find(i), entry);
    }
}

static void a_map_whose_first_allocation_fails_is_empty(void **state)
{
    (void)state;
    for (size_t nth = 1; nth <= 2; nth++) { /* the table, and its buckets */
        rig.memory.fail_at = rig.memory.allocations + nth;
        assert_false(add(0));
        assert_null(map_first(&map));
        assert_null(find(0));
        assert_int_equal(rig.memory.live, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_empty_map_has_nothing_and_owns_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_entry_is_found_by_the_bytes_of_its_key, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keys_of_every_length_are_distinguished, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_entry_that_was_fetched_before_is_found_as_any, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_key_may_hold_any_byte, set_up, tear_down),
        cmocka_unit_test_setup_teardown(among_thousands_each_is_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(entries_are_walked_in_the_order_in_which_they_were_added, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_order_stays_when_entries_are_removed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_entry_that_was_removed_may_be_added_again_and_is_the_last, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(entries_may_be_removed_on_the_way, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_emptied_map_owns_nothing_and_may_be_filled_again, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(without_memory_an_entry_stays_out_and_the_map_is_as_it_was, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_map_whose_first_allocation_fails_is_empty, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
