/*
 * The writes that a disk keeps when its process crashes, and the requests that it refuses.
 */
#include "disk_rig.h"

static void crash(struct room *room, enum disk_writes writes)
{
    const size_t answered = room->answered;
    disk_crash(room->disk, writes);
    assert_true(world_settle(room->world, ENOUGH));
    assert_int_equal(room->answered, answered);
}

static void what_was_answered_is_kept(void **state)
{
    (void)state;
    struct room *room = open_room(CHOICE_SCRIPTED, 1);
    save(room, "romeo", "a", "1");
    assert_true(world_settle(room->world, ENOUGH));
    crash(room, DISK_LOSES);
    assert_string_equal(saved(room, "romeo", "a"), "1");
    assert_int_equal(disk_failed_saves(room->disk), 0);
    close_room(room);
}

static void what_is_under_way_is_lost_or_kept_and_never_answered(void **state)
{
    (void)state;
    for (int keeps = 0; keeps < 2; keeps++) {
        struct room *room = open_room(CHOICE_SCRIPTED, 1);
        save(room, "romeo", "a", "1");
        save(room, "romeo", "a", "2");
        load(room, "juliet", CORE_STORE_ROSTER);
        load_piece(room, "juliet", "1", 1, 1);
        count(room, "juliet");
        crash(room, keeps ? DISK_KEEPS : DISK_LOSES);
        assert_int_equal(room->answered, 0);
        if (keeps)
            assert_string_equal(saved(room, "romeo", "a"), "2");
        else
            assert_null(saved(room, "romeo", "a"));
        assert_int_equal(disk_failed_saves(room->disk), keeps ? 0 : 2);
        close_room(room);
    }
}

/* Choice 0 is that of the default schedule. */
static void in_the_default_schedule_all_is_lost(void **state)
{
    (void)state;
    struct room *room = open_room(CHOICE_SCRIPTED, 1);
    save(room, "romeo", "a", "1");
    crash(room, DISK_BY_CHOICE);
    assert_null(saved(room, "romeo", "a"));
    close_room(room);
}

/* core.h: requests for the same owner and store take effect in the order in which they were begun. */
static void of_one_store_a_beginning_is_kept(void **state)
{
    (void)state;
    unsigned seen = 0;
    for (uint64_t seed = 0; seed < 100; seed++) {
        static const char *const keys[] = { "a", "b", "c" };
        struct room *room = open_room(CHOICE_SEEDED, seed);
        for (size_t i = 0; i < 3; i++)
            save(room, "romeo", keys[i], "1");
        crash(room, DISK_BY_CHOICE);
        unsigned kept = 0;
        while (kept < 3 && saved(room, "romeo", keys[kept]) != NULL)
            kept++;
        for (size_t i = kept; i < 3; i++)
            assert_null(saved(room, "romeo", keys[i]));
        seen |= 1u << kept;
        close_room(room);
    }
    assert_int_equal(seen, 0xf);
}

static void different_stores_are_kept_or_lost_by_themselves(void **state)
{
    (void)state;
    unsigned seen = 0;
    for (uint64_t seed = 0; seed < 100; seed++) {
        struct room *room = open_room(CHOICE_SEEDED, seed);
        save(room, "romeo", "a", "1");
        save(room, "juliet", "a", "1");
        crash(room, DISK_BY_CHOICE);
        seen |= 1u << ((saved(room, "romeo", "a") != NULL) + 2 * (saved(room, "juliet", "a") != NULL));
        close_room(room);
    }
    assert_int_equal(seen, 0xf);
}

static void what_would_have_failed_is_not_kept(void **state)
{
    (void)state;
    struct room *room = open_room(CHOICE_SCRIPTED, 1);
    disk_options(room->disk)->fail_saves = 1;
    save(room, "romeo", "a", "1");
    save(room, "romeo", "b", "2");
    save(room, "nurse", "a", "1"); /* there is no such account */
    crash(room, DISK_KEEPS);
    assert_null(saved(room, "romeo", "a"));
    assert_string_equal(saved(room, "romeo", "b"), "2");
    assert_null(saved(room, "nurse", "a"));
    close_room(room);
}

static void a_removal_is_a_write(void **state)
{
    (void)state;
    struct room *room = open_room(CHOICE_SCRIPTED, 1);
    disk_put(room->disk, "romeo", "localhost", CORE_STORE_ROSTER, "a", "1");
    disk_put(room->disk, "juliet", "localhost", CORE_STORE_ROSTER, "a", "1");
    remove_account(room, "romeo");
    crash(room, DISK_LOSES);
    assert_string_equal(saved(room, "romeo", "a"), "1");
    remove_account(room, "juliet");
    crash(room, DISK_KEEPS);
    assert_null(saved(room, "juliet", "a"));
    close_room(room);
}

/* Requests after a crash do not wait for those under way before it, however slow. */
static void afterwards_the_disk_is_as_quick_as_ever(void **state)
{
    (void)state;
    struct room *room = open_room(CHOICE_SCRIPTED, 1);
    disk_options(room->disk)->save_time = SIM_SECOND;
    save(room, "romeo", "a", "1");
    save(room, "romeo", "b", "2");
    disk_crash(room->disk, DISK_KEEPS);
    disk_options(room->disk)->save_time = SIM_MILLISECOND;
    save(room, "romeo", "c", "3");
    load(room, "romeo", CORE_STORE_ROSTER);
    assert_true(world_settle(room->world, ENOUGH));
    assert_int_equal(room->answered, 2);
    assert_true(room->answers[1].time == SIM_MILLISECOND);
    assert_string_equal(room->answers[1].entries, "a=1;b=2;c=3;");
    close_room(room);
}

static void requests_before_and_after_a_crash_complete_once_under_every_seed(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct room *room = open_room(CHOICE_SEEDED, seed);
        for (int i = 0; i < 4; i++)
            save(room, "romeo", "a", "1");
        disk_crash(room->disk, DISK_BY_CHOICE);
        for (int i = 0; i < 6; i++)
            save(room, "romeo", "b", "2");
        assert_true(world_settle(room->world, ENOUGH));
        assert_int_equal(room->answered, 6);
        for (size_t i = 0; i < 6; i++)
            assert_true(room->answers[i].request == 4 + i);
        close_room(room);
    }
}

static void the_trace_tells_what_was_kept(void **state)
{
    (void)state;
    struct room *room = open_room(CHOICE_SCRIPTED, 1);
    save(room, "romeo", "a", "1");
    disk_crash(room->disk, DISK_KEEPS);
    save(room, "juliet", "a", "1");
    load(room, "juliet", CORE_STORE_ROSTER);
    disk_crash(room->disk, DISK_LOSES);
    assert_string_equal(room->page, "0.000000000 disk save roster romeo@localhost a=1\n"
                                    "0.000000000 disk kept roster romeo@localhost\n"
                                    "0.000000000 disk save roster juliet@localhost a=1\n"
                                    "0.000000000 disk load roster juliet@localhost\n"
                                    "0.000000000 disk lost roster juliet@localhost\n");
    close_room(room);
}

/* ---- Which requests fail ---- */

static void the_nth_save_fails_and_no_other(void **state)
{
    (void)state;
    struct room *room = open_room(CHOICE_SCRIPTED, 1);
    save(room, "romeo", "a", "1");
    disk_fail_nth(room->disk, CORE_SAVE, 2);
    disk_fail_nth(room->disk, CORE_SAVE, 4);
    disk_fail_nth(room->disk, CORE_LOAD, 1);
    load(room, "juliet", CORE_STORE_ROSTER);
    for (int i = 0; i < 5; i++)
        save(room, "romeo", "a", "1");
    assert_true(world_settle(room->world, ENOUGH));
    static const enum core_store_status expected[] = { CORE_STORED, CORE_STORED,       CORE_STORE_FAILED,
                                                       CORE_STORED, CORE_STORE_FAILED, CORE_STORED };
    assert_int_equal(status_of(room, 1), CORE_STORE_FAILED);
    for (uint64_t i = 0; i < 6; i++)
        assert_int_equal(status_of(room, i == 0 ? 0 : i + 1), expected[i]);
    close_room(room);
}

static void a_removal_counts_as_a_save(void **state)
{
    (void)state;
    struct room *room = open_room(CHOICE_SCRIPTED, 1);
    disk_fail_nth(room->disk, CORE_SAVE, 2);
    save(room, "romeo", "a", "1");
    remove_account(room, "romeo");
    disk_options(room->disk)->fail_saves = 1;
    remove_account(room, "juliet");
    assert_true(world_settle(room->world, ENOUGH));
    assert_int_equal(status_of(room, 0), CORE_STORED);
    assert_int_equal(status_of(room, 1), CORE_STORE_FAILED);
    assert_int_equal(status_of(room, 2), CORE_STORE_FAILED);
    assert_string_equal(saved(room, "romeo", "a"), "1");
    close_room(room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_answered_is_kept),
        cmocka_unit_test(what_is_under_way_is_lost_or_kept_and_never_answered),
        cmocka_unit_test(in_the_default_schedule_all_is_lost),
        cmocka_unit_test(of_one_store_a_beginning_is_kept),
        cmocka_unit_test(different_stores_are_kept_or_lost_by_themselves),
        cmocka_unit_test(what_would_have_failed_is_not_kept),
        cmocka_unit_test(a_removal_is_a_write),
        cmocka_unit_test(afterwards_the_disk_is_as_quick_as_ever),
        cmocka_unit_test(requests_before_and_after_a_crash_complete_once_under_every_seed),
        cmocka_unit_test(the_trace_tells_what_was_kept),
        cmocka_unit_test(the_nth_save_fails_and_no_other),
        cmocka_unit_test(a_removal_counts_as_a_save),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
