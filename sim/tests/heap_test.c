#include "../world/heap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Memory in use since `before`. */
static struct heap_use since(struct heap_use before)
{
    struct heap_use now = heap_use();
    return (struct heap_use){ now.bytes - before.bytes, now.blocks - before.blocks };
}

static void assert_use(struct heap_use before, size_t bytes, size_t blocks)
{
    assert_int_equal(since(before).bytes, bytes);
    assert_int_equal(since(before).blocks, blocks);
}

static void what_is_allocated_counts_until_it_is_freed(void **state)
{
    (void)state;
    const struct core_memory memory = heap_memory();
    const struct heap_use before = heap_use();
    void *first = memory.alloc(100);
    void *second = memory.alloc(1);
    assert_non_null(first);
    assert_non_null(second);
    assert_use(before, 101, 2);
    memory.free(first);
    assert_use(before, 1, 1);
    memory.free(second);
    assert_use(before, 0, 0);
}

static void a_block_of_no_bytes_is_a_block(void **state)
{
    (void)state;
    const struct core_memory memory = heap_memory();
    const struct heap_use before = heap_use();
    void *block = memory.alloc(0);
    assert_non_null(block);
    assert_use(before, 0, 1);
    memory.free(block);
    assert_use(before, 0, 0);
}

/* As free does (C11, 7.22.3.3). */
static void to_free_null_does_nothing(void **state)
{
    (void)state;
    const struct heap_use before = heap_use();
    heap_memory().free(NULL);
    assert_use(before, 0, 0);
}

/* As realloc does (C11, 7.22.3.5). */
static void to_reallocate_null_is_to_allocate(void **state)
{
    (void)state;
    const struct core_memory memory = heap_memory();
    const struct heap_use before = heap_use();
    void *block = memory.realloc(NULL, 40);
    assert_non_null(block);
    assert_use(before, 40, 1);
    memory.free(block);
    assert_use(before, 0, 0);
}

static void a_block_that_grows_keeps_its_bytes_and_counts_its_new_size(void **state)
{
    (void)state;
    const struct core_memory memory = heap_memory();
    const struct heap_use before = heap_use();
    char *block = memory.alloc(8);
    memset(block, 'm', 8);
    block = memory.realloc(block, 100000);
    assert_non_null(block);
    assert_memory_equal(block, "mmmmmmmm", 8);
    memset(block, 'x', 100000);
    assert_use(before, 100000, 1);
    memory.free(block);
    assert_use(before, 0, 0);
}

static void a_block_that_shrinks_counts_its_new_size(void **state)
{
    (void)state;
    const struct core_memory memory = heap_memory();
    const struct heap_use before = heap_use();
    char *block = memory.alloc(1000);
    memcpy(block, "Tybalt", 7);
    block = memory.realloc(block, 7);
    assert_string_equal(block, "Tybalt");
    assert_use(before, 7, 1);
    memory.free(block);
    assert_use(before, 0, 0);
}

/* As malloc's memory is (C11, 7.22.3). */
static void a_block_is_aligned_for_anything(void **state)
{
    (void)state;
    const struct core_memory memory = heap_memory();
    for (size_t size = 1; size < 70; size++) {
        void *block = memory.alloc(size);
        assert_int_equal((uintptr_t)block % _Alignof(max_align_t), 0);
        memory.free(block);
    }
}

/* An impossible size is refused, including the header; the old block is unchanged. */
static void a_failed_allocation_is_not_counted(void **state)
{
    (void)state;
    const struct core_memory memory = heap_memory();
    const struct heap_use before = heap_use();
    volatile size_t most = SIZE_MAX;
    assert_null(memory.alloc(most));
    char *block = memory.alloc(8);
    memcpy(block, "Paris", 6);
    assert_null(memory.realloc(block, most));
    assert_string_equal(block, "Paris");
    assert_use(before, 8, 1);
    memory.free(block);
    assert_use(before, 0, 0);
}

/* ---- A failure that was asked for ---- */

static void the_nth_allocation_fails_once(void **state)
{
    (void)state;
    const struct core_memory memory = heap_memory();
    const struct heap_use before = heap_use();
    const uint64_t failures = heap_failures(), allocations = heap_allocations();
    void *blocks[5];
    heap_fail_after(3);
    for (size_t i = 0; i < 5; i++)
        blocks[i] = memory.alloc(10);
    for (size_t i = 0; i < 5; i++)
        assert_true((blocks[i] == NULL) == (i == 2));
    assert_true(heap_failures() == failures + 1);
    assert_true(heap_allocations() == allocations + 5);
    assert_use(before, 40, 4);
    for (size_t i = 0; i < 5; i++)
        memory.free(blocks[i]);
    assert_use(before, 0, 0);
}

static void a_block_that_cannot_grow_stays_as_it_was(void **state)
{
    (void)state;
    const struct core_memory memory = heap_memory();
    const struct heap_use before = heap_use();
    char *block = memory.alloc(8);
    memcpy(block, "Paris", 6);
    heap_fail_after(1);
    assert_null(memory.realloc(block, 9));
    assert_string_equal(block, "Paris");
    assert_use(before, 8, 1);
    memory.free(block);
    assert_use(before, 0, 0);
}

/* To shrink needs no memory, and to reallocate NULL is to allocate. */
static void only_what_needs_memory_counts(void **state)
{
    (void)state;
    const struct core_memory memory = heap_memory();
    const uint64_t allocations = heap_allocations();
    heap_fail_after(3);
    char *block = memory.realloc(NULL, 8);
    block = memory.realloc(block, 8);
    block = memory.realloc(block, 2);
    memory.free(NULL);
    assert_true(heap_allocations() == allocations + 1);
    block = memory.realloc(block, 3);
    assert_non_null(block);
    assert_null(memory.realloc(block, 4));
    memory.free(block);
}

static void a_failure_may_be_called_off(void **state)
{
    (void)state;
    const struct core_memory memory = heap_memory();
    const uint64_t failures = heap_failures();
    heap_fail_after(1);
    heap_fail_after(0);
    void *block = memory.alloc(1);
    assert_non_null(block);
    memory.free(block);
    assert_true(heap_failures() == failures);
}

static void the_most_that_was_in_use_is_known(void **state)
{
    (void)state;
    const struct core_memory memory = heap_memory();
    const size_t before = heap_use().bytes;
    heap_forget_peak();
    assert_int_equal(heap_peak(), before);
    void *first = memory.alloc(100);
    void *second = memory.alloc(10);
    second = memory.realloc(second, 30);
    memory.free(first);
    assert_int_equal(heap_peak(), before + 130);
    heap_forget_peak();
    assert_int_equal(heap_peak(), before + 30);
    memory.free(second);
}

static void large_pages_are_not_counted(void **state)
{
    (void)state;
    const struct heap_use before = heap_use();
    const uint64_t allocations = heap_allocations();
    heap_expect_crowds();
    assert_int_equal(heap_use().bytes, before.bytes);
    assert_int_equal(heap_use().blocks, before.blocks);
    assert_int_equal(heap_allocations(), allocations);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_allocated_counts_until_it_is_freed),
        cmocka_unit_test(a_block_of_no_bytes_is_a_block),
        cmocka_unit_test(to_free_null_does_nothing),
        cmocka_unit_test(to_reallocate_null_is_to_allocate),
        cmocka_unit_test(a_block_that_grows_keeps_its_bytes_and_counts_its_new_size),
        cmocka_unit_test(a_block_that_shrinks_counts_its_new_size),
        cmocka_unit_test(a_block_is_aligned_for_anything),
        cmocka_unit_test(a_failed_allocation_is_not_counted),
        cmocka_unit_test(the_nth_allocation_fails_once),
        cmocka_unit_test(a_block_that_cannot_grow_stays_as_it_was),
        cmocka_unit_test(only_what_needs_memory_counts),
        cmocka_unit_test(a_failure_may_be_called_off),
        cmocka_unit_test(the_most_that_was_in_use_is_known),
        cmocka_unit_test(large_pages_are_not_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
