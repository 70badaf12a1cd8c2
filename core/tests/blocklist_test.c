/* The JIDs that a list blocks (XEP-0191, 6), and lists derived from another. */
#include "rig.h"

#include "account/blocklist.h"

static struct blocklist *list_of(const char *const *jids, size_t count)
{
    struct core_store_entry entries[8];
    for (size_t i = 0; i < count; i++)
        entries[i] = (struct core_store_entry){ jids[i], "<item/>" };
    return blocklist_read(&rig_memory, entries, count);
}

static void a_jid_is_blocked_by_itself_or_by_what_it_belongs_to(void **state)
{
    (void)state;
    static const struct {
        const char *blocked, *jid;
        bool matches;
    } table[] = {
        /* "<user@domain/resource> (only that resource matches)" */
        { "a@b/c", "a@b/c", true },
        { "a@b/c", "a@b/d", false },
        { "a@b/c", "a@b", false },
        { "a@b/c", "a@b/c/d", false },
        /* "<user@domain> (any resource matches)" */
        { "a@b", "a@b", true },
        { "a@b", "a@b/c", true },
        { "a@b", "a@b/c@d", true },
        { "a@b", "a@bc", false },
        { "a@b", "aa@b", false },
        { "a@b", "b", false },
        /* "<domain/resource> (only that resource matches)" */
        { "b/c", "b/c", true },
        { "b/c", "a@b/c", false },
        { "b/c", "b", false },
        /* "<domain> (the domain itself matches, as does any user@domain or domain/resource)" */
        { "b", "b", true },
        { "b", "b/c", true },
        { "b", "a@b", true },
        { "b", "a@b/c", true },
        { "b", "a@c.b", false },
        { "b", "c.b", false },
        { "b", "c/a@b", false },
        { "b", "a@bb", false },
        { "b", "a@c", false },
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct blocklist *list = list_of(&table[i].blocked, 1);
        if (blocklist_blocks(list, table[i].jid) != table[i].matches)
            fail_msg("%s and %s", table[i].blocked, table[i].jid);
        blocklist_free(&rig_memory, list);
    }
}

static void a_null_list_blocks_no_jid(void **state)
{
    (void)state;
    assert_false(blocklist_blocks(NULL, "a@b"));
    struct blocklist *list = list_of(NULL, 0);
    assert_int_equal(list->count, 0);
    assert_false(blocklist_blocks(list, "a@b"));
    blocklist_free(&rig_memory, list);
    blocklist_free(&rig_memory, NULL);
}

static void a_list_grows_at_its_end_without_duplicates(void **state)
{
    (void)state;
    static const char *const first[] = { "a@b", "c" };
    static const char *const more[] = { "d@e/f", "c", "d@e/f", "g" };
    struct blocklist *list = list_of(first, 2);
    struct blocklist *longer = blocklist_with(&rig_memory, list, more, 4);
    assert_int_equal(longer->count, 4);
    assert_string_equal(longer->jids[0], "a@b");
    assert_string_equal(longer->jids[1], "c");
    assert_string_equal(longer->jids[2], "d@e/f");
    assert_string_equal(longer->jids[3], "g");
    assert_int_equal(list->count, 2);
    blocklist_free(&rig_memory, list);
    blocklist_free(&rig_memory, longer);
}

static void a_list_shrinks_by_the_very_jids_that_are_named(void **state)
{
    (void)state;
    static const char *const first[] = { "a@b", "b", "a@b/c" };
    static const char *const fewer[] = { "a@b", "x@y" };
    struct blocklist *list = list_of(first, 3);
    struct blocklist *shorter = blocklist_without(&rig_memory, list, fewer, 2);
    assert_int_equal(shorter->count, 2);
    assert_false(blocklist_has(shorter, "a@b"));
    assert_true(blocklist_has(shorter, "b"));
    assert_true(blocklist_has(shorter, "a@b/c"));
    blocklist_free(&rig_memory, list);
    blocklist_free(&rig_memory, shorter);
}

static void a_list_that_cannot_be_made_leaves_nothing(void **state)
{
    (void)state;
    static const char *const jids[] = { "a@b", "c" };
    struct blocklist *list = list_of(jids, 2), *made = NULL;
    size_t live = rig.memory.live;
    for (size_t nth = 1; made == NULL; nth++) {
        rig.memory.allocations = 0;
        rig.memory.fail_at = nth;
        made = blocklist_with(&rig_memory, list, jids, 1);
        assert_true(made != NULL || rig.memory.live == live);
    }
    rig.memory.fail_at = 0;
    blocklist_free(&rig_memory, made);
    blocklist_free(&rig_memory, list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_jid_is_blocked_by_itself_or_by_what_it_belongs_to),
        cmocka_unit_test(a_null_list_blocks_no_jid),
        cmocka_unit_test(a_list_grows_at_its_end_without_duplicates),
        cmocka_unit_test(a_list_shrinks_by_the_very_jids_that_are_named),
        cmocka_unit_test(a_list_that_cannot_be_made_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
