/* Accounts that stay in memory for a while (cache.h), through core.h: loads are counted at the port. */
#include "rig.h"

static void begin_with(size_t accounts, size_t bytes, uint64_t time)
{
    struct core_settings settings = rig_settings();
    settings.limits.cached_accounts = accounts;
    settings.limits.cached_bytes = bytes;
    settings.limits.cache_time = time;
    rig_begin_routed_with(&settings);
}

static int set_up(void **state)
{
    (void)state;
    begin_with(3, 100000, 60 * RIG_SECOND);
    return 0;
}

static size_t asked_of(const char *owner, enum core_store store, enum core_store_op op)
{
    size_t count = 0;
    for (size_t i = 0; i < rig.request_count; i++)
        count += rig.requests[i]->op == op && rig.requests[i]->store == store &&
                 strcmp(rig.requests[i]->owner, owner) == 0;
    return count;
}

static size_t loads_of(const char *owner, enum core_store store)
{
    return asked_of(owner, store, CORE_LOAD);
}

/* How often the account has been loaded; its roster and its block list always are together. */
static size_t loads(const char *username)
{
    char owner[64];
    snprintf(owner, sizeof owner, "%s@localhost", username);
    size_t count = loads_of(owner, CORE_STORE_ROSTER);
    assert_int_equal(loads_of(owner, CORE_STORE_BLOCKLIST), count);
    return count;
}

static void probe(const char *username)
{
    char xml[256];
    snprintf(xml, sizeof xml, "<presence type='probe' from='tybalt@capulet.lit' to='%s@localhost'/>",
             username);
    rig_arrive("capulet.lit", xml);
}

/* The answer to a probe: a stanza of that type (RFC 6121, 4.3.2). */
static void assert_answer(const char *username, const char *type)
{
    size_t before = rig.routed_count;
    probe(username);
    assert_int_equal(rig.routed_count, before + 1);
    char attribute[64];
    snprintf(attribute, sizeof attribute, " type='%s'", type);
    rig_assert_has(rig.routed[before].stanza, attribute);
}

static void message(const char *username)
{
    char xml[256];
    snprintf(xml, sizeof xml,
             "<message type='chat' from='tybalt@capulet.lit' to='%s@localhost'><body/></message>", username);
    rig_arrive("capulet.lit", xml);
}

/* ---- Loads that it saves ---- */

static void an_account_that_is_away_is_loaded_once_for_many_probes(void **state)
{
    (void)state;
    rig_keep_item("juliet@localhost", "tybalt@capulet.lit", "from");
    for (int i = 0; i < 10; i++)
        assert_answer("juliet", "unavailable");
    assert_int_equal(loads("juliet"), 1);
    struct inspect_counts counts = inspect_counts(rig.core);
    assert_int_equal(counts.users_in_memory, 0);
    assert_int_equal(counts.cached_accounts, 1);
    const struct user *cached = inspect_first_cached(rig.core);
    assert_string_equal(inspect_cached(cached).username, "juliet");
    assert_string_equal(inspect_cached(cached).host, "localhost");
    assert_int_equal(inspect_roster_size(inspect_cached(cached).roster), 1);
    assert_null(inspect_next_cached(cached));
}

static void messages_that_are_kept_are_counted_once(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++)
        message("juliet");
    assert_int_equal(asked_of("juliet@localhost", CORE_STORE_OFFLINE, CORE_COUNT), 1);
    assert_int_equal(loads_of("juliet@localhost", CORE_STORE_OFFLINE), 0);
    assert_int_equal(loads_of("juliet@localhost", CORE_STORE_BLOCKLIST), 1);
    assert_int_equal(rig_kept_count(CORE_STORE_OFFLINE, "juliet@localhost"), 5);
    /* Her roster was not needed, and is loaded when it is. */
    probe("juliet");
    assert_int_equal(loads("juliet"), 1);
}

static void a_change_is_in_the_cache_as_in_storage(void **state)
{
    (void)state;
    rig_keep_item("juliet@localhost", "tybalt@capulet.lit", "from");
    assert_answer("juliet", "unavailable");
    rig_arrive("capulet.lit",
               "<presence type='unsubscribe' from='tybalt@capulet.lit' to='juliet@localhost'/>");
    rig_assert_lacks(rig_kept_find(CORE_STORE_ROSTER, "juliet@localhost", "tybalt@capulet.lit")->value,
                     "'from'");
    assert_answer("juliet", "unsubscribed");
    assert_int_equal(loads("juliet"), 1);
}

static void a_change_that_is_not_stored_is_not_in_the_cache(void **state)
{
    (void)state;
    rig_keep_item("juliet@localhost", "tybalt@capulet.lit", "from");
    assert_answer("juliet", "unavailable");
    rig.prompt = false;
    rig_arrive("capulet.lit",
               "<presence type='unsubscribe' from='tybalt@capulet.lit' to='juliet@localhost'/>");
    rig_fail();
    rig.prompt = true;
    assert_answer("juliet", "unavailable");
}

/* ---- Its bounds ---- */

static void the_account_that_was_used_longest_ago_makes_room(void **state)
{
    (void)state;
    probe("a");
    probe("b");
    probe("c");
    probe("a");
    probe("d"); /* for which b is removed */
    assert_int_equal(inspect_counts(rig.core).cached_accounts, 3);
    probe("a");
    probe("c");
    probe("d");
    assert_int_equal(loads("a") + loads("c") + loads("d"), 3);
    probe("b");
    assert_int_equal(loads("b"), 2);
}

static void without_a_cache_all_is_loaded_each_time(void **state)
{
    static const struct {
        size_t accounts, bytes;
    } rows[] = { { 0, 100000 }, { 3, 0 } };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        begin_with(rows[i].accounts, rows[i].bytes, 60 * RIG_SECOND);
        probe("juliet");
        probe("juliet");
        assert_int_equal(loads("juliet"), 2);
        assert_int_equal(inspect_counts(rig.core).cached_accounts, 0);
        rig_end();
    }
}

/* Three accounts are probed, the second of which has something in its stores. */
static void probe_three(void)
{
    char item[1200];
    snprintf(
        item, sizeof item,
        "<item xmlns='jabber:iq:roster' jid='nurse@localhost' name='%01000d'><group>Servants</group></item>",
        0);
    rig_keep("b@localhost", "nurse@localhost", item);
    rig_keep_in(CORE_STORE_BLOCKLIST, "b@localhost", "paris@localhost", "<item xmlns='urn:xmpp:blocking'/>");
    probe("a");
    probe("b");
    probe("c");
}

static void bytes_are_bounded_as_well_as_accounts(void **state)
{
    (void)state;
    begin_with(SIZE_MAX, SIZE_MAX, 0);
    probe_three();
    size_t all = inspect_counts(rig.core).cached_bytes;
    rig_end();
    for (size_t missing = 0; missing < 2; missing++) {
        begin_with(SIZE_MAX, all - missing, 0);
        probe_three();
        assert_int_equal(inspect_counts(rig.core).cached_accounts, 3 - missing);
        rig_end();
    }
}

static void what_is_larger_than_the_cache_is_not_kept_and_costs_no_other_its_place(void **state)
{
    (void)state;
    begin_with(SIZE_MAX, SIZE_MAX, 0);
    probe("a");
    size_t one = inspect_counts(rig.core).cached_bytes;
    rig_end();
    begin_with(SIZE_MAX, 2 * one, 0);
    probe_three();
    assert_string_equal(inspect_cached(inspect_first_cached(rig.core)).username, "a");
    probe("a");
    probe("c");
    assert_int_equal(loads("a") + loads("c"), 2);
    probe("b");
    assert_int_equal(loads("b"), 2);
    rig_end();
}

/* A name, a group, a request and a blocked JID each count with their bytes. */
static void all_that_is_loaded_counts(void **state)
{
    static const char head[] = "<item xmlns='jabber:iq:roster' jid='n@b' ";
    static const struct {
        enum core_store store;
        const char *key, *value;
        size_t least; /* bytes of text */
    } rows[] = {
        { CORE_STORE_ROSTER, "n@b", "name='0123456789'/>", sizeof "n@b0123456789" - 1 },
        { CORE_STORE_ROSTER, "n@b", "><group>01234567</group></item>", sizeof "n@b01234567" - 1 },
        { CORE_STORE_ROSTER, "n@b",
          "hidden='true'><presence xmlns='jabber:client' "
          "type='subscribe'><status>01</status></presence></item>",
          sizeof "n@b<presence type='subscribe'><status>01</status></presence>" - 1 },
        { CORE_STORE_BLOCKLIST, "paris@localhost", NULL, sizeof "paris@localhost" - 1 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char value[256] = "<item xmlns='urn:xmpp:blocking'/>";
        if (rows[i].value != NULL)
            snprintf(value, sizeof value, "%s%s", head, rows[i].value);
        begin_with(SIZE_MAX, SIZE_MAX, 0);
        probe("a");
        size_t bare = inspect_counts(rig.core).cached_bytes;
        rig_keep_in(rows[i].store, "b@localhost", rows[i].key, value);
        probe("b");
        assert_in_range(inspect_counts(rig.core).cached_bytes - 2 * bare, rows[i].least, rows[i].least + 200);
        rig_end();
    }
}

/* ---- Its time ---- */

static void what_was_loaded_is_used_for_cache_time(void **state)
{
    (void)state;
    probe("juliet");
    rig.now += 60 * RIG_SECOND - 1;
    probe("juliet");
    assert_int_equal(loads("juliet"), 1);
    rig.now += 1; /* that it was used makes no difference */
    probe("juliet");
    assert_int_equal(loads("juliet"), 2);
    rig.now -= 10 * RIG_SECOND; /* a clock that was set back says nothing about age */
    probe("juliet");
    assert_int_equal(loads("juliet"), 3);
}

static void without_a_time_it_is_used_for_ever(void **state)
{
    (void)state;
    begin_with(3, 100000, 0);
    probe("juliet");
    rig.now += 1000000 * RIG_SECOND;
    probe("juliet");
    assert_int_equal(loads("juliet"), 1);
    rig_end();
}

static void what_is_too_old_goes_when_others_come(void **state)
{
    (void)state;
    probe("a");
    rig.now += 60 * RIG_SECOND;
    probe("b");
    assert_int_equal(inspect_counts(rig.core).cached_accounts, 1);
    assert_string_equal(inspect_cached(inspect_first_cached(rig.core)).username, "b");
}

static void an_account_that_its_session_left_stays_for_as_long(void **state)
{
    (void)state;
    struct host_link *juliet = rig_online("juliet", "balcony");
    rig.now += 100 * RIG_SECOND;
    rig_hangup(juliet);
    rig.now += 60 * RIG_SECOND - 1;
    probe("juliet");
    assert_int_equal(loads("juliet"), 1);
    rig.now++;
    probe("juliet");
    assert_int_equal(loads("juliet"), 2);
}

/* ---- Current contents of storage ---- */

/* core.h: "A login gets what is stored then" */
static void a_login_gets_what_the_host_has_stored_meanwhile(void **state)
{
    (void)state;
    probe("juliet");
    rig_keep_item("juliet@localhost", "nurse@localhost", "both");
    const struct host_link *juliet = rig_login("juliet", "balcony");
    assert_int_equal(inspect_roster_size(session_look(rig_session(juliet)).roster), 1);
    assert_int_equal(loads("juliet"), 2);
    assert_int_equal(inspect_counts(rig.core).cached_accounts, 0);
}

static void what_is_connected_is_not_in_the_cache(void **state)
{
    (void)state;
    const struct host_link *juliet = rig_online("juliet", "balcony");
    probe("juliet");
    assert_int_equal(inspect_counts(rig.core).cached_accounts, 0);
    assert_int_equal(inspect_counts(rig.core).users_in_memory, 1);
    assert_non_null(juliet->conn);
    assert_int_equal(loads("juliet"), 1);
}

/* A block that was made while the account was connected holds when it is offline. */
static void a_blocked_contact_receives_nothing(void **state)
{
    (void)state;
    rig_keep_item("juliet@localhost", "tybalt@capulet.lit", "from");
    struct host_link *juliet = rig_online("juliet", "balcony");
    rig_say(juliet,
            "<iq type='set' id='b'><block xmlns='urn:xmpp:blocking'><item jid='capulet.lit'/></block></iq>");
    rig_hangup(juliet);
    size_t before = rig.routed_count;
    probe("juliet");
    assert_int_equal(rig.routed_count, before);
    assert_int_equal(loads("juliet"), 1);
}

static void no_account_is_not_kept(void **state)
{
    (void)state;
    assert_answer("nobody", "unsubscribed");
    assert_int_equal(inspect_counts(rig.core).cached_accounts, 0);
    assert_answer("nobody", "unsubscribed");
    assert_int_equal(loads("nobody"), 2);
}

static void what_could_not_be_loaded_is_loaded_again(void **state)
{
    (void)state;
    rig_keep_item("juliet@localhost", "tybalt@capulet.lit", "from");
    rig.prompt = false;
    probe("juliet");
    rig_fail();
    rig_fail();
    assert_int_equal(inspect_counts(rig.core).cached_accounts, 0);
    rig.prompt = true;
    assert_answer("juliet", "unavailable");
    assert_int_equal(loads("juliet"), 2);
}

/* XEP-0077, 3.2: the account is removed, and so is its cached data. */
static void an_account_that_was_removed_is_not_kept(void **state)
{
    (void)state;
    rig_keep_item("juliet@localhost", "nurse@localhost", "none");
    const struct host_link *juliet = rig_login("juliet", "balcony");
    rig_say(juliet, "<iq type='set' id='r'><query xmlns='jabber:iq:register'><remove/></query></iq>");
    assert_null(juliet->conn);
    assert_int_equal(inspect_counts(rig.core).cached_accounts, 0);
    probe("juliet");
    assert_int_equal(loads("juliet"), 2);
}

static void an_account_whose_removal_failed_is_kept(void **state)
{
    (void)state;
    struct host_link *juliet = rig_login("juliet", "balcony");
    rig.prompt = false;
    rig_say(juliet, "<iq type='set' id='r'><query xmlns='jabber:iq:register'><remove/></query></iq>");
    rig_fail();
    rig_hangup(juliet);
    assert_int_equal(inspect_counts(rig.core).cached_accounts, 1);
}

/* Whichever store says so: the host has removed the account by itself. */
static void an_account_that_storage_knows_no_more_is_not_kept(void **state)
{
    (void)state;
    probe("juliet");
    rig.prompt = false;
    message("juliet");
    assert_int_equal(rig_pending()->store, CORE_STORE_OFFLINE);
    rig_answer_with(rig_pending(), CORE_NO_ACCOUNT);
    assert_int_equal(inspect_counts(rig.core).cached_accounts, 0);
    probe("juliet");
    assert_int_equal(rig_pending_count(), 2);
    rig_answer(); /* the roster is there, the block list is not */
    rig_answer_with(rig_pending(), CORE_NO_ACCOUNT);
    assert_int_equal(inspect_counts(rig.core).cached_accounts, 0);
}

static void a_guest_is_not_kept(void **state)
{
    static const char *const guests[] = { "guests.example" };
    (void)state;
    struct core_settings settings = rig_settings();
    settings.anonymous_hosts = guests;
    settings.anonymous_host_count = 1;
    rig_begin_routed_with(&settings);
    struct host_link *guest = rig_accept();
    static const char header[] = "<stream:stream to='guests.example' version='1.0' xmlns='jabber:client' "
                                 "xmlns:stream='http://etherx.jabber.org/streams'>";
    rig_say(guest, header);
    rig_say(guest, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>");
    rig_say(guest, header);
    rig_bind(guest, "r");
    assert_int_equal(session_look(rig_session(guest)).type, SESSION_C2S);
    rig_hangup(guest);
    assert_int_equal(inspect_counts(rig.core).cached_accounts, 0);
    rig_end();
}

/* ---- When memory is short ---- */

static void the_host_may_have_all_of_it_back(void **state)
{
    (void)state;
    size_t before = rig.memory.live;
    probe("juliet");
    probe("romeo");
    core_trim(rig.core);
    assert_int_equal(inspect_counts(rig.core).cached_accounts, 0);
    assert_int_equal(inspect_counts(rig.core).cached_bytes, 0);
    assert_true(rig.memory.live <= before + 1); /* the table's own */
    probe("juliet");
    assert_int_equal(loads("juliet"), 2);
}

/* Every allocation for loading and answering for an account fails once: if the cache is freed for it,
 * everything continues.  Otherwise only the stanza fails, and no account is removed from the cache. */
static void the_core_gives_it_up_to_load_others(void **state)
{
    (void)state;
    size_t given_up = 0, nth = 0, needed = 0;
    do {
        set_up(NULL);
        rig_keep_item("juliet@localhost", "tybalt@capulet.lit", "from");
        rig_keep_in(CORE_STORE_BLOCKLIST, "juliet@localhost", "paris@localhost",
                    "<item xmlns='urn:xmpp:blocking'/>");
        probe("romeo");
        size_t before = rig.routed_count;
        rig.memory.allocations = 0;
        rig.memory.fail_at = ++nth;
        probe("juliet");
        needed = rig.memory.allocations;
        rig.memory.fail_at = 0;
        bool is_there = loads("romeo") == 1 && (probe("romeo"), loads("romeo") == 1);
        if (!is_there) {
            given_up++;
            rig_assert_has(rig.routed[before].stanza, " type='unavailable'");
        }
        rig_end();
    } while (nth <= needed);
    assert_true(given_up >= 10);
}

/* ---- As text ---- */

static void its_order_is_described(void **state)
{
    (void)state;
    probe("a");
    probe("b");
    probe("a");
    char *text = inspect_describe(rig.core, &rig_memory);
    const char *b = strstr(text, "account `b@localhost`: in the cache, since now\n");
    const char *a = strstr(text, "account `a@localhost`: in the cache, since now\n");
    assert_true(b != NULL && a != NULL && b < a);
    rig_memory.free(text);
}

#define TEST(test) RIG_TEST_FROM(test, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_account_that_is_away_is_loaded_once_for_many_probes),
        TEST(messages_that_are_kept_are_counted_once),
        TEST(a_change_is_in_the_cache_as_in_storage),
        TEST(a_change_that_is_not_stored_is_not_in_the_cache),
        TEST(the_account_that_was_used_longest_ago_makes_room),
        cmocka_unit_test(without_a_cache_all_is_loaded_each_time),
        cmocka_unit_test(bytes_are_bounded_as_well_as_accounts),
        cmocka_unit_test(what_is_larger_than_the_cache_is_not_kept_and_costs_no_other_its_place),
        cmocka_unit_test(all_that_is_loaded_counts),
        TEST(what_was_loaded_is_used_for_cache_time),
        cmocka_unit_test(without_a_time_it_is_used_for_ever),
        TEST(what_is_too_old_goes_when_others_come),
        TEST(an_account_that_its_session_left_stays_for_as_long),
        TEST(a_login_gets_what_the_host_has_stored_meanwhile),
        TEST(what_is_connected_is_not_in_the_cache),
        TEST(a_blocked_contact_receives_nothing),
        TEST(no_account_is_not_kept),
        TEST(what_could_not_be_loaded_is_loaded_again),
        TEST(an_account_that_was_removed_is_not_kept),
        TEST(an_account_whose_removal_failed_is_kept),
        TEST(an_account_that_storage_knows_no_more_is_not_kept),
        cmocka_unit_test(a_guest_is_not_kept),
        TEST(the_host_may_have_all_of_it_back),
        cmocka_unit_test(the_core_gives_it_up_to_load_others),
        TEST(its_order_is_described),
    };
    rig_use(&(struct rig_options){ .features = CORE_BLOCKING | CORE_OFFLINE });
    return cmocka_run_group_tests(tests, NULL, NULL);
}
