/* Accounts: their names, their sessions, whom they may have blocked. */
#include "../model/account_facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct address address(const char *jid)
{
    return address_split((struct span){ jid, strlen(jid) });
}

static uint64_t hash(const char *jid)
{
    const struct address split = address(jid);
    return account_hash(&split);
}

/* RFC 7622, 3.2 and 3.3: case is mapped, a final dot is stripped. */
static void accounts_are_told_apart(void **state)
{
    (void)state;
    assert_true(hash("romeo@localhost") != 0);
    assert_true(hash("romeo@localhost") == hash("Romeo@LOCALHOST./orchard"));
    assert_true(hash("romeo@localhost") != hash("romeo@localhos"));
    assert_true(hash("romeo@localhost") != hash("rome@olocalhost"));
    assert_int_equal(hash("localhost"), 0);
    assert_int_equal(hash("juli\xC3\xABt@localhost"), 0);
    assert_int_equal(hash("juli&#101;t@localhost"), 0);
}

static struct session_facts *named(struct accounts *accounts, const char *full_jid)
{
    struct session_facts *session = session_facts_new();
    session_facts_name(session, full_jid);
    account_named(accounts, session);
    return session;
}

static void gone(struct session_facts *session)
{
    account_ended(session);
    session_facts_free(session);
}

static void an_account_is_known_by_its_sessions(void **state)
{
    (void)state;
    struct accounts accounts = { 0 };
    assert_null(account_find(&accounts, hash("romeo@localhost")));
    assert_false(account_has_session(&accounts, hash("romeo@localhost")));
    struct session_facts *sessions[20];
    for (int i = 0; i < 20; i++)
        sessions[i] = named(&accounts, "romeo@localhost/orchard");
    struct account_facts *account = account_find(&accounts, hash("romeo@localhost"));
    assert_ptr_equal(sessions[19]->account, account);
    assert_int_equal(account->session_count, 20);
    account->is_known = false;
    assert_true(account_has_session(&accounts, hash("romeo@localhost")));
    account->is_known = true;
    for (int i = 0; i < 20; i++)
        gone(sessions[i]);
    assert_int_equal(account->session_count, 0);
    assert_false(account_has_session(&accounts, hash("romeo@localhost")));
    assert_ptr_equal(account_find(&accounts, hash("romeo@localhost")), account);
    account->is_known = false;
    assert_null(account_find(&accounts, hash("romeo@localhost")));
    struct session_facts *unnamed = named(&accounts, "juli\xC3\xABt@localhost/balcony");
    assert_null(unnamed->account);
    gone(unnamed);
    accounts_forget(&accounts);
}

/* XEP-0191, 6: a full JID, a bare one, and both kinds of domain. */
static void a_jid_may_be_blocked(void **state)
{
    (void)state;
    struct accounts accounts = { 0 };
    struct session_facts *session = named(&accounts, "romeo@localhost/orchard");
    const struct address juliet = address("juliet@capulet.lit/balcony");
    assert_false(account_may_block(session->account, &juliet));
    static const char *const others[] = { "juliet@capulet.lit/garden", "nurse@capulet.lit", "capulet.li",
                                          "capulet.lit/garden", "t@capulet.lit" };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        account_blocks(session->account, others[i]);
    assert_false(account_may_block(session->account, &juliet));
    static const char *const patterns[] = { "juliet@capulet.lit/balcony", "juliet@capulet.lit",
                                            "CAPULET.LIT.", "capulet.lit/balcony",
                                            "j\xC3\xBCliet@capulet.lit" };
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        account_blocks(session->account, patterns[i]);
        assert_true(account_may_block(session->account, &juliet));
        free(session->account->blocked[--session->account->blocked_count]);
    }
    gone(session);
    accounts_forget(&accounts);
}

/* A server without a disk is not asked what it was provided with. */
static void what_is_provided_as_blocked_is_blocked(void **state)
{
    struct accounts accounts = { 0 };
    const struct address tybalt = address("tybalt@localhost/square");
    const struct address nurse = address("nurse@localhost");
    (void)state;
    account_provided(&accounts, hash("romeo@localhost"), "tybalt@localhost");
    account_provided(&accounts, 0, "nurse@localhost");
    assert_null(account_find(&accounts, hash("romeo@localhost")));
    struct session_facts *session = named(&accounts, "romeo@localhost/orchard");
    const struct account_facts *account = account_find(&accounts, hash("romeo@localhost"));
    assert_non_null(account);
    assert_true(account_may_block(account, &tybalt));
    assert_false(account_may_block(account, &nurse));
    gone(session);
    accounts_forget(&accounts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accounts_are_told_apart),
        cmocka_unit_test(what_is_provided_as_blocked_is_blocked),
        cmocka_unit_test(an_account_is_known_by_its_sessions),
        cmocka_unit_test(a_jid_may_be_blocked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
