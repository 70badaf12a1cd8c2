/* Requests through the tables of a core, with the port of the rig. */
#include "account/storage.h"
#include "rig.h"

struct told {
    int times;
    enum core_store_status status;
    size_t entry_count;
};

static void note(void *subject, enum core_store_status status, const struct core_store_entry *entries,
                 size_t entry_count)
{
    struct told *told = subject;
    told->times++;
    told->status = status;
    told->entry_count = entry_count;
    assert_true(entry_count == 0 || strcmp(entries[0].key, "k") == 0);
}

static void a_load_is_answered_once(void **state)
{
    (void)state;
    struct told told = { 0 };
    const struct core_store_entry entry = { "k", "v" };
    assert_non_null(storage_load(rig.core, CORE_STORE_ROSTER, "a", "localhost", note, &told));
    assert_int_equal(storage_count(rig.core), 1);
    assert_int_equal(rig.requests[0]->op, CORE_LOAD);
    assert_int_equal(rig.requests[0]->store, CORE_STORE_ROSTER);
    assert_string_equal(rig.requests[0]->owner, "a@localhost");
    assert_int_equal(told.times, 0);
    core_stored(rig.core, rig.requests[0]->id, CORE_STORED, &entry, 1);
    assert_int_equal(told.times, 1);
    assert_int_equal(told.entry_count, 1);
    assert_int_equal(storage_count(rig.core), 0);
    core_stored(rig.core, rig.requests[0]->id, CORE_STORED, &entry, 1);
    assert_int_equal(told.times, 1);
}

static void a_save_names_its_entries(void **state)
{
    (void)state;
    struct told told = { 0 };
    const struct core_store_entry entry = { "k", "v" };
    assert_non_null(storage_save(rig.core, CORE_STORE_ROSTER, "a", "localhost", &entry, 1, note, &told));
    assert_int_equal(rig.requests[0]->op, CORE_SAVE);
    assert_string_equal(rig.requests[0]->entries[0].key, "k");
    assert_string_equal(rig.requests[0]->entries[0].value, "v");
    core_stored(rig.core, rig.requests[0]->id, CORE_STORE_FAILED, NULL, 0);
    assert_int_equal(told.status, CORE_STORE_FAILED);
}

static void a_piece_and_a_count_say_what_they_want(void **state)
{
    (void)state;
    struct told told = { 0 };
    const struct core_store_entry entry = { "k", "v" };
    const struct core_store_piece piece = { "from", 3, 17 };
    assert_non_null(storage_load_piece(rig.core, CORE_STORE_OFFLINE, &piece, "a", "localhost", note, &told));
    assert_int_equal(rig.requests[0]->op, CORE_LOAD);
    assert_int_equal(rig.requests[0]->store, CORE_STORE_OFFLINE);
    assert_string_equal(rig.requests[0]->piece.from, "from");
    assert_int_equal(rig.requests[0]->piece.most, 3);
    assert_int_equal(rig.requests[0]->piece.bytes, 17);
    host_answer_entries(&rig, rig.requests[0], CORE_STORED, &entry, 1);
    assert_int_equal(told.entry_count, 1);
    assert_non_null(storage_load_count(rig.core, CORE_STORE_OFFLINE, "a", "localhost", note, &told));
    assert_int_equal(rig.requests[1]->op, CORE_COUNT);
    assert_string_equal(rig.requests[1]->owner, "a@localhost");
    core_stored(rig.core, rig.requests[1]->id, CORE_NO_ACCOUNT, NULL, 0);
    assert_int_equal(told.times, 2);
    assert_int_equal(told.status, CORE_NO_ACCOUNT);
}

static void answers_come_in_any_order(void **state)
{
    (void)state;
    struct told first = { 0 }, second = { 0 };
    storage_load(rig.core, CORE_STORE_ROSTER, "a", "localhost", note, &first);
    storage_load(rig.core, CORE_STORE_ROSTER, "b", "localhost", note, &second);
    core_stored(rig.core, rig.requests[1]->id, CORE_NO_ACCOUNT, NULL, 0);
    assert_int_equal(first.times, 0);
    assert_int_equal(second.times, 1);
    assert_int_equal(second.status, CORE_NO_ACCOUNT);
    core_stored(rig.core, rig.requests[0]->id, CORE_STORED, NULL, 0);
    assert_int_equal(first.times, 1);
}

static void the_answer_to_a_forgotten_request_is_ignored(void **state)
{
    (void)state;
    struct told told = { 0 };
    storage_forget(rig.core, storage_load(rig.core, CORE_STORE_ACCOUNT, "a", "localhost", note, &told));
    assert_int_equal(storage_count(rig.core), 0);
    core_stored(rig.core, rig.requests[0]->id, CORE_STORED, NULL, 0);
    core_stored(rig.core, 12345, CORE_STORED, NULL, 0);
    assert_int_equal(told.times, 0);
}

static void ids_are_never_used_twice(void **state)
{
    (void)state;
    struct told told = { 0 };
    for (int i = 0; i < 50; i++) { /* the rig compares them all */
        storage_load(rig.core, CORE_STORE_ACCOUNT, "a", "localhost", note, &told);
        if (i % 2 == 0)
            core_stored(rig.core, rig.requests[i]->id, CORE_STORED, NULL, 0);
    }
    assert_int_equal(storage_count(rig.core), 25);
    assert_int_equal(told.times, 25);
}

/* The table grows when one of its chains is full; that allocation may fail as well. */
static void without_memory_nothing_is_begun(void **state)
{
    (void)state;
    struct told told = { 0 };
    size_t refused = 0;
    while (rig.request_count < 255) {
        size_t before = rig.request_count;
        rig.memory.fail_at = rig.memory.allocations + 1;
        for (size_t nth = 1;
             storage_load(rig.core, CORE_STORE_ACCOUNT, "a", "localhost", note, &told) == NULL; nth++) {
            assert_int_equal(rig.request_count, before);
            assert_int_equal(storage_count(rig.core), before);
            rig.memory.fail_at = rig.memory.allocations + 1 + nth;
            refused++;
        }
        assert_int_equal(storage_count(rig.core), before + 1);
    }
    rig.memory.fail_at = 0;
    assert_true(refused >= rig.request_count);
    for (size_t i = 0; i < rig.request_count; i++)
        core_stored(rig.core, rig.requests[i]->id, CORE_STORED, NULL, 0);
    assert_int_equal(told.times, rig.request_count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(a_load_is_answered_once),
        RIG_TEST(a_save_names_its_entries),
        RIG_TEST(a_piece_and_a_count_say_what_they_want),
        RIG_TEST(answers_come_in_any_order),
        RIG_TEST(the_answer_to_a_forgotten_request_is_ignored),
        RIG_TEST(ids_are_never_used_twice),
        RIG_TEST(without_memory_nothing_is_begun),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
