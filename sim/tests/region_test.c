/* region.h: what is set back, and what the address sanitizer learns. */
#include "../fuzz/region.h"
#include "../sanitizer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#ifdef HAS_ASAN
#include <sanitizer/asan_interface.h>
#endif

static char *block_of(const char *text)
{
    char *block = region_memory.alloc(strlen(text) + 1);
    memcpy(block, text, strlen(text) + 1);
    return block;
}

/* Without the sanitizer it is not known, and all is well. */
static void assert_access(const char *byte, bool is_allowed)
{
#ifdef HAS_ASAN
    assert_int_equal(__asan_address_is_poisoned(byte), !is_allowed);
#else
    (void)byte;
    (void)is_allowed;
#endif
}

/* A region is never freed, and a sanitizer wants to see that it is still known. */
static struct region *begin(void)
{
    enum { MOST = 8 };
    static struct region *regions[MOST];
    static size_t count;
    assert_true(count < MOST);
    regions[count] = region_new();
    region_use(regions[count]);
    return regions[count++];
}

static void blocks_that_were_in_use_are_set_back(void **state)
{
    (void)state;
    struct region *region = begin();
    char *first = block_of("first"), *freed = block_of("freed"), *last = block_of("last");
    region_memory.free(freed);
    region_save(region);
    for (int round = 0; round < 3; round++) {
        first[0] = 'F';
        last = region_memory.realloc(last, 1000);
        memset(last, 'x', 1000);
        region_memory.free(first);
        region_restore(region);
        last = freed + (freed - first);
        assert_string_equal(first, "first");
        assert_string_equal(last, "last");
    }
}

static void a_second_save_replaces_the_first(void **state)
{
    (void)state;
    struct region *region = begin();
    char *first = block_of("first");
    region_save(region);
    first[0] = 'F';
    char *second = block_of("second");
    region_save(region);
    second[0] = first[0] = 'x';
    region_restore(region);
    assert_string_equal(first, "First");
    assert_string_equal(second, "second");
}

static void only_blocks_in_use_may_be_accessed(void **state)
{
    (void)state;
    struct region *region = begin();
    char *kept = block_of("kept"), *freed = block_of("freed");
    region_memory.free(freed);
    region_save(region);
    char *later = block_of("later");
    assert_access(later, true);
    region_memory.free(kept);
    assert_access(kept, false);
    region_restore(region);
    assert_access(kept - 1, false);
    assert_access(kept + 4, true);
    assert_access(kept + 5, false);
    assert_access(freed, false);
    assert_access(later, false);
}

static void all_blocks_that_were_freed_may_be_accessed_again(void **state)
{
    (void)state;
    enum { BLOCKS = 200 };
    char *blocks[BLOCKS];
    struct region *region = begin();
    for (size_t i = 0; i < BLOCKS; i++)
        blocks[i] = block_of("block");
    region_save(region);
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < BLOCKS; i++)
            region_memory.free(blocks[i]);
        region_restore(region);
        for (size_t i = 0; i < BLOCKS; i++) {
            assert_access(blocks[i] + 5, true);
            assert_access(blocks[i] + 6, false);
        }
    }
}

static void a_block_of_any_size_ends_where_it_ends(void **state)
{
    (void)state;
    begin();
    for (size_t size = 0; size < 100; size++) {
        const char *block = region_memory.alloc(size);
        assert_access(block - 1, false);
        for (size_t i = 0; i < size; i++)
            assert_access(block + i, true);
        for (size_t i = size; i < size + 16; i++)
            assert_access(block + i, false);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_that_were_in_use_are_set_back),
        cmocka_unit_test(a_second_save_replaces_the_first),
        cmocka_unit_test(only_blocks_in_use_may_be_accessed),
        cmocka_unit_test(all_blocks_that_were_freed_may_be_accessed_again),
        cmocka_unit_test(a_block_of_any_size_ends_where_it_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
