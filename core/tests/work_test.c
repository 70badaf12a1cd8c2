/* Work on an account: its stores are loaded for it, it is done in order, and its changes are saved before
 * they are made (work.h). */
#include "account/work.h"

#include "inside.h"

#define BOTH_STORES (USER_ROSTER | USER_BLOCKLIST)

/* ---- Kinds of work that record their calls ---- */

static char
    noted[256]; /* b begun, l loaded, s saved, f failed and why, and after each the text of the work */

static enum deed { FINISHES, LOADS, COUNTS, LOADS_A_PIECE, SAVES, STORES, REMOVES } does;
static size_t repeats; /* how often `saved` restarts the work */

static void note_work(const char *what, const struct user_work *work)
{
    size_t used = strlen(noted);
    snprintf(noted + used, sizeof noted - used, "%s%s ", what, work->text != NULL ? work->text : "");
}

static void begin_work(struct user *user, struct user_work *work)
{
    static const struct core_store_piece piece = { "", 1, 1000 };
    static const struct core_store_entry entry = { "last", "<query xmlns='jabber:iq:last' seconds='1'/>" };
    note_work("b", work);
    if (does == FINISHES)
        work_finish(user, work);
    if (does == LOADS)
        work_load(user, work, CORE_STORE_ACTIVITY);
    if (does == LOADS_A_PIECE)
        work_load_piece(user, work, CORE_STORE_OFFLINE, &piece);
    if (does == COUNTS)
        work_load_count(user, work, CORE_STORE_OFFLINE);
    if (does == SAVES) {
        assert_true(roster_change_begin(user->roster, &work->change, "nurse@localhost"));
        work->change.item->hidden = false;
        work_save(user, work);
    }
    if (does == STORES)
        work_store(user, work, CORE_STORE_ACTIVITY, &entry, 1);
    if (does == REMOVES)
        work_remove(user, work);
}

static void note_loaded(struct user *user, struct user_work *work, const struct core_store_entry *entries,
                        size_t entry_count)
{
    char what[64];
    snprintf(what, sizeof what, "l%zu%s", entry_count, entry_count > 0 ? entries[0].key : "");
    note_work(what, work);
    work_finish(user, work);
}

static void note_saved(struct user *user, struct user_work *work)
{
    (void)user;
    note_work("s", work);
    if (repeats > 0) {
        repeats--;
        work->again = true;
    }
}

static void note_failed(struct user *user, struct user_work *work, enum user_failure why)
{
    static const char *const names[] = { [USER_NO_ACCOUNT] = "f-account-",
                                         [USER_STORAGE_FAILED] = "f-storage-",
                                         [USER_NO_MEMORY] = "f-memory-",
                                         [USER_BLOCKED] = "f-blocked-" };
    (void)user;
    note_work(names[why], work);
}

static const struct user_work_kind plain = {
    .name = "plain", .begin = begin_work, .loaded = note_loaded, .saved = note_saved, .failed = note_failed
};
static const struct user_work_kind needy = { .name = "needy",
                                             .needs = BOTH_STORES,
                                             .begin = begin_work,
                                             .loaded = note_loaded,
                                             .saved = note_saved,
                                             .failed = note_failed };
static const struct user_work_kind carrying = { .name = "carrying",
                                                .needs = BOTH_STORES,
                                                .carries_messages = true,
                                                .begin = begin_work,
                                                .saved = note_saved,
                                                .failed = note_failed };
static const struct user_work_kind outside = {
    .name = "outside", .needs = BOTH_STORES, .from_outside = true, .begin = begin_work, .failed = note_failed
};

static int set_up(void **state)
{
    (void)state;
    struct core_settings settings = rig_settings();
    settings.features = CORE_BLOCKING;
    rig_begin_with(&settings);
    noted[0] = '\0';
    does = FINISHES;
    repeats = 0;
    rig.prompt = false;
    return 0;
}

/* An account without a session. */
static struct user *account(const char *username)
{
    struct user *user = user_get(rig.core, username, "localhost");
    assert_non_null(user);
    return user;
}

static void begin(struct user *user, const struct user_work_kind *kind, const char *text)
{
    assert_true(work_begin(user, kind, NULL, NULL, text, (union work_subject){ 0 }));
}

static void assert_noted(const char *what)
{
    assert_string_equal(noted, what);
    noted[0] = '\0';
}

/* ---- Required stores ---- */

static void work_begins_when_its_stores_are_loaded(void **state)
{
    (void)state;
    struct user *juliet = account("juliet");
    begin(juliet, &needy, "1");
    assert_int_equal(rig_pending_count(), 2); /* both at once */
    rig_answer();
    assert_noted("");
    rig_answer();
    assert_noted("b1 ");
    assert_int_equal(inspect_counts(rig.core).users_in_memory, 0); /* the cache has it */
    begin(account("juliet"), &needy, "2");
    assert_noted("b2 ");
    assert_int_equal(rig.request_count, 2); /* they stay in memory */
}

static void work_that_needs_nothing_loads_nothing(void **state)
{
    (void)state;
    begin(account("juliet"), &plain, NULL);
    assert_noted("b ");
    assert_int_equal(rig.request_count, 0);
}

/* Of two failed loads "no account" is reported, or else the first failure; each queued piece of work fails,
 * and later work loads again. */
static void work_that_cannot_have_its_stores_fails(void **state)
{
    (void)state;
    static const struct {
        enum core_store_status first, second;
        const char *noted;
    } rows[] = {
        { CORE_STORE_FAILED, CORE_STORED, "f-storage-1 f-storage-2 " },
        { CORE_STORED, CORE_STORE_FAILED, "f-storage-1 f-storage-2 " },
        { CORE_STORE_FAILED, CORE_NO_ACCOUNT, "f-account-1 f-account-2 " },
        { CORE_NO_ACCOUNT, CORE_STORE_FAILED, "f-account-1 f-account-2 " },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t before = rig.request_count;
        begin(account("juliet"), &needy, "1");
        begin(account("juliet"), &needy, "2");
        assert_int_equal(rig.request_count, before + 2);
        rig_answer_with(rig_pending(), rows[i].first);
        assert_noted("");
        rig_answer_with(rig_pending(), rows[i].second);
        assert_noted(rows[i].noted);
        assert_int_equal(inspect_counts(rig.core).users_in_memory, 0);
        core_trim(rig.core); /* the one that was loaded would be kept */
    }
}

static void a_blocked_sender_fails_before_the_work_begins(void **state)
{
    (void)state;
    rig.prompt = true;
    rig_keep_in(CORE_STORE_BLOCKLIST, "juliet@localhost", "romeo@localhost",
                "<item xmlns='urn:xmpp:blocking'/>");
    static const struct {
        const struct user_work_kind *kind;
        const char *xml, *noted;
    } rows[] = {
        { &outside, "<message from='romeo@localhost/orchard'/>", "f-blocked- " },
        { &outside, "<message from='nurse@localhost'/>", "b " },
        { &outside, "<message/>", "b " },
        { &needy, "<message from='romeo@localhost/orchard'/>", "b " },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct user *juliet = account("juliet");
        assert_true(work_begin(juliet, rows[i].kind, NULL, inside_stanza(rows[i].xml), NULL,
                               (union work_subject){ 0 }));
        rig_answer_all();
        assert_noted(rows[i].noted);
    }
}

/* ---- The queue ---- */

static void work_is_done_in_the_order_in_which_it_was_queued(void **state)
{
    (void)state;
    struct user *juliet = account("juliet");
    does = STORES;
    begin(juliet, &plain, "1");
    begin(juliet, &carrying, "2");
    begin(juliet, &plain, "3");
    assert_int_equal(juliet->work_count, 3);
    assert_true(work_carries_messages(juliet));
    assert_noted("b1 ");
    rig_answer();
    assert_noted("s1 "); /* the second needs stores */
    rig_answer();
    rig_answer();
    assert_noted("b2 ");
    rig_fail();
    assert_noted("f-storage-2 b3 ");
    assert_false(work_carries_messages(juliet));
    rig_answer();
    assert_noted("s3 ");
}

static void two_accounts_do_not_wait_for_each_other(void **state)
{
    (void)state;
    does = STORES;
    begin(account("juliet"), &plain, "1");
    begin(account("romeo"), &plain, "2");
    assert_noted("b1 b2 ");
    rig_answer_with(host_oldest(&rig)->next, CORE_STORED);
    assert_noted("s2 ");
    rig_answer();
    assert_noted("s1 ");
}

static void a_session_waits_until_its_work_is_done(void **state)
{
    (void)state;
    rig.prompt = true;
    struct host_link *romeo = rig_online("romeo", "orchard"), *juliet = rig_online("juliet", "balcony");
    struct session *session = inside_session(romeo);
    rig.prompt = false;
    does = STORES;
    assert_true(work_begin(session->user, &plain, session, NULL, "1", (union work_subject){ 0 }));
    begin(session->user, &plain, "2");
    assert_true(session->waiting);
    assert_ptr_equal(session->work->session, session);
    rig_say(romeo, "<message to='juliet@localhost'/>");
    assert_string_equal(rig_take(juliet), "");
    work_hand_over(session, session->user->last_work);
    assert_null(session->user->work->session);
    rig_answer();
    assert_noted("b1 s1 b2 ");
    assert_true(session->waiting);
    rig_answer();
    assert_noted("s2 ");
    assert_false(session->waiting);
    assert_null(session->work);
    rig_assert_has(rig_take(juliet), "<message ");
}

static void work_continues_when_its_session_has_ended(void **state)
{
    (void)state;
    rig.prompt = true;
    struct host_link *romeo = rig_login("romeo", "orchard");
    struct session *session = inside_session(romeo);
    rig.prompt = false;
    does = STORES;
    assert_true(work_begin(session->user, &plain, session, NULL, "1", (union work_subject){ 0 }));
    rig_hangup(romeo);
    rig_answer();
    assert_noted("b1 s1 ");
    assert_int_equal(inspect_counts(rig.core).users_in_memory, 0);
}

#define SET(name)                                                                                            \
    "<iq type='set' id='" name "'><query xmlns='jabber:iq:roster'><item jid='a@b' name='" name               \
    "'/></query></iq>"

static void work_after_a_failed_one_is_done(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "1"), *other = rig_online("romeo", "2");
    rig_take(romeo);
    rig.prompt = false;
    rig_say(romeo, SET("first"));
    rig_say(other, SET("second"));
    rig_fail();
    rig_assert_stanza_error(romeo, "cancel", "internal-server-error");
    rig_answer();
    rig_assert_has(rig_take(other), " name='second'");
    rig_assert_has(rig_take(romeo), " name='second'");
}

/* Two stanzas wait for the roster of an offline account; it is loaded once, and if the load fails, both
 * senders receive errors. */
static void all_stanzas_that_wait_for_a_roster_fail_if_it_cannot_be_loaded(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard"), *mercutio = rig_online("mercutio", "street");
    rig.prompt = false;
    rig_say(romeo, "<presence type='subscribe' to='juliet@localhost'/>");
    rig_say(mercutio, "<presence type='subscribe' to='juliet@localhost'/>");
    rig_answer();
    rig_answer();
    rig_take(romeo);
    rig_take(mercutio);
    assert_int_equal(rig_pending_count(), 1);
    rig_fail();
    rig_assert_stanza_error(romeo, "cancel", "internal-server-error");
    rig_assert_stanza_error(mercutio, "cancel", "internal-server-error");
    assert_int_equal(inspect_counts(rig.core).users_in_memory, 2);
    assert_null(rig_pending());
}

/* Two ask each other at once: neither waits for the other for ever, and both are asked. */
static void two_requests_in_both_directions_at_once_do_not_deadlock(void **state)
{
    (void)state;
    struct host_link *romeo = rig_online("romeo", "orchard"), *juliet = rig_online("juliet", "balcony");
    rig.prompt = false;
    rig_say(romeo, "<presence type='subscribe' to='juliet@localhost'/>");
    rig_say(juliet, "<presence type='subscribe' to='romeo@localhost'/>");
    rig_answer_all();
    assert_false(session_look(rig_session(romeo)).waiting);
    assert_false(session_look(rig_session(juliet)).waiting);
    struct host_link *links[] = { romeo, juliet };
    for (size_t i = 0; i < 2; i++) {
        struct inspect_item item = inspect_roster_item(session_look(rig_session(links[i])).roster, 0);
        assert_true(item.ask);
        assert_true(item.pending_in);
        assert_false(item.hidden);
        rig_assert_has(rig_take(links[i]), " type='subscribe'");
    }
}

/* ---- Loading and saving ---- */

static void other_stores_are_loaded_for_the_work(void **state)
{
    (void)state;
    rig_keep_in(CORE_STORE_ACTIVITY, "juliet@localhost", "last",
                "<query xmlns='jabber:iq:last' seconds='1'/>");
    rig_keep_in(CORE_STORE_OFFLINE, "juliet@localhost", "00000000000000000001", "<message/>");
    rig_keep_in(CORE_STORE_OFFLINE, "juliet@localhost", "00000000000000000002", "<message/>");
    static const struct {
        enum deed does;
        const char *noted;
    } rows[] = {
        { LOADS, "b l1last " },
        { LOADS_A_PIECE, "b l100000000000000000001 " }, /* as many as the piece says */
        { COUNTS, "b l100000000000000000002 " },        /* the greatest key */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        does = rows[i].does;
        begin(account("juliet"), &plain, NULL);
        rig_answer();
        assert_noted(rows[i].noted);
        begin(account("juliet"), &plain, NULL);
        rig_fail();
        assert_noted("b f-storage- ");
        begin(account("juliet"), &plain, NULL);
        rig_answer_with(rig_pending(), CORE_NO_ACCOUNT);
        assert_noted("b f-account- ");
    }
}

/* A change is saved before it is made in memory, together with the version (core.h). */
static void a_change_of_the_roster_is_made_when_it_is_saved(void **state)
{
    (void)state;
    rig.prompt = true;
    struct host_link *link = rig_login("juliet", "balcony");
    struct user *juliet = inside_session(link)->user;
    rig.prompt = false;
    does = SAVES;
    begin(juliet, &needy, "1");
    assert_null(roster_find(juliet->roster, "nurse@localhost"));
    rig_fail();
    assert_noted("b1 f-storage-1 ");
    assert_null(roster_find(juliet->roster, "nurse@localhost"));
    assert_int_equal(inspect_roster_revision(juliet->roster), 0);
    begin(juliet, &needy, "2");
    assert_string_equal(rig_pending()->entries[0].key, "nurse@localhost");
    assert_string_equal(rig_pending()->entries[1].key, "");
    assert_string_equal(rig_pending()->entries[1].value, "<query xmlns='jabber:iq:roster' ver='1'/>");
    rig_answer();
    assert_noted("b2 s2 ");
    assert_non_null(roster_find(juliet->roster, "nurse@localhost"));
    assert_int_equal(inspect_roster_revision(juliet->roster), 1);
}

static void a_removed_account_is_gone(void **state)
{
    (void)state;
    rig.prompt = true;
    struct host_link *link = rig_login("juliet", "balcony");
    struct user *juliet = inside_session(link)->user;
    rig.prompt = false;
    does = REMOVES;
    begin(juliet, &plain, NULL);
    rig_fail();
    assert_false(juliet->gone);
    begin(juliet, &plain, NULL);
    assert_int_equal(rig_pending()->op, CORE_REMOVE);
    rig_answer();
    assert_true(juliet->gone);
    assert_noted("b f-storage- b s ");
}

static void work_may_begin_again(void **state)
{
    (void)state;
    does = STORES;
    repeats = 2;
    struct user *juliet = account("juliet");
    begin(juliet, &plain, "1");
    begin(juliet, &plain, "2");
    for (int i = 0; i < 4; i++)
        rig_answer();
    assert_noted("b1 s1 b1 s1 b1 s1 b2 s2 ");
}

/* ---- Without memory ---- */

static void work_that_cannot_be_queued_is_not_begun(void **state)
{
    (void)state;
    struct stanza *stanza = inside_stanza("<message/>");
    struct user *juliet = account("juliet");
    for (size_t nth = 1; nth <= 2; nth++) { /* the work, and its text */
        struct stanza *copy = stanza_copy(&rig_memory, stanza->root);
        rig.memory.fail_at = rig.memory.allocations + nth;
        assert_false(work_begin(juliet, &plain, NULL, copy, "text", (union work_subject){ 0 }));
        assert_noted("");
        juliet = account("juliet"); /* it was released */
    }
    stanza_free(stanza);
    begin(juliet, &plain, NULL);
    assert_noted("b ");
}

/* Each allocation but that of the work itself: it fails for want of memory, or is done. */
static void every_allocation_of_a_load_or_a_save_may_fail(void **state)
{
    (void)state;
    for (enum deed what = LOADS; what <= REMOVES; what++) {
        size_t nth = 1, needed = 0;
        do {
            does = what == SAVES ? STORES : what;
            struct user *juliet = account("juliet");
            begin(juliet, &needy, "loads");
            rig_answer_all();
            noted[0] = '\0';
            juliet = account("juliet");
            size_t before = rig.memory.allocations;
            rig.memory.fail_at = before + ++nth;
            begin(juliet, &plain, NULL);
            rig_answer_all();
            needed = rig.memory.allocations - before;
            rig.memory.fail_at = 0;
            assert_int_equal(strncmp(noted, "b ", 2), 0);
            assert_int_equal(strcmp(noted, "b f-memory- ") == 0, nth <= needed);
            noted[0] = '\0';
        } while (nth <= needed);
    }
}

/* RFC 6120, 8.3.3.18 and 8.3.3.6. */
static void an_error_says_why_the_work_failed(void **state)
{
    (void)state;
    struct stanza_error error = work_error(USER_NO_MEMORY, "text");
    assert_string_equal(error.type, "wait");
    assert_string_equal(error.condition, "resource-constraint");
    assert_string_equal(error.text, "text");
    error = work_error(USER_STORAGE_FAILED, NULL);
    assert_string_equal(error.type, "cancel");
    assert_string_equal(error.condition, "internal-server-error");
    assert_null(error.text);
}

#define TEST(test) RIG_TEST_FROM(test, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(work_begins_when_its_stores_are_loaded),
        TEST(work_that_needs_nothing_loads_nothing),
        TEST(work_that_cannot_have_its_stores_fails),
        TEST(a_blocked_sender_fails_before_the_work_begins),
        TEST(work_is_done_in_the_order_in_which_it_was_queued),
        TEST(two_accounts_do_not_wait_for_each_other),
        TEST(a_session_waits_until_its_work_is_done),
        TEST(work_continues_when_its_session_has_ended),
        RIG_TEST(work_after_a_failed_one_is_done),
        RIG_TEST(all_stanzas_that_wait_for_a_roster_fail_if_it_cannot_be_loaded),
        RIG_TEST(two_requests_in_both_directions_at_once_do_not_deadlock),
        TEST(other_stores_are_loaded_for_the_work),
        TEST(a_change_of_the_roster_is_made_when_it_is_saved),
        TEST(a_removed_account_is_gone),
        TEST(work_may_begin_again),
        TEST(work_that_cannot_be_queued_is_not_begun),
        TEST(every_allocation_of_a_load_or_a_save_may_fail),
        TEST(an_error_says_why_the_work_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
