#include "disk_rig.h"

static void a_load_brings_the_entries_in_the_order_of_their_first_saving(void **state)
{
    (void)state;
    struct room *room = open_room(CHOICE_SCRIPTED, 1);
    disk_put(room->disk, "romeo", "localhost", CORE_STORE_ROSTER, "c", "1");
    disk_put(room->disk, "romeo", "localhost", CORE_STORE_ROSTER, "a", "2");
    disk_put(room->disk, "romeo", "localhost", CORE_STORE_ROSTER, "b", "3");
    disk_put(room->disk, "romeo", "localhost", CORE_STORE_ROSTER, "c", "4");
    load(room, "romeo", CORE_STORE_ROSTER);
    load(room, "romeo", CORE_STORE_ACCOUNT);
    assert_int_equal(room->answered, 0);
    assert_int_equal(world_pending(room->world), 2);
    assert_true(world_settle(room->world, ENOUGH));
    assert_int_equal(room->answered, 2);
    assert_int_equal(room->answers[0].status, CORE_STORED);
    assert_string_equal(room->answers[0].entries, "c=4;a=2;b=3;");
    assert_true(room->answers[0].time == SIM_MILLISECOND);
    assert_int_equal(room->answers[1].status, CORE_STORED);
    assert_int_equal(room->answers[1].entry_count, 0);
    close_room(room);
}

static void a_save_takes_effect_when_it_completes(void **state)
{
    (void)state;
    struct room *room = open_room(CHOICE_SCRIPTED, 1);
    disk_options(room->disk)->save_time = 7 * SIM_MILLISECOND;
    char value[] = "<item/>";
    save(room, "romeo", "juliet@localhost", value);
    value[1] = '?'; /* the entries are borrowed for the call only */
    assert_null(saved(room, "romeo", "juliet@localhost"));
    assert_true(world_settle(room->world, ENOUGH));
    assert_string_equal(saved(room, "romeo", "juliet@localhost"), "<item/>");
    assert_int_equal(room->answers[0].status, CORE_STORED);
    assert_int_equal(room->answers[0].entry_count, 0);
    assert_true(room->answers[0].time == 7 * SIM_MILLISECOND);
    close_room(room);
}

static void a_save_replaces_removes_and_adds(void **state)
{
    (void)state;
    struct room *room = open_room(CHOICE_SCRIPTED, 1);
    for (char key[] = "a"; key[0] <= 'f'; key[0]++)
        disk_put(room->disk, "romeo", "localhost", CORE_STORE_ROSTER, key, "old");
    const struct core_store_entry entries[] = {
        { "b", NULL }, { "c", "new" }, { "g", "new" }, { "nobody", NULL }, { "a", NULL }, { "a", "again" },
    };
    save_all(room, "romeo", entries, sizeof entries / sizeof entries[0]);
    load(room, "romeo", CORE_STORE_ROSTER);
    assert_true(world_settle(room->world, ENOUGH));
    assert_string_equal(room->answers[1].entries, "c=new;d=old;e=old;f=old;g=new;a=again;");
    close_room(room);
}

static void accounts_and_hosts_are_kept_apart(void **state)
{
    (void)state;
    struct room *room = open_room(CHOICE_SCRIPTED, 1);
    disk_add_account(room->disk, "romeo", "capulet.lit");
    disk_put(room->disk, "romeo", "capulet.lit", CORE_STORE_ACCOUNT, "status", "disabled");
    assert_null(disk_get(room->disk, "romeo", "localhost", CORE_STORE_ACCOUNT, "status"));
    assert_null(disk_get(room->disk, "romeo", "capulet.lit", CORE_STORE_ROSTER, "status"));
    assert_null(disk_get(room->disk, "nurse", "capulet.lit", CORE_STORE_ACCOUNT, "status"));
    assert_null(disk_get(room->disk, "romeo", "montague.lit", CORE_STORE_ACCOUNT, "status"));
    disk_add_account(room->disk, "romeo", "capulet.lit");
    assert_string_equal(disk_get(room->disk, "romeo", "capulet.lit", CORE_STORE_ACCOUNT, "status"),
                        "disabled");
    close_room(room);
}

static void an_account_that_is_not_there_has_no_stores(void **state)
{
    (void)state;
    struct room *room = open_room(CHOICE_SCRIPTED, 1);
    load(room, "nurse", CORE_STORE_ACCOUNT);
    save(room, "nurse", "key", "value");
    load(room, "nurse", CORE_STORE_ROSTER);
    assert_true(world_settle(room->world, ENOUGH));
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(room->answers[i].status, CORE_NO_ACCOUNT);
    assert_null(saved(room, "nurse", "key"));
    disk_add_account(room->disk, "nurse", "localhost");
    load(room, "nurse", CORE_STORE_ROSTER);
    assert_true(world_settle(room->world, ENOUGH));
    assert_int_equal(room->answers[3].status, CORE_STORED);
    assert_int_equal(room->answers[3].entry_count, 0);
    close_room(room);
}

static void the_coming_saves_fail_as_many_as_were_said(void **state)
{
    (void)state;
    struct room *room = open_room(CHOICE_SCRIPTED, 1);
    disk_options(room->disk)->fail_saves = 2;
    save(room, "romeo", "a", "1");
    save(room, "romeo", "b", "2");
    save(room, "romeo", "c", "3");
    load(room, "romeo", CORE_STORE_ROSTER);
    assert_int_equal(disk_options(room->disk)->fail_saves, 0);
    assert_true(world_settle(room->world, ENOUGH));
    assert_int_equal(room->answers[0].status, CORE_STORE_FAILED);
    assert_int_equal(room->answers[1].status, CORE_STORE_FAILED);
    assert_int_equal(room->answers[2].status, CORE_STORED);
    assert_string_equal(room->answers[3].entries, "c=3;");
    close_room(room);
}

static void a_failing_load_brings_nothing_and_the_next_one_is_well(void **state)
{
    (void)state;
    struct room *room = open_room(CHOICE_SCRIPTED, 1);
    disk_put(room->disk, "romeo", "localhost", CORE_STORE_ROSTER, "a", "1");
    disk_options(room->disk)->fail_loads = 1;
    save(room, "romeo", "b", "2");
    load(room, "romeo", CORE_STORE_ROSTER);
    disk_options(room->disk)->fail_loads = 0;
    load(room, "romeo", CORE_STORE_ROSTER);
    assert_true(world_settle(room->world, ENOUGH));
    assert_int_equal(room->answers[0].status, CORE_STORED);
    assert_int_equal(room->answers[1].status, CORE_STORE_FAILED);
    assert_int_equal(room->answers[1].entry_count, 0);
    assert_string_equal(room->answers[2].entries, "a=1;b=2;");
    close_room(room);
}

/* ---- Pieces and counts ---- */

static void put_letters(const struct room *room)
{
    static const char *const keys[] = { "3", "1", "5", "2", "4" };
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        disk_put(room->disk, "romeo", "localhost", CORE_STORE_OFFLINE, keys[i], "abc");
}

/* core.h: in the order of the keys, from the first that is not less, until there are as many entries or
 * bytes. */
static void a_piece_is_what_was_asked_for(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        size_t most, bytes;
        const char *entries;
    } rows[] = {
        { "", 9, 99, "1=abc;2=abc;3=abc;4=abc;5=abc;" },
        { "2", 9, 99, "2=abc;3=abc;4=abc;5=abc;" },
        { "2x", 9, 99, "3=abc;4=abc;5=abc;" },
        { "6", 9, 99, "" },
        { "", 2, 99, "1=abc;2=abc;" },
        { "4", 1, 99, "4=abc;" },
        { "", 9, 1, "1=abc;" },
        { "", 9, 4, "1=abc;" },
        { "", 9, 5, "1=abc;2=abc;" },
        { "", 9, 8, "1=abc;2=abc;" },
        { "", 9, 9, "1=abc;2=abc;3=abc;" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct room *room = open_room(CHOICE_SCRIPTED, 1);
        put_letters(room);
        char from[8];
        snprintf(from, sizeof from, "%s", rows[i].from);
        load_piece(room, "romeo", from, rows[i].most, rows[i].bytes);
        from[0] = '9'; /* it was borrowed for the call */
        assert_true(world_settle(room->world, ENOUGH));
        assert_int_equal(room->answers[0].status, CORE_STORED);
        assert_string_equal(room->answers[0].entries, rows[i].entries);
        close_room(room);
    }
}

/* Its contents at its completion, like every load. */
static void a_piece_and_a_count_are_of_what_is_there_when_they_complete(void **state)
{
    (void)state;
    struct room *room = open_room(CHOICE_SCRIPTED, 1);
    load_piece(room, "romeo", "", 9, 99);
    count(room, "romeo");
    put_letters(room);
    count(room, "juliet");
    count(room, "nobody");
    assert_true(world_settle(room->world, ENOUGH));
    assert_int_equal(room->answers[0].entry_count, 5);
    assert_string_equal(room->answers[1].entries, "=0;"); /* Juliet's */
    assert_int_equal(room->answers[2].status, CORE_NO_ACCOUNT);
    assert_int_equal(room->answers[2].entry_count, 0);
    assert_string_equal(room->answers[3].entries, "5=5;"); /* after Romeo's piece */
    close_room(room);
}

/* They are loads in all that befalls loads. */
static void pieces_and_counts_fail_and_take_time_as_loads_do(void **state)
{
    (void)state;
    struct room *room = open_room(CHOICE_SCRIPTED, 1);
    put_letters(room);
    disk_options(room->disk)->load_time = 7 * SIM_MILLISECOND;
    disk_options(room->disk)->save_time = 9 * SIM_MILLISECOND;
    disk_options(room->disk)->fail_loads = 1;
    disk_options(room->disk)->fail_saves = 1;
    disk_fail_nth(room->disk, CORE_LOAD, 3);
    count(room, "romeo");
    load_piece(room, "romeo", "", 9, 99);
    count(room, "romeo");
    count(room, "romeo");
    assert_true(world_settle(room->world, ENOUGH));
    static const enum core_store_status expected[] = { CORE_STORE_FAILED, CORE_STORED, CORE_STORE_FAILED,
                                                       CORE_STORED };
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        assert_int_equal(room->answers[i].status, expected[i]);
        assert_true(room->answers[i].time == 7 * SIM_MILLISECOND);
        assert_int_equal(room->answers[i].entry_count > 0, expected[i] == CORE_STORED);
    }
    assert_int_equal(disk_failed(room->disk, CORE_COUNT), 1);
    assert_int_equal(disk_failed(room->disk, CORE_LOAD), 0);
    assert_int_equal(disk_failed_nth(room->disk), 1);
    assert_int_equal(disk_failed_saves(room->disk), 0);
    assert_int_equal(disk_options(room->disk)->fail_saves, 1);
    close_room(room);
}

static void the_trace_tells_of_pieces_and_counts(void **state)
{
    (void)state;
    struct room *room = open_room(CHOICE_SCRIPTED, 1);
    put_letters(room);
    load_piece(room, "romeo", "", 9, 99);
    load_piece(room, "romeo", "2", 9, 99);
    disk_options(room->disk)->fail_loads = 1;
    count(room, "romeo");
    count(room, "romeo");
    count(room, "nobody");
    assert_true(world_settle(room->world, ENOUGH));
    assert_string_equal(room->page, "0.000000000 disk load offline romeo@localhost\n"
                                    "0.000000000 disk load offline romeo@localhost 2\n"
                                    "0.000000000 disk count offline romeo@localhost\n"
                                    "0.000000000 disk count offline romeo@localhost\n"
                                    "0.000000000 disk count offline nobody@localhost\n"
                                    "0.001000000 disk loaded offline romeo@localhost\n"
                                    "0.001000000 disk no account to count offline nobody@localhost\n"
                                    "0.001000000 disk loaded offline romeo@localhost\n"
                                    "0.001000000 disk failed to count offline romeo@localhost\n"
                                    "0.001000000 disk counted offline romeo@localhost\n");
    close_room(room);
}

static void requests_of_one_store_complete_in_order_under_every_seed(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct room *room = open_room(CHOICE_SEEDED, seed);
        for (int i = 0; i < 10; i++) {
            const char value[] = { (char)('0' + i), '\0' };
            save(room, "romeo", "key", value);
            load(room, "romeo", CORE_STORE_ROSTER);
        }
        load(room, "nurse", CORE_STORE_ROSTER);
        load(room, "nurse", CORE_STORE_ROSTER);
        assert_true(world_settle(room->world, ENOUGH));
        uint64_t next = 0, next_of_nurse = 20;
        for (size_t i = 0; i < 22; i++) {
            const struct answer *answer = &room->answers[i];
            assert_true(answer->request == (answer->request < 20 ? next++ : next_of_nurse++));
            if (answer->request < 20 && answer->request % 2 == 1)
                assert_int_equal(answer->entries[4], '0' + answer->request / 2);
        }
        close_room(room);
    }
}

static void requests_of_different_stores_complete_in_any_order(void **state)
{
    (void)state;
    unsigned seen = 0;
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct room *room = open_room(CHOICE_SEEDED, seed);
        if (seed % 2 == 0)
            disk_options(room->disk)->jitter = 0; /* a tie then */
        load(room, "romeo", CORE_STORE_ROSTER);
        load(room, "juliet", CORE_STORE_ROSTER);
        assert_true(world_settle(room->world, ENOUGH));
        seen |= 1u << (room->answers[0].request + 2 * (seed % 2));
        close_room(room);
    }
    assert_int_equal(seen, 0xf);
}

static void a_quicker_request_waits_for_the_one_before_it(void **state)
{
    (void)state;
    struct room *room = open_room(CHOICE_SCRIPTED, 1);
    disk_options(room->disk)->load_time = 9 * SIM_MILLISECOND;
    load(room, "romeo", CORE_STORE_ROSTER);
    save(room, "romeo", "a", "1");
    save(room, "juliet", "a", "1");
    assert_true(world_settle(room->world, ENOUGH));
    assert_int_equal(room->answers[0].request, 2);
    assert_int_equal(room->answers[1].request, 0);
    assert_int_equal(room->answers[1].entry_count, 0);
    assert_int_equal(room->answers[2].request, 1);
    assert_true(room->answers[2].time == 9 * SIM_MILLISECOND);
    close_room(room);
}

static void an_answer_may_ask_again(void **state)
{
    (void)state;
    struct room *room = open_room(CHOICE_SCRIPTED, 1);
    room->asks_again = true;
    save(room, "romeo", "a", "1");
    assert_true(world_settle(room->world, ENOUGH));
    assert_int_equal(room->answered, 2);
    assert_string_equal(room->answers[1].entries, "a=1;");
    assert_true(room->answers[1].time == 2 * SIM_MILLISECOND);
    close_room(room);
}

static void the_trace_tells_of_requests_and_completions(void **state)
{
    (void)state;
    struct room *room = open_room(CHOICE_SCRIPTED, 1);
    const struct core_store_entry entries[] = { { "juliet@localhost", "<item/>" },
                                                { "nurse@localhost", NULL } };
    save_all(room, "romeo", entries, 2);
    load(room, "nurse", CORE_STORE_ACCOUNT);
    disk_options(room->disk)->fail_loads = 1;
    load(room, "romeo", CORE_STORE_ROSTER);
    load(room, "romeo", CORE_STORE_ROSTER);
    assert_true(world_settle(room->world, ENOUGH));
    assert_string_equal(room->page, "0.000000000 disk save roster romeo@localhost "
                                    "juliet@localhost=<item/>\\nnurse@localhost\n"
                                    "0.000000000 disk load account nurse@localhost\n"
                                    "0.000000000 disk load roster romeo@localhost\n"
                                    "0.000000000 disk load roster romeo@localhost\n"
                                    "0.001000000 disk saved roster romeo@localhost\n"
                                    "0.001000000 disk no account to load account nurse@localhost\n"
                                    "0.001000000 disk failed to load roster romeo@localhost\n"
                                    "0.001000000 disk loaded roster romeo@localhost\n");
    close_room(room);
}

static void requests_under_way_are_forgotten_with_the_disk(void **state)
{
    (void)state;
    struct room *room = open_room(CHOICE_SCRIPTED, 1);
    save(room, "romeo", "a", "1");
    save(room, "nurse", "a", "1");
    close_room(room);
    disk_free(NULL);
}

/* One event stands for all requests of a store; the only choice is which store is next. */
static void in_a_world_of_any_order_each_store_is_one_possibility(void **state)
{
    (void)state;
    struct room *room = open_room(CHOICE_SEEDED, 3);
    struct recording asked = { 0 };
    choices_record(world_choices(room->world), &asked);
    world_set_any_order(room->world);
    disk_options(room->disk)->load_time = 5 * SIM_SECOND;
    save(room, "romeo", "a", "1");
    save(room, "romeo", "a", "2");
    load(room, "romeo", CORE_STORE_ROSTER);
    load(room, "juliet", CORE_STORE_ROSTER);
    assert_int_equal(room->answered, 0);
    assert_int_equal(world_pending(room->world), 2);
    assert_true(world_settle(room->world, ENOUGH));
    for (size_t i = 0; i < asked.count; i++)
        assert_int_equal(asked.list[i].concern, CHOICE_TIES);
    assert_true(asked.count <= 3);
    recording_free(&asked);
    assert_int_equal(world_now(room->world), 0);
    assert_int_equal(room->answered, 4);
    assert_string_equal(saved(room, "romeo", "a"), "2");
    close_room(room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_load_brings_the_entries_in_the_order_of_their_first_saving),
        cmocka_unit_test(a_save_takes_effect_when_it_completes),
        cmocka_unit_test(a_save_replaces_removes_and_adds),
        cmocka_unit_test(accounts_and_hosts_are_kept_apart),
        cmocka_unit_test(an_account_that_is_not_there_has_no_stores),
        cmocka_unit_test(the_coming_saves_fail_as_many_as_were_said),
        cmocka_unit_test(a_failing_load_brings_nothing_and_the_next_one_is_well),
        cmocka_unit_test(a_piece_is_what_was_asked_for),
        cmocka_unit_test(a_piece_and_a_count_are_of_what_is_there_when_they_complete),
        cmocka_unit_test(pieces_and_counts_fail_and_take_time_as_loads_do),
        cmocka_unit_test(the_trace_tells_of_pieces_and_counts),
        cmocka_unit_test(requests_of_one_store_complete_in_order_under_every_seed),
        cmocka_unit_test(requests_of_different_stores_complete_in_any_order),
        cmocka_unit_test(a_quicker_request_waits_for_the_one_before_it),
        cmocka_unit_test(an_answer_may_ask_again),
        cmocka_unit_test(the_trace_tells_of_requests_and_completions),
        cmocka_unit_test(requests_under_way_are_forgotten_with_the_disk),
        cmocka_unit_test(in_a_world_of_any_order_each_store_is_one_possibility),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
