/* The size of the pieces of stored messages that are loaded, and the resource that gets them (XEP-0160, 2:
 * "the server delivers the message to the resource that has sent that presence"). */
#include "letters.h"
#include "message/offline.h"

#define ONLINE "<presence/>"
#define LETTER "<message to='juliet@localhost' type='chat' id='new'><body>new</body></message>"

enum { MANY = 100, SMALL = 10 };

#define LETTER_END "xxxxxxxxxx</body></message>" /* of a SMALL one */

/* The requests for stored messages since request number `since`. */
struct asked {
    size_t loads, counts, saves;
    size_t loaded, most; /* entries: in all, and by one request */
};

static struct asked asked_since(size_t since)
{
    struct asked asked = { 0 };
    for (size_t i = since; i < rig.request_count; i++) {
        const struct host_request *request = rig.requests[i];
        if (request->store != CORE_STORE_OFFLINE)
            continue;
        asked.loads += request->op == CORE_LOAD;
        asked.counts += request->op == CORE_COUNT;
        asked.saves += request->op == CORE_SAVE;
        asked.loaded += request->loaded;
        asked.most = request->loaded > asked.most ? request->loaded : asked.most;
    }
    return asked;
}

static int set_up_slow(void **state)
{
    (void)state;
    letters_begin_slow();
    return 0;
}

/* ---- Keeping ---- */

/* However many there are, one more costs a count. */
static void to_keep_one_more_none_is_loaded(void **state)
{
    (void)state;
    const int rows[] = { 0, 1, OFFLINE_PIECE, MANY };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rig_begin();
        letters_keep(rows[i], SMALL);
        struct host_link *romeo = rig_online("romeo", "o");
        size_t before = rig.request_count;
        rig_say(romeo, LETTER);
        struct asked asked = asked_since(before);
        assert_int_equal(asked.counts, 1);
        assert_int_equal(asked.loads, 0);
        assert_int_equal(asked.loaded, 1); /* the answer to the count */
        assert_int_equal(letters_kept(), rows[i] + 1);
        assert_non_null(rig_kept_find(CORE_STORE_OFFLINE, JULIET, letters_key(rows[i] + 1)));
        rig_end();
    }
}

static void a_full_store_is_only_counted(void **state)
{
    (void)state;
    for (int room = 0; room <= 1; room++) {
        struct core_settings settings = rig_settings();
        settings.limits.offline_messages = MANY + (size_t)room;
        rig_begin_with(&settings);
        letters_keep(MANY, SMALL);
        struct host_link *romeo = rig_online("romeo", "o");
        size_t before = rig.request_count;
        rig_say(romeo, LETTER);
        assert_int_equal(letters_kept(), MANY + room);
        if (room == 0)
            rig_assert_stanza_error(romeo, "cancel", "service-unavailable");
        else
            assert_string_equal(rig_take(romeo), "");
        assert_int_equal(asked_since(before).loads, 0);
        rig_end();
    }
}

/* While the account is in memory the count is known, and stays right as they come and go. */
static void a_known_count_is_not_requested_again(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.limits.offline_messages = 3;
    rig_begin_with(&settings);
    struct host_link *romeo = rig_online("romeo", "o");
    rig_login("juliet", "away");
    rig_say(romeo, LETTER LETTER LETTER);
    assert_string_equal(rig_take(romeo), "");
    rig_say(romeo, LETTER);
    rig_assert_stanza_error(romeo, "cancel", "service-unavailable");
    assert_int_equal(asked_since(0).counts, 1);
    struct host_link *juliet = rig_login("juliet", "balcony");
    rig_say(juliet, ONLINE "<presence type='unavailable'/>");
    assert_int_equal(letters_kept(), 0);
    rig_say(romeo, LETTER LETTER LETTER LETTER);
    assert_int_equal(letters_kept(), 3);
    assert_int_equal(asked_since(0).counts, 1);
    rig_end();
}

/* The sender gets an error, and nothing is stored under a key that may belong to another message. */
static void without_a_count_a_message_is_not_kept(void **state)
{
    (void)state;
    static const struct core_store_entry none = { "", "none" }, less = { "", "-1" };
    const struct core_store_entry *rows[] = { NULL, &none, &less };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct host_link *romeo = rig_online("romeo", i == 0 ? "a" : i == 1 ? "b" : "c");
        rig.prompt = false;
        rig_say(romeo, LETTER);
        rig_answer(); /* the block list */
        struct host_request *count = rig_pending();
        assert_int_equal(count->op, CORE_COUNT);
        if (rows[i] == NULL) {
            rig_fail();
        } else {
            host_answer_entries(&rig, count, CORE_STORED, rows[i], 1);
        }
        rig_assert_stanza_error(romeo, "cancel", "internal-server-error");
        assert_int_equal(rig_pending_count(), 0);
        rig.prompt = true;
        core_trim(rig.core); /* so that all is loaded again */
    }
}

/* ---- Delivering ---- */

static void a_delivery_loads_each_message_once(void **state)
{
    (void)state;
    /* A piece that ends with the last entry it may have does not say whether there is more. */
    const struct {
        int kept;
        size_t loads;
    } rows[] = { { 1, 1 },
                 { OFFLINE_PIECE - 1, 1 },
                 { OFFLINE_PIECE, 2 },
                 { OFFLINE_PIECE + 1, 2 },
                 { 3 * OFFLINE_PIECE, 4 },
                 { MANY, MANY / OFFLINE_PIECE + 1 } };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rig_begin();
        letters_keep(rows[i].kept, SMALL);
        struct host_link *juliet = rig_login("juliet", "balcony");
        rig_say(juliet, ONLINE);
        letters_assert(rig_take(juliet), 1, rows[i].kept);
        assert_int_equal(letters_kept(), 0);
        struct asked asked = asked_since(0);
        assert_int_equal(asked.loads, rows[i].loads);
        assert_int_equal(asked.loaded, rows[i].kept);
        assert_in_range(asked.most, 0, OFFLINE_PIECE);
        assert_int_equal(asked.counts, 0);
        rig_end();
    }
}

static void a_piece_is_bounded_in_bytes(void **state)
{
    (void)state;
    enum { LARGE = 20000, COUNT = 10, IN_A_PIECE = OFFLINE_PIECE_BYTES / LARGE + 1 };
    letters_keep(COUNT, LARGE);
    struct host_link *juliet = rig_login("juliet", "balcony");
    rig_say(juliet, ONLINE);
    letters_assert(rig_take(juliet), 1, COUNT);
    struct asked asked = asked_since(0);
    assert_int_equal(asked.most, IN_A_PIECE);
    assert_int_equal(asked.loaded, COUNT);
    assert_int_equal(letters_kept(), 0);
}

/* A piece of exactly the maximum size is followed by another, and one that is a byte shorter is the last
 * (core.h). */
static void what_fills_a_piece_to_the_byte_does_not_end_it(void **state)
{
    (void)state;
    for (int lacking = 0; lacking <= 1; lacking++) {
        rig_begin();
        letters_keep(1, SMALL);
        size_t least = strlen(rig_kept_find(CORE_STORE_OFFLINE, JULIET, letters_key(1))->value) - SMALL;
        letters_keep(1, OFFLINE_PIECE_BYTES - least - strlen(letters_key(1)) - (size_t)lacking);
        struct host_link *juliet = rig_login("juliet", "balcony");
        rig_say(juliet, ONLINE);
        assert_int_equal(asked_since(0).loads, lacking ? 1 : 2);
        assert_int_equal(letters_kept(), 0);
        rig_end();
    }
}

/* Delivered messages are removed before more are loaded, so that few are delivered twice after a crash. */
static void each_piece_is_removed_before_the_next(void **state)
{
    (void)state;
    letters_keep(MANY, SMALL);
    struct host_link *juliet = rig_login("juliet", "balcony");
    rig.prompt = false;
    rig_say(juliet, ONLINE);
    for (int first = 1; first <= MANY; first += OFFLINE_PIECE) {
        int last = first + OFFLINE_PIECE <= MANY ? first + OFFLINE_PIECE - 1 : MANY;
        assert_int_equal(rig_pending()->op, CORE_LOAD);
        rig_answer();
        letters_assert(rig_take(juliet), first, last);
        assert_int_equal(rig_pending()->op, CORE_SAVE);
        rig_answer();
        assert_int_equal(letters_kept(), MANY - last);
    }
    assert_int_equal(rig_pending_count(), 0);
}

/* Each continuation loads a piece that begins after the delivered messages. */
static void a_slow_client_is_not_loaded_for_from_the_beginning(void **state)
{
    (void)state;
    letters_keep(MANY, SMALL);
    struct host_link *juliet = letters_slow("balcony");
    for (int i = 0; i < MANY && letters_kept() > 0; i++)
        rig_writable(juliet, 1000);
    letters_assert(juliet->sent, 1, MANY);
    assert_int_equal(letters_kept(), 0);
    const char *from = NULL;
    for (size_t i = 0; i < rig.request_count; i++) {
        const struct host_request *request = rig.requests[i];
        if (request->store != CORE_STORE_OFFLINE || request->op != CORE_LOAD)
            continue;
        if (from != NULL)
            assert_true(strcmp(request->piece.from, from) > 0);
        from = request->piece.from;
        assert_in_range(request->loaded, 0, OFFLINE_PIECE);
    }
}

/* RFC 6120, 10.1: in order, however many pieces it takes. */
static void a_message_that_arrives_meanwhile_follows_all_pieces(void **state)
{
    (void)state;
    letters_keep(MANY, SMALL);
    struct host_link *romeo = rig_online("romeo", "o"), *juliet = rig_login("juliet", "balcony");
    rig.prompt = false;
    rig_say(juliet, ONLINE);
    rig_answer();
    rig_say(romeo, LETTER);
    rig_answer_all();
    const char *said = rig_take(juliet);
    letters_assert(said, 1, MANY);
    assert_true(strstr(said, ">letter 100.") < strstr(said, " id='new'"));
    assert_int_equal(letters_kept(), 0);
}

/* ---- Failures ---- */

static void a_piece_that_cannot_be_removed_keeps_back_no_other(void **state)
{
    (void)state;
    letters_keep(MANY, SMALL);
    struct host_link *juliet = rig_login("juliet", "balcony");
    rig.prompt = false;
    rig_say(juliet, ONLINE);
    rig_answer();
    rig_fail(); /* the first removal */
    rig_answer_all();
    letters_assert(rig_take(juliet), 1, MANY);
    assert_int_equal(letters_kept(), OFFLINE_PIECE);
    rig.prompt = true;
    rig_say(juliet, ONLINE);
    letters_assert(rig_take(juliet), 1, OFFLINE_PIECE);
    assert_int_equal(letters_kept(), 0);
}

static void messages_after_a_failed_load_come_with_the_next_presence(void **state)
{
    (void)state;
    letters_keep(MANY, SMALL);
    struct host_link *romeo = rig_online("romeo", "o"), *juliet = rig_login("juliet", "balcony");
    rig.prompt = false;
    rig_say(juliet, ONLINE);
    rig_answer();
    rig_answer();
    rig_fail(); /* the second load */
    rig.prompt = true;
    letters_assert(rig_take(juliet), 1, OFFLINE_PIECE);
    rig_say(romeo, LETTER);
    rig_assert_has(rig_take(juliet), " id='new'");
    rig_say(juliet, ONLINE);
    letters_assert(rig_take(juliet), OFFLINE_PIECE + 1, MANY);
    assert_int_equal(letters_kept(), 0);
}

static void more_than_a_piece_that_cannot_be_read_hides_nothing(void **state)
{
    (void)state;
    enum { UNREADABLE = OFFLINE_PIECE + 8 };
    letters_keep(UNREADABLE + 1, SMALL);
    for (int i = 1; i <= UNREADABLE; i++)
        rig_keep_in(CORE_STORE_OFFLINE, JULIET, letters_key(i), "<message");
    struct host_link *juliet = rig_login("juliet", "balcony");
    rig_say(juliet, ONLINE);
    letters_assert(rig_take(juliet), UNREADABLE + 1, UNREADABLE + 1);
    assert_int_equal(letters_kept(), UNREADABLE);
}

/* A delivery ends for every answer of a store. */
static void keys_that_do_not_count_end_a_delivery(void **state)
{
    (void)state;
    letters_keep(1, SMALL);
    for (int i = 0; i < 2 * OFFLINE_PIECE; i++) {
        char key[32];
        snprintf(key, sizeof key, "key %02d", i);
        rig_keep_in(CORE_STORE_OFFLINE, JULIET, key,
                    rig_kept_find(CORE_STORE_OFFLINE, JULIET, letters_key(1))->value);
    }
    struct host_link *juliet = rig_login("juliet", "balcony");
    rig_say(juliet, ONLINE);
    letters_assert(rig_take(juliet), 1, 1);
    assert_int_equal(letters_kept(), 2 * OFFLINE_PIECE);
    assert_in_range(asked_since(0).loads, 1, 3);
}

/* ---- Two resources ---- */

/* Messages under way to the first resource belong to it. */
static void a_second_resource_gets_only_the_rest(void **state)
{
    (void)state;
    letters_keep(MANY, SMALL);
    struct host_link *first = letters_slow("first"), *second = rig_login("juliet", "second");
    rig_say(second, ONLINE);
    const char *rest = rig_take(second);
    int given = MANY - (int)rig_count(rest, "<body>letter ");
    assert_in_range(given, 1, MANY - 1);
    letters_assert(rest, given + 1, MANY);
    assert_int_equal(letters_kept(), given);
    rig_writable(first, SIZE_MAX);
    letters_assert(first->sent, 1, given);
    assert_int_equal(letters_kept(), 0);
    assert_string_equal(rig_take(second), "");
}

/* Nor is it lost with the first: another available resource then receives it. */
static void messages_that_a_link_did_not_take_go_to_another_resource(void **state)
{
    (void)state;
    letters_keep(MANY, SMALL);
    struct host_link *first = letters_slow("first"), *second = rig_login("juliet", "second");
    rig_say(second, ONLINE);
    int given = MANY - (int)rig_count(rig_take(second), "<body>letter ");
    assert_int_equal(letters_kept(), given);
    rig_hangup(first);
    letters_assert(rig_take(second), 1, given);
    assert_int_equal(letters_kept(), 0);
}

/* Messages that a leaving client did not take go to the best of the others (RFC 6121, 8.5.2.1.1). */
static void the_rest_is_given_to_the_best_of_the_others(void **state)
{
    (void)state;
    static const char *const ends[] = { "<presence type='unavailable'/>",
                                        "<presence><priority>-1</priority></presence>", "</stream:stream>" };
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        letters_begin_slow();
        letters_keep(MANY, SMALL);
        struct host_link *best = rig_login("juliet", "best"), *never = rig_login("juliet", "never");
        best->window = 100;
        rig_say(best, "<presence><priority>5</priority></presence>");
        rig_say(never, "<presence><priority>-5</priority></presence>");
        struct host_link *low = letters_slow("low"), *first = letters_slow("first");
        rig_writable(best, SIZE_MAX);
        rig_writable(low, SIZE_MAX);
        size_t of_best = rig_count(best->sent, LETTER_END), of_low = rig_count(low->sent, LETTER_END);
        rig_say(first, ends[i]);
        assert_true(rig_count(best->sent, LETTER_END) > of_best);
        assert_int_equal(rig_count(low->sent, LETTER_END), of_low);
        rig_assert_lacks(rig_take(never), "<body>letter ");
        if (first->conn != NULL)
            rig_writable(first, SIZE_MAX);
        assert_int_equal(letters_kept(), 0);
        for (int letter = 1; letter <= MANY; letter++) {
            char text[64];
            snprintf(text, sizeof text, ">letter %d." LETTER_END, letter);
            assert_int_equal(
                rig_count(best->sent, text) + rig_count(low->sent, text) + rig_count(first->sent, text), 1);
        }
        rig_end();
    }
}

/* Its link has taken all, so it is delivered, though the removal waits for storage. */
static void messages_that_a_link_has_taken_go_to_no_other_resource(void **state)
{
    (void)state;
    letters_keep(SMALL, SMALL);
    struct host_link *first = letters_slow("first"), *second = rig_login("juliet", "second");
    rig_say(second, ONLINE);
    int given = SMALL - (int)rig_count(rig_take(second), "<body>letter ");
    assert_in_range(given, 1, SMALL);
    rig.prompt = false;
    rig_say(second, "<iq type='set' id='s'><query xmlns='jabber:iq:roster'><item jid='romeo@localhost'/>"
                    "</query></iq>");
    rig_writable(first, SIZE_MAX); /* the removal waits for the work on the roster */
    rig_hangup(first);
    rig_answer_all();
    assert_int_equal(letters_kept(), 0);
    rig_assert_lacks(rig_take(second), "<body>letter ");
}

/* A piece that was loaded for the first is not handed to the second as though it were the beginning. */
static void a_piece_for_an_ended_session_is_not_sent(void **state)
{
    (void)state;
    letters_keep(MANY, SMALL);
    struct host_link *second = rig_login("juliet", "second"), *first = rig_login("juliet", "first");
    rig.prompt = false;
    rig_say(first, ONLINE);
    rig_answer();
    rig_answer(); /* the first piece was delivered and removed, the second is being loaded */
    rig_say(second, ONLINE);
    rig_hangup(first);
    rig_answer_all();
    letters_assert(rig_take(second), OFFLINE_PIECE + 1, MANY);
    assert_int_equal(letters_kept(), 0);
}

/* ---- Memory ---- */

/* Whatever allocation fails: each letter is delivered, or it is still there. */
static void every_allocation_may_fail(void **state)
{
    (void)state;
    enum { LETTERS = OFFLINE_PIECE + 2 };
    size_t nth = 0, needed = 0;
    do {
        letters_begin_slow();
        letters_keep(LETTERS, SMALL);
        struct host_link *first = rig_login("juliet", "first"), *second = rig_login("juliet", "second");
        rig.memory.allocations = 0;
        rig.memory.fail_at = ++nth;
        first->window = 100;
        rig_say(first, ONLINE);
        rig_say(second, ONLINE);
        if (first->conn != NULL)
            rig_hangup(first);
        needed = rig.memory.allocations;
        rig.memory.fail_at = 0;
        const char *said = rig_take(second);
        for (int i = 1; i <= LETTERS; i++) {
            char text[32];
            snprintf(text, sizeof text, ">letter %d.", i);
            bool is_there = rig_kept_find(CORE_STORE_OFFLINE, JULIET, letters_key(i)) != NULL;
            assert_true(is_there || strstr(said, text) != NULL || strstr(first->sent, text) != NULL);
        }
        rig_end();
    } while (nth <= needed);
}

#define SLOW_TEST(test) RIG_TEST_FROM(test, set_up_slow)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(to_keep_one_more_none_is_loaded),
        cmocka_unit_test(a_full_store_is_only_counted),
        cmocka_unit_test(a_known_count_is_not_requested_again),
        RIG_TEST(without_a_count_a_message_is_not_kept),
        cmocka_unit_test(a_delivery_loads_each_message_once),
        RIG_TEST(a_piece_is_bounded_in_bytes),
        cmocka_unit_test(what_fills_a_piece_to_the_byte_does_not_end_it),
        RIG_TEST(each_piece_is_removed_before_the_next),
        SLOW_TEST(a_slow_client_is_not_loaded_for_from_the_beginning),
        RIG_TEST(a_message_that_arrives_meanwhile_follows_all_pieces),
        RIG_TEST(a_piece_that_cannot_be_removed_keeps_back_no_other),
        RIG_TEST(messages_after_a_failed_load_come_with_the_next_presence),
        RIG_TEST(more_than_a_piece_that_cannot_be_read_hides_nothing),
        RIG_TEST(keys_that_do_not_count_end_a_delivery),
        SLOW_TEST(a_second_resource_gets_only_the_rest),
        SLOW_TEST(messages_that_a_link_did_not_take_go_to_another_resource),
        cmocka_unit_test(the_rest_is_given_to_the_best_of_the_others),
        SLOW_TEST(messages_that_a_link_has_taken_go_to_no_other_resource),
        RIG_TEST(a_piece_for_an_ended_session_is_not_sent),
        cmocka_unit_test(every_allocation_may_fail),
    };
    rig_use(&(struct rig_options){ .features = CORE_OFFLINE | CORE_CARBONS | CORE_BLOCKING });
    return cmocka_run_group_tests(tests, NULL, NULL);
}
