/* A session's copy of the results of a TLS handshake. */
#include "session/channel.h"

#include "rig.h"

/* The last block that was freed, as it was then. */
static struct {
    unsigned char bytes[512];
    size_t size; /* of the block that was allocated last */
} freed;

static void *alloc(size_t size)
{
    freed.size = size;
    return rig_memory.alloc(size);
}

static void *grow(void *block, size_t size)
{
    return rig_memory.realloc(block, size);
}

static void release(void *block)
{
    assert_true(freed.size <= sizeof freed.bytes);
    if (block != NULL)
        memcpy(freed.bytes, block, freed.size);
    rig_memory.free(block);
}

static const struct core_memory memory = { alloc, grow, release };

static int set_up(void **state)
{
    (void)state;
    rig.memory.live = rig.memory.allocations = rig.memory.fail_at = 0;
    return 0;
}

static const char *const names[] = { "romeo@localhost", "", "juliet@example.com" };

static void a_copy_shares_nothing_with_the_original(void **state)
{
    (void)state;
    unsigned char exporter[] = { 1, 0, 255 }, end_point[] = { 0, 7 };
    char name[] = "romeo@localhost";
    const char *identities[] = { name, "", "juliet@example.com" };
    const struct core_tls tls = { { exporter, 3 }, { end_point, 2 }, identities, 3 };
    struct core_tls *copy = channel_copy(&memory, &tls);
    assert_non_null(copy);
    memset(exporter, 'x', sizeof exporter);
    memset(end_point, 'x', sizeof end_point);
    memset(name, 'x', sizeof name);
    identities[2] = NULL;
    assert_int_equal(copy->exporter.length, 3);
    assert_memory_equal(copy->exporter.bytes, ((unsigned char[]){ 1, 0, 255 }), 3);
    assert_int_equal(copy->server_end_point.length, 2);
    assert_memory_equal(copy->server_end_point.bytes, ((unsigned char[]){ 0, 7 }), 2);
    assert_int_equal(copy->identity_count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(copy->identities[i], names[i]);
    channel_free(&memory, copy);
    assert_int_equal(rig.memory.live, 0);
}

/* core.h: data that the host has not is of length 0, with a pointer that may be anything. */
static void what_is_absent_stays_absent(void **state)
{
    (void)state;
    const struct core_tls tls = { { (const unsigned char *)"unused", 0 }, { NULL, 0 }, NULL, 0 };
    struct core_tls *copy = channel_copy(&memory, &tls);
    assert_non_null(copy);
    assert_null(copy->exporter.bytes);
    assert_null(copy->server_end_point.bytes);
    assert_int_equal(copy->exporter.length + copy->server_end_point.length + copy->identity_count, 0);
    channel_free(&memory, copy);
    assert_int_equal(rig.memory.live, 0);
}

static void a_copy_is_overwritten_before_it_is_freed(void **state)
{
    (void)state;
    static const unsigned char exporter[] = "a secret of both ends";
    const struct core_tls tls = { { exporter, sizeof exporter }, { exporter, 4 }, names, 3 };
    struct core_tls *copy = channel_copy(&memory, &tls);
    assert_non_null(copy);
    channel_free(&memory, copy);
    for (size_t i = 0; i < freed.size; i++)
        assert_int_equal(freed.bytes[i], 0);
    channel_free(&memory, NULL);
    assert_int_equal(rig.memory.live, 0);
}

static void a_copy_may_run_out_of_memory(void **state)
{
    (void)state;
    static const unsigned char bytes[] = { 1 };
    const struct core_tls tls = { { bytes, 1 }, { bytes, 1 }, names, 3 };
    rig.memory.fail_at = 1;
    assert_null(channel_copy(&memory, &tls));
    assert_int_equal(rig.memory.allocations, 1); /* it is one block */
    assert_int_equal(rig.memory.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_copy_shares_nothing_with_the_original, set_up),
        cmocka_unit_test_setup(what_is_absent_stays_absent, set_up),
        cmocka_unit_test_setup(a_copy_is_overwritten_before_it_is_freed, set_up),
        cmocka_unit_test_setup(a_copy_may_run_out_of_memory, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
