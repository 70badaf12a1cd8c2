#include "base/memory.h"
#include "rig.h"

#include <stdalign.h>

static int set_up(void **state)
{
    (void)state;
    rig.memory.live = rig.memory.allocations = rig.memory.fail_at = 0;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    assert_int_equal(rig.memory.live, 0);
    return 0;
}

/* ---- Blocks ---- */

static void a_new_block_is_zeroed(void **state)
{
    (void)state;
    static const char zeros[100];
    void *block = memory_new(&rig_memory, sizeof zeros);
    assert_memory_equal(block, zeros, sizeof zeros);
    memory_free(&rig_memory, block);
    memory_free(&rig_memory, NULL);
    rig.memory.fail_at = rig.memory.allocations + 1;
    assert_null(memory_new(&rig_memory, 1));
}

static void a_copy_is_terminated(void **state)
{
    (void)state;
    char *copy = memory_copy(&rig_memory, "abc", 2);
    assert_string_equal(copy, "ab");
    memory_free(&rig_memory, copy);
    copy = memory_copy(&rig_memory, NULL, 0);
    assert_string_equal(copy, "");
    memory_free(&rig_memory, copy);
    copy = memory_copy_string(&rig_memory, "abc");
    assert_string_equal(copy, "abc");
    memory_free(&rig_memory, copy);
    assert_null(memory_copy_string(&rig_memory, NULL));
    rig.memory.fail_at = rig.memory.allocations + 1;
    assert_null(memory_copy_string(&rig_memory, "abc"));
}

/* ---- Arenas ---- */

static void an_arena_gives_aligned_room_of_any_size(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, &rig_memory);
    for (size_t size = 1; size < 3000; size += 37) {
        char *room = arena_alloc(&arena, size);
        assert_non_null(room);
        assert_int_equal((uintptr_t)room % alignof(max_align_t), 0);
        memset(room, (int)size, size); /* the sanitizers watch the ends */
    }
    assert_string_equal(arena_copy(&arena, "abc", 2), "ab");
    assert_string_equal(arena_copy(&arena, NULL, 0), "");
    assert_false(arena.failed);
    arena_free(&arena);
}

static void pieces_of_an_arena_do_not_overlap(void **state)
{
    (void)state;
    struct arena arena;
    char *rooms[200];
    arena_init(&arena, &rig_memory);
    for (int i = 0; i < 200; i++) {
        rooms[i] = arena_alloc(&arena, (size_t)i + 1);
        memset(rooms[i], i, (size_t)i + 1);
    }
    for (int i = 0; i < 200; i++)
        for (int at = 0; at <= i; at++)
            assert_int_equal((unsigned char)rooms[i][at], i);
    arena_free(&arena);
}

/* In steps of 16 bytes (memory.c), and a string with its NUL; not what moving it left behind. */
static void an_arena_counts_what_was_asked_for_however_a_string_grew(void **state)
{
    (void)state;
    static const char text[] = "how long it is, and not how it became so: forty-nine.";
    for (size_t step = 1; step < sizeof text; step++) {
        struct arena arena;
        arena_init(&arena, &rig_memory);
        (void)arena_alloc(&arena, 17);
        char *string = arena_copy(&arena, text, step);
        (void)arena_alloc(&arena, 900);
        for (size_t length = step; length < sizeof text - 1; length += step) {
            const size_t more = sizeof text - 1 - length;
            string = arena_extend(&arena, string, length, text + length, more < step ? more : step);
        }
        assert_string_equal(string, text);
        assert_int_equal(arena.asked, 32 + 64 + 912);
        arena_free(&arena);
    }
}

static void an_arena_that_failed_stays_so(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, &rig_memory);
    assert_non_null(arena_alloc(&arena, 16));
    rig.memory.fail_at = rig.memory.allocations + 1;
    assert_null(arena_alloc(&arena, 5000));
    assert_true(arena.failed);
    assert_null(arena_alloc(&arena, 1));
    assert_null(arena_copy(&arena, "a", 1));
    arena_free(&arena);
}

/* ---- Buffers ---- */

static void a_buffer_grows_at_the_end(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer, &rig_memory);
    assert_null(buffer.bytes);
    for (int i = 0; i < 1000; i++)
        buffer_append(&buffer, "abc", 3);
    assert_int_equal(buffer.length, 3000);
    for (size_t i = 0; i < 3000; i++)
        assert_int_equal(buffer.bytes[i], "abc"[i % 3]);
    buffer_append(&buffer, NULL, 0);
    buffer_consume(&buffer, 2998);
    assert_int_equal(buffer.length, 2);
    assert_memory_equal(buffer.bytes, "bc", 2);
    buffer_consume(&buffer, 0);
    buffer_consume(&buffer, 2);
    assert_int_equal(buffer.length, 0);
    buffer_free(&buffer);
    assert_null(buffer.bytes);
}

static void assert_holds(struct buffer *buffer, const char *text)
{
    assert_false(buffer->failed);
    assert_int_equal(buffer->length, strlen(text));
    assert_memory_equal(buffer->bytes, text, strlen(text));
    buffer_clear(buffer);
}

static void assert_nothing_behind(const struct buffer *buffer, size_t length, size_t held)
{
    static const char zeros[64];
    assert_int_equal(buffer->length, length);
    assert_memory_equal(buffer->bytes + length, zeros, held - length);
}

/* After its end nothing of the earlier contents of a buffer is left. */
static void bytes_that_a_buffer_drops_are_overwritten(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer, &rig_memory);
    buffer_cut(&buffer, 0); /* no block as yet */
    buffer_string(&buffer, "pen, pencil, paper");
    buffer_cut(&buffer, 11);
    assert_nothing_behind(&buffer, 11, 18);
    assert_memory_equal(buffer.bytes, "pen, pencil", 11);
    buffer_consume(&buffer, 5);
    assert_nothing_behind(&buffer, 6, 18);
    assert_memory_equal(buffer.bytes, "pencil", 6);
    buffer_consume(&buffer, 0);
    assert_memory_equal(buffer.bytes, "pencil", 6);
    buffer_clear(&buffer);
    assert_nothing_behind(&buffer, 0, 18);
    buffer_free(&buffer);
}

/* When it cannot grow, its contents are kept. */
static void a_buffer_that_cannot_move_keeps_what_it_has(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer, &rig_memory);
    buffer_string(&buffer, "pencil");
    rig.memory.fail_at = rig.memory.allocations + 1;
    assert_false(buffer_reserve(&buffer, 100000));
    assert_true(buffer.failed);
    assert_int_equal(buffer.length, 6);
    assert_memory_equal(buffer.bytes, "pencil", 6);
    buffer_free(&buffer);
}

static void numbers_are_decimal(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer, &rig_memory);
    buffer_number(&buffer, 0);
    assert_holds(&buffer, "0");
    buffer_number(&buffer, 1090);
    assert_holds(&buffer, "1090");
    buffer_number(&buffer, UINT64_MAX);
    assert_holds(&buffer, "18446744073709551615");
    buffer_free(&buffer);
}

/* XML 1.0, 2.4 (characters that are markup), 2.11 (line ends) and 3.3.3 (attribute values). */
static void of_a_value_that_is_escaped_which_xml_would_not_keep(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer, &rig_memory);
    buffer_xml(&buffer, "a&b<c>d'e\"f\tg\nh\ri", 17);
    assert_holds(&buffer, "a&amp;b&lt;c>d&apos;e\"f&#9;g&#10;h&#13;i");
    buffer_xml(&buffer, "\xc3\xbc?\x7f", 4);
    assert_holds(&buffer, "\xc3\xbc?\x7f");
    buffer_xml(&buffer, "&&", 2);
    assert_holds(&buffer, "&amp;&amp;");
    buffer_xml(&buffer, "", 0);
    assert_int_equal(buffer.length, 0);
    buffer_free(&buffer);
}

static void of_a_text_that_is_escaped_which_xml_would_not_keep(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer, &rig_memory);
    buffer_xml_text(&buffer, "a&b<c>d'e\"f\tg\nh\ri", 17);
    assert_holds(&buffer, "a&amp;b&lt;c>d'e\"f\tg\nh&#13;i");
    buffer_xml_text(&buffer, "'\">'\">'\">'\">'\">'\">", 18);
    assert_holds(&buffer, "'\">'\">'\">'\">'\">'\">");
    buffer_xml_text(&buffer, "", 0);
    assert_int_equal(buffer.length, 0);
    buffer_free(&buffer);
}

/* XML 1.0, 2.4: the right angle bracket, "when it appears in the string ']]>' in content". */
static void the_end_of_a_cdata_section_is_escaped_in_a_text_wherever_it_is_cut(void **state)
{
    (void)state;
    const char *text = "0123456789]]>]>]]]>";
    struct buffer buffer;
    buffer_init(&buffer, &rig_memory);
    for (size_t cut = 0; cut <= strlen(text); cut++) {
        buffer_xml_text(&buffer, text, cut);
        buffer_xml_text(&buffer, text + cut, strlen(text) - cut);
        assert_holds(&buffer, "0123456789]]&gt;]>]]]&gt;");
    }
    buffer_free(&buffer);
}

static void a_buffer_that_failed_stays_so_until_it_is_cleared(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer, &rig_memory);
    buffer_string(&buffer, "kept");
    rig.memory.fail_at = rig.memory.allocations + 1;
    char large[300] = "";
    buffer_append(&buffer, large, sizeof large);
    assert_true(buffer.failed);
    assert_int_equal(buffer.length, 4);
    buffer_string(&buffer, "a");
    assert_int_equal(buffer.length, 4);
    buffer_clear(&buffer);
    buffer_string(&buffer, "new");
    assert_holds(&buffer, "new");
    buffer_free(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_new_block_is_zeroed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_copy_is_terminated, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_arena_gives_aligned_room_of_any_size, set_up, tear_down),
        cmocka_unit_test_setup_teardown(pieces_of_an_arena_do_not_overlap, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_arena_counts_what_was_asked_for_however_a_string_grew, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_arena_that_failed_stays_so, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_buffer_grows_at_the_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bytes_that_a_buffer_drops_are_overwritten, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_buffer_that_cannot_move_keeps_what_it_has, set_up, tear_down),
        cmocka_unit_test_setup_teardown(numbers_are_decimal, set_up, tear_down),
        cmocka_unit_test_setup_teardown(of_a_value_that_is_escaped_which_xml_would_not_keep, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(of_a_text_that_is_escaped_which_xml_would_not_keep, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_end_of_a_cdata_section_is_escaped_in_a_text_wherever_it_is_cut,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_buffer_that_failed_stays_so_until_it_is_cleared, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
